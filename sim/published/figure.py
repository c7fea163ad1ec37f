"""A published figure: value or mark, what the true value can be, when and in which release."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, StrEnum

NUMBER = re.compile(r"\d+(\.\d+)?")
Bounds = tuple[float, float]
LARGEST_SMALL_NUMBER = 5
"""Numbers of children from 1 to this are hidden; the smallest that is ever shown is 6."""


class Mark(StrEnum):
    """Why a figure has no value, as the tables write it or as reading them shows."""

    SUPPRESSED = "c"
    UNRELIABLE = "u"
    NOT_AVAILABLE = "x"
    NOT_APPLICABLE = "z"
    LOW = "low"
    BLANK = "blank"
    UNKNOWN = "?"
    NO_ROW = "no row"
    JOINT = "joint"
    PARTS = "parts"

    @property
    def words(self) -> str:
        """The reason, for people."""
        return _WORDS[self]


_WORDS = {
    Mark.SUPPRESSED: "hidden to protect children or staff",
    Mark.UNRELIABLE: "not reliable enough to be printed",
    Mark.NOT_AVAILABLE: "not available",
    Mark.NOT_APPLICABLE: "does not apply",
    Mark.LOW: "not zero, but prints as zero",
    Mark.BLANK: "left empty",
    Mark.UNKNOWN: "neither a number nor a known mark",
    Mark.NO_ROW: "no row for this council and year",
    Mark.JOINT: "counted together with a neighbour",
    Mark.PARTS: "printed for the parts of this council only",
}
_SPELT = {
    "c": Mark.SUPPRESSED,
    "u": Mark.UNRELIABLE,
    "x": Mark.NOT_AVAILABLE,
    ":": Mark.NOT_AVAILABLE,
    "z": Mark.NOT_APPLICABLE,
    "low": Mark.LOW,
    "": Mark.BLANK,
}


class Unit(Enum):
    """What a column counts."""

    FTE = "full-time equivalents or working days, to one decimal"
    PEOPLE = "people, cases or episodes, exact"
    RATE = "per cent, or cases for each worker, to one decimal"
    SHARE = "per cent of a whole, to one decimal"

    @property
    def step(self) -> float:
        """The step to which figures of councils are printed."""
        return 1.0 if self is Unit.PEOPLE else 0.1


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of one area, as published.

    Attributes:
        column: the Department's column name.
        area: the council, region or England, by name.
        value: the number; None where there is a mark.
        mark: why there is no number; None where there is one.
        bounds: least and greatest true value that rounding or the mark allows, the greatest
            infinite where nothing limits it; None where there is no true value.
        end: the day of a count, or the last day of the year of a flow.
        release: last year of the edition of the table from which it comes.
        note: more on how it was read, in words; often empty.
    """

    column: str
    area: str
    value: float | None
    mark: Mark | None
    bounds: Bounds | None
    end: dt.date
    release: int
    note: str = ""

    @property
    def has_narrow_bounds(self) -> bool:
        """Whether a value is hidden only because it is small, so that its bounds will do."""
        hidden = self.mark in (Mark.LOW, Mark.SUPPRESSED)
        if not hidden or self.bounds is None:
            return False
        return self.bounds[1] - self.bounds[0] <= 2 * LARGEST_SMALL_NUMBER

    @property
    def reason(self) -> str:
        """Why there is no value, and how the figure was read, in words; often empty."""
        words = (self.mark.words if self.mark else "", self.note)
        return "; ".join(word for word in words if word)


def read_mark(cell: str) -> Mark | None:
    """The mark in a cell, None where it holds a number."""
    cell = cell.strip()
    return None if NUMBER.fullmatch(cell) else _SPELT.get(cell.casefold(), Mark.UNKNOWN)


def bounds_of(cell: str, unit: Unit, step: float, small_numbers_hidden: bool) -> Bounds | None:
    """What the true value of a cell can be.

    Args:
        cell: the text.
        unit: what the column counts.
        step: the step to which this row is printed; a step of 1 is an exact count.
        small_numbers_hidden: whether the table hides numbers of people only because they are
            small, so that `c` is 1 to 5.

    Returns:
        Least and greatest value; None where there is nothing to have one.
    """
    mark = read_mark(cell)
    half = 0.0 if step == 1.0 else step / 2
    if mark is None:
        value = float(cell)
        return max(0.0, value - half), value + half
    if mark is Mark.LOW:
        return 0.0, step / 2
    if mark is Mark.NOT_APPLICABLE and unit in (Unit.RATE, Unit.SHARE):
        return None
    if mark is Mark.SUPPRESSED and unit is Unit.PEOPLE and small_numbers_hidden:
        return 1.0, float(LARGEST_SMALL_NUMBER)
    return 0.0, 100.0 if unit is Unit.SHARE else math.inf


def total(figures: Sequence[Figure], area: str, unit: Unit) -> Figure:
    """The figure of an area from those of its parts: counts add, rates do not.

    Args:
        figures: one figure a part, of one column and date; at least one.
        area: the name of the whole.
        unit: what the column counts.
    """
    first = figures[0]
    names = " and ".join(figure.area for figure in figures)
    if len(figures) == 1:
        where = "" if first.area == area else f"row of {names}"
        note = "; ".join(words for words in (first.note, where) if words)
        return replace(first, area=area, note=note)
    if unit in (Unit.RATE, Unit.SHARE):
        return replace(first, area=area, value=None, mark=Mark.PARTS, bounds=None, note=names)
    values = [figure.value for figure in figures if figure.value is not None]
    bounds = [figure.bounds for figure in figures if figure.bounds is not None]
    marks = [figure.mark for figure in figures if figure.mark is not None]
    together = tuple(map(math.fsum, zip(*bounds, strict=True)))
    return replace(
        first,
        area=area,
        value=None if marks else math.fsum(values),
        mark=marks[0] if marks else None,
        bounds=(together[0], together[1]) if len(bounds) == len(figures) else None,
        note=f"sum of {names}",
    )
