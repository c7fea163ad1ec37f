"""Case indicators by hand: records made up number by number, and one run that must agree."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.config.casework import STAGES
from sim.config.roles import Role
from sim.dates import DAYS_PER_MONTH
from sim.engine.case_records import (
    BAND_EDGES,
    CASE_FLOWS,
    PLAN_ROW,
    CaseRecords,
    PlanRecord,
)
from sim.engine.records import Array, Records, Rows
from sim.engine.simpy.engine import simulate
from sim.experiment.compare import Comparison, compare, demands_beside
from sim.experiment.replicate import (
    AS_ASKED,
    Condition,
    Study,
    at_gamma,
    make_study,
    make_tasks,
    run_once,
    whole_draws,
)
from sim.inputs.build import make_plan
from sim.inputs.case_settings import case_settings
from sim.inputs.casework_plan import (
    ASSESSMENT,
    CARE_LEAVER,
    CHILD_IN_NEED,
    COURT,
    DECISION,
    LOOKED_AFTER_FIRST_YEAR,
    LOOKED_AFTER_SETTLED,
    PRE_PROCEEDINGS,
    PROTECTION_PLAN,
    SECTION_47,
    CaseworkPlan,
)
from sim.inputs.draws import make_draw
from sim.inputs.fates import Fates
from sim.inputs.plan import Account, Plan
from sim.inputs.run_options import AS_USUAL, DemandScenario, RunOptions
from sim.outcomes.caseloads import (
    CASELOAD_BANDS,
    COUNTED_OVER_A_YEAR,
    fill_caseload_indicators,
)
from sim.outcomes.continuity import HANDOVERS, fill_continuity_indicators
from sim.outcomes.indicators import CASE_INDICATORS, INDEX, INDICATORS, Measured
from sim.outcomes.plan_lengths import LENGTH_BANDS, plan_lengths, plan_stock_bands
from sim.outcomes.workforce import measure_workforce
from sim.presentation.headline import headline_text
from sim.scenario.scenario import Scenario, baseline
from tests.behaviour.builders import (
    TEAMS,
    devon_for,
    made_up_plan,
    made_up_records,
    new_posts,
    plan_for,
    run,
    scenario_of,
)
from tests.held import every_table
from tests.helpers import SEED, devon, devon_position, evidence, values_of

RATIO = 1.25
MONTHS = 13
LENGTHS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31.0])
LAST = MONTHS - 1
ACCOUNTS = (
    Account(0, Role.SOCIAL_WORKER, 0),
    Account(1, Role.SOCIAL_WORKER, 0),
    Account(1, Role.TEAM_MANAGER, 0),
)


# -- made up ---------------------------------------------------------------------------------------


@cache
def devon_casework() -> CaseworkPlan:
    """The casework of Devon's central plan."""
    council, chosen = devon(), baseline()
    values = values_of(council, chosen)
    settings = case_settings(evidence().behaviour, council.start_date)
    plan = make_plan(
        council, devon_position(), chosen, make_draw(council, values, SEED, 0), settings
    )
    assert plan.casework is not None
    return plan.casework


@cache
def two_teams() -> Plan:
    """Two teams over the thirteen months from January 2022; a child weighs 2 points, or 5."""
    ends = [dt.date(2022, month, 1) - dt.timedelta(days=1) for month in range(2, 13)]
    plan = made_up_plan(
        ACCOUNTS,
        start=dt.date(2022, 1, 1),
        period_ends=[*ends, dt.date(2022, 12, 31), dt.date(2023, 1, 31)],
    )
    casework = dataclasses.replace(
        devon_casework(),
        recording_ratios=(RATIO,) * plan.periods,
        points=((2.0, 5.0),) * len(STAGES),
    )
    return dataclasses.replace(plan, casework=casework)


