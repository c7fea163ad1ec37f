"""Dividing a whole number among parts in proportion."""

from __future__ import annotations

import numpy as np

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
WholeNumbers = np.ndarray[tuple[int, ...], np.dtype[np.int64]]


def largest_remainder(weights: Array, total: int) -> WholeNumbers:
    """Whole numbers in proportion to `weights` that sum to `total` (Hamilton's method)."""
    if total == 0 or weights.sum() <= 0:
        return np.zeros(len(weights), dtype=np.int64)
    exact = weights / weights.sum() * total
    whole: WholeNumbers = np.floor(exact).astype(np.int64)
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return whole
