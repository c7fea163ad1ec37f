"""Workforce indicators: the official formulas, and tables that agree with the facts of the run."""

from __future__ import annotations

import csv
import datetime as dt
import math
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from sim.config.roles import REGISTERED_ROLES, Role
from sim.config.routes import Route
from sim.engine.records import Array, Records, VacancyRecord
from sim.inputs.plan import Account, Line, Plan
from sim.inputs.position import PostState
from sim.outcomes.indicators import INDEX, INDICATORS, WORKFORCE_INDICATORS, Measured
from sim.outcomes.workforce import (
    agency_rate,
    complete_months,
    cover_share,
    first_whole_month,
    measure_workforce,
    ratio,
    team_sums,
    trailing_year,
    turnover_rate,
    vacancy_rate,
    with_council,
)
from sim.scenario.scenario import baseline
from tests.behaviour.builders import (
    LEAVING,
    STARTING,
    made_up_plan,
    made_up_records,
    new_posts,
    plan_for,
    run,
    scenario_of,
)
from tests.conftest import ROOT
from tests.helpers import devon, devon_plan, package

DATA = ROOT.parent / "shared" / "data"
PUBLISHED_COLUMNS = "published/csww_indicators_2017_to_2021.csv"
Row = dict[str, str]
Formula = Callable[[Array, Array], Array]

# -- official formulas -------------------------------------------------------------------------

FORMULAS: dict[str, tuple[Formula, str, str]] = {
    "turnover_rate_fte": (turnover_rate, "leavers_fte", "inpost_fte"),
    "vacancy_rate_fte": (vacancy_rate, "vacancy_fte", "inpost_fte"),
    "agency_rate_fte": (agency_rate, "agency_fte", "inpost_fte"),
    "agency_cover_rate_fte": (cover_share, "agency_cover_fte", "agency_fte"),
    "vacancy_agency_cover_rate_fte": (cover_share, "agency_cover_fte", "vacancy_fte"),
}


def _rows(name: str) -> list[Row]:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{path} is not here")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _gaps(rows: list[Row], name: str) -> Array:
    """Points between the recomputed and the published rate, of rows that print all three."""
    formula, part, whole = FORMULAS[name]
    numbers = np.array([[_number(row[k]) for k in (part, whole, name)] for row in rows])
    numbers = numbers[~np.isnan(numbers).any(axis=1)]
    rates = 100 * formula(numbers[:, 0], numbers[:, 1])
    gaps: Array = np.abs(rates - numbers[:, 2])
    return gaps[~np.isnan(gaps)]


@pytest.mark.parametrize(
    ("file", "name", "agreeing"),
    [
        ("csww_all_la_2017_2021.csv", "turnover_rate_fte", 0.99),
        ("csww_all_la_2017_2021.csv", "vacancy_rate_fte", 0.99),
        ("csww_all_la_2017_2021.csv", "agency_rate_fte", 0.99),
        ("csww_all_la_2017_2021.csv", "vacancy_agency_cover_rate_fte", 0.96),
        (PUBLISHED_COLUMNS, "agency_cover_rate_fte", 0.96),
    ],
)
def test_every_councils_published_rates_come_out(file: str, name: str, agreeing: float) -> None:
    gaps = _gaps(_rows(file), name)
    assert len(gaps) > 600
    assert (gaps <= 0.11).mean() >= agreeing, f"{(gaps <= 0.11).mean():.4f}"


def test_a_wrong_formula_would_be_noticed() -> None:
    """Vacant over in post, or agency over in post: too few published rates agree."""
    rows = _rows("csww_all_la_2017_2021.csv")
    for name, part in (("vacancy_rate_fte", "vacancy_fte"), ("agency_rate_fte", "agency_fte")):
        columns = (part, "inpost_fte", name)
        numbers = np.array([[_number(row[k]) for k in columns] for row in rows])
        numbers = numbers[numbers[:, 1] > 0]
        wrong = 100 * numbers[:, 0] / numbers[:, 1]
        assert np.nanmean(np.abs(wrong - numbers[:, 2]) <= 0.11) < 0.5


