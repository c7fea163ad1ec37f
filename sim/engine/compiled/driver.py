"""One run, compiled: takes events one by one, and goes on with the stories that they wake."""

from __future__ import annotations

from typing import Any

from sim.engine.actions import clock, months
from sim.engine.compiled.generators import keep, kept_as
from sim.engine.compiled.jit import compiled, entry, type_named
from sim.engine.compiled.kernel import AT_ONCE, OVER, go_on_later, leave_chain
from sim.engine.compiled.layout import Process, Signal, World
from sim.engine.compiled.queue import GO_ON, SIGNAL, is_any_left, put, take_next
from sim.engine.compiled.rows import address, row_at, value_at
from sim.engine.compiled.shared import compiled_of
from sim.engine.events import NOTHING
from sim.engine.layout import CaseHolder
from sim.engine.stories.all import FOLLOWING, STORIES

first_day, last_day = compiled_of(months.first_day), compiled_of(months.last_day)
find_done, after_ringing = compiled_of(clock.find_done), compiled_of(clock.after_ringing)
world_at, process_at, signal_at = row_at("World"), row_at("Process"), row_at("Signal")
holder_at = row_at("CaseHolder")
BETWEEN_LOOKS = 63
"""Events after which a run looks whether it is to end, less one."""


def _go_on() -> Any:
    """What goes on with a story until it waits again or ends: one branch a story."""
    space: dict[str, Any] = {
        "keep": keep, "put": put, "GO_ON": GO_ON, "AT_ONCE": AT_ONCE,
        "OVER": OVER, "NOTHING": NOTHING, "address": address,
    }  # fmt: skip
    lines = [
        "def go_on(w: World, process: Process) -> None:",
        "    w.current = process",
        "    while True:",
        "        days, story, following = OVER, process.story, NOTHING",
    ]
    for number, function in STORIES.items():
        row = list(function.__annotations__.values())[1]
        story, word = compiled_of(function), "if" if number == 0 else "elif"
        space[f"story_{number}"], space[f"row_{number}"] = story, row_at(row)
        space[f"kept_{number}"] = kept_as(story, (type_named("World"), type_named(row)))
        lines += [
            f"        {word} story == {int(number)}:",
            "            if not process.started:",
            "                process.started = True",
            f"                told = story_{number}(w, row_{number}(process.entity))",
            "                keep(told, process.closure)",
            f"            for wanted in kept_{number}(process.closure):",
            "                days = wanted",
            "                break",
        ]
        if function in FOLLOWING:
            space[f"following_{number}"] = compiled_of(FOLLOWING[function])
            lines += [
                "            if days == OVER:",
                f"                following = following_{number}(w, row_{number}(process.entity))",
            ]
    lines += [
        "        else:",
        "            raise ValueError('an unknown story')",
        "        if days >= 0.0:",
        "            put(w, w.now + days, GO_ON, address(process), process.stamp)",
        "            return",
        "        if following != NOTHING:",
        "            process.story, process.started = following, False",
        "        elif days == OVER:",
        "            process.next = w.free_process",
        "            w.free_process = process",
        "            return",
        "        elif days != AT_ONCE:",
        "            return",
    ]
    exec("\n".join(lines), space)
    function = space["go_on"]
    function.__annotations__ = {"w": "World", "process": "Process", "return": "None"}
    function.__module__ = __name__
    return compiled(function)


go_on = _go_on()


@compiled
def begin_all(w: World) -> None:
    """Stories that are to begin on this instant begin."""
    while w.first_to_begin is not None:
        process = w.first_to_begin
        w.first_to_begin = process.next
        process.next = None
        go_on(w, process)


@compiled
def give(w: World, signal: Signal) -> None:
    """All who waited for a signal go on, in the order in which they began to wait."""
    signal.fired = True
    process = signal.first
    while process is not None:
        following = process.next
        process.next = None
        if process.either is not None:
            go_on_later(w, process)
        else:
            go_on(w, process)
        process = following


@compiled
def timer_ends(w: World, process: Process, stamp: int) -> None:
    """The days that a process waits for are over, if they still count."""
    if process.stamp != stamp:
        return
    if process.either is not None:
        leave_chain(process.either, process)
        go_on_later(w, process)
    else:
        go_on(w, process)


@compiled
def ring(w: World, holder: CaseHolder, stamp: int) -> None:
    """A clock rings: the processes of the cases that are done go on, as in SimPy's driver."""
    for place in range(find_done(w, holder, stamp)):
        go_on(w, w.done[place].work_done)
    after_ringing(w, holder)


@entry
def run(place: Any) -> None:
    """From day 0 to the horizon; what would happen on the horizon itself does not.

    Args:
        place: address of the world, its tables as memory.py sets them up.

    Raises:
        OverflowError: a table or list is full.
        InterruptedError: the program is asked to end.
    """
    w = world_at(place)
    first_day(w)
    begin_all(w)
    turn = 0
    while is_any_left(w):
        turn += 1
        if turn & BETWEEN_LOOKS == 0 and value_at(w.stop_flag) != 0:
            raise InterruptedError
        kind, entity, stamp = take_next(w)
        if kind == GO_ON:
            timer_ends(w, process_at(entity), stamp)
        elif kind == SIGNAL:
            give(w, signal_at(entity))
        else:
            ring(w, holder_at(entity), stamp)
        begin_all(w)
    last_day(w)
