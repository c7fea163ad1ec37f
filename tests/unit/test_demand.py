"""Demand as a distribution: how referrals walk, and what becomes of more or fewer of them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from functools import cache

import numpy as np
import pytest

from sim.config.casework import Demand
from sim.config.council import Council
from sim.config.errors import InputError
from sim.dates import financial_year
from sim.engine.encode_cases import demand_by_month
from sim.experiment.replicate import Study, make_study, run_once
from sim.inputs.case_funnel import MonthShares, shares_at
from sim.inputs.casework_plan import CaseworkPlan
from sim.inputs.draws import CENTRAL_DRAW
from sim.inputs.fates import Fates
from sim.inputs.plan import Plan
from sim.inputs.referral_walk import Walk, walked_ratios
from sim.inputs.run_options import DemandScenario, RunOptions
from sim.outcomes.indicators import INDEX
from sim.scenario.scenario import baseline
from tests.helpers import council_named, evidence

DRAWS = range(1, 2001)
MOVED = ("no_further_action", "not_in_need", "assessed_to_care", "assessed_to_section_47",
         "section_47_to_plan", "section_47_to_conference")  # fmt: skip


def devon_with(years: int = 5, **changes: object) -> Council:
    """Devon in 2021 with parts of its demand replaced."""
    council = council_named("devon_2021")
    assert council.casework is not None
    demand = council.casework.demand.model_copy(update=changes)
    casework = council.casework.model_copy(update={"demand": demand})
    return council.model_copy(update={"horizon_years": years, "casework": casework})


def study_of(
    council: Council,
    demand: DemandScenario = DemandScenario.UNCERTAIN,
) -> Study:
    """Doing nothing under a demand scenario."""
    options = RunOptions(demand=demand)
    return make_study(council, evidence().behaviour, (baseline(),), 1, options)


def casework_of(plan: Plan) -> CaseworkPlan:
    """The casework of a plan that has some."""
    assert plan.casework is not None
    return plan.casework


def walked(demand: Demand, draw: int, years: int = 6, noise: float = 0.09) -> list[float]:
    """Ratio of referrals to their level from 2021/22 on, at the central step."""
    names = [f"{year}/{year - 1999}" for year in range(2021, 2021 + years)]
    return list(walked_ratios(demand, Walk(1, draw, 0.12, noise), names).values())


def devon_demand(**changes: object) -> Demand:
    """Devon's demand in 2021, parts of it replaced."""
    casework = council_named("devon_2021").casework
    assert casework is not None
    return casework.demand.model_copy(update=changes)


@cache
def walks() -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Logarithm of referrals over their level, by draw and financial year; nothing known before."""
    demand = devon_demand(published={}, since_last_table=None)
    return np.log([walked(demand, draw) for draw in DRAWS])


# -- the walk --------------------------------------------------------------------------------------


def robust_sd(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    """The spread of the middle half, as a standard deviation."""
    low, high = np.quantile(values, (0.25, 0.75))
    return float(high - low) / 1.349


@pytest.mark.parametrize(("years", "published"), [(1, 0.17), (2, 0.24), (3, 0.27), (4, 0.30)])
def test_referrals_change_as_councils_did(years: int, published: float) -> None:
    """Robust SD of the change of log referrals, English councils, years to March 2013 to 2021."""
    found = robust_sd(walks()[:, years:] - walks()[:, :-years])
    assert found == pytest.approx(published, abs=0.04)


def test_large_changes_are_as_usual_as_they_were() -> None:
    large = np.mean(np.abs(np.diff(walks(), axis=1)) > math.log(1.4))
    assert large == pytest.approx(0.11, abs=0.03)


@pytest.mark.parametrize("demand", [DemandScenario.UNCERTAIN, DemandScenario.FLAT])
def test_the_central_draw_stays_flat(demand: DemandScenario) -> None:
    plan = study_of(devon_with(), demand).plan(baseline(), CENTRAL_DRAW)
    assert set(casework_of(plan).referral_ratio) == {1.0}


def test_a_longer_run_moves_no_year_before() -> None:
    assert walked(devon_demand(), 3, 6)[:2] == walked(devon_demand(), 3, 2)


def test_a_plan_has_the_walk_of_its_draw() -> None:
    study = study_of(devon_with(2))
    values, plan = study.values(3), study.plan(baseline(), 3)
    step, noise = (values[f"casework.demand.{name}"] for name in ("yearly_step", "year_noise"))
    years = [financial_year(date) for date in plan.period_dates]
    ratios = walked_ratios(devon_demand(), Walk(study.seed, 3, step, noise), years)
    assert casework_of(plan).referral_ratio == tuple(ratios[year] for year in years)
    assert len(set(ratios.values())) == 3


def first_years(demand: Demand) -> list[float]:
    """Ratio of the year of day 0, by draw, without what is of that year alone."""
    return [walked(demand, draw, 1, noise=0.0)[0] for draw in DRAWS]


def since(**changes: float) -> Demand:
    """Devon's, with other words on what was known since the last table."""
    known = devon_demand().since_last_table
    assert known is not None
    return devon_demand(since_last_table=known.model_copy(update=changes))


def test_the_walk_starts_half_way_between_last_year_and_the_mean_of_three() -> None:
    """And where a whole year is known to lie in the upper half, no draw is below that."""
    logs = [math.log(n) for n in devon_demand().published.values()]
    start = math.exp((logs[-1] + sum(logs) / 3) / 2) / 4501
    assert start <= min(first_years(since(months=12.0))) < start + 0.002
    assert np.median(first_years(devon_demand(since_last_table=None))) == pytest.approx(
        start, abs=0.01
    )


