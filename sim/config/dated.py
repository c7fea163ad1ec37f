"""Rules of law with a date: when they come into force, and from when anybody could know of them."""

from __future__ import annotations

import datetime as dt
from typing import Self

from pydantic import model_validator

from sim.config.quantity import Date, Frozen, Text


class Announced(Frozen):
    """The day by which a rule was published in its final text and with its date.

    A proposal or a consultation is no announcement: both still change.
    """

    on: Date
    source: str
    note: Text = ""


class DatedRule(Frozen):
    """A rule in force from a date.

    Attributes:
        start: its first day.
        announced: when it was published; None where that is its first day.
        source: where it stands.
    """

    start: Date
    announced: Announced | None = None
    source: str

    @property
    def known_from(self) -> dt.date:
        """The first day on which a forecast may reckon with it."""
        return self.announced.on if self.announced else self.start

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.known_from > self.start:
            raise ValueError(
                f"announced on {self.known_from}, after its start {self.start}"
                "|Correct one of the two dates"
            )
        return self
