"""Lists in the order of ranks, taken one after the other: Python's sort in compiled code.

A heap, as of long lists often only the first few are taken. Equal ranks stay in the order in which
they were put on, as Python's sort leaves them.
"""

from __future__ import annotations

from sim.engine.compiled.jit import World, compiled
from sim.engine.compiled.layout import Listed, listed


@compiled
def list_(w: World, count: int, group: int, rank: float, number: int) -> int:
    """Put an entity on the list, by group and then by rank; how many are on it then."""
    if count >= w.listed_room:
        raise OverflowError("listed")
    mine, place = listed(w, count), count
    mine.group, mine.rank, mine.order, mine.number = group, rank, count, number
    while place > 0:
        above = (place - 1) >> 1
        if not _is_ahead(listed(w, place), listed(w, above)):
            break
        _exchange(listed(w, place), listed(w, above))
        place = above
    return count + 1


@compiled
def take_listed(w: World, count: int) -> int:
    """Take the first off a list of `count`, which is not empty; the number of the entity."""
    number, last, place = listed(w, 0).number, count - 1, 0
    _exchange(listed(w, 0), listed(w, last))
    while True:
        below = 2 * place + 1
        if below >= last:
            return int(number)
        if below + 1 < last and _is_ahead(listed(w, below + 1), listed(w, below)):
            below += 1
        if not _is_ahead(listed(w, below), listed(w, place)):
            return int(number)
        _exchange(listed(w, below), listed(w, place))
        place = below


@compiled
def _is_ahead(first: Listed, second: Listed) -> bool:
    if first.group != second.group:
        return bool(first.group < second.group)
    if first.rank != second.rank:
        return bool(first.rank < second.rank)
    return bool(first.order < second.order)


@compiled
def _exchange(first: Listed, second: Listed) -> None:
    first.rank, second.rank = second.rank, first.rank
    first.group, second.group = second.group, first.group
    first.order, second.order = second.order, first.order
    first.number, second.number = second.number, first.number
