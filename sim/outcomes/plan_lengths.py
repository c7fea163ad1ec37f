"""How long children are on protection plans, in the bands that England publishes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sim.dates import DAYS_PER_MONTH
from sim.engine.case_records import PlanRecord

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


def plan_lengths(plans: Sequence[PlanRecord], until: float, since: float = 0.0) -> PlanLengths:
    """Lengths of the plans that ended from one day to before another, by the published bands.

    Args:
        plans: the run's plans (CaseRecords.plans).
        until: simulated day before which they ended.
        since: simulated day from which on.
    """
    # An open plan's end is -1, which no day of the run is.
    ended = [plan for plan in plans if max(since, 0.0) <= plan.end_day < until]
    counts = _by_band(plan.end_day - plan.start_day for plan in ended)
    off_review = sum(plan.off_review for plan in ended)
    return PlanLengths(
        ended=len(ended),
        shares=tuple(_share(count, len(ended)) for count in counts),
        off_review_share=_share(off_review, len(ended)),
    )


def plan_stock_bands(plans: Sequence[PlanRecord], day: float) -> tuple[int, ...]:
    """Children on plans on a day, by the time that the plan has been open.

    Args:
        plans: the run's plans (CaseRecords.plans).
        day: a simulated day of the run.

    Returns:
        Children by LENGTH_BANDS.
    """
    return _by_band(
        day - plan.start_day
        for plan in plans
        if plan.start_day <= day and (plan.end_day < 0.0 or plan.end_day > day)
    )


def _by_band(lengths: Iterable[float]) -> tuple[int, ...]:
    """How many lengths in days lie in each band; one that meets a band's end belongs to it."""
    counts = [0] * len(LENGTH_BANDS)
    for days in lengths:
        counts[sum(days > upper for upper in _UPPER_DAYS)] += 1
    return tuple(counts)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else math.nan
