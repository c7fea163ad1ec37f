"""Every lever moves cases, load and changes of worker the way it should, on the same luck."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from sim.config.casework import TransferRule
from sim.config.roles import Role
from sim.engine.case_records import CaseRecords
from sim.engine.records import Records
from sim.engine.simpy.engine import simulate
from sim.inputs.casework_plan import (
    ASSESSMENT,
    CHILD_IN_NEED,
    DECISION,
    IN_CARE,
    PRE_PROCEEDINGS,
    PROTECTION_PLAN,
    SECTION_47,
)
from sim.inputs.fates import Fates
from sim.inputs.plan import Plan
from sim.scenario.scenario import Scenario
from tests.case_helpers import (
    CHANGES,
    DELAY,
    HOURS,
    PER_CASE,
    STRICT,
    case_plan,
    cases_of,
    council_for,
    crew,
    mean_load,
    points_days,
    run_cases,
    same_cases,
    small,
    still,
    team_index,
    total,
    with_casework,
)
from tests.helpers import SEED, extra_posts, same_records

PAIRS = 3
COURT_TEAM = "child_protection_court"

PART = 3

pytestmark = pytest.mark.slow


def _devon(
    years: int = 1,
    overrides: Mapping[str, float] | None = None,
    scenario: Scenario | None = None,
    rule: TransferRule = TransferRule.PUSH,
    loop: bool = False,
) -> Plan:
    """A third of Devon's posts and children, the loop off unless asked for."""
    council = council_for(years, rule=rule)
    return small(case_plan(years, overrides, scenario, loop=loop, council=council), PART)


def _runs(plan: Plan) -> list[CaseRecords]:
    return [run_cases(plan, replication) for replication in range(PAIRS)]


@cache
def _base() -> tuple[Plan, list[CaseRecords]]:
    """A year as it is."""
    plan = _devon()
    return plan, _runs(plan)


def _busier(plan: Plan, times: float) -> Plan:
    """More referrals."""
    rates = tuple(rate * times for rate in cases_of(plan).referrals_per_day)
    return with_casework(plan, referrals_per_day=rates)


def _heavier(plan: Plan, times: float) -> Plan:
    """Every child weighs more."""
    points = tuple(tuple(p * times for p in row) for row in cases_of(plan).points)
    return with_casework(plan, points=points)


def _unlimited(plan: Plan) -> Plan:
    """No hard limit: nobody waits."""
    return with_casework(plan, limit_load=(1e6,) * len(plan.team_keys))


def _changes(cases: CaseRecords) -> float:
    """Changes of worker, transfers aside, for each child's year."""
    return total(cases, *CHANGES) / float(cases.child_days.sum())


def _late_load(plan: Plan, cases: CaseRecords, team: str) -> float:
    """Load of a team in the last six months."""
    t = team_index()[team]
    days, capacity = points_days(plan, cases)[-6:, t], cases.capacity_days[-6:, t]
    return float(days.sum() / capacity.sum())


def _all_above(more: Sequence[float], less: Sequence[float]) -> bool:
    return all(a > b for a, b in zip(more, less, strict=True))


# -- load ------------------------------------------------------------------------------------------


def test_more_referrals_more_load() -> None:
    plan, base = _base()
    busier = _busier(plan, 1.25)
    runs = _runs(busier)
    assert _all_above([mean_load(busier, c) for c in runs], [mean_load(plan, c) for c in base])
    assert _all_above(
        [float(c.children.sum()) for c in runs], [float(c.children.sum()) for c in base]
    )


def test_business_support_lightens_the_load_of_its_team() -> None:
    plan, base = _base()
    helped = _devon(scenario=extra_posts(COURT_TEAM, 25.0, Role.BUSINESS_SUPPORT))
    runs = _runs(helped)
    assert _all_above(
        [_late_load(plan, c, COURT_TEAM) for c in base],
        [_late_load(helped, c, COURT_TEAM) + 0.02 for c in runs],
    )


def test_family_practitioners_lighten_the_load_of_their_team() -> None:
    plan, base = _base()
    helped = _devon(scenario=extra_posts(COURT_TEAM, 25.0, Role.FAMILY_PRACTITIONER))
    assert _all_above(
        [_late_load(plan, c, COURT_TEAM) for c in base],
        [_late_load(helped, c, COURT_TEAM) + 0.02 for c in _runs(helped)],
    )


