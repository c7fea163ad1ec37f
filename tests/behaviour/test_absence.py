"""Absence: how much of it there is, what becomes of the cases, and what it leaves alone."""

from __future__ import annotations

import dataclasses
from functools import cache

import numpy as np
import pytest

from sim.config.roles import REGISTERED_ROLES, Role
from sim.engine.codes import SICK
from sim.engine.layout import World
from sim.engine.records import STOCKS, Records
from sim.engine.simpy.engine import simulate
from sim.engine.trace import TraceEvent
from sim.inputs.casework_plan import DECISION, AbsencePlan, Length
from sim.inputs.fates import Fates
from sim.inputs.plan import HUNDREDTHS, Plan
from sim.inputs.position import PostState
from tests.case_helpers import (
    NOBODY_AWAY,
    case_plan,
    caseload_of,
    cases_of,
    queue,
    run_cases,
    run_watched,
    small,
    staff_of,
    still,
    total,
    with_casework,
)
from tests.helpers import SEED, Trace, ended, standard_error, started

REPLICATIONS = 36
BOUND = 3.5
KINDS = ("sick", "long-term sick", "on long leave")


def _without_children(plan: Plan) -> Plan:
    """The same plan with people and no cases."""
    casework = cases_of(plan)
    none = tuple((0,) * len(row) for row in casework.start_children)
    return with_casework(
        plan,
        referrals_per_day=(0.0,) * plan.periods,
        pending_re_referrals=0.0,
        start_children=none,
    )


def _run(plan: Plan, replication: int = 0) -> tuple[Records, tuple[TraceEvent, ...]]:
    trace = Trace()
    records = simulate(plan, Fates(SEED, replication), trace)
    return records, tuple(trace.events)


def _spells(plan: Plan, events: tuple[TraceEvent, ...]) -> list[tuple[str, str, float, float]]:
    """Kind, post, first and last day of every spell; one not over ends with the run.

    That of somebody who moves inside goes on in the new post.
    """
    open_spells: dict[str, TraceEvent] = {}
    found = []
    for event in events:
        if event.what == "absent":
            assert event.person not in open_spells
            open_spells[event.person] = event
        elif event.what in ("returns", "leaves") and event.person in open_spells:
            begun = open_spells.pop(event.person)
            found.append((begun.detail, begun.post, begun.day, event.day))
        elif event.what == "moves inside" and event.person in open_spells:
            begun = open_spells[event.person]
            found.append((begun.detail, begun.post, begun.day, event.day))
            open_spells[event.person] = dataclasses.replace(begun, day=event.day, post=event.post)
    found += [(e.detail, e.post, e.day, plan.horizon) for e in open_spells.values()]
    return found


def _registered_fte(plan: Plan) -> dict[str, float]:
    """FTE of the posts of registered workers that are filled on day 0, by name."""
    return {
        post.name: post.fte
        for post in plan.posts
        if post.role in REGISTERED_ROLES and post.state is PostState.FILLED
    }


# -- how much --------------------------------------------------------------------------------------


@cache
def _quiet() -> tuple[Plan, list[tuple[Records, tuple[TraceEvent, ...]]]]:
    """Two years in which nobody comes or goes."""
    plan = _without_children(still(case_plan(2)))
    return plan, [_run(plan, replication) for replication in range(REPLICATIONS)]


@pytest.mark.slow
@pytest.mark.parametrize("kind", range(len(KINDS)), ids=KINDS)
def test_the_share_absent_is_the_one_that_was_asked_for(kind: int) -> None:
    """Over two years, and on day 0."""
    plan, runs = _quiet()
    fte = _registered_fte(plan)
    away, at_start = [], []
    for _, events in runs:
        spells = [spell for spell in _spells(plan, events) if spell[0] == KINDS[kind]]
        days = sum((end - start) * fte[post] for _, post, start, end in spells)
        away.append(days / plan.horizon / sum(fte.values()))
        at_start.append(sum(fte[post] for _, post, day, _ in spells if day == 0.0))
    asked = cases_of(plan).absence.shares[kind]
    for sample in (np.array(away), np.array(at_start) / sum(fte.values())):
        error = float(standard_error(sample))
        assert error < asked / 4
        assert sample.mean() == pytest.approx(asked, abs=BOUND * error)


