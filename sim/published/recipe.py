"""A council's staff in whole years, as the record has them move: reference for the engine.

One step a year from published totals, without posts, people or teams. The formulas and sizes are
those of docs/calibration.md; levels, spreads and growth are estimated on the record up to a year.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.published.agency import LAST_YEAR, OWN_COUNCIL
from sim.published.estimates import GROWTH_SD, NATIONAL_PERSISTENCE, Level, Posts
from sim.published.fixed import Fixed, fixed
from sim.published.record import Council

Array = np.ndarray[tuple[Any, ...], np.dtype[np.float64]]

CASELOAD_MEMORY = (0.35, 0.20, 0.10, 0.05)
"""How much of the last year's deviation from the level is left, by years ahead."""
CASELOAD_BY_STAFF = -0.3
"""Change of the logarithm of the caseload with that of staff in post and agency staff."""
CASELOAD_BY_CHILDREN = 0.25
"""The same with that of children with an open case."""
CASELOAD_NOISE = 0.010
"""Variance of the logarithm of the caseload in a year, with the tails of a t of five degrees."""


@dataclass(frozen=True)
class AgencyYear:
    """How a council used agency staff at a census.

    Attributes:
        cover: share of vacancies that agency staff cover.
        above: agency staff above establishment, as a share of posts.
    """

    cover: float
    above: float


@dataclass(frozen=True)
class Start:
    """What is known of a council at the census from which it goes on.

    Attributes:
        posts: staff in post and vacancies.
        leaving, joining: levels of the logarithms of yearly rates.
        agency: its last years' use of agency staff, oldest first.
        like: the same of the councils that are nearest in agency rate.
        agency_fte: agency staff; None where that is not published.
        caseload: level of the logarithm of cases by case holder; None where it is not published.
        caseload_last: by how much the last year's was above the level, in logarithms.
    """

    posts: Posts
    leaving: Level
    joining: Level
    agency: tuple[AgencyYear, ...]
    like: tuple[tuple[AgencyYear, ...], ...]
    agency_fte: float | None
    caseload: Level | None
    caseload_last: float


@dataclass(frozen=True)
class Recipe:
    """What is estimated for all councils, and each council's start.

    Attributes:
        year: the census from which they go on; nothing after it was seen.
        leaving_sd, joining_sd: of a council's own year, in logarithms of rates.
        growth: England's mean yearly growth of posts.
        posts_scale: of a council's own yearly change of posts, a t of four degrees.
        usual_vacancy_rate: the median of councils.
        children_scale: of the yearly change of the logarithm of children in need, a t of four
            degrees.
        starts: by council; those without staff in post and vacancies are left out.
    """

    year: int
    leaving_sd: float
    joining_sd: float
    growth: float
    posts_scale: float
    usual_vacancy_rate: float
    children_scale: float
    starts: Mapping[Council, Start]

    def run(self, council: Council, years: int, draws: int, seed: int) -> dict[str, Array]:
        """A council's censuses in the years that follow.

        Args:
            council: one of `starts`.
            years: how many.
            draws: how many times, each with levels and luck of its own; the growth and the year
                of all England are the same in a draw for every council.
            seed: same seed, same numbers.

        Returns:
            By published column, shape (draws, years): FTE; rates as shares; caseloads in cases
            per FTE, nan where a council has none. The share of vacancies covered is nan where
            there is no vacancy.
        """
        start = self.starts[council]
        common = _generator(seed, 0)
        growth = self.growth + GROWTH_SD * common.standard_normal(draws)
        national = [fixed().national_sd * national_years(common, draws, years) for _ in range(2)]
        own = _generator(seed, *map(int, council.codes))
        staff, posts, left, came = self._staff(start, growth, national, own)
        vacant = posts - staff
        cover, above = _agency(start, own, draws, years)
        agency = cover * vacant + above * posts
        with np.errstate(invalid="ignore"):
            share = np.where(vacant > 0, cover, np.nan)
        return {
            "inpost_fte": staff,
            "starters_fte": came,
            "leavers_fte": left,
            "turnover_rate_fte": left / staff,
            "vacancy_fte": vacant,
            "vacancy_rate_fte": vacant / posts,
            "agency_fte": agency,
            "agency_rate_fte": agency / (staff + agency),
            "agency_cover_fte": cover * vacant,
            "vacancy_agency_cover_rate_fte": share,
            "caseload_fte": _caseload(start, staff + agency, self.children_scale, own),
        }

    def _staff(
        self, start: Start, growth: Array, national: Sequence[Array], own: np.random.Generator
    ) -> tuple[Array, Array, Array, Array]:
        """Staff in post, posts, leavers and starters, each (draws, years)."""
        draws = len(growth)
        leaving, joining = (
            level.mean + level.sd * own.standard_normal(draws)
            for level in (start.leaving, start.joining)
        )
        sizes = Sizes(
            leaving, joining, self.leaving_sd, self.joining_sd, growth, self.posts_scale,
            self.usual_vacancy_rate, fixed(),
        )  # fmt: skip
        staff, posts = (np.full(draws, each) for each in (start.posts.staff, start.posts.all))
        return staff_and_posts(sizes, staff, posts, national, own)


