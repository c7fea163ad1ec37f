"""Who holds what: allocation, waiting, hand-over (docs/model.md, children's cases)."""

from __future__ import annotations

import math

from sim.engine.actions.clock import put_on, retime, take_off
from sim.engine.actions.recording import (
    case_flow,
    record_case_event,
    shift_children,
    shift_level,
    stage_team,
)
from sim.engine.codes import (
    FIRST_HANDOVER,
    TRANSFER,
    WAITED_DAYS,
    WAITING,
    WAITS_BEGUN,
    WAITS_ENDED,
)
from sim.engine.events import Event, Person
from sim.engine.formulas import has_room, load_of
from sim.engine.layout import (
    MASK_COUNT,
    POOL_COUNT,
    STAGE_COUNT,
    Case,
    CaseHolder,
    Filling,
    Pool,
    Queue,
    Team,
    World,
)
from sim.engine.rows import Maybe
from sim.engine.simpy.kernel import (
    add,
    first_case,
    first_key,
    first_number,
    first_rank,
    first_stamp,
    insert,
    is_ahead,
    is_empty,
    least_loaded,
    least_loaded_with_room,
    load_changed,
    popped,
    pushed,
    put,
    shorten,
)
from sim.inputs.casework_plan import DECISION


def allowed(w: World, stage: int) -> int:
    """The pools that may hold a stage now, as a set."""
    return w.rules[w.rule * STAGE_COUNT + stage].allowed


def points_of(w: World, stage: int, team: Team) -> float:
    """What a child in a stage weighs in a team."""
    return w.points[stage * len(w.teams) + team.number].value


def pool_of(w: World, team: Team, kind: int) -> Pool:
    """Those of one kind who are present in a team."""
    return w.pools[team.number * POOL_COUNT + kind]


def queue_of(w: World, team: Team, pools: int) -> Queue:
    """The children of a team who wait for a set of pools."""
    return w.queues[team.number * MASK_COUNT + pools]


# -- who takes a case -----------------------------------------------------------------------------


def choose(w: World, case: Case, team: Team, barred: int) -> Maybe[CaseHolder]:
    """The least loaded of those present who may hold the case and have room; None if nobody.

    Args:
        w: the run.
        case: the case, its stage and points set.
        team: the team that is to hold it.
        barred: pools, as a set, whose people a more urgent case waits for.
    """
    found = least_loaded_of(w, case, team, barred)
    if found is None or has_room(found.load, case.points, found.capacity, team.limit_load):
        return found
    return least_loaded_of_room(w, case, team, barred)


def least_loaded_of(w: World, case: Case, team: Team, barred: int) -> Maybe[CaseHolder]:
    """The least loaded of those who may hold the case; the first pool's of equals."""
    kinds = allowed(w, case.stage) & ~barred
    found, least = None, math.inf
    for kind in range(POOL_COUNT):
        if kinds >> kind & 1:
            holder = least_loaded(pool_of(w, team, kind))
            if holder is not None and (found is None or holder.load < least):
                found, least = holder, holder.load
    return found


def least_loaded_of_room(w: World, case: Case, team: Team, barred: int) -> Maybe[CaseHolder]:
    """As `choose`, where the least loaded works few hours and another has room."""
    kinds = allowed(w, case.stage) & ~barred
    found, least = None, math.inf
    for kind in range(POOL_COUNT):
        if kinds >> kind & 1:
            pool = pool_of(w, team, kind)
            holder = least_loaded_with_room(pool, case.points, team.limit_load)
            if holder is not None and (found is None or holder.load < least):
                found, least = holder, holder.load
    return found


def assign(w: World, case: Case, team: Team) -> None:
    """Give a case without a worker to somebody in a team, or let it wait there.

    Nobody is passed over: it waits behind the more urgent who wait for the same people.
    """
    case.team = team
    holder = choose(w, case, team, awaited(w, team, case))
    if holder is None:
        begin_to_wait(w, case, team)
    else:
        give(w, holder, case)


def assign_on_day_0(w: World, case: Case, team: Team) -> None:
    """Give a child of day 0 to the least loaded, limit or not: nobody is known to wait."""
    case.team = team
    holder = least_loaded_of(w, case, team, 0)
    if holder is None:
        begin_to_wait(w, case, team)
    else:
        give(w, holder, case)


def give(w: World, holder: CaseHolder, case: Case) -> None:
    """Somebody is given a case."""
    put_on_caseload(holder, case)
    holder.points += case.points
    case.holder = holder
    if not case.carried:
        case.held_since = w.now
    case.queue_stamp, case.bound_for = 0, None
    w.case_events += 1
    lost_by = -1
    if case.had_worker:
        count_change(w, holder, case)
        lost_by = case.lost_by
    elif case.stage != DECISION:
        case.had_worker = True
    if case.working:
        put_on(w, holder, case)
    reload(w, holder)
    if w.is_traced:
        kind = Person.AGENCY_WORKER if holder.worker is None else Person.WORKER
        record_case_event(w, Event.ALLOCATED, case, holder.team, kind, holder.person, lost_by)


