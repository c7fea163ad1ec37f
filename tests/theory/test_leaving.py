"""Leaving at constant rates is exponential; luck is kept when rates change."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from scipy import stats

from sim.engine.records import Array
from sim.engine.simpy.engine import simulate
from sim.inputs.fates import Fates
from sim.inputs.plan import Plan
from sim.inputs.position import PostState
from tests.helpers import (
    SEED,
    Trace,
    balanced_plan,
    registered,
    standard_error,
    with_markets,
)

NOTICE = 56.0
LEAVING = 0.148 / 365.25
LEVEL = LEAVING / (1 - LEAVING * NOTICE)
REPLICATIONS = 30


def _nobody_comes(multipliers: tuple[float, ...] | None = None) -> Plan:
    plan = with_markets(balanced_plan({"hiring.notice_team_manager": 8.0}), candidates_per_day=0.0)
    if multipliers is None:
        return plan
    return dataclasses.replace(
        plan, exits=dataclasses.replace(plan.exits, year_multipliers=multipliers)
    )


def _resignation_days(plan: Plan, first: int, count: int) -> Array:
    days: list[float] = []
    for replication in range(first, first + count):
        trace = Trace()
        simulate(plan, Fates(SEED, replication), trace)
        days += [event.day for event in trace.of("resigns")]
    return np.array(days)


@pytest.mark.slow
def test_time_to_resignation_is_exponential() -> None:
    plan = _nobody_comes()
    days = _resignation_days(plan, 0, 15)
    censored = (1 - np.exp(-LEVEL * days)) / (1 - math.exp(-LEVEL * plan.horizon))
    assert len(days) > 800
    assert stats.kstest(censored, "uniform").pvalue > 0.001


@pytest.mark.slow
def test_number_who_resign_is_binomial() -> None:
    plan = _nobody_comes()
    days = _resignation_days(plan, 100, REPLICATIONS)
    held = sum(post.state is PostState.FILLED for post in plan.posts)
    chance = (1 - LEAVING * NOTICE) * (1 - math.exp(-LEVEL * plan.horizon))
    trials = held * REPLICATIONS
    spread = math.sqrt(trials * chance * (1 - chance))
    assert len(days) == pytest.approx(trials * chance, abs=3.5 * spread)


@pytest.mark.slow
def test_in_post_decays_exactly_in_expectation() -> None:
    """Those under notice go evenly over the notice; the others resign, then serve their notice."""
    plan = _nobody_comes()
    held = sum(post.state is PostState.FILLED for post in plan.posts)
    runs = np.array(
        [
            simulate(plan, Fates(SEED, r)).stocks["filled"][:, registered(plan)].sum(1) / held
            for r in range(REPLICATIONS)
        ]
    )
    under_notice = LEAVING * NOTICE
    day = np.array(plan.boundaries[1:])
    expected = np.where(
        day < NOTICE,
        1 - under_notice * day / NOTICE,
        (1 - under_notice) * np.exp(-LEVEL * (day - NOTICE)),
    )
    score = (runs.mean(axis=0) - expected) / standard_error(runs)
    assert np.abs(score).max() < 4
    assert abs(score.mean()) < 3


@pytest.mark.slow
def test_exits_split_by_their_shares() -> None:
    plan = _nobody_comes()
    out, agency, council = (0.0, 0.0, 0.0)
    for replication in range(REPLICATIONS):
        flows = simulate(plan, Fates(SEED, replication)).flows
        out += flows["leavers_out"].sum()
        agency += flows["leavers_to_agency"].sum()
        council += flows["leavers_to_council"].sum()
    total = out + agency + council
    expected = np.array([1 - 0.17 - 0.27, 0.17, 0.27]) * total
    assert stats.chisquare([out, agency, council], expected).pvalue > 0.001


@pytest.mark.slow
def test_luck_never_changes_when_rates_do() -> None:
    """With rates that differ by year, the hazard run through until resignation is exponential."""
    multipliers = (0.5, 3.0, 0.2, 2.0, 1.0)
    plan = _nobody_comes(multipliers)
    edges = np.array(plan.boundaries)
    rate = np.array([LEVEL * multipliers[year] for year in plan.rates_year_of_period])
    hazard = np.concatenate([[0.0], np.cumsum(rate * np.diff(edges))])
    days = _resignation_days(plan, 200, REPLICATIONS)
    run_through = np.interp(days, edges, hazard)
    censored = (1 - np.exp(-run_through)) / (1 - math.exp(-hazard[-1]))
    assert stats.kstest(censored, "uniform").pvalue > 0.001


def test_higher_rates_bring_each_resignation_forward() -> None:
    slow, fast = _nobody_comes((1.0,) * 5), _nobody_comes((1.5,) * 5)
    when: list[dict[str, float]] = []
    for plan in (slow, fast):
        trace = Trace()
        simulate(plan, Fates(SEED, 1), trace)
        when.append({event.person: event.day for event in trace.of("resigns")})
    assert set(when[0]) <= set(when[1])
    for person, day in when[0].items():
        assert when[1][person] == pytest.approx(day / 1.5, rel=1e-9)
