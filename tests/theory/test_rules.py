"""The pure rules, the draws and the start position, over random inputs."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import assume, example, given, reject, settings
from hypothesis import strategies as st
from scipy import stats

from sim.config.behaviour import Correlation
from sim.config.errors import InputError
from sim.config.quantity import Grade, Quantity, Scale, Unit
from sim.config.roles import Role
from sim.engine import formulas
from sim.inputs.casework_plan import on_grid
from sim.inputs.draws import draw_values, quantities, standard_normal, value_at, year_variation
from sim.inputs.plan import HUNDREDTHS, hundredths
from sim.inputs.position import PostState, split_into_posts, start_position
from sim.inputs.posts import whole_posts
from tests.helpers import devon, evidence, package

Z95 = NormalDist().inv_cdf(0.95)
unit = st.floats(1e-9, 1.0 - 1e-9)
positive = st.floats(1e-3, 1e3)
share = st.floats(0.0, 1.0)


# -- rules -----------------------------------------------------------------------------------------


@given(unit, unit)
def test_exponential_falls_with_the_uniform(a: float, b: float) -> None:
    assert formulas.exponential(a) >= 0.0
    assert math.exp(-formulas.exponential(a)) == pytest.approx(a)
    if a < b:
        assert formulas.exponential(a) >= formulas.exponential(b)


@given(positive, positive, share, st.floats(0.1, 5.0), st.floats(0.1, 5.0))
def test_candidate_rate_ratio(v: float, ref: float, gamma: float, pull: float, year: float) -> None:
    ratio = formulas.candidate_rate_ratio(v, ref, gamma, pull, year)
    assert ratio > 0.0
    assert formulas.candidate_rate_ratio(ref, ref, gamma, 1.0, 1.0) == pytest.approx(1.0)
    assert formulas.candidate_rate_ratio(v, ref, 0.0, pull, year) == pytest.approx(pull * year)
    assert formulas.candidate_rate_ratio(v, ref, 1.0, pull, year) == pytest.approx(
        v / ref * pull * year
    )
    assert formulas.candidate_rate_ratio(2 * v, ref, gamma, pull, year) == pytest.approx(
        2**gamma * ratio
    )
    assert formulas.candidate_rate_ratio(0.0, ref, gamma, pull, year) == 0.0


@given(st.floats(0.0, 300.0), share, share, st.floats(-3.0, 3.0), share)
def test_nobody_carries_less_than_nothing(
    full: float, fte: float, part: float, freed: float, lost: float
) -> None:
    capacity = formulas.capacity_of(full, fte, part, freed, lost)
    assert 0.0 <= capacity <= full * 4.0
    if freed <= -1.0:
        assert capacity == 0.0


def test_a_post_without_pull_beside_one_with_it() -> None:
    assert formulas.pull_over(2.0, 4.0) == 0.5
    assert formulas.pull_over(0.0, 4.0) == formulas.pull_over(0.0, 0.0) == 0.0
    assert formulas.pull_over(1.0, 0.0) == math.inf
    assert formulas.race_time(0.5, math.inf) == 0.0


@given(st.lists(st.floats(0.0, 500.0), max_size=60))
def test_sums_on_the_grid_leave_nothing(points: list[float]) -> None:
    on = [on_grid(x) for x in points]
    total = 0.0
    for x in on:
        total += x
    for x in sorted(on, reverse=True):
        total -= x
    assert total == 0.0
    assert all(abs(x - y) <= 2.0**-21 for x, y in zip(points, on, strict=True))


@given(positive, positive, positive, st.integers(1, 200))
def test_capped_ratio(ratio: float, rate: float, cap: float, posts: int) -> None:
    capped = formulas.capped_ratio(ratio, rate, cap, posts)
    assert capped <= ratio
    assert capped * rate <= cap * posts * (1 + 1e-12)
    assert capped in (ratio, pytest.approx(cap * posts / rate))


@given(unit, positive)
def test_race_time(luck: float, weight: float) -> None:
    assert formulas.race_time(luck, 2 * weight) == pytest.approx(
        formulas.race_time(luck, weight) / 2
    )
    assert formulas.race_time(luck, 0.0) == math.inf


def test_a_race_is_won_in_proportion_to_weight() -> None:
    rng = np.random.default_rng(1)
    weights = (1.0, 2.0, 5.0)
    wins = np.zeros(3)
    for row in rng.random((6000, 3)):
        wins[np.argmin([formulas.race_time(u, w) for u, w in zip(row, weights, strict=True)])] += 1
    assert stats.chisquare(wins, np.array(weights) / 8 * 6000).pvalue > 0.001


@given(st.floats(1.0, 4.0), share, share)
def test_manager_gap_effect(strength: float, a: float, b: float) -> None:
    assert formulas.manager_gap_effect(strength, 0.0) == 1.0
    assert formulas.manager_gap_effect(strength, 1.0) == pytest.approx(strength)
    assert formulas.manager_gap_effect(1.0, a) == 1.0
    if a <= b:
        assert formulas.manager_gap_effect(strength, a) <= formulas.manager_gap_effect(strength, b)


@given(st.floats(1.0, 4.0), st.floats(0, 50), st.floats(1, 300), st.floats(1, 12))
def test_contagion_effect(strength: float, recent: float, heads: float, span: float) -> None:
    effect = formulas.contagion_effect(strength, recent, heads, span)
    assert 1.0 <= effect <= strength
    assert formulas.contagion_effect(strength, 0.0, heads, span) == 1.0
    assert formulas.contagion_effect(1.0, recent, heads, span) == 1.0
    assert formulas.contagion_effect(strength, recent, 0.0, span) == 1.0
    assert formulas.contagion_effect(strength, recent + 1, heads, span) >= effect


@given(share, st.floats(-50, 50), st.integers(0, 60), st.integers(0, 60))
def test_above_establishment_kept(release: float, over: float, start: int, level: int) -> None:
    kept = formulas.above_establishment_kept(release, over, start, level)
    assert kept >= 0
    assert formulas.above_establishment_kept(0.0, over, start, level) == level
    assert formulas.above_establishment_kept(release, float(start), start, level) == level
    exact = level + release * (max(0.0, over) - start)
    assert abs(kept - max(0.0, exact)) <= 0.5 + 1e-9


@given(share, share, share)
def test_cover_moves_from_one_level_to_the_next(luck: float, before: float, level: float) -> None:
    """The chances are those that carry a share from one level to the other."""
    if level < before:
        assert formulas.keeps_cover(luck, before, level) == (luck * before < level)
        assert not formulas.gains_cover(luck, before, level)
    else:
        assert formulas.keeps_cover(luck, before, level) or luck * before == level
    assert formulas.gains_cover(luck, before, 1.0) or before == 1.0 or luck == 1.0
    assert not formulas.keeps_cover(luck, before, 0.0)


@given(share, share, st.floats(0.01, 100), st.floats(0.01, 100))
def test_cover_at_a_multiple_of_its_rate(
    covered: float, pending: float, slow: float, fast: float
) -> None:
    """The rate itself gives its own shares, a higher one more cover, none of it no cover."""
    slow, fast = sorted((slow, fast))
    at, waiting = formulas.share_covered_at, formulas.share_pending_at
    assert at(covered, pending, 1.0) == pytest.approx(covered, abs=1e-12)
    assert waiting(pending, 1.0) == pytest.approx(pending, abs=1e-12)
    assert at(covered, pending, 0.0) == 0.0
    assert at(0.0, pending, fast) == 0.0
    assert at(1.0, pending, slow) == 1.0
    assert 0.0 <= at(covered, pending, slow) <= at(covered, pending, fast) + 1e-12 <= 1.0 + 1e-12
    assert 0.0 <= waiting(pending, slow) <= waiting(pending, fast) + 1e-12 <= 1.0 + 1e-12


@given(st.floats(0, 1000), st.floats(1, 1000), share)
def test_recovered_share(days: float, tie: float, recovery: float) -> None:
    back = formulas.recovered_share(days, tie, recovery)
    assert 0.0 <= back <= recovery
    assert formulas.recovered_share(0.0, tie, recovery) == pytest.approx(recovery)
    assert formulas.recovered_share(tie, tie, recovery) == 0.0


# -- posts and position ----------------------------------------------------------------------------


@given(st.integers(0, 5000), st.integers(1, 9), share)
def test_split_into_posts_keeps_the_sum(tenths: int, part: int, part_time_share: float) -> None:
    sizes = split_into_posts(tenths, part / 10, part_time_share)
    assert round(math.fsum(sizes) * 10) == tenths
    assert math.fsum(sizes) == pytest.approx(tenths / 10)
    assert all(0.0 < size <= 1.0 for size in sizes)
    odd = [s for s in sizes if s not in (1.0, part / 10)]
    assert len(odd) <= 2


@given(st.integers(200, 5000))
def test_split_into_posts_keeps_the_part_time_share(tenths: int) -> None:
    sizes = split_into_posts(tenths, 0.6, 0.2)
    assert sum(s == 0.6 for s in sizes) / len(sizes) == pytest.approx(0.2, abs=0.1)


@given(st.floats(0.0, 300.0))
def test_whole_posts_keep_the_sum(fte: float) -> None:
    fte = round(fte, 2)
    sizes = whole_posts(fte)
    assert sum(hundredths(size) for size in sizes) == hundredths(fte)
    assert all(0.0 < size <= 1.0 for size in sizes)
    assert [size for size in sizes if size != hundredths(size) / HUNDREDTHS] == []


def _tenth(low: float, high: float) -> st.SearchStrategy[float]:
    return st.integers(round(low * 10), round(high * 10)).map(lambda n: n / 10)


@settings(max_examples=80, deadline=None)
@given(
    inpost=_tenth(220, 420),
    vacancy=_tenth(20, 150),
    cover_share=share,
    above=st.integers(0, 60),
    practitioners=_tenth(0, 60),
    manager_posts=_tenth(8, 40),
    manager_gap=share,
    senior=st.sampled_from([0.0, 0.01, 0.05, 0.2]),
    part_time=st.sampled_from([0.0, 0.2, 0.5]),
    press=st.booleans(),
)
@example(
    inpost=220.0,
    vacancy=34.8,
    cover_share=0.16796875,
    above=0,
    practitioners=0.4,
    manager_posts=11.0,
    manager_gap=0.375,
    senior=0.0,
    part_time=0.0,
    press=False,
)
def test_published_totals_bind_whatever_they_are(
    inpost: float,
    vacancy: float,
    cover_share: float,
    above: int,
    practitioners: float,
    manager_posts: float,
    manager_gap: float,
    senior: float,
    part_time: float,
    press: bool,
) -> None:
    manager_vacancy = round(min(manager_posts, vacancy) * manager_gap * 0.5, 1)
    cover = round(vacancy * cover_share, 1)
    managers = manager_posts - manager_vacancy
    case_holders = round(inpost + cover - managers - practitioners + above, 1)
    assume(inpost - managers - practitioners > 50)
    base = devon()
    totals = base.totals.model_copy(
        update={
            "inpost_fte": inpost,
            "vacancy_fte": vacancy,
            "agency_cover_fte": cover,
            "agency_above_establishment_fte": float(above),
            "case_holders_fte": case_holders,
            "team_manager_posts_fte": manager_posts,
            "team_manager_vacancy_fte": manager_vacancy,
            "senior_practitioner_vacancy_share": senior,
            "part_time_share": part_time,
        }
    )
    update = {"totals": totals} if press else {"totals": totals, "frontline": None}
    try:
        position = start_position(base.model_copy(update=update))
    except InputError:
        reject()
    sums = dict.fromkeys(PostState, 0.0)
    for post in position.posts:
        sums[post.state] += post.fte
    assert sums[PostState.FILLED] == pytest.approx(inpost, abs=1e-6)
    assert sums[PostState.COVERED] == pytest.approx(cover, abs=1e-6)
    assert sums[PostState.UNCOVERED] == pytest.approx(vacancy - cover, abs=1e-6)
    mine = [p for p in position.posts if p.role is Role.TEAM_MANAGER]
    assert math.fsum(p.fte for p in mine) == pytest.approx(manager_posts, abs=1e-6)
    filled = math.fsum(p.fte for p in mine if p.state is PostState.FILLED)
    assert filled == pytest.approx(manager_posts - manager_vacancy, abs=1e-6)
    holders = math.fsum(
        p.fte
        for p in position.posts
        if p.role is Role.SOCIAL_WORKER and p.state is not PostState.UNCOVERED
    )
    assert holders + above == pytest.approx(case_holders, abs=1e-6)
    assert sum(position.above_establishment) == above
    assert len({post.name for post in position.posts}) == len(position.posts)


# -- draws -----------------------------------------------------------------------------------------


@st.composite
def _quantities(draw: st.DrawFn) -> Quantity:
    scale = draw(st.sampled_from(list(Scale)))
    ends = st.floats(0.01, 0.99) if scale is Scale.LOGIT else st.floats(0.01, 50.0)
    low, central, high = sorted(draw(st.tuples(ends, ends, ends)))
    kind = Unit.SHARE if scale is Scale.LOGIT else Unit.WEEKS
    return Quantity(
        low=low, central=central, high=high, unit=kind, grade=Grade.JUDGEMENT, source="x",
        scale=scale,
    )  # fmt: skip


@given(_quantities(), st.floats(-6, 6), st.floats(-6, 6))
def test_a_draw_passes_through_its_percentiles_and_ascends(
    quantity: Quantity, a: float, b: float
) -> None:
    assert value_at(quantity, -Z95) == pytest.approx(quantity.low, rel=1e-6)
    assert value_at(quantity, 0.0) == pytest.approx(quantity.central, rel=1e-9)
    assert value_at(quantity, Z95) == pytest.approx(quantity.high, rel=1e-6)
    lower, upper = quantity.bounds
    assert lower <= value_at(quantity, a) <= upper
    if a <= b:
        assert value_at(quantity, a) <= value_at(quantity, b) + 1e-12


def test_every_shipped_draw_is_inside_its_bounds_and_draw_0_is_central() -> None:
    behaviour = evidence().behaviour
    known = quantities(behaviour, devon())
    for draw in range(60):
        values = draw_values(known, behaviour.correlations, 5, draw)
        for key, quantity in known.items():
            lower, upper = quantity.bounds
            assert lower <= values[key] <= upper, key
            if draw == 0:
                assert values[key] == quantity.central


def test_draws_have_the_percentiles_and_the_correlation_that_were_asked_for() -> None:
    behaviour = evidence().behaviour
    known = quantities(behaviour, devon())
    n = 800
    rows = [draw_values(known, behaviour.correlations, 9, d) for d in range(1, n + 1)]
    spread = 4 * math.sqrt(0.05 * 0.95 / n)
    for key, quantity in known.items():
        if (
            quantity.is_certain
            or quantity.low in quantity.bounds
            or quantity.high in quantity.bounds
            or quantity.central in (quantity.low, quantity.high)
        ):
            continue
        sample = np.array([row[key] for row in rows])
        assert np.mean(sample < quantity.low) == pytest.approx(0.05, abs=spread), key
        assert np.mean(sample > quantity.high) == pytest.approx(0.05, abs=spread), key
        half = 4 * 0.5 / math.sqrt(n)
        assert np.mean(sample < quantity.central) == pytest.approx(0.5, abs=half), key
    pair: Correlation = behaviour.correlations[0]
    first, second = (np.array([row[k] for row in rows]) for k in (pair.first, pair.second))
    rank = stats.spearmanr(first, second).statistic
    expected = 6 / math.pi * math.asin(pair.value / 2)
    assert rank == pytest.approx(expected, abs=0.06)


def test_adding_a_quantity_moves_no_other() -> None:
    behaviour = evidence().behaviour
    few = quantities(behaviour, devon())
    many = quantities(behaviour, devon(), [package()])
    assert len(many) > len(few)
    a = draw_values(few, behaviour.correlations, 5, 7)
    b = draw_values(many, behaviour.correlations, 5, 7)
    assert all(b[key] == value for key, value in a.items())


def test_scores_are_standard_normal_and_years_unrelated() -> None:
    scores = [standard_normal(1, draw, "x") for draw in range(2000)]
    assert stats.kstest(scores, "norm").pvalue > 0.001
    years = np.array([year_variation(1, draw, "exits", 3) for draw in range(1, 1500)])
    assert np.abs(np.corrcoef(years.T) - np.eye(3)).max() < 4.5 / math.sqrt(1500)
    assert year_variation(1, 0, "exits", 4) == [0.0] * 4
