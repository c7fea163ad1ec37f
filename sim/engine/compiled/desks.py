"""Who holds what: allocation, waiting, hand-over (sim.engine.desks)."""

from __future__ import annotations

from sim.engine.cases import Cause
from sim.engine.compiled.clock import put_on, retime, take_off
from sim.engine.compiled.codes import (
    A_WORKER,
    AN_AGENCY_WORKER,
    D_AFTER,
    D_NONE,
    FIRST_HANDOVER,
    NOBODY,
    T_ALLOCATED,
    T_WAITS,
    WAITED_DAYS,
    WAITING,
    WAITS_BEGUN,
    WAITS_ENDED,
)
from sim.engine.compiled.facts import case_flow, shift_children, shift_level, tell_case
from sim.engine.compiled.formulas import has_room, load_of
from sim.engine.compiled.jit import World, compiled
from sim.engine.compiled.layout import (
    MASK_COUNT,
    NONE,
    POOL_COUNT,
    STAGE_COUNT,
    Case,
    Holder,
    case_,
    filling,
    holder_,
    node_,
    point,
    rule_,
    scratch,
    seat_,
    stage_,
    team_,
)
from sim.engine.compiled.pools import change_load, first_seat
from sim.engine.compiled.trees import is_ahead, popped, pushed
from sim.inputs.casework_plan import DECISION

_TRANSFER = int(Cause.TRANSFER)


@compiled
def allowed(w: World, stage: int) -> int:
    """The pools that may hold a stage now, as a set."""
    return int(rule_(w, w.rule * STAGE_COUNT + stage).allowed)


@compiled
def points_of(w: World, stage: int, team: int) -> float:
    """What a child in a stage weighs in a team."""
    return float(point(w, stage * w.teams_count + team).value)


# -- allocation -----------------------------------------------------------------------------------


@compiled
def choose(w: World, case: Case, team: int, barred: int) -> int:
    """The least loaded of those present who may hold the case and have room; NONE if nobody."""
    found = _least_loaded(w, case, team, barred)
    if found == NONE:
        return NONE
    limit = team_(w, team).limit_load
    if has_room(holder_(w, found).load, case.points, holder_(w, found).capacity, limit):
        return found
    return _least_loaded_with_room(w, case, team, barred)


@compiled
def _least_loaded(w: World, case: Case, team: int, barred: int) -> int:
    """The least loaded of those who may hold the case; the first pool's of equals."""
    kinds = allowed(w, case.stage) & ~barred
    found, least = NONE, 0.0
    for kind in range(POOL_COUNT):
        if team_(w, team).present[kind] > 0 and kinds >> kind & 1:
            seat = seat_(w, first_seat(w, team, kind))
            if found == NONE or seat.load < least:
                found, least = seat.holder, seat.load
    return found


@compiled
def _least_loaded_with_room(w: World, case: Case, team: int, barred: int) -> int:
    """As `choose`, where the least loaded works few hours and another has room."""
    kinds = allowed(w, case.stage) & ~barred
    found, least = NONE, 0.0
    for kind in range(POOL_COUNT):
        if team_(w, team).present[kind] > 0 and kinds >> kind & 1:
            mine = _least_in_pool(w, case.points, team, kind)
            if mine != NONE and (found == NONE or holder_(w, mine).load < least):
                found, least = mine, holder_(w, mine).load
    return found


@compiled
def _least_in_pool(w: World, points: float, team: int, kind: int) -> int:
    """The least loaded of a pool who has room, the lowest number of equals; NONE if nobody.

    Down the heap, where everybody below a seat has as much load or more: no further than to whom
    the case is too much even for the most that anybody carries.
    """
    count, first = team_(w, team).present[kind], first_seat(w, team, kind)
    limit, most = team_(w, team).limit_load, team_(w, team).most_capacity[kind]
    found, least, place = NONE, 0.0, 0
    while True:
        seat = seat_(w, first + place)
        goes_down = has_room(seat.load, points, most, limit) and (
            found == NONE or seat.load <= least
        )
        is_ahead_of_found = found == NONE or seat.load < least or seat.holder < found
        capacity = holder_(w, seat.holder).capacity
        if goes_down and is_ahead_of_found and has_room(seat.load, points, capacity, limit):
            found, least = seat.holder, seat.load
        if goes_down and 2 * place + 1 < count:
            place = 2 * place + 1
            continue
        # Not down from here: to the seat beside, or up until there is one.
        while place > 0 and (place & 1 == 0 or place + 1 >= count):
            place = (place - 1) >> 1
        if place == 0:
            return found
        place += 1


