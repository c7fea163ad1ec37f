"""A workbook that somebody filled in as the files that the ordinary loaders read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.config.errors import InputError
from sim.config.nearest import did_you_mean
from sim.config.shipped import load_evidence
from sim.config.sources import Source, Sources
from sim.papers.settings_rows import (
    EMPTY,
    LABELS,
    POINTS,
    RANGE,
    TEXT,
    TYPES,
    Entry,
    TwoRowsError,
    place_of,
    setting,
    settings_of,
    toml_text,
)
from sim.papers.workbook_cells import is_blank, number_of, text_of, value_of
from sim.papers.workbook_open import CellAt, OpenedBook
from sim.papers.workbook_sheets import (
    COUNCIL,
    EVIDENCE,
    EVIDENCE_COLUMNS,
    MEASURE_COLUMNS,
    MEASURES,
    SETTING_COLUMNS,
    SOURCE_COLUMNS,
    SOURCES,
    WHOLE_SCENARIO,
    evidence_rows,
    source_rows,
)
from sim.presentation.study_files import unit_of

Row = Mapping[str, CellAt]
_LOOK_IN = 20
"""Rows from the top in which a table's header is looked for."""
_KEY = re.compile(r"\w(?:[\w .-]{0,78}\w)?")
COUNCIL_FILE, SOURCES_FILE = "workbook_council.toml", "workbook_sources.toml"
_OPTIONAL = {"input", "reason", "about", "address"}


@dataclass
class ReadFile:
    """One file that a workbook holds.

    Attributes:
        name: of the file.
        rows: its settings.
        cells: the cells of each setting, by the place as loaders name it.
        about: what the rows are of, in words; empty for the council.
        extra: tables that stand in sheets of their own.
    """

    name: str
    rows: list[Entry] = field(default_factory=list)
    cells: dict[str, Row] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)

    def text(self, book: Path) -> str:
        """The file's text.

        Raises:
            InputError: two rows are of one setting.
        """
        try:
            return toml_text(settings_of(self.rows) | self.extra)
        except TwoRowsError as twice:
            place = place_of(str(twice)) or ()
            cell = self.cells[_dotted(place)]["setting"]
            raise InputError(
                f"{book}: {cell.where}", f"'{twice}' stands in two rows, or in another's table",
                "Delete one of them",
            ) from None  # fmt: skip


def read_files(path: Path) -> list[ReadFile]:
    """The council's file and those of its scenarios; last its own sources, where there are some.

    Raises:
        InputError: the workbook is unsafe or not whole, or a cell can't be used.
    """
    book = OpenedBook(path)
    council = _council(book)
    own = _own_sources(book)
    if own:
        council.extra["sources"] = SOURCES_FILE
        council.rows = [row for row in council.rows if row.place != ("sources",)]
    _check_evidence(book)
    files = [council, *_scenarios(book)]
    return [*files, ReadFile(SOURCES_FILE, extra=own)] if own else files


# Tables ------------------------------------------------------------------------------------


def _table(book: OpenedBook, name: str, columns: Sequence[str]) -> Iterator[Row]:
    """The rows of a sheet's table by the names of its columns; blank rows are left out."""
    known = {sheet.strip().lower(): sheet for sheet in book.names}
    if name not in known:
        raise InputError(
            book.path, f"has no sheet {name}, or one that is too large to be it",
            f"Sheets: {', '.join(book.names)}",
        )  # fmt: skip
    rows = book.rows(known[name])
    places = _header(book, name, rows, columns)
    for row in rows:
        if not all(is_blank(row[place]) for place in places.values() if place < len(row)):
            yield {column: row[place] for column, place in places.items()}


