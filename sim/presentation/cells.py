"""Cells of a table that stands both on the screen and in a CSV file: there a number is a number."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sim.engine.records import Array
from sim.experiment.statistics import summarise
from sim.presentation import words
from sim.presentation.files import number
from sim.presentation.ranges import Runs, runs_of

ENDS = ("p10", "p90", "mean")
"""Further columns of a file for what runs give: ends of the range of 8 in 10, and the mean."""


@dataclass(frozen=True)
class Number:
    """A number and the decimals that the screen shows; its unit stands over its column."""

    value: float
    places: int = 0

    @property
    def text(self) -> str:
        """On the screen."""
        return words.number(self.value, self.places)


@dataclass(frozen=True)
class Estimate:
    """What runs give of a number, and the decimals that are shown."""

    runs: Runs
    places: int

    @property
    def text(self) -> str:
        """On the screen."""
        return self.runs.told(lambda value: words.number(value, self.places))

    @property
    def numbers(self) -> tuple[float, ...]:
        """In the file: the middle, then as ENDS; no tenths of a few runs."""
        ends = (self.runs.low, self.runs.high) if self.runs.has_tenths else (math.nan, math.nan)
        return (self.runs.middle, *ends, self.runs.mean)


Cell = str | Number | Estimate
Cells = tuple[Cell, ...]
"""A row of cells."""


def estimate(values: Array, draws: Array, places: int) -> Estimate:
    """The middle of what pairs give, with its range.

    Args:
        values: by pair.
        draws: the draw of each pair.
        places: decimals that the screen shows.
    """
    return Estimate(runs_of(summarise(values, draws)), places)


def on_screen(cell: Cell) -> str:
    """What the screen shows."""
    return cell if isinstance(cell, str) else cell.text


def in_file(columns: Sequence[str], rows: Sequence[Cells]) -> tuple[list[str], list[list[str]]]:
    """Columns and rows of the file: numbers plain, an estimate in four columns.

    Args:
        columns: headings on the screen.
        rows: cells; a column that holds an estimate anywhere gets the columns of its ends.
    """
    wide = [any(isinstance(row[place], Estimate) for row in rows) for place in range(len(columns))]
    heads = [
        head.replace("−", "-")
        for column, ends in zip(columns, wide, strict=True)
        for head in (column, *(f"{column}, {end}" for end in ENDS if ends))
    ]
    return heads, [
        [text for cell, ends in zip(row, wide, strict=True) for text in _plain(cell, ends)]
        for row in rows
    ]


def _plain(cell: Cell, with_ends: bool) -> list[str]:
    if isinstance(cell, Estimate):
        return [number(value) for value in cell.numbers]
    text = cell if isinstance(cell, str) else number(cell.value)
    return [text, *([""] * len(ENDS) if with_ends else [])]
