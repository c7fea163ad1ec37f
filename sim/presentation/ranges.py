"""What runs give of one number, in words: the middle run, and the range of 8 runs in 10."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from sim.experiment.statistics import FEWEST_RUNS, Summary

Write = Callable[[float], str]
MEAN_APART = 0.1
"""Share of the range by which mean and middle differ before the mean is told beside it."""


@dataclass(frozen=True)
class Runs:
    """What runs give of one number.

    Attributes:
        middle: half of the runs lie below, half above; nan without a value.
        low, high: ends of the range of 8 runs in 10, of all where they are fewer than 10.
        mean: of the runs.
        pairs: how many runs have a value.
        least, most: ends of the range of 19 runs in 20, of all where they are fewer than 40.
    """

    middle: float
    low: float
    high: float
    mean: float
    pairs: int
    least: float = math.nan
    most: float = math.nan

    @property
    def has_tenths(self) -> bool:
        """Whether there are runs enough to tell a tenth of them."""
        return self.pairs >= FEWEST_RUNS

    @property
    def is_lopsided(self) -> bool:
        """Whether mean and middle tell different stories."""
        return abs(self.mean - self.middle) > MEAN_APART * (self.high - self.low)

    def parts(self, write: Write) -> list[str]:
        """The middle; the range, unless all runs look alike; the mean, where it lies elsewhere."""
        middle, low, high = (write(value) for value in (self.middle, self.low, self.high))
        if low == high == middle:
            return [middle]
        mean = write(self.mean)
        beside = [f"mean {mean}"] if self.is_lopsided and mean != middle else []
        return [middle, f"{low} to {high}", *beside]

    def told(self, write: Write) -> str:
        """In one line: "37 (28 to 46)", with the mean where it lies elsewhere."""
        middle, *rest = self.parts(write)
        return f"{middle} ({'; '.join(rest)})" if rest else middle

    def beside(self, write: Write) -> str:
        """Beside a mark of a chart, where there is no room for the mean."""
        middle, *rest = self.parts(write)
        return f"{middle} ({rest[0]})" if rest else middle


def runs_of(summary: Summary, *place: int, scale: float = 1.0) -> Runs:
    """What runs give of one number of a summary.

    Args:
        summary: of the runs.
        place: where the number stands in it; nothing for a summary of one number.
        scale: what it is multiplied by.
    """
    columns = (summary.p50, summary.p10, summary.p90, summary.mean, summary.p2_5, summary.p97_5)
    middle, low, high, mean, least, most = (scale * float(column[place]) for column in columns)
    pairs = float(summary.pairs[place])
    return Runs(middle, low, high, mean, 0 if math.isnan(pairs) else int(pairs), least, most)


def gained_per_post(extra: Runs, funded: float) -> float:
    """People in post in the middle run for each post funded; nan where no post is funded.

    The middle run is the one that stands beside it: the mean of the runs gives another ratio.

    Args:
        extra: people in post beside doing nothing.
        funded: posts open on the same date.
    """
    return extra.middle / funded if funded > 0 else math.nan
