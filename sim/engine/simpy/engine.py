"""simulate(plan, fates) -> Records, with SimPy: the readable reference."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from sim.engine.actions.clock import after_ringing, find_done
from sim.engine.actions.months import first_day, last_day
from sim.engine.encode import encode
from sim.engine.events import NOTHING
from sim.engine.layout import World
from sim.engine.outcome import records_of
from sim.engine.records import Records
from sim.engine.rows import FIELDS, Field, List
from sim.engine.simpy.kernel import Clock, Timer, Waits, is_done
from sim.engine.stories.all import FOLLOWING, STORIES
from sim.engine.tables import Columns, Ref
from sim.engine.trace import Listener, tell_all
from sim.inputs.fates import Fates, Purpose
from sim.inputs.plan import Plan


def simulate(plan: Plan, fates: Fates, listener: Listener | None = None) -> Records:
    """Run the model once.

    Args:
        plan: council, scenario and draw, as sim.inputs.build.make_plan gives them.
        fates: the replication's luck.
        listener: called with every event, named, where a trace is wanted, when the run is over.

    Returns:
        The facts of the run by period and account.
    """
    with _collection_put_off():
        w = world_of(plan, fates, listener is not None)
        run(w)
    if listener is not None:
        tell_all(plan, w.told, len(w.posts), listener)
    return records_of(plan, w)


def run(w: World) -> None:
    """From day 0 to the horizon; what would happen on the horizon itself does not."""
    begin_run(w)
    go_on_to(w, w.horizon)
    last_day(w)


def begin_run(w: World) -> None:
    """Day 0, every story begun and none gone on with."""
    w.env = Clock(_STORIES, _ring)
    first_day(w)


def go_on_to(w: World, day: float) -> None:
    """All that comes before a day happens."""
    while (now := w.env.peek()) < day:
        w.now = now
        w.env.step()


def _ring(timer: Timer) -> None:
    """A clock rings: the cases whose work is done go on at once, one after the other."""
    w, holder, stamp = timer._value
    for place in range(find_done(w, holder, stamp)):
        is_done(w.done[place])
    after_ringing(w, holder)


def _with_those_that_follow(story: Callable[..., Waits]) -> Callable[..., Waits]:
    """A story, and those that follow it in the same process (sim.engine.stories.all)."""
    if story not in FOLLOWING:
        return story

    def told(w: World, entity: Any) -> Waits:
        yield from story(w, entity)
        following = FOLLOWING[story]
        while (number := following(w, entity)) != NOTHING:
            yield from STORIES[number](w, entity)

    return told


_STORIES = tuple(_with_those_that_follow(story) for story in STORIES.values())


def world_of(plan: Plan, fates: Fates, is_traced: bool) -> World:
    """The state of a run on day 0."""
    encoded, w = encode(plan), World()
    for name, table in encoded.tables.items():
        rows = getattr(w, name)
        rows.extend(rows.row() for _ in range(table.count))
    for name, table in encoded.tables.items():
        _fill(w, name, table)
    kinds = {field.name: field for field in FIELDS["World"]}
    for name, value in encoded.numbers.items():
        if isinstance(value, Ref):
            setattr(w, name, getattr(w, value.table)[value.rows[0]])
        else:
            setattr(w, name, _plain(kinds[name], value))
    for name, references in encoded.lists.items():
        found = getattr(w, references.table)
        setattr(w, name, List(found[row] for row in references.rows.tolist()))
    for purpose, base in fates.bases.items():
        w.bases[purpose] = base
    if w.casework:
        w.referral_gaps = fates.stream(Purpose.REFERRAL_GAP, w.referrals_key)
    w.is_traced = is_traced
    return w


_TYPES = {"float": np.float64, "int": np.int64, "long": np.int64, "bool": bool, "key": np.uint64}


def _plain(field: Field, values: Any) -> Any:
    """Values as Python has them: one of numpy's kinds would turn every sum into its own kind."""
    return np.asarray(values, _TYPES[field.of or field.kind]).tolist()


def _fill(w: World, name: str, table: Columns) -> None:
    """Put a table's columns into its rows."""
    rows = getattr(w, name)
    if not rows:
        return
    fields = {field.name: field for field in FIELDS[type(rows[0]).__name__]}
    for key, values in table.fields.items():
        if isinstance(values, Ref):
            others = getattr(w, values.table)
            found = [others[row] if row >= 0 else None for row in values.rows.tolist()]
        else:
            found = _plain(fields[key], values)
        for row, value in zip(rows, found, strict=True):
            setattr(row, key, value)


@contextmanager
def _collection_put_off() -> Iterator[None]:
    """Put off Python's search for cyclic garbage.

    A run makes little of it until it ends, and the search through all open cases takes time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
