"""Pipeline measures: nothing at their null value, the right direction, the same people."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from sim.config.errors import InputError
from sim.config.roles import ROLES, Role
from sim.config.routes import NEWLY_QUALIFIED_ROUTES, Route
from sim.dates import DAYS_PER_MONTH, DAYS_PER_WEEK, DAYS_PER_YEAR, day_of, financial_year
from sim.engine.actions.capacity import share_of_full
from sim.engine.actions.careers import band_of, own_effect, set_rates
from sim.engine.actions.posts import is_supernumerary
from sim.engine.codes import CONTRACT_END
from sim.engine.formulas import recovered_share
from sim.engine.layout import Worker, World
from sim.engine.records import Array, Records
from sim.engine.simpy.engine import simulate
from sim.engine.trace import TraceEvent
from sim.inputs.careers import cumulative, multiplier_of_odds
from sim.inputs.fates import Fates, join
from sim.inputs.pipelines_plan import CareerPlan
from sim.inputs.plan import Plan
from sim.outcomes.costs import STAFFING_LINES, make_ledger
from sim.scenario.cost import CostBasis
from sim.scenario.effects import CareerEffect, Effects, Phase
from sim.scenario.scenario import AnyMeasure, Scenario, read_scenario
from tests.behaviour.builders import (
    COURT,
    LEAVING,
    NO_PAY_EFFECT,
    SOCIAL_WORK_LINES,
    START,
    STARTING,
    devon_for,
    flow_of,
    new_posts,
    of_team,
    pay_of,
    plan_for,
    run,
    scenario_of,
    without_measures,
)
from tests.behaviour.pipelines import (
    AUTUMN,
    NULLS,
    academy,
    apprenticeships,
    bursaries,
    cost,
    fees,
    first_year,
    overseas,
)
from tests.case_helpers import case_plan, run_cases, same_cases
from tests.helpers import (
    NO_PIPELINES,
    SEED,
    Trace,
    advance,
    devon,
    ended,
    evidence,
    over,
    registered,
    same_records,
    started,
    values_of,
    with_markets,
)

pytestmark = pytest.mark.slow

YEARS = 3
LINE = SOCIAL_WORK_LINES
"""The only measure's line."""
PEOPLE = "council.staffing.overseas_in_post.people"
ALL_COME = {"overseas.share_who_start": 1.0, "training.completion": 1.0}
CHARGES: dict[str, AnyMeasure] = {
    "overseas": overseas(costs=[cost(CostBasis.OFFER, 3000.0)]),
    "fees": fees(costs=[cost(CostBasis.APPLICATION, 2389.0)]),
    "bursaries": bursaries(repayable=6000.0, costs=[cost(CostBasis.TRAINEE_YEAR, 4000.0)]),
    "apprenticeships": apprenticeships(costs=[cost(CostBasis.TRAINEE_YEAR, 9000.0)]),
    "academy": academy(costs=[cost(CostBasis.START, 3000.0)]),
    "first year": first_year(costs=[cost(CostBasis.START, 2000.0)]),
}


def _workers(plan: Plan, fate: int, *routes: Route) -> list[Worker]:
    """Everyone who came by some routes in a run, in order of arrival."""
    w = over(plan, Fates(SEED, fate))
    return [worker for worker in w.workers if worker.route in routes]


def _rates(w: World, worker: Worker) -> tuple[float, ...]:
    """Rates a day of a worker's three exits now."""
    tenure, cell = w.now - worker.joined_day, worker.post.cell
    band = band_of(worker, tenure)
    set_rates(worker.post, cell, band, w.month.year.exits)
    effect = own_effect(w, worker, tenure)
    return tuple(cell.rates[3 * band + exit_] * effect for exit_ in range(3))


# -- null values -----------------------------------------------------------------------------------


@cache
def _null_baseline(draw: int, fate: int) -> tuple[Plan, Records]:
    plan = plan_for(YEARS, None, NULLS, draw)
    return plan, run(plan, fate)


def _changes_only_its_line(
    measure: AnyMeasure, draw: int, fate: int, overrides: Mapping[str, float] | None
) -> float:
    """Check the run against the baseline's; gives what is spent on the measure's line."""
    base_plan = plan_for(YEARS, None, overrides, draw)
    base = run(base_plan, fate)
    plan = plan_for(YEARS, scenario_of(measure), overrides, draw)
    records = run(plan, fate)
    assert same_records(without_measures(plan, records), without_measures(base_plan, base))
    ledger, base_ledger = make_ledger(plan, records), make_ledger(base_plan, base)
    own = slice(0, len(STAFFING_LINES))
    assert ledger.spent_gbp[:, own].tobytes() == base_ledger.spent_gbp.tobytes()
    return float(ledger.spent_gbp[:, -1].sum())


