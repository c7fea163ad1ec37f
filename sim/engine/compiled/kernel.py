"""What stories and actions are written in, compiled; sim.engine.simpy.kernel has the same names.

A story yields the days until it goes on; NOT_YET once it has put itself where somebody will find
it; AT_ONCE where what it waits for has happened already.
"""

from __future__ import annotations

from typing import Any

from sim.engine.compiled.heaps import (
    empty,
    first_case,
    first_key,
    first_number,
    first_rank,
    first_stamp,
    is_ahead,
    is_empty,
    popped,
    pushed,
)
from sim.engine.compiled.jit import compiled, part
from sim.engine.compiled.layout import Process, Signal, World
from sim.engine.compiled.luck import join, key_plus, luck_at, nth_key, stream, uniform
from sim.engine.compiled.pools import (
    join_pool,
    least_loaded,
    least_loaded_with_room,
    leave_pool,
    load_changed,
)
from sim.engine.compiled.queue import GO_ON, RING, SIGNAL, put
from sim.engine.compiled.rows import address, clear, is_full, put_listed, set_count
from sim.engine.layout import Case, CaseHolder

NOT_YET, AT_ONCE, OVER = -1.0, -2.0, -9.0

# -- waiting --------------------------------------------------------------------------------------


@compiled
def wait(w: World, days: float) -> float:
    """Wait some days.

    Raises:
        ValueError: the days are negative, as SimPy refuses too.
    """
    if days < 0.0:
        raise ValueError("an event before its time")
    return days


@compiled
def until(w: World, signal: Signal) -> float:
    """Join the end of a signal's chain, unless it has been given."""
    if signal.fired:
        return AT_ONCE
    if signal.first is None:
        signal.first = w.current
    else:
        signal.last.next = w.current
    signal.last = w.current
    return NOT_YET


@compiled
def wait_or(w: World, days: float, signal: Signal) -> float:
    """Be in the queue and in a signal's chain; the later of the two is told by the stamp."""
    put(w, w.now + days, GO_ON, address(w.current), w.current.stamp)
    if signal.fired:
        go_on_later(w, w.current)
    else:
        until(w, signal)
        w.current.either = signal
    return NOT_YET


@compiled
def go_on_later(w: World, process: Process) -> None:
    """The first of two has come, and the other counts no more: go on, as SimPy, an event later."""
    process.either = None
    process.stamp += 1
    put(w, w.now, GO_ON, address(process), process.stamp)


@compiled
def leave_chain(signal: Signal, process: Process) -> None:
    """A process no longer waits for a signal."""
    before, other = None, signal.first
    while other is not None and other is not process:
        before, other = other, other.next
    if other is None:
        return
    if before is None:
        signal.first = other.next
    else:
        before.next = other.next
    if signal.last is other:
        signal.last = before
    other.next = None


@compiled
def until_done(w: World, case: Case) -> float:
    """The case keeps the process, which the driver goes on with when the clock rings."""
    case.work_done = w.current
    return NOT_YET


@compiled
def new_signal(w: World) -> Signal:
    """A signal, its chain empty."""
    return add(w, w.signals)


@compiled
def fire(w: World, signal: Signal) -> None:
    """Put a signal in the queue, for this instant: its chain goes on when its turn comes."""
    signal.triggered = True
    put(w, w.now, SIGNAL, address(signal), 0)


@compiled
def has_fired(signal: Signal) -> bool:
    """Whether a signal is in the queue or past it."""
    return signal.triggered


@part
def begin(w: Any, story: Any, entity: Any) -> None:
    """A story begins: on this instant, before anything that is already due on it.

    Beginnings stand in a chain of their own: they never wait, and come in the order of setting.
    """
    process = w.free_process
    if process is None:
        process = add(w, w.processes)
    else:
        w.free_process = process.next
        process.next = None
    process.story, process.entity, process.started = story, address(entity), False
    if w.first_to_begin is None:
        w.first_to_begin = process
    else:
        w.last_to_begin.next = process
    w.last_to_begin = process


@compiled
def set_timer(w: World, holder: CaseHolder, days: float) -> None:
    """Put the clock's ringing in the queue, with the timer that it is of."""
    put(w, w.now + days, RING, address(holder), holder.timer)


# -- rows -----------------------------------------------------------------------------------------


@part
def add(w: Any, table: Any) -> Any:
    """The next row of a table's room, cleared."""
    count = len(table)
    if is_full(table):
        raise OverflowError("no room")
    set_count(table, count + 1)
    row = table[count]
    clear(row)
    return row


@part
def insert(rows: Any, place: Any, row: Any) -> None:
    """Those behind the place move up by one, and the row takes it."""
    count = len(rows)
    if is_full(rows):
        raise OverflowError("no room")
    set_count(rows, count + 1)
    while count > place:
        put_listed(rows, count, rows[count - 1])
        count -= 1
    put_listed(rows, place, row)


@part
def remove(rows: Any, place: Any) -> None:
    """Those behind the place move down by one."""
    count = len(rows) - 1
    for other in range(place, count):
        put_listed(rows, other, rows[other + 1])
    set_count(rows, count)


@part
def put_row(rows: Any, place: Any, row: Any) -> None:
    """Write a row's address over another's."""
    put_listed(rows, place, row)


@part
def shorten(rows: Any, count: Any) -> None:
    """Forget the rows of a list beyond a count; their addresses stay."""
    set_count(rows, count)


KERNEL: dict[str, Any] = {
    "add": add,
    "begin": begin,
    "empty": empty,
    "fire": fire,
    "first_case": first_case,
    "first_key": first_key,
    "first_number": first_number,
    "first_rank": first_rank,
    "first_stamp": first_stamp,
    "has_fired": has_fired,
    "insert": insert,
    "is_ahead": is_ahead,
    "is_empty": is_empty,
    "join": join,
    "join_pool": join_pool,
    "key_plus": key_plus,
    "least_loaded": least_loaded,
    "least_loaded_with_room": least_loaded_with_room,
    "leave_pool": leave_pool,
    "load_changed": load_changed,
    "luck_at": luck_at,
    "new_signal": new_signal,
    "nth_key": nth_key,
    "popped": popped,
    "pushed": pushed,
    "put": put_row,
    "remove": remove,
    "set_timer": set_timer,
    "shorten": shorten,
    "stream": stream,
    "uniform": uniform,
    "until": until,
    "until_done": until_done,
    "wait": wait,
    "wait_or": wait_or,
}
"""By name in sim.engine.simpy.kernel: the same, compiled."""
