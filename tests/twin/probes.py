"""Compiled probes into what otherwise only compiled code can reach, each beside its like in Python.

A probe is one text: compiled as an entry, and run by Python with the kernel of SimPy's engine.
"""

from __future__ import annotations

from types import FunctionType
from typing import Any

import numpy as np

from sim.engine import formulas as in_python
from sim.engine.actions import sums
from sim.engine.compiled.heaps import (
    empty,
    first_key,
    first_number,
    first_rank,
    first_stamp,
    is_ahead,
    is_empty,
    popped,
    pushed,
)
from sim.engine.compiled.jit import entry
from sim.engine.compiled.kernel import insert, remove, shorten
from sim.engine.compiled.kernel import put_row as put
from sim.engine.compiled.layout import OWN, dtype_of, layout_of
from sim.engine.compiled.luck import join, key_plus, luck_at, mix, nth_key, stream, uniform
from sim.engine.compiled.pools import (
    join_pool,
    least_loaded,
    least_loaded_with_room,
    leave_pool,
    load_changed,
)
from sim.engine.compiled.queue import SIGNAL, is_any_left, take_next
from sim.engine.compiled.queue import put as put_event
from sim.engine.compiled.rows import row_at
from sim.engine.compiled.shared import compiled_of
from sim.engine.layout import World
from sim.engine.rows import Table
from sim.engine.simpy import kernel
from sim.inputs import casework_plan
from sim.inputs.fates import Fates

world_at = row_at("World")


def _the_world(w: World) -> World:
    """In place of `world_at` where Python runs a probe: it is handed the world itself."""
    return w


def python_of(probe: Any, **names: Any) -> Any:
    """A probe as Python runs it, with the names of SimPy's kernel."""
    space = vars(kernel) | {"world_at": _the_world} | names
    return FunctionType(probe.py_func.__code__, space, probe.__name__)


class Worlds:
    """A world of each engine with some empty rows in a few tables.

    Attributes:
        python: the world of SimPy's engine.
        address: where the world of the compiled engine lies in memory.
    """

    def __init__(self, rooms: dict[str, int], bases: dict[Any, int] | None = None, **rows: int):
        self.python = World()
        self._world = np.zeros(1, dtype_of("World"))
        self._tables: dict[str, Any] = {}
        kinds = layout_of("World").fields
        for name, room in (rooms | rows).items():
            kind = "<i8" if kinds[name].kind == "list" else dtype_of(kinds[name].of)
            self._tables[name] = np.zeros(room, kind)
            place = self._tables[name].ctypes.data
            self._world[name][0] = place, rows.get(name, 0), room
        own = {field.name for field in OWN}
        for name, count in rows.items():
            if name in own:
                continue
            table: Table[Any] = getattr(self.python, name)
            table.extend(table.row() for _ in range(count))
        for purpose, base in (bases or {}).items():
            self.python.bases[purpose] = base
            self._world["bases"][0, purpose] = base
        self.address = self._world.ctypes.data

    def count(self, name: str) -> int:
        """Rows of a table or list of the compiled engine."""
        return int(self._world[name][0][1])

    def column(self, name: str, field: str) -> list[Any]:
        """A field of all rows for which a table of the compiled engine has room."""
        found: list[Any] = self._tables[name][field].tolist()
        return found

    def set(self, name: str, row: int, **values: Any) -> None:
        """Give some fields of a row of both worlds a value; a pool of CaseHolders its room."""
        for field, value in values.items():
            setattr(getattr(self.python, name)[row], field, value)
            self._tables[name][field][row] = value

    def give_list(self, name: str, row: int, field: str, room: int) -> None:
        """Give a row's list in the compiled engine some room; Python's needs none."""
        listed = self._tables[f"{name} {row} {field}"] = np.zeros(room, "<i8")
        self._tables[name][field][row] = listed.ctypes.data, 0, room


# -- formulas -------------------------------------------------------------------------------------

