"""Tables for the screen, and the cells that they share: a mean and its interval."""

from __future__ import annotations

import math
from collections.abc import Callable

from rich.box import SIMPLE_HEAD
from rich.table import Table

from sim.experiment.compare import POSITION, Variant
from sim.experiment.statistics import Summary, summarise
from sim.outcomes.indicators import INDICATORS

NOTHING = "–"
"""A cell without a value."""
TOO_FEW = "(too few draws)"
"""What stands under a mean that has no interval."""
_COUNCIL = 0
Write = Callable[[float], str]


def new_table(title: str, *columns: str) -> Table:
    """A table with its first column left, the others right."""
    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD)
    for index, column in enumerate(columns):
        table.add_column(column, justify="left" if index == 0 else "right")
    return table


def level_cell(
    variant: Variant,
    scenario: int,
    indicator: str,
    column: int,
    write: Write,
    too_few: str = TOO_FEW,
) -> str:
    """An indicator of the council on a date, with its 95 % interval."""
    position = POSITION[indicator]
    if position >= len(INDICATORS):
        return NOTHING
    values = variant.tables[scenario][:, position, _COUNCIL, column : column + 1]
    return _interval(summarise(values, variant.draws), write, too_few)


def change_cell(
    variant: Variant,
    scenario: int,
    indicator: str,
    column: int,
    write: Write,
    too_few: str = TOO_FEW,
) -> str:
    """An indicator of the council on a date less the baseline's, with its 95 % interval."""
    differences = variant.differences[scenario - 1]
    values = differences[:, POSITION[indicator], _COUNCIL, column : column + 1]
    return _interval(summarise(values, variant.draws), write, too_few)


def _interval(summary: Summary, write: Write, too_few: str) -> str:
    mean, low, high = (
        float(numbers[0]) for numbers in (summary.mean, summary.ci_low, summary.ci_high)
    )
    if math.isnan(mean):
        return NOTHING
    if math.isnan(low):
        return f"{write(mean)}\n{too_few}".rstrip()
    return f"{write(mean)}\n({write(low)} to {write(high)})"
