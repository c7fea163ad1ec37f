"""Reading what the program wrote: CSV files, and the tables of headline.txt."""

from __future__ import annotations

import csv
import math
import re
from dataclasses import dataclass
from pathlib import Path

_RULE = re.compile(r"^ ─+$")
_CELL = re.compile(r"^([+−]?)£?([\d,.]+)(k|m| %| pts)?$")
_SCALE = {None: 1.0, "k": 1e3, "m": 1e6, " %": 0.01, " pts": 1.0}
NOTHING = "–"


def rows_of(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def value(cell: str) -> float:
    """The number in a printed cell; 0 for nothing, nan for words."""
    if cell == NOTHING:
        return 0.0
    found = _CELL.match(cell)
    if found is None:
        return math.nan
    sign, digits, unit = found.groups()
    return (-1 if sign == "−" else 1) * float(digits.replace(",", "")) * _SCALE[unit]


@dataclass(frozen=True)
class Printed:
    """A table of headline.txt.

    Attributes:
        title: what stands above it.
        rows: its labels, and the first line of each of their cells: means. The label of a part of
            a row has that row's before it: "Spent on its lines / pay".
    """

    title: str
    rows: tuple[tuple[str, tuple[str, ...]], ...]

    def row(self, start: str) -> list[float]:
        """Numbers of the one row whose label starts so; parts of rows apart."""
        (cells,) = (
            cells
            for label, cells in self.rows
            if label.startswith(start) and (" / " in start or " / " not in label)
        )
        return [value(cell) for cell in cells]

    def parts(self, start: str) -> list[list[float]]:
        """Numbers of the parts of a row, but for the ends of its range."""
        return [
            [value(cell) for cell in cells]
            for label, cells in self.rows
            if label.startswith(start) and " / " in label and not label.endswith((": from", "/ to"))
        ]

    def ends(self, start: str) -> list[list[float]]:
        """Numbers of the two ends of a row's range."""
        return [
            [value(cell) for cell in cells]
            for label, cells in self.rows
            if label.startswith(start) and label.endswith((": from", "/ to"))
        ]


def tables_of(text: str) -> list[Printed]:
    """Every table of a headline."""
    lines = text.splitlines()
    return [_table(lines, i) for i, line in enumerate(lines) if _RULE.match(line)]


def _table(lines: list[str], rule: int) -> Printed:
    head = rule - 1
    while lines[head].strip():
        head -= 1
    title = head - 1
    while title > 0 and lines[title - 1].strip():
        title -= 1
    last = rule + 1
    while last < len(lines) and (not lines[last].strip() or lines[last].startswith(" ")):
        last += 1
    return Printed(" ".join(lines[title:head]), _rows(lines[rule + 1 : last]))


def _rows(lines: list[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found: list[tuple[int, str, tuple[str, ...]]] = []
    for line in lines:
        if not line.strip():
            continue
        indent, label, cells = _split(line)
        if any(cell == NOTHING or _CELL.match(cell) for cell in cells):
            found.append((indent, label, cells))
        elif label and found:
            before = found[-1]
            found[-1] = (before[0], f"{before[1]} {label}", before[2])
    rows, parent, margin = [], "", min(indent for indent, _, _ in found)
    for indent, label, cells in found:
        if indent > margin:
            rows.append((f"{parent} / {label}", cells))
        else:
            parent = label
            rows.append((label, cells))
    return tuple(rows)


def _split(line: str) -> tuple[int, str, tuple[str, ...]]:
    """Where the label begins, the label, and the cells."""
    indent = len(line) - len(line.lstrip())
    parts = re.split(r"\s{2,}", line.strip())
    if indent > 6:  # a line of cells without a label
        return indent, "", tuple(parts)
    return indent, parts[0], tuple(parts[1:])
