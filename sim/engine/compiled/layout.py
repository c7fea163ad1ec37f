"""Where the fields of a row lie in memory, and the rows that only the compiled engine has."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from sim.engine import layout as layout  # the rows of both engines
from sim.engine.layout import Case
from sim.engine.rows import FIELDS, Field, Long, Maybe, row_of

World = Any
"""The world, with what the compiled engine alone keeps in it (OWN)."""
CLOSURE_WORDS = 16
"""Words of 8 bytes in which a story under way is kept; generators.keep refuses a larger one."""
row = row_of({"Closure": CLOSURE_WORDS})


@row
class Signal:
    """Something that processes wait for: the first and the last of them.

    `triggered` once it is given, `fired` once those who waited go on.
    """

    first: Maybe[Process]
    last: Maybe[Process]
    triggered: bool
    fired: bool


@row
class Process:
    """A story under way. `next` waits for the same signal, or is free as this one is.

    `either` is the signal, where days count too; then `stamp` tells which timers still count.
    """

    closure: Closure
    entity: Long
    next: Maybe[Process]
    either: Maybe[Signal]
    story: int
    stamp: int
    started: bool


@row
class Event:
    """Something due: a process that goes on, a signal that is given, or a clock that rings."""

    time: float
    order: Long
    entity: Long
    kind: int
    stamp: int


@row
class Later:
    """Something due in a later slice of time; `next` is due in the same, or is free as this is."""

    time: float
    order: Long
    entity: Long
    next: Maybe[Later]
    kind: int
    stamp: int


@row
class Slice:
    """A slice of time: the first of what is due in it."""

    first: Maybe[Later]


@row
class Node:
    """Something on a heap."""

    key: float
    rank: int
    number: int
    stamp: int
    case: Maybe[Case]
    left: Maybe[Node]
    right: Maybe[Node]


Closure = list[float]
OWN = (
    Field("stop_flag", "long"),
    Field("sequence", "long"),
    Field("slice", "long"),
    Field("slices_per_day", "float"),
    Field("current", "ref", "Process"),
    Field("first_to_begin", "ref", "Process"),
    Field("last_to_begin", "ref", "Process"),
    Field("free_process", "ref", "Process"),
    Field("free_node", "ref", "Node"),
    Field("free_later", "ref", "Later"),
    Field("queue", "table", "Event"),
    Field("later", "table", "Later"),
    Field("slices", "table", "Slice"),
    Field("processes", "table", "Process"),
    Field("signals", "table", "Signal"),
    Field("nodes", "table", "Node"),
)
"""What the compiled engine keeps in the world beside what both do."""

HEADER = 3
"""Words of a table or list: where it begins, how many rows it has, for how many there is room."""
_WORD = 8
_SIZES = {"float": 8, "long": 8, "key": 8, "ref": 8, "heap": 8, "int": 4, "bool": 1}
_FORMATS = {
    "float": "<f8", "long": "<i8", "key": "<u8", "ref": "<i8", "heap": "<i8", "int": "<i4",
    "bool": "?",
}  # fmt: skip


@dataclass(frozen=True)
class Layout:
    """How a row lies in memory.

    Attributes:
        fields: by name.
        offsets: by name: bytes from the row's beginning.
        size: bytes.
        blank: bytes, from the beginning, that are cleared when a row is added; lists, which have
            their room for good, lie behind them.
    """

    fields: dict[str, Field]
    offsets: dict[str, int]
    size: int
    blank: int


def fields_of(name: str) -> tuple[Field, ...]:
    """Fields of a row that lie in memory."""
    own = OWN if name == "World" else ()
    return tuple(f for f in (*FIELDS[name], *own) if f.kind not in ("python", "loads"))


@cache
def layout_of(name: str) -> Layout:
    """How the row of this name lies in memory: words first, then halves, then flags, then lists."""
    order = {"int": 1, "bool": 2, "list": 3}
    fields = sorted(fields_of(name), key=lambda field: order.get(field.kind, 0))
    offsets, end, blank = {}, 0, -1
    for field in fields:
        if field.kind == "list":
            end = -(-end // _WORD) * _WORD
            blank = end if blank < 0 else blank
        offsets[field.name] = end
        end += _bytes(field)
    size = -(-end // _WORD) * _WORD
    return Layout({f.name: f for f in fields}, offsets, size, size if blank < 0 else blank)


def _bytes(field: Field) -> int:
    if field.kind in ("table", "list"):
        return HEADER * _WORD
    if field.kind == "few":
        return _WORD * field.count
    return _SIZES[field.kind]


@cache
def dtype_of(name: str) -> np.dtype[Any]:
    """The same as numpy's record."""
    lay = layout_of(name)
    formats: list[Any] = []
    for field in lay.fields.values():
        if field.kind in ("table", "list"):
            formats.append(("<i8", (HEADER,)))
        elif field.kind == "few":
            formats.append((_FORMATS[field.of], (field.count,)))
        else:
            formats.append(_FORMATS[field.kind])
    return np.dtype(
        {
            "names": list(lay.fields),
            "formats": formats,
            "offsets": [lay.offsets[name] for name in lay.fields],
            "itemsize": lay.size,
        }
    )
