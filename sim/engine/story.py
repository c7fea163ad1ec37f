"""Stories: a case's life told as a generator, driven by SimPy's clock.

A story yields the days until it goes on, or None to wait until its work is done. It is what a SimPy
process is, without the three events that SimPy spends on starting one, ending it, and waking it
through an event of its own: there are tens of thousands of cases in a run.
"""

from __future__ import annotations

from collections.abc import Generator

import simpy

from sim.engine.cases import Case

UNTIL_DONE = None
"""What a story yields to wait for its work."""
Story = Generator[float | None, None, None]
Stretch = Generator[float | None, None, int]
"""Part of a story; it returns what follows."""


class Stories:
    """Goes on with cases' stories when their time has come."""

    def __init__(self, env: simpy.Environment) -> None:
        self._env = env

    def begin(self, case: Case, story: Story) -> None:
        """Tell a case's story from its beginning until it first waits."""
        case.story = story
        self.go_on(case)

    def go_on(self, case: Case) -> None:
        """Go on with a story until it waits again, or ends."""
        assert case.story is not None
        days = next(case.story, _ENDED)
        if days is None or days is _ENDED:
            return
        timer = self._env.timeout(days, case)
        timer.callbacks.append(self._due)

    def _due(self, timer: simpy.Event) -> None:
        case: Case = timer.value  # type: ignore[assignment]
        self.go_on(case)


_ENDED = float("nan")
