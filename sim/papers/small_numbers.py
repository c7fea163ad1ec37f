"""Counts too small to print: hidden, with enough others that they can't be worked out.

Counts of children or staff of 1 to 5 could tell who is meant. Totals are known from elsewhere, so
that one hidden count alone could be found by taking away what is shown. So further counts are
hidden until every small one may be any of several numbers, whatever is shown beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import TypeVar

import numpy as np
from scipy.optimize import linprog

SMALLEST, LARGEST_SMALL = 1, 5
MARK = "[c]"
"""What stands in place of a hidden count, as the Department writes it, in brackets."""
_ROOM = LARGEST_SMALL - SMALLEST + 1
"""By how much the least and the greatest that a hidden small count can be must differ."""
Key = TypeVar("Key", bound=Hashable)


def is_small(value: float) -> bool:
    """Whether a count is hidden for its own sake: above 0, and 5 or less as it is printed."""
    return 0 < value < LARGEST_SMALL + 0.5


def hidden(counts: Mapping[Key, float], sums: Sequence[Collection[Key]]) -> frozenset[Key]:
    """The counts that are not printed.

    Args:
        counts: of children or staff, by key.
        sums: the counts of each total that a reader may know.
    """
    small = [key for key, count in counts.items() if is_small(count)]
    chosen = set(small)
    while True:
        exposed = (k for k in small if _range(k, chosen, counts, sums) < _ROOM)
        found = (_smallest_beside(k, chosen, counts, sums) for k in exposed)
        more = next((key for key in found if key is not None), None)
        if more is None:
            break
        chosen.add(more)
    return frozenset(chosen)


def _smallest_beside(
    exposed: Key,
    chosen: Collection[Key],
    counts: Mapping[Key, float],
    sums: Sequence[Collection[Key]],
) -> Key | None:
    """The smallest count shown in a sum that leads to the exposed one; None if all are hidden."""
    own = [s for s in sums if exposed in s]
    linked = {k for s in sums if any(set(s) & set(one) for one in own) for k in s}
    for among in ({k for s in own for k in s}, linked):
        shown = [k for k in counts if k in among and k not in chosen and counts[k] > 0]
        if shown:
            return min(shown, key=lambda k: counts[k])
    return None


def _range(
    key: Key, chosen: Collection[Key], counts: Mapping[Key, float], sums: Sequence[Collection[Key]]
) -> float:
    """Greatest less least that a hidden count can be, by the totals and what is shown."""
    unknown = [k for k in counts if k in chosen]
    lines = [s for s in sums if any(k in chosen for k in s)]
    if not any(key in s for s in lines):
        return float("inf")
    left = np.array([[float(k in line) for k in unknown] for line in lines])
    right = np.array([sum(counts[k] for k in line if k in chosen) for line in lines])
    least_known = min(SMALLEST, *(counts[k] for k in unknown))
    goal = np.array([float(k == key) for k in unknown])
    ends = []
    for sign in (1.0, -1.0):
        found = linprog(sign * goal, A_eq=left, b_eq=right, bounds=(least_known, None))
        least = float(found.fun) if found.fun is not None else float("-inf")
        ends.append(sign * least)
    return float(ends[1] - ends[0])
