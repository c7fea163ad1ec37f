"""Money by line: underspends, real terms, deadweight, recovery; every ledger adds up."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.config.behaviour import Behaviour, at_discount_rate
from sim.config.quantity import Unit
from sim.config.roles import Role
from sim.config.shipped import configs_folder
from sim.engine.simpy.engine import simulate
from sim.experiment.compare import Comparison, compare
from sim.experiment.deadweight import answers, asked_for
from sim.experiment.financial_years import year_spans
from sim.experiment.ledger import ALL_KINDS, TOTALS, LedgerRow, ledger_rows
from sim.experiment.money import (
    cost_per_change_avoided,
    paid_to_staff,
    present_values,
    years_of_money,
)
from sim.experiment.replicate import make_study
from sim.inputs.fates import Fates
from sim.outcomes.costs import STAFFING_LINES, discounted, make_ledger, real_terms
from sim.outcomes.line_money import line_money
from sim.presentation.headline import headline_text
from sim.scenario.cost import Cost, CostBasis
from sim.scenario.pay import SalarySupplement
from sim.scenario.scenario import AnyMeasure, Scenario, baseline
from tests.behaviour.builders import (
    agency_of,
    certain,
    cost_line,
    devon_for,
    new_posts,
    pay_of,
    plan_for,
    retention,
    run,
    scenario_of,
    supplement,
)
from tests.helpers import SEED, evidence, package, same_records

pytestmark = pytest.mark.slow

PAIRS = 8
PACKAGE = "devon_package_48_fte"
SHIPPED = sorted(path.stem for path in (configs_folder() / "scenarios").glob("devon*.toml"))
COURT = ["child_protection_court"]


@cache
def _compared() -> Comparison:
    """Every shipped scenario of Devon beside doing nothing, two years of staffing alone."""
    scenarios = (baseline(), *(package(name) for name in SHIPPED))
    return compare(make_study(devon_for(2), evidence().behaviour, scenarios, SEED), PAIRS)


def _with_fees(measure: SalarySupplement) -> SalarySupplement:
    """A supplement that pays registration fees too."""
    fee = Cost(key="fee", name="Registration", per=CostBasis.FTE_YEAR, gbp=certain(90.0, Unit.GBP))
    return measure.model_copy(update={"costs": (fee,)})


@cache
def _paying() -> tuple[Scenario, ...]:
    pay = scenario_of(
        _with_fees(supplement(3_000.0)),
        retention(2_000.0, months=6),
        supplement(0.0, COURT, key="nothing"),
        cost_line({"2021/22": 1_000.0}),
        key="pay",
    )
    posts = new_posts([("child_protection_court", Role.SOCIAL_WORKER, 20.0)])
    both = scenario_of(*pay.measures, posts, key="both")
    return baseline(), pay, both


@cache
def _paid(elastic: bool) -> Comparison:
    behaviour = evidence().behaviour if elastic else _without_pay_effects()
    return compare(make_study(devon_for(2), behaviour, _paying(), SEED), PAIRS)


def _without_pay_effects() -> Behaviour:
    behaviour = evidence().behaviour
    none = {"low": 0.0, "central": 0.0, "high": 0.0}
    exits = behaviour.exits
    changed = exits.model_copy(
        update={
            name: getattr(exits, name).model_copy(update=none)
            for name in ("pay_elasticity_out", "pay_elasticity_moves")
        }
    )
    return behaviour.model_copy(update={"exits": changed})


# -- underspend ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SHIPPED)
def test_spent_and_unspent_are_planned_for_every_line_and_lines_sum_to_the_total(name: str) -> None:
    comparison = _compared()
    scenario = 1 + SHIPPED.index(name)
    rows = [
        row
        for row in _ledger_rows(comparison, scenario)
        if row.over is not None and row.line not in TOTALS
    ]
    assert len(rows) == len(comparison.scenarios[scenario].measures) * 3
    for row in rows:
        assert row.over is not None
        assert row.spent.mean - row.over.mean == pytest.approx(row.planned, abs=0.01)
        assert 0.0 <= row.chance_under <= 1.0
        assert 0.0 <= row.unfunded <= max(row.spent.mean, 0.0) + 0.01, "repayments come in after"
    for year in years_of_money(comparison, scenario)[:-1]:
        lines = [row for row in rows if row.span == year.span]
        assert sum(row.planned for row in lines) == pytest.approx(year.planned, abs=0.01)
        assert sum(row.spent.mean for row in lines) == pytest.approx(year.spent.mean, abs=0.01)
        assert sum(row.unfunded for row in lines) == pytest.approx(year.unfunded.mean, abs=0.01)
        over = sum(row.over.mean for row in lines if row.over is not None)
        assert over == pytest.approx(year.over.mean, abs=0.01)


def _ledger_rows(comparison: Comparison, scenario: int) -> list[LedgerRow]:
    """Rows of all kinds of spending together."""
    spans = year_spans(comparison.plans[scenario])
    return [r for r in ledger_rows(comparison.ledgers[scenario], spans) if r.kind == ALL_KINDS]


def test_the_councils_own_staffing_has_no_underspend_by_line() -> None:
    rows = [row for row in _ledger_rows(_compared(), 0) if row.line not in TOTALS]
    assert {row.line for row in rows} == set(STAFFING_LINES)
    for row in rows:
        assert row.over is None
        assert math.isnan(row.chance_under)


def test_the_chance_of_an_underspend_is_the_share_of_runs_with_something_left() -> None:
    scenario = 1 + SHIPPED.index("devon_package_48_fte")
    ledger = _compared().ledgers[scenario]
    line, year = ledger.lines.index("business_support"), ledger.years.index("2021/22")
    over = ledger.spent_gbp[:, year, line] - ledger.planned_gbp[:, year, line]
    (row,) = (
        r
        for r in _ledger_rows(_compared(), scenario)
        if (r.span.year, r.line) == ("2021/22", "business_support")
    )
    assert row.chance_under == (over < -0.5).mean()
    assert row.over is not None
    assert (row.over.p10, row.over.p90) == (over.min(), over.max()), "8 runs: all of them"


_SEEN_THROUGH = ("overseas_recruitment", "bursaries", "apprenticeships")


def test_when_one_off_money_ends_nothing_is_planned_and_posts_are_unfunded() -> None:
    comparison = _compared()
    rows = years_of_money(comparison, 1 + SHIPPED.index("devon_package_48_fte_not_agreed"))
    assert [row.planned for row in rows] == pytest.approx([1_100_000, 0.0, 0.0, 1_100_000])
    assert rows[0].unfunded.mean == 0.0 < rows[1].unfunded.mean
    assert rows[1].spent.mean == pytest.approx(rows[1].over.mean)
    # Who has begun to train, or was offered a post abroad, is seen through: that costs on.
    ledger = comparison.ledgers[1 + SHIPPED.index("devon_package_48_fte_not_agreed")]
    trainees = [ledger.lines.index(line) for line in _SEEN_THROUGH]
    begun = ledger.spent_gbp[:, 1, trainees].sum(axis=1).mean()
    assert begun > 0.0
    assert rows[1].spent.mean <= rows[1].unfunded.mean + begun + 0.01, "payments come back"
    assert rows[1].chance_under == 0.0


LINES = st.lists(
    st.sampled_from(["supplement", "retention", "posts", "cost"]), min_size=1, unique=True
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(LINES, st.integers(0, 8_000), st.floats(0.2, 9.0), st.integers(1, 11))
def test_the_ledger_of_any_scenario_adds_up(
    kinds: list[str], gbp: int, fte: float, month: int
) -> None:
    start = dt.date(2021 + (month < 10), month, 1)
    made: dict[str, AnyMeasure] = {
        "supplement": supplement(float(gbp), COURT, start=max(start, dt.date(2021, 10, 1))),
        "retention": retention(float(gbp), COURT, months=month),
        "posts": new_posts([("assessment", Role.SOCIAL_WORKER, round(fte, 1))]),
        "cost": cost_line({"2021/22": float(gbp), "2022/23": 2.0 * gbp}),
    }
    plan = plan_for(1, scenario_of(*(made[kind] for kind in kinds)), draw=month)
    records = run(plan, month)
    ledger = make_ledger(plan, records)
    tables = line_money(plan, records, ledger)
    spent = ledger.spent_by_year()
    assert spent.sum() == pytest.approx(ledger.spent_gbp.sum(), rel=1e-12)
    plain = sum(spent[:, 4 + i].sum() for i, line in enumerate(plan.lines[2:]) if line.plain)
    views = pay_of(ledger).sum() + agency_of(ledger).sum() + plain
    assert spent.sum() == pytest.approx(views, rel=1e-12)
    own = [4 + i for i, line in enumerate(plan.lines[2:]) if line.plain]
    np.testing.assert_allclose(spent[:, own], ledger.planned_gbp[:, own], atol=0.005)
    pay = [
        4 + i for i, line in enumerate(plan.lines[2:]) if line.key in ("supplement", "retention")
    ]
    paid = tables["paid_to_staff"] - tables["recovered"]
    np.testing.assert_allclose(paid[:, pay], spent[:, pay], atol=0.005)


def test_two_identical_scenarios_differ_by_exactly_nothing_on_every_line() -> None:
    twin = package().model_copy(update={"key": "twin"})
    study = make_study(devon_for(1), evidence().behaviour, (package(), twin), SEED)
    one, two = compare(study, 2).ledgers
    assert (one.spent_gbp == two.spent_gbp).all()
    for name, table in one.by_line.items():
        if name != "paid_without":
            assert (table == two.by_line[name]).all(), name


# -- deadweight ------------------------------------------------------------------------------------


@pytest.mark.parametrize("scenario", [1, 2])
def test_deadweight_is_a_share_of_what_is_paid(scenario: int) -> None:
    lines = {line.line: line for line in paid_to_staff(_paid(elastic=True), scenario)}
    assert set(lines) == {"supplement", "retention", "nothing"}
    for key in ("supplement", "retention"):
        share = lines[key].deadweight_share
        assert ((share > 0.5) & (share <= 1.0)).all()
        assert share.mean() < 1.0, "pay keeps some"
        assert (lines[key].deadweight <= lines[key].paid).all()
    assert np.isnan(lines["nothing"].deadweight_share).all(), "£0 is divided by nothing"
    assert not lines["nothing"].paid.any()


def test_without_any_effect_of_pay_all_of_it_is_deadweight_exactly() -> None:
    for line in paid_to_staff(_paid(elastic=False), 1):
        if line.line != "nothing":
            assert (line.deadweight_share == 1.0).all(), line.line


def test_those_who_come_to_extra_posts_are_no_deadweight() -> None:
    pay, both = (
        {line.line: line for line in paid_to_staff(_paid(elastic=False), s)} for s in (1, 2)
    )
    for key in ("supplement", "retention"):
        assert both[key].deadweight_share.mean() < 1.0
        assert both[key].paid.mean() > pay[key].paid.mean()


def test_what_comes_back_is_reported_by_line() -> None:
    lines = {line.line: line for line in paid_to_staff(_paid(elastic=True), 1)}
    assert not lines["supplement"].recovered.any()
    back, paid = lines["retention"].recovered, lines["retention"].paid
    assert (back > 0.0).any()
    assert (back < 0.3 * paid).all()
    ledger = _paid(elastic=True).ledgers[1]
    line = ledger.lines.index("retention")
    np.testing.assert_allclose(paid - back, ledger.spent_gbp[:, :, line].sum(axis=1), atol=0.005)


def test_asking_whom_payments_would_go_to_changes_nothing() -> None:
    base = plan_for(2, draw=1)
    others = [plan_for(2, scenario, draw=1) for scenario in _paying()[1:]]
    asked = simulate(asked_for(base, others), Fates(SEED, 0))
    own, payments = answers(asked, base, others)
    alone = run(base)
    for name in ("stocks", "fte_days", "flows", "line_counts"):
        ours, theirs = getattr(own, name), getattr(alone, name)
        assert all((ours[key] == theirs[key]).all() for key in theirs), name
    assert (own.paid_gbp == alone.paid_gbp).all()
    assert np.array_equal(own.vacancies, alone.vacancies)
    assert not own.recovered_gbp.any()
    assert len(payments) == 2
    for plan, paid in zip(others, payments, strict=True):
        assert paid.shape == (plan.periods, len(plan.lines))
        assert paid[:, 3].sum() > 0.0
    assert same_records(alone, run(plan_for(2, draw=1)))


# -- real terms and discounting --------------------------------------------------------------------


def test_real_terms_by_hand() -> None:
    """£100 planned and spent evenly over a year, at prices that rise 2 % a year."""
    line = cost_line({"2022/23": 100.0}, start=dt.date(2022, 4, 1))
    plan = plan_for(2, scenario_of(line), {"finance.inflation": 0.02})
    ledger = make_ledger(plan, run(plan))
    real = {name: table[1, -1] for name, table in real_terms(plan, ledger).items()}
    middle = ((dt.date(2022, 10, 1) - plan.start_date).days - 0.5) / 365.25
    assert real["planned_real"] == pytest.approx(100 / 1.02**middle, abs=0.01)
    assert real["spent_real"] == pytest.approx(real["planned_real"], abs=1e-9)
    assert real["spent_present"] == pytest.approx(100 / 1.02**middle / 1.035**middle, abs=0.02)


def test_present_values_are_given_at_the_chosen_rate_and_at_a_lower_one() -> None:
    comparison = _compared()
    found = present_values(comparison, 1)
    assert sorted(found) == [0.015, 0.035]
    assert found[0.015].mean() > found[0.035].mean() > 0.0
    plan = plan_for(2, package())
    total = make_ledger(plan, run(plan)).spent_gbp.sum(axis=1)
    assert discounted(plan, total, 0.035) == discounted(plan, total)
    assert discounted(plan, total, 0.0) == pytest.approx((total / plan.prices.deflator).sum())


def test_a_planner_may_choose_the_discount_rate() -> None:
    behaviour = at_discount_rate(evidence().behaviour, 0.06)
    study = make_study(devon_for(1), behaviour, (baseline(), package()), SEED)
    assert study.plan(study.scenarios[0], 3).prices.discount_rate == 0.06
    assert at_discount_rate(behaviour, None) is behaviour


# -- cost per change avoided -----------------------------------------------------------------------


def test_without_casework_no_change_of_worker_is_avoided() -> None:
    assert math.isnan(cost_per_change_avoided(_compared(), 1, 12).ratio.value)


def test_cost_per_change_avoided_by_hand() -> None:
    """40 changes of worker spared in the years that begin by the date, whatever it costs."""
    comparison = _compared()
    base, own = comparison.ledgers[0], comparison.ledgers[1]
    changes = np.tile([100.0, 200.0, 50.0], (PAIRS, 1))
    spared = dataclasses.replace(own, changes_of_worker=changes - [10.0, 30.0, 5.0])
    known = dataclasses.replace(
        comparison, ledgers=(dataclasses.replace(base, changes_of_worker=changes), spared)
    )
    column = comparison.dates.index(dt.date(2023, 3, 31))
    cost = cost_per_change_avoided(known, 1, column).ratio
    whole, nothing = (ledger.spent_gbp[:, :2].sum(axis=(1, 2)) for ledger in (own, base))
    net = (whole - nothing).mean()
    assert cost.value == pytest.approx(net / 40)
    assert cost.low_95 < cost.value < cost.high_95
    more = dataclasses.replace(own, changes_of_worker=changes + 1.0)
    none = dataclasses.replace(known, ledgers=(known.ledgers[0], more))
    assert math.isnan(cost_per_change_avoided(none, 1, column).ratio.value), "none is avoided"


# -- part years ------------------------------------------------------------------------------------


def test_a_line_that_begins_in_mid_year_plans_what_was_voted_and_spends_its_part() -> None:
    """£3,000 and on-costs of 1.3 for those in post from 1 January: 90 days of 2021/22."""
    start = dt.date(2022, 1, 1)
    measure = supplement(3_000.0, COURT, [Role.SOCIAL_WORKER], start=start).model_copy(
        update={"planned_gbp": {"2021/22": 40_000.0, "2022/23": 160_000.0}}
    )
    plan = plan_for(3, scenario_of(measure), {"finance.pay_award": 0.03})
    records = run(plan)
    ledger = make_ledger(plan, records)
    planned = dict(zip(ledger.years, ledger.planned_gbp[:, -1], strict=True))
    assert planned["2021/22"] == 40_000.0
    assert planned["2023/24"] == planned["2022/23"] == 160_000.0, "a sum voted, no pay award"
    months = [i for i, d in enumerate(plan.period_dates) if start <= d <= dt.date(2022, 3, 31)]
    cells = plan.supplements[0].cells
    mine = [i for i, a in enumerate(plan.accounts) if (a.team, a.role) in cells]
    fte_days = records.fte_days["filled"][np.ix_(months, mine)].sum()
    spent = ledger.spent_by_year()[0, -1]
    assert round(spent, 2) == round(fte_days * 3_000 * 1.3 / 365, 2)
    full = ledger.spent_by_year()[1, -1]
    assert spent / full == pytest.approx(90 / 365, rel=0.15)


def test_a_part_year_that_would_go_on_as_a_whole_one_is_warned_of() -> None:
    part = cost_line({"2021/22": 50_000.0})
    whole = cost_line({"2021/22": 50_000.0, "2022/23": 100_000.0})
    ended = cost_line({"2021/22": 50_000.0}, end=dt.date(2022, 3, 31))
    council = devon_for(2)
    (said,) = scenario_of(part).warnings(council)
    assert "part of 2021/22 alone" in said
    assert scenario_of(whole).warnings(council) == scenario_of(ended).warnings(council) == []


# -- on the screen ---------------------------------------------------------------------------------


def test_the_headline_shows_money_by_line_and_what_is_left_without_money() -> None:
    text = headline_text(_compared())
    assert text.count("Planned by line, £k cash") == len(SHIPPED)
    assert text.count("All lines") == 2 * len(SHIPPED), "planned, and under or over"
    assert text.count("no longer funded") == 2, "half agreed, and not agreed"
    assert "Paid to people in post" in text
    assert "8 runs in 10" not in text, "there are eight runs in all"
    assert "nothing is carried over" in " ".join(text.split())
