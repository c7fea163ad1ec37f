"""The casework half of a plan as tables (sim.inputs.casework_plan)."""

from __future__ import annotations

import math
from dataclasses import fields
from functools import cache
from typing import Any

import numpy as np

from sim.engine.layout import STAGE_COUNT
from sim.engine.tables import Columns, Ref, column, columns
from sim.inputs.case_flow import review_waits
from sim.inputs.case_funnel import MonthShares, shares_at
from sim.inputs.casework_plan import (
    CHILD_IN_NEED,
    PRE_PROCEEDINGS,
    PROTECTION_PLAN,
    CaseworkPlan,
    in_force,
)
from sim.inputs.fates import key_of
from sim.inputs.plan import Plan

REFERRALS_KEY = key_of("referrals")
CLOSED_BEFORE_KEY = key_of("closed before day 0")
_SHARES = (
    "child_in_need_to_section_47", "plan_to_care", "plan_to_child_in_need", "to_pre_proceedings",
    "pre_proceedings_to_court", "court_to_looked_after", "leave_care_in_first_year",
    "become_care_leaver", "re_referral",
)  # fmt: skip


def case_tables(plan: Plan) -> dict[str, Columns]:
    """Tables of children's cases; none where there are none."""
    case = plan.casework
    if case is None:
        return {}
    counts, days = _calendar(case.calendar.counts, case.calendar.days)
    return {
        **_stages(case),
        "points": column(p for row in case.points for p in row),
        **_rules(case),
        "changes": column(case.change_days),
        **_waits(case),
        "start_children": _start_children(plan, case),
        "working_counts": counts,
        "working_days": days,
        "reactions": _reactions(case),
    }


def case_numbers(plan: Plan) -> dict[str, Any]:
    """Numbers of children's cases, by field of the world."""
    case = plan.casework
    if case is None:
        return {"casework": False}
    named = (
        "pending_re_referrals", "re_referral_days", "slowing", "review_delay_days",
        "handover_hours", "hours_per_month", "experienced_start", "experienced_ramp_days",
        "agency_share", "supervision_fte", "recording_ratio", "assessment_limit",
        "conference_limit", "hold_transfers", "loop",
    )  # fmt: skip
    reacts = {} if case.reaction is None else {"reaction": Ref("reactions", np.zeros(1, int))}
    return {
        **reacts,
        **{name: getattr(case, name) for name in named},
        **{name: getattr(case.shares, name) for name in _SHARES},
        "casework": True,
        "start_newly_qualified": case.newly_qualified_share,
        "freed_by_support": case.freed_by_support[0],
        "freed_by_practitioners": case.freed_by_support[1],
        "support_ceiling": case.freed_ceiling[0],
        "practitioner_ceiling": case.freed_ceiling[1],
        "load_per_case": case.load_multiplier_per_case,
        "pool_capacity": (*case.pool_capacity, 0.0),
        "absence_rates": case.absence.rates,
        "absence_means": case.absence.means,
        "absence_shares": case.absence.shares,
        "first_working_day": case.calendar.first_day,
        "changes_count": len(case.change_days),
        "referrals_key": REFERRALS_KEY,
        "closed_before_key": CLOSED_BEFORE_KEY,
    }


def most_bought(plan: Plan) -> int:
    """Most agency staff that a team can buy because children wait."""
    case = plan.casework
    return 0 if case is None or case.reaction is None else max(case.reaction.agency_most)


def _reactions(case: CaseworkPlan) -> Columns:
    """What managers do: one row, or none where they do nothing."""
    if case.reaction is None:
        return columns(0)
    named = (
        "trigger", "patience_days", "lent_share", "limit_lift", "lift_days", "lifted_slower",
        "agency_share", "agency_days", "turned_away",
    )  # fmt: skip
    return columns(1, **{name: [getattr(case.reaction, name)] for name in named})


def demand_by_month(plan: Plan) -> dict[str, Any]:
    """Columns of the months: first referrals a day, and the shares that move with referrals."""
    case, moving = plan.casework, [field.name for field in fields(MonthShares)]
    if case is None:
        return dict.fromkeys(("referrals_per_day", *moving), (0.0,) * plan.periods)
    ratios = case.referral_ratio[: plan.periods]
    at = {ratio: shares_at(case.shares, case.funnel, ratio) for ratio in set(ratios)}
    return {
        "referrals_per_day": case.referrals_per_day[: plan.periods],
        **{name: [getattr(at[ratio], name) for ratio in ratios] for name in moving},
    }


@cache
def _calendar(counts: tuple[int, ...], days: tuple[int, ...]) -> tuple[Columns, Columns]:
    """Working days, the same for every plan of a council."""
    return column(counts), column(days)


