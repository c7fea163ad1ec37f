"""The queue of events, in SimPy's explicit order: time, then the turn in which each was set.

Days to come are divided into slices of equal length. What is due in a later slice hangs in that
slice's chain, in no order; what is due in the present one stands in a heap. So the heap is short
and near, however many wait, and each event is put in order once, when its slice comes.

A heap alone keeps no order among equals, so the turn in which an event was set is part of its key.
Four below each place instead of two: half the depth, and the four share a stretch of memory.
"""

from __future__ import annotations

from sim.engine.compiled.jit import compiled
from sim.engine.compiled.layout import Event, World
from sim.engine.compiled.rows import address, fetch_ahead, is_full, row_at, set_count

process_at, holder_at = row_at("Process"), row_at("CaseHolder")
GO_ON, SIGNAL, RING = range(3)
"""Kinds of events: a process goes on, a signal is given, a clock rings."""


@compiled
def put(w: World, time: float, kind: int, entity: int, stamp: int) -> None:
    """Put an event in the queue; what would fall on the horizon or later is left out."""
    w.sequence += 1
    if time >= w.horizon:
        return
    number = slice_of(w, time)
    if number <= w.slice:
        rise(w, time, w.sequence, kind, entity, stamp)
    else:
        hang(w, number, time, kind, entity, stamp)


@compiled
def slice_of(w: World, time: float) -> int:
    """The slice that a time falls in: never an earlier one than that of an earlier time."""
    return min(int(time * w.slices_per_day), len(w.slices) - 1)


@compiled
def hang(w: World, number: int, time: float, kind: int, entity: int, stamp: int) -> None:
    """Put an event in the chain of a later slice."""
    event = w.free_later
    if event is None:
        count = len(w.later)
        if is_full(w.later):
            raise OverflowError("no room")
        set_count(w.later, count + 1)
        event = w.later[count]
    else:
        w.free_later = event.next
    event.time, event.order, event.entity = time, w.sequence, entity
    event.kind, event.stamp = kind, stamp
    event.next = w.slices[number].first
    w.slices[number].first = event


@compiled
def rise(w: World, time: float, order: int, kind: int, entity: int, stamp: int) -> None:
    """Put an event in the heap."""
    if is_full(w.queue):
        raise OverflowError("no room")
    place = len(w.queue)
    set_count(w.queue, place + 1)
    while place > 0:
        up = (place - 1) >> 2
        above = w.queue[up]
        if above.time <= time and (above.time < time or above.order < order):
            break
        copy(above, w.queue[place])
        place = up
    mine = w.queue[place]
    mine.time, mine.order, mine.entity = time, order, entity
    mine.kind, mine.stamp = kind, stamp


@compiled
def is_any_left(w: World) -> bool:
    """Whether there is a next event; the slice that it is in becomes the present one."""
    while len(w.queue) == 0:
        if w.slice == len(w.slices) - 1:
            return False
        w.slice += 1
        event = w.slices[w.slice].first
        while event is not None:
            fetch_ahead(event.entity)
            rise(w, event.time, event.order, event.kind, event.entity, event.stamp)
            following = event.next
            event.next = w.free_later
            w.free_later = event
            event = following
        fetch_what_follows(w)
    return True


@compiled
def fetch_what_follows(w: World) -> None:
    """Fetch the rows that a slice's events lead to, one step after the other.

    Each step asks for all rows at once; to wait for each as it is come to takes longer than what is
    done with it.
    """
    for event in w.queue:
        if event.kind == GO_ON:
            fetch_ahead(process_at(event.entity).entity)
        elif event.kind == RING:
            fetch_ahead(address(holder_at(event.entity).work))
    for event in w.queue:
        if event.kind == RING:
            work = holder_at(event.entity).work
            if work is not None:
                fetch_ahead(address(work.case))
    for event in w.queue:
        if event.kind == RING:
            work = holder_at(event.entity).work
            if work is not None:
                fetch_ahead(address(work.case.work_done))


@compiled
def take_next(w: World) -> tuple[int, int, int]:
    """Take the next event from a queue that is not empty, and move the clock to it.

    Returns:
        Its kind, entity and stamp.
    """
    first = w.queue[0]
    kind, entity, stamp = first.kind, first.entity, first.stamp
    w.now = first.time
    count, place = len(w.queue) - 1, 0
    set_count(w.queue, count)
    last = w.queue[count]
    while True:
        below = 4 * place + 1
        if below >= count:
            break
        least = below
        for other in range(below + 1, min(below + 4, count)):
            if is_before(w.queue[other], w.queue[least]):
                least = other
        if not is_before(w.queue[least], last):
            break
        copy(w.queue[least], w.queue[place])
        place = least
    if place != count:
        copy(last, w.queue[place])
    return kind, entity, stamp


@compiled
def is_before(first: Event, second: Event) -> bool:
    """Whether an event comes before another."""
    if first.time == second.time:
        return first.order < second.order
    return first.time < second.time


@compiled
def copy(source: Event, target: Event) -> None:
    """Put an event in the place of another."""
    target.time, target.order, target.entity = source.time, source.order, source.entity
    target.kind, target.stamp = source.kind, source.stamp
