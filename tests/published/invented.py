"""Small files in the Department's layout, of councils that do not exist."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from sim.published.figure import Figure
from sim.published.lookup import find_council
from sim.published.reading import Edition, read_editions
from sim.published.record import Record

KEYS = (
    "time_period", "time_identifier", "geographic_level", "country_code", "country_name",
    "region_code", "region_name", "old_la_code", "new_la_code", "la_name",
)  # fmt: skip
Line = Mapping[str, object]


def council(
    year: int,
    code: str = "899",
    name: str = "Smallbrook",
    region: str = "South West",
    long_code: str = "E06999995",
    **cells: object,
) -> Line:
    """The line of a council."""
    keys = {"geographic_level": "Local authority", "region_name": region, "la_name": name}
    return keys | {"time_period": year, "old_la_code": code, "new_la_code": long_code, **cells}


def region(year: int, name: str, **cells: object) -> Line:
    """The line of a region."""
    return {"geographic_level": "Regional", "time_period": year, "region_name": name, **cells}


def england(year: int, **cells: object) -> Line:
    """The line of England."""
    return {"geographic_level": "National", "time_period": year, **cells}


def csv_text(lines: Iterable[Line], headings: Iterable[str] = KEYS) -> str:
    """The lines as a file: the keys, then every other column that a line has."""
    lines = list(lines)
    columns = list(dict.fromkeys([*headings, *(column for line in lines for column in line)]))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue()


def editions(*lines: Line, release: int | None = None, where: str = "file.csv") -> list[Edition]:
    """What is read of a file with these lines."""
    return read_editions(iter(csv_text(lines).splitlines(keepends=True)), where, release)


def record(*lines: Line, until: int = 2030) -> Record:
    """The record of a file with these lines."""
    return Record(editions(*lines), until)


def figure(column: str, cell: object, **more: object) -> Figure:
    """How a cell of one council is read, in a file of the column and what is given besides."""
    cells: dict[str, Any] = {column: cell, **more}
    only = record(council(2020, **cells))
    return only.figure(find_council(only, "Smallbrook", 2020), column, 2020)