@compiled
def place(w: World, case_number: int, team: int) -> None:
    """Give a case without a worker to somebody in a team, or let it wait there."""
    case = case_(w, case_number)
    case.team = team
    holder = choose(w, case, team, _awaited(w, team, case_number))
    if holder == NONE:
        _wait(w, case_number, team)
    else:
        _give(w, holder, case_number)


@compiled
def place_on_day_0(w: World, case_number: int, team: int) -> None:
    """Give a child of day 0 to the least loaded, limit or not: nobody is known to wait."""
    case = case_(w, case_number)
    case.team = team
    holder = _least_loaded(w, case, team, 0)
    if holder == NONE:
        _wait(w, case_number, team)
    else:
        _give(w, holder, case_number)


@compiled
def reload(w: World, holder_number: int) -> None:
    """Work out a holder's load after points or capacity changed."""
    holder = holder_(w, holder_number)
    holder.load = load_of(holder.points, holder.capacity)
    if holder.place >= 0:
        change_load(w, holder_number)
    if holder.work != NONE:
        retime(w, holder_number)


@compiled
def reweigh(w: World, case_number: int, points: float) -> None:
    """A case weighs more or less with the same worker."""
    case = case_(w, case_number)
    change = points - case.points
    case.points = points
    if case.holder != NONE and change != 0.0:
        holder_(w, case.holder).points += change
        reload(w, case.holder)
        if change < 0.0:
            fill(w, holder_(w, case.holder).team)


@compiled
def may_keep(w: World, case: Case) -> bool:
    """Whether the law lets the case's worker hold it in its stage."""
    if case.holder == NONE:
        return False
    return bool(allowed(w, case.stage) >> holder_(w, case.holder).pool & 1)


@compiled
def transfer(w: World, case_number: int, team: int) -> None:
    """Others are to hold a case that has a worker: push it, or wait until they have room."""
    case = case_(w, case_number)
    holder = case.holder
    if _waits_to_move(w, case_number, team):
        reweigh(w, case_number, points_of(w, case.stage, case.team))
        start_work(w, case_number)
        case.bound_for = team
        _queue(w, case_number, team)
        return
    take_away(w, holder, case_number, _TRANSFER)
    case.points = points_of(w, case.stage, team)
    place(w, case_number, team)
    fill(w, holder_(w, holder).team)


@compiled
def _waits_to_move(w: World, case_number: int, team: int) -> bool:
    """Whether a transfer is held: the worker may keep the case, and nobody there has room."""
    case = case_(w, case_number)
    if not w.hold_transfers or team == case.team or not may_keep(w, case):
        return False
    return choose(w, case, team, _awaited(w, team, case_number)) == NONE


@compiled
def let_go(w: World, case_number: int) -> None:
    """A case is closed: its worker, or its place in a queue, is free."""
    case = case_(w, case_number)
    if case.holder == NONE:
        stop_waiting(w, case)
        fill(w, case.team)
        return
    team = holder_(w, case.holder).team
    case.queue_stamp = 0
    take_away(w, case.holder, case_number, case.lost_by)
    fill(w, team)


@compiled
def start_work(w: World, case_number: int) -> None:
    """A work stage began: it goes on the worker's clock as soon as there is one."""
    case = case_(w, case_number)
    if case.holder != NONE and case.working and not case.on_clock:
        put_on(w, case.holder, case_number)
        retime(w, case.holder)


