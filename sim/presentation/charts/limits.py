"""How far the axis of a column of ranges reaches, and its ticks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

from matplotlib.ticker import MaxNLocator

from sim.presentation import words
from sim.presentation.charts.grid import Section

CUT = 2.0
"""How many times the widest range of 8 runs in 10 an axis may reach: beyond, thin lines are cut."""


def ticks_between(low: float, high: float, steps: int) -> tuple[list[float], list[str]]:
    """Round numbers within an axis, and how they are written.

    Args:
        low: where the axis begins.
        high: where it ends.
        steps: how many steps at most.
    """
    every = MaxNLocator(steps, steps=[1, 2, 5, 10]).tick_values(low, high)
    ticks = [float(tick) for tick in every if low <= tick <= high]
    return ticks, _tick_labels(ticks)


def _tick_labels(ticks: Sequence[float]) -> list[str]:
    step = min((b - a for a, b in pairwise(ticks)), default=1.0)
    places = max(0, -math.floor(math.log10(step))) if step > 0 else 0
    places += not math.isclose(step * 10**places, round(step * 10**places))
    return [words.number(tick, places) for tick in ticks]


def limits(section: Section, column: int) -> tuple[float, float]:
    """Ends of a column's axis: 0, every middle and every range of 8 runs in 10 lie within."""
    scale = section.columns[column].scale
    shared = [
        i
        for i, one in enumerate(section.columns)
        if i == column or (one.unit and scale and one.scale == scale)
    ]
    every = [runs for i in shared for runs in section.ranges(i)]
    marks = [section.columns[i].line_at for i in shared]
    marks += [row.cells[i].aim for row in section.rows for i in shared]
    inner = [0.0, *(float(mark) for mark in marks if mark is not None)]
    low, high = _reach(inner, ((runs.low, runs.middle, runs.high) for runs in every))
    least, most = _reach([low, high], ((runs.least, runs.most) for runs in every))
    span = (high - low) * (CUT - 1)
    low, high = max(least, low - span), min(most, high + span)
    length = max(high - low, section.columns[column].least)
    high = max(high, low + length) if high > 0 or low == 0 else high
    return low - (0.04 * length if low < 0 else 0.02 * length), high + 0.04 * length


def is_cut(section: Section) -> bool:
    """Whether a range of 19 runs in 20 reaches beyond its axis."""
    for i, column in enumerate(section.columns):
        if column.unit:
            low, high = limits(section, i)
            if any(runs.least < low or runs.most > high for runs in section.ranges(i)):
                return True
    return False


def _reach(start: Sequence[float], every: Iterable[tuple[float, ...]]) -> tuple[float, float]:
    finite = [v for values in every for v in values if math.isfinite(v)]
    return min([*start, *finite]), max([*start, *finite])
