"""A council's staff in whole years, as the published record moves: the engine must follow it.

No posts, people or teams: one step a year for many draws at once, chance of counting included.
docs/calibration.md (levels, years and growth) has the formulas.
"""

from __future__ import annotations

import numpy as np

from sim.config.council import Council
from sim.inputs.draws import draw_values, quantities
from tests.helpers import evidence

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
FLOWS_AND_STOCKS = ("starters_fte", "leavers_fte", "inpost_fte", "vacancy_fte")


def yearly_recipe(council: Council, years: int, draws: int, seed: int) -> Array:
    """Starters, leavers, in post and vacancies: shape (draws, indicators, years)."""
    random = np.random.default_rng(seed)
    behaviour = evidence().behaviour
    known = quantities(behaviour, council)
    rows = [draw_values(known, behaviour.correlations, seed, d) for d in range(1, draws + 1)]
    v = {key: np.array([row[key] for row in rows]) for key in known}
    staff = v.get("council.totals.inpost_fte", np.full(draws, _total(council, "inpost_fte")))
    posts = staff + _total(council, "vacancy_fte")
    rates = {
        "hires": v["council.staffing.starters_fte_per_year"] / staff,
        "exits": v["council.staffing.leaving_rate"],
    }
    growth, national = v["growth.posts"] - 1, dict.fromkeys(rates, np.zeros(draws))
    found = []
    for year in range(years):
        people = {}
        for what, rate in rates.items():
            new = random.standard_normal(draws)
            national[what] = new if year == 0 else 0.5 * national[what] + np.sqrt(0.75) * new
            expected = staff * rate
            for score, size in (
                (random.standard_normal(draws), v[f"between_years.{what}"]),
                (national[what], v["between_years.national"]),
            ):
                expected = expected * np.exp(size * score - size**2 / 2)
            people[what] = expected + np.sqrt(expected) * random.standard_normal(draws)
        short = 1 - staff / posts - v["growth.usual_vacancy_rate"]
        own = v["between_years.establishment_change"] * random.standard_t(4, draws)
        filled = staff * (v["growth.new_posts_filled"] * own + v["growth.pull_on_staff"] * short)
        starters = np.maximum(0, people["hires"] + v["growth.filled_by_starters"] * filled)
        other = staff * (growth + rates["exits"] - rates["hires"])
        other = other + (1 - v["growth.filled_by_starters"]) * filled
        staff = np.maximum(1, staff + starters - people["exits"] + other)
        posts = np.maximum(posts * (1 + growth + own - v["growth.pull_on_posts"] * short), staff)
        found.append((starters, people["exits"], staff, posts - staff))
    return np.array(found).transpose(2, 1, 0)


def _total(council: Council, name: str) -> float:
    total = getattr(council.totals.of_draw({}), name)
    assert isinstance(total, float)
    return total