@compiled
def _give(w: World, holder_number: int, case_number: int) -> None:
    holder, case = holder_(w, holder_number), case_(w, case_number)
    _add_to_desk(w, holder, case_number)
    holder.points += case.points
    case.holder = holder_number
    if not case.carried:
        case.held_since = w.now
    case.queue_stamp, case.bound_for = 0, NONE
    w.case_events += 1
    detail = D_NONE
    if case.had_worker:
        _count_change(w, holder, case)
        detail = D_AFTER
    elif case.stage != DECISION:
        case.had_worker = 1
    if case.working:
        put_on(w, holder_number, case_number)
    reload(w, holder_number)
    if w.is_traced:
        kind = A_WORKER if holder.worker >= 0 else AN_AGENCY_WORKER
        person = holder.worker if holder.worker >= 0 else holder_number
        team = holder.team
        tell_case(w, T_ALLOCATED, case_number, team, kind, person, detail, case.lost_by)


@compiled
def _count_change(w: World, holder: Holder, case: Case) -> None:
    case.change_before, case.last_change = case.last_change, w.now
    case_flow(w, FIRST_HANDOVER + case.lost_by, holder.team, 1.0)
    if case.lost_by != _TRANSFER:
        holder.lost_hours += w.handover_hours


@compiled
def take_away(w: World, holder_number: int, case_number: int, cause: int) -> None:
    """Take a case from its holder."""
    holder, case = holder_(w, holder_number), case_(w, case_number)
    _take_from_desk(w, holder, case)
    holder.points -= case.points
    case.holder, case.lost_by = NONE, cause
    if case.on_clock:
        take_off(w, holder, case)
    reload(w, holder_number)


@compiled
def _add_to_desk(w: World, holder: Holder, case_number: int) -> None:
    case = case_(w, case_number)
    case.before, case.after = NONE, holder.first_case
    if holder.first_case != NONE:
        case_(w, holder.first_case).before = case_number
    holder.first_case = case_number
    holder.cases += 1


@compiled
def _take_from_desk(w: World, holder: Holder, case: Case) -> None:
    if case.before == NONE:
        holder.first_case = case.after
    else:
        case_(w, case.before).after = case.after
    if case.after != NONE:
        case_(w, case.after).before = case.before
    holder.cases -= 1


@compiled
def hand_over(w: World, holder_number: int, cause: int) -> None:
    """Every case goes to colleagues, in case order."""
    count = _in_case_order(w, holder_(w, holder_number))
    for index in range(count):
        number = scratch(w, index).value
        take_away(w, holder_number, number, cause)
        case = case_(w, number)
        if case.bound_for >= 0:
            moves(w, number, case.bound_for)
        place(w, number, case.team)


@compiled
def _in_case_order(w: World, holder: Holder) -> int:
    """Put a holder's cases into `scratch`, in the order of their numbers; how many they are.

    The last given stand first on the desk: from the end backwards they are nearly in order.
    """
    count, case = holder.cases, holder.first_case
    if count > w.scratch_room:
        raise OverflowError("scratch")
    for place in range(count - 1, -1, -1):
        scratch(w, place).value = case
        case = case_(w, case).after
    for place in range(1, count):
        case = scratch(w, place).value
        number, gap = case_(w, case).number, place
        while gap > 0 and case_(w, scratch(w, gap - 1).value).number > number:
            scratch(w, gap).value = scratch(w, gap - 1).value
            gap -= 1
        scratch(w, gap).value = case
    return int(count)


@compiled
def moves(w: World, case_number: int, team: int) -> None:
    """A case whose transfer waited for room changes team within its stage."""
    case = case_(w, case_number)
    base = case.stage * w.teams_count
    shift_children(w, base + case.team, -1.0)
    shift_children(w, base + team, 1.0)
    case.team = team
    case.points = points_of(w, case.stage, team)


# -- waiting --------------------------------------------------------------------------------------


@compiled
def _wait(w: World, case_number: int, team: int) -> None:
    case = case_(w, case_number)
    case.waiting_since = w.now
    _queue(w, case_number, team)
    shift_level(w, WAITING, team, 1.0)
    case_flow(w, WAITS_BEGUN, team, 1.0)
    detail = D_AFTER if case.had_worker else D_NONE
    tell_case(w, T_WAITS, case_number, team, NOBODY, 0, detail, case.lost_by)


