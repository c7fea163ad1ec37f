"""People at work, and what they can carry (the first half of sim.engine.desks)."""

from __future__ import annotations

import math

from sim.config.roles import ROLES, Role
from sim.config.routes import Route
from sim.dates import DAYS_PER_MONTH, DAYS_PER_YEAR
from sim.engine.cases import Cause
from sim.engine.compiled.clock import retime
from sim.engine.compiled.codes import ABOVE_CAPACITY, CAPACITY
from sim.engine.compiled.desks import fill, hand_over, reload
from sim.engine.compiled.facts import shift_level
from sim.engine.compiled.formulas import capacity_of, freed_share, on_grid, ramped_share
from sim.engine.compiled.jit import World, compiled
from sim.engine.compiled.layout import (
    NONE,
    Holder,
    holder_,
    month_,
    post_,
    ramp,
    ramp_team,
    ranked,
    role_,
    seat_,
    staff,
    team_,
    worker_,
)
from sim.engine.compiled.pools import first_seat, give_up_seat, take_seat
from sim.engine.compiled.sums import exact_sum
from sim.inputs.casework_plan import MOST_LOST, NEWLY_QUALIFIED, PRACTITIONERS, REGISTERED

SUPPORT, FAMILY_PRACTITIONERS = 1, 2
"""Kinds of support in ROLE.support; 0 for none."""
_AGENCY_CONVERSION = int(Route.AGENCY_CONVERSION)
_EXPERIENCED, _OVERSEAS = int(Route.EXPERIENCED), int(Route.OVERSEAS)
_AGENCY_END = int(Cause.AGENCY_END)
_ABSENCE = int(Cause.ABSENCE)
_SOCIAL_WORKER = ROLES.index(Role.SOCIAL_WORKER)


# -- people come and go ---------------------------------------------------------------------------


@compiled
def worker_sits(w: World, worker_number: int) -> None:
    """A permanent worker takes up a post whose role holds cases (Desks.worker_comes)."""
    worker = worker_(w, worker_number)
    post = post_(w, worker.post)
    pool = role_(w, post.role).pool
    if pool == NONE:
        return
    if worker.route == _AGENCY_CONVERSION and post.cover != NONE:
        converted = post.cover
        post.cover = NONE
        holder_(w, converted).worker = worker_number
        worker.desk = converted
        set_capacity(w, converted)
        fill(w, holder_(w, converted).team)
        return
    number = _new(w, post.team, pool, post.fte, worker.joined_day)
    holder = holder_(w, number)
    holder.worker = worker_number
    if pool == REGISTERED and _is_newly_qualified(w, holder):
        holder.pool = NEWLY_QUALIFIED
    worker.desk = number
    _sit_down(w, number)


@compiled
def worker_gets_up(w: World, worker_number: int, cause: int) -> None:
    """A permanent worker leaves the post: cases go to colleagues (Desks.worker_goes)."""
    holder = worker_(w, worker_number).desk
    worker_(w, worker_number).desk = NONE
    if holder != NONE:
        _leave(w, holder, cause)


@compiled
def worker_moves_over(w: World, worker_number: int) -> None:
    """A permanent worker takes up another post of the same team and role (Desks.worker_stays)."""
    number = worker_(w, worker_number).desk
    if number == NONE:
        return
    holder, before = holder_(w, number), holder_(w, number).fte
    holder.fte = post_(w, worker_(w, worker_number).post).fte
    if holder.place >= 0 and holder.fte != before:
        set_capacity(w, number)
        fill(w, holder.team)


@compiled
def cover_comes(w: World, post_number: int) -> None:
    """An agency worker covers a post whose role holds cases."""
    post = post_(w, post_number)
    if post.role == _SOCIAL_WORKER:
        post.cover = agency_comes(w, post.team, post.fte, False)


@compiled
def cover_goes(w: World, post_number: int) -> None:
    """Cover ends."""
    holder = post_(w, post_number).cover
    post_(w, post_number).cover = NONE
    if holder != NONE:
        _leave(w, holder, _AGENCY_END)