@pytest.mark.parametrize(("draw", "fate"), [(0, 0), (0, 1), (1, 2), (4, 3)])
@pytest.mark.parametrize("name", CHARGES)
def test_at_its_null_values_a_measure_changes_nothing_but_its_cost(
    name: str, draw: int, fate: int
) -> None:
    settles = {PEOPLE: 30.0, "overseas.settlement_years": 5.0}
    assert _changes_only_its_line(CHARGES[name], draw, fate, NULLS | settles) > 1_000.0


@pytest.mark.parametrize(("draw", "fate"), [(0, 0), (1, 2)])
@pytest.mark.parametrize(
    "measure",
    [
        overseas([(AUTUMN, 0)], [cost(CostBasis.OFFER, 3000.0)]),
        fees(take_up=0.0, costs=[cost(CostBasis.APPLICATION, 2389.0)]),
        bursaries([(AUTUMN, 0)], costs=[cost(CostBasis.TRAINEE_YEAR, 4000.0)]),
        apprenticeships([(AUTUMN, 0)], costs=[cost(CostBasis.TRAINEE_YEAR, 4000.0)]),
        academy(take_up=0.0, costs=[cost(CostBasis.START, 3000.0)]),
    ],
    ids=["no offers", "nobody takes it", "no places", "no apprentices", "nobody takes part"],
)
def test_of_size_nothing_a_measure_changes_nothing_and_costs_nothing(
    measure: AnyMeasure, draw: int, fate: int
) -> None:
    assert _changes_only_its_line(measure, draw, fate, None) == 0.0


def test_the_null_tests_can_fail() -> None:
    plan, base = plan_for(YEARS, scenario_of(overseas())), _null_baseline(0, 0)
    assert not same_records(without_measures(plan, run(plan)), without_measures(*base))


def test_a_ramp_of_full_length_changes_no_child_s_case() -> None:
    null = {key: NULLS[key] for key in NULLS if key.startswith("early_career")}
    base = case_plan(1, null)
    plan = case_plan(1, null, scenario_of(academy()))
    assert same_cases(run_cases(base), run_cases(plan))


def test_marking_those_hired_abroad_changes_nothing() -> None:
    plan = plan_for(YEARS)
    assert plan.pipelines.overseas_staff is not None
    unmarked = dataclasses.replace(
        plan, pipelines=dataclasses.replace(plan.pipelines, overseas_staff=None)
    )
    assert same_records(run(plan, 1), run(unmarked, 1))


# -- direction -------------------------------------------------------------------------------------

PAIRS = 24
FROM_JANUARY = ((dt.date(2022, 1, 10), 30),)
MANY_ABROAD = {PEOPLE: 100.0, "overseas.settlement_years": 4.0}


@cache
def _facts(name: str, many: bool) -> tuple[Plan, Array, Array, Array]:
    """In post, leavers and starters by pair and period, registered roles."""
    measures: dict[str, AnyMeasure] = CHARGES | {
        "five places": academy(5),
        "later": bursaries(FROM_JANUARY),
    }
    scenario = scenario_of(measures[name]) if name else None
    plan = plan_for(YEARS, scenario, MANY_ABROAD if many else None)
    accounts = registered(plan)
    rows = []
    for pair in range(PAIRS):
        records = run(plan, pair)
        rows.append(
            (
                records.stocks["filled"][:, accounts].sum(axis=1),
                flow_of(records, LEAVING, accounts),
                flow_of(records, STARTING, accounts),
            )
        )
    inpost, leavers, starters = (np.array(part) for part in zip(*rows, strict=True))
    return plan, inpost, leavers, starters


def _paired(name: str, many: bool = False) -> tuple[Plan, Array, Array, Array]:
    plan, *own = _facts(name, many)
    _, *base = _facts("", many)
    inpost, leavers, starters = (a - b for a, b in zip(own, base, strict=True))
    return plan, inpost, leavers, starters


def _interval(differences: Array) -> tuple[float, float]:
    """99 % interval of a paired mean, by the normal distribution."""
    half = 2.58 * differences.std(ddof=1) / np.sqrt(len(differences))
    return float(differences.mean() - half), float(differences.mean() + half)