def test_more_social_workers_lighten_the_load_of_their_team() -> None:
    plan, base = _base()
    helped = _devon(scenario=extra_posts(COURT_TEAM, 40.0))
    assert np.mean([_late_load(plan, c, COURT_TEAM) for c in base]) > np.mean(
        [_late_load(helped, c, COURT_TEAM) for c in _runs(helped)]
    )


def test_support_frees_no_more_than_its_ceiling() -> None:
    """Support staff by the hundred: no social worker does more than the ceiling lets them."""
    plan = _unlimited(still(_devon(1, STRICT)))
    flooded = with_casework(plan, start_support_fte=((-1e4, -1e4),) * len(plan.team_keys))
    few, many = run_cases(plan), run_cases(flooded)
    advisers = team_index()["care_leavers"]
    teams = [t for t in range(len(plan.team_keys)) if t != advisers]
    ratio = many.capacity_days[1:, teams] / few.capacity_days[1:, teams]
    # Capacities are whole numbers of 2^-20 points, of some 15 points each.
    assert ratio == pytest.approx(1 + sum(cases_of(plan).freed_ceiling), rel=1e-6)


def test_hand_overs_take_time() -> None:
    plan, base = _base()
    slow = with_casework(plan, handover_hours=2 * cases_of(plan).handover_hours)
    assert _all_above([mean_load(slow, c) for c in _runs(slow)], [mean_load(plan, c) for c in base])


def test_more_absence_more_load() -> None:
    plan, base = _base()
    absence = cases_of(plan).absence
    rates = (3 * absence.rates[0], 3 * absence.rates[1], 3 * absence.rates[2])
    shares = (3 * absence.shares[0], 3 * absence.shares[1], 3 * absence.shares[2])
    away = with_casework(plan, absence=dataclasses.replace(absence, rates=rates, shares=shares))
    runs = _runs(away)
    assert _all_above([mean_load(away, c) for c in runs], [mean_load(plan, c) for c in base])
    assert _all_above(
        [total(c, "handovers_absence") for c in runs],
        [total(c, "handovers_absence") for c in base],
    )


# -- waiting ---------------------------------------------------------------------------------------


def test_a_lower_limit_leaves_more_children_waiting() -> None:
    plan, _ = _base()
    days = []
    for limit in (2.0, 1.2, 1.0, 0.9):
        tight = with_casework(plan, limit_load=(limit,) * len(plan.team_keys))
        days.append(np.mean([c.unallocated_days.sum() for c in _runs(tight)[:2]]))
    assert days == sorted(days)
    assert days[-1] > 100 * (days[0] + 1)


def test_transfers_that_wait_for_room_leave_fewer_children_without_a_worker() -> None:
    held = _devon(rule=TransferRule.HOLD)
    plan, _ = _base()
    days = []
    for one in (plan, held):
        tight = with_casework(one, limit_load=(1.0,) * len(plan.team_keys))
        days.append([c.unallocated_days.sum() for c in _runs(tight)])
    assert _all_above(days[0], days[1])


def test_completions_do_not_fall_as_more_children_wait() -> None:
    """Devon's own staff, nobody coming or going: ever more referrals, theta as it is."""
    plan = still(_devon())
    done, waiting = [], []
    for times in (1.0, 1.4, 2.0, 3.0):
        cases = run_cases(_busier(plan, times))
        work = [DECISION, ASSESSMENT, SECTION_47]
        done.append(cases.exits[6:, work].sum(axis=(0, 2)))
        waiting.append(cases.unallocated[-1].sum())
    assert waiting[-1] > waiting[0] + 50
    for less, more in pairwise(done):
        assert (more >= less - 3 * np.sqrt(less)).all(), done


def test_a_team_without_social_workers_leaves_its_children_waiting() -> None:
    """Nobody in assessment: decisions are made, and children wait for ever."""
    plan = with_casework(
        crew(case_plan(1, STRICT), {0: 20, 2: 150, 3: 30, 4: 60, 5: 60}),
        limit_load=(1e6,) * len(team_index()),
    )
    cases = run_cases(plan)
    team = team_index()["assessment"]
    assert cases.exits[:, ASSESSMENT, team].sum() == 0.0
    assert cases.unallocated[-1, team] == cases.children[-1, :, team].sum()
    assert cases.unallocated[-1, team] > 3000


