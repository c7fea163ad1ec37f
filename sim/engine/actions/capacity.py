"""People who hold cases come and go, and what each may carry."""

from __future__ import annotations

import math

from sim.dates import DAYS_PER_MONTH, DAYS_PER_YEAR
from sim.engine.actions.allocation import fill, hand_over, pool_of, reload
from sim.engine.actions.clock import retime
from sim.engine.actions.recording import shift_level
from sim.engine.actions.sums import add_to_sum, begin_sum, sum_so_far
from sim.engine.codes import (
    ABOVE_CAPACITY,
    ABSENCE,
    AGENCY_END,
    BUSINESS_SUPPORT,
    CAPACITY,
    EXPERIENCED,
    FAMILY_PRACTITIONERS,
    OVERSEAS,
    SOCIAL_WORKER,
)
from sim.engine.formulas import capacity_of, freed_share, ramped_share
from sim.engine.layout import CaseHolder, Pool, Post, Team, Worker, World
from sim.engine.simpy.kernel import add, empty, insert, join_pool, leave_pool
from sim.inputs.casework_plan import (
    MOST_LOST,
    NEWLY_QUALIFIED,
    PRACTITIONERS,
    REGISTERED,
    on_grid,
)

# -- people come and go ---------------------------------------------------------------------------


def takes_caseload(w: World, worker: Worker) -> None:
    """A permanent worker takes up a post whose role holds cases."""
    post = worker.post
    kind = post.role.pool
    if kind < 0:
        return
    if post.cover is not None and post.cover.person == worker.person:
        converted = post.cover
        post.cover = None
        converted.worker = worker
        worker.caseload = converted
        set_capacity(w, converted)
        fill(w, converted.team)
        return
    holder = new_holder(w, pool_of(w, post.team, kind), post.fte, worker.joined_day)
    holder.worker, holder.person = worker, worker.person
    if kind == REGISTERED and is_newly_qualified(w, holder):
        holder.pool = pool_of(w, post.team, NEWLY_QUALIFIED)
    worker.caseload = holder
    become_available(w, holder)


def gives_up_caseload(w: World, worker: Worker, cause: int) -> None:
    """A permanent worker leaves the post: cases go to colleagues."""
    holder = worker.caseload
    worker.caseload = None
    if holder is not None:
        end_holding(w, holder, cause)


def keeps_caseload(w: World, worker: Worker) -> None:
    """A permanent worker takes up another post of the team and role: the cases go along."""
    holder = worker.caseload
    if holder is None:
        return
    before = holder.fte
    holder.fte = worker.post.fte
    if holder.place >= 0 and holder.fte != before:
        set_capacity(w, holder)
        fill(w, holder.team)


def cover_comes(w: World, post: Post) -> None:
    """An agency worker covers a post; social workers hold cases."""
    if post.role.number == SOCIAL_WORKER:
        post.cover = agency_comes(w, post.team, post.fte, False, post.cover_person)


def cover_goes(w: World, post: Post) -> None:
    """Cover ends."""
    holder = post.cover
    post.cover = None
    if holder is not None:
        end_holding(w, holder, AGENCY_END)


def agency_comes(w: World, team: Team, fte: float, above: bool, person: int) -> CaseHolder:
    """An agency worker is there, covering a post or above establishment."""
    holder = new_holder(w, pool_of(w, team, REGISTERED), fte, w.now)
    holder.above, holder.person = above, person
    become_available(w, holder)
    return holder


def agency_goes(w: World, holder: CaseHolder) -> None:
    """An agency worker above establishment leaves."""
    end_holding(w, holder, AGENCY_END)


def goes_absent(w: World, worker: Worker, long: bool) -> None:
    """A worker is away; after a long spell's first day colleagues have the cases."""
    holder = worker.caseload
    if holder is None or holder.place < 0:
        return
    become_unavailable(w, holder)
    retime(w, holder)
    if long:
        hand_over(w, holder, ABSENCE)


def returns_to_work(w: World, worker: Worker) -> None:
    """A worker is back."""
    holder = worker.caseload
    if holder is not None and holder.place < 0:
        become_available(w, holder)


def new_holder(w: World, pool: Pool, fte: float, since: float) -> CaseHolder:
    """Somebody who may hold cases, not yet available."""
    holder = add(w, w.holders)
    insert(w.staff, len(w.staff), holder)
    holder.number = len(w.holders)
    holder.fte, holder.since, holder.team, holder.pool = fte, since, pool.team, pool
    holder.lost_share = pool.team.start_lost_share if w.first_month else 0.0
    holder.speed, holder.progress_day = 1.0, w.now
    holder.due, holder.next_finish = math.inf, -1.0
    holder.place, holder.work = -1, empty(w)
    return holder


def become_available(w: World, holder: CaseHolder) -> None:
    """Somebody is present and can be given cases."""
    join_pool(w, holder.pool, holder)
    set_capacity(w, holder)
    fill(w, holder.team)


def become_unavailable(w: World, holder: CaseHolder) -> None:
    """Somebody is away or gone."""
    count_capacity(w, holder, -holder.capacity)
    holder.capacity = 0.0
    leave_pool(w, holder.pool, holder)