def _header(
    book: OpenedBook, name: str, rows: Iterator[list[CellAt]], columns: Sequence[str]
) -> dict[str, int]:
    needed = [column for column in columns if column not in _OPTIONAL]
    best: list[str] = []
    for _, row in zip(range(_LOOK_IN), rows, strict=False):
        texts = [str(cell.value).strip().lower() if cell.value else "" for cell in row]
        found = [column for column in needed if column in texts]
        twice = [column for column in columns if texts.count(column) > 1]
        if found == needed and twice:
            raise InputError(f"{book.path}: sheet {name}", f"has two columns '{twice[0]}'",
                             "Delete or rename one of them")  # fmt: skip
        if found == needed:
            return {column: texts.index(column) for column in columns if column in texts}
        best = max(best, found, key=len)
    lacking = ", ".join(column for column in needed if column not in best)
    raise InputError(
        f"{book.path}: sheet {name}",
        f"has no header row with the columns {lacking} in its first {_LOOK_IN} rows",
        "Move the table to the top and give its columns their names again",
    )


# Settings ----------------------------------------------------------------------------------


def _council(book: OpenedBook) -> ReadFile:
    found = ReadFile(COUNCIL_FILE)
    for row in _table(book, COUNCIL, SETTING_COLUMNS):
        _add(found, _entry(row, (), book), row)
    if not found.rows:
        raise InputError(f"{book.path}: sheet {COUNCIL}", "holds no settings",
                         "Start from a workbook that caseholder wrote")  # fmt: skip
    return found


def _scenarios(book: OpenedBook) -> list[ReadFile]:
    files: dict[str, ReadFile] = {}
    keys: dict[str, list[str]] = {}
    for row in _table(book, MEASURES, MEASURE_COLUMNS):
        scenario = _named(row["scenario"], book)
        measure = _named(row["measure"], book)
        if scenario not in files:
            twin = next((key for key in files if key.casefold() == scenario.casefold()), None)
            if twin is not None or not _KEY.fullmatch(scenario) or scenario == "workbook_council":
                raise InputError(
                    f"{book.path}: {row['scenario'].where}",
                    f"'{scenario}' can't be the name of a scenario's file",
                    f"Write it as '{twin}'" if twin else "Use letters, digits, _ and - alone",
                )
            files[scenario], keys[scenario] = ReadFile(f"{scenario}.toml"), []
        found = files[scenario]
        if measure == WHOLE_SCENARIO:
            start: tuple[str | int, ...] = ()
        else:
            if measure not in keys[scenario]:
                keys[scenario].append(measure)
                start = ("measures", len(keys[scenario]))
                named = {**row, "setting": row["measure"], "value": row["measure"]}
                _add(found, Entry((*start, "key"), TEXT, measure), named)
            start = ("measures", keys[scenario].index(measure) + 1)
        _add(found, _entry(row, start, book), row)
    return list(files.values())


def _named(cell: CellAt, book: OpenedBook) -> str:
    if is_blank(cell):
        raise InputError(
            f"{book.path}: {cell.where}", "is empty",
            "Fill it; where cells were merged, undo that and fill each of them",
        )  # fmt: skip
    return text_of(cell, str(book.path)).strip()


def _add(found: ReadFile, entry: Entry, row: Row) -> None:
    found.rows.append(entry)
    found.cells[_dotted(entry.place)] = row


def _dotted(place: Sequence[str | int]) -> str:
    """A place as loaders name it: lists count from 0."""
    return ".".join(str(part - 1) if isinstance(part, int) else part for part in place)


def _entry(row: Row, start: tuple[str | int, ...], book: OpenedBook) -> Entry:
    path = str(book.path)
    text = _named(row["setting"], book)
    place = place_of(text)
    if place is None:
        raise InputError(
            f"{path}: {row['setting'].where}", f"'{text[:60]}' is no setting",
            "Write it as other rows do, such as posts[1].fte",
        )  # fmt: skip
    kind = _named(row["type"], book).lower()
    if kind not in TYPES:
        raise InputError(
            f"{path}: {row['type'].where}", f"'{kind[:60]}' is no type",
            f"{did_you_mean(kind, dict.fromkeys(TYPES))}Types: {', '.join(TYPES)}",
        )  # fmt: skip
    place = (*start, *place)
    if kind == RANGE:
        return Entry(place, RANGE, _range(row, path))
    return Entry(place, kind, _value(row, kind, path, place))


