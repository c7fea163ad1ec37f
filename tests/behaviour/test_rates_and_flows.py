"""Every rate within its range, and every stock moved by its flows alone, in every month and team.

On every shipped council and scenario, with children's cases and the load loop on.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from sim.config.roles import REGISTERED_ROLES
from sim.engine.records import Array
from sim.experiment.replicate import Outcome, Study, make_study, run_once
from sim.inputs.fates import Fates
from sim.inputs.position import PostState
from sim.inputs.run_options import AS_USUAL
from sim.outcomes.flows import FLOW_INDEX, LEAVERS, STARTERS
from sim.outcomes.indicators import INDEX, INDICATORS, Measured
from sim.outcomes.workforce import first_whole_month
from sim.scenario.scenario import baseline
from tests.helpers import SEED, council_named, evidence
from tests.twin.plans import COUNCILS, scenarios_of

ALL = [(council, scenario) for council in COUNCILS for scenario in scenarios_of(council)]
FEW = [
    ("devon_2021", "every_measure"), ("devon_2017", "baseline"),
    ("herefordshire_2019", "herefordshire_move_child_in_need"), ("herefordshire_2017", "baseline"),
]  # fmt: skip
OF_TIME = {"absence_rate_fte"}
"""Ratios of two integrals over time, each rounded."""
DENOMINATORS = {
    "turnover_rate_fte": ("inpost_fte",),
    "vacancy_rate_fte": ("inpost_fte", "vacancy_fte"),
    "agency_rate_fte": ("inpost_fte", "agency_fte"),
    "agency_cover_rate_fte": ("agency_fte",),
    "vacancy_agency_cover_rate_fte": ("vacancy_fte",),
    "caseload_fte": ("case_holders_fte",),
}
"""Rates, and the stocks whose sum they are divided by."""
CHILDREN = {
    "open_children": ("referrals", "cases_ended"),
    "children_on_plans": ("plans_started", "plans_ended"),
    "children_in_care": ("care_started", "care_ended"),
    "care_leavers": ("care_leavers_started", "care_leavers_ended"),
}
"""Stocks of children in the council, with who came and who went in 12 months."""


def _study(council: str, scenario: str, years: int | None = None) -> Study:
    behaviour, made = evidence().behaviour, council_named(council)
    if years is not None:
        made = made.model_copy(update={"horizon_years": years})
    chosen = baseline() if scenario == "baseline" else scenarios_of(council)[scenario]
    return make_study(made, behaviour, (chosen,), SEED, AS_USUAL)


@cache
def _outcome(council: str, scenario: str, draw: int, years: int | None = None) -> Outcome:
    study = _study(council, scenario, years)
    return run_once(study, study.scenarios[0], draw, Fates(SEED, draw))


def _rows(outcome: Outcome, *names: str) -> Array:
    """The sum of some indicators, shape (1 + teams, periods)."""
    total: Array = outcome.table[[INDEX[name] for name in names]].sum(axis=0)
    return total


# -- ranges ----------------------------------------------------------------------------------------


def _outside(outcome: Outcome) -> list[str]:
    """Names of the indicators of which a value lies where none can."""
    found = []
    for indicator in INDICATORS:
        values = outcome.table[INDEX[indicator.name]]
        values = values[~np.isnan(values)]
        least, most = indicator.bounds
        most += 1e-9 * (indicator.name in OF_TIME)
        inside = np.isfinite(values) & (values >= least) & (values <= most)
        if not inside.all():
            found.append(f"{indicator.name}: {values[~inside][:3]}")
    return found


def _no_whole_number(outcome: Outcome) -> list[str]:
    """Names of the stocks and counts that are no whole number of what they count."""
    found = []
    for indicator in INDICATORS:
        steps = {Measured.FTE: 100, Measured.CHILDREN: 1, Measured.COUNT: 1}.get(indicator.unit)
        values = outcome.table[INDEX[indicator.name]]
        if steps and not np.array_equal(values, np.rint(values * steps) / steps, equal_nan=True):
            found.append(indicator.name)
    return found


def _check_ranges(outcome: Outcome) -> None:
    assert _outside(outcome) == []
    assert _no_whole_number(outcome) == []
    for rate, whole in DENOMINATORS.items():
        known = ~np.isnan(_rows(outcome, rate, *whole))
        nothing = _rows(outcome, *whole) == 0.0
        assert not (known & nothing).any(), rate
        assert np.isnan(_rows(outcome, rate)[nothing]).all(), rate
    days, waiting = (_rows(outcome, name) for name in ("unallocated_days", "unallocated"))
    assert not days[waiting == 0.0].any(), "where no child waits none has waited"
    bands = np.array([
        outcome.table[INDEX[indicator.name]] for indicator in INDICATORS
        if indicator.name.startswith("caseload_") and indicator.unit is Measured.RATE
    ]).sum(axis=0)  # fmt: skip
    assert bands[~np.isnan(bands)] == pytest.approx(1.0, abs=1e-9)
    assert (np.isnan(bands) == np.isnan(outcome.table[INDEX["caseload_under_5_share"]])).all()


@pytest.mark.parametrize(("council", "scenario"), FEW)
def test_every_rate_is_in_its_range_and_every_stock_a_whole_number(
    council: str, scenario: str
) -> None:
    _check_ranges(_outcome(council, scenario, 1))


@pytest.mark.slow
@pytest.mark.parametrize(("council", "scenario"), ALL)
def test_every_rate_of_every_scenario_is_in_its_range(council: str, scenario: str) -> None:
    for draw in (0, 2, 3):
        _check_ranges(_outcome(council, scenario, draw))


@pytest.mark.slow
def test_rates_are_in_their_range_over_twenty_years() -> None:
    for draw in (0, 1):
        outcome = _outcome("herefordshire_2019", "baseline", draw, 20)
        _check_ranges(outcome)
        loads = outcome.table[INDEX["load"]]
        assert loads[~np.isnan(loads)].max() < 100.0


# -- flows -----------------------------------------------------------------------------------------


def _check_people(council: str, scenario: str, draw: int) -> Outcome:
    """In post at the start + who came - who went = in post at the end, by team and month."""
    study, outcome = _study(council, scenario), _outcome(council, scenario, draw)
    plan = study.plan(study.scenarios[0], draw)
    start = np.zeros(1 + len(plan.team_keys))
    for post in plan.posts:
        if post.state is PostState.FILLED and post.role in REGISTERED_ROLES:
            start[[0, 1 + post.team]] += post.fte
    flows = outcome.flows
    came = flows[[FLOW_INDEX[name] for name in (*STARTERS, "internal_in")]].sum(axis=0)
    went = flows[[FLOW_INDEX[name] for name in (*LEAVERS, "internal_out")]].sum(axis=0)
    inpost = np.column_stack([start, _rows(outcome, "inpost_fte")])
    moved = came - went + flows[FLOW_INDEX["other_net_change"]]
    np.testing.assert_allclose(np.diff(inpost, axis=1), moved, atol=1e-9)
    first = first_whole_month(plan)
    over_a_year = (
        _rows(outcome, "starters_fte", "other_net_change_fte", "internal_moves_fte")
        - _rows(outcome, "leavers_fte", "internal_moves_out_fte")
    )[:, first + 11 :]
    np.testing.assert_allclose(
        (inpost[:, first + 12 :] - inpost[:, first:-12]), over_a_year, atol=1e-9
    )
    return outcome


def _check_posts_and_children(outcome: Outcome) -> None:
    for whole, parts in (
        ("establishment_fte", ("inpost_fte", "vacancy_fte")),
        ("vacancy_fte", ("agency_cover_fte", "uncovered_vacancy_fte")),
        ("agency_fte", ("agency_cover_fte", "agency_above_establishment_fte")),
    ):
        np.testing.assert_allclose(_rows(outcome, whole), _rows(outcome, *parts), atol=1e-9)
    for stock, (came, went) in CHILDREN.items():
        children = _rows(outcome, stock)[0]
        net = (_rows(outcome, came) - _rows(outcome, went))[0, 12:]
        known = ~np.isnan(net)
        assert known.sum() > 6
        assert (children[12:] - children[:-12])[known].tolist() == net[known].tolist(), stock


@pytest.mark.parametrize(("council", "scenario"), FEW)
def test_people_posts_and_children_are_moved_by_their_flows_alone(
    council: str, scenario: str
) -> None:
    _check_posts_and_children(_check_people(council, scenario, 1))


@pytest.mark.slow
@pytest.mark.parametrize(("council", "scenario"), ALL)
def test_flows_close_in_every_scenario(council: str, scenario: str) -> None:
    _check_posts_and_children(_check_people(council, scenario, 2))


def test_moves_between_posts_of_other_hours_gain_or_lose_fte() -> None:
    """What in and out differ by, in the council, is hours: nobody joins or leaves by a move."""
    outcome = _outcome("devon_2021", "every_measure", 1)
    moved_in, moved_out = (_rows(outcome, f"internal_moves{way}_fte")[0] for way in ("", "_out"))
    known = ~np.isnan(moved_in)
    assert (moved_in[known] > 0.0).all()
    assert (moved_in[known] != moved_out[known]).any()
