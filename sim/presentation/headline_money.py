"""The parts of the headline about money by line: underspends, and what staff are paid."""

from __future__ import annotations

import math

import numpy as np
from rich.table import Table

from sim.experiment.compare import Comparison
from sim.experiment.money import (
    LedgerRow,
    PaidToStaff,
    Range,
    complete_years,
    ledger_rows,
    paid_to_staff,
    present_values,
    spread,
    years_of_money,
)
from sim.experiment.statistics import Ratio
from sim.inputs.plan import SUPERNUMERARY_LINE
from sim.outcomes.costs import STAFFING_LINES
from sim.presentation.amounts import fte, percent, pounds
from sim.presentation.tables import NOTHING, new_table

_YEARS = 2
"""Financial years in the table by line: the first, which is voted, and the one after it."""
_NAME = 34
"""Characters of a line's name: three columns a year stand beside it."""


def range_cell(value: Range, signed: bool = False) -> str:
    """A mean and the range that 8 runs in 10 fall in."""
    low, high = pounds(value.p10, signed), pounds(value.p90, signed)
    return f"{pounds(value.mean, signed)}\n({low}\nto {high})"


def ratio_cell(ratio: Ratio, nothing: str) -> str:
    """Pounds for one of something, with their 95 % interval.

    Args:
        ratio: what is written.
        nothing: words for no value: nothing was gained.
    """
    if math.isnan(ratio.value):
        return nothing
    if math.isnan(ratio.ci_low):
        return f"{pounds(ratio.value)}\n(no interval)"
    return f"{pounds(ratio.value)}\n({pounds(ratio.ci_low)} to {pounds(ratio.ci_high)})"


def funded_cell(comparison: Comparison, scenario: int) -> str:
    """FTE funded, and what is left of it where not all of the money is agreed."""
    chosen, plan = comparison.scenarios[scenario], comparison.plans[scenario]
    if chosen.cut is None:
        return fte(chosen.funded_fte)
    posts = sum(
        post.fte
        for post in plan.posts
        if plan.accounts[post.account].line > SUPERNUMERARY_LINE and post.lapse_day == math.inf
    )
    plain = sum(measure.funded_fte for measure in chosen.measures if not measure.has_effect)
    left = posts + chosen.cut.agreed_share * plain
    return f"{fte(chosen.funded_fte)}\n({fte(left)} from {chosen.cut.financial_year})"


def add_present_values(table: Table, comparison: Comparison) -> None:
    """Rows of the net cost over the run, at the chosen discount rate and at a lower one."""
    found = [present_values(comparison, s) for s in range(1, len(comparison.scenarios))]
    for rate in sorted(found[0], reverse=True):
        cells = [range_cell(spread(values[rate]), signed=True) for values in found]
        words = f"Net cost over the run, real, discounted at {rate * 100:g} % (8 runs in 10)"
        table.add_row(words, *cells)


def line_table(comparison: Comparison, scenario: int) -> Table:
    """Planned money of each line, what is left of it, and how often some is."""
    ledger, chosen = comparison.ledgers[scenario], comparison.scenarios[scenario]
    years = complete_years(comparison.plans[scenario], ledger.years)[:_YEARS]
    columns = [
        column
        for year in years
        for column in (f"{year}\nplanned", "unspent\n(mean)", "chance\nunspent")
    ]
    table = new_table(f"Money by line, cash: {chosen.name}", "", *columns)
    rows = {(row.year, row.line): row for row in ledger_rows(ledger)}
    names = {line.key: line.name for line in comparison.plans[scenario].lines}
    for line in ledger.lines[len(STAFFING_LINES) :]:
        cells = [cell for year in years for cell in _line_cells(rows[year, line])]
        if any(cell != NOTHING for cell in cells):
            table.add_row(_short(names[line]), *cells)
    totals = {year.year: year for year in years_of_money(comparison, scenario)}
    cells = [
        cell
        for year in years
        for cell in (
            pounds(totals[year].planned),
            pounds(totals[year].unspent.mean),
            percent(totals[year].chance_unspent),
        )
    ]
    table.add_section()
    table.add_row("All lines", *cells)
    return table


def _line_cells(row: LedgerRow) -> tuple[str, str, str]:
    """Nothing for a line without money in the year."""
    if row.unspent is None or not (row.planned or row.mean):
        return NOTHING, NOTHING, NOTHING
    return pounds(row.planned), pounds(row.unspent.mean), percent(row.chance_unspent)


def _short(name: str) -> str:
    return name if len(name) <= _NAME else f"{name[: _NAME - 3]}..."


def paid_tables(comparison: Comparison) -> list[Table]:
    """What lines pay people for being in post, and how much of it to those who'd be there anyway.

    No table where no line pays anybody.
    """
    table = new_table(
        "Paid to people in post, over the run (8 runs in 10)",
        "", "Paid", "Recovered", "To people who'd be\nin post anyway",
    )  # fmt: skip
    for s, scenario in list(enumerate(comparison.scenarios))[1:]:
        names = {line.key: line.name for line in comparison.plans[s].lines}
        for line in paid_to_staff(comparison, s):
            table.add_row(f"{scenario.label}: {names[line.line]}", *_paid_cells(line))
    return [table] if table.row_count else []


def _paid_cells(line: PaidToStaff) -> tuple[str, str, str]:
    share = line.deadweight_share
    known = share[~np.isnan(share)]
    if not known.size:
        return pounds(float(line.paid.mean())), NOTHING, NOTHING
    found = spread(known)
    words = f"{percent(found.mean)}\n({percent(found.p10)} to {percent(found.p90)})"
    back = pounds(float(line.recovered.mean())) if line.recovered.any() else NOTHING
    return range_cell(spread(line.paid)), back, words
