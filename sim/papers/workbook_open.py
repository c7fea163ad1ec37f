"""Opening a workbook that somebody hands over: looked at as a zip file before it is parsed."""

from __future__ import annotations

import io
import re
import stat
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.config.errors import InputError

MAX_FILE_BYTES = 10_000_000
MAX_MEMBERS = 300
MAX_SHEET_BYTES, MAX_PART_BYTES, MAX_PARSED_BYTES = 4_000_000, 2_000_000, 12_000_000
"""Of a sheet and of another part that is parsed, and of all: twelve scenarios have 2 million."""
MAX_BYTES = 200_000_000
"""Of all parts: results are large, and never unpacked."""
MAX_RATIO = 200
MOST_ROWS, MOST_COLUMNS = 6_000, 60
_SMALL = 100_000
_TAIL = 65_557
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = b"PK\x05\x06"
_SAVE_AGAIN = "Open it in Excel and save it as .xlsx, or write it anew with caseholder workbook"
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?\br=\"([0-9]+)\"")
_SHEETS = "xl/worksheets/"
_NOT_PARSED = tuple(
    f"xl/{name}" for name in ("media/", "drawings/", "charts/", "chartsheets/", "tables/")
)
_REFUSED_PARTS = (
    ("vbaproject.bin", "holds macros", "Save it without macros, as .xlsx"),
    ("xl/externallinks/", "is linked to other workbooks", "Replace the links by values"),
    ("xl/connections.xml", "fetches data from elsewhere", "Remove its data connections"),
    ("xl/embeddings/", "holds other files", "Remove the embedded files"),
    ("xl/activex/", "holds controls that run programs", "Remove the controls"),
    ("xl/macrosheets/", "holds macros", "Remove the macro sheets"),
)


@dataclass(frozen=True)
class CellAt:
    """What stands in a cell.

    Attributes:
        value: as the file holds it; the last worked out value of a formula; None for nothing.
        where: sheet and cell, in words.
        is_error: whether the value is an error of the spreadsheet, such as #REF!.
    """

    value: Any
    where: str
    is_error: bool = False


