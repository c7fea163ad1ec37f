"""Luck belongs to people, posts and candidates: one change moves one thing."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.config.roles import REGISTERED_ROLES, Role
from sim.engine.actions import casework
from sim.engine.formulas import normal_score
from sim.engine.records import Records, VacancyRecord
from sim.engine.simpy.engine import simulate
from sim.inputs.casework_plan import CHILD_IN_NEED
from sim.inputs.fates import Fates, Purpose, join, key_of, luck_at, unit
from sim.inputs.plan import Plan
from sim.scenario.scenario import Scenario, baseline
from tests.case_helpers import reviewed_daily
from tests.helpers import (
    NO_PIPELINES,
    SEED,
    Trace,
    balanced_plan,
    devon_plan,
    ended,
    extra_posts,
    package,
    same_records,
    started,
    stream_to,
)

words = st.integers(min_value=0, max_value=2**64 - 1)


# -- the numbers -----------------------------------------------------------------------------------


@pytest.mark.parametrize("purpose", list(Purpose))
def test_fates_are_uniform_over_entities_indices_and_replications(purpose: Purpose) -> None:
    fates = Fates(1, 1)
    by_entity = [fates.uniform(purpose, key_of(f"post {i}")) for i in range(1000)]
    by_index = [fates.uniform(purpose, key_of("market social_worker"), k) for k in range(1000)]
    by_replication = [Fates(1, r).uniform(purpose, 17) for r in range(200)]
    for sample in (by_entity, by_index, by_replication):
        assert stats.kstest(sample, "uniform").pvalue > 1e-4


def test_purposes_entities_indices_replications_and_seeds_are_unrelated() -> None:
    n = 2000
    keys = [key_of(f"post {i}") for i in range(n)]
    fates = Fates(1, 1)
    rows = [[fates.uniform(p, key) for key in keys] for p in Purpose]
    rows += [[fates.uniform(Purpose.COVER_SEARCH, key, k) for key in keys] for k in (1, 2, 3)]
    rows.append([fates.uniform(Purpose.COVER_SEARCH, join(key, 0)) for key in keys])
    rows.append([fates.uniform(Purpose.COVER_SEARCH, key + 1) for key in keys])
    rows.append([Fates(1, 2).uniform(Purpose.COVER_SEARCH, key) for key in keys])
    rows.append([Fates(2, 1).uniform(Purpose.COVER_SEARCH, key) for key in keys])
    correlation = np.corrcoef(np.array(rows))
    np.fill_diagonal(correlation, 0.0)
    assert np.abs(correlation).max() < 4.5 / np.sqrt(n)


@given(words, st.integers(min_value=0, max_value=2**63), st.sampled_from(list(Purpose)))
def test_a_fate_is_inside_0_and_1_and_depends_on_its_key_alone(
    entity: int, index: int, purpose: Purpose
) -> None:
    fates = Fates(3, 4)
    first = fates.uniform(purpose, entity, index)
    fates.uniform(Purpose.DROP_OUT, entity, index)
    assert 0.0 < first < 1.0
    assert fates.uniform(purpose, entity, index) == first
    assert Fates(3, 4).uniform(purpose, entity, index) == first


def test_luck_of_the_largest_and_smallest_bits_is_within_0_and_1() -> None:
    """53 bits and a half would round to 1, whose logarithm is no time and whose score no number."""
    for bits, expected in ((2**64 - 1, 1.0 - 2.0**-53), (0, 2.0**-53)):
        assert luck_at(stream_to(bits), 0) == expected
        assert unit(bits) == expected
        assert normal_score(expected) == pytest.approx(math.copysign(8.2, expected - 0.5), abs=0.1)


def test_no_two_questions_of_a_case_share_their_luck(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stays of 151 reviews, each followed by another stay."""
    asked: list[tuple[int, int]] = []

    def listening(stream: int, index: int) -> float:
        asked.append((stream, index))
        return luck_at(stream, index)

    monkeypatch.setattr(casework, "luck_at", listening)
    records = simulate(reviewed_daily(), Fates(SEED, 0)).cases
    assert records is not None
    assert records.flows["reviews_held"].sum() > 10_000
    assert records.entries[:, CHILD_IN_NEED].sum() > 100
    assert len(set(asked)) == len(asked)


@given(words, words)
def test_joined_keys_tell_order_apart(first: int, second: int) -> None:
    if first != second:
        assert join(first, second) != join(second, first)


# -- whole runs ------------------------------------------------------------------------------------


def test_same_seed_same_bytes_and_another_replication_differs() -> None:
    plan = devon_plan(scenario=package(), draw=2)
    first, other = (simulate(plan, Fates(SEED, r)) for r in (0, 1))
    again = simulate(plan, Fates(SEED, 0), Trace())
    assert same_records(first, again), "nor does a listener change anything"
    assert not same_records(first, other)


def _facts_of_the_baseline(plan: Plan, other: Plan, records: Records) -> list[bytes]:
    """Every array of a run, over the accounts and lines that the baseline's plan has too."""
    own = {account: i for i, account in enumerate(other.accounts)}
    columns = [own[account] for account in plan.accounts]
    tables = [*records.stocks.values(), *records.fte_days.values(), *records.flows.values()]
    facts = [np.ascontiguousarray(table[:, columns]).tobytes() for table in tables]
    lines = len(plan.lines)
    facts += [records.paid_gbp[:, :lines].tobytes(), records.recovered_gbp[:, :lines].tobytes()]
    facts += [records.above_fte.tobytes(), records.above_fte_days.tobytes()]
    facts += [records.targets.tobytes(), records.targets_filled.tobytes()]
    vacancies = records.vacancies[records.vacancies["post"] < len(plan.posts)]
    fields = [name for name in VacancyRecord._fields if name != "account"]
    return [*facts, *(vacancies[name].tobytes() for name in fields)]


