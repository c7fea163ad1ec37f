"""Newly qualified cohorts, and people from abroad or from training (sim.engine.arrivals)."""

from __future__ import annotations

import math

from sim.config.routes import NEWLY_QUALIFIED_ROUTES, Route
from sim.dates import DAYS_PER_YEAR
from sim.engine.compiled.careers import begin_life, joins
from sim.engine.compiled.codes import (
    A_WORKER,
    COHORT_BEGINS,
    COHORT_OFFERS,
    COHORT_STARTS,
    D_NONE,
    D_SUPERNUMERARY,
    DATED_BEGINS,
    GROUP_BEGINS,
    GROUP_OFFERS,
    GROUP_OPENS,
    GROUP_STARTS,
    OFFERS,
    T_NEWLY_QUALIFIED_OFFER,
    T_ROUTE_OFFER,
    T_STARTS,
)
from sim.engine.compiled.facts import count_line, tell, train, under_way
from sim.engine.compiled.hiring import SOCIAL_WORKER
from sim.engine.compiled.jit import Key, World, compiled
from sim.engine.compiled.layout import (
    NONE,
    Cohort,
    Group,
    Post,
    arrival,
    cohort_,
    group_,
    open_team,
    post_,
    team_,
    vacancy_,
)
from sim.engine.compiled.luck import join, uniform
from sim.engine.compiled.queue import after, begin
from sim.engine.compiled.redeployment import await_post
from sim.engine.compiled.vacancies import STAGE_ADVERTISED, take
from sim.engine.compiled.world import (
    NOT_OPEN,
    UNCOVERED,
    count_start,
    new_worker,
    seat,
    set_state,
    tell_post,
)
from sim.inputs.fates import Purpose
from sim.inputs.plan import HUNDREDTHS, SUPERNUMERARY_LINE

_NEWLY_QUALIFIED = int(Route.NEWLY_QUALIFIED)
_BEGINNERS = sum(1 << route for route in NEWLY_QUALIFIED_ROUTES)
_SIZE, _DROP_OUT = int(Purpose.COHORT_SIZE), int(Purpose.DROP_OUT)
_COMES, _TRAINING_ENDS = int(Purpose.ARRIVAL_COMES), int(Purpose.TRAINING_ENDS)


@compiled
def cohort_goes_on(w: World, number: int, event: int) -> None:
    """One cohort: offers first, then the day on which all start."""
    cohort = cohort_(w, number)
    if event == COHORT_BEGINS:
        after(w, cohort.offer_day - w.now, COHORT_OFFERS, number)
    elif event == COHORT_OFFERS:
        size = _size(w, cohort)
        for index in range(cohort.count):
            one = arrival(w, cohort.first + index)
            one.without_post = 0
            if index >= size:
                continue
            one.key = join(cohort.key, index)
            one.drops_out = uniform(w, _DROP_OUT, one.key, 0) < w.cohort_drop_out
            vacancy = _post_for(w, _NEWLY_QUALIFIED, cohort.start_day)
            if vacancy == NONE:
                one.without_post = 1
                continue
            tell_post(w, T_NEWLY_QUALIFIED_OFFER, vacancy_(w, vacancy).post, D_NONE, 0)
            take(w, vacancy, one.key, _NEWLY_QUALIFIED, one.drops_out, cohort.start_day, NONE)
        after(w, cohort.start_day - w.now, COHORT_STARTS, number)
    else:
        _start_without_post(w, cohort.first, cohort.count, _NEWLY_QUALIFIED, NONE)


@compiled
def _size(w: World, cohort: Cohort) -> int:
    """Expected size, rounded up or down by luck so that the mean is kept."""
    whole = int(cohort.size)
    return whole + int(uniform(w, _SIZE, cohort.key, 0) < cohort.size - whole)


@compiled
def group_goes_on(w: World, number: int, event: int) -> None:
    """One group: offers or training, then posts for those who will come, then their start."""
    group = group_(w, number)
    if event == GROUP_BEGINS:
        after(w, group.begin_day - w.now, GROUP_OPENS, number)
    elif event == GROUP_OPENS:
        _count(w, group)
        after(w, group.offer_day - w.now, GROUP_OFFERS, number)
    elif event == GROUP_OFFERS:
        for index in range(group.people):
            one = arrival(w, group.first + index)
            one.without_post = 0
            if one.drops_out:
                continue
            vacancy = _post_for(w, group.route, group.start_day)
            if vacancy == NONE:
                one.without_post = 1
                continue
            tell_post(w, T_ROUTE_OFFER, vacancy_(w, vacancy).post, D_NONE, group.route)
            take(w, vacancy, one.key, group.route, False, group.start_day, number)
        after(w, group.start_day - w.now, GROUP_STARTS, number)
    else:
        _start_without_post(w, group.first, group.people, group.route, number)


