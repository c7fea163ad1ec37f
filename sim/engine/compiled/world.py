"""The state of one run and its few transitions (sim.engine.world)."""

from __future__ import annotations

import math

from sim.config.routes import NEWLY_QUALIFIED_ROUTES, Route
from sim.engine.compiled.attendance import worker_comes, worker_goes, worker_stays
from sim.engine.compiled.codes import D_NONE, FIRST_LEAVERS, NOBODY, STARTERS, STARTS, T_POST_CLOSES
from sim.engine.compiled.facts import count_line, flow, in_post, shift, tell
from sim.engine.compiled.formulas import exponential
from sim.engine.compiled.jit import Key, World, compiled
from sim.engine.compiled.layout import (
    NONE,
    ROLE_COUNT,
    CellMonth,
    Post,
    Vacancy,
    cell_month,
    filled,
    induction,
    induction_cell,
    market_,
    post_,
    vacancy_,
    worker_,
)
from sim.engine.compiled.luck import uniform
from sim.engine.compiled.seats import cover_comes, cover_goes
from sim.engine.entities import Stage
from sim.inputs.fates import Purpose
from sim.inputs.plan import BASELINE_LINE, SUPERNUMERARY_LINE
from sim.inputs.position import PostState

NOT_OPEN, FILLED, COVERED = int(PostState.NOT_OPEN), int(PostState.FILLED), int(PostState.COVERED)
UNCOVERED, CLOSED = int(PostState.UNCOVERED), int(PostState.CLOSED)
STAGE_CLOSED, STAGE_FILLED = int(Stage.CLOSED), int(Stage.FILLED)
_RECODED = int(Route.RECODED)
_BEGINNERS = sum(1 << route for route in NEWLY_QUALIFIED_ROUTES)
_THRESHOLD = int(Purpose.EXIT_THRESHOLD)


@compiled
def cell(w: World, post: Post) -> int:
    """Place of a post's team and role among all teams and roles."""
    return int(post.team * ROLE_COUNT + post.role)


@compiled
def month_of(w: World, team: int, role: int) -> CellMonth:
    """What a team's posts of a role are subject to this month."""
    return cell_month(w, (w.period * w.teams_count + team) * ROLE_COUNT + role)


@compiled
def is_open(post: Post) -> bool:
    """Part of the establishment now: held or vacant."""
    return bool(post.state in (FILLED, COVERED, UNCOVERED))


@compiled
def is_vacant(post: Post) -> bool:
    """Open and without permanent holder."""
    return bool(post.state in (COVERED, UNCOVERED))


@compiled
def is_supernumerary(post: Post) -> bool:
    """Whether a post exists only until its holder finds another."""
    return bool(post.line == SUPERNUMERARY_LINE)


@compiled
def is_baseline(post: Post) -> bool:
    """Whether a post belongs to the establishment of day 0 and its growth."""
    return bool(post.line == BASELINE_LINE)


@compiled
def is_over(vacancy: Vacancy) -> bool:
    """Whether a vacancy was filled or its post closed."""
    return bool(vacancy.stage >= STAGE_FILLED)


@compiled
def tell_post(w: World, what: int, number: int, detail: int, value: int) -> None:
    """Tell an event of a post."""
    tell(w, what, post_(w, number).team, number, NOBODY, 0, detail, value)


# -- people ---------------------------------------------------------------------------------------


@compiled
def new_worker(w: World, key: Key, route: int, post: int, joined_day: float) -> int:
    """A person with their own luck: one unit-exponential threshold per exit."""
    number = w.workers_count
    if number >= w.workers_room:
        raise OverflowError("workers")
    w.workers_count += 1
    worker = worker_(w, number)
    worker.key = key
    for exit_ in range(3):
        worker.luck[exit_] = exponential(uniform(w, _THRESHOLD, worker.key, exit_))
    worker.joined_day, worker.settles_day = joined_day, math.inf
    worker.notice_left = 0.0
    worker.route, worker.post = route, post
    worker.exit = worker.due_exit = worker.spell = 0
    worker.away_team = worker.away_hundredths = 0
    worker.desk = worker.away = worker.waited_for_by = NONE
    worker.first_tie = worker.last_tie = NONE
    worker.bonds = 0
    worker.under_notice = worker.gone = worker.known = 0
    worker.newly_qualified = _BEGINNERS >> route & 1
    return int(number)


