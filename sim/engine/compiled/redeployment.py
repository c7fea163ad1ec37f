"""People without a post of their own, and who takes which empty post (sim.engine.redeployment)."""

from __future__ import annotations

from sim.dates import DAYS_PER_YEAR
from sim.engine.compiled.agency import end_cover
from sim.engine.compiled.codes import (
    A_WORKER,
    D_FROM_POST,
    INTERNAL_IN,
    INTERNAL_OUT,
    T_MOVES_INSIDE,
)
from sim.engine.compiled.facts import flow, tell
from sim.engine.compiled.jit import World, compiled
from sim.engine.compiled.layout import (
    NONE,
    Post,
    Vacancy,
    Worker,
    post_,
    supernumerary_,
    team_,
    vacancy_,
    worker_,
)
from sim.engine.compiled.vacancies import STAGE_ADVERTISED, STAGE_APPROVAL, withdraw
from sim.engine.compiled.world import (
    COVERED,
    STAGE_FILLED,
    close_post,
    end_vacancy,
    is_supernumerary,
    seat,
    unseat,
)

# -- moves ----------------------------------------------------------------------------------------


@compiled
def take_up(w: World, number: int, worker: int, stays: bool) -> None:
    """The first day in a post: its cover and its vacancy are over."""
    post = vacancy_(w, number).post
    if post_(w, post).state == COVERED:
        end_cover(w, number)
    end_vacancy(w, post, STAGE_FILLED)
    seat(w, post, worker, stays)


@compiled
def change_posts(w: World, number: int, worker: int) -> None:
    """From one post to another inside: neither starter nor leaver."""
    index, to = worker_(w, worker).post, vacancy_(w, number).post
    origin, post = post_(w, index), post_(w, to)
    stays = origin.team == post.team and origin.role == post.role
    unseat(w, index, worker, stays)
    flow(w, INTERNAL_OUT, origin.account, origin.hundredths)
    take_up(w, number, worker, stays)
    flow(w, INTERNAL_IN, post.account, post.hundredths)
    tell(w, T_MOVES_INSIDE, post.team, to, A_WORKER, worker, D_FROM_POST, index)


# -- posts that have ended ------------------------------------------------------------------------


@compiled
def redeploy(w: World, number: int) -> bool:
    """Find a post for a worker whose own has ended; if there is none, she waits for one."""
    worker = worker_(w, number)
    beginner = worker.newly_qualified != 0 and not _is_settled(w, worker)
    vacancy = _empty_post(w, post_(w, worker.post), beginner, False)
    if vacancy == NONE:
        if not is_supernumerary(post_(w, worker.post)):
            await_post(w, number)
        return False
    _move(w, vacancy, number)
    return True


@compiled
def fill_from_inside(w: World, number: int) -> bool:
    """Give an empty post to somebody whose own has ended, unless someone is in hand for it."""
    vacancy = vacancy_(w, number)
    if not _nobody_in_hand(vacancy):
        return False
    worker = _who_waits(w, post_(w, vacancy.post), True)
    if worker == NONE:
        return False
    _move(w, number, worker)
    return True


@compiled
def _nobody_in_hand(vacancy: Vacancy) -> bool:
    return bool(vacancy.stage in (STAGE_APPROVAL, STAGE_ADVERTISED))


@compiled
def _move(w: World, number: int, worker: int) -> None:
    """The agency worker who covers the post has notice from today; the old post closes."""
    origin = worker_(w, worker).post
    _agree_today(w, number)
    change_posts(w, number, worker)
    close_post(w, origin)


@compiled
def _agree_today(w: World, number: int) -> None:
    vacancy_(w, number).agreed_day = vacancy_(w, number).offered_day = w.now
    withdraw(w, number)


@compiled
def elsewhere(w: World, post: Post, no_court_work: bool) -> int:
    """The advertised post for someone who was to start in a post that has ended."""
    vacancy = _empty_post(w, post, no_court_work, True)
    if vacancy != NONE:
        _agree_today(w, vacancy)
    return vacancy


@compiled
def _empty_post(w: World, ended: Post, no_court_work: bool, advertised: bool) -> int:
    """The vacancy in place of a post that has ended: its team's first, then the oldest."""
    found = NONE
    for number in range(w.posts_count):
        post = post_(w, number)
        if (
            post.vacancy == NONE
            or post.role != ended.role
            or post.holder != NONE
            or not _nobody_in_hand(vacancy_(w, post.vacancy))
            or min(post.end_day, post.lapse_day) <= w.now
        ):
            continue
        if no_court_work and team_(w, post.team).is_court:
            continue
        if advertised and vacancy_(w, post.vacancy).stage != STAGE_ADVERTISED:
            continue
        if found == NONE or _is_nearer(w, post.vacancy, found, ended.team):
            found = post.vacancy
    return int(found)


@compiled
def _is_nearer(w: World, one: int, other: int, team: int) -> bool:
    """Whether a vacancy comes before one of a lower post number."""
    first, second = vacancy_(w, one), vacancy_(w, other)
    here, there = post_(w, first.post).team == team, post_(w, second.post).team == team
    if here != there:
        return bool(here)
    return bool(first.opened_day < second.opened_day)


# -- those who wait -------------------------------------------------------------------------------


@compiled
def await_post(w: World, worker: int) -> None:
    """A supernumerary worker waits for a post."""
    if w.supernumerary_count >= w.supernumerary_room:
        raise OverflowError("supernumerary")
    supernumerary_(w, w.supernumerary_count).value = worker
    w.supernumerary_count += 1


@compiled
def arrival_for(w: World, post: Post) -> int:
    """Who of the arrivals without a post takes one that comes to the market."""
    return _who_waits(w, post, False)


@compiled
def _who_waits(w: World, post: Post, has_ended: bool) -> int:
    if w.supernumerary_count == 0:
        return NONE
    kept = 0
    for place in range(w.supernumerary_count):
        worker = supernumerary_(w, place).value
        if _still_waits(w, worker_(w, worker)):
            supernumerary_(w, kept).value = worker
            kept += 1
    w.supernumerary_count = kept
    for place in range(kept):
        number = supernumerary_(w, place).value
        worker = worker_(w, number)
        if (post_(w, worker.post).has_ended != 0) == has_ended and _may_take(w, worker, post):
            return int(number)
    return NONE


@compiled
def _still_waits(w: World, worker: Worker) -> bool:
    post = post_(w, worker.post)
    return bool(
        not worker.gone and not worker.under_notice and (post.has_ended or is_supernumerary(post))
    )


@compiled
def _may_take(w: World, worker: Worker, post: Post) -> bool:
    """Of the same role; no court work in the first year of a career."""
    return bool(
        post_(w, worker.post).role == post.role
        and (
            not team_(w, post.team).is_court or not worker.newly_qualified or _is_settled(w, worker)
        )
    )


@compiled
def _is_settled(w: World, worker: Worker) -> bool:
    return bool(w.now - worker.joined_day >= DAYS_PER_YEAR)
