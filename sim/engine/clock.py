"""The progress clock of a worker: one clock for all the work in hand, at a speed set by load.

A clock reads the days of work done at speed 1. A case put on it is done when it reads the case's
`finish`; a change of speed moves one timer, not every case.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from heapq import heappop, heappush

import simpy

from sim.engine.cases import Case, CaseHolder
from sim.engine.rules import progress_speed
from sim.engine.story import Alarm
from sim.inputs.casework_plan import CaseworkPlan

_TINY = 1e-9


class Clocks:
    """Keeps the clocks of all who hold cases."""

    def __init__(
        self,
        env: simpy.Environment,
        plan: CaseworkPlan,
        horizon: float,
        done: Callable[[Case], None],
    ) -> None:
        self._env = env
        self._done = done
        self._start_load = plan.start_load
        self._slowing = plan.slowing
        self._horizon = horizon
        self._rings = (self._ring,)

    def put_on(self, holder: CaseHolder, case: Case, now: float) -> None:
        """A holder takes up the work that a case still needs; `retime` must follow."""
        _read(holder, now)
        case.clock_stamp += 1
        case.on_clock = True
        finish = case.finish = holder.progress + case.work_left
        heappush(holder.work, (finish, case.number, case.clock_stamp, case))

    def take_off(self, holder: CaseHolder, case: Case, now: float) -> None:
        """The work stops where it stands; `retime` must follow."""
        _read(holder, now)
        case.clock_stamp += 1
        case.on_clock = False
        case.work_left = max(0.0, case.finish - holder.progress)

    def retime(self, holder: CaseHolder, now: float) -> None:
        """Points, capacity or work in hand changed: set speed and timer anew."""
        work = holder.work
        while work and work[0][2] != work[0][3].clock_stamp:
            heappop(work)
        speed = 0.0
        if work and holder.place >= 0:
            speed = progress_speed(holder.load, self._start_load[holder.team], self._slowing)
        if speed == 0.0:
            _read(holder, now)
            holder.speed, holder.due = 0.0, math.inf
            return
        finish = work[0][0]
        if speed == holder.speed and finish == holder.next_finish and holder.due < math.inf:
            return
        _read(holder, now)
        holder.speed, holder.next_finish = speed, finish
        left = (finish - holder.progress) / speed if finish > holder.progress else 0.0
        # A timer that rings too early is set again when it rings; only an earlier one is new.
        if now + left < holder.due:
            holder.due = now + left
            holder.timer += 1
            if holder.due < self._horizon:
                Alarm(self._env, left, self._rings, (holder, holder.timer))

    def _ring(self, alarm: Alarm) -> None:
        """The first work on a clock is done, unless the clock has slowed or changed since."""
        holder, stamp = alarm._value
        if stamp != holder.timer or holder.due == math.inf:
            return
        now = self._env.now
        holder.due = math.inf
        _read(holder, now)
        work, finished = holder.work, []
        until = holder.progress + _TINY
        while work and work[0][0] <= until:
            _, _, place, case = heappop(work)
            if place == case.clock_stamp:
                case.clock_stamp += 1
                case.on_clock = case.working = False
                finished.append(case)
        for case in finished:
            self._done(case)
        if holder.due == math.inf and work:
            self.retime(holder, now)


def _read(holder: CaseHolder, now: float) -> None:
    """Bring a clock's reading up to date."""
    if now != holder.progress_day:
        holder.progress += holder.speed * (now - holder.progress_day)
        holder.progress_day = now
