"""Measures: nothing at their null value, the right direction otherwise, and only in their scope."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest

from sim.config.roles import REGISTERED_ROLES, Role
from sim.dates import DAYS_PER_YEAR, day_of
from sim.engine.records import Array, Records
from sim.engine.simpy.engine import simulate
from sim.inputs.fates import Fates
from sim.inputs.plan import Plan
from sim.outcomes.costs import STAFFING_LINES, make_ledger
from sim.outcomes.line_money import line_money
from sim.scenario.scenario import AnyMeasure, Scenario
from tests.behaviour.builders import (
    COURT,
    LEAVING,
    NO_PAY_EFFECT,
    START,
    STARTING,
    agency_of,
    cost_line,
    devon_for,
    flow_of,
    new_posts,
    of_team,
    plan_for,
    retention,
    run,
    scenario_of,
    supplement,
    without_measures,
)
from tests.helpers import (
    NO_PIPELINES,
    Trace,
    in_balance,
    registered,
    same_records,
    values_of,
    with_markets,
)

YEARS = 2
DRAWS_AND_FATES = ((0, 0), (0, 1), (1, 2), (4, 3), (7, 4))
PASS_THROUGH = {0: 0.5, 1: 1.0, 4: 0.0, 7: 1.0}


def _baseline(draw: int, fate: int, quiet: bool) -> tuple[Plan, Records]:
    plan = plan_for(YEARS, None, _overrides(draw) if quiet else None, draw)
    return plan, run(plan, fate)


_cached_baseline = cache(_baseline)


def _overrides(draw: int) -> dict[str, float]:
    return NO_PAY_EFFECT | {"labour_market.pass_through": PASS_THROUGH[draw]}


def _changes_only_its_line(
    measure: AnyMeasure, draw: int, fate: int, quiet: bool
) -> tuple[Array, Array]:
    """Check the run against the baseline's; gives spent and planned on the measure's line."""
    base_plan, base = _cached_baseline(draw, fate, quiet)
    plan = plan_for(YEARS, scenario_of(measure), _overrides(draw) if quiet else None, draw)
    records = run(plan, fate)
    assert same_records(without_measures(plan, records), without_measures(base_plan, base))
    ledger, base_ledger = make_ledger(plan, records), make_ledger(base_plan, base)
    assert ledger.lines == (*STAFFING_LINES, measure.key)
    own = slice(0, len(STAFFING_LINES))
    assert ledger.spent_gbp[:, own].tobytes() == base_ledger.spent_gbp.tobytes()
    assert ledger.planned_gbp[:, own].tobytes() == base_ledger.planned_gbp.tobytes()
    assert agency_of(ledger).tobytes() == agency_of(base_ledger).tobytes()
    return ledger.spent_gbp[:, -1], ledger.planned_gbp[:, -1]


# -- null values ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("draw", "fate"), DRAWS_AND_FATES)
@pytest.mark.parametrize(
    "measure",
    [
        supplement(6000.0),
        supplement(6000.0, teams=[COURT], end=dt.date(2022, 8, 31)),
        retention(5000.0, end=dt.date(2022, 9, 30)),
    ],
    ids=["supplement", "supplement in one team", "retention payment"],
)
def test_pay_without_pay_elasticities_changes_nothing_but_its_cost(
    measure: AnyMeasure, draw: int, fate: int
) -> None:
    spent, _ = _changes_only_its_line(measure, draw, fate, quiet=True)
    assert spent.sum() > 10_000.0, "everyone in scope is paid all the same"


@pytest.mark.parametrize(("draw", "fate"), DRAWS_AND_FATES[:3])
@pytest.mark.parametrize(
    "measure",
    [
        supplement(0.0),
        supplement(6000.0, take_up=0.0),
        retention(0.0),
        new_posts([("assessment", Role.SOCIAL_WORKER, 0.0), (COURT, Role.TEAM_MANAGER, 0.0)]),
    ],
    ids=["£0 supplement", "supplement nobody takes", "£0 retention", "posts of 0 FTE"],
)
def test_a_measure_of_size_nothing_changes_nothing_and_costs_nothing(
    measure: AnyMeasure, draw: int, fate: int
) -> None:
    spent, planned = _changes_only_its_line(measure, draw, fate, quiet=False)
    assert not spent.any()
    assert not planned.any()


@pytest.mark.parametrize(("draw", "fate"), DRAWS_AND_FATES[1:4])
def test_a_cost_line_changes_nothing_but_its_own_line(draw: int, fate: int) -> None:
    spent, planned = _changes_only_its_line(
        cost_line({"2021/22": 40_000.0, "2022/23": 90_000.0}), draw, fate, quiet=False
    )
    assert spent.sum() == pytest.approx(planned.sum())
    assert planned[:2].tolist() == [40_000.0, 90_000.0]


def test_the_null_tests_can_fail() -> None:
    """The same comparison tells a supplement that works from the baseline."""
    base = _cached_baseline(0, 0, False)
    plan = plan_for(YEARS, scenario_of(supplement(6000.0)))
    assert not same_records(without_measures(plan, run(plan)), without_measures(*base))


# -- direction -----------------------------------------------------------------------------------

PAIRS = 24
SUPPLEMENT, RETENTION, POSTS = "supplement", "retention", "posts"
PAYMENT_DATE = dt.date(2022, 10, 1)
LAST_DAY = dt.date(2022, 9, 30)
SCENARIOS = {
    SUPPLEMENT: scenario_of(supplement(5000.0)),
    RETENTION: scenario_of(retention(6000.0, end=LAST_DAY)),
    POSTS: scenario_of(
        new_posts(
            [
                ("assessment", Role.SOCIAL_WORKER, 10.0),
                ("children_in_care", Role.SOCIAL_WORKER, 10.0),
            ]
        )
    ),
}
REBOUND = {"exits.retention_rebound": 1.0, "exits.retention_rebound_months": 6.0}


@dataclass(frozen=True)
class Paired:
    """Differences from the baseline by pair and period, registered roles."""

    plan: Plan
    leavers: Array
    inpost: Array
    vacant: Array
    paid: Array
    recovered: Array


def _facts(plan: Plan, records: Records) -> list[Array]:
    accounts = registered(plan)
    vacant = records.stocks["covered"] + records.stocks["uncovered"]
    return [
        flow_of(records, LEAVING, accounts),
        records.stocks["filled"][:, accounts].sum(axis=1),
        vacant[:, accounts].sum(axis=1),
        records.paid_gbp.sum(axis=1),
        records.recovered_gbp.sum(axis=1),
    ]


@cache
def _base_facts() -> list[list[Array]]:
    plan = plan_for(YEARS, None, REBOUND)
    return [_facts(plan, run(plan, pair)) for pair in range(PAIRS)]


@cache
def paired(name: str) -> Paired:
    """A scenario less the baseline at central values (rebound 1), on the same fates."""
    plan = plan_for(YEARS, SCENARIOS[name], REBOUND)
    rows = [
        [own - base for own, base in zip(_facts(plan, run(plan, pair)), bases, strict=True)]
        for pair, bases in enumerate(_base_facts())
    ]
    return Paired(plan, *(np.array(column) for column in zip(*rows, strict=True)))


def _interval(differences: Array) -> tuple[float, float]:
    """99 % interval of a paired mean, by the normal distribution."""
    half = 2.58 * differences.std(ddof=1) / np.sqrt(len(differences))
    return float(differences.mean() - half), float(differences.mean() + half)


def _periods(plan: Plan, first: dt.date, last: dt.date) -> slice:
    """Periods that end between two dates, both counted."""
    inside = [i for i, date in enumerate(plan.period_dates) if first <= date <= last]
    return slice(inside[0], inside[-1] + 1)


@pytest.mark.slow
def test_a_supplement_lowers_leaving_and_raises_staff_in_post() -> None:
    result = paired(SUPPLEMENT)
    leavers = _interval(result.leavers.sum(axis=1))
    inpost = _interval(result.inpost[:, -1])
    assert leavers[1] < 0.0, leavers
    assert inpost[0] > 0.0, inpost


@pytest.mark.slow
def test_a_supplement_keeps_fewer_people_than_it_pays() -> None:
    """Deadweight: the extra FTE-years are a small part of the FTE-years that are paid."""
    result = paired(SUPPLEMENT)
    extra_fte_years = result.inpost.sum(axis=1).mean() / 12
    assert 0.0 < extra_fte_years < 0.1 * 319.5 * YEARS


@pytest.mark.slow
def test_a_retention_payment_lowers_leaving_before_its_date_and_raises_it_after() -> None:
    result = paired(RETENTION)
    before = _periods(result.plan, dt.date(2021, 10, 31), dt.date(2022, 9, 30))
    after = _periods(result.plan, dt.date(2022, 11, 30), dt.date(2023, 4, 30))
    fewer = _interval(result.leavers[:, before].sum(axis=1))
    more = _interval(result.leavers[:, after].sum(axis=1))
    assert fewer[1] < 0.0, fewer
    assert more[0] > 0.0, more


@pytest.mark.slow
def test_a_retention_payment_is_paid_on_its_date_and_partly_recovered_in_its_tie_in() -> None:
    result = paired(RETENTION)
    period = result.plan.period_dates.index(dt.date(2022, 10, 31))
    assert (np.delete(result.paid, period, axis=1) == 0.0).all()
    assert (result.paid[:, period] > 0.0).all()
    assert (result.recovered[:, :period] == 0.0).all()
    assert (result.recovered.sum(axis=1) > 0.0).all()
    share = values_of(devon_for(YEARS), SCENARIOS[RETENTION])["exits.retention_recovery_share"]
    assert (result.recovered.sum(axis=1) < 0.3 * share * result.paid.sum(axis=1)).all()


@pytest.mark.slow
def test_extra_social_work_posts_raise_staff_in_post_and_vacancies_both() -> None:
    result = paired(POSTS)
    inpost, vacant = _interval(result.inpost[:, -1]), _interval(result.vacant[:, -1])
    assert inpost[0] > 0.0, inpost
    assert vacant[0] > 0.0, vacant
    total = result.inpost[:, -1] + result.vacant[:, -1]
    np.testing.assert_allclose(total, 20.0, atol=1e-9)
    assert inpost[1] < 20.0, "funding a post is not filling it"


# -- scope -----------------------------------------------------------------------------------------


def _no_candidates(plan: Plan) -> Plan:
    return with_markets(plan, candidates_per_day=0.0)


def test_a_supplement_touches_rates_and_attractiveness_in_its_scope_only() -> None:
    base = plan_for(YEARS)
    plan = plan_for(YEARS, scenario_of(supplement(5000.0, ["assessment"], [Role.SOCIAL_WORKER])))
    cell = (plan.team_keys.index("assessment"), Role.SOCIAL_WORKER)
    for before, after in zip(base.pay_exits, plan.pay_exits, strict=True):
        assert {c: v for c, v in after.items() if c != cell} == before
    for one, two in zip(base.attractiveness, plan.attractiveness, strict=True):
        assert {c: v for c, v in two.items() if c != cell} == one
    assert plan.pay_exits[-1][cell][0] < 1.0 < plan.attractiveness[-1][cell]
    changed = {
        f.name for f in dataclasses.fields(Plan) if getattr(base, f.name) != getattr(plan, f.name)
    }
    assert changed == {"scenario", "lines", "supplements", "pay_exits", "attractiveness"}


@pytest.mark.parametrize("fate", range(4))
def test_without_candidates_a_supplement_in_one_team_leaves_the_others_untouched(fate: int) -> None:
    team = "assessment"
    values = in_balance() | NO_PIPELINES
    base_plan = _no_candidates(plan_for(YEARS, None, values))
    plan = _no_candidates(plan_for(YEARS, scenario_of(supplement(9000.0, [team])), values))
    base, own = run(base_plan, fate), run(plan, fate)
    paid = plan.team_keys.index(team)
    for t in range(len(plan.team_keys)):
        one, two = of_team(base_plan, base, t), of_team(plan, own, t)
        same = all(one[name].tobytes() == two[name].tobytes() for name in one)
        assert same == (t != paid), plan.team_keys[t]


def test_with_candidates_the_first_change_elsewhere_is_a_candidate() -> None:
    values = in_balance() | NO_PIPELINES
    base_plan = plan_for(YEARS, None, values)
    plan = plan_for(YEARS, scenario_of(supplement(9000.0, ["assessment"])), values)
    different = 0
    for fate in range(3):
        one, two = _told(base_plan, fate), _told(plan, fate)
        for team in set(plan.team_names) - {"Assessment"}:
            mine, theirs = ([e for e in told if e[1] == team] for told in (one, two))
            first = next((p for p in itertools.zip_longest(mine, theirs) if p[0] != p[1]), None)
            if first is not None:
                different += 1
                assert min(e for e in first if e is not None)[2] == "candidate", first
    assert different > 0, "teams compete for candidates"


def _told(plan: Plan, fate: int) -> list[tuple[float, str, str, str, str]]:
    """Events without people's names, which are numbers in order of arrival."""
    trace = Trace()
    simulate(plan, Fates(5, fate), trace)
    return [(e.day, e.team, e.what, e.post, e.detail) for e in trace.events]