@pytest.mark.slow
def test_overseas_staff_are_in_post_after_the_lead_time_and_not_before() -> None:
    plan, inpost, _, starters = _paired("overseas")
    weeks = values_of(devon_for(YEARS), scenario_of(overseas()))["overseas.lead_weeks"]
    arrive = day_of(plan.start_date, AUTUMN) + weeks * DAYS_PER_WEEK
    period = int(np.searchsorted(plan.boundaries, arrive)) - 1
    assert _interval(inpost[:, period - 1])[1] < 0.0, "posts held for them are off the market"
    assert _interval(inpost[:, period + 1])[0] > 0.0
    assert _interval(inpost[:, -1])[0] > 0.0
    assert _interval(starters.sum(axis=1))[1] < 20 * 0.83, "they take posts from other candidates"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["bursaries", "apprenticeships", "later"])
def test_those_who_train_are_in_post_once_qualified_and_not_before(name: str) -> None:
    plan, inpost, _, _ = _paired(name)
    group = plan.pipelines.arrivals[0]
    untouched = int(np.searchsorted(plan.boundaries, group.offer_day)) - 1
    assert not inpost[:, :untouched].any()
    assert _interval(inpost[:, -1])[0] > 0.0


@pytest.mark.slow
@pytest.mark.parametrize("name", ["academy", "first year"])
def test_fewer_leave_early_in_their_career(name: str) -> None:
    _, inpost, leavers, _ = _paired(name)
    assert _interval(leavers.sum(axis=1))[1] < 0.0
    assert _interval(inpost.mean(axis=1))[0] > 0.0


@pytest.mark.slow
def test_an_academy_s_places_bring_newly_qualified_workers() -> None:
    _, inpost, _, starters = _paired("five places")
    assert _interval(inpost[:, -1])[0] > 0.0
    assert _interval(starters.sum(axis=1))[0] > 0.0


@pytest.mark.slow
def test_those_whose_fee_is_paid_stay_longer() -> None:
    _, _, leavers, _ = _paired("fees", many=True)
    assert _interval(leavers.sum(axis=1))[1] < 0.0


def _capacity(plan: Plan) -> float:
    return float(run_cases(plan).capacity_days.sum())


def test_a_faster_ramp_raises_what_newly_qualified_workers_carry() -> None:
    still = {"early_career.academy_leaving_odds": 1.0}
    base = case_plan(1, still)
    plan = case_plan(1, still | {"early_career.academy_ramp": 0.5}, scenario_of(academy()))
    assert _capacity(plan) > _capacity(base)


@pytest.mark.parametrize(("days", "share"), [(0.0, 0.4), (91.0, 0.7), (182.0, 1.0), (400.0, 1.0)])
def test_overseas_staff_come_slowly_to_a_full_caseload(days: float, share: float) -> None:
    ramp = {"overseas.ramp_start": 0.4, "overseas.ramp_weeks": 26.0, "overseas.lead_weeks": 0.0}
    plan = case_plan(2, ramp | ALL_COME, scenario_of(overseas([(START, 1)])))
    w = started(plan, Fates(SEED, 0))
    advance(w, plan.pipelines.arrivals[0].start_day + days + 1e-6)
    came = [worker.caseload for worker in w.workers if worker.route == Route.OVERSEAS]
    [holder] = [holder for holder in came if holder is not None] or pytest.skip("this one left")
    assert share_of_full(w, holder) == pytest.approx(share, abs=0.01)


# -- scope -----------------------------------------------------------------------------------------


def _alone(scenario: Scenario | None, extra: Mapping[str, float] | None = None) -> Plan:
    """A plan whose teams have nothing to do with each other: no candidates, moves, or cohorts."""
    apart = {k: v for k, v in NO_PIPELINES.items() if "newly_qualified" not in k}
    plan = plan_for(YEARS, scenario, apart | dict(extra or {}))
    apart_plan = with_markets(plan, candidates_per_day=0.0)
    return dataclasses.replace(
        apart_plan, cohorts=(), other_net_change=(0.0,) * len(plan.other_net_change)
    )


def _touched(measure: AnyMeasure, fate: int, extra: Mapping[str, float]) -> set[str]:
    """Teams whose facts differ from the baseline's."""
    base_plan, plan = _alone(None, extra), _alone(scenario_of(measure), extra)
    base, own = run(base_plan, fate), run(plan, fate)
    found = set()
    for team, key in enumerate(plan.team_keys):
        one, two = of_team(base_plan, base, team), of_team(plan, own, team)
        if any(one[name].tobytes() != two[name].tobytes() for name in one):
            found.add(key)
    return found


def test_an_academy_or_a_first_year_in_one_team_leaves_the_others_untouched() -> None:
    team = "assessment"
    strong = {
        "early_career.academy_leaving_odds": 0.05,
        "early_career.supported_first_year_exits": 0.05,
        "exits.newly_qualified_first_year_rate": 0.9,
    }
    for measure in (academy(teams=[team]), first_year([team])):
        touched = [_touched(measure, fate, strong) for fate in range(4)]
        assert set().union(*touched) == {team}