@pytest.mark.slow
def test_spells_last_as_long_as_asked_for() -> None:
    """Those that began with time enough to end."""
    plan, runs = _quiet()
    for kind, mean in zip(KINDS[:2], cases_of(plan).absence.means, strict=False):
        lengths = np.array([
            end - start
            for _, events in runs
            for what, _, start, end in _spells(plan, events)
            if what == kind and 0.0 < start < plan.horizon - 7 * mean
        ])  # fmt: skip
        assert len(lengths) > 50
        assert lengths.mean() == pytest.approx(mean, abs=BOUND * float(standard_error(lengths)))


def test_sick_days_are_those_the_trace_tells() -> None:
    """With people who come, go and move; long leave is no sickness."""
    plan = _without_children(
        case_plan(1, {"council.staffing.leaving_rate": 0.5, "casework.absence.sickness_share": 0.1})
    )
    posts = {post.name: post for post in plan.posts}
    records, events = _run(plan)
    assert records.cases is not None
    days = [0.0] * len(plan.team_keys)
    for kind, name, start, end in _spells(plan, events):
        if kind != "on long leave":
            days[posts[name].team] += (end - start) * posts[name].fte
    assert records.cases.sick_fte_days.sum(axis=0) == pytest.approx(days, rel=1e-9)
    assert any(event.what == "leaves" for event in events)
    assert any(event.what == "moves inside" for event in events)


def test_only_permanent_registered_workers_are_absent() -> None:
    plan = _without_children(case_plan(1))
    roles = {post.name: post.role for post in plan.posts}
    absent = [event for event in _run(plan)[1] if event.what == "absent"]
    assert {roles[event.post] for event in absent} == set(REGISTERED_ROLES)
    assert all(event.person.startswith("worker") for event in absent)


def test_absence_leaves_posts_and_people_alone() -> None:
    """Without the loop: absence is no vacancy, and nobody leaves for it."""
    plan = _without_children(case_plan(1))
    here = with_casework(plan, absence=NOBODY_AWAY)
    one, other = (simulate(p, Fates(SEED, 1)) for p in (plan, here))
    for name in STOCKS:
        assert np.array_equal(one.stocks[name], other.stocks[name])
    assert all(np.array_equal(one.flows[name], other.flows[name]) for name in one.flows)
    assert one.cases is not None
    assert other.cases is not None
    assert one.cases.capacity_days.sum() < other.cases.capacity_days.sum()
    assert other.cases.sick_fte_days.sum() == 0.0


@pytest.mark.slow
def test_capacity_is_what_absence_leaves() -> None:
    """Social workers' share present, nobody ramping up or handing over."""
    plan, runs = _quiet()
    everyone = with_casework(plan, absence=NOBODY_AWAY)
    whole = run_cases(everyone).capacity_days[1:].sum()
    social = sum(
        post.fte
        for post in plan.posts
        if post.role is Role.SOCIAL_WORKER and post.state is PostState.FILLED
    )
    permanent = social * cases_of(plan).pool_capacity[0] * (plan.horizon - plan.boundaries[1])
    lost = np.array([
        (whole - records.cases.capacity_days[1:].sum()) / permanent
        for records, _ in runs
        if records.cases is not None
    ])  # fmt: skip
    expected = sum(cases_of(plan).absence.shares)
    assert lost.mean() == pytest.approx(expected, abs=BOUND * float(standard_error(lost)))


# -- what becomes of the cases ---------------------------------------------------------------------

SHORT_ONLY = AbsencePlan(rates=(0.02, 0.0, 0.0), means=(5.0, 70.0, 270.0), shares=(0.09, 0.0, 0.0))
LONG_ONLY = AbsencePlan(
    rates=(0.0, 0.002, 0.001), means=(5.0, 40.0, 90.0), shares=(0.0, 0.07, 0.08)
)


