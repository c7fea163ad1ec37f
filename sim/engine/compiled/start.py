"""Day 0: people, vacancies, offers and agency assignments as they stand (sim.engine.start)."""

from __future__ import annotations

import math

import numpy as np

from sim.config.routes import Route
from sim.dates import DAYS_PER_YEAR
from sim.engine.careers import FIVE_YEARS
from sim.engine.compiled.agency import begin_cover, open_places
from sim.engine.compiled.careers import await_settlement, begin_life, note_resignation
from sim.engine.compiled.codes import (
    AT_APPROVAL,
    AT_INSIDE,
    AT_MARKET,
    AT_OFFER,
    NOTICE_BEGINS,
    VACANCY_BEGINS,
)
from sim.engine.compiled.facts import REGISTERED_COUNT, in_post
from sim.engine.compiled.formulas import exponential
from sim.engine.compiled.hiring import SENIOR, SOCIAL_WORKER
from sim.engine.compiled.jit import World, compiled
from sim.engine.compiled.layout import (
    NONE,
    Post,
    market_,
    post_,
    role_,
    team_,
    vacancy_,
    worker_,
)
from sim.engine.compiled.listing import list_, take_listed
from sim.engine.compiled.luck import join, uniform
from sim.engine.compiled.queue import begin
from sim.engine.compiled.vacancies import EXPERIENCED, STAGE_IN_HAND, give, new_vacancy
from sim.engine.compiled.world import FILLED, NOT_OPEN, UNCOVERED, is_vacant, new_worker, set_state
from sim.engine.start import IN_HAND_CANDIDATE
from sim.inputs.fates import Purpose
from sim.inputs.plan import FIVE_YEARS_BAND

_AT_START, _NEWLY_QUALIFIED = int(Route.AT_START), int(Route.NEWLY_QUALIFIED)
_IN_HAND = np.uint64(IN_HAND_CANDIDATE)
_TENURE, _NOTICE = int(Purpose.START_TENURE), int(Purpose.START_NOTICE)
_STAGE, _ROUTE = int(Purpose.START_STAGE), int(Purpose.START_ROUTE)
_COVER, _OVERSEAS = int(Purpose.START_ASSIGNMENT), int(Purpose.START_OVERSEAS)
_RESIGNED = int(Purpose.START_RECENT_RESIGNATION)
_ACCEPTED, _DROP_OUT = int(Purpose.OFFER_ACCEPTED), int(Purpose.DROP_OUT)


@compiled
def set_up(w: World) -> None:
    """All posts, then people and vacancies, then agency above establishment."""
    for number in range(w.posts_count):
        state = post_(w, number).state
        post_(w, number).state = NOT_OPEN
        if state != NOT_OPEN:
            set_state(w, number, state)
    _resignations_before(w)
    for number in range(w.posts_count):
        post = post_(w, number)
        if post.state == FILLED:
            _holder(w, number)
        elif is_vacant(post):
            _vacant(w, number)
    _mark_overseas_staff(w)
    open_places(w)


# -- people ---------------------------------------------------------------------------------------


@compiled
def _holder(w: World, number: int) -> None:
    """The person in post on day 0, with tenure and route, perhaps under notice."""
    post = post_(w, number)
    route, joined = _history(w, post)
    worker = new_worker(w, join(post.key, _TENURE), route, number, joined)
    post.holder = worker
    in_post(w, post.role, route, post.hundredths)
    probability = role_(w, post.role).notice_probability
    luck = uniform(w, _NOTICE, post.key, 0)
    if luck < probability:
        _under_notice(w, number, worker, luck / probability)
    else:
        begin_life(w, worker)


@compiled
def _history(w: World, post: Post) -> tuple[int, float]:
    """Route and joining day."""
    may_be_new = post.role == SOCIAL_WORKER and not team_(w, post.team).is_court
    if may_be_new and uniform(w, _ROUTE, post.key, 0) < w.newly_qualified_share:
        return _NEWLY_QUALIFIED, -uniform(w, _TENURE, post.key, 0) * 30.0
    share = w.tenure_under_five
    luck = uniform(w, _TENURE, post.key, 0)
    if luck < share:
        return _AT_START, -luck / share * FIVE_YEARS
    rate = _leaving_rate(w, post.role)
    beyond = exponential((1.0 - luck) / (1.0 - share)) / rate if rate > 0 else DAYS_PER_YEAR
    return _AT_START, -(FIVE_YEARS + beyond)


@compiled
def _leaving_rate(w: World, role: int) -> float:
    rates = role_(w, role).rates
    return float(rates[FIVE_YEARS_BAND, 0] + rates[FIVE_YEARS_BAND, 1] + rates[FIVE_YEARS_BAND, 2])


@compiled
def _mark_overseas_staff(w: World) -> None:
    """Those who were hired abroad: it tells when they may settle, and changes nothing else."""
    if w.staff_people < 0:
        return
    count = 0
    for number in range(w.workers_count):
        worker = worker_(w, number)
        role = post_(w, worker.post).role
        if (
            (role in (SOCIAL_WORKER, SENIOR))
            and not worker.newly_qualified
            and w.staff_first_day <= worker.joined_day < w.staff_last_day
        ):
            luck = uniform(w, _OVERSEAS, worker.key, 0)
            count = list_(w, count, 0, luck, number)
    for left in range(count, max(0, count - w.staff_people), -1):
        number = take_listed(w, left)
        worker_(w, number).settles_day = worker_(w, number).joined_day + w.settlement_days
        await_settlement(w, number)


