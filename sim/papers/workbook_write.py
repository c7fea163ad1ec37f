"""The described sheets as an Excel file: the same sheets give the same bytes."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

from sim.config.errors import InputError
from sim.config.quantity import LARGEST, LARGEST_FTE, Unit, bounds_of
from sim.papers.settings_rows import DATE, FLAG, NUMBER, POINTS, RANGE, TEXT, WHOLE, place_of
from sim.papers.workbook_sheets import CHOICES, SETTING_COLUMNS, SOURCES, Sheet

HEADER_ROW = 3
"""Zero-based: heading, note, a blank row, then the table's header."""
LONGEST_TEXT = 32_767
"""Characters that a cell of Excel holds."""
_INPUT, _PLAIN, _HEAD, _TITLE = "input", "plain", "head", "title"
_FIRST, _LAST = dt.date(1990, 1, 1), dt.date(2100, 12, 31)
_WIDTHS = {"setting": 46, "reason": 60, "title": 70, "meaning": 70, "address": 50, "text": 110,
           "value": 34, "measure": 26, "scenario": 30, "source": 26, "input": 24,
           "item": 26}  # fmt: skip
_USUAL_WIDTH = 15
_LISTED = ("unit", "grade", "source")
_NOT_HELD = re.compile(r"[\x00-\x08\x0b-\x1f]|x005F_")
"""What comes back as another text: one library escapes it, the other does not undo that."""
_BEGINS_FORMULA = ("=", "+", "-", "@", "\t")


def excel_file(sheets: Sequence[Sheet], date: dt.date, title: str) -> bytes:
    """The bytes of an .xlsx file.

    Args:
        sheets: what it holds.
        date: what stands in its properties, in place of the clock's.
        title: of the file.

    Raises:
        InputError: xlsxwriter is missing, or a text is longer than a cell holds.
    """
    made = io.BytesIO()
    # Nothing is guessed from a text: no formula, no link, no number is made of it.
    options = {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
        "strings_to_numbers": False,
    }  # fmt: skip
    book = _library().Workbook(made, options)
    book.set_properties({"title": title, "created": dt.datetime.combine(date, dt.time())})
    writer = _Writer(book, sheets)
    for sheet in sheets:
        writer.write(sheet)
    book.close()
    return made.getvalue()


def _library() -> ModuleType:
    try:
        import xlsxwriter
    except ImportError:
        raise InputError(
            "workbook", "needs xlsxwriter", 'Install it: pip install -e ".[papers]"'
        ) from None
    found: ModuleType = xlsxwriter
    return found


