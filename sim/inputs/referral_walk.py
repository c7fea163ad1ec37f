"""Referrals as they may go: a start between last year and the mean, then a heavy-tailed walk.

Estimated on the referrals of England's councils, years to March 2013 to 2021
(docs/calibration.md, "Demand as a distribution").
"""

from __future__ import annotations

import math

from scipy.special import stdtrit

from sim.config.casework import Demand, SinceLastTable
from sim.dates import financial_year
from sim.inputs.context import Context
from sim.inputs.draws import CENTRAL_DRAW, standard_normal, uniform

DEGREES_OF_FREEDOM = 4
FARTHEST = 4.0
"""Times the level of day 0, or one part of so many: how far the walk goes at most. In eight years
one council-year in a hundred went farther from its own first year, by recoding."""


def walked_ratios(ctx: Context, demand: Demand) -> tuple[float, ...]:
    """Referrals over the draw's level, by period: one number a financial year.

    The logarithm starts half-way between the last published year and the mean of the published
    years. Each year adds a step (Student's t with 4 degrees of freedom) that lasts, and noise that
    does not. The central draw has neither.
    """
    years = ctx.calendar.financial_years
    if ctx.draw == CENTRAL_DRAW:
        return (1.0,) * len(years)
    scale, noise = (ctx.values[f"casework.demand.{name}"] for name in ("yearly_step", "year_noise"))
    level, ratios = _start(demand), dict[str, float]()
    for number, year in enumerate(dict.fromkeys(years)):
        first = number == 0
        for step in range(_years_elapsed(ctx, demand) if first else 1):
            known = demand.since_last_table if first else None
            level += scale * _step(ctx, f"{year} {step}", known, step)
        moved = level + noise * standard_normal(ctx.seed, ctx.draw, f"referrals of {year} alone")
        ratios[year] = min(FARTHEST, max(1 / FARTHEST, math.exp(moved)))
    return tuple(ratios[year] for year in years)


def _start(demand: Demand) -> float:
    """Logarithm of the start over the level: half last year's, half the mean of those published."""
    logs = [math.log(referrals) for referrals in demand.published.values()]
    central = demand.referrals_per_year.central
    if not logs or central <= 0.0:
        return 0.0
    return (logs[-1] + math.fsum(logs) / len(logs)) / 2 - math.log(central)


def _years_elapsed(ctx: Context, demand: Demand) -> int:
    """Years from the last published one to that of day 0."""
    if not demand.published:
        return 1
    last = list(demand.published)[-1]
    return int(financial_year(ctx.calendar.start)[:4]) - int(last[:4])


def _step(ctx: Context, name: str, known: SinceLastTable | None, number: int) -> float:
    """A year's step in units of its scale; `number` counts years since the last published one.

    What is known of some months narrows their part of the year's step; the rest is as ever.
    """
    part = 0.0 if known is None else min(1.0, max(0.0, known.months / 12 - number))
    step = math.sqrt(1 - part) * _student_t(uniform(ctx.seed, ctx.draw, f"referrals {name}"))
    if known is not None and part > 0.0:
        luck = uniform(ctx.seed, ctx.draw, f"referrals known {name}")
        step += math.sqrt(part) * _student_t(known.low + (known.high - known.low) * luck)
    return step


def _student_t(luck: float) -> float:
    return float(stdtrit(DEGREES_OF_FREEDOM, luck))
