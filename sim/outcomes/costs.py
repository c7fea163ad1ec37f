"""Money: one ledger. Every pound is on one line, in one month, from one source of funds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.config.roles import REGISTERED_ROLES, ROLES, Role
from sim.dates import (
    DAYS_PER_YEAR,
    add_years,
    day_of,
    days_in_financial_year,
    financial_year,
    financial_year_start,
)
from sim.engine.records import Array, Records
from sim.inputs.plan import BASELINE_LINE, SUPERNUMERARY_LINE, Account, Line, LineCost, Plan
from sim.outcomes.indicators import INDEX
from sim.outcomes.workforce import team_sums, with_council
from sim.scenario.cost import CostBasis

LOWER_DISCOUNT_RATE = 0.015
"""Shown beside the chosen rate: what the Green Book uses for risks to life."""

PERMANENT, AGENCY_COVER, AGENCY_ABOVE, SUPERNUMERARY = range(4)
STAFFING_LINES = (
    "permanent_staff",
    "agency_cover",
    "agency_above_establishment",
    "supernumerary_newly_qualified",
)
"""Lines of the council's staffing, before those of the scenario's measures."""
KINDS = ("pay", "agency_cover", "agency_above_establishment", "other")
"""What money of a line is spent on: permanent staff (salaries, supplements, retention payments less
what comes back of them), agency staff, and all else."""
PAY, COVER, ABOVE, OTHER = range(len(KINDS))


@dataclass(frozen=True)
class Ledger:
    """Planned and spent by line.

    Attributes:
        lines: keys; the first are STAFFING_LINES.
        years: financial years.
        by_kind_gbp: cash spent by kind, period and line, shape (kinds, periods, lines).
        planned_gbp: cash by financial year and line, shape (years, lines).
        year_of_period: index into `years` of each period.
    """

    lines: tuple[str, ...]
    years: tuple[str, ...]
    by_kind_gbp: Array
    planned_gbp: Array
    year_of_period: tuple[int, ...]

    @property
    def spent_gbp(self) -> Array:
        """Cash by period and line, shape (periods, lines)."""
        total: Array = self.by_kind_gbp.sum(axis=0)
        return total

    def spent_by_year(self) -> Array:
        """Cash by financial year and line, shape (years, lines)."""
        return by_year(self.spent_gbp, self.year_of_period, len(self.years))

    def kinds_by_year(self) -> dict[str, Array]:
        """The same by kind of spending."""
        by_period = np.moveaxis(self.by_kind_gbp, 0, 1)
        found = by_year(by_period, self.year_of_period, len(self.years))
        return {kind: found[:, i] for i, kind in enumerate(KINDS)}


def by_year(by_period: Array, year_of_period: tuple[int, ...], years: int) -> Array:
    """Sum periods (first axis) to financial years, whose periods follow each other."""
    first = np.searchsorted(np.array(year_of_period), np.arange(years))
    total: Array = np.add.reduceat(by_period, first, axis=0)
    return total


def make_ledger(plan: Plan, records: Records) -> Ledger:
    """Price the facts of a run.

    Permanent staff and cover of the council's own posts go on the staffing lines; whatever a
    measure's posts cost, agency cover included, on the measure's line. The staffing budget is
    establishment x unit cost x (1 - vacancy factor), on the line of permanent staff.
    """
    years = tuple(dict.fromkeys(financial_year(date) for date in plan.period_dates))
    year_of_period = tuple(years.index(financial_year(date)) for date in plan.period_dates)
    measures = plan.lines[SUPERNUMERARY_LINE + 1 :]
    lines = STAFFING_LINES + tuple(line.key for line in measures)
    spent = np.zeros((len(KINDS), plan.periods, len(lines)))
    permanent, cover, above = priced(plan, records)
    spent[ABOVE, :, AGENCY_ABOVE] = above.sum(axis=1)
    for index, account in enumerate(plan.accounts):
        column = _column(account.line)
        spent[PAY, :, column] += permanent[:, index]
        spent[COVER, :, AGENCY_COVER if column == PERMANENT else column] += cover[:, index]
    spent[PAY, :, len(STAFFING_LINES) :] += supplements(plan, plan.accounts, records)
    _payments(plan, records, spent)
    _costs(plan, records, spent[OTHER])
    planned = np.zeros((len(years), len(lines)))
    planned[:, PERMANENT] = by_year(_budget(plan, records).sum(axis=1), year_of_period, len(years))
    for index, line in enumerate(measures):
        for year, gbp in line.planned_gbp.items():
            planned[years.index(year), len(STAFFING_LINES) + index] = gbp
        if line.plain:
            spent[OTHER, :, len(STAFFING_LINES) + index] += _spread(plan, line)
    return Ledger(lines, years, spent, planned, year_of_period)


def priced(plan: Plan, records: Records) -> tuple[Array, Array, Array]:
    """Cash of permanent staff and of cover (periods, accounts), and above (periods, teams)."""
    unit = _by_account(plan.prices.cost_per_fte_day, plan.accounts)
    agency = _by_account(plan.prices.agency_cost_per_fte_day, plan.accounts)
    case_holder = np.array([c[REGISTERED_ROLES[0]] for c in plan.prices.agency_cost_per_fte_day])
    return (
        records.fte_days["filled"] * unit,
        records.fte_days["covered"] * agency,
        records.above_fte_days * case_holder[:, None],
    )


def _by_account(prices: Sequence[Mapping[Role, float]], accounts: Sequence[Account]) -> Array:
    """Prices by period and account; 0 for a role that has none."""
    by_role = np.array([[of_period.get(role, 0.0) for role in ROLES] for of_period in prices])
    return np.take(by_role, [ROLES.index(account.role) for account in accounts], axis=1)


def fill_money_indicators(plan: Plan, records: Records, table: Array) -> None:
    """Write the month's budget, spend and agency spend, by team, into the indicator table."""
    permanent, cover, above = priced(plan, records)
    line = np.array([account.line for account in plan.accounts])
    own = line <= SUPERNUMERARY_LINE
    above_rows = with_council(above)
    table[INDEX["staffing_budget_without_package_gbp"]] = team_sums(
        plan, _budget(plan, records), own
    )
    table[INDEX["staffing_spend_without_package_gbp"]] = (
        team_sums(plan, permanent + cover, own) + above_rows
    )
    table[INDEX["agency_spend_gbp"]] = (
        team_sums(plan, cover, np.ones(len(line), dtype=bool)) + above_rows
    )


