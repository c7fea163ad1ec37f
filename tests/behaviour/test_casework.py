"""Children's cases: conservation at every event, who holds what, waiting, luck, and the law."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections import Counter, defaultdict
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from sim.config.casework import STAGES, TransferRule
from sim.config.roles import Role
from sim.config.routes import Route
from sim.dates import DAYS_PER_YEAR, day_of
from sim.engine.case_records import CaseRecords, Cause
from sim.engine.codes import CAPACITY, CASE_CLOSED, WAITING
from sim.engine.formulas import has_room, load_of
from sim.engine.layout import Case, CaseHolder, World
from sim.engine.records import Array
from sim.engine.simpy.engine import simulate
from sim.engine.trace import TraceEvent
from sim.inputs.casework_plan import (
    CARE_LEAVER,
    CHILD_IN_NEED,
    COURT,
    DECISION,
    PERSONAL_ADVISERS,
    PRACTITIONERS,
    PRE_PROCEEDINGS,
    PROTECTION_PLAN,
    REGISTERED,
    CaseworkPlan,
    Length,
    in_force,
)
from sim.inputs.fates import Fates
from sim.inputs.plan import Plan
from tests.case_helpers import (
    HOURS,
    PER_CASE,
    STRICT,
    case_plan,
    caseload_of,
    cases_of,
    council_for,
    open_cases,
    queue,
    run_cases,
    run_watched,
    same_cases,
    small,
    staff_of,
    still,
    team_index,
    total,
    with_casework,
)
from tests.helpers import SEED, Trace, extra_posts

LIMIT = "casework.capacity.hard_limit"
BUSY = {
    "council.staffing.leaving_rate": 0.6,
    "council.staffing.starters_fte_per_year": 120.0,
    "agency.assignment": 2.0,
    HOURS: 5.0,
    "internal_moves.chance_social_worker": 0.5,
    "casework.absence.sickness_share": 0.1,
    "casework.absence.long_sickness_share": 0.5,
    "casework.absence.long_spell": 20.0,
    "casework.absence.long_leave_share": 0.1,
}
"""Everybody comes and goes, falls ill, and moves."""
TIGHT = 1.05
"""A hard limit hardly above the load of the start: many wait."""
PART = 12
COURT_WORK = (PRE_PROCEEDINGS, COURT)
BEGINS = {f"{stage.value.replace('_', ' ')} begins": s for s, stage in enumerate(STAGES)}


def _busy(
    rule: TransferRule = TransferRule.PUSH,
    limit: float = TIGHT,
    overrides: dict[str, float] | None = None,
) -> Plan:
    """A year of a twelfth of Devon, with much coming and going and a tight limit."""
    plan = case_plan(1, BUSY | (overrides or {}), council=council_for(1, rule=rule))
    tight = tuple(limit * max(1.0, load) for load in cases_of(plan).start_load)
    return with_casework(small(plan, PART), limit_load=tight)


# -- conservation ----------------------------------------------------------------------------------


class Auditor:
    """Checks all open cases and all who hold them, each time it is called."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.checks = 0
        self.waited = 0

    def __call__(self, w: World) -> None:
        """Check cases, holders and levels."""
        self.checks += 1
        cases, holders = open_cases(w), staff_of(w)
        self._others(w)
        self._each_child(cases)
        self._each_holder(cases, holders)
        self._levels(w, cases, holders)
        self.waited += any(case.holder is None for case in cases)

    @staticmethod
    def _others(w: World) -> None:
        """In no stage are those who closed, and those whose decision begins on this instant."""
        for case in w.open:
            if case.stage == CASE_CLOSED:
                assert case.holder is None
                assert case.visits > 0 or w.env.peek() == w.now

    def _each_child(self, cases: list[Case]) -> None:
        """In one stage, with one worker of its team, or waiting; weighing what its stage weighs."""
        plan = cases_of(self._plan)
        assert len({case.number for case in cases}) == len(cases)
        for case in cases:
            assert 0 <= case.stage < len(STAGES)
            assert case.points == plan.points[case.stage][case.team.number]
            if case.holder is not None:
                assert not case.holder.gone
                assert case.holder.team is case.team

    @staticmethod
    def _each_holder(cases: list[Case], holders: list[CaseHolder]) -> None:
        """Has the cases that name them, and no others; points are theirs; the absent have none."""
        named = Counter(case.holder.number for case in cases if case.holder is not None)
        for holder in holders:
            held = caseload_of(holder)
            assert all(case.holder is holder for case in held)
            assert holder.cases == len(held) == named.pop(holder.number, 0)
            points = math.fsum(case.points for case in held)
            assert holder.points == pytest.approx(points, abs=1e-6)
            if holder.capacity > 0.0:
                assert holder.load == pytest.approx(load_of(points, holder.capacity), abs=1e-6)
        assert not named

    @staticmethod
    def _levels(w: World, cases: list[Case], holders: list[CaseHolder]) -> None:
        """The recorded levels are the sums over children and over people."""
        children = Counter((case.stage, case.team.number) for case in cases)
        waiting = Counter(case.team.number for case in cases if case.holder is None)
        for stage in range(len(STAGES)):
            for team in w.teams:
                level = w.stage_teams[stage * len(w.teams) + team.number].level
                assert level == children[stage, team.number]
        for team in w.teams:
            assert team.level[WAITING] == waiting[team.number]
            there = math.fsum(h.capacity for h in holders if h.team is team)
            assert team.level[CAPACITY] == pytest.approx(there, abs=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("rule", TransferRule)
def test_every_child_is_in_one_stage_with_one_worker_or_waits(rule: TransferRule) -> None:
    """At every event of a year."""
    plan = _busy(rule)
    auditor = Auditor(plan)
    _, records = run_watched(plan, auditor)
    cases = records.cases
    assert cases is not None
    assert auditor.checks > 2000
    assert auditor.waited > 100
    for cause in Cause:
        assert total(cases, f"handovers_{cause.name.lower()}") > 0.0


@pytest.mark.slow
def test_every_child_of_devon_is_in_one_stage_with_one_worker_or_waits() -> None:
    """Devon itself over a year, the whole looked at now and then."""
    plan = case_plan(1, loop=True)
    auditor = Auditor(plan)
    run_watched(plan, auditor, every=997)
    assert auditor.checks > 20


def _adds_up(plan: Plan, cases: CaseRecords) -> None:
    """Children move by entries and exits alone, and are referred, held and closed once."""
    casework = cases_of(plan)
    start = np.array(casework.start_children, dtype=float)
    moved: Array = np.cumsum((cases.entries - cases.exits).sum(axis=2), axis=0)
    children = cases.children.sum(axis=2)
    assert np.array_equal(start.sum(axis=1) + moved, children)
    referrals = total(cases, "referrals")
    assert cases.entries[:, DECISION].sum() == referrals
    closed = cases.exits.sum() - (cases.entries.sum() - referrals)
    assert start.sum() + referrals == children[-1].sum() + closed
    assert 0 <= closed <= start.sum() + referrals
    waiting = np.cumsum((cases.flows["waits_begun"] - cases.flows["waits_ended"]).sum(axis=1))
    assert np.array_equal(waiting, cases.unallocated.sum(axis=1))
    plans = np.cumsum((cases.flows["plans_started"] - cases.flows["plans_ended"]).sum(axis=1))
    on_plan = [PROTECTION_PLAN, PRE_PROCEEDINGS]
    assert np.array_equal(start[on_plan].sum() + plans, children[:, on_plan].sum(axis=1))
    in_care = children[:, COURT:CARE_LEAVER].sum(axis=1)
    care = np.cumsum((cases.flows["care_started"] - cases.flows["care_ended"]).sum(axis=1))
    assert np.array_equal(start[COURT:CARE_LEAVER].sum() + care, in_care)
    ended = (cases.plans["end_day"] >= 0.0).sum()
    assert len(cases.plans) - ended == children[-1, on_plan].sum()
    assert ended == total(cases, "plans_ended")


@pytest.mark.parametrize("rule", TransferRule)
def test_referrals_and_children_of_day_0_are_open_or_closed(rule: TransferRule) -> None:
    plan = _busy(rule)
    _adds_up(plan, run_cases(plan))


@pytest.mark.slow
def test_devon_adds_up() -> None:
    plan = case_plan(2, loop=True)
    _adds_up(plan, run_cases(plan, 3))


def test_held_and_waiting_children_are_all_there_are() -> None:
    """Without personal advisers' and practitioners' children, who aren't in `held_children`."""
    plan = _busy()
    cases = run_cases(plan)
    social = cases.children[:, :CARE_LEAVER].sum(axis=(1, 2))
    held, waiting = cases.held_children.sum(axis=1), cases.unallocated.sum(axis=1)
    assert (held <= social).all()
    assert (held + waiting >= social).all()


# -- the same, told by the trace -------------------------------------------------------------------


@cache
def _told() -> tuple[Plan, CaseRecords, tuple[TraceEvent, ...]]:
    plan, trace = _busy(), Trace()
    cases = run_cases(plan, listener=trace)
    return plan, cases, tuple(trace.events)


def _of_children(events: tuple[TraceEvent, ...]) -> dict[str, list[TraceEvent]]:
    lives: dict[str, list[TraceEvent]] = defaultdict(list)
    for event in events:
        if event.child:
            lives[event.child].append(event)
    return lives


def test_listening_changes_nothing() -> None:
    plan, cases, _ = _told()
    assert same_cases(cases, run_cases(plan))


def test_children_s_days_are_those_the_trace_tells() -> None:
    """Little's law as an identity: the integral of children is the sum of their stays."""
    plan, cases, events = _told()
    days = np.zeros((len(STAGES), len(plan.team_keys)))
    for life in _of_children(events).values():
        moves = [e for e in life if e.what in BEGINS or e.what == "case closes"]
        ends = [event.day for event in moves[1:]] + [plan.horizon]
        for event, end in zip(moves, ends, strict=True):
            if event.what in BEGINS:
                team = plan.team_names.index(event.team)
                days[BEGINS[event.what], team] += end - event.day
    assert cases.child_days.sum(axis=0) == pytest.approx(days, abs=1e-6)


def test_days_without_a_worker_are_those_the_trace_tells() -> None:
    plan, cases, events = _told()
    days = 0.0
    for life in _of_children(events).values():
        since: float | None = None
        for event in life:
            if event.what in ("waits for a worker", "allocated", "case closes"):
                days += event.day - since if since is not None else 0.0
                since = event.day if event.what.startswith("waits") else None
        days += plan.horizon - since if since is not None else 0.0
    assert cases.unallocated_days.sum() == pytest.approx(days, abs=1e-6)
    assert days > 100.0


def test_changes_of_worker_are_those_the_trace_tells() -> None:
    """Whoever decides on a referral is no allocated worker: who comes next is the first."""
    _, cases, events = _told()
    changes = 0
    for life in _of_children(events).values():
        # A child is allocated just before its stage is told to begin.
        stage, had_worker = -1, False
        for here, following in zip(life, [*life[1:], None], strict=True):
            if here.what in BEGINS:
                stage = BEGINS[here.what]
            if here.what != "allocated":
                continue
            entering = following is not None and following.day == here.day
            held = BEGINS.get(following.what, stage) if entering and following else stage
            changes += had_worker
            had_worker = had_worker or held != DECISION
    assert changes == total(cases, *(f"handovers_{cause.name.lower()}" for cause in Cause))


def test_nothing_is_told_of_a_child_after_its_case_closes() -> None:
    _, _, events = _told()
    for life in _of_children(events).values():
        closes = [n for n, event in enumerate(life) if event.what == "case closes"]
        assert closes in ([], [len(life) - 1])


def _is_new(holder: CaseHolder, now: float, days: float = DAYS_PER_YEAR) -> bool:
    """Whether somebody came newly qualified less than so many days ago."""
    worker = holder.worker
    return (
        worker is not None
        and worker.route == Route.NEWLY_QUALIFIED
        and now - worker.joined_day < days
    )


# -- waiting ---------------------------------------------------------------------------------------


class Waiting:
    """Checks that nobody waits in vain, each time it is called."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.in_vain: Counter[str] = Counter()
        self.seen = 0

    def __call__(self, w: World) -> None:
        """Look at all who wait."""
        waiting = [case for case in open_cases(w) if case.holder is None]
        self.seen += bool(waiting)
        for holder in staff_of(w):
            mine = [case for case in waiting if case.team is holder.team]
            self._look(w.now, holder, mine)

    def _look(self, now: float, holder: CaseHolder, waiting: list[Case]) -> None:
        """Of those whom a worker present may hold, the most urgent doesn't fit."""
        plan = cases_of(self._plan)
        may = [
            case
            for case in waiting
            if holder.pool.kind in in_force(plan.roles_from[case.stage], now)
            and not (_is_new(holder, now, DAYS_PER_YEAR + 31.0) and case.stage in COURT_WORK)
        ]
        if may and holder.capacity > 0.0:
            first = min(may, key=lambda c: (plan.priority[c.stage], c.waiting_since, c.number))
            limit = plan.limit_load[holder.team.number]
            if has_room(holder.load, first.points, holder.capacity, limit):
                team = self._plan.team_keys[holder.team.number]
                self.in_vain[f"{STAGES[first.stage].value} in {team}"] += 1


@pytest.mark.slow
def test_no_child_waits_while_a_worker_who_may_hold_it_has_room() -> None:
    """Neither behind others whom that worker may not hold, nor because another is less loaded."""
    plan = _busy()
    waiting = Waiting(plan)
    run_watched(plan, waiting)
    assert waiting.seen > 500
    assert not waiting.in_vain, "events at which it did"


class Turns:
    """Reads from a trace who got a worker while others of the team waited."""

    def __init__(self, plan: Plan) -> None:
        self._priority = cases_of(plan).priority
        self._stage: dict[str, int] = {}
        self._waits: dict[str, tuple[str, int, float]] = {}
        self.others = 0
        self.less_urgent: list[str] = []
        self.later: list[str] = []

    def read(self, events: tuple[TraceEvent, ...]) -> Turns:
        """Read all events; a child is allocated just before its new stage is told to begin."""
        for n, event in enumerate(events):
            if event.what in BEGINS:
                self._stage[event.child] = BEGINS[event.what]
            if event.what in ("waits for a worker", "allocated", "case closes"):
                since = self._waits.pop(event.child, ("", 0, event.day))[2]
                stage = self._stage_of(event, events[n + 1 : n + 6])
                if event.what == "waits for a worker":
                    self._waits[event.child] = (event.team, stage, event.day)
                elif event.what == "allocated":
                    self._turn(event, stage, since)
        return self

    def _stage_of(self, event: TraceEvent, coming: tuple[TraceEvent, ...]) -> int:
        for other in coming:
            if other.child == event.child and other.day == event.day and other.what in BEGINS:
                return BEGINS[other.what]
        return self._stage.get(event.child, DECISION)

    def _turn(self, event: TraceEvent, stage: int, since: float) -> None:
        """Court work and care leavers aside: not everybody may hold them."""
        if stage == CARE_LEAVER:
            return
        line = {
            child: (other, day)
            for child, (team, other, day) in self._waits.items()
            if team == event.team and other not in (*COURT_WORK, CARE_LEAVER)
        }
        self.others += bool(line)
        got = f"day {event.day:.1f}: {event.child} ({STAGES[stage].value})"
        for child, (other, day) in line.items():
            name = f"{got} before {child} ({STAGES[other].value}, waiting since {day:.1f})"
            if self._priority[other] < self._priority[stage]:
                self.less_urgent.append(name)
            if other == stage and day < since:
                self.later.append(name)


@cache
def _turns() -> Turns:
    plan, _, events = _told()
    return Turns(plan).read(events)


def test_protection_comes_first() -> None:
    """Nobody gets a worker while a more urgent child of the team, whom anybody may hold, waits."""
    assert _turns().others > 20
    assert not _turns().less_urgent


def test_who_has_waited_longest_comes_first_in_its_stage() -> None:
    """Nor is anybody overtaken by one who has only just come."""
    assert not _turns().later


def test_children_are_held_up_to_the_limit_and_no_further() -> None:
    plan = queue(3, 20.0, Length(10.0), at_once=4)
    seen: Counter[int] = Counter()

    def look(w: World) -> None:
        seen.update(holder.cases for holder in staff_of(w))

    run_watched(plan, look, every=7)
    assert max(seen) == 4
    assert seen[4] > seen[0]


def test_the_least_loaded_gets_the_case_and_ties_go_by_number() -> None:
    plan, trace = queue(3, 2.0, Length(1000.0), at_once=None), Trace()
    run_cases(plan, listener=trace)
    given = [event.person for event in trace.of("allocated")]
    assert len(given) > 500
    assert given == [f"worker {1 + n % 3}" for n in range(len(given))]


# -- transfers -------------------------------------------------------------------------------------


def _begun_without_a_worker(events: list[TraceEvent]) -> Counter[str]:
    """Stages, the decision aside, into which children came without a worker."""
    found: Counter[str] = Counter()
    for here, following in pairwise(events):
        if here.what == "waits for a worker" and following.what in BEGINS:
            found[following.what] += following.what != "decision begins"
    return +found


@pytest.mark.parametrize("rule", TransferRule)
def test_a_transfer_that_waits_for_room_leaves_no_child_without_a_worker(
    rule: TransferRule,
) -> None:
    """Nobody leaves or is away: only transfers and new referrals can leave a child to wait."""
    plan = still(_busy(rule, overrides=STRICT))
    trace = Trace()
    cases = run_cases(with_casework(plan, limit_load=(0.75,) * len(team_index())), listener=trace)
    found = _begun_without_a_worker(trace.events)
    assert total(cases, "handovers_transfer") > 50
    if rule is TransferRule.PUSH:
        assert found.total() > 20
    else:
        # The law leaves no choice where a family practitioner's child goes into an enquiry.
        assert set(found) <= {"section 47 begins"}


def _unlawful(plan: CaseworkPlan, w: World) -> list[str]:
    """Cases held by somebody who may not hold them, by today's law or by the rule on court work."""
    faults = []
    for case in open_cases(w):
        holder = case.holder
        if holder is None:
            continue
        if holder.pool.kind not in in_force(plan.roles_from[case.stage], w.now):
            faults.append(f"{STAGES[case.stage].value} held by pool {holder.pool.kind}")
        if _is_new(holder, w.now) and case.stage in COURT_WORK:
            faults.append(f"{STAGES[case.stage].value} held by a newly qualified worker")
    return faults


class Law:
    """Counts cases that are held against the law, each time it is called."""

    def __init__(self, plan: Plan) -> None:
        self._plan = cases_of(plan)
        self.faults: Counter[str] = Counter()
        self.held: Counter[tuple[int, int]] = Counter()
        self.newcomers: Counter[int] = Counter()

    def __call__(self, w: World) -> None:
        """Look at all open cases."""
        self.faults.update(_unlawful(self._plan, w))
        for case in open_cases(w):
            if case.holder is not None:
                self.held[case.stage, case.holder.pool.kind] += 1
                self.newcomers[case.stage] += _is_new(case.holder, w.now)


@pytest.mark.slow
def test_social_workers_and_personal_advisers_hold_what_the_law_says() -> None:
    plan = _busy()
    law = Law(plan)
    run_watched(plan, law)
    assert not law.faults
    assert law.held[CARE_LEAVER, PERSONAL_ADVISERS] > 0
    assert law.held[CARE_LEAVER, REGISTERED] == 0
    assert law.held[PROTECTION_PLAN, REGISTERED] > 0


@pytest.mark.slow
@pytest.mark.parametrize("rule", TransferRule)
def test_newly_qualified_workers_take_no_court_work(rule: TransferRule) -> None:
    """Neither given to them, nor kept when a child of theirs goes to court."""
    plan = small(case_plan(1, council=council_for(1, rule=rule)), 6)
    law = Law(plan)
    run_watched(
        # Half of all social workers, in court teams too.
        dataclasses.replace(plan, court_teams=frozenset(), newly_qualified_probability=0.5),
        law,
        every=5,
    )
    assert law.newcomers[PROTECTION_PLAN] > 0
    assert law.held[PRE_PROCEEDINGS, REGISTERED] > 0
    assert law.held[COURT, REGISTERED] > 0
    assert not law.faults


# -- the law by date -------------------------------------------------------------------------------


def _with_practitioners(rule: TransferRule = TransferRule.PUSH) -> Plan:
    """Three years of a twelfth of Devon with family practitioners in the team that needs them."""
    scenario = extra_posts("child_protection_court", 6.0, Role.FAMILY_PRACTITIONER)
    plan = case_plan(3, scenario=scenario, council=council_for(3, rule=rule))
    cut = small(plan, PART)
    posts = {post.key: post for post in (*cut.posts, *plan.posts[len(cut.posts) :])
             if post in cut.posts or post.role is Role.FAMILY_PRACTITIONER}  # fmt: skip
    kept = {p.key: p for p in cut.posts if p.role is not Role.FAMILY_PRACTITIONER}
    kept |= {key: p for key, p in posts.items() if p.role is Role.FAMILY_PRACTITIONER}
    numbered = (dataclasses.replace(p, number=n) for n, p in enumerate(kept.values()))
    return dataclasses.replace(cut, posts=tuple(numbered))


@pytest.mark.slow
def test_family_practitioners_hold_children_in_need_from_december_2023_only() -> None:
    first = math.inf
    held: Counter[int] = Counter()

    def look(w: World) -> None:
        nonlocal first
        for holder in staff_of(w):
            if holder.pool.kind == PRACTITIONERS and holder.cases:
                first = min(first, w.now)
                held.update(case.stage for case in caseload_of(holder))

    plan = _with_practitioners()
    run_watched(plan, look)
    may = float(day_of(plan.start_date, dt.date(2023, 12, 15)))
    assert may <= first < may + 31
    assert set(held) == {CHILD_IN_NEED}


@pytest.mark.slow
@pytest.mark.parametrize("rule", TransferRule)
def test_a_practitioner_keeps_no_child_who_needs_a_social_worker(rule: TransferRule) -> None:
    """A child in need about whom an enquiry begins, even where its transfer waits for room."""
    plan = _with_practitioners(rule)
    law = Law(plan)
    limits = [2.0] * len(team_index())
    limits[team_index()["assessment"]] = 0.5
    run_watched(with_casework(plan, limit_load=tuple(limits)), law, every=3)
    assert law.held[CHILD_IN_NEED, PRACTITIONERS] > 0
    assert not law.faults


# -- luck ------------------------------------------------------------------------------------------


def _paths(plan: Plan, replication: int = 0) -> list[list[tuple[str, str, float]]]:
    """What happens to the first, second, third ... new referral: stage, team, day."""
    trace = Trace()
    run_cases(plan, replication, listener=trace)
    lives = _of_children(tuple(trace.events))
    new = [e.child for e in trace.events if e.what == "referral" and not e.detail]
    return [
        [(e.what, e.team, e.day) for e in lives[child] if e.what in BEGINS or "closes" in e.what]
        for child in new
    ]


def _more(plan: Plan, times: float) -> Plan:
    rates = tuple(rate * times for rate in cases_of(plan).referrals_per_day)
    return with_casework(plan, referrals_per_day=rates)


def test_more_referrals_leave_each_referral_its_luck() -> None:
    """The n-th comes sooner, and lives the same life as far as the run goes."""
    plan = small(still(case_plan(1, STRICT | {LIMIT: 1e6})), 4)
    few, many = _paths(plan), _paths(_more(plan, 1.4))
    assert len(many) > 1.3 * len(few) > 500
    for one, other in zip(few, many, strict=False):
        both = list(zip(one, other, strict=False))
        assert all(a[:2] == b[:2] for a, b in both)
        assert other[0][2] < one[0][2]
        for (a, b), (c, d) in pairwise(both):
            assert c[2] - a[2] == pytest.approx(d[2] - b[2], abs=1e-6)


def test_a_busier_council_decides_the_same_of_each_referral() -> None:
    """Under the full model, too: only when, not what."""
    plan = _busy()
    decisions = [
        [tuple(event[:2] for event in path[:2]) for path in _paths(p) if len(path) > 1]
        for p in (plan, _more(plan, 1.2))
    ]
    same = sum(a == b for a, b in zip(*decisions, strict=False))
    assert same == min(len(rows) for rows in decisions) > 200


def test_an_extra_post_leaves_each_referral_its_luck() -> None:
    """Other people hold the child, but the same happens on the same day."""
    one, other = (
        _paths(small(case_plan(1, STRICT | {LIMIT: 1e6}, scenario=scenario), 6))
        for scenario in (None, extra_posts("assessment", 5.0))
    )
    assert len(one) == len(other) > 400
    for a, b in zip(one, other, strict=True):
        assert [e[:2] for e in a] == [e[:2] for e in b]
        assert [e[2] for e in a] == pytest.approx([e[2] for e in b], abs=1e-6)


def test_same_seed_same_cases() -> None:
    plan = _busy()
    assert same_cases(run_cases(plan, 5), run_cases(plan, 5))
    assert not same_cases(run_cases(plan, 5), run_cases(plan, 6))


def test_order_of_the_runs_does_not_matter() -> None:
    """Nothing is left behind in a plan."""
    plan = _busy()
    first = simulate(plan, Fates(SEED, 1)).cases
    simulate(plan, Fates(SEED, 2))
    again = simulate(plan, Fates(SEED, 1)).cases
    assert first is not None
    assert again is not None
    assert same_cases(first, again)


# -- every draw ------------------------------------------------------------------------------------


@pytest.mark.slow
def test_every_draw_makes_a_plan() -> None:
    for draw in range(40, 70):
        casework = cases_of(case_plan(1, draw=draw))
        assert all(0.0 <= share <= 0.5 for share in casework.start_lost_share), draw
        assert all(0.0 <= load < 5.0 for load in casework.start_load), draw


@pytest.mark.parametrize("stage", ["child_in_need", "plan"])
def test_reviews_alone_may_end_what_they_review(stage: str) -> None:
    """An off-review rate of 0 is one of its draws: plans of as many days are made."""
    key = f"casework.{stage}_reviews.off_review_rate"
    never, hardly = (cases_of(case_plan(1, {key: rate})) for rate in (0.0, 1e-4))
    for shares in (never.shares, hardly.shares):
        assert 0.0 < shares.section_47_to_conference < 1.0
    assert never.shares.section_47_to_conference == pytest.approx(
        hardly.shares.section_47_to_conference, rel=1e-3
    )
    assert never.reviews[CHILD_IN_NEED].ends[0] == pytest.approx(
        hardly.reviews[CHILD_IN_NEED].ends[0], rel=1e-3
    )


def test_hand_overs_leave_some_time_however_often_people_change() -> None:
    """On day 0 as in the run, where they take at most half."""
    casework = cases_of(case_plan(1, {"agency.assignment": 0.5, HOURS: 20.0}))
    assert max(casework.start_lost_share) <= 0.5
    assert min(casework.start_load) > 0.0


@pytest.mark.parametrize("day", [-400.5, -524.4, -600.0, -1500.0, -3000.0])
def test_an_assessment_open_for_years_is_late_and_breaks_nothing(day: float) -> None:
    """Lengths have no bound: some draw meets a child referred long before day 0."""
    assert cases_of(case_plan(1)).calendar.deadline(day, 45) < 0.0


@pytest.mark.slow
def test_a_run_in_which_one_is_met() -> None:
    plan = case_plan(1, {"agency.release": 0.0, PER_CASE: 1.0}, draw=7)
    _adds_up(plan, run_cases(plan, 2))


def test_a_review_that_is_nearly_always_put_off_is_held_in_the_end() -> None:
    """Workers change daily and count as new for months: a chance of exactly 1 would never end."""
    plan = small(case_plan(1), 2)
    assert plan.casework is not None
    teams = len(plan.casework.change_per_day)
    case = dataclasses.replace(plan.casework, change_per_day=(1.0,) * teams, review_delay_days=60.0)
    assert 1.0 - math.exp(-60.0) == 1.0
    assert case.put_off_chance == (0.95,) * teams
    records = simulate(dataclasses.replace(plan, casework=case), Fates(SEED, 0))
    assert records.cases is not None
