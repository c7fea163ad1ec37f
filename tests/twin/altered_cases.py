"""The casework half of an altered plan."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from sim.inputs.casework_plan import (
    CHILD_IN_NEED,
    NEWLY_QUALIFIED,
    PROTECTION_PLAN,
    AbsencePlan,
    CaseworkPlan,
    Length,
    ReactionPlan,
    ReviewScheme,
)
from sim.inputs.plan import Plan

Pick = Callable[..., Any]
STAGES = 10


def alter_cases(plan: Plan, pick: Pick) -> Plan:
    """Demand, work, law and people's time; nothing for a run of staffing alone."""
    case = plan.casework
    if case is None:
        return plan
    for alter in (_demand, _work, _law, _time, _managers):
        if pick(False, True):
            case = alter(plan, case, pick)
    return dataclasses.replace(plan, casework=case)


def _replaced(case: CaseworkPlan, **values: Any) -> CaseworkPlan:
    kept = {name: value for name, value in values.items() if value is not ...}
    return dataclasses.replace(case, **kept)


def _demand(plan: Plan, case: CaseworkPlan, pick: Pick) -> CaseworkPlan:
    """None, or far more; children come back soon or never."""
    rates = tuple(rate * pick(0.0, 0.3, 1.0, 4.0) for rate in case.referrals_per_day)
    children = tuple(tuple(n // pick(1, 1, 5) for n in row) for row in case.start_children)
    nobody = tuple((0,) * len(row) for row in children)
    return _replaced(
        case,
        referrals_per_day=rates,
        referral_ratio=tuple(ratio * pick(1.0, 0.05, 0.7, 3.0) for ratio in case.referral_ratio),
        start_children=pick(children, nobody),
        pending_re_referrals=pick(..., 0.0, 40.5),
        re_referral_days=pick(..., 0.5, 1e4),
    )


def _work(plan: Plan, case: CaseworkPlan, pick: Pick) -> CaseworkPlan:
    """Lengths, reviews, shares and how load slows work."""
    mean = pick(0.01, 1.0, 3.0)
    lengths = tuple(
        length and Length(length.mean * mean, pick(0.0, length.sigma, 1.5), length.exponential)
        for length in case.lengths
    )
    scheme = ReviewScheme(
        first=pick((1.0, 1.0), (20.0, 90.0)),
        following=pick((2.0, 2.0), (30.0, 180.0)),
        off_review_per_day=pick(0.0, 0.002, 0.2),
        ends=pick((0.05,), (0.0, 0.5), (0.2, 0.3, 0.4, 0.9)),
    )
    names = [field.name for field in dataclasses.fields(case.shares)]
    shares = dataclasses.replace(
        case.shares, **{pick(*names): pick(0.0, 0.3, 0.9) for _ in range(pick(0, 3))}
    )
    return _replaced(
        case,
        lengths=lengths,
        reviews=pick(case.reviews, {CHILD_IN_NEED: scheme, PROTECTION_PLAN: scheme}),
        shares=shares,
        slowing=pick(..., 0.0, 0.5, 1.0, 2.5),
        review_delay_days=pick(..., 0.0, 3.0, 60.0),
        assessment_limit=pick(..., 0, 200),
        load_multiplier_per_case=pick(..., 0.5, 1.0, 1.5),
        loop=pick(False, True),
    )


def _law(plan: Plan, case: CaseworkPlan, pick: Pick) -> CaseworkPlan:
    """Who may hold what, and where children go, from dates that fall on month boundaries."""
    day, later = plan.boundaries[1], pick(plan.boundaries[1], plan.boundaries[1] + 3.25, 9e9)
    pools = ((), (0,), (0, 2), (0, 1, 2, NEWLY_QUALIFIED), (2,))
    roles_from = tuple(
        pick(rules, (*rules, (day, pick(*pools)), (later, pick(*pools))))
        for rules in case.roles_from
    )
    teams = len(plan.team_keys)
    routes = (((1.0, 0),), ((0.5, teams - 1), (1.0, 0)), ((0.25, 0), (0.3, 1), (1.0, 1)))
    routing = tuple(
        pick(rules, (*rules, (day, pick(*routes)), (later, pick(*routes))))
        for rules in case.routing
    )
    return _replaced(
        case,
        roles_from=roles_from,
        routing=routing,
        hold_transfers=pick(False, True),
        limit_load=pick(..., (0.0,) * teams, (0.8,) * teams, (50.0,) * teams),
    )


def _time(plan: Plan, case: CaseworkPlan, pick: Pick) -> CaseworkPlan:
    """Absence, ramps, hand-over and support staff.

    Nobody present is without any capacity: work in hand would stand still, which no engine takes.
    """
    rates = pick((0.0, 0.0, 0.0), (0.05, 0.0, 0.0), (0.02, 0.01, 0.01), (0.0, 0.0, 0.3))
    absence = AbsencePlan(rates, pick((0.5, 5.0, 50.0), (5.0, 70.0, 270.0)), case.absence.shares)
    teams = len(plan.team_keys)
    return _replaced(
        case,
        absence=absence,
        change_per_day=pick(..., (0.0,) * teams, (0.01,) * teams),
        handover_hours=pick(..., 0.0, 60.0),
        newly_qualified_share=pick(..., 0.05, 1.0),
        experienced_start=pick(..., 0.05, 1.0),
        experienced_ramp_days=pick(..., 0.0, 400.0),
        agency_share=pick(..., 0.05, 1.3),
        freed_by_support=pick(..., (0.0, 0.0), (2.0, 3.0)),
        supervision_fte=pick(..., 0.0, 0.2),
        start_load=pick(..., (0.0,) * teams, (2.0,) * teams),
        start_lost_share=pick(..., (0.0,) * teams, (0.5,) * teams),
        recording_ratio=pick(..., 0.5, 3.0),
    )


def _managers(plan: Plan, case: CaseworkPlan, pick: Pick) -> CaseworkPlan:
    """Managers who never react, who do so at a single child, and who buy or lend without end."""
    reaction = ReactionPlan(
        trigger=pick(0.0, 0.02),
        patience_days=pick(0.0, 28.0, 70.0),
        lent_share=pick(0.0, 0.1, 1.0),
        limit_lift=pick(0.0, 0.2, 3.0),
        lift_days=pick(0.0, 30.0, 500.0),
        lifted_slower=pick(0.0, 0.05, 0.5),
        agency_share=pick(0.0, 0.8, 1.0),
        agency_most=pick((0,), (3,), (40,)) * len(plan.team_keys),
        agency_days=pick(0.0, 28.0, 60.5),
        turned_away=pick(0.0, 0.03, 0.9),
    )
    return _replaced(case, reaction=pick(None, reaction))
