"""Rules with a date: agency rules, price caps, Ofsted, and who may hold child-in-need work."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping

import numpy as np
import pytest

from sim.config.casework import CaseStage
from sim.config.council import Council, Judgement, OfstedRegime
from sim.config.dated import Announced, DatedRule
from sim.config.roles import REGISTERED_ROLES, Role
from sim.config.rules_taken import RulesTaken
from sim.dates import days_in_financial_year, financial_year
from sim.engine.records import Array, Records
from sim.experiment.replicate import Study, make_study
from sim.inputs.build import make_plan
from sim.inputs.case_settings import CaseSettings, case_settings
from sim.inputs.context import NO_RULES
from sim.inputs.draws import make_draw
from sim.inputs.plan import Plan
from sim.inputs.run_options import RunOptions
from sim.outcomes.costs import make_ledger
from sim.scenario.scenario import baseline
from tests.behaviour.builders import NO_PAY_EFFECT, agency_of, flow_of, run
from tests.helpers import (
    SEED,
    devon,
    devon_position,
    evidence,
    registered,
    same_records,
    values_of,
)

pytestmark = pytest.mark.slow

STARTS = {
    name: rule.start for name, rule in evidence().behaviour.dated_rules.on_agency_staff.items()
}
NOTHING_BUT_NOTICE = {
    "dated_rules.agency_rules.cover_arrivals": 1.0,
    "dated_rules.agency_rules.exits_to_agency": 1.0,
    "dated_rules.price_caps.premium": 1.0,
}
PAIRS = 24
What = Callable[[Plan, Records], float]


def council_from(start: dt.date, years: int = 2, **more: object) -> Council:
    """A made-up council with Devon's teams and totals on another date."""
    return devon().model_copy(
        update={
            "start_date": start,
            "totals_date": start,
            "horizon_years": years,
            "baseline_supplements": (),
            **more,
        }
    )


def plan_of(
    council: Council,
    rules: bool = True,
    overrides: Mapping[str, float] | None = None,
    draw: int = 0,
) -> Plan:
    """A plan of doing nothing."""
    values = values_of(council, baseline(), draw, overrides)
    chosen = STARTS if rules else NO_RULES
    return make_plan(
        council, devon_position(), baseline(), make_draw(council, values, SEED, draw), None, chosen
    )


BEFORE = council_from(dt.date(2024, 6, 1))
"""Day 0 five months before the agency rules and 16 before the price caps."""


def _paired(what: What, council: Council = BEFORE) -> list[float]:
    with_, without = plan_of(council), plan_of(council, rules=False)
    return [what(with_, run(with_, n)) - what(without, run(without, n)) for n in range(PAIRS)]


def _interval(sample: list[float]) -> tuple[float, float]:
    rows = np.array(sample)
    half = 1.96 * rows.std(ddof=1) / np.sqrt(len(rows))
    return float(rows.mean() - half), float(rows.mean() + half)


# -- agency rules ----------------------------------------------------------------------------------


def test_before_their_date_rules_change_nothing() -> None:
    with_, without = plan_of(BEFORE), plan_of(BEFORE, rules=False)
    one, two = run(with_, 1), run(without, 1)
    last = with_.period_dates.index(dt.date(2024, 10, 31))
    for name in one.fte_days:
        assert (one.fte_days[name][:last] == two.fte_days[name][:last]).all()
    assert not same_records(one, two)


@pytest.mark.parametrize("draw", [0, 3])
def test_rules_that_never_come_into_force_change_nothing_at_all(draw: int) -> None:
    council = council_from(dt.date(2021, 9, 8))
    with_, without = plan_of(council, draw=draw), plan_of(council, rules=False, draw=draw)
    assert same_records(run(with_, 2), run(without, 2))


def test_at_null_values_only_notice_differs() -> None:
    quiet = plan_of(BEFORE, overrides=NOTHING_BUT_NOTICE)
    without = plan_of(BEFORE, rules=False, overrides=NOTHING_BUT_NOTICE)
    agency = dataclasses.replace(quiet.agency, later_notice=without.agency.later_notice)
    same_notice = dataclasses.replace(quiet, agency=agency)
    for fate in range(2):
        assert same_records(run(same_notice, fate), run(without, fate))
        ours, theirs = run(quiet, fate), run(without, fate)
        for name, flow in theirs.flows.items():
            assert (ours.flows[name] == flow).all(), "notice moves nobody"
        assert (ours.above_fte_days >= theirs.above_fte_days - 1e-9).all()


def test_notice_is_a_week_and_four_from_31_october_2024() -> None:
    agency = plan_of(BEFORE).agency
    rule = (dt.date(2024, 10, 31) - BEFORE.start_date).days
    assert [agency.notice_on(day) for day in (0.0, rule - 0.1, rule, 999.0)] == [7, 7, 28, 28]
    assert plan_of(BEFORE, rules=False).agency.notice_on(999.0) == 7


