"""Ranges of runs, means and their precision: draws and luck kept apart (model.md section 7).

Replications that share a draw are not independent: means and intervals use draw means.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.special import stdtrit

from sim.engine.records import Array

FEWEST_DRAWS = 4
"""Below this number of draws the precision of a mean is not known."""
FEWEST_RUNS = 10
"""Below this number of runs no tenth of them can be told: the range is that of all runs."""
FEWEST_FOR_A_FORTIETH = 40
"""Likewise for a fortieth: the wide range, 19 runs in 20, is then that of all runs."""

ROUNDING = 1e-12
"""What a sum keeps of its largest part where its parts cancel: no gain, and no loss."""


@dataclass(frozen=True)
class Summary:
    """What replications say of one number; arrays of the numbers' shape.

    Attributes:
        p2_5, p10, p50, p90, p97_5: percentiles over all replications: what may happen. Below 10
            replications p10 is the lowest and p90 the highest; below 40 so are p2_5 and p97_5.
        mean: mean of the draw means.
        mean_low_95, mean_high_95: how well that mean is known: its 95 % interval, Student t on draw
            means; nan below 4 draws. It narrows with more runs; the range of runs does not.
        pairs: how many replications have a value.
        luck_variance: mean variance within a draw.
        ignorance_variance: variance between draw means, less luck's part in it.
    """

    p2_5: Array
    p10: Array
    p50: Array
    p90: Array
    p97_5: Array
    mean: Array
    mean_low_95: Array
    mean_high_95: Array
    pairs: Array
    luck_variance: Array
    ignorance_variance: Array


def draw_means(values: Array, draws: Array) -> Array:
    """Mean of each draw, shape (draws, ...); nan where a draw has no value.

    Args:
        values: one row a replication.
        draws: the draw of each row.
    """
    by_draw = _by_draw(values, draws)
    return _means(by_draw)


def _by_draw(values: Array, draws: Array) -> Array:
    """Values by draw, shape (draws, most runs of a draw, ...); nan where one has fewer."""
    _, draw, counts = np.unique(draws, return_inverse=True, return_counts=True)
    order = np.argsort(draw, kind="stable")
    within = np.arange(len(draws)) - np.repeat(np.cumsum(counts) - counts, counts)
    found = np.full((len(counts), counts.max(), *values.shape[1:]), np.nan)
    found[draw[order], within] = values[order]
    return found


def _means(by_draw: Array) -> Array:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        means: Array = np.nanmean(by_draw, axis=1)
        return means


def summarise(values: Array, draws: Array) -> Summary:
    """Summary of replications.

    Args:
        values: shape (replications, ...); nan where a replication has no value.
        draws: shape (replications,), the draw of each.
    """
    by_draw = _by_draw(values, draws)
    means = _means(by_draw)
    count = np.sum(~np.isnan(means), axis=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        mean = np.nanmean(means, axis=0)
        between = np.nanvar(means, axis=0, ddof=1)
        within, fates_per_draw = _luck(by_draw, draws)
        pairs, ends = _quantiles(values)
    enough = count >= FEWEST_DRAWS
    safe = np.where(enough, count, FEWEST_DRAWS)
    half = np.where(enough, stdtrit(safe - 1, 0.975) * np.sqrt(between / safe), np.nan)
    p2_5, p10, p50, p90, p97_5 = ends
    return Summary(
        p2_5=p2_5,
        p10=p10,
        p50=p50,
        p90=p90,
        p97_5=p97_5,
        mean=mean,
        mean_low_95=mean - half,
        mean_high_95=mean + half,
        pairs=pairs,
        luck_variance=within,
        ignorance_variance=between - within / fates_per_draw,
    )


@dataclass(frozen=True)
class Ratio:
    """A ratio of means, and how well it is known: its 95 % interval; nan where there is none."""

    value: float
    low_95: float
    high_95: float


def ratio_of_means(numerator: Array, denominator: Array, draws: Array) -> Ratio:
    """Mean numerator over mean denominator, with Fieller's interval on draw means.

    A mean of ratios would be ruled by the pairs in which next to nothing is gained. There is no
    value unless something is gained on average, and no interval below 4 draws or where the gain
    can't be told from none: the ratio could then be anything.

    Args:
        numerator: shape (replications,).
        denominator: likewise.
        draws: the draw of each.
    """
    pairs = draw_means(np.stack([numerator, denominator], axis=1), draws)
    above, below = (float(mean) for mean in pairs.mean(axis=0))
    if not below > ROUNDING * float(np.abs(denominator).max()):
        return Ratio(math.nan, math.nan, math.nan)
    value, count = above / below, len(pairs)
    if count < FEWEST_DRAWS:
        return Ratio(value, math.nan, math.nan)
    (var_above, cov), (_, var_below) = np.cov(pairs.T, ddof=1) / count
    squared = float(stdtrit(count - 1, 0.975)) ** 2
    # Roots r of (above - r below)^2 = t^2 var(above - r below).
    a = below**2 - squared * var_below
    b = above * below - squared * cov
    c = above**2 - squared * var_above
    if a <= 0:
        return Ratio(value, math.nan, math.nan)
    half = math.sqrt(max(0.0, b * b - a * c))
    return Ratio(value, float((b - half) / a), float((b + half) / a))


def ratios_of_runs(numerator: Array, denominator: Array) -> Array:
    """Each run's own ratio; infinite where the run gains nothing.

    Args:
        numerator: shape (replications,).
        denominator: likewise.
    """
    gained = denominator > ROUNDING * np.abs(denominator).max(initial=0.0)
    found: Array = np.divide(numerator, denominator, out=np.full(len(gained), np.inf), where=gained)
    return found


def precision(found: Summary, lowest: float, highest: float) -> tuple[Array, Array]:
    """How well a mean is known, ends held to what the number can be: a share's to 0 and 1.

    Args:
        found: a summary.
        lowest: the lowest value that the number can have; -inf for none.
        highest: the highest, likewise.
    """
    return np.maximum(found.mean_low_95, lowest), np.minimum(found.mean_high_95, highest)


def range_shares(pairs: int) -> tuple[float, float]:
    """Quantiles that the range of so many runs lies between: 8 in 10, or all of a few."""
    return (0.1, 0.9) if pairs >= FEWEST_RUNS else (0.0, 1.0)


def wide_shares(pairs: int) -> tuple[float, float]:
    """Quantiles that the wide range of so many runs lies between: 19 in 20, or all of a few."""
    return (0.025, 0.975) if pairs >= FEWEST_FOR_A_FORTIETH else (0.0, 1.0)


def tenths(found: Summary) -> tuple[Array, Array, Array]:
    """Low end, middle and high end of 8 runs in 10; no ends of so few that they can't be told."""
    enough = found.pairs >= FEWEST_RUNS
    low, high = (np.where(enough, end, np.nan) for end in (found.p10, found.p90))
    return low, found.p50, high


