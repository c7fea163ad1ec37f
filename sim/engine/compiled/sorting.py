"""Lists in the order of ranks: Python's sort in compiled code, for lists of dozens."""

from __future__ import annotations

from sim.engine.compiled.jit import World, compiled
from sim.engine.compiled.layout import listed, ranked


@compiled
def insert_ranked(w: World, first: int, count: int, number: int, rank: float) -> int:
    """Add an entity to those listed, in the order of ranks from `first` on; how many there are.

    Equal ranks stay in the order in which they come, as Python's sort leaves them.
    """
    if count >= w.listed_room:
        raise OverflowError("listed")
    if count >= w.ranked_room:
        raise OverflowError("ranked")
    place = count
    while place > first and ranked(w, place - 1).value > rank:
        ranked(w, place).value = ranked(w, place - 1).value
        listed(w, place).value = listed(w, place - 1).value
        place -= 1
    ranked(w, place).value = rank
    listed(w, place).value = number
    return count + 1
