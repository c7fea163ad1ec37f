"""What a scenario's payments would have cost with the staff of doing nothing.

The run that others are compared with is asked, on each day on which a scenario pays, who would have
been paid. Nobody is told and nobody is tied, so that the run is what it would have been.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sim.engine.records import Array, Records
from sim.inputs.plan import SUPERNUMERARY_LINE, Payment, Plan

_OWN = SUPERNUMERARY_LINE + 1
"""Number of a council's own budget lines; those of measures follow."""


def asked_for(base: Plan, others: Sequence[Plan]) -> Plan:
    """The first plan, asked whom the others' payments would have gone to."""
    lines, payments = list(base.lines), list(base.payments)
    for plan in others:
        first = len(lines)
        lines += plan.lines[_OWN:]
        payments += [_asked(payment, first) for payment in plan.payments]
    payments.sort(key=lambda payment: (payment.day, payment.line))
    return replace(base, lines=tuple(lines), payments=tuple(payments))


def _asked(payment: Payment, first: int) -> Payment:
    return replace(payment, line=first + payment.line - _OWN, tie_in_days=0.0)


def answers(
    records: Records, base: Plan, others: Sequence[Plan]
) -> tuple[Records, tuple[Array, ...]]:
    """The records as the first plan's own, and the payments of each of the others.

    Returns:
        The records; and payments, shape (periods, that plan's lines).
    """
    found, first = [], len(base.lines)
    for plan in others:
        last = first + len(plan.lines) - _OWN
        # The council's own lines, which pay nobody, stand before a plan's measures.
        columns = [*range(_OWN), *range(first, last)]
        found.append(records.paid_gbp[:, columns])
        first = last
    own = slice(len(base.lines))
    return replace(
        records,
        paid_gbp=records.paid_gbp[:, own],
        recovered_gbp=records.recovered_gbp[:, own],
        line_counts={name: table[:, own] for name, table in records.line_counts.items()},
    ), tuple(found)
