"""Findings in words: what the range of runs says, of one scenario or of several together."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from sim.presentation.ranges import Runs

NO_CHANGE = "no clear difference"
"""Runs do not agree on the direction, or nothing changes in them."""


class Verdict(StrEnum):
    """What runs say of a difference: more or fewer in nine of ten, or now this and now that."""

    MORE = "more"
    FEWER = "fewer"
    UNCLEAR = "unclear"
    UNTESTED = "untested"
    MIXED = "mixed"


def verdict(difference: Runs) -> Verdict:
    """What the range of a difference says; untested where runs are too few to tell a tenth."""
    if not difference.has_tenths:
        return Verdict.UNTESTED
    if difference.low > 0:
        return Verdict.MORE
    return Verdict.FEWER if difference.high < 0 else Verdict.UNCLEAR


def shared(found: Sequence[Verdict]) -> Verdict:
    """The verdict that all share, or MIXED."""
    return found[0] if len(set(found)) == 1 else Verdict.MIXED


def commonest(found: Sequence[Verdict]) -> tuple[Verdict, int] | None:
    """The clear verdict that most share, fewer before more, and how many; None if none is clear."""
    fewer, more = found.count(Verdict.FEWER), found.count(Verdict.MORE)
    if not fewer and not more:
        return None
    return (Verdict.FEWER, fewer) if fewer >= more else (Verdict.MORE, more)


def options(count: int, among: int = 0) -> str:
    """The scenarios other than the baseline, as a title names them.

    Args:
        count: how many of them the chart shows.
        among: how many there are, if more.
    """
    if count < among:
        return f"The first {count} options"
    return {1: "The option", 2: "Both options"}.get(count, f"All {count} options")


def unclear(count: int, what: str) -> str:
    """A title for scenarios that change something in either direction, or not at all.

    Args:
        count: of scenarios.
        what: they might change.
    """
    if count == 1:
        return f"The option makes {NO_CHANGE} to {what}"
    who = "Neither option" if count == 2 else f"None of the {count} options"
    return f"{who} makes a clear difference to {what}"


def mixed(found: Sequence[Verdict], what: str) -> str:
    """A title for scenarios that differ each in its way."""
    count = len(found)
    more, fewer = found.count(Verdict.MORE), found.count(Verdict.FEWER)
    parts = [f"more {what} in {more} of {count} options"] if more else []
    parts += [f"fewer {f'in {fewer}' if more else f'{what} in {fewer} of {count} options'}"] * (
        fewer > 0
    )
    text = ", ".join(parts)
    rest = f"; the rest make {NO_CHANGE}" if more + fewer < count else ""
    return f"{text[:1].upper()}{text[1:]}{rest}"
