"""Plans that nobody would write: numbers at their ends, and everything on the same day."""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.inputs.fates import Fates
from sim.inputs.plan import Cohort, Payment, Plan
from tests.case_helpers import cases_of, with_casework
from tests.helpers import shortened
from tests.twin.differences import assert_twins
from tests.twin.plans import Cell, scenarios_for

SHARE = st.sampled_from([0.0, 0.3, 1.0])
FACTOR = st.sampled_from([0.0, 1.0, 8.0])
DAYS = st.sampled_from([0.0, 5.0, 30.0])
PERIODS = 3


@cache
def base(council: str, scenario: int, hold: bool) -> Plan:
    found = scenarios_for(council)
    cell = Cell(council, found[scenario % len(found)], draw=scenario, hold=hold)
    return shortened(cell.plan(), PERIODS)


@st.composite
def market_changes(draw: st.DrawFn, plan: Plan) -> dict[str, Any]:
    """Hiring at its ends."""
    faster, cap = draw(FACTOR), draw(st.sampled_from([0.001, 0.016, 10.0]))
    step: dict[str, Any] = {
        name: draw(DAYS) for name in ("approval_days", "selection_days", "notice_days")
    }
    chances: dict[str, Any] = {
        name: draw(SHARE) for name in ("acceptance", "drop_out", "vacancy_elasticity")
    }
    markets = tuple(
        dataclasses.replace(
            market,
            candidates_per_day=market.candidates_per_day * faster,
            cap_per_post_per_day=cap,
            **step,
            **chances,
        )
        for market in plan.markets
    )
    chance = draw(SHARE)
    internal = dataclasses.replace(
        plan.internal,
        chance=dict.fromkeys(plan.internal.chance, chance),
        appointment_days=draw(DAYS),
        minimum_tenure_days=draw(st.sampled_from([0.0, 365.0])),
    )
    return {"markets": markets, "internal": internal}


@st.composite
def people_changes(draw: st.DrawFn, plan: Plan) -> dict[str, Any]:
    """Leaving, agency staff, and what the council does to its posts, at their ends."""
    faster = draw(FACTOR)
    rates: Any = {
        role: tuple(tuple(rate * faster for rate in band) for band in bands)
        for role, bands in plan.exits.rates.items()
    }
    exits = dataclasses.replace(
        plan.exits, rates=rates, manager_gap=draw(st.sampled_from([1.0, 3.0])),
        contagion=draw(st.sampled_from([1.0, 2.0])),
    )  # fmt: skip
    agency = dataclasses.replace(
        plan.agency,
        request_days=draw(DAYS),
        assignment_days=draw(st.sampled_from([1.0, 90.0])),
        conversion_per_day=draw(st.sampled_from([0.0, 0.05])),
        notice_days=draw(DAYS),
        release=draw(SHARE),
        above_start=tuple(draw(st.integers(0, 9)) for _ in plan.team_keys),
        later_notice=(plan.boundaries[2], draw(DAYS)),
    )
    return {
        "exits": exits,
        "agency": agency,
        "establishment_closures": (draw(st.sampled_from([0.0, 0.4, 6.0])),) * PERIODS,
        "other_net_change": (draw(st.sampled_from([-4.0, 0.0, 4.0])),) * PERIODS,
        "newly_qualified_probability": draw(SHARE),
    }


@st.composite
def same_day(draw: st.DrawFn, plan: Plan) -> dict[str, Any]:
    """Payments, cohorts, and posts that open, lapse and end, all on a month's first day."""
    day = plan.boundaries[draw(st.integers(1, 2))]
    cells = frozenset((post.team, post.role) for post in plan.posts)
    payments = tuple(
        Payment(len(plan.lines) - 1, day, cells, 100.0 * (k + 1), 60.0 * k, 0.5) for k in range(3)
    )
    cohorts = tuple(Cohort(900 + k, day, day + 31.0 * k, 4.5) for k in range(3))
    # One in some posts lapses and another ends on the day.
    odd = draw(st.integers(2, 9))
    posts = tuple(
        dataclasses.replace(post, lapse_day=day, end_day=day + 30.0)
        if number % (3 * odd) == 0
        else dataclasses.replace(post, end_day=day)
        if number % (5 * odd) == 1
        else post
        for number, post in enumerate(plan.posts)
    )
    return {"payments": payments, "cohorts": cohorts, "posts": posts}


@st.composite
def with_odd_cases(draw: st.DrawFn, plan: Plan) -> Plan:
    """Work, reviews, limits, absence and where cases go, at their ends."""
    cases, busier = cases_of(plan), draw(st.sampled_from([0.0, 1.0, 2.0]))
    shares = dataclasses.replace(
        cases.shares,
        no_further_action=draw(SHARE),
        not_in_need=draw(st.sampled_from([0.0, 0.4])),
        section_47_to_plan=draw(st.sampled_from([0.0, 0.5])),
        to_pre_proceedings=draw(st.sampled_from([0.0, 0.5])),
        pre_proceedings_to_court=draw(st.sampled_from([0.0, 0.7])),
        leave_care_in_first_year=draw(st.sampled_from([0.0, 0.6])),
        re_referral=draw(SHARE),
    )
    iller = draw(st.sampled_from([0.0, 1.0, 15.0]))
    often: Any = tuple(rate * iller for rate in cases.absence.rates)
    absence = dataclasses.replace(cases.absence, rates=often)
    limit = draw(st.sampled_from([0.6, 1.3, 9.0]))
    return with_casework(
        plan,
        shares=shares,
        absence=absence,
        referrals_per_day=tuple(rate * busier for rate in cases.referrals_per_day),
        limit_load=(limit,) * len(plan.team_keys),
        slowing=draw(st.sampled_from([0.0, 0.5, 1.0])),
        review_delay_days=draw(st.sampled_from([0.0, 21.0])),
        handover_hours=draw(st.sampled_from([0.0, 40.0])),
        re_referral_days=draw(st.sampled_from([20.0, 200.0])),
    )


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    council = draw(st.sampled_from(["devon_2021", "herefordshire_2019"]))
    plan = base(council, draw(st.integers(0, 7)), draw(st.booleans()))
    plan = dataclasses.replace(plan, **draw(market_changes(plan)))
    plan = dataclasses.replace(plan, **draw(people_changes(plan)))
    if draw(st.booleans()):
        plan = dataclasses.replace(plan, **draw(same_day(plan)))
    return draw(with_odd_cases(plan))


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(plan=plans(), replication=st.integers(0, 1000))
def test_generated_plans_are_the_same(plan: Plan, replication: int) -> None:
    assert_twins(plan, Fates(9, replication), traced=True)
