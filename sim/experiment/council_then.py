"""A council as its file would have been made in an earlier year, later years unseen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sim.config.council import Council
from sim.config.england import load_england
from sim.config.load import parse
from sim.config.shipped import load_evidence
from sim.published.council_file.known import Everybody
from sim.published.council_file.make import make_file
from sim.published.record import Council as PublishedCouncil
from sim.published.record import Record


def maker_of(record: Record, year: int) -> Callable[[PublishedCouncil], Council]:
    """What makes the councils of a year, as `council new` does with `--fill national`.

    Args:
        record: published figures up to the year.
        year: of the workforce census from which they go on.
    """
    everybody = Everybody(record, year, load_england(load_evidence().sources))

    def make(council: PublishedCouncil) -> Council:
        made = make_file(everybody, council, fill=True)
        return parse(Council, made.data, Path(f"{council.name} {year}"))

    return make
