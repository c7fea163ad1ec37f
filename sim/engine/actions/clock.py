"""The progress clock of a worker: one clock for all the work in hand, at a speed set by load.

A clock reads the days of work done at speed 1. A case put on it is done when it reads the case's
`finish`; a change of speed moves one timer, not every case.
"""

from __future__ import annotations

import math

from sim.engine.formulas import progress_speed
from sim.engine.layout import Case, CaseHolder, World
from sim.engine.simpy.kernel import (
    first_case,
    first_key,
    first_stamp,
    insert,
    is_empty,
    popped,
    pushed,
    set_timer,
    shorten,
)

_TINY = 1e-9


def put_on(w: World, holder: CaseHolder, case: Case) -> None:
    """A holder takes up the work that a case still needs; `retime` must follow."""
    read(w, holder)
    case.clock_stamp += 1
    case.on_clock = True
    case.finish = holder.progress + case.work_left
    holder.work = pushed(w, holder.work, 0, case.finish, case.number, case.clock_stamp, case)


def take_off(w: World, holder: CaseHolder, case: Case) -> None:
    """The work stops where it stands; `retime` must follow."""
    read(w, holder)
    case.clock_stamp += 1
    case.on_clock = False
    case.work_left = max(0.0, case.finish - holder.progress)


def retime(w: World, holder: CaseHolder) -> None:
    """Points, capacity or work in hand changed: set speed and timer anew."""
    while not is_empty(holder.work) and is_stale(holder):
        holder.work = popped(w, holder.work)
    speed = 0.0
    if not is_empty(holder.work) and holder.place >= 0:
        team = holder.team
        speed = progress_speed(holder.load, team.start_load, w.slowing) * team.pace
    if speed == 0.0:
        read(w, holder)
        holder.speed, holder.due = 0.0, math.inf
        return
    finish = first_key(holder.work)
    if speed == holder.speed and finish == holder.next_finish and holder.due < math.inf:
        return
    read(w, holder)
    holder.speed, holder.next_finish = speed, finish
    left = (finish - holder.progress) / speed if finish > holder.progress else 0.0
    # A timer that rings too early is set again when it rings; only an earlier one is new.
    if w.now + left < holder.due:
        holder.due = w.now + left
        holder.timer += 1
        set_timer(w, holder, left)


def find_done(w: World, holder: CaseHolder, stamp: int) -> int:
    """A clock rings: put the cases whose work is done into `w.done`; how many they are.

    None are where the clock has slowed or changed since the timer was set. The driver of each
    engine goes on with their stories, one after the other, and then calls `after_ringing`.
    """
    shorten(w.done, 0)
    if stamp != holder.timer or holder.due == math.inf:
        return 0
    holder.due = math.inf
    read(w, holder)
    until = holder.progress + _TINY
    while not is_empty(holder.work) and first_key(holder.work) <= until:
        if not is_stale(holder):
            case = first_case(holder.work)
            case.clock_stamp += 1
            case.on_clock = case.working = False
            insert(w.done, len(w.done), case)
        holder.work = popped(w, holder.work)
    return len(w.done)


def after_ringing(w: World, holder: CaseHolder) -> None:
    """Set the clock anew, unless one of those done has had it set already."""
    if holder.due == math.inf and not is_empty(holder.work):
        retime(w, holder)


def is_stale(holder: CaseHolder) -> bool:
    """Whether the first work on a clock has been taken off since."""
    return first_stamp(holder.work) != first_case(holder.work).clock_stamp


def read(w: World, holder: CaseHolder) -> None:
    """Bring a clock's reading up to date."""
    if w.now != holder.progress_day:
        holder.progress += holder.speed * (w.now - holder.progress_day)
        holder.progress_day = w.now
