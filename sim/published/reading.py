"""From the text of a downloaded file to rows: keys put in order, cells left as printed."""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sim.config.errors import InputError
from sim.published.figure import Bounds, Figure, Mark, Unit, bounds_of, read_mark
from sim.published.successions import counted_with
from sim.published.tables import WORKFORCE, Table, heading, tables_in

ENGLAND, REGION, COUNCIL = "National", "Regional", "Local authority"
_KEYS = ("time_period", "geographic_level", "region_name", "old_la_code", "new_la_code", "la_name")
_DOWNLOAD = "Download the file again and leave it as it is"
_YEAR = re.compile(r"(19|20)\d\d")
_CODE = re.compile(r"\d{3}")


@dataclass(frozen=True, slots=True)
class Row:
    """One area and year of a table.

    Attributes:
        table: the table.
        level: England, region or council, in the Department's words.
        codes: three-digit codes; two for a row of two councils together, none above councils.
        long_codes: nine-character codes, as this release has them.
        name: of the council, region or country; both names for a row of two.
        region: name of the region; London's councils stand in Inner or Outer London.
        year: the row's label.
        cells: text by column, as printed.
        release: last year in the file.
    """

    table: Table
    level: str
    codes: tuple[str, ...]
    long_codes: tuple[str, ...]
    name: str
    region: str
    year: int
    cells: Mapping[str, str]
    release: int

    def figure(self, column: str) -> Figure:
        """The figure in a column of the row's table."""
        cell, unit = self.cells[column], self.table.units[column]
        is_rounded_count = unit is Unit.PEOPLE and self.level != COUNCIL
        step = self.table.comparator_step if is_rounded_count else unit.step
        mark = read_mark(cell)
        bounds = bounds_of(cell, unit, step, self.table.small_numbers_hidden)
        if mark is Mark.SUPPRESSED and column in self.table.parts:
            bounds = self._bounds_of_part()
        return Figure(
            column=column,
            area=self.name,
            value=None if mark else float(cell),
            mark=mark,
            bounds=bounds,
            end=self.table.end(self.year),
            release=self.release,
            note=_note(cell, mark, unit),
        )

    def _bounds_of_part(self) -> Bounds:
        """Bounds of a hidden part: from 0 to what the parts shown leave of the whole."""
        whole = self.figure(self.table.whole)
        shown = [self.cells[part] for part in self.table.parts]
        known = sum(float(cell) for cell in shown if read_mark(cell) is None)
        return 0.0, max(0.0, whole.bounds[1] - known) if whole.bounds else math.inf


def _note(cell: str, mark: Mark | None, unit: Unit) -> str:
    if mark is Mark.UNKNOWN:
        return repr(cell)
    is_rate = unit in (Unit.RATE, Unit.SHARE)
    if mark is Mark.NOT_APPLICABLE:
        return (
            "there is nothing to divide by" if is_rate else "or, in older releases, not available"
        )
    return ""


@dataclass(frozen=True)
class Edition:
    """One table as one file of one release has it.

    Attributes:
        table: the table.
        release: last year in the file.
        where: the file, for people.
        rows: of councils that exist and are counted, of regions and of England.
        notes: what was found on reading that is no fault.
    """

    table: Table
    release: int
    where: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


def read_editions(lines: Iterator[str], where: str, release: int | None = None) -> list[Edition]:
    """The known tables in a file; none where it is another table.

    Args:
        lines: of the file, the headings first; a byte that is no UTF-8 stands as a surrogate.
        where: what the file is called, for people.
        release: last year of the edition, where the file is a part of it; else the file's own.

    Raises:
        InputError: a known table that can't be read, with the line.
    """
    records = csv.reader(_in_utf8(lines, where), strict=True)
    try:
        headings = [heading(text) for text in next(csv.reader(lines), [])]
    except csv.Error:
        return []
    tables = tables_in(headings) if set(_KEYS) <= set(headings) else ()
    if not tables:
        return []
    try:
        cells = list(_cells(records, headings, where))
    except csv.Error as error:
        problem = f"is no table of comma-separated values: {error}"
        raise InputError(where, problem, _DOWNLOAD) from None
    return [_edition(table, cells, where, release) for table in tables]


