"""Vacancies on the market, and the candidates who choose among them (docs/model.md, staffing)."""

from __future__ import annotations

import math

from sim.engine.actions.posts import is_supernumerary, last_hiring_day
from sim.engine.actions.recording import new_person, record_event
from sim.engine.codes import EXPERIENCED, IN_HAND
from sim.engine.events import Event, Person, Story
from sim.engine.formulas import candidate_rate_ratio, capped_ratio, is_lost, race_time
from sim.engine.layout import Group, Market, Post, Vacancy, Worker, World
from sim.engine.rows import Key, Maybe
from sim.engine.simpy.kernel import add, begin, fire, insert, join, new_signal, remove, uniform
from sim.inputs.fates import Purpose

# -- vacancies ------------------------------------------------------------------------------------


def new_vacancy(w: World, post: Post, leaver: Maybe[Worker], opened_day: float) -> Vacancy:
    """A vacancy's record, not yet alive."""
    vacancy = add(w, w.vacancies)
    vacancy.post, vacancy.leaver, vacancy.number = post, leaver, post.vacancies
    vacancy.opened_day, vacancy.advertised_day, vacancy.offered_day = opened_day, -1.0, -1.0
    vacancy.agreed_day = -math.inf
    vacancy.selection_days = vacancy.awaiting_days = vacancy.ready_day = math.nan
    post.vacancies += 1
    post.vacancy = vacancy
    return vacancy


def open_vacancy(w: World, post: Post, leaver: Maybe[Worker]) -> None:
    """A holder resigned, or a new post was funded: hiring begins, unless the post is to go."""
    if is_supernumerary(post) or last_hiring_day(post) <= w.now:
        return
    begin(w, Story.APPROVAL, new_vacancy(w, post, leaver, w.now))


def advertise(w: World, vacancy: Vacancy) -> None:
    """Put a vacancy before candidates, in the order of posts."""
    vacancy.taken = new_signal(w)
    adverts = vacancy.post.market.adverts
    place = len(adverts)
    while place > 0 and adverts[place - 1].number > vacancy.post.number:
        place -= 1
    insert(adverts, place, vacancy.post)
    open_layers(w, vacancy.post.market)


def withdraw(vacancy: Vacancy) -> None:
    """Take a vacancy off the market, if it is on it."""
    adverts = vacancy.post.market.adverts
    for place in range(len(adverts)):
        if adverts[place] is vacancy.post:
            remove(adverts, place)
            return


def give_candidate(
    w: World, vacancy: Vacancy, key: Key, person: int, route: int, drops_out: bool,
    ready_day: float, group: Maybe[Group],
) -> None:  # fmt: skip
    """Give an advertised vacancy to who accepts it; `ready_day` is nan for the usual steps."""
    withdraw(vacancy)
    take_in_hand(vacancy, key, person, route, True, drops_out, ready_day, group)
    fire(w, vacancy.taken)


def take_in_hand(
    vacancy: Vacancy, key: Key, person: int, route: int, accepts: bool, drops_out: bool,
    ready_day: float, group: Maybe[Group],
) -> None:  # fmt: skip
    """Note who is to fill a vacancy, if all goes well."""
    vacancy.stage = IN_HAND
    vacancy.candidate, vacancy.person, vacancy.route = key, person, route
    vacancy.accepts, vacancy.drops_out = accepts, drops_out
    vacancy.ready_day, vacancy.group = ready_day, group


# -- candidates -----------------------------------------------------------------------------------


def rate_ratio(market: Market) -> float:
    """R / A: the rate of suitable candidates now, over its reference."""
    if market.candidates_per_day <= 0.0:
        return 0.0
    total = attracted = 0.0
    for post in market.adverts:
        total += post.choice_weight * post.fte
        attracted += post.pull * post.fte
    ratio = candidate_rate_ratio(
        total,
        market.reference_fte,
        market.vacancy_elasticity,
        attracted / total if total > 0.0 else 1.0,
        market.year_multiplier,
    )
    return capped_ratio(
        ratio, market.candidates_per_day, market.cap_per_post_per_day, len(market.adverts)
    )


def open_layers(w: World, market: Market) -> None:
    """Start as many streams of candidates as the rate in force can need; one too many does no harm.

    The bound takes every advertised post to be a full-time one of the most attractive kind, so that
    it costs nothing to compute whenever a post is advertised.
    """
    if market.candidates_per_day <= 0.0:
        return
    bound = candidate_rate_ratio(
        len(market.adverts) * market.largest_value,
        market.reference_fte,
        market.vacancy_elasticity,
        w.month.most_pull * w.largest_pull,
        market.year_multiplier,
    )
    while market.layers < bound:
        layer = add(w, w.layers)
        layer.market, layer.number = market, market.layers
        layer.key = join(market.key, market.layers)
        begin(w, Story.CANDIDATES, layer)
        market.layers += 1


def choose_post(w: World, market: Market, key: Key) -> None:
    """A candidate takes the advertised post that wins an exponential race keyed by both."""
    best, winner = math.inf, None
    for post in market.adverts:
        luck, weight = uniform(w, Purpose.CANDIDATE_CHOICE, key, post.key), post.pull * post.fte
        if is_lost(luck, weight, best):
            continue
        time = race_time(luck, weight)
        if time < best:
            best, winner = time, post
    if winner is None:
        return
    accepts = uniform(w, Purpose.OFFER_ACCEPTED, key, 0) < market.acceptance
    drop_out = market.drop_out * winner.cell.drop_out
    drops_out = uniform(w, Purpose.DROP_OUT, key, 0) < drop_out
    person = new_person(w)
    withdraw(winner.vacancy)
    record_event(w, Event.CANDIDATE, winner, Person.CANDIDATE, person, 0)
    take_in_hand(winner.vacancy, key, person, EXPERIENCED, accepts, drops_out, math.nan, None)
    fire(w, winner.vacancy.taken)
