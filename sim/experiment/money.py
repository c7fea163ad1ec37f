"""Money of a comparison: what a package plans, spends, changes and leaves unspent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.dates import day_of, financial_year_start
from sim.engine.records import Array
from sim.experiment.compare import Comparison
from sim.experiment.financial_years import YearSpan, year_spans
from sim.experiment.ledger import PACKAGE
from sim.experiment.spread import Range, chance_under, spread
from sim.experiment.statistics import Ratio, ratio_of_means, ratios_of_runs
from sim.inputs.plan import SUPERNUMERARY_LINE
from sim.outcomes.costs import KINDS, LOWER_DISCOUNT_RATE, STAFFING_LINES
from sim.scenario.cost import CostBasis

PENNY_GBP = 0.005
"""Sums of the same money in another order differ by less."""


@dataclass(frozen=True)
class YearOfMoney:
    """Money of one scenario beside doing nothing in a financial year, or in all; GBP cash.

    Attributes:
        span: the financial year; None for all years of the run together.
        planned: the package's planned money.
        spent: what its lines spend.
        spent_by_kind: mean of that, by kind of spending.
        over: that less what is planned: under (-) or over (+).
        chance_under: share of runs in which some is left.
        unfunded: of what is spent, the cost of posts that nobody pays for any more.
        own_staffing: mean change in the council's own staffing, by line.
        net: change in all spending: what the package's lines spend, and that change.
        net_by_kind: mean of that, by kind of spending.
        net_over: mean of the net change less what is planned: under (-) or over (+).
        net_present: mean of the net change, real and discounted to day 0.
    """

    span: YearSpan | None
    planned: float
    spent: Range
    spent_by_kind: dict[str, float]
    over: Range
    chance_under: float
    unfunded: Range
    own_staffing: dict[str, float]
    net: Range
    net_by_kind: dict[str, float]
    net_over: float
    net_present: float


def years_of_money(comparison: Comparison, scenario: int) -> list[YearOfMoney]:
    """Money of one scenario by financial year, and of all years last."""
    spans = year_spans(comparison.plans[0])
    years = [_money(comparison, scenario, span, [i]) for i, span in enumerate(spans)]
    return [*years, _money(comparison, scenario, None, list(range(len(spans))))]


def _money(
    comparison: Comparison, scenario: int, span: YearSpan | None, years: list[int]
) -> YearOfMoney:
    base, own = comparison.ledgers[0], comparison.ledgers[scenario]

    def total(table: Array, lines: slice = slice(None)) -> Array:
        found: Array = table[:, years, lines].sum(axis=(1, 2))
        return found

    def change(name: str) -> float:
        return float((total(own.by_line[name]) - total(base.by_line[name])).mean())

    planned, spent = total(own.planned_gbp, PACKAGE), total(own.spent_gbp, PACKAGE)
    net = total(own.spent_gbp) - total(base.spent_gbp)
    return YearOfMoney(
        span=span,
        planned=float(planned.mean()),
        spent=spread(spent),
        spent_by_kind={kind: float(total(own.by_line[kind], PACKAGE).mean()) for kind in KINDS},
        over=spread(spent - planned),
        chance_under=chance_under(spent, planned),
        unfunded=spread(total(own.by_line["unfunded"])),
        own_staffing={
            line: float((total(own.spent_gbp, at) - total(base.spent_gbp, at)).mean())
            for line, at in zip(STAFFING_LINES, _EACH, strict=True)
        },
        net=spread(net),
        net_by_kind={kind: change(kind) for kind in KINDS},
        net_over=float((net - planned).mean()),
        net_present=change("spent_present"),
    )


_EACH = tuple(slice(i, i + 1) for i in range(len(STAFFING_LINES)))


@dataclass(frozen=True)
class BaselineVariance:
    """The baseline's spend against its staffing budget in the financial year of day 0.

    Attributes:
        year: financial year.
        simulated: spend less budget from day 0 to 31 March.
        before: estimate from 1 April to day 0, at the daily rate of the first whole month.
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
    month = 1 if plan.start_date.day != 1 and len(comparison.dates) > 1 else 0
    spend, budget = (
        comparison.average.values(0, f"staffing_{what}_without_package_gbp")[:, month]
        for what in ("spend", "budget")
    )
    monthly = spend - budget
    length = plan.boundaries[month + 1] - plan.boundaries[month]
    return BaselineVariance(
        year, spread(variance), spread(monthly / length * days_before), int(closes), days_before
    )


