"""Levels of agency staff by year: whole pairs, keyed random numbers, none and all kept."""

from __future__ import annotations

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.inputs.agency_levels import (
    Pairs,
    agency_levels,
    pair_of_day_0,
    people_above,
    published_agency,
    share_in_team,
)
from sim.inputs.build import make_plan
from sim.inputs.draws import make_draw
from sim.inputs.position import PostState
from sim.published.agency import AgencyPair, AgencyRecord
from sim.published.record import shipped_record
from sim.scenario.scenario import baseline
from tests.helpers import SEED, council_named, devon, devon_position, package, values_of

DRAWS = 4000
DAY_0 = AgencyPair(2021, 0.5, 0.09)
OWN = (AgencyPair(2019, 0.7, 0.1), AgencyPair(2020, 0.75, 0.11))
LIKE = tuple(
    tuple(AgencyPair(year, covered, 0.2 + 0.001 * number + 0.01 * (year - 2019))
          for year in (2019, 2020, 2021))
    for number, covered in enumerate((0.0, 1.0, 0.3, 0.6))
)  # fmt: skip
RECORD = AgencyRecord(OWN, LIKE, 2021)


def levels(draw: int, years: int = 5, sd: float = 0.1, record: AgencyRecord = RECORD) -> Pairs:
    return agency_levels(record, DAY_0, years, sd, SEED, draw)


def binomial(share: float, count: int) -> float:
    """Four standard errors of a share of so many."""
    return 4 * math.sqrt(share * (1 - share) / count)


def test_the_central_draw_stays_at_day_0() -> None:
    assert levels(0) == (DAY_0,) * 5


def test_a_pair_is_never_split_over_councils_or_years() -> None:
    pairs = {*OWN, DAY_0, *(pair for council in LIKE for pair in council)}
    for draw in range(1, 400):
        assert set(levels(draw, sd=0.0)) <= pairs
        for varied, exact in zip(levels(draw), levels(draw, sd=0.0), strict=True):
            assert (varied.year, varied.above) == (exact.year, exact.above)


def test_a_draw_follows_one_council_in_all_years_half_of_them_its_own() -> None:
    follows: Counter[int] = Counter()
    for draw in range(1, DRAWS + 1):
        taken = set(levels(draw, sd=0.0))
        sources = [n for n, pairs in enumerate(((*OWN, DAY_0), *LIKE)) if taken <= set(pairs)]
        assert len(sources) == 1
        follows[sources[0]] += 1
    assert follows[0] / DRAWS == pytest.approx(0.5, abs=binomial(0.5, DRAWS))
    for number in range(1, 5):
        assert follows[number] / DRAWS == pytest.approx(0.125, abs=binomial(0.125, DRAWS))


def test_the_last_year_is_taken_in_half_the_years_and_in_a_third_of_the_others() -> None:
    years = Counter(pair.year for d in range(1, DRAWS + 1) for pair in levels(d, sd=0.0))
    count = 5 * DRAWS
    assert years[2021] / count == pytest.approx(2 / 3, abs=binomial(2 / 3, count))
    for year in (2019, 2020):
        assert years[year] / count == pytest.approx(1 / 6, abs=binomial(1 / 6, count))


def test_none_and_all_stay_none_and_all_and_others_vary_within_them() -> None:
    none = AgencyRecord((), (LIKE[0],), 2021)
    every = AgencyRecord((), (LIKE[1],), 2021)
    for draw in range(1, 200):
        for record, share in ((none, 0.0), (every, 1.0)):
            followed = [p for p in levels(draw, record=record) if p.above != DAY_0.above]
            assert all(pair.covered == share for pair in followed)
    wide = [p.covered for d in range(1, 400) for p in levels(d, sd=2.0)]
    assert min(wide) == 0.0
    assert max(wide) == 1.0
    own = [p.covered for d in range(1, DRAWS) for p in levels(d, 1, record=AgencyRecord())]
    spread = math.sqrt(math.fsum((share - 0.5) ** 2 for share in own) / len(own))
    assert spread == pytest.approx(0.1, rel=0.05)


def test_more_years_change_none_before_and_the_seed_changes_all() -> None:
    assert levels(7, years=8)[:3] == levels(7, years=3)
    others = [agency_levels(RECORD, DAY_0, 5, 0.1, SEED + 1, draw) for draw in range(1, 20)]
    assert others != [levels(draw) for draw in range(1, 20)]


