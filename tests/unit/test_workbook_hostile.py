"""Sixty workbooks that are broken, or not what they seem: each is refused in one line."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from sim.config.errors import InputError
from sim.papers.workbook import check_workbook
from tests.workbooks import edit_part, small_sheets, written


def _kept(path: Path, limit: slice) -> None:
    path.write_bytes(path.read_bytes()[limit])


SHEET, BOOK, STRINGS = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml"
Harm = Callable[[Path], None]


def _part(name: str, edit: Callable[[bytes], bytes]) -> Harm:
    return lambda path: edit_part(path, name, edit)


def _swapped(name: str, old: bytes, new: bytes) -> Harm:
    return _part(name, lambda x: x.replace(old, new))


def _flag_set(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    at = raw.find(b"PK\x01\x02")
    raw[at + 8] |= 1
    path.write_bytes(bytes(raw))


def _many_parts(path: Path) -> None:
    with zipfile.ZipFile(path, "a") as book:
        for number in range(400):
            book.writestr(f"xl/media/{number}.png", b"")


def _twice(path: Path) -> None:
    with zipfile.ZipFile(path) as book:
        parts = [(n, book.read(n)) for n in book.namelist()]
    parts.append((SHEET.upper(), b"<a/>"))
    with zipfile.ZipFile(path, "w") as book:
        for name, content in parts:
            book.writestr(name, content)


def _holding(content: bytes) -> Harm:
    def write(path: Path) -> None:
        path.write_bytes(content)

    return write


def _longer(path: Path) -> None:
    path.write_bytes(path.read_bytes() + bytes(10_000_001))


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _declared(name: str, at: bytes) -> Harm:
    """Definitions of a document, which no spreadsheet writes, before a part's first element."""
    return _swapped(name, at, b"<!DOCTYPE a>" + at)


def _sub(name: str, pattern: bytes, new: bytes) -> Harm:
    return _part(name, lambda x: re.sub(pattern, new, x))


