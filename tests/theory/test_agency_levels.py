"""A year's levels of agency staff in runs: the share covered is met, none is none, all is all."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

import sim.inputs.agency
from sim.engine.engines import Engine, simulator
from sim.engine.records import Array, Records
from sim.experiment.replicate import Study, make_study
from sim.inputs.agency_levels import agency_levels, pair_of_day_0
from sim.inputs.build import make_plan
from sim.inputs.draws import Draw, make_draw
from sim.inputs.fates import Fates
from sim.inputs.plan import Plan
from sim.inputs.position import start_position
from sim.published.agency import AgencyPair, last_census
from sim.scenario.scenario import baseline
from tests.behaviour.builders import scenario_of
from tests.behaviour.market_builders import scheme
from tests.helpers import (
    GAMMA,
    NO_GROWTH,
    SEED,
    balanced_plan,
    council_named,
    devon,
    devon_plan,
    evidence,
    extra_posts,
    standard_error,
    values_of,
)

REPLICATIONS = 40
AtLevels = Callable[..., None]


@pytest.fixture
def at_levels(monkeypatch: pytest.MonkeyPatch) -> AtLevels:
    """Has plans made with these shares of vacancies covered, and these shares above, by year."""

    def set_levels(covered: Sequence[float], above: Sequence[float] = (0.02,) * 5) -> None:
        pairs = [AgencyPair(2021, a, b) for a, b in zip(covered, above, strict=True)]
        monkeypatch.setattr(sim.inputs.agency, "agency_levels", lambda *_: tuple(pairs))

    return set_levels


def share_covered(records: Records, months: slice) -> float:
    """Share of vacancy days covered."""
    covered = float(records.fte_days["covered"][months].sum())
    return covered / (covered + float(records.fte_days["uncovered"][months].sum()))


def runs(plan: Plan, count: int = REPLICATIONS) -> list[Records]:
    """Runs of the compiled engine; tests/twin has it that the other gives the same."""
    simulate = simulator(Engine.COMPILED)
    return [simulate(plan, Fates(SEED, number)) for number in range(count)]


def assert_mean(sample: Array, level: float, besides: float) -> None:
    """The mean is the level, within three standard errors and what the theory leaves out."""
    assert sample.mean() == pytest.approx(level, abs=3 * float(standard_error(sample)) + besides)


@pytest.mark.parametrize("level", [0.15, 0.5, 0.8, 0.95])
def test_the_share_covered_in_the_long_run_is_the_level(level: float, at_levels: AtLevels) -> None:
    at_levels((level,) * 5)
    plan = balanced_plan({GAMMA: 0.0})
    assert_mean(np.array([share_covered(r, slice(1, None)) for r in runs(plan)]), level, 0.005)


def test_a_years_share_is_there_from_its_first_month_to_its_last(at_levels: AtLevels) -> None:
    levels = (0.2, 0.9, 0.5, 0.0, 0.7)
    at_levels(levels)
    found = runs(balanced_plan({GAMMA: 0.0}))
    for year, level in enumerate(levels):
        for month in (12 * year + 1, 12 * year + 11):
            sample = np.array([share_covered(r, slice(month, month + 1)) for r in found])
            assert_mean(sample, level, 0.015)


@pytest.mark.parametrize("name", ["devon_2021", "herefordshire_2019"])
def test_runs_of_doing_nothing_are_at_their_own_levels(name: str) -> None:
    """Whatever years, growth and chance make of vacancies in a draw, its levels are reached."""
    council = council_named(name)
    study = make_study(council, evidence().behaviour, (baseline(),), SEED)
    apart = []
    for number in range(1, 61):
        plan, draw = study.plan(baseline(), number), study.draw(number)
        levels = levels_of(study, draw)
        records = study.simulate(plan, Fates(SEED, number))
        year_of = np.array(plan.year_of_period)
        starts = [int(np.argmax(year_of == year)) for year in range(len(levels))]
        found = [
            share_covered(records, slice(at + 2, at + 12)) - level
            for at, level in zip(starts, levels, strict=True)
        ]
        apart.append(np.mean(found))
    assert_mean(np.array(apart), 0.0, 0.005)


def levels_of(study: Study, draw: Draw) -> list[float]:
    """The share of vacancies covered that each year of a draw has."""
    council = study.council
    totals = council.totals.of_draw(draw.values)
    day_0 = pair_of_day_0(totals, last_census(council.totals_date))
    sd, years = draw.values["between_years.agency_cover"], council.horizon_years
    pairs = agency_levels(study.agency_record, day_0, years, sd, draw.seed, draw.number)
    return [pair.covered for pair in pairs]


def test_the_share_is_the_level_while_posts_close(at_levels: AtLevels) -> None:
    """Which vacant post closes does not depend on its cover."""
    at_levels((0.5,) * 5)
    plan = devon_plan({"growth.posts": 0.93})
    assert sum(plan.establishment_closures) > 100.0
    assert_mean(np.array([share_covered(r, slice(1, None)) for r in runs(plan)]), 0.5, 0.005)


def test_posts_that_a_scenario_opens_ask_for_cover_first(at_levels: AtLevels) -> None:
    at_levels((0.9,) * 5)
    plan = devon_plan(NO_GROWTH, extra_posts("assessment", 100.0))
    (opened,) = {post.start_day for post in plan.posts if 0.0 < post.start_day < 40.0}
    month = plan.boundaries.index(opened)
    found = runs(plan, 10)
    shares = [
        np.mean([share_covered(r, slice(at, at + 1)) for r in found]) for at in (month, month + 11)
    ]
    assert shares[0] < 0.7
    assert shares[1] == pytest.approx(0.9, abs=0.04)


def test_no_cover_is_none_and_full_cover_is_all(at_levels: AtLevels) -> None:
    """Cover of none ends at once, and cover of all leaves no gap, whatever vacancies come."""
    levels = (0.0, 1.0, 0.0, 1.0, 1.0)
    at_levels(levels)
    for records in runs(devon_plan(), 3):
        for year, level in enumerate(levels):
            assert share_covered(records, slice(12 * year + 2, 12 * year + 12)) == level


def test_staff_above_establishment_follow_their_level_at_once(at_levels: AtLevels) -> None:
    at_levels((0.5,) * 5, (0.0, 0.1, 0.0, 0.2, 0.05))
    plan = devon_plan(NO_GROWTH | {"agency.notice": 1.0})
    for records in runs(plan, 3):
        held = records.above_fte.sum(axis=1)
        for year, people in enumerate(map(sum, plan.agency.above_by_year)):
            # Those whose notice runs past a start come on top, few with a week's notice.
            assert people <= held[12 * year + 6] <= people + 3.0
    posts = plan.agency.above_by_year
    assert sum(posts[3]) == pytest.approx(0.2 * 410.5, abs=0.5)


def test_vacancies_of_a_council_without_any_on_day_0_follow_the_level(at_levels: AtLevels) -> None:
    council = devon()
    none = {"vacancy_fte": 0.0, "agency_cover_fte": 0.0, "team_manager_vacancy_fte": 0.0}
    council = council.model_copy(
        update={"totals": council.totals.model_copy(update=none), "frontline": None}
    )
    values = values_of(council, baseline())
    for level in (0.0, 1.0):
        at_levels((level,) * 5)
        plan = make_plan(
            council, start_position(council), baseline(), make_draw(council, values, SEED, 0)
        )
        for records in runs(plan, 2):
            assert records.fte_days["uncovered"].sum() + records.fte_days["covered"].sum() > 0.0
            assert share_covered(records, slice(2, None)) == level


def test_a_scheme_brings_more_cover_at_every_level_between_none_and_all(
    at_levels: AtLevels,
) -> None:
    faster = {"market_measures.agency_scheme_arrivals": 3.0}
    for level in (0.0, 0.3, 0.7, 1.0):
        at_levels((level,) * 5)
        without, with_it = (
            np.mean([share_covered(r, slice(2, None)) for r in runs(plan, 10)])
            for plan in (devon_plan(faster), devon_plan(faster, scenario_of(scheme())))
        )
        if level in (0.0, 1.0):
            assert with_it == without
        else:
            assert with_it > without + 0.05
