"""Measures that draw, hire and keep people: null values, size, direction, scope, cost by hand."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from sim.config.roles import Role
from sim.engine.records import Array, Records
from sim.inputs.plan import Plan
from sim.outcomes.costs import STAFFING_LINES, make_ledger
from sim.scenario.measure import Step
from sim.scenario.scenario import AnyMeasure
from tests.behaviour.builders import (
    COURT,
    LEAVING,
    START,
    agency_of,
    devon_for,
    flow_of,
    new_posts,
    of_team,
    plan_for,
    retention,
    run,
    scenario_of,
    supplement,
    without_measures,
)
from tests.behaviour.market_builders import (
    NULL,
    accounts,
    fees,
    friend,
    progression,
    recruiter,
    recruitment_team,
    relocation,
    scheme,
    scope,
)
from tests.helpers import NO_PIPELINES, market_index, registered, same_records, values_of

pytestmark = pytest.mark.slow

YEARS = 2
EACH: dict[str, AnyMeasure] = {
    "relocation": relocation(),
    "friend": friend(),
    "recruitment team": recruitment_team(),
    "recruiter": recruiter(),
    "fees": fees(),
    "accounts": accounts(),
    "progression": progression(),
    "scheme": scheme(),
}
DRAWS_AND_FATES = ((0, 0), (1, 2), (7, 4))


def _own(measure: AnyMeasure, overrides: dict[str, float] | None, draw: int, fate: int) -> Array:
    """Check that a measure changes nothing but its line; gives what is spent on it by period."""
    base_plan = plan_for(YEARS, None, overrides, draw)
    base = run(base_plan, fate)
    plan = plan_for(YEARS, scenario_of(measure), overrides, draw)
    records = run(plan, fate)
    assert same_records(without_measures(plan, records), without_measures(base_plan, base))
    ledger, base_ledger = make_ledger(plan, records), make_ledger(base_plan, base)
    own = slice(0, len(STAFFING_LINES))
    assert ledger.spent_gbp[:, own].tobytes() == base_ledger.spent_gbp.tobytes()
    assert agency_of(ledger).tobytes() == agency_of(base_ledger).tobytes() or measure.places
    return ledger.spent_gbp[:, -1]


# -- null values and size --------------------------------------------------------------------------


@pytest.mark.parametrize(("draw", "fate"), DRAWS_AND_FATES)
@pytest.mark.parametrize("name", EACH)
def test_at_null_values_a_measure_changes_nothing_but_its_cost(
    name: str, draw: int, fate: int
) -> None:
    spent = _own(EACH[name], NULL, draw, fate)
    if name == "progression":
        assert not spent.any(), "a run of staffing alone has no advisers"
    else:
        assert spent.sum() > 1_000.0


@pytest.mark.parametrize(
    "measure",
    [
        relocation(take_up=0.0),
        friend(take_up=0.0),
        recruitment_team(fte=0.0),
        fees(0.0),
        fees(take_up=0.0),
        accounts(0.0),
        progression(take_up=0.0),
        progression(),
    ],
    ids=lambda measure: f"{measure.key} {getattr(measure, 'take_up', '')}",
)
def test_of_size_nothing_or_with_nobody_in_scope_it_does_nothing(measure: AnyMeasure) -> None:
    assert not _own(measure, None, 1, 2).any()


@pytest.mark.parametrize("name", [name for name in EACH if name not in ("progression", "fees")])
def test_the_null_tests_can_fail(name: str) -> None:
    """At central values each of them shows in a run, but for the fees, which need luck to."""
    base_plan = plan_for(YEARS)
    plan = plan_for(YEARS, scenario_of(EACH[name]))
    same = [
        same_records(
            without_measures(plan, run(plan, fate)),
            without_measures(base_plan, run(base_plan, fate)),
        )
        for fate in range(3)
    ]
    assert not all(same)


def test_recruitment_posts_that_nobody_holds_help_with_nothing() -> None:
    plan, base = plan_for(YEARS, scenario_of(recruitment_team())), plan_for(YEARS)
    recruits = market_index(plan, "recruitment")
    markets = tuple(
        dataclasses.replace(market, candidates_per_day=0.0) if i == recruits else market
        for i, market in enumerate(plan.markets)
    )
    plan = dataclasses.replace(plan, markets=markets)
    for fate in range(2):
        assert same_records(
            without_measures(plan, run(plan, fate)), without_measures(base, run(base, fate))
        )


# -- direction -------------------------------------------------------------------------------------

PAIRS = 32
ADVISERS = new_posts([("care_leavers", Role.PERSONAL_ADVISER, 60.0)])


def _interval(differences: Sequence[float]) -> tuple[float, float]:
    """95 % interval of a paired mean, by the normal distribution."""
    sample = np.array(differences)
    half = 1.96 * sample.std(ddof=1) / np.sqrt(len(sample))
    return float(sample.mean() - half), float(sample.mean() + half)


def _starters(plan: Plan, records: Records) -> float:
    return float(flow_of(records, ["starters_experienced"], registered(plan)).sum())


def _leavers(plan: Plan, records: Records) -> float:
    return float(flow_of(records, LEAVING, registered(plan)).sum())


def _advisers_leave(plan: Plan, records: Records) -> float:
    mine = [i for i, a in enumerate(plan.accounts) if a.role is Role.PERSONAL_ADVISER]
    return float(flow_of(records, LEAVING, mine).sum())


def _covered(plan: Plan, records: Records) -> float:
    return float(records.fte_days["covered"].sum()) / 365.25


def _days_of_steps(plan: Plan, records: Records) -> float:
    """Mean days of approval and from offer to start, the wait for a candidate left out."""
    found = records.vacancies
    ours = np.array([account.line < 2 for account in plan.accounts])[found["account"]]
    whole = found[ours & (found["opened_day"] > 30) & (found["advertised_day"] > 0)]
    steps = whole["advertised_day"] - whole["opened_day"]
    steps += whole["filled_day"] - whole["offered_day"]
    return float(steps.mean())


WHAT = {
    "starters": _starters,
    "leavers": _leavers,
    "advisers": _advisers_leave,
    "covered": _covered,
    "days": _days_of_steps,
}


SEEN: dict[str, list[dict[str, float]]] = {}


def _facts(measures: tuple[AnyMeasure, ...]) -> list[dict[str, float]]:
    """What a scenario gives on each fate, found once: measures can't be keys of a cache."""
    key = repr(measures)
    if key not in SEEN:
        SEEN[key] = _simulated(measures)
    return SEEN[key]


