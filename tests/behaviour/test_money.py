"""Money: sums done by hand, to the penny, and a ledger that always adds up."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from functools import cache

import numpy as np
import pytest

from sim.config.roles import Role
from sim.dates import add_years
from sim.engine.records import LINE_COUNTS, Array, Records
from sim.experiment.compare import Comparison, compare
from sim.experiment.financial_years import complete_years, year_spans
from sim.experiment.ledger import ALL_KINDS, PACKAGE, TOTALS, ledger_rows
from sim.experiment.money import (
    baseline_variance,
    cost_per_extra_fte_year,
    plain_lines,
    present_values,
    years_of_money,
)
from sim.experiment.replicate import make_study
from sim.inputs.plan import Account, Line, LineCost, Plan, Supplement
from sim.inputs.position import PostState
from sim.outcomes.costs import (
    AGENCY_ABOVE,
    AGENCY_COVER,
    PERMANENT,
    STAFFING_LINES,
    SUPERNUMERARY,
    Ledger,
    discounted,
    fill_money_indicators,
    make_ledger,
)
from sim.outcomes.indicators import INDEX, INDICATORS
from sim.presentation.headline import headline_text
from sim.scenario.cost import CostBasis
from sim.scenario.scenario import Scenario, baseline
from tests.behaviour.builders import (
    SOCIAL_WORK_LINES,
    agency_of,
    cost_line,
    devon_for,
    made_up_plan,
    made_up_records,
    new_posts,
    pay_of,
    plan_for,
    retention,
    run,
    scenario_of,
    supplement,
)
from tests.helpers import NO_GROWTH, SEED, evidence, package, values_of

NORTH, SOUTH = 0, 1
ACCOUNTS = (
    Account(NORTH, Role.SOCIAL_WORKER, 0),
    Account(SOUTH, Role.TEAM_MANAGER, 0),
    Account(NORTH, Role.SOCIAL_WORKER, 1),
    Account(NORTH, Role.SOCIAL_WORKER, 2),
    Account(SOUTH, Role.BUSINESS_SUPPORT, 2),
)
FILLED = (3.0, 1.0, 0.5, 1.0, 2.0)
COVERED = (2.0, 0.0, 0.0, 1.5, 0.0)
UNCOVERED = (1.0, 0.4, 0.0, 0.5, 1.0)
ABOVE = (2.0, 1.0)
MARCH, APRIL, MAY = 31, 30, 31
BUDGET, SPEND = (f"staffing_{what}_without_package_gbp" for what in ("budget", "spend"))


def _line(key: str = "extra", planned: dict[str, float] | None = None, plain: bool = False) -> Line:
    return Line(key, key, planned or {}, plain)


def _small() -> tuple[Plan, Records]:
    plan = made_up_plan(ACCOUNTS, lines=[_line()])
    return plan, made_up_records(plan, FILLED, COVERED, UNCOVERED, ABOVE)


def _penny(value: float) -> float:
    return round(value, 2)


# -- by hand ---------------------------------------------------------------------------------------


def test_each_line_of_a_small_ledger_by_hand() -> None:
    """March: 31 days; a social worker £100 a day, a manager £150, support £50, agency £60 more."""
    ledger = make_ledger(*_small())
    march, april = ledger.spent_gbp[0], ledger.spent_gbp[1]
    assert _penny(march[PERMANENT]) == (3 * 100 + 1 * 150) * MARCH == 13_950
    assert _penny(april[PERMANENT]) == 13_500
    assert _penny(march[AGENCY_COVER]) == 2 * 160 * MARCH == 9_920
    assert _penny(march[AGENCY_ABOVE]) == 3 * 160 * MARCH == 14_880
    assert _penny(march[SUPERNUMERARY]) == 0.5 * 100 * MARCH == 1_550
    own_posts = 1 * 100 + 2 * 50
    assert _penny(march[4]) == (own_posts + 1.5 * 160) * MARCH == 13_640
    assert ledger.lines == (*STAFFING_LINES, "extra")


def test_permanent_and_agency_views_by_hand() -> None:
    ledger = make_ledger(*_small())
    assert _penny(pay_of(ledger)[0]) == (450 + 50 + 100 + 100) * MARCH
    assert _penny(agency_of(ledger)[0]) == (2 + 3 + 1.5) * 160 * MARCH
    total = pay_of(ledger) + agency_of(ledger)
    np.testing.assert_allclose(total, ledger.spent_gbp.sum(axis=1), atol=0.005)


def test_the_staffing_budget_is_all_own_posts_at_unit_cost_less_the_vacancy_factor() -> None:
    """Six social worker posts and 1.4 of a manager, held or not; 5 % expected to stand empty."""
    ledger = make_ledger(*_small())
    day = (6 * 100 + 1.4 * 150) * 0.95
    assert ledger.years == ("2021/22", "2022/23")
    assert _penny(ledger.planned_gbp[0, PERMANENT]) == _penny(day * MARCH) == 23_854.5
    assert _penny(ledger.planned_gbp[1, PERMANENT]) == _penny(day * (APRIL + MAY))
    assert not ledger.planned_gbp[:, AGENCY_COVER:].any(), "agency has no budget of its own"


def test_financial_years_are_sums_of_their_periods() -> None:
    ledger = make_ledger(*_small())
    assert ledger.year_of_period == (0, 1, 1)
    by_year = ledger.spent_by_year()
    np.testing.assert_allclose(by_year[0], ledger.spent_gbp[0], atol=0.005)
    np.testing.assert_allclose(by_year[1], ledger.spent_gbp[1] + ledger.spent_gbp[2], atol=0.005)


def test_a_supplement_by_hand_on_its_own_line_for_people_in_post_only() -> None:
    """£7 an FTE-day from 11 March to 10 April, for social workers in the north, on any line."""
    plan, records = _small()
    cells = frozenset({(NORTH, Role.SOCIAL_WORKER)})
    plan = dataclasses.replace(
        plan,
        lines=(*plan.lines, _line("pay")),
        supplements=(Supplement(3, 10.0, 41.0, cells, 7.0 * 365),),
    )
    bare = make_ledger(dataclasses.replace(plan, supplements=()), _with_lines(plan, records))
    ledger = make_ledger(plan, _with_lines(plan, records))
    paid_fte = 3.0 + 0.5 + 1.0
    assert [_penny(x) for x in ledger.spent_gbp[:, 5]] == [
        _penny(paid_fte * 7 * 21),
        _penny(paid_fte * 7 * 10),
        0.0,
    ]
    assert ledger.spent_gbp[:, :5].tobytes() == bare.spent_gbp[:, :5].tobytes()
    more = pay_of(ledger) - pay_of(bare)
    np.testing.assert_allclose(more, ledger.spent_gbp[:, 5], atol=0.005)


def _with_lines(plan: Plan, records: Records) -> Records:
    nothing = np.zeros((plan.periods, len(plan.lines)))
    return dataclasses.replace(records, paid_gbp=nothing, recovered_gbp=nothing.copy())


def test_a_retention_payment_by_hand_less_what_comes_back() -> None:
    plan, records = _small()
    paid, back = np.zeros((3, 3)), np.zeros((3, 3))
    paid[1, 2], back[2, 2] = 12_345.67, 1_234.5
    ledger = make_ledger(plan, dataclasses.replace(records, paid_gbp=paid, recovered_gbp=back))
    without = make_ledger(plan, records)
    change = ledger.spent_gbp - without.spent_gbp
    assert [_penny(x) for x in change[:, 4]] == [0.0, 12_345.67, -1_234.5]
    assert not change[:, :4].any()
    assert _penny((pay_of(ledger) - pay_of(without)).sum()) == 11_111.17


def test_a_plain_line_is_spent_evenly_over_the_simulated_days_of_its_year() -> None:
    """£6,200 of 2021/22 in its 31 simulated days, £12,200 of 2022/23 over 61."""
    plan = made_up_plan(
        ACCOUNTS[:1], lines=[_line("plain", {"2021/22": 6_200.0, "2022/23": 12_200.0}, True)]
    )
    records = made_up_records(plan, [1.0], [0.0], [0.0])
    ledger = make_ledger(plan, records)
    assert [_penny(x) for x in ledger.spent_gbp[:, 4]] == [6_200.0, 6_000.0, 6_200.0]
    assert _penny(ledger.planned_gbp[:, 4].sum()) == 18_400.0
    np.testing.assert_allclose(ledger.spent_by_year()[:, 4], ledger.planned_gbp[:, 4])


def test_a_line_with_simulated_effects_spends_what_it_does_and_not_what_was_planned() -> None:
    plan = made_up_plan(ACCOUNTS, lines=[_line(planned={"2021/22": 5_000.0})])
    ledger = make_ledger(plan, made_up_records(plan, FILLED, COVERED, UNCOVERED))
    assert _penny(ledger.planned_gbp[0, 4]) == 5_000.0
    assert _penny(ledger.spent_by_year()[0, 4]) == 13_640.0


PRICED = (NORTH, Role.SOCIAL_WORKER)
IN_FORCE = (10.0, 40.0)
"""Days on which a cost of the tests below is paid: 21 of March, 9 of April."""


@pytest.mark.parametrize(
    ("basis", "by_hand"),
    [
        (CostBasis.ONE_OFF, [1_000.0, 0.0, 0.0]),
        (CostBasis.YEAR, [1_000.0 * 21 / 365, 1_100.0 * 9 / 365, 0.0]),
        # North's social workers: 3 of the council's, half a supernumerary, 1 of the measure's.
        (CostBasis.FTE_YEAR, [4_500.0 * 21 / 365, 4_950.0 * 9 / 365, 0.0]),
        # Two FTE start in North each month; of April's, 9 days in 30 are in force.
        (CostBasis.STARTER, [2_000.0 * 21 / 31, 2_200.0 * 9 / 30, 0.0]),
        (CostBasis.OFFER, [5_000.0, 5_500.0, 0.0]),
        (CostBasis.START, [0.0, 3_300.0, 0.0]),
        (CostBasis.TRAINEE_YEAR, [0.0, 0.0, 1_200.0]),
        (CostBasis.APPLICATION, [1_000.0, 0.0, 0.0]),
    ],
)
def test_a_cost_is_its_amount_times_what_it_is_paid_for(
    basis: CostBasis, by_hand: list[float]
) -> None:
    plan, records = _small()
    cost = LineCost(2, basis, (1_000.0, 1_100.0, 1_200.0), *IN_FORCE, frozenset({PRICED}))
    counts: dict[str, Array] = {name: np.zeros((3, len(plan.lines))) for name in LINE_COUNTS}
    counts["offers"][:, 2] = 5.0, 5.0, 0.0
    counts["starts"][:, 2] = 0.0, 3.0, 0.0
    counts["trainee_days"][2, 2] = 365.0
    counts["applications"][0, 2] = 1.0
    flows: dict[str, Array] = dict(records.flows)
    flows["starters_experienced"] = np.array([[2.0, 7.0, 0.0, 0.0, 0.0]] * 3)
    facts = dataclasses.replace(records, line_counts=counts, flows=flows)
    without = make_ledger(plan, facts).spent_gbp
    change = make_ledger(dataclasses.replace(plan, costs=(cost,)), facts).spent_gbp - without
    assert [_penny(x) for x in change[:, 4]] == [_penny(x) for x in by_hand]
    assert not np.delete(change, 4, axis=1).any()


# -- prices ----------------------------------------------------------------------------------------


def _ledger_of_one(
    filled: float, covered: float, uncovered: float, above: float = 0.0
) -> tuple[Ledger, Plan]:
    """One social worker post over a year of 365 days, at Devon's own prices of the price year."""
    plan = _priced_year()
    return make_ledger(
        plan, made_up_records(plan, [filled], [covered], [uncovered], (above, 0.0))
    ), plan


