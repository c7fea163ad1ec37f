"""Agency staff: cover for vacancies, and places above establishment."""

from __future__ import annotations

import math

from sim.engine.actions.capacity import agency_comes, agency_goes
from sim.engine.actions.market import give_candidate
from sim.engine.actions.posts import is_baseline, set_state
from sim.engine.actions.recording import flow, new_person, record_event, record_team_event
from sim.engine.codes import AGENCY_CONVERSION, COVER_ENDS, COVER_STARTS, COVERED, UNCOVERED
from sim.engine.events import Event, Person, Story
from sim.engine.formulas import (
    above_establishment_kept,
    exponential,
    share_covered_at,
    share_pending_at,
)
from sim.engine.layout import Placement, Team, Vacancy, World
from sim.engine.rows import Key
from sim.engine.simpy.kernel import add, begin, fire, join, new_signal, uniform
from sim.inputs.fates import Purpose

# -- cover ----------------------------------------------------------------------------------------


def seek_cover(w: World, vacancy: Vacancy) -> None:
    """A vacancy whose post stands empty has cover, or asks for it, where its role can have any.

    The day was known: of the posts that fall empty as many are covered at once, or searched for,
    as of those that have stood empty for long. For a post that a scenario opens nobody has asked.
    """
    post = vacancy.post
    if not post.market.gets_agency_cover:
        return
    vacancy.cover_state, vacancy.cover_asked = UNCOVERED, False
    if vacancy.number > 0 or is_baseline(post):
        begin_in_balance(w, vacancy)
    begin(w, Story.COVER, vacancy)


def begin_in_balance(w: World, vacancy: Vacancy) -> None:
    """Whether a new vacancy is covered at once and, if not, whether cover was asked for."""
    level, arrivals = vacancy.post.team.agency, vacancy.post.cell.month.cover
    key = cover_key(vacancy)
    covered = share_covered_at(level.share, level.request_pending, arrivals)
    if uniform(w, Purpose.COVER_AT_FIRST, key, 0) < covered:
        start_assignment(w, vacancy)
        vacancy.cover_state = COVERED
        return
    pending = share_pending_at(level.request_pending, arrivals)
    vacancy.cover_asked = uniform(w, Purpose.COVER_AT_FIRST, key, 1) >= pending


def end_cover(w: World, vacancy: Vacancy) -> None:
    """The post is filled: cover goes, after what is left of the notice.

    Notice is given when the start is agreed; if it runs past the start, the agency worker stays
    above establishment until it ends.
    """
    post = vacancy.post
    flow(COVER_ENDS, post.account, post.hundredths)
    left = vacancy.agreed_day + notice_on(w, vacancy.agreed_day) - w.now
    if left > 0.0:
        overlap = add(w, w.overlaps)
        overlap.team, overlap.hundredths, overlap.days = post.team, post.hundredths, left
        begin(w, Story.OVERLAP, overlap)


def notice_on(w: World, day: float) -> float:
    """Notice of an assignment, in days, if it is given on a day."""
    return w.later_notice_days if day >= w.later_notice_day else w.notice_days


def start_assignment(w: World, vacancy: Vacancy) -> None:
    """An agency worker begins to cover a post."""
    post = vacancy.post
    set_state(w, post, COVERED)
    flow(COVER_STARTS, post.account, post.hundredths)
    record_event(w, Event.COVER_BEGINS, post, Person.AGENCY_WORKER, post.cover_person, 0)


def end_assignment(w: World, vacancy: Vacancy) -> None:
    """An agency worker leaves, and the post stands empty."""
    post = vacancy.post
    set_state(w, post, UNCOVERED)
    flow(COVER_ENDS, post.account, post.hundredths)
    record_event(w, Event.COVER_ENDS, post, Person.AGENCY_WORKER, post.cover_person, 0)


def cover_key(vacancy: Vacancy) -> Key:
    """Key of the luck of a vacancy's cover."""
    return join(vacancy.post.key, vacancy.number)


def cover_days(w: World, vacancy: Vacancy, purpose: int, mean: float) -> float:
    """A length drawn for one assignment of a vacancy's cover."""
    return mean * exponential(uniform(w, purpose, cover_key(vacancy), vacancy.covers))


