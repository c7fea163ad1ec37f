"""The queue of events, in SimPy's explicit order: time, beginnings before all else, then turn.

A heap alone keeps no order among equals, so the turn in which an event was set is part of its key.
Four below each place instead of two: half the depth, and the four share a stretch of memory.
"""

from __future__ import annotations

from sim.engine.compiled.jit import World, compiled
from sim.engine.compiled.layout import Event, event

_LATER = 1 << 62
"""Added to the order of all that is not the beginning of a process."""


@compiled
def begin(w: World, kind: int, entity: int) -> None:
    """A process begins: on this instant, before anything that is already due on it."""
    _put(w, w.now, 0, kind, entity, 0)


@compiled
def after(w: World, days: float, kind: int, entity: int) -> None:
    """Wake a process after some days.

    Raises:
        ValueError: the days are negative, as SimPy refuses too.
    """
    if days < 0.0:
        raise ValueError("an event before its time")
    _put(w, w.now + days, _LATER, kind, entity, 0)


@compiled
def alarm(w: World, days: float, kind: int, entity: int, stamp: int) -> None:
    """Ring after some days, with a stamp by which the one who hears it tells whether it counts."""
    _put(w, w.now + days, _LATER, kind, entity, stamp)


@compiled
def _put(w: World, time: float, order: int, kind: int, entity: int, stamp: int) -> None:
    """Put an event in the queue; what would fall on the horizon or later is left out."""
    w.sequence += 1
    if time >= w.horizon:
        return
    if w.event_count >= w.events_room:
        raise OverflowError("events")
    place = w.event_count
    w.event_count += 1
    while place > 0:
        above = (place - 1) >> 2
        if event(w, above).time <= time and (
            event(w, above).time < time or event(w, above).order < order + w.sequence
        ):
            break
        _copy(event(w, above), event(w, place))
        place = above
    mine = event(w, place)
    mine.time = time
    mine.order = order + w.sequence
    mine.kind = kind
    mine.entity = entity
    mine.stamp = stamp


@compiled
def take_next(w: World) -> tuple[int, int, int]:
    """Take the next event from a queue that is not empty, and move the clock to it.

    Returns:
        Its kind, entity and stamp.
    """
    first = event(w, 0)
    kind, entity, stamp = first.kind, first.entity, first.stamp
    w.now = first.time
    w.event_count -= 1
    last, count, place = event(w, w.event_count), w.event_count, 0
    while True:
        below = 4 * place + 1
        if below >= count:
            break
        least = below
        for other in range(below + 1, min(below + 4, count)):
            if _is_before(event(w, other), event(w, least)):
                least = other
        if not _is_before(event(w, least), last):
            break
        _copy(event(w, least), event(w, place))
        place = least
    if place != count:
        _copy(last, event(w, place))
    return kind, entity, stamp


@compiled
def _is_before(first: Event, second: Event) -> bool:
    if first.time == second.time:
        return bool(first.order < second.order)
    return bool(first.time < second.time)


@compiled
def _copy(source: Event, target: Event) -> None:
    target.time = source.time
    target.order = source.order
    target.kind = source.kind
    target.entity = source.entity
    target.stamp = source.stamp