def test_fees_in_one_team_leave_the_others_untouched() -> None:
    strong = MANY_ABROAD | {"overseas.fee_tie_in_exits": 0.05}
    touched = [_touched(fees([COURT]), fate, strong) for fate in range(4)]
    assert set().union(*touched) == {COURT}


@pytest.mark.parametrize("measure", [bursaries(), apprenticeships()])
def test_those_who_qualify_take_no_court_post(measure: AnyMeasure) -> None:
    at_work = {"training.tie_in_exits": 1.0}
    for fate in range(3):
        plan = plan_for(YEARS, scenario_of(measure), ALL_COME | at_work)
        teams = {
            e.team for e in _told(plan, fate) if e.what in ("bursary offer", "apprentice offer")
        }
        assert teams
        assert plan.team_names[plan.team_keys.index(COURT)] not in teams


def test_a_few_from_abroad_leave_court_teams_untouched() -> None:
    for fate in range(3):
        touched = _touched(overseas([(AUTUMN, 3)]), fate, ALL_COME)
        assert touched
        assert COURT not in touched


def test_who_comes_from_abroad_takes_a_court_post_only_where_there_is_no_other() -> None:
    plan = plan_for(1, scenario_of(overseas([(AUTUMN, 60)])), ALL_COME)
    name = plan.team_names[plan.team_keys.index(COURT)]
    in_court = [e.team == name for e in _told(plan, 0) if e.what == "overseas offer"]
    assert 10 < sum(in_court) < len(in_court)
    assert in_court == sorted(in_court)


def _told(plan: Plan, fate: int) -> list[TraceEvent]:
    trace = Trace()
    simulate(plan, Fates(SEED, fate), trace)
    return trace.events


def test_a_career_effect_reaches_only_its_cells_routes_and_months() -> None:
    plan = plan_for(1)
    w = started(plan, Fates(SEED, 0))
    before = [_rates(w, worker) for worker in w.workers]
    team = plan.team_keys.index("assessment")
    effect = CareerPlan(
        cells=frozenset([(team, Role.SOCIAL_WORKER)]),
        routes=frozenset([Route.AT_START]),
        from_days=DAYS_PER_YEAR,
        until_days=3 * DAYS_PER_YEAR,
        start_day=0.0,
        end_day=math.inf,
        multiplier=0.5,
    )
    w = started(dataclasses.replace(plan, careers=(effect,)), Fates(SEED, 0))
    reached = 0
    for old, worker in zip(before, w.workers, strict=True):
        inside = (
            worker.post.team.number == team
            and ROLES[worker.post.role.number] is Role.SOCIAL_WORKER
            and worker.route == Route.AT_START
            and DAYS_PER_YEAR <= -worker.joined_day < 3 * DAYS_PER_YEAR
        )
        reached += inside
        factor = 0.5 if inside else 1.0
        assert _rates(w, worker) == tuple(rate * factor for rate in old)
    assert reached > 3


def test_a_career_effect_reaches_roles_outside_social_work() -> None:
    posts = scenario_of(new_posts([("care_leavers", Role.PERSONAL_ADVISER, 5.0)]))
    plan = plan_for(1, posts)
    cell = (plan.team_keys.index("care_leavers"), Role.PERSONAL_ADVISER)
    effect = CareerPlan(
        frozenset([cell]), frozenset(), 0.0, math.inf, 0.0, math.inf, multiplier=0.75
    )
    found = []
    for careers in ((), (effect,)):
        w = over(dataclasses.replace(plan, careers=careers), Fates(SEED, 0))
        role = w.roles[ROLES.index(Role.PERSONAL_ADVISER)]
        adviser = next(worker for worker in w.workers if worker.post.role is role)
        found.append(_rates(w, adviser)[0])
    assert found[1] == 0.75 * found[0]


# -- numbers ---------------------------------------------------------------------------------------


def test_an_odds_ratio_becomes_the_multiplier_that_has_its_effect() -> None:
    expected = 0.25
    left = 1 - math.exp(-expected)
    lower = 1 - math.exp(-expected * multiplier_of_odds(0.61, expected))
    assert lower / (1 - lower) == pytest.approx(0.61 * left / (1 - left))
    assert multiplier_of_odds(1.0, expected) == 1.0
    assert multiplier_of_odds(0.61, 0.0) == 1.0


