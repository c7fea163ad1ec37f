"""Who holds what: people who hold cases, allocation, waiting, hand-over (model.md section 4)."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from heapq import heappop, heappush

from sim.config.roles import Role
from sim.dates import DAYS_PER_MONTH, DAYS_PER_YEAR
from sim.engine.case_records import CaseRecorder
from sim.engine.cases import Case, CaseHolder, Cause, Pool
from sim.engine.clock import Clocks
from sim.engine.entities import Post, Route, Worker
from sim.engine.rules import (
    capacity_of,
    freed_share,
    has_room,
    least_loaded,
    load_of,
    ramped_share,
)
from sim.engine.world import World
from sim.inputs.case_routing import POOL_OF_ROLE
from sim.inputs.casework_plan import (
    DECISION,
    MOST_LOST,
    NEWLY_QUALIFIED,
    PRACTITIONERS,
    REGISTERED,
    CaseworkPlan,
    in_force,
    on_grid,
)

Pools = tuple[int, ...]
_Place = tuple[int, float, int, int, Case]


class Desks:
    """People at work and the cases on their desks."""

    def __init__(
        self,
        world: World,
        plan: CaseworkPlan,
        recorder: CaseRecorder,
        moves: Callable[[Case, int], None],
        done: Callable[[Case], None],
    ) -> None:
        teams = len(world.plan.team_keys)
        self._moves = moves
        self._world, self._plan, self._recorder = world, plan, recorder
        self._env = world.env
        self._traced = world.is_traced
        self._clocks = Clocks(world.env, plan, world.plan.horizon, done)
        self._pools = [[Pool(), Pool(), Pool(), Pool()] for _ in range(teams)]
        self._queues: list[dict[Pools, list[_Place]]] = [{} for _ in range(teams)]
        """By team, and by the pools that may hold them: those who wait, the most urgent first."""
        self._stamp = 0
        self._people = 0
        self._freed = [0.0] * teams
        self._support = [[0.0, 0.0] for _ in range(teams)]
        self._ready_after = self._ready_days()
        """By team: days after which newly qualified workers carry a full caseload."""
        self._first_month = True
        self.allowed = [in_force(rules, 0.0) for rules in plan.roles_from]
        """By stage: the pools that may hold it now."""
        self.everyone: dict[int, CaseHolder] = {}
        self.of_worker: dict[Worker, CaseHolder] = {}
        self.of_cover: dict[Post, CaseHolder] = {}

    # -- people come and go --------------------------------------------------------------------

    def worker_comes(self, worker: Worker) -> None:
        """A permanent worker takes up a post whose role holds cases."""
        post = worker.post
        pool = POOL_OF_ROLE.get(post.role)
        if pool is None:
            return
        converted = self.of_cover.pop(post, None) if _is_conversion(worker) else None
        if converted is not None:
            converted.worker = worker
            converted.name = worker.name
            self.of_worker[worker] = converted
            self._set_capacity(converted)
            self.fill(converted.team)
            return
        holder = self._new(worker.name, post.team, pool, post.fte, worker.joined_day)
        holder.worker = worker
        if pool == REGISTERED and self._is_newly_qualified(holder):
            holder.pool = NEWLY_QUALIFIED
        self.of_worker[worker] = holder
        self._sit_down(holder)

    def worker_goes(self, worker: Worker, cause: Cause) -> None:
        """A permanent worker leaves the post: cases go to colleagues."""
        holder = self.of_worker.pop(worker, None)
        if holder is not None:
            self._leave(holder, cause)

    def worker_stays(self, worker: Worker) -> None:
        """A permanent worker takes up another post of the team and role: the cases go along."""
        holder = self.of_worker.get(worker)
        if holder is None:
            return
        before, holder.fte = holder.fte, worker.post.fte
        if holder.place >= 0 and holder.fte != before:
            self._set_capacity(holder)
            self.fill(holder.team)

    def cover_comes(self, post: Post) -> None:
        """An agency worker covers a post whose role holds cases."""
        if post.role is Role.SOCIAL_WORKER:
            self.of_cover[post] = self.agency_comes(post.team, post.fte)

    def cover_goes(self, post: Post) -> None:
        """Cover ends."""
        holder = self.of_cover.pop(post, None)
        if holder is not None:
            self._leave(holder, Cause.AGENCY_END)

    def agency_comes(self, team: int, fte: float, above: bool = False) -> CaseHolder:
        """An agency worker sits down, covering a post or above establishment."""
        name = f"agency worker {self._people}"
        holder = self._new(name, team, REGISTERED, fte, self._env.now)
        holder.above = above
        self._sit_down(holder)
        return holder

    def agency_goes(self, holder: CaseHolder) -> None:
        """An agency worker above establishment leaves."""
        self._leave(holder, Cause.AGENCY_END)

    def goes_absent(self, worker: Worker, long: bool) -> None:
        """A worker is away; after a long spell's first day colleagues have the cases."""
        holder = self.of_worker.get(worker)
        if holder is None or holder.place < 0:
            return
        self._stand_up(holder)
        self._clocks.retime(holder, self._env.now)
        if long:
            self._hand_over(holder, Cause.ABSENCE)

    def returns(self, worker: Worker) -> None:
        """A worker is back."""
        holder = self.of_worker.get(worker)
        if holder is not None and holder.place < 0:
            self._sit_down(holder)

    def _new(self, name: str, team: int, pool: int, fte: float, since: float) -> CaseHolder:
        holder = CaseHolder(self._people, name, team, pool, fte, since)
        holder.progress_day = self._env.now
        if self._first_month:
            holder.lost_share = self._plan.start_lost_share[team]
        self._people += 1
        self.everyone[holder.number] = holder
        return holder

    def _sit_down(self, holder: CaseHolder) -> None:
        self._pools[holder.team][holder.pool].add(holder)
        self._set_capacity(holder)
        self.fill(holder.team)

    def _stand_up(self, holder: CaseHolder) -> None:
        self._count_capacity(holder, -holder.capacity)
        holder.capacity = 0.0
        self._pools[holder.team][holder.pool].remove(holder)

    def _leave(self, holder: CaseHolder, cause: Cause) -> None:
        if holder.place >= 0:
            self._stand_up(holder)
        del self.everyone[holder.number]
        self._hand_over(holder, cause)

    def _hand_over(self, holder: CaseHolder, cause: Cause) -> None:
        """Every case goes to colleagues, in case order."""
        for number in sorted(holder.cases):
            case = holder.cases[number]
            self._take_away(holder, case, cause)
            if case.bound_for >= 0:
                self._moves(case, case.bound_for)
            self.place(case, case.team)

    # -- capacity ------------------------------------------------------------------------------

    def refresh(self) -> None:
        """The monthly review: ramps, time freed by support staff, time lost to hand-over."""
        self._first_month = False
        bounds, period = self._world.plan.boundaries, self._world.period
        months = (bounds[period] - bounds[period - 1]) / DAYS_PER_MONTH
        self._ready_after = self._ready_days()
        self._count_support()
        for team in range(len(self._pools)):
            self._freed[team] = self._freed_in(team)
        for holder in self.everyone.values():
            if holder.pool == NEWLY_QUALIFIED and not self._is_newly_qualified(holder):
                self._has_a_year(holder)
            worked = self._plan.hours_per_month * months * holder.fte
            holder.lost_share = min(MOST_LOST, holder.lost_hours / worked)
            holder.lost_hours = 0.0
            if holder.place >= 0:
                self._set_capacity(holder)
        for team in range(len(self._pools)):
            self.fill(team)

    def _has_a_year(self, holder: CaseHolder) -> None:
        """A newly qualified worker has been there a year and takes any work from now on."""
        present = holder.place >= 0
        if present:
            self._pools[holder.team][holder.pool].remove(holder)
        holder.pool = REGISTERED
        if present:
            self._pools[holder.team][holder.pool].add(holder)

    def _count_support(self) -> None:
        """FTE in post, by team, of business support and of family practitioners."""
        self._support = [[0.0, 0.0] for _ in self._pools]
        for post in self._world.posts:
            if post.role in _SUPPORT and post.holder is not None:
                self._support[post.team][_SUPPORT[post.role]] += post.fte

    def _ready_days(self) -> list[float]:
        """By team: the shortest of the first years in force, in days; endless without one."""
        now = self._env.now
        in_force = [r for r in self._world.plan.pipelines.ramps if r.start_day <= now < r.end_day]
        return [
            min((ramp.days for ramp in in_force if team in ramp.teams), default=math.inf)
            for team in range(len(self._pools))
        ]

    def _is_newly_qualified(self, holder: CaseHolder) -> bool:
        worker = holder.worker
        return (
            worker is not None
            and worker.newly_qualified
            and self._env.now - worker.joined_day < DAYS_PER_YEAR
        )

    def _freed_in(self, team: int) -> float:
        """Share of social workers' time in a team that support staff give back."""
        plan = self._plan
        workers = math.fsum(
            holder.fte
            for pool in (REGISTERED, NEWLY_QUALIFIED)
            for holder in self._pools[team][pool].holders
        )
        support, practitioners = self._support[team]
        start_support, start_practitioners = plan.start_support_fte[team]
        holding = math.fsum(h.fte for h in self._pools[team][PRACTITIONERS].holders if h.cases)
        freed = freed_share(
            support - start_support, plan.freed_by_support[0], workers, plan.freed_ceiling[0]
        ) + freed_share(
            practitioners - holding - start_practitioners,
            plan.freed_by_support[1],
            workers,
            plan.freed_ceiling[1],
        )
        return freed - (holding * plan.supervision_fte / workers if workers else 0.0)

    def _set_capacity(self, holder: CaseHolder) -> None:
        plan, team = self._plan, holder.team
        if holder.pool in SOCIAL_WORKERS:
            capacity = capacity_of(
                plan.pool_capacity[REGISTERED], holder.fte, self._share(holder),
                self._freed[team], holder.lost_share,
            )  # fmt: skip
        else:
            capacity = plan.pool_capacity[holder.pool] * holder.fte
        capacity = on_grid(capacity)
        if capacity == holder.capacity:
            return
        self._count_capacity(holder, capacity - holder.capacity)
        holder.capacity = capacity
        self._reload(holder, self._env.now)

    def _share(self, holder: CaseHolder) -> float:
        """Share of a full caseload, by route and time in post."""
        plan = self._plan
        if holder.worker is None:
            return plan.agency_share
        if holder.pool == NEWLY_QUALIFIED:
            ready = self._env.now - holder.worker.joined_day >= self._ready_after[holder.team]
            return 1.0 if ready else plan.newly_qualified_share
        days = self._env.now - holder.since
        if holder.worker.route is Route.OVERSEAS:
            pipelines = self._world.plan.pipelines
            return ramped_share(pipelines.overseas_start, days, pipelines.overseas_ramp_days)
        if holder.worker.route is not Route.EXPERIENCED:
            return 1.0
        return ramped_share(plan.experienced_start, days, plan.experienced_ramp_days)

    def _count_capacity(self, holder: CaseHolder, change: float) -> None:
        recorder, now = self._recorder, self._env.now
        recorder.capacity.shift(holder.team, change, now)
        if holder.above:
            recorder.above_capacity.shift(holder.team, change, now)

    def _reload(self, holder: CaseHolder, now: float) -> None:
        """Work out a holder's load after points or capacity changed."""
        load = holder.load = load_of(holder.points, holder.capacity)
        if holder.place >= 0:
            holder.loads[holder.place] = load
        if holder.work:
            self._clocks.retime(holder, now)

    # -- allocation ----------------------------------------------------------------------------

    def choose(self, case: Case, team: int, barred: Collection[int] = ()) -> CaseHolder | None:
        """The least loaded of those present who may hold the case and have room; None if nobody.

        Args:
            case: the case, its stage and points set.
            team: the team that is to hold it.
            barred: pools whose people a more urgent case waits for.
        """
        found = self._least_loaded(case, team, barred)
        limit = self._plan.limit_load[team]
        if found is None or has_room(found.load, case.points, found.capacity, limit):
            return found
        return self._least_loaded_with_room(case, team, barred)

    def _least_loaded(self, case: Case, team: int, barred: Collection[int]) -> CaseHolder | None:
        """The least loaded of those who may hold the case; the first pool's of equals."""
        found: CaseHolder | None = None
        pools = self._pools[team]
        for kind in self.allowed[case.stage]:
            pool = pools[kind]
            if pool.loads and kind not in barred:
                holder = pool.holders[least_loaded(pool.loads)]
                if found is None or holder.load < found.load:
                    found = holder
        return found

    def _least_loaded_with_room(
        self, case: Case, team: int, barred: Collection[int]
    ) -> CaseHolder | None:
        """As `choose`, where the least loaded works few hours and another has room."""
        limit = self._plan.limit_load[team]
        able = [
            holder
            for kind in self.allowed[case.stage]
            if kind not in barred
            for holder in self._pools[team][kind].holders
            if has_room(holder.load, case.points, holder.capacity, limit)
        ]
        return able[least_loaded([holder.load for holder in able])] if able else None

    def place(self, case: Case, team: int) -> None:
        """Give a case without a worker to somebody in a team, or let it wait there.

        Nobody is passed over: it waits behind the more urgent who wait for the same people.
        """
        case.team = team
        holder = self.choose(case, team, self._awaited(team, case))
        if holder is None:
            self._wait(case, team)
        else:
            self._give(holder, case)

    def place_on_day_0(self, case: Case, team: int) -> None:
        """Give a child of day 0 to the least loaded, limit or not: nobody is known to wait."""
        case.team = team
        holder = self._least_loaded(case, team, ())
        if holder is None:
            self._wait(case, team)
        else:
            self._give(holder, case)

    def _awaited(self, team: int, case: Case) -> Collection[int]:
        """Pools whose people someone more urgent waits for than a case that comes now."""
        if not self._queues[team]:
            return ()
        urgency = (self._plan.priority[case.stage], self._env.now, case.number)
        return {
            kind
            for place in self._heads(team)
            if _urgency(place) < urgency
            for kind in self.allowed[place[4].stage]
        }

    def _heads(self, team: int) -> list[_Place]:
        """The most urgent of each of a team's queues; what is stale or empty is dropped."""
        queues = self._queues[team]
        for pools in list(queues):
            queue = queues[pools]
            while queue and queue[0][3] != queue[0][4].queue_stamp:
                heappop(queue)
            if not queue:
                del queues[pools]
        return sorted((queue[0] for queue in queues.values()), key=_urgency)

    def reweigh(self, case: Case, points: float) -> None:
        """A case weighs more or less with the same worker."""
        holder = case.holder
        change = points - case.points
        case.points = points
        if holder is not None and change:
            holder.points += change
            self._reload(holder, self._env.now)
            if change < 0.0:
                self.fill(holder.team)

    def may_keep(self, case: Case) -> bool:
        """Whether the law lets the case's worker hold it in its stage."""
        holder = case.holder
        return holder is not None and holder.pool in self.allowed[case.stage]

    def transfer(self, case: Case, team: int, points: tuple[float, ...]) -> None:
        """Others are to hold a case that has a worker: push it, or wait until they have room.

        Args:
            case: the case, in its new stage, still weighing what it weighed.
            team: the team that is to hold it.
            points: what the case weighs now, by team.
        """
        holder = case.holder
        assert holder is not None
        if self._waits_to_move(case, team):
            self.reweigh(case, points[case.team])
            self.start_work(case)
            case.bound_for = team
            self._queue(case, team)
            return
        self._take_away(holder, case, _TRANSFER)
        case.points = points[team]
        self.place(case, team)
        self.fill(holder.team)

    def _waits_to_move(self, case: Case, team: int) -> bool:
        """Whether a transfer is held: the worker may keep the case, and nobody there has room."""
        return (
            self._plan.hold_transfers
            and team != case.team
            and self.may_keep(case)
            and self.choose(case, team, self._awaited(team, case)) is None
        )

    def let_go(self, case: Case) -> None:
        """A case is closed: its worker, or its place in a queue, is free."""
        holder = case.holder
        if holder is None:
            self.stop_waiting(case)
            self.fill(case.team)
        else:
            case.queue_stamp = 0
            self._take_away(holder, case, case.lost_by)
            self.fill(holder.team)

    def start_work(self, case: Case) -> None:
        """A work stage began: it goes on the worker's clock as soon as there is one."""
        if case.holder is not None and case.working and not case.on_clock:
            now = self._env.now
            self._clocks.put_on(case.holder, case, now)
            self._clocks.retime(case.holder, now)

    def _give(self, holder: CaseHolder, case: Case) -> None:
        now = self._env.now
        holder.cases[case.number] = case
        holder.points += case.points
        case.holder = holder
        if not case.carried:
            case.held_since = now
        case.queue_stamp, case.bound_for = 0, -1
        self._recorder.events += 1
        detail = ""
        if case.had_worker:
            self._count_change(holder, case, now)
            detail = _after(case) if self._traced else ""
        elif case.stage != DECISION:
            case.had_worker = True
        if case.working:
            self._clocks.put_on(holder, case, now)
        self._reload(holder, now)
        if self._traced:
            self._world.tell_case("allocated", case, holder.team, holder.name, detail)

    def _count_change(self, holder: CaseHolder, case: Case, now: float) -> None:
        case.change_before, case.last_change = case.last_change, now
        self._recorder.flow(_HANDOVERS[case.lost_by], holder.team)
        if case.lost_by is not _TRANSFER:
            holder.lost_hours += self._plan.handover_hours

    def _take_away(self, holder: CaseHolder, case: Case, cause: Cause) -> None:
        del holder.cases[case.number]
        holder.points -= case.points
        case.holder, case.lost_by = None, cause
        now = self._env.now
        if case.on_clock:
            self._clocks.take_off(holder, case, now)
        self._reload(holder, now)

    # -- waiting -------------------------------------------------------------------------------

    def _wait(self, case: Case, team: int) -> None:
        recorder, now = self._recorder, self._env.now
        case.waiting_since = now
        self._queue(case, team)
        recorder.waiting.shift(team, 1, now)
        recorder.flow("waits_begun", team)
        if self._traced:
            self._world.tell_case("waits for a worker", case, team, detail=_after(case))

    def _queue(self, case: Case, team: int) -> None:
        self._stamp += 1
        case.queue_stamp = self._stamp
        priority = self._plan.priority[case.stage]
        queue = self._queues[team].setdefault(self.allowed[case.stage], [])
        heappush(queue, (priority, self._env.now, case.number, self._stamp, case))

    def stop_waiting(self, case: Case) -> None:
        """A case waits no longer: it got a worker, closed, or entered another stage."""
        recorder, now = self._recorder, self._env.now
        case.queue_stamp = 0
        recorder.waiting.shift(case.team, -1, now)
        recorder.flow("waits_ended", case.team)
        recorder.flow("waited_days", case.team, now - case.waiting_since)

    def fill(self, team: int) -> None:
        """Give waiting cases to those who have room, the most urgent first.

        Whoever the most urgent waits for takes nobody less urgent meanwhile.
        """
        if not self._queues[team]:
            return
        barred: set[int] = set()
        while True:
            case, holder = self._next_to_place(team, barred)
            if case is None or holder is None:
                return
            self._take_up(case, holder, team)

    def _next_to_place(self, team: int, barred: set[int]) -> tuple[Case | None, CaseHolder | None]:
        """The most urgent case that somebody has room for, and who; bars those it waits for."""
        for place in self._heads(team):
            case = place[4]
            holder = self.choose(case, team, barred)
            if holder is not None:
                return case, holder
            barred.update(self.allowed[case.stage])
        return None, None

    def _take_up(self, case: Case, holder: CaseHolder, team: int) -> None:
        """Somebody has room for a case that waits, with its worker elsewhere or with nobody."""
        origin = case.holder
        if origin is None:
            self.stop_waiting(case)
            self._give(holder, case)
            return
        self._take_away(origin, case, _TRANSFER)
        self._moves(case, team)
        self._give(holder, case)
        self.fill(origin.team)


def _urgency(place: _Place) -> tuple[int, float, int]:
    """Order of those who wait."""
    return place[:3]


SOCIAL_WORKERS = (REGISTERED, NEWLY_QUALIFIED)
_TRANSFER = Cause.TRANSFER
"""Looked up once: an enumeration's members are slow to reach."""
_SUPPORT = {Role.BUSINESS_SUPPORT: 0, Role.FAMILY_PRACTITIONER: 1}
_HANDOVERS = {cause: f"handovers_{cause.name.lower()}" for cause in Cause}


def _after(case: Case) -> str:
    """Why a case has lost its worker, for the trace; empty for one that had none."""
    return f"after: {case.lost_by.name.lower().replace('_', ' ')}" if case.had_worker else ""


def _is_conversion(worker: Worker) -> bool:
    return worker.route is Route.AGENCY_CONVERSION
