"""Tables in the Department's layout of councils whose true numbers are known.

The councils, their sizes of the first year and which cells are hidden are those of the published
tables; what the other cells say is simulated.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.published.estimates import Posts, posts_histories
from sim.published.figure import read_mark
from sim.published.fixed import fixed
from sim.published.reading import Row
from sim.published.recipe import Sizes, national_years, staff_and_posts
from sim.published.record import Record
from sim.published.tables import WORKFORCE
from tests.published.invented import Line, council, england
from tests.published.invented import record as record_of

Array = np.ndarray[tuple[Any, ...], np.dtype[np.float64]]
Codes = tuple[str, ...]
COLUMNS = ("inpost_fte", "vacancy_fte", "starters_fte", "leavers_fte")
_NOTHING = np.full(len(COLUMNS), np.nan)


@dataclass(frozen=True)
class Truth:
    """What is true of all councils of one simulated table.

    Attributes:
        leaving, joining: England's median yearly rates.
        between, within: variances of their logarithms, between councils and from year to year.
        growth: England's yearly growth of posts.
        posts_scale: of a council's own yearly change of posts, a t of four degrees.
        usual_vacancy_rate: share of posts.
    """

    leaving: float = 0.15
    joining: float = 0.165
    between: float = 0.045
    within: float = 0.065
    growth: float = 0.03
    posts_scale: float = 0.068
    usual_vacancy_rate: float = 0.143

    @property
    def expected(self) -> float:
        """The rate expected of a year over that of its logarithm's level."""
        return math.exp((self.within + float(fixed().national_sd) ** 2) / 2)


@dataclass(frozen=True)
class Simulated:
    """A simulated table, read as a published one is.

    Attributes:
        record: what the reader makes of it.
        leaving, joining: by codes, the rates a year that are expected of each council.
    """

    record: Record
    leaving: Mapping[Codes, float]
    joining: Mapping[Codes, float]


def first_sizes(published: Record) -> dict[Codes, Posts]:
    """Staff and vacancies of the councils of the last year, from their first year with both."""
    last = published.years()[-1]
    return {
        one.codes: own[min(own)] for one, own in posts_histories(published, last).items() if own
    }


def by_recipe(published: Record, truth: Truth, seed: int) -> Simulated:
    """All councils by the yearly recipe, one year after another from their first sizes."""
    random = np.random.default_rng(seed)
    sizes, years = first_sizes(published), len(published.years())
    count = len(sizes)
    staff = np.array([each.staff for each in sizes.values()])
    posts = np.array([each.all for each in sizes.values()])
    leaving, joining = (
        math.log(rate) + math.sqrt(truth.between) * random.standard_normal(count)
        for rate in (truth.leaving, truth.joining)
    )
    sd = math.sqrt(truth.within)
    how = Sizes(leaving, joining, sd, sd, np.full(count, truth.growth), truth.posts_scale,
                truth.usual_vacancy_rate, fixed())  # fmt: skip
    nation = [
        fixed().national_sd * np.tile(national_years(random, 1, years), (count, 1))
        for _ in range(2)
    ]
    staff, posts, left, came = staff_and_posts(how, staff, posts, nation, random)
    table = np.stack([staff, posts - staff, came, left], axis=1)
    return Simulated(
        written(published, dict(zip(sizes, table, strict=True))),
        dict(zip(sizes, truth.expected * np.exp(leaving), strict=True)),
        dict(zip(sizes, truth.expected * np.exp(joining), strict=True)),
    )


def written(published: Record, tables: Mapping[Codes, Array]) -> Record:
    """Simulated figures in the published layout, read back by the reader.

    Args:
        published: whose rows and hidden cells are kept.
        tables: by codes, figures in the order of COLUMNS, shape (columns, years); nan in a year
            that was not simulated, which has no row.
    """
    return record_of(*lines_of(published, tables), until=published.years()[-1])


def lines_of(published: Record, tables: Mapping[Codes, Array]) -> Iterator[Line]:
    """A line for each published row of a council that was simulated, and England's."""
    for place, year in enumerate(published.years()):
        total = np.zeros(2)
        for row in published.rows(WORKFORCE, year):
            figures = np.round(tables[row.codes][:, place], 1) if row.codes in tables else _NOTHING
            if not np.isnan(figures).any():
                total += figures[:2]
                yield _line(row, figures)
        if total.any():
            staff, vacant = (round(each) for each in total)
            yield england(year, inpost_fte=staff, vacancy_fte=vacant)


def _line(row: Row, figures: Array) -> Line:
    cells = {
        name: row.cells[name] if read_mark(row.cells[name]) else f"{figure:.1f}"
        for name, figure in zip(COLUMNS, figures, strict=True)
    }
    return council(row.year, " / ".join(row.codes), row.name, row.region,
                   " / ".join(row.long_codes), **cells)  # fmt: skip
