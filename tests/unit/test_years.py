"""The years of a council that does nothing: by hand, in direction, the same for all scenarios."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping

import numpy as np
import pytest
from scipy.stats import norm, t

from sim.config.council import Council, Rerun
from sim.inputs.draws import NATIONAL, YEARLY, Draw, make_draw
from sim.inputs.years import (
    CouncilYear,
    autoregressive,
    council_years,
    t_of_four_degrees,
)
from sim.published.estimates import NATIONAL_PERSISTENCE
from sim.scenario.scenario import baseline
from tests.helpers import (
    NO_GROWTH,
    SEED,
    council_named,
    devon,
    devon_plan,
    extra_posts,
    package,
    values_of,
)

STAFF, VACANT, LEAVING, STARTERS = 200.0, 40.0, 0.10, 40.0
PLAIN = NO_GROWTH | {
    "growth.usual_vacancy_rate": VACANT / (STAFF + VACANT),
    "growth.new_posts_filled": 0.5,
    "growth.filled_by_starters": 0.75,
    "council.staffing.leaving_rate": LEAVING,
    "council.staffing.starters_fte_per_year": STARTERS,
}


def council(rerun: Rerun | None = None, staff: float = STAFF, vacant: float = VACANT) -> Council:
    """Devon, with other totals."""
    totals = devon().totals.model_copy(update={"inpost_fte": staff, "vacancy_fte": vacant})
    return devon().model_copy(update={"totals": totals, "rerun": rerun})


def central(values: Mapping[str, float]) -> Draw:
    """The central draw with some values replaced."""
    return make_draw(council(), values_of(devon(), baseline(), 0, PLAIN | dict(values)), SEED, 0)


def years(
    values: Mapping[str, float], of: Council | None = None, posts: tuple[float, ...] = (0.0,) * 5
) -> tuple[CouncilYear, ...]:
    """Years of the central draw; `posts` are scores of the council's own change of posts."""
    draw = central({"between_years.establishment_change": 0.07} | dict(values))
    draw = dataclasses.replace(draw, yearly={**draw.yearly, "establishment_change": posts})
    chosen = of or council()
    return council_years(chosen, chosen.totals.of_draw(draw.values), draw)


def test_own_starters_beyond_leavers_do_not_make_staff_grow() -> None:
    """40 start and 20 leave a year: without what takes it back 200 would be 220 a year later."""
    found = years({})
    assert [year.staff_fte for year in found] == pytest.approx([STAFF] * 5)
    assert [year.starters_fte for year in found] == pytest.approx([STARTERS] * 5)
    assert [year.other_net_change_fte for year in found] == pytest.approx([-20.0] * 5)


def test_staff_and_posts_grow_as_england_s_posts_do() -> None:
    found = years({"growth.posts": 1.03})
    assert found[0].staff_fte == pytest.approx(1.03 * STAFF, rel=1e-3)
    assert found[0].posts_change_fte == pytest.approx(0.03 * (STAFF + VACANT))
    mean = (STAFF + found[0].staff_fte) / 2
    assert found[0].starters_fte == pytest.approx(mean * STARTERS / STAFF)


def test_half_of_a_council_s_own_new_posts_is_filled_within_the_year() -> None:
    change = 0.07 * t_of_four_degrees(1.0)
    found = years({}, posts=(1.0, 0.0, 0.0, 0.0, 0.0))[0]
    assert found.posts_change_fte == pytest.approx(change * (STAFF + VACANT))
    assert found.staff_fte - STAFF == pytest.approx(0.5 * change * STAFF)
    assert found.starters_fte > years({})[0].starters_fte


def test_vacancies_above_the_usual_pull_on_staff_and_on_posts() -> None:
    pulls = {"growth.pull_on_staff": 0.2, "growth.pull_on_posts": 0.12}
    usual = PLAIN["growth.usual_vacancy_rate"] - 0.05
    found = years(pulls | {"growth.usual_vacancy_rate": usual})[0]
    assert found.staff_fte - STAFF == pytest.approx(0.2 * 0.05 * STAFF)
    assert found.posts_change_fte == pytest.approx(-0.12 * 0.05 * (STAFF + VACANT))


def test_posts_are_never_fewer_than_staff() -> None:
    for score in (-1.5, -3.0, -8.0):
        found = years({}, posts=(score,) * 5)
        posts = STAFF + VACANT + np.cumsum([year.posts_change_fte for year in found])
        assert (posts >= np.array([year.staff_fte for year in found]) - 1e-9).all()
        assert all(year.starters_fte >= 0.0 for year in found)