def test_devon_2021_to_the_decimal() -> None:
    one = np.array
    assert round(100 * float(vacancy_rate(one([91.0]), one([319.5]))[0]), 1) == 22.2
    assert round(100 * float(agency_rate(one([89.0]), one([319.5]))[0]), 1) == 21.8
    assert round(100 * float(turnover_rate(one([50.4]), one([319.5]))[0]), 1) == 15.8
    assert round(100 * float(cover_share(one([52.0]), one([89.0]))[0]), 1) == 58.4
    assert round(100 * float(cover_share(one([52.0]), one([91.0]))[0]), 1) == 57.1


def test_a_rate_of_nobody_is_no_number() -> None:
    assert np.isnan(vacancy_rate(np.array([0.0]), np.array([0.0]))).all()
    assert np.isnan(cover_share(np.array([0.0]), np.array([0.0]))).all()


# -- sums over twelve months ---------------------------------------------------------------------


@pytest.mark.parametrize("first_whole", [0, 1])
def test_a_trailing_year_is_the_sum_of_twelve_whole_months(first_whole: int) -> None:
    monthly = np.random.default_rng(1).random((3, 2, 40))
    sums = trailing_year(monthly, first_whole)
    for end in range(40):
        whole = end - first_whole + 1
        if whole < 12:
            assert np.isnan(sums[..., end]).all(), end
        else:
            naive = sum(monthly[..., month] for month in range(end - 11, end + 1))
            np.testing.assert_allclose(sums[..., end], naive)


def test_a_run_of_less_than_a_year_has_no_trailing_year() -> None:
    assert np.isnan(trailing_year(np.ones((2, 11)), 0)).all()
    assert trailing_year(np.ones((2, 12)), 0)[:, -1].tolist() == [12.0, 12.0]


def test_a_last_month_that_is_cut_off_is_not_complete() -> None:
    plan = plan_for(2)
    assert plan.period_dates[-1].day == 7
    assert complete_months(plan) == plan.periods - 1


# -- tables ----------------------------------------------------------------------------------------

DRAW, FATE = 3, 5


@cache
def _measured() -> tuple[Plan, Records, Array]:
    plan = plan_for(3, package(), draw=DRAW)
    records = run(plan, FATE)
    targets = {target.role_family.value: target.people for target in devon().targets}
    return plan, records, measure_workforce(plan, records, targets)


def _naive(plan: Plan, rows: Array, team: int | None, new: bool | None = None) -> Array:
    """FTE of registered accounts by period; of measures' posts or of the others where asked."""
    total = np.zeros(plan.periods)
    for index, account in enumerate(plan.accounts):
        if account.role not in REGISTERED_ROLES or team not in (None, account.team):
            continue
        if new is None or new == (account.line >= 2):
            total += rows[:, index]
    return total


TEAM: list[int | None] = [None, 0, 2, 4]


@pytest.mark.parametrize("team", TEAM)
def test_stocks_are_sums_over_accounts(team: int | None) -> None:
    plan, records, table = _measured()
    row = 0 if team is None else 1 + team
    stocks = {name: _naive(plan, rows, team) for name, rows in records.stocks.items()}
    above = records.above_fte.sum(axis=1) if team is None else records.above_fte[:, team]
    wanted = {
        "inpost_fte": stocks["filled"],
        "vacancy_fte": stocks["covered"] + stocks["uncovered"],
        "uncovered_vacancy_fte": stocks["uncovered"],
        "agency_cover_fte": stocks["covered"],
        "agency_above_establishment_fte": above,
        "agency_fte": stocks["covered"] + above,
        "establishment_fte": stocks["filled"] + stocks["covered"] + stocks["uncovered"],
        "existing_posts_inpost_fte": _naive(plan, records.stocks["filled"], team, False),
        "funded_posts_fte": sum(
            (_naive(plan, rows, team, True) for rows in records.stocks.values()),
            np.zeros(plan.periods),
        ),
    }
    for name, value in wanted.items():
        np.testing.assert_allclose(table[INDEX[name], row], value, atol=1e-9, err_msg=name)
    rate = stocks["covered"] / (stocks["covered"] + stocks["uncovered"])
    np.testing.assert_allclose(table[INDEX["vacancy_agency_cover_rate_fte"], row], rate)


