"""The optional trace: every event of a run, with names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TraceEvent:
    """One thing that happened.

    Attributes:
        day: simulated day.
        what: kind of event ("resigns", "offer", "starts", "agency cover begins" ...).
        team: name of the team.
        post: name of the post; empty where none is meant.
        person: name of the person; empty where none is meant.
        detail: anything more, in words.
        child: name of the child; empty where none is meant.
    """

    day: float
    what: str
    team: str
    post: str = ""
    person: str = ""
    detail: str = ""
    child: str = ""


Listener = Callable[[TraceEvent], None]
