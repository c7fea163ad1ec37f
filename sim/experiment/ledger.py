"""The rows of a ledger: every line by kind of spending, and the totals over lines."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sim.engine.records import Array
from sim.experiment.compare import LedgerRows
from sim.experiment.financial_years import YearSpan
from sim.experiment.spread import Range, chance_under, spread
from sim.outcomes.costs import KINDS, STAFFING_LINES

STAFFING = slice(0, len(STAFFING_LINES))
"""Ledger lines of the council's own staffing."""
PACKAGE = slice(len(STAFFING_LINES), None)
"""Ledger lines of a scenario's own measures."""
TOTALS = {"staffing lines": STAFFING, "package lines": PACKAGE, "all lines": slice(None)}
"""Totals over lines, under names that no line can have: keys hold no space."""
ALL_KINDS = "all"


class LedgerRow(NamedTuple):
    """One line, or a total of lines, in one financial year; GBP cash but where it says otherwise.

    Attributes:
        span: the financial year.
        line: key of the line, or a name in TOTALS.
        kind: in KINDS, or ALL_KINDS. Money is planned by line, not by kind: what follows `spent`
            is there for all kinds together alone.
        spent: what is spent.
        planned: planned money.
        over: spent less planned: under (-) or over (+). None for a line of the council's own
            staffing, whose budget stands on one line and whose spending on several.
        chance_under: share of pairs in which some is left; nan likewise.
        unfunded: of what is spent, the cost of posts that nobody pays for any more.
        planned_real, spent_real: means, in prices of day 0.
        spent_present: mean, real and discounted to day 0.
    """

    span: YearSpan
    line: str
    kind: str
    spent: Range
    planned: float = math.nan
    over: Range | None = None
    chance_under: float = math.nan
    unfunded: float = math.nan
    planned_real: float = math.nan
    spent_real: float = math.nan
    spent_present: float = math.nan


def ledger_rows(ledger: LedgerRows, spans: Sequence[YearSpan]) -> list[LedgerRow]:
    """Every line of a ledger in every year, then the totals over lines.

    Args:
        ledger: one scenario's.
        spans: its financial years.
    """
    lines = {line: slice(i, i + 1) for i, line in enumerate(ledger.lines)}
    totals = {name: of for name, of in TOTALS.items() if ledger.lines[of]}
    return [
        row
        for year, span in enumerate(spans)
        for line, of in {**lines, **totals}.items()
        for row in _rows(ledger, span, year, line, of)
    ]


def _rows(
    ledger: LedgerRows, span: YearSpan, year: int, line: str, of: slice
) -> Iterator[LedgerRow]:
    """A row for each kind of spending that the line has in any year, and one for all of them."""
    for kind in KINDS:
        spent = ledger.by_line[kind][:, :, of].sum(axis=2)
        if spent.any():
            yield LedgerRow(span, line, kind, spread(spent[:, year]))

    def mean(name: str) -> float:
        return float(_total(ledger.by_line[name], year, of).mean())

    spent = _total(ledger.spent_gbp, year, of)
    planned = _total(ledger.planned_gbp, year, of)
    has_budget = line not in STAFFING_LINES
    yield LedgerRow(
        span,
        line,
        ALL_KINDS,
        spread(spent),
        float(planned.mean()),
        spread(spent - planned) if has_budget else None,
        chance_under(spent, planned) if has_budget else math.nan,
        mean("unfunded"),
        mean("planned_real"),
        mean("spent_real"),
        mean("spent_present"),
    )


def _total(table: Array, year: int, of: slice) -> Array:
    """By pair: a table's sum over some lines in a year."""
    total: Array = table[:, year, of].sum(axis=1)
    return total