@cache
def _priced_year() -> Plan:
    ends = [dt.date(2022, m, 1) - dt.timedelta(days=1) for m in range(2, 13)]
    ends.append(dt.date(2022, 12, 31))
    plan = made_up_plan(
        [Account(NORTH, Role.SOCIAL_WORKER, 0)], start=dt.date(2022, 1, 1), period_ends=ends
    )
    devon = plan_for(1, None, {"finance.pay_award": 0.0})
    return dataclasses.replace(
        plan,
        prices=dataclasses.replace(
            plan.prices,
            cost_per_fte_day=devon.prices.cost_per_fte_day[:12],
            agency_cost_per_fte_day=devon.prices.agency_cost_per_fte_day[:12],
        ),
    )


def _spend(filled: float, covered: float, uncovered: float, above: float = 0.0) -> float:
    return float(_ledger_of_one(filled, covered, uncovered, above)[0].spent_gbp.sum())


def test_filling_a_covered_vacancy_saves_the_premium() -> None:
    saved = _spend(0.0, 1.0, 0.0) - _spend(1.0, 0.0, 0.0)
    assert _penny(saved) == 28_000.0


def test_filling_an_uncovered_vacancy_costs_a_salary() -> None:
    cost = _spend(1.0, 0.0, 0.0) - _spend(0.0, 0.0, 1.0)
    assert _penny(cost) == 48_075.0
    assert _spend(0.0, 0.0, 1.0) == 0.0