def _in_utf8(lines: Iterator[str], where: str) -> Iterator[str]:
    """The lines, which hold surrogates where their bytes were no UTF-8."""
    for number, line in enumerate(lines, start=2):
        if any("\ud800" <= character <= "\udfff" for character in line):
            remedy = f"{_DOWNLOAD}: a spreadsheet program saves it otherwise"
            raise InputError(f"{where}: line {number}", "is not text in UTF-8", remedy)
        yield line


def _cells(
    records: Iterator[list[str]], headings: list[str], where: str
) -> Iterator[tuple[int, dict[str, str]]]:
    for number, record in enumerate(records, start=2):
        if not record:
            continue
        if len(record) != len(headings):
            problem = f"{len(record)} cells under {len(headings)} headings"
            raise InputError(f"{where}: line {number}", problem, _DOWNLOAD)
        yield number, dict(zip(headings, record, strict=True))


def _edition(
    table: Table, lines: list[tuple[int, dict[str, str]]], where: str, release: int | None
) -> Edition:
    """The table in these lines; no rows of a finer table, with several for an area and year."""
    column, words = table.only
    kept = [(n, cells) for n, cells in lines if words in cells.get(column, "").casefold()]
    rows = [row for n, cells in kept if (row := _row(table, cells, f"{where}: line {n}"))]
    release = release or max((row.year for row in rows), default=0)
    seen = Counter((row.level, row.year, row.codes, row.name) for row in rows)
    twice = [f"{name} {year}" for (_, year, _, name), count in seen.items() if count > 1]
    if twice:
        note = f"not read as {table.name}: {len(twice)} areas have several rows ({twice[0]})"
        return Edition(table, release, where, (), (note,))
    told = [replace(row, release=release) for row in rows]
    together, notes = _together(told) if table.name == WORKFORCE else (told, [])
    return Edition(table, release, where, tuple(together), tuple(notes))


def _row(table: Table, cells: dict[str, str], where: str) -> Row | None:
    """The row of a line; nothing for a council that does not exist or has no row of its own."""
    level, label = cells["geographic_level"].strip(), cells["time_period"].strip()
    nobody = read_mark(cells.get(table.counted, "")) is Mark.NOT_APPLICABLE
    if level not in (ENGLAND, REGION, COUNCIL) or nobody:
        return None
    if not _YEAR.fullmatch(label):
        raise InputError(f"{where}: time_period", f"'{label}' is no year", _DOWNLOAD)
    region = _printable(cells["region_name"])
    name = {ENGLAND: "England", REGION: region, COUNCIL: _printable(cells["la_name"])}[level]
    codes = tuple(code.strip() for code in cells["old_la_code"].split("/"))
    if level == COUNCIL and not all(_CODE.fullmatch(code) for code in codes):
        problem = f"'{cells['old_la_code']}' is no three-digit code of a council, nor two"
        raise InputError(f"{where}: old_la_code", problem, _DOWNLOAD)
    figures = {table.renamed.get(key, key): cell for key, cell in cells.items()}
    return Row(
        table=table,
        level=level,
        codes=tuple(sorted(codes)) if level == COUNCIL else (),
        long_codes=tuple(code.strip() for code in cells["new_la_code"].split("/")),
        name=name,
        region=region,
        year=int(label),
        cells={column: figures.get(column, "") for column in table.units},
        release=0,
    )


def _printable(name: str) -> str:
    """A name without what could move the cursor of a screen."""
    return " ".join("".join(c if c.isprintable() else " " for c in name).split())


def _together(rows: list[Row]) -> tuple[list[Row], list[str]]:
    """Older releases print two councils' figures under one of them: name them as both."""
    alone = {(row.year, code) for row in rows for code in row.codes if len(row.codes) == 1}
    told, notes = [], []
    for row in rows:
        pair = counted_with(row.codes[0]) if len(row.codes) == 1 else None
        if pair is None or all((row.year, code) in alone for code in pair):
            told.append(row)
            continue
        name = " / ".join(pair.values())
        notes.append(f"{row.year}: the row of {row.name} is read as that of {name} together")
        told.append(replace(row, codes=tuple(sorted(pair)), name=name))
    return told, notes