def nothing() -> CaseRecords:
    """Records in which there is no child, and nobody to hold one."""
    by_team = np.zeros((MONTHS, len(TEAMS)))
    by_stage = np.zeros((MONTHS, len(STAGES), len(TEAMS)))
    return CaseRecords(
        children=by_stage,
        child_days=by_stage,
        entries=by_stage,
        exits=by_stage,
        flows=dict.fromkeys(CASE_FLOWS, by_team),
        unallocated=by_team,
        unallocated_days=by_team,
        unallocated_waited_days=by_team,
        capacity_days=by_team,
        above_capacity_days=by_team,
        held_children=by_team,
        bands=np.zeros((MONTHS, len(TEAMS), len(BAND_EDGES) + 1)),
        over_full_load_fte=by_team,
        present_fte=by_team,
        open_a_year=by_team,
        changed_once=by_team,
        changed_twice=by_team,
        in_care_changed_twice=by_team,
        sick_fte_days=by_team,
        lent_in_fte=by_team,
        lent_out_fte=by_team,
        bought_fte=by_team,
        limits_lifted=by_team,
        plans=np.array([], PLAN_ROW),
        events=0,
    )


def always(north: float, south: float) -> Array:
    """The same in every month, by team."""
    return np.tile(np.array([north, south]), (MONTHS, 1))


def flows(**counts: Array) -> dict[str, Array]:
    """Flows by month and team, the others nought."""
    return nothing().flows | counts


def measured(**facts: Any) -> Array:
    """The indicators of made-up facts: north has 3 FTE of case holders, south 1.5."""
    plan = two_teams()
    cases = dataclasses.replace(nothing(), **facts)
    records = made_up_records(plan, [2.0, 1.0, 1.0], [0.5, 0.0, 0.0], [0.0] * 3, (0.5, 0.5))
    return filled_in(plan, dataclasses.replace(records, cases=cases))


def filled_in(plan: Plan, records: Records) -> Array:
    """The indicator table of a run."""
    table = measure_workforce(plan, records, {})
    fill_caseload_indicators(plan, records, table)
    fill_continuity_indicators(plan, records, table)
    return table


def row(table: Array, name: str, month: int = LAST) -> list[float]:
    """Council, north, south."""
    return [float(x) for x in table[INDEX[name], :, month]]


# -- caseloads -------------------------------------------------------------------------------------


def test_caseload_is_recorded_cases_over_case_holders() -> None:
    table = measured(held_children=always(24.0, 18.0))
    assert row(table, "case_holders_fte") == [4.5, 3.0, 1.5]
    assert row(table, "cases") == [52.5, 30.0, 22.5]
    assert row(table, "caseload_fte") == [52.5 / 4.5, 10.0, 15.0]


def test_bands_are_shares_of_those_who_hold_cases() -> None:
    """Two bands below five cases are reported as one."""
    bands = np.zeros((MONTHS, 2, len(BAND_EDGES) + 1))
    bands[:, 0] = [0.5, 1.5, 0.0, 2.0, 0.0, 0.0, 0.0]
    bands[:, 1] = [0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0]
    table = measured(bands=bands)
    found = {name: row(table, f"caseload_{name}_share") for name in CASELOAD_BANDS}
    assert found == {
        "under_5": [0.25, 0.5, 0.0],
        "5_to_10": [0.125, 0.0, 0.25],
        "10_to_15": [0.25, 0.5, 0.0],
        "15_to_20": [0.125, 0.0, 0.25],
        "20_to_25": [0.125, 0.0, 0.25],
        "25_or_more": [0.125, 0.0, 0.25],
    }
    assert np.isnan(row(measured(), "caseload_under_5_share")).all(), "nobody holds a case"


def test_load_is_points_over_what_those_present_can_carry() -> None:
    """North: 10 and 30 children of 2 points for 100; south: 12 children of 5 points for 40."""
    child_days = np.zeros((MONTHS, len(STAGES), 2))
    child_days[:, ASSESSMENT, 0] = 10 * LENGTHS
    child_days[:, CARE_LEAVER, 0] = 30 * LENGTHS
    child_days[:, COURT, 1] = 12 * LENGTHS
    table = measured(child_days=child_days, capacity_days=always(100.0, 40.0) * LENGTHS[:, None])
    for month in (0, LAST):
        assert row(table, "load", month) == pytest.approx([140 / 140, 0.8, 1.5])


def test_a_team_with_nobody_present_has_no_load() -> None:
    child_days = np.zeros((MONTHS, len(STAGES), 2))
    child_days[:, ASSESSMENT] = 10.0
    table = measured(child_days=child_days, capacity_days=always(100.0, 0.0))
    assert row(table, "load")[:2] == [0.7, 0.2]
    assert math.isnan(row(table, "load")[2])