# -- persistence -----------------------------------------------------------------------------------


def test_the_effect_of_a_rise_fades_by_its_persistence_to_the_power_of_the_years() -> None:
    gbp, years = 5000.0, 5
    scenario = scenario_of(supplement(gbp, ["assessment"], [Role.SOCIAL_WORKER]))
    plan = plan_for(years, scenario)
    v = values_of(devon_for(years), scenario)
    salary = v["council.money.unit_cost.social_worker"] / v["finance.oncost_multiplier"]
    cell = (plan.team_keys.index("assessment"), Role.SOCIAL_WORKER)
    opened = day_of(plan.start_date, START)
    attract = -v["exits.pay_elasticity_moves"] * v["labour_market.pass_through"]
    seen = 0
    for day, exits, draws in zip(
        plan.boundaries[:-1], plan.pay_exits, plan.attractiveness, strict=True
    ):
        if day < opened:
            assert exits[cell] == (1.0, 1.0, 1.0)
            continue
        n = (day - opened) / DAYS_PER_YEAR
        felt = 1 + gbp / salary * v["exits.pay_effect_persistence"] ** n
        out, moves = felt ** v["exits.pay_elasticity_out"], felt ** v["exits.pay_elasticity_moves"]
        assert exits[cell] == pytest.approx((out, moves, moves), rel=1e-12)
        assert draws[cell] == pytest.approx(felt**attract, rel=1e-12)
        seen += 1
    assert seen >= 12 * years - 1


