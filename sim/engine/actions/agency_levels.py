"""The year's levels of agency staff come into force, for covered vacancies in one step.

What each vacancy makes of a new level is its own luck, whatever happens to the others.
"""

from __future__ import annotations

from sim.engine.actions.agency import cover_key, end_assignment, start_assignment
from sim.engine.actions.posts import is_vacant
from sim.engine.codes import COVERED, UNCOVERED
from sim.engine.events import Story
from sim.engine.formulas import gains_cover, keeps_cover
from sim.engine.layout import AgencyLevel, Team, Vacancy, World
from sim.engine.rows import Maybe
from sim.engine.simpy.kernel import begin, uniform
from sim.inputs.fates import Purpose


def level_of_year(w: World, team: Team) -> AgencyLevel:
    """A team's level of the year that this month belongs to; day 0's comes before the first."""
    return w.agency_levels[(w.month.year.number + 1) * len(w.teams) + team.number]


def review_agency_levels(w: World) -> bool:
    """Put the year's levels in force; whether the number above establishment has another level.

    Day 0's levels hold for the first month, since the position of day 0 is known.
    """
    covers, above = False, False
    for team in w.teams:
        level = level_of_year(w, team)
        covers = covers or level.share != team.agency.share
        above = above or level.above != team.agency.above
    if covers:
        for post in w.posts:
            if post.market.gets_agency_cover and is_vacant(post):
                renew_cover(w, post.vacancy, level_of_year(w, post.team))
    for team in w.teams:
        team.agency = level_of_year(w, team)
    return above


def renew_cover(w: World, vacancy: Maybe[Vacancy], level: AgencyLevel) -> None:
    """A vacancy gains cover, loses it or goes on as it was, so that the level's share is covered.

    Who goes on covering is not disturbed. All others begin anew, as a steady flow at the level
    would have them: the share that waits for its request does.
    """
    if vacancy is None or level.share == vacancy.post.team.agency.share:
        return
    before, year = vacancy.post.team.agency.share, w.month.year.number
    luck = uniform(w, Purpose.COVER_LEVEL, cover_key(vacancy), 2 * year)
    covered = vacancy.post.state == COVERED
    if covered and keeps_cover(luck, before, level.share):
        return
    if covered:
        end_assignment(w, vacancy)
    vacancy.covers += 1
    if not covered and gains_cover(luck, before, level.share):
        start_assignment(w, vacancy)
        vacancy.cover_state = COVERED
    else:
        luck = uniform(w, Purpose.COVER_LEVEL, cover_key(vacancy), 2 * year + 1)
        vacancy.cover_state, vacancy.cover_asked = UNCOVERED, luck >= level.request_pending
    begin(w, Story.COVER, vacancy)
