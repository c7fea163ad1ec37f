"""The headline: what a package would do, in a councillor's words, as tables for the screen."""

from __future__ import annotations

import io
from dataclasses import dataclass

from rich.console import Group
from rich.table import Table
from rich.text import Text

from sim.experiment.compare import Comparison, headline_column
from sim.presentation.amounts import (
    days,
    decimals,
    fte,
    percent,
    points,
    signed_days,
    signed_decimals,
    signed_fte,
)
from sim.presentation.headline_funding import funding_table
from sim.presentation.headline_money import line_tables, money_table, paid_tables
from sim.presentation.headline_notes import conditions, notes
from sim.presentation.headline_variants import demand_table, gamma_table
from sim.presentation.ranges import Write
from sim.presentation.screen import screen
from sim.presentation.tables import (
    NOTHING,
    change_cell,
    level_cell,
    mean_cell,
    mean_change_cell,
    new_table,
)
from sim.presentation.words import spread_of

_WIDTH = 100
"""Columns of the plain-text headline."""


@dataclass(frozen=True)
class _Row:
    """One line of the headline: an indicator, and how its numbers are written, with what sign.

    A chance is the share of runs in which something holds: it has no range over runs.
    """

    indicator: str
    words: str
    write: Write
    write_change: Write
    sign: float = 1.0
    is_chance: bool = False


_ROWS = (
    _Row("inpost_fte", "Social workers in post (FTE, managers included)", fte, signed_fte),
    _Row(
        "uncovered_existing_posts_fte",
        "Empty posts without agency cover (FTE, posts that exist today)",
        fte,
        signed_fte,
    ),
    _Row("agency_fte", "Agency workers (FTE)", fte, signed_fte),
    _Row("vacancy_rate_fte", "Vacancy rate", percent, points),
    _Row("target_social_worker", "Of the {sw} social worker posts vacant at the start, filled", fte,
         signed_fte),
    _Row("target_team_manager", "Of the {tm} team manager posts vacant at the start, filled", fte,
         signed_fte),
    _Row("target_all_social_worker", "Chance that all {sw} are filled", percent, points,
         is_chance=True),
    _Row("starters_since_start_fte", "Permanent starters since the start (FTE)", fte, signed_fte),
    _Row("time_to_fill_days", "Days that posts filled this year had stood empty", days,
         signed_days),
    _Row("load", "Workload (1: a full caseload for all present)", decimals, signed_decimals),
    _Row("caseload_fte", "Caseload (cases per case holder)", fte, signed_fte),
    _Row("unallocated", "Children without a worker", fte, signed_fte),
    _Row("turned_away", "Referrals turned away since the start", fte, signed_fte),
    _Row("changes_of_worker_per_child", "Changes of worker per child in 12 months", decimals,
         signed_decimals),
    _Row("changed_worker_twice_share", "Children with two or more changes of worker", percent,
         points),
    _Row("assessments_in_time_share", "Assessments within 45 working days", percent, points),
    _Row("displacement_fte", "Change in teams that get no post (FTE)", fte, signed_fte, -1.0),
)  # fmt: skip


def headline(comparison: Comparison) -> Group:
    """All tables and notes of a run or comparison."""
    parts: list[Table | Text] = [_effects(comparison)]
    if len(comparison.scenarios) > 1:
        if comparison.gamma_variants:
            parts += [gamma_table(comparison)]
        if comparison.demand_variants:
            parts += [demand_table(comparison)]
        parts += [funding_table(comparison)]
        for s in range(1, len(comparison.scenarios)):
            parts += [money_table(comparison, s), *line_tables(comparison, s)]
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
    how = f"middle run, and {spread_of(comparison.pairs)}"
    brackets = "; ".join(text for text in (how, conditions(comparison)) if text)
    title = f"{comparison.study.council.name}, {comparison.dates[column]:%d %B %Y}: {what}"
    table = new_table(f"{title} ({brackets})", "", comparison.scenarios[0].label, *names)
    people = comparison.study.targets
    for row in _ROWS:
        cells = _cells(comparison, row, column)
        if any(cell != NOTHING for cell in cells):
            words = row.words.format(
                sw=people.get("social_worker", ""), tm=people.get("team_manager", "")
            )
            table.add_row(words, *cells)
    return table


def _cells(comparison: Comparison, row: _Row, column: int) -> list[str]:
    """A row's cells: doing nothing, then what each scenario changes."""
    average, scenarios = comparison.variants[0], range(1, len(comparison.scenarios))
    if row.is_chance and comparison.study.targets:
        cells = [mean_cell(average, 0, row.indicator, column, row.write)]
        return cells + [
            mean_change_cell(average, s, row.indicator, column, row.write_change) for s in scenarios
        ]
    cells = [level_cell(average, 0, row.indicator, column, row.write)]
    return cells + [
        change_cell(average, s, row.indicator, column, row.write_change, sign=row.sign)
        for s in scenarios
    ]
