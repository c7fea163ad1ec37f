"""How cases are recorded: a ratio to open children that each census finds anew."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
from scipy.special import stdtrit

from sim.dates import day_of
from sim.inputs.context import Context
from sim.inputs.draws import uniform

DEGREES_OF_FREEDOM = 5
FIRST_CENSUS_DAYS = 183
"""A census sooner after day 0 than this is taken to be the one that the council's file states."""
MOST_NOISE = 1.0
"""Of the logarithm of one census's ratio; beyond it a figure is an error of the return."""


def recording_ratios(ctx: Context, ratio: float) -> tuple[float, ...]:
    """Recorded cases per open child held, by period, at its end.

    The logarithm goes in straight lines from day 0, where the council's own caseload is met, from
    census to census; at each it is off by Student's t with 5 degrees of freedom. The central draw
    has none of it.

    Args:
        ctx: what the plan is made from.
        ratio: that of day 0.
    """
    periods = ctx.calendar.boundaries[1:]
    if ctx.draw.is_central:
        return (ratio,) * len(periods)
    start, last = ctx.calendar.start, ctx.calendar.end.year + 1
    censuses = [dt.date(year, 9, 30) for year in range(start.year, last + 1)]
    days = [day_of(start, census) + 1 for census in censuses]
    later = [(day, c) for day, c in zip(days, censuses, strict=True) if day > FIRST_CENSUS_DAYS]
    off = [_off(ctx, census.year) for _, census in later]
    by_period = np.interp(periods, [0, *(day for day, _ in later)], [0.0, *off])
    return tuple(ratio * math.exp(float(noise)) for noise in by_period)


def _off(ctx: Context, year: int) -> float:
    """By how much a census's ratio is off, in logarithms."""
    scale = ctx.values["casework.recording_noise"] * math.sqrt(1 - 2 / DEGREES_OF_FREEDOM)
    luck = uniform(ctx.draw.seed, ctx.draw.number, f"cases recorded in {year}")
    return min(MOST_NOISE, max(-MOST_NOISE, scale * float(stdtrit(DEGREES_OF_FREEDOM, luck))))
