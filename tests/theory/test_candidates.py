"""Candidates: Poisson streams, thinned; gamma 0 and gamma 1 in full runs."""

from __future__ import annotations

import dataclasses
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from sim.config.roles import Role
from sim.config.routes import Route
from sim.engine.records import Array
from sim.engine.simpy.engine import simulate
from sim.inputs.fates import Fates
from sim.inputs.plan import Plan
from sim.scenario.scenario import Scenario
from tests.helpers import (
    GAMMA,
    SEED,
    SIMPLE,
    UNLIMITED,
    Trace,
    balanced_plan,
    devon_plan,
    extra_posts,
    market_index,
    run_sampled,
    shortened,
    standard_error,
    with_markets,
    without_recoding,
)


def _candidates(plan: Plan, replication: int) -> list[float]:
    """Days on which candidates for social worker posts came: each is one candidate's own."""
    trace = Trace()
    simulate(plan, Fates(SEED, replication), trace)
    managers = {p.name for p in plan.posts if p.market == market_index(plan, "team_manager")}
    days = [event.day for event in trace.of("candidate") if event.post not in managers]
    assert len(set(days)) == len(days), "two came on one instant"
    return days


def _at_ratio(ratio: float) -> Plan:
    """Nobody accepts and no cap binds, so that adverts never run out."""
    plan = shortened(balanced_plan({GAMMA: 0.0} | UNLIMITED), 13)
    return with_markets(plan, year_multipliers=(ratio,) * 5, acceptance=0.0)


@pytest.mark.parametrize("ratio", [0.5, 1.0, 2.5])
def test_number_of_candidates_is_poisson(ratio: float) -> None:
    plan = _at_ratio(ratio)
    counts = np.array([len(_candidates(plan, r)) for r in range(30)])
    market = plan.markets[market_index(plan, "social_worker")]
    mean = market.candidates_per_day * ratio * plan.horizon
    assert float(counts.sum()) == pytest.approx(mean * 30, abs=3.5 * np.sqrt(mean * 30))
    dispersion = ((counts - mean) ** 2).sum() / mean
    low, high = (float(stats.chi2.ppf(p, 30)) for p in (0.001, 0.999))
    assert low < dispersion < high


@pytest.mark.parametrize("ratio", [0.5, 2.5])
def test_candidates_come_evenly_over_time(ratio: float) -> None:
    plan = _at_ratio(ratio)
    days = [day for r in range(15) for day in _candidates(plan, 500 + r)]
    assert stats.kstest(np.array(days) / plan.horizon, "uniform").pvalue > 0.001


def test_a_higher_rate_only_adds_candidates() -> None:
    for replication in range(2):
        found = [_candidates(_at_ratio(r), replication) for r in (0.3, 1.0, 1.6, 3.2)]
        for fewer, more in pairwise(found):
            assert set(fewer) <= set(more)
            assert len(fewer) < len(more) or len(fewer) == 0


def test_no_adverts_no_candidates() -> None:
    plan = shortened(balanced_plan(), 13)
    posts = tuple(p for p in plan.posts if p.state.name == "FILLED")
    exits = dataclasses.replace(
        plan.exits, rates=dict.fromkeys(plan.exits.rates, ((0.0, 0.0, 0.0),) * 3)
    )
    notice = dict.fromkeys(plan.notice_probability, 0.0)
    plan = dataclasses.replace(plan, posts=posts, exits=exits, notice_probability=notice)
    assert _candidates(plan, 0) == []


def _experienced(plan: Plan, replication: int) -> Array:
    """Social workers who start through the market, by period (headcount)."""
    records = simulate(plan, Fates(SEED, replication))
    found = records.vacancies
    at_home = np.array([account.role is not Role.TEAM_MANAGER for account in plan.accounts])
    ours = found[(found["route"] == Route.EXPERIENCED) & at_home[found["account"]]]
    return np.histogram(ours["filled_day"], plan.boundaries)[0].astype(float)


