"""The trace on the screen or in a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from sim.config.errors import InputError
from sim.dates import date_of
from sim.engine.trace import TraceEvent
from sim.presentation.files import staged_folder, write_csv
from sim.presentation.screen import screen

COLUMNS = ("day", "date", "what", "team", "post", "person", "child", "detail")


def print_trace(events: Sequence[TraceEvent], start: dt.date) -> None:
    """One line an event, as plain text that can be piped."""
    console = screen()
    for day, *row in event_rows(events, start):
        console.print(
            "  ".join(cell for cell in (f"{day:>8}", *row) if cell), soft_wrap=True, highlight=False
        )


def write_trace(events: Sequence[TraceEvent], start: dt.date, path: Path) -> None:
    """A CSV file.

    Raises:
        InputError: it can't be written.
    """
    if path.is_dir():
        raise InputError(path, "is a folder", "Name a CSV file with --out")
    with staged_folder(path.parent) as folder:
        write_csv(folder / path.name, COLUMNS, event_rows(events, start))


def event_rows(events: Sequence[TraceEvent], start: dt.date) -> list[list[str]]:
    """A row of cells for each event, as COLUMNS name them."""
    return [
        [
            f"{event.day:.2f}",
            date_of(start, event.day).isoformat(),
            event.what,
            event.team,
            event.post,
            event.person,
            event.child,
            event.detail,
        ]
        for event in events
    ]
