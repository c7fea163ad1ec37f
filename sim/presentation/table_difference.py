"""Two folders of CSV files, held against each other cell by cell."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from sim.config.errors import InputError

_NONE = "nothing"
_SHOWN = 40
"""Characters of a cell that are shown."""


@dataclass(frozen=True)
class Difference:
    """The first place in which two folders differ.

    Attributes:
        file: name of the file.
        row: line of the file, its heads are line 1; 0 where a whole file is missing.
        told: what the row is of, from its first cells.
        column: head of the column; empty where a row or file is missing.
        before, now: both values, as they stand in the files.
    """

    file: str
    row: int
    told: str
    column: str
    before: str
    now: str

    def line(self) -> str:
        """The difference in words."""
        row = f", row {self.row}" if self.row else ""
        told = f" ({self.told})" if self.told else ""
        column = f", column {self.column}" if self.column else ""
        return f"{self.file}{row}{told}{column}: {self.before} in the study, {self.now} now"


@dataclass(frozen=True)
class Held:
    """How two folders compare.

    Attributes:
        first: the first difference; None where every cell is the same.
        cells, differing: how many cells were held against each other, and how many differ.
        files: names of the files that were held.
        left_out: tables of the first folder that the second one has none of.
    """

    first: Difference | None
    cells: int
    differing: int
    files: tuple[str, ...]
    left_out: tuple[str, ...]


def held_against(before: Path, now: Path) -> Held:
    """Every table that a rerun wrote, against the study's own of the same name.

    Args:
        before: folder of the study.
        now: folder of the rerun.

    Raises:
        InputError: a table of the study can't be read.
    """
    names = sorted(path.name for path in now.glob("*.csv"))
    known = sorted(path.name for path in before.glob("*.csv"))
    first, cells, differing = None, 0, 0
    for name in names:
        found, count, size = _in_file(before / name, now / name)
        first, cells, differing = first or found, cells + size, differing + count
    left_out = tuple(name for name in known if name not in names)
    return Held(first, cells, differing, tuple(names), left_out)


def _in_file(before: Path, now: Path) -> tuple[Difference | None, int, int]:
    """The first difference, how many cells differ, and how many there are: row by row."""
    if not before.is_file():
        size = sum(map(len, _rows(now)))
        return Difference(now.name, 0, "", "", "no such file", "written"), size, size
    nothing: list[str] = []
    first, heads = None, next(_rows(now), nothing)
    count = size = 0
    for row, (old, new) in enumerate(zip_longest(_rows(before), _rows(now), fillvalue=nothing), 1):
        size += len(new)
        if old == new:
            continue
        count += sum(a != b for a, b in zip_longest(old, new))
        first = first or _difference(now.name, row, heads, old, new)
    return first, count, size


def _difference(
    name: str, row: int, heads: Sequence[str], old: Sequence[str], new: Sequence[str]
) -> Difference:
    cells = list(zip_longest(old, new))
    place = next(i for i, (a, b) in enumerate(cells) if a != b)
    told = ", ".join(cell for cell in (new or old)[: min(place, 4)] if cell)
    if not old or not new:
        return Difference(name, row, told, "", "a row" if old else _NONE, "a row" if new else _NONE)
    column = heads[place] if place < len(heads) else f"{place + 1}"
    return Difference(name, row, told, column, *map(_shown, cells[place]))


def _shown(cell: str | None) -> str:
    if not cell:
        return _NONE
    return cell if len(cell) <= _SHOWN else f"{cell[:_SHOWN]}..."


def _rows(path: Path) -> Iterator[list[str]]:
    """The rows of a file, one at a time: a large study has a million."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from csv.reader(file)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(path, f"can't be read ({error})", "Take it from a copy") from None