def test_a_phased_effect_has_the_strength_of_its_phases_so_far() -> None:
    effect = CareerEffect(
        start=START, teams=("a",), roles=(Role.SOCIAL_WORKER,), multiplier="m", strength=1.0
    )
    later, until = dt.date(2022, 4, 1), dt.date(2024, 4, 1)
    phases = [Phase(0.25, START, until), Phase(0.75, later, until)]
    parts = list(cumulative(Effects(careers=(effect,)).phased(phases).careers))
    found = [(part.start, part.until, part.strength) for part in parts]
    assert found == [(START, later, 0.25), (later, until, 1.0)]


@pytest.mark.slow
def test_overseas_staff_leave_within_two_years_as_often_as_the_evidence_says() -> None:
    share, gone, people = 0.4, 0, 0
    calm = NO_PAY_EFFECT | {
        "exits.contagion_multiplier": 1.0,
        "exits.manager_gap_multiplier": 1.0,
        "overseas.two_year_exits": share,
        "overseas.lead_weeks": 20.0,
    }
    plan = plan_for(3, scenario_of(overseas([(START, 30)])), calm | ALL_COME)
    for fate in range(20):
        w = started(plan, Fates(SEED, fate))
        advance(w, plan.pipelines.arrivals[0].start_day + 2 * DAYS_PER_YEAR)
        came = [worker for worker in w.workers if worker.route == Route.OVERSEAS]
        came = [worker for worker in came if not worker.gone or worker.exit != CONTRACT_END]
        people += len(came)
        gone += sum(worker.gone for worker in came)
    assert people > 400
    assert gone / people == pytest.approx(share, abs=2.6 * math.sqrt(share * (1 - share) / people))


# -- money -----------------------------------------------------------------------------------------


def _spent(measure: AnyMeasure, overrides: Mapping[str, float]) -> tuple[Plan, Records, Array]:
    plan = plan_for(YEARS, scenario_of(measure), dict(overrides))
    records = run(plan)
    return plan, records, make_ledger(plan, records).spent_gbp[:, -1]


def _price(plan: Plan, date: dt.date) -> float:
    """Prices of a date over those of the year in which the line begins."""
    inflation = values_of(devon_for(YEARS), scenario_of())["finance.inflation"]
    years: float = int(financial_year(date)[:4]) - int(financial_year(START)[:4])
    return float((1 + inflation) ** years)


def test_offers_and_starts_are_charged_to_the_penny() -> None:
    costs = [cost(CostBasis.OFFER, 1000.0), cost(CostBasis.START, 2000.0)]
    lead = {"overseas.lead_weeks": 30.0}
    plan, records, spent = _spent(overseas([(AUTUMN, 4)], costs), lead | ALL_COME)
    starts = AUTUMN + dt.timedelta(weeks=30)
    by_hand = 4 * 1000.0 + 4 * 2000.0 * _price(plan, starts)
    assert spent.sum() == pytest.approx(by_hand, abs=0.005)
    november = plan.period_dates.index(dt.date(2021, 11, 30))
    assert spent[november] == pytest.approx(4000.0, abs=0.005)
    assert records.flows["starters_overseas"].sum() > 1.0


@pytest.mark.parametrize("found", [0, 3])
def test_offers_that_find_nobody_are_paid_and_bring_nobody(found: int) -> None:
    costs = [cost(CostBasis.OFFER, 1000.0), cost(CostBasis.START, 2000.0)]
    lead = {"overseas.lead_weeks": 30.0}
    measure = overseas([(AUTUMN, 4)], costs, found=found)
    plan, records, spent = _spent(measure, lead | ALL_COME)
    price = _price(plan, AUTUMN + dt.timedelta(weeks=30))
    assert spent.sum() == pytest.approx(4 * 1000.0 + found * 2000.0 * price, abs=0.005)
    all_of_them = run(plan_for(YEARS, scenario_of(overseas([(AUTUMN, 4)], costs)), lead | ALL_COME))
    came = float(records.flows["starters_overseas"].sum())
    assert (came > 0.0) == (found > 0)
    assert came < all_of_them.flows["starters_overseas"].sum()


def test_a_years_campaigns_share_the_people_whom_a_year_finds() -> None:
    spring, next_year = dt.date(2022, 3, 1), dt.date(2023, 3, 1)
    dates = [(AUTUMN, 4), (spring, 4), (dt.date(2022, 9, 1), 4), (next_year, 4)]
    plan = plan_for(YEARS, scenario_of(overseas(dates, found=6.0)), ALL_COME)
    assert [group.found for group in plan.pipelines.arrivals] == [4, 4, 2, 4]
    assert [group.people for group in plan.pipelines.arrivals] == [4, 4, 4, 4]
    everyone = plan_for(YEARS, scenario_of(overseas(dates)), ALL_COME)
    assert [group.found for group in everyone.pipelines.arrivals] == [4, 4, 4, 4]