def test_over_a_full_load_is_a_share_of_those_present() -> None:
    table = measured(over_full_load_fte=always(1.0, 1.0), present_fte=always(4.0, 1.0))
    assert row(table, "over_full_load_share") == [0.4, 0.25, 1.0]


def test_absence_is_sick_days_over_days_in_post() -> None:
    """North: 2 FTE in post, sick 3 % of the time; south: 2 FTE with the manager, 6 %."""
    table = measured(sick_fte_days=always(0.06, 0.12) * LENGTHS[:, None])
    assert row(table, "absence_rate_fte") == pytest.approx([0.045, 0.03, 0.06])
    assert np.isnan(table[INDEX["absence_rate_fte"], :, :11]).all()


# -- children --------------------------------------------------------------------------------------


def test_children_are_counted_by_where_they_stand() -> None:
    """One child in the first stage, two in the second, four in the third ..."""
    children = np.zeros((MONTHS, len(STAGES), 2))
    children[:, :, 0] = 2.0 ** np.arange(len(STAGES))
    children[:, CARE_LEAVER, 1] = 7.0
    table = measured(children=children)

    def of(*stages: int) -> float:
        return sum(2.0**stage for stage in stages)

    on_plans = of(PROTECTION_PLAN, PRE_PROCEEDINGS)
    in_care = of(COURT, LOOKED_AFTER_FIRST_YEAR, LOOKED_AFTER_SETTLED)
    whole = of(DECISION, ASSESSMENT, SECTION_47, CHILD_IN_NEED) + on_plans + in_care
    assert row(table, "children_on_plans") == [on_plans, on_plans, 0.0]
    assert row(table, "children_in_care") == [in_care, in_care, 0.0]
    assert row(table, "open_children") == [whole, whole, 0.0]
    assert row(table, "care_leavers") == [of(CARE_LEAVER) + 7.0, of(CARE_LEAVER), 7.0]


def test_children_without_a_worker_and_how_long() -> None:
    waiting = measured(unallocated=always(4.0, 1.0), unallocated_waited_days=always(30.0, 20.0))
    assert row(waiting, "unallocated") == [5.0, 4.0, 1.0]
    assert row(waiting, "unallocated_days") == [10.0, 7.5, 20.0]
    some = measured(unallocated=always(4.0, 0.0), unallocated_waited_days=always(30.0, 0.0))
    assert row(some, "unallocated")[2] == 0.0
    assert row(some, "unallocated_days") == [7.5, 7.5, 0.0], "nobody waits: 0 days"


@pytest.mark.parametrize("name", COUNTED_OVER_A_YEAR)
def test_flows_are_counted_over_twelve_months(name: str) -> None:
    monthly = np.arange(1.0, 1 + MONTHS)[:, None] * np.array([1.0, 10.0])
    table = measured(flows=flows(**{name: monthly}))
    assert np.isnan(table[INDEX[name], :, :11]).all()
    assert row(table, name, 11) == [11 * 78.0, 78.0, 780.0]
    assert row(table, name) == [11 * 90.0, 90.0, 900.0]


@pytest.mark.parametrize(
    ("name", "part", "whole"),
    [
        ("re_referral_share", "re_referrals", "referrals"),
        ("assessments_in_time_share", "assessments_in_time", "assessments_ended"),
        ("conferences_in_time_share", "conferences_in_time", "conferences"),
    ],
)
def test_shares_are_of_twelve_months(name: str, part: str, whole: str) -> None:
    """Of 120 in the north 30; in the south there is nothing."""
    table = measured(flows=flows(**{part: always(2.5, 0.0), whole: always(10.0, 0.0)}))
    assert row(table, name)[:2] == [0.25, 0.25]
    assert math.isnan(row(table, name)[2])
    assert np.isnan(table[INDEX[name], :, :11]).all()


# -- changes of worker -----------------------------------------------------------------------------