def test_what_is_known_of_five_months_narrows_them_alone() -> None:
    known = first_years(since())
    assert 1.03 < np.median(known) < 1.12
    assert 0.1 < np.mean(np.array(known) < 1.0) < 0.3


def test_years_without_a_table_add_a_step_each() -> None:
    one, two = (
        robust_sd(np.log(first_years(devon_demand(published=known, since_last_table=None))))
        for known in ({"2020/21": 4501.0}, {"2019/20": 4501.0})
    )
    assert two / one == pytest.approx(math.sqrt(2), abs=0.1)


# -- series ----------------------------------------------------------------------------------------


def test_a_series_needs_every_year_of_the_run() -> None:
    council = devon_with(2, series={"2021/22": 4600.0, "2023/24": 4700.0})
    with pytest.raises(InputError, match="2022/23") as error:
        study_of(council, DemandScenario.SERIES).plan(baseline(), 1)
    assert error.value.where == "casework.demand.series"


# -- the funnel ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def central() -> CaseworkPlan:
    return casework_of(study_of(devon_with()).plan(baseline(), CENTRAL_DRAW))


def per_referral(shares: MonthShares) -> tuple[float, float, float]:
    """Of a referral: chance of an episode, of being found not in need, and of going on to care."""
    assessed = 1 - shares.no_further_action
    return (
        assessed * (1 - shares.not_in_need),
        assessed * shares.not_in_need,
        assessed * shares.assessed_to_care,
    )


@pytest.mark.parametrize("ratio", [0.85, 1.1, 1.6])
def test_extra_referrals_convert_less(central: CaseworkPlan, ratio: float) -> None:
    before = shares_at(central.shares, central.funnel, 1.0)
    after = shares_at(central.shares, central.funnel, ratio)
    (need, no_need, care), (need_1, no_need_1, care_1) = per_referral(before), per_referral(after)
    assert ratio * need_1 / need == pytest.approx(ratio**0.70)
    assert no_need_1 == pytest.approx(no_need)
    assert ratio * care_1 / care == pytest.approx(ratio**0.40)
    plans = after.section_47_to_plan / before.section_47_to_plan
    assert ratio**0.70 * plans == pytest.approx(ratio**0.40)


def test_where_no_more_can_be_assessed_fewer_are_found_not_in_need(central: CaseworkPlan) -> None:
    shares = shares_at(central.shares, central.funnel, 0.3)
    assert shares.no_further_action == 0.0
    assert 0.0 <= shares.not_in_need < central.shares.not_in_need


@pytest.mark.parametrize("ratio", [0.0, 1e-9, 1e9])
def test_no_ratio_gives_a_share_beyond_its_range(central: CaseworkPlan, ratio: float) -> None:
    shares = shares_at(central.shares, central.funnel, ratio)
    assert all(0.0 <= getattr(shares, name) <= 1.0 for name in MOVED[:2])
    assert all(math.isfinite(value) and value >= 0.0 for value in dataclasses.astuple(shares))


@pytest.mark.parametrize("draw", [CENTRAL_DRAW, 1])
def test_at_flat_demand_nothing_moves_to_the_last_bit(draw: int) -> None:
    plan = study_of(devon_with(1), DemandScenario.FLAT).plan(baseline(), draw)
    months, case = demand_by_month(plan), casework_of(plan)
    for name in MOVED:
        assert set(months[name]) == {getattr(case.shares, name)}
    assert set(months["pace"]) == {1.0}


# -- recording -------------------------------------------------------------------------------------


def recorded(draw: int, council: Council) -> dict[dt.date, float]:
    """Recorded cases per open child over that of day 0, at each month's end."""
    plan = study_of(council).plan(baseline(), draw)
    case = casework_of(plan)
    ratios = (ratio / case.recording_ratio for ratio in case.recording_ratios)
    return dict(zip(plan.period_dates, ratios, strict=True))


def test_each_census_records_cases_anew() -> None:
    council = devon_with(3)
    found = [np.log(list(recorded(draw, council).values())) for draw in range(1, 51)]
    dates = list(recorded(1, council))
    first, second = (dates.index(dt.date(year, 9, 30)) for year in (2022, 2023))
    at = np.array(found)
    assert np.abs(at[:, 0]).max() < 0.05, "the caseload of day 0 is met"
    for census in (first, second):
        assert 0.07 < np.std(at[:, census]) < 0.13
    assert abs(np.corrcoef(at[:, first], at[:, second])[0, 1]) < 0.45
    half_way = at[:, first - 6 : first].std(axis=0)
    assert (np.diff(half_way) > 0.0).all(), "in a straight line from one to the next"


def test_the_central_draw_records_as_on_day_0() -> None:
    assert set(recorded(CENTRAL_DRAW, devon_with(2)).values()) == {1.0}


@pytest.mark.slow
def test_open_children_follow_referrals_by_about_0_28() -> None:
    """Doing nothing with referrals a quarter higher from day 0 on: the slope from year 1 to 5.

    Within England's councils, 2013 to 2021, it is 0.28 (0.21 on yearly changes).
    """
    step, runs = 1.25, 6
    years = [f"{year}/{(year + 1) % 100:02d}" for year in range(2021, 2027)]
    open_children = {}
    for times in (1.0, step):
        council = devon_with(series=dict.fromkeys(years, 4501.0 * times))
        study = study_of(council, DemandScenario.SERIES)
        tables = [
            run_once(study, baseline(), CENTRAL_DRAW, Fates(1, run)).table for run in range(runs)
        ]
        open_children[times] = np.mean([t[INDEX["open_children"], 0] for t in tables], axis=0)
    slopes = np.log(open_children[step] / open_children[1.0]) / math.log(step)
    assert slopes[12:54].mean() == pytest.approx(0.28, abs=0.05)
    assert 0.1 < slopes[12] < slopes[48] < 0.42