def _simulated(measures: tuple[AnyMeasure, ...]) -> list[dict[str, float]]:
    plan = plan_for(YEARS, scenario_of(*measures))
    found = []
    for fate in range(PAIRS):
        records = run(plan, fate)
        found.append({name: measure(plan, records) for name, measure in WHAT.items()})
    return found


def _effect(what: str, *measures: AnyMeasure, beside: tuple[AnyMeasure, ...] = ()) -> list[float]:
    pairs = zip(_facts((*beside, *measures)), _facts(beside), strict=True)
    return [own[what] - base[what] for own, base in pairs]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["relocation", "friend", "recruitment team", "recruiter"])
def test_it_brings_more_starters(name: str) -> None:
    low, high = _interval(_effect("starters", EACH[name]))
    assert low > 0.0, (low, high)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["recruitment team", "recruiter"])
def test_help_shortens_the_steps_of_hiring(name: str) -> None:
    low, high = _interval(_effect("days", EACH[name]))
    assert high < 0.0, (low, high)


@pytest.mark.slow
def test_an_agency_scheme_covers_more_vacancies() -> None:
    low, high = _interval(_effect("covered", EACH["scheme"]))
    assert low > 0.0, (low, high)


@pytest.mark.slow
def test_advisers_who_can_progress_leave_less() -> None:
    low, high = _interval(_effect("advisers", progression(), beside=(ADVISERS,)))
    assert high < 0.0, (low, high)


@pytest.mark.slow
def test_learning_accounts_large_enough_to_see_keep_people() -> None:
    low, high = _interval(_effect("leavers", accounts(10_000.0)))
    assert high < 0.0, (low, high)


@pytest.mark.slow
def test_registration_fees_do_almost_nothing() -> None:
    """£90 is 0.2 % of pay: fewer than one leaver in a hundred, in the rates and in the runs."""
    plan, base = plan_for(YEARS, scenario_of(fees())), plan_for(YEARS)
    for ours, theirs in zip(plan.pay_exits, base.pay_exits, strict=True):
        for cell, exits in ours.items():
            for one, other in zip(exits, theirs.get(cell, (1.0, 1.0, 1.0)), strict=True):
                assert 0.99 < one / other <= 1.0
    leavers = np.mean([facts["leavers"] for facts in _facts(())])
    assert abs(np.mean(_effect("leavers", fees()))) < 0.02 * leavers


# -- scope -----------------------------------------------------------------------------------------


