"""What a back-test of all councils scores, on what scale, and what was published of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from sim.engine.records import Array
from sim.published.estimates import FEWEST_STAFF
from sim.published.record import Council, Record


class ScoredOn(StrEnum):
    """On what scale a figure is scored, so that every council counts alike."""

    LOG = "natural logarithm"
    STAFF = "share of staff in post at the same census"
    ITSELF = "as published"


@dataclass(frozen=True)
class Scored:
    """One indicator.

    Attributes:
        name: the published column.
        label: name in charts.
        scale: on what scale it is scored.
        decimals: with how many it is printed; rates as shares.
        highest: the greatest value that it can have.
        mark: by what share of its CRPS it should be better than last year's figure.
    """

    name: str
    label: str
    scale: ScoredOn
    decimals: int
    highest: float
    mark: float

    def printed(self, values: Array) -> Array:
        """Values as they would be printed."""
        found: Array = np.round(values, self.decimals)
        return found

    def scaled(self, values: Array, staff: Array) -> Array:
        """Values on the scale on which they are scored.

        Args:
            values: as printed.
            staff: in post at the same census, FTE as printed.
        """
        if self.scale is ScoredOn.LOG:
            return np.log(np.maximum(values, 10.0**-self.decimals))
        return values / staff if self.scale is ScoredOn.STAFF else values

    def within_bounds(self, scaled: Array) -> Array:
        """A rival's draws, none of them where no figure can be."""
        return scaled if self.scale is ScoredOn.LOG else np.clip(scaled, 0.0, self.highest)


_RATE = (3, 1.0)
_COUNT = (1, math.inf)
SCORED = (
    Scored("inpost_fte", "Social workers in post", ScoredOn.LOG, *_COUNT, 0.05),
    Scored("turnover_rate_fte", "Turnover", ScoredOn.ITSELF, 3, math.inf, 0.15),
    Scored("starters_fte", "Starters", ScoredOn.STAFF, *_COUNT, 0.15),
    Scored("vacancy_rate_fte", "Vacancy rate", ScoredOn.ITSELF, *_RATE, 0.04),
    Scored("agency_rate_fte", "Agency rate", ScoredOn.ITSELF, *_RATE, 0.04),
    Scored("vacancy_agency_cover_rate_fte", "Share of vacancies covered", ScoredOn.ITSELF,
           *_RATE, 0.07),
    Scored("caseload_fte", "Caseload", ScoredOn.ITSELF, *_COUNT, 0.06),
)  # fmt: skip
"""Everything that is scored, with the marks that were set before the runs."""
IN_POST = SCORED[0]


@dataclass(frozen=True)
class Panel:
    """Published figures of councils by year.

    Attributes:
        councils: as they stand in the start year.
        years: in order, without gaps.
        values: by column, shape (councils, years); rates as shares, nan where there is no figure.
    """

    councils: tuple[Council, ...]
    years: tuple[int, ...]
    values: dict[str, Array]

    def at(self, column: str, year: int) -> Array:
        """A column in a year, by council; nan in a year without a table."""
        if year not in self.years:
            return np.full(len(self.councils), np.nan)
        found: Array = self.values[column][:, self.years.index(year)]
        return found

    def scaled(self, scored: Scored, year: int) -> Array:
        """An indicator in a year on the scale on which it is scored, by council."""
        return scored.scaled(self.at(scored.name, year), self.at(IN_POST.name, year))

    def up_to(self, year: int) -> Panel:
        """The same without anything after a year."""
        years = tuple(each for each in self.years if each <= year)
        values = {name: column[:, : len(years)] for name, column in self.values.items()}
        return Panel(self.councils, years, values)


def panel_of(record: Record, councils: Sequence[Council], until: int) -> Panel:
    """What is published of councils in every year up to one, on the ground that they have.

    Where a council was split or joined, the figures of the same ground count; where there are
    none, where a figure is suppressed, or where fewer staff are in post than a rate can
    describe, there is no figure: none is guessed.
    """
    years = tuple(range(min(record.years()), until + 1))
    values = {
        each.name: each.printed(
            np.array([[_value(record, c, each.name, y) for y in years] for c in councils])
        )
        for each in SCORED
    }
    too_small = ~(values[IN_POST.name] >= FEWEST_STAFF)
    return Panel(
        tuple(councils),
        years,
        {name: np.where(too_small, np.nan, column) for name, column in values.items()},
    )


def _value(record: Record, council: Council, column: str, year: int) -> float:
    value = record.figure(council, column, year).value
    if value is None:
        return math.nan
    return value / 100 if "_rate_" in column else value
