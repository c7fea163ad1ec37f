"""Conclusions held against the whole range of what is judged, not only against the average.

A conclusion is a number and the side of a threshold on which it must lie. It holds in a draw if
the draw's mean does. Where it fails more often than elsewhere is looked for in the low and in the
high third of every judged number, one number after another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.config.quantity import Grade
from sim.engine.records import Array
from sim.experiment.replicate import Study
from sim.experiment.statistics import draw_means

FALSE_ALARM = 0.05
"""Chance that a table of judged numbers none of which matters names one of them."""
FEWEST_IN_A_THIRD = 4


@dataclass(frozen=True)
class Claim:
    """One conclusion.

    Attributes:
        text: what is concluded, in words.
        numbers: what it rests on, by pair.
        draws: the draw of each pair.
        above: it holds where the number is above this threshold ...
        below: ... and below this one; None for no such threshold.
        or_equal: whether it holds on a threshold too: "no fewer" does, "fewer" does not.
    """

    text: str
    numbers: Array
    draws: Array
    above: float | None = None
    below: float | None = None
    or_equal: bool = False

    def holds(self) -> Array:
        """Whether it holds, by draw."""
        means = draw_means(self.numbers, self.draws)
        true = np.ones(len(means), dtype=bool)
        if self.above is not None:
            true &= (means > self.above) | (self.or_equal & (means == self.above))
        if self.below is not None:
            true &= (means < self.below) | (self.or_equal & (means == self.below))
        return true.astype(np.float64)


@dataclass(frozen=True)
class Region:
    """A third of a judged number's draws.

    Attributes:
        key: the judged number.
        end: "low" or "high" third.
        share: share of its draws in which the conclusion holds.
        draws: how many draws it has.
        correlation: rank correlation of the judged number with what the conclusion rests on.
        beyond_chance: whether so strong a correlation is more than the best of so many judged
            numbers would show by chance.
    """

    key: str
    end: str
    share: float
    draws: int
    correlation: float
    beyond_chance: bool


@dataclass(frozen=True)
class Robustness:
    """How well a conclusion holds.

    Attributes:
        claim: the conclusion.
        share: share of draws in which it holds.
        draws: number of draws.
        mean: mean of what it rests on.
        weakest: the third in which it holds least, among judged numbers that move it beyond
            chance; None if no number does.
        lowest: the third in which it holds least, whether by chance or not; None below 12 draws.
        judged: how many judged numbers were looked at.
        regions: the low and the high third of every judged number.
    """

    claim: Claim
    share: float
    draws: int
    mean: float
    weakest: Region | None
    lowest: Region | None
    judged: int
    regions: tuple[Region, ...]


def judged_values(study: Study, draws: Sequence[int]) -> dict[str, Array]:
    """The value of every judged number (grade J) that is uncertain, by draw.

    Args:
        study: whose numbers.
        draws: which draws.
    """
    fixed = dict(study.fixed)
    keys = [
        key
        for key, quantity in study.known.items()
        if quantity.grade is Grade.JUDGEMENT and not quantity.is_certain and key not in fixed
    ]
    values = [study.values(draw) for draw in draws]
    return {key: np.array([value[key] for value in values]) for key in keys}


def robustness(claim: Claim, judged: Mapping[str, Array]) -> Robustness:
    """How far a conclusion holds over the draws, and where it is weakest.

    Args:
        claim: the conclusion.
        judged: values of the judged numbers, by draw.
    """
    holds, means = claim.holds(), draw_means(claim.numbers, claim.draws)
    regions = [
        region
        for key, values in judged.items()
        for region in _thirds(key, values, holds, means, len(judged))
    ]
    beyond = [region for region in regions if region.beyond_chance]
    return Robustness(
        claim=claim,
        share=float(holds.mean()),
        draws=len(holds),
        mean=float(np.nanmean(means)),
        weakest=min(beyond, key=_weakness, default=None),
        lowest=min(regions, key=_weakness, default=None),
        judged=len(judged),
        regions=tuple(regions),
    )


def _weakness(region: Region) -> tuple[float, float, str]:
    return region.share, -abs(region.correlation), region.key


def _thirds(key: str, values: Array, holds: Array, means: Array, among: int) -> list[Region]:
    """The low and the high third of a judged number; none where they would be too small."""
    # Late: it brings in more than all else that a study needs before its first run.
    from scipy.stats import spearmanr

    size = len(values) // 3
    if size < FEWEST_IN_A_THIRD or np.ptp(values) == 0 or np.ptp(means) == 0:
        return []
    found = spearmanr(values.ravel(), means.ravel())
    correlation, beyond = float(found.statistic), bool(found.pvalue < FALSE_ALARM / among)
    order = np.argsort(values, kind="stable")
    ends = (("low", order[:size]), ("high", order[-size:]))
    return [
        Region(key, end, float(holds[part].mean()), size, correlation, beyond) for end, part in ends
    ]
