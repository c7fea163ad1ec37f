"""Scores: formulas known in closed form, and forecasts whose score is known beforehand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import norm

from sim.experiment.scores import crps, histogram, is_covered, place_of, skill, width

DRAWS = norm.ppf((np.arange(2000) + 0.5) / 2000)
"""A standard normal distribution in 2,000 equal parts."""


def crps_of_normal(outcome: float) -> float:
    """Gneiting and Raftery 2007, equation 21."""
    return float(
        outcome * (2 * norm.cdf(outcome) - 1) + 2 * norm.pdf(outcome) - 1 / math.sqrt(math.pi)
    )


@pytest.mark.parametrize("outcome", [-3.0, -0.4, 0.0, 1.0, 2.5])
def test_crps_of_many_normal_draws_is_the_closed_form(outcome: float) -> None:
    assert crps(DRAWS, outcome) == pytest.approx(crps_of_normal(outcome), abs=1e-3)
    moved = crps(40 + 5 * DRAWS, 40 + 5 * outcome)
    assert moved == pytest.approx(5 * crps_of_normal(outcome), abs=5e-3)


def test_crps_of_few_draws() -> None:
    assert crps(np.array([3.0]), 5.0) == 2.0
    assert crps(np.array([0.0, 1.0]), 0.0) == pytest.approx(0.5 - 0.25)
    draws = np.array([4.0, 1.0, 9.0])
    between = np.abs(draws[:, None] - draws).mean()
    assert crps(draws, 2.0) == pytest.approx(np.abs(draws - 2.0).mean() - between / 2)


def test_the_true_spread_has_the_lowest_crps() -> None:
    outcomes = np.random.default_rng(1).standard_normal(2000)
    mean = {s: np.mean([crps(s * DRAWS, o) for o in outcomes]) for s in (0.5, 0.8, 1.0, 1.25, 2.0)}
    assert min(mean, key=lambda s: mean[s]) == 1.0


def places(spread: float, digits: int, count: int = 4000) -> np.ndarray:
    """Places of outcomes among 39 draws of so much spread, all rounded to so many digits."""
    random = np.random.default_rng(2)
    luck = random.random(count)
    outcomes = np.round(random.standard_normal(count), digits)
    draws = np.round(spread * random.standard_normal((count, 39)), digits)
    return np.array([place_of(d, o, u) for d, o, u in zip(draws, outcomes, luck, strict=True)])


@pytest.mark.parametrize("digits", [9, 0])
def test_places_of_a_true_forecast_are_uniform_with_ties_and_without(digits: int) -> None:
    found = places(1.0, digits)
    assert np.quantile(found, (0.1, 0.25, 0.5, 0.75, 0.9)) == pytest.approx(
        (0.1, 0.25, 0.5, 0.75, 0.9), abs=0.03
    )
    for coverage in (0.5, 0.8, 0.95):
        assert is_covered(found, coverage).mean() == pytest.approx(coverage, abs=0.025)


def test_a_forecast_that_is_too_narrow_or_too_wide_is_found() -> None:
    assert is_covered(places(0.5, 9), 0.8).mean() < 0.6
    assert is_covered(places(2.0, 9), 0.8).mean() > 0.95
    narrow, wide = histogram(places(0.5, 9)), histogram(places(2.0, 9))
    assert narrow[0] > 0.2 > wide[0]
    assert narrow.sum() == pytest.approx(1.0)


def test_a_tie_is_no_hit_by_itself() -> None:
    """Where all draws and the outcome are 1, it may lie anywhere among them."""
    draws = np.ones(199)
    assert [place_of(draws, 1.0, luck) for luck in (0.02, 0.5, 0.98)] == pytest.approx(
        [0.02, 0.5, 0.98]
    )
    assert is_covered(np.array([0.02, 0.5, 0.98]), 0.8).tolist() == [0.0, 1.0, 0.0]


def test_width_is_that_of_the_central_range() -> None:
    assert width(DRAWS) == pytest.approx(2 * norm.ppf(0.9), rel=1e-2)
    assert width(np.arange(0.0, 101.0), 0.5) == pytest.approx(50.0)


def test_skill_is_the_gain_in_mean_score() -> None:
    ours, theirs = np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 6.0])
    assert skill(ours, theirs, [*"abc"]) == pytest.approx((0.5, 0.0))
    gain, _ = skill(np.array([1.0, 3.0]), np.array([1.0, 1.0]), [*"ab"])
    assert gain == pytest.approx(-1.0)
    assert math.isnan(skill(ours, theirs, [*"aaa"])[1])


def test_a_council_counted_three_times_adds_no_certainty() -> None:
    random = np.random.default_rng(3)
    ours, theirs = random.gamma(4, size=150), random.gamma(5, size=150)
    names = [f"council {number}" for number in range(450)]
    once = skill(ours, theirs, names[:150])
    thrice = skill(np.tile(ours, 3), np.tile(theirs, 3), names[:150] * 3)
    assert thrice == pytest.approx(once)
    apart = skill(np.tile(ours, 3), np.tile(theirs, 3), names)
    assert apart[1] < 0.6 * once[1]


def test_the_standard_error_is_the_spread_over_many_samples() -> None:
    random = np.random.default_rng(4)
    found = []
    for _ in range(400):
        council = random.gamma(9, size=(100, 1))
        ours, theirs = council * random.gamma(9, size=(2, 100, 3))
        found.append(skill(ours.ravel(), theirs.ravel(), sorted([*map(str, range(100))] * 3)))
    gains, errors = np.array(found).T
    assert errors.mean() == pytest.approx(gains.std(ddof=1), rel=0.12)
