"""Load of day 0: the children there are, what each weighs, and who can carry it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.config.casework import STAGES, CaseStage
from sim.dates import DAYS_PER_MONTH
from sim.inputs.case_people import TeamPeople
from sim.inputs.case_settings import CaseSettings
from sim.inputs.casework_plan import (
    CARE_LEAVER,
    CASES_AT_FULL_LOAD,
    FULL_LOAD,
    MOST_LOST,
    PERSONAL_ADVISERS,
    REGISTERED,
    on_grid,
)
from sim.inputs.context import Context

ROOM_ABOVE_START = 1.25
"""Least limit in multiples of the load of the start (J): nobody is known to wait on day 0, so a
team that starts at its hard limit can't be one that has no room for a busy month."""


@dataclass(frozen=True)
class StartWork:
    """Work and people of day 0.

    Attributes:
        people: case holders by team.
        children: by stage and team.
        lost: by team: share of social workers' time lost to hand-over.
        points: by stage and team: points of a child.
        pool_capacity: by pool: points of a full caseload.
    """

    people: tuple[TeamPeople, ...]
    children: tuple[tuple[int, ...], ...]
    lost: tuple[float, ...]
    points: tuple[tuple[float, ...], ...]
    pool_capacity: tuple[float, float, float]

    @property
    def open_children(self) -> int:
        """Children whose case is open, care leavers apart."""
        return sum(sum(row) for stage, row in enumerate(self.children) if stage != CARE_LEAVER)

    def load(self, team: int) -> float:
        """L0: a team's points over the capacity of those present."""
        total = math.fsum(
            row[team] * self.points[stage][team] for stage, row in enumerate(self.children)
        )
        able = [c * p for c, p in zip(self.people[team].capacity, self.pool_capacity, strict=True)]
        capacity = math.fsum(able) - self.lost[team] * able[REGISTERED]
        return total / capacity if capacity > 0.0 else 0.0

    def limit(self, team: int, hard_limit: float) -> float:
        """Load above which nobody in a team takes a further case.

        Args:
            team: its index.
            hard_limit: the limit of a team that starts well below it.
        """
        advisers = self._pool_load(team, PERSONAL_ADVISERS, 0.0)
        others = self._pool_load(team, REGISTERED, self.lost[team])
        return max(hard_limit, ROOM_ABOVE_START * max(advisers, others))

    def _pool_load(self, team: int, pool: int, lost: float) -> float:
        """Load of one pool: personal advisers hold care leavers, others the rest."""
        total = math.fsum(
            row[team] * self.points[stage][team]
            for stage, row in enumerate(self.children)
            if (stage == CARE_LEAVER) == (pool == PERSONAL_ADVISERS)
        )
        capacity = self.people[team].capacity[pool] * self.pool_capacity[pool] * (1 - lost)
        return total / capacity if capacity > 0.0 else 0.0


def start_work(
    ctx: Context,
    settings: CaseSettings,
    people: Sequence[TeamPeople],
    children: tuple[tuple[int, ...], ...],
) -> StartWork:
    """What the children of day 0 weigh, and what their workers can carry."""
    v = ctx.values
    lost = tuple(
        lost_share(v, team_people, sum(row[t] for row in children))
        for t, team_people in enumerate(people)
    )
    points = points_by_stage(ctx, points_scale(v, settings, people, lost))
    return StartWork(tuple(people), children, lost, points, pool_capacities(v, points))


def lost_share(v: Mapping[str, float], people: TeamPeople, children: int) -> float:
    """Share of a team's time that hand-overs take: cases handed over x hours over hours worked."""
    fte = sum(people.fte)
    if fte <= 0.0:
        return 0.0
    handed_over = people.change_per_day * DAYS_PER_MONTH * children / fte
    hours = v["casework.capacity.handover_hours"]
    return min(MOST_LOST, handed_over * hours / v["casework.capacity.hours_per_month"])


def points_scale(
    v: Mapping[str, float],
    settings: CaseSettings,
    people: Sequence[TeamPeople],
    lost: Sequence[float],
) -> float:
    """Scale of the weights: 16 children of England's mix on an average worker are a full load."""
    held = math.fsum(team.fte[REGISTERED] for team in people)
    able = math.fsum(
        team.capacity[REGISTERED] * (1 - share) for team, share in zip(people, lost, strict=True)
    )
    mix = settings.reference.children
    weight = math.fsum(n * v[f"casework.weights.{stage.value}"] for stage, n in mix.items())
    mean_weight = weight / math.fsum(mix.values())
    return FULL_LOAD * (able / held if held else 1.0) / (CASES_AT_FULL_LOAD * mean_weight)


def points_by_stage(ctx: Context, scale: float) -> tuple[tuple[float, ...], ...]:
    """Points of a child by stage and team."""
    table = []
    for stage in STAGES:
        row = []
        for team in ctx.council.teams:
            name = stage.value
            if stage is CaseStage.CHILD_IN_NEED and team.disabled_children:
                name = "child_in_need_disabled"
            row.append(on_grid(ctx.values[f"casework.weights.{name}"] * scale))
        table.append(tuple(row))
    return tuple(table)


def pool_capacities(
    v: Mapping[str, float], points: Sequence[Sequence[float]]
) -> tuple[float, float, float]:
    """Points of a full caseload by pool."""
    leaver = points[CARE_LEAVER][0]
    child_in_need = leaver * v["casework.weights.child_in_need"] / v["casework.weights.care_leaver"]
    return (
        FULL_LOAD,
        v["casework.capacity.personal_adviser_caseload"] * leaver,
        v["casework.capacity.practitioner_caseload"] * child_in_need,
    )
