"""Luck, sums, formulas, heaps, pools, lists and events: compiled as in Python, bit for bit."""

from __future__ import annotations

import math
from heapq import heappop, heappush
from statistics import NormalDist
from types import FunctionType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simpy import Environment

from sim.engine import formulas
from sim.engine.simpy import kernel
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
            luck_at(first, second + number),
        ]
        worlds = probes.Worlds({}, fates.bases)
        w = worlds.python
        assert kernel.stream(w, purpose, second) == found[place, 3]
        assert kernel.uniform(w, purpose, first, number) == units[place, 1]
        assert luck_at(first, kernel.key_plus(second, number)) == units[place, 3]


def test_luck_of_the_largest_bits_is_below_1() -> None:
    keys = np.array([[stream_to(2**64 - 1), 0], [stream_to(0), 0]], np.uint64)
    _, units = probes.luck(Fates(1, 1), keys, np.zeros(2, np.int64))
    assert units[:, 0].tolist() == [1.0 - 2.0**-53, 2.0**-53]


@settings(deadline=None, max_examples=300)
@given(st.lists(st.one_of(SIZES, st.sampled_from([0.1, 1e16, -1e16, 1e-300, 0.0])), max_size=60))
def test_the_exact_sum_is_the_one_of_python(values: list[float]) -> None:
    expected = np.float64(math.fsum(values)).tobytes()
    for found in probes.both_sums(values):
        assert np.float64(found).tobytes() == expected


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
    expected, found = np.zeros((2, count, probes.FOUND))
    probes.formulas_in_python([tuple(map(float, row)) for row in rows], expected)
    probes.formulas(rows, found)
    places = np.argwhere(expected.view(np.uint64) != found.view(np.uint64))
    lost = expected[:, probes.LOST].sum()
    assert 0.1 * count < lost < 0.9 * count, "races lost, and races not lost"
    told = [
        f"formula {formula} on {rows[row].tolist()}: expected {expected[row, formula]!r},"
        f" found {found[row, formula]!r}"
        for row, formula in places[:5]
    ]
    assert told == []


def test_every_formula_that_compiled_code_can_reach_is_probed() -> None:
    """But for a sum that only the inputs take."""
    names = {name for name, found in vars(formulas).items() if isinstance(found, FunctionType)}
    probed = {formula.py_func.__name__ for formula in probes.FORMULAS}
    assert names - probed <= {"in_order_sum", "least_loaded"}
    assert probed - names == {"on_grid"}, "the one that the inputs need too"


def test_the_normal_score_is_the_one_of_python() -> None:
    exact = NormalDist().inv_cdf
    wrong = [u for u in lucks(ROWS).tolist() if formulas.normal_score(u) != exact(u)]
    assert wrong == []


UNIFORM = st.integers(0, 2**52 - 1).map(lambda whole: (whole + 0.5) * 2.0**-52)
WEIGHTS = st.floats(1e-6, 1e6)


@settings(deadline=None, max_examples=500)
@given(UNIFORM, WEIGHTS, UNIFORM, WEIGHTS)
def test_no_race_is_called_lost_that_is_won(
    luck: float, weight: float, other: float, others: float
) -> None:
    time = formulas.race_time(luck, weight)
    for best in (formulas.race_time(other, others), math.nextafter(time, math.inf), math.inf):
        if time < best:
            assert not formulas.is_lost(luck, weight, best)


def test_most_races_that_are_lost_are_known_to_be() -> None:
    luck = np.random.default_rng(4).random(1000).tolist()
    best = formulas.race_time(0.99, 1.0)
    lost = [u for u in luck if formulas.race_time(u, 1.0) > best]
    assert sum(formulas.is_lost(u, 1.0, best) for u in lost) > 0.9 * len(lost) > 800


# -- heaps, pools and lists ------------------------------------------------------------------------

FEW_FLOATS = st.sampled_from([0.0, 0.1, 0.25, 0.3, 1.0, 1.5, math.inf])
PUT_OR_TAKE = st.tuples(
    st.integers(0, 1), st.integers(0, 1), st.integers(0, 2), FEW_FLOATS, st.integers(0, 3)
)
"""Which heap, whether to put something on it; its rank, key and number."""


@settings(deadline=None, max_examples=300)
@given(st.lists(PUT_OR_TAKE, min_size=1, max_size=60))
def test_heaps_give_back_the_same_in_the_same_order(asked: list[Any]) -> None:
    """Numbers are even on the one and odd on the other: no case heads two queues at once."""
    numbers = [
        (which, puts, rank, 2 * number + which, stamp)
        for stamp, (which, puts, rank, _, number) in enumerate(asked)
    ]
    expected, found, nodes = probes.both_heaps(numbers, [row[3] for row in asked])
    assert found == expected
    sizes, most = [0, 0], 0
    for which, puts, *_ in numbers:
        sizes[which] = sizes[which] + 1 if puts else max(0, sizes[which] - 1)
        most = max(most, sum(sizes))
    assert nodes == most, "a node that is free is used again"


COME_OR_GO = st.tuples(st.integers(0, 6), st.integers(0, 1), st.integers(0, 1))
ASKED = st.tuples(st.sampled_from([0.0, 0.1, 0.5, 2.0]), st.sampled_from([0.5, 1.05, math.inf]))


@settings(deadline=None, max_examples=300)
@given(
    st.lists(st.sampled_from([0.0, 0.5, 1.0, 2.0]), min_size=7, max_size=7),
    st.lists(st.tuples(COME_OR_GO, FEW_FLOATS, ASKED), min_size=1, max_size=60),
)
def test_pools_name_the_same_person(capacities: list[float], turns: list[Any]) -> None:
    whom, loads, asked = (list(column) for column in zip(*turns, strict=True))
    expected, found = probes.both_pools(capacities, whom, loads, asked)
    assert found == expected


@settings(deadline=None, max_examples=300)
@given(
    st.lists(
        st.tuples(st.sampled_from([0, 0, 0, 1, 2, 3]), st.integers(0, 50), st.integers(0, 6)),
        min_size=1,
        max_size=40,
    )
)
def test_lists_hold_the_same_rows_in_the_same_order(asked: list[Any]) -> None:
    expected, found = probes.both_lists(asked, 7)
    assert found == expected


DAYS = st.sampled_from([-1.0, -1.0, -1.0, 0.0, 0.5, 1.0, 7.25, 99.0, 100.0, 1e9])


@settings(deadline=None, max_examples=300)
@given(st.lists(DAYS, min_size=1, max_size=80), st.sampled_from([1, 7, 300]))
def test_events_come_by_day_and_then_in_the_order_in_which_they_were_set(
    days: list[float], slices: int
) -> None:
    """What would fall on the horizon, day 100, or later is not kept."""
    clock, expected = Environment(), []
    waiting: list[tuple[float, int]] = []
    for place, day in enumerate(days):
        if 0.0 <= day < 100.0:
            heappush(waiting, (day, place))
        expected.append(heappop(waiting)[1] if day < 0.0 and waiting else -1)
    assert probes.events_taken(days, slices) == expected
    order: list[int] = []
    for place, day in enumerate(days):
        if 0.0 <= day < 100.0:
            event = clock.timeout(day, place)
            event.callbacks.append(lambda event: order.append(event.value))
    clock.run()
    everything = [*(day for day in days if day >= 0.0), *(-1.0 for _ in days)]
    places = [place for place, day in enumerate(days) if day >= 0.0]
    taken = [place for place in probes.events_taken(everything, slices) if place >= 0]
    assert [places[place] for place in taken] == order, "SimPy has them in this order"