def _changed(measure: AnyMeasure) -> set[str]:
    base, plan = plan_for(YEARS), plan_for(YEARS, scenario_of(measure))
    names = [field.name for field in dataclasses.fields(Plan)]
    return {name for name in names if getattr(base, name) != getattr(plan, name)}


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("relocation", {"attractiveness"}),
        ("friend", {"attractiveness"}),
        ("recruiter", {"help"}),
        ("recruitment team", {"help", "posts", "accounts", "account_index"}),
        ("progression", {"careers"}),
        ("scheme", {"agency"}),
    ],
)
def test_a_measure_touches_its_own_mechanism_and_nothing_else(name: str, changed: set[str]) -> None:
    costs = set() if name == "recruitment team" else {"costs"}
    assert _changed(EACH[name]) == {"scenario", "lines"} | costs | changed


@pytest.mark.parametrize("make", [relocation, friend])
def test_only_posts_in_scope_draw_more(make: Callable[..., AnyMeasure]) -> None:
    base = plan_for(YEARS)
    plan = plan_for(YEARS, scenario_of(make(**scope(["assessment"], [Role.SOCIAL_WORKER]))))
    cell = (plan.team_keys.index("assessment"), Role.SOCIAL_WORKER)
    for before, after in zip(base.attractiveness, plan.attractiveness, strict=True):
        assert {c: v for c, v in after.items() if c != cell} == before
    assert plan.attractiveness[0].get(cell, 1.0) == 1.0, "not before its start"
    assert plan.attractiveness[-1][cell] > 1.0


def test_progression_is_felt_by_advisers_in_scope_only() -> None:
    plan = plan_for(YEARS, scenario_of(progression(take_up=0.5)))
    (effect,) = plan.careers
    less = values_of(devon_for(YEARS), scenario_of())["market_measures.adviser_progression_exits"]
    assert effect.cells == {(plan.team_keys.index("care_leavers"), Role.PERSONAL_ADVISER)}
    assert effect.multiplier == pytest.approx(1 + 0.5 * (less - 1))
    assert (effect.start_day, effect.routes) == ((START - plan.start_date).days, frozenset())


@pytest.mark.parametrize("fate", range(3))
def test_a_scheme_in_one_team_leaves_every_other_team_as_it_was(fate: int) -> None:
    base_plan = plan_for(YEARS, None, NO_PIPELINES)
    plan = plan_for(YEARS, scenario_of(scheme(**scope([COURT]))), NO_PIPELINES)
    base, own = run(base_plan, fate), run(plan, fate)
    for t, key in enumerate(plan.team_keys):
        one, two = of_team(base_plan, base, t), of_team(plan, own, t)
        same = all(one[name].tobytes() == two[name].tobytes() for name in one)
        assert same == (key != COURT), key


# -- dates -----------------------------------------------------------------------------------------


def test_a_phased_allowance_draws_in_steps_and_ends() -> None:
    steps = (Step(start=START, share=0.25), Step(start=dt.date(2022, 4, 1), share=1.0))
    measure = relocation(phasing=steps, end=dt.date(2022, 9, 30))
    plan = plan_for(YEARS, scenario_of(measure))
    v = values_of(devon_for(YEARS), scenario_of(measure))
    more = v["market_measures.candidates_from_away"] * (v["market_measures.relocation_effect"] - 1)
    cell = (0, Role.SOCIAL_WORKER)
    found = [effects[cell] for effects in plan.attractiveness]
    expected = [1.0] + [1 + 0.25 * more] * 6 + [1 + more] * 6
    assert found[:13] == pytest.approx(expected)
    assert set(found[13:]) == {1.0}


def test_a_recruitment_team_ends_with_its_posts() -> None:
    """No post of the line is left once notice is over, and nobody is paid."""
    end = dt.date(2022, 9, 30)
    plan = plan_for(YEARS, scenario_of(recruitment_team(end=end)))
    assert [(part.by_own_posts, part.share) for part in plan.help] == [(True, 1.0)]
    records = run(plan, 1)
    mine = [i for i, account in enumerate(plan.accounts) if account.line >= 2]
    last = plan.period_dates.index(dt.date(2022, 9, 30))
    assert records.fte_days["filled"][last, mine].sum() > 0
    notice = max(market.notice_days for market in plan.markets)
    gone = max(
        i for i, day in enumerate(plan.boundaries) if day <= plan.boundaries[last + 1] + notice
    )
    for name in records.fte_days:
        assert not records.fte_days[name][gone + 1 :, mine].any()
    spent = make_ledger(plan, records).spent_gbp[:, -1]
    assert spent[last] > 0.0
    assert not spent[gone + 1 :].any()


# -- cost by hand ----------------------------------------------------------------------------------


def _rise(plan: Plan, period: int) -> float:
    """Prices over those of 2021/22, in which the measures begin."""
    date = plan.period_dates[period]
    years = date.year - 2021 - (1 if date.month < 4 else 0)
    inflation = values_of(devon_for(YEARS), scenario_of())["finance.inflation"]
    rise: float = (1 + inflation) ** years
    return rise


