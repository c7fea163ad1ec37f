"""The yearly recipe: each part of it alone, and that nothing after its year is used."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from sim.published.estimates import Level, Posts
from sim.published.recipe import AgencyYear, Recipe, Start
from sim.published.recipe_fit import recipe_of
from sim.published.record import Council, Record, load_record

HERE = Council("Smallbrook", ("899",), ("E06999995",), "South West", 2021)
OTHER = Council("Fenbridge", ("898",), ("E06999996",), "South West", 2021)
LEAVING, JOINING = Level(math.log(0.15), 0.0, 0.5), Level(math.log(0.17), 0.0, 0.5)
STEADY = (AgencyYear(0.5, 0.02),)
START = Start(Posts(170.0, 30.0), LEAVING, JOINING, STEADY, (STEADY,), 19.0,
              Level(math.log(16.0), 0.0, 0.5), 0.0)  # fmt: skip
DRAWS = 4000


def recipe(start: Start = START, **changes: float) -> Recipe:
    usual = {"leaving_sd": 0.25, "joining_sd": 0.25, "growth": 0.03, "posts_scale": 0.07,
             "usual_vacancy_rate": 0.15, "children_scale": 0.1}  # fmt: skip
    return Recipe(2021, starts={HERE: start, OTHER: start}, **(usual | changes))


def in_post(made: Recipe, years: int = 3) -> np.ndarray:
    return made.run(HERE, years, DRAWS, 1)["inpost_fte"]


def test_staff_grow_with_england_whatever_starters_and_leavers_are() -> None:
    """A council's own starters less leavers do not foretell its growth."""
    for joining in (0.10, 0.17, 0.30):
        start = replace(START, joining=Level(math.log(joining), 0.0, 0.5))
        found = recipe(start).run(HERE, 3, DRAWS, 1)
        assert found["inpost_fte"].mean(axis=0) == pytest.approx(
            170 * 1.03 ** np.arange(1, 4), rel=0.012
        )
        rate = found["starters_fte"][:, 0].mean() / 170
        assert rate == pytest.approx(joining * math.exp((0.25**2 + 0.05**2) / 2), rel=0.03)


def test_councils_short_of_staff_gain_staff_and_lose_posts() -> None:
    short = replace(START, posts=Posts(150.0, 50.0))
    quiet = {"posts_scale": 0.0, "leaving_sd": 0.0, "joining_sd": 0.0}
    found = recipe(short, **quiet).run(HERE, 1, DRAWS, 1)
    assert found["inpost_fte"].mean() == pytest.approx(150 * (1.03 + 0.20 * 0.10), rel=0.005)
    posts = found["inpost_fte"] + found["vacancy_fte"]
    assert posts.mean() == pytest.approx(200 * (1.03 - 0.12 * 0.10), rel=0.005)


def test_half_of_a_council_s_own_new_posts_are_filled() -> None:
    found = recipe(posts_scale=0.07, leaving_sd=0.0, joining_sd=0.0).run(HERE, 1, DRAWS, 1)
    posts = (found["inpost_fte"] + found["vacancy_fte"])[:, 0]
    is_free = found["vacancy_fte"][:, 0] > 0
    change, growth = found["inpost_fte"][is_free, 0] / 170 - 1, posts[is_free] / 200 - 1
    slope = np.polyfit(growth - growth.mean(), change, 1)[0]
    assert slope == pytest.approx(0.5, abs=0.05)


def test_staff_never_outnumber_posts() -> None:
    full = replace(START, posts=Posts(199.0, 1.0))
    found = recipe(full).run(HERE, 3, DRAWS, 1)
    assert found["vacancy_fte"].min() == 0.0
    share = found["vacancy_agency_cover_rate_fte"]
    assert np.isnan(share[found["vacancy_fte"] == 0]).all()


def test_cover_and_staff_above_establishment_come_from_one_year() -> None:
    own = (AgencyYear(1.0, 0.0), AgencyYear(0.0, 0.2))
    start = replace(START, agency=own, like=((AgencyYear(1.0, 0.5),),))
    found = recipe(start).run(HERE, 3, DRAWS, 1)
    has_vacancies = found["vacancy_fte"] > 0
    cover = found["vacancy_agency_cover_rate_fte"]
    posts = found["inpost_fte"] + found["vacancy_fte"]
    above = (found["agency_fte"] - found["agency_cover_fte"]) / posts
    pairs = np.round(np.column_stack([cover[has_vacancies], above[has_vacancies]]), 6)
    kinds, counts = np.unique(pairs, axis=0, return_counts=True)
    assert kinds.tolist() == [[0.0, 0.2], [1.0, 0.0], [1.0, 0.5]]
    shares = counts / counts.sum()
    assert shares == pytest.approx([0.5 * 0.75, 0.5 * 0.25, 0.5], abs=0.03)


def test_caseload_returns_to_its_level_and_eases_with_staff() -> None:
    quiet = {"growth": 0.0, "posts_scale": 0.0, "children_scale": 0.0}
    high = replace(START, caseload_last=0.4)
    found = np.log(recipe(high, **quiet).run(HERE, 4, DRAWS, 1)["caseload_fte"] / 16)
    assert found.mean(axis=0) == pytest.approx([0.14, 0.08, 0.04, 0.02], abs=0.015)
    grown = np.log(recipe(growth=0.2).run(HERE, 1, DRAWS, 1)["caseload_fte"] / 16)
    assert grown.mean() == pytest.approx(-0.3 * math.log(1.2), abs=0.02)
    unknown = replace(START, caseload=None)
    assert np.isnan(recipe(unknown).run(HERE, 2, 5, 1)["caseload_fte"]).all()


def test_all_councils_share_a_draw_s_national_year_and_growth() -> None:
    made = recipe(posts_scale=0.0, leaving_sd=0.0, joining_sd=0.0)
    one, other = (made.run(council, 1, DRAWS, 1) for council in (HERE, OTHER))
    growth = [found["inpost_fte"][:, 0] + found["vacancy_fte"][:, 0] for found in (one, other)]
    assert np.corrcoef(growth[0], growth[1])[0, 1] > 0.99
    assert np.corrcoef(one["leavers_fte"][:, 0], other["leavers_fte"][:, 0])[0, 1] < 0.5
    assert not np.array_equal(one["leavers_fte"], other["leavers_fte"])
    again = made.run(HERE, 1, DRAWS, 1)
    assert all(np.array_equal(one[name], again[name], equal_nan=True) for name in one)


@pytest.fixture(scope="module")
def shipped() -> Record:
    return load_record()


def test_the_shipped_record_gives_the_sizes_that_calibration_states(shipped: Record) -> None:
    for year in (2018, 2019, 2020):
        made = recipe_of(shipped, year)
        assert len(made.starts) >= 147
        assert 0.028 <= made.growth <= 0.035
        assert 0.065 <= made.posts_scale <= 0.080
        assert made.usual_vacancy_rate == pytest.approx(0.14, abs=0.01)
        weights = [start.leaving.weight for start in made.starts.values()]
        assert 0.3 <= float(np.median(weights)) <= 0.7


def test_nothing_after_the_year_is_used(shipped: Record) -> None:
    full, cut = recipe_of(shipped, 2019), recipe_of(shipped.up_to(2019), 2019)
    assert full == cut