def _zip(path: Path, parts: Mapping[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w") as book:
        for name, content in parts.items():
            book.writestr(name, content)


def _moved(sheet: bytes, rows: int) -> bytes:
    def down(found: re.Match[bytes]) -> bytes:
        return b'r="%s%d"' % (found[1], int(found[2]) + rows)

    return re.sub(rb'\br="([A-Z]*)([0-9]+)"', down, sheet)


def _wrong_sum(path: Path) -> None:
    raw = path.read_bytes()
    at = raw.rfind(b"PK\x01\x02", 0, raw.find(b"xl/styles.xml", raw.find(b"PK\x01\x02")))
    path.write_bytes(raw[: at + 16] + b"\0\0\0\0" + raw[at + 20 :])


def _repacked(path: Path) -> None:
    with zipfile.ZipFile(path) as book:
        parts = {n: book.read(n) for n in book.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as book:
        for name, content in parts.items():
            book.writestr(name, content)


HOSTILE: dict[str, Harm] = {
    "empty": lambda p: _kept(p, slice(0, 0)),
    "text": _holding(b"a,b\n1,2\n"),
    "html saved as xlsx": _holding(b"<html><table></table></html>"),
    "old kind or password": _holding(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 99),
    "pdf": _holding(b"%PDF-1.7\n"),
    "zip that is no workbook": lambda p: _zip(p, {"a.txt": b"a"}),
    "document of Word": lambda p: _zip(p, {"[Content_Types].xml": b"<a/>", "word/d.xml": b""}),
    "spreadsheet of the open format": lambda p: _zip(p, {"content.xml": b"<a/>"}),
    "no bytes of the end": lambda p: _kept(p, slice(0, -30)),
    "no start": lambda p: _kept(p, slice(10, None)),
    "password bit": _flag_set,
    "400 parts": _many_parts,
    "two of one name": _twice,
    "large": _longer,
    "folder": _folder,
    "missing": Path.unlink,
    "macros": _part("xl/vbaProject.bin", lambda _: b"0"),
    "macro kind": _swapped("[Content_Types].xml", b"sheet.main+xml", b"sheet.macroEnabled.main"),
    "macro sheet": _part("xl/macrosheets/sheet1.xml", lambda _: b"<a/>"),
    "links": _part("xl/externalLinks/externalLink1.xml", lambda _: b"<a/>"),
    "connections": _part("xl/connections.xml", lambda _: b"<a/>"),
    "embedded": _part("xl/embeddings/oleObject1.bin", lambda _: b"0"),
    "controls": _part("xl/activeX/activeX1.xml", lambda _: b"<a/>"),
    "packed tightly": _part("xl/media/image1.png", lambda _: bytes(3_000_000)),
    "sheet packed tightly": _part(SHEET, lambda _: b" " * 3_000_000),
    "texts packed tightly": _part(STRINGS, lambda _: b" " * 3_000_000),
    "sheet not whole": _part(SHEET, lambda x: x[: len(x) // 2]),
    "sheet of nothing": _part(SHEET, lambda _: b""),
    "sheet of something else": _part(SHEET, lambda _: b"<html/>"),
    "sheet in another encoding": _part(SHEET, lambda x: x.decode().encode("utf-16")),
    "texts not whole": _part(STRINGS, lambda x: x[: len(x) // 2]),
    "texts of nothing": _part(STRINGS, lambda _: b""),
    "fewer texts": _part(STRINGS, lambda _: b"<sst/>"),
    "texts in another encoding": _part(STRINGS, lambda x: x.decode().encode("utf-16")),
    "styles not whole": _part("xl/styles.xml", lambda x: x[: len(x) // 2]),
    "styles of nothing": _part("xl/styles.xml", lambda _: b""),
    "book not whole": _part(BOOK, lambda x: x[: len(x) // 2]),
    "book of nothing": _part(BOOK, lambda _: b""),
    "kinds not whole": _part("[Content_Types].xml", lambda x: x[: len(x) // 2]),
    "places not whole": _part("xl/_rels/workbook.xml.rels", lambda x: x[: len(x) // 2]),
    "places of nothing": _part("xl/_rels/workbook.xml.rels", lambda _: b"<Relationships/>"),
    "definitions in a sheet": _declared(SHEET, b"<worksheet"),
    "definitions in the book": _declared(BOOK, b"<workbook "),
    "definitions in texts": _declared(STRINGS, b"<sst"),
    "definitions in styles": _declared("xl/styles.xml", b"<styleSheet"),
    "last row of Excel": _swapped(SHEET, b'<row r="5"', b'<row r="1048576"'),
    "row of many digits": _swapped(SHEET, b'<row r="5"', b'<row r="99999999999999"'),
    "7,000 rows": _swapped(SHEET, b"</sheetData>", b"<row/>" * 7000 + b"</sheetData>"),
    "row that is no number": _swapped(SHEET, b'<row r="6"', b'<row r="six"'),
    "cell that is none": _swapped(SHEET, b'<c r="A6"', b'<c r="A"'),
    "no sheet council": _swapped(BOOK, b'name="council"', b'name="counsel"'),
    "no sheet measures": _swapped(BOOK, b'name="measures"', b'name="measure"'),
    "two sheets of a name": _swapped(BOOK, b'name="measures"', b'name="council"'),
    "formula in a name": _swapped(STRINGS, b"<t>setting</t>", b"<t>=1+1</t>"),
    "other header": _swapped(STRINGS, b"<t>type</t>", b"<t>kind</t>"),
    "two headers of a name": _swapped(STRINGS, b"<t>input</t>", b"<t>value</t>"),
    "table moved down": _part(SHEET, lambda x: _moved(x, 40)),
    "table without rows": _sub(SHEET, rb'<row r="(?:[5-9]|[0-9]{2,})".*?</row>', b""),
    "sheet without data": _sub(SHEET, rb"<sheetData>.*</sheetData>", b"<sheetData/>"),
    "cells of a date that is none": _sub(SHEET, rb"<v>43[0-9]{3}</v>", b"<v>1e300</v>"),
    "number that is none": _sub(SHEET, rb'(<c r="C[0-9]+" s="[0-9]+">)<v>[^<]*', rb"\1<v>x"),
    "wrong check sum": _wrong_sum,
    "packed otherwise": _repacked,
}  # fmt: skip


def test_there_are_sixty_hostile_files() -> None:
    assert len(HOSTILE) >= 60


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_one_line(name: str, tmp_path: Path) -> None:
    path = written(small_sheets(), tmp_path)
    HOSTILE[name](path)
    with pytest.raises(InputError) as refused:
        check_workbook(path)
    line = refused.value.line()
    assert "book.xlsx" in line
    assert "\n" not in line
    assert len(line) < 400
    assert line.count(". ") >= 1
