"""Numbers of the shared evidence that estimates and the yearly recipe take as they are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from sim.config.shipped import load_evidence

Number = float | np.ndarray[tuple[Any, ...], np.dtype[np.float64]]
"""One for all draws, or one a draw."""


@dataclass(frozen=True)
class Fixed:
    """Numbers that configs/behaviour.toml explains.

    Attributes:
        new_posts_filled: share of a council's own new posts that is filled within the year.
        filled_by_starters: share of what is filled beyond the usual that starters are counted for.
        pull_on_staff: staff gained in a year for each vacancy above the usual, as shares.
        pull_on_posts: posts lost in a year for each vacancy above the usual, as shares of posts.
        national_sd: of the logarithm of a rate in a year, in all councils alike.
        cover_sd: of the share of vacancies covered, beyond that of the year that it is taken from.
    """

    new_posts_filled: Number
    filled_by_starters: Number
    pull_on_staff: Number
    pull_on_posts: Number
    national_sd: Number
    cover_sd: Number


@cache
def fixed() -> Fixed:
    """Central values of the shipped evidence, read once."""
    behaviour = load_evidence().behaviour
    growth, years = behaviour.growth, behaviour.between_years
    return Fixed(
        new_posts_filled=growth.new_posts_filled.central,
        filled_by_starters=growth.filled_by_starters.central,
        pull_on_staff=growth.pull_on_staff.central,
        pull_on_posts=growth.pull_on_posts.central,
        national_sd=years.national.central,
        cover_sd=years.agency_cover.central,
    )
