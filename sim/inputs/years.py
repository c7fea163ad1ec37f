"""The years of a council that does nothing, as the published record has councils move.

A run follows these years in its mean and adds the chance of single people. They depend on council
and draw alone, so that every scenario of a draw has the same, and what an intervention adds is
neither repeated nor taken back. Formulas and sizes: docs/calibration.md, levels, years and growth.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist

from sim.config.council import Council
from sim.config.totals import DayTotals
from sim.inputs.balance import lognormal_multiplier
from sim.inputs.draws import Draw
from sim.published.estimates import NATIONAL_PERSISTENCE

_NORMAL = NormalDist()
_FEWEST_STAFF = 1.0
_MOST_CHANGE = 0.5
"""Most by which a council's posts change in a year of their own: of 586 changes on the record to
2021 the largest were a fall by 0.34 and a rise by 0.50."""


_MOST_IN_A_YEAR = 0.5
"""Most of the mean staff of a year that half of its change can be: staff at most treble."""
_MOST_OVER_START = 4.0
"""Most posts and staff over the posts of day 0 (J). Only a council of a few people, in which more
start in a year than are in post, comes near it: its noise would grow without end."""


@dataclass(frozen=True)
class CouncilYear:
    """One year from day 0 or its return: what is expected before chance.

    Attributes:
        exits: leaving over its level.
        starters_fte: starters of the year.
        other_net_change_fte: staff who join (+) or leave (-) the count without being starters or
            leavers.
        posts_change_fte: posts added (+) or closed (-).
        staff_fte: staff in post at its end.
        mean_staff_fte, mean_vacancy_fte: means of both ends.
    """

    exits: float
    starters_fte: float
    other_net_change_fte: float
    posts_change_fte: float
    staff_fte: float
    mean_staff_fte: float
    mean_vacancy_fte: float


@dataclass(frozen=True)
class _Levels:
    """A draw's numbers that are the same in every year; rates a year over staff in post."""

    leaving: float
    joining: float
    growth: float
    usual_vacancy_rate: float
    pull_on_posts: float
    pull_on_staff: float
    new_posts_filled: float
    filled_by_starters: float


@dataclass(frozen=True)
class _Stated:
    """What a rerun states of a year, FTE."""

    posts_change_fte: float
    other_net_change_fte: float


@dataclass(frozen=True)
class _Chance:
    """How one year differs: leaving and joining over their levels, own growth of posts."""

    exits: float
    hires: float
    posts: float


def council_years(council: Council, totals: DayTotals, draw: Draw) -> tuple[CouncilYear, ...]:
    """Every year of a draw; what a rerun states takes the place of what is expected.

    Args:
        council: the council.
        totals: its totals in this draw.
        draw: values and how years vary.
    """
    levels = _levels(totals, draw.values)
    staff, posts = totals.inpost_fte, totals.inpost_fte + totals.vacancy_fte
    most = _MOST_OVER_START * posts
    found: list[CouncilYear] = []
    for number, chance in enumerate(_chances(draw)):
        year = _year(levels, chance, staff, posts, most, _stated(council, number))
        found.append(year)
        staff, posts = year.staff_fte, posts + year.posts_change_fte
    return tuple(found)


