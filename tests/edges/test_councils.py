"""No council that `check` accepts ends in anything but a run: those of the published table, its
extremes, and what lies between them.

`make edges` tries many more of each than a usual test.
"""

from __future__ import annotations

import dataclasses
import math
import os
import statistics
import time
from collections.abc import Iterable, Iterator

import numpy as np
import pytest
from pydantic import ValidationError

from sim.config.council import Council
from sim.config.errors import InputError
from sim.config.totals import SMALLEST_INPOST_FTE
from sim.engine.engines import Engine, simulator
from sim.experiment.replicate import Study, make_study
from sim.inputs.balance import LEAST_ADVERTISED, OpenPosts, Reference, solve_reference
from sim.inputs.checks import check_council_fits
from sim.inputs.fates import Fates
from sim.inputs.plan import Plan
from sim.inputs.run_options import AS_USUAL
from sim.scenario.scenario import baseline
from tests.edges.councils import (
    Row,
    between,
    council_data,
    council_of,
    extremes,
    median_row,
    published,
)
from tests.edges.every_council import Outcome, faults
from tests.helpers import council_named, evidence
from tests.twin.engines import assert_twins

IS_COMPLETE = os.environ.get("EDGES") == "complete"
"""Whether `make edges` asks for all of them."""
GENERATED, DRAWS, YEARS = (610, 20, 2) if IS_COMPLETE else (40, 2, 1)
"""Of 610 generated, some 500 are accepted."""
MOST_TIMES_MEDIAN = 10


def accepted(row: Row) -> Council | None:
    """The council as `check` accepts it; None where it refuses it."""
    try:
        council = council_of(row)
        check_council_fits(council, evidence().behaviour)
    except (ValidationError, InputError):
        return None
    return council


def study_of(council: Council, years: int = 1) -> Study:
    """Doing nothing in the council, with its children."""
    behaviour = evidence().behaviour
    council = council.model_copy(update={"horizon_years": years})
    return make_study(council, behaviour, [baseline()], 1, AS_USUAL)


def assert_sound(plan: Plan) -> None:
    """Every number of a plan's markets, exits and agency staff is one, and in its range."""
    for market in plan.markets:
        assert math.isfinite(market.candidates_per_day)
        assert market.candidates_per_day >= 0.0
        assert math.isfinite(market.vacancy_age_days)
        if market.gets_agency_cover:
            # Published starters can come from what is advertised on average.
            posts = market.candidates_per_day / market.cap_per_post_per_day
            lightest = min((p.choice_weight * p.fte for p in plan.posts), default=1.0)
            least = max(LEAST_ADVERTISED, posts) * lightest
            assert market.reference_fte >= 0.999 * least
    for bands in plan.exits.rates.values():
        assert all(rate >= 0.0 and math.isfinite(rate) for band in bands for rate in band)
    for cover in (team for teams in plan.agency.cover for team in teams):
        assert 0.0 <= cover.share <= 1.0
        assert 0.0 <= cover.request_pending <= 1.0
        assert cover.request_days >= 0.0
        assert cover.search_days >= 0.0
    assert all(people >= 0 for teams in plan.agency.above_by_year for people in teams)
    casework = plan.casework
    assert casework is not None
    shares = dataclasses.astuple(casework.shares)
    assert all(0.0 <= share <= 1.0 for share in shares), casework.shares


def awkward() -> Iterator[str]:
    """Published rows with no vacancy, more cover than vacancies, a gap, or the smallest numbers."""
    for name, row in published().items():
        vacancy, cover = row["vacancy_fte"], row["agency_cover_fte"]
        odd = vacancy == 0.0 or cover is None or None in row.values()
        if odd or (cover is not None and vacancy is not None and cover > vacancy):
            yield name
    yield from ("Rutland 2017", "Rutland 2021", "Milton Keynes 2020", "Tower Hamlets 2017")


def assert_accepted_as_published(names: Iterable[str]) -> None:
    for name in names:
        row = published()[name]
        council, inpost = accepted(row), row["inpost_fte"]
        assert inpost is not None
        assert (council is not None) == (inpost >= SMALLEST_INPOST_FTE), name
        if council is not None and (IS_COMPLETE or len(name) % 3 == 0):
            assert_sound(study_of(council).plan(baseline(), 1))


def test_awkward_published_councils_are_accepted_but_for_the_smallest() -> None:
    assert_accepted_as_published(awkward())


