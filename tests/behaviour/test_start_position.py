"""The start position: published totals bind, and the division between teams is the best one."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest

from sim.config.apportion import Array, largest_remainder
from sim.config.council import Council
from sim.config.errors import InputError
from sim.config.roles import REGISTERED_ROLES, Role
from sim.inputs.build import make_plan
from sim.inputs.position import (
    STATES,
    Position,
    PostState,
    StartPost,
    _press_rows,
    _prior,
    _role_totals,
    _solve,
    split_into_posts,
    start_position,
)
from sim.outcomes.indicators import INDEX
from sim.outcomes.workforce import measure_workforce
from tests.behaviour.builders import new_posts, run, scenario_of, supplement
from tests.helpers import (
    SEED,
    council_named,
    devon,
    devon_plan,
    devon_position,
    package,
    values_of,
)

COUNCILS = ("devon_2021", "devon_2017", "herefordshire_2019", "herefordshire_2017")
PUBLISHED = {
    "devon_2021": (319.5, 91.0, 52.0, 37.0, 215.6),
    "devon_2017": (294.1, 76.4, 42.7, 4.0, 243.0),
    "herefordshire_2019": (93.7, 32.0, 16.3, 0.0, 71.3),
    "herefordshire_2017": (83.8, 14.0, 2.9, 7.8, 69.1),
}
"""In post, vacant, agency cover, agency above establishment, case holders."""


def prior_of(council: Council) -> Array:
    """The division that is closest to where the work is."""
    return _prior(council, _role_totals(council.totals.central))


def division(council: Council) -> Array:
    """The division that is chosen."""
    return _solve(council, _role_totals(council.totals.central))


@cache
def position(name: str) -> Position:
    return start_position(council_named(name))


def _fte(posts: tuple[StartPost, ...], *states: PostState, role: Role | None = None) -> float:
    return math.fsum(p.fte for p in posts if p.state in states and role in (None, p.role))


# -- totals ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", COUNCILS)
def test_published_totals_bind_exactly(name: str) -> None:
    posts, above = position(name).posts, sum(position(name).above_establishment)
    inpost, vacant, cover, above_published, case_holders = PUBLISHED[name]
    vacant_states = (PostState.COVERED, PostState.UNCOVERED)
    assert _fte(posts, PostState.FILLED) == pytest.approx(inpost, abs=1e-9)
    assert _fte(posts, *vacant_states) == pytest.approx(vacant, abs=1e-9)
    assert _fte(posts, PostState.COVERED) == pytest.approx(cover, abs=1e-9)
    assert above == round(above_published), "whole people"
    held = _fte(posts, PostState.FILLED, PostState.COVERED, role=Role.SOCIAL_WORKER)
    assert held + above == pytest.approx(case_holders, abs=1e-9)
    totals = council_named(name).totals
    managers = _fte(posts, *STATES, role=Role.TEAM_MANAGER)
    assert managers == pytest.approx(totals.team_manager_posts_fte, abs=1e-9)
    gaps = _fte(posts, *vacant_states, role=Role.TEAM_MANAGER)
    assert gaps == pytest.approx(totals.team_manager_vacancy_fte, abs=1e-9)
    assert position(name).establishment_fte == pytest.approx(inpost + vacant, abs=1e-9)


@pytest.mark.parametrize("name", COUNCILS)
def test_posts_are_whole_small_enough_and_told_apart(name: str) -> None:
    posts = position(name).posts
    assert min(post.fte for post in posts) >= 0.1
    assert max(post.fte for post in posts) <= 1.0
    assert all(round(post.fte * 10) == pytest.approx(post.fte * 10) for post in posts)
    assert len({post.name for post in posts}) == len(posts)
    assert {post.role for post in posts} == set(REGISTERED_ROLES)
    part_time = council_named(name).totals.part_time_fte
    share = sum(post.fte == part_time for post in posts) / len(posts)
    # Every team, role and state is divided by itself: a small council has many small divisions.
    room = 0.06 if len(posts) > 300 else 0.1
    assert share == pytest.approx(council_named(name).totals.part_time_share, abs=room)


@pytest.mark.parametrize("name", COUNCILS)
def test_every_team_has_people_and_the_hard_one_has_the_vacancies(name: str) -> None:
    teams, posts = council_named(name).teams, position(name).posts
    vacant_share = []
    for t in range(len(teams)):
        mine = tuple(post for post in posts if post.team == t)
        assert _fte(mine, PostState.FILLED) > 0.0, teams[t].key
        vacant = _fte(mine, PostState.COVERED, PostState.UNCOVERED)
        vacant_share.append(vacant / _fte(mine, *STATES))
    hard = [t for t, team in enumerate(teams) if team.hard_to_recruit]
    others = [t for t in range(len(teams)) if t not in hard]
    assert min(vacant_share[t] for t in hard) > max(vacant_share[t] for t in others)


@pytest.mark.parametrize("name", COUNCILS)
def test_agency_above_establishment_follows_work(name: str) -> None:
    total = sum(position(name).above_establishment)
    for team, count in zip(
        council_named(name).teams, position(name).above_establishment, strict=True
    ):
        assert abs(count - team.work_share * total) < 1.0


# -- the best division -----------------------------------------------------------------------------


def _objective(name: str, cells: Array) -> float:
    """Distance from the prior and from the press, written out again."""
    prior = prior_of(council_named(name))
    used = prior > 1e-12
    distance = float((((cells - prior) ** 2)[used] / prior[used]).sum())
    press = council_named(name).frontline
    if press is None:
        return distance
    frontline = np.array([team.frontline for team in council_named(name).teams])
    for state, share in enumerate(
        (press.permanent_share, press.agency_share, press.unfilled_share)
    ):
        wanted = press.posts_fte * share
        found = cells[frontline, 0, state].sum()
        distance += press.weight * (found - wanted) ** 2 / wanted
    return distance


@pytest.mark.parametrize("name", COUNCILS)
def test_the_division_meets_its_optimality_conditions(name: str) -> None:
    """Moving FTE between teams changes the distance at one rate only, for each role and state."""
    cells = division(council_named(name))
    step = 1e-5
    slopes = np.zeros(cells.shape)
    for index in np.ndindex(cells.shape):
        up, down = cells.copy(), cells.copy()
        up[index] += step
        down[index] -= step
        slopes[index] = (_objective(name, up) - _objective(name, down)) / (2 * step)
    np.testing.assert_allclose(slopes, np.broadcast_to(slopes[:1], slopes.shape), atol=1e-6)
    np.testing.assert_allclose(
        cells.sum(axis=0), prior_of(council_named(name)).sum(axis=0), atol=1e-9
    )
    assert (cells > 0.0).all()


@pytest.mark.parametrize("name", COUNCILS)
def test_every_other_division_with_the_same_totals_is_worse(name: str) -> None:
    cells = division(council_named(name))
    best = _objective(name, cells)
    rng = np.random.default_rng(1)
    for scale in (1e-3, 1e-1, 1.0):
        for _ in range(100):
            other = rng.normal(0.0, scale, cells.shape)
            other -= other.mean(axis=0)
            assert _objective(name, cells + other) > best
            assert _objective(name, cells - other) > best


def test_without_the_press_the_division_is_the_prior() -> None:
    alone = council_named("devon_2021").model_copy(update={"frontline": None})
    np.testing.assert_allclose(division(alone), prior_of(alone), atol=1e-9)
    assert start_position(alone).frontline_residuals == ()


def test_the_press_moves_the_division_towards_its_figures() -> None:
    cells = division(council_named("devon_2021"))
    prior = prior_of(council_named("devon_2021"))
    for row, target in _press_rows(council_named("devon_2021"), 9):
        before, after = (float((row * c.ravel()).sum()) for c in (prior, cells))
        assert abs(after - target) < abs(before - target)


# -- the press -------------------------------------------------------------------------------------


def test_how_far_the_press_is_off_is_reported_as_the_posts_stand() -> None:
    """Frontline posts of 195: 51 % permanent, 30 % agency, 19 % unfilled."""
    residuals = position("devon_2021").frontline_residuals
    assert [label for label, _, _ in residuals] == ["permanent holder", "agency cover", "unfilled"]
    assert [target for _, target, _ in residuals] == pytest.approx([99.45, 58.5, 37.05])
    frontline = {t for t, team in enumerate(devon().teams) if team.frontline}
    for (_, _, found), state in zip(residuals, STATES, strict=True):
        mine = tuple(p for p in position("devon_2021").posts if p.team in frontline)
        assert found == pytest.approx(_fte(mine, state, role=Role.SOCIAL_WORKER), abs=1e-9)
    covered = residuals[1]
    assert covered[2] < 52.0 < covered[1], "the press has more cover than the census has in all"


def test_a_council_without_press_figures_has_nothing_to_report() -> None:
    assert position("devon_2017").frontline_residuals == ()


# -- the same for all ------------------------------------------------------------------------------


def test_every_draw_and_scenario_starts_from_the_same_posts() -> None:
    count = len(devon_position().posts)
    wanted = [(p.name, p.team, p.role, p.fte, p.state) for p in devon_position().posts]
    scenarios = (None, package(), scenario_of(supplement(5_000.0)))
    for draw in (0, 1, 2, 9):
        for scenario in scenarios:
            plan = devon_plan(scenario=scenario, draw=draw)
            found = [(p.name, p.team, p.role, p.fte, p.state) for p in plan.posts[:count]]
            assert found == wanted
            rest = {p.state for p in plan.posts[count:]}
            assert rest <= {PostState.NOT_OPEN}
            assert plan.agency.above_start == devon_position().above_establishment


def test_the_position_is_the_same_each_time() -> None:
    assert start_position(devon()) == start_position(devon())


@pytest.mark.parametrize("name", COUNCILS)
def test_a_run_opens_with_the_published_totals(name: str) -> None:
    """With nobody leaving or coming, the first month end is still day 0."""
    still = {
        "council.staffing.leaving_rate": 1e-9,
        "council.staffing.starters_fte_per_year": 1e-9,
        "agency.assignment": 1e6,
        "agency.conversion_rate": 0.0,
        "agency.request_delay": 1e6,
    }
    scenario = scenario_of(new_posts([("assessment", Role.ACADEMY, 1.0)]))
    # A rerun imposes changes from the first month on.
    start = council_named(name).model_copy(update={"rerun": None})
    values = values_of(start, scenario, overrides=still)
    plan = make_plan(start, position(name), scenario, values, SEED, 0)
    table = measure_workforce(plan, run(plan), {})
    inpost, vacant, cover, above, _ = PUBLISHED[name]
    for indicator, value in (
        ("inpost_fte", inpost),
        ("vacancy_fte", vacant),
        ("agency_above_establishment_fte", round(above)),
        ("establishment_fte", inpost + vacant),
    ):
        assert table[INDEX[indicator], 0, 0] == pytest.approx(value, abs=1e-9), indicator
    assert table[INDEX["agency_cover_fte"], 0, 0] == pytest.approx(cover, abs=2.0)


# -- small parts -----------------------------------------------------------------------------------


@pytest.mark.parametrize("tenths", [1, 3, 6, 9, 10, 11, 15, 16, 19, 21, 59, 100, 137, 1234])
@pytest.mark.parametrize(("part", "share"), [(0.6, 0.2), (0.5, 0.0), (0.3, 0.9), (0.9, 1.0)])
def test_posts_sum_to_their_fte_in_pieces_of_a_tenth_or_more(
    tenths: int, part: float, share: float
) -> None:
    posts = split_into_posts(tenths, part, share)
    assert sum(round(10 * fte) for fte in posts) == tenths
    assert min(posts) >= 0.1
    assert max(posts) <= 1.0


def test_nothing_splits_into_no_posts() -> None:
    assert split_into_posts(0, 0.6, 0.2) == []


def testlargest_remainders_keep_the_total_and_stay_within_one() -> None:
    rng = np.random.default_rng(4)
    for total in (0, 1, 7, 370):
        weights = rng.random(6)
        whole = largest_remainder(weights, total)
        assert whole.sum() == total
        assert (np.abs(whole - weights / weights.sum() * total) < 1.0).all()


def test_totals_that_fit_no_posts_are_refused() -> None:
    base = council_named("devon_2021")
    totals = base.totals.model_copy(update={"case_holders_fte": 400.0})
    with pytest.raises(InputError):
        start_position(base.model_copy(update={"totals": totals}))
