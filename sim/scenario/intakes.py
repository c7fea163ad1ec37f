"""What measures that bring people on dates have in common."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated

from pydantic import Field

from sim.config.quantity import Whole

LARGEST_INTAKE = 5_000

WholePeople = Annotated[Whole, Field(ge=0, le=LARGEST_INTAKE)]


def check_dates(what: str, dates: Sequence[dt.date], start: dt.date, end: dt.date | None) -> None:
    """Refuse dates that don't ascend, or that lie outside the line's own.

    Raises:
        ValueError: as "problem|remedy".
    """
    for earlier, later in pairwise(dates):
        if later <= earlier:
            raise ValueError(f"{what} names {later} after {earlier}|List each date once, in order")
    for date in dates:
        if date < start or (end is not None and date > end):
            until = f" to {end}" if end else ""
            raise ValueError(
                f"{what} names {date}, the line runs from {start}{until}"
                "|Change that date, or the line's start or end"
            )


def phasing_fault(phasing: Sequence[object], what: str) -> str | None:
    """Whole people can't come in parts."""
    if phasing:
        return f"{what} have dates of their own|Leave out phasing"
    return None
