"""Periods of a run: calendar months, the first and the last cut short."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from functools import cache, cached_property

from sim.dates import DAYS_PER_YEAR, add_years, day_of, financial_year, month_ends


@dataclass(frozen=True)
class Calendar:
    """Periods of a run: calendar months, the first and the last cut short."""

    start: dt.date
    end: dt.date
    boundaries: tuple[float, ...]
    period_dates: tuple[dt.date, ...]

    @cached_property
    def starts(self) -> tuple[dt.date, ...]:
        """First date of each period."""
        return tuple(self.start + dt.timedelta(days=int(day)) for day in self.boundaries[:-1])

    @cached_property
    def financial_years(self) -> tuple[str, ...]:
        """Financial year of each period."""
        return tuple(financial_year(date) for date in self.period_dates)

    @property
    def years(self) -> int:
        """Number of started years."""
        return math.ceil(self.boundaries[-1] / DAYS_PER_YEAR)


@cache
def make_calendar(start: dt.date, years: int) -> Calendar:
    """Periods from `start` for a number of whole years."""
    end = add_years(start, years)
    ends = list(month_ends(start, end))
    if not ends or ends[-1] < end - dt.timedelta(days=1):
        ends.append(end - dt.timedelta(days=1))
    days = [0.0] + [float(day_of(start, date) + 1) for date in ends]
    return Calendar(start, end, tuple(days), tuple(ends))