def count_change(w: World, holder: CaseHolder, case: Case) -> None:
    """A child changes worker; who takes over loses time, unless the team changes too."""
    case.change_before, case.last_change = case.last_change, w.now
    case_flow(FIRST_HANDOVER + case.lost_by, holder.team, 1.0)
    if case.lost_by != TRANSFER:
        holder.lost_hours += w.handover_hours


def take_away(w: World, holder: CaseHolder, case: Case, cause: int) -> None:
    """Take a case from its holder."""
    take_off_caseload(holder, case)
    holder.points -= case.points
    case.holder, case.lost_by = None, cause
    if case.on_clock:
        take_off(w, holder, case)
    reload(w, holder)


def put_on_caseload(holder: CaseHolder, case: Case) -> None:
    """A case is one of its holder's: the last given stands first."""
    case.before, case.after = None, holder.first_case
    if holder.first_case is not None:
        holder.first_case.before = case
    holder.first_case = case
    holder.cases += 1


def take_off_caseload(holder: CaseHolder, case: Case) -> None:
    """A case is no longer one of its holder's."""
    if case.before is None:
        holder.first_case = case.after
    else:
        case.before.after = case.after
    if case.after is not None:
        case.after.before = case.before
    holder.cases -= 1


def reload(w: World, holder: CaseHolder) -> None:
    """Work out a holder's load after points or capacity changed."""
    holder.load = load_of(holder.points, holder.capacity)
    if holder.place >= 0:
        load_changed(holder.pool, holder)
    if not is_empty(holder.work):
        retime(w, holder)


def hand_over(w: World, holder: CaseHolder, cause: int) -> None:
    """Every case goes to colleagues, in case order."""
    put_in_case_order(w, holder)
    for place in range(len(w.in_hand)):
        case = w.in_hand[place]
        take_away(w, holder, case, cause)
        if case.bound_for is not None:
            change_team(w, case, case.bound_for)
        assign(w, case, case.team)


