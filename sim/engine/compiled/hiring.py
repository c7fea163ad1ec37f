"""A vacancy's life, from approval to a start (sim.engine.hiring)."""

from __future__ import annotations

import math

import numpy as np

from sim.config.roles import ROLES, Role
from sim.config.routes import NEWLY_QUALIFIED_ROUTES, Route
from sim.engine.compiled.careers import begin_life, joins, post_falls_empty
from sim.engine.compiled.codes import (
    A_WORKER,
    APPOINTED_LEAVER_THERE,
    AT_APPROVAL,
    AT_INSIDE,
    AT_MARKET,
    AWAITING_START,
    D_DECLINED,
    D_NONE,
    D_ROUTE,
    IN_APPOINTMENT,
    IN_APPROVAL,
    IN_SELECTION,
    ON_THE_MARKET,
    START_LEAVER_THERE,
    T_ADVERTISED,
    T_DROPS_OUT,
    T_OFFER,
    T_OFFER_WITHDRAWN,
    T_STARTS,
    VACANCY_GOES_ON,
)
from sim.engine.compiled.facts import tell
from sim.engine.compiled.formulas import pull_over, race_time
from sim.engine.compiled.help import pull_help, ready_days, refresh_help, steps_help
from sim.engine.compiled.jit import World, compiled
from sim.engine.compiled.layout import (
    NONE,
    ROLE_COUNT,
    market_,
    month_,
    post_,
    ranked,
    role_,
    vacancy_,
    worker_,
)
from sim.engine.compiled.luck import join, uniform
from sim.engine.compiled.queue import after
from sim.engine.compiled.redeployment import (
    arrival_for,
    change_posts,
    elsewhere,
    fill_from_inside,
    take_up,
)
from sim.engine.compiled.sums import exact_sum
from sim.engine.compiled.vacancies import (
    STAGE_ADVERTISED,
    STAGE_INTERNAL,
    advertise,
    give,
    is_lost,
    open_layers,
    open_vacancy,
)
from sim.engine.compiled.world import (
    count_start,
    is_open,
    is_over,
    month_of,
    new_worker,
    tell_post,
)
from sim.inputs.fates import Purpose

_CONVERSION = int(Route.AGENCY_CONVERSION)
_HERE_ALREADY = (int(Route.AGENCY_CONVERSION), int(Route.RECODED))
_BEGINNERS = sum(1 << route for route in NEWLY_QUALIFIED_ROUTES)
_OFFER, _CHOICE = int(Purpose.INTERNAL_OFFER), int(Purpose.INTERNAL_CHOICE)
SOCIAL_WORKER, SENIOR, MANAGER = (
    ROLES.index(role) for role in (Role.SOCIAL_WORKER, Role.SENIOR_PRACTITIONER, Role.TEAM_MANAGER)
)

# -- a vacancy's life -----------------------------------------------------------------------------


@compiled
def vacancy_begins(w: World, number: int) -> None:
    """A vacancy's life begins, or on day 0 goes on, at its step."""
    vacancy = vacancy_(w, number)
    post = post_(w, vacancy.post)
    if vacancy.step == AT_APPROVAL:
        approval = market_(w, post.market).approval_days * steps_help(w, post)
        _wait(w, number, max(0.0, approval - vacancy.elapsed), IN_APPROVAL)
    elif vacancy.step == AT_INSIDE:
        _inside(w, number, vacancy.elapsed)
    elif vacancy.step == AT_MARKET:
        _to_market(w, number)
    else:
        _offer(w, number)


@compiled
def vacancy_goes_on(w: World, number: int) -> None:
    """What a vacancy waited for has come."""
    vacancy = vacancy_(w, number)
    step = vacancy.step
    if step == ON_THE_MARKET:
        vacancy.selection_days = vacancy.awaiting_days = math.nan
        _offer(w, number)
    elif is_over(vacancy):
        if step in (AWAITING_START, START_LEAVER_THERE):
            _start_elsewhere(w, number)
    elif step == IN_APPROVAL:
        _approved(w, number)
    elif step == IN_APPOINTMENT:
        if _leaver_is_there(w, number, APPOINTED_LEAVER_THERE):
            return
        _appoint(w, number)
    elif step == APPOINTED_LEAVER_THERE:
        _appoint(w, number)
    elif step == IN_SELECTION:
        _selected(w, number)
    elif step == AWAITING_START:
        _ready(w, number)
    else:
        _start(w, number)


