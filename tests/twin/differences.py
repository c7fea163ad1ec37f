"""Where two runs first part: time, event, entity and field, and both values."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np

from sim.engine.compiled import simulate as compiled
from sim.engine.model import simulate as simpy
from sim.engine.trace import TraceEvent
from sim.inputs.fates import Fates
from sim.inputs.plan import Plan


def first_difference(expected: object, found: object) -> str | None:
    """The first field in which two records differ, with both values; None where none does."""
    return next(_differences(expected, found, "records"), None)


def _differences(expected: Any, found: Any, where: str) -> Iterator[str]:
    if dataclasses.is_dataclass(expected):
        for field in dataclasses.fields(expected):
            mine, other = getattr(expected, field.name), getattr(found, field.name)
            yield from _differences(mine, other, f"{where}.{field.name}")
    elif isinstance(expected, dict):
        for key in expected:
            yield from _differences(expected[key], found[key], f"{where}[{key}]")
    elif isinstance(expected, np.ndarray):
        yield from _array_differences(expected, found, where)
    elif expected != found:
        yield f"{where}: {expected!r}, and {found!r} in the twin"


def _array_differences(expected: Any, found: Any, where: str) -> Iterator[str]:
    if (expected.shape, expected.dtype) != (found.shape, found.dtype):
        yield f"{where}: {expected.dtype}{expected.shape}, and {found.dtype}{found.shape}"
    elif expected.dtype.names:
        for name in expected.dtype.names:
            yield from _array_differences(expected[name], found[name], f"{where}.{name}")
    else:
        same = (expected == found) | ((expected != expected) & (found != found))
        for place in map(tuple, np.argwhere(~same)[:1]):
            place_of = ", ".join(str(int(index)) for index in place)
            yield f"{where}[{place_of}]: {expected[place]!r}, and {found[place]!r} in the twin"


def first_parting(expected: list[TraceEvent], found: list[TraceEvent]) -> str | None:
    """The first event in which two traces differ; None where none does."""
    for number, (mine, other) in enumerate(zip(expected, found, strict=False)):
        if mine != other:
            fields = [
                f"{field.name}: {getattr(mine, field.name)!r}, and {getattr(other, field.name)!r}"
                for field in dataclasses.fields(TraceEvent)
                if getattr(mine, field.name) != getattr(other, field.name)
            ]
            entity = mine.child or mine.person or mine.post or mine.team
            return f"event {number}, day {mine.day!r}, {mine.what}, {entity}: {'; '.join(fields)}"
    if len(expected) != len(found):
        return f"{len(expected)} events, and {len(found)} in the twin"
    return None


def assert_twins(plan: Plan, fates: Fates, traced: bool = False) -> None:
    """Both engines give the same Records, and the same trace where it is asked for."""
    mine: list[TraceEvent] = []
    other: list[TraceEvent] = []
    expected = simpy(plan, fates, mine.append if traced else None)
    found = compiled(plan, fates, other.append if traced else None)
    parting = first_parting(mine, other)
    assert parting is None, parting
    difference = first_difference(expected, found)
    assert difference is None, difference