def test_a_line_takes_no_number_that_only_another_scenario_gives_its_key() -> None:
    """A study's draw holds the quantities of all its scenarios, by key of the line."""
    values = {"measure.overseas.found_per_year": 2.0, "measure.bursaries.repayable_gbp": 5000.0}
    ((_, abroad), (_, students)) = scenario_of(overseas(), bursaries()).effects(values)
    assert math.isinf(abroad.campaigns[0].found)
    assert students.intakes[0].repayable_gbp == 0.0
    ((_, abroad), (_, students)) = scenario_of(
        overseas(found=6.0), bursaries(repayable=1.0)
    ).effects(values)
    assert abroad.campaigns[0].found == 2.0
    assert students.intakes[0].repayable_gbp == 5000.0


def test_two_years_exits_are_leavers_by_exposure_with_their_poisson_range() -> None:
    """3 leavers in 16 person-years: Garwood's limits of a Poisson mean, 5 and 95 %."""
    leavers, years = 3, 16.0
    limits = stats.chi2.ppf(0.05, 2 * leavers) / 2, stats.chi2.ppf(0.95, 2 * leavers + 2) / 2
    low, central, high = (
        -math.expm1(-2.0 * events / years) for events in (limits[0], leavers, limits[1])
    )
    stated = evidence().behaviour.overseas.two_year_exits
    assert stated.low == pytest.approx(low, abs=0.006)
    assert stated.central == pytest.approx(central, abs=0.006)
    assert stated.high == pytest.approx(high, abs=0.006)


def test_training_is_charged_by_the_day_to_the_penny() -> None:
    costs = [cost(CostBasis.TRAINEE_YEAR, 3650.0)]
    plan, records, spent = _spent(bursaries([(AUTUMN, 2)], costs=costs), ALL_COME)
    april = dt.date(2022, 4, 1)
    first, second = (april - AUTUMN).days, (dt.date(2022, 11, 1) - april).days
    by_hand = 2 * 10.0 * (first + second * _price(plan, dt.date(2022, 5, 1)))
    assert spent.sum() == pytest.approx(by_hand, abs=0.005)
    assert records.line_counts["trainee_days"][:, LINE].sum() == pytest.approx(2 * 365)


def test_fees_are_charged_by_application_to_the_penny() -> None:
    gbp = 2389.0
    plan, records, spent = _spent(fees(costs=[cost(CostBasis.APPLICATION, gbp)]), {PEOPLE: 30.0})
    counted = records.line_counts["applications"][:, LINE]
    prices = [_price(plan, date) for date in plan.period_dates]
    by_hand = sum(n * gbp * price for n, price in zip(counted, prices, strict=True))
    assert counted.sum() > 3
    assert spent.sum() == pytest.approx(by_hand, abs=0.005)


def test_a_fee_is_paid_when_five_years_are_full() -> None:
    plan = plan_for(YEARS, scenario_of(fees()), {PEOPLE: 60.0})
    records = run(plan)
    paid = records.line_counts["applications"][:, LINE]
    first = day_of(plan.start_date, dt.date(2023, 1, 1))
    earlier = int(np.searchsorted(plan.boundaries, first, "right")) - 1
    assert not paid[:earlier].any(), "nobody joined before 2018"
    assert paid[earlier:].sum() > 5


@pytest.mark.parametrize("measure", [academy, first_year])
def test_each_newly_qualified_starter_is_charged(measure: object) -> None:
    made: AnyMeasure = measure(costs=[cost(CostBasis.START, 1000.0)])  # type: ignore[operator]
    plan, records, spent = _spent(made, {"finance.inflation": 0.0})
    came = [w for w in _workers(plan, 0, *NEWLY_QUALIFIED_ROUTES) if w.joined_day > 0.0]
    assert len(came) > 10
    assert spent.sum() == pytest.approx(1000.0 * len(came), abs=0.005)
    assert records.line_counts["starts"][:, LINE].sum() == len(came)


