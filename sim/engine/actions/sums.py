"""Sums with no rounding but the last, term by term: what math.fsum gives (Shewchuk 1997).

Written out, because a sum is then the same in whatever order its terms come, in both engines.
"""

from __future__ import annotations

from sim.engine.layout import World


def begin_sum(w: World) -> None:
    """A sum of nothing."""
    w.partials_count = 0


def add_to_sum(w: World, term: float) -> None:
    """Add a number to the partial sums, which don't overlap, the smallest first."""
    x, kept = term, 0
    for place in range(w.partials_count):
        y = w.partials[place]
        if abs(x) < abs(y):
            x, y = y, x
        high = x + y
        low = y - (high - x)
        if low != 0.0:
            w.partials[kept] = low
            kept += 1
        x = high
    if x != 0.0:
        w.partials[kept] = x
        kept += 1
    w.partials_count = kept


def sum_so_far(w: World) -> float:
    """The partial sums as one number, halves rounded as what lies below them says."""
    if w.partials_count == 0:
        return 0.0
    place, low = w.partials_count - 1, 0.0
    high = w.partials[place]
    while place > 0 and low == 0.0:
        place -= 1
        x, y = high, w.partials[place]
        high = x + y
        low = y - (high - x)
    if place > 0 and low != 0.0 and (low < 0.0) == (w.partials[place - 1] < 0.0):
        doubled = low * 2.0
        x = high + doubled
        if doubled == x - high:
            high = x
    return high
