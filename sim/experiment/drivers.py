"""What moves a result: numbers that were drawn, and switches that the same runs were paired with.

Numbers are told apart from chance: of a hundred that move nothing, some always seem to. The
correlation with a result must be stronger than the best of so many would show by chance, with any
of the results, and each further number is looked for in what those before it leave unexplained.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.engine.records import Array
from sim.experiment.conclusions import FALSE_ALARM
from sim.experiment.statistics import FEWEST_DRAWS, draw_means

FEWEST_TO_TELL = 20
"""Below this number of draws no number can be told from chance."""
MOST = 3
"""Numbers that are named, of each result, at most."""


@dataclass(frozen=True)
class Span:
    """The average at the one end of something uncertain, and at the other."""

    low: float
    high: float

    @property
    def width(self) -> float:
        """How far apart they are."""
        return abs(self.high - self.low)


@dataclass(frozen=True)
class Driver:
    """Something that moves results beyond chance.

    Attributes:
        key: the number, or the name of the switch.
        spans: by result: its average at both ends.
        strength: the widest of them, in standard deviations of its result over draws.
    """

    key: str
    spans: tuple[Span, ...]
    strength: float


def drivers(
    numbers: Mapping[str, Array],
    ends: Mapping[str, tuple[float, float]],
    results: Sequence[Array],
) -> list[Driver]:
    """The numbers that move a result beyond chance, the strongest first.

    The span is that of a straight line through the draws, fitted to all numbers found together.

    Args:
        numbers: by key, the value in each draw, shape (draws,).
        ends: by key, the two values between which a span is told.
        results: each result's mean in each draw, shape (draws,).
    """
    varying = {key: values for key, values in numbers.items() if np.ptp(values) > 0}
    told = [result for result in results if np.ptp(result) > 0]
    if not varying or not told or len(told[0]) < FEWEST_TO_TELL:
        return []
    limit = FALSE_ALARM / (len(varying) * len(told))
    found = dict.fromkeys(key for result in told for key in _moving(varying, result, limit))
    drivers = [_driver(key, list(found), varying, ends[key], results) for key in found]
    return sorted(drivers, key=lambda driver: (-driver.strength, driver.key))


def _moving(numbers: Mapping[str, Array], result: Array, limit: float) -> list[str]:
    """The numbers that move one result, each found in what those before it leave unexplained."""
    # Late: it brings in more than all else that a study needs before its first run.
    from scipy.stats import rankdata
    from scipy.stats.distributions import t

    ranks = {key: _standard(rankdata(values)) for key, values in numbers.items()}
    chosen: list[str] = []
    rest, draws = result, len(result)
    while len(chosen) < MOST and np.ptp(rest) > 0:
        order = _standard(rankdata(rest))
        found = {key: float(rank @ order) / draws for key, rank in ranks.items()}
        best = max(found, key=lambda key: abs(found[key]))
        freedom = draws - 2 - len(chosen)
        left = max(1e-12, 1.0 - found[best] ** 2)
        if best in chosen or 2 * t.sf(abs(found[best]) * (freedom / left) ** 0.5, freedom) > limit:
            break
        chosen.append(best)
        rest = result - _line([numbers[key] for key in chosen], result)[1]
    return chosen


def _standard(values: Array) -> Array:
    centred = values - values.mean()
    scaled: Array = centred / centred.std()
    return scaled


def _line(numbers: Sequence[Array], result: Array) -> tuple[Array, Array]:
    """Least squares: the slope on each number, and what they explain."""
    from_means = np.stack([values - values.mean() for values in numbers], axis=1)
    slopes = np.linalg.lstsq(from_means, result - result.mean(), rcond=None)[0]
    return slopes, result.mean() + from_means @ slopes


def _driver(
    key: str,
    found: Sequence[str],
    numbers: Mapping[str, Array],
    ends: tuple[float, float],
    results: Sequence[Array],
) -> Driver:
    place, mean = found.index(key), float(numbers[key].mean())
    spans = []
    for result in results:
        slope = float(_line([numbers[each] for each in found], result)[0][place])
        low, high = (float(result.mean()) + slope * (end - mean) for end in ends)
        spans.append(Span(low, high))
    return Driver(key, tuple(spans), _strength(spans, results))


def _strength(spans: Sequence[Span], results: Sequence[Array]) -> float:
    """The widest span, in standard deviations of its result."""
    return max(
        span.width / float(result.std(ddof=1))
        for span, result in zip(spans, results, strict=True)
        if np.ptp(result) > 0
    )


def switched(
    key: str,
    off: Sequence[Array],
    on: Sequence[Array],
    draws: Array,
    results: Sequence[Array],
) -> Driver | None:
    """What a switch moves, from the same runs with and without it; None where it may be chance.

    Args:
        key: its name.
        off: by result: the number in each pair at the one end, shape (pairs,).
        on: the same pairs at the other end.
        draws: the draw of each of these pairs.
        results: as of `drivers`: what its strength is measured by.
    """
    ends = [
        (draw_means(low, draws), draw_means(high, draws)) for low, high in zip(off, on, strict=True)
    ]
    if len(ends[0][0]) < FEWEST_DRAWS or not any(_is_told(high - low) for low, high in ends):
        return None
    spans = [Span(float(low.mean()), float(high.mean())) for low, high in ends]
    return Driver(key, tuple(spans), _strength(spans, results))


def _is_told(differences: Array) -> bool:
    """Whether the mean of a difference over draws is more than chance."""
    from scipy.special import stdtrit

    count = len(differences)
    half = float(stdtrit(count - 1, 1 - FALSE_ALARM / 2)) * differences.std(ddof=1) / count**0.5
    return bool(abs(differences.mean()) > half)