def put_in_case_order(w: World, holder: CaseHolder) -> None:
    """Put a holder's cases into `w.in_hand`, in the order of their numbers.

    The last given stand first on the caseload: from the end backwards they are nearly in order.
    """
    shorten(w.in_hand, 0)
    case = holder.first_case
    while case is not None:
        place = len(w.in_hand)
        insert(w.in_hand, place, case)
        case = case.after
    count = len(w.in_hand)
    for place in range(count // 2):
        other = w.in_hand[count - 1 - place]
        put(w.in_hand, count - 1 - place, w.in_hand[place])
        put(w.in_hand, place, other)
    for place in range(1, count):
        case, gap = w.in_hand[place], place
        while gap > 0 and w.in_hand[gap - 1].number > case.number:
            put(w.in_hand, gap, w.in_hand[gap - 1])
            gap -= 1
        put(w.in_hand, gap, case)


# -- the same worker, or another ------------------------------------------------------------------


def reweigh(w: World, case: Case, points: float) -> None:
    """A case weighs more or less with the same worker."""
    holder = case.holder
    change = points - case.points
    case.points = points
    if holder is not None and change != 0.0:
        holder.points += change
        reload(w, holder)
        if change < 0.0:
            fill(w, holder.team)


def may_keep(w: World, case: Case) -> bool:
    """Whether the law lets the case's worker hold it in its stage."""
    if case.holder is None:
        return False
    return allowed(w, case.stage) >> case.holder.pool.kind & 1 == 1


def start_work(w: World, case: Case) -> None:
    """A work stage began: it goes on the worker's clock as soon as there is one."""
    if case.holder is not None and case.working and not case.on_clock:
        put_on(w, case.holder, case)
        retime(w, case.holder)


def transfer(w: World, case: Case, team: Team) -> None:
    """Others are to hold a case that has a worker: push it, or wait until they have room."""
    holder = case.holder
    if waits_to_move(w, case, team):
        reweigh(w, case, points_of(w, case.stage, case.team))
        start_work(w, case)
        case.bound_for = team
        stand_in_queue(w, case, team)
        return
    take_away(w, holder, case, TRANSFER)
    case.points = points_of(w, case.stage, team)
    assign(w, case, team)
    fill(w, holder.team)


def waits_to_move(w: World, case: Case, team: Team) -> bool:
    """Whether a transfer is held: the worker may keep the case, and nobody there has room."""
    if not w.hold_transfers or team is case.team or not may_keep(w, case):
        return False
    return choose(w, case, team, awaited(w, team, case)) is None


def change_team(w: World, case: Case, team: Team) -> None:
    """A case whose transfer waited for room changes team within its stage."""
    shift_children(w, stage_team(w, case.stage, case.team), -1.0)
    shift_children(w, stage_team(w, case.stage, team), 1.0)
    case.team = team
    case.points = points_of(w, case.stage, team)


def release(w: World, case: Case) -> None:
    """A case is closed: its worker, or its place in a queue, is free."""
    holder = case.holder
    if holder is None:
        stop_waiting(w, case)
        fill(w, case.team)
        return
    case.queue_stamp = 0
    take_away(w, holder, case, case.lost_by)
    fill(w, holder.team)


# -- waiting --------------------------------------------------------------------------------------


def begin_to_wait(w: World, case: Case, team: Team) -> None:
    """Nobody has room for a case: the child waits for a worker."""
    case.waiting_since = w.now
    stand_in_queue(w, case, team)
    shift_level(w, WAITING, team, 1.0)
    case_flow(WAITS_BEGUN, team, 1.0)
    lost_by = case.lost_by if case.had_worker else -1
    record_case_event(w, Event.WAITS, case, team, Person.NOBODY, 0, lost_by)


def stand_in_queue(w: World, case: Case, team: Team) -> None:
    """A case waits until somebody in a team has room for it."""
    w.stamp += 1
    case.queue_stamp = w.stamp
    queue = queue_of(w, team, allowed(w, case.stage))
    if is_empty(queue.waiting):
        team.queued += 1
    rank = w.stages[case.stage].priority
    queue.waiting = pushed(w, queue.waiting, rank, w.now, case.number, w.stamp, case)


def stop_waiting(w: World, case: Case) -> None:
    """A case waits no longer: it got a worker, closed, or entered another stage."""
    case.queue_stamp = 0
    shift_level(w, WAITING, case.team, -1.0)
    case_flow(WAITS_ENDED, case.team, 1.0)
    case_flow(WAITED_DAYS, case.team, w.now - case.waiting_since)


def drop_stale(w: World, team: Team) -> None:
    """Drop from the head of each of a team's queues what waits there no longer."""
    for pools in range(MASK_COUNT):
        queue = queue_of(w, team, pools)
        if is_empty(queue.waiting):
            continue
        while not is_empty(queue.waiting) and is_stale(queue):
            queue.waiting = popped(w, queue.waiting)
        if is_empty(queue.waiting):
            team.queued -= 1


def is_stale(queue: Queue) -> bool:
    """Whether the head of a queue waits there no longer."""
    return first_stamp(queue.waiting) != first_case(queue.waiting).queue_stamp


def awaited(w: World, team: Team, case: Case) -> int:
    """Pools, as a set, whose people someone more urgent waits for than a case that comes now."""
    if team.queued == 0:
        return 0
    drop_stale(w, team)
    rank, pools = w.stages[case.stage].priority, 0
    for kinds in range(MASK_COUNT):
        waiting = queue_of(w, team, kinds).waiting
        if is_empty(waiting):
            continue
        key = first_key(waiting)
        if first_rank(waiting) < rank or (
            first_rank(waiting) == rank
            and (key < w.now or (key == w.now and first_number(waiting) < case.number))
        ):
            pools |= allowed(w, first_case(waiting).stage)
    return pools


def fill(w: World, team: Team) -> None:
    """Give waiting cases to those who have room, the most urgent first.

    Whoever the most urgent waits for takes nobody less urgent meanwhile. Who gives up a case has
    room too, and that team is filled before this one goes on: teams under way are kept in a list,
    as the compiled engine keeps no function that calls itself.
    """
    depth = take_up(w, 0, team)
    while depth > 0:
        this = w.filling[depth - 1]
        if not find_next(w, this):
            depth -= 1
            continue
        case, holder = this.case, this.holder
        origin = case.holder
        if origin is None:
            stop_waiting(w, case)
            give(w, holder, case)
        else:
            take_away(w, origin, case, TRANSFER)
            change_team(w, case, this.team)
            give(w, holder, case)
            depth = take_up(w, depth, origin.team)


def take_up(w: World, depth: int, team: Team) -> int:
    """Put a team in which somebody waits on top of those being filled; how many these are."""
    if team.queued == 0:
        return depth
    if depth == len(w.filling):
        add(w, w.filling)
    this = w.filling[depth]
    this.team, this.barred = team, 0
    return depth + 1


def find_next(w: World, this: Filling) -> bool:
    """Find the most urgent case that somebody has room for, and who; bar those it waits for."""
    drop_stale(w, this.team)
    seen = 0
    while True:
        pools = most_urgent(w, this.team, seen)
        if pools < 0:
            return False
        this.case = first_case(queue_of(w, this.team, pools).waiting)
        this.holder = choose(w, this.case, this.team, this.barred)
        if this.holder is not None:
            return True
        this.barred |= allowed(w, this.case.stage)
        seen |= 1 << pools


def most_urgent(w: World, team: Team, seen: int) -> int:
    """Of a team's queues that were not seen, that with the most urgent head; -1 if none."""
    found = -1
    for pools in range(MASK_COUNT):
        waiting = queue_of(w, team, pools).waiting
        if is_empty(waiting) or seen >> pools & 1:
            continue
        if found < 0 or is_ahead(waiting, queue_of(w, team, found).waiting):
            found = pools
    return found
