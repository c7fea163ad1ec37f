"""Referrals as they may go: a start between last year and the mean, then a heavy-tailed walk.

Estimated on the referrals of England's councils, years to March 2013 to 2021
(docs/calibration.md, "Demand as a distribution").
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from scipy.special import stdtrit

from sim.config.casework import Demand, SinceLastTable
from sim.inputs.draws import CENTRAL_DRAW, standard_normal, uniform

DEGREES_OF_FREEDOM = 4
FARTHEST = 4.0
"""Times the level of day 0, or one part of so many: how far the walk goes at most. Of England's
councils hardly any did in one to eight years (at most 1 in 300), and those by recoding."""


@dataclass(frozen=True, slots=True)
class Walk:
    """How far referrals step from year to year in one draw.

    Attributes:
        seed, draw: whose luck it is.
        step: scale of a year's lasting step, Student's t with 4 degrees of freedom, in logarithms.
        noise: standard deviation of what is of one year alone.
    """

    seed: int
    draw: int
    step: float
    noise: float


def walked_ratios(demand: Demand, walk: Walk, years: Iterable[str]) -> dict[str, float]:
    """Referrals over the draw's level, by financial year.

    The logarithm starts half-way between the last published year and the mean of the published
    years. Each year adds a step that lasts, and noise that does not. The central draw has none of
    the three.

    Args:
        demand: the council's.
        walk: the draw's.
        years: financial years of the run, in their order; they may repeat.
    """
    names = list(dict.fromkeys(years))
    if walk.draw == CENTRAL_DRAW:
        return dict.fromkeys(names, 1.0)
    level, ratios = _start(demand), dict[str, float]()
    for year in names:
        first = year == names[0]
        for step in range(_years_elapsed(demand, year) if first else 1):
            known = demand.since_last_table if first else None
            level += walk.step * _step(walk, f"{year} {step}", known, step)
        own = standard_normal(walk.seed, walk.draw, f"referrals of {year} alone")
        moved = math.exp(level + walk.noise * own)
        ratios[year] = min(FARTHEST, max(1 / FARTHEST, moved))
    return ratios


def _start(demand: Demand) -> float:
    """Logarithm of the start over the level: half last year's, half the mean of those published."""
    logs = [math.log(referrals) for referrals in demand.published.values()]
    central = demand.referrals_per_year.central
    if not logs or central <= 0.0:
        return 0.0
    return (logs[-1] + math.fsum(logs) / len(logs)) / 2 - math.log(central)


def _years_elapsed(demand: Demand, first_year: str) -> int:
    """Years from the last published one to that of day 0."""
    if not demand.published:
        return 1
    return int(first_year[:4]) - int(list(demand.published)[-1][:4])


def _step(walk: Walk, name: str, known: SinceLastTable | None, number: int) -> float:
    """A year's step in units of its scale; `number` counts years since the last published one.

    What is known of some months narrows their part of the year's step; the rest is as ever.
    """
    part = 0.0 if known is None else min(1.0, max(0.0, known.months / 12 - number))
    step = math.sqrt(1 - part) * _student_t(uniform(walk.seed, walk.draw, f"referrals {name}"))
    if known is not None and part > 0.0:
        luck = uniform(walk.seed, walk.draw, f"referrals known {name}")
        step += math.sqrt(part) * _student_t(known.low + (known.high - known.low) * luck)
    return step


def _student_t(luck: float) -> float:
    return float(stdtrit(DEGREES_OF_FREEDOM, luck))
