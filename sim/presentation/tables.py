"""Tables for the screen, and the cells that they share: a mean and its interval."""

from __future__ import annotations

import math
from collections.abc import Callable

from rich.box import SIMPLE_HEAD
from rich.table import Table

from sim.experiment.compare import POSITION, Variant
from sim.experiment.gather import YIELDS
from sim.experiment.statistics import Summary, per_mean, summarise
from sim.outcomes.indicators import INDICATORS
from sim.presentation.amounts import decimals

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
        table.add_column(column, justify="left" if index == 0 else "right", overflow="fold")
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
    return _interval(summarise(values, variant.draws), write, too_few, len(values))


def change_cell(
    variant: Variant,
    scenario: int,
    indicator: str,
    column: int,
    write: Write,
    too_few: str = TOO_FEW,
    sign: float = 1.0,
) -> str:
    """An indicator of the council on a date less the baseline's, with its 95 % interval."""
    differences = variant.differences[scenario - 1]
    values = sign * differences[:, POSITION[indicator], _COUNCIL, column : column + 1]
    return _interval(summarise(values, variant.draws), write, too_few, len(values))


def mean_cell(variant: Variant, scenario: int, indicator: str, column: int, write: Write) -> str:
    """The mean of an indicator of the council on a date."""
    values = variant.tables[scenario][:, POSITION[indicator], _COUNCIL, column : column + 1]
    return write(float(summarise(values, variant.draws).mean[0]))


def yield_cell(variant: Variant, scenario: int, indicator: str, column: int) -> str:
    """People gained per post open on a date, with its 95 % interval: of these runs alone."""
    gained, funded = YIELDS[indicator]
    gain, posts = (
        rows[scenario - place][:, POSITION[name], _COUNCIL, column : column + 1]
        for rows, place, name in ((variant.differences, 1, gained), (variant.tables, 0, funded))
    )
    found = per_mean(gain, posts, variant.draws)
    return _interval(summarise(found, variant.draws), decimals, TOO_FEW, len(found))


def _interval(summary: Summary, write: Write, too_few: str, among: int) -> str:
    mean, low, high = (
        float(numbers[0]) for numbers in (summary.mean, summary.ci_low, summary.ci_high)
    )
    if math.isnan(mean):
        return NOTHING
    pairs = int(summary.pairs[0])
    lines = [write(mean), too_few if math.isnan(low) else f"({write(low)} to {write(high)})"]
    lines += [f"({pairs} of {among} pairs)"] if pairs < among else []
    return "\n".join(line for line in lines if line)
