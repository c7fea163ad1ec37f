"""The headline's tables of money: by year, by line, and what staff are paid. All of them add up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial

from rich.table import Table

from sim.experiment.compare import Comparison, LedgerRows
from sim.experiment.financial_years import YearSpan, year_spans
from sim.experiment.ledger import PACKAGE
from sim.experiment.money import PaidToStaff, YearOfMoney, paid_to_staff, years_of_money
from sim.experiment.spread import Range, chance_under, spread
from sim.outcomes.costs import ABOVE, COVER, KINDS, OTHER, PAY, STAFFING_LINES
from sim.presentation.amounts import percent, pounds, signed_thousands, thousands
from sim.presentation.ranges import Write
from sim.presentation.tables import NOTHING, new_table
from sim.presentation.words import spread_of
from sim.scenario.scenario import Scenario

_NAME = 30
"""Characters of a line's name: a column a year stands beside it."""
_PARTS = "  "
"""Before the name of a row that is part of the row above."""
UNDER_OR_OVER = "Under (−) or over (+)"


def money_table(comparison: Comparison, scenario: int) -> Table:
    """What was voted and spent by year, and the net change in all spending, row by row."""
    years = years_of_money(comparison, scenario)
    chosen, start = comparison.scenarios[scenario], comparison.plans[0].start_date
    rate = comparison.plans[0].prices.discount_rate
    table = _by_year(f"Money, £k cash, mean: {chosen.name}", [year.span for year in years])

    def row(words: str, cell: Callable[[YearOfMoney], str]) -> None:
        table.add_row(words, *(cell(year) for year in years))

    def ends(of: Callable[[YearOfMoney], Range], write: Write) -> None:
        row(f"{_PARTS}{spread_of(comparison.pairs)}: from", lambda y: write(of(y).p10))
        row(f"{_PARTS}to", lambda y: write(of(y).p90))

    voted, over = _words_for(chosen)
    row(voted, lambda y: thousands(y.planned))
    row("Spent on its lines", lambda y: thousands(y.spent.mean))
    ends(lambda y: y.spent, thousands)
    row(f"{_PARTS}pay", lambda y: thousands(y.spent_by_kind[KINDS[PAY]]))
    row(f"{_PARTS}agency cover", lambda y: thousands(y.spent_by_kind[KINDS[COVER]]))
    row(f"{_PARTS}other costs", lambda y: thousands(y.spent_by_kind[KINDS[OTHER]]))
    if any(year.unfunded.mean > 0 for year in years):
        row("Of it on posts no longer funded", lambda y: thousands(y.unfunded.mean))
    row(f"{UNDER_OR_OVER} {over}", lambda y: signed_thousands(y.over.mean))
    ends(lambda y: y.over, signed_thousands)
    row("Chance of an underspend", lambda y: percent(y.chance_under))
    table.add_section()
    row("Change in the council's own staffing", lambda y: signed_thousands(_own(y)))
    for line, words in _OWN_LINES.items():
        row(f"{_PARTS}{words}", partial(_own_line, line))
    table.add_section()
    row("Net change: its lines and own staffing", lambda y: signed_thousands(y.net.mean))
    ends(lambda y: y.net, signed_thousands)
    row(f"{_PARTS}permanent pay", lambda y: signed_thousands(y.net_by_kind[KINDS[PAY]]))
    row(f"{_PARTS}agency staff", lambda y: signed_thousands(_agency(y)))
    row(f"{_PARTS}other costs", lambda y: signed_thousands(y.net_by_kind[KINDS[OTHER]]))
    row(f"Net change {UNDER_OR_OVER.lower()} {over}", lambda y: signed_thousands(y.net_over))
    row(
        f"Net change in prices of {_day(start)} {start:%Y}, discounted at {rate * 100:g} %",
        lambda y: signed_thousands(y.net_present),
    )
    return table


def _words_for(scenario: Scenario) -> tuple[str, str]:
    """What planned money is, and what spending is held against."""
    if scenario.states_money:
        return "Voted (planned money)", "what was voted"
    if scenario.funded_fte:
        return "No money stated: cost of all its posts", "that cost"
    return "Voted: no money stated", "what was voted"


_OWN_LINES = dict(
    zip(
        STAFFING_LINES,
        ("permanent staff", "agency cover", "agency above establishment", "supernumerary staff"),
        strict=True,
    )
)


