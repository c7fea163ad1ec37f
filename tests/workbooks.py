"""Workbooks for tests: made small, changed, and broken."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from sim.papers.workbook import contents_of, unpacked
from sim.papers.workbook_sheets import Sheet, sheets
from sim.papers.workbook_write import excel_file

DATE = dt.date(2021, 9, 8)
SMALL = ("herefordshire_2019", "herefordshire_six_posts")
HEADER = 4
"""Row of the header, as people count."""
FOR_READING = ("cover", "notes", "evidence", "sources", "choices", "data_dictionary")


@cache
def _small() -> tuple[Sheet, ...]:
    made = sheets(contents_of(SMALL[0], SMALL[1:], None))
    return tuple(sheet for sheet in made if sheet.name not in FOR_READING)


def small_sheets() -> list[Sheet]:
    """The sheets that are read of a small council and its scenario."""
    return list(_small())


def written(made: list[Sheet], folder: Path) -> Path:
    """Write a workbook of some sheets."""
    path = folder / "book.xlsx"
    path.write_bytes(excel_file(made, DATE, "A workbook"))
    return path


def changed(made: list[Sheet], setting: str, cells: Mapping[str, Any]) -> list[Sheet]:
    """The sheets with cells of a setting's row changed."""
    found = False
    result = []
    for sheet in made:
        rows = []
        for row in sheet.rows:
            named = dict(zip(sheet.columns, row, strict=True))
            if named.get("setting") == setting and not found:
                named, found = {**named, **cells}, True
            rows.append(tuple(named.values()))
        result.append(replace(sheet, rows=tuple(rows)))
    assert found, f"no row {setting}"
    return result


def texts(path: Path) -> dict[str, str]:
    """The files that a workbook becomes."""
    with unpacked(path) as files:
        return {file.name: file.read_text(encoding="utf-8") for file in files.files}


def edit_part(path: Path, name: str, edit: Callable[[bytes], bytes]) -> None:
    """Change one part of a workbook."""
    with zipfile.ZipFile(path) as book:
        parts = {n: book.read(n) for n in book.namelist()}
    parts[name] = edit(parts.get(name, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for n, content in parts.items():
            book.writestr(n, content)