@pytest.mark.parametrize(("team", "draw"), [("child_protection_court", 3), ("front_door", 5)])
def test_gamma_0_extra_posts_bring_nobody(team: str, draw: int) -> None:
    """Whatever their team: as many start in each month, exactly, in every replication.

    The rest of Devon is as shipped: weights, contagion, internal moves, cohorts, conversions. Only
    attractiveness must be equal, or new posts would change its mean over adverts: Devon's pay
    rises of 2020 still attract, so their effect on candidates is switched off.
    """
    overrides = {GAMMA: 0.0, "labour_market.pass_through": 0.0} | UNLIMITED
    without = devon_plan(overrides, draw=draw, scenario=extra_posts(team, 0.0))
    with_posts = devon_plan(overrides, draw=draw, scenario=extra_posts(team, 22.0))
    market = market_index(without, "social_worker")
    for replication in range(1, 2):
        days = [30.0 * month for month in range(1, 60)]
        for plan in (without, with_posts):
            _, adverts = run_sampled(
                plan,
                Fates(SEED, replication),
                days,
                lambda w: [len(w.markets[market].adverts)],
            )
            assert adverts.min() > 0, "adverts ran out: the test would say nothing"
        before, after = _experienced(without, replication), _experienced(with_posts, replication)
        np.testing.assert_array_equal(before, after)
        assert before.sum() > 30


def test_gamma_0_starters_fte_is_unchanged_where_posts_are_of_one_size() -> None:
    overrides = {GAMMA: 0.0}
    for team in ("assessment", "care_leavers"):
        base = balanced_plan(overrides)
        more = balanced_plan(overrides, extra_posts(team, 20.0))
        for replication in range(3):
            flows = [
                simulate(p, Fates(SEED, replication)).flows["starters_experienced"].sum(1)
                for p in (base, more)
            ]
            np.testing.assert_array_equal(flows[0], flows[1])


def _hires_of_existing_posts(plan: Plan, replication: int, existing: int) -> float:
    records = simulate(plan, Fates(SEED, replication))
    return float((records.vacancies["post"] < existing).sum())


@pytest.mark.slow
def test_gamma_1_is_a_constant_chance_per_post_and_displaces_nobody_in_the_mean() -> None:
    overrides = SIMPLE | {GAMMA: 1.0}
    scenario: Scenario = extra_posts("assessment", 30.0)
    base, more = devon_plan(overrides), devon_plan(overrides, scenario)
    existing = len(base.posts)
    differences = np.array(
        [
            _hires_of_existing_posts(more, r, existing)
            - _hires_of_existing_posts(base, r, existing)
            for r in range(35)
        ]
    )
    assert abs(differences.mean()) < 3 * float(standard_error(differences))
    assert float(standard_error(differences)) < 2.0, "too blunt to see displacement"


@pytest.mark.slow
def test_between_gamma_0_and_1_extra_posts_displace() -> None:
    """The same comparison is able to fail: at gamma 0 existing posts lose their share."""
    overrides = SIMPLE | {GAMMA: 0.0}
    base, more = devon_plan(overrides), devon_plan(overrides, extra_posts("assessment", 30.0))
    existing = len(base.posts)
    differences = np.array(
        [
            _hires_of_existing_posts(more, r, existing)
            - _hires_of_existing_posts(base, r, existing)
            for r in range(20)
        ]
    )
    assert differences.mean() < -10


@pytest.mark.slow
def test_hires_of_a_post_are_in_proportion_to_weight_and_size() -> None:
    """Hires on day-0 vacancies of hard-to-recruit teams over others, weight 0.5, gamma 0."""
    overrides = SIMPLE | {
        GAMMA: 0.0,
        "labour_market.hard_to_recruit_weight": 0.5,
    }
    # Short, as posts of the greatest weight are soon taken and leave the others.
    plan = without_recoding(shortened(devon_plan(overrides), 4))
    vacant = {
        post.number: post.choice_weight * post.fte
        for post in plan.posts
        if post.state.name in ("COVERED", "UNCOVERED") and post.role is not Role.TEAM_MANAGER
    }
    hired: Counter[bool] = Counter()
    for replication in range(250):
        for post in simulate(plan, Fates(SEED, replication)).vacancies["post"]:
            if post in vacant:
                hired[plan.posts[post].choice_weight < 1] += 1
    hard = sum(v for n, v in vacant.items() if plan.posts[n].choice_weight < 1)
    chance = hard / sum(vacant.values())
    total = hired[True] + hired[False]
    assert hired[True] / total == pytest.approx(
        chance, abs=3.5 * np.sqrt(chance * (1 - chance) / total)
    )
