"""Load: points of work over capacity, by team, and what it does to people (the loop)."""

from __future__ import annotations

from sim.engine.actions.allocation import points_of
from sim.engine.codes import ABOVE_CAPACITY, CAPACITY
from sim.engine.formulas import capacity_of, fte_over_trigger, load_effect, load_of
from sim.engine.layout import STAGE_COUNT, World
from sim.inputs.casework_plan import CASES_AT_FULL_LOAD, REGISTERED

WORST = 3.0
"""Load, in multiples of the start's, beyond which exits rise no further: a team with nobody in it
has no leavers either."""


def review_load(w: World, period: int) -> None:
    """Take the means of the month that has ended, whose index is `period`.

    `load_effect` multiplies a team's exits: its load against that of the start. `over` is the FTE
    by which the team's load, without its staff above establishment, passes the trigger: the load of
    the start, which those staff were there to hold. Without the loop both stay as on day 0.
    """
    if not w.loop:
        return
    teams, length = len(w.teams), w.months[period].end - w.months[period].start
    for team in w.teams:
        start = team.start_load
        if start <= 0.0:
            continue
        month, points = w.team_months[period * teams + team.number], 0.0
        for stage in range(STAGE_COUNT):
            cell = w.stage_months[(period * STAGE_COUNT + stage) * teams + team.number]
            points += cell.days / length * points_of(w, stage, team)
        capacity = month.days[CAPACITY] / length
        load = load_of(points, capacity)
        team.load_effect = load_effect(
            w.load_per_case, min(load, WORST * start), start, CASES_AT_FULL_LOAD
        )
        each = capacity_of(
            w.pool_capacity[REGISTERED], 1.0, w.agency_share, 0.0, team.start_lost_share
        )
        above = month.days[ABOVE_CAPACITY] / length
        team.over = fte_over_trigger(points, start, capacity - above, each)