def test_who_leaves_in_the_tie_in_repays_what_is_left_of_it() -> None:
    owed, months = 6000.0, 24
    measure = bursaries([(AUTUMN, 60)], months=6, tie_in=months, repayable=owed)
    plan = plan_for(YEARS, scenario_of(measure), ALL_COME)
    w = started(plan, Fates(SEED, 0))
    records = ended(plan, w)
    share = values_of(devon_for(YEARS), scenario_of(measure))["exits.retention_recovery_share"]
    left = {e.person: e.day for e in _told(plan, 0) if e.what == "leaves"}
    by_hand = sum(
        owed * recovered_share(left[name] - worker.joined_day, months * DAYS_PER_MONTH, share)
        for worker in w.workers
        if (name := f"worker {worker.person}") in left
        and worker.route == Route.BURSARY
        and worker.exit != CONTRACT_END
    )
    assert by_hand > 0.0
    assert records.recovered_gbp[:, LINE].sum() == pytest.approx(by_hand, abs=0.005)
    spent = make_ledger(plan, records).spent_gbp[:, -1].sum()
    assert spent == pytest.approx(-by_hand, abs=0.005)


def test_what_students_repay_is_no_pay() -> None:
    measure = bursaries([(AUTUMN, 60)], months=6, repayable=6000.0)
    plan = plan_for(YEARS, scenario_of(measure), ALL_COME)
    records = run(plan)
    assert records.recovered_gbp.sum() > 0.0
    ledger = make_ledger(plan, records)
    own = ledger.spent_gbp[:, [0, 3]].sum(axis=1)
    np.testing.assert_allclose(pay_of(ledger), own, rtol=1e-12)


# -- who they are ----------------------------------------------------------------------------------


def _keys(measure: AnyMeasure, route: Route, overrides: Mapping[str, float]) -> list[int]:
    plan = plan_for(YEARS, scenario_of(measure), dict(overrides))
    return [worker.key for worker in _workers(plan, 0, route)]


@pytest.mark.parametrize("made", [overseas, bursaries, apprenticeships])
def test_the_kth_of_a_group_is_the_same_person_in_every_scenario(made: object) -> None:
    def keys(*groups: tuple[dt.date, int]) -> list[int]:
        measure: AnyMeasure = made(groups)  # type: ignore[operator]
        route = {"overseas": Route.OVERSEAS, "bursaries": Route.BURSARY}.get(
            measure.key, Route.APPRENTICE
        )
        return _keys(measure, route, {})

    later = dt.date(2022, 9, 1)
    few, more, both = keys((AUTUMN, 5)), keys((AUTUMN, 9)), keys((AUTUMN, 5), (later, 5))
    delayed = keys((dt.date(2022, 2, 1), 5))
    assert few
    assert set(few) < set(more)
    assert set(few) < set(both)
    assert set(delayed) == set(few), "a later campaign hires the same people"


def test_extra_places_leave_the_cohort_s_own_people_as_they_are() -> None:
    base = {w.key for w in _workers(plan_for(YEARS), 0, Route.NEWLY_QUALIFIED)}
    plan = plan_for(YEARS, scenario_of(academy(5)), {"early_career.academy_leaving_odds": 1.0})
    more = {w.key for w in _workers(plan, 0, Route.NEWLY_QUALIFIED)}
    extra = {
        join(group.key, place) for group in plan.pipelines.arrivals for place in range(group.people)
    }
    assert more - extra == base
    assert len(more & extra) > 5


def test_without_posts_they_are_supernumerary_for_a_year_and_their_notice() -> None:
    measure = bursaries([(START, 200)], months=3)
    plan = plan_for(2, scenario_of(measure), ALL_COME)
    w = started(plan, Fates(SEED, 0))
    first = plan.pipelines.arrivals[0].start_day

    def spare() -> int:
        return sum(
            worker.route == Route.BURSARY and not worker.gone and is_supernumerary(post)
            for post in w.posts
            for worker in [post.holder]
            if worker is not None
        )

    def court() -> int:
        return sum(
            post.holder is not None
            and post.holder.route == Route.BURSARY
            and post.team.number in plan.court_teams
            for post in w.posts
        )

    advance(w, first + DAYS_PER_YEAR - 1)
    assert spare() > 50
    assert court() == 0
    notice = max(market.notice_days for market in plan.markets)
    advance(w, first + DAYS_PER_YEAR + 1)
    assert court() > 10, "after a year court posts are open to them"
    advance(w, first + DAYS_PER_YEAR + notice + 1)
    assert spare() == 0
    assert any(worker.exit == CONTRACT_END for worker in w.workers), "who finds none goes"


# -- records ---------------------------------------------------------------------------------------


def test_in_post_by_route_sums_to_those_in_post() -> None:
    measures = (overseas(), bursaries(), apprenticeships())
    plan = plan_for(YEARS, scenario_of(*measures))
    records = run(plan, 2)
    inpost = records.stocks["filled"][:, registered(plan)].sum(axis=1)
    np.testing.assert_allclose(records.inpost_by_route.sum(axis=1), inpost, atol=1e-9)
    for route in (Route.OVERSEAS, Route.BURSARY, Route.APPRENTICE):
        assert records.inpost_by_route[-1, route] > 0.0
        assert records.inpost_by_route[0, route] == 0.0