@compiled
def agency_comes(w: World, team: int, fte: float, above: bool) -> int:
    """An agency worker sits down, covering a post or above establishment."""
    number = _new(w, team, REGISTERED, fte, w.now)
    holder_(w, number).above = above
    _sit_down(w, number)
    return number


@compiled
def agency_goes(w: World, holder: int) -> None:
    """An agency worker above establishment leaves."""
    _leave(w, holder, _AGENCY_END)


@compiled
def goes_absent(w: World, worker_number: int, long: bool) -> None:
    """A worker is away; after a long spell's first day colleagues have the cases."""
    number = worker_(w, worker_number).desk
    if number == NONE or holder_(w, number).place < 0:
        return
    _stand_up(w, number)
    retime(w, number)
    if long:
        hand_over(w, number, _ABSENCE)


@compiled
def returns(w: World, worker_number: int) -> None:
    """A worker is back."""
    number = worker_(w, worker_number).desk
    if number != NONE and holder_(w, number).place < 0:
        _sit_down(w, number)


@compiled
def _new(w: World, team: int, pool: int, fte: float, since: float) -> int:
    number = w.holders_count
    if number >= w.holders_room:
        raise OverflowError("holders")
    w.holders_count += 1
    if w.staff_count >= w.staff_room:
        raise OverflowError("staff")
    staff(w, w.staff_count).value = number
    w.staff_count += 1
    holder = holder_(w, number)
    holder.fte, holder.since = fte, since
    holder.points = holder.capacity = holder.load = holder.lost_hours = 0.0
    holder.lost_share = team_(w, team).start_lost_share if w.first_month else 0.0
    holder.speed, holder.progress, holder.progress_day = 1.0, 0.0, w.now
    holder.due, holder.next_finish = math.inf, -1.0
    holder.team, holder.pool, holder.worker = team, pool, NONE
    holder.place = holder.first_case = holder.work = NONE
    holder.cases = holder.timer = 0
    holder.above = holder.gone = 0
    return int(number)


@compiled
def _sit_down(w: World, number: int) -> None:
    take_seat(w, number)
    set_capacity(w, number)
    fill(w, holder_(w, number).team)


@compiled
def _stand_up(w: World, number: int) -> None:
    holder = holder_(w, number)
    _count_capacity(w, holder, -holder.capacity)
    holder.capacity = 0.0
    give_up_seat(w, number)


@compiled
def _leave(w: World, number: int, cause: int) -> None:
    if holder_(w, number).place >= 0:
        _stand_up(w, number)
    holder_(w, number).gone = 1
    hand_over(w, number, cause)


# -- capacity -------------------------------------------------------------------------------------


@compiled
def refresh(w: World) -> None:
    """The monthly review: ramps, time freed by support staff, time lost to hand-over."""
    w.first_month = 0
    before = month_(w, w.period - 1)
    months = (before.end - before.start) / DAYS_PER_MONTH
    set_ready_days(w)
    _count_support(w)
    for team in range(w.teams_count):
        team_(w, team).freed = _freed_in(w, team)
    for place in range(w.staff_count):
        number = staff(w, place).value
        holder = holder_(w, number)
        if holder.gone:
            continue
        if holder.pool == NEWLY_QUALIFIED and not _is_newly_qualified(w, holder):
            _has_a_year(w, number)
        worked = w.hours_per_month * months * holder.fte
        holder.lost_share = min(MOST_LOST, holder.lost_hours / worked)
        holder.lost_hours = 0.0
        if holder.place >= 0:
            set_capacity(w, number)
    for team in range(w.teams_count):
        fill(w, team)


@compiled
def _has_a_year(w: World, number: int) -> None:
    """A newly qualified worker has been there a year and takes any work from now on."""
    holder = holder_(w, number)
    present = holder.place >= 0
    if present:
        give_up_seat(w, number)
    holder.pool = REGISTERED
    most = team_(w, holder.team).most_capacity
    most[REGISTERED] = max(most[REGISTERED], holder.capacity)
    if present:
        take_seat(w, number)


