"""The closed form of the yield (model.md section 9) against the simulation.

x = k / (k + h) x (1 - exp(-(k + h)(t - d))), per funded FTE, with k = gamma x experienced starters
a year x base weight / V_ref, h the leaving rate and d the mean time from funding to the first
possible start. It makes these approximations:

- The response of candidates to vacancies is taken as linear: ((V + n) / V)^gamma is 1 + gamma n/V.
  The test lets the closed form differ from the simulated interval by as much as it differs from the
  same balance with the power kept, solved numerically (`_without_linearising`), and no more.
- The baseline's advertised FTE stays at V_ref (here true in the mean: the council is in balance).
- A vacancy is either advertised or filled: steps of hiring are short (a week in all), and a post
  that falls vacant in notice is advertised at once.
- Leaving is exponential at one rate; posts are of one FTE; no pipelines, one labour market.
"""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pytest
from scipy.stats import t as student

from sim.engine.simpy.engine import simulate
from sim.inputs.fates import Fates
from tests.helpers import (
    GAMMA,
    SEED,
    SHORT_STEPS,
    UNLIMITED,
    balanced_plan,
    extra_posts,
    market_index,
    standard_error,
)

EXTRA = 20.0
PAIRS = 48
START = dt.date(2021, 10, 1)
YEARS = (2, 5)


def _closed_form(k: float, h: float, t: float, d: float) -> float:
    return k / (k + h) * (1 - math.exp(-(k + h) * (t - d)))


def _without_linearising(
    gamma: float, starters: float, reference: float, h: float, t: float, d: float
) -> float:
    """The same balance, the power of the matching function kept, by small steps."""
    gained, step = 0.0, 0.001
    for _ in range(round((t - d) / step)):
        response = ((reference + EXTRA - gained) / reference) ** gamma - 1
        gained += step * (starters * response - h * gained)
    return gained / EXTRA


@pytest.mark.slow
@pytest.mark.parametrize("gamma", [0.1, 0.4, 0.8, 1.0])
def test_yield_agrees_with_the_closed_form(gamma: float) -> None:
    overrides = {GAMMA: gamma} | SHORT_STEPS | UNLIMITED
    base = balanced_plan(overrides)
    more = balanced_plan(overrides, extra_posts("assessment", EXTRA, start=START))
    market = base.markets[market_index(base, "social_worker")]
    opened = (START - base.start_date).days
    ends = [np.searchsorted(base.boundaries, opened + 365.25 * (year - 0.1)) for year in YEARS]
    gains = []
    for replication in range(PAIRS):
        filled = [
            simulate(plan, Fates(SEED, replication)).stocks["filled"].sum(axis=1)
            for plan in (base, more)
        ]
        gains.append([(filled[1] - filled[0])[end] / EXTRA for end in ends])
    sample = np.array(gains)
    hired = market.acceptance * (1 - market.drop_out)
    starters = market.candidates_per_day * hired * 365.25
    leaving = 0.148
    dead_time = (market.approval_days + market.selection_days + market.ready_days) / 365.25
    half_width = student.ppf(0.975, PAIRS - 1) * standard_error(sample)
    for column, end in enumerate(ends):
        t = (base.boundaries[end + 1] - opened) / 365.25
        k = gamma * starters / market.reference_fte
        closed = _closed_form(k, leaving, t, dead_time)
        exact = _without_linearising(gamma, starters, market.reference_fte, leaving, t, dead_time)
        tolerance = float(half_width[column]) + abs(closed - exact)
        assert sample[:, column].mean() == pytest.approx(closed, abs=tolerance)
        assert tolerance < max(0.06, 0.35 * closed), "too blunt to test anything"


def test_the_yield_is_nothing_at_gamma_0() -> None:
    overrides = {GAMMA: 0.0}
    base = balanced_plan(overrides)
    more = balanced_plan(overrides, extra_posts("assessment", EXTRA, start=START))
    for replication in range(3):
        a, b = (simulate(plan, Fates(SEED, replication)) for plan in (base, more))
        np.testing.assert_array_equal(a.stocks["filled"].sum(1), b.stocks["filled"].sum(1))


def test_no_post_is_filled_before_it_could_be() -> None:
    plan = balanced_plan({GAMMA: 1.0}, extra_posts("assessment", EXTRA, start=START))
    market = plan.markets[market_index(plan, "social_worker")]
    soonest = market.approval_days + market.selection_days + market.ready_days
    existing = len(balanced_plan().posts)
    opened = (START - plan.start_date).days
    runs = [simulate(plan, Fates(SEED, replication)).vacancies for replication in range(5)]
    filled = np.concatenate([found["filled_day"][found["post"] >= existing] for found in runs])
    assert len(filled)
    assert filled.min() >= opened + soonest