def test_no_referrals_and_the_council_empties() -> None:
    plan = with_casework(_busier(_devon(1, STRICT), 0.0), pending_re_referrals=0.0)
    cases = run_cases(with_casework(plan, shares=dataclasses.replace(
        cases_of(plan).shares, re_referral=0.0
    )))  # fmt: skip
    assert total(cases, "referrals") == 0.0
    early = cases.children[:, :PROTECTION_PLAN].sum(axis=(1, 2))
    assert (np.diff(early) <= 0).all()
    assert early[-1] < 0.4 * early[0]
    assert cases.children[-1, DECISION].sum() == 0.0


# -- timeliness ------------------------------------------------------------------------------------


def _in_time(cases: CaseRecords) -> float:
    return total(cases, "assessments_in_time") / total(cases, "assessments_ended")


def test_without_slowing_load_leaves_the_length_of_work_alone() -> None:
    """Theta 0 and no limit: children twice as heavy are assessed on the same days."""
    plan = _unlimited(_devon(1, STRICT))
    light, heavy = run_cases(plan), run_cases(_heavier(plan, 2.0))
    for name in ("assessments_ended", "assessments_in_time", "conferences_in_time", "plans_ended"):
        assert np.array_equal(light.flows[name], heavy.flows[name]), name
    assert np.array_equal(light.entries, heavy.entries)
    assert light.child_days == pytest.approx(heavy.child_days, abs=1e-6)


def test_load_makes_fewer_assessments_in_time_where_it_slows_work() -> None:
    plan, _ = _base()
    plan = _unlimited(plan)
    shares = []
    for theta in (0.0, 0.5, 1.0):
        slowed = with_casework(_heavier(plan, 1.4), slowing=theta)
        shares.append([_in_time(c) for c in _runs(slowed)])
    assert _all_above(shares[0], shares[1])
    assert _all_above(shares[1], shares[2])
    busier = [_in_time(c) for c in _runs(with_casework(_heavier(plan, 1.8), slowing=1.0))]
    assert _all_above(shares[2], busier)


def test_in_time_share_is_the_one_that_was_asked_for_at_the_load_of_the_start() -> None:
    cases = [run_cases(still(_devon(1, STRICT)), replication) for replication in range(9)]
    ended = sum(total(c, "assessments_ended") for c in cases)
    share = sum(total(c, "assessments_in_time") for c in cases) / ended
    assert share == pytest.approx(0.85, abs=0.015)


# -- changes of worker -----------------------------------------------------------------------------


def test_more_leavers_more_changes_of_worker() -> None:
    plan, base = _base()
    rates = {
        role: tuple((3 * a, 3 * b, 3 * c) for a, b, c in bands)
        for role, bands in plan.exits.rates.items()
    }
    runs = _runs(dataclasses.replace(plan, exits=dataclasses.replace(plan.exits, rates=rates)))
    assert _all_above(
        [total(c, "handovers_leaver") for c in runs], [total(c, "handovers_leaver") for c in base]
    )
    assert _all_above([_changes(c) for c in runs], [_changes(c) for c in base])


def test_agency_staff_who_go_sooner_change_workers_more_often() -> None:
    plan, base = _base()
    agency = dataclasses.replace(plan.agency, assignment_days=plan.agency.assignment_days / 2)
    runs = _runs(dataclasses.replace(plan, agency=agency))
    assert _all_above(
        [total(c, "handovers_agency_end") for c in runs],
        [1.3 * total(c, "handovers_agency_end") for c in base],
    )
    assert _all_above([_changes(c) for c in runs], [_changes(c) for c in base])


def test_with_nobody_coming_or_going_only_transfers_change_workers() -> None:
    cases = run_cases(still(_devon(1, STRICT)))
    assert total(cases, *CHANGES) == 0.0
    assert total(cases, "handovers_transfer") > 300
    assert cases.changed_once[-1].sum() > cases.changed_twice[-1].sum()


