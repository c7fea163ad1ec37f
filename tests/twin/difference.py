"""The first difference between two runs: time, event, entity, field and both values.

Values are compared by their bits, so that 0.0 is not -0.0; one nan is as good as another.
"""

from __future__ import annotations

import dataclasses
import math
import struct
from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.engine.trace import TraceEvent

AnyArray = np.ndarray[Any, np.dtype[Any]]


@dataclasses.dataclass(frozen=True)
class Difference:
    """Where two runs part.

    Attributes:
        time: day of the event, or period; empty where the fact has none.
        event: what happened, or which facts are told.
        entity: whom or what it concerns.
        field: which of its fields.
        expected, found: both values.
    """

    time: str
    event: str
    entity: str
    field: str
    expected: object
    found: object

    def __str__(self) -> str:
        names = ("time", "event", "entity", "field")
        told = [f"{name} {value}" for name in names if (value := getattr(self, name))]
        return f"{', '.join(told)}: expected {self.expected!r}, found {self.found!r}"

    def inside(self, name: str) -> Difference:
        """The same, told from one level further out."""
        event = f"{name}.{self.event}" if self.event else name
        return dataclasses.replace(self, event=event)


def first_difference(expected: object, found: object) -> Difference | None:
    """The first difference between two things of one kind; None where they are the same.

    Args:
        expected: numbers and texts, or dataclasses, named tuples, dicts, sequences and arrays
            (of records too) of these.
        found: the same of the other run.
    """
    if type(expected) is not type(found):
        return Difference("", "", "", "type", type(expected), type(found))
    if isinstance(expected, np.ndarray) and isinstance(found, np.ndarray):
        return _in_arrays(expected, found)
    if dataclasses.is_dataclass(expected):
        names = [field.name for field in dataclasses.fields(expected)]
        return _in_fields(names, expected, found)
    if isinstance(expected, dict) and isinstance(found, dict):
        return _in_dicts(expected, found)
    if isinstance(expected, list | tuple) and isinstance(found, list | tuple):
        return _in_sequences(expected, found)
    if _same_value(expected, found):
        return None
    return Difference("", "", "", "", expected, found)


def first_difference_of_traces(
    expected: Sequence[TraceEvent], found: Sequence[TraceEvent]
) -> Difference | None:
    """The first event in which two traces differ; None where they are the same."""
    names = [field.name for field in dataclasses.fields(TraceEvent)]
    for one, other in zip(expected, found, strict=False):
        if one == other:
            continue
        name = next(name for name in names if getattr(one, name) != getattr(other, name))
        return _in_event(one, name, getattr(one, name), getattr(other, name))
    if len(expected) == len(found):
        return None
    longer = expected if len(expected) > len(found) else found
    next_event = longer[min(len(expected), len(found))]
    return _in_event(next_event, "number of events", len(expected), len(found))


def _in_event(event: TraceEvent, field: str, expected: object, found: object) -> Difference:
    whom = " ".join(part for part in (event.person, event.child, event.post, event.team) if part)
    return Difference(f"day {event.day!r}", event.what, whom, field, expected, found)


def _in_fields(names: Sequence[str], expected: object, found: object) -> Difference | None:
    for name in names:
        different = first_difference(getattr(expected, name), getattr(found, name))
        if different is not None:
            return different.inside(name)
    return None


def _in_dicts(expected: dict[Any, Any], found: dict[Any, Any]) -> Difference | None:
    if list(expected) != list(found):
        return Difference("", "", "", "keys", list(expected), list(found))
    for key, value in expected.items():
        different = first_difference(value, found[key])
        if different is not None:
            return different.inside(str(key))
    return None


def _in_sequences(expected: Sequence[Any], found: Sequence[Any]) -> Difference | None:
    """In lists and tuples, of named tuples too; in these the entity is their number."""
    names = getattr(expected, "_fields", None)
    for place, (one, other) in enumerate(zip(expected, found, strict=False)):
        different = first_difference(one, other)
        if different is None:
            continue
        if names is not None:
            return dataclasses.replace(different, field=names[place])
        return dataclasses.replace(different, entity=f"{type(one).__name__} {place}")
    if len(expected) != len(found):
        return Difference("", "", "", "length", len(expected), len(found))
    return None


def _in_arrays(expected: AnyArray, found: AnyArray) -> Difference | None:
    for field in ("dtype", "shape"):
        if getattr(expected, field) != getattr(found, field):
            return Difference(
                "", "", "", field, getattr(expected, field), getattr(found, field)
            )  # fmt: skip
    places = np.argwhere(_differs(expected, found))
    if not len(places):
        return None
    place = tuple(int(index) for index in places[0])
    if expected.dtype.names is not None:
        return _in_records(expected, found, place)
    time = f"period {place[0]}" if expected.ndim > 1 else ""
    entity = str(list(place[1:] if expected.ndim > 1 else place))
    return Difference(time, "", entity, "", expected[place].item(), found[place].item())


def _in_records(expected: AnyArray, found: AnyArray, place: tuple[int, ...]) -> Difference:
    one, other = expected[place], found[place]
    assert expected.dtype.names is not None
    for name in expected.dtype.names:
        if _differs(np.asarray(one[name]), np.asarray(other[name])).any():
            return Difference("", "", f"row {list(place)}", name, one[name], other[name])
    raise AssertionError("records that differ have a field in which they do")


def _differs(expected: AnyArray, found: AnyArray) -> AnyArray:
    """Where two arrays of one dtype and shape differ."""
    if expected.dtype.names is not None:
        apart = np.zeros(expected.shape, bool)
        for name in expected.dtype.names:
            field = _differs(expected[name], found[name])
            apart |= field.any(axis=tuple(range(expected.ndim, field.ndim)))
        return apart
    if expected.dtype.kind != "f":
        return np.asarray(expected != found)
    bits = f"u{expected.dtype.itemsize}"
    same_bits = np.ascontiguousarray(expected).view(bits) == np.ascontiguousarray(found).view(bits)
    both_nan = np.isnan(expected) & np.isnan(found)
    return np.asarray(~(same_bits.reshape(expected.shape) | both_nan))


def _same_value(expected: object, found: object) -> bool:
    if isinstance(expected, float) and isinstance(found, float):
        if math.isnan(expected) and math.isnan(found):
            return True
        return struct.pack("d", expected) == struct.pack("d", found)
    return bool(expected == found)