# -- posts ----------------------------------------------------------------------------------------


@compiled
def set_state(w: World, number: int, state: int) -> None:
    """Move a post to another state."""
    post = post_(w, number)
    old = post.state
    shift(w, post.account, post.hundredths, old, state)
    post.state = state
    if w.casework:
        if state == COVERED:
            cover_comes(w, number)
        elif old == COVERED:
            cover_goes(w, number)


@compiled
def seat(w: World, number: int, worker: int, stays: bool) -> None:
    """Give a vacant post its holder; one who `stays` in team and role keeps her cases."""
    post = post_(w, number)
    if post.holder != NONE:
        raise RuntimeError("a post already has a holder")
    post.holder = worker
    worker_(w, worker).post = number
    if w.casework:
        if stays:
            worker_stays(w, worker)
        else:
            worker_comes(w, worker)
    set_state(w, number, FILLED)
    in_post(w, post.role, worker_(w, worker).route, post.hundredths)
    if post.is_target:
        post.target_held = 1
        market_(w, post.market).targets_held += 1.0


@compiled
def unseat(w: World, number: int, leaver: int, stays: bool) -> None:
    """Take a holder off a post, uncovered until cover comes; who `stays` keeps her cases."""
    post = post_(w, number)
    if post.holder != leaver:
        raise RuntimeError("a post is left by somebody who does not hold it")
    post.holder = NONE
    set_state(w, number, UNCOVERED)
    in_post(w, post.role, worker_(w, leaver).route, -post.hundredths)
    if w.casework and not stays:
        worker_goes(w, leaver)
    if post.target_held:
        post.target_held = 0
        market_(w, post.market).targets_held += -1.0


@compiled
def close_post(w: World, number: int) -> None:
    """Take a vacant post out of the establishment."""
    if post_(w, number).holder != NONE:
        raise RuntimeError("a post can't close while it is held")
    end_vacancy(w, number, STAGE_CLOSED)
    set_state(w, number, CLOSED)
    tell_post(w, T_POST_CLOSES, number, D_NONE, 0)


@compiled
def end_vacancy(w: World, number: int, stage: int) -> None:
    """End a post's vacancy; its processes find it over when they wake."""
    post = post_(w, number)
    if post.vacancy != NONE:
        vacancy_(w, post.vacancy).stage = stage
        post.vacancy = NONE


# -- flows ----------------------------------------------------------------------------------------


@compiled
def count_start(w: World, vacancy_number: int, worker_number: int) -> None:
    """Count someone who joined the council; the vacancy is NONE for a supernumerary post."""
    worker = worker_(w, worker_number)
    post = post_(w, worker.post)
    flow(w, STARTERS[worker.route], post.account, post.hundredths)
    cells = w.teams_count * ROLE_COUNT
    for number in range(w.inductions_count):
        item = induction(w, number)
        in_force = item.start_day <= w.now < item.end_day
        if (
            in_force
            and item.routes >> worker.route & 1
            and induction_cell(w, number * cells + cell(w, post)).on
        ):
            count_line(w, STARTS, item.line, item.share)
    if vacancy_number == NONE or worker.route == _RECODED:
        return
    if w.filled_count >= w.filled_room:
        raise OverflowError("filled")
    vacancy, found = vacancy_(w, vacancy_number), filled(w, w.filled_count)
    w.filled_count += 1
    found.post, found.account, found.route = worker.post, post.account, worker.route
    found.opened_day, found.advertised_day = vacancy.opened_day, vacancy.advertised_day
    found.offered_day, found.filled_day = vacancy.offered_day, w.now


@compiled
def count_leaver(w: World, worker_number: int) -> None:
    """Count someone who left the council."""
    worker = worker_(w, worker_number)
    post = post_(w, worker.post)
    flow(w, FIRST_LEAVERS + worker.exit, post.account, post.hundredths)
