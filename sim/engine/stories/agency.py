"""The stories of agency staff: cover of a vacancy, and places above establishment."""

from __future__ import annotations

from sim.engine.actions.agency import (
    conversion_days,
    end_assignment,
    has_no_cover,
    last_person_goes,
    next_person,
    notice_on,
    request_days,
    search_days,
    start_assignment,
    stay_days,
    turn_permanent,
)
from sim.engine.actions.posts import is_over
from sim.engine.actions.recording import shift_over_establishment
from sim.engine.codes import ADVERTISED, UNCOVERED
from sim.engine.formulas import exponential
from sim.engine.layout import Overlap, Placement, Vacancy, World
from sim.engine.simpy.kernel import Waits, has_fired, uniform, wait, wait_or
from sim.inputs.fates import Purpose
from sim.inputs.plan import HUNDREDTHS


def cover(w: World, vacancy: Vacancy) -> Waits:
    """Cover for one vacancy: request, search, assignment, and again until it is filled.

    An agency worker may turn permanent while the post is on the market. Where the level of a new
    year changes a vacancy's cover, this story begins anew, and the one before it ends.
    """
    turn = vacancy.covers
    while not has_turned(vacancy, turn):
        if vacancy.cover_state == UNCOVERED:
            if not vacancy.cover_asked:
                yield wait(w, request_days(w, vacancy))
            if has_turned(vacancy, turn) or has_no_cover(vacancy):
                return
            vacancy.cover_asked = False
            yield wait(w, search_days(w, vacancy))
            if has_turned(vacancy, turn):
                return
            start_assignment(w, vacancy)
        yield wait(w, min(stay_days(w, vacancy), conversion_days(w, vacancy)))
        if has_turned(vacancy, turn):
            return
        if conversion_days(w, vacancy) < stay_days(w, vacancy):
            if vacancy.stage == ADVERTISED:
                turn_permanent(w, vacancy)
                return
            yield wait(w, stay_days(w, vacancy) - conversion_days(w, vacancy))
            if has_turned(vacancy, turn):
                return
        end_assignment(w, vacancy)
        vacancy.cover_state = UNCOVERED
        vacancy.covers += 1
        turn += 1


def has_turned(vacancy: Vacancy, turn: int) -> bool:
    """Whether a vacancy is over, or its cover has begun anew since."""
    return is_over(vacancy) or vacancy.covers != turn


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
