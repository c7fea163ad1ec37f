"""Agency staff: cover for vacancies, and places above establishment."""

from __future__ import annotations

import math

from sim.engine.actions.capacity import agency_comes, agency_goes
from sim.engine.actions.recording import flow, new_person, record_team_event
from sim.engine.codes import COVER_ENDS, UNCOVERED
from sim.engine.events import Event, Story
from sim.engine.formulas import above_establishment_kept, exponential
from sim.engine.layout import Placement, Team, Vacancy, World
from sim.engine.rows import Key
from sim.engine.simpy.kernel import add, begin, fire, join, new_signal, uniform

# -- cover ----------------------------------------------------------------------------------------


def seek_cover(w: World, vacancy: Vacancy) -> None:
    """A vacancy whose post stands empty asks for cover, where its role can have any."""
    if vacancy.post.market.gets_agency_cover:
        vacancy.cover_state, vacancy.cover_asked = UNCOVERED, False
        begin(w, Story.COVER, vacancy)


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


def cover_key(vacancy: Vacancy) -> Key:
    """Key of the luck of a vacancy's cover."""
    return join(vacancy.post.key, vacancy.number)


def cover_days(w: World, vacancy: Vacancy, purpose: int, mean: float) -> float:
    """A length drawn for one assignment of a vacancy's cover."""
    return mean * exponential(uniform(w, purpose, cover_key(vacancy), vacancy.covers))


# -- above establishment --------------------------------------------------------------------------


def review_over_establishment(w: World) -> None:
    """The quarterly review: how many staff above establishment each team keeps."""
    if w.imposes:
        impose(w)
    elif w.month.reviews_above:
        shift = w.month.year.above_shift_fte / max(1, w.above_start_total)
        for team in w.teams:
            start = float(team.above_start)
            most = max(start, team.above_most)
            kept = above_establishment_kept(w.release, team.over, start, most)
            keep_above(w, team, max(0, math.floor(kept + shift * start + 0.5)))


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