def test_a_post_covered_by_agency_is_vacant() -> None:
    plan = made_up_plan([Account(0, Role.SOCIAL_WORKER, 0)])
    records = made_up_records(plan, [0.0], [4.0], [0.0])
    table = measure_workforce(plan, records, {})
    assert (table[INDEX["vacancy_rate_fte"], 0] == 1.0).all()
    assert (table[INDEX["vacancy_fte"], 0] == 4.0).all()
    assert (table[INDEX["uncovered_vacancy_fte"], 0] == 0.0).all()
    assert (table[INDEX["inpost_fte"], 0] == 0.0).all()


def test_support_posts_are_in_no_official_count() -> None:
    plan = made_up_plan(
        [Account(0, Role.SOCIAL_WORKER, 0), Account(0, Role.BUSINESS_SUPPORT, 2)],
        lines=[Line("extra", "extra", {})],
    )
    records = made_up_records(plan, [5.0, 2.0], [0.0, 0.0], [0.0, 1.0])
    table = measure_workforce(plan, records, {})
    for name, value in (
        ("inpost_fte", 5.0),
        ("vacancy_fte", 0.0),
        ("establishment_fte", 5.0),
        ("funded_posts_fte", 0.0),
        ("funded_posts_all_roles_fte", 3.0),
        ("inpost_all_roles_fte", 7.0),
        ("case_holders_fte", 5.0),
    ):
        assert (table[INDEX[name], 0] == value).all(), name


def test_case_holders_are_social_worker_posts_with_someone_and_agency_above() -> None:
    """A senior practitioner and a manager hold no cases; an uncovered post holds none."""
    plan = made_up_plan(
        [
            Account(0, Role.SOCIAL_WORKER, 0),
            Account(0, Role.SENIOR_PRACTITIONER, 0),
            Account(1, Role.TEAM_MANAGER, 0),
        ]
    )
    records = made_up_records(plan, [5.0, 3.0, 2.0], [1.5, 1.0, 1.0], [7.0, 0.0, 0.0], (2.0, 1.0))
    table = measure_workforce(plan, records, {})
    assert table[INDEX["case_holders_fte"], :, 0].tolist() == [9.5, 8.5, 1.0]


def test_empty_posts_without_cover_are_counted_on_the_posts_that_a_scenario_did_not_create() -> (
    None
):
    """5 empty posts of the council's own and 3 of the scenario's, whoever is in post elsewhere."""
    plan = made_up_plan(
        [
            Account(0, Role.SOCIAL_WORKER, 0),
            Account(0, Role.SOCIAL_WORKER, 1),
            Account(0, Role.SOCIAL_WORKER, 2),
        ],
        lines=[Line("extra", "extra", {})],
    )
    own, every = INDEX["uncovered_existing_posts_fte"], INDEX["uncovered_vacancy_fte"]
    table = measure_workforce(
        plan, made_up_records(plan, [4.0, 1.0, 9.0], [1.0, 0.0, 1.0], [5.0, 0.0, 3.0]), {}
    )
    assert (table[own, 0] == 5.0).all()
    assert (table[every, 0] == 8.0).all()


def test_people_beyond_the_posts_never_make_a_count_of_empty_posts_negative() -> None:
    _, _, table = _measured()
    own, every = (
        table[INDEX[name]] for name in ("uncovered_existing_posts_fte", "uncovered_vacancy_fte")
    )
    assert (own >= 0.0).all()
    assert (own <= every).all()
    assert (own < every).any(), "some of the scenario's posts stand empty"
    base = measure_workforce(plan_for(1), run(plan_for(1)), {})
    np.testing.assert_array_equal(
        base[INDEX["uncovered_existing_posts_fte"]], base[INDEX["uncovered_vacancy_fte"]]
    )