@dataclass(frozen=True)
class Sizes:
    """How a council moves: one number for all draws, or an array of one a draw.

    Attributes:
        leaving, joining: levels of the logarithms of yearly rates.
        leaving_sd, joining_sd: of a council's own year, in logarithms of rates.
        growth: England's yearly growth of posts.
        posts_scale: of a council's own yearly change of posts, a t of four degrees.
        usual_vacancy_rate: share of posts.
        fixed: the numbers that are not estimated anew.
    """

    leaving: Array
    joining: Array
    leaving_sd: float | Array
    joining_sd: float | Array
    growth: Array
    posts_scale: float | Array
    usual_vacancy_rate: float | Array
    fixed: Fixed

    @property
    def usual(self) -> tuple[Array, Array]:
        """The rates of leaving and joining that are expected of a year."""
        nation = self.fixed.national_sd**2
        return (
            np.exp(self.leaving + (self.leaving_sd**2 + nation) / 2),
            np.exp(self.joining + (self.joining_sd**2 + nation) / 2),
        )


def staff_and_posts(
    sizes: Sizes, staff: Array, posts: Array, national: Sequence[Array], own: np.random.Generator
) -> tuple[Array, Array, Array, Array]:
    """Staff in post, posts, leavers and starters of the years that follow, each (draws, years).

    Args:
        sizes: how the council moves.
        staff: in post at the start, (draws,).
        posts: of the start, (draws,).
        national: what the year does to the logarithms of all councils' rates of leaving and of
            joining, each (draws, years).
        own: the council's luck.
    """
    draws, years = national[0].shape
    rates = (sizes.leaving, sizes.leaving_sd), (sizes.joining, sizes.joining_sd)
    growth, of, (leaving, joining) = sizes.growth, sizes.fixed, sizes.usual
    found: list[tuple[Array, ...]] = []
    for year in range(years):
        left, came = (
            _people(staff * np.exp(level + nation[:, year] + sd * own.standard_normal(draws)), own)
            for (level, sd), nation in zip(rates, national, strict=True)
        )
        short = 1 - staff / posts - sizes.usual_vacancy_rate
        own_posts = sizes.posts_scale * own.standard_t(4, draws)
        filled = staff * (of.new_posts_filled * own_posts + of.pull_on_staff * short)
        came = np.maximum(came + of.filled_by_starters * filled, 0.0)
        recoded = staff * (growth + leaving - joining) + (1 - of.filled_by_starters) * filled
        staff = np.maximum(staff - left + came + recoded, 1.0)
        posts = np.maximum(posts * (1 + growth + own_posts - of.pull_on_posts * short), staff)
        found.append((staff, posts, left, came))
    together = [np.stack(columns, axis=1) for columns in zip(*found, strict=True)]
    return together[0], together[1], together[2], together[3]


def _generator(seed: int, *who: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *who])))


def national_years(common: np.random.Generator, draws: int, years: int) -> Array:
    """England's years as standard normal scores, (draws, years): autoregressive, stationary."""
    found = np.empty((draws, years))
    last = common.standard_normal(draws)
    for year in range(years):
        new = math.sqrt(1 - NATIONAL_PERSISTENCE**2) * common.standard_normal(draws)
        last = NATIONAL_PERSISTENCE * last + new
        found[:, year] = last
    return found


def _people(expected: Array, own: np.random.Generator) -> Array:
    """A count of so many expected, not below none."""
    return np.maximum(expected + np.sqrt(expected) * own.standard_normal(len(expected)), 0.0)


def _agency(start: Start, own: np.random.Generator, draws: int, years: int) -> tuple[Array, Array]:
    """Share of vacancies covered and staff above establishment, each (draws, years).

    The two come together from one year of one council, chosen once a draw: itself or one like it.
    """
    itself = own.random(draws) < OWN_COUNCIL
    other = own.integers(len(start.like), size=draws)
    is_last = own.random((draws, years)) < LAST_YEAR
    back = own.random((draws, years))
    noise = fixed().cover_sd * own.standard_normal((draws, years))
    cover, above = np.empty((draws, years)), np.empty((draws, years))
    for draw in range(draws):
        of = start.agency if itself[draw] and start.agency else start.like[other[draw]]
        for year in range(years):
            place = len(of) - 1 if is_last[draw, year] else int(back[draw, year] * len(of))
            cover[draw, year], above[draw, year] = of[place].cover, of[place].above
    partly = (cover > 0.0) & (cover < 1.0)
    return np.where(partly, np.clip(cover + noise, 0.0, 1.0), cover), above


def _caseload(start: Start, staff: Array, children_scale: float, own: np.random.Generator) -> Array:
    """Cases by case holder, (draws, years); nan where the start's is not published.

    Args:
        start: what is known of the council.
        staff: in post and agency staff, (draws, years).
        children_scale: of the yearly change of the logarithm of children in need.
        own: the council's luck.
    """
    if start.caseload is None or start.agency_fte is None:
        return np.full(staff.shape, np.nan)
    draws, years = staff.shape
    before = start.posts.staff + start.agency_fte
    level = start.caseload.sd * own.standard_normal((draws, 1))
    memory = np.array([CASELOAD_MEMORY[min(year, len(CASELOAD_MEMORY) - 1)]
                       for year in range(years)])  # fmt: skip
    noise = math.sqrt(CASELOAD_NOISE * 3 / 5) * own.standard_t(5, (draws, years))
    remembered = memory * (start.caseload_last - level)
    by_staff = CASELOAD_BY_STAFF * np.log(staff / before)
    children = np.cumsum(children_scale * own.standard_t(4, (draws, years)), axis=1)
    changed = by_staff + CASELOAD_BY_CHILDREN * children
    found: Array = np.exp(start.caseload.mean + level + remembered + changed + noise)
    return found
