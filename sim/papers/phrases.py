"""Numbers of a study in the words of a council paper."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable

from sim.papers.rows import Row
from sim.presentation.ranges import MEAN_APART
from sim.presentation.words import day, number

Write = Callable[[float], str]
NOTHING = "not known"
NO_CHANGE = "no change"
_SMALL = 10.0
"""Numbers below it are written with a decimal."""


# One number -------------------------------------------------------------------------------


def fte(largest: float) -> Write:
    """How FTE of a size are written: with a decimal below ten."""
    return lambda value: number(value, 1 if abs(largest) < _SMALL else 0)


def points(_: float) -> Write:
    """How a share is written: whole per cent, without the sign."""
    return lambda value: number(100 * value)


def decimals(_: float) -> Write:
    """How small numbers are written: with two decimals."""
    return lambda value: number(value, 2)


def pounds(largest: float) -> Write:
    """How pounds of a size are written: millions, thousands or whole pounds."""
    size = abs(largest)
    if size >= 999_500:
        return lambda value: _pounds(value / 1e6, 2, "m")
    return lambda value: _pounds(value / 1e3, 0, "k") if size >= 999.5 else _pounds(value, 0, "")


def _pounds(value: float, places: int, unit: str) -> str:
    text = number(value, places)
    return f"−£{text[1:]}{unit}" if text.startswith("−") else f"£{text}{unit}"


def thousands(value: float) -> str:
    """Pounds in a table of £000."""
    return "" if math.isnan(value) else number(value / 1e3)


def signed_thousands(value: float) -> str:
    """The same with its sign: under (−) or over (+)."""
    text = thousands(value)
    return f"+{text}" if text and text[0] not in "−0" else text


def in_100(chance: float) -> str:
    """A share of runs in words."""
    if math.isnan(chance):
        return NOTHING
    if chance in (0.0, 1.0):
        return "no run" if chance == 0.0 else "every run"
    told = min(max(round(100 * chance), 1), 99)
    return f"{told} {'run' if told == 1 else 'runs'} in 100"


# A range ----------------------------------------------------------------------------------

Size = Callable[[float], Write]
"""How numbers of a size are written."""


def _writer(row: Row, size: Size) -> Write:
    known = [abs(x) for x in (row.low, row.centre, row.high) if not math.isnan(x)]
    return size(max(known, default=0.0))


def _middle(row: Row, write: Write) -> str:
    """The middle run; the average beside it where the two tell different stories."""
    told = f"middle {write(row.centre)}"
    is_apart = abs(row.mean - row.centre) > MEAN_APART * (row.high - row.low)
    if is_apart and write(row.mean) != write(row.centre):
        told += f", average {write(row.mean)}"
    return told


def level(row: Row | None, size: Size, unit: str = "") -> str:
    """What runs give: "between 302 and 425", with the middle run; no ends of a few runs."""
    if row is None or math.isnan(row.centre):
        return NOTHING
    write = _with_unit(_writer(row, size), unit)
    if not row.has_range:
        return write(row.centre)
    ends, middle = _ends(row, write), _middle(row, write)
    return ends if middle == f"middle {ends}" else f"{ends} ({middle})"


def _with_unit(write: Write, unit: str) -> Write:
    return lambda value: f"{write(value)}{unit}"


def _ends(row: Row, write: Write) -> str:
    low, high = write(row.low), write(row.high)
    return low if low == high else f"between {low} and {high}"


def change(row: Row | None, size: Size, more: str, fewer: str, unit: str = "") -> str:
    """A change in words, with the middle run: "between 29 and 46 more (middle 37)".

    Args:
        row: the change.
        size: how its numbers are written.
        more: word for an increase.
        fewer: word for a decrease.
        unit: behind each number.
    """
    text, middle = change_parts(row, size, more, fewer, unit)
    return f"{text} ({middle})" if middle else text


def change_parts(
    row: Row | None, size: Size, more: str, fewer: str, unit: str = ""
) -> tuple[str, str]:
    """The same in two parts: the range, and the middle run; the latter is empty of a few runs."""
    if row is None or math.isnan(row.centre):
        return NOTHING, ""
    write = _writer(row, size)

    def one(value: float) -> str:
        text = write(abs(value))
        is_zero = not any(c in "123456789" for c in text)
        return NO_CHANGE if is_zero else f"{text}{unit} {more if value > 0 else fewer}"

    if not row.has_range:
        return one(row.centre), ""
    low, high = one(row.low), one(row.high)
    if low == high:
        middle = _middle(row, one)
        return low, "" if middle == f"middle {low}" else middle
    if NO_CHANGE not in (low, high) and (row.low > 0) == (row.high > 0):
        ends = sorted((abs(row.low), abs(row.high)))
        words = (
            f"between {write(ends[0])} and {write(ends[1])}{unit} {more if row.low > 0 else fewer}"
        )
        return words, _middle(row, lambda value: f"{write(abs(value))}{unit}")
    return f"from {low} to {high}", _middle(row, one)


# Dates ------------------------------------------------------------------------------------


def date(iso: str) -> str:
    """A date in words."""
    return day(dt.date.fromisoformat(iso))


def days_of(row: Row) -> str:
    """The days that a row covers."""
    return f"{date(row.first)} to {date(row.last)}"


def year(label: str) -> str:
    """A financial year in words, marked where the run holds only part of it."""
    return label.replace(" part", " (part-year)")
