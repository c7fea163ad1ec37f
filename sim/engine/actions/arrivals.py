"""Arrivals: newly qualified cohorts, and people who come from abroad or from training.

One door for all: on the day of the offer the post advertised longest outside court teams; failing
that, for who is not newly qualified, in a court team; failing that, a supernumerary post of twelve
months, which ends as any other does.
"""

from __future__ import annotations

import math

from sim.dates import DAYS_PER_YEAR
from sim.engine.actions.careers import joins_by
from sim.engine.actions.market import give_candidate
from sim.engine.actions.posts import appoint, count_start, new_worker, set_state
from sim.engine.actions.recording import count_line, new_person, record_event, train, under_way
from sim.engine.actions.redeployment import await_post
from sim.engine.codes import (
    ADVERTISED,
    BEGINNERS,
    NEWLY_QUALIFIED_ROUTE,
    OFFERS,
    SOCIAL_WORKER,
    UNCOVERED,
)
from sim.engine.events import Event, Person, Story
from sim.engine.layout import ROLE_COUNT, Cohort, Group, Post, Team, Vacancy, World
from sim.engine.rows import Key, Maybe
from sim.engine.simpy.kernel import add, begin, join, uniform
from sim.inputs.fates import Purpose
from sim.inputs.plan import HUNDREDTHS, SUPERNUMERARY_LINE

# -- cohorts and groups ---------------------------------------------------------------------------


def make_cohort_offers(w: World, cohort: Cohort) -> None:
    """A cohort's offers: posts for as many as are advertised."""
    size = cohort_size(w, cohort)
    for index in range(cohort.count):
        one = w.arrivals[cohort.first + index]
        if index >= size:
            continue
        one.key = join(cohort.key, index)
        one.drops_out = uniform(w, Purpose.DROP_OUT, one.key, 0) < w.cohort_drop_out
        vacancy = post_for(w, NEWLY_QUALIFIED_ROUTE, cohort.start_day)
        one.without_post = vacancy is None
        if vacancy is not None:
            make_offer(
                w, vacancy, one.key, NEWLY_QUALIFIED_ROUTE, one.drops_out, cohort.start_day, None
            )


def cohort_size(w: World, cohort: Cohort) -> int:
    """Expected size, rounded up or down by luck so that the mean is kept."""
    whole = int(cohort.size)
    if uniform(w, Purpose.COHORT_SIZE, cohort.key, 0) < cohort.size - whole:
        return whole + 1
    return whole


def open_group(w: World, group: Group) -> None:
    """See who of a group will come; count offers and training, and who is under way at the end.

    Who will not complete leaves on a day that is uniform over the training.
    """
    for index in range(group.people):
        one = w.arrivals[group.first + index]
        one.key = join(group.key, index)
        comes = uniform(w, Purpose.ARRIVAL_COMES, one.key, 0) < group.share_who_come
        one.comes = index < group.found and comes
    if group.line < 0:
        return
    count_line(w, OFFERS, group.line, float(group.people))
    for index in range(group.people):
        one = w.arrivals[group.first + index]
        last = group.start_day if one.comes else group.begin_day
        if group.trains and not one.comes:
            served = uniform(w, Purpose.TRAINING_ENDS, one.key, 0)
            last += served * (group.start_day - group.begin_day)
        if group.trains:
            train(w, group.line, group.begin_day, last)
        if last >= w.horizon:
            under_way(w, group.line)


def make_group_offers(w: World, group: Group) -> None:
    """Posts for those of a group who will come, for as many as are advertised."""
    for index in range(group.people):
        one = w.arrivals[group.first + index]
        if not one.comes:
            continue
        vacancy = post_for(w, group.route, group.start_day)
        one.without_post = vacancy is None
        if vacancy is not None:
            make_offer(w, vacancy, one.key, group.route, False, group.start_day, group)


def make_offer(
    w: World, vacancy: Vacancy, key: Key, route: int, drops_out: bool, start_day: float,
    group: Maybe[Group],
) -> None:  # fmt: skip
    """Somebody takes an advertised post, to start on a day of their own."""
    person = new_person(w)
    record_event(w, Event.ARRIVAL_OFFER, vacancy.post, Person.CANDIDATE, person, route)
    give_candidate(w, vacancy, key, person, route, drops_out, start_day, group)


# -- posts for them -------------------------------------------------------------------------------


def post_for(w: World, route: int, until: float) -> Maybe[Vacancy]:
    """The vacancy advertised longest outside court teams that does not close by a day.

    Who is not newly qualified takes one in a court team where no other is advertised.
    """
    vacancy = longest_advertised(w, False, until)
    if vacancy is None and BEGINNERS >> route & 1 == 0:
        vacancy = longest_advertised(w, True, until)
    return vacancy


def longest_advertised(w: World, court: bool, until: float) -> Maybe[Vacancy]:
    """The social worker post of some teams advertised longest; ties by post number."""
    found, since = None, math.inf
    for post in w.posts:
        if not is_advertised(post) or post.team.is_court != court or post.end_day <= until:
            continue
        if found is None or post.vacancy.advertised_day < since:
            found, since = post.vacancy, post.vacancy.advertised_day
    return found


def is_advertised(post: Post) -> bool:
    """Whether a post is a social worker's and on the market."""
    if post.role.number != SOCIAL_WORKER or post.vacancy is None:
        return False
    return post.vacancy.stage == ADVERTISED


# -- those without one ----------------------------------------------------------------------------


def start_cohort_without_post(w: World, cohort: Cohort) -> None:
    """Those of a cohort for whom no post was advertised start in a supernumerary one."""
    start_without_post(w, cohort.first, cohort.count, NEWLY_QUALIFIED_ROUTE, None)


def start_group_without_post(w: World, group: Group) -> None:
    """Those of a group for whom no post was advertised start in a supernumerary one."""
    start_without_post(w, group.first, group.people, group.route, group)


def start_without_post(w: World, first: int, count: int, route: int, group: Maybe[Group]) -> None:
    """Those without a post among some arrivals start in a supernumerary one, teams in turn."""
    index = 0
    for place in range(first, first + count):
        one = w.arrivals[place]
        if not one.without_post:
            continue
        if not one.drops_out:
            make_supernumerary(w, one.key, route, group, w.open_teams[index % len(w.open_teams)])
        index += 1


def make_supernumerary(w: World, key: Key, route: int, group: Maybe[Group], team: Team) -> None:
    """A post of twelve months on its own budget line, closed when another falls free."""
    number = len(w.posts)
    post = add(w, w.posts)
    post.number, post.key, post.team = number, key, team
    post.fte, post.hundredths = 1.0, HUNDREDTHS
    post.role, post.market = w.roles[SOCIAL_WORKER], w.social_market
    post.cell = w.cells[team.number * ROLE_COUNT + SOCIAL_WORKER]
    post.account, post.line = team.supernumerary, SUPERNUMERARY_LINE
    post.start_day, post.end_day, post.lapse_day = w.now, w.now + DAYS_PER_YEAR, math.inf
    post.choice_weight = post.pull = 1.0
    set_state(w, post, UNCOVERED)
    worker = new_worker(w, key, new_person(w), route, post, w.now)
    appoint(w, post, worker, False)
    count_start(w, None, worker)
    if group is not None:
        joins_by(w, worker, group)
    record_event(w, Event.STARTS_WITHOUT_POST, post, Person.WORKER, worker.person, route)
    await_post(w, worker)
    begin(w, Story.WORKER, worker)
    begin(w, Story.DATED_POST, post)
