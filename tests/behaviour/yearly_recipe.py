"""A council's staff in whole years, as the published record moves: the engine must follow it.

The yearly recipe (sim/published/recipe.py) with the values of the engine's own draws.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.config.council import Council
from sim.inputs.draws import draw_values, quantities
from sim.published.fixed import Fixed
from sim.published.recipe import Sizes, national_years, staff_and_posts
from tests.helpers import evidence

Array = np.ndarray[tuple[Any, ...], np.dtype[np.float64]]
FLOWS_AND_STOCKS = ("starters_fte", "leavers_fte", "inpost_fte", "vacancy_fte")


def yearly_recipe(council: Council, years: int, draws: int, seed: int) -> Array:
    """Starters, leavers, in post and vacancies: shape (draws, indicators, years)."""
    random = np.random.default_rng(seed)
    behaviour = evidence().behaviour
    known = quantities(behaviour, council)
    rows = [draw_values(known, behaviour.correlations, seed, d) for d in range(1, draws + 1)]
    v = {key: np.array([row[key] for row in rows]) for key in known}
    start = v.get("council.totals.inpost_fte", np.full(draws, _total(council, "inpost_fte")))
    nation = v["between_years.national"]
    national = [nation[:, None] * national_years(random, draws, years) for _ in range(2)]
    posts = start + _total(council, "vacancy_fte")
    staff, posts, left, came = staff_and_posts(_sizes(v, start), start, posts, national, random)
    return np.stack([came, left, staff, posts - staff], axis=1)


def _sizes(v: dict[str, Array], staff: Array) -> Sizes:
    """The draws' values; a config's rates are the means of years, so levels are below them."""
    nation = v["between_years.national"]
    leaving_sd, joining_sd = v["between_years.exits"], v["between_years.hires"]
    joining = v["council.staffing.starters_fte_per_year"] / staff
    return Sizes(
        np.log(v["council.staffing.leaving_rate"]) - (leaving_sd**2 + nation**2) / 2,
        np.log(joining) - (joining_sd**2 + nation**2) / 2,
        leaving_sd,
        joining_sd,
        v["growth.posts"] - 1,
        v["between_years.establishment_change"],
        v["growth.usual_vacancy_rate"],
        Fixed(
            new_posts_filled=v["growth.new_posts_filled"],
            filled_by_starters=v["growth.filled_by_starters"],
            pull_on_staff=v["growth.pull_on_staff"],
            pull_on_posts=v["growth.pull_on_posts"],
            national_sd=nation,
            cover_sd=v["between_years.agency_cover"],
        ),
    )


def _total(council: Council, name: str) -> float:
    total = getattr(council.totals.of_draw({}), name)
    assert isinstance(total, float)
    return total
