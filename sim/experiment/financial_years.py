"""The financial years of a run, and the days of each that it holds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sim.dates import add_years, financial_year, financial_year_start
from sim.inputs.plan import Plan


@dataclass(frozen=True)
class YearSpan:
    """The days of a financial year that a run holds.

    Attributes:
        year: the financial year.
        first, last: the first and the last of those days.
    """

    year: str
    first: dt.date
    last: dt.date

    @property
    def starts_late(self) -> bool:
        """Whether the run joins the year after 1 April."""
        return self.first > financial_year_start(self.year)

    @property
    def ends_early(self) -> bool:
        """Whether the run leaves the year before 31 March."""
        return self.last < year_end(self.year)

    @property
    def is_part(self) -> bool:
        """Whether the run holds only part of the year."""
        return self.starts_late or self.ends_early

    @property
    def label(self) -> str:
        """The year, marked where it is only part of one."""
        return f"{self.year} part" if self.is_part else self.year


def year_end(year: str) -> dt.date:
    """The 31 March on which a financial year ends."""
    return add_years(financial_year_start(year), 1) - dt.timedelta(days=1)


def year_spans(plan: Plan) -> tuple[YearSpan, ...]:
    """Every financial year of a run, in order."""
    years = dict.fromkeys(financial_year(date) for date in plan.period_dates)
    last = plan.period_dates[-1]
    return tuple(
        YearSpan(year, max(plan.start_date, financial_year_start(year)), min(last, year_end(year)))
        for year in years
    )


def complete_years(plan: Plan) -> tuple[str, ...]:
    """Financial years that the run holds to their end; the first may begin on day 0."""
    return tuple(span.year for span in year_spans(plan) if not span.ends_early)