def test_a_retention_payment_draws_and_holds_before_its_date_and_pushes_after() -> None:
    """£4,000 after 12 months, once: then half as strong the other way, unseen by candidates."""
    scenario = scenario_of(retention(4000.0, ["assessment"], [Role.SOCIAL_WORKER], end=LAST_DAY))
    plan = plan_for(3, scenario)
    v = values_of(devon_for(3), scenario)
    salary = v["council.money.unit_cost.social_worker"] / v["finance.oncost_multiplier"]
    cell = (plan.team_keys.index("assessment"), Role.SOCIAL_WORKER)
    opened, paid = (day_of(plan.start_date, date) for date in (START, PAYMENT_DATE))
    moves, attract = v["exits.pay_elasticity_moves"], v["labour_market.pass_through"]
    seen = [0, 0]
    for day, exits, draws in zip(
        plan.boundaries[:-1], plan.pay_exits, plan.attractiveness, strict=True
    ):
        left = v["exits.pay_effect_persistence"] ** max(0.0, (day - opened) / DAYS_PER_YEAR)
        felt = 1 + 4000.0 / salary * left
        before, after = opened <= day < paid, paid <= day < paid + 181
        power = 1.0 if before else -0.5 if after else 0.0
        assert exits[cell][1] == pytest.approx(felt ** (moves * power), rel=1e-12)
        assert draws[cell] == pytest.approx(felt ** (-moves * attract * before), rel=1e-12)
        seen[0] += before
        seen[1] += after
    assert seen == [12, 6]


