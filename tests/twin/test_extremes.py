"""The engines agree where there is almost nothing, or far too much."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from sim.config.roles import Role
from sim.config.rules_taken import RulesTaken
from sim.inputs.casework_plan import DECISION, Length
from sim.inputs.fates import Fates, key_of
from sim.inputs.plan import Cohort, Plan
from sim.inputs.position import PostState
from sim.inputs.run_options import DemandScenario
from tests.case_helpers import (
    case_plan,
    cases_of,
    crew,
    queue,
    reviewed_daily,
    with_casework,
)
from tests.helpers import shortened
from tests.twin.engines import assert_twins
from tests.twin.plans import COUNCILS, Choice, of_size, plan_of

REPLICATIONS = range(of_size(2, 20))


def council_plan(council: str = "devon_2021", months: int = 6) -> Plan:
    """A council with its children, the loop on."""
    choice = Choice(
        council=council,
        scenario="baseline",
        draw=1,
        months=months,
        casework=True,
        loop=True,
        lead_practitioners=RulesTaken.ON,
        demand=DemandScenario.FLAT,
        agency_rules=RulesTaken.ON,
        hold_transfers=False,
        fixed=0,
        reaction=True,
    )
    return plan_of(choice)


def one_worker() -> Plan:
    """One social worker for all children of a council."""
    return shortened(crew(case_plan(1, loop=True), {0: 1}), 6)


def nobody() -> Plan:
    """No post at all, and nobody who comes."""
    return dataclasses.replace(one_worker(), posts=())


def posts_without_people() -> Plan:
    """Every post stands empty on day 0."""
    plan = council_plan()
    empty = tuple(dataclasses.replace(post, state=PostState.UNCOVERED) for post in plan.posts)
    return dataclasses.replace(plan, posts=empty)


def nothing_open_yet() -> Plan:
    """Every post opens on one day."""
    plan = council_plan()
    later = tuple(
        dataclasses.replace(post, state=PostState.NOT_OPEN, start_day=plan.boundaries[2])
        for post in plan.posts
    )
    return dataclasses.replace(plan, posts=later)


def everything_ends() -> Plan:
    """Every post there is lapses on one day and ends on the next month's first."""
    plan = council_plan()
    ending = tuple(
        dataclasses.replace(post, lapse_day=plan.boundaries[1], end_day=plan.boundaries[2])
        if post.state is not PostState.NOT_OPEN
        else post
        for post in plan.posts
    )
    return dataclasses.replace(plan, posts=ending)


def more_referrals(times: float) -> Plan:
    """Many times the referrals; none for 0."""
    plan = council_plan()
    rates = tuple(rate * times for rate in cases_of(plan).referrals_per_day)
    return with_casework(plan, referrals_per_day=rates)


def no_children() -> Plan:
    """Nobody is there on day 0, and nobody is referred."""
    plan = more_referrals(0.0)
    none = tuple((0,) * len(row) for row in cases_of(plan).start_children)
    return with_casework(plan, start_children=none, pending_re_referrals=0.0)


def one_day(days: float) -> Plan:
    """A horizon of a day or less."""
    plan = shortened(council_plan(), 1)
    return dataclasses.replace(plan, horizon=days, boundaries=(0.0, days))


def agency_by_the_hundred() -> Plan:
    """Load brings hundreds of agency staff above establishment."""
    plan = more_referrals(8.0)
    agency = dataclasses.replace(
        plan.agency, release=1.0, above_most=(600.0,) * len(plan.team_keys)
    )
    return dataclasses.replace(plan, agency=agency)


def cohort_by_the_hundred() -> Plan:
    """Hundreds qualify at once, and few posts are advertised: supernumerary posts."""
    plan = council_plan()
    day = plan.boundaries[2]
    cohorts = (Cohort(key_of("one"), day, day, 400.5), Cohort(key_of("other"), day, day, 90.0))
    return dataclasses.replace(plan, cohorts=cohorts)


def everybody_promoted() -> Plan:
    """Every post is filled from inside, at once."""
    plan = council_plan()
    roles = (Role.SOCIAL_WORKER, Role.SENIOR_PRACTITIONER, Role.TEAM_MANAGER)
    internal = dataclasses.replace(
        plan.internal,
        chance=dict.fromkeys(roles, 1.0),
        appointment_days=0.0,
        minimum_tenure_days=0.0,
    )
    return dataclasses.replace(plan, internal=internal)


