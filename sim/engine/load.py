"""Load: points of work over capacity, by team, and what it does to people (the loop)."""

from __future__ import annotations

from sim.config.casework import STAGES
from sim.engine.casework import Casework
from sim.engine.rules import (
    capacity_of,
    fte_over_trigger,
    in_order_sum,
    load_effect,
    load_of,
)
from sim.inputs.casework_plan import CASES_AT_FULL_LOAD, REGISTERED
from sim.inputs.plan import Plan


class Load:
    """What the rest of the model asks about load. It stays at its start value without the loop."""

    def __init__(self, plan: Plan, casework: Casework | None) -> None:
        self._above_start = plan.agency.above_start
        self._teams = len(plan.team_keys)
        self._casework = casework if casework is not None and casework.plan.loop else None
        self._effects = [1.0] * self._teams
        self._over = [float(n) for n in plan.agency.above_start]

    def review(self, period: int) -> None:
        """Take the means of the month that has ended.

        Args:
            period: its index.
        """
        if self._casework is None:
            return
        plan, recorder = self._casework.plan, self._casework.recorder
        children = recorder.mean(recorder.children, period)
        capacity = recorder.mean(recorder.capacity, period)
        above = recorder.mean(recorder.above_capacity, period)
        for team in range(self._teams):
            start = plan.start_load[team]
            if start <= 0.0:
                continue
            points = in_order_sum(
                children[stage * self._teams + team] * plan.points[stage][team]
                for stage in range(len(STAGES))
            )
            load = load_of(points, capacity[team])
            self._effects[team] = load_effect(
                plan.load_multiplier_per_case, min(load, WORST * start), start, CASES_AT_FULL_LOAD
            )
            each = capacity_of(
                plan.pool_capacity[REGISTERED], 1.0, plan.agency_share, 0.0,
                plan.start_lost_share[team],
            )  # fmt: skip
            self._over[team] = fte_over_trigger(points, start, capacity[team] - above[team], each)

    def effect_on_exits(self, team: int) -> float:
        """Multiplier of a team's exits: its load of last month against that of the start."""
        return self._effects[team]

    def fte_over_trigger(self, team: int) -> float:
        """FTE by which a team's load, without its staff above establishment, passes the trigger.

        The trigger is the load of the start, which those staff were there to hold: so the start
        value is their number.
        """
        return self._over[team]


WORST = 3.0
"""Load, in multiples of the start's, beyond which exits rise no further: a team with nobody in it
has no leavers either."""