def test_team_rows_sum_to_the_councils() -> None:
    plan, _, table = _measured()
    whole_council_only = {"target_social_worker", "target_team_manager"}
    checked = 0
    for indicator in INDICATORS:
        if indicator.unit is not Measured.FTE or indicator.name in whole_council_only:
            continue
        rows = table[INDEX[indicator.name]]
        assert rows.shape == (1 + len(plan.team_keys), plan.periods)
        np.testing.assert_allclose(rows[1:].sum(axis=0), rows[0], atol=1e-9, err_msg=indicator.name)
        checked += 1
    assert checked >= 18


def test_team_sums_puts_the_council_first() -> None:
    plan = made_up_plan([Account(0, Role.SOCIAL_WORKER, 0), Account(1, Role.SOCIAL_WORKER, 0)])
    rows = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    keep = np.array([True, False])
    assert team_sums(plan, rows, keep).tolist() == [[1, 3, 5], [1, 3, 5], [0, 0, 0]]


def test_with_council_puts_the_sum_of_the_teams_first() -> None:
    rows = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    assert with_council(rows).tolist() == [[3, 7, 11], [1, 3, 5], [2, 4, 6]]


def test_a_ratio_to_nothing_is_no_number() -> None:
    found = ratio(np.array([1.0, 1.0, 0.0]), np.array([4.0, 0.0, 0.0]))
    assert found[0] == 0.25
    assert np.isnan(found[1:]).all()


def test_a_run_that_starts_within_a_month_has_its_first_whole_month_after_it() -> None:
    assert first_whole_month(plan_for(1)) == 1
    assert first_whole_month(made_up_plan([Account(0, Role.SOCIAL_WORKER, 0)])) == 0


@pytest.mark.parametrize(("name", "flows"), [("starters_fte", STARTING), ("leavers_fte", LEAVING)])
def test_flows_of_twelve_months_and_none_before_the_run_holds_them(
    name: str, flows: tuple[str, ...]
) -> None:
    plan, records, table = _measured()
    rows = table[INDEX[name], 0]
    assert np.isnan(rows[:12]).all(), "the first month is cut short"
    assert not np.isnan(rows[12:]).any()
    monthly = sum((_naive(plan, records.flows[f], None) for f in flows), np.zeros(plan.periods))
    for end in range(12, plan.periods):
        assert rows[end] == pytest.approx(monthly[end - 11 : end + 1].sum())
    turnover = table[INDEX["turnover_rate_fte"], 0]
    assert np.isnan(turnover[:12]).all()
    if name == "leavers_fte":
        inpost = table[INDEX["inpost_fte"], 0]
        np.testing.assert_allclose(turnover[12:], rows[12:] / inpost[12:])


def test_internal_moves_are_neither_starters_nor_leavers() -> None:
    plan, records, table = _measured()
    moves = records.flows["internal_in"].sum()
    assert moves > 0.0
    starters = table[INDEX["starters_since_start_fte"], 0, -1]
    registered = sum(_naive(plan, records.flows[f], None).sum() for f in STARTING)
    assert starters == pytest.approx(registered)


# -- times -------------------------------------------------------------------------------------


def _filled(account: int, opened: float, offered: float, day: float, route: Route) -> VacancyRecord:
    return VacancyRecord(0, account, opened, opened + 1, offered, day, int(route))