@compiled
def _under_notice(w: World, number: int, worker_number: int, luck: float) -> None:
    """A holder who resigned before day 0: notice part-served, vacancy part-filled."""
    post, worker = post_(w, number), worker_(w, worker_number)
    notice = market_(w, post.market).notice_days
    remaining = luck * notice
    elapsed = notice - remaining
    worker.under_notice = 1
    worker.exit = _exit_of(w, post)
    if post.role < REGISTERED_COUNT:
        note_resignation(w, post.team, -elapsed)
    vacancy = new_vacancy(w, number, worker_number, -elapsed)
    _count_target(w, post)
    _begin(w, vacancy, elapsed)
    worker.notice_left = remaining
    begin(w, NOTICE_BEGINS, worker_number)


@compiled
def _exit_of(w: World, post: Post) -> int:
    rates = role_(w, post.role).rates
    luck = uniform(w, _NOTICE, post.key, 1) * _leaving_rate(w, post.role)
    for exit_ in range(3):
        luck -= rates[FIVE_YEARS_BAND, exit_]
        if luck <= 0.0:
            return exit_
    return 0


@compiled
def _resignations_before(w: World) -> None:
    """Resignations of people who have gone by day 0 but are still felt by colleagues."""
    notice = market_(w, w.social_market).notice_days
    for number in range(w.teams_count):
        team = team_(w, number)
        day, k = -notice, 0
        while team.resignations_per_day > 0.0:
            luck = uniform(w, _RESIGNED, team.resignations_key, k)
            day -= exponential(luck) / team.resignations_per_day
            k += 1
            if day <= -w.contagion_days:
                break
            note_resignation(w, number, day)


# -- vacancies ------------------------------------------------------------------------------------


@compiled
def _count_target(w: World, post: Post) -> None:
    if post.role < REGISTERED_COUNT:
        post.is_target = 1
        market_(w, post.market).targets += 1.0


@compiled
def _vacant(w: World, number: int) -> None:
    """A vacant post: how long it has been open, its hiring, its cover."""
    post = post_(w, number)
    market = market_(w, post.market)
    waited = exponential(uniform(w, _STAGE, post.key, 2)) * market.vacancy_age_days
    vacancy = new_vacancy(w, number, NONE, -(market.notice_days + waited))
    _count_target(w, post)
    _begin(w, vacancy, market.notice_days + waited)
    pending = team_(w, post.team).request_pending
    asked = post.state == UNCOVERED and uniform(w, _COVER, post.key, 0) >= pending
    begin_cover(w, vacancy, post.state, asked)


@compiled
def _begin(w: World, number: int, elapsed: float) -> None:
    """Start a vacancy's process where it stands, `elapsed` days after it opened."""
    vacancy = vacancy_(w, number)
    post = post_(w, vacancy.post)
    since = elapsed - market_(w, post.market).approval_days
    if since < 0.0:
        vacancy.step, vacancy.elapsed = AT_APPROVAL, elapsed
        begin(w, VACANCY_BEGINS, number)
        return
    vacancy.advertised_day = -since
    inside = role_(w, post.role).inside_chance
    if post.holder != NONE and uniform(w, _STAGE, post.key, 3) < inside:
        vacancy.step, vacancy.elapsed = AT_INSIDE, max(0.0, w.appointment_days - since)
        begin(w, VACANCY_BEGINS, number)
        return
    _on_the_market(w, number, since)


@compiled
def _on_the_market(w: World, number: int, since: float) -> None:
    """Advertised, in selection, or awaiting a start, as a steady flow would have it."""
    vacancy = vacancy_(w, number)
    post = post_(w, vacancy.post)
    market = market_(w, post.market)
    hazard = market.candidates_per_day * (post.choice_weight * post.fte) / market.reference_fte
    longest_selecting = min(since, market.selection_days)
    longest_awaiting = min(max(0.0, since - market.selection_days), market.ready_days)
    selecting = hazard * longest_selecting
    awaiting = hazard * market.acceptance * longest_awaiting
    if is_vacant(post):
        selecting *= market.carried_selecting
        awaiting *= market.carried_awaiting
    luck = uniform(w, _STAGE, post.key, 0) * (1.0 + selecting + awaiting)
    part = uniform(w, _STAGE, post.key, 1)
    if luck >= selecting + awaiting:
        vacancy.step = AT_MARKET
        begin(w, VACANCY_BEGINS, number)
        return
    person = join(post.key, _IN_HAND)
    drops = uniform(w, _DROP_OUT, person, 0) < market.drop_out
    accepts = True
    vacancy.stage, vacancy.step = STAGE_IN_HAND, AT_OFFER
    if luck < selecting:
        accepts = uniform(w, _ACCEPTED, person, 0) < market.acceptance
        vacancy.selection_days = market.selection_days - part * longest_selecting
    else:
        vacancy.selection_days = 0.0
        vacancy.awaiting_days = market.ready_days - part * longest_awaiting
    give(w, number, person, EXPERIENCED, accepts, drops, math.nan, NONE)
    begin(w, VACANCY_BEGINS, number)