def ties_in_a_queue() -> Plan:
    """Decisions of one fixed length: many clocks ring on one instant."""
    return shortened(queue(3, 30.0, Length(1.0), at_once=4, slowing=1.0), 6)


def nobody_can_carry_anything() -> Plan:
    """Work is in hand on day 0, and nobody has any capacity for it."""
    plan = queue(2, 1.0, Length(1.0), at_once=None, slowing=0.5)
    children = [list(row) for row in cases_of(plan).start_children]
    children[DECISION][0] = 5
    return with_casework(
        shortened(plan, 3),
        pool_capacity=(0.0, 0.0, 0.0),
        start_children=tuple(map(tuple, children)),
    )


def posts_that_draw_nobody(one_in: int) -> Plan:
    """Some posts of each role, or all, have no pull at all, and many are filled from inside."""
    plan = everybody_promoted()
    posts = tuple(
        dataclasses.replace(post, choice_weight=0.0) if post.number % one_in == 0 else post
        for post in plan.posts
    )
    return dataclasses.replace(plan, posts=posts)


EXTREMES: dict[str, Callable[[], Plan]] = {
    "one worker": one_worker,
    "nobody": nobody,
    "posts without people": posts_without_people,
    "nothing open yet": nothing_open_yet,
    "everything ends": everything_ends,
    "no referrals": lambda: more_referrals(0.0),
    "20 times the referrals": lambda: more_referrals(20.0),
    "no children": no_children,
    "one day": lambda: one_day(1.0),
    "an hour": lambda: one_day(1.0 / 24.0),
    "agency by the hundred": agency_by_the_hundred,
    "a cohort by the hundred": cohort_by_the_hundred,
    "everybody promoted": everybody_promoted,
    "ties in a queue": ties_in_a_queue,
    "nobody can carry anything": nobody_can_carry_anything,
    "no post draws anybody": lambda: posts_that_draw_nobody(1),
    "one post in three draws nobody": lambda: posts_that_draw_nobody(3),
    "reviewed daily": reviewed_daily,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", EXTREMES)
def test_extremes_agree(name: str) -> None:
    plan = EXTREMES[name]()
    for replication in REPLICATIONS:
        assert_twins(plan, Fates(5, replication), traced=replication == 0)


def test_work_stands_still_with_those_who_can_carry_nothing() -> None:
    cases = assert_twins(nobody_can_carry_anything(), Fates(5, 0)).cases
    assert cases is not None
    assert (cases.children[:, DECISION].sum(axis=1) >= 5).all()
    assert (cases.over_full_load_fte <= cases.present_fte).all()
    assert cases.over_full_load_fte.sum() > 0.0
    assert (cases.capacity_days == 0.0).all()


def test_nobody_is_drawn_where_no_post_draws() -> None:
    plan = shortened(posts_that_draw_nobody(1), 3)
    flows = assert_twins(plan, Fates(5, 0)).flows
    assert flows["internal_in"].sum() == 0.0


@pytest.mark.parametrize("days", [1.0, 0.01])
def test_a_day_agrees(days: float) -> None:
    assert_twins(one_day(days), Fates(5, 0), traced=True)


@pytest.mark.slow
@pytest.mark.parametrize("council", COUNCILS[:: of_size(2, 1)])
def test_twenty_years_with_children_agree(council: str) -> None:
    assert_twins(council_plan(council, 240), Fates(5, 1))


SAME_DAY: dict[str, Any] = {
    "approval_days": 0.0,
    "selection_days": 0.0,
    "ready_days": 0.0,
    "checks_days": 0.0,
    "notice_days": 0.0,
    "acceptance": 1.0,
}


@pytest.mark.slow
@pytest.mark.parametrize("drop_out", [0.0, 1.0])
def test_hiring_within_an_instant_agrees(drop_out: float) -> None:
    plan = council_plan()
    markets = tuple(
        dataclasses.replace(market, **SAME_DAY, drop_out=drop_out) for market in plan.markets
    )
    at_once = tuple(
        tuple(dataclasses.replace(team, request_days=0.0, search_days=0.0) for team in teams)
        for teams in plan.agency.cover
    )
    agency = dataclasses.replace(plan.agency, notice_days=0.0, cover=at_once)
    plan = dataclasses.replace(plan, markets=markets, agency=agency)
    assert_twins(plan, Fates(5, 2), traced=True)