def end_holding(w: World, holder: CaseHolder, cause: int) -> None:
    """Somebody is gone for good: cases go to colleagues."""
    if holder.place >= 0:
        become_unavailable(w, holder)
    holder.gone = True
    hand_over(w, holder, cause)


# -- capacity -------------------------------------------------------------------------------------


def review_capacity(w: World) -> None:
    """The monthly review: ramps, time freed by support staff, time lost to hand-over."""
    w.first_month = False
    before = w.months[w.period - 1]
    months = (before.end - before.start) / DAYS_PER_MONTH
    set_ready_days(w)
    count_support(w)
    for team in w.teams:
        team.freed = freed_in(w, team)
    for holder in w.staff:
        if holder.gone:
            continue
        if holder.pool.kind == NEWLY_QUALIFIED and not is_newly_qualified(w, holder):
            has_a_year(w, holder)
        worked = w.hours_per_month * months * holder.fte
        holder.lost_share = min(MOST_LOST, holder.lost_hours / worked)
        holder.lost_hours = 0.0
        if holder.place >= 0:
            set_capacity(w, holder)
    for team in w.teams:
        fill(w, team)


def has_a_year(w: World, holder: CaseHolder) -> None:
    """A newly qualified worker has been there a year and takes any work from now on."""
    present = holder.place >= 0
    if present:
        leave_pool(w, holder.pool, holder)
    holder.pool = pool_of(w, holder.team, REGISTERED)
    holder.pool.most_capacity = max(holder.pool.most_capacity, holder.capacity)
    if present:
        join_pool(w, holder.pool, holder)


def count_support(w: World) -> None:
    """FTE in post, by team, of business support and of family practitioners."""
    for team in w.teams:
        team.support = team.practitioners = 0.0
    for post in w.posts:
        if post.holder is None:
            continue
        if post.role.support == BUSINESS_SUPPORT:
            post.team.support += post.fte
        elif post.role.support == FAMILY_PRACTITIONERS:
            post.team.practitioners += post.fte


def set_ready_days(w: World) -> None:
    """By team: the shortest of the first years in force, in days; endless without one."""
    for team in w.teams:
        shortest = math.inf
        for ramp in w.ramps:
            in_force = ramp.start_day <= w.now < ramp.end_day
            if in_force and w.ramp_teams[ramp.number * len(w.teams) + team.number].on:
                shortest = min(shortest, ramp.days)
        team.ready_after = shortest


def is_newly_qualified(w: World, holder: CaseHolder) -> bool:
    """Whether somebody is in the first year after qualifying."""
    if holder.worker is None:
        return False
    worker = holder.worker
    return worker.newly_qualified and w.now - worker.joined_day < DAYS_PER_YEAR


def freed_in(w: World, team: Team) -> float:
    """Share of social workers' time in a team that support staff give back."""
    begin_sum(w)
    for holder in pool_of(w, team, REGISTERED).holders:
        add_to_sum(w, holder.fte)
    for holder in pool_of(w, team, NEWLY_QUALIFIED).holders:
        add_to_sum(w, holder.fte)
    workers = sum_so_far(w)
    begin_sum(w)
    for holder in pool_of(w, team, PRACTITIONERS).holders:
        if holder.cases > 0:
            add_to_sum(w, holder.fte)
    holding = sum_so_far(w)
    freed = freed_share(
        team.support - team.start_support, w.freed_by_support, workers, w.support_ceiling
    ) + freed_share(
        team.practitioners - holding - team.start_practitioners,
        w.freed_by_practitioners,
        workers,
        w.practitioner_ceiling,
    )
    return freed - (holding * w.supervision_fte / workers if workers != 0.0 else 0.0)


def set_capacity(w: World, holder: CaseHolder) -> None:
    """What somebody present may carry now."""
    kind = holder.pool.kind
    if kind in (REGISTERED, NEWLY_QUALIFIED):
        capacity = capacity_of(
            w.pool_capacity[REGISTERED], holder.fte, share_of_full(w, holder),
            holder.team.freed, holder.lost_share,
        )  # fmt: skip
    else:
        capacity = w.pool_capacity[kind] * holder.fte
    capacity = on_grid(capacity)
    if capacity == holder.capacity:
        return
    count_capacity(w, holder, capacity - holder.capacity)
    holder.capacity = capacity
    holder.pool.most_capacity = max(holder.pool.most_capacity, capacity)
    reload(w, holder)


def share_of_full(w: World, holder: CaseHolder) -> float:
    """Share of a full caseload, by route and time in post."""
    worker = holder.worker
    if worker is None:
        return w.agency_share
    if holder.pool.kind == NEWLY_QUALIFIED:
        ready = w.now - worker.joined_day >= holder.team.ready_after
        return 1.0 if ready else w.start_newly_qualified
    days = w.now - holder.since
    if worker.route == OVERSEAS:
        return ramped_share(w.overseas_start, days, w.overseas_ramp_days)
    if worker.route != EXPERIENCED:
        return 1.0
    return ramped_share(w.experienced_start, days, w.experienced_ramp_days)


def count_capacity(w: World, holder: CaseHolder, change: float) -> None:
    """The capacity of those present in a team changes."""
    shift_level(w, CAPACITY, holder.team, change)
    if holder.above:
        shift_level(w, ABOVE_CAPACITY, holder.team, change)
