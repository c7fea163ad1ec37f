"""What stories and actions are written in, with SimPy and Python's own lists and heaps.

The compiled engine has the same names (sim.engine.compiled.kernel); all else is shared.
"""

from __future__ import annotations

from collections.abc import Generator
from heapq import heappop, heappush
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

from simpy.core import Environment
from simpy.events import Event, Process, Timeout

from sim.engine.formulas import has_room
from sim.engine.rows import Heap, Key, List, Maybe, Signal, Table
from sim.inputs.fates import _FIRST, _GOLDEN, _MASK, _SECOND, mix, unit
from sim.inputs.fates import join as join
from sim.inputs.fates import luck_at as luck_at
from sim.inputs.fates import nth_key as nth_key

if TYPE_CHECKING:
    from sim.engine.layout import Case, CaseHolder, Pool, World

T = TypeVar("T")
Waits = Generator[Any, None, None]
"""A story: it yields what it waits for."""

# -- waiting --------------------------------------------------------------------------------------


class Clock(Environment):
    """SimPy's clock, and the stories that it runs."""

    def __init__(self, stories: tuple[Any, ...], ring: Any) -> None:
        # SimPy's own beginning, 0, would make the clock a whole number on the first day.
        super().__init__(0.0)
        self.stories = stories
        self.rings = (ring,)


class Timer(Event):
    """Rings after some days: the lightest event that there is."""

    _ok = True

    def __init__(self, clock: Clock, days: float, value: tuple[World, CaseHolder, int]) -> None:
        self.callbacks = clock.rings  # type: ignore[assignment]
        self._value = value
        clock.schedule(self, delay=days)


def wait(w: World, days: float) -> Timeout:
    """Wait some days."""
    return Timeout(w.env, days)


def until(w: World, signal: Signal) -> Signal:
    """Wait for a signal."""
    return signal


def wait_or(w: World, days: float, signal: Signal) -> Any:
    """Wait some days or for a signal, whichever comes first."""
    return Timeout(w.env, days) | signal


def until_done(w: World, case: Case) -> Event:
    """Wait until the work that a case needs is done: its worker's clock rings then."""
    done = Event(w.env)
    case.work_done = done
    return done


def is_done(case: Case) -> None:
    """The work on a case is done: its story goes on at once, before anything else happens."""
    event = case.work_done
    event._ok, event._value = True, None
    callbacks, event.callbacks = event.callbacks, None
    for callback in callbacks:
        callback(event)


def new_signal(w: World) -> Signal:
    """A signal that nobody has given yet."""
    return Event(w.env)


def fire(w: World, signal: Signal) -> None:
    """Give a signal: all who wait for it go on, in the order in which they began to wait."""
    signal.succeed()


def has_fired(signal: Signal) -> bool:
    """Whether a signal has been given."""
    return bool(signal.triggered)


def begin(w: World, story: int, entity: Any) -> None:
    """A story begins: on this instant, before anything that is already due on it."""
    Process(w.env, w.env.stories[story](w, entity))


def set_timer(w: World, holder: CaseHolder, days: float) -> None:
    """The clock of a holder of cases rings after some days, unless another timer is set by then."""
    if w.now + days < w.horizon:
        Timer(w.env, days, (w, holder, holder.timer))


# -- rows -----------------------------------------------------------------------------------------


def add(w: World, table: Table[T]) -> T:
    """A new row at the end of a table, all of it blank."""
    row = table.row()
    table.append(row)
    return row


def insert(rows: List[T], place: int, row: T) -> None:
    """Put a row into a list."""
    rows.insert(place, row)


def remove(rows: List[T], place: int) -> None:
    """Take a row out of a list."""
    del rows[place]


def put(rows: List[T], place: int, row: T) -> None:
    """Put a row in place of another."""
    rows[place] = row


def shorten(rows: List[T], count: int) -> None:
    """Keep the first `count` rows of a list."""
    del rows[count:]


# -- random numbers -------------------------------------------------------------------------------


