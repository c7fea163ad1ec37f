"""Money of a comparison: what a package plans, spends, changes and leaves unspent."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from sim.dates import day_of, financial_year_start
from sim.engine.records import Array
from sim.experiment.compare import Comparison, LedgerRows
from sim.inputs.plan import Plan
from sim.outcomes.costs import STAFFING_LINES
from sim.outcomes.indicators import INDEX

PACKAGE = slice(len(STAFFING_LINES), None)
"""Ledger lines of a scenario's own measures."""


@dataclass(frozen=True)
class Range:
    """A mean with the range that 8 runs in 10 fall in."""

    mean: float
    p10: float
    p90: float


def spread(values: Array) -> Range:
    """Mean, 10th and 90th percentile of one number over pairs."""
    low, high = np.quantile(values, (0.1, 0.9))
    return Range(float(values.mean()), float(low), float(high))


@dataclass(frozen=True)
class YearOfMoney:
    """One financial year of one scenario beside doing nothing, GBP cash.

    Attributes:
        year: financial year.
        planned: the package's planned money.
        spent: what its lines spend.
        unspent: planned less spent.
        chance_unspent: share of runs in which some is left.
        permanent: change in pay of permanent staff, the package's included.
        agency: change in agency spend, on whatever line.
        net: change in all spending.
        against_budget: that change less the planned money.
    """

    year: str
    planned: float
    spent: Range
    unspent: Range
    chance_unspent: float
    permanent: Range
    agency: Range
    net: Range
    against_budget: Range


def complete_years(plan: Plan, years: tuple[str, ...]) -> tuple[str, ...]:
    """Financial years that the run holds to their end; the first may begin on day 0."""
    end = plan.period_dates[-1]
    return tuple(y for y in years if end >= financial_year_start(y).replace(year=int(y[:4]) + 1)
                 - dt.timedelta(days=1))  # fmt: skip


def years_of_money(comparison: Comparison, scenario: int) -> list[YearOfMoney]:
    """Money by complete financial year of one scenario."""
    base, own = comparison.ledgers[0], comparison.ledgers[scenario]
    rows = []
    for i, year in enumerate(own.years):
        if year not in complete_years(comparison.plans[0], own.years):
            continue
        planned = own.planned_gbp[:, i, PACKAGE].sum(axis=1)
        spent = own.spent_gbp[:, i, PACKAGE].sum(axis=1)
        net = own.spent_gbp[:, i].sum(axis=1) - base.spent_gbp[:, i].sum(axis=1)
        rows.append(
            YearOfMoney(
                year=year,
                planned=float(planned.mean()),
                spent=spread(spent),
                unspent=spread(planned - spent),
                chance_unspent=float((spent < planned - 0.5).mean()),
                permanent=spread(own.permanent_gbp[:, i] - base.permanent_gbp[:, i]),
                agency=spread(own.agency_gbp[:, i] - base.agency_gbp[:, i]),
                net=spread(net),
                against_budget=spread(net - planned),
            )
        )
    return rows


@dataclass(frozen=True)
class BaselineVariance:
    """The baseline's spend against its staffing budget in the financial year of day 0.

    Attributes:
        year: financial year.
        simulated: spend less budget from day 0 to 31 March.
        before: straight-line estimate from 1 April to day 0, at day 0's daily rates.
        days_simulated, days_before: lengths.
    """

    year: str
    simulated: Range
    before: Range
    days_simulated: int
    days_before: int

    @property
    def whole_year(self) -> float:
        """Mean of both parts."""
        return self.simulated.mean + self.before.mean


def baseline_variance(comparison: Comparison) -> BaselineVariance:
    """Variance of doing nothing in the first financial year.

    The estimate for April to day 0 takes the first whole month's spend less budget, per day, as
    the rate of every day before: nothing is known of those months but that day 0 followed them.
    """
    plan, ledger = comparison.plans[0], comparison.ledgers[0]
    year = ledger.years[0]
    opens = financial_year_start(year)
    days_before = max(0, (plan.start_date - opens).days)
    closes = min(plan.horizon, day_of(plan.start_date, opens.replace(year=opens.year + 1)))
    variance = ledger.spent_gbp[:, 0].sum(axis=1) - ledger.planned_gbp[:, 0].sum(axis=1)
    table = comparison.variants[0].tables[0]
    month = 1 if plan.start_date.day != 1 and table.shape[-1] > 1 else 0
    monthly = (
        table[:, INDEX["staffing_spend_gbp"], 0, month]
        - table[:, INDEX["staffing_budget_gbp"], 0, month]
    )
    length = plan.boundaries[month + 1] - plan.boundaries[month]
    return BaselineVariance(
        year, spread(variance), spread(monthly / length * days_before), int(closes), days_before
    )


def cost_per_extra_fte_year(comparison: Comparison, scenario: int, until: int) -> float:
    """Mean change in all spending over mean extra FTE-years in post (all simulated roles).

    A ratio of means over the whole months up to column `until`; nan where nobody is gained.
    """
    difference = comparison.variants[0].differences[scenario - 1]
    extra = difference[:, INDEX["inpost_all_roles_fte"], 0, : until + 1].sum(axis=1) / 12
    year = comparison.ledgers[scenario].years
    last = comparison.dates[until]
    kept = [i for i, y in enumerate(year) if financial_year_start(y) <= last]
    base, own = comparison.ledgers[0], comparison.ledgers[scenario]
    change = own.spent_gbp[:, kept].sum(axis=(1, 2)) - base.spent_gbp[:, kept].sum(axis=(1, 2))
    return float(change.mean() / extra.mean()) if extra.mean() > 0 else float("nan")


def present_value_change(comparison: Comparison, scenario: int) -> Range:
    """Change in all spending to the horizon, real terms, discounted to day 0."""
    own, base = comparison.ledgers[scenario], comparison.ledgers[0]
    return spread(own.present_value_gbp - base.present_value_gbp)


def plain_lines(comparison: Comparison, scenario: int) -> tuple[int, float]:
    """Number and yearly money (last year planned explicitly) of lines without simulated effect."""
    plan = comparison.plans[scenario]
    lines = [line for line in plan.lines if line.plain]
    ledger = comparison.ledgers[scenario]
    years = complete_years(plan, ledger.years)
    year = years[1] if len(years) > 1 else ledger.years[0]
    return len(lines), sum(line.planned_gbp.get(year, 0.0) for line in lines)


def ledger_rows(
    ledger: LedgerRows,
) -> list[tuple[str, str, float, float, float, float]]:
    """(year, line, planned, mean, p10, p90) of every line of a ledger."""
    rows = []
    for i, year in enumerate(ledger.years):
        for j, line in enumerate(ledger.lines):
            spent = spread(ledger.spent_gbp[:, i, j])
            planned = float(ledger.planned_gbp[:, i, j].mean())
            rows.append((year, line, planned, spent.mean, spent.p10, spent.p90))
    return rows
