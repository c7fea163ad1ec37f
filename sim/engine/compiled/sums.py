"""Sums with no rounding but the last: math.fsum in compiled code (Shewchuk 1997)."""

from __future__ import annotations

from sim.engine.compiled.jit import World, compiled
from sim.engine.compiled.layout import partial, ranked


@compiled
def exact_sum(w: World, count: int) -> float:
    """The sum of the first `count` numbers in `ranked`, bit for bit what math.fsum gives."""
    partials = 0
    for place in range(count):
        partials = _added(w, partials, ranked(w, place).value)
    return _rounded(w, partials)


@compiled
def _added(w: World, partials: int, x: float) -> int:
    """Add a number to partial sums that don't overlap, smallest first; how many there are then."""
    kept = 0
    for place in range(partials):
        y = partial(w, place).value
        if abs(x) < abs(y):
            x, y = y, x
        high = x + y
        low = y - (high - x)
        if low != 0.0:
            partial(w, kept).value = low
            kept += 1
        x = high
    if x != 0.0:
        partial(w, kept).value = x
        kept += 1
    return kept


@compiled
def _rounded(w: World, partials: int) -> float:
    """The partial sums as one number, halves rounded as what lies below them says."""
    if partials == 0:
        return 0.0
    place, low = partials - 1, 0.0
    high = partial(w, place).value
    while place > 0 and low == 0.0:
        place -= 1
        x, y = high, partial(w, place).value
        high = x + y
        low = y - (high - x)
    if place > 0 and low != 0.0 and (low < 0.0) == (partial(w, place - 1).value < 0.0):
        doubled = low * 2.0
        x = high + doubled
        if doubled == x - high:
            high = x
    return float(high)