@compiled
def _wait(w: World, number: int, days: float, step: int) -> None:
    vacancy_(w, number).step = step
    after(w, days, VACANCY_GOES_ON, number)


@compiled
def _approved(w: World, number: int) -> None:
    """Approved: advertised, and offered inside once."""
    vacancy = vacancy_(w, number)
    vacancy.advertised_day = w.now
    tell_post(w, T_ADVERTISED, vacancy.post, D_NONE, 0)
    if _inside_succeeds(w, number):
        _inside(w, number, w.appointment_days)
    else:
        _to_market(w, number)


@compiled
def _to_market(w: World, number: int) -> None:
    """Advertise until a candidate comes; an arrival without a post comes first."""
    vacancy = vacancy_(w, number)
    if is_over(vacancy):
        return
    vacancy.stage = STAGE_ADVERTISED
    if _place_waiting(w, number):
        return
    vacancy.step = ON_THE_MARKET
    advertise(w, number)


@compiled
def _offer(w: World, number: int) -> None:
    """From a candidate in hand to an offer; those on a date of their own have one already."""
    vacancy = vacancy_(w, number)
    post = post_(w, vacancy.post)
    if math.isnan(vacancy.ready_day):
        days = vacancy.selection_days
        if math.isnan(days):
            days = market_(w, post.market).selection_days * steps_help(w, post)
        _wait(w, number, days, IN_SELECTION)
        return
    vacancy.offered_day = w.now
    _await_start(w, number, vacancy.ready_day - w.now)


@compiled
def _selected(w: World, number: int) -> None:
    """The offer: declined, or accepted with checks and notice to come."""
    vacancy = vacancy_(w, number)
    post = post_(w, vacancy.post)
    tell_post(w, T_OFFER, vacancy.post, D_NONE if vacancy.accepts else D_DECLINED, 0)
    if not vacancy.accepts:
        _to_market(w, number)
        return
    served, wait = 0.0, vacancy.awaiting_days
    if math.isnan(wait):
        wait = ready_days(w, post)
    else:
        served = market_(w, post.market).ready_days - wait
    vacancy.offered_day = w.now - served
    _await_start(w, number, wait)


@compiled
def _await_start(w: World, number: int, days: float) -> None:
    vacancy = vacancy_(w, number)
    if vacancy.route != _CONVERSION:
        vacancy.agreed_day = vacancy.offered_day
    _wait(w, number, max(0.0, days), AWAITING_START)


@compiled
def _ready(w: World, number: int) -> None:
    """Checks and notice are over: the candidate drops out, or starts once the leaver has left."""
    vacancy = vacancy_(w, number)
    if vacancy.drops_out:
        vacancy.agreed_day = -math.inf
        tell_post(w, T_DROPS_OUT, vacancy.post, D_NONE, 0)
        _to_market(w, number)
    elif not _leaver_is_there(w, number, START_LEAVER_THERE):
        _start(w, number)


@compiled
def _leaver_is_there(w: World, number: int, step: int) -> bool:
    """Whether the post's leaver has still to leave; the vacancy then waits for it."""
    vacancy = vacancy_(w, number)
    if vacancy.leaver == NONE or worker_(w, vacancy.leaver).gone:
        return False
    vacancy.step = step
    worker_(w, vacancy.leaver).waited_for_by = number
    return True


@compiled
def _start(w: World, number: int) -> None:
    """The first day of someone from outside."""
    vacancy = vacancy_(w, number)
    post = vacancy.post
    worker = new_worker(w, vacancy.candidate, vacancy.route, post, w.now)
    take_up(w, number, worker, False)
    count_start(w, number, worker)
    if vacancy.group != NONE:
        joins(w, worker, vacancy.group)
    tell(w, T_STARTS, post_(w, post).team, post, A_WORKER, worker, D_ROUTE, vacancy.route)
    begin_life(w, worker)


@compiled
def _start_elsewhere(w: World, number: int) -> None:
    """Someone was to start in a post that has ended: in another one, or not at all."""
    vacancy = vacancy_(w, number)
    post, route = post_(w, vacancy.post), vacancy.route
    if vacancy.drops_out or not post.has_ended or route in _HERE_ALREADY:
        return
    other = elsewhere(w, post, _BEGINNERS >> route & 1 != 0)
    if other == NONE:
        tell_post(w, T_OFFER_WITHDRAWN, vacancy.post, D_NONE, 0)
        return
    give(w, other, vacancy.candidate, route, True, False, vacancy.ready_day, vacancy.group)
    _start(w, other)


