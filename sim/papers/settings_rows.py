"""Settings of a file as rows, one for each value or range, and rows as settings again."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sim.published.council_file.lines import Line, Section, file_text

RANGE, TEXT, NUMBER, WHOLE, DATE, FLAG, EMPTY = (
    "range", "text", "number", "whole number", "date", "yes or no", "empty"
)  # fmt: skip
"""Types of a row: three points, one value of a kind, or a list or table without items."""
TYPES = (RANGE, TEXT, NUMBER, WHOLE, DATE, FLAG, EMPTY)
POINTS = ("low", "central", "high")
LABELS = {"unit": "unit", "grade": "grade", "source": "source", "reason": "note"}
"""Columns that tell of a range, with the keys of the file that they hold."""
EMPTY_LIST, EMPTY_TABLE = "list", "table"
_TYPE_OF = {bool: FLAG, int: WHOLE, float: NUMBER, str: TEXT, dt.date: DATE}
_SIMPLE = re.compile(r"[^.\"\[\]]+")
_PARTS = re.compile(r'(?:^|\.)(?:"([^"]+)"|([^."\[\]]+))|\[([1-9][0-9]{0,3})\]')

Place = tuple[str | int, ...]
"""Keys of tables, and places in lists, which count from 1."""


class TwoRowsError(Exception):
    """Two rows are of one setting, which is the message; or one is of a table in the other."""


@dataclass(frozen=True)
class Entry:
    """One row.

    Attributes:
        place: where it stands in the file.
        type: one of TYPES.
        value: of the row; of a range its points and what tells of it, by the file's keys.
    """

    place: Place
    type: str
    value: Any

    @property
    def setting(self) -> str:
        """The place in words, such as `posts[1].fte`."""
        return setting(self.place)


def entries(data: Mapping[str, Any]) -> Iterator[Entry]:
    """The rows of a file's tables, in its order."""
    yield from _entries(data, ())


def _entries(value: Any, place: Place) -> Iterator[Entry]:
    if isinstance(value, Mapping) and value:
        rest = dict(value)
        if set(POINTS) <= set(rest):
            told = (*POINTS, *LABELS.values())
            yield Entry(place, RANGE, {key: rest.pop(key) for key in told if key in rest})
        for key, item in rest.items():
            yield from _entries(item, (*place, key))
    elif isinstance(value, list) and value:
        for number, item in enumerate(value, start=1):
            yield from _entries(item, (*place, number))
    elif isinstance(value, Mapping | list):
        yield Entry(place, EMPTY, EMPTY_LIST if isinstance(value, list) else EMPTY_TABLE)
    else:
        yield Entry(place, _TYPE_OF[type(value)], value)


def setting(place: Place) -> str:
    """A place as it is written in a row."""
    text = ""
    for part in place:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            quoted = part if _SIMPLE.fullmatch(part) else f'"{part}"'
            text += f".{quoted}" if text else quoted
    return text


def place_of(text: str) -> Place | None:
    """The place that a row names; None where it can't be read."""
    place: list[str | int] = []
    at = 0
    while at < len(text):
        found = _PARTS.match(text, at)
        if found is None:
            return None
        quoted, plain, number = found.groups()
        place.append(int(number) if number else quoted or plain)
        at = found.end()
    return tuple(place) if place and isinstance(place[0], str) else None


def settings_of(rows: list[Entry]) -> dict[str, Any]:
    """The tables that rows make; items of a list follow each other in the order of their numbers.

    Raises:
        TwoRowsError: a row stands where another is.
    """
    root: dict[str | int, Any] = {}
    for row in rows:
        at = root
        for part in row.place[:-1]:
            at = at.setdefault(part, {})
            if not isinstance(at, dict):
                raise TwoRowsError(row.setting)
        last = row.place[-1]
        if row.type == RANGE and isinstance(at.get(last, {}), dict):
            known = at.setdefault(last, {})
            if set(POINTS) & set(known):
                raise TwoRowsError(row.setting)
            known.update(row.value)
        elif last in at:
            raise TwoRowsError(row.setting)
        else:
            at[last] = _empty(row.value) if row.type == EMPTY else row.value
    return {str(key): _lists(value) for key, value in root.items()}


def _empty(kind: str) -> Any:
    return [] if kind == EMPTY_LIST else {}


def _lists(value: Any) -> Any:
    """Tables whose keys are all numbers as lists."""
    if not isinstance(value, dict):
        return value
    if value and all(isinstance(key, int) for key in value):
        return [_lists(value[key]) for key in sorted(value)]
    return {str(key): _lists(item) for key, item in value.items()}


def toml_text(data: Mapping[str, Any]) -> str:
    """A file's text."""
    return file_text(_sections("", data))


def _sections(name: str, table: Mapping[str, Any], listed: bool = False) -> Iterator[Section]:
    # A key with a dot can't stand in a section's name: its table is written on one line.
    tables = {k: v for k, v in table.items() if isinstance(v, Mapping) and "." not in k}
    lists = {k: v for k, v in table.items() if _is_of_tables(v) and "." not in k}
    plain = [Line(k, v) for k, v in table.items() if k not in tables and k not in lists]
    yield Section(name, tuple(plain), listed=listed)
    start = f"{name}." if name else ""
    for key, inner in tables.items():
        yield from _sections(start + key, inner)
    for key, items in lists.items():
        for item in items:
            yield from _sections(start + key, item, listed=True)


def _is_of_tables(value: object) -> bool:
    is_list = isinstance(value, list) and bool(value)
    return is_list and all(isinstance(item, Mapping) for item in value)  # type: ignore[attr-defined]