@compiled
def _count(w: World, group: Group) -> None:
    """See who will come; count offers and training on the line, and who is under way at the end."""
    for index in range(group.people):
        one = arrival(w, group.first + index)
        one.key = join(group.key, index)
        one.drops_out = not uniform(w, _COMES, one.key, 0) < group.share_who_come
    if group.line == NONE:
        return
    count_line(w, OFFERS, group.line, float(group.people))
    for index in range(group.people):
        one = arrival(w, group.first + index)
        last = group.begin_day if one.drops_out else group.start_day
        if group.trains and one.drops_out:
            served = uniform(w, _TRAINING_ENDS, one.key, 0)
            last += served * (group.start_day - group.begin_day)
        if group.trains:
            train(w, group.line, group.begin_day, last)
        if last >= w.horizon:
            under_way(w, group.line)


@compiled
def _post_for(w: World, route: int, stays: float) -> int:
    """The vacancy advertised longest outside court teams that stays open until a day.

    Who is not newly qualified takes one in a court team where no other is advertised.
    """
    vacancy = _longest_advertised(w, False, stays)
    if vacancy == NONE and not _BEGINNERS >> route & 1:
        vacancy = _longest_advertised(w, True, stays)
    return vacancy


@compiled
def _longest_advertised(w: World, court: bool, until: float) -> int:
    """The social worker post of some teams advertised longest; ties by post number."""
    found, since = NONE, math.inf
    for number in range(w.posts_count):
        post = post_(w, number)
        if (
            _is_advertised(w, post)
            and (team_(w, post.team).is_court != 0) == court
            and post.end_day > until
            and (found == NONE or vacancy_(w, post.vacancy).advertised_day < since)
        ):
            found = post.vacancy
            since = vacancy_(w, found).advertised_day
    return found


@compiled
def _is_advertised(w: World, post: Post) -> bool:
    if post.role != SOCIAL_WORKER or post.vacancy == NONE:
        return False
    return bool(vacancy_(w, post.vacancy).stage == STAGE_ADVERTISED)


@compiled
def _start_without_post(w: World, first: int, count: int, route: int, group: int) -> None:
    """Those for whom no post was advertised start in a supernumerary one, teams in turn."""
    index = 0
    for place_ in range(first, first + count):
        one = arrival(w, place_)
        if not one.without_post:
            continue
        if not one.drops_out:
            team = open_team(w, index % w.open_teams_count).value
            _supernumerary(w, one.key, route, group, team)
        index += 1


@compiled
def _supernumerary(w: World, key: Key, route: int, group: int, team: int) -> None:
    """A post of twelve months on its own budget line, closed when another falls free."""
    number = w.posts_count
    if number >= w.posts_room:
        raise OverflowError("posts")
    w.posts_count += 1
    post = post_(w, number)
    post.key, post.team, post.role = key, team, SOCIAL_WORKER
    post.fte, post.hundredths = 1.0, HUNDREDTHS
    post.market, post.account = w.social_market, team_(w, team).supernumerary_account
    post.line = SUPERNUMERARY_LINE
    post.start_day, post.end_day, post.lapse_day = w.now, w.now + DAYS_PER_YEAR, math.inf
    post.choice_weight = post.pull = 1.0
    post.state, post.holder, post.vacancy, post.cover = NOT_OPEN, NONE, NONE, NONE
    post.vacancies = post.is_target = post.target_held = post.step = post.has_ended = 0
    set_state(w, number, UNCOVERED)
    worker = new_worker(w, key, route, number, w.now)
    seat(w, number, worker, False)
    count_start(w, NONE, worker)
    if group != NONE:
        joins(w, worker, group)
    tell(w, T_STARTS, team, number, A_WORKER, worker, D_SUPERNUMERARY, 0)
    await_post(w, worker)
    begin_life(w, worker)
    begin(w, DATED_BEGINS, number)