@compiled
def _count_support(w: World) -> None:
    """FTE in post, by team, of business support and of family practitioners."""
    for team in range(w.teams_count):
        team_(w, team).support = team_(w, team).practitioners = 0.0
    for number in range(w.posts_count):
        post = post_(w, number)
        if post.holder == NONE:
            continue
        kind = role_(w, post.role).support
        if kind == SUPPORT:
            team_(w, post.team).support += post.fte
        elif kind == FAMILY_PRACTITIONERS:
            team_(w, post.team).practitioners += post.fte


@compiled
def set_ready_days(w: World) -> None:
    """By team: the shortest of the first years in force, in days; endless without one."""
    for team in range(w.teams_count):
        shortest = math.inf
        for number in range(w.ramps_count):
            one = ramp(w, number)
            in_force = one.start_day <= w.now < one.end_day
            if in_force and ramp_team(w, number * w.teams_count + team).on:
                shortest = min(shortest, one.days)
        team_(w, team).ready_after = shortest


@compiled
def _is_newly_qualified(w: World, holder: Holder) -> bool:
    if holder.worker == NONE:
        return False
    worker = worker_(w, holder.worker)
    return bool(worker.newly_qualified and w.now - worker.joined_day < DAYS_PER_YEAR)


@compiled
def _present_fte(w: World, team: int, pool: int, count: int, with_cases: bool) -> int:
    """Put the FTE of those present in a pool behind the first `count` numbers of `ranked`."""
    first = first_seat(w, team, pool)
    for place in range(first, first + team_(w, team).present[pool]):
        holder = holder_(w, seat_(w, place).holder)
        if with_cases and holder.cases == 0:
            continue
        if count >= w.ranked_room:
            raise OverflowError("ranked")
        ranked(w, count).value = holder.fte
        count += 1
    return count


@compiled
def _freed_in(w: World, team_number: int) -> float:
    """Share of social workers' time in a team that support staff give back."""
    team = team_(w, team_number)
    count = _present_fte(w, team_number, REGISTERED, 0, False)
    workers = exact_sum(w, _present_fte(w, team_number, NEWLY_QUALIFIED, count, False))
    holding = exact_sum(w, _present_fte(w, team_number, PRACTITIONERS, 0, True))
    freed = freed_share(
        team.support - team.start_support, w.freed_by_support, workers, w.support_ceiling
    ) + freed_share(
        team.practitioners - holding - team.start_practitioners,
        w.freed_by_practitioners,
        workers,
        w.practitioner_ceiling,
    )
    return float(freed - (holding * w.supervision_fte / workers if workers != 0.0 else 0.0))


@compiled
def set_capacity(w: World, number: int) -> None:
    """What somebody present may carry now."""
    holder = holder_(w, number)
    if holder.pool in (REGISTERED, NEWLY_QUALIFIED):
        capacity = capacity_of(
            w.pool_capacity[REGISTERED], holder.fte, _share(w, holder),
            team_(w, holder.team).freed, holder.lost_share,
        )  # fmt: skip
    else:
        capacity = w.pool_capacity[holder.pool] * holder.fte
    capacity = on_grid(capacity)
    if capacity == holder.capacity:
        return
    _count_capacity(w, holder, capacity - holder.capacity)
    holder.capacity = capacity
    most = team_(w, holder.team).most_capacity
    most[holder.pool] = max(most[holder.pool], capacity)
    reload(w, number)


@compiled
def _share(w: World, holder: Holder) -> float:
    """Share of a full caseload, by route and time in post."""
    if holder.worker == NONE:
        return float(w.agency_share)
    worker = worker_(w, holder.worker)
    if holder.pool == NEWLY_QUALIFIED:
        ready = w.now - worker.joined_day >= team_(w, holder.team).ready_after
        return 1.0 if ready else float(w.start_newly_qualified)
    days = w.now - holder.since
    if worker.route == _OVERSEAS:
        return ramped_share(w.overseas_start, days, w.overseas_ramp_days)
    if worker.route != _EXPERIENCED:
        return 1.0
    return ramped_share(w.experienced_start, days, w.experienced_ramp_days)


@compiled
def _count_capacity(w: World, holder: Holder, change: float) -> None:
    shift_level(w, CAPACITY, holder.team, change)
    if holder.above:
        shift_level(w, ABOVE_CAPACITY, holder.team, change)