def _stages(case: CaseworkPlan) -> dict[str, Columns]:
    names = (
        "mean", "sigma", "first_from", "first_to", "following_from", "following_to", "off_per_day",
    )  # fmt: skip
    found: dict[str, Any] = {name: np.zeros(STAGE_COUNT) for name in names}
    firsts, counts = np.zeros(STAGE_COUNT, int), np.zeros(STAGE_COUNT, int)
    exponential = np.zeros(STAGE_COUNT, bool)
    for stage, length in enumerate(case.lengths):
        if length is not None:
            found["mean"][stage], found["sigma"][stage] = length.mean, length.sigma
            exponential[stage] = length.exponential
    ends: list[float] = []
    for stage, scheme in case.reviews.items():
        found["first_from"][stage], found["first_to"][stage] = scheme.first
        found["following_from"][stage], found["following_to"][stage] = scheme.following
        found["off_per_day"][stage] = scheme.off_review_per_day
        firsts[stage], counts[stage] = len(ends), len(scheme.ends)
        ends += scheme.ends
    stages = columns(
        STAGE_COUNT, number=range(STAGE_COUNT), priority=case.priority, ends_first=firsts,
        ends_count=counts, exponential=exponential, **found,
    )  # fmt: skip
    return {"stages": stages, "ends": column(ends)}


def _rules(case: CaseworkPlan) -> dict[str, Columns]:
    """Routing and law: of day 0, after each change, and last the routing of day 0's children."""
    days = (0.0, *case.change_days, 0.0)
    routes = [[in_force(rules, day) for rules in case.routing] for day in days]
    pools = [[in_force(rules, day) for rules in case.roles_from] for day in days]
    routes[-1] = [rules[0][1] for rules in case.routing]
    firsts, counts, allowed = list[int](), list[int](), list[int]()
    routed: list[tuple[float, int]] = []
    for by_stage, held_by in zip(routes, pools, strict=True):
        for route, kinds in zip(by_stage, held_by, strict=True):
            firsts.append(len(routed))
            counts.append(len(route))
            allowed.append(_lowest_first(kinds))
            routed += route
    return {
        "rules": Columns(
            len(firsts),
            {"first": np.array(firsts), "count": np.array(counts), "allowed": np.array(allowed)},
        ),
        "routed": columns(
            len(routed),
            share=[share for share, _ in routed],
            team=Ref("teams", np.array([team for _, team in routed])),
        ),
    }


def _lowest_first(kinds: tuple[int, ...]) -> int:
    """Pools as a set, bit k for pool k; the lowest is asked first.

    Raises:
        ValueError: they don't stand in that order.
    """
    if list(kinds) != sorted(set(kinds)):
        raise ValueError(f"pools {kinds} are not named lowest first")
    return sum(1 << kind for kind in kinds)


def _waits(case: CaseworkPlan) -> dict[str, Columns]:
    """Waits for reviews, by weighting (days, goings aside), stage and team, where children stay."""
    teams = len(case.change_per_day)
    count = 2 * STAGE_COUNT * teams
    totals, firsts, counts = np.zeros(count), np.zeros(count, int), np.zeros(count, int)
    weights: list[float] = []
    for weighting, stage, of in (
        (0, CHILD_IN_NEED, CHILD_IN_NEED),
        (0, PROTECTION_PLAN, PROTECTION_PLAN),
        (1, PROTECTION_PLAN, PRE_PROCEEDINGS),
    ):
        for team in range(teams):
            if case.start_children[of][team] > 0:
                mine = _weights(case, stage, team, weighting)
                row = (weighting * STAGE_COUNT + stage) * teams + team
                totals[row], firsts[row], counts[row] = math.fsum(mine), len(weights), len(mine)
                weights += mine
    waits = Columns(count, {"total": totals, "first": firsts, "count": counts})
    return {"waits": waits, "weights": column(weights)}


def _weights(case: CaseworkPlan, stage: int, team: int, weighting: int) -> list[float]:
    aside = case.shares.to_pre_proceedings if stage == PROTECTION_PLAN else 0.0
    waits = review_waits(
        case.reviews[stage],
        case.review_delay_days,
        case.put_off_chance[team],
        aside,
        case.shares.pre_proceedings_to_court,
    )
    return [wait.days if weighting == 0 else wait.aside for wait in waits]


@cache
def _child_key(stage: int, team_key: str) -> int:
    return key_of(f"child of day 0 {stage} {team_key}")


def _start_children(plan: Plan, case: CaseworkPlan) -> Columns:
    keys = [_child_key(stage, team) for stage in range(STAGE_COUNT) for team in plan.team_keys]
    counts = [count for row in case.start_children for count in row]
    return Columns(len(keys), {"key": np.array(keys, np.uint64), "count": np.array(counts)})
