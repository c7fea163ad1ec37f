"""Tables for the screen, and the cells that they share: the middle run and the range of runs."""

from __future__ import annotations

import math

from rich.box import SIMPLE_HEAD
from rich.table import Table

from sim.engine.records import Array
from sim.experiment.statistics import Summary, per_mean, summarise
from sim.experiment.variant import YIELDS, Variant
from sim.outcomes.indicators import INDEX
from sim.presentation.amounts import decimals
from sim.presentation.ranges import Write, runs_of

NOTHING = "–"
"""A cell without a value."""


def new_table(title: str, *columns: str) -> Table:
    """A table with its first column left, the others right."""
    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD)
    for index, column in enumerate(columns):
        table.add_column(column, justify="left" if index == 0 else "right", overflow="fold")
    return table


_LONGEST = 15
"""Letters of a word, its indent included, that a column makes room for; a longer one is broken."""


def keep_words_whole(table: Table) -> None:
    """Make each column of a filled table as wide as its longest word, so that none is broken."""
    for column in table.columns:
        cells = [str(cell) for cell in (column.header, *column.cells)]
        indents = [len(cell) - len(cell.lstrip()) for cell in cells]
        longest = (
            indent + max(map(len, cell.split()), default=0)
            for indent, cell in zip(indents, cells, strict=True)
        )
        column.min_width = min(_LONGEST, max(longest))


def level_cell(
    variant: Variant,
    scenario: int,
    indicator: str,
    column: int,
    write: Write,
) -> str:
    """An indicator of the council on a date, with its range of runs."""
    if indicator not in INDEX:
        return NOTHING
    values = variant.values(scenario, indicator)[:, column : column + 1]
    return _lines(summarise(values, variant.draws), write, len(values))


def values_cell(values: Array, draws: Array, write: Write) -> str:
    """A number of each run, with its range of runs."""
    return _lines(summarise(values[:, None], draws), write, len(values))


def change_cell(
    variant: Variant,
    scenario: int,
    indicator: str,
    column: int,
    write: Write,
    sign: float = 1.0,
) -> str:
    """An indicator of the council on a date less the baseline's, with its range of runs."""
    values = sign * variant.values(scenario, indicator, against=0)[:, column : column + 1]
    return _lines(summarise(values, variant.draws), write, len(values))


def mean_cell(variant: Variant, scenario: int, indicator: str, column: int, write: Write) -> str:
    """The mean of an indicator of the council on a date."""
    values = variant.values(scenario, indicator)[:, column : column + 1]
    return write(float(summarise(values, variant.draws).mean[0]))


def yield_cell(variant: Variant, scenario: int, indicator: str, column: int) -> str:
    """People gained per post open on a date, with its range: of these runs alone."""
    gained, funded = YIELDS[indicator]
    gain = variant.values(scenario, gained, against=0)[:, column : column + 1]
    posts = variant.values(scenario, funded)[:, column : column + 1]
    found = per_mean(gain, posts, variant.draws)
    return _lines(summarise(found, variant.draws), decimals, len(found))


def mean_change_cell(
    variant: Variant, scenario: int, indicator: str, column: int, write: Write
) -> str:
    """The mean of an indicator of the council on a date less the baseline's."""
    values = variant.values(scenario, indicator, against=0)[:, column]
    return write(float(summarise(values, variant.draws).mean))


def summary_cell(summary: Summary, write: Write) -> str:
    """The first number of a summary on lines of its own: middle, range, mean where it is apart."""
    runs = runs_of(summary, 0)
    if math.isnan(runs.mean):
        return NOTHING
    middle, *rest = runs.parts(write)
    return "\n".join([middle, *(f"({part})" for part in rest)])


def _lines(summary: Summary, write: Write, among: int) -> str:
    text, pairs = summary_cell(summary, write), int(summary.pairs[0])
    return f"{text}\n({pairs} of {among} pairs)" if 0 < pairs < among else text