class Absent:
    """Counts the cases of those who are away, each time it is called."""

    def __init__(self) -> None:
        self.away = 0
        self.cases = 0

    def __call__(self, w: World) -> None:
        """Look at everyone."""
        for holder in staff_of(w):
            if holder.capacity == 0.0:
                self.away += 1
                self.cases += len(caseload_of(holder))


def _some(absence: AbsencePlan) -> Plan:
    """A year of a twelfth of Devon in which nobody comes or goes for good."""
    return with_casework(small(still(case_plan(1)), 12), absence=absence, limit_load=(1e6,) * 6)


def test_short_spells_keep_their_cases() -> None:
    absent = Absent()
    _, records = run_watched(_some(SHORT_ONLY), absent, every=3)
    assert records.cases is not None
    assert absent.away > 100
    assert absent.cases > 5 * absent.away
    assert total(records.cases, "handovers_absence") == 0.0


def test_long_spells_hand_over_all_their_cases() -> None:
    absent = Absent()
    _, records = run_watched(_some(LONG_ONLY), absent, every=3)
    assert records.cases is not None
    assert absent.away > 100
    assert absent.cases == 0
    assert total(records.cases, "handovers_absence") > 50.0


def test_each_case_of_one_who_falls_ill_for_long_goes_to_one_colleague() -> None:
    """The trace: each child who loses its worker is given another at that instant, once."""
    trace = Trace()
    cases = run_cases(_some(LONG_ONLY), listener=trace)
    began = {event.day for event in trace.of("absent") if event.day > 0.0}
    given = [event for event in trace.of("allocated") if event.detail == "after: absence"]
    assert {event.day for event in given} <= began
    assert len({(event.day, event.child) for event in given}) == len(given)
    assert len(given) == total(cases, "handovers_absence")


@pytest.mark.slow
@pytest.mark.parametrize(
    "length", [Length(8.0), Length(8.0, sigma=0.6)], ids=["fixed", "lognormal"]
)
def test_work_stands_still_while_its_worker_is_off_sick_for_a_short_while(length: Length) -> None:
    """Work of so many days takes, in the mean, as much longer as spells begin in it and last."""
    plan = with_casework(queue(12, 6.0, length, at_once=None), absence=SHORT_ONLY)
    stays = []
    for replication in range(10):
        cases = run_cases(plan, replication)
        stays.append(cases.child_days[2:, DECISION].sum() / cases.entries[2:, DECISION].sum())
    expected = 8.0 * (1 + SHORT_ONLY.rates[0] * SHORT_ONLY.means[0])
    sample = np.array(stays)
    assert sample.mean() == pytest.approx(expected, abs=BOUND * float(standard_error(sample)))
    assert sample.mean() > 8.4


def test_one_who_leaves_while_away_is_away_no_more() -> None:
    """Nobody who has left is counted as sick at the end, or comes back."""
    plan = _without_children(
        case_plan(1, {"council.staffing.leaving_rate": 0.9,
                      "casework.absence.sickness_share": 0.2})
    )  # fmt: skip
    w, trace = started(plan, Fates(SEED, 0), is_traced=True), Trace()
    assert ended(plan, w, trace).cases is not None
    gone = {event.person: event.day for event in trace.of("leaves")}
    assert all(event.day <= gone.get(event.person, plan.horizon) for event in trace.of("returns"))
    fte = {post.name: post.fte for post in plan.posts}
    away = sum(
        fte[post] for kind, post, _, end in _spells(plan, tuple(trace.events))
        if kind != "on long leave" and end == plan.horizon
    )  # fmt: skip
    assert sum(team.level[SICK] for team in w.teams) / HUNDREDTHS == pytest.approx(away)


def test_without_absence_nobody_is_ever_away() -> None:
    plan = _some(NOBODY_AWAY)
    _, events = _run(plan)
    assert not [event for event in events if event.what in ("absent", "returns")]
