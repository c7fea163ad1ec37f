"""The parts that are written twice, or compiled from one source: luck, sums, lists, formulas."""

from __future__ import annotations

import inspect
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit

from sim.engine import rules
from sim.engine.compiled import formulas, layout, luck, sums
from sim.inputs import fates

WORDS = st.integers(min_value=0, max_value=2**64 - 1)


@njit  # type: ignore[untyped-decorator]
def probe_luck(first: np.uint64, second: np.uint64, number: int) -> tuple[Any, ...]:
    return (
        luck.join(first, second),
        luck.nth_key(first, number),
        luck.luck_at(first, second),
        luck.luck_at(first, number),
    )


@settings(max_examples=300, deadline=None)
@given(first=WORDS, second=WORDS, number=st.integers(min_value=-1, max_value=2**40))
def test_luck_is_the_same_bits(first: int, second: int, number: int) -> None:
    found = probe_luck(np.uint64(first), np.uint64(second), number)
    assert int(found[0]) == fates.join(first, second)
    assert int(found[1]) == fates.nth_key(first, number)
    assert found[2] == fates.luck_at(first, second)
    assert found[3] == fates.luck_at(first, number)


@njit  # type: ignore[untyped-decorator]
def probe_sum(worlds: Any, count: int) -> float:
    return sums.exact_sum(worlds[0], count)


@settings(max_examples=300, deadline=None)
@given(values=st.lists(st.floats(min_value=-1e15, max_value=1e15), max_size=40))
def test_sums_are_those_of_fsum(values: list[float]) -> None:
    world = np.zeros(1, layout.WORLD)
    ranked = np.array([(value,) for value in values] or [(0.0,)], layout.NUMBER)
    partials = np.zeros(64, layout.NUMBER)
    world["ranked"], world["partials"] = ranked.ctypes.data, partials.ctypes.data
    assert probe_sum(world, len(values)) == math.fsum(values)


SHARED = [name for name, found in inspect.getmembers(formulas) if hasattr(found, "py_func")]


def test_every_formula_comes_from_the_rules() -> None:
    assert len(SHARED) > 15
    for name in SHARED:
        assert getattr(formulas, name).py_func is getattr(rules, name)


def _value(random: np.random.Generator, name: str, kind: str) -> float | int | bool:
    """Something that a formula may be asked: chances below 1, whole numbers, the rest about 1."""
    if kind == "bool":
        return bool(random.integers(2))
    if kind == "int":
        return int(random.integers(50))
    return float(random.random() if name == "uniform" else random.uniform(0.01, 4.0))


@pytest.mark.slow
@pytest.mark.parametrize("name", SHARED)
def test_formulas_are_the_same_bits(name: str) -> None:
    compiled, plain = getattr(formulas, name), getattr(rules, name)
    kinds = {key: kind for key, kind in plain.__annotations__.items() if key != "return"}
    scope: dict[str, Any] = {"compiled": compiled}
    exec(f"def probe({', '.join(kinds)}): return compiled({', '.join(kinds)})", scope)
    probe = njit(scope["probe"])
    random = np.random.default_rng(1)
    for _ in range(3000):
        values = [_value(random, key, kind) for key, kind in kinds.items()]
        assert probe(*values) == plain(*values), (name, values)
