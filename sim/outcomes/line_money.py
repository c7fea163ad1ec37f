"""Money by line beside planned and spent: real terms, unfunded posts, and what staff are paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sim.engine.records import Array, Records
from sim.inputs.plan import SUPERNUMERARY_LINE, Account, Plan
from sim.outcomes.costs import (
    ABOVE,
    COVER,
    KINDS,
    PAY,
    STAFFING_LINES,
    Ledger,
    by_year,
    paid_for,
    priced,
    real_terms,
    supplements,
)
from sim.scenario.cost import CostBasis

LINE_MONEY = (
    *KINDS, "planned_real", "spent_real", "spent_present", "unfunded", "paid_to_staff", "recovered",
    "paid_without",
)  # fmt: skip
"""Names of the tables by financial year and ledger line: what is spent by kind, then what else is
known of it; `paid_without` is what the line would have paid the staff who are in post without the
scenario."""


def line_money(plan: Plan, records: Records, ledger: Ledger) -> dict[str, Array]:
    """Tables of one run, shape (years, lines), per name in LINE_MONEY but the last."""
    by_period = {
        "unfunded": _unfunded(plan, records),
        "paid_to_staff": paid_to_staff(plan, plan.accounts, records, records.paid_gbp),
        "recovered": _measures(records.recovered_gbp),
    }
    return (
        ledger.kinds_by_year()
        | real_terms(plan, ledger)
        | {name: in_years(ledger, table) for name, table in by_period.items()}
    )


def permanent_pay(tables: Mapping[str, Array]) -> Array:
    """All pay of permanent staff, on whatever line: the tables of line_money, lines last."""
    total: Array = tables[KINDS[PAY]].sum(axis=-1)
    return total


def agency_spend(tables: Mapping[str, Array]) -> Array:
    """All agency staff, covering a vacancy or above establishment, on whatever line."""
    total: Array = tables[KINDS[COVER]].sum(axis=-1) + tables[KINDS[ABOVE]].sum(axis=-1)
    return total


def paid_to_staff(
    plan: Plan, accounts: Sequence[Account], records: Records, payments_gbp: Array
) -> Array:
    """Cash paid to people for being in post, shape (periods, measures).

    Supplements, retention payments before any of it comes back, and costs per FTE in post.

    Args:
        plan: whose lines pay.
        accounts: accounts of the records, which may be another plan's.
        records: who is in post.
        payments_gbp: retention payments to them, shape (periods, the plan's lines).
    """
    gbp = supplements(plan, accounts, records) + _measures(payments_gbp)
    for cost in plan.costs:
        if cost.basis is CostBasis.FTE_YEAR:
            amount = paid_for(plan, accounts, records, cost)
            gbp[:, cost.line - SUPERNUMERARY_LINE - 1] += np.array(cost.gbp) * amount
    return gbp


def in_years(ledger: Ledger, by_period: Array) -> Array:
    """Sum a table of measures to financial years, with columns for the staffing lines before."""
    table = by_year(by_period, ledger.year_of_period, len(ledger.years))
    return np.concatenate([np.zeros((len(table), len(STAFFING_LINES))), table], axis=1)


def _measures(by_line: Array) -> Array:
    """The columns of measures, of a table by budget line."""
    return by_line[:, SUPERNUMERARY_LINE + 1 :]


def _unfunded(plan: Plan, records: Records) -> Array:
    """Cost of posts that nobody pays for any more, until their holders leave.

    From the first whole month on: a month within which the money stops counts as paid for.
    """
    permanent, cover, _ = priced(plan, records)
    opens = np.array(plan.boundaries[:-1])
    gbp = np.zeros((plan.periods, len(plan.lines) - SUPERNUMERARY_LINE - 1))
    for index, account in enumerate(plan.accounts):
        if account.line > SUPERNUMERARY_LINE:
            lapsed = opens >= account.lapse_day
            cost = (permanent[:, index] + cover[:, index]) * lapsed
            gbp[:, account.line - SUPERNUMERARY_LINE - 1] += cost
    return gbp
