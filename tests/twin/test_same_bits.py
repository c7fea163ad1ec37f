"""Luck, sums and formulas give the same bits compiled as in Python."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine import rules
from sim.inputs.fates import Fates, join, luck_at, mix, nth_key
from tests.helpers import stream_to

probes: Any = pytest.importorskip(
    "tests.twin.probes", reason="the compiled engine needs Numba", exc_type=ImportError
)

KEYS = st.integers(0, 2**64 - 1)
NUMBERS = st.one_of(st.just(-1), st.integers(0, 1000), st.integers(-(2**63), 2**63 - 1))
SIZES = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e300, max_value=1e300)
ROWS = 20_000


@settings(deadline=None, max_examples=50)
@given(
    st.integers(0, 10**9),
    st.lists(st.tuples(KEYS, KEYS, NUMBERS), min_size=1, max_size=100),
)
def test_luck_is_the_same_for_any_key_and_number(
    seed: int, asked: list[tuple[int, int, int]]
) -> None:
    fates = Fates(seed, seed % 7)
    keys = np.array([row[:2] for row in asked], np.uint64)
    numbers = np.array([row[2] for row in asked], np.int64)
    found, units = probes.luck(fates, keys, numbers)
    for place, (first, second, number) in enumerate(asked):
        purpose = 1 + place % 8
        assert found[place].tolist() == [
            mix(first),
            join(first, second),
            nth_key(first, number),
            fates.stream(purpose, second),
            join(first, number),
        ]
        assert units[place].tolist() == [
            luck_at(first, number),
            fates.uniform(purpose, first, number),
            fates.uniform(purpose, first, second),
        ]


def test_luck_of_the_largest_bits_is_below_1() -> None:
    keys = np.array([[stream_to(2**64 - 1), 0], [stream_to(0), 0]], np.uint64)
    _, units = probes.luck(Fates(1, 1), keys, np.zeros(2, np.int64))
    assert units[:, 0].tolist() == [1.0 - 2.0**-53, 2.0**-53]


@settings(deadline=None, max_examples=300)
@given(st.lists(st.one_of(SIZES, st.sampled_from([0.1, 1e16, -1e16, 1e-300, 0.0])), max_size=60))
def test_the_exact_sum_is_the_one_of_python(values: list[float]) -> None:
    try:
        expected = math.fsum(values)
    except OverflowError:
        return
    found = probes.compiled_sum(values)
    assert np.float64(found).tobytes() == np.float64(expected).tobytes()


def lucks(count: int) -> Any:
    """Uniform numbers as fates are, the ends of their range among them."""
    whole = np.random.default_rng(1).integers(0, 2**52, count)
    whole[:4] = 0, 1, 2**52 - 1, 2**51
    ends = 2.0 ** -np.random.default_rng(2).uniform(1.0, 52.0, count // 4)
    return np.concatenate([(whole + 0.5) * 2.0**-52, ends, 1.0 - ends])


def test_every_formula_is_the_same_to_the_last_bit() -> None:
    luck = lucks(ROWS)
    random = np.random.default_rng(3)
    count = len(luck)
    sizes = 10.0 ** random.uniform(-3.0, 3.0, (count, 3))
    sizes[random.random((count, 3)) < 0.1] = 0.0
    shares = random.random((count, 2))
    shares[random.random((count, 2)) < 0.1] = 0.0
    shares[random.random((count, 2)) < 0.1] = 1.0
    rows = np.column_stack([luck, sizes, shares, random.integers(0, 50, count)])
    expected, found = np.zeros((2, count, probes.FORMULAS))
    probes.formulas_in_python([tuple(map(float, row)) for row in rows], expected)
    probes.formulas(rows, found)
    places = np.argwhere(expected.view(np.uint64) != found.view(np.uint64))
    told = [
        f"formula {formula} on {rows[row].tolist()}: expected {expected[row, formula]!r},"
        f" found {found[row, formula]!r}"
        for row, formula in places[:5]
    ]
    assert told == []


def test_the_normal_score_is_the_one_of_python() -> None:
    exact = NormalDist().inv_cdf
    wrong = [u for u in lucks(ROWS).tolist() if rules.normal_score(u) != exact(u)]
    assert wrong == []


UNIFORM = st.integers(0, 2**52 - 1).map(lambda whole: (whole + 0.5) * 2.0**-52)
WEIGHTS = st.floats(1e-6, 1e6)


@settings(deadline=None, max_examples=500)
@given(UNIFORM, WEIGHTS, UNIFORM, WEIGHTS)
def test_no_race_is_called_lost_that_is_won(
    luck: float, weight: float, other: float, others: float
) -> None:
    time = rules.race_time(luck, weight)
    for best in (rules.race_time(other, others), math.nextafter(time, math.inf), math.inf):
        if time < best:
            assert not probes.is_lost(luck, weight, best)


def test_most_races_that_are_lost_are_known_to_be() -> None:
    luck = np.random.default_rng(4).random(1000).tolist()
    best = rules.race_time(0.99, 1.0)
    lost = [u for u in luck if rules.race_time(u, 1.0) > best]
    assert sum(probes.is_lost(u, 1.0, best) for u in lost) > 0.9 * len(lost) > 800