def _range(row: Row, path: str) -> dict[str, Any]:
    if not is_blank(row["value"]):
        raise InputError(
            f"{path}: {row['value'].where}", f"holds {row['value'].value!r} in a row of type range",
            "Give low, central and high; or choose another type",
        )  # fmt: skip
    found: dict[str, Any] = {}
    for column in POINTS:
        found[column] = number_of(_filled(row[column], path), path)
    for column, key in LABELS.items():
        if column in row and not is_blank(row[column]):
            found[key] = text_of(row[column], path)
    return found


def _value(row: Row, kind: str, path: str, place: tuple[str | int, ...]) -> Any:
    is_text = kind == TEXT and isinstance(row["value"].value, str)
    cell = row["value"] if is_text else _filled(row["value"], path)
    unit = unit_of(_dotted(place))
    for column in (*POINTS, *LABELS):
        if column not in row or is_blank(row[column]):
            continue
        if column == "unit" and row[column].value in (unit, unit_of(setting(place))):
            continue
        remedy = "Choose the type range, or empty the cell"
        if column in ("source", "reason"):
            remedy = "Give the table that it stands in a row source or note, and empty the cell"
        raise InputError(
            f"{path}: {row[column].where}",
            f"holds {str(row[column].value)[:60]!r} in a row that has one value", remedy,
        )  # fmt: skip
    return value_of(cell, kind, path)


def _filled(cell: CellAt, path: str) -> CellAt:
    if is_blank(cell):
        raise InputError(
            f"{path}: {cell.where}", "is empty",
            "Fill it, or delete the row; a formula must have been worked out before it was saved",
        )  # fmt: skip
    if cell.is_error:
        value_of(cell, EMPTY, path)
    return cell


# What is shared ----------------------------------------------------------------------------


def _check_evidence(book: OpenedBook) -> None:
    """Refuse changes in shared evidence: nothing would read them."""
    if EVIDENCE not in {name.strip().lower() for name in book.names}:
        return
    shipped = {str(cells[0]): cells for cells in evidence_rows(load_evidence())}
    for row in _table(book, EVIDENCE, EVIDENCE_COLUMNS):
        key = _named(row["setting"], book)
        cell = _changed(row, EVIDENCE_COLUMNS, shipped.get(key), book)
        if cell is not None:
            raise InputError(
                f"{book.path}: {cell.where}",
                f"{key} is changed, or not as in this version of caseholder ({cell.value!r})",
                f'Undo it; a number of your own goes into the sheet council as evidence."{key}"',
            )


def _own_sources(book: OpenedBook) -> dict[str, dict[str, str]]:
    """The sources that do not ship."""
    own: dict[str, dict[str, str]] = {}
    if SOURCES not in {name.strip().lower() for name in book.names}:
        return own
    sources: Sources = load_evidence().sources
    shipped = {str(cells[0]): cells for cells in source_rows(sources)}
    for row in _table(book, SOURCES, SOURCE_COLUMNS):
        key = _named(row["source"], book)
        if key not in shipped:
            own[key] = {
                column: text_of(row[column], str(book.path))
                for column in Source.model_fields
                if column in row and not is_blank(row[column])
            }
            continue
        cell = _changed(row, SOURCE_COLUMNS, shipped[key], book)
        if cell is not None:
            raise InputError(
                f"{book.path}: {cell.where}", f"source '{key}' ships, and is changed here",
                "Undo it, or add a row with a key of your own",
            )  # fmt: skip
    return own


def _changed(
    row: Row, columns: Sequence[str], shipped: Sequence[Any] | None, book: OpenedBook
) -> CellAt | None:
    """The first cell of a row that is not as it ships."""
    if shipped is None:
        return row[columns[0]]
    for column, value in zip(columns, shipped, strict=True):
        if column not in row:
            continue
        cell = row[column]
        is_number = isinstance(value, float)
        if is_blank(cell):
            if value is not None:
                return cell
        elif (
            value is None
            or (number_of(cell, str(book.path)) if is_number else text_of(cell, str(book.path)))
            != value
        ):
            return cell
    return None