@pytest.mark.parametrize(
    ("measure", "share"),
    [
        # A quarter come from away; they come 1.1 times as often: 0.275 of 1.025.
        (relocation(), 0.25 * 1.1 / (1 + 0.25 * 0.1)),
        # 0.15 come through colleagues; 0.03 more do: 0.18 of 1.03.
        (friend(), (0.15 + 0.03) / 1.03),
        (recruiter(), 1.0),
    ],
    ids=["relocation", "friend", "recruiter"],
)
def test_starters_are_paid_for_by_hand(measure: AnyMeasure, share: float) -> None:
    plan = plan_for(YEARS, scenario_of(measure))
    records = run(plan, 1)
    spent = make_ledger(plan, records).spent_gbp[:, -1]
    starters = records.flows["starters_experienced"][:, registered(plan)].sum(axis=1)
    gbp = measure.costs[0].gbp.central
    assert starters[0] > 0, "somebody starts before the line does"
    by_hand = [
        0.0 if period == 0 else round(gbp * share * fte * _rise(plan, period), 2)
        for period, fte in enumerate(starters)
    ]
    assert [round(x, 2) for x in spent] == pytest.approx(by_hand, abs=0.011)
    assert spent.sum() > 5_000.0


def test_fees_cost_their_amount_and_a_supplement_its_on_costs_too() -> None:
    cell = scope(["assessment"], [Role.SOCIAL_WORKER])
    paid = []
    for measure in (fees(90.0, **cell), accounts(90.0, **cell), supplement(90.0, **cell)):
        plan = plan_for(1, scenario_of(measure), NULL)
        records = run(plan)
        mine = [
            i
            for i, a in enumerate(plan.accounts)
            if a.role is Role.SOCIAL_WORKER and plan.team_keys[a.team] == "assessment"
        ]
        days = records.fte_days["filled"][1:, mine].sum()
        paid.append(make_ledger(plan, records).spent_gbp[:, -1].sum())
        factor = 1.3 if measure.key == "supplement" else 1.0
        assert paid[-1] == pytest.approx(90.0 * factor * days / 365, abs=0.005)
    assert paid[0] == paid[1]


def test_advisers_are_paid_for_by_hand() -> None:
    plan = plan_for(1, scenario_of(ADVISERS, progression(2500.0, take_up=0.5)))
    records = run(plan, 2)
    mine = [i for i, a in enumerate(plan.accounts) if a.role is Role.PERSONAL_ADVISER]
    days = records.fte_days["filled"][:, mine].sum(axis=1)
    spent = make_ledger(plan, records).spent_gbp[:, -1]
    by_hand = [0.5 * 2500.0 * d / 365 * _rise(plan, p) for p, d in enumerate(days)]
    np.testing.assert_allclose(spent, by_hand, atol=0.005)
    assert days.sum() > 1_000


# -- in kind, and neighbours -----------------------------------------------------------------------


@pytest.mark.parametrize("worth", [0.0, 0.3, 1.0])
def test_a_benefit_in_kind_is_felt_as_a_rise_of_its_worth(worth: float) -> None:
    value = {"market_measures.in_kind_value": worth}
    felt = plan_for(YEARS, scenario_of(accounts(2000.0)), value)
    same = plan_for(YEARS, scenario_of(supplement(2000.0 * worth)))
    for one, other in zip(felt.pay_exits, same.pay_exits, strict=True):
        assert one.keys() == other.keys()
        for cell in one:
            assert one[cell] == pytest.approx(other[cell], rel=1e-12)


@pytest.mark.parametrize("measure", [supplement(4000.0), retention(4000.0)])
def test_with_neighbours_who_never_match_a_rise_lasts_and_with_those_who_do_it_is_gone(
    measure: AnyMeasure,
) -> None:
    cell = (1, Role.SOCIAL_WORKER)
    year_on = 13
    kept = plan_for(4, scenario_of(measure), {"exits.pay_effect_persistence": 1.0})
    gone = plan_for(4, scenario_of(measure), {"exits.pay_effect_persistence": 0.0})
    first = kept.pay_exits[1][cell]
    assert max(first) < 1.0
    if measure.key == "supplement":
        assert {exits[cell] for exits in kept.pay_exits[1:]} == {first}
    assert kept.pay_exits[year_on + 11][cell] == kept.pay_exits[year_on + 23][cell]
    assert {exits[cell] for exits in gone.pay_exits[year_on:]} == {(1.0, 1.0, 1.0)}
