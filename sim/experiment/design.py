"""The points of a sweep: every combination of a grid, or a sample spread over ranges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from statistics import NormalDist

import numpy as np

from sim.config.errors import InputError
from sim.config.quantity import Grade, Quantity
from sim.config.sweep import Method, Range, Sample, SweepConfig
from sim.engine.records import Array
from sim.experiment.replicate import no_number
from sim.experiment.sizes import is_size
from sim.inputs.draws import value_at

_NORMAL = NormalDist()


@dataclass(frozen=True)
class Point:
    """One combination of values.

    Attributes:
        number: from 1.
        values: by key: an uncertain number or the path of a measure's size.
    """

    number: int
    values: tuple[tuple[str, float], ...]

    @property
    def fixed(self) -> tuple[tuple[str, float], ...]:
        """Uncertain numbers that are known for certain here."""
        return tuple(item for item in self.values if not is_size(item[0]))

    @property
    def sizes(self) -> dict[str, float]:
        """Sizes of measures."""
        return {key: value for key, value in self.values if is_size(key)}


def points_of(sweep: SweepConfig, known: Mapping[str, Quantity]) -> tuple[Point, ...]:
    """Every point of a sweep; the last axis of a grid varies fastest.

    Args:
        sweep: what is asked.
        known: every uncertain number by key.

    Raises:
        InputError: a sample needs a range that it lacks, or a number that isn't there.
    """
    if sweep.sample is None:
        keys = [axis.key for axis in sweep.grid]
        combinations = product(*(axis.values for axis in sweep.grid))
        found = [tuple(zip(keys, values, strict=True)) for values in combinations]
    else:
        found = _sampled(sweep.sample, sweep.seed, known)
    return tuple(Point(number, values) for number, values in enumerate(found, 1))


def _sampled(
    sample: Sample, seed: int, known: Mapping[str, Quantity]
) -> list[tuple[tuple[str, float], ...]]:
    ranges = [*sample.over, *_judged(sample, known)]
    for item in ranges:
        _refuse_unsampled(item, known)
    shares = _spread(sample, len(ranges), seed)
    return [
        tuple(
            (item.key, _value(item, known, float(share)))
            for item, share in zip(ranges, row, strict=True)
        )
        for row in shares
    ]


def _judged(sample: Sample, known: Mapping[str, Quantity]) -> list[Range]:
    """Every uncertain judged number that is not named on its own, where all are asked for."""
    named = {item.key for item in sample.over}
    return [
        Range(key=key)
        for key, quantity in known.items()
        if sample.judged
        and quantity.grade is Grade.JUDGEMENT
        and not quantity.is_certain
        and key not in named
    ]


def _refuse_unsampled(item: Range, known: Mapping[str, Quantity]) -> None:
    if item.low is not None:
        return
    if is_size(item.key):
        raise InputError(item.key, "is a size without a range", "Give low and high")
    if item.key not in known:
        raise no_number(item.key, known)
    if known[item.key].is_certain:
        raise InputError(item.key, "is known for certain: there is nothing to sample",
                         "Give low and high, or leave it out")  # fmt: skip


def _spread(sample: Sample, dimensions: int, seed: int) -> Array:
    """Numbers between 0 and 1, one row a point."""
    from scipy.stats import qmc

    random = np.random.default_rng(seed)
    if sample.method is Method.SOBOL:
        return np.asarray(qmc.Sobol(dimensions, seed=random).random(sample.points))
    return np.asarray(qmc.LatinHypercube(dimensions, seed=random).random(sample.points))


def _value(item: Range, known: Mapping[str, Quantity], share: float) -> float:
    """The value at a share of the way: of the range, or of the number's own distribution."""
    if item.low is not None and item.high is not None:
        return item.low + share * (item.high - item.low)
    within = min(max(share, 1e-9), 1 - 1e-9)
    return value_at(known[item.key], _NORMAL.inv_cdf(within))
