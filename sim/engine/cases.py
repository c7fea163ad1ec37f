"""Children's cases and the people who hold them. State only; what happens stands elsewhere."""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass, field
from enum import IntEnum

from sim.engine.entities import Worker


class Cause(IntEnum):
    """Why a child changes worker."""

    LEAVER = 0
    ABSENCE = 1
    TRANSFER = 2
    AGENCY_END = 3
    INTERNAL_MOVE = 4


@dataclass(slots=True, eq=False)
class Case:
    """One child's case, from a referral to closing. Its luck (`key`) is the n-th referral's.

    Attributes:
        luck: stream of its fates (sim.inputs.fates.luck_at).
        lane: fate in (0, 1) that says which team holds it, stage by stage.
        stage, team, points: where it stands and what it weighs.
        begun: day on which it entered the stage.
        carried: whether it is a child of day 0 that is still to be put into its stage.
        remaining: days that were left of the stage on day 0; -1 to draw its length.
        holder: who has it; None while it waits.
        held_since: day on which the holder took it.
        lost_by: why it lost its last worker.
        queue_stamp: stamp of its place in a queue; older places are stale. 0 while in none.
        bound_for: team whose queue it stands in; -1 for none.
        waiting_since: day on which it began to wait.
        story: what is still to be told of it (sim.engine.story).
        working: whether it is in a stage of work that is not done.
        work_left: days of work left at speed 1 while nobody works on it.
        on_clock: whether its holder works on it.
        clock_stamp: stamp of its place on the holder's clock; older places are stale.
        finish: reading of the holder's clock at which the work is done.
        visits: stages entered so far, which keys their luck.
        assessed: whether it was found to be in need.
        had_worker: whether it has had an allocated worker; who only decides on a referral is none.
        last_change, change_before: days of its last two changes of worker.
        plan_day: day on which its protection plan began.
        reviews: reviews of the plan held so far.
        review_day: day of the next one.
        closed: whether it is closed.
    """

    key: int
    number: int
    luck: int
    lane: float
    referred_day: float
    stage: int = -1
    begun: float = 0.0
    carried: bool = False
    remaining: float = -1.0
    team: int = -1
    points: float = 0.0
    holder: CaseHolder | None = None
    held_since: float = -math.inf
    lost_by: Cause = Cause.LEAVER
    queue_stamp: int = 0
    bound_for: int = -1
    waiting_since: float = 0.0
    story: Generator[float | None, None, None] | None = None
    working: bool = False
    work_left: float = 0.0
    clock_stamp: int = 0
    on_clock: bool = False
    finish: float = 0.0
    visits: int = 0
    assessed: bool = False
    had_worker: bool = False
    last_change: float = -math.inf
    change_before: float = -math.inf
    plan_day: float = -math.inf
    reviews: int = 0
    review_day: float = -1.0
    closed: bool = False

    @property
    def name(self) -> str:
        """Name in the trace."""
        return f"child {self.number}"


@dataclass(slots=True, eq=False)
class CaseHolder:
    """Someone who holds cases: a permanent worker or an agency worker, with a clock of progress.

    Attributes:
        pool: kind of person (sim.inputs.casework_plan.REGISTERED ...).
        since: day from which experience in the post counts.
        above: whether an agency worker above establishment.
        worker: the permanent worker; None for agency.
        cases: held, by number.
        capacity: points that a full load is, now; 0 while absent.
        place: place in the pool of those present; -1 while absent.
        loads: the loads of that pool.
        lost_hours: time that hand-overs took since the last monthly review.
        lost_share: share of time that they took in the month before it.
        speed, progress, progress_day: clock of work: its speed, its reading, and when it was read.
        work: heap of (finish, case number, stamp, case), stale places included.
        timer: stamp of the timer in force; older timers are stale. due: when it rings.
        next_finish: reading of the clock that the timer is set for.
    """

    number: int
    name: str
    team: int
    pool: int
    fte: float
    since: float
    above: bool = False
    worker: Worker | None = None
    cases: dict[int, Case] = field(default_factory=dict)
    points: float = 0.0
    capacity: float = 0.0
    load: float = 0.0
    place: int = -1
    loads: list[float] = field(default_factory=list)
    lost_hours: float = 0.0
    lost_share: float = 0.0
    speed: float = 1.0
    progress: float = 0.0
    progress_day: float = 0.0
    work: list[tuple[float, int, int, Case]] = field(default_factory=list)
    timer: int = 0
    due: float = math.inf
    next_finish: float = -1.0


@dataclass(slots=True, eq=False)
class Pool:
    """Those of one kind present in one team, by number; `loads` runs beside `holders`."""

    holders: list[CaseHolder] = field(default_factory=list)
    loads: list[float] = field(default_factory=list)

    def add(self, holder: CaseHolder) -> None:
        """Somebody is present."""
        holder.loads = self.loads
        place = len(self.holders)
        while place > 0 and self.holders[place - 1].number > holder.number:
            place -= 1
        self.holders.insert(place, holder)
        self.loads.insert(place, holder.load)
        self._renumber(place)

    def remove(self, holder: CaseHolder) -> None:
        """Somebody is away or gone."""
        place = holder.place
        del self.holders[place], self.loads[place]
        holder.place = -1
        self._renumber(place)

    def _renumber(self, start: int) -> None:
        for place in range(start, len(self.holders)):
            self.holders[place].place = place
