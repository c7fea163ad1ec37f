"""The project's own pages on back-tests, read as blocks: what was recorded at release."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sim.outcomes.indicators import INDICATORS
from sim.papers.document import Paragraph, Table

_LABELS = {indicator.name: indicator.label for indicator in INDICATORS}
_ALL_COUNCILS = "backtest_councils.md"


@dataclass(frozen=True)
class Section:
    """One section of a page.

    Attributes:
        heading: its heading.
        blocks: its paragraphs and tables, in order.
    """

    heading: str
    blocks: tuple[Paragraph | Table, ...]

    @property
    def tables(self) -> list[Table]:
        """Its tables."""
        return [block for block in self.blocks if isinstance(block, Table)]


def docs_folder() -> Path:
    """The project's pages: beside sim/ in a checkout, inside the package once installed."""
    package = Path(__file__).resolve().parent.parent
    beside = package.parent / "docs"
    return beside if beside.is_dir() else package / "docs_data"


def all_councils() -> list[Section]:
    """The page on the back-test of all councils; nothing where it is not there."""
    path = docs_folder() / _ALL_COUNCILS
    return _sections(path) if path.is_file() else []


def of_council(name: str) -> list[tuple[str, list[Section]]]:
    """The pages on the back-test of one council, each with its title.

    Args:
        name: of the council; "Herefordshire, County of" is Herefordshire.
    """
    wanted = _short(name)
    pages = sorted(docs_folder().glob("backtest_*.md"))
    titled = ((_title(path), path) for path in pages if path.name != _ALL_COUNCILS)
    return [
        (title, _sections(path))
        for title, path in titled
        if re.match(rf"{re.escape(wanted)}\b", title.casefold())
    ]


def _short(name: str) -> str:
    return name.casefold().split(", ")[0].strip()


def _title(path: Path) -> str:
    return path.read_text(encoding="utf-8").split("\n", 1)[0].lstrip("# ").strip()


def _sections(path: Path) -> list[Section]:
    """The sections of a page below its title."""
    parts = re.split(r"^## ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    found = []
    for part in parts:
        heading, _, body = part.partition("\n")
        blocks = tuple(_blocks(heading.strip(), body))
        found.append(Section(heading.strip(), blocks))
    return found


def _blocks(heading: str, body: str) -> Iterator[Paragraph | Table]:
    for block in re.split(r"\n\s*\n", body.strip()):
        lines = block.splitlines()
        if lines and lines[0].startswith("|"):
            yield _table(heading, lines)
        elif lines:
            yield Paragraph(_words(" ".join(lines)))


def _table(heading: str, lines: list[str]) -> Table:
    cells = [[_words(cell) for cell in line.strip().strip("|").split("|")] for line in lines]
    columns = [name or "Indicator" for name in cells[0]]
    rows = tuple(tuple(row) for row in cells[2:] if len(row) == len(columns))
    return Table(heading, tuple(columns), rows, is_simulated=False)


def _words(text: str) -> str:
    """A line of Markdown without its marks, indicators by their labels."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text.strip())
    text = re.sub(r"(\*\*|`)", "", text)
    return re.sub(r"\w+", lambda word: _LABELS.get(word[0], word[0]), text)
