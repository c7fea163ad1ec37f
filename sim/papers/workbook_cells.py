"""What a cell holds as a value of the type that its row asks for, or a refusal."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from sim.config.errors import InputError
from sim.papers.settings_rows import (
    DATE,
    EMPTY,
    EMPTY_LIST,
    EMPTY_TABLE,
    FLAG,
    NUMBER,
    TEXT,
    WHOLE,
)
from sim.papers.workbook_open import CellAt

_NUMBER = re.compile(
    r"([+-]?)\s*(£?)\s*((?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?)"
    r"\s*(%?)"
)
_DAY_FIRST = re.compile(r"([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})")
_IN_WORDS = ("%d %B %Y", "%d %b %Y")
_LONGEST = 200


def is_blank(cell: CellAt) -> bool:
    """Whether nothing stands there but spaces."""
    return cell.value is None or (isinstance(cell.value, str) and not cell.value.strip())


def value_of(cell: CellAt, kind: str, book: str) -> Any:
    """The value of a cell as a type of row.

    Raises:
        InputError: naming workbook, sheet and cell, the value, and what to write instead.
    """
    if cell.is_error:
        raise InputError(f"{book}: {cell.where}", f"holds the error {cell.value}",
                         "Mend the formula, or write the value")  # fmt: skip
    return _READERS[kind](cell, book)


def text_of(cell: CellAt, book: str) -> str:
    """A text; a whole number that stands for one, such as a code, becomes its digits."""
    value = cell.value
    if isinstance(value, str):
        return value.replace("_x000D_", "")  # half of a line's end, as some programs write it
    if _is_number(value) and value == int(value):
        return str(int(value))
    raise _refused(cell, book, "a text is needed", "Format the cell as text, and type it again")


def _is_number(value: object) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and math.isfinite(value)  # type: ignore[arg-type]


def number_of(cell: CellAt, book: str) -> float:
    """A number, or a text that is one: £1,500 or 15%."""
    value = cell.value
    if _is_number(value):
        return float(value)
    if isinstance(value, str) and len(value) < _LONGEST:
        found = _NUMBER.fullmatch(value.replace("\xa0", " ").strip())
        if found and not (found[2] and found[4]):
            number = float(found[1] + found[3].replace(",", "")) / (100 if found[4] else 1)
            if math.isfinite(number):
                return number
    raise _refused(cell, book, "a number is needed", "Write it in digits, such as 1500 or 0.15")


def _whole(cell: CellAt, book: str) -> int:
    number = number_of(cell, book)
    if number != int(number):
        raise _refused(cell, book, "a whole number is needed", "Write it without decimals")
    return int(number)


def _date(cell: CellAt, book: str) -> dt.date | str:
    value = cell.value
    if isinstance(value, dt.datetime):
        if value.time() == dt.time():
            return value.date()
    elif isinstance(value, dt.date):
        return value
    elif isinstance(value, str) and (found := _date_in(value.strip())):
        return found
    raise _refused(cell, book, "a date is needed", "Write it as a date, or as text: 2021-10-01")


def _date_in(text: str) -> dt.date | None:
    day_first = _DAY_FIRST.fullmatch(text)
    try:
        if day_first:
            day, month, year = map(int, day_first.groups())
            return dt.date(year, month, day)
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return dt.date.fromisoformat(text)
    except ValueError:
        return None
    for form in _IN_WORDS:
        try:
            return dt.datetime.strptime(text, form).replace(tzinfo=dt.UTC).date()
        except ValueError:
            continue
    return None


_FLAGS = {"yes": True, "no": False, "true": True, "false": False}


def _flag(cell: CellAt, book: str) -> bool:
    if isinstance(cell.value, bool):
        return cell.value
    found = _FLAGS.get(str(cell.value).strip().lower())
    if found is None:
        raise _refused(cell, book, "yes or no is needed", "Write yes or no")
    return found


def _empty(cell: CellAt, book: str) -> str:
    if cell.value not in (EMPTY_LIST, EMPTY_TABLE):
        raise _refused(cell, book, "a row of type empty has nothing in it",
                       f"Write {EMPTY_LIST} or {EMPTY_TABLE}, or choose another type")  # fmt: skip
    return str(cell.value)


_READERS: Mapping[str, Callable[[CellAt, str], Any]] = {
    TEXT: text_of, NUMBER: number_of, WHOLE: _whole, DATE: _date, FLAG: _flag, EMPTY: _empty,
}  # fmt: skip


def _refused(cell: CellAt, book: str, needed: str, remedy: str) -> InputError:
    value = cell.value
    shown = value.isoformat() if isinstance(value, dt.date) else repr(value)
    shown = shown if len(shown) <= 60 else shown[:57] + "..."
    return InputError(f"{book}: {cell.where}", f"holds {shown} where {needed}", remedy)
