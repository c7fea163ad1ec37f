"""Means and intervals on stand-ins whose truth is known."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest
from scipy.stats import t as student

from sim.engine.records import Array
from sim.experiment.spread import spread
from sim.experiment.statistics import (
    FEWEST_DRAWS,
    draw_means,
    per_mean,
    precision,
    probability_better,
    ratio_of_means,
    ratios_of_runs,
    summarise,
)
from sim.outcomes.indicators import INDEX, INDICATORS

TRUTH = 7.0
STUDIES = 4_000
IGNORANCE, LUCK = 3.0, 2.0
"""Standard deviations between draws and within a draw."""


def _draws(count: int, fates: int = 2) -> Array:
    return np.repeat(np.arange(1, count + 1), fates).astype(float)


def _studies(
    draws: int, ignorance: float = IGNORANCE, luck: float = LUCK, fates: int = 2, seed: int = 1
) -> Array:
    """Many studies at once: shape (draws x fates, studies)."""
    rng = np.random.default_rng(seed)
    between = np.repeat(rng.normal(TRUTH, ignorance, (draws, STUDIES)), fates, axis=0)
    values: Array = between + rng.normal(0.0, luck, (draws * fates, STUDIES))
    return values


def _coverage(low: Array, high: Array) -> float:
    return float(((low <= TRUTH) & (high >= TRUTH)).mean())


# -- intervals -------------------------------------------------------------------------------------


@pytest.mark.parametrize("draws", [6, 10, 30])
@pytest.mark.parametrize(("ignorance", "luck"), [(3.0, 2.0), (3.0, 0.0), (0.5, 3.0), (0.0, 2.0)])
def test_intervals_hold_the_truth_in_95_studies_of_100(
    draws: int, ignorance: float, luck: float
) -> None:
    summary = summarise(_studies(draws, ignorance, luck, seed=draws), _draws(draws))
    assert 0.93 <= _coverage(summary.mean_low_95, summary.mean_high_95) <= 0.97


@pytest.mark.parametrize("draws", [6, 10, 30])
def test_taking_pairs_for_independent_would_hold_it_in_too_few(draws: int) -> None:
    values = _studies(draws)
    n = len(values)
    half = student.ppf(0.975, n - 1) * values.std(axis=0, ddof=1) / np.sqrt(n)
    mean = values.mean(axis=0)
    assert _coverage(mean - half, mean + half) < 0.91


def test_twenty_draws_of_five_fates_taken_for_a_hundred_runs() -> None:
    """model.md section 7: about 64 % where ignorance outweighs luck."""
    values = _studies(20, ignorance=3.0, luck=0.5, fates=5)
    half = student.ppf(0.975, 99) * values.std(axis=0, ddof=1) / 10
    naive = _coverage(values.mean(axis=0) - half, values.mean(axis=0) + half)
    assert 0.55 < naive < 0.72, naive
    summary = summarise(values, _draws(20, 5))
    assert 0.93 <= _coverage(summary.mean_low_95, summary.mean_high_95) <= 0.97


def test_intervals_of_a_skewed_indicator_are_near_their_level() -> None:
    rng = np.random.default_rng(3)
    between = np.repeat(rng.lognormal(0.0, 0.5, (30, STUDIES)), 2, axis=0)
    values = between * rng.gamma(4.0, 0.25, (60, STUDIES))
    summary = summarise(values, _draws(30))
    truth = np.exp(0.125)
    inside = ((summary.mean_low_95 <= truth) & (summary.mean_high_95 >= truth)).mean()
    assert 0.91 < inside < 0.97


def test_the_interval_by_hand() -> None:
    values = np.array([1.0, 3.0, 4.0, 6.0, 7.0, 7.0, 10.0, 12.0])
    summary = summarise(values, _draws(4))
    assert summary.mean == pytest.approx(6.25)
    means = np.array([2.0, 5.0, 7.0, 11.0])
    half = 3.18244630528 * means.std(ddof=1) / 2
    assert summary.mean_low_95 == pytest.approx(6.25 - half)
    assert summary.mean_high_95 == pytest.approx(6.25 + half)


def test_no_interval_from_fewer_than_four_draws() -> None:
    assert FEWEST_DRAWS == 4
    for draws in (1, 2, 3):
        summary = summarise(_studies(draws)[:, 0], _draws(draws))
        assert np.isnan(summary.mean_low_95)
        assert np.isnan(summary.mean_high_95)
        assert np.isfinite(summary.mean)
    four = summarise(_studies(4)[:, 0], _draws(4))
    assert four.mean_low_95 < four.mean < four.mean_high_95


def test_the_order_of_replications_does_not_matter() -> None:
    values, draws = _studies(6)[:, :5], _draws(6)
    order = np.random.default_rng(2).permutation(12)
    one, two = summarise(values, draws), summarise(values[order], draws[order])
    np.testing.assert_allclose(one.mean, two.mean)
    np.testing.assert_allclose(one.mean_low_95, two.mean_low_95)
    np.testing.assert_allclose(one.luck_variance, two.luck_variance)


# -- luck and ignorance ----------------------------------------------------------------------------


@pytest.mark.parametrize(("ignorance", "luck"), [(3.0, 2.0), (0.0, 2.0), (3.0, 0.0), (1.0, 4.0)])
def test_luck_and_ignorance_are_told_apart(ignorance: float, luck: float) -> None:
    summary = summarise(_studies(30, ignorance, luck), _draws(30))
    assert summary.luck_variance.mean() == pytest.approx(luck**2, rel=0.02, abs=1e-9)
    wanted = pytest.approx(ignorance**2, rel=0.03, abs=0.03)
    assert summary.ignorance_variance.mean() == wanted


def test_ignorance_by_hand_is_the_variance_of_draw_means_less_half_of_luck() -> None:
    values = np.array([1.0, 3.0, 4.0, 6.0, 7.0, 7.0, 10.0, 12.0])
    summary = summarise(values, _draws(4))
    luck = (2.0 + 2.0 + 0.0 + 2.0) / 4
    assert summary.luck_variance == pytest.approx(luck)
    between = np.array([2.0, 5.0, 7.0, 11.0]).var(ddof=1)
    assert summary.ignorance_variance == pytest.approx(between - luck / 2)


def test_one_fate_a_draw_tells_nothing_of_luck() -> None:
    summary = summarise(_studies(6, fates=1)[:, 0], _draws(6, 1))
    assert np.isnan(summary.luck_variance)
    assert np.isfinite(summary.mean_low_95)


# -- percentiles -----------------------------------------------------------------------------------


def test_percentiles_are_over_all_pairs_and_not_over_draw_means() -> None:
    values, draws = _studies(50)[:, 0], _draws(50)
    summary = summarise(values, draws)
    low, middle, high = np.quantile(values, (0.1, 0.5, 0.9))
    assert (summary.p10, summary.p50, summary.p90) == (low, middle, high)
    means = draw_means(values, draws)
    assert np.quantile(means, 0.9) < high


# -- missing values --------------------------------------------------------------------------------


def test_missing_values_are_left_out_cell_by_cell() -> None:
    values = _studies(6)[:, :3]
    values[:, 1] = np.nan
    values[:2, 2] = np.nan
    values[4, 2] = np.nan
    summary = summarise(values, _draws(6))
    assert np.isnan([summary.mean[1], summary.mean_low_95[1], summary.p50[1]]).all()
    kept = draw_means(values[:, 2], _draws(6))
    assert np.isnan(kept[0])
    assert kept[2] == values[5, 2]
    assert summary.mean[2] == pytest.approx(np.nanmean(kept))
    half = student.ppf(0.975, 4) * np.nanstd(kept, ddof=1) / np.sqrt(5)
    assert summary.mean_high_95[2] == pytest.approx(np.nanmean(kept) + half)
    alone = summarise(_studies(6)[:, :1], _draws(6))
    assert summary.mean[0] == alone.mean[0]


def test_three_draws_with_a_value_are_too_few_whatever_the_number_of_rows() -> None:
    values = _studies(8)[:, :1]
    values[:10] = np.nan
    summary = summarise(values, _draws(8))
    assert np.isnan(summary.mean_low_95[0])
    assert np.isfinite(summary.mean[0])


def test_a_number_that_never_varies_has_an_interval_of_no_width() -> None:
    summary = summarise(np.zeros((12, 2)), _draws(6))
    assert (summary.mean_low_95 == 0.0).all()
    assert (summary.mean_high_95 == 0.0).all()
    assert (summary.luck_variance == 0.0).all()


# -- chance of being better ------------------------------------------------------------------------


def test_the_chance_of_being_better_counts_half_of_the_ties() -> None:
    differences = np.array([[2.0], [0.0], [0.0], [-1.0], [3.0]])
    assert probability_better(differences, 1)[0] == pytest.approx(0.6)
    assert probability_better(differences, -1)[0] == pytest.approx(0.4)
    assert probability_better(np.zeros((4, 1)), 1)[0] == 0.5


def test_without_a_direction_there_is_no_better() -> None:
    assert np.isnan(probability_better(np.ones((4, 2)), 0)).all()
    assert probability_better(np.ones((4, 2)), 0).shape == (2,)


def test_pairs_without_a_difference_are_left_out() -> None:
    differences = np.array([[1.0, np.nan], [np.nan, np.nan], [-1.0, np.nan], [4.0, np.nan]])
    better = probability_better(differences, 1)
    assert better[0] == pytest.approx(2 / 3)
    assert np.isnan(better[1])


# Ratios of means --------------------------------------------------------------------------


def test_gains_that_cancel_are_no_gain_to_divide_by() -> None:
    """0.1 + 0.2 - 0.3 leaves 6e-17 FTE: no cost of £1,000 is £5e19 for each of them."""
    gained = np.array([0.1, 0.2, -0.3, 0.0])
    assert gained.mean() > 0.0
    for sign in (1.0, -1.0):
        found = ratio_of_means(np.full(4, 1_000.0), sign * gained, np.arange(4.0))
        assert math.isnan(found.value)
    assert ratio_of_means(np.full(4, 1.0), gained + 1e-6, np.arange(4.0)).value == pytest.approx(
        1e6
    )


def test_a_ratio_of_means_is_no_mean_of_ratios() -> None:
    draws = np.repeat(np.arange(4.0), 2)
    gained = np.array([1.0, 3.0, 4.0, 6.0, 2.0, 4.0, 5.0, 7.0])
    cost = np.array([90.0, 110.0, 240.0, 260.0, 150.0, 170.0, 280.0, 300.0])
    found = ratio_of_means(cost, gained, draws)
    assert found.value == pytest.approx(cost.mean() / gained.mean()) == pytest.approx(50.0)
    assert found.low_95 < found.value < found.high_95


def test_the_interval_of_a_ratio_is_fiellers_by_hand() -> None:
    """Draw means: costs 100, 250, 160, 290; gains 4, 6, 5, 7. t(3) = 3.182446."""
    cost, gained = np.array([100.0, 250.0, 160.0, 290.0]), np.array([4.0, 6.0, 5.0, 7.0])
    found = ratio_of_means(cost, gained, np.arange(4.0))
    for ratio in (found.low_95, found.high_95):
        rest = cost - ratio * gained
        error = rest.std(ddof=1) / 2
        assert abs(rest.mean()) == pytest.approx(3.182446305284263 * error, rel=1e-9)


def test_a_known_gain_has_the_interval_of_its_cost() -> None:
    cost = np.array([100.0, 120.0, 140.0, 160.0])
    found = ratio_of_means(cost, np.full(4, 2.0), np.arange(4.0))
    whole = summarise(cost[:, None], np.arange(4.0))
    assert found.low_95 == pytest.approx(whole.mean_low_95[0] / 2)
    assert found.high_95 == pytest.approx(whole.mean_high_95[0] / 2)


@pytest.mark.parametrize(
    ("gained", "value"),
    [
        ([1.0, -3.0, 1.0, 1.0], math.nan),  # nothing is gained on average
        ([0.0, 0.0, 0.0, 0.0], math.nan),
        ([5.0, -3.0, 1.0, 1.0], 100.0),  # a gain that can't be told from none
    ],
)
def test_a_ratio_without_a_certain_gain_has_no_interval(gained: list[float], value: float) -> None:
    found = ratio_of_means(np.full(4, 100.0), np.array(gained), np.arange(4.0))
    assert found.value == pytest.approx(value, nan_ok=True)
    assert math.isnan(found.low_95)
    assert math.isnan(found.high_95)


def test_a_ratio_of_few_draws_has_no_interval() -> None:
    found = ratio_of_means(np.array([4.0, 6.0, 5.0]), np.array([1.0, 1.1, 0.9]), np.arange(3.0))
    assert found.value == pytest.approx(5.0)
    assert math.isnan(found.low_95)


# -- how many runs a number is of ------------------------------------------------------------------


def test_how_many_pairs_have_a_value_is_told_cell_by_cell() -> None:
    values = np.array([[1.0, math.nan, math.nan], [2.0, 5.0, math.nan]] * 2)
    assert summarise(values, _draws(2)).pairs.tolist() == [4, 2, 0]


def test_a_chance_on_fewer_than_half_of_the_pairs_is_left_out() -> None:
    values = np.array([[1.0, 1.0], [1.0, math.nan], [math.nan, math.nan], [math.nan, math.nan]])
    found = probability_better(values, 1)
    assert found[0] == 1.0, "two of four are half"
    assert math.isnan(found[1])


@pytest.mark.parametrize(
    ("runs", "low", "high"), [(9, 0.0, 8.0), (10, 0.9, 8.1), (2, 0.0, 1.0), (1, 0.0, 0.0)]
)
def test_the_range_of_few_runs_is_that_of_all(runs: int, low: float, high: float) -> None:
    values = np.arange(float(runs))
    summary = summarise(values, _draws(runs, 1))
    assert (summary.p10, summary.p90) == pytest.approx((low, high))
    found = spread(values)
    assert (found.p10, found.p90) == pytest.approx((low, high))
    gaps = summarise(np.append(values, math.nan), _draws(runs + 1, 1))
    assert (gaps.p10, gaps.p90, gaps.pairs) == pytest.approx((low, high, runs))


def test_the_mean_of_values_per_mean_is_the_ratio_of_the_means() -> None:
    """Gains of 1, 5 and 6 over 1, 2 and 3 posts: 12 over 6, where run by run it is 5.5 over 3."""
    gain, posts = np.array([1.0, 5.0, 6.0]), np.array([1.0, 2.0, 3.0])
    assert per_mean(gain, posts, _draws(3, 1)).mean() == pytest.approx(2.0)
    assert np.isnan(per_mean(gain, np.zeros(3), _draws(3, 1))).all()
    one_has_none = per_mean(gain, np.array([0.0, 2.0, 4.0]), _draws(3, 1))
    assert one_has_none.tolist() == [0.5, 2.5, 3.0], "a run without posts has a value too"


@pytest.mark.parametrize(("runs", "low", "high"), [(39, 0.0, 38.0), (40, 0.975, 38.025)])
def test_the_wide_range_of_few_runs_is_that_of_all(runs: int, low: float, high: float) -> None:
    summary = summarise(np.arange(float(runs)), _draws(runs, 1))
    assert (summary.p2_5, summary.p97_5) == pytest.approx((low, high))
    assert summary.p2_5 < summary.p10 < summary.p50 < summary.p90 < summary.p97_5


def test_more_runs_sharpen_the_average_and_not_the_range() -> None:
    """Draws differ by 10 in standard deviation, fates by 3; the true range is 8 in 10 of both."""
    rng = np.random.default_rng(5)
    found = []
    for draws in (400, 1600):
        of_draw = np.repeat(rng.normal(40.0, 10.0, draws), 2)
        found.append(summarise(of_draw + rng.normal(0.0, 3.0, 2 * draws), _draws(draws)))
    half = NormalDist().inv_cdf(0.9) * math.hypot(10.0, 3.0)
    for summary in found:
        assert (summary.p10, summary.p90) == pytest.approx((40 - half, 40 + half), abs=1.5)
    widths = [float(summary.mean_high_95 - summary.mean_low_95) for summary in found]
    assert widths[0] / widths[1] == pytest.approx(2.0, rel=0.1)


def test_each_runs_own_ratio_has_no_limit_where_it_gains_nothing() -> None:
    found = ratios_of_runs(np.array([10.0, 10.0, -4.0, 9.0]), np.array([2.0, 0.0, 4.0, -3.0]))
    assert found.tolist() == [5.0, math.inf, -1.0, math.inf]


def test_how_well_a_mean_is_known_stays_within_what_the_number_can_be() -> None:
    """A share of nearly none, and one of nearly all; Student's interval of both passes the end."""
    found = summarise(np.array([[0.0, 1.0]] * 7 + [[0.1, 0.9]]), np.arange(8.0))
    assert found.mean_low_95[0] < 0.0
    assert found.mean_high_95[1] > 1.0
    low, high = precision(found, *INDICATORS[INDEX["vacancy_rate_fte"]].bounds)
    assert low.tolist() == [0.0, found.mean_low_95[1]]
    assert high.tolist() == [found.mean_high_95[0], 1.0]
    assert INDICATORS[INDEX["turnover_rate_fte"]].bounds == (0.0, math.inf)
    assert INDICATORS[INDEX["other_net_change_fte"]].bounds == (-math.inf, math.inf)
