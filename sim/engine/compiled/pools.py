"""Those of one kind present in one team, the least loaded first (sim.engine.cases.Pool).

A heap by load and then by number, so that among equals the first is the one with the lowest number,
as in a list in the order of numbers; somebody's load changes far more often than who is present.
"""

from __future__ import annotations

from sim.engine.compiled.jit import World, compiled
from sim.engine.compiled.layout import NONE, POOL_COUNT, Seat, holder_, seat_, team_


@compiled
def first_seat(w: World, team: int, pool: int) -> int:
    """Place of a pool's first seat: that of the least loaded, where anybody is present."""
    return int((team * POOL_COUNT + pool) * w.seats_per_pool)


@compiled
def take_seat(w: World, number: int) -> None:
    """Somebody is present."""
    holder = holder_(w, number)
    present = team_(w, holder.team).present
    place = present[holder.pool]
    if place >= w.seats_per_pool:
        raise OverflowError("seats")
    present[holder.pool] += 1
    first = first_seat(w, holder.team, holder.pool)
    _put(w, first, _risen(w, first, place, holder.load, number), holder.load, number)


@compiled
def give_up_seat(w: World, number: int) -> None:
    """Somebody is away or gone; the last takes the seat, and moves to where it belongs."""
    holder = holder_(w, number)
    present = team_(w, holder.team).present
    present[holder.pool] -= 1
    count, place = present[holder.pool], holder.place
    first = first_seat(w, holder.team, holder.pool)
    holder.place = NONE
    if place != count:
        last = seat_(w, first + count)
        _settle(w, first, count, place, last.load, last.holder)


@compiled
def change_load(w: World, number: int) -> None:
    """The load of somebody present has changed."""
    holder = holder_(w, number)
    count = team_(w, holder.team).present[holder.pool]
    first = first_seat(w, holder.team, holder.pool)
    _settle(w, first, count, holder.place, holder.load, number)


@compiled
def _settle(w: World, first: int, count: int, place: int, load: float, number: int) -> None:
    """Put somebody where they belong, up or down from a place that is free."""
    up = _risen(w, first, place, load, number)
    if up == place:
        up = _sunk(w, first, count, place, load, number)
    _put(w, first, up, load, number)


@compiled
def _risen(w: World, first: int, place: int, load: float, number: int) -> int:
    """The place free for somebody after those more loaded above have moved down."""
    while place > 0:
        above = (place - 1) >> 1
        seat = seat_(w, first + above)
        if not _is_ahead(load, number, seat):
            break
        _put(w, first, place, seat.load, seat.holder)
        place = above
    return place


@compiled
def _sunk(w: World, first: int, count: int, place: int, load: float, number: int) -> int:
    """The place free for somebody after those less loaded below have moved up."""
    while True:
        below = 2 * place + 1
        if below >= count:
            return place
        seat = seat_(w, first + below)
        if below + 1 < count:
            other = seat_(w, first + below + 1)
            if _is_ahead(other.load, other.holder, seat):
                below, seat = below + 1, other
        if _is_ahead(load, number, seat):
            return place
        _put(w, first, place, seat.load, seat.holder)
        place = below


@compiled
def _is_ahead(load: float, number: int, seat: Seat) -> bool:
    """Whether somebody with a load comes before the one in a seat."""
    return bool(load < seat.load or (load == seat.load and number < seat.holder))


@compiled
def _put(w: World, first: int, place: int, load: float, number: int) -> None:
    seat = seat_(w, first + place)
    seat.load, seat.holder = load, number
    holder_(w, number).place = place
