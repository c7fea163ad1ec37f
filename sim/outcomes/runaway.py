"""Runs that run away: so many children wait for so long that no council would let it come to it."""

from __future__ import annotations

import numpy as np

from sim.engine.records import Array

SHARE, MONTHS = 0.1, 6
"""A run runs away when more than this share of open children waits at so many month ends on end."""


def runs_away(waiting: Array, open_children: Array) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which runs run away.

    Args:
        waiting: children without a worker at month ends, shape (runs, months).
        open_children: open children, same shape.

    Returns:
        One flag a run; never set where there are no children's cases.
    """
    over = waiting > SHARE * open_children
    on_end = np.zeros(len(over), int)
    found = np.zeros(len(over), bool)
    for month in range(over.shape[1]):
        on_end = np.where(over[:, month], on_end + 1, 0)
        found |= on_end >= MONTHS
    return found
