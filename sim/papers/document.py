"""A document described once: blocks that HTML, Word and others render alike."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

LANGUAGE = "en-GB"
_NO_TEXT = {"Cc", "Cs", "Cn"}
"""Unicode categories that no document takes: controls, halves of characters, what is none."""


@dataclass(frozen=True)
class Heading:
    """A heading below the title.

    Attributes:
        text: its words.
        level: 1 for a section, 2 for a part of it.
    """

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """Words.

    Attributes:
        text: the words.
        prompt: whether the author of the paper is asked to write here.
    """

    text: str
    prompt: bool = False


@dataclass(frozen=True)
class Bullets:
    """A list.

    Attributes:
        items: in their order.
        prompt: whether the author of the paper is asked to answer them.
    """

    items: tuple[str, ...]
    prompt: bool = False


@dataclass(frozen=True)
class Table:
    """A table: the first column names the rows.

    Attributes:
        caption: what it shows, with its unit.
        columns: a heading for each column.
        rows: as many cells each.
        note: definitions, and where the numbers come from.
        numeric: whether the cells are numbers alone, to be set right.
        is_simulated: whether its numbers come from the runs.
        widths: of the columns beside each other; all alike where none are given.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    numeric: bool = False
    widths: tuple[float, ...] = ()
    is_simulated: bool = True

    def __post_init__(self) -> None:
        among = (self.widths or self.columns, *self.rows)
        assert all(len(row) == len(self.columns) for row in among), self.caption


@dataclass(frozen=True)
class Picture:
    """A chart, with the table of what it draws.

    Attributes:
        name: identifier, a word.
        title: what it shows, in a sentence.
        description: the same for those who can't see it.
        svg, png: the drawing.
        table: the numbers drawn.
    """

    name: str
    title: str
    description: str
    svg: str
    png: bytes
    table: Table


Block = Heading | Paragraph | Bullets | Table | Picture


@dataclass(frozen=True)
class Document:
    """A document.

    Attributes:
        name: stem of its files.
        title: its title.
        subject: what it is about, in a line.
        date: the study's date: a document carries no other.
        run_id: of the study.
        version: of the program that ran the study.
        blocks: its content.
        one_page: whether it has to fit one page.
    """

    name: str
    title: str
    subject: str
    date: dt.date
    run_id: str
    version: str
    blocks: tuple[Block, ...]
    one_page: bool = False

    @property
    def source_line(self) -> str:
        """What stands under simulated figures: who made them, and the run that did."""
        return f"Simulated by caseholder {self.version}; run {self.run_id}."

    def note_of(self, table: Table) -> str:
        """What stands under a table: its note, and the run that leads to it."""
        source = self.source_line if table.is_simulated else f"Run {self.run_id}."
        return f"{table.note} {source}".strip()

    def figure_number(self, picture: Picture) -> int:
        """The place of a picture among its pictures, from 1."""
        return [b for b in self.blocks if isinstance(b, Picture)].index(picture) + 1

    def sections(self) -> Iterator[str]:
        """Its section headings."""
        for block in self.blocks:
            if isinstance(block, Heading) and block.level == 1:
                yield block.text


def plain(text: str) -> str:
    """Text that any document takes: what is no character in XML is left out, lines are joined."""
    joined = " ".join(text.split())
    return "".join(c for c in joined if unicodedata.category(c) not in _NO_TEXT)
