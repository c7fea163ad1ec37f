"""The time axis that charts share: a tick each 31 March, its year under it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from matplotlib.axes import Axes

from sim.presentation.charts.style import GREY, size_of

DAYS_A_YEAR = 365.25
MONTH = 1 / 12
"""A run of one month end still has an axis, which ends at it."""
TICK_IN = 0.55
"""Least room for one tick's label, inches."""


def time_of(date: dt.date) -> float:
    """A date as a number on the axis, in years."""
    return date.toordinal() / DAYS_A_YEAR


def label_years(axes: Axes, dates: Sequence[dt.date]) -> None:
    """Tick each 31 March, or every second, third ... where they would crowd."""
    marches = [date for date in dates if date.month == 3] or [dates[-1]]
    wide, _ = size_of(axes)
    years = max(time_of(dates[-1]) - time_of(dates[0]), 0.1)
    step = max(1, -(-int(100 * TICK_IN * years) // int(100 * wide)))
    shown = marches[step - 1 :: step] or marches[-1:]
    last = time_of(dates[-1])
    axes.set_xlim(min(time_of(dates[0]), last - MONTH), last + 0.001)
    axes.set_xticks([time_of(date) for date in shown], [f"{date:%b\n%Y}" for date in shown])


def mark_date(axes: Axes, date: dt.date) -> None:
    """A thin upright line at the date that the chart's numbers are for."""
    axes.axvline(time_of(date), color=GREY, linewidth=1.2, linestyle=":")