def test_an_agency_worker_above_establishment_costs_the_whole_rate() -> None:
    cost = _spend(1.0, 0.0, 0.0, above=1.0) - _spend(1.0, 0.0, 0.0)
    assert _penny(cost) == 76_075.0


@pytest.mark.parametrize("opens", [dt.date(2022, 4, 1), dt.date(2023, 4, 1)])
def test_a_financial_year_costs_what_a_year_costs_a_leap_year_too(opens: dt.date) -> None:
    """Salary, agency, supplements, and whatever else is paid by the year; 2023/24 has 366 days."""
    devon = plan_for(3, None, {"finance.pay_award": 0.0})
    mine = [p for p, date in enumerate(devon.period_dates) if opens < date < add_years(opens, 1)]
    ends = [devon.period_dates[p] for p in mine]
    assert len(ends) == 12
    bare = made_up_plan([Account(*PRICED, 0)], start=opens, period_ends=ends)
    always = (0.0, math.inf, frozenset({PRICED}))
    by_year = (CostBasis.YEAR, CostBasis.FTE_YEAR, CostBasis.TRAINEE_YEAR)
    lines = [_line("pay"), *(_line(basis.value) for basis in by_year)]
    plan = dataclasses.replace(
        bare,
        lines=(*bare.lines[:SOCIAL_WORK_LINES], *lines),
        supplements=(Supplement(SOCIAL_WORK_LINES, *always, 3_000.0),),
        costs=tuple(
            LineCost(SOCIAL_WORK_LINES + 1 + n, basis, (1_000.0,) * 12, *always)
            for n, basis in enumerate(by_year)
        ),
        prices=dataclasses.replace(
            bare.prices,
            cost_per_fte_day=tuple(devon.prices.cost_per_fte_day[p] for p in mine),
            agency_cost_per_fte_day=tuple(devon.prices.agency_cost_per_fte_day[p] for p in mine),
        ),
    )
    records = _with_lines(plan, made_up_records(plan, [1.0], [1.0], [0.0], (1.0, 0.0)))
    counts: dict[str, Array] = {name: np.zeros((12, len(plan.lines))) for name in LINE_COUNTS}
    counts["trainee_days"][:, -1] = np.diff(plan.boundaries)
    ledger = make_ledger(plan, dataclasses.replace(records, line_counts=counts))
    spent = [_penny(gbp) for gbp in ledger.spent_gbp.sum(axis=0)]
    assert spent == [48_075.0, 76_075.0, 76_075.0, 0.0, 3_000.0, 1_000.0, 1_000.0, 1_000.0]
    assert _penny(ledger.planned_gbp[0, PERMANENT]) == _penny(2 * 48_075.0 * 0.95)