@pytest.mark.parametrize(("months", "still"), [(36, True), (12, False)])
def test_those_still_in_training_on_the_horizon_are_counted(months: int, still: bool) -> None:
    measure = bursaries([(AUTUMN, 40)], months=months)
    plan = plan_for(2, scenario_of(measure), {"training.completion": 0.75})
    records = run(plan)
    assert records.flows["starters_bursary"].any() == (not still)
    # All who will complete, and the few who will give up later.
    assert (30 - 8 <= records.in_pipeline[LINE] <= 40) == still
    assert (records.in_pipeline[LINE] == 0.0) == (not still)


def test_those_offered_a_job_who_start_after_the_horizon_are_counted() -> None:
    plan = plan_for(1, scenario_of(overseas([(dt.date(2022, 8, 1), 10)])), ALL_COME)
    records = run(plan)
    assert records.in_pipeline[LINE] == 10.0
    assert not records.flows["starters_overseas"].any()


# -- bad input -------------------------------------------------------------------------------------

SCENARIO = """
name = "Mine"
[[measures]]
kind = "overseas_recruitment"
key = "abroad"
name = "Abroad"
start = 2021-10-01
end = 2024-09-30
campaigns = [ { offers_on = 2022-01-10, offers = 8 } ]
[[measures]]
kind = "bursaries"
key = "students"
name = "Students"
start = 2021-10-01
months = 24
tie_in_months = 24
intakes = [ { starts_on = 2022-09-01, places = 8 } ]
[[measures]]
kind = "social_work_academy"
key = "academy"
name = "Academy"
start = 2021-10-01
teams = ["assessment"]
"""


def _read(tmp_path: Path, text: str) -> Scenario:
    file = tmp_path / "mine.toml"
    file.write_text(text, encoding="utf-8")
    return read_scenario(file, devon(), evidence().sources)


def test_the_scenario_of_the_bad_input_tests_is_good(tmp_path: Path) -> None:
    assert not _read(tmp_path, SCENARIO).warnings(devon())


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("end = 2024-09-30", "end = 2021-09-30", "end 2021-09-30 is before start"),
        ("2022-01-10", "2021-09-20", "campaigns names 2021-09-20, the line runs from 2021-10-01"),
        ("2022-01-10", "2024-10-01", "the line runs from 2021-10-01 to 2024-09-30"),
        ("offers = 8", "offers = 8.5", "offers"),
        ("offers = 8", "offers = -1", "offers"),
        (
            "places = 8 }",
            "places = 8 }, { starts_on = 2022-09-01, places = 8 }",
            "after 2022-09-01",
        ),
        ('["assessment"]', '["asessment"]', "team 'asessment' is not in Devon"),
        ('["assessment"]', "[]", "teams"),
        ("tie_in_months = 24", "tie_in_months = 240", "tie_in_months"),
        (
            "months = 24\ntie",
            "months = 24\nphasing = [{start = 2021-10-01, share = 1.0}]\ntie",
            "intakes have dates of their own",
        ),
    ],
)
def test_a_faulty_measure_is_refused_in_one_line(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in SCENARIO
    with pytest.raises(InputError) as error:
        _read(tmp_path, SCENARIO.replace(old, new, 1))
    line = str(error.value)
    assert said in line
    assert "mine.toml: measures." in line
    assert error.value.remedy
    assert "\n" not in line


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2022-09-01", "2030-09-01", "begins after the run's last day, 2026-09-07"),
        (
            "end = 2024-09-30\ncampaigns = [ { offers_on = 2022-01-10",
            "campaigns = [ { offers_on = 2027-01-10",
            "the campaign of 2027-01-10 falls after",
        ),
    ],
)
def test_what_falls_outside_the_run_is_warned_of(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in SCENARIO
    [warning] = _read(tmp_path, SCENARIO.replace(old, new, 1)).warnings(devon())
    assert said in warning


def test_what_qualifies_after_the_run_is_told(tmp_path: Path) -> None:
    assert not _read(tmp_path, SCENARIO).cut_off(devon())
    late = _read(tmp_path, SCENARIO.replace("2022-09-01", "2025-09-01", 1))
    assert not late.warnings(devon())
    [told] = late.cut_off(devon())
    assert told.startswith("Students: 1 of 1 intakes (8 places) qualify after the run's last day")