def test_changes_of_worker_per_child() -> None:
    """60 children and 20 care leavers in the north with 1 + 2 + 3 + 4 + 5 changes a month."""
    child_days = np.zeros((MONTHS, len(STAGES), 2))
    child_days[:, CHILD_IN_NEED, 0] = 60 * LENGTHS
    child_days[:, CARE_LEAVER, 0] = 20 * LENGTHS
    child_days[:, COURT, 1] = 10 * LENGTHS
    causes = {name: always(k, 0.0) for k, name in enumerate(HANDOVERS, start=1)}
    table = measured(child_days=child_days, flows=flows(**causes))
    assert row(table, "changes_of_worker_per_child") == pytest.approx([2.0, 2.25, 0.0])
    for k, name in enumerate(HANDOVERS, start=1):
        assert row(table, name) == [12.0 * k, 12.0 * k, 0.0]
        assert np.isnan(table[INDEX[name], :, :11]).all()


def test_shares_with_changes_are_of_children_open_all_the_year() -> None:
    table = measured(
        open_a_year=always(30.0, 10.0),
        changed_once=always(15.0, 9.0),
        changed_twice=always(6.0, 4.0),
    )
    assert row(table, "changed_worker_share") == [0.6, 0.5, 0.9]
    assert row(table, "changed_worker_twice_share") == [0.25, 0.2, 0.4]
    for name in ("changed_worker_share", "changed_worker_twice_share"):
        assert np.isnan(table[INDEX[name], :, :11]).all()


def test_shares_of_children_in_care_are_of_all_who_are_in_care_on_the_date() -> None:
    """30 in court and 10 settled in the north, 20 in their first year in the south."""
    children = np.zeros((MONTHS, len(STAGES), 2))
    children[:, COURT, 0], children[:, LOOKED_AFTER_SETTLED, 0] = 30.0, 10.0
    children[:, LOOKED_AFTER_FIRST_YEAR, 1], children[:, CARE_LEAVER, 1] = 20.0, 50.0
    table = measured(children=children, in_care_changed_twice=always(10.0, 2.0))
    assert row(table, "in_care_changed_twice_share") == [0.2, 0.25, 0.1]
    assert np.isnan(table[INDEX["in_care_changed_twice_share"], :, :11]).all()


# -- protection plans ------------------------------------------------------------------------------


def ended(months: float, end: float = 900.0, off_review: bool = False) -> PlanRecord:
    """A plan that was open for so many months."""
    return PlanRecord(0, end - months * DAYS_PER_MONTH, end, off_review)


def as_table(*plans: PlanRecord) -> Rows:
    """Plans as the records hold them."""
    return np.array(list(plans), PLAN_ROW)


def test_plans_are_banded_by_their_length() -> None:
    plans = as_table(
        ended(1), ended(3), ended(3.01), ended(6, off_review=True), ended(9, off_review=True),
        ended(12), ended(13), ended(24), ended(24.01), ended(60),
        PlanRecord(0, 100.0, -1.0, False),
    )  # fmt: skip
    found = plan_lengths(plans, until=901.0)
    assert found.ended == 10
    assert found.shares == (0.2, 0.2, 0.2, 0.2, 0.2)
    assert found.off_review_share == 0.2
    assert len(LENGTH_BANDS) == len(found.shares)


def test_only_plans_that_ended_in_the_time_asked_for_count() -> None:
    plans = as_table(ended(1, 100.0), ended(9, 200.0), ended(9, 300.0, off_review=True))
    assert plan_lengths(plans, until=300.0).shares == (0.5, 0.0, 0.5, 0.0, 0.0)
    assert plan_lengths(plans, until=300.5, since=100.5).ended == 2
    assert plan_lengths(plans, until=300.5, since=100.5).off_review_share == 0.5
    none = plan_lengths(plans, until=50.0)
    assert none.ended == 0
    assert np.isnan([*none.shares, none.off_review_share]).all()


def test_plans_open_on_a_day_are_banded_by_their_age() -> None:
    plans = as_table(
        PlanRecord(0, 80.0, -1.0, False),
        PlanRecord(0, -100.0, 101.0, False),
        PlanRecord(0, -1000.0, -1.0, False),
        PlanRecord(0, 0.0, 100.0, False),
        PlanRecord(0, 100.5, -1.0, False),
    )
    assert plan_stock_bands(plans, 100.0) == (1, 0, 1, 0, 1)
    assert plan_stock_bands(plans, 0.0) == (1, 1, 0, 0, 1)