@pytest.mark.slow
def test_every_published_council_is_accepted_but_for_the_smallest() -> None:
    names = list(published())
    assert_accepted_as_published(names if IS_COMPLETE else names[::5])


@pytest.mark.slow
def test_every_pair_of_extremes_is_refused_or_planned() -> None:
    counts = {True: 0, False: 0}
    for number, (_, row) in enumerate(extremes()):
        council = accepted(row)  # makes its central plan
        counts[council is not None] += 1
        if council is not None and (IS_COMPLETE or number % 5 == 0):
            assert_sound(study_of(council).plan(baseline(), 1))
    assert min(counts.values()) > 20


def test_a_pair_of_extremes_in_so_many_runs_in_both_engines() -> None:
    rows = [row for _, row in extremes()]
    ran = 0
    for row in rows[:: 3 if IS_COMPLETE else 31]:
        council = accepted(row)
        if council is not None:
            plan = study_of(council).plan(baseline(), 2)
            simulator(Engine.COMPILED)(plan, Fates(1, 0))
            ran += 1
    assert ran > 3


@pytest.mark.slow
def test_no_generated_council_ends_in_anything_but_a_run_nor_in_a_slow_one() -> None:
    simulate = simulator(Engine.COMPILED)
    simulate(study_of(council_named("herefordshire_2019")).plan(baseline(), 1), Fates(1, 0))
    taken = {}
    for number in range(GENERATED):
        council = accepted(between(number))
        if council is None:
            continue
        study = study_of(council, YEARS)
        for draw in range(1, DRAWS + 1):
            plan = study.plan(baseline(), draw)
            assert_sound(plan)
            before = time.process_time()
            simulate(plan, Fates(1, draw))
            taken[number, draw] = (time.process_time() - before) / len(plan.posts) / YEARS
    assert len(taken) > 0.7 * GENERATED * DRAWS
    slow = MOST_TIMES_MEDIAN * statistics.median(taken.values())
    assert not {where: seconds for where, seconds in taken.items() if seconds > slow}


@pytest.mark.slow
def test_every_uncertain_number_may_stand_at_either_end_of_its_bounds() -> None:
    study = study_of(council_named("herefordshire_2019"))
    for key, quantity in study.known.items():
        for end in quantity.bounds:
            plan = dataclasses.replace(study, fixed=((key, end),)).plan(baseline(), 1)
            study.simulate(plan, Fates(1, 0))


# -- what a zero means -----------------------------------------------------------------------------


def reference_of(
    vacant: int, starters_per_year: float = 30.0, notice_days: float = 56.0
) -> Reference:
    """The reference of a market of 200 posts of 1 FTE."""
    count = 200
    return solve_reference(
        OpenPosts(
            fte=np.ones(count),
            weight=np.ones(count),
            vacant=np.array([1.0] * vacant + [0.0] * (count - vacant)),
            notice_probability=np.full(count, 0.15 * notice_days / 365.25),
            internal_chance=np.full(count, 0.05),
        ),
        starters_per_year / 365.25,
        0.72,
        21.0,
        21.0,
        0.8,
        56.0,
        notice_days,
        0.5 / 30.4375,
    )


@pytest.mark.parametrize("notice_days", [0.0, 7.0, 56.0])
def test_no_vacancy_on_day_0_is_not_no_vacancy_ever(notice_days: float) -> None:
    none, one, few = (reference_of(n, notice_days=notice_days) for n in (0, 1, 3))
    # Thirty starters a year are some 42 candidates: at six a post and year they need seven posts.
    for found in (none, one, few):
        assert found.candidates_per_day * 365.25 * 0.72 == pytest.approx(30.0)
        assert found.reference_fte == pytest.approx(30.0 / 0.72 / 6.0, rel=1e-6)


def test_a_reference_goes_over_smoothly_from_few_vacancies_to_many() -> None:
    found = [reference_of(n) for n in range(0, 60, 2)]
    sizes = [r.reference_fte for r in found]
    assert sizes == sorted(sizes)
    assert sizes[-1] > 5 * sizes[0]
    assert all(0.0 < r.advertised_share <= 1.0 for r in found)
    assert all(math.isfinite(r.carried.started) for r in found)


def test_a_market_without_starters_draws_nobody_and_stays_a_market() -> None:
    found = reference_of(0, starters_per_year=0.0, notice_days=0.0)
    assert found.candidates_per_day == 0.0
    assert found.reference_fte >= LEAST_ADVERTISED


