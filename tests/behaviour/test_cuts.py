"""Posts that a council takes out: which go, when, what becomes of their holders, and the money."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.config.errors import InputError
from sim.config.roles import Role
from sim.engine.records import Records
from sim.engine.simpy.engine import simulate
from sim.inputs.fates import Fates
from sim.inputs.plan import SUPERNUMERARY_LINE, CutPlan, Line, LineCost, Plan
from sim.inputs.position import PostState
from sim.outcomes.costs import make_ledger
from sim.scenario.cost import CostBasis
from sim.scenario.cuts import CutPosts
from sim.scenario.posts import PostsInTeam
from sim.scenario.scenario import check_fits
from tests.behaviour.builders import devon_for, plan_for, scenario_of
from tests.case_helpers import STRICT, case_plan, crew
from tests.helpers import Trace

HERE, THERE = 0, 1
LINE = SUPERNUMERARY_LINE + 1
VACANT: Mapping[str, Any] = {"state": PostState.UNCOVERED}
GBP = 12_345.67
MONTH = 2
"""The cut falls due at the beginning of this month of the run."""


@cache
def _crew() -> Plan:
    """Four social workers here, one there; nobody comes, goes or is hired."""
    plan = dataclasses.replace(crew(case_plan(1, STRICT), {HERE: 4, THERE: 1}), casework=None)
    cost = LineCost(
        LINE, CostBasis.REDUNDANCY, (GBP,) * plan.periods, 0.0, float("inf"), frozenset()
    )
    lines = (*plan.lines[:LINE], Line("cut", "Cut", {}))
    return dataclasses.replace(plan, lines=lines, costs=(cost,), supplements=(), payments=())


def _plan(fte: float, with_notice: bool = False, **changes: Mapping[str, Any]) -> Plan:
    """The crew with a cut here; changes to posts by name, "0/1" as p01."""
    plan = _crew()
    posts = tuple(
        dataclasses.replace(p, **changes.get("p" + p.name.replace("/", ""), {})) for p in plan.posts
    )
    start = plan.boundaries[MONTH]
    cut = CutPlan(LINE, start, HERE, Role.SOCIAL_WORKER, round(100 * fte), with_notice)
    return dataclasses.replace(plan, posts=posts, cuts=(cut,))


def _run(plan: Plan) -> tuple[Records, Trace]:
    heard = Trace()
    return simulate(plan, Fates(1, 0), heard), heard


def _establishment(records: Records) -> list[float]:
    total: np.ndarray = sum(
        (records.stocks[name].sum(axis=1) for name in ("filled", "covered", "uncovered")),
        np.zeros(len(records.stocks["filled"])),
    )
    return [round(float(fte), 9) for fte in total]


def test_empty_posts_go_first_to_the_hundredth() -> None:
    plan = _plan(1.25, p00=VACANT, p01=VACANT)
    records, heard = _run(plan)
    assert _establishment(records)[:MONTH] == [5.0] * MONTH
    assert set(_establishment(records)[MONTH:]) == {3.75}
    assert len(heard.of("post closes")) == 1
    assert heard.of("leaves") == []


def test_what_is_held_goes_when_its_holder_does_and_nobody_is_dismissed() -> None:
    plan = _plan(2.0, p00=VACANT)
    records, heard = _run(plan)
    assert set(_establishment(records)[MONTH:]) == {4.0}
    assert heard.of("post ends") == heard.of("leaves") == []
    # The same, with everybody leaving: the second goes too, and no more.
    exits = dataclasses.replace(
        plan.exits,
        rates={
            role: tuple((0.02, 0.0, 0.0) for _ in bands) for role, bands in plan.exits.rates.items()
        },
    )
    records, _ = _run(dataclasses.replace(plan, exits=exits))
    assert _establishment(records)[-1] == 3.0
    assert records.line_counts["redundancies"].sum() == 0.0


def test_posts_of_another_team_stay() -> None:
    records, _ = _run(_plan(2.0, p10=VACANT))
    assert set(_establishment(records)) == {5.0}


def test_with_notice_a_held_post_ends_and_its_holder_takes_an_empty_one() -> None:
    records, heard = _run(_plan(1.0, with_notice=True, p10=VACANT))
    assert len(heard.of("post ends")) == len(heard.of("moves inside")) == 1
    assert heard.of("leaves") == []
    assert set(_establishment(records)[MONTH:]) == {4.0}
    assert records.line_counts["redundancies"].sum() == 0.0


def test_with_notice_and_no_empty_post_holders_leave_at_a_cost_to_the_penny() -> None:
    plan = _plan(2.0, with_notice=True)
    records, heard = _run(plan)
    day = plan.boundaries[MONTH]
    notice = plan.markets[plan.posts[0].market].notice_days
    assert [event.day for event in heard.of("leaves")] == [day + notice] * 2
    assert records.flows["leavers_contract_end"].sum() == 2.0
    assert records.line_counts["redundancies"][:, LINE].sum() == 2.0
    assert _establishment(records)[-1] == 3.0
    ledger = make_ledger(plan, records)
    assert ledger.spent_gbp[:, ledger.lines.index("cut")].sum() == pytest.approx(2 * GBP, abs=0.001)


def test_the_staffing_budget_falls_by_the_unit_cost_of_what_is_cut() -> None:
    nothing = dataclasses.replace(_plan(1.0, p00=VACANT), cuts=())
    before, after = (
        make_ledger(plan, _run(plan)[0]).planned_gbp[:, 0]
        for plan in (nothing, _plan(1.0, p00=VACANT))
    )
    prices = nothing.prices
    days = np.diff(nothing.boundaries)[MONTH:]
    unit = [price[Role.SOCIAL_WORKER] for price in prices.cost_per_fte_day[MONTH:]]
    expected = float((days * unit).sum()) * (1 - prices.vacancy_factor)
    assert (before - after).sum() == pytest.approx(expected, abs=0.01)


# The measure ------------------------------------------------------------------------------


def _cut(fte: float, **more: Any) -> CutPosts:
    posts = (PostsInTeam(team="assessment", role=Role.SOCIAL_WORKER, fte=fte),)
    start = dt.date(2021, 10, 1)
    return CutPosts(kind="cut_posts", key="cut", name="Cut", start=start, posts=posts, **more)


def test_a_plan_has_what_a_measure_cuts_in_its_phases() -> None:
    plan = plan_for(1, scenario_of(_cut(3.5, with_notice=True)))
    assert [(cut.hundredths, cut.with_notice, cut.line) for cut in plan.cuts] == [(350, True, LINE)]
    half = [
        {"start": dt.date(2021, 10, 1), "share": 0.5},
        {"start": dt.date(2022, 1, 1), "share": 1},
    ]
    plan = plan_for(1, scenario_of(_cut(3.0, phasing=half)))
    assert [cut.hundredths for cut in plan.cuts] == [150, 150]
    assert plan.cuts[0].start_day < plan.cuts[1].start_day


def test_more_than_there_is_and_an_end_are_refused() -> None:
    with pytest.raises(InputError, match=r"cuts 500 FTE .* Assessment, which has [\d.]+ on"):
        plan_for(1, scenario_of(_cut(500.0)))
    with pytest.raises(InputError, match="do not come back"):
        check_fits(scenario_of(_cut(1.0, end=dt.date(2022, 1, 1))), devon_for(1), "mine")