def test_children_in_care_who_change_twice_are_some_of_those_in_care() -> None:
    for cases in _base()[1]:
        in_care = cases.children[:, sorted(IN_CARE)].sum(axis=1)
        assert (cases.in_care_changed_twice <= in_care).all()
        assert 0 < cases.in_care_changed_twice[-1].sum() < in_care[-1].sum()


# -- reviews ---------------------------------------------------------------------------------------


def test_reviews_put_off_for_longer_keep_children_longer_on_plans() -> None:
    plan = _devon(1, {DELAY: 0.0})
    on_plans, in_need = [], []
    for weeks in (0.0, 10.0):
        runs = _runs(with_casework(plan, review_delay_days=7 * weeks))
        late = [c.child_days[6:].sum(axis=(0, 2)) for c in runs]
        on_plans.append([d[PROTECTION_PLAN] + d[PRE_PROCEEDINGS] for d in late])
        in_need.append([d[CHILD_IN_NEED] for d in late])
        assert (total(runs[0], "reviews_put_off") > 0) == (weeks > 0)
    for stays in (on_plans, in_need):
        assert np.mean(stays[0]) < np.mean(stays[1])


# -- the loop --------------------------------------------------------------------------------------

NO_LOOP_EFFECT = {PER_CASE: 1.0, "agency.release": 0.0}


def _leavers(records: Records) -> float:
    return float(sum(rows.sum() for name, rows in records.flows.items() if "leavers" in name))


def test_load_above_the_start_makes_more_people_leave() -> None:
    left = []
    for loop in (False, True):
        plan = _busier(_devon(2, {PER_CASE: 1.1}, loop=loop), 2.0)
        left.append([_leavers(simulate(plan, Fates(SEED, r))) for r in range(2 * PAIRS)])
    assert np.mean(left[1]) > np.mean(left[0]) + 5.0


def test_load_below_the_start_makes_fewer_people_leave() -> None:
    left = []
    for loop in (False, True):
        plan = _busier(_devon(2, {PER_CASE: 1.1}, loop=loop), 0.5)
        left.append(np.mean([_leavers(simulate(plan, Fates(SEED, r))) for r in range(2 * PAIRS)]))
    assert left[1] < left[0]


def test_agency_staff_above_establishment_follow_the_load() -> None:
    """Released where load falls, taken on where it rises; untouched with release 0."""
    above = []
    for times in (0.5, 1.0, 1.6):
        plan = _busier(_devon(1, {"agency.release": 1.0, PER_CASE: 1.0}, loop=True), times)
        above.append(simulate(plan, Fates(SEED, 0)).above_fte[-1].sum())
    assert above[0] < above[1] < above[2]


def test_a_loop_without_effect_changes_nothing() -> None:
    """Multiplier 1 and release 0: to the last bit."""
    for draw in (0, 3):
        plans = [case_plan(1, NO_LOOP_EFFECT, draw=draw, loop=loop) for loop in (False, True)]
        off, on = (simulate(_busier(plan, 1.3), Fates(SEED, 2)) for plan in plans)
        assert off.cases is not None
        assert on.cases is not None
        assert same_cases(off.cases, on.cases)
        staffing = (dataclasses.replace(records, cases=None) for records in (off, on))
        assert same_records(*staffing)


def test_without_the_loop_children_change_nothing_about_people() -> None:
    """Staffing is the same to the last bit however heavy the work."""
    plan, _ = _base()
    light, heavy = (simulate(p, Fates(SEED, 1)) for p in (plan, _heavier(_busier(plan, 1.5), 1.5)))
    assert same_records(*(dataclasses.replace(r, cases=None, events=0) for r in (light, heavy)))


def test_longer_hand_overs_of_zero_change_nothing_else() -> None:
    """Hand-over time acts through capacity alone: without slowing and limit, flows are the same."""
    plan = _unlimited(_devon(1, STRICT))
    slow = with_casework(plan, handover_hours=20.0)
    one, other = run_cases(plan), run_cases(slow)
    assert np.array_equal(one.entries, other.entries)
    assert one.capacity_days[1:].sum() > other.capacity_days[1:].sum()
    assert HOURS in STRICT