def test_a_market_without_posts_on_day_0_has_candidates_for_those_that_open() -> None:
    nothing = OpenPosts(*(np.zeros(0) for _ in range(5)))
    found = solve_reference(nothing, 2.0 / 365.25, 0.7, 21, 21, 0.8, 56, 56, 0.5 / 30.4375)
    assert found.candidates_per_day == pytest.approx(2.0 / 365.25 / 0.7)
    assert found.reference_fte >= LEAST_ADVERTISED


def test_a_council_without_vacancies_hires_as_many_as_leave() -> None:
    row = median_row() | {"vacancy_fte": 0.0, "agency_cover_fte": 0.0, "agency_fte": 0.0}
    council = accepted(row)
    assert council is not None
    study = study_of(council, 3)
    inpost = []
    for replication in range(12):
        records = study.simulate(study.plan(baseline(), 0), Fates(3, replication))
        inpost.append(records.stocks["filled"].sum(axis=1))
    mean = np.mean(inpost, axis=0)
    # Vacancies come, as many as the published hiring needs; the council does not empty.
    assert mean[-1] > 0.9 * mean[0]
    assert mean[-1] < mean[0]


def _without_children(referrals: float) -> Council:
    data = council_data(median_row())
    for stock in ("children_on_plans", "children_in_care", "other_children_in_need"):
        data["casework"]["stocks"][stock] = 0.0
    wanted = {"low": referrals, "central": referrals, "high": referrals, "scale": "linear"}
    data["casework"]["demand"]["referrals_per_year"] |= wanted
    data["casework"]["flows"]["care_entries_per_year"] |= dict.fromkeys(
        ("low", "central", "high"), 0.0
    ) | {"scale": "linear"}
    return Council.model_validate(data)


def test_a_council_without_children_runs_in_both_engines() -> None:
    council = _without_children(0.0)
    check_council_fits(council, evidence().behaviour)
    plan = study_of(council).plan(baseline(), 1)
    assert_twins(plan, Fates(1, 0))
    cases = simulator(Engine.COMPILED)(plan, Fates(1, 0)).cases
    assert cases is not None
    assert cases.children.sum() == 0


def test_children_whom_nobody_refers_are_refused() -> None:
    data = council_data(median_row())
    referrals = data["casework"]["demand"]["referrals_per_year"]
    referrals |= {"low": 0.0, "central": 0.0, "high": 0.0, "scale": "linear"}
    with pytest.raises(InputError, match="no referrals a year bring nobody"):
        check_council_fits(Council.model_validate(data), evidence().behaviour)


def test_referrals_that_all_end_at_the_decision_are_refused() -> None:
    data = council_data(median_row())
    ends = {"low": 1.0, "central": 1.0, "high": 1.0}
    data["casework"]["flows"]["no_further_action_share"] |= ends
    with pytest.raises(InputError, match="would find no need"):
        check_council_fits(Council.model_validate(data), evidence().behaviour)


def test_a_draw_without_referrals_keeps_the_children_there_are() -> None:
    data = council_data(median_row())
    referrals = data["casework"]["demand"]["referrals_per_year"]
    referrals |= {"low": 0.0, "scale": "linear"}
    council = Council.model_validate(data)
    check_council_fits(council, evidence().behaviour)
    study = study_of(council)
    nobody = dataclasses.replace(
        study, fixed=(("council.casework.demand.referrals_per_year", 0.0),)
    )
    plan = nobody.plan(baseline(), 1)
    assert plan.casework is not None
    stocks = council.casework.stocks if council.casework else None
    assert stocks is not None
    children = np.array(plan.casework.start_children)
    assert children[4:6].sum() == round(stocks.children_on_plans)
    assert children[6:9].sum() == round(stocks.children_in_care)
    study.simulate(plan, Fates(1, 0))


def test_a_council_that_is_not_as_it_should_be_is_a_fault() -> None:
    """`make councils` ends with 1 for these."""
    rightly = [
        Outcome("Small", "7.6 FTE in post are under 11, too few for yearly rates to describe"),
        Outcome("Hidden", "staff in post on 30 September 2021 are not published: hidden"),
    ]
    steady = [Outcome("Steady", least=0.9, most=1.4, waiting=0.01)]
    wrong = [
        Outcome("Refused", "Kent 2021: totals: vacancies pass posts"),
        Outcome("Emptied", least=0.4),
        Outcome("Doubled", most=2.0),
        Outcome("Overrun", waiting=0.2),
    ]
    assert faults([*rightly, *steady, *wrong]) == wrong
