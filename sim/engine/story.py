"""Stories: a case's life told as a generator, driven by SimPy's clock.

A story yields the days until it goes on, or None to wait until its work is done. It is what a SimPy
process is, without the three events that SimPy spends on starting one, ending it, and waking it
through an event of its own: there are tens of thousands of cases in a run.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import simpy

from sim.engine.cases import Case

UNTIL_DONE = None
"""What a story yields to wait for its work."""
Story = Generator[float | None, None, None]
Stretch = Generator[float | None, None, int]
"""Part of a story; it returns what follows."""


class Alarm(simpy.Event):
    """Rings after some days and calls one function with itself: the lightest event there is.

    What would ring only when the run is over is never set: it would but lengthen the queue.
    """

    _ok = True

    def __init__(
        self, env: simpy.Environment, days: float, rings: tuple[Callable[[Any], None]], value: Any
    ) -> None:
        self.callbacks = rings  # type: ignore[assignment]
        self._value = value
        env.schedule(self, delay=days)


class Stories:
    """Goes on with cases' stories when their time has come."""

    def __init__(self, env: simpy.Environment, horizon: float) -> None:
        self._env, self._horizon = env, horizon
        self._rings = (self._due,)

    def begin(self, case: Case, story: Story) -> None:
        """Tell a case's story from its beginning until it first waits."""
        case.story = story
        self.go_on(case)

    def go_on(self, case: Case) -> None:
        """Go on with a story until it waits again, or ends."""
        assert case.story is not None
        days = next(case.story, UNTIL_DONE)
        if days is not None and self._env.now + days < self._horizon:
            Alarm(self._env, days, self._rings, case)

    def _due(self, alarm: Alarm) -> None:
        self.go_on(alarm._value)
