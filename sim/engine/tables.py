"""Columns of a table, before an engine makes rows of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Values = np.ndarray[tuple[int, ...], np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Ref:
    """References to rows of a table, by number; -1 for none."""

    table: str
    rows: Values


@dataclass(frozen=True, slots=True)
class Columns:
    """A table: how many rows it has, and what stands in them where that is not blank."""

    count: int
    fields: dict[str, Values | Ref]


def columns(count: int, /, **fields: Values | Ref | Sequence[Any] | range) -> Columns:
    """A table of some rows with these columns."""
    return Columns(count, {name: _values(name, values) for name, values in fields.items()})


def _values(name: str, values: Values | Ref | Sequence[Any] | range) -> Values | Ref:
    """A column; keys need all of their 64 bits, which numpy would not choose by itself."""
    if isinstance(values, Ref):
        return values
    return np.asarray(values, np.uint64 if name == "key" else None)


def column(values: Iterable[Any]) -> Columns:
    """A table of numbers, in a column of that name."""
    found = np.array(list(values))
    return columns(len(found), value=found)
