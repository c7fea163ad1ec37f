"""Vacancies and the labour markets that candidates come from (sim.engine.hiring)."""

from __future__ import annotations

import math

import numpy as np

from sim.config.routes import Route
from sim.engine.compiled.codes import (
    A_CANDIDATE,
    AT_APPROVAL,
    CANDIDATE_COMES,
    D_NONE,
    LAYER_BEGINS,
    T_CANDIDATE,
    VACANCY_BEGINS,
    VACANCY_GOES_ON,
)
from sim.engine.compiled.facts import tell
from sim.engine.compiled.formulas import (
    candidate_rate_ratio,
    capped_ratio,
    exponential,
    race_time,
)
from sim.engine.compiled.help import drop_out_help
from sim.engine.compiled.jit import Key, World, compiled
from sim.engine.compiled.layout import (
    NONE,
    Market,
    advert,
    layer_,
    market_,
    market_year,
    month_,
    post_,
    vacancy_,
)
from sim.engine.compiled.luck import join, uniform
from sim.engine.compiled.queue import after, begin
from sim.engine.compiled.world import STAGE_CLOSED, end_vacancy, is_supernumerary
from sim.engine.entities import Stage
from sim.inputs.fates import Purpose

STAGE_APPROVAL, STAGE_INTERNAL = int(Stage.APPROVAL), int(Stage.INTERNAL)
STAGE_ADVERTISED, STAGE_IN_HAND = int(Stage.ADVERTISED), int(Stage.IN_HAND)
EXPERIENCED = int(Route.EXPERIENCED)
_GAP, _THERE = int(Purpose.CANDIDATE_GAP), int(Purpose.CANDIDATE_THERE)
_CHOICE, _ACCEPTED = int(Purpose.CANDIDATE_CHOICE), int(Purpose.OFFER_ACCEPTED)
_DROP_OUT = int(Purpose.DROP_OUT)
_BEYOND_ROUNDING = 1.0 + 1e-9


# -- vacancies ------------------------------------------------------------------------------------


@compiled
def new_vacancy(w: World, post: int, leaver: int, opened_day: float) -> int:
    """A vacancy's record, not yet alive."""
    number = w.vacancies_count
    if number >= w.vacancies_room:
        raise OverflowError("vacancies")
    w.vacancies_count += 1
    vacancy = vacancy_(w, number)
    vacancy.post, vacancy.number, vacancy.leaver = post, post_(w, post).vacancies, leaver
    vacancy.stage, vacancy.covers = STAGE_APPROVAL, 0
    vacancy.opened_day, vacancy.advertised_day, vacancy.offered_day = opened_day, -1.0, -1.0
    vacancy.agreed_day, vacancy.elapsed = -math.inf, 0.0
    vacancy.selection_days = vacancy.awaiting_days = math.nan
    vacancy.step, vacancy.cover_step = AT_APPROVAL, 0
    post_(w, post).vacancies += 1
    post_(w, post).vacancy = number
    return int(number)


@compiled
def open_vacancy(w: World, number: int, leaver: int) -> None:
    """A holder resigned, or a new post was funded: hiring begins, unless the post is to go."""
    post = post_(w, number)
    if is_supernumerary(post) or min(post.end_day, post.lapse_day) <= w.now:
        return
    begin(w, VACANCY_BEGINS, new_vacancy(w, number, leaver, w.now))


@compiled
def give(
    w: World, number: int, key: Key, route: int, accepts: bool, drops_out: bool,
    ready_day: float, group: int,
) -> None:  # fmt: skip
    """Hand a vacancy its candidate; `ready_day` is nan for the ordinary steps."""
    vacancy = vacancy_(w, number)
    vacancy.candidate, vacancy.route = key, route
    vacancy.accepts, vacancy.drops_out = accepts, drops_out
    vacancy.ready_day, vacancy.group = ready_day, group


@compiled
def take(
    w: World, number: int, key: Key, route: int, drops_out: bool, ready_day: float, group: int
) -> None:
    """Give an advertised vacancy to someone who does not come through the market."""
    withdraw(w, number)
    vacancy_(w, number).stage = STAGE_IN_HAND
    give(w, number, key, route, True, drops_out, ready_day, group)
    after(w, 0.0, VACANCY_GOES_ON, number)


@compiled
def close(w: World, number: int) -> None:
    """The post closes: the vacancy is over wherever it stands."""
    withdraw(w, number)
    end_vacancy(w, vacancy_(w, number).post, STAGE_CLOSED)


# -- the market -----------------------------------------------------------------------------------


@compiled
def advertise(w: World, number: int) -> None:
    """Put a vacancy before candidates; adverts stand in the order of their posts' numbers."""
    post = vacancy_(w, number).post
    index = post_(w, post).market
    market, first = market_(w, index), index * w.adverts_per_market
    place = market.advertised
    if place >= w.adverts_per_market:
        raise OverflowError("adverts")
    market.advertised += 1
    while place > 0 and advert(w, first + place - 1).value > post:
        advert(w, first + place).value = advert(w, first + place - 1).value
        place -= 1
    advert(w, first + place).value = post
    open_layers(w, index)