def test_unit_costs_rise_by_the_pay_award_each_april_from_the_price_year_on() -> None:
    plan = plan_for(3, None, {"finance.pay_award": 0.03})
    price = dict(zip(plan.period_dates, plan.prices.cost_per_fte_day, strict=True))
    agency = dict(zip(plan.period_dates, plan.prices.agency_cost_per_fte_day, strict=True))
    worker = Role.SOCIAL_WORKER
    for date, years in (
        (dt.date(2021, 9, 30), 1),
        (dt.date(2022, 3, 31), 1),
        (dt.date(2022, 4, 30), 2),
        (dt.date(2024, 4, 30), 4),
    ):
        assert price[date][worker] * 365 == pytest.approx(48_075 * 1.03**years)
        assert agency[date][worker] * 365 == pytest.approx(76_075 * 1.03**years)


def test_a_supplement_costs_its_salary_with_oncosts_whatever_its_effect() -> None:
    scenario = scenario_of(supplement(3_000.0, ["assessment"], [Role.SOCIAL_WORKER]))
    plan = plan_for(1, scenario)
    (paid,) = plan.supplements
    assert paid.gbp_per_fte_year == pytest.approx(3_000 * 1.3)
    assert paid.start_day == (dt.date(2021, 10, 1) - plan.start_date).days
    ledger, records = make_ledger(plan, run(plan)), run(plan)
    mine = [i for i, a in enumerate(plan.accounts) if (a.team, a.role) in paid.cells]
    november = plan.period_dates.index(dt.date(2021, 11, 30))
    fte_days = records.fte_days["filled"][november, mine].sum()
    assert ledger.spent_gbp[november, -1] == pytest.approx(fte_days * 3_000 * 1.3 / 365)


def test_a_retention_payment_costs_its_sum_with_oncosts_for_each_fte_in_post() -> None:
    scenario = scenario_of(
        retention(2_000.0, ["assessment"], [Role.SOCIAL_WORKER], end=dt.date(2022, 3, 31), months=6)
    )
    plan = plan_for(1, scenario)
    (payment,) = plan.payments
    assert payment.gbp_per_fte == pytest.approx(2_600.0)
    assert payment.day == (dt.date(2022, 4, 1) - plan.start_date).days
    records = run(plan)
    mine = [i for i, a in enumerate(plan.accounts) if (a.team, a.role) in payment.cells]
    eve = plan.period_dates.index(dt.date(2022, 3, 31))
    most = records.stocks["filled"][eve, mine].sum() * 2_600
    paid = records.paid_gbp.sum()
    assert 0.85 * most < paid <= most, "those under notice get nothing"
    assert 0.0 < records.recovered_gbp.sum() < 0.3 * paid, "some leave within the tie-in"
    assert paid / 260 == pytest.approx(round(paid / 260)), "posts are in tenths of an FTE"


