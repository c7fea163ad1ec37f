"""Rows of state: a class declares its fields once, for both engines.

SimPy's engine uses the classes as they are: objects with slots. The compiled engine lays the same
fields out in memory (`Layout`): a row is an address, a field an offset from it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

T = TypeVar("T")

Maybe: TypeAlias = T | Any
"""A reference to a row that may be None: a null address in compiled code."""
Key = int
"""A key of random numbers: 64 bits without a sign."""
Long = int
"""A whole number that takes 64 bits in memory; an `int` takes 32 there, and 64 in arithmetic."""
Heap = Any
"""Cases or numbers, the first in order on top (sim.engine.simpy.kernel)."""
Signal = Any
"""Something that processes wait for."""
Process = Any
"""A story under way."""
Loads = list[float]
"""Loads of those in a pool, in their order; only SimPy's engine keeps them."""


class Table(list[T]):
    """All rows of one kind; it grows by `add` alone, and no row of it is ever removed."""

    __slots__ = ("row",)

    def __init__(self, row: Callable[[], T]) -> None:
        super().__init__()
        self.row = row


class List(list[T]):
    """References to rows, one after the other."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a row.

    Attributes:
        kind: float, int, long, bool, key, few, table, list, heap, ref; python and loads for what
            only SimPy's engine has.
        of: name of the row that a table or list holds or a reference leads to; for `few`, what
            each of its numbers is.
        count: how many numbers a `few` holds.
    """

    name: str
    kind: str
    of: str = ""
    count: int = 1


_PLAIN = {
    "Any": "python",
    "Loads": "loads",
    "float": "float",
    "int": "int",
    "Long": "long",
    "bool": "bool",
    "Key": "key",
}
_BLANK = {
    "float": "0.0",
    "int": "0",
    "long": "0",
    "bool": "False",
    "key": "0",
    "ref": "None",
    "python": "None",
    "loads": "[]",
    "list": "List()",
    "heap": "[]",
}
ROWS: dict[str, Any] = {}
"""By name: the classes of rows."""
FIELDS: dict[str, tuple[Field, ...]] = {}
"""By name of a row: its fields, in the order in which they are declared."""


def _blank(field: Field) -> str:
    """Text of the value with which a field begins."""
    if field.kind == "few":
        return f"[{_BLANK[field.of]}] * {field.count}"
    if field.kind == "table":
        return f"Table(ROWS[{field.of!r}])"
    return _BLANK[field.kind]


def field_of(name: str, annotation: str, sizes: dict[str, int]) -> Field:
    """A field from its annotation, as it stands in the text.

    Args:
        name: its name.
        annotation: such as "float", "Maybe[Post]", "Table[Post]", or a name in `sizes`.
        sizes: by name of a kind of `few`: how many numbers it holds; keys with a negative count.
    """
    if annotation in _PLAIN:
        return Field(name, _PLAIN[annotation])
    if annotation in sizes:
        count = sizes[annotation]
        return Field(name, "few", "float" if count > 0 else "key", abs(count))
    outer, _, inner = annotation.partition("[")
    if outer in ("Table", "List"):
        return Field(name, outer.lower(), inner[:-1])
    if annotation == "Heap":
        return Field(name, "heap", "Node")
    return Field(name, "ref", inner[:-1] if outer == "Maybe" else annotation)


def row_of(sizes: dict[str, int]) -> Callable[[type[T]], type[T]]:
    """A decorator for the classes of rows: slots for the fields, and a start in which all is blank.

    Args:
        sizes: kinds of `few` (field_of).
    """

    def row(cls: type[T]) -> type[T]:
        fields = tuple(field_of(n, a, sizes) for n, a in cls.__annotations__.items())
        lines = [f"    self.{f.name} = {_blank(f)}" for f in fields]
        space: dict[str, Any] = {"List": List, "Table": Table, "ROWS": ROWS}
        exec("\n".join(["def __init__(self):", *lines]), space)
        body = {
            "__doc__": cls.__doc__,
            "__module__": cls.__module__,
            "__slots__": tuple(f.name for f in fields),
            "__init__": space["__init__"],
        }
        made = type(cls.__name__, (), body)
        ROWS[cls.__name__], FIELDS[cls.__name__] = made, fields
        return made

    return row
