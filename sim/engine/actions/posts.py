"""Posts and their holders: the few changes of state that there are.

Every change of a post's state goes through here, so that a post is always in exactly one state and
its FTE is counted once.
"""

from __future__ import annotations

import math

from sim.engine.actions.attendance import worker_comes, worker_goes
from sim.engine.actions.capacity import cover_comes, cover_goes, keeps_caseload
from sim.engine.actions.recording import (
    count_line,
    flow,
    in_post,
    new_person,
    record_post_event,
    shift,
)
from sim.engine.codes import (
    BEGINNERS,
    CLOSED,
    COVERED,
    FILLED,
    FIRST_LEAVERS,
    PRESENT_AT_WORK,
    RECODED,
    STARTERS,
    STARTS,
    UNCOVERED,
    VACANCY_CLOSED,
    VACANCY_FILLED,
)
from sim.engine.events import Event
from sim.engine.formulas import exponential
from sim.engine.layout import ROLE_COUNT, Post, Vacancy, Worker, World
from sim.engine.rows import Key, Maybe
from sim.engine.simpy.kernel import add, new_signal, uniform
from sim.inputs.fates import Purpose
from sim.inputs.plan import BASELINE_LINE, SUPERNUMERARY_LINE


def is_open(post: Post) -> bool:
    """Part of the establishment now: held or vacant."""
    return FILLED <= post.state <= UNCOVERED


def is_vacant(post: Post) -> bool:
    """Open and without permanent holder; agency cover changes nothing."""
    return COVERED <= post.state <= UNCOVERED


def is_supernumerary(post: Post) -> bool:
    """Whether a post exists only until its holder finds another."""
    return post.line == SUPERNUMERARY_LINE


def is_baseline(post: Post) -> bool:
    """Whether a post belongs to the establishment of day 0 and its growth."""
    return post.line == BASELINE_LINE


def last_hiring_day(post: Post) -> float:
    """Day from which a post is not filled again."""
    return min(post.end_day, post.lapse_day)


def is_over(vacancy: Vacancy) -> bool:
    """Whether a vacancy was filled or its post closed."""
    return vacancy.stage >= VACANCY_FILLED


# -- people ---------------------------------------------------------------------------------------


def new_worker(
    w: World, key: Key, person: int, route: int, post: Post, joined_day: float
) -> Worker:
    """A person with their own luck: one unit-exponential threshold per exit."""
    number = len(w.workers)
    worker = add(w, w.workers)
    worker.key, worker.number, worker.person, worker.route = key, number, person, route
    for exit_ in range(3):
        worker.thresholds[exit_] = exponential(uniform(w, Purpose.EXIT_THRESHOLD, key, exit_))
    worker.post, worker.joined_day, worker.settles_day = post, joined_day, math.inf
    worker.left, worker.away = new_signal(w), PRESENT_AT_WORK
    worker.newly_qualified = BEGINNERS >> route & 1 == 1
    return worker


# -- changes of state -----------------------------------------------------------------------------


def set_state(w: World, post: Post, state: int) -> None:
    """Move a post to another state."""
    shift(w, post.account, post.hundredths, post.state, state)
    old = post.state
    post.state = state
    if state == COVERED:
        post.cover_person = new_person(w)
        if w.casework:
            cover_comes(w, post)
    elif old == COVERED and w.casework:
        cover_goes(w, post)


def appoint(w: World, post: Post, worker: Worker, stays: bool) -> None:
    """Give a vacant post its holder; one who `stays` in team and role keeps her cases."""
    if post.holder is not None:
        raise RuntimeError("a post already has a holder")
    post.holder, worker.post = worker, post
    if w.casework and stays:
        keeps_caseload(w, worker)
    elif w.casework:
        worker_comes(w, worker)
    set_state(w, post, FILLED)
    in_post(w, post.role, worker.route, post.hundredths)
    if post.is_target:
        post.target_held = True
        post.market.targets_held += 1.0


def vacate(w: World, post: Post, leaver: Worker, stays: bool) -> None:
    """Take a holder off a post, uncovered until cover comes; who `stays` keeps her cases."""
    if post.holder is not leaver:
        raise RuntimeError("a post is left by somebody who does not hold it")
    post.holder = None
    set_state(w, post, UNCOVERED)
    in_post(w, post.role, leaver.route, -post.hundredths)
    if w.casework and not stays:
        worker_goes(w, leaver)
    if post.target_held:
        post.target_held = False
        post.market.targets_held += -1.0


def close_post(w: World, post: Post) -> None:
    """Take a vacant post out of the establishment."""
    if post.holder is not None:
        raise RuntimeError("a post can't close while it is held")
    end_vacancy(post, VACANCY_CLOSED)
    set_state(w, post, CLOSED)
    record_post_event(w, Event.POST_CLOSES, post)


def end_vacancy(post: Post, stage: int) -> None:
    """End a post's vacancy; its stories find it over when they go on."""
    if post.vacancy is not None:
        post.vacancy.stage = stage
        post.vacancy = None


# -- flows ----------------------------------------------------------------------------------------


def count_start(w: World, vacancy: Maybe[Vacancy], worker: Worker) -> None:
    """Count someone who joined the council; there is no vacancy for a supernumerary post."""
    post = worker.post
    flow(STARTERS[worker.route], post.account, post.hundredths)
    cells = len(w.teams) * ROLE_COUNT
    for item in w.inductions:
        in_force = item.start_day <= w.now < item.end_day
        in_scope = w.induction_cells[item.number * cells + post.cell.number].on
        if in_force and in_scope and item.routes >> worker.route & 1:
            count_line(w, STARTS, item.line, item.share)
    if vacancy is None or worker.route == RECODED:
        return
    found = add(w, w.filled)
    found.post, found.account, found.route = post.number, post.account.number, worker.route
    found.opened_day, found.advertised_day = vacancy.opened_day, vacancy.advertised_day
    found.offered_day, found.filled_day = vacancy.offered_day, w.now


def count_leaver(worker: Worker) -> None:
    """Count someone who left the council."""
    flow(FIRST_LEAVERS + worker.exit, worker.post.account, worker.post.hundredths)