def test_an_ended_supplement_has_no_effect_left() -> None:
    plan = plan_for(
        YEARS,
        scenario_of(
            supplement(5000.0, ["assessment"], [Role.SOCIAL_WORKER], end=dt.date(2022, 4, 30))
        ),
    )
    cell = (plan.team_keys.index("assessment"), Role.SOCIAL_WORKER)
    for day, exits in zip(plan.boundaries[:-1], plan.pay_exits, strict=True):
        inside = (
            day_of(plan.start_date, START) <= day < day_of(plan.start_date, dt.date(2022, 5, 1))
        )
        assert (exits[cell] != (1.0, 1.0, 1.0)) == inside


def test_the_supplement_of_december_2020_is_neutral_on_day_0_and_fades() -> None:
    plan = plan_for(5)
    v = values_of(devon_for(5), scenario_of())
    cell = (plan.team_keys.index(COURT), Role.TEAM_MANAGER)
    out = [exits[cell][0] for exits in plan.pay_exits]
    moves = [exits[cell][2] for exits in plan.pay_exits]
    draws = [attractiveness[cell] for attractiveness in plan.attractiveness]
    assert plan.pay_exits[0][cell] == (1.0, 1.0, 1.0)
    assert draws[0] == 1.0
    assert all(a < b for a, b in itertools.pairwise(out))
    assert all(a < b for a, b in itertools.pairwise(moves))
    assert all(a > b for a, b in itertools.pairwise(draws))
    salary = v["council.money.unit_cost.team_manager"] / v["finance.oncost_multiplier"]
    share = v["council.baseline_supplements.december_2020.gbp_per_year"] / salary
    age = (plan.start_date - dt.date(2020, 12, 9)).days / DAYS_PER_YEAR
    on_day_0 = 1 + share * v["exits.pay_effect_persistence"] ** age
    for start, effect in zip(plan.boundaries[:-1], moves, strict=True):
        now = 1 + share * v["exits.pay_effect_persistence"] ** (age + start / DAYS_PER_YEAR)
        wanted = (now / on_day_0) ** v["exits.pay_elasticity_moves"]
        assert effect == pytest.approx(wanted, rel=1e-9)
    untouched = (plan.team_keys.index(COURT), Role.SOCIAL_WORKER)
    assert all(untouched not in exits for exits in plan.pay_exits)


