"""Findings in words: what an interval says, of one scenario or of several together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum


class Verdict(StrEnum):
    """What a 95% interval of a difference says."""

    MORE = "more"
    FEWER = "fewer"
    UNCLEAR = "unclear"
    UNTESTED = "untested"
    MIXED = "mixed"


def verdict(low: float, high: float) -> Verdict:
    """What a 95% interval of a difference says; untested where there is none."""
    if math.isnan(low) or math.isnan(high):
        return Verdict.UNTESTED
    if low > 0:
        return Verdict.MORE
    return Verdict.FEWER if high < 0 else Verdict.UNCLEAR


def shared(found: Sequence[Verdict]) -> Verdict:
    """The verdict that all share, or MIXED."""
    return found[0] if len(set(found)) == 1 else Verdict.MIXED


def options(count: int, among: int = 0) -> str:
    """The scenarios other than the baseline, as a title names them.

    Args:
        count: how many of them the chart shows.
        among: how many there are, if more.
    """
    if count < among:
        return f"The first {count} options"
    return {1: "The option", 2: "Both options"}.get(count, f"All {count} options")


def unclear(count: int, other: str, what: str) -> str:
    """A title for scenarios none of which differs clearly."""
    who = {1: "The option can’t", 2: "Neither option can"}.get(
        count, f"None of the {count} options can"
    )
    return f"{who} be told apart from {other} in {what}"


def mixed(found: Sequence[Verdict], what: str) -> str:
    """A title for scenarios that differ each in its way."""
    count = len(found)
    more, fewer = found.count(Verdict.MORE), found.count(Verdict.FEWER)
    parts = [f"more {what} in {more} of {count} options"] if more else []
    parts += [f"fewer {f'in {fewer}' if more else f'{what} in {fewer} of {count} options'}"] * (
        fewer > 0
    )
    text = ", ".join(parts)
    rest = "; the rest can’t be told apart" if more + fewer < count else ""
    return f"{text[:1].upper()}{text[1:]}{rest}"