(
    above_establishment_kept, candidate_rate_ratio, capacity_of, capped_ratio, contagion_effect,
    exponential, freed_share, fte_over_trigger, has_room, helped_multiplier, is_lost, load_effect,
    load_of, lognormal_days, manager_gap_effect, normal_score, progress_speed, puts_off_review,
    race_time, ramped_share, recovered_share, pull_over, luck_place, on_grid, keeps_cover,
    gains_cover, room_of, bought_wanted, may_turn_away, share_covered_at, share_pending_at,
) = FORMULAS = tuple(
    compiled_of(formula)
    for formula in (
        in_python.above_establishment_kept, in_python.candidate_rate_ratio, in_python.capacity_of,
        in_python.capped_ratio, in_python.contagion_effect, in_python.exponential,
        in_python.freed_share, in_python.fte_over_trigger, in_python.has_room,
        in_python.helped_multiplier, in_python.is_lost, in_python.load_effect, in_python.load_of,
        in_python.lognormal_days, in_python.manager_gap_effect, in_python.normal_score,
        in_python.progress_speed, in_python.puts_off_review, in_python.race_time,
        in_python.ramped_share, in_python.recovered_share, in_python.pull_over,
        in_python.luck_place, casework_plan.on_grid, in_python.keeps_cover,
        in_python.gains_cover, in_python.room_of, in_python.bought_wanted,
        in_python.may_turn_away, in_python.share_covered_at, in_python.share_pending_at,
    )
)  # fmt: skip
FOUND, LOST = 32, 21
"""What `formulas` finds for each row, and which of it is whether a race is lost."""


@entry
def formulas(rows: Any, found: Any) -> None:
    """Every formula of sim.engine.formulas on each row: luck, three sizes, two shares, a count."""
    for place in range(len(rows)):
        u, a, b, c, s, t, n = rows[place]
        score = normal_score(u)
        found[place, 0] = exponential(u)
        found[place, 1] = candidate_rate_ratio(a, 0.5 + b, 3.0 * s, c, t)
        found[place, 2] = capped_ratio(a, 0.5 + b, c, int(n))
        found[place, 3] = race_time(u, a)
        found[place, 4] = manager_gap_effect(1.0 + a, s)
        found[place, 5] = contagion_effect(1.0 + a, n, b, c)
        found[place, 6] = above_establishment_kept(s, a - b, n, b, c)
        found[place, 7] = helped_multiplier(a, s)
        found[place, 8] = recovered_share(a, 1.0 + b, s)
        found[place, 9] = load_of(a, b)
        found[place, 10] = progress_speed(0.01 * a, 0.01 * b, 2.0 * s)
        found[place, 11] = progress_speed(0.01 * a, 0.01 * b, 1.0)
        found[place, 12] = load_effect(0.8 + 0.4 * s, 3.0 * u, 3.0 * t, 16.0)
        found[place, 13] = fte_over_trigger(a, b, c, t)
        found[place, 14] = has_room(s, a, b, 1.0)
        found[place, 15] = ramped_share(s, a, b)
        found[place, 16] = freed_share(a - b, s, c, t)
        found[place, 17] = capacity_of(a, t, s, u - 0.5, 0.5 * t)
        found[place, 18] = lognormal_days(score, a, 2.0 * s)
        found[place, 19] = puts_off_review(s < 0.5, a, b)
        found[place, 20] = score
        found[place, LOST] = is_lost(u, a, 0.01 * b)
        found[place, 22] = pull_over(a, b)
        found[place, 23] = luck_place(int(a), int(n) * 40)
        found[place, 24] = on_grid(a)
        found[place, 25] = keeps_cover(u, s, t)
        found[place, 26] = gains_cover(u, s, t)
        found[place, 27] = room_of(s, a, t)
        found[place, 28] = bought_wanted(a, b, s)
        found[place, 29] = may_turn_away(n, 10.0 * a)
        found[place, 30] = share_covered_at(s, t, a - b)
        found[place, 31] = share_pending_at(t, a - b)


formulas_in_python = python_of(
    formulas, **vars(in_python), on_grid=casework_plan.on_grid, LOST=LOST
)

# -- luck -----------------------------------------------------------------------------------------


