"""Tables that start too small grow, and no run touches memory that is not its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.encode import encode
from sim.inputs.fates import Fates
from sim.inputs.plan import Plan
from tests.twin.altered import altered_plans, generated
from tests.twin.difference import first_difference
from tests.twin.engines import assert_twins, compiled
from tests.twin.plans import choice_at, of_size, plan_of

engine: Any = pytest.importorskip("sim.engine.compiled.engine", exc_type=ImportError)
memory: Any = pytest.importorskip("sim.engine.compiled.memory", exc_type=ImportError)
layout: Any = pytest.importorskip("sim.engine.compiled.layout", exc_type=ImportError)
usual_rooms, usual_place = memory.first_rooms, memory._Builder._place

PATTERNS = (0xA5, 0x3F)
"""Bytes of rubbish: numbers far below nought, and small ones."""
FENCE = 16 * 512
"""Bytes behind each table and list: a dozen rows of the largest kind."""
CELLS = of_size(6, 60)


def tiny_rooms(plan: Plan) -> dict[str, int]:
    """One row a table and list, but for the posts of the plan."""
    return dict.fromkeys(usual_rooms(plan), 1) | {"posts": max(1, len(plan.posts))}


def place_with_fence(builder: Any, size: int) -> int:
    """Where something begins, as usual, with a fence behind it; the world comes first."""
    begin: int = usual_place(builder, size)
    builder._end += FENCE
    return begin


class Fenced(memory.Memory):  # type: ignore[misc]
    """The memory of a run, full of rubbish where nothing stands yet, between fences."""

    pattern = 0
    last: Fenced | None = None
    """The run's memory before this one."""

    def __init__(self, *arguments: Any) -> None:
        check_last()
        super().__init__(*arguments)
        set_up, rooms = np.zeros((2, len(self._whole)), bool)
        for begin, count, room, size in self._stretches():
            set_up[begin : begin + count * size] = True
            rooms[begin : begin + room * size] = True
        self._whole[~set_up] = self.pattern
        self._fences = ~rooms
        assert self._fences.sum() > FENCE
        Fenced.last = self

    def _stretches(self) -> Iterator[tuple[int, int, int, int]]:
        """The world, all tables and lists: begin, rows, room for rows, bytes a row."""
        yield 0, 1, 1, layout.layout_of("World").size
        for field in layout.fields_of("World"):
            if field.kind == "table":
                size = layout.layout_of(field.of).size
                yield self._stretch(self.world[field.name], size)
                yield from self._lists(field.name, field.of)
            elif field.kind == "list":
                yield self._stretch(self.world[field.name], 8)

    def _lists(self, table: str, row: str) -> Iterator[tuple[int, int, int, int]]:
        for field in layout.fields_of(row):
            if field.kind == "list":
                for header in self.table(table)[field.name]:
                    yield self._stretch(header, 8)

    def _stretch(self, header: Any, size: int) -> tuple[int, int, int, int]:
        begin, count, room = (int(word) for word in header)
        return begin - self.address, count, room, size

    def check(self) -> None:
        """Fail where a fence is broken."""
        broken = np.flatnonzero(self._fences & (self._whole != self.pattern))
        assert not len(broken), f"written at {broken[:5]}, where no table is"


def check_last() -> None:
    """Fail where the last run has broken a fence."""
    if Fenced.last is not None:
        Fenced.last.check()
    Fenced.last = None


@pytest.mark.slow
@pytest.mark.parametrize("number", range(0, 7 * CELLS, 7))
def test_tables_and_lists_of_one_row_grow_and_give_the_same(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "first_rooms", tiny_rooms)
    assert_twins(plan_of(choice_at(number, 4)), Fates(number, 1), traced=True)


def test_every_table_and_list_that_a_run_adds_to_grows() -> None:
    """By a name of its own, which the memory finds when it is full."""
    plan = plan_of(replace(choice_at(0, 2), casework=True))
    image = memory.image_of(encode(plan), tiny_rooms(plan))
    run = memory.Memory(image, Fates(1, 1), False)
    grown = {
        "cases", "vacancies", "told", "queue", "later", "processes", "open", "staff", "in_hand"
    }  # fmt: skip
    for name in grown:
        run.world[name][1] = run.world[name][2]
    run.table("markets")["adverts"][0, 1] = 1
    run.table("pools")["holders"][0, 1] = 1
    assert set(run.full()) == grown | {"adverts", "present", "posts"}
    more = memory.larger(image.rooms, ["told", "posts"])
    assert more == image.rooms | {"told": 16, "posts": 2 * len(plan.posts)}


@contextmanager
def fenced(rooms: Any, pattern: int) -> Iterator[None]:
    """Runs get fenced tables, and so many rows at first."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "first_rooms", rooms)
        patch.setattr(engine, "_images", engine._Images())
        patch.setattr(memory._Builder, "_place", place_with_fence)
        patch.setattr(engine, "Memory", Fenced)
        patch.setattr(Fenced, "pattern", pattern)
        yield
        assert Fenced.last is not None
        check_last()


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
    monkeypatch.setattr(memory, "_LARGEST", 8)
    with pytest.raises(MemoryError, match="more than 8 rows of"):
        compiled.simulate(plan_of(choice_at(0, 2)), Fates(1, 1))


def test_a_run_in_the_memory_of_another_gives_what_it_gives_in_new_memory() -> None:
    """And what the first has told stays as it was."""
    plans = [plan_of(replace(choice_at(number, 3), casework=True)) for number in (7, 0)]
    used_again = []
    for first, then in (plans, plans[::-1]):
        memory._spare.whole = None
        alone = compiled.simulate(then, Fates(2, 1))
        memory._spare.whole = None
        told = compiled.simulate(first, Fates(1, 1))
        before, room = deepcopy(told), memory._spare.whole
        room[:] = np.where(room == 0, PATTERNS[0], room)
        assert first_difference(alone, compiled.simulate(then, Fates(2, 1))) is None
        assert first_difference(before, told) is None
        used_again.append(memory._spare.whole is room)
    assert any(used_again), "the smaller of two plans needs no memory of its own"
