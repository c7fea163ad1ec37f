"""Load by team, and what it does to people: the loop (sim.engine.load)."""

from __future__ import annotations

from sim.engine.compiled.codes import ABOVE_CAPACITY, CAPACITY
from sim.engine.compiled.desks import points_of
from sim.engine.compiled.formulas import capacity_of, fte_over_trigger, load_effect, load_of
from sim.engine.compiled.jit import World, compiled
from sim.engine.compiled.layout import STAGE_COUNT, month_, stage_month, team_, team_month
from sim.engine.load import WORST
from sim.inputs.casework_plan import CASES_AT_FULL_LOAD, REGISTERED


@compiled
def review_load(w: World, period: int) -> None:
    """Take the means of the month that has ended."""
    if not w.loop:
        return
    length = month_(w, period).end - month_(w, period).start
    for number in range(w.teams_count):
        team, month = team_(w, number), team_month(w, period * w.teams_count + number)
        start = team.start_load
        if start <= 0.0:
            continue
        points = 0.0
        for stage in range(STAGE_COUNT):
            cell = (period * STAGE_COUNT + stage) * w.teams_count + number
            points += stage_month(w, cell).days / length * points_of(w, stage, number)
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