def uniform(w: World, purpose: int, entity: Key, index: Key) -> float:
    """A uniform number strictly between 0 and 1 (sim.inputs.fates.Fates.uniform)."""
    # luck_at(stream(...)), written out: a run asks some fifty thousand times.
    word = w.bases[purpose] ^ entity
    word = ((word ^ (word >> 30)) * _FIRST) & _MASK
    word = ((word ^ (word >> 27)) * _SECOND) & _MASK
    word = ((word ^ (word >> 31)) + (index + 1) * _GOLDEN) & _MASK
    word = ((word ^ (word >> 30)) * _FIRST) & _MASK
    word = ((word ^ (word >> 27)) * _SECOND) & _MASK
    return unit(word ^ (word >> 31))


def stream(w: World, purpose: int, entity: Key) -> Key:
    """Seed of an entity's stream of random numbers (sim.inputs.fates.Fates.stream)."""
    return mix(w.bases[purpose] ^ entity)


def key_plus(key: Key, number: int) -> Key:
    """A key moved on by a number."""
    return key + number


# -- heaps: by rank, then key, then number, then stamp --------------------------------------------


def pushed(
    w: World, heap: Heap, rank: int, key: float, number: int, stamp: int, case: Maybe[Case]
) -> Heap:
    """A heap after something is put on it."""
    heappush(heap, (rank, key, number, stamp, case))
    return heap


def popped(w: World, heap: Heap) -> Heap:
    """A heap after its first is taken off."""
    heappop(heap)
    return heap


def empty(w: World) -> Heap:
    """A heap of nothing."""
    return []


def is_empty(heap: Heap) -> bool:
    """Whether there is nothing on a heap."""
    return not heap


def first_rank(heap: Heap) -> int:
    """Rank of a heap's first."""
    return heap[0][0]  # type: ignore[no-any-return]


def first_key(heap: Heap) -> float:
    """Key of a heap's first."""
    return heap[0][1]  # type: ignore[no-any-return]


def first_number(heap: Heap) -> int:
    """Number of a heap's first."""
    return heap[0][2]  # type: ignore[no-any-return]


def first_stamp(heap: Heap) -> int:
    """Stamp of a heap's first."""
    return heap[0][3]  # type: ignore[no-any-return]


def first_case(heap: Heap) -> Case:
    """Case of a heap's first."""
    return heap[0][4]  # type: ignore[no-any-return]


def is_ahead(heap: Heap, other: Heap) -> bool:
    """Whether a heap's first comes before another's."""
    return bool(heap[0][:3] < other[0][:3])


# -- pools: those present, of whom the least loaded is wanted -------------------------------------


def join_pool(w: World, pool: Pool, holder: CaseHolder) -> None:
    """Somebody is present."""
    place = len(pool.holders)
    while place > 0 and pool.holders[place - 1].number > holder.number:
        place -= 1
    pool.holders.insert(place, holder)
    pool.loads.insert(place, holder.load)
    _renumber(pool, place)


def leave_pool(w: World, pool: Pool, holder: CaseHolder) -> None:
    """Somebody is present no longer."""
    place, holder.place = holder.place, -1
    del pool.holders[place], pool.loads[place]
    _renumber(pool, place)


def _renumber(pool: Pool, first: int) -> None:
    for place in range(first, len(pool.holders)):
        pool.holders[place].place = place


def load_changed(pool: Pool, holder: CaseHolder) -> None:
    """The load of somebody present has changed."""
    pool.loads[holder.place] = holder.load


def least_loaded(pool: Pool) -> Maybe[CaseHolder]:
    """The least loaded of a pool, the lowest number of equals; None if nobody is present."""
    loads = pool.loads
    return pool.holders[loads.index(min(loads))] if loads else None


def least_loaded_with_room(pool: Pool, points: float, limit: float) -> Maybe[CaseHolder]:
    """The least loaded of those in a pool who have room for a case; None if nobody has."""
    able = [h for h in pool.holders if has_room(h.load, points, h.capacity, limit)]
    return min(able, key=attrgetter("load"), default=None)