@compiled
def _advertised_at(w: World, market: Market, first: int, post: int) -> int:
    """Place of a post's advert; the number of adverts if it has none."""
    for place in range(market.advertised):
        if advert(w, first + place).value == post:
            return place
    return int(market.advertised)


@compiled
def withdraw(w: World, number: int) -> None:
    """Take a vacancy off the market."""
    post = vacancy_(w, number).post
    index = post_(w, post).market
    market, first = market_(w, index), index * w.adverts_per_market
    place = _advertised_at(w, market, first, post)
    if place == market.advertised:
        return
    market.advertised -= 1
    for other in range(place, market.advertised):
        advert(w, first + other).value = advert(w, first + other + 1).value


@compiled
def _ratio(w: World, index: int) -> float:
    """R / A: the rate of suitable candidates now, over its reference."""
    market, first = market_(w, index), index * w.adverts_per_market
    if market.candidates_per_day <= 0.0:
        return 0.0
    total = attracted = 0.0
    for place in range(market.advertised):
        post = post_(w, advert(w, first + place).value)
        total += post.choice_weight * post.fte
        attracted += post.pull * post.fte
    ratio = candidate_rate_ratio(
        total,
        market.reference_fte,
        market.vacancy_elasticity,
        attracted / total if total > 0.0 else 1.0,
        _year_multiplier(w, index),
    )
    return capped_ratio(
        ratio, market.candidates_per_day, market.cap_per_post_per_day, market.advertised
    )


@compiled
def _year_multiplier(w: World, index: int) -> float:
    year = month_(w, w.period).year
    return float(market_year(w, year * w.markets_count + index).value)


@compiled
def open_layers(w: World, index: int) -> None:
    """Start as many streams as the rate in force can need; one too many does no harm."""
    market = market_(w, index)
    if market.candidates_per_day <= 0.0:
        return
    bound = candidate_rate_ratio(
        market.advertised * market.largest_value,
        market.reference_fte,
        market.vacancy_elasticity,
        month_(w, w.period).most_pull * w.largest_pull,
        _year_multiplier(w, index),
    )
    while market.layers < bound:
        if w.layers_count >= w.layers_room:
            raise OverflowError("layers")
        layer = layer_(w, w.layers_count)
        layer.market, layer.number, layer.day, layer.k = index, market.layers, 0.0, 0
        layer.key = join(market.key, market.layers)
        begin(w, LAYER_BEGINS, w.layers_count)
        w.layers_count += 1
        market.layers += 1


@compiled
def layer_goes_on(w: World, number: int, event: int) -> None:
    """One layer of candidates, its times fixed from day 0 whenever the layer is opened."""
    layer = layer_(w, number)
    index = layer.market
    if event == CANDIDATE_COMES:
        there = uniform(w, _THERE, layer.key, layer.k)
        if layer.number + there < _ratio(w, index):
            _choose(w, index, join(layer.key, layer.k))
    day = layer.day
    while True:
        gap = exponential(uniform(w, _GAP, layer.key, layer.k))
        day += gap / market_(w, index).candidates_per_day
        layer.k += 1
        if day >= w.now:
            break
    layer.day = day
    after(w, day - w.now, CANDIDATE_COMES, number)


@compiled
def is_lost(luck: float, weight: float, best: float) -> bool:
    """Whether a race is lost for certain: a time is never below 1 - luck over the weight.

    Most are, and the logarithm is what takes time.
    """
    return bool((1.0 - luck) > best * weight * _BEYOND_ROUNDING)


@compiled
def _choose(w: World, index: int, person: Key) -> None:
    """A candidate takes the advertised post that wins an exponential race keyed by both."""
    market, first = market_(w, index), index * w.adverts_per_market
    best, winner = math.inf, NONE
    for place in range(market.advertised):
        number = advert(w, first + place).value
        post = post_(w, number)
        luck, weight = uniform(w, _CHOICE, person, post.key), post.pull * post.fte
        if is_lost(luck, weight, best):
            continue
        time = race_time(luck, weight)
        if time < best:
            best, winner = time, number
    if winner == NONE:
        return
    post = post_(w, winner)
    accepts = uniform(w, _ACCEPTED, person, 0) < market.acceptance
    drops = uniform(w, _DROP_OUT, person, 0) < market.drop_out * drop_out_help(w, post)
    number = post.vacancy
    withdraw(w, number)
    tell(w, T_CANDIDATE, post.team, winner, A_CANDIDATE, int(np.int64(person)), D_NONE, 0)
    vacancy_(w, number).stage = STAGE_IN_HAND
    give(w, number, person, EXPERIENCED, accepts, drops, math.nan, NONE)
    after(w, 0.0, VACANCY_GOES_ON, number)
