"""Few draws that make an answer: those without which an average would be another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from sim.config.quantity import Quantity
from sim.engine.records import Array
from sim.experiment.statistics import draw_means

FEWEST_TO_NAME = 10
"""Below this number of draws one of them lies far out by chance alone."""
SHARE = 0.5
"""Of the precision of an average: what one draw may move it by before it is named."""


@dataclass(frozen=True)
class Influence:
    """A draw that makes an average.

    Attributes:
        draw: its number.
        mean: of all draws.
        without: of all others.
    """

    draw: int
    mean: float
    without: float


def influences(values: Array, draws: Array) -> list[Influence]:
    """Draws without which the mean moves by more than half its precision, the strongest first.

    The precision is that of the mean of the other draws: with the draw among them its own distance
    widens it, and of fewer than 62 draws none could ever move the mean by half of that.

    Args:
        values: by pair; nan where a pair has no value.
        draws: the draw of each pair.
    """
    numbers, means = np.unique(draws), draw_means(values, draws)
    known = ~np.isnan(means)
    numbers, means = numbers[known], means[known]
    if len(means) < FEWEST_TO_NAME:
        return []
    found = []
    for place in range(len(means)):
        others = np.delete(means, place)
        count = len(others)
        half = float(stdtrit(count - 1, 0.975)) * float(others.std(ddof=1)) / count**0.5
        one = Influence(int(numbers[place]), float(means.mean()), float(others.mean()))
        if abs(one.without - one.mean) > SHARE * half:
            found.append(one)
    return sorted(found, key=lambda one: (-abs(one.without - one.mean), one.draw))


def far_out(known: Mapping[str, Quantity], values: Mapping[str, float]) -> list[str]:
    """Numbers of a draw that lie in the outer tenth of their range, the farthest first.

    Args:
        known: every number by key; the ends of its range are its 5th and 95th percentiles.
        values: what the draw has taken for each.
    """
    distance = {key: _beyond(quantity, values[key]) for key, quantity in known.items()}
    out = [key for key, far in distance.items() if far >= 1.0]
    return sorted(out, key=lambda key: (-distance[key], key))


def _beyond(quantity: Quantity, value: float) -> float:
    """How far a value lies from the centre: 1 at the end of the range on its side."""
    end = quantity.high if value > quantity.central else quantity.low
    width = end - quantity.central
    return (value - quantity.central) / width if width else 0.0
