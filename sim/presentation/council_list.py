"""The list of councils: name, code, region, size, and what is missing."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import JustifyMethod
from rich.table import Table
from rich.text import Text

from sim.presentation.screen import screen
from sim.published.checks import Note, notes_on
from sim.published.council_file.called import known_year
from sim.published.derived import missing
from sim.published.lookup import in_region, region_named
from sim.published.record import Council, Record, load_record
from sim.published.revisions import revisions

WIDTH = 80
"""Columns of the list on every screen, so that it is the same everywhere."""
_SIZE = "In post"
_COLUMNS = (("Code", 9), ("Council", 26), ("Region", 13), (_SIZE, 7), ("Missing", 17))
_ONLY_BANDS = "plan lengths"
_MOST_REVISIONS = 10
Missing = dict[Council, tuple[str, ...]]


def list_councils(year: int | None, folder: Path | None, region: str | None) -> None:
    """Print the councils of a year.

    Args:
        year: of the workforce census; the newest if None.
        folder: downloads of the Department's tables, if any.
        region: only councils of this region, if any.

    Raises:
        InputError: a table, the year or the region is not there.
    """
    whole = load_record(folder=folder)
    record = whole.up_to(known_year(whole, year))
    year = record.until
    councils = record.councils(year)
    if region is not None:
        named = region_named(record, region, year)
        councils = tuple(council for council in councils if in_region(council, named))
    lacking = {council: missing(record, council, year) for council in councils}
    console = screen(width=WIDTH)
    console.print(_table(record, lacking, year))
    for paragraph in (*_footer(lacking), *_sources(record), *_checks(record, councils, year)):
        for line in textwrap.wrap(paragraph, WIDTH, break_long_words=False):
            console.print(Text(line), soft_wrap=True)


def _table(record: Record, lacking: Missing, year: int) -> Table:
    title = f"Councils with published figures up to 30 September {year}"
    table = Table(
        title=Text(title), title_justify="left", title_style="bold", box=SIMPLE_HEAD,
        pad_edge=False, show_edge=False, padding=(0, 1, 0, 0),
    )  # fmt: skip
    for column, width in _COLUMNS:
        justify: JustifyMethod = "right" if column == _SIZE else "left"
        table.add_column(column, justify=justify, width=width)
    for council, words in lacking.items():
        staff = record.figure(council, "inpost_fte", year).value
        size = "" if staff is None else f"{staff:,.1f}"
        cells = (council.code, council.name, council.region, size, ", ".join(words) or "nothing")
        table.add_row(*map(Text, cells))
    return table


def _footer(lacking: Missing) -> Iterator[str]:
    whole = sum(not words for words in lacking.values())
    bands = sum(len(words) == 1 and _ONLY_BANDS in words[0] for words in lacking.values())
    more = len(lacking) - whole - bands
    yield (
        f"Councils: {len(lacking)}, {whole} with every figure, {bands} that lack only child "
        f"protection plans by length (so many of five bands), {more} that lack more. In post: "
        "full-time equivalents. Numbers of 1 to 5 are hidden and count as known. A row of two "
        "councils is for both together."
    )


def _sources(record: Record) -> Iterator[str]:
    read = dict.fromkeys(edition.where for edition in record.editions if edition.rows)
    yield f"Department for Education, Open Government Licence v3.0: {'; '.join(read)}."
    for edition in record.editions:
        yield from (f"{edition.where}: {note}." for note in edition.notes)
    changed = [change.words for change in revisions(record.editions)]
    if changed:
        told = "; ".join(changed[:_MOST_REVISIONS])
        yield f"{len(changed)} figures differ between releases; the newest is used: {told}."


def _checks(record: Record, councils: Iterable[Council], year: int) -> Iterator[str]:
    notes = [note for council in councils for note in notes_on(record, council, year)]
    for kind, alike in groupby(sorted(notes, key=_kind), key=_kind):
        told = "; ".join(f"{note.council} ({note.detail})" for note in alike)
        yield f"Note on {year}: {kind}: {told}."


def _kind(note: Note) -> str:
    return note.kind
