"""The start position: published totals bind, and the division between teams is the best one."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest

from sim.config.apportion import Array, largest_remainder
from sim.config.council import MOST_VACANT, Council, Located
from sim.config.errors import InputError
from sim.config.roles import REGISTERED_ROLES, Role
from sim.inputs.build import make_plan
from sim.inputs.draws import make_draw
from sim.inputs.position import (
    STATES,
    Position,
    PostState,
    StartPost,
    _divide,
    _role_totals,
    split_into_posts,
    start_position,
)
from sim.inputs.vacancies import place
from sim.outcomes.indicators import INDEX
from sim.outcomes.workforce import measure_workforce
from tests.behaviour.builders import new_posts, run, scenario_of, supplement
from tests.helpers import (
    NO_GROWTH,
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


def division(council: Council) -> Array:
    """FTE by team, role and state, before they are made whole posts."""
    return _divide(council, _role_totals(council.totals.central))


def with_press(**changes: float) -> Council:
    """Devon with other press figures."""
    press = devon().frontline
    assert press is not None
    return devon().model_copy(update={"frontline": press.model_copy(update=changes)})


def with_located(**shares: float) -> Council:
    """Devon, of some of whose teams the share of vacant social worker posts is known."""
    teams = tuple(
        team.model_copy(
            update={"located": Located(vacancy_share=shares[team.key], source="judgement")}
        )
        if team.key in shares
        else team
        for team in devon().teams
    )
    return devon().model_copy(update={"teams": teams})


def vacancy_shares(council: Council, role: int = 0) -> Array:
    """By team: the share of its posts of a role that stands vacant."""
    cells = division(council)[:, role]
    shares: Array = cells[:, 1:].sum(axis=1) / cells.sum(axis=1)
    return shares


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


# -- where the posts and the vacancies are --------------------------------------------------------


@pytest.mark.parametrize("name", COUNCILS)
def test_posts_follow_work_and_people_are_in_what_vacancies_leave(name: str) -> None:
    council = council_named(name)
    cells, roles = division(council), _role_totals(council.totals.central)
    work = np.array([team.work_share for team in council.teams])
    posts = work[:, None] * roles.sum(axis=1)[None, :]
    np.testing.assert_allclose(cells.sum(axis=2), posts, atol=1e-9)
    np.testing.assert_allclose(cells.sum(axis=0), roles, atol=1e-9)
    assert (cells >= 0.0).all()
    cover = cells[:, :, 1].sum(axis=0) / cells[:, :, 1:].sum(axis=(0, 2))
    for role in range(3):
        np.testing.assert_allclose(
            cells[:, role, 1], cells[:, role, 1:].sum(axis=1) * cover[role], atol=1e-9
        )


def test_without_a_clue_a_hard_team_is_twice_as_empty_as_the_others() -> None:
    alone = devon().model_copy(update={"frontline": None})
    for role in range(3):
        shares = vacancy_shares(alone, role)
        easy = [s for s, t in zip(shares, alone.teams, strict=True) if not t.hard_to_recruit]
        assert easy == pytest.approx([easy[0]] * len(easy))
        assert shares[2] == pytest.approx(2 * easy[0])
    assert start_position(alone).frontline_residuals == ()


def test_the_press_locates_vacancies_as_far_as_the_totals_allow() -> None:
    """96 vacancies in frontline teams are more than the census has in all: others have none."""
    shares = vacancy_shares(devon())
    assert [s for s, t in zip(shares, devon().teams, strict=True) if not t.frontline] == [0.0, 0.0]
    assert 0.5 < shares[2] <= MOST_VACANT
    few = with_press(posts_fte=150.0)
    cells = division(few)
    frontline = np.array([team.frontline for team in few.teams])
    assert cells[frontline, 0, 1:].sum() == pytest.approx(150.0 * 0.49)


def test_a_press_figure_is_believed_by_its_weight() -> None:
    frontline = np.array([team.frontline for team in devon().teams])
    found = {
        weight: float(division(with_press(weight=weight))[frontline, 0, 1:].sum())
        for weight in (0.0, 0.5, 1.0)
    }
    none = division(devon().model_copy(update={"frontline": None}))
    assert found[0.0] == pytest.approx(float(none[frontline, 0, 1:].sum()))
    assert found[0.5] == pytest.approx((found[0.0] + found[1.0]) / 2)
    assert found[0.0] < found[0.5] < found[1.0]


def test_what_is_known_of_a_team_comes_before_the_press_and_the_work() -> None:
    shares = vacancy_shares(
        with_located(assessment=0.6, disabled_children=0.3, children_in_care=0.0)
    )
    assert shares[[1, 3, 4]] == pytest.approx([0.6, 0.3, 0.0])
    assert shares[2] == pytest.approx(2 * shares[0]), "what is left follows the work"


def test_no_team_passes_the_most_unless_what_is_known_leaves_no_other_place() -> None:
    known = with_located(assessment=0.1, children_in_care=0.1, disabled_children=0.0)
    shares = vacancy_shares(known)
    assert shares[2] == pytest.approx(MOST_VACANT)
    assert shares[[1, 4, 3]] == pytest.approx([0.1, 0.1, 0.0], abs=0.06)
    everywhere = with_located(**{team.key: 0.6 for team in devon().teams})
    shares = vacancy_shares(everywhere)
    assert shares == pytest.approx([shares[0]] * 6), "the published total binds"


def test_a_council_emptier_than_the_most_is_as_empty_everywhere() -> None:
    posts = np.array([10.0, 30.0, 60.0])
    weights = np.array([0.1, 0.8, 0.1])
    assert place(posts, weights, 70.0) == pytest.approx(posts * 0.7)
    assert place(posts, weights, 40.0) == pytest.approx([6.0, 18.0, 16.0])
    assert place(posts, weights, 10.0) == pytest.approx([1.0, 8.0, 1.0])
    assert place(posts * 0.0, weights, 0.0) == pytest.approx([0.0, 0.0, 0.0])


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
    still = NO_GROWTH | {
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
    plan = make_plan(start, position(name), scenario, make_draw(start, values, SEED, 0))
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


@pytest.mark.parametrize(
    ("name", "published"),
    [("devon_2021", 345), ("devon_2017", 322), ("herefordshire_2019", 102),
     ("herefordshire_2017", 91)],
)  # fmt: skip
def test_people_in_post_are_as_many_as_published(name: str, published: int) -> None:
    """inpost_headcount: posts of small teams and roles are no smaller than others."""
    people = sum(start_position(council_named(name)).headcount)
    assert people == pytest.approx(published, rel=0.03)


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
