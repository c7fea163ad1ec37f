"""simulate(plan, fates) -> Records, compiled."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterator
from typing import Any
from weakref import ref

from sim.engine.compiled.driver import run
from sim.engine.compiled.memory import Image, Memory, first_rooms, image_of, larger
from sim.engine.encode import encode
from sim.engine.outcome import records_of
from sim.engine.records import Records
from sim.engine.stopping import Stopped
from sim.engine.trace import Listener, tell_all
from sim.inputs.fates import Fates
from sim.inputs.plan import Plan

_LINES_AT_ONCE = 4096


class _Images:
    """Images of plans, each kept as long as its plan: a plan is run with several fates."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[ref[Plan], Image]] = {}

    def of(self, plan: Plan) -> Image:
        """The image of a plan, found by identity."""
        place = id(plan)
        if place not in self._kept:
            image = image_of(encode(plan), first_rooms(plan))
            self._kept[place] = (ref(plan, lambda _: self._kept.pop(place, None)), image)
        return self._kept[place][1]


_images = _Images()


def simulate(plan: Plan, fates: Fates, listener: Listener | None = None) -> Records:
    """Run the model once; the same Records and events as sim.engine.simpy, bit for bit.

    Args:
        plan: council, scenario and draw, as sim.inputs.build.make_plan gives them.
        fates: the replication's luck.
        listener: called with every event, named, where a trace is wanted, when the run is over.

    Returns:
        The facts of the run by period and account.

    Raises:
        MemoryError: the run needs more room than a machine has.
        Stopped: the program is asked to end; in the main thread, what its order raises there.
    """
    memory = _run(plan, _images.of(plan), fates, listener is not None)
    if listener is not None:
        tell_all(plan, _lines(memory.told), len(memory.posts), listener)
    records = records_of(plan, memory)
    memory.leave()
    return records


def _run(plan: Plan, image: Image, fates: Fates, is_traced: bool) -> Memory:
    """Run, and again with more room as long as a table or list is full."""
    while True:
        memory = Memory(image, fates, is_traced)
        try:
            run(memory.address)
        except InterruptedError:
            # Python hands a signal over as a function begins: to be raised here, not in a clean-up.
            _let_python_in()
            raise Stopped from None
        except OverflowError:
            full = memory.full()
            if not full:
                raise
            image = image_of(encode(plan), larger(image.rooms, full))
        else:
            return memory


def _lines(told: Any) -> Iterator[Any]:
    """Rows of the trace as Python has them: to read one field of a record takes ten times as long.

    Some at a time, so that no more than these are held twice.
    """
    line = namedtuple("line", told.dtype.names)  # type: ignore[misc]
    for first in range(0, len(told), _LINES_AT_ONCE):
        yield from map(line._make, told[first : first + _LINES_AT_ONCE].tolist())


def _let_python_in() -> None:
    """Nothing; Python looks for signals before it."""
