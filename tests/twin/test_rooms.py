"""Tables that start too small grow, and no run touches memory that is not its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.inputs.fates import Fates
from sim.inputs.plan import Plan
from tests.twin.altered import altered_plans, generated
from tests.twin.difference import first_difference
from tests.twin.engines import assert_twins, compiled
from tests.twin.plans import choice_at, of_size, plan_of

engine: Any = pytest.importorskip("sim.engine.compiled.engine", exc_type=ImportError)
memory: Any = pytest.importorskip("sim.engine.compiled.memory", exc_type=ImportError)
usual_rooms, usual_memory = engine.first_rooms, engine.memory_for

PATTERNS = (0xA5, 0x3F)
"""Bytes of rubbish: numbers far below nought, and small ones."""
FENCE = 16
"""Rows before and behind each table."""
CELLS = of_size(6, 60)


def tiny_rooms(plan: Plan) -> dict[str, int]:
    """One row a table, but for the posts of the plan."""
    return dict.fromkeys(usual_rooms(plan), 1) | {"posts": max(1, len(plan.posts))}


class Fences:
    """Stands in for memory_for: tables full of rubbish, between fences that nobody may cross."""

    def __init__(self, pattern: int) -> None:
        self.pattern = pattern
        self.raw: dict[str, Any] = {}
        self.sizes: dict[str, int] = {}

    def memory_for(self, plan: Plan, image: Any, fates: Fates, rooms: Any, traced: bool) -> Any:
        """Room for a run, as usual, but for what stood in the memory before."""
        self.check()
        usual = usual_memory(plan, image, fates, rooms, traced)
        counts = tables_of_noughts(plan, image)
        tables = {
            name: self._fenced(name, table, kept_rows(name, table, image, counts))
            for name, table in usual.tables.items()
        }
        shared = {
            name: self._fenced(name, table, len(table)) for name, table in image.tables.items()
        }
        for name, table in (tables | shared).items():
            usual.world[name] = table.ctypes.data
        return replace(usual, tables=tables)

    def _fenced(self, name: str, table: Any, kept: int) -> Any:
        fence = FENCE * table.dtype.itemsize
        raw = np.full(table.nbytes + 2 * fence, self.pattern, np.uint8)
        self.raw[name], self.sizes[name] = raw, fence
        inner = raw[fence : len(raw) - fence].view(table.dtype)
        inner[:kept] = table[:kept]
        return inner

    def check(self) -> None:
        """Fail where a fence is broken."""
        for name, raw in self.raw.items():
            fence = self.sizes[name]
            assert (raw[:fence] == self.pattern).all(), f"written before {name}"
            assert (raw[len(raw) - fence :] == self.pattern).all(), f"written behind {name}"


def tables_of_noughts(plan: Plan, image: Any) -> set[str]:
    """Tables that begin at nought."""
    return set(memory._counts(plan, image.places_per_team))


def kept_rows(name: str, table: Any, image: Any, counts: set[str]) -> int:
    """Rows that a run may take to be set when it begins."""
    if name in image.state:
        return len(image.state[name])
    return len(table) if name in counts else 0


@pytest.mark.slow
@pytest.mark.parametrize("number", range(0, 7 * CELLS, 7))
def test_tables_of_one_row_grow_and_give_the_same(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "first_rooms", tiny_rooms)
    assert_twins(plan_of(choice_at(number, 4)), Fates(number, 1), traced=True)


@contextmanager
def fenced(rooms: Any, pattern: int) -> Iterator[None]:
    """Runs get fenced tables, and so many rows at first."""
    fences = Fences(pattern)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "first_rooms", rooms)
        patch.setattr(engine, "memory_for", fences.memory_for)
        yield
        fences.check()


@pytest.mark.slow
@pytest.mark.parametrize("rooms", [usual_rooms, tiny_rooms])
@pytest.mark.parametrize("number", range(0, 5 * CELLS, 5))
def test_nothing_is_read_before_it_is_written_nor_beyond_its_table(number: int, rooms: Any) -> None:
    plan = plan_of(choice_at(number, 4))
    for pattern in PATTERNS:
        with fenced(rooms, pattern):
            assert_twins(plan, Fates(number, 2))


@pytest.mark.slow
@generated(40, 600)
@given(altered_plans(), st.sampled_from(PATTERNS))
def test_altered_plans_keep_to_their_tables(plan: Plan, pattern: int) -> None:
    usual = compiled.simulate(plan, Fates(4, 1))
    for rooms in (usual_rooms, tiny_rooms):
        with fenced(rooms, pattern):
            assert first_difference(usual, compiled.simulate(plan, Fates(4, 1))) is None


def test_a_run_that_needs_more_than_a_machine_has_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(engine, "first_rooms", tiny_rooms)
    monkeypatch.setattr(engine, "_LARGEST", 8)
    with pytest.raises(MemoryError, match="more than 8 rows of"):
        compiled.simulate(plan_of(choice_at(0, 2)), Fates(1, 1))
