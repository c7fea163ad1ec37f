"""Case holders of day 0, in expectation: FTE, capacity, load, and changes of worker."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.config.casework import STAGES, CaseStage
from sim.config.roles import Role
from sim.dates import DAYS_PER_MONTH
from sim.inputs.agency import filled_per_day
from sim.inputs.balance import Reference
from sim.inputs.case_routing import POOL_OF_ROLE
from sim.inputs.case_settings import CaseSettings
from sim.inputs.casework_plan import (
    CARE_LEAVER,
    CASES_AT_FULL_LOAD,
    FULL_LOAD,
    MOST_LOST,
    PERSONAL_ADVISERS,
    REGISTERED,
    AbsencePlan,
)
from sim.inputs.context import Context, leavers_per_day, newly_qualified_probability
from sim.inputs.plan import AgencyPlan, PostPlan
from sim.inputs.position import PostState


@dataclass(frozen=True)
class TeamPeople:
    """Case holders of a team on day 0, in expectation.

    Attributes:
        fte: by pool: FTE that hold cases, agency included.
        capacity: by pool: full caseloads they can carry, before time lost to hand-over.
        change_per_day: rate at which a child loses the worker.
    """

    fte: tuple[float, float, float]
    capacity: tuple[float, float, float]
    change_per_day: float


def people_of_day_0(
    ctx: Context,
    posts: Sequence[PostPlan],
    agency: AgencyPlan,
    references: Mapping[str, Reference],
) -> list[TeamPeople]:
    """Case holders by team on day 0.

    Args:
        ctx: what the plan is made from.
        posts: posts open on day 0.
        agency: agency staff in the plan.
        references: the labour markets' references, which say how fast covered posts are filled.
    """
    v = ctx.values
    absence = absence_plan(v)
    present = 1 - sum(absence.shares)
    long_spells = absence.rates[1] + absence.rates[2]
    newly = newly_qualified_probability(ctx)
    agency_share = v["casework.capacity.agency"]
    found = []
    for t, team in enumerate(ctx.council.teams):
        fte, capacity = [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]
        changes = 0.0
        for post in posts:
            pool = POOL_OF_ROLE.get(post.role)
            if post.team != t or pool is None:
                continue
            if post.state is PostState.FILLED:
                fte[pool] += post.fte
                if pool == REGISTERED:
                    new = 0.0 if team.court_work else newly
                    share = 1 - new * (1 - v["casework.capacity.newly_qualified"])
                    capacity[pool] += post.fte * share * present
                    changes += post.fte * (leavers_per_day(ctx, post.role) + long_spells)
                else:
                    capacity[pool] += post.fte
                    changes += post.fte * leavers_per_day(ctx, post.role)
            elif post.state is PostState.COVERED and pool == REGISTERED:
                fte[pool] += post.fte
                capacity[pool] += post.fte * agency_share
                ends = 1 / agency.assignment_days + _filled_per_day(ctx, references, post)
                changes += post.fte * ends
        above = agency.above_start[t]
        fte[REGISTERED] += above
        capacity[REGISTERED] += above * agency_share
        changes += above / agency.assignment_days
        held = sum(fte)
        found.append(
            TeamPeople(
                (fte[0], fte[1], fte[2]),
                (capacity[0], capacity[1], capacity[2]),
                changes / held if held else 0.0,
            )
        )
    return found


def _filled_per_day(ctx: Context, references: Mapping[str, Reference], post: PostPlan) -> float:
    """Chance a day that a covered post of day 0 is filled through its market."""
    return filled_per_day(ctx, references, post) / post.fte


def mean_change(people: Sequence[TeamPeople]) -> float:
    """Rate at which a child loses the worker, mean over case holders."""
    held = sum(sum(team.fte) for team in people)
    return sum(team.change_per_day * sum(team.fte) for team in people) / held if held else 0.0


def lost_share(people: TeamPeople, children: int, hours: float, month: float) -> float:
    """Share of a team's time that hand-overs take: cases handed over x hours over hours worked."""
    fte = sum(people.fte)
    if fte <= 0.0:
        return 0.0
    handed_over = people.change_per_day * DAYS_PER_MONTH * children / fte
    return min(MOST_LOST, handed_over * hours / month)


def start_load_of(
    people: TeamPeople,
    team: int,
    children: Sequence[Sequence[int]],
    points: Sequence[Sequence[float]],
    pool_capacity: Sequence[float],
    lost: float,
) -> float:
    """L0: the team's points over the capacity of those present, on day 0.

    Args:
        people: the team's case holders.
        team: its index.
        children: by stage and team: children on day 0.
        points: by stage and team: points of a child.
        pool_capacity: by pool: points of a full caseload.
        lost: share of social workers' time lost to hand-over.
    """
    total = math.fsum(row[team] * points[stage][team] for stage, row in enumerate(children))
    able = [c * p for c, p in zip(people.capacity, pool_capacity, strict=True)]
    capacity = math.fsum(able) - lost * able[REGISTERED]
    return total / capacity if capacity > 0.0 else 0.0


def pool_load(
    people: TeamPeople,
    pool: int,
    team: int,
    children: Sequence[Sequence[int]],
    points: Sequence[Sequence[float]],
    pool_capacity: Sequence[float],
    lost: float,
) -> float:
    """Load of one pool of a team on day 0: personal advisers hold care leavers, others the rest.

    Args:
        people: the team's case holders.
        pool: kind of people.
        team: its index.
        children: by stage and team: children on day 0.
        points: by stage and team: points of a child.
        pool_capacity: by pool: points of a full caseload.
        lost: share of time lost to hand-over.
    """
    total = math.fsum(
        row[team] * points[stage][team]
        for stage, row in enumerate(children)
        if (stage == CARE_LEAVER) == (pool == PERSONAL_ADVISERS)
    )
    capacity = people.capacity[pool] * pool_capacity[pool] * (1 - lost)
    return total / capacity if capacity > 0.0 else 0.0


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
            row.append(ctx.values[f"casework.weights.{name}"] * scale)
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


def support_of_day_0(ctx: Context, posts: Sequence[PostPlan]) -> tuple[tuple[float, float], ...]:
    """By team: FTE of business support and of family practitioners in post on day 0."""
    found = []
    for t in range(len(ctx.council.teams)):
        pair = [
            math.fsum(
                p.fte
                for p in posts
                if p.team == t and p.role is role and p.state is PostState.FILLED
            )
            for role in (Role.BUSINESS_SUPPORT, Role.FAMILY_PRACTITIONER)
        ]
        found.append((pair[0], pair[1]))
    return tuple(found)


def absence_plan(v: Mapping[str, float]) -> AbsencePlan:
    """Spells whose lengths and frequencies give the shares of time absent."""
    key = "casework.absence."
    sick, leave = v[key + "sickness_share"], v[key + "long_leave_share"]
    long_sick = sick * v[key + "long_sickness_share"]
    shares = (sick - long_sick, long_sick, leave)
    means = (v[key + "short_spell"], v[key + "long_spell"], v[key + "long_leave_spell"])
    present = 1 - sum(shares)
    rates = tuple(share / mean / present for share, mean in zip(shares, means, strict=True))
    return AbsencePlan((rates[0], rates[1], rates[2]), means, shares)
