"""The headline: what a package would do, in a councillor's words, as tables for the screen."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from rich.box import SIMPLE_HEAD
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from sim.experiment.compare import POSITION, Comparison, headline_column
from sim.experiment.money import (
    Range,
    baseline_variance,
    cost_per_extra_fte_year,
    plain_lines,
    present_value_change,
    years_of_money,
)
from sim.experiment.statistics import Summary
from sim.presentation.amounts import fte, percent, pounds

_WIDTH = 100
"""Columns of the plain-text headline."""


@dataclass(frozen=True)
class _Row:
    """One line of the headline: an indicator and how its numbers are written."""

    indicator: str
    words: str
    write: Callable[[float], str]
    write_change: Callable[[float], str]


def _signed_fte(value: float) -> str:
    return fte(value, signed=True)


def _points(value: float) -> str:
    text = f"{value * 100:+.0f}".replace("-", "−")
    return "" if math.isnan(value) else f"{'0' if text in ('+0', '−0') else text} pts"


def _days(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.0f}"


def _signed_days(value: float) -> str:
    return "" if math.isnan(value) else f"{value:+.0f}".replace("-", "−")


_ROWS = (
    _Row("inpost_fte", "Social workers in post (FTE, managers included)", fte, _signed_fte),
    _Row(
        "uncovered_against_baseline_fte",
        "Posts uncovered (FTE, of today's establishment)",
        fte,
        _signed_fte,
    ),
    _Row("agency_fte", "Agency workers (FTE)", fte, _signed_fte),
    _Row("vacancy_rate_fte", "Vacancy rate (funding posts raises it)", percent, _points),
    _Row("target_social_worker", "Of {sw} social workers to recruit: filled", fte,
         _signed_fte),
    _Row("target_team_manager", "Of {tm} team managers to recruit: filled", fte,
         _signed_fte),
    _Row("target_all_social_worker", "Chance that all {sw} are filled", percent, _points),
    _Row("starters_since_start_fte", "Permanent starters since day 0 (FTE)", fte, _signed_fte),
    _Row("time_to_fill_days", "Days to fill a vacancy", _days, _signed_days),
    _Row("displacement_fte", "Lost by teams that get no post (FTE)", fte, fte),
)  # fmt: skip


def headline(comparison: Comparison) -> Group:
    """All tables and notes of a run or comparison."""
    parts: list[Table | Text] = [_effects(comparison)]
    if len(comparison.scenarios) > 1:
        if len(comparison.variants) > 1:
            parts += [_gamma_table(comparison)]
        parts += [_funding_table(comparison)]
        parts += [_money(comparison, s) for s in range(1, len(comparison.scenarios))]
    parts.append(_notes(comparison))
    return Group(*parts)


def headline_text(comparison: Comparison) -> str:
    """The same as plain text, for a file."""
    console = Console(width=_WIDTH, no_color=True, record=True, file=io.StringIO())
    console.print(headline(comparison))
    lines = console.export_text().splitlines()
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD)
    for index, column in enumerate(columns):
        table.add_column(column, justify="left" if index == 0 else "right")
    return table


def _interval(summary: Summary, cell: tuple[int, int, int], write: Callable[[float], str]) -> str:
    mean = float(summary.mean[cell])
    if math.isnan(mean):
        return "–"
    low, high = float(summary.ci_low[cell]), float(summary.ci_high[cell])
    if math.isnan(low):
        return f"{write(mean)}\n(too few draws)"
    return f"{write(mean)}\n({write(low)} to {write(high)})"


def _effects(comparison: Comparison) -> Table:
    column = headline_column(comparison)
    date = comparison.dates[column]
    council = comparison.study.council.name
    names = [s.label for s in comparison.scenarios[1:]]
    title = f"{council}, {date:%d %B %Y}: what changes against doing nothing (95 % interval)"
    if not names:
        title = f"{council}, {date:%d %B %Y}: {comparison.scenarios[0].name} (95 % interval)"
    table = _table(title, "", comparison.scenarios[0].label, *names)
    base = comparison.summary(0)
    people = comparison.study.targets
    for row in _ROWS:
        i = POSITION[row.indicator]
        cells = []
        if i < base.mean.shape[0]:
            cells.append(_interval(base, (i, 0, column), row.write))
        else:
            cells.append("–")
        for s in range(1, len(comparison.scenarios)):
            difference = comparison.difference(s)
            cells.append(_interval(difference, (i, 0, column), row.write_change))
        if any(cell != "–" for cell in cells):
            words = row.words.format(
                sw=people.get("social_worker", ""), tm=people.get("team_manager", "")
            )
            table.add_row(words, *cells)
    return table


def _gamma_table(comparison: Comparison) -> Table:
    """Extra social workers in post by how hiring answers to vacancies."""
    column = headline_column(comparison)
    labels = ["All draws", "Average of\nthe same draws"]
    for variant in comparison.variants[1:]:
        draws = len(np.unique(variant.draws))
        labels.append(f"{variant.gamma}\n({draws} draws)")
    table = _table(
        f"Extra social workers in post, {comparison.dates[column]:%d %B %Y}, if hiring answers to"
        " vacancies hardly (0.1), partly (0.4) or well (0.8): nobody knows which",
        "",
        *labels,
    )
    for s in range(1, len(comparison.scenarios)):
        for indicator, words in (
            ("inpost_fte", "FTE"),
            ("post_yield_social_work", "per social work FTE funded"),
        ):
            write = _signed_fte if indicator == "inpost_fte" else _two_decimals
            found = [comparison.difference(s), comparison.difference_on_gamma_draws(s)]
            found += [comparison.difference(s, v) for v in range(1, len(comparison.variants))]
            cells = [_interval(f, (POSITION[indicator], 0, column), write) for f in found]
            table.add_row(f"{comparison.scenarios[s].label}: {words}", *cells)
    return table


def _two_decimals(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.2f}".replace("-", "−")


def _funding_table(comparison: Comparison) -> Table:
    column = headline_column(comparison)
    names = [s.label for s in comparison.scenarios[1:]]
    table = _table("What the money buys", "", *names)
    scenarios = range(1, len(comparison.scenarios))

    def cells(write: Callable[[int], str]) -> list[str]:
        return [write(s) for s in scenarios]

    def funded(s: int) -> str:
        return fte(comparison.scenarios[s].funded_fte)

    def extra(s: int) -> str:
        cell = (POSITION["inpost_all_roles_fte"], 0, column)
        return _interval(comparison.difference(s), cell, _signed_fte)

    def posts_yield(s: int) -> str:
        cell = (POSITION["post_yield"], 0, column)
        return _interval(comparison.difference(s), cell, _two_decimals)

    def better(s: int) -> str:
        return percent(float(comparison.better(s)[POSITION["inpost_fte"], 0, column]))

    def per_year(s: int) -> str:
        value = cost_per_extra_fte_year(comparison, s, column)
        return "nobody gained" if math.isnan(value) else pounds(value)

    def value_now(s: int) -> str:
        return _range(present_value_change(comparison, s), signed=True)

    table.add_row("FTE funded, all roles", *cells(funded))
    table.add_row("Extra people in post, all roles (FTE)", *cells(extra))
    table.add_row("Yield: extra in post per FTE funded", *cells(posts_yield))
    table.add_row("Chance of more social workers in post", *cells(better))
    table.add_row("Net cost per extra FTE-year in post, to that date", *cells(per_year))
    table.add_row("Net cost over the run, real, discounted (8 runs in 10)", *cells(value_now))
    return table


def _range(value: Range, signed: bool = False) -> str:
    low, high = pounds(value.p10, signed), pounds(value.p90, signed)
    return f"{pounds(value.mean, signed)}\n({low}\nto {high})"


def _money(comparison: Comparison, scenario: int) -> Table:
    years = years_of_money(comparison, scenario)
    start = comparison.plans[0].start_date
    labels = [year.year for year in years]
    if labels:
        labels[0] += f"\nfrom {start:%d %b}"
    title = f"Money, cash (8 runs in 10): {comparison.scenarios[scenario].name}"
    table = _table(title, "", *labels)
    table.add_row("Planned", *(pounds(year.planned) for year in years))
    table.add_row("Spent on its lines", *(_range(year.spent) for year in years))
    table.add_row("Unspent", *(_range(year.unspent) for year in years))
    table.add_row("Chance of underspend", *(percent(year.chance_unspent) for year in years))
    table.add_row("Change in permanent pay", *(pounds(y.permanent.mean, True) for y in years))
    table.add_row("Change in agency spend", *(pounds(y.agency.mean, True) for y in years))
    table.add_row("Net change in all spend", *(_range(year.net, True) for year in years))
    table.add_row("Net against its budget", *(pounds(y.against_budget.mean, True) for y in years))
    return table


def _notes(comparison: Comparison) -> Text:
    lines = [*_effect_notes(comparison), _variance_note(comparison), _luck_note(comparison)]
    return Text("\n".join(line for line in lines if line))


def _effect_notes(comparison: Comparison) -> list[str]:
    if not any(scenario.measures for scenario in comparison.scenarios):
        return []
    lines = [
        f"{scenario.label}: {count} of {len(scenario.measures)} lines"
        f" ({pounds(gbp)} of a full year) are cost only: no effect is simulated."
        for s, scenario in enumerate(comparison.scenarios)
        for count, gbp in [plain_lines(comparison, s)]
        if count
    ]
    return [
        *lines,
        "Support posts (business support, family practitioners, academy, recruitment) are filled"
        " and paid, but free no social work time until casework is simulated.",
        "The yield counts everyone the package adds, those whom its pay measures keep included.",
        "Cashable: changes in permanent pay and agency spend are cash on the staffing budget."
        " Extra people in post and fewer uncovered posts are not.",
    ]


def _variance_note(comparison: Comparison) -> str:
    if comparison.scenarios[0].measures:
        return ""
    found = baseline_variance(comparison)
    council = comparison.study.council
    text = (
        f"Doing nothing, {found.year}: spend less staffing budget"
        f" {pounds(found.simulated.mean, True)} from {council.start_date:%d %B} (8 runs in 10:"
        f" {pounds(found.simulated.p10, True)} to {pounds(found.simulated.p90, True)})"
    )
    if found.days_before:
        text += (
            f"; straight-line estimate for the {found.days_before} days before:"
            f" {pounds(found.before.mean, True)}; whole year {pounds(found.whole_year, True)}"
        )
    forecast = council.overspend_forecast
    if forecast is not None and forecast.financial_year == found.year:
        text += f". {forecast.name}: {pounds(forecast.gbp)}. docs/calibration.md explains the gap"
    return text + "."


def _luck_note(comparison: Comparison) -> str:
    draws = len(np.unique(comparison.variants[0].draws))
    text = f"{comparison.pairs} pairs: {draws} draws of what is not known, two fates each."
    if len(comparison.scenarios) < 2 or draws < 2:
        return text
    cell = (POSITION["inpost_fte"], 0, headline_column(comparison))
    difference = comparison.difference(1)
    luck = math.sqrt(max(0.0, float(difference.luck_variance[cell])))
    ignorance = math.sqrt(max(0.0, float(difference.ignorance_variance[cell])))
    return (
        f"{text} Spread of the extra social workers in post ({comparison.scenarios[1].name}):"
        f" ±{luck:.1f} FTE from luck, ±{ignorance:.1f} from what is not known"
        " (standard deviations)."
    )
