"""Those of one kind present in one team, the least loaded first.

A heap by load and then by number, so that among equals the first is the one with the lowest number,
as in a list in the order of numbers; somebody's load changes far more often than who is present.
"""

from __future__ import annotations

from sim.engine.compiled.jit import compiled
from sim.engine.compiled.layout import World
from sim.engine.compiled.rows import is_full, put_listed, set_count
from sim.engine.formulas import has_room as _has_room
from sim.engine.layout import CaseHolder, Pool
from sim.engine.rows import Maybe

has_room = compiled(_has_room)


@compiled
def join_pool(w: World, pool: Pool, holder: CaseHolder) -> None:
    """Somebody takes the last place and rises to where it belongs."""
    if is_full(pool.holders):
        raise OverflowError("no room")
    count = len(pool.holders)
    set_count(pool.holders, count + 1)
    set_place(pool, risen(pool, count, holder), holder)


@compiled
def leave_pool(w: World, pool: Pool, holder: CaseHolder) -> None:
    """Somebody is away or gone; the last takes the place, and moves to where it belongs."""
    count, place = len(pool.holders) - 1, holder.place
    last = pool.holders[count]
    set_count(pool.holders, count)
    holder.place = -1
    if place != count:
        settle(pool, place, last)


@compiled
def load_changed(pool: Pool, holder: CaseHolder) -> None:
    """Somebody rises or sinks to where the load belongs."""
    settle(pool, holder.place, holder)


@compiled
def least_loaded(pool: Pool) -> Maybe[CaseHolder]:
    """Who stands first."""
    if len(pool.holders) == 0:
        return None
    return pool.holders[0]


@compiled
def least_loaded_with_room(pool: Pool, points: float, limit: float) -> Maybe[CaseHolder]:
    """Who comes first of those with room for a case.

    Down the heap, where everybody below a place has as much load or more: no further than to whom
    the case is too much even for the most that anybody carries.
    """
    count, place, found = len(pool.holders), 0, None
    if count == 0:
        return found
    while True:
        holder = pool.holders[place]
        goes_down = has_room(holder.load, points, pool.most_capacity, limit) and (
            found is None or holder.load <= found.load
        )
        if (
            goes_down
            and (found is None or is_ahead(holder, found))
            and has_room(holder.load, points, holder.capacity, limit)
        ):
            found = holder
        if goes_down and 2 * place + 1 < count:
            place = 2 * place + 1
            continue
        # Not down from here: to the place beside, or up until there is one.
        while place > 0 and (place & 1 == 0 or place + 1 >= count):
            place = (place - 1) >> 1
        if place == 0:
            return found
        place += 1


@compiled
def settle(pool: Pool, place: int, holder: CaseHolder) -> None:
    """Put somebody where they belong, up or down from a place that is free."""
    up = risen(pool, place, holder)
    if up == place:
        up = sunk(pool, place, holder)
    set_place(pool, up, holder)


@compiled
def risen(pool: Pool, place: int, holder: CaseHolder) -> int:
    """The place free for somebody after those more loaded above have moved down."""
    while place > 0:
        above = (place - 1) >> 1
        other = pool.holders[above]
        if not is_ahead(holder, other):
            break
        set_place(pool, place, other)
        place = above
    return place


@compiled
def sunk(pool: Pool, place: int, holder: CaseHolder) -> int:
    """The place free for somebody after those less loaded below have moved up."""
    count = len(pool.holders)
    while True:
        below = 2 * place + 1
        if below >= count:
            return place
        other = pool.holders[below]
        if below + 1 < count and is_ahead(pool.holders[below + 1], other):
            below += 1
            other = pool.holders[below]
        if is_ahead(holder, other):
            return place
        set_place(pool, place, other)
        place = below


@compiled
def is_ahead(holder: CaseHolder, other: CaseHolder) -> bool:
    """Whether somebody comes before another."""
    return holder.load < other.load or (holder.load == other.load and holder.number < other.number)


@compiled
def set_place(pool: Pool, place: int, holder: CaseHolder) -> None:
    """Somebody takes a place of a pool."""
    put_listed(pool.holders, place, holder)
    holder.place = place