def _column(line: int) -> int:
    """Column of the ledger for what the posts of a budget line cost; agency cover apart."""
    own = {BASELINE_LINE: PERMANENT, SUPERNUMERARY_LINE: SUPERNUMERARY}
    return own.get(line, len(STAFFING_LINES) + line - SUPERNUMERARY_LINE - 1)


def _budget(plan: Plan, records: Records) -> Array:
    """Staffing budget by period and account: the council's own posts, held or not."""
    days = sum(records.fte_days[name] for name in ("filled", "covered", "uncovered"))
    unit = _by_account(plan.prices.cost_per_fte_day, plan.accounts)
    own = np.array([account.line == BASELINE_LINE for account in plan.accounts])
    budget: Array = days * unit * own * (1 - plan.prices.vacancy_factor)
    return budget


def supplements(plan: Plan, accounts: Sequence[Account], records: Records) -> Array:
    """Cash of supplements, shape (periods, measures), for the staff of some records.

    Args:
        plan: whose supplements are paid.
        accounts: accounts of the records, which may be another plan's.
        records: who is in post.
    """
    gbp = np.zeros((plan.periods, len(plan.lines) - SUPERNUMERARY_LINE - 1))
    for supplement in plan.supplements:
        cells = np.array([(a.team, a.role) in supplement.cells for a in accounts])
        days = days_between(plan, supplement.start_day, supplement.end_day)
        share = days / np.diff(plan.boundaries)
        years = records.fte_days["filled"][:, cells].sum(axis=1) * share / year_days(plan)
        paid = years * supplement.gbp_per_fte_year
        gbp[:, supplement.line - SUPERNUMERARY_LINE - 1] += paid
    return gbp


def _payments(plan: Plan, records: Records, spent: Array) -> None:
    """Put payments less what came back of them on their lines.

    What comes back of bursaries lowers other costs: it never was pay.
    """
    bursaries = {g.line for g in plan.pipelines.arrivals if g.line is not None and g.repayable_gbp}
    for line in range(SUPERNUMERARY_LINE + 1, records.paid_gbp.shape[1]):
        back = OTHER if line in bursaries else PAY
        spent[PAY, :, _column(line)] += records.paid_gbp[:, line]
        spent[back, :, _column(line)] -= records.recovered_gbp[:, line]


def _costs(plan: Plan, records: Records, spent: Array) -> None:
    """Put what lines cost beside posts and pay on them: amount x what it is paid for."""
    for cost in plan.costs:
        amount = paid_for(plan, plan.accounts, records, cost)
        spent[:, _column(cost.line)] += np.array(cost.gbp) * amount