def _year(
    levels: _Levels,
    chance: _Chance,
    staff: float,
    posts: float,
    most: float,
    stated: _Stated | None,
) -> CouncilYear:
    """One year. Rates act on its mean staff, the mean of both ends; neither end passes `most`."""
    short = 1.0 - staff / posts - levels.usual_vacancy_rate if posts > 0.0 else 0.0
    expected = levels.growth - levels.pull_on_posts * short
    own = stated.posts_change_fte / posts - expected if stated and posts > 0.0 else chance.posts
    filled = staff * (levels.new_posts_filled * own + levels.pull_on_staff * short)
    by_starters = levels.filled_by_starters * filled
    if stated:
        taken_back, recoded = 0.0, stated.other_net_change_fte
    else:
        taken_back, recoded = levels.growth + levels.leaving - levels.joining, filled - by_starters
    joining, leaving = chance.hires * levels.joining, chance.exits * levels.leaving
    half = min(_MOST_IN_A_YEAR, (joining - leaving + taken_back) / 2.0)
    later = (staff * (1.0 + half) + by_starters + recoded) / (1.0 - half)
    later = max(_FEWEST_STAFF, min(most, later))
    mean = (staff + later) / 2.0
    grown = min(most, max(posts * (1.0 + expected + own), later))
    changed = stated.posts_change_fte if stated else grown - posts
    return CouncilYear(
        exits=chance.exits,
        starters_fte=max(0.0, mean * joining + by_starters),
        other_net_change_fte=mean * taken_back + recoded,
        posts_change_fte=changed,
        staff_fte=later,
        mean_staff_fte=mean,
        mean_vacancy_fte=max(0.0, posts + changed / 2.0 - mean),
    )


def _levels(totals: DayTotals, values: Mapping[str, float]) -> _Levels:
    starters = values["council.staffing.starters_fte_per_year"]
    return _Levels(
        leaving=values["council.staffing.leaving_rate"],
        joining=starters / totals.inpost_fte if totals.inpost_fte > 0.0 else 0.0,
        growth=values["growth.posts"] - 1.0,
        usual_vacancy_rate=values["growth.usual_vacancy_rate"],
        pull_on_posts=values["growth.pull_on_posts"],
        pull_on_staff=values["growth.pull_on_staff"],
        new_posts_filled=values["growth.new_posts_filled"],
        filled_by_starters=values["growth.filled_by_starters"],
    )


def _chances(draw: Draw) -> list[_Chance]:
    """How each year differs; in the central draw no year does."""
    v = draw.values
    rates = {what: _rates(draw, what) for what in ("exits", "hires")}
    scale = v["between_years.establishment_change"]
    changes = [scale * t_of_four_degrees(z) for z in draw.yearly["establishment_change"]]
    posts = [max(-_MOST_CHANGE, min(_MOST_CHANGE, change)) for change in changes]
    return [_Chance(*one) for one in zip(rates["exits"], rates["hires"], posts, strict=True)]


def _rates(draw: Draw, what: str) -> list[float]:
    """Rates over their level, with mean 1: the council's own year times the nation's."""
    if draw.is_central:
        return [1.0] * len(draw.yearly[what])
    own, nation = draw.values[f"between_years.{what}"], draw.values["between_years.national"]
    national = autoregressive(draw.yearly[f"national {what}"])
    return [
        lognormal_multiplier(z, own) * lognormal_multiplier(n, nation)
        for z, n in zip(draw.yearly[what], national, strict=True)
    ]


def autoregressive(scores: tuple[float, ...]) -> list[float]:
    """Standard normal scores of which each keeps part of the one before."""
    found: list[float] = []
    for score in scores:
        new = math.sqrt(1.0 - NATIONAL_PERSISTENCE**2) * score
        found.append(NATIONAL_PERSISTENCE * found[-1] + new if found else score)
    return found


def t_of_four_degrees(score: float) -> float:
    """The value of a t distribution with four degrees of freedom at a standard normal score.

    Shaw 2006, "Sampling Student's t distribution": with a = 4 p (1 - p),
    t = 2 sign(p - 1/2) sqrt(cos(arccos(sqrt(a)) / 3) / sqrt(a) - 1).
    """
    tail = _NORMAL.cdf(-abs(score))
    root = math.sqrt(4.0 * tail * (1.0 - tail))
    return math.copysign(2.0 * math.sqrt(max(0.0, math.cos(math.acos(root) / 3.0) / root - 1.0)),
                         score)  # fmt: skip


def _stated(council: Council, year: int) -> _Stated | None:
    """What a rerun states of a year; None in a forecast."""
    rerun = council.rerun
    if rerun is None:
        return None
    at = min(year, len(rerun.establishment_change_fte) - 1)
    return _Stated(rerun.establishment_change_fte[at], rerun.other_net_change_fte[at])
