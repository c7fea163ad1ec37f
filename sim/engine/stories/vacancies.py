"""The stories of vacancies, step by step, and of the candidates who come to the market.

A vacancy's steps follow one another: each story ends by saying which is `following`, and that one
begins on the same instant. On day 0 a vacancy begins with the step in which it stands.
"""

from __future__ import annotations

import math

from sim.engine.actions.hiring import (
    agree_start,
    choose_mover,
    inside_succeeds,
    leaver_is_there,
    move,
    place_waiting,
    selection_days,
    start,
    start_elsewhere,
)
from sim.engine.actions.market import advertise, choose_post, rate_ratio
from sim.engine.actions.posts import is_over
from sim.engine.actions.recording import record_event, record_post_event
from sim.engine.codes import ADVERTISED, INSIDE
from sim.engine.events import NOTHING, Event, Person, Story
from sim.engine.formulas import exponential
from sim.engine.layout import Layer, Vacancy, World
from sim.engine.simpy.kernel import Waits, join, uniform, until, wait
from sim.inputs.fates import Purpose


def approval(w: World, vacancy: Vacancy) -> Waits:
    """The post waits to be approved; then it is advertised, first inside."""
    days = vacancy.post.market.approval_days * vacancy.post.cell.steps
    yield wait(w, max(0.0, days - vacancy.elapsed))
    vacancy.following = NOTHING
    if is_over(vacancy):
        return
    vacancy.advertised_day = w.now
    vacancy.elapsed = 0.0
    record_post_event(w, Event.ADVERTISED, vacancy.post)
    vacancy.following = Story.INSIDE if inside_succeeds(w, vacancy) else Story.MARKET


def appointment_inside(w: World, vacancy: Vacancy) -> Waits:
    """Somebody inside is to be appointed, once the leaver has gone; failing that, the market."""
    vacancy.stage = INSIDE
    vacancy.agreed_day = w.now
    yield wait(w, max(0.0, w.appointment_days - vacancy.elapsed))
    if not is_over(vacancy) and leaver_is_there(vacancy):
        yield until(w, vacancy.leaver.left)
    vacancy.following = NOTHING
    if is_over(vacancy):
        return
    mover = choose_mover(w, vacancy.post)
    if mover is None:
        vacancy.agreed_day = -math.inf
        vacancy.following = Story.MARKET
        return
    vacancy.offered_day = w.now
    move(w, vacancy, mover)


def on_the_market(w: World, vacancy: Vacancy) -> Waits:
    """The post is advertised until somebody takes it; an arrival without a post goes first."""
    vacancy.following = NOTHING
    if is_over(vacancy):
        return
    vacancy.stage = ADVERTISED
    if place_waiting(w, vacancy):
        return
    advertise(w, vacancy)
    yield until(w, vacancy.taken)
    vacancy.following = Story.OFFER


def offer(w: World, vacancy: Vacancy) -> Waits:
    """From a candidate in hand to the first day; an offer that falls through goes to the market.

    Nobody starts before the post's leaver has left.
    """
    vacancy.following = NOTHING
    if math.isnan(vacancy.ready_day):
        yield wait(w, selection_days(vacancy))
        if is_over(vacancy):
            return
        accepted = 1 if vacancy.accepts else 0
        record_event(w, Event.OFFER, vacancy.post, Person.CANDIDATE, vacancy.person, accepted)
        if not vacancy.accepts:
            vacancy.following = Story.MARKET
            return
    yield wait(w, agree_start(w, vacancy))
    if vacancy.drops_out:
        if not is_over(vacancy):
            vacancy.agreed_day = -math.inf
            record_event(w, Event.DROPS_OUT, vacancy.post, Person.CANDIDATE, vacancy.person, 0)
            vacancy.following = Story.MARKET
        return
    if not is_over(vacancy) and leaver_is_there(vacancy):
        yield until(w, vacancy.leaver.left)
    if is_over(vacancy):
        start_elsewhere(w, vacancy)
    else:
        start(w, vacancy, vacancy)


def next_step(w: World, vacancy: Vacancy) -> int:
    """The story that follows when a step of a vacancy is over; NOTHING when the vacancy is."""
    return vacancy.following


def candidates(w: World, layer: Layer) -> Waits:
    """One layer of candidates, its times fixed from day 0 whenever the layer is opened.

    Layer j is a stream of rate A whose luck is keyed (market, layer, k). A candidate with uniform u
    in layer j is there if j + u < R / A. A higher rate only adds candidates.
    """
    day, k = 0.0, 0
    while True:
        gap = exponential(uniform(w, Purpose.CANDIDATE_GAP, layer.key, k))
        day += gap / layer.market.candidates_per_day
        k += 1
        if day < w.now:
            continue
        yield wait(w, day - w.now)
        there = uniform(w, Purpose.CANDIDATE_THERE, layer.key, k)
        if layer.number + there < rate_ratio(layer.market):
            choose_post(w, layer.market, join(layer.key, k))