class _Writer:
    """Writes sheets into one workbook."""

    def __init__(self, book: Any, sheets: Sequence[Sheet]) -> None:
        self._book = book
        self._formats: dict[tuple[str, str, bool], Any] = {}
        self._lists = _lists(sheets)

    def write(self, sheet: Sheet) -> None:
        """Add one sheet with its heading, note and table."""
        page = self._book.add_worksheet(sheet.name)
        page.write_string(0, 0, sheet.heading, self._format(_TITLE, "@"))
        page.write_string(1, 0, sheet.about, self._format("", "@"))
        last = HEADER_ROW + max(len(sheet.rows), 1)
        columns = [{"header": name, "header_format": self._format(_HEAD, "@")}
                   for name in sheet.columns]  # fmt: skip
        # A filter's buttons would hide parts of the header from those who magnify it.
        page.add_table(
            HEADER_ROW, 0, last, len(sheet.columns) - 1,
            {"name": f"{sheet.name}_table", "columns": columns, "autofilter": False,
             "style": "Table Style Light 1", "banded_rows": False},
        )  # fmt: skip
        for number, cells in enumerate(sheet.rows, start=HEADER_ROW + 1):
            self._row(page, number, dict(zip(sheet.columns, cells, strict=True)), sheet)
        for place, name in enumerate(sheet.columns):
            page.set_column(place, place, _WIDTHS.get(name, _USUAL_WIDTH))
        page.freeze_panes(HEADER_ROW + 1, 0)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.repeat_rows(HEADER_ROW)
        page.ignore_errors({"number_stored_as_text": f"A1:Z{last + 1}"})

    def _row(self, page: Any, number: int, cells: Mapping[str, Any], sheet: Sheet) -> None:
        inputs = (cells.get("input") or "").split(", ")
        kind = cells.get("type", "") if sheet.columns[-1] == SETTING_COLUMNS[-1] else ""
        for place, (name, value) in enumerate(cells.items()):
            style = _INPUT if kind and name in inputs else _PLAIN
            _cell(page, number, place, value, self._format_of(value, style))
            if style == _INPUT:
                rule = self._rule(name, kind, cells)
                if rule is not None:
                    page.data_validation(number, place, number, place, rule)

    def _format_of(self, value: Any, style: str) -> Any:
        if isinstance(value, dt.date):
            return self._format(style, "d mmmm yyyy")
        if isinstance(value, str) or value is None:
            quoted = isinstance(value, str) and value.startswith(_BEGINS_FORMULA)
            return self._format(style, "@" if value is not None else "General", quoted)
        return self._format(style, "General")

    def _format(self, style: str, shown: str, quoted: bool = False) -> Any:
        key = (style, shown, quoted)
        if key not in self._formats:
            looks: dict[str, Any] = {
                _INPUT: {"bg_color": "#FFF4CC", "border": 1, "border_color": "#7F7F7F"},
                _HEAD: {"bold": True, "bottom": 2},
                _TITLE: {"bold": True, "font_size": 16},
            }  # fmt: skip
            wraps: dict[str, Any] = (
                {"text_wrap": True, "valign": "top"} if style in (_INPUT, _PLAIN, _HEAD) else {}
            )
            self._formats[key] = self._book.add_format(
                {**looks.get(style, {}), **wraps, "num_format": shown, "quote_prefix": quoted}
            )
        return self._formats[key]

    def _rule(self, name: str, kind: str, cells: Mapping[str, Any]) -> dict[str, Any] | None:
        """What Excel checks in an input cell; None where it can't."""
        if name in _LISTED:
            return self._listed(name)
        if name in POINTS and kind == RANGE:
            return _between("decimal", *bounds_of(Unit(cells["unit"])))
        if name != "value":
            return None
        last = _last_key(cells["setting"])
        if kind == TEXT:
            return self._listed(last)
        if kind == FLAG:
            return self._listed(FLAG)
        if kind == DATE:
            return _between("date", _FIRST, _LAST)
        if kind not in (NUMBER, WHOLE):
            return None
        decimal = "integer" if kind == WHOLE else "decimal"
        if last.endswith("share"):
            return _between(decimal, 0, 1)
        if last.endswith("fte"):
            return _between(decimal, 0, LARGEST_FTE)
        return _between(decimal, -LARGEST, LARGEST)

    def _listed(self, name: str) -> dict[str, Any] | None:
        known = self._lists.get(name.removesuffix("s"))
        remedy = "Choose from the list, or look at the notes."
        if known is None:
            return None
        return {
            "validate": "list", "source": known, "error_type": "warning",
            "error_title": "Not in the list", "error_message": remedy,
        }  # fmt: skip


def _lists(sheets: Sequence[Sheet]) -> dict[str, str]:
    """Where the choices of each drop-down list stand, as Excel names cells."""
    found: dict[str, str] = {}
    for sheet in sheets:
        first = HEADER_ROW + 2
        if sheet.name == SOURCES:
            found["source"] = f"={SOURCES}!$A${first}:$A${first + len(sheet.rows) - 1}"
        if sheet.name == CHOICES:
            names = [name for name, _ in sheet.rows]
            for name in dict.fromkeys(names):
                start = first + names.index(name)
                end = start + names.count(name) - 1
                found[name] = f"={CHOICES}!$B${start}:$B${end}"
    return found


def _last_key(setting: str) -> str:
    """The last key of a setting; of an item of a list, the list's."""
    place = place_of(setting) or ("",)
    return str(next(part for part in reversed(place) if isinstance(part, str)))


def _between(kind: str, low: Any, high: Any) -> dict[str, Any]:
    return {
        "validate": kind, "criteria": "between", "minimum": low, "maximum": high,
        "error_title": "Outside what is possible",
        "error_message": f"From {low} to {high}.",
    }  # fmt: skip


def _cell(page: Any, row: int, column: int, value: Any, style: Any) -> None:
    if value is None:
        page.write_blank(row, column, None, style)
    elif isinstance(value, dt.date):
        page.write_datetime(row, column, value, style)
    elif isinstance(value, str):
        if len(value) > LONGEST_TEXT:
            raise InputError(
                f"workbook: row {row + 1}", f"a text has {len(value):,} characters, more than a"
                f" cell's {LONGEST_TEXT:,}", "Shorten it",
            )  # fmt: skip
        if found := _NOT_HELD.search(value):
            raise InputError(
                f"workbook: row {row + 1}", f"a text holds {found.group()!r}, which no cell keeps",
                f"Take it out of '{value[:40]}'",
            )  # fmt: skip
        page.write_string(row, column, value, style)
    elif float(f"{value:.16G}") == value:
        page.write_number(row, column, value, style)
    else:
        # The file gets 16 digits of a number: of one that needs 17, its text.
        page.write_string(row, column, repr(value), style)
