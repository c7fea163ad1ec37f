"""The range of runs of one number, and the chance that money is left."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.engine.records import Array
from sim.experiment.statistics import range_shares

SMALL_GBP = 0.5
"""What is less is nothing, in a budget."""


@dataclass(frozen=True)
class Range:
    """A mean with the range that 8 runs in 10 fall in, or all of them where they are few."""

    mean: float
    p10: float
    p90: float


def spread(values: Array) -> Range:
    """Mean and range of one number over pairs."""
    low, high = np.quantile(values, range_shares(len(values)))
    return Range(float(values.mean()), float(low), float(high))


def chance_under(spent: Array, planned: Array) -> float:
    """Share of pairs in which less is spent than planned."""
    return float((spent < planned - SMALL_GBP).mean())