@entry
def _luck(world: Any, keys: Any, numbers: Any, found: Any, units: Any) -> None:
    w = world_at(world)
    for place in range(len(keys)):
        first, second, number = keys[place, 0], keys[place, 1], numbers[place]
        found[place, 0] = mix(first)
        found[place, 1] = join(first, second)
        found[place, 2] = nth_key(first, number)
        found[place, 3] = stream(w, 1 + place % 8, second)
        found[place, 4] = join(first, number)
        units[place, 0] = luck_at(first, number)
        units[place, 1] = uniform(w, 1 + place % 8, first, number)
        units[place, 2] = uniform(w, 1 + place % 8, first, second)
        units[place, 3] = luck_at(first, key_plus(second, number))


def luck(fates: Fates, keys: Any, numbers: Any) -> tuple[Any, Any]:
    """Keys and uniform numbers made of pairs of keys and of numbers."""
    worlds = Worlds({}, fates.bases)
    found, units = np.zeros((len(keys), 5), np.uint64), np.zeros((len(keys), 4))
    _luck(worlds.address, keys, numbers, found, units)
    return found, units


# -- sums -----------------------------------------------------------------------------------------

begin_sum, add_to_sum, sum_so_far = (
    compiled_of(step) for step in (sums.begin_sum, sums.add_to_sum, sums.sum_so_far)
)


@entry
def _sum(world: Any, values: Any) -> Any:
    w = world_at(world)
    begin_sum(w)
    for value in values:
        add_to_sum(w, value)
    return sum_so_far(w)


_sum_in_python = python_of(_sum, **vars(sums))


def both_sums(values: list[float]) -> tuple[float, float]:
    """The exact sum of some numbers: in Python, and compiled."""
    worlds = Worlds({})
    compiled = float(_sum(worlds.address, np.array(values, np.float64)))
    return _sum_in_python(worlds.python, values), compiled


# -- heaps ----------------------------------------------------------------------------------------


@entry
def _two_heaps(world: Any, numbers: Any, keys: Any, found: Any, first_keys: Any) -> None:
    """Put things on two heaps and take them off; tell the first of each, and whose is ahead.

    Args:
        world: the world.
        numbers: a row each: which heap, whether to put something on it, rank, number, stamp.
        keys: the key of each.
        found: by row: rank, number and stamp of the first of that heap, whether it is ahead.
        first_keys: by row: its key.
    """
    w = world_at(world)
    one, other = empty(w), empty(w)
    for place in range(len(numbers)):
        which, puts, rank, number, stamp = numbers[place]
        heap = one if which == 0 else other
        if puts == 1:
            heap = pushed(w, heap, rank, keys[place], number, stamp, None)
        elif not is_empty(heap):
            heap = popped(w, heap)
        if which == 0:
            one = heap
        else:
            other = heap
        if not is_empty(heap):
            found[place, 0], found[place, 1] = first_rank(heap), first_number(heap)
            found[place, 2], first_keys[place] = first_stamp(heap), first_key(heap)
        if not is_empty(one) and not is_empty(other):
            found[place, 3] = 1 if is_ahead(one, other) else 2


_two_heaps_in_python = python_of(_two_heaps)


def both_heaps(numbers: list[Any], keys: list[float]) -> tuple[list[Any], list[Any], int]:
    """What two heaps tell in Python and compiled; how many nodes the compiled ones ever had."""
    worlds = Worlds({"nodes": len(keys)})
    told = [(np.full((len(keys), 4), -1), np.zeros(len(keys))) for _ in range(2)]
    _two_heaps_in_python(worlds.python, numbers, keys, *told[0])
    table = np.array(numbers, np.int64).reshape(-1, 5)
    _two_heaps(worlds.address, table, np.array(keys, np.float64), *told[1])
    first, second = ([array.tolist() for array in arrays] for arrays in told)
    return first, second, worlds.count("nodes")


# -- pools ----------------------------------------------------------------------------------------


