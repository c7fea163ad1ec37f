"""Help for a name that is not known: the nearest that is."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_LONGEST = 100
"""Characters of a name that are compared: more would take long, and no name has as many."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A question that offers the nearest known name, a space after it; empty where none is near."""
    plain = {other.casefold(): other for other in known}
    near = get_close_matches(name[:_LONGEST].casefold(), plain, n=1)
    return f"Did you mean {plain[near[0]]}? " if near else ""