def paid_for(plan: Plan, accounts: Sequence[Account], records: Records, cost: LineCost) -> Array:
    """By period: how much there is of what a cost is paid for, while it is in force.

    Args:
        plan: whose cost it is.
        accounts: accounts of the records, which may be another plan's.
        records: what there is.
        cost: the cost.
    """
    if cost.basis in _COUNTED:
        return records.line_counts[_COUNTED[cost.basis]][:, cost.line]
    if cost.basis is CostBasis.TRAINEE_YEAR:
        return records.line_counts["trainee_days"][:, cost.line] / year_days(plan)
    if cost.basis is CostBasis.ONE_OFF:
        bounds = np.array(plan.boundaries)
        begins = (bounds[:-1] <= cost.start_day) & (cost.start_day < bounds[1:])
        return begins.astype(np.float64)
    days = days_between(plan, cost.start_day, cost.end_day)
    if cost.basis is CostBasis.YEAR:
        return days / year_days(plan)
    in_force = days / np.diff(plan.boundaries)
    scope = np.array([(a.team, a.role) in cost.cells for a in accounts])
    facts = (
        records.fte_days["filled"] / year_days(plan)[:, None]
        if cost.basis is CostBasis.FTE_YEAR
        else records.flows["starters_experienced"]
    )
    paid: Array = facts[:, scope].sum(axis=1) * in_force
    return paid


_COUNTED = {
    CostBasis.OFFER: "offers",
    CostBasis.START: "starts",
    CostBasis.APPLICATION: "applications",
    CostBasis.REDUNDANCY: "redundancies",
}


def _spread(plan: Plan, line: Line) -> Array:
    """Spend a plan evenly over the days of each financial year on which the line is in force.

    A year in which it never is, though money is planned, is spent over its simulated days.
    """
    result = np.zeros(plan.periods)
    for year, gbp in line.planned_gbp.items():
        opens = financial_year_start(year)
        first = max(0.0, float(day_of(plan.start_date, opens)))
        last = min(plan.horizon, float(day_of(plan.start_date, add_years(opens, 1))))
        begins, ends = max(first, line.start_day), min(last, line.end_day)
        if begins < ends:
            first, last = begins, ends
        result += gbp * days_between(plan, first, last) / (last - first)
    return result


def year_days(plan: Plan) -> Array:
    """By period: days of its financial year, over which what is paid by the year is spread."""
    return np.array(
        [float(days_in_financial_year(financial_year(date))) for date in plan.period_dates]
    )


def days_between(plan: Plan, first: float, last: float) -> Array:
    """By period: its days from one day of the run to before another."""
    bounds = np.array(plan.boundaries)
    days: Array = np.minimum(bounds[1:], last) - np.maximum(bounds[:-1], first)
    return np.maximum(days, 0.0)


def discounted(plan: Plan, by_period: Array, rate: float | None = None) -> float:
    """Present value on day 0 of cash by period: real terms, at a real discount rate.

    Args:
        plan: whose prices and periods they are.
        by_period: cash.
        rate: discount rate; the plan's own where None.
    """
    return float((by_period / np.array(plan.prices.deflator) * _factors(plan, rate)).sum())


def _factors(plan: Plan, rate: float | None) -> Array:
    middle = (np.array(plan.boundaries[:-1]) + np.array(plan.boundaries[1:])) / 2
    chosen = plan.prices.discount_rate if rate is None else rate
    factors: Array = (1 + chosen) ** (-middle / DAYS_PER_YEAR)
    return factors


def real_terms(plan: Plan, ledger: Ledger) -> dict[str, Array]:
    """The ledger's money in prices of day 0, shape (years, lines).

    Returns:
        "planned_real"; "spent_real"; and "spent_present", discounted to day 0 as well. A year's
        planned money is taken to be there evenly over the days of it that are simulated.
    """
    count, years = len(ledger.years), ledger.year_of_period
    deflator = np.array(plan.prices.deflator)
    days = np.diff(plan.boundaries)
    of_year = by_year(days, years, count) / by_year(days / deflator, years, count)
    real, present = ledger.spent_gbp / deflator[:, None], _factors(plan, None)[:, None]
    return {
        "planned_real": ledger.planned_gbp / of_year[:, None],
        "spent_real": by_year(real, years, count),
        "spent_present": by_year(real * present, years, count),
    }