@entry
def _pool(world: Any, whom: Any, loads: Any, asked: Any, found: Any) -> None:
    """People come, go, and are more or less loaded; tell who is the least loaded.

    Args:
        world: the world, with a pool and holders.
        whom: by row: a holder, and whether to let them come or go.
        loads: the load that they have then.
        asked: by row: points of a case, and the limit of load.
        found: by row: number of the least loaded, and of the least loaded with room; -1 for none.
    """
    w = world_at(world)
    pool = w.pools[0]
    for place in range(len(whom)):
        holder, moves = w.holders[whom[place, 0]], whom[place, 1] == 1
        if moves and holder.place >= 0:
            leave_pool(w, pool, holder)
        holder.load = loads[place]
        if moves and holder.place < 0 and whom[place, 2] == 1:
            join_pool(w, pool, holder)
        if holder.place >= 0:
            load_changed(pool, holder)
        first = least_loaded(pool)
        if first is not None:
            found[place, 0] = first.number
        able = least_loaded_with_room(pool, asked[place, 0], asked[place, 1])
        if able is not None:
            found[place, 1] = able.number


_pool_in_python = python_of(_pool)


def both_pools(
    capacities: list[float], whom: list[Any], loads: list[float], asked: list[Any]
) -> tuple[Any, Any]:
    """What a pool of people with some capacities tells: in Python, and compiled."""
    worlds = Worlds({}, pools=1, holders=len(capacities))
    worlds.give_list("pools", 0, "holders", len(capacities))
    worlds.set("pools", 0, most_capacity=max(capacities))
    for number, capacity in enumerate(capacities):
        worlds.set("holders", number, number=number, capacity=capacity, place=-1)
    tables = np.array(whom, np.int64), np.array(loads), np.array(asked, np.float64)
    found = [np.full((len(whom), 2), -1) for _ in range(2)]
    _pool_in_python(worlds.python, tables[0], loads, tables[2], found[0])
    _pool(worlds.address, *tables, found[1])
    return found[0].tolist(), found[1].tolist()


# -- lists ----------------------------------------------------------------------------------------


@entry
def _list(world: Any, asked: Any, found: Any) -> None:
    """Put rows into a list, take them out, exchange them; tell the numbers of all after each."""
    w = world_at(world)
    rows = w.staff
    for turn in range(len(asked)):
        what, place, number = asked[turn]
        count = len(rows)
        if what == 0:
            insert(rows, place % (count + 1), w.holders[number])
        elif what == 1 and count > 0:
            remove(rows, place % count)
        elif what == 2 and count > 0:
            put(rows, place % count, w.holders[number])
        elif what == 3:
            shorten(rows, place % (count + 1))
        for told in range(len(rows)):
            found[turn, told] = rows[told].number


_list_in_python = python_of(_list)


def both_lists(asked: list[Any], holders: int) -> tuple[Any, Any]:
    """What stands in a list after each of some changes: in Python, and compiled."""
    worlds = Worlds({"staff": len(asked)}, holders=holders)
    for number in range(holders):
        worlds.set("holders", number, number=number)
    found = [np.full((len(asked), len(asked)), -1) for _ in range(2)]
    _list_in_python(worlds.python, asked, found[0])
    _list(worlds.address, np.array(asked, np.int64), found[1])
    return found[0].tolist(), found[1].tolist()


# -- the queue of events --------------------------------------------------------------------------


@entry
def _queue(world: Any, days: Any, found: Any) -> None:
    """Put an event on each day, or take the next one where the day is negative."""
    w = world_at(world)
    w.horizon = 100.0
    w.slices_per_day = len(w.slices) / w.horizon
    for place in range(len(days)):
        if days[place] >= 0.0:
            put_event(w, days[place], SIGNAL, place, -place)
        elif is_any_left(w):
            kind, entity, stamp = take_next(w)
            if kind == SIGNAL and stamp == -entity and w.now == days[entity]:
                found[place] = entity


def events_taken(days: list[float], slices: int) -> list[int]:
    """By day: the place of the event that is taken where the day is negative; -1 for none."""
    worlds = Worlds({"queue": len(days), "later": len(days)}, slices=slices)
    found = np.full(len(days), -1)
    _queue(worlds.address, np.array(days), found)
    taken: list[int] = found.tolist()
    return taken
