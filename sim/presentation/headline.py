"""The headline: what a package would do, in a councillor's words, as tables for the screen."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Group
from rich.table import Table
from rich.text import Text

from sim.experiment.compare import Comparison, headline_column
from sim.experiment.readings import reading, steps_of_hiring
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
from sim.presentation.answer_rows import answer_of
from sim.presentation.answer_screen import WIDTH, answer_text
from sim.presentation.headline_funding import funding_table
from sim.presentation.headline_money import line_tables, money_table, paid_tables
from sim.presentation.headline_notes import conditions, notes
from sim.presentation.headline_variants import beside_table, demand_table, gamma_table
from sim.presentation.ranges import Write
from sim.presentation.screen import screen
from sim.presentation.tables import (
    NOTHING,
    change_cell,
    keep_words_whole,
    level_cell,
    mean_cell,
    mean_change_cell,
    new_table,
    values_cell,
)
from sim.presentation.words import day, spread_of


@dataclass(frozen=True)
class _Row:
    """One line of the headline: an indicator, and how its numbers are written, with what sign.

    A chance is the share of runs in which something holds: it has no range over runs. What is
    fewer is told of the council's own total on the first day.
    """

    indicator: str
    words: str
    write: Write
    write_change: Write
    sign: float = 1.0
    is_chance: bool = False
    is_fewer: bool = False


_ROWS = (
    _Row("inpost_fte", "Social workers in post (FTE, managers included)", fte, signed_fte),
    _Row("uncovered_existing_posts_fte", "Empty posts without cover (FTE, none of the new posts)",
         fte, signed_fte),
    _Row("agency_fte", "Agency staff (FTE)", fte, signed_fte),
    _Row("vacancy_rate_fte", "Vacancy rate", percent, points),
    _Row("target_social_worker", "Of {sw} social worker posts empty on {first}: filled", fte,
         signed_fte),
    _Row("target_all_social_worker", "Chance that all {sw} are filled", percent, points,
         is_chance=True),
    _Row("target_team_manager", "Of {tm} team manager posts empty then: filled", fte,
         signed_fte),
    _Row("starters_since_start_fte", "People who have started since (FTE)", fte, signed_fte),
    _Row("vacancy_fte", "Vacancies fewer than on {first} (FTE)", fte, signed_fte, -1.0,
         is_fewer=True),
    _Row("time_to_fill_days", "Posts filled this year had stood empty (days)", days, signed_days),
    _Row("load", "Workload (% of a full caseload)", percent, points),
    _Row("caseload_fte", "Caseload (cases per case holder)", fte, signed_fte),
    _Row("unallocated", "Children without a worker", fte, signed_fte),
    _Row("turned_away", "Referrals turned away since {first}", fte, signed_fte),
    _Row("changes_of_worker_per_child", "Changes of worker per child in 12 months", decimals,
         signed_decimals),
    _Row("changed_worker_twice_share", "Children with two or more changes of worker", percent,
         points),
    _Row("in_care_changed_twice_share", "Children in care with two or more", percent, points),
    _Row("assessments_in_time_share", "Assessments within 45 working days", percent, points),
    _Row("displacement_fte", "Change in teams that get no post (FTE)", fte, signed_fte, -1.0),
)  # fmt: skip
MOST_COLUMNS = 3
"""Options beside each other in a table of 80 columns."""


def headline(comparison: Comparison) -> Group:
    """All tables and notes of a run or comparison."""
    parts: list[Table | Text] = [_effects(comparison, group) for group in _groups(comparison)]
    if len(comparison.scenarios) > 1:
        if comparison.gamma_variants:
            parts += [gamma_table(comparison)]
        if comparison.demand_variants:
            parts += [demand_table(comparison)]
        parts += [beside_table(comparison)] if comparison.loop_off else []
        parts += [funding_table(comparison, group) for group in _groups(comparison)]
        for s in range(1, len(comparison.scenarios)):
            parts += [money_table(comparison, s), *line_tables(comparison, s)]
        parts += paid_tables(comparison)
    for part in parts:
        if isinstance(part, Table):
            keep_words_whole(part)
    parts.append(notes(comparison))
    return Group(*parts)


def _groups(comparison: Comparison) -> list[range]:
    """The options that share a table: as many as 80 columns hold."""
    count = len(comparison.scenarios)
    starts = range(1, max(count, 2), MOST_COLUMNS)
    return [range(first, min(first + MOST_COLUMNS, count)) for first in starts]


def headline_text(comparison: Comparison) -> str:
    """The answer, then the same as plain text, for a file."""
    written = io.StringIO()
    screen(written, WIDTH).print(headline(comparison))
    lines = (line.rstrip() for line in written.getvalue().splitlines())
    first = answer_text(answer_of(comparison), "Every table and note follows.")
    return first + "\n" + "\n".join(lines) + "\n"


def _effects(comparison: Comparison, options: Sequence[int]) -> Table:
    """What some of the options change."""
    column = headline_column(comparison)
    names = [comparison.scenarios[s].label for s in options]
    what = "what changes against doing nothing" if names else comparison.scenarios[0].name
    how = f"middle run, and {spread_of(comparison.pairs)}"
    brackets = "; ".join(text for text in (how, conditions(comparison)) if text)
    council = comparison.study.council
    title = f"{council.name}, {comparison.dates[column]:%d %B %Y}: {what}"
    table = new_table(f"{title} ({brackets})", "", comparison.scenarios[0].label, *names)
    people = comparison.study.targets
    for row in _ROWS:
        cells = _cells(comparison, row, options, column)
        if any(cell != NOTHING for cell in cells):
            words = row.words.format(
                sw=people.get("social_worker", ""),
                tm=people.get("team_manager", ""),
                first=day(council.start_date),
            )
            table.add_row(words, *cells)
            if row.indicator == "time_to_fill_days":
                _add_steps(table, comparison)
    return table


def _cells(comparison: Comparison, row: _Row, options: Sequence[int], column: int) -> list[str]:
    """A row's cells: doing nothing, then what each scenario changes."""
    average = comparison.variants[0]
    if row.is_chance and comparison.study.targets:
        cells = [mean_cell(average, 0, row.indicator, column, row.write)]
        return cells + [
            mean_change_cell(average, s, row.indicator, column, row.write_change) for s in options
        ]
    if row.is_fewer:
        fewer = comparison.study.council.totals.central.vacancy_fte - reading(
            average, 0, row.indicator, column
        )
        cells = [values_cell(fewer, average.draws, row.write)]
    else:
        cells = [level_cell(average, 0, row.indicator, column, row.write)]
    return cells + [
        change_cell(average, s, row.indicator, column, row.write_change, sign=row.sign)
        for s in options
    ]


def _add_steps(table: Table, comparison: Comparison) -> None:
    """How long hiring takes once somebody applies, by the lengths of its steps."""
    for words, lengths in zip(("to offer", "to start"), steps_of_hiring(comparison), strict=True):
        cell = values_cell(lengths, comparison.variants[0].draws, days)
        rest = [""] * (len(table.columns) - 2)
        table.add_row(f"Time to hire, from advert {words} (days, its steps)", cell, *rest)