@compiled
def _place_waiting(w: World, number: int) -> bool:
    """A post that comes to the market goes first to somebody here who has none."""
    post = post_(w, vacancy_(w, number).post)
    if post.holder != NONE:
        return False
    if fill_from_inside(w, number):
        return True
    worker = arrival_for(w, post)
    if worker == NONE:
        return False
    move(w, number, worker)
    return True


# -- inside ---------------------------------------------------------------------------------------


@compiled
def _inside(w: World, number: int, days: float) -> None:
    """An appointment from inside is under way."""
    vacancy = vacancy_(w, number)
    vacancy.stage, vacancy.agreed_day = STAGE_INTERNAL, w.now
    _wait(w, number, days, IN_APPOINTMENT)


@compiled
def _appoint(w: World, number: int) -> None:
    """Somebody moves in from inside, or the post goes to the market."""
    vacancy = vacancy_(w, number)
    mover = _choose_mover(w, vacancy.post)
    if mover == NONE:
        vacancy.agreed_day = -math.inf
        _to_market(w, number)
        return
    vacancy.offered_day = w.now
    move(w, number, mover)


@compiled
def _inside_succeeds(w: World, number: int) -> bool:
    """Whether a post, first advertised, finds somebody inside: a chance times its pull."""
    vacancy = vacancy_(w, number)
    post = post_(w, vacancy.post)
    chance = role_(w, post.role).inside_chance
    if chance <= 0.0:
        return False
    luck = uniform(w, _OFFER, join(post.key, vacancy.number), 0)
    return bool(luck < chance * pull_over(post.pull, _mean_pull(w, post.role)))


@compiled
def _mean_pull(w: World, role: int) -> float:
    """Mean attractiveness over all posts of a role, taken once a month when first asked for."""
    kept = role_(w, role)
    if not kept.has_mean_pull:
        fte = exact_sum(w, _rank_posts(w, role, False))
        kept.mean_pull = exact_sum(w, _rank_posts(w, role, True)) / fte
        kept.has_mean_pull = 1
    return float(kept.mean_pull)


@compiled
def _rank_posts(w: World, role: int, with_pull: bool) -> int:
    """Put the FTE of a role's open posts into `ranked`, times their pull where asked."""
    count = 0
    for number in range(w.posts_count):
        post = post_(w, number)
        if post.role == role and is_open(post):
            if count >= w.ranked_room:
                raise OverflowError("ranked")
            ranked(w, count).value = post.pull * post.fte if with_pull else post.fte
            count += 1
    return count


@compiled
def refresh_hiring(w: World) -> None:
    """The monthly review: pay and years change how many come and what draws those inside."""
    for role in range(ROLE_COUNT):
        role_(w, role).has_mean_pull = 0
    refresh_help(w)
    if month_(w, w.period).has_pull or w.helps_count > 0:
        for number in range(w.posts_count):
            post = post_(w, number)
            pull = post.choice_weight * month_of(w, post.team, post.role).pull
            post.pull = pull * pull_help(w, post)
    for index in range(w.markets_count):
        open_layers(w, index)


@compiled
def _promotes(to: int, origin: int) -> bool:
    """Whether holders in one role may be appointed inside to a post of another."""
    if to == MANAGER:
        return origin in (SENIOR, SOCIAL_WORKER)
    return (to in (SENIOR, SOCIAL_WORKER)) and origin == SOCIAL_WORKER


@compiled
def _choose_mover(w: World, number: int) -> int:
    """An exponential race keyed (worker, post) among those eligible by role and tenure."""
    post = post_(w, number)
    latest = w.now - w.minimum_tenure_days
    index = post.key + np.uint64(post.vacancies)
    best, winner = math.inf, NONE
    for place in range(w.posts_count):
        origin = post_(w, place)
        if origin.holder == NONE or not _promotes(post.role, origin.role):
            continue
        worker = worker_(w, origin.holder)
        if worker.under_notice or worker.joined_day > latest:
            continue
        if origin.role == post.role and origin.team == post.team:
            continue
        luck = uniform(w, _CHOICE, worker.key, index)
        weight = pull_over(post.pull, origin.pull)
        if is_lost(luck, weight, best):
            continue
        time = race_time(luck, weight)
        if time < best:
            best, winner = time, origin.holder
    return winner


@compiled
def move(w: World, number: int, worker: int) -> None:
    """An internal appointment: it opens the mover's own post."""
    origin = worker_(w, worker).post
    change_posts(w, number, worker)
    open_vacancy(w, origin, NONE)
    post_falls_empty(w, origin)