def test_rules_in_force_on_day_0_are_in_the_rates_already_but_for_notice() -> None:
    late = plan_of(council_from(dt.date(2025, 10, 2)))
    assert {v for effects in late.exit_effects for v in effects.values()} == {(1.0, 1.0, 1.0)}
    assert {v for effects in late.agency.cover_effects for v in effects.values()} == {1.0}
    assert late.agency.notice_on(0.0) == 28
    without = plan_of(council_from(dt.date(2025, 10, 2)), rules=False)
    assert late.prices == without.prices


def test_each_rule_acts_from_its_date_and_on_its_own_rate() -> None:
    plan = plan_of(BEFORE)
    v = values_of(BEFORE, baseline())
    for date, exits, cover in zip(
        plan.period_dates, plan.exit_effects, plan.agency.cover_effects, strict=True
    ):
        is_on = date >= dt.date(2024, 11, 30)
        less = v["dated_rules.agency_rules.exits_to_agency"] if is_on else 1.0
        assert set(exits.values()) == {(1.0, less, 1.0)}
        fewer = v["dated_rules.agency_rules.cover_arrivals"] if is_on else 1.0
        assert set(cover.values()) == {fewer}


def test_price_caps_lower_the_premium_and_nothing_else() -> None:
    with_, without = plan_of(BEFORE).prices, plan_of(BEFORE, rules=False).prices
    v = values_of(BEFORE, baseline())
    saved = v["council.money.agency_premium"] * (1 - v["dated_rules.price_caps.premium"])
    for date, capped, free in zip(
        plan_of(BEFORE).period_dates,
        with_.agency_cost_per_fte_day,
        without.agency_cost_per_fte_day,
        strict=True,
    ):
        years = int(date.year - (date.month < 4)) - 2020
        days = days_in_financial_year(financial_year(date))
        expected = saved / days * (1 + v["finance.pay_award"]) ** years
        for role in REGISTERED_ROLES:
            due = expected if date >= dt.date(2025, 10, 31) else 0.0
            assert free[role] - capped[role] == pytest.approx(due, abs=1e-9)
    assert with_.cost_per_fte_day == without.cost_per_fte_day


def _to_agency(plan: Plan, records: Records) -> float:
    return float(flow_of(records, ["leavers_to_agency"], registered(plan)).sum())


def _covered(plan: Plan, records: Records) -> float:
    return float(records.fte_days["covered"].sum())


def _agency_gbp(plan: Plan, records: Records) -> float:
    return float(agency_of(make_ledger(plan, records)).sum())


@pytest.mark.slow
@pytest.mark.parametrize("what", [_to_agency, _covered, _agency_gbp])
def test_rules_lower_exits_to_agencies_cover_and_its_price(what: What) -> None:
    low, high = _interval(_paired(what))
    assert high < 0.0, (low, high)


def _taking(council: Council, choice: RulesTaken) -> Study:
    options = RunOptions(agency_rules=choice, lead_practitioners=choice, casework=False)
    return make_study(council, evidence().behaviour, (baseline(),), SEED, options)


def test_the_switch_of_a_study_puts_the_rules_in_the_plan() -> None:
    for choice in RulesTaken:
        plan = _taking(BEFORE, choice).plan(baseline(), 2)
        expected = plan_of(BEFORE, rules=choice is RulesTaken.ON, draw=2)
        for name in ("cover_effects", "later_notice"):
            assert getattr(plan.agency, name) == getattr(expected.agency, name)
        assert dataclasses.replace(plan, agency=expected.agency) == expected


@pytest.mark.parametrize(
    ("start", "known"),
    [
        (dt.date(2024, 9, 23), set[str]()),
        (dt.date(2024, 9, 24), {"agency_rules", "price_caps"}),
        (dt.date(2025, 1, 1), {"agency_rules", "price_caps"}),
    ],
)
def test_rules_are_known_from_their_announcement_and_not_before(
    start: dt.date, known: set[str]
) -> None:
    council = council_from(start)
    assert set(_taking(council, RulesTaken.KNOWN).rules) == known
    assert set(_taking(council, RulesTaken.ON).rules) == set(STARTS)
    assert not _taking(council, RulesTaken.OFF).rules


def test_every_rule_with_a_date_says_when_it_was_announced() -> None:
    behaviour = evidence().behaviour
    rules = [*behaviour.dated_rules.on_agency_staff.values(), *behaviour.casework.law]
    later = [rule for rule in rules if rule.start > dt.date(2019, 1, 1)]
    assert len(later) == 3
    assert all(rule.announced and rule.announced.on <= rule.start for rule in later)


