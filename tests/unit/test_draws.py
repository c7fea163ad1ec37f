"""Draws: the stated percentiles come back, bounds hold, and no quantity moves another."""

from __future__ import annotations

import dataclasses
import math
from statistics import NormalDist

import numpy as np
import pytest
from scipy.stats import spearmanr

from sim.config.behaviour import Correlation
from sim.config.quantity import Grade, Quantity, Scale, Unit
from sim.inputs.balance import lognormal_multiplier
from sim.inputs.build import make_plan
from sim.inputs.draws import (
    CENTRAL_DRAW,
    draw_values,
    make_draw,
    quantities,
    standard_normal,
    value_at,
    year_variation,
)
from sim.inputs.plan import Plan
from sim.scenario.scenario import baseline
from tests.behaviour.builders import scenario_of, supplement
from tests.helpers import (
    SEED,
    devon,
    devon_plan,
    devon_position,
    evidence,
    in_balance,
    package,
    values_of,
)

DRAWS = 8_000
Z95 = NormalDist().inv_cdf(0.95)


def _quantity(
    low: float,
    central: float,
    high: float,
    scale: Scale = Scale.LINEAR,
    unit: Unit = Unit.DAYS,
    null: float | None = None,
    upper_bound: float | None = None,
) -> Quantity:
    return Quantity(
        low=low,
        central=central,
        high=high,
        unit=unit,
        grade=Grade.JUDGEMENT,
        source="judgement",
        scale=scale,
        null=null,
        upper_bound=upper_bound,
    )


SKEWED = {
    "linear": _quantity(10.0, 12.0, 20.0),
    "log": _quantity(2.0, 3.0, 9.0, Scale.LOG),
    "logit": _quantity(0.1, 0.6, 0.7, Scale.LOGIT, Unit.SHARE),
}


def _drawn(quantity: Quantity, count: int = DRAWS) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    known = {"x": quantity}
    return np.array([draw_values(known, (), 1, draw)["x"] for draw in range(1, count + 1)])


# -- percentiles and bounds --------------------------------------------------------------------


@pytest.mark.parametrize("scale", SKEWED)
def test_the_three_points_are_the_5th_50th_and_95th_percentile(scale: str) -> None:
    quantity = SKEWED[scale]
    values = _drawn(quantity)
    for point, share in ((quantity.low, 0.05), (quantity.central, 0.5), (quantity.high, 0.95)):
        error = math.sqrt(share * (1 - share) / DRAWS)
        assert (values <= point).mean() == pytest.approx(share, abs=4 * error)


@pytest.mark.parametrize("scale", SKEWED)
def test_the_three_points_stand_at_their_scores(scale: str) -> None:
    quantity = SKEWED[scale]
    assert value_at(quantity, -Z95) == pytest.approx(quantity.low)
    assert value_at(quantity, 0.0) == pytest.approx(quantity.central)
    assert value_at(quantity, Z95) == pytest.approx(quantity.high)
    scores = np.linspace(-4, 4, 81)
    values = [value_at(quantity, float(z)) for z in scores]
    assert values == sorted(values)


def test_each_half_is_a_normal_on_its_scale() -> None:
    assert value_at(SKEWED["linear"], -2 * Z95) == pytest.approx(8.0)
    assert value_at(SKEWED["linear"], 2 * Z95) == pytest.approx(28.0)
    assert value_at(SKEWED["log"], 2 * Z95) == pytest.approx(27.0)
    odds = (0.7 / 0.3) ** 2 / (0.6 / 0.4)
    assert value_at(SKEWED["logit"], 2 * Z95) == pytest.approx(odds / (1 + odds))


def test_draws_beyond_a_bound_are_set_to_it() -> None:
    rate = _quantity(0.1, 1.0, 2.0, unit=Unit.RATE_PER_YEAR)
    assert value_at(rate, -3.0) == 0.0
    assert value_at(_quantity(0.1, 0.5, 0.95, unit=Unit.SHARE), 3.0) == 1.0
    gamma = _quantity(0.0, 0.4, 1.0, unit=Unit.EXPONENT, upper_bound=1.0)
    values = _drawn(gamma, 4000)
    assert values.min() == 0.0
    assert values.max() == 1.0
    assert (values == 1.0).mean() == pytest.approx(0.05, abs=0.02)


