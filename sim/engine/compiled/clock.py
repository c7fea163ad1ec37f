"""The progress clock of a worker (sim.engine.clock)."""

from __future__ import annotations

import math

from sim.engine.compiled.codes import CLOCK_RINGS
from sim.engine.compiled.formulas import progress_speed
from sim.engine.compiled.jit import World, compiled
from sim.engine.compiled.layout import NONE, Case, Holder, case_, holder_, node_, team_
from sim.engine.compiled.queue import alarm
from sim.engine.compiled.trees import popped, pushed


@compiled
def put_on(w: World, holder_number: int, case_number: int) -> None:
    """A holder takes up the work that a case still needs; `retime` must follow."""
    holder, case = holder_(w, holder_number), case_(w, case_number)
    read(w, holder)
    case.clock_stamp += 1
    case.on_clock = 1
    case.finish = holder.progress + case.work_left
    holder.work = pushed(w, holder.work, 0, case.finish, case_number, case.clock_stamp)


@compiled
def take_off(w: World, holder: Holder, case: Case) -> None:
    """The work stops where it stands; `retime` must follow."""
    read(w, holder)
    case.clock_stamp += 1
    case.on_clock = 0
    case.work_left = max(0.0, case.finish - holder.progress)


@compiled
def retime(w: World, holder_number: int) -> None:
    """Points, capacity or work in hand changed: set speed and timer anew."""
    holder = holder_(w, holder_number)
    while holder.work != NONE and is_stale(w, holder.work):
        holder.work = popped(w, holder.work)
    speed = 0.0
    if holder.work != NONE and holder.place >= 0:
        speed = progress_speed(holder.load, team_(w, holder.team).start_load, w.slowing)
    if speed == 0.0:
        read(w, holder)
        holder.speed, holder.due = 0.0, math.inf
        return
    finish = node_(w, holder.work).key
    if speed == holder.speed and finish == holder.next_finish and holder.due < math.inf:
        return
    read(w, holder)
    holder.speed, holder.next_finish = speed, finish
    left = (finish - holder.progress) / speed if finish > holder.progress else 0.0
    if w.now + left < holder.due:
        holder.due = w.now + left
        holder.timer += 1
        alarm(w, left, CLOCK_RINGS, holder_number, holder.timer)


@compiled
def is_stale(w: World, work: int) -> bool:
    """Whether work that was on a clock has been taken off since."""
    node = node_(w, work)
    return bool(node.stamp != case_(w, node.case).clock_stamp)


@compiled
def read(w: World, holder: Holder) -> None:
    """Bring a clock's reading up to date."""
    if w.now != holder.progress_day:
        holder.progress += holder.speed * (w.now - holder.progress_day)
        holder.progress_day = w.now
