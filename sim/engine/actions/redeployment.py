"""People without a post of their own, and who takes which empty post.

A worker whose post has ended goes to an empty post of the same role, of the own team if there is
one. Failing that she is supernumerary for her notice. Arrivals for whom there was no post are
supernumerary too; who has notice comes before them.
"""

from __future__ import annotations

from sim.dates import DAYS_PER_YEAR
from sim.engine.actions.agency import end_cover
from sim.engine.actions.market import withdraw
from sim.engine.actions.posts import (
    appoint,
    close_post,
    end_vacancy,
    is_supernumerary,
    last_hiring_day,
    vacate,
)
from sim.engine.actions.recording import flow, record_event
from sim.engine.codes import (
    ADVERTISED,
    BEGINNERS,
    COVERED,
    IN_APPROVAL,
    INTERNAL_IN,
    INTERNAL_OUT,
    VACANCY_FILLED,
)
from sim.engine.events import Event, Person
from sim.engine.layout import Post, Team, Vacancy, Worker, World
from sim.engine.rows import Maybe
from sim.engine.simpy.kernel import insert, remove

# -- moves ----------------------------------------------------------------------------------------


def take_up(w: World, vacancy: Vacancy, worker: Worker, stays: bool) -> None:
    """The first day in a post: its cover and its vacancy are over.

    Args:
        w: the run.
        vacancy: the post's vacancy.
        worker: who takes it.
        stays: whether she had a post of the team and role before, and keeps her children.
    """
    post = vacancy.post
    if post.state == COVERED:
        end_cover(w, vacancy)
    end_vacancy(post, VACANCY_FILLED)
    appoint(w, post, worker, stays)


def change_posts(w: World, vacancy: Vacancy, worker: Worker) -> None:
    """From one post to another inside: neither starter nor leaver."""
    origin, post = worker.post, vacancy.post
    stays = origin.team is post.team and origin.role is post.role
    vacate(w, origin, worker, stays)
    flow(INTERNAL_OUT, origin.account, origin.hundredths)
    take_up(w, vacancy, worker, stays)
    flow(INTERNAL_IN, post.account, post.hundredths)
    record_event(w, Event.MOVES_INSIDE, post, Person.WORKER, worker.person, origin.number)


# -- posts that have ended ------------------------------------------------------------------------


def redeploy(w: World, worker: Worker) -> bool:
    """Find a post for a worker whose own has ended; if there is none, she waits for one."""
    beginner = worker.newly_qualified and not is_settled(w, worker)
    vacancy = empty_post(w, worker.post, beginner, False)
    if vacancy is None:
        if not is_supernumerary(worker.post):
            await_post(w, worker)
        return False
    move_from_ended(w, vacancy, worker)
    return True


def fill_from_inside(w: World, vacancy: Vacancy) -> bool:
    """Give an empty post to somebody whose own has ended, unless someone is in hand for it."""
    if not nobody_in_hand(vacancy):
        return False
    worker = who_waits(w, vacancy.post, True)
    if worker is None:
        return False
    move_from_ended(w, vacancy, worker)
    return True


def nobody_in_hand(vacancy: Vacancy) -> bool:
    """Whether a vacancy waits for approval or a candidate."""
    return vacancy.stage == IN_APPROVAL or vacancy.stage == ADVERTISED


def move_from_ended(w: World, vacancy: Vacancy, worker: Worker) -> None:
    """The agency worker who covers the post has notice from today; the old post closes."""
    origin = worker.post
    agree_today(w, vacancy)
    change_posts(w, vacancy, worker)
    close_post(w, origin)


def agree_today(w: World, vacancy: Vacancy) -> None:
    """A start is agreed today; the market hears no more of the vacancy."""
    vacancy.agreed_day = vacancy.offered_day = w.now
    withdraw(vacancy)


def elsewhere(w: World, ended: Post, route: int) -> Maybe[Vacancy]:
    """The advertised post for someone, by a route, who was to start in a post that has ended."""
    vacancy = empty_post(w, ended, BEGINNERS >> route & 1 == 1, True)
    if vacancy is not None:
        agree_today(w, vacancy)
    return vacancy


def empty_post(w: World, ended: Post, no_court_work: bool, advertised: bool) -> Maybe[Vacancy]:
    """The vacancy in place of a post that has ended: its team's first, then the oldest.

    Args:
        w: the run.
        ended: the post.
        no_court_work: whether court teams are left out.
        advertised: whether only advertised ones count.
    """
    found = None
    for post in w.posts:
        if post.vacancy is None or post.role is not ended.role or post.holder is not None:
            continue
        if not nobody_in_hand(post.vacancy) or last_hiring_day(post) <= w.now:
            continue
        if no_court_work and post.team.is_court:
            continue
        if advertised and post.vacancy.stage != ADVERTISED:
            continue
        if found is None or is_nearer(post.vacancy, found, ended.team):
            found = post.vacancy
    return found


def is_nearer(vacancy: Vacancy, other: Vacancy, team: Team) -> bool:
    """Whether a vacancy comes before one of a lower post number."""
    here, there = vacancy.post.team is team, other.post.team is team
    if here != there:
        return here
    return vacancy.opened_day < other.opened_day


# -- those who wait -------------------------------------------------------------------------------


def await_post(w: World, worker: Worker) -> None:
    """A supernumerary worker waits for a post."""
    insert(w.supernumerary, len(w.supernumerary), worker)


def arrival_for(w: World, post: Post) -> Maybe[Worker]:
    """Who of the arrivals without a post takes one that comes to the market."""
    return who_waits(w, post, False)


def who_waits(w: World, post: Post, has_ended: bool) -> Maybe[Worker]:
    """Who has waited longest, and may take a post, of those whose own has ended or of others."""
    waiting, place = w.supernumerary, 0
    while place < len(waiting):
        if still_waits(waiting[place]):
            place += 1
        else:
            remove(waiting, place)
    for worker in waiting:
        if worker.post.has_ended == has_ended and may_take(w, worker, post):
            return worker
    return None


def still_waits(worker: Worker) -> bool:
    """Whether somebody is still without a post of the establishment."""
    if worker.gone or worker.under_notice:
        return False
    return worker.post.has_ended or is_supernumerary(worker.post)


def may_take(w: World, worker: Worker, post: Post) -> bool:
    """Of the same role; no court work in the first year of a career."""
    if worker.post.role is not post.role:
        return False
    return not post.team.is_court or not worker.newly_qualified or is_settled(w, worker)


def is_settled(w: World, worker: Worker) -> bool:
    """Whether somebody joined a year ago or longer."""
    return w.now - worker.joined_day >= DAYS_PER_YEAR