def test_a_null_value_at_an_end_is_a_bound() -> None:
    effect = _quantity(1.0, 1.2, 1.5, unit=Unit.MULTIPLIER, null=1.0)
    assert value_at(effect, -3.0) == 1.0
    inside = _quantity(0.7, 1.0, 1.3, unit=Unit.MULTIPLIER, null=1.0)
    assert value_at(inside, -3.0) < 0.7


def test_an_elasticity_is_free_of_sign_unless_its_null_is_an_end() -> None:
    free = _quantity(-1.4, -0.7, -0.2, unit=Unit.ELASTICITY, null=0.0)
    assert value_at(free, 3.0) > 0.0
    bound = _quantity(-1.4, -0.7, 0.0, unit=Unit.ELASTICITY, null=0.0)
    assert value_at(bound, 3.0) == 0.0


def test_a_certain_quantity_never_varies() -> None:
    assert set(_drawn(_quantity(3.5, 3.5, 3.5), 50)) == {3.5}


def test_every_shipped_draw_keeps_its_bounds() -> None:
    behaviour = evidence().behaviour
    known = quantities(behaviour, devon(), [package()])
    assert len(known) > 60
    for draw in range(1, 60):
        for key, value in draw_values(known, behaviour.correlations, SEED, draw).items():
            lower, upper = known[key].bounds
            assert lower <= value <= upper, key


def test_evidence_of_its_own_takes_the_place_of_the_shared() -> None:
    """And of nothing else: other quantities are drawn as without it."""
    behaviour = evidence().behaviour
    shared = quantities(behaviour, devon())
    own = shared["exits.to_agency_share"].model_copy(
        update={"low": 0.3, "central": 0.35, "high": 0.4}
    )
    other = devon().model_copy(update={"evidence": {"exits.to_agency_share": own}})
    known = quantities(behaviour, other)
    assert list(known) == list(shared)
    draws = [draw_values(q, behaviour.correlations, SEED, 3) for q in (shared, known)]
    assert {key for key in known if draws[0][key] != draws[1][key]} == {"exits.to_agency_share"}


# -- draw 0 ----------------------------------------------------------------------------------------


def test_draw_0_is_central() -> None:
    behaviour = evidence().behaviour
    known = quantities(behaviour, devon(), [package()])
    values = draw_values(known, behaviour.correlations, SEED, CENTRAL_DRAW)
    assert values == {key: quantity.central for key, quantity in known.items()}


def test_draw_0_has_no_variation_between_years() -> None:
    plan = devon_plan(in_balance())
    assert year_variation(SEED, 0, "exits", 5) == [0.0] * 5
    assert set(plan.exits.year_multipliers) == {1.0}
    assert {m for market in plan.markets for m in market.year_multipliers} == {1.0}
    assert set(plan.agency.cover) == {plan.agency.cover[0]}
    assert set(plan.agency.above_by_year) == {plan.agency.above_start}
    assert not any(plan.establishment_closures)
    assert max(map(abs, plan.other_net_change)) < 1e-9
    assert len(plan.posts) == len(devon_position().posts)


def test_other_draws_have_it() -> None:
    plans = [devon_plan(draw=draw) for draw in range(1, 9)]
    for plan in plans:
        assert len(set(plan.exits.year_multipliers)) > 3
        assert len(set(plan.agency.cover)) > 3
        assert any(plan.other_net_change)
        assert any(plan.establishment_closures) or _growth(plan)


def _growth(plan: Plan) -> int:
    return sum(post.name.startswith("growth/") for post in plan.posts)


# -- nothing moves anything else -----------------------------------------------------------------


def test_adding_a_quantity_moves_no_other() -> None:
    behaviour = evidence().behaviour
    few = quantities(behaviour, devon())
    many = quantities(behaviour, devon(), [package()])
    assert len(many) > len(few)
    for draw in (1, 2, 17):
        one = draw_values(few, behaviour.correlations, SEED, draw)
        two = draw_values(many, behaviour.correlations, SEED, draw)
        assert {key: two[key] for key in one} == one


def test_draws_seeds_and_keys_all_tell_apart() -> None:
    scores = {standard_normal(s, d, k) for s in (1, 2) for d in (1, 2) for k in ("a", "b")}
    assert len(scores) == 8
    assert standard_normal(1, 1, "a") == standard_normal(1, 1, "a")


