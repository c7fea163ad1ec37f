"""Simulated days and calendar dates: months, financial years, census days (30 September).

A simulated day is a float: day 0.0 is the first instant of the start date. A *stock at a date* is
the stock at the end of that date, so the stock at 30 September is read at day(1 October).
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from functools import cache

DAYS_PER_YEAR = 365.25
DAYS_PER_MONTH = DAYS_PER_YEAR / 12
DAYS_PER_WEEK = 7.0


def day_of(start: dt.date, date: dt.date) -> int:
    """Simulated day on which `date` begins, when day 0 is `start`."""
    return (date - start).days


def date_of(start: dt.date, day: float) -> dt.date:
    """Calendar date that holds simulated day `day`."""
    return start + dt.timedelta(days=int(day))


def add_years(date: dt.date, years: int) -> dt.date:
    """The same day `years` later; 29 February becomes 28 February."""
    try:
        return date.replace(year=date.year + years)
    except ValueError:
        return date.replace(year=date.year + years, day=28)


def months_later(date: dt.date, months: int) -> dt.date:
    """A date some months later; days after the 28th become the 28th."""
    count = date.year * 12 + date.month - 1 + months
    return dt.date(count // 12, count % 12 + 1, min(date.day, 28))


def month_ends(start: dt.date, end: dt.date) -> tuple[dt.date, ...]:
    """Last days of the calendar months that end after `start` and no later than the eve of `end`.

    When the run stops inside a month, that month has no end in it and is left out.
    """
    ends: list[dt.date] = []
    first = next_month(start.replace(day=1))
    while first <= end:
        ends.append(first - dt.timedelta(days=1))
        first = next_month(first)
    return tuple(ends)


def next_month(first: dt.date) -> dt.date:
    """First day of the month after the month that `first` opens."""
    return (first.replace(day=28) + dt.timedelta(days=4)).replace(day=1)


def financial_year(date: dt.date) -> str:
    """Financial year of a date, April to March, as councils write it: "2021/22"."""
    year = date.year if date.month >= 4 else date.year - 1
    return f"{year}/{(year + 1) % 100:02d}"


def is_financial_year(label: str) -> bool:
    """Whether `label` is a financial year as `financial_year` writes it, 1990/91 to 2100/01."""
    if not (label.isascii() and label[:4].isdigit() and 1990 <= int(label[:4]) <= 2100):
        return False
    return financial_year(financial_year_start(label)) == label


def financial_year_start(label: str) -> dt.date:
    """1 April that opens the financial year `label` ("2021/22")."""
    return dt.date(int(label[:4]), 4, 1)


def days_in_financial_year(label: str) -> int:
    """Days of a financial year: 366 where it holds a 29 February."""
    start = financial_year_start(label)
    return (add_years(start, 1) - start).days


def is_census_day(date: dt.date) -> bool:
    """Whether the date is the workforce census day, 30 September."""
    return (date.month, date.day) == (9, 30)


@dataclass(frozen=True)
class WorkingDays:
    """England's working days, for limits that statute counts in them.

    Attributes:
        first_day: simulated day of the first entry of `counts`.
        counts: by simulated day: working days from the first entry up to and including that day.
        days: simulated day of the n-th working day.
    """

    first_day: int
    counts: tuple[int, ...]
    days: tuple[int, ...]

    def deadline(self, day: float, limit: int) -> float:
        """The last instant of the `limit`-th working day after the date that holds `day`.

        For a day before the first entry, that entry's: its deadline has long passed either way.
        """
        index = self.counts[max(0, math.floor(day) - self.first_day)] + limit - 1
        return float(self.days[index] + 1)


@cache
def working_days(start: dt.date, first_day: int, last_day: int) -> WorkingDays:
    """Mondays to Fridays that are no bank holiday in England.

    Args:
        start: date of simulated day 0.
        first_day: simulated day of the earliest referral whose limit is asked for.
        last_day: the latest.
    """
    # Late, since it reads the calendars of all countries.
    import holidays

    # Holds the longest limit that a config may set, 400 working days.
    margin = 620
    dates = [start + dt.timedelta(days=day) for day in range(first_day - margin, last_day + margin)]
    years = range(dates[0].year, dates[-1].year + 1)
    closed = holidays.country_holidays("GB", subdiv="ENG", years=years)
    counts, days = [], []
    for day, date in enumerate(dates, first_day - margin):
        if date.weekday() < 5 and date not in closed:
            days.append(day)
        counts.append(len(days))
    return WorkingDays(first_day - margin, tuple(counts), tuple(days))
