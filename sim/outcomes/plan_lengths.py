"""How long children are on protection plans, in the bands that England publishes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.dates import DAYS_PER_MONTH
from sim.engine.records import Array, Rows

LENGTH_BANDS = (
    "3 months or less",
    "3 to 6 months",
    "6 to 12 months",
    "1 to 2 years",
    "2 years or more",
)
_UPPER_DAYS = tuple(months * DAYS_PER_MONTH for months in (3, 6, 12, 24))


@dataclass(frozen=True)
class PlanLengths:
    """Lengths of the plans that ended in some time.

    Attributes:
        ended: how many ended.
        shares: of them, by LENGTH_BANDS; nan where none ended.
        off_review_share: of them, those that ended between two reviews.
    """

    ended: int
    shares: tuple[float, ...]
    off_review_share: float


def plan_lengths(plans: Rows, until: float, since: float = 0.0) -> PlanLengths:
    """Lengths of the plans that ended from one day to before another, by the published bands.

    Args:
        plans: the run's plans (CaseRecords.plans).
        until: simulated day before which they ended.
        since: simulated day from which on.
    """
    # An open plan's end is -1, which no day of the run is.
    ended = plans[(max(since, 0.0) <= plans["end_day"]) & (plans["end_day"] < until)]
    counts = _by_band(ended["end_day"] - ended["start_day"])
    off_review = int(ended["off_review"].sum())
    return PlanLengths(
        ended=len(ended),
        shares=tuple(_share(count, len(ended)) for count in counts),
        off_review_share=_share(off_review, len(ended)),
    )


def plan_stock_bands(plans: Rows, day: float) -> tuple[int, ...]:
    """Children on plans on a day, by the time that the plan has been open.

    Args:
        plans: the run's plans (CaseRecords.plans).
        day: a simulated day of the run.

    Returns:
        Children by LENGTH_BANDS.
    """
    not_ended = (plans["end_day"] < 0.0) | (plans["end_day"] > day)
    return _by_band(day - plans["start_day"][(plans["start_day"] <= day) & not_ended])


def _by_band(lengths: Array) -> tuple[int, ...]:
    """How many lengths in days lie in each band; one that meets a band's end belongs to it."""
    bands = np.searchsorted(_UPPER_DAYS, lengths, "left")
    return tuple(np.bincount(bands, minlength=len(LENGTH_BANDS)).tolist())


def _share(part: int, whole: int) -> float:
    return part / whole if whole else math.nan
