"""Scores of forecasts made of draws: CRPS, the outcome's place among them, width, skill.

CRPS: Gneiting and Raftery 2007, doi 10.1198/016214506000001437. Place of the outcome: Dawid 1984,
doi 10.2307/2981683; where it falls on ties it is split at random: Czado, Gneiting and Held 2009,
doi 10.1111/j.1541-0420.2009.01191.x.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from sim.engine.records import Array

COVERAGES = (0.50, 0.80, 0.95)
"""Central ranges whose coverage is told."""
WIDTH_OF = 0.80
"""The central range whose width is told."""


def crps(draws: Array, outcome: float) -> float:
    """Continuous ranked probability score: distance from draws to outcome, less half their own.

    In the unit of the outcome; lower is better, and for one certain value it is the absolute
    error. The draws are the whole forecast: a few of them score worse than many alike, by half
    their mean distance over their number.

    Args:
        draws: one or more, in any order.
        outcome: what came.
    """
    count = len(draws)
    ranked = np.sort(draws)
    weights = 2 * np.arange(count) - (count - 1)
    between = 2 * float(weights @ ranked) / count**2
    return float(np.abs(ranked - outcome).mean()) - between / 2


def place_of(draws: Array, outcome: float, luck: float) -> float:
    """The outcome's place among the draws, from 0 to 1: uniform if it is one more of them.

    Args:
        draws: one or more.
        outcome: what came.
        luck: uniform number that splits ties, and the step between two draws.
    """
    below = int((draws < outcome).sum())
    level = int((draws == outcome).sum())
    return (below + luck * (level + 1)) / (len(draws) + 1)


def is_covered(place: Array, coverage: float) -> Array:
    """Whether outcomes lie in the central range that should hold this share of them."""
    tail = (1 - coverage) / 2
    return ((place >= tail) & (place <= 1 - tail)).astype(np.float64)


def width(draws: Array, coverage: float = WIDTH_OF) -> float:
    """Width of the central range, in the unit of the draws."""
    tail = (1 - coverage) / 2
    low, high = np.quantile(draws, (tail, 1 - tail))
    return float(high - low)


def skill(ours: Array, theirs: Array, clusters: Sequence[str]) -> tuple[float, float]:
    """By what share our mean score is below a rival's, and its standard error.

    The error is that of a ratio of sums over clusters: what one council's years share counts once.

    Args:
        ours: scores of some outcomes.
        theirs: a rival's scores of the same.
        clusters: the council of each.

    Returns:
        Skill, above 0 where ours is better; its standard error, nan for fewer than two clusters.
    """
    total = float(theirs.sum())
    if total <= 0:
        return math.nan, math.nan
    ratio = float(ours.sum()) / total
    _, place = np.unique(np.array(clusters), return_inverse=True)
    residuals = np.bincount(place, weights=ours - ratio * theirs)
    count = len(residuals)
    if count < 2:
        return 1 - ratio, math.nan
    error = math.sqrt(float(residuals @ residuals) * count / (count - 1)) / total
    return 1 - ratio, error


def histogram(places: Array, bins: int = 10) -> Array:
    """Shares of outcomes by their place among the draws, in bins of equal width."""
    counts, _ = np.histogram(places, bins=bins, range=(0.0, 1.0))
    found: Array = counts / max(1, len(places))
    return found
