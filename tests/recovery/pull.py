"""The pull of vacancies on the growth of staff, as the published tables have it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[tuple[Any, ...], np.dtype[np.float64]]
_ROBUST_SDS, _SD_OF_NORMAL = 3.0, 1.4826


@dataclass(frozen=True)
class Pull:
    """Staff gained in a year for each vacancy above the usual, as shares; its standard error."""

    slope: float
    error: float


def pull_of(staff: Array, vacant: Array) -> Pull:
    """The slope of the next year's growth of staff on the vacancy rate, years' own means taken off.

    Growth counts for at most three robust standard deviations, so that no single council's new
    way of counting decides it. The standard error is clustered by council.

    Args:
        staff: in post, shape (councils, years); nan where there is no figure.
        vacant: vacancies, likewise.
    """
    rate = (vacant / (staff + vacant))[:, :-1]
    growth = staff[:, 1:] / staff[:, :-1] - 1.0
    known = ~np.isnan(rate) & ~np.isnan(growth)
    rate, growth = (_without_years(np.where(known, each, np.nan)) for each in (rate, growth))
    limit = _ROBUST_SDS * _SD_OF_NORMAL * float(np.median(np.abs(growth[known])))
    growth = _without_years(np.clip(growth, -limit, limit))
    x, y = np.where(known, rate, 0.0), np.where(known, growth, 0.0)
    square = float((x * x).sum())
    slope = float((x * y).sum()) / square
    scores = (x * (y - slope * x)).sum(axis=1)
    return Pull(slope, float(np.sqrt((scores * scores).sum())) / square)


def _without_years(values: Array) -> Array:
    found: Array = values - np.nanmean(values, axis=0)
    return found
