"""Where two things that were asked for differ, in words."""

from __future__ import annotations

import json
from typing import Any

MOST_LETTERS = 60


def first_difference(theirs: Any, ours: Any, key: str = "") -> str:
    """The first value that is another: its key, what it was, and what it is here."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for name in dict.fromkeys((*theirs, *ours)):
            if theirs.get(name) != ours.get(name):
                within = f"{key}.{name}" if key else name
                return first_difference(theirs.get(name), ours.get(name), within)
    if isinstance(theirs, list) and isinstance(ours, list) and len(theirs) == len(ours):
        for place, (one, other) in enumerate(zip(theirs, ours, strict=True)):
            if one != other:
                return first_difference(one, other, f"{key}.{place}")
    return f"{key} = {_short(theirs)}, here {_short(ours)}"


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= MOST_LETTERS else f"{text[: MOST_LETTERS - 3]}..."
