"""A note under the answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Note:
    """A note under the answer.

    Attributes:
        text: what is told in full.
        short: the same for one line of the screen; empty for a note that stands below alone.
    """

    text: str
    short: str = ""