def _own_line(line: str, year: YearOfMoney) -> str:
    return signed_thousands(year.own_staffing[line])


def _own(year: YearOfMoney) -> float:
    return sum(year.own_staffing.values())


def _agency(year: YearOfMoney) -> float:
    return year.net_by_kind[KINDS[COVER]] + year.net_by_kind[KINDS[ABOVE]]


def line_tables(comparison: Comparison, scenario: int) -> tuple[Table, Table]:
    """By line and year: planned money; and what is under or over it, with the chance of under."""
    ledger, chosen = comparison.ledgers[scenario], comparison.scenarios[scenario]
    spans = year_spans(comparison.plans[scenario])
    columns = [[i] for i in range(len(spans))] + [[*range(len(spans))]]
    names = {line.key: line.name for line in comparison.plans[scenario].lines}
    planned = _by_year(f"Planned by line, £k cash: {chosen.name}", [*spans, None])
    than, words = _words_for(chosen)[1], "by line, £k cash, mean (chance of an underspend)"
    over = _by_year(f"{UNDER_OR_OVER} {than}, {words}: {chosen.name}", [*spans, None])
    each = [
        (names[line], slice(i, i + 1))
        for i, line in enumerate(ledger.lines[PACKAGE], start=len(STAFFING_LINES))
    ]
    for name, at in [*each, ("All lines", PACKAGE)]:
        cells = [_line_cells(ledger, years, at) for years in columns]
        for table, column in ((planned, 0), (over, 1)):
            if at == PACKAGE:
                table.add_section()
            table.add_row(_short(name), *(pair[column] for pair in cells))
    return planned, over


def _line_cells(ledger: LedgerRows, years: list[int], lines: slice) -> tuple[str, str]:
    """Planned money; and spent less planned, with the chance of an underspend."""
    planned, spent = (
        table[:, years, lines].sum(axis=(1, 2)) for table in (ledger.planned_gbp, ledger.spent_gbp)
    )
    if not (planned.any() or spent.any()):
        return NOTHING, NOTHING
    over = signed_thousands(float((spent - planned).mean()))
    return thousands(float(planned.mean())), f"{over}\n({percent(chance_under(spent, planned))})"


def _by_year(title: str, spans: Sequence[YearSpan | None]) -> Table:
    """A table with a column a year, whose numbers stay whole however narrow the screen is."""
    table = new_table(title, "", *(_heading(span) for span in spans))
    table.padding = (0, 1, 0, 0)
    for column in table.columns[1:]:
        column.no_wrap = True
    return table


def _heading(span: YearSpan | None) -> str:
    """A financial year, marked where it is only part of one."""
    if span is None:
        return "All\nyears"
    parts = [f"from\n{_day(span.first)}"] if span.starts_late else []
    parts += [f"to\n{_day(span.last)}"] if span.ends_early else []
    return "\n".join([span.year, *parts])


def _day(date: dt.date) -> str:
    return f"{date.day} {date:%b}"


def _range(value: Range) -> str:
    return f"{pounds(value.mean)}\n({pounds(value.p10)} to {pounds(value.p90)})"


def _short(name: str) -> str:
    return name if len(name) <= _NAME else f"{name[: _NAME - 3]}..."


def paid_tables(comparison: Comparison) -> list[Table]:
    """What lines pay people for being in post, and how much of it to those who'd be there anyway.

    No table where no line pays anybody.
    """
    table = new_table(
        f"Paid to people in post, over the run ({spread_of(comparison.pairs)})",
        "", "Paid", "Repaid by\nleavers", "To people who'd be\nin post anyway",
    )  # fmt: skip
    for s, scenario in list(enumerate(comparison.scenarios))[1:]:
        names = {line.key: line.name for line in comparison.plans[s].lines}
        for line in paid_to_staff(comparison, s):
            table.add_row(f"{scenario.label}: {names[line.line]}", *_paid_cells(line))
    return [table] if table.row_count else []


def _paid_cells(line: PaidToStaff) -> tuple[str, str, str]:
    paid = float(line.paid.mean())
    if not paid > 0:
        return pounds(paid), NOTHING, NOTHING
    anyway = float(line.deadweight.mean())
    back = pounds(float(line.recovered.mean())) if line.recovered.any() else NOTHING
    return _range(spread(line.paid)), back, f"{pounds(anyway)}\n({percent(anyway / paid)})"