def test_quantities_are_independent_unless_listed() -> None:
    scores = np.array(
        [[standard_normal(5, d, key) for key in ("a", "b", "year 0 a")] for d in range(1, 4001)]
    )
    assert np.abs(np.corrcoef(scores.T) - np.eye(3)).max() < 0.06
    assert scores.mean(axis=0) == pytest.approx(0.0, abs=0.06)
    assert scores.std(axis=0) == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize("rho", [0.7, -0.4])
def test_a_listed_correlation_is_realised_and_keeps_both_marginals(rho: float) -> None:
    known = {"a": SKEWED["linear"], "b": SKEWED["log"]}
    pair = (Correlation(first="a", second="b", value=rho),)
    rows = [draw_values(known, pair, 3, draw) for draw in range(1, 8001)]
    a, b = (np.array([row[key] for row in rows]) for key in ("a", "b"))
    realised, _ = spearmanr(a, b)
    assert realised == pytest.approx(6 / math.pi * math.asin(rho / 2), abs=0.03)
    assert (b <= SKEWED["log"].low).mean() == pytest.approx(0.05, abs=0.01)
    alone = [draw_values(known, (), 3, draw)["a"] for draw in range(1, 101)]
    assert alone == [row["a"] for row in rows[:100]], "the first is moved by nothing"


def test_the_two_pay_elasticities_lean_on_each_other() -> None:
    behaviour = evidence().behaviour
    pairs = {(pair.first, pair.second): pair.value for pair in behaviour.correlations}
    assert pairs["exits.pay_elasticity_moves", "exits.pay_elasticity_out"] == 0.7
    rows = [values_of(devon(), baseline(), draw) for draw in range(1, 401)]
    names = ("exits.pay_elasticity_moves", "exits.pay_elasticity_out")
    drawn = np.array([[row[name] for name in names] for row in rows])
    realised, _ = spearmanr(drawn[:, 0], drawn[:, 1])
    assert realised == pytest.approx(6 / math.pi * math.asin(0.35), abs=0.12)


# -- between years ---------------------------------------------------------------------------------


def test_yearly_multipliers_have_mean_1() -> None:
    scores = [z for d in range(1, 4001) for z in year_variation(SEED, d, "exits", 5)]
    multipliers = np.array([lognormal_multiplier(z, 0.25) for z in scores])
    assert multipliers.mean() == pytest.approx(1.0, abs=4 * 0.25 / math.sqrt(len(scores)))
    assert np.log(multipliers).std() == pytest.approx(0.25, rel=0.03)


def test_years_differ_and_do_not_lean_on_each_other() -> None:
    rows = np.array([year_variation(SEED, draw, "hires", 3) for draw in range(1, 3001)])
    assert np.abs(np.corrcoef(rows.T) - np.eye(3)).max() < 0.07


def test_years_to_come_do_not_change_years_before() -> None:
    assert year_variation(1, 4, "exits", 5)[:3] == year_variation(1, 4, "exits", 3)


def test_all_scenarios_of_a_draw_share_their_years() -> None:
    base, other = devon_plan(draw=5), devon_plan(scenario=package(), draw=5)
    assert base.exits == other.exits
    assert base.agency == other.agency
    assert base.markets == other.markets
    assert base.establishment_closures == other.establishment_closures
    assert base.other_net_change == other.other_net_change
    assert base.cohorts == other.cohorts


def test_the_same_draw_gives_the_same_plan_and_another_seed_another() -> None:
    scenario = scenario_of(supplement(1_000.0))
    values = values_of(devon(), scenario, 3)
    one, two, other = (
        make_plan(devon(), devon_position(), scenario, make_draw(devon(), values, seed, 3))
        for seed in (1, 1, 2)
    )
    assert one == two
    assert one.exits.year_multipliers != other.exits.year_multipliers


def test_a_plan_depends_on_council_scenario_and_draw_alone() -> None:
    """A draw that is made again is the same, and makes the same plan."""
    values = values_of(devon(), baseline(), 3)
    draw, again = (make_draw(devon(), dict(values), SEED, 3) for _ in range(2))
    still = dataclasses.replace(draw, yearly=dict.fromkeys(draw.yearly, (0.0,) * 5))
    plans = [
        make_plan(devon(), devon_position(), baseline(), each) for each in (draw, again, still)
    ]
    assert plans[0] == plans[1]
    assert len(set(plans[0].exits.year_multipliers)) == 5
    assert len(set(plans[2].exits.year_multipliers)) == 1