@compiled
def _queue(w: World, case_number: int, team_number: int) -> None:
    case, team = case_(w, case_number), team_(w, team_number)
    w.stamp += 1
    case.queue_stamp = w.stamp
    mask = allowed(w, case.stage)
    root = team.queues[mask]
    if root == NONE:
        team.queued += 1
    priority = stage_(w, case.stage).priority
    team.queues[mask] = pushed(w, root, priority, w.now, case_number, w.stamp)


@compiled
def stop_waiting(w: World, case: Case) -> None:
    """A case waits no longer: it got a worker, closed, or entered another stage."""
    case.queue_stamp = 0
    shift_level(w, WAITING, case.team, -1.0)
    case_flow(w, WAITS_ENDED, case.team, 1.0)
    case_flow(w, WAITED_DAYS, case.team, w.now - case.waiting_since)


@compiled
def _drop_stale(w: World, team_number: int) -> None:
    """Drop from the head of each of a team's queues what waits there no longer."""
    team = team_(w, team_number)
    for mask in range(MASK_COUNT):
        root = team.queues[mask]
        if root == NONE:
            continue
        while root != NONE and node_(w, root).stamp != case_(w, node_(w, root).case).queue_stamp:
            root = popped(w, root)
        team.queues[mask] = root
        if root == NONE:
            team.queued -= 1


@compiled
def _awaited(w: World, team_number: int, case_number: int) -> int:
    """Pools whose people someone more urgent waits for than a case that comes now."""
    team = team_(w, team_number)
    if team.queued == 0:
        return 0
    _drop_stale(w, team_number)
    number, pools = case_(w, case_number).number, 0
    rank = stage_(w, case_(w, case_number).stage).priority
    for mask in range(MASK_COUNT):
        if team.queues[mask] == NONE:
            continue
        head = node_(w, team.queues[mask])
        if head.rank < rank or (
            head.rank == rank and (head.key < w.now or (head.key == w.now and head.number < number))
        ):
            pools |= allowed(w, case_(w, head.case).stage)
    return pools


@compiled
def fill(w: World, team: int) -> None:
    """Give waiting cases to those who have room, the most urgent first.

    Whoever gives up a case of its own has room too, and its team is filled before this one goes on:
    teams under way are kept in a list, as compiled code that calls itself can't be kept on disk.
    """
    depth = _under_way(w, 0, team)
    while depth > 0:
        this = filling(w, depth - 1)
        case_number, holder, this.barred = _next_to_place(w, this.team, this.barred)
        if case_number == NONE:
            depth -= 1
            continue
        case = case_(w, case_number)
        origin = case.holder
        if origin == NONE:
            stop_waiting(w, case)
            _give(w, holder, case_number)
        else:
            take_away(w, origin, case_number, _TRANSFER)
            moves(w, case_number, this.team)
            _give(w, holder, case_number)
            depth = _under_way(w, depth, holder_(w, origin).team)


@compiled
def _under_way(w: World, depth: int, team: int) -> int:
    """Put a team in which somebody waits on top of those being filled; how many these are."""
    if team_(w, team).queued == 0:
        return depth
    if depth >= w.filling_room:
        raise OverflowError("filling")
    this = filling(w, depth)
    this.team, this.barred = team, 0
    return depth + 1


@compiled
def _next_to_place(w: World, team: int, barred: int) -> tuple[int, int, int]:
    """The most urgent case that somebody has room for, and who; bars those it waits for.

    Returns:
        Case and holder, NONE where there is none; and the pools barred.
    """
    _drop_stale(w, team)
    seen = 0
    while True:
        mask = _most_urgent(w, team, seen)
        if mask == NONE:
            return NONE, NONE, barred
        number = node_(w, team_(w, team).queues[mask]).case
        holder = choose(w, case_(w, number), team, barred)
        if holder != NONE:
            return number, holder, barred
        barred |= allowed(w, case_(w, number).stage)
        seen |= 1 << mask


@compiled
def _most_urgent(w: World, team: int, seen: int) -> int:
    """Of a team's queues that were not seen, that with the most urgent head; NONE if none."""
    queues, found = team_(w, team).queues, NONE
    for mask in range(MASK_COUNT):
        if queues[mask] == NONE or seen >> mask & 1:
            continue
        if found == NONE or is_ahead(w, queues[mask], queues[found]):
            found = mask
    return found