@dataclass(frozen=True)
class CostPer:
    """What one of something costs: a ratio of means, and the two that it is made of.

    Attributes:
        cost: by pair: change in all spending, GBP cash.
        gain: by pair: how much is gained.
        ratio: mean cost over mean gain; nan where nothing is gained.
        by_run: each run's own; infinite where it gains nothing.
    """

    cost: Array
    gain: Array
    ratio: Ratio
    by_run: Array

    def at(self, *shares: float) -> list[float]:
        """Quantiles of the runs' own ratios: values of single runs, as there may be no limit."""
        return [float(x) for x in np.quantile(self.by_run, shares, method="inverted_cdf")]


def cost_per_extra_fte_year(comparison: Comparison, scenario: int, until: int) -> CostPer:
    """Change in all spending over extra FTE-years in post (all simulated roles).

    Over the whole months up to column `until`.
    """
    extra = comparison.average.values(scenario, "inpost_all_roles_fte", against=0)
    extra = extra[:, : until + 1].sum(axis=1) / 12
    return _cost_per(comparison, scenario, until, extra)


def cost_per_change_avoided(comparison: Comparison, scenario: int, until: int) -> CostPer:
    """Change in all spending over changes of worker avoided, to column `until`.

    nan where none is avoided, and without casework.
    """
    base, own = comparison.ledgers[0], comparison.ledgers[scenario]
    kept = _years_until(comparison, until)
    avoided = (base.changes_of_worker - own.changes_of_worker)[:, kept].sum(axis=1)
    return _cost_per(comparison, scenario, until, avoided)


def _cost_per(comparison: Comparison, scenario: int, until: int, gain: Array) -> CostPer:
    kept = _years_until(comparison, until)
    base, own = comparison.ledgers[0].spent_gbp, comparison.ledgers[scenario].spent_gbp
    cost = own[:, kept].sum(axis=(1, 2)) - base[:, kept].sum(axis=(1, 2))
    ratio = ratio_of_means(cost, gain, comparison.variants[0].draws)
    return CostPer(cost, gain, ratio, ratios_of_runs(cost, gain))


def _years_until(comparison: Comparison, until: int) -> list[int]:
    last, years = comparison.dates[until], comparison.ledgers[0].years
    return [i for i, year in enumerate(years) if financial_year_start(year) <= last]


def present_values(comparison: Comparison, scenario: int) -> dict[float, Array]:
    """Change in all spending to the horizon, real terms, discounted to day 0, by discount rate.

    The lower alternative first, then the study's own rate; one alone where they are the same.
    """
    own, base = comparison.ledgers[scenario], comparison.ledgers[0]
    return {
        LOWER_DISCOUNT_RATE: own.lower_rate_gbp - base.lower_rate_gbp,
        comparison.plans[0].prices.discount_rate: own.present_value_gbp - base.present_value_gbp,
    }


@dataclass(frozen=True)
class PlainLines:
    """Lines of a scenario of which nothing but their cost is simulated.

    Attributes:
        count: how many there are.
        planned: their planned money of the whole run, GBP cash.
        of: planned money of all the scenario's lines, savings left out.
        leaves_out_savings: whether there are any.
    """

    count: int
    planned: float
    of: float
    leaves_out_savings: bool


def plain_lines(comparison: Comparison, scenario: int) -> PlainLines:
    """Lines without simulated effect, and their money."""
    plain = {line.key for line in comparison.plans[scenario].lines if line.costs_only}
    ledger = comparison.ledgers[scenario]
    columns = [i for i, line in enumerate(ledger.lines) if line in plain]
    planned = ledger.planned_gbp.mean(axis=0).sum(axis=0)
    costs = np.maximum(planned[PACKAGE], 0.0)
    return PlainLines(
        len(plain),
        float(planned[columns].sum()),
        float(costs.sum()),
        bool((planned[PACKAGE] < 0.0).any()),
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
        """By pair: deadweight over what was paid; nan where nothing was."""
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