def test_times_to_hire_and_to_fill_by_hand() -> None:
    """Conversions of agency staff and support posts are left out."""
    ends = [dt.date(2022, m, 1) - dt.timedelta(days=1) for m in range(2, 13)]
    plan = made_up_plan(
        [
            Account(0, Role.SOCIAL_WORKER, 0),
            Account(1, Role.TEAM_MANAGER, 0),
            Account(0, Role.BUSINESS_SUPPORT, 2),
        ],
        start=dt.date(2022, 1, 1),
        period_ends=[*ends, dt.date(2022, 12, 31)],
        lines=[Line("extra", "extra", {})],
    )
    vacancies = [
        _filled(0, -20.0, 10.0, 60.0, Route.EXPERIENCED),
        _filled(1, 40.0, 100.0, 140.0, Route.NEWLY_QUALIFIED),
        _filled(0, 0.0, 200.0, 200.0, Route.AGENCY_CONVERSION),
        _filled(2, 0.0, 300.0, 300.0, Route.EXPERIENCED),
    ]
    records = made_up_records(plan, [1.0] * 3, [0.0] * 3, [0.0] * 3, vacancies=vacancies)
    table = measure_workforce(plan, records, {})
    assert table[INDEX["time_to_hire_days"], :, -1].tolist() == [45.0, 30.0, 60.0]
    assert table[INDEX["time_to_fill_days"], :, -1].tolist() == [90.0, 80.0, 100.0]
    assert np.isnan(table[INDEX["time_to_hire_days"], :, :11]).all()


@pytest.mark.parametrize("draw", [0, 6])
def test_an_offer_comes_before_the_first_day(draw: int) -> None:
    plan = devon_plan(scenario=package(), draw=draw)
    records = run(plan, draw)
    table = measure_workforce(plan, records, {})
    hire, fill = (table[INDEX[f"time_to_{what}_days"], 0, 12:] for what in ("hire", "fill"))
    assert (hire < fill).all()
    assert (fill < 1_500).all()
    found = records.vacancies
    assert len(found) > 50
    assert (found["opened_day"] <= found["filled_day"]).all()
    offered = found[found["route"] != Route.AGENCY_CONVERSION]
    assert (offered["opened_day"] <= offered["offered_day"]).all()
    assert (offered["offered_day"] <= offered["filled_day"]).all()


# -- day 0 and targets ---------------------------------------------------------------------------


def test_case_holders_on_day_0_are_the_published_ones() -> None:
    plan = devon_plan()
    held = sum(
        post.fte
        for post in plan.posts
        if post.role is Role.SOCIAL_WORKER and post.state in (PostState.FILLED, PostState.COVERED)
    )
    assert held + sum(plan.agency.above_start) == pytest.approx(215.6)
    first = [
        measure_workforce(plan_for(1), run(plan_for(1), fate), {})[INDEX["case_holders_fte"], 0, 0]
        for fate in range(12)
    ]
    assert np.mean(first) == pytest.approx(215.6, abs=6.0), "at the end of the first month"


def test_targets_are_scaled_to_the_councils_own_number() -> None:
    plan, records, table = _measured()
    market = [m.name for m in plan.markets].index("social_worker")
    share = records.targets_filled[:, market] / records.targets[market]
    np.testing.assert_allclose(table[INDEX["target_social_worker"], 0], 100 * share)
    whole = table[INDEX["target_all_social_worker"], 0]
    np.testing.assert_array_equal(whole, share >= 1.0)
    assert np.isnan(table[INDEX["target_social_worker"], 1:]).all(), "no targets by team"
    without = measure_workforce(plan, records, {})
    assert np.isnan(without[INDEX["target_social_worker"]]).all()


def test_funded_posts_show_from_the_day_they_are_funded() -> None:
    scenario = scenario_of(
        new_posts([("assessment", Role.SOCIAL_WORKER, 3.5), ("front_door", Role.ACADEMY, 2.0)])
    )
    plan = plan_for(1, scenario)
    table = measure_workforce(plan, run(plan), {})
    assert table[INDEX["funded_posts_fte"], 0, :2].tolist() == [0.0, 3.5]
    assert table[INDEX["funded_posts_all_roles_fte"], 0, :2].tolist() == [0.0, 5.5]
    nothing = plan_for(1, baseline())
    table = measure_workforce(nothing, run(nothing), {})
    assert not table[INDEX["funded_posts_all_roles_fte"]].any()


def test_every_indicator_but_money_and_cases_is_filled_in() -> None:
    _, _, table = _measured()
    for indicator in WORKFORCE_INDICATORS:
        empty = np.isnan(table[INDEX[indicator.name]]).all()
        assert empty == (indicator.unit is Measured.GBP), indicator.name
