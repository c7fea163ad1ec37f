"""The casework half of a plan as tables (sim.inputs.casework_plan)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from sim.engine.case_start import CLOSED_BEFORE
from sim.engine.compiled import layout
from sim.engine.compiled.layout import STAGE_COUNT
from sim.inputs.case_flow import review_waits
from sim.inputs.casework_plan import (
    CHILD_IN_NEED,
    PRE_PROCEEDINGS,
    PROTECTION_PLAN,
    CaseworkPlan,
    Route,
    in_force,
)
from sim.inputs.fates import key_of
from sim.inputs.plan import Plan

Table = np.ndarray[tuple[int, ...], np.dtype[np.void]]
REFERRALS_KEY = key_of("referrals")
_NAMES = (
    "stages", "points", "ends", "rules", "routed", "changes", "waits", "weights",
    "start_children", "working_counts", "working_days",
)  # fmt: skip
_SHARES = (
    "no_further_action", "not_in_need", "assessed_to_care", "assessed_to_section_47",
    "section_47_to_plan", "section_47_to_conference", "child_in_need_to_section_47",
    "plan_to_care", "plan_to_child_in_need", "to_pre_proceedings", "pre_proceedings_to_court",
    "court_to_looked_after", "leave_care_in_first_year", "become_care_leaver", "re_referral",
)  # fmt: skip


def case_tables(plan: Plan) -> dict[str, Table]:
    """Tables of children's cases; of one empty row each where there are none."""
    case = plan.casework
    if case is None:
        return {name: np.zeros(1, layout.PLAN_TABLES[name]) for name in _NAMES}
    counts, days = _calendar(case.calendar.counts, case.calendar.days)
    return {
        **_stages(case),
        "points": _column(layout.NUMBER, [p for row in case.points for p in row]),
        **_rules(case),
        "changes": _column(layout.NUMBER, case.change_days),
        **_waits(case),
        "start_children": _start_children(plan, case),
        "working_counts": counts,
        "working_days": days,
    }


def case_numbers(plan: Plan) -> dict[str, Any]:
    """Numbers of children's cases, by field of the world."""
    case = plan.casework
    if case is None:
        return {"casework": 0}
    named = (
        "pending_re_referrals", "re_referral_days", "slowing", "review_delay_days",
        "handover_hours", "hours_per_month", "experienced_start", "experienced_ramp_days",
        "agency_share",
        "supervision_fte", "recording_ratio", "assessment_limit", "conference_limit",
        "hold_transfers", "loop",
    )  # fmt: skip
    return {
        **{name: getattr(case, name) for name in named},
        **{name: getattr(case.shares, name) for name in _SHARES},
        "casework": 1,
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
        "closed_before_key": CLOSED_BEFORE,
    }


def _column(dtype: np.dtype[np.void], values: Sequence[Any]) -> Table:
    return np.array([(value,) for value in values] or [(0,)], dtype)


@cache
def _calendar(counts: tuple[int, ...], days: tuple[int, ...]) -> tuple[Table, Table]:
    """Working days, the same for every plan of a council."""
    return _column(layout.WHOLE, counts), _column(layout.WHOLE, days)


def _stages(case: CaseworkPlan) -> dict[str, Table]:
    table = np.zeros(STAGE_COUNT, layout.STAGE)
    table["priority"] = case.priority
    for stage, length in enumerate(case.lengths):
        if length is not None:
            row = table[stage]
            row["mean"], row["sigma"] = length.mean, length.sigma
            row["exponential"] = length.exponential
    ends: list[float] = []
    for stage, scheme in case.reviews.items():
        row = table[stage]
        row["first_from"], row["first_to"] = scheme.first
        row["following_from"], row["following_to"] = scheme.following
        row["off_per_day"] = scheme.off_review_per_day
        row["ends_first"], row["ends_count"] = len(ends), len(scheme.ends)
        ends += scheme.ends
    return {"stages": table, "ends": _column(layout.NUMBER, ends)}


def _rules(case: CaseworkPlan) -> dict[str, Table]:
    """Routing and law: of day 0, after each change, and last the routing of day 0's children."""
    days = (0.0, *case.change_days, 0.0)
    routes = [[in_force(rules, day) for rules in case.routing] for day in days]
    pools = [[in_force(rules, day) for rules in case.roles_from] for day in days]
    routes[-1] = [rules[0][1] for rules in case.routing]
    rules, routed = [], list[tuple[float, int]]()
    for by_stage, allowed in zip(routes, pools, strict=True):
        for route, kinds in zip(by_stage, allowed, strict=True):
            rules.append(_rule(route, kinds, len(routed)))
            routed += route
    return {"rules": np.array(rules, layout.RULE), "routed": np.array(routed, layout.ROUTED)}


def _rule(route: Route, kinds: tuple[int, ...], first: int) -> tuple[int, int, int]:
    return first, len(route), sum(1 << kind for kind in kinds)


def _waits(case: CaseworkPlan) -> dict[str, Table]:
    """Waits for reviews, by weighting (days, goings aside), stage and team, where children stay."""
    teams = len(case.change_per_day)
    table = np.zeros(2 * STAGE_COUNT * teams, layout.WAITS)
    weights: list[float] = []
    for weighting, stage, of in (
        (0, CHILD_IN_NEED, CHILD_IN_NEED),
        (0, PROTECTION_PLAN, PROTECTION_PLAN),
        (1, PROTECTION_PLAN, PRE_PROCEEDINGS),
    ):
        for team in range(teams):
            if case.start_children[of][team] > 0:
                mine = _weights(case, stage, team, weighting)
                row = table[(weighting * STAGE_COUNT + stage) * teams + team]
                row["total"], row["first"], row["count"] = (
                    math.fsum(mine), len(weights), len(mine)
                )  # fmt: skip
                weights += mine
    return {"waits": table, "weights": _column(layout.NUMBER, weights)}


def _weights(case: CaseworkPlan, stage: int, team: int, weighting: int) -> list[float]:
    chance = 1.0 - math.exp(-case.change_per_day[team] * case.review_delay_days)
    aside = case.shares.to_pre_proceedings if stage == PROTECTION_PLAN else 0.0
    waits = review_waits(
        case.reviews[stage],
        case.review_delay_days,
        chance,
        aside,
        case.shares.pre_proceedings_to_court,
    )
    return [wait.days if weighting == 0 else wait.aside for wait in waits]


@cache
def _child_key(stage: int, team_key: str) -> int:
    return key_of(f"child of day 0 {stage} {team_key}")


def _start_children(plan: Plan, case: CaseworkPlan) -> Table:
    rows = [
        (_child_key(stage, plan.team_keys[team]), count)
        for stage, row in enumerate(case.start_children)
        for team, count in enumerate(row)
    ]
    return np.array(rows, layout.START_CHILDREN)
