"""Text in CSV cells: written so that no spreadsheet takes a name for a formula.

Excel and LibreOffice compute a cell that begins with =, +, - or @, and may run what it names.
Such text gets an apostrophe before it, as does text in which apostrophes come before such a sign:
one apostrophe less gives every text back. Numbers stay numbers.
"""

from __future__ import annotations

import re

_WIDE = "\uff1d\uff0b\uff0d\uff20"
"""The same four signs as East Asian keyboards write them: Excel takes them for the plain ones."""
FORMULA = rf"^'*[ \t\r\n]*[=+\-@{_WIDE}\t\r]"
"""Beginning of text that is written with an apostrophe before it; DuckDB reads it the same."""
NUMBER = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?"
_FORMULA, _NUMBER = re.compile(FORMULA), re.compile(NUMBER)


def safe_cell(cell: object) -> object:
    """A cell as it is written to a CSV file."""
    if isinstance(cell, str) and _FORMULA.match(cell) and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


def plain_cell(cell: str) -> str:
    """The text of a cell that safe_cell has written."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