def per_mean(values: Array, whole: Array, draws: Array) -> Array:
    """Each run's value over the mean of a whole: their mean is then the ratio of the two means.

    A mean of each run's own ratio would be another number than the two that stand beside it.

    Args:
        values: shape (replications, ...).
        whole: likewise, a value in each.
        draws: the draw of each.

    Returns:
        Shape (replications, ...); nan where the mean of the whole is not above 0.
    """
    mean = draw_means(whole, draws).mean(axis=0)
    found: Array = np.divide(values, mean, out=np.full(values.shape, np.nan), where=mean > 0)
    return found


def _quantiles(values: Array) -> tuple[Array, Array]:
    """How many replications have a value, and their percentiles, shape (5, ...).

    Nearly all numbers have a value in every replication or in none, and numpy looks at numbers with
    gaps one by one: only those few are left to that.
    """
    rows = values.reshape(len(values), -1)
    pairs = (len(rows) - np.isnan(rows).sum(axis=0)).astype(np.float64)
    found = np.full((5, rows.shape[1]), np.nan)
    for fewest, most in pairwise((0, FEWEST_RUNS, FEWEST_FOR_A_FORTIETH, len(rows) + 1)):
        (lowest, highest), (low, high) = wide_shares(fewest), range_shares(fewest)
        shares = (lowest, low, 0.5, high, highest)
        chosen = (pairs >= fewest) & (pairs < most)
        whole, gaps = chosen & (pairs == len(rows)), chosen & (pairs > 0) & (pairs < len(rows))
        found[:, whole] = np.quantile(rows[:, whole], shares, axis=0)
        found[:, gaps] = np.nanquantile(rows[:, gaps], shares, axis=0)
    return pairs.reshape(values.shape[1:]), found.reshape(5, *values.shape[1:])


def _luck(by_draw: Array, draws: Array) -> tuple[Array, float]:
    """Mean variance within draws that have two replications or more, and their mean number."""
    _, counts = np.unique(draws, return_counts=True)
    repeated = by_draw[counts >= 2]
    if len(repeated) == 0:
        return np.full(by_draw.shape[2:], np.nan), 1.0
    return np.nanmean(np.nanvar(repeated, axis=1, ddof=1), axis=0), float(counts.mean())


def probability_better(differences: Array, direction: int) -> Array:
    """Share of pairs strictly better plus half of the ties.

    nan where fewer than half of the pairs have a difference: they tell nothing of the others.

    Args:
        differences: scenario less baseline, shape (pairs, ...).
        direction: +1 where more is better, -1 where less is, 0 for no direction (nan).
    """
    if direction == 0:
        return np.full(differences.shape[1:], np.nan)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        score = np.where(
            np.isnan(differences), np.nan, 0.5 * (np.sign(differences * direction) + 1)
        )
        mean = np.nanmean(score, axis=0)
    missing = np.isnan(differences).sum(axis=0)
    chance: Array = np.where(2 * missing > len(differences), np.nan, mean)
    return chance
