"""Lines and sections of a council's file, and their text."""

from __future__ import annotations

import datetime as dt
import json
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sim.config.sources import Mark

WIDTH = 120
"""Columns of comments."""
_JUDGED_PART = ".over_years"
"""Judgement, in a table whose other number has another mark."""


@dataclass(frozen=True)
class Line:
    """One key of a file.

    Attributes:
        key: without the section's name.
        value: number, text, date, flag, list, or a table that is written on one line.
        mark: what kind of number it is; None for what is no number, or judgement through and
            through, such as a list of teams.
        comment: what a reader should know, without the mark's own words.
    """

    key: str
    value: object
    mark: Mark | None = None
    comment: str = ""

    @property
    def numbers(self) -> dict[str, float]:
        """The number by its key, the central value of a range; those of any other table by theirs.

        Empty where there is none. What is judged in a table is left out.
        """
        value = self.value
        if isinstance(value, Mapping) and "central" not in value:
            parts = {f"{self.key}.{name}": part for name, part in value.items()}
            return {
                key: float(part)
                for key, part in parts.items()
                if _is_number(part) and not key.endswith(_JUDGED_PART)
            }
        own: Any = value["central"] if isinstance(value, Mapping) else value
        return {self.key: float(own)} if _is_number(own) else {}


@dataclass(frozen=True)
class Section:
    """One table of a file; the name of the first is empty, as its keys stand in no table.

    Attributes:
        name: dotted.
        lines: its keys.
        comment: what stands above it.
        listed: whether it is one of several tables of that name.
    """

    name: str
    lines: tuple[Line, ...]
    comment: str = ""
    listed: bool = False

    def marked(self, mark: Mark) -> dict[str, float]:
        """Its numbers of a mark, by their key in the file."""
        start = f"{self.name}." if self.name else ""
        lines = [line for line in self.lines if line.mark is mark]
        return {start + key: number for line in lines for key, number in line.numbers.items()}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def file_text(sections: Iterable[Section]) -> str:
    """The file: sections with their comments, a blank line between two."""
    return "\n".join("".join(f"{line}\n" for line in _of_section(each)) for each in sections)


def _of_section(section: Section) -> Iterator[str]:
    yield from _comment(section.comment)
    if section.name:
        name = ".".join(map(_key, section.name.split(".")))
        yield f"[[{name}]]" if section.listed else f"[{name}]"
    for line in section.lines:
        said = f"{line.mark}: {line.comment}" if line.mark and line.comment else line.comment
        yield from _comment(said)
        yield from _assignment(line)


def _comment(text: str) -> Iterator[str]:
    for paragraph in text.splitlines():
        wrapped = textwrap.wrap(paragraph, WIDTH - 2, break_long_words=False) or [""]
        yield from (f"# {line}".rstrip() for line in wrapped)


def _assignment(line: Line) -> Iterator[str]:
    value = line.value
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        yield f"{_key(line.key)} = ["
        yield from (f"  {_value(item)}," for item in value)
        yield "]"
        return
    yield f"{_key(line.key)} = {_value(value)}"


def _key(key: str) -> str:
    is_bare = key.isascii() and key.replace("_", "").replace("-", "").isalnum()
    return key if is_bare else _text(key)


def _value(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case dt.date():
            return value.isoformat()
        case str():
            return _text(value)
        case Mapping():
            return "{ " + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items()) + " }"
        case list() | tuple():
            return "[" + ", ".join(map(_value, value)) + "]"
    raise TypeError(f"{value!r} can't be written")


def _text(text: str) -> str:
    # JSON's escapes are TOML's, but for the character that TOML alone refuses bare.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
