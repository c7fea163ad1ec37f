"""The headline: what a package would do, in a councillor's words, as tables for the screen."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

from rich.console import Group
from rich.table import Table
from rich.text import Text

from sim.experiment.compare import POSITION, Comparison, headline_column
from sim.experiment.money import (
    cost_per_change_avoided,
    cost_per_extra_fte_year,
    years_of_money,
)
from sim.presentation.amounts import (
    days,
    decimals,
    fte,
    percent,
    points,
    pounds,
    signed_days,
    signed_decimals,
    signed_fte,
)
from sim.presentation.headline_money import (
    add_present_values,
    funded_cell,
    line_table,
    paid_tables,
    range_cell,
    ratio_cell,
)
from sim.presentation.headline_notes import conditions, notes
from sim.presentation.headline_variants import demand_table, gamma_table
from sim.presentation.screen import screen
from sim.presentation.tables import NOTHING, Write, change_cell, level_cell, new_table

_WIDTH = 100
"""Columns of the plain-text headline."""


@dataclass(frozen=True)
class _Row:
    """One line of the headline: an indicator and how its numbers are written."""

    indicator: str
    words: str
    write: Write
    write_change: Write


_ROWS = (
    _Row("inpost_fte", "Social workers in post (FTE, managers included)", fte, signed_fte),
    _Row(
        "uncovered_against_baseline_fte",
        "Posts uncovered (FTE, of today's establishment)",
        fte,
        signed_fte,
    ),
    _Row("agency_fte", "Agency workers (FTE)", fte, signed_fte),
    _Row("vacancy_rate_fte", "Vacancy rate (funding posts raises it)", percent, points),
    _Row("target_social_worker", "Of {sw} social workers to recruit: filled", fte,
         signed_fte),
    _Row("target_team_manager", "Of {tm} team managers to recruit: filled", fte,
         signed_fte),
    _Row("target_all_social_worker", "Chance that all {sw} are filled", percent, points),
    _Row("starters_since_start_fte", "Permanent starters since day 0 (FTE)", fte, signed_fte),
    _Row("time_to_fill_days", "Days to fill a vacancy", days, signed_days),
    _Row("load", "Weighted load (1: a full caseload for all present)", decimals, signed_decimals),
    _Row("caseload_fte", "Caseload (cases per case holder)", fte, signed_fte),
    _Row("unallocated", "Children without a worker", fte, signed_fte),
    _Row("changes_of_worker_per_child", "Changes of worker per child in 12 months", decimals,
         signed_decimals),
    _Row("changed_worker_twice_share", "Children with two or more changes of worker", percent,
         points),
    _Row("assessments_in_time_share", "Assessments within 45 working days", percent, points),
    _Row("displacement_fte", "Lost by teams that get no post (FTE)", fte, fte),
)  # fmt: skip


def headline(comparison: Comparison) -> Group:
    """All tables and notes of a run or comparison."""
    parts: list[Table | Text] = [_effects(comparison)]
    if len(comparison.scenarios) > 1:
        if comparison.gamma_variants:
            parts += [gamma_table(comparison)]
        if comparison.demand_variants:
            parts += [demand_table(comparison)]
        parts += [_funding_table(comparison)]
        for s in range(1, len(comparison.scenarios)):
            parts += [_money(comparison, s), line_table(comparison, s)]
        parts += paid_tables(comparison)
    parts.append(notes(comparison))
    return Group(*parts)


def headline_text(comparison: Comparison) -> str:
    """The same as plain text, for a file."""
    written = io.StringIO()
    screen(written, _WIDTH).print(headline(comparison))
    lines = written.getvalue().splitlines()
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _effects(comparison: Comparison) -> Table:
    column = headline_column(comparison)
    names = [s.label for s in comparison.scenarios[1:]]
    what = "what changes against doing nothing" if names else comparison.scenarios[0].name
    brackets = "; ".join(text for text in ("95 % interval", conditions(comparison)) if text)
    title = f"{comparison.study.council.name}, {comparison.dates[column]:%d %B %Y}: {what}"
    table = new_table(f"{title} ({brackets})", "", comparison.scenarios[0].label, *names)
    average, people = comparison.variants[0], comparison.study.targets
    for row in _ROWS:
        cells = [level_cell(average, 0, row.indicator, column, row.write)]
        cells += [
            change_cell(average, s, row.indicator, column, row.write_change)
            for s in range(1, len(comparison.scenarios))
        ]
        if any(cell != NOTHING for cell in cells):
            words = row.words.format(
                sw=people.get("social_worker", ""), tm=people.get("team_manager", "")
            )
            table.add_row(words, *cells)
    return table


def _funding_table(comparison: Comparison) -> Table:
    column = headline_column(comparison)
    names = [s.label for s in comparison.scenarios[1:]]
    table = new_table("What the money buys", "", *names)
    scenarios, average = range(1, len(comparison.scenarios)), comparison.variants[0]

    def cells(write: Callable[[int], str]) -> list[str]:
        return [write(s) for s in scenarios]

    def funded(s: int) -> str:
        return funded_cell(comparison, s)

    def extra(s: int) -> str:
        return change_cell(average, s, "inpost_all_roles_fte", column, signed_fte)

    def posts_yield(s: int) -> str:
        return change_cell(average, s, "post_yield", column, decimals)

    def better(s: int) -> str:
        return percent(float(comparison.better(s)[POSITION["inpost_fte"], 0, column]))

    def per_year(s: int) -> str:
        return ratio_cell(cost_per_extra_fte_year(comparison, s, column), "nobody gained")

    def per_change(s: int) -> str:
        return ratio_cell(cost_per_change_avoided(comparison, s, column), "none avoided")

    table.add_row("FTE funded, all roles", *cells(funded))
    table.add_row("Extra people in post, all roles (FTE)", *cells(extra))
    table.add_row("Yield: extra in post per FTE funded", *cells(posts_yield))
    table.add_row("Chance of more social workers in post", *cells(better))
    table.add_row("Net cost per extra FTE-year in post, to that date", *cells(per_year))
    if comparison.has_casework:
        table.add_row("Net cost per change of worker avoided, to that date", *cells(per_change))
    add_present_values(table, comparison)
    return table


def _money(comparison: Comparison, scenario: int) -> Table:
    years = years_of_money(comparison, scenario)
    start = comparison.plans[0].start_date
    labels = [year.year for year in years]
    if labels:
        labels[0] += f"\nfrom {start:%d %b}"
    title = f"Money, cash (8 runs in 10): {comparison.scenarios[scenario].name}"
    table = new_table(title, "", *labels)
    table.add_row("Planned", *(pounds(year.planned) for year in years))
    table.add_row("Spent on its lines", *(range_cell(year.spent) for year in years))
    if any(year.unfunded.mean > 0 for year in years):
        cells = (range_cell(year.unfunded) for year in years)
        table.add_row("of which on posts no longer funded", *cells)
    table.add_row("Unspent (− overspent)", *(range_cell(year.unspent) for year in years))
    table.add_row("Chance of underspend", *(percent(year.chance_unspent) for year in years))
    table.add_row("Change in permanent pay", *(pounds(y.permanent.mean, True) for y in years))
    table.add_row("Change in agency spend", *(pounds(y.agency.mean, True) for y in years))
    table.add_row("Net change in all spend", *(range_cell(year.net, True) for year in years))
    table.add_row("Net against its budget", *(pounds(y.against_budget.mean, True) for y in years))
    return table
