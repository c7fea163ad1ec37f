"""The stories of agency staff: cover of a vacancy, and places above establishment."""

from __future__ import annotations

import math

from sim.engine.actions.agency import (
    cover_days,
    cover_key,
    last_person_goes,
    next_person,
    notice_on,
)
from sim.engine.actions.market import give_candidate
from sim.engine.actions.posts import is_over, set_state
from sim.engine.actions.recording import flow, record_event, shift_over_establishment
from sim.engine.codes import (
    ADVERTISED,
    AGENCY_CONVERSION,
    COVER_ENDS,
    COVER_STARTS,
    COVERED,
    UNCOVERED,
)
from sim.engine.events import Event, Person
from sim.engine.formulas import exponential
from sim.engine.layout import Overlap, Placement, Vacancy, World
from sim.engine.simpy.kernel import Waits, has_fired, join, uniform, wait, wait_or
from sim.inputs.fates import Purpose
from sim.inputs.plan import HUNDREDTHS


def cover(w: World, vacancy: Vacancy) -> Waits:
    """Cover for one vacancy: request, search, assignment, and again until it is filled."""
    while not is_over(vacancy):
        if vacancy.cover_state == UNCOVERED:
            if not vacancy.cover_asked:
                yield wait(w, cover_days(w, vacancy, Purpose.COVER_REQUEST, w.request_days))
            vacancy.cover_asked = False
            rate = vacancy.post.team.cover_per_day * w.month.year.cover
            rate = rate * vacancy.post.cell.month.cover
            if rate <= 0.0:
                return
            yield wait(w, cover_days(w, vacancy, Purpose.COVER_SEARCH, 1.0 / rate))
            if is_over(vacancy):
                return
            post = vacancy.post
            set_state(w, post, COVERED)
            flow(COVER_STARTS, post.account, post.hundredths)
            record_event(w, Event.COVER_BEGINS, post, Person.AGENCY_WORKER, post.cover_person, 0)
        yield from assignment(w, vacancy)
        vacancy.cover_state = UNCOVERED


def assignment(w: World, vacancy: Vacancy) -> Waits:
    """An agency worker stays, and may turn permanent while the post is on the market."""
    stay = cover_days(w, vacancy, Purpose.COVER_ASSIGNMENT, w.assignment_days)
    converts = math.inf
    if w.conversion_per_day > 0.0:
        converts = cover_days(w, vacancy, Purpose.COVER_CONVERSION, 1.0 / w.conversion_per_day)
    if converts < stay:
        stay -= converts
        yield wait(w, converts)
        if is_over(vacancy):
            return
        if vacancy.stage == ADVERTISED:
            key = join(cover_key(vacancy), 1000 + vacancy.covers)
            person = vacancy.post.cover_person
            give_candidate(w, vacancy, key, person, AGENCY_CONVERSION, False, w.now, None)
            return
    yield wait(w, stay)
    if is_over(vacancy):
        return
    vacancy.covers += 1
    post = vacancy.post
    set_state(w, post, UNCOVERED)
    flow(COVER_ENDS, post.account, post.hundredths)
    record_event(w, Event.COVER_ENDS, post, Person.AGENCY_WORKER, post.cover_person, 0)


def overlap(w: World, stays: Overlap) -> Waits:
    """An agency worker whose notice runs past the start stays above establishment."""
    shift_over_establishment(w, stays.team, stays.hundredths)
    yield wait(w, stays.days)
    shift_over_establishment(w, stays.team, -stays.hundredths)


def placement(w: World, place: Placement) -> Waits:
    """One place above establishment: assignments follow one another until it is let go."""
    shift_over_establishment(w, place.team, HUNDREDTHS)
    while not has_fired(place.let_go):
        luck = uniform(w, Purpose.ABOVE_ASSIGNMENT, place.slot.key, place.slot.people)
        next_person(w, place)
        yield wait_or(w, w.assignment_days * exponential(luck), place.let_go)
    yield wait(w, notice_on(w, w.now))
    shift_over_establishment(w, place.team, -HUNDREDTHS)
    last_person_goes(w, place)