def request_days(w: World, vacancy: Vacancy) -> float:
    """Time until cover is asked for."""
    return cover_days(w, vacancy, Purpose.COVER_REQUEST, vacancy.post.team.agency.request_days)


def has_no_cover(vacancy: Vacancy) -> bool:
    """Whether nobody comes to cover a vacancy, as things are."""
    return vacancy.post.team.agency.share <= 0.0 or vacancy.post.cell.month.cover <= 0.0


def search_days(w: World, vacancy: Vacancy) -> float:
    """Time until somebody comes once asked for, as things are."""
    days = vacancy.post.team.agency.search_days / vacancy.post.cell.month.cover
    return cover_days(w, vacancy, Purpose.COVER_SEARCH, days)


def stay_days(w: World, vacancy: Vacancy) -> float:
    """Length of an assignment."""
    return cover_days(w, vacancy, Purpose.COVER_ASSIGNMENT, w.assignment_days)


def conversion_days(w: World, vacancy: Vacancy) -> float:
    """Time until the agency worker would take the post for good; infinite where nobody does."""
    if w.conversion_per_day <= 0.0:
        return math.inf
    return cover_days(w, vacancy, Purpose.COVER_CONVERSION, 1.0 / w.conversion_per_day)


def turn_permanent(w: World, vacancy: Vacancy) -> None:
    """The agency worker takes the post."""
    key = join(cover_key(vacancy), 1000 + vacancy.covers)
    person = vacancy.post.cover_person
    give_candidate(w, vacancy, key, person, AGENCY_CONVERSION, False, w.now, None)


# -- above establishment --------------------------------------------------------------------------


def review_over_establishment(w: World, level_is_new: bool) -> None:
    """How many staff above establishment each team keeps: each quarter, and at a new level."""
    if w.imposes:
        impose(w)
    elif w.month.reviews_above or level_is_new:
        for team in w.teams:
            start, level = float(team.above_start), float(team.agency.above)
            most = max(start, team.above_most)
            kept = above_establishment_kept(w.release, team.over, start, level, most)
            keep_above(w, team, kept)


def impose(w: World) -> None:
    """A rerun: places by team that follow the published number, rounding carried over teams."""
    total, placed = 0.0, 0
    for team in w.teams:
        total += w.imposed[w.period * len(w.teams) + team.number].value
        count = int(total + 0.5) - placed
        placed += count
        keep_above(w, team, count)


def keep_above(w: World, team: Team, count: int) -> None:
    """A team keeps some places above establishment, beside those bought because children wait."""
    team.above_kept = count
    set_slots(w, team, count + team.bought)


def set_slots(w: World, team: Team, count: int) -> None:
    """A team keeps some places above establishment: new ones begin, and others are let go."""
    if count > w.slots_per_team:
        raise RuntimeError("more places above establishment than a team can have")
    team.slots = max(team.slots, count)
    for index in range(team.slots):
        slot = w.slots[team.number * w.slots_per_team + index]
        if index < count and slot.let_go is None:
            slot.let_go = new_signal(w)
            placement = add(w, w.placements)
            placement.team, placement.slot, placement.let_go = team, slot, slot.let_go
            begin(w, Story.PLACEMENT, placement)
        elif index >= count and slot.let_go is not None:
            fire(w, slot.let_go)
            slot.let_go = None


def next_person(w: World, placement: Placement) -> None:
    """A new agency worker takes a place, and the one before goes."""
    placement.slot.people += 1
    placement.person = new_person(w)
    if w.casework:
        holder = agency_comes(w, placement.team, 1.0, True, placement.person)
        if placement.holder is not None:
            agency_goes(w, placement.holder)
        placement.holder = holder
    record_team_event(w, Event.OVER_ESTABLISHMENT, placement.team, placement.person)


def last_person_goes(w: World, placement: Placement) -> None:
    """The last agency worker of a place goes."""
    if placement.holder is not None:
        agency_goes(w, placement.holder)
    record_team_event(w, Event.OVER_ESTABLISHMENT_ENDS, placement.team, placement.person)