# -- planned money -------------------------------------------------------------------------------


def _planned(end: dt.date | None = None, years: int = 5, **given: float) -> dict[str, float]:
    labels = {key.replace("fy", "20").replace("_", "/"): gbp for key, gbp in given.items()}
    scenario = scenario_of(
        new_posts([("assessment", Role.SOCIAL_WORKER, 1.0)], end=end, planned_gbp=labels)
    )
    return plan_for(years, scenario, {"finance.pay_award": 0.02}).lines[2].planned_gbp


def test_planned_money_goes_on_with_the_pay_award() -> None:
    planned = _planned(fy21_22=100_000.0, fy22_23=200_000.0)
    assert _penny(planned["2021/22"]) == 100_000.0
    assert _penny(planned["2022/23"]) == 200_000.0
    assert _penny(planned["2023/24"]) == 204_000.0
    assert _penny(planned["2025/26"]) == _penny(200_000 * 1.02**3) == 212_241.6


def test_the_year_cut_off_by_the_horizon_plans_its_part() -> None:
    """The run's last day is 7 September 2026: 160 of 365 days."""
    planned = _planned(fy21_22=100_000.0, fy22_23=200_000.0)
    assert _penny(planned["2026/27"]) == _penny(200_000 * 1.02**4 * 160 / 365)
    assert list(planned)[-1] == "2026/27"


def test_planned_money_ends_with_a_fixed_term_measure() -> None:
    """The last day is 30 September 2023: 183 of the 366 days of 2023/24, and nothing after."""
    planned = _planned(dt.date(2023, 9, 30), fy21_22=38_000.0, fy22_23=125_000.0)
    assert _penny(planned["2023/24"]) == _penny(125_000 * 1.02 * 183 / 366) == 63_750.0
    assert planned["2024/25"] == planned["2026/27"] == 0.0


def test_a_measure_that_ends_before_the_horizon_in_its_last_year_is_cut_once() -> None:
    planned = _planned(dt.date(2023, 6, 30), years=2, fy21_22=100_000.0)
    assert _penny(planned["2023/24"]) == _penny(100_000 * 1.02**2 * 91 / 366)


def test_the_shipped_package_plans_what_was_voted() -> None:
    plan = plan_for(5, package())
    for year, gbp in (("2021/22", 1_100_000.0), ("2022/23", 3_400_000.0)):
        assert sum(line.planned_gbp.get(year, 0.0) for line in plan.lines) == pytest.approx(gbp)


# -- every run adds up -----------------------------------------------------------------------------


@cache
def _everything() -> list[Plan]:
    pay = scenario_of(
        supplement(2_000.0),
        retention(1_000.0, end=dt.date(2022, 9, 30)),
        cost_line({"2021/22": 10_000.0}),
    )
    return [plan_for(2), plan_for(2, package(), draw=2), plan_for(2, pay, draw=3)]


@cache
def _run(index: int) -> tuple[Plan, Records]:
    plan = _everything()[index]
    return plan, run(plan, index)


def _bare(plan: Plan) -> list[int]:
    """Columns of lines without posts or pay: all they spend is plain, or costs of their own."""
    paid = {account.line for account in plan.accounts}
    paid |= {item.line for item in plan.supplements} | {item.line for item in plan.payments}
    columns = enumerate(range(SOCIAL_WORK_LINES, len(plan.lines)), len(STAFFING_LINES))
    return [column for column, line in columns if line not in paid]


@pytest.mark.parametrize("index", range(3))
def test_every_pound_is_on_one_line_and_in_one_view(index: int) -> None:
    plan, records = _run(index)
    ledger = make_ledger(plan, records)
    beside = ledger.spent_gbp[:, _bare(plan)].sum(axis=1)
    views = pay_of(ledger) + agency_of(ledger) + beside
    np.testing.assert_allclose(ledger.spent_gbp.sum(axis=1), views, rtol=1e-12)
    assert ledger.spent_by_year().sum() == pytest.approx(ledger.spent_gbp.sum(), rel=1e-12)
    naive = _priced_naively(plan, records) + beside.sum()
    assert ledger.spent_gbp.sum() == pytest.approx(naive, rel=1e-12)