# -- a run -----------------------------------------------------------------------------------------


def study(years: int, *scenarios: Scenario, demand: DemandScenario = AS_USUAL.demand) -> Study:
    """Devon with its children."""
    chosen = (baseline(), *scenarios)
    return make_study(
        devon_for(years), evidence().behaviour, chosen, SEED, RunOptions(demand=demand)
    )


@cache
def two_years() -> tuple[Plan, CaseRecords, Array]:
    """A run of Devon that holds 12 months."""
    chosen = study(2)
    plan = chosen.plan(chosen.scenarios[0], 1)
    records = simulate(plan, Fates(SEED, 0))
    assert records.cases is not None
    return plan, records.cases, filled_in(plan, records)


def test_every_case_indicator_is_filled_in_where_there_are_cases() -> None:
    plan, _, table = two_years()
    for indicator in CASE_INDICATORS:
        values = table[INDEX[indicator.name], 0]
        assert not np.isnan(values).all() or indicator.name == "unallocated_days", indicator.name
        assert (values[~np.isnan(values)] >= 0.0).all(), indicator.name
    assert table.shape == (len(INDICATORS), 1 + len(plan.team_keys), plan.periods)


def test_counts_of_teams_sum_to_the_councils_and_shares_lie_between_nought_and_one() -> None:
    _, _, table = two_years()
    counts = (Measured.CHILDREN, Measured.COUNT, Measured.CASES)
    for indicator in CASE_INDICATORS:
        rows = table[INDEX[indicator.name]]
        if indicator.unit in counts:
            np.testing.assert_allclose(rows[1:].sum(axis=0), rows[0], err_msg=indicator.name)
        if indicator.unit is Measured.RATE:
            assert np.nanmax(rows) <= 1.0, indicator.name


def test_indicators_of_a_run_agree_with_one_another() -> None:
    plan, cases, table = two_years()

    def council(name: str) -> Array:
        values: Array = table[INDEX[name], 0]
        return values

    bands = np.sum([council(f"caseload_{name}_share") for name in CASELOAD_BANDS], axis=0)
    np.testing.assert_allclose(bands, 1.0)
    np.testing.assert_allclose(
        council("open_children") + council("care_leavers"), cases.children.sum(axis=(1, 2))
    )
    twice, once = council("changed_worker_twice_share")[12:], council("changed_worker_share")[12:]
    assert (twice <= once).all()
    assert 15.0 < council("caseload_fte")[0] < 25.0
    for period, end in enumerate(plan.boundaries[1:-1]):
        # A plan that ends at this very instant has left the stock.
        assert sum(plan_stock_bands(cases.plans, end)) == council("children_on_plans")[period]
    lengths = plan_lengths(cases.plans, plan.horizon)
    assert lengths.ended == cases.flows["plans_ended"].sum()
    assert sum(lengths.shares) == pytest.approx(1.0)
    assert 0.0 < lengths.off_review_share < 1.0


def test_a_run_of_staffing_alone_has_no_case_indicators() -> None:
    plan = plan_for(1)
    table = filled_in(plan, run(plan))
    for indicator in CASE_INDICATORS:
        assert np.isnan(table[INDEX[indicator.name]]).all(), indicator.name
    assert not np.isnan(table[INDEX["case_holders_fte"]]).any()


def test_every_indicator_has_a_name_of_its_own() -> None:
    assert len(INDEX) == len(INDICATORS)
    assert len({indicator.label for indicator in INDICATORS}) == len(INDICATORS)


# -- by demand -------------------------------------------------------------------------------------


def test_a_pair_is_run_under_the_conditions_it_is_asked_for() -> None:
    low, rising = at_gamma(0.1), Condition(demand=DemandScenario.RISING)
    tasks = make_tasks(3, {low: 1, rising: whole_draws(1)})
    assert [task.conditions for task in tasks] == [
        (AS_ASKED, low, rising),
        (AS_ASKED, rising),
        (AS_ASKED,),
        (AS_ASKED,),
    ]
    assert [task.draw for task in tasks] == [1, 1, 2, 2]