# -- posts that end --------------------------------------------------------------------------------


def _fixed_term() -> Scenario:
    return scenario_of(
        new_posts(
            [
                ("assessment", Role.SOCIAL_WORKER, 6.0),
                ("assessment", Role.BUSINESS_SUPPORT, 8.0),
                ("front_door", Role.RECRUITMENT, 3.0),
            ],
            end=LAST_DAY,
        )
    )


@pytest.mark.parametrize("fate", range(3))
def test_fixed_term_posts_end_and_their_holders_move_or_leave_after_notice(fate: int) -> None:
    """Social workers move; nobody advertises for the others, who leave when notice is over."""
    plan = plan_for(YEARS, _fixed_term())
    records = run(plan, fate)
    mine = [i for i, account in enumerate(plan.accounts) if account.line >= 2]
    last = plan.period_dates.index(LAST_DAY)
    held = records.stocks["filled"][last, mine].sum()
    assert held > 5.0
    posts = sum(records.stocks[name][last, mine].sum() for name in records.stocks)
    assert posts == pytest.approx(17.0)
    for name in ("covered", "uncovered"):
        assert not records.stocks[name][last + 1 :, mine].any(), name
        assert not records.fte_days[name][last + 1 :, mine].any(), name
    gone = _month_of(plan, plan.boundaries[last + 1] + _longest_notice(plan))
    assert not records.stocks["filled"][gone:, mine].any()
    after = slice(last + 1, gone + 1)
    moved = flow_of(records, ["internal_out"], mine)[after].sum()
    left = flow_of(records, LEAVING, mine)[after].sum()
    assert moved + left == pytest.approx(held)
    workers = [i for i in mine if plan.accounts[i].role is Role.SOCIAL_WORKER]
    assert not flow_of(records, ["leavers_contract_end"], workers).any()
    ended = flow_of(records, ["leavers_contract_end"], mine)
    assert ended[after].sum() > 0.6 * left, "the rest were under notice already, or resigned in it"
    assert not ended[: last + 1].any()
    assert not flow_of(records, STARTING, mine)[last + 1 :].any()


