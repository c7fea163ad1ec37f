"""Timing that can be trusted on a machine that does other work too: many runs, least and median.

What is compared is run by turns, so that a slow minute of the machine falls on both.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Work = Callable[[int], int]
"""Does one run, by its number, and gives its logical events."""


@dataclass(frozen=True)
class Timing:
    """Seconds of several runs of one thing.

    Attributes:
        seconds: of each run.
        events: logical events of all runs, on average.
    """

    seconds: tuple[float, ...]
    events: float

    @property
    def median(self) -> float:
        """Seconds of a run in the middle."""
        return statistics.median(self.seconds)

    @property
    def least(self) -> float:
        """Seconds of the quickest run."""
        return min(self.seconds)

    @property
    def us_per_event(self) -> float:
        """Microseconds a logical event, at the median."""
        return self.median / self.events * 1e6


def by_turns(works: Sequence[Work], runs: Sequence[int]) -> list[Timing]:
    """Time several things by turns, each after one run that does not count.

    Args:
        works: what to time.
        runs: how often each.
    """
    for work in works:
        work(0)
    seconds: list[list[float]] = [[] for _ in works]
    events: list[list[int]] = [[] for _ in works]
    for run in range(1, max(runs) + 1):
        for place, work in enumerate(works):
            if run <= runs[place]:
                begin = time.perf_counter()
                events[place].append(work(run))
                seconds[place].append(time.perf_counter() - begin)
    return [
        Timing(tuple(mine), statistics.mean(found))
        for mine, found in zip(seconds, events, strict=True)
    ]


def fresh_process(source: str, environment: dict[str, str]) -> tuple[float, str]:
    """Seconds that a new Python process takes for some source, and the last line it prints.

    Raises:
        RuntimeError: it fails.
    """
    begin = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", source],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    took = time.perf_counter() - begin
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip().splitlines()[-1])
    return took, (done.stdout.strip().splitlines() or [""])[-1]