def test_a_council_without_staff_or_posts_has_years_too() -> None:
    for staff, vacant in ((0.0, 0.0), (0.0, 9.0), (3.0, 0.0)):
        for year in years({"growth.posts": 1.03}, council(None, staff, vacant)):
            assert all(math.isfinite(value) for value in dataclasses.astuple(year))


def test_what_a_rerun_states_takes_the_place_of_what_is_expected() -> None:
    rerun = Rerun(
        establishment_change_fte=(12.0, 0.0, -6.0, 0.0, 0.0),
        other_net_change_fte=(-20.0,) * 5,
        agency_above_establishment_fte=(0.0,) * 6,
        source="csww_derived",
    )
    found = years({}, council(rerun))
    assert [year.posts_change_fte for year in found] == list(rerun.establishment_change_fte)
    assert [year.other_net_change_fte for year in found] == list(rerun.other_net_change_fte)
    followed = found[0].starters_fte - found[0].mean_staff_fte * STARTERS / STAFF
    assert followed == pytest.approx(0.75 * 0.5 * 12 / 240 * STAFF)


def test_the_noise_of_a_council_of_a_few_people_does_not_grow_without_end() -> None:
    """40 start a year where one is in post: in twenty years chance would make that thousands."""
    tiny = council(None, 1.0, 3.0).model_copy(update={"horizon_years": 20})
    values = values_of(tiny, baseline(), 0, PLAIN | {"growth.posts": 1.1})
    for number in range(1, 40):
        draw = make_draw(tiny, values, SEED, number)
        for year in council_years(tiny, tiny.totals.of_draw(values), draw):
            assert all(math.isfinite(value) for value in dataclasses.astuple(year))
            assert year.staff_fte <= 16.0
            assert year.mean_staff_fte + year.mean_vacancy_fte <= 16.0 + 1e-9


# -- chance between years --------------------------------------------------------------------------


def test_a_national_year_is_the_same_for_every_council_of_a_draw_and_its_own_is_not() -> None:
    draws = [
        make_draw(each, values_of(each, baseline(), 4), SEED, 4)
        for each in (devon(), council_named("herefordshire_2019"))
    ]
    for what in NATIONAL:
        assert draws[0].yearly[what] == draws[1].yearly[what][:5]
    for what in YEARLY:
        assert draws[0].yearly[what][0] != draws[1].yearly[what][0]


def test_a_national_year_leaves_half_of_itself_to_the_next() -> None:
    random = np.random.default_rng(3)
    rows = np.array([autoregressive(tuple(row)) for row in random.standard_normal((20_000, 3))])
    assert rows.std(axis=0) == pytest.approx(1.0, abs=0.03)
    assert np.corrcoef(rows.T)[0, 1] == pytest.approx(NATIONAL_PERSISTENCE, abs=0.03)


def test_a_year_s_rates_have_mean_1_and_the_stated_spread() -> None:
    values = values_of(devon(), baseline())
    exits = []
    for number in range(1, 3001):
        draw = make_draw(devon(), values, SEED, number)
        exits.append(council_years(devon(), devon().totals.of_draw(values), draw)[2].exits)
    spread = math.hypot(values["between_years.exits"], values["between_years.national"])
    assert np.mean(exits) == pytest.approx(1.0, abs=0.015)
    assert np.log(exits).std() == pytest.approx(spread, rel=0.04)


def test_posts_have_the_tails_of_four_degrees_of_freedom() -> None:
    scores = np.array([-5.0, -2.5, -0.3, 0.0, 1.0, 3.7])
    ours = [t_of_four_degrees(float(score)) for score in scores]
    assert ours == pytest.approx(t.ppf(norm.cdf(scores), 4), rel=1e-6)


# -- interventions ---------------------------------------------------------------------------------


@pytest.mark.parametrize("draw", [0, 5])
def test_no_scenario_changes_what_is_expected_of_a_year(draw: int) -> None:
    """So nothing that an intervention adds is taken back, and chance is common to both runs."""
    base = devon_plan(draw=draw)
    for scenario in (package(), extra_posts("assessment", 40.0)):
        other = devon_plan(scenario=scenario, draw=draw)
        assert base.other_net_change == other.other_net_change
        assert base.establishment_closures == other.establishment_closures
        assert base.markets == other.markets
        assert base.cohorts == other.cohorts
        assert base.exits.year_multipliers == other.exits.year_multipliers
        own = [post for post in other.posts if post.name.startswith("growth/")]
        assert [post.key for post in own] == [
            post.key for post in base.posts if post.name.startswith("growth/")
        ]
    assert any(base.other_net_change)