NOTHING = {
    "size 0": extra_posts("assessment", 0.0),
    "after the horizon": extra_posts("assessment", 25.0, start=dt.date(2031, 10, 1)),
}


@pytest.mark.parametrize("scenario", NOTHING.values(), ids=NOTHING)
@pytest.mark.parametrize("draw", [1])
def test_posts_that_never_open_change_nothing_at_all(scenario: Scenario, draw: int) -> None:
    base, other = devon_plan(draw=draw), devon_plan(scenario=scenario, draw=draw)
    a, b = simulate(base, Fates(SEED, 3)), simulate(other, Fates(SEED, 3))
    assert a.events == b.events
    assert _facts_of_the_baseline(base, base, a) == _facts_of_the_baseline(base, other, b)


@pytest.mark.parametrize("draw", [1])
def test_posts_in_a_market_of_their_own_leave_social_work_untouched(draw: int) -> None:
    """Support posts have their own candidates: nothing of the registered workforce moves a bit."""
    scenario = extra_posts("child_protection_court", 12.0, role=Role.FAMILY_PRACTITIONER)
    base, other = devon_plan(draw=draw), devon_plan(scenario=scenario, draw=draw)
    a, b = simulate(base, Fates(SEED, 4)), simulate(other, Fates(SEED, 4))
    assert _facts_of_the_baseline(base, base, a) == _facts_of_the_baseline(base, other, b)
    support = [i for i, acc in enumerate(other.accounts) if acc.role not in REGISTERED_ROLES]
    assert b.stocks["filled"][-1, support].sum() > 5.0, "the support posts themselves are filled"


def _choices(plan: Plan, replication: int) -> dict[float, str]:
    """The posts that candidates chose, by the day on which they came, which is their own."""
    trace = Trace()
    simulate(plan, Fates(SEED, replication), trace)
    found = {event.day: event.post for event in trace.of("candidate")}
    assert len(found) == len(trace.of("candidate")), "two came on one instant"
    return found


def test_an_extra_post_changes_first_only_the_choice_that_it_wins() -> None:
    """Gamma 0: the same candidates come; the first whose choice differs chose the extra post.

    Later ones may differ because that candidate's first choice stayed on the market.
    """
    overrides = {"labour_market.vacancy_elasticity": 0.0}
    base, more = balanced_plan(overrides), balanced_plan(overrides, extra_posts("assessment", 5.0))
    for replication in range(2):
        before, after = _choices(base, replication), _choices(more, replication)
        assert before.keys() == after.keys()
        first = min(day for day in before if before[day] != after[day])
        assert after[first].startswith("extra/")
        kept = sum(before[day] == after[day] for day in before)
        assert kept > 0.5 * len(before)


def _thresholds(plan: Plan, replication: int) -> dict[int, float]:
    """Day of resignation of those in post on day 0, by the key of their luck."""
    w = started(plan, Fates(SEED, replication))
    return {worker.key: worker.thresholds[0] for worker in w.workers}


def test_people_of_day_0_have_the_same_luck_in_every_scenario() -> None:
    plans = [devon_plan(scenario=s) for s in (baseline(), package(), NOTHING["size 0"])]
    found = [_thresholds(plan, 1) for plan in plans]
    assert found[0] == found[1] == found[2]
    assert len(found[0]) == sum(post.state.name == "FILLED" for post in plans[0].posts)


def test_resignations_of_day_0_staff_in_other_teams_do_not_move() -> None:
    """No internal moves, contagion or manager gap: extra posts move nobody's resignation day."""
    overrides = NO_PIPELINES | {
        "exits.contagion_multiplier": 1.0,
        "exits.manager_gap_multiplier": 1.0,
    }
    days = []
    for scenario in (baseline(), extra_posts("child_protection_court", 20.0)):
        plan = devon_plan(overrides, scenario)
        trace = Trace()
        w = started(plan, Fates(SEED, 6), is_traced=True)
        at_start = {f"worker {worker.person}": worker.key for worker in w.workers}
        ended(plan, w, trace)
        resigned = [event for event in trace.of("resigns") if event.person in at_start]
        days.append({at_start[event.person]: event.day for event in resigned})
    assert days[0] == days[1]
    assert len(days[0]) > 100


def test_posts_are_keyed_by_name_not_by_place() -> None:
    """The order of measures in a scenario changes nothing but the order of accounts."""
    scenario = package()
    backwards = scenario.model_copy(update={"measures": scenario.measures[::-1]})
    one, other = devon_plan(scenario=scenario), devon_plan(scenario=backwards)
    keys = {post.name: post.key for post in one.posts}
    assert {post.name: post.key for post in other.posts} == keys
    assert len(set(keys.values())) == len(keys)
    a, b = (simulate(plan, Fates(SEED, 1)) for plan in (one, other))
    assert a.events == b.events
    for name in a.stocks:
        np.testing.assert_allclose(a.stocks[name].sum(1), b.stocks[name].sum(1), atol=1e-9)


def test_records_compare_every_field() -> None:
    plan = balanced_plan()
    records = simulate(plan, Fates(SEED, 0))
    changed = dataclasses.replace(records, above_fte=records.above_fte + 1e-12)
    assert not same_records(records, changed)
