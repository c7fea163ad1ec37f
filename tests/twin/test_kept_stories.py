"""Compiled stories are kept in a process's row and gone on with: what leans on Numba's inside.

A release of Numba that keeps generators another way, or treats rows otherwise, fails here first.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.engine.layout import Number, Team, World
from sim.engine.simpy.kernel import Waits

jit: Any = pytest.importorskip("sim.engine.compiled.jit", exc_type=ImportError)
generators: Any = pytest.importorskip("sim.engine.compiled.generators", exc_type=ImportError)
layout: Any = pytest.importorskip("sim.engine.compiled.layout", exc_type=ImportError)
probes: Any = pytest.importorskip("tests.twin.probes", exc_type=ImportError)
kernel: Any = pytest.importorskip("sim.engine.compiled.kernel", exc_type=ImportError)
rows: Any = pytest.importorskip("sim.engine.compiled.rows", exc_type=ImportError)

keep, wait, add = generators.keep, kernel.wait, kernel.add
world_at, process_at = rows.row_at("World"), rows.row_at("Process")
ENDED = -9.0


@jit.compiled  # type: ignore[untyped-decorator]
def part(w: World, number: Number) -> Waits:
    """A part of a story, with a wait of its own."""
    before = number.value
    yield wait(w, before + 0.25)
    number.value = before * 2.0


@jit.compiled  # type: ignore[untyped-decorator]
def story(w: World, number: Number) -> Waits:
    """Waits in a loop, in a branch and in a part; keeps rows and a number across all of them."""
    other, step = add(w, w.imposed), 0.5
    other.value = 100.0 * number.value
    while step < 2.0:
        if number.value > 0.0:
            yield wait(w, number.value + step)
        step += 1.0
        number.value += step
        # Numba has no `yield from`: shared.py writes it so.
        for _days in part(w, number):  # noqa: UP028
            yield _days
    other.value += number.value


kept_story = generators.kept_as(story, (jit.type_named("World"), jit.type_named("Number")))


@jit.entry  # type: ignore[untyped-decorator]
def go_on(world: Any, process: Any, number: int) -> float:
    """A story begins, or goes on from where it waits; the days that it wants then."""
    w, days = world_at(world), -9.0
    process = process_at(process)
    if not process.started:
        process.started = True
        keep(story(w, w.pipeline[number]), process.closure)
    for wanted in kept_story(process.closure):
        days = wanted
        break
    return days


def in_python(value: float) -> list[float]:
    """What the story wants and leaves behind, written out."""
    wanted, step, first = [], 0.5, 100.0 * value
    while step < 2.0:
        if value > 0.0:
            wanted.append(value + step)
        step += 1.0
        value += step
        wanted.append(value + 0.25)
        value *= 2.0
    return [*wanted, value, first + value]


def test_stories_are_kept_and_gone_on_with_in_any_order() -> None:
    """Two at a time, the one where the other has waited; then one that was moved elsewhere."""
    worlds = probes.Worlds({"imposed": 8}, pipeline=2)
    processes = np.zeros(8, layout.dtype_of("Process"))
    values, at = (0.75, -1.25), [2, 5]
    for number, value in enumerate(values):
        worlds.set("pipeline", number, value=value)
    wanted: list[list[float]] = [[], []]
    for turn, which in enumerate((0, 1, 1, 0, 1, 0, 0, 0, 1)):
        days = go_on(worlds.address, processes[at[which] :].ctypes.data, which)
        wanted[which].append(days)
        if turn == 3:
            processes[0] = processes[2]
            processes[2] = np.frombuffer(b"\xa5" * processes.itemsize, processes.dtype)[0]
            at[0] = 0
    numbers, others = worlds.column("pipeline", "value"), worlds.column("imposed", "value")
    for which, value in enumerate(values):
        *days, last, other = in_python(value)
        assert wanted[which] == [*days, ENDED]
        assert (numbers[which], others[which]) == (last, other)
    outside = np.setdiff1d(np.arange(8), [0, 2, 5])
    raw = processes.view(np.uint8).reshape(len(processes), -1)
    assert not raw[outside].any(), "nothing is kept outside its row"


def test_the_record_of_a_story_has_the_size_that_is_checked() -> None:
    """As long as the first test has compiled it here, or its room was measured before."""
    worlds = probes.Worlds({"imposed": 8}, pipeline=1)
    processes = np.full(1, 0, layout.dtype_of("Process"))
    worlds.set("pipeline", 0, value=1.0)
    go_on(worlds.address, processes.ctypes.data, 0)
    used = np.flatnonzero(processes["closure"][0].view(np.uint8))
    assert 0 < used.max() < 8 * layout.CLOSURE_WORDS


# -- what is refused -------------------------------------------------------------------------------


@jit.compiled  # type: ignore[untyped-decorator]
def waits_in_a_walk(w: World, team: Team) -> Waits:
    """A walk through a table is a pointer into a stack that is gone after the wait."""
    for other in w.teams:
        yield wait(w, float(other.number))


@jit.compiled  # type: ignore[untyped-decorator]
def waits_in_a_walk_through_a_list(w: World, team: Team) -> Waits:
    """Likewise."""
    for other in w.open_teams:
        yield wait(w, float(other.number))


@jit.compiled  # type: ignore[untyped-decorator]
def part_that_waits_in_a_walk(w: World, team: Team) -> Waits:
    """A part of a story may do it no more than a story."""
    for _days in waits_in_a_walk(w, team):  # noqa: UP028
        yield _days


def waits_after_a_walk(w: World, team: Team) -> Waits:
    """A walk that is over when the story waits is no walk across a wait."""
    total = 0.0
    for other in w.teams:
        total += float(other.number)
    yield wait(w, total)


def keeps_many(count: int) -> Any:
    """A story that needs so many floats after its wait."""
    names = [f"x{number}" for number in range(count)]
    text = "\n    ".join([
        "def story(w, team):",
        *(f"{name} = team.over + {number}.0" for number, name in enumerate(names)),
        "yield wait(w, 1.0)",
        f"team.over = {' + '.join(names)}",
    ])  # fmt: skip
    space: dict[str, Any] = {"wait": wait}
    exec(text, space)
    made = space["story"]
    made.__annotations__ = {"w": "World", "team": "Team", "return": "Waits"}
    return jit.compiled(made)


def begin(made: Any) -> None:
    """Begin a story with the first team there is, in a process's row."""

    def start(world: Any, process: Any) -> None:
        w = world_at(world)
        keep(made(w, w.teams[0]), process_at(process).closure)

    worlds = probes.Worlds({}, teams=2)
    process = np.zeros(1, layout.dtype_of("Process"))
    # No machine code is kept of what is made up here.
    jit.njit(nogil=True, pipeline_class=jit.WholeCompiler)(start)(
        worlds.address, process.ctypes.data
    )


@pytest.mark.parametrize(
    "made", [waits_in_a_walk, waits_in_a_walk_through_a_list, part_that_waits_in_a_walk]
)
def test_a_story_that_waits_in_a_walk_over_rows_is_refused(made: Any) -> None:
    with pytest.raises(Exception, match="waits inside a loop over rows"):
        begin(made)


def test_a_walk_that_is_over_before_the_wait_is_none() -> None:
    begin(jit.compiled(waits_after_a_walk))


def test_a_story_too_large_for_its_room_is_refused() -> None:
    begin(keeps_many(layout.CLOSURE_WORDS // 2))
    with pytest.raises(Exception, match=r"keeps \d+ bytes, a process has room for"):
        begin(keeps_many(layout.CLOSURE_WORDS + 1))