def test_a_rule_announced_after_its_first_day_is_refused() -> None:
    with pytest.raises(ValueError, match="announced on 2024-01-02, after its start 2024-01-01"):
        DatedRule(
            start=dt.date(2024, 1, 1),
            announced=Announced(on=dt.date(2024, 1, 2), source="judgement"),
            source="judgement",
        )


# -- who may hold child-in-need work ---------------------------------------------------------------


def test_without_lead_practitioners_only_social_workers_hold_child_in_need_work() -> None:
    on = _settings(RulesTaken.ON)
    off = _settings(RulesTaken.OFF)
    assert len(on.law) == len(off.law) + 1
    held = [rule.roles for rule in off.law if rule.stage is CaseStage.CHILD_IN_NEED]
    assert held == [(Role.SOCIAL_WORKER,)]
    (added,) = (rule for rule in on.law if rule not in off.law)
    assert added.start == dt.date(2023, 12, 15)


def _settings(choice: RulesTaken, day_0: dt.date = dt.date(2021, 9, 8)) -> CaseSettings:
    found = case_settings(evidence().behaviour, day_0, RunOptions(lead_practitioners=choice))
    assert found is not None
    return found


def test_lead_practitioners_are_known_from_the_day_of_their_guidance() -> None:
    for choice in RulesTaken:
        before, after = (_settings(choice, dt.date(2023, 12, day)) for day in (14, 15))
        assert (before.law == after.law) is (choice is not RulesTaken.KNOWN)
    known = _settings(RulesTaken.KNOWN, dt.date(2023, 12, 15))
    assert known.law == _settings(RulesTaken.ON).law
    assert _settings(RulesTaken.KNOWN).law == _settings(RulesTaken.OFF).law


# -- Ofsted ----------------------------------------------------------------------------------------


def judged(*regimes: tuple[dt.date, Judgement]) -> Council:
    """A made-up council, judged as told."""
    found = tuple(
        OfstedRegime(start=start, judgement=judgement, source="judgement")
        for start, judgement in regimes
    )
    return council_from(dt.date(2021, 9, 8), ofsted=found)


OLD, CHANGE = dt.date(2020, 1, 1), dt.date(2022, 3, 1)
BETTER = judged((OLD, Judgement.INADEQUATE), (CHANGE, Judgement.OTHER))
WORSE = judged((OLD, Judgement.OTHER), (CHANGE, Judgement.INADEQUATE))


def test_a_judgement_that_stays_changes_nothing() -> None:
    plain = plan_of(council_from(dt.date(2021, 9, 8)))
    for judgement in Judgement:
        plan = plan_of(judged((OLD, judgement)))
        assert same_records(run(plan, 1), run(plain, 1))


@pytest.mark.parametrize("council", [BETTER, WORSE])
def test_at_null_values_a_changed_judgement_changes_nothing(council: Council) -> None:
    null = {"dated_rules.ofsted.exits": 1.0, "dated_rules.ofsted.attractiveness": 1.0}
    plain = plan_of(council_from(dt.date(2021, 9, 8)), overrides=null | NO_PAY_EFFECT)
    plan = plan_of(council, overrides=null | NO_PAY_EFFECT)
    for fate in range(2):
        assert same_records(run(plan, fate), run(plain, fate))


def test_a_judgement_acts_relative_to_that_of_day_0_and_only_after_its_date() -> None:
    v = values_of(BETTER, baseline())
    exits, draws = v["dated_rules.ofsted.exits"], v["dated_rules.ofsted.attractiveness"]
    cell = (2, Role.SOCIAL_WORKER)
    for council, power in ((BETTER, -1), (WORSE, 1)):
        plan = plan_of(council)
        for date, leave, draw in zip(
            plan.period_dates, plan.exit_effects, plan.attractiveness, strict=True
        ):
            after = date >= dt.date(2022, 3, 31)
            assert leave[cell] == pytest.approx((exits ** (power * after),) * 3)
            assert draw[cell] == pytest.approx(draws ** (power * after))
            assert (2, Role.PERSONAL_ADVISER) not in leave


def _inpost(plan: Plan, records: Records) -> Array:
    stock: Array = records.stocks["filled"][:, registered(plan)].sum(axis=1)
    return stock


@pytest.mark.slow
def test_people_leave_a_council_judged_inadequate_and_stay_in_one_that_is_no_longer() -> None:
    plain = plan_of(council_from(dt.date(2021, 9, 8)))
    base = [_inpost(plain, run(plain, n)) for n in range(PAIRS)]
    for council, sign in ((BETTER, 1), (WORSE, -1)):
        plan = plan_of(council)
        change = [_inpost(plan, run(plan, n)) - base[n] for n in range(PAIRS)]
        before = plan.period_dates.index(dt.date(2022, 2, 28))
        assert not any(rows[: before + 1].any() for rows in change)
        low, _ = _interval([sign * float(rows[-1]) for rows in change])
        assert low > 0.0