def _longest_notice(plan: Plan) -> float:
    return max(market.notice_days for market in plan.markets)


def _month_of(plan: Plan, day: float) -> int:
    return max(i for i, first in enumerate(plan.boundaries) if first <= day)


def test_spending_on_fixed_term_posts_stops_with_the_notice_of_their_holders() -> None:
    plan = plan_for(YEARS, _fixed_term())
    records = run(plan, 1)
    ledger = make_ledger(plan, records)
    last = plan.period_dates.index(LAST_DAY)
    gone = _month_of(plan, plan.boundaries[last + 1] + _longest_notice(plan))
    line = ledger.spent_gbp[:, -1]
    assert (line[2 : last + 1] > 0.0).all()
    assert line[last + 1] > 0.0
    assert not line[gone + 1 :].any()
    unfunded = line_money(plan, records, ledger)["unfunded"]
    assert unfunded[:, -1].sum() == pytest.approx(line[last + 1 :].sum())


def test_a_supplement_stops_being_paid_at_its_end() -> None:
    plan = plan_for(YEARS, scenario_of(supplement(3000.0, end=dt.date(2022, 4, 10))))
    records = run(plan, 1)
    spent = make_ledger(plan, records).spent_gbp[:, -1]
    april = plan.period_dates.index(dt.date(2022, 4, 30))
    assert spent[0] == 0.0, "not paid before 1 October"
    assert spent[april] == pytest.approx(spent[april - 1] * 10 / 31, rel=0.03)
    assert not spent[april + 1 :].any()


def test_extra_posts_are_vacant_on_their_first_day_and_never_before() -> None:
    plan = plan_for(1, scenario_of(new_posts([(COURT, Role.SOCIAL_WORKER, 7.5)])))
    mine = [i for i, account in enumerate(plan.accounts) if account.line >= 2]
    assert sorted(p.fte for p in plan.posts if p.account in mine) == [0.5] + [1.0] * 7
    records = run(plan)
    assert not any(records.fte_days[name][0, mine].any() for name in records.fte_days)
    october = sum(records.stocks[name][1, mine].sum() for name in records.stocks)
    assert october == pytest.approx(7.5)
    assert records.fte_days["filled"][1, mine].sum() == 0.0, "approval alone takes three weeks"
    assert all(account.role in REGISTERED_ROLES for account in (plan.accounts[i] for i in mine))
