"""The price of an agency year: the council's own bill, its own premium, or England's bills."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from sim.config.council import AgencyBill, Council
from sim.config.roles import REGISTERED_ROLES, Role
from sim.dates import days_in_financial_year, financial_year
from sim.inputs.build import make_plan
from sim.inputs.draws import make_draw
from sim.inputs.plan import Plan
from sim.inputs.position import start_position
from sim.scenario.scenario import baseline
from tests.helpers import SEED, devon, values_of

BILL = {"financial_year": "2018/19", "gbp": 6_000_000.0, "fte": 80.0, "source": "judgement"}
DRIFT, AWARD = "finance.agency_drift", "finance.pay_award"


def with_money(**changes: Any) -> Council:
    return devon().model_copy(update={"money": devon().money.model_copy(update=changes)})


def plan_of(council: Council, **overrides: float) -> Plan:
    values = values_of(council, baseline(), 0, {f"finance.{k}": v for k, v in overrides.items()})
    return make_plan(
        council, start_position(council), baseline(), make_draw(council, values, SEED, 0)
    )


def a_year(plan: Plan, role: Role, period: int = 3) -> float:
    """Cost of an agency year at the prices of a period."""
    days = days_in_financial_year(financial_year(plan.period_dates[period]))
    return plan.prices.agency_cost_per_fte_day[period][role] * days


def test_a_councils_own_bill_decides_over_premium_and_national_price() -> None:
    plan = plan_of(with_money(agency_bill=AgencyBill.model_validate(BILL)), pay_award=0.02)
    assert a_year(plan, Role.SOCIAL_WORKER) == pytest.approx(75_000.0 * 1.02**3)
    permanent = plan.prices.cost_per_fte_day[3]
    over = {role: a_year(plan, role) / permanent[role] for role in REGISTERED_ROLES}
    assert all(each == pytest.approx(over[Role.SOCIAL_WORKER]) for each in over.values())


def test_a_councils_premium_decides_over_the_national_price() -> None:
    plan = plan_of(devon(), pay_award=0.0, agency_price=200_000.0)
    assert a_year(plan, Role.SOCIAL_WORKER) == pytest.approx(48_075.0 + 28_000.0)


def test_a_council_that_states_nothing_has_the_national_price() -> None:
    council = with_money(agency_premium=None)
    plan = plan_of(council, pay_award=0.02)
    assert a_year(plan, Role.SOCIAL_WORKER) == pytest.approx(73_800.0 * 1.02**4)
    dearer = plan_of(council, pay_award=0.02, agency_price=80_000.0)
    assert a_year(dearer, Role.SOCIAL_WORKER) == pytest.approx(80_000.0 * 1.02**4)


def test_the_drift_multiplies_agency_prices_each_year_and_no_others() -> None:
    usual, dearer = plan_of(devon()), plan_of(devon(), agency_drift=1.05)
    for period, date in enumerate(usual.period_dates):
        years = int(financial_year(date)[:4]) - 2020
        for role in REGISTERED_ROLES:
            ratio = a_year(dearer, role, period) / a_year(usual, role, period)
            assert ratio == pytest.approx(1.05**years)
    assert usual.prices.cost_per_fte_day == dearer.prices.cost_per_fte_day


@pytest.mark.parametrize(
    "wrong",
    [{"gbp": 600.0}, {"gbp": 6e9}, {"fte": 0.0}, {"gbp": -1.0}, {"financial_year": "2018/20"}],
)
def test_a_bill_of_other_workers_than_the_staff_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        AgencyBill.model_validate(BILL | wrong)