def _priced_naively(plan: Plan, records: Records) -> float:
    """Everything but plain lines, cell by cell."""
    total = 0.0
    for p in range(plan.periods):
        cost, agency = plan.prices.cost_per_fte_day[p], plan.prices.agency_cost_per_fte_day[p]
        for a, account in enumerate(plan.accounts):
            total += records.fte_days["filled"][p, a] * cost[account.role]
            if records.fte_days["covered"][p, a] > 0.0:
                total += records.fte_days["covered"][p, a] * agency[account.role]
            length = plan.boundaries[p + 1] - plan.boundaries[p]
            for pay in plan.supplements:
                if (account.team, account.role) in pay.cells:
                    first = max(plan.boundaries[p], pay.start_day)
                    last = min(plan.boundaries[p + 1], pay.end_day)
                    share = max(0.0, last - first) / length
                    fte_days = records.fte_days["filled"][p, a]
                    days = 366 if dt.date(2023, 4, 1) <= plan.period_dates[p] else 365
                    total += fte_days * share * pay.gbp_per_fte_year / days
        total += records.above_fte_days[p].sum() * agency[Role.SOCIAL_WORKER]
        total += records.paid_gbp[p].sum() - records.recovered_gbp[p].sum()
    return total


@pytest.mark.parametrize("index", range(3))
def test_budget_and_spend_by_team_sum_to_the_councils(index: int) -> None:
    plan, records = _run(index)
    table = np.full((len(INDICATORS), 1 + len(plan.team_keys), plan.periods), math.nan)
    fill_money_indicators(plan, records, table)
    for name in (
        "staffing_budget_without_package_gbp",
        "staffing_spend_without_package_gbp",
        "agency_spend_gbp",
    ):
        rows = table[INDEX[name]]
        assert (rows[0] > 0).all(), name
        np.testing.assert_allclose(rows[1:].sum(axis=0), rows[0], rtol=1e-12)
    ledger = make_ledger(plan, records)
    budget = table[INDEX[BUDGET], 0]
    assert budget.sum() == pytest.approx(ledger.planned_gbp[:, PERMANENT].sum(), rel=1e-12)
    spend = table[INDEX[SPEND], 0]
    own_lines = ledger.spent_gbp[:, : len(STAFFING_LINES)].sum(axis=1)
    np.testing.assert_allclose(spend, own_lines, rtol=1e-12)
    np.testing.assert_allclose(table[INDEX["agency_spend_gbp"], 0], agency_of(ledger), rtol=1e-12)


def test_the_first_days_budget_is_the_published_establishment() -> None:
    """410.5 FTE of posts on day 0, by role, at unit cost with one pay award, less 5 %."""
    plan = plan_for(1, None, NO_GROWTH)
    v = values_of(devon_for(1), baseline())
    posts = [p for p in plan.posts if p.state is not PostState.NOT_OPEN]
    assert sum(p.fte for p in posts) == pytest.approx(410.5)
    yearly = sum(p.fte * v[f"council.money.unit_cost.{p.role.value}"] for p in posts)
    wanted = yearly * 1.02 * 0.95 * 23 / 365
    table = np.full((len(INDICATORS), 1 + len(plan.team_keys), plan.periods), math.nan)
    fill_money_indicators(plan, run(plan), table)
    assert table[INDEX[BUDGET], 0, 0] == pytest.approx(wanted, rel=1e-9)


# -- discounting ---------------------------------------------------------------------------------


def _flow_at(day: float, deflator: float = 1.0) -> tuple[Plan, Array]:
    """A plan with £1,000 in a period whose middle is `day`."""
    plan = made_up_plan(ACCOUNTS[:1], period_ends=[dt.date(2022, 3, 31)] * 2)
    plan = dataclasses.replace(
        plan,
        boundaries=(0.0, day - 1.0, day + 1.0),
        prices=dataclasses.replace(plan.prices, deflator=(1.0, deflator)),
    )
    return plan, np.array([0.0, 1_000.0])


def test_1000_pounds_a_year_from_now_are_966_18_today() -> None:
    assert _penny(discounted(*_flow_at(365.25))) == 966.18


def test_a_thousand_pounds_in_ten_years_with_inflation() -> None:
    plan, gbp = _flow_at(3652.5, deflator=1.02**10)
    assert _penny(discounted(plan, gbp)) == _penny(1_000 / 1.02**10 / 1.035**10) == 581.56


def test_prices_are_deflated_at_the_middle_of_each_period_as_they_are_discounted() -> None:
    plan = plan_for(2, None, {"finance.inflation": 0.02})
    middle = (np.array(plan.boundaries[:-1]) + np.array(plan.boundaries[1:])) / 2
    np.testing.assert_allclose(plan.prices.deflator, 1.02 ** (middle / 365.25), rtol=1e-12)


