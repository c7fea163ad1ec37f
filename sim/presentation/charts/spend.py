"""Chart of staffing spend against budget: over or under it, by financial year."""

from __future__ import annotations

from dataclasses import dataclass

from sim.experiment.compare import Comparison, headline_column
from sim.experiment.statistics import summarise
from sim.presentation import words
from sim.presentation.charts.chart import Chart
from sim.presentation.charts.grid import (
    FEW,
    Cell,
    Column,
    Group,
    Row,
    Section,
    change_in,
    how_told,
    in_words,
    key,
    look_of,
)
from sim.presentation.charts.grid_drawing import draw_sections
from sim.presentation.findings import Verdict, commonest, shared, verdict
from sim.presentation.ranges import Runs, runs_of

MILLION = 1e6
NAMES_IN = 1.9
_SMALL = 1.0
"""£ million below which a range needs a second decimal."""


@dataclass(frozen=True)
class Money:
    """One scenario's spend, budget and the one minus the other, by complete year, £ million."""

    years: tuple[str, ...]
    spent: tuple[Runs, ...]
    budget: tuple[Runs, ...]
    over: tuple[Runs, ...]


def spend_against_budget(comparison: Comparison) -> Chart:
    """Draw all staffing spend of each scenario minus its budget, package included."""
    money = [_money(comparison, s) for s in range(len(comparison.scenarios))]
    y = _reporting_year(comparison, money[0])
    title = _title(money, y)
    section = _section(comparison, money, y)
    package = ", the package’s included" if len(money) > 1 else ""
    years = money[0].years
    shown = f"{years[0]} to {years[-1]}" if len(money) <= FEW else years[y]
    subtitle = (
        f"All staffing spend minus its budget{package}, £m cash, {comparison.study.council.name},"
        f" {shown}. {key(comparison.pairs)} {words.part_year(comparison)}"
    ).strip()
    page = draw_sections(title, subtitle, words.caption(comparison), [section])
    text = in_words(
        f"Staffing spend minus budget by financial year, £m cash, {how_told(comparison.pairs)};"
        " budget and spend are of the middle run:",
        section,
        words.part_year(comparison),
        words.caption(comparison),
    )
    return Chart("spend_against_budget", title, subtitle, text, page.figure)


# Numbers ----------------------------------------------------------------------------------


def _money(comparison: Comparison, scenario: int) -> Money:
    ledger, draws = comparison.ledgers[scenario], comparison.average.draws
    kept = words.complete_years(comparison)
    spent = ledger.spent_gbp.sum(axis=2)[:, kept] / MILLION
    budget = ledger.planned_gbp.sum(axis=2)[:, kept] / MILLION
    found = [
        tuple(runs_of(summary, i) for i in range(len(kept)))
        for summary in (summarise(values, draws) for values in (spent, budget, spent - budget))
    ]
    return Money(tuple(ledger.years[i] for i in kept), *found)


def _reporting_year(comparison: Comparison, money: Money) -> int:
    """Index of the financial year that ends at the reporting month."""
    date = comparison.dates[headline_column(comparison)]
    return next(
        (i for i, year in enumerate(money.years) if int(year[:4]) == date.year - 1),
        len(money.years) - 1,
    )


def _section(comparison: Comparison, money: list[Money], y: int) -> Section:
    """Every year where scenarios are few; else the reporting year."""
    few = len(money) <= FEW
    years = range(len(money[0].years)) if few else (y,)
    widest = max(abs(v) for m in money for i in years for v in (m.over[i].low, m.over[i].high))
    columns = (
        Column(f"Middle ({words.spread_of(comparison.pairs)})",
               "£m under (−) or over (+) budget", change_in(2 if widest < _SMALL else 1)),
        Column("Spent"),
        Column("Budget"),
    )  # fmt: skip
    names = words.short_names(comparison)
    groups = tuple(
        Group(
            money[0].years[i],
            tuple(
                Row(
                    names[s], (Cell(m.over[i]), _plain(m.spent[i]), _plain(m.budget[i])), look_of(s)
                )
                for s, m in enumerate(money)
            ),
        )
        for i in years
    )
    return Section(columns, groups, NAMES_IN)


def _plain(runs: Runs) -> Cell:
    return Cell(words=words.number(runs.middle, 1))


# Words ------------------------------------------------------------------------------------


def _title(money: list[Money], y: int) -> str:
    over = [m.over[y].middle for m in money]
    found = [verdict(m.over[y]) for m in money]
    year, count = money[0].years[y], len(money)
    who = {1: "Staffing", 2: "Both scenarios"}.get(count, f"All {count} scenarios")
    s = "s" if count == 1 else ""
    match shared(found):
        case Verdict.MORE:
            return f"{who} overspend{s} by {_range(over)} in {year}"
        case Verdict.FEWER:
            return f"{who} underspend{s} by {_range([-value for value in over])} in {year}"
        case Verdict.UNCLEAR:
            return f"Staffing may over- or underspend in {year}"
        case Verdict.UNTESTED:
            return f"Too few runs to tell staffing spend from its budget in {year}"
    change, some = commonest(found) or (Verdict.MORE, 0)
    side = "overspends" if change is Verdict.MORE else "underspends"
    return f"Staffing {side} in {some} of {count} scenarios in {year}"


def _range(millions: list[float]) -> str:
    low, high = f"£{min(millions):.1f}m", f"£{max(millions):.1f}m"
    return low if low == high else f"{low} to {high}"