class OpenedBook:
    """A workbook that passed the first look; its sheets are read one by one.

    Args:
        path: the file.

    Raises:
        InputError: it can't be read, is no workbook, or is not safe to parse.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._parts = _vetted(path, _checked_zip(path, _content(path)))
        self._book = self._parsed()

    @property
    def names(self) -> list[str]:
        """Names of its sheets."""
        return [str(name) for name in self._book.sheetnames]

    def rows(self, name: str) -> Iterator[list[CellAt]]:
        """The rows of a sheet with their cells.

        Raises:
            InputError: the sheet is too large or broken.
        """
        page = self._book[name]
        last = self._last_row(name, str(page._worksheet_path))
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # on dates that are none: they read as errors
                rows = list(page.iter_rows(1, last, 1, MOST_COLUMNS))
        except Exception as error:  # a broken part raises nearly anything in the library
            raise _broken(self.path, f"sheet {name}", error) from None
        for number, row in enumerate(rows, start=1):
            is_blank = all(cell.value is None for cell in row)
            yield [] if is_blank else [_cell(c, name, number, n) for n, c in enumerate(row)]

    def _last_row(self, name: str, part: str) -> int:
        raw = self._parts[part]
        count = raw.count(b"<row")
        last = max((int(n) for n in _ROW.findall(raw)), default=count)
        if max(last, count) > MOST_ROWS:
            raise InputError(
                f"{self.path}: sheet {name}", f"has a row {last:,}, beyond {MOST_ROWS:,}",
                "Delete the rows under the table, then save it",
            )  # fmt: skip
        return last

    def _parsed(self) -> Any:
        vetted = io.BytesIO()
        with zipfile.ZipFile(vetted, "w") as book:
            for name, content in self._parts.items():
                book.writestr(name, content)
        try:
            import openpyxl
        except ImportError:
            raise InputError(
                self.path, "needs openpyxl to be read", 'Install it: pip install -e ".[papers]"'
            ) from None
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # on parts that are not kept, such as drop-downs
                return openpyxl.load_workbook(
                    vetted, read_only=True, data_only=True, keep_links=False
                )
        except Exception as error:  # a broken part raises nearly anything in the library
            raise _broken(self.path, "", error) from None


def _cell(cell: Any, name: str, row: int, place: int) -> CellAt:
    return CellAt(
        cell.value, f"sheet {name}, cell {letters(place)}{row}",
        getattr(cell, "data_type", "") == "e",
    )  # fmt: skip


def letters(place: int) -> str:
    """Name of a column, counted from 0."""
    text = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def _broken(path: Path, where: str, error: Exception) -> InputError:
    reason = " ".join(str(error).split())[:80] or type(error).__name__
    place = f"{path}: {where}" if where else path
    return InputError(place, f"is no whole workbook ({reason})", _SAVE_AGAIN)


def _content(path: Path) -> bytes:
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise InputError(path, "is not a file", "Name an .xlsx file")
        if found.st_size > MAX_FILE_BYTES:
            raise InputError(
                path, f"has {found.st_size:,} bytes, more than {MAX_FILE_BYTES:,}",
                "Remove sheets and pictures of your own",
            )  # fmt: skip
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(path, f"can't be read ({reason})", "Check name and rights") from None
    if content.startswith(_OLE):
        raise InputError(
            path, "has a password, or is an Excel file of the old kind (.xls)",
            "Save it as .xlsx without a password",
        )  # fmt: skip
    return content


def _checked_zip(path: Path, content: bytes) -> zipfile.ZipFile:
    end = content.rfind(_END, max(0, len(content) - _TAIL))
    if not content.startswith(b"PK") or end < 0:
        raise InputError(path, "is no .xlsx workbook, or not whole", _SAVE_AGAIN)
    if int.from_bytes(content[end + 10 : end + 12], "little") > MAX_MEMBERS:
        raise _unusual(path, f"more than {MAX_MEMBERS} parts")
    try:
        book = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise _broken(path, "", error) from None
    _check_directory(path, book.infolist())
    return book


def _vetted(path: Path, book: zipfile.ZipFile) -> dict[str, bytes]:
    """The parts that are parsed, unpacked and looked at; sheets that are too large stay out."""
    parts: dict[str, bytes] = {}
    left = MAX_PARSED_BYTES
    for member in book.infolist():
        name = member.filename
        if name.lower().startswith(_NOT_PARSED):
            continue
        is_sheet = name.lower().startswith(_SHEETS)
        too_large = member.file_size > min(MAX_SHEET_BYTES if is_sheet else MAX_PART_BYTES, left)
        if too_large and is_sheet:
            continue
        if too_large:
            raise _unusual(path, f"a part of {member.file_size:,} bytes ({name[:60]})")
        parts[name] = _part(book, path, name)
        left -= member.file_size
    return parts


def _check_directory(path: Path, members: list[zipfile.ZipInfo]) -> None:
    """Refuse by the zip file's directory alone: nothing is unpacked yet."""
    names = [member.filename.lower() for member in members]
    if len(names) > MAX_MEMBERS or len(set(names)) < len(names):
        raise _unusual(path, f"more than {MAX_MEMBERS} parts, or two of one name")
    if sum(member.file_size for member in members) > MAX_BYTES:
        raise _unusual(path, f"more than {MAX_BYTES:,} bytes when unpacked")
    for member, name in zip(members, names, strict=True):
        if member.flag_bits & 1:
            raise InputError(path, "has a password", "Save it without a password")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _unusual(path, "a part packed in a way that Excel does not use")
        if member.file_size > _SMALL and member.file_size > MAX_RATIO * member.compress_size:
            raise _unusual(path, f"a part packed more than {MAX_RATIO} times ({name[:60]})")
        for part, problem, remedy in _REFUSED_PARTS:
            if part in name:
                raise InputError(path, problem, remedy)
    if "xl/workbook.xml" not in names or "[content_types].xml" not in names:
        raise InputError(path, "is a zip file, but no .xlsx workbook", _SAVE_AGAIN)


def _part(book: zipfile.ZipFile, path: Path, name: str) -> bytes:
    """One part that will be parsed, looked at: no entities, no odd encodings."""
    try:
        raw = book.read(name)
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError,
            NotImplementedError) as error:  # fmt: skip
        raise _broken(path, name[:60], error) from None
    if name.lower().endswith((".xml", ".rels")) and (
        b"\0" in raw or b"<!DOCTYPE" in raw or b"<!ENTITY" in raw
    ):
        raise _unusual(path, f"definitions that no spreadsheet writes ({name[:60]})")
    if name.lower() == "[content_types].xml" and b"macroEnabled" in raw:
        raise InputError(path, "is a workbook for macros (.xlsm)", "Save it as .xlsx")
    return raw


def _unusual(path: Path, what: str) -> InputError:
    return InputError(path, f"holds {what}", _SAVE_AGAIN)