def test_without_a_record_every_draw_follows_day_0() -> None:
    found = {pair.above for d in range(1, 50) for pair in levels(d, record=AgencyRecord())}
    assert found == {DAY_0.above}


def test_devons_own_pairs_are_published_and_its_day_0_is_its_totals() -> None:
    found = published_agency(devon(), shipped_record())
    assert [pair.year for pair in found.own] == [2019, 2020]
    assert found.own[0].covered == pytest.approx(59.1 / 79.3)
    day_0 = pair_of_day_0(devon().totals.central, 2021)
    assert day_0 == AgencyPair(2021, 52.0 / 91.0, 37.0 / 410.5)


@pytest.mark.parametrize(
    ("name", "year"),
    [("devon_2017", 2017), ("devon_2021", 2021), ("herefordshire_2017", 2017),
     ("herefordshire_2019", 2019)],
)  # fmt: skip
def test_no_shipped_council_sees_a_year_after_its_day_0(name: str, year: int) -> None:
    council = council_named(name)
    found = published_agency(council, shipped_record())
    assert found == published_agency(council, shipped_record().up_to(year))
    assert {pair.year for pairs in found.like for pair in pairs} <= {year, year - 1, year - 2}
    assert found.year == year
    assert not found.is_hindsight


def test_the_record_changes_no_other_number_of_a_draw() -> None:
    values = values_of(devon(), baseline(), 4)
    record = published_agency(devon(), shipped_record())
    plans = [
        make_plan(
            devon(),
            devon_position(),
            baseline(),
            make_draw(devon(), values, SEED, 4),
            agency_record=each,
        )
        for each in (AgencyRecord(), record)
    ]
    assert plans[0].agency != plans[1].agency
    assert plans[0].exits == plans[1].exits
    assert plans[0].markets == plans[1].markets
    assert plans[0].posts == plans[1].posts


def test_scenarios_of_a_draw_share_their_levels() -> None:
    record = published_agency(devon(), shipped_record())
    plans = [
        make_plan(devon(), devon_position(), chosen,
                  make_draw(devon(), values_of(devon(), chosen, 4), SEED, 4),
                  agency_record=record)
        for chosen in (baseline(), package())
    ]  # fmt: skip
    assert plans[0].agency == plans[1].agency


# -- people above establishment ---------------------------------------------------------------


def test_people_above_are_the_share_of_the_posts_at_each_years_end() -> None:
    totals = devon().totals.central
    pairs = (AgencyPair(2021, 0.5, 0.1),) * 3
    assert people_above(totals, pairs, (0.0, 39.5, -1000.0)) == (41, 45, 0)
    assert people_above(totals, (pair_of_day_0(totals, 2021),), (0.0,)) == (37,)


# -- teams ------------------------------------------------------------------------------------

share = st.floats(0, 1)


@given(st.lists(st.tuples(st.floats(0.5, 50), share), min_size=1, max_size=6), share)
def test_the_teams_together_are_at_the_councils_level(
    teams: list[tuple[float, float]], level: float
) -> None:
    vacant = math.fsum(fte for fte, _ in teams)
    whole = math.fsum(fte * covered for fte, covered in teams) / vacant
    found = [share_in_team(covered, whole, level) for _, covered in teams]
    assert all(-1e-12 <= each <= 1 + 1e-12 for each in found)
    together = math.fsum(fte * each for (fte, _), each in zip(teams, found, strict=True)) / vacant
    assert together == pytest.approx(level, abs=1e-9)


@given(share, share)
def test_none_and_all_are_so_in_every_team(mine: float, whole: float) -> None:
    if 0.0 < whole < 1.0:
        assert share_in_team(mine, whole, 0.0) == 0.0
        assert share_in_team(mine, whole, 1.0) == 1.0


def test_day_0_of_a_team_is_its_own() -> None:
    values = values_of(devon(), baseline())
    plan = make_plan(devon(), devon_position(), baseline(), make_draw(devon(), values, SEED, 0))
    for team, cover in enumerate(plan.agency.cover[0]):
        vacant = [p for p in devon_position().posts
                  if p.team == team and p.state is not PostState.FILLED]  # fmt: skip
        covered = math.fsum(p.fte for p in vacant if p.state is PostState.COVERED)
        if vacant:
            assert cover.share == pytest.approx(covered / math.fsum(p.fte for p in vacant))
