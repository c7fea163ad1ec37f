"""Case holders of day 0, in expectation: FTE, capacity, load, and changes of worker."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.config.roles import Role
from sim.inputs.agency import filled_per_day, posts_by_team
from sim.inputs.balance import Reference
from sim.inputs.case_routing import POOL_OF_ROLE
from sim.inputs.casework_plan import (
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
    by_team = posts_by_team(posts, len(ctx.council.teams))
    for t, team in enumerate(ctx.council.teams):
        fte, capacity = [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]
        changes = 0.0
        for post in by_team[t]:
            pool = POOL_OF_ROLE.get(post.role)
            if pool is None:
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


def support_of_day_0(ctx: Context, posts: Sequence[PostPlan]) -> tuple[tuple[float, float], ...]:
    """By team: FTE of business support and of family practitioners in post on day 0."""
    found = []
    for mine in posts_by_team(posts, len(ctx.council.teams)):
        pair = [
            math.fsum(p.fte for p in mine if p.role is role and p.state is PostState.FILLED)
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
