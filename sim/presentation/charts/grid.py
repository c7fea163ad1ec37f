"""Rows of ranges, of which most charts are made: what is drawn, and the same in words.

A section holds groups of named rows, and columns of ranges of runs, each with an axis of its own,
or of words. The picture and the text alternative are made from the same section, so that they
cannot tell two stories.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sim.experiment.statistics import FEWEST_FOR_A_FORTIETH
from sim.presentation import words
from sim.presentation.charts.style import BLUE, GREY, TEAL
from sim.presentation.ranges import Runs, Write

FEW = 5
"""Scenarios up to which a chart shows all of them in every group; beyond, it shows fewer groups."""
NO_VALUE = "–"
_WHOLE_FROM = 20.0
"""Size from which numbers need no decimal."""


@dataclass(frozen=True)
class Look:
    """A mark: colour, form, and whether it is filled."""

    colour: str
    marker: str
    filled: bool = True


NOTHING, OPTION, OTHER = Look(GREY, "s"), Look(BLUE, "o"), Look(TEAL, "D", filled=False)
"""Doing nothing, what is compared with it, and a part or variation of that."""


def look_of(scenario: int) -> Look:
    """The mark of a scenario, by its place in the comparison."""
    return OPTION if scenario else NOTHING


@dataclass(frozen=True)
class Cell:
    """What stands in one column of a row.

    Attributes:
        runs: the range that is drawn and written; None for words alone.
        words: written instead of a range.
        aim: a number that the range is held against, drawn as an upright stroke.
    """

    runs: Runs | None = None
    words: str = ""
    aim: float | None = None


@dataclass(frozen=True)
class Column:
    """A column of ranges with its axis, or of words.

    Attributes:
        heading: what it shows.
        unit: what the axis counts; empty for a column of words.
        write: how its numbers are written.
        line_at: a number marked by an upright line through all rows.
        least: least length of the axis, so that next to nothing does not look like much.
        scale: columns that name the same scale have the same axis; empty for one of its own.
    """

    heading: str
    unit: str = ""
    write: Write = words.number
    line_at: float | None = None
    least: float = 1.0
    scale: str = ""


@dataclass(frozen=True)
class Row:
    """A name, a cell for each column, and the mark of its ranges."""

    name: str
    cells: tuple[Cell, ...]
    look: Look = OPTION


@dataclass(frozen=True)
class Group:
    """Rows under a heading, and a note below them."""

    heading: str
    rows: tuple[Row, ...]
    note: str = ""


@dataclass(frozen=True)
class Section:
    """Groups that share columns.

    Attributes:
        columns: from left to right.
        groups: from top to bottom.
        name_in: room for the rows' names, inches.
    """

    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    name_in: float = 2.0
    rows: tuple[Row, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Every row, from top to bottom."""
        object.__setattr__(self, "rows", tuple(r for group in self.groups for r in group.rows))

    def ranges(self, column: int) -> Iterator[Runs]:
        """The ranges of one column."""
        cells = (row.cells[column] for row in self.rows)
        return (cell.runs for cell in cells if cell.runs is not None)


# Numbers ----------------------------------------------------------------------------------


def places_for(every: Sequence[Runs], most: int = 1) -> int:
    """Decimals that numbers of such a size need: none from 20 on.

    Args:
        every: the ranges that stand in one column.
        most: decimals of small numbers.
    """
    ends = (abs(v) for runs in every for v in (runs.low, runs.high) if math.isfinite(v))
    return 0 if max(ends, default=0.0) >= _WHOLE_FROM else most


def level_in(places: int) -> Write:
    """Writes numbers with so many decimals."""
    return lambda value: words.number(value, places)


def change_in(places: int) -> Write:
    """Writes changes with so many decimals, with their sign."""

    def write(value: float) -> str:
        text = words.number(value, places)
        zero = not any(character in "123456789" for character in text)
        return text if zero or value <= 0 else f"+{text}"

    return write


# Words ------------------------------------------------------------------------------------


def key(pairs: int) -> str:
    """What mark and lines stand for."""
    wide = "19 in 20" if pairs >= FEWEST_FOR_A_FORTIETH else f"all {pairs}"
    few = words.spread_of(pairs)
    lines = f"thick line: {few}; thin line: {wide}" if wide not in few else f"line: {few}"
    return f"Mark: middle run; {lines}."


def written(cell: Cell, column: Column) -> str:
    """What stands beside or above a mark."""
    if cell.runs is None:
        return cell.words
    if math.isnan(cell.runs.middle):
        return NO_VALUE
    return cell.runs.beside(column.write)


def told(section: Section) -> list[str]:
    """The section in words, a line for each row, with the range of 19 runs in 20."""
    lines = []
    for group in section.groups:
        lines += [f"{group.heading}:"] if group.heading else []
        lines += [f"- {row.name}: {_row_told(row, section)}." for row in group.rows]
        lines += [group.note] if group.note else []
    return lines


def in_words(intro: str, section: Section, *after: str) -> str:
    """A chart's text alternative: what its numbers are, its rows, and what follows if anything."""
    return "\n".join([intro, *told(section), *(part for part in after if part)])


def _row_told(row: Row, section: Section) -> str:
    parts = []
    for cell, column in zip(row.cells, section.columns, strict=True):
        text = _cell_told(cell, column)
        if text:
            parts.append(f"{column.heading[:1].lower()}{column.heading[1:]} {text}")
    return "; ".join(parts)


def _cell_told(cell: Cell, column: Column) -> str:
    runs = cell.runs
    if runs is None or math.isnan(runs.middle):
        return written(cell, column)
    least, most = column.write(runs.least), column.write(runs.most)
    ends = (column.write(runs.low), column.write(runs.high))
    text = runs.told(column.write)
    wide = f" [{least} to {most}]" if math.isfinite(runs.least) and (least, most) != ends else ""
    aim = "" if cell.aim is None else f", beside {words.number(cell.aim, 1)}"
    return f"{text}{wide}{aim}"


def how_told(pairs: int) -> str:
    """How numbers in words are to be read."""
    wide = "in 19 runs of 20" if pairs >= FEWEST_FOR_A_FORTIETH else f"in all {pairs} runs"
    return f"middle run (range of {words.spread_of(pairs)}) [range {wide}]"