def test_without_inflation_the_deflator_is_one() -> None:
    assert set(plan_for(2, None, {"finance.inflation": 0.0}).prices.deflator) == {1.0}


# -- comparisons -----------------------------------------------------------------------------------

PAIRS = 4


@cache
def _comparison() -> Comparison:
    """Doing nothing, the shipped package, the same again under another name, and nothing again."""
    shipped = package()
    twin = shipped.model_copy(update={"key": "twin"})
    nothing = baseline().model_copy(update={"key": "nothing"})
    study = make_study(
        devon_for(2), evidence().behaviour, (baseline(), shipped, twin, nothing), SEED
    )
    return compare(study, PAIRS)


@pytest.mark.parametrize("scenario", [1, 2, 3])
def test_every_year_has_its_money_row_by_row_and_all_years_are_their_sum(scenario: int) -> None:
    comparison = _comparison()
    *rows, whole = years_of_money(comparison, scenario)
    labels = [row.span.label for row in rows if row.span is not None]
    assert labels == ["2021/22 part", "2022/23", "2023/24 part"]
    assert whole.span is None
    for row in (*rows, whole):
        assert row.spent.mean - row.over.mean == pytest.approx(row.planned, abs=0.01)
        assert row.net.mean - row.planned == pytest.approx(row.net_over, abs=0.01)
        assert sum(row.spent_by_kind.values()) == pytest.approx(row.spent.mean, abs=0.01)
        assert sum(row.net_by_kind.values()) == pytest.approx(row.net.mean, abs=0.01)
        own = sum(row.own_staffing.values())
        assert row.spent.mean + own == pytest.approx(row.net.mean, abs=0.01)
        assert 0.0 <= row.chance_under <= 1.0
    assert [row.planned for row in rows[:2]] == (
        [0.0, 0.0] if scenario == 3 else pytest.approx([1_100_000, 3_400_000])
    )
    for name in ("planned", "net_over", "net_present"):
        total = sum(getattr(row, name) for row in rows)
        assert getattr(whole, name) == pytest.approx(total, abs=0.01), name
    for name in ("spent", "over", "net", "unfunded"):
        total = sum(getattr(row, name).mean for row in rows)
        assert getattr(whole, name).mean == pytest.approx(total, abs=0.01), name
    rate = comparison.plans[0].prices.discount_rate
    present = present_values(comparison, scenario)[rate].mean()
    assert whole.net_present == pytest.approx(present, abs=0.01)


def test_lines_of_a_comparison_sum_to_its_years() -> None:
    comparison = _comparison()
    ledger = comparison.ledgers[1]
    spans = year_spans(comparison.plans[1])
    every = ledger_rows(ledger, spans)
    rows = [row for row in every if row.kind == ALL_KINDS and row.line not in TOTALS]
    assert len(rows) == len(ledger.lines) * len(ledger.years)
    for total in years_of_money(comparison, 1)[:-1]:
        lines = [r for r in rows if r.span == total.span and r.line not in STAFFING_LINES]
        assert sum(row.planned for row in lines) == pytest.approx(total.planned)
        assert sum(row.spent.mean for row in lines) == pytest.approx(total.spent.mean)
    everything = sum(row.spent.mean for row in rows)
    assert everything == pytest.approx(ledger.spent_gbp.sum(axis=(1, 2)).mean())
    kinds = [row for row in every if row.kind != ALL_KINDS and row.line not in TOTALS]
    assert sum(row.spent.mean for row in kinds) == pytest.approx(everything)


def test_net_change_is_package_plus_change_on_the_councils_own_lines() -> None:
    comparison = _comparison()
    base, own = comparison.ledgers[0], comparison.ledgers[1]
    staffing = slice(0, len(STAFFING_LINES))
    for i, row in enumerate(years_of_money(comparison, 1)[:-1]):
        change = own.spent_gbp[:, i, staffing] - base.spent_gbp[:, i, staffing]
        package_spend = own.spent_gbp[:, i, PACKAGE].sum(axis=1)
        assert row.net.mean == pytest.approx(float((change.sum(axis=1) + package_spend).mean()))
        bare = own.spent_gbp[:, i, _bare(comparison.plans[1])].sum(axis=1).mean()
        assert row.net_by_kind["other"] == pytest.approx(float(bare), abs=0.01)