def test_demand_scenarios_stand_beside_uncertain_demand_alone() -> None:
    flat, back = DemandScenario.FLAT, DemandScenario.BACK_TO_2019
    assert demands_beside(study(1)) == (flat, back, DemandScenario.RISING)
    assert demands_beside(study(1, demand=flat)) == ()
    assert demands_beside(study(1, demand=DemandScenario.RISING)) == ()
    staffing = make_study(devon_for(1), evidence().behaviour, (baseline(),), SEED)
    assert demands_beside(staffing) == ()
    casework = devon().casework
    assert casework is not None
    fewer = casework.model_copy(
        update={"demand": casework.demand.model_copy(update={"rising": None})}
    )
    for described, expected in ((fewer, (flat, back)), (None, ())):
        council = devon_for(1).model_copy(update={"casework": described})
        assert demands_beside(dataclasses.replace(study(1), council=council)) == expected


@cache
def by_demand() -> Comparison:
    """A draw of uncertain demand, run under rising demand too."""
    posts = scenario_of(new_posts([("assessment", Role.BUSINESS_SUPPORT, 4.0)]))
    return compare(study(1, posts), 2, demands=(DemandScenario.RISING,), demand_pairs=1)


@pytest.mark.slow
def test_a_demand_variant_is_what_a_study_under_that_demand_gives() -> None:
    comparison = by_demand()
    flat = comparison.variants[0]
    assert comparison.variants[1:] == comparison.gamma_variants == ()
    (rising,) = comparison.demand_variants
    assert (rising.gamma, rising.demand) == (None, DemandScenario.RISING)
    assert rising.draws.tolist() == [1, 1], "an odd number is rounded up to whole draws"
    other = study(1, *comparison.scenarios[1:], demand=DemandScenario.RISING)
    alone = run_once(other, other.scenarios[1], 1, Fates(SEED, 0)).table
    months = len(comparison.dates)
    assert np.array_equal(every_table(rising)[1][0], alone[:, :, :months], equal_nan=True)
    referred = INDEX["open_children"], 0, -1
    assert every_table(rising)[0][0][referred] != every_table(flat)[0][0][referred]


def test_the_average_can_be_shown_over_the_draws_of_a_variant_alone() -> None:
    comparison = by_demand()
    one = comparison.demand_variants[0].first_pairs(1)
    flat = comparison.on_the_same_draws(one)
    assert flat.draws.tolist() == [1]
    for part, whole in zip(every_table(flat), every_table(comparison.average), strict=True):
        assert np.array_equal(part, whole[:1], equal_nan=True)
    part, whole = (v.values(1, "inpost_fte", against=0) for v in (flat, comparison.average))
    assert np.array_equal(part, whole[:1])


def said(comparison: Comparison) -> str:
    """The headline as one line."""
    return " ".join(headline_text(comparison).split())


def test_the_headline_shows_an_answer_by_demand() -> None:
    text = said(by_demand())
    assert "By demand, 31 March 2022: Do nothing, and what changes against it (middle" in text
    assert "Uncertain Rising (2 runs) (2 runs)" in text
    assert "Do nothing: workload" in text
    assert "Children without a worker" in text
    assert "practitioners free social workers' time" in text
    assert "loop" not in text
    flat_only = dataclasses.replace(by_demand(), demand_variants=())
    assert "By demand" not in said(flat_only)


def test_the_headline_says_what_was_chosen_about_casework() -> None:
    options = RunOptions(demand=DemandScenario.BACK_TO_2019, loop=False)
    other = dataclasses.replace(by_demand().study, options=options)
    text = said(dataclasses.replace(by_demand(), study=other))
    assert "(middle run, and all 2 runs; demand back to 2019, overload without effect)" in text
    assert "Referrals follow the demand scenario back_to_2019: ranges leave out that" in text
    assert "Overload has no effect" in text
    plans = tuple(dataclasses.replace(plan, casework=None) for plan in by_demand().plans)
    text = said(dataclasses.replace(by_demand(), study=other, plans=plans))
    assert "back_to_2019" not in text
    assert "free no social work time: the council's file describes no children's cases" in text
