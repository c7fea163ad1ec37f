"""Posts that end with somebody in them: where holders and people on the way go, and their cases."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.config.roles import Role
from sim.dates import DAYS_PER_YEAR
from sim.engine.records import Records
from sim.engine.simpy.engine import simulate
from sim.inputs.fates import Fates, key_of
from sim.inputs.plan import Cohort, Plan
from sim.inputs.position import PostState
from tests.behaviour.builders import new_posts, plan_for, scenario_of
from tests.case_helpers import NOBODY_AWAY, STRICT, case_plan, crew, still, with_casework
from tests.helpers import Trace

HERE, THERE, COURT = 0, 1, 2
LAST_DAY = dt.date(2022, 9, 30)
FIXED_TERM = new_posts(
    [("assessment", Role.SOCIAL_WORKER, 12.0), ("front_door", Role.SOCIAL_WORKER, 12.0)],
    end=LAST_DAY,
)
END = 40.0
VACANT: Mapping[str, Any] = {"state": PostState.UNCOVERED}
ENDS: Mapping[str, Any] = {"end_day": END}


@cache
def _crew(years: int = 1) -> Plan:
    """Two social workers here, two there, one in a court team; nobody comes or goes."""
    plan = crew(case_plan(years, STRICT), {HERE: 2, THERE: 2, COURT: 1})
    assert plan.court_teams == {COURT}
    return with_casework(still(plan), absence=NOBODY_AWAY)


def _plan(changes: Mapping[str, Mapping[str, Any]], casework: bool = False, years: int = 1) -> Plan:
    """The crew with some posts altered, by name: "0/1" is the second one here."""
    plan = _crew(years)
    posts = tuple(dataclasses.replace(p, **changes.get(p.name, {})) for p in plan.posts)
    return dataclasses.replace(plan, posts=posts, casework=plan.casework if casework else None)


def _run(plan: Plan) -> tuple[Records, Trace]:
    heard = Trace()
    return simulate(plan, Fates(1, 0), heard), heard


def _told(heard: Trace, *kinds: str) -> list[tuple[float, str, str]]:
    return [(event.day, event.what, event.post) for event in heard.of(*kinds)]


def _notice(plan: Plan) -> float:
    return plan.markets[plan.posts[0].market].notice_days


# -- where holders go ------------------------------------------------------------------------------


def test_a_holder_goes_to_an_empty_post_of_the_team_first() -> None:
    records, heard = _run(_plan({"1/0": ENDS, "0/0": VACANT, "1/1": VACANT}))
    assert _told(heard, "post ends", "moves inside", "post closes", "leaves") == [
        (END, "post ends", "1/0"),
        (END, "moves inside", "1/1"),
        (END, "post closes", "1/0"),
    ]
    for flow in ("internal_in", "internal_out"):
        assert records.flows[flow].sum(axis=1).tolist() == [0.0, 1.0] + [0.0] * 11
    assert (records.stocks["filled"].sum(axis=1) == 3.0).all()


def test_a_holder_goes_to_another_team_where_the_own_has_no_empty_post() -> None:
    _, heard = _run(_plan({"1/0": ENDS, "0/0": VACANT}))
    assert _told(heard, "moves inside") == [(END, "moves inside", "0/0")]
    assert heard.of("leaves") == []


def test_two_whose_posts_end_on_one_day_share_the_empty_posts() -> None:
    plan = _plan({"0/0": ENDS, "0/1": ENDS, "1/0": VACANT})
    records, heard = _run(plan)
    assert _told(heard, "moves inside", "leaves") == [
        (END, "moves inside", "1/0"),
        (END + _notice(plan), "leaves", "0/1"),
    ]
    assert records.flows["leavers_contract_end"].sum() == 1.0


def test_nobody_moves_to_a_post_of_another_role() -> None:
    manager = {"role": Role.TEAM_MANAGER, "state": PostState.UNCOVERED}
    _, heard = _run(_plan({"0/0": ENDS, "0/1": manager}))
    assert heard.of("moves inside") == []
    assert len(heard.of("leaves")) == 1


@pytest.mark.parametrize("beginner", [True, False])
def test_only_who_may_do_court_work_goes_to_a_court_team(beginner: bool) -> None:
    plan = _plan({"0/0": ENDS, "2/0": VACANT})
    plan = dataclasses.replace(plan, newly_qualified_probability=float(beginner))
    _, heard = _run(plan)
    assert len(heard.of("moves inside")) == (not beginner)
    assert len(heard.of("leaves")) == beginner


# -- notice ----------------------------------------------------------------------------------------


def test_a_holder_without_another_post_is_in_post_for_her_notice_and_then_leaves() -> None:
    plan = _plan({"0/0": ENDS})
    records, heard = _run(plan)
    last = END + _notice(plan)
    assert _told(heard, "leaves", "post closes") == [
        (last, "leaves", "0/0"),
        (last, "post closes", "0/0"),
    ]
    assert heard.of("leaves")[0].detail == "exit: contract_end"
    days = records.fte_days["filled"].sum()
    assert days == pytest.approx(4 * plan.horizon + last)


def test_a_post_that_falls_empty_within_the_notice_is_hers() -> None:
    opens = {"state": PostState.NOT_OPEN, "start_day": END + 7.0}
    _, heard = _run(_plan({"0/0": ENDS, "1/1": opens}))
    assert _told(heard, "moves inside", "leaves") == [(END + 7.0, "moves inside", "1/1")]


def test_who_is_under_notice_serves_it_and_leaves_as_she_said() -> None:
    plan = _plan({"0/0": {"end_day": 1.0}, "0/1": VACANT})
    plan = dataclasses.replace(plan, notice_probability=dict.fromkeys(Role, 1.0))
    _, heard = _run(plan)
    (left,) = [event for event in heard.of("leaves") if event.post == "0/0"]
    assert 1.0 < left.day <= _notice(plan)
    assert left.detail != "exit: contract_end"
    assert heard.of("moves inside") == []


# -- agency staff, and people on the way -----------------------------------------------------------


def test_who_covers_the_post_that_a_holder_takes_has_notice() -> None:
    plan = _plan({"0/0": ENDS, "0/1": {"state": PostState.COVERED}})
    records, heard = _run(plan)
    assert len(heard.of("moves inside")) == 1
    assert records.flows["agency_cover_ends"].sum() == 1.0
    assert records.above_fte_days.sum() == pytest.approx(plan.agency.notice_days)


def test_cover_of_an_empty_post_ends_with_the_post() -> None:
    records, heard = _run(_plan({"0/0": {**ENDS, "state": PostState.COVERED}}))
    assert _told(heard, "post closes") == [(END, "post closes", "0/0")]
    assert records.flows["agency_cover_ends"].sum() == 1.0
    assert records.stocks["covered"][1:].sum() == 0.0


@pytest.mark.parametrize("other", [True, False])
def test_who_has_an_accepted_offer_starts_in_another_post_if_there_is_one(other: bool) -> None:
    opens = {"state": PostState.NOT_OPEN, "start_day": 0.5}
    plan = _plan(
        {"0/0": {"end_day": 1.0, "state": PostState.UNCOVERED}}
        | ({"1/1": opens} if other else {"1/1": {}})
    )
    markets = tuple(
        dataclasses.replace(
            m, candidates_per_day=1e-9, carried_awaiting=1e15, approval_days=0.0, drop_out=0.0
        )
        for m in plan.markets
    )
    _, heard = _run(dataclasses.replace(plan, markets=markets))
    assert _told(heard, "post closes") == [(1.0, "post closes", "0/0")]
    started, withdrawn = heard.of("starts"), heard.of("offer withdrawn")
    assert (len(started), len(withdrawn)) == ((1, 0) if other else (0, 1))
    assert all(event.post == "1/1" and event.day > 1.0 for event in started)


@pytest.mark.parametrize("ends", [49.0, 50.0, 51.0])
def test_no_newly_qualified_worker_is_offered_a_post_that_ends_before_the_start(
    ends: float,
) -> None:
    plan = _plan({"0/0": {"end_day": ends, "state": PostState.UNCOVERED}})
    cohort = Cohort(key_of("one"), 10.0, 50.0, 1.0)
    _, heard = _run(dataclasses.replace(plan, cohorts=(cohort,), cohort_drop_out=0.0))
    (started,) = heard.of("starts")
    assert started.day == 50.0
    assert started.detail == ("supernumerary" if ends <= 50.0 else "route: newly_qualified")


@pytest.mark.parametrize("court", [True, False])
def test_after_twelve_months_a_supernumerary_worker_may_take_a_post_in_a_court_team(
    court: bool,
) -> None:
    plan = _plan({"2/0": VACANT} if court else {}, years=2)
    cohort = Cohort(key_of("one"), 1.0, 1.0, 1.0)
    _, heard = _run(dataclasses.replace(plan, cohorts=(cohort,), cohort_drop_out=0.0))
    (started,) = heard.of("starts")
    assert started.detail == "supernumerary"
    ends = 1.0 + DAYS_PER_YEAR
    if court:
        assert _told(heard, "moves inside") == [(ends, "moves inside", "2/0")]
        assert heard.of("leaves") == []
    else:
        assert _told(heard, "leaves") == [(ends + _notice(plan), "leaves", started.post)]


# -- children --------------------------------------------------------------------------------------


@pytest.mark.parametrize("empty", ["1/1", "0/1"])
def test_children_stay_with_a_worker_who_stays_in_the_team(empty: str) -> None:
    as_it_was, moved = (
        _run(_plan({empty: VACANT, **changes}, casework=True))[0].cases
        for changes in ({}, {"1/0": ENDS})
    )
    assert as_it_was is not None
    assert moved is not None
    assert as_it_was.flows["handovers_internal_move"].sum() == 0.0
    handed_over = moved.flows["handovers_internal_move"].sum()
    if empty == "1/1":
        assert handed_over == 0.0
        assert (moved.unallocated == as_it_was.unallocated).all()
        assert (moved.held_children == as_it_was.held_children).all()
    else:
        assert handed_over > 10.0


# -- the whole council -----------------------------------------------------------------------------


@pytest.mark.parametrize("fate", range(2))
def test_where_posts_stand_empty_no_social_worker_is_dismissed(fate: int) -> None:
    """Many who go to the fixed-term posts were there on day 0, and their old teams advertise."""
    plan = plan_for(2, scenario_of(FIXED_TERM))
    mine = [i for i, account in enumerate(plan.accounts) if account.line >= 2]
    heard = Trace()
    records = simulate(plan, Fates(1, fate), heard)
    last = plan.period_dates.index(LAST_DAY)
    held = records.stocks["filled"][last, mine].sum()
    assert held >= 5.0
    before = [
        event.person for event in heard.of("moves inside") if event.day < plan.boundaries[last]
    ]
    assert len(set(before)) > 5
    assert records.flows["leavers_contract_end"][:, mine].sum() == 0.0
    filled = records.stocks["filled"][last + 1 :, mine].sum(axis=1)
    assert filled[0] <= 0.2 * held, "those under notice"
    assert filled[3] == 0.0


def test_people_in_post_are_accounted_for_in_every_team_and_month() -> None:
    plan = plan_for(2, scenario_of(FIXED_TERM))
    records = simulate(plan, Fates(1, 0))
    flow = records.flows
    change = sum(flow[name] for name in flow if name.startswith("starters_"))
    change = change + flow["other_net_change"] + flow["internal_in"] - flow["internal_out"]
    change = change - sum(flow[name] for name in flow if name.startswith("leavers_"))
    stock = records.stocks["filled"]
    np.testing.assert_allclose(np.diff(stock, axis=0), change[1:], atol=1e-9)


# -- recoding --------------------------------------------------------------------------------------


def test_who_moves_into_a_post_that_recoding_has_emptied_may_leave_none_behind() -> None:
    """Everybody is to be recoded out; those whose posts have ended take what others leave."""
    plan = _plan(dict.fromkeys(("0/0", "0/1", "1/0"), ENDS))
    out = tuple(-10.0 if month == 2 else 0.0 for month in range(plan.periods))
    records, heard = _run(dataclasses.replace(plan, other_net_change=out))
    assert heard.of("moves inside"), "a post that was left drew somebody"
    assert (records.stocks["filled"].sum(axis=1) >= 0.0).all()
