"""Chart of staffing spend against budget, by financial year."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from matplotlib.axes import Axes

from sim.engine.records import Array
from sim.experiment.compare import Comparison, headline_column
from sim.experiment.statistics import Summary, summarise
from sim.presentation import words
from sim.presentation.charts.chart import Chart
from sim.presentation.charts.style import BLUE, GREY, INK, make_page, panels, reach, size_of
from sim.presentation.findings import Verdict, shared, verdict
from sim.presentation.ranges import runs_of

PANEL_IN = 3.7
HEADS_IN, TABLE_IN = 0.84, 1.0
YEAR_IN = 0.75
MILLION = 1e6


@dataclass(frozen=True)
class Money:
    """Spend, budget and the one less the other, by complete financial year, £m."""

    years: tuple[str, ...]
    spent: Summary
    planned: Array
    over: Summary


def spend_against_budget(comparison: Comparison) -> Chart:
    """Draw all staffing spend of each scenario against its budget, package included."""
    money = [_money(comparison, s) for s in range(words.drawn(comparison))]
    y = _reporting_year(comparison, money[0])
    title = _title(money, y, len(comparison.scenarios))
    notes = f"{words.part_year(comparison)} {words.first_only(comparison)}"
    package = ", the package’s included" if len(money) > 1 else ""
    subtitle = (
        f"All staffing spend and budget{package}, £m cash, mean of runs,"
        f" {comparison.study.council.name}, {money[0].years[0]} to {money[0].years[-1]}. Upright"
        f" bars: spend in {words.spread_of(comparison.pairs)}. {notes}"
    ).strip()
    page = make_page(title, subtitle, words.caption(comparison), -(-len(money) // 2) * PANEL_IN)
    names = words.full_names(comparison)[: len(money)]
    ends = [v for m in money for row in (m.spent.p10, m.spent.p90, m.planned) for v in row]
    for axes, m in zip(panels(page, names, HEADS_IN, TABLE_IN, 0.0), money, strict=True):
        _draw(axes, m, reach(ends, 1.08))
    text = _text(comparison, money)
    return Chart("spend_against_budget", title, subtitle, text, page.figure)


def _money(comparison: Comparison, scenario: int) -> Money:
    ledger, draws = comparison.ledgers[scenario], comparison.variants[0].draws
    kept = words.complete_years(comparison)
    spent = ledger.spent_gbp.sum(axis=2)[:, kept] / MILLION
    planned = ledger.planned_gbp.sum(axis=2)[:, kept] / MILLION
    return Money(
        tuple(ledger.years[i] for i in kept),
        summarise(spent, draws),
        summarise(planned, draws).mean,
        summarise(spent - planned, draws),
    )


def _reporting_year(comparison: Comparison, money: Money) -> int:
    """Index of the financial year that ends at the reporting month."""
    date = comparison.dates[headline_column(comparison)]
    return next(
        (i for i, year in enumerate(money.years) if int(year[:4]) == date.year - 1),
        len(money.years) - 1,
    )


# Drawing ----------------------------------------------------------------------------------


def _draw(axes: Axes, money: Money, top: float) -> None:
    place = np.arange(len(money.years))
    axes.vlines(place - 0.14, money.spent.p10, money.spent.p90, color=BLUE, linewidth=2.5)
    axes.plot(place - 0.14, money.spent.mean, "o", color=BLUE, markersize=8)
    axes.hlines(money.planned, place + 0.02, place + 0.38, color=GREY, linewidth=4)
    axes.set_ylim(0, top)
    axes.set_xlim(-0.5, len(place) - 0.5)
    _table(axes, money)


def _table(axes: Axes, money: Money) -> None:
    """Years and numbers under the points, as far as there is room."""
    step = max(1, math.ceil(YEAR_IN * len(money.years) / size_of(axes)[0]))
    shown = range(0, len(money.years), step)
    axes.set_xticks(list(shown), [money.years[i] for i in shown])
    for line, (head, row, colour) in enumerate(
        (("● Spent", money.spent.mean, BLUE), ("▬ Budget", money.planned, GREY))
    ):
        down = -24.0 - 17 * line
        _beneath(axes, head, (0, 0), (-60, down), colour, ha="left")
        for i in shown:
            _beneath(axes, words.number(float(row[i]), 1), (i, 0), (0, down), INK, ha="center")


def _beneath(
    axes: Axes,
    text: str,
    place: tuple[float, float],
    offset: tuple[float, float],
    colour: str,
    ha: Literal["left", "center"],
) -> None:
    """Text under the axes: at a point of x, or at their left edge if aligned left."""
    across = "axes fraction" if ha == "left" else "data"
    axes.annotate(
        text,
        place,
        xycoords=(across, "axes fraction"),
        xytext=offset,
        textcoords="offset points",
        ha=ha,
        va="top",
        color=colour,
        annotation_clip=False,
    )


# Words ------------------------------------------------------------------------------------


def _title(money: list[Money], y: int, among: int) -> str:
    over = [float(m.over.mean[y]) for m in money]
    found = [verdict(runs_of(m.over, y)) for m in money]
    year, count = money[0].years[y], len(money)
    who = {1: "Staffing", 2: "Both scenarios"}.get(count, f"All {count} scenarios")
    who = who if count == among else f"The first {count} scenarios"
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
    return f"Staffing overspends in {found.count(Verdict.MORE)} of {count} scenarios in {year}"


def _range(millions: list[float]) -> str:
    low, high = f"£{min(millions):.1f}m", f"£{max(millions):.1f}m"
    return low if low == high else f"{low} to {high}"


def _text(comparison: Comparison, money: list[Money]) -> str:
    parts = ["Staffing spend and budget by financial year, £m cash, mean of runs:"]
    for name, m in zip(words.full_names(comparison), money, strict=False):
        years = [_year_text(m, i, comparison.pairs) for i in range(len(m.years))]
        parts.append(f"- {name}: {'; '.join(years)}.")
    parts += [words.part_year(comparison), words.not_drawn(comparison)]
    parts.append(words.caption(comparison))
    return "\n".join(part for part in parts if part)


def _year_text(money: Money, i: int, pairs: int) -> str:
    spent, over = money.spent, float(money.over.mean[i])
    word = "over" if over >= 0 else "under"
    band = words.between(float(money.over.p10[i]), float(money.over.p90[i]), 1)
    runs = words.spread_of(pairs)
    return (
        f"{money.years[i]} spent {spent.mean[i]:.1f} ({runs}:"
        f" {words.between(float(spent.p10[i]), float(spent.p90[i]), 1)}), budget"
        f" {money.planned[i]:.1f}, {word} by {abs(over):.1f}"
        f" ({runs}: {band})"
    )