def test_identical_scenarios_differ_by_exactly_nothing() -> None:
    one, two = _comparison().ledgers[1], _comparison().ledgers[2]
    nothing, base = _comparison().ledgers[3], _comparison().ledgers[0]
    for mine, theirs in ((one, two), (nothing, base)):
        assert (mine.spent_gbp == theirs.spent_gbp).all()
        assert (mine.planned_gbp == theirs.planned_gbp).all()
        assert (mine.present_value_gbp == theirs.present_value_gbp).all()
    assert not any(change.any() for change in present_values(_comparison(), 3).values())
    for row in years_of_money(_comparison(), 3):
        assert not any((row.net.mean, row.net_present, *row.net_by_kind.values()))
    assert (one.agency_gbp != base.agency_gbp).any(), "this test can fail"


def test_doing_nothing_again_gains_nobody() -> None:
    assert math.isnan(cost_per_extra_fte_year(_comparison(), 3, 18).ratio.value)


def test_cost_per_extra_fte_year_by_hand() -> None:
    comparison = _comparison()
    column = comparison.dates.index(dt.date(2023, 3, 31))
    base, own = comparison.ledgers[0], comparison.ledgers[1]
    whole, nothing = (ledger.spent_gbp[:, :2].sum(axis=(1, 2)) for ledger in (own, base))
    money = (whole - nothing).mean()
    one, two = (
        comparison.average.values(s, "inpost_all_roles_fte")[:, : column + 1] for s in (0, 1)
    )
    fte_years = (two - one).sum(axis=1).mean() / 12
    found = cost_per_extra_fte_year(comparison, 1, column)
    assert (found.cost.mean(), found.gain.mean()) == pytest.approx((money, fte_years))
    cost = found.ratio
    assert cost.value == pytest.approx(money / fte_years)
    assert cost.value > 0.0
    assert math.isnan(cost.low_95), "two draws give no interval"


def test_plain_lines_are_counted_with_their_money() -> None:
    found = plain_lines(_comparison(), 1)
    planned = _comparison().ledgers[1].planned_gbp.mean(axis=0)
    assert found.count == 1
    assert found.planned == pytest.approx(planned[:, -1].sum())
    assert planned[:2, -1] == pytest.approx([84_000, 238_000])
    assert found.of == pytest.approx(planned[:, PACKAGE].sum())


def test_complete_years_end_before_the_horizon() -> None:
    plan = plan_for(2)
    assert complete_years(plan) == ("2021/22", "2022/23")


def test_part_years_are_marked_with_the_days_that_they_hold() -> None:
    first, whole, last = year_spans(plan_for(2))
    assert (first.first, first.last) == (dt.date(2021, 9, 8), dt.date(2022, 3, 31))
    assert (whole.first, whole.last) == (dt.date(2022, 4, 1), dt.date(2023, 3, 31))
    assert (last.first, last.last) == (dt.date(2023, 4, 1), dt.date(2023, 9, 7))
    assert [span.label for span in (first, whole, last)] == [
        "2021/22 part", "2022/23", "2023/24 part",
    ]  # fmt: skip


def test_baseline_variance_is_spend_less_budget_with_the_months_before_day_0_estimated() -> None:
    comparison = _comparison()
    variance = baseline_variance(comparison)
    ledger = comparison.ledgers[0]
    over = (ledger.spent_gbp[:, 0].sum(axis=1) - ledger.planned_gbp[:, 0].sum(axis=1)).mean()
    assert variance.simulated.mean == pytest.approx(over)
    assert (variance.days_simulated, variance.days_before) == (205, 160)
    spend, budget = (comparison.average.values(0, name)[:, 1] for name in (SPEND, BUDGET))
    october = (spend - budget).mean()
    assert variance.before.mean == pytest.approx(october / 31 * 160)
    assert variance.whole_year == pytest.approx(over + october / 31 * 160)


# -- posts without stated money --------------------------------------------------------------------


def unstated() -> Scenario:
    """Two posts from 1 January 2022 to the end of the year."""
    posts = [("child_protection_court", Role.SOCIAL_WORKER, 2.0)]
    return scenario_of(new_posts(posts, dt.date(2022, 1, 1), dt.date(2022, 12, 31)))


def test_posts_without_stated_money_are_planned_at_what_they_cost() -> None:
    """Two posts at £48,075: 90 days of 2021/22, 275 of 2022/23, none after."""
    plan = plan_for(3, unstated(), {"finance.pay_award": 0.0})
    planned = plan.lines[-1].planned_gbp
    assert planned["2021/22"] == pytest.approx(2 * 48_075.0 * 90 / 365)
    assert planned["2022/23"] == pytest.approx(2 * 48_075.0 * 275 / 365)
    assert planned["2023/24"] == 0.0


def test_the_headline_says_that_no_money_was_stated() -> None:
    study = make_study(devon_for(1), evidence().behaviour, (baseline(), unstated()), SEED)
    text = " ".join(headline_text(compare(study, 2)).split())
    assert "No money stated" in text
    assert "Voted (planned money)" not in text
