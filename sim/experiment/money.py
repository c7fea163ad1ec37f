"""Money of a comparison: what a package plans, spends, changes and leaves unspent."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.dates import day_of, financial_year_start
from sim.engine.records import Array
from sim.experiment.compare import Comparison, LedgerRows
from sim.experiment.room import release
from sim.experiment.statistics import Ratio, ratio_of_means
from sim.inputs.plan import SUPERNUMERARY_LINE, Plan
from sim.outcomes.costs import LOWER_DISCOUNT_RATE, STAFFING_LINES
from sim.outcomes.indicators import INDEX
from sim.scenario.cost import CostBasis

SMALL_GBP = 0.5
"""What is less is nothing, in a budget."""
PENNY_GBP = 0.005
"""Sums of the same money in another order differ by less."""
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
    release()
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
        unfunded: of what is spent, the cost of posts that nobody pays for any more.
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
    unfunded: Range


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
                chance_unspent=float((spent < planned - SMALL_GBP).mean()),
                permanent=spread(own.permanent_gbp[:, i] - base.permanent_gbp[:, i]),
                agency=spread(own.agency_gbp[:, i] - base.agency_gbp[:, i]),
                net=spread(net),
                against_budget=spread(net - planned),
                unfunded=spread(own.by_line["unfunded"][:, i].sum(axis=1)),
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


def cost_per_extra_fte_year(comparison: Comparison, scenario: int, until: int) -> Ratio:
    """Mean change in all spending over mean extra FTE-years in post (all simulated roles).

    A ratio of means over the whole months up to column `until`; nan where nobody is gained.
    """
    chosen = comparison.variants[0]
    difference = chosen.differences[scenario - 1]
    extra = difference[:, INDEX["inpost_all_roles_fte"], 0, : until + 1].sum(axis=1) / 12
    return ratio_of_means(_change_until(comparison, scenario, until), extra, chosen.draws)


def cost_per_change_avoided(comparison: Comparison, scenario: int, until: int) -> Ratio:
    """Mean change in all spending over mean changes of worker avoided, to column `until`.

    nan where none is avoided, and without casework.
    """
    base, own = comparison.ledgers[0], comparison.ledgers[scenario]
    kept = _years_until(comparison, until)
    avoided = (base.changes_of_worker - own.changes_of_worker)[:, kept].sum(axis=1)
    change = _change_until(comparison, scenario, until)
    return ratio_of_means(change, avoided, comparison.variants[0].draws)


def _years_until(comparison: Comparison, until: int) -> list[int]:
    last, years = comparison.dates[until], comparison.ledgers[0].years
    return [i for i, year in enumerate(years) if financial_year_start(year) <= last]


def _change_until(comparison: Comparison, scenario: int, until: int) -> Array:
    """Change in all spending of each pair, over the financial years that begin by a column."""
    kept = _years_until(comparison, until)
    base, own = comparison.ledgers[0], comparison.ledgers[scenario]
    change: Array = own.spent_gbp[:, kept].sum(axis=(1, 2)) - base.spent_gbp[:, kept].sum(
        axis=(1, 2)
    )
    return change


def present_values(comparison: Comparison, scenario: int) -> dict[float, Array]:
    """Change in all spending to the horizon, real terms, discounted to day 0, by discount rate.

    The lower alternative first, then the study's own rate; one alone where they are the same.
    """
    own, base = comparison.ledgers[scenario], comparison.ledgers[0]
    return {
        LOWER_DISCOUNT_RATE: own.lower_rate_gbp - base.lower_rate_gbp,
        comparison.plans[0].prices.discount_rate: own.present_value_gbp - base.present_value_gbp,
    }


def present_value_change(comparison: Comparison, scenario: int) -> Range:
    """Change in all spending to the horizon, real terms, discounted to day 0."""
    own, base = comparison.ledgers[scenario], comparison.ledgers[0]
    return spread(own.present_value_gbp - base.present_value_gbp)


def plain_lines(comparison: Comparison, scenario: int) -> tuple[int, float]:
    """Number and yearly money (last year planned explicitly) of lines without simulated effect."""
    plan = comparison.plans[scenario]
    lines = [line for line in plan.lines if line.costs_only]
    ledger = comparison.ledgers[scenario]
    years = complete_years(plan, ledger.years)
    year = years[1] if len(years) > 1 else ledger.years[0]
    return len(lines), sum(line.planned_gbp.get(year, 0.0) for line in lines)


class LedgerRow(NamedTuple):
    """One line of a ledger in one financial year, GBP cash but where it says otherwise.

    Attributes:
        planned, mean, p10, p90: planned money, and what is spent over the pairs.
        unspent: planned less spent; None for the council's own staffing, whose budget stands on
            one line and whose spending on several.
        chance_unspent: share of pairs in which some is left; nan likewise.
        unfunded: of what is spent, the cost of posts that nobody pays for any more.
        planned_real, spent_real: means, in prices of day 0.
        spent_present: mean, real and discounted to day 0.
    """

    year: str
    line: str
    planned: float
    mean: float
    p10: float
    p90: float
    unspent: Range | None
    chance_unspent: float
    unfunded: float
    planned_real: float
    spent_real: float
    spent_present: float


def ledger_rows(ledger: LedgerRows) -> list[LedgerRow]:
    """Every line of a ledger in every year."""
    return [
        _ledger_row(ledger, i, j)
        for i in range(len(ledger.years))
        for j in range(len(ledger.lines))
    ]


def _ledger_row(ledger: LedgerRows, year: int, line: int) -> LedgerRow:
    cell = (slice(None), year, line)
    spent, planned = ledger.spent_gbp[cell], ledger.planned_gbp[cell]
    found, of_measure = spread(spent), line >= len(STAFFING_LINES)
    return LedgerRow(
        ledger.years[year],
        ledger.lines[line],
        float(planned.mean()),
        found.mean,
        found.p10,
        found.p90,
        spread(planned - spent) if of_measure else None,
        float((spent < planned - SMALL_GBP).mean()) if of_measure else math.nan,
        *(
            float(ledger.by_line[name][cell].mean())
            for name in ("unfunded", "planned_real", "spent_real", "spent_present")
        ),
    )


@dataclass(frozen=True)
class PaidToStaff:
    """What one line pays people for being in post, over the run; GBP, one entry a pair.

    Attributes:
        line: its key.
        paid: supplements, retention payments and costs per FTE, before any comes back.
        recovered: retention payments that leavers repaid.
        deadweight: of what was paid, what those cost who would have been in post anyway.
    """

    line: str
    paid: Array
    recovered: Array
    deadweight: Array

    @property
    def deadweight_share(self) -> Array:
        """Deadweight over what was paid; nan where nothing was."""
        share = np.full(len(self.paid), np.nan)
        np.divide(self.deadweight, self.paid, out=share, where=self.paid > 0)
        return share


def paid_to_staff(comparison: Comparison, scenario: int) -> list[PaidToStaff]:
    """Every line of a scenario that pays people for being in post."""
    plan, ledger = comparison.plans[scenario], comparison.ledgers[scenario]
    paying = {item.line for item in plan.supplements} | {item.line for item in plan.payments}
    paying |= {cost.line for cost in plan.costs if cost.basis is CostBasis.FTE_YEAR}
    found = []
    for line in sorted(paying):
        column = len(STAFFING_LINES) + line - SUPERNUMERARY_LINE - 1
        paid, recovered, without = (
            ledger.by_line[name][:, :, column].sum(axis=1)
            for name in ("paid_to_staff", "recovered", "paid_without")
        )
        same = np.abs(paid - without) < PENNY_GBP
        deadweight = np.where(same, paid, np.minimum(paid, without))
        found.append(PaidToStaff(plan.lines[line].key, paid, recovered, deadweight))
    return found
