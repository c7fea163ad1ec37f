"""Herefordshire as shipped: what was published comes out, and doing nothing keeps to it."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from sim.config.casework import STAGES
from sim.engine.records import Array
from sim.engine.simpy.engine import simulate
from sim.experiment.replicate import Study, make_study
from sim.inputs.case_flow import FIRST_YEAR_DAYS
from sim.inputs.casework_plan import (
    CHILD_IN_NEED,
    COURT,
    LOOKED_AFTER_FIRST_YEAR,
    LOOKED_AFTER_SETTLED,
    PRE_PROCEEDINGS,
    PROTECTION_PLAN,
    CaseworkPlan,
)
from sim.inputs.draws import CENTRAL_DRAW
from sim.inputs.fates import Fates
from sim.inputs.run_options import RunOptions
from sim.outcomes.indicators import INDEX
from sim.outcomes.workforce import measure_workforce
from sim.scenario.scenario import baseline
from tests.helpers import (
    NO_GROWTH,
    SEED,
    council_named,
    evidence,
)

RUNS = 60


@cache
def study(with_cases: bool) -> Study:
    behaviour = evidence().behaviour
    options = RunOptions(casework=with_cases)
    return make_study(council_named("herefordshire_2019"), behaviour, (baseline(),), SEED, options)


def casework() -> CaseworkPlan:
    plan = study(True).plan(baseline(), CENTRAL_DRAW)
    assert plan.casework is not None
    return plan.casework


def test_children_of_day_0_are_the_published_ones() -> None:
    children = [sum(row) for row in casework().start_children]
    assert children[PROTECTION_PLAN] + children[PRE_PROCEEDINGS] == pytest.approx(111, abs=1)
    care = sum(children[stage] for stage in (COURT, LOOKED_AFTER_FIRST_YEAR, LOOKED_AFTER_SETTLED))
    assert care == pytest.approx(332, abs=1)
    assert sum(children[: len(STAGES) - 1]) == pytest.approx(877, abs=1)


def test_the_solved_flow_is_one_that_a_council_could_have() -> None:
    """Stays as the published stocks and flows give them: care 3.5 years, plans half to one."""
    solved, shares = casework(), casework().shares
    settled = solved.lengths[LOOKED_AFTER_SETTLED]
    assert settled is not None
    assert 2.5 < settled.mean / FIRST_YEAR_DAYS < 4.5
    assert 0.2 < shares.section_47_to_conference < 0.6, "published: 234 of 459"
    assert 0.0 < shares.assessed_to_care < 0.15
    (ends,) = solved.reviews[CHILD_IN_NEED].ends
    assert 0.2 < ends < 0.95, "the stay is made at reviews, not by the off-review rate"


def test_episodes_started_are_the_published_ones() -> None:
    """Arrivals are calibrated on them: 1,074 in the year to March 2019."""
    values = {key: quantity.central for key, quantity in study(True).known.items()}
    referrals = values["council.casework.demand.referrals_per_year"]
    flows = "council.casework.flows"
    in_need = 1 - values[f"{flows}.no_further_action_share"] - values[f"{flows}.not_in_need_share"]
    assert referrals * in_need == pytest.approx(1074, abs=2)


@cache
def _censuses() -> dict[str, Array]:
    """Means over runs of staffing alone at central values, by indicator: one a 30 September."""
    council = council_named("herefordshire_2019")
    options = RunOptions(casework=False)
    still = make_study(council, evidence().behaviour, (baseline(),), SEED, options, fixed=NO_GROWTH)
    plan = still.plan(baseline(), CENTRAL_DRAW)
    rows = [i for i, date in enumerate(plan.period_dates) if (date.month, date.day) == (9, 30)]
    tables = [
        measure_workforce(plan, simulate(plan, Fates(SEED, replication)), {})
        for replication in range(RUNS)
    ]
    means = np.mean(tables, axis=0)[:, 0]
    return {name: means[INDEX[name], rows] for name in INDEX}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("indicator", "published", "room"),
    [
        ("inpost_fte", 93.7, 6.0),
        ("vacancy_rate_fte", 0.255, 0.04),
        ("agency_cover_fte", 16.3, 3.5),
        ("agency_above_establishment_fte", 0.0, 1e-9),
    ],
)
def test_doing_nothing_stays_near_the_census(indicator: str, published: float, room: float) -> None:
    """Without growth, as other net change takes back what starters and leavers differ by."""
    assert _censuses()[indicator] == pytest.approx(np.full(5, published), abs=room)


@pytest.mark.slow
def test_starters_and_leavers_come_at_their_published_means() -> None:
    later, staffing = slice(1, None), council_named("herefordshire_2019").staffing
    starters = staffing.starters_fte_per_year.central
    assert _censuses()["starters_fte"][later].mean() == pytest.approx(starters, abs=1.5)
    leavers = staffing.leaving_rate.central * 93.7
    assert _censuses()["leavers_fte"][later].mean() == pytest.approx(leavers, abs=1.0)


def test_the_hard_team_is_the_one_that_the_paper_names() -> None:
    """Child protection and court; child in need work goes there today."""
    council = council_named("herefordshire_2019")
    assert [team.key for team in council.teams if team.hard_to_recruit] == [
        "child_protection_court"
    ]
    assert council.casework is not None
    assert council.casework.routing[STAGES[CHILD_IN_NEED]] == {"child_protection_court": 1.0}
