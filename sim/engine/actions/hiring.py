"""Offers, starts, and moves inside (docs/model.md, staffing)."""

from __future__ import annotations

import math

from sim.engine.actions.careers import joins_by, post_falls_empty
from sim.engine.actions.market import open_layers, open_vacancy, withdraw
from sim.engine.actions.posts import (
    count_start,
    end_vacancy,
    is_open,
    new_worker,
)
from sim.engine.actions.recording import record_event
from sim.engine.actions.redeployment import (
    arrival_for,
    change_posts,
    elsewhere,
    fill_from_inside,
    take_up,
)
from sim.engine.actions.sums import add_to_sum, begin_sum, sum_so_far
from sim.engine.actions.support import ready_days, review_support
from sim.engine.codes import (
    AGENCY_CONVERSION,
    RECODED,
    SENIOR_PRACTITIONER,
    SOCIAL_WORKER,
    TEAM_MANAGER,
    VACANCY_CLOSED,
)
from sim.engine.events import Event, Person, Story
from sim.engine.formulas import is_lost, pull_over, race_time
from sim.engine.layout import Post, Role, Vacancy, Worker, World
from sim.engine.rows import Maybe
from sim.engine.simpy.kernel import begin, join, key_plus, uniform
from sim.inputs.fates import Purpose

# -- an offer, and a start ------------------------------------------------------------------------


def selection_days(vacancy: Vacancy) -> float:
    """Days from a candidate in hand to the offer, or what was left of them on day 0."""
    days = vacancy.selection_days
    vacancy.selection_days = math.nan
    if math.isnan(days):
        return vacancy.post.market.selection_days * vacancy.post.cell.steps
    return days


def agree_start(w: World, vacancy: Vacancy) -> float:
    """A start is agreed: the days until it, or what was left of them on day 0.

    An agency worker who turns permanent gives no notice of the assignment.
    """
    days = vacancy.awaiting_days
    vacancy.awaiting_days = math.nan
    vacancy.offered_day = w.now
    if not math.isnan(vacancy.ready_day):
        days = vacancy.ready_day - w.now
    elif math.isnan(days):
        days = ready_days(vacancy.post)
    else:
        vacancy.offered_day = w.now - (vacancy.post.market.ready_days - days)
    if vacancy.route != AGENCY_CONVERSION:
        vacancy.agreed_day = vacancy.offered_day
    return max(0.0, days)


def leaver_is_there(vacancy: Vacancy) -> bool:
    """Whether the post's leaver has not left yet."""
    return vacancy.leaver is not None and not vacancy.leaver.gone


def start(w: World, vacancy: Vacancy, came_for: Vacancy) -> None:
    """The first day of somebody from outside, in the post they came for or in another."""
    post = vacancy.post
    key, person, route = came_for.candidate, came_for.person, came_for.route
    worker = new_worker(w, key, person, route, post, w.now)
    take_up(w, vacancy, worker, False)
    count_start(w, vacancy, worker)
    if came_for.group is not None:
        joins_by(w, worker, came_for.group)
    record_event(w, Event.STARTS, post, Person.WORKER, worker.person, worker.route)
    begin(w, Story.WORKER, worker)


def start_elsewhere(w: World, vacancy: Vacancy) -> None:
    """Someone was to start in a post that has ended: in another one, or not at all.

    Of posts that closed because nobody pays for them the offers end.
    """
    here_already = vacancy.route == AGENCY_CONVERSION or vacancy.route == RECODED
    if not vacancy.post.has_ended or here_already:
        return
    other = elsewhere(w, vacancy.post, vacancy.route)
    if other is None:
        record_event(w, Event.OFFER_WITHDRAWN, vacancy.post, Person.CANDIDATE, vacancy.person, 0)
    else:
        start(w, other, vacancy)


def close_vacancy(vacancy: Vacancy) -> None:
    """The post closes: the vacancy is over wherever it stands."""
    withdraw(vacancy)
    end_vacancy(vacancy.post, VACANCY_CLOSED)


# -- people without a post of their own -----------------------------------------------------------


def place_waiting(w: World, vacancy: Vacancy) -> bool:
    """A post that comes to the market goes first to somebody here who has none; whether it does."""
    if vacancy.post.holder is not None:
        return False
    if fill_from_inside(w, vacancy):
        return True
    worker = arrival_for(w, vacancy.post)
    if worker is None:
        return False
    move(w, vacancy, worker)
    return True


# -- inside ---------------------------------------------------------------------------------------


def inside_succeeds(w: World, vacancy: Vacancy) -> bool:
    """Whether a post, first advertised, finds somebody inside: a chance times its pull."""
    post = vacancy.post
    chance = post.role.inside_chance
    if chance <= 0.0:
        return False
    luck = uniform(w, Purpose.INTERNAL_OFFER, join(post.key, vacancy.number), 0)
    return luck < chance * pull_over(post.pull, mean_pull(w, post.role))


def mean_pull(w: World, role: Role) -> float:
    """Mean attractiveness over all posts of a role, taken once a month when first asked for."""
    if not role.has_mean_pull:
        begin_sum(w)
        for post in w.posts:
            if post.role is role and is_open(post):
                add_to_sum(w, post.fte)
        fte = sum_so_far(w)
        begin_sum(w)
        for post in w.posts:
            if post.role is role and is_open(post):
                add_to_sum(w, post.pull * post.fte)
        role.mean_pull = sum_so_far(w) / fte
        role.has_mean_pull = True
    return role.mean_pull


def review_hiring(w: World) -> None:
    """The monthly review: pay and years change how many come and what draws those inside."""
    for role in w.roles:
        role.has_mean_pull = False
    review_support(w)
    if w.month.has_pull or len(w.supports) > 0:
        for post in w.posts:
            pull = post.choice_weight * post.cell.month.pull
            post.pull = pull * post.cell.pull
    for market in w.markets:
        open_layers(w, market)


def promotes(to: int, origin: int) -> bool:
    """Whether holders in one role may be appointed inside to a post of another."""
    if to == TEAM_MANAGER:
        return origin in (SENIOR_PRACTITIONER, SOCIAL_WORKER)
    return (to in (SENIOR_PRACTITIONER, SOCIAL_WORKER)) and origin == SOCIAL_WORKER


def choose_mover(w: World, post: Post) -> Maybe[Worker]:
    """An exponential race keyed (worker, post) among those eligible by role and tenure."""
    latest = w.now - w.minimum_tenure_days
    index = key_plus(post.key, post.vacancies)
    best, winner = math.inf, None
    for origin in w.posts:
        worker = origin.holder
        if worker is None or not promotes(post.role.number, origin.role.number):
            continue
        if worker.under_notice or worker.joined_day > latest:
            continue
        if origin.role is post.role and origin.team is post.team:
            continue
        luck = uniform(w, Purpose.INTERNAL_CHOICE, worker.key, index)
        weight = pull_over(post.pull, origin.pull)
        if is_lost(luck, weight, best):
            continue
        time = race_time(luck, weight)
        if time < best:
            best, winner = time, worker
    return winner


def move(w: World, vacancy: Vacancy, worker: Worker) -> None:
    """An internal appointment: it opens the mover's own post."""
    origin = worker.post
    change_posts(w, vacancy, worker)
    open_vacancy(w, origin, None)
    post_falls_empty(w, origin)
