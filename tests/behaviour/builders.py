"""Measures, short runs of Devon, and small made-up plans and records for sums done by hand."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from sim.config.council import Council
from sim.config.quantity import Grade, Quantity, Unit
from sim.config.roles import REGISTERED_ROLES, Role
from sim.config.routes import Route
from sim.engine.records import (
    FLOWS,
    LINE_COUNTS,
    STOCKS,
    VACANCY_ROW,
    Array,
    Records,
    VacancyRecord,
)
from sim.engine.simpy.engine import simulate
from sim.inputs.build import make_plan
from sim.inputs.draws import make_draw
from sim.inputs.fates import Fates
from sim.inputs.plan import Account, Line, Plan
from sim.outcomes.costs import ABOVE, COVER, PAY, Ledger
from sim.scenario.cost_line import CostLine
from sim.scenario.measure import Measure
from sim.scenario.pay import RetentionPayment, SalarySupplement
from sim.scenario.posts import ExtraPosts, PostsInTeam
from sim.scenario.scenario import Scenario, baseline
from tests.helpers import SEED, devon, devon_plan, devon_position, values_of

START = dt.date(2021, 10, 1)
COURT = "child_protection_court"
SOCIAL_WORK_LINES = 2
"""The council's own budget lines in a plan; those of measures follow."""

NO_PAY_EFFECT = {"exits.pay_elasticity_out": 0.0, "exits.pay_elasticity_moves": 0.0}


@cache
def all_teams() -> tuple[str, ...]:
    """Keys of Devon's teams."""
    return tuple(team.key for team in devon().teams)


def pay_of(ledger: Ledger) -> Array:
    """All pay of permanent staff by period, on whatever line."""
    total: Array = ledger.by_kind_gbp[PAY].sum(axis=1)
    return total


def agency_of(ledger: Ledger) -> Array:
    """All agency staff by period, on whatever line."""
    total: Array = ledger.by_kind_gbp[[COVER, ABOVE]].sum(axis=(0, 2))
    return total


# -- measures --------------------------------------------------------------------------------------


def certain(value: float, unit: Unit) -> Quantity:
    """A number that is known."""
    return Quantity(
        low=value, central=value, high=value, unit=unit, grade=Grade.JUDGEMENT, source="judgement"
    )


def supplement(
    gbp: float,
    teams: Sequence[str] | None = None,
    roles: Sequence[Role] = REGISTERED_ROLES,
    start: dt.date = START,
    end: dt.date | None = None,
    take_up: float = 1.0,
    key: str = "supplement",
) -> SalarySupplement:
    """A salary supplement of a known size."""
    return SalarySupplement(
        kind="salary_supplement",
        key=key,
        name="Salary supplement",
        start=start,
        end=end,
        teams=tuple(teams or all_teams()),
        roles=tuple(roles),
        gbp_per_year=certain(gbp, Unit.GBP_PER_YEAR),
        take_up=take_up,
    )


def retention(
    gbp: float,
    teams: Sequence[str] | None = None,
    roles: Sequence[Role] = REGISTERED_ROLES,
    start: dt.date = START,
    end: dt.date | None = None,
    months: int = 12,
    tie_in: int = 12,
) -> RetentionPayment:
    """A retention payment of a known size."""
    return RetentionPayment(
        kind="retention_payment",
        key="retention",
        name="Retention payment",
        start=start,
        end=end,
        teams=tuple(teams or all_teams()),
        roles=tuple(roles),
        gbp=certain(gbp, Unit.GBP),
        qualifying_months=months,
        tie_in_months=tie_in,
    )


def new_posts(
    posts: Sequence[tuple[str, Role, float]],
    start: dt.date = START,
    end: dt.date | None = None,
    planned_gbp: Mapping[str, float] | None = None,
) -> ExtraPosts:
    """Extra posts: (team, role, FTE)."""
    return ExtraPosts(
        kind="extra_posts",
        key="extra",
        name="Extra posts",
        start=start,
        end=end,
        planned_gbp=dict(planned_gbp or {}),
        posts=tuple(PostsInTeam(team=t, role=r, fte=f) for t, r, f in posts),
    )


def cost_line(
    planned_gbp: Mapping[str, float],
    start: dt.date = START,
    end: dt.date | None = None,
) -> CostLine:
    """A line of money with no effect."""
    return CostLine(
        kind="cost_line",
        key="cost",
        name="Cost line",
        start=start,
        end=end,
        planned_gbp=dict(planned_gbp),
    )


def scenario_of(*measures: Measure, key: str = "made_up") -> Scenario:
    """A scenario of these measures."""
    return Scenario(key=key, name="Made up", measures=measures)


# -- short runs ------------------------------------------------------------------------------------


@cache
def devon_for(years: int) -> Council:
    """Devon with another horizon."""
    return devon().model_copy(update={"horizon_years": years})


def plan_for(
    years: int,
    scenario: Scenario | None = None,
    overrides: Mapping[str, float] | None = None,
    draw: int = 0,
) -> Plan:
    """A plan of Devon over some years."""
    council, chosen = devon_for(years), scenario or baseline()
    values = values_of(council, chosen, draw, overrides)
    return make_plan(council, devon_position(), chosen, make_draw(council, values, SEED, draw))


def run(plan: Plan, replication: int = 0) -> Records:
    """One run on the shared seed."""
    return simulate(plan, Fates(SEED, replication))


def without_measures(plan: Plan, records: Records) -> Records:
    """The records without the accounts and lines of measures, nor the count of events."""
    own = [i for i, account in enumerate(plan.accounts) if account.line < SOCIAL_WORK_LINES]
    keep = np.array(own)
    vacancies = records.vacancies[np.isin(records.vacancies["account"], keep)]
    vacancies["account"] = np.searchsorted(keep, vacancies["account"])
    return dataclasses.replace(
        records,
        stocks={name: rows[:, keep] for name, rows in records.stocks.items()},
        fte_days={name: rows[:, keep] for name, rows in records.fte_days.items()},
        flows={name: rows[:, keep] for name, rows in records.flows.items()},
        paid_gbp=records.paid_gbp[:, :SOCIAL_WORK_LINES],
        recovered_gbp=records.recovered_gbp[:, :SOCIAL_WORK_LINES],
        line_counts={
            name: rows[:, :SOCIAL_WORK_LINES] for name, rows in records.line_counts.items()
        },
        in_pipeline=records.in_pipeline[:SOCIAL_WORK_LINES],
        vacancies=vacancies,
        events=0,
    )


def of_team(plan: Plan, records: Records, team: int) -> dict[str, Array]:
    """A team's facts, by kind and name."""
    mine = np.array([i for i, account in enumerate(plan.accounts) if account.team == team])
    facts = {f"stock {name}": rows[:, mine] for name, rows in records.stocks.items()}
    facts |= {f"days {name}": rows[:, mine] for name, rows in records.fte_days.items()}
    facts |= {f"flow {name}": rows[:, mine] for name, rows in records.flows.items()}
    facts["above"] = records.above_fte[:, team]
    return facts


def flow_of(records: Records, names: Sequence[str], accounts: Sequence[int]) -> Array:
    """FTE of some flows over some accounts, by period."""
    rows: Array = sum(
        (records.flows[name][:, list(accounts)].sum(axis=1) for name in names),
        np.zeros(len(records.above_fte)),
    )
    return rows


LEAVING = tuple(name for name in FLOWS if name.startswith("leavers_"))
STARTING = tuple(name for name in FLOWS if name.startswith("starters_"))


# -- made up ---------------------------------------------------------------------------------------

TEAMS = ("north", "south")
DAY_PRICES = {
    Role.SOCIAL_WORKER: 100.0,
    Role.SENIOR_PRACTITIONER: 120.0,
    Role.TEAM_MANAGER: 150.0,
    Role.BUSINESS_SUPPORT: 50.0,
}
AGENCY_DAY_PRICES = {role: DAY_PRICES[role] + 60.0 for role in REGISTERED_ROLES}
VACANCY_FACTOR = 0.05


def made_up_plan(
    accounts: Sequence[Account],
    start: dt.date = dt.date(2022, 3, 1),
    period_ends: Sequence[dt.date] = (
        dt.date(2022, 3, 31),
        dt.date(2022, 4, 30),
        dt.date(2022, 5, 31),
    ),
    lines: Sequence[Line] = (),
) -> Plan:
    """Two teams and a few months, at £100 a day for a social worker and £160 for agency."""
    boundaries = (0.0, *(float((date - start).days + 1) for date in period_ends))
    own = (
        Line("establishment", "Staffing budget", {}),
        Line("supernumerary", "Supernumerary", {}),
    )
    plan = devon_plan()
    periods = len(period_ends)
    return dataclasses.replace(
        plan,
        start_date=start,
        horizon=boundaries[-1],
        boundaries=boundaries,
        period_dates=tuple(period_ends),
        year_of_period=(0,) * periods,
        rates_year_of_period=(0,) * periods,
        team_keys=TEAMS,
        team_names=TEAMS,
        accounts=tuple(accounts),
        account_index={(a.team, a.role, a.line): i for i, a in enumerate(accounts)},
        lines=(*own, *lines),
        supplements=(),
        payments=(),
        costs=(),
        prices=dataclasses.replace(
            plan.prices,
            cost_per_fte_day=(DAY_PRICES,) * periods,
            agency_cost_per_fte_day=(AGENCY_DAY_PRICES,) * periods,
            vacancy_factor=VACANCY_FACTOR,
            deflator=(1.0,) * periods,
            discount_rate=0.035,
        ),
    )


def made_up_records(
    plan: Plan,
    filled: Sequence[float],
    covered: Sequence[float],
    uncovered: Sequence[float],
    above: Sequence[float] = (0.0, 0.0),
    flows: Mapping[str, Array] | None = None,
    vacancies: list[VacancyRecord] | None = None,
) -> Records:
    """Records in which nothing moves: FTE by account, and above establishment by team."""
    periods, accounts = plan.periods, len(plan.accounts)
    days = np.diff(np.array(plan.boundaries))[:, None]
    levels = dict(zip(STOCKS, (filled, covered, uncovered), strict=True))
    stocks = {
        name: np.tile(np.array(row, dtype=float), (periods, 1)) for name, row in levels.items()
    }
    all_flows = {name: np.zeros((periods, accounts)) for name in FLOWS} | dict(flows or {})
    above_fte = np.tile(np.array(above, dtype=float), (periods, 1))
    nothing = np.zeros((periods, len(plan.lines)))
    return Records(
        stocks=stocks,
        fte_days={name: rows * days for name, rows in stocks.items()},
        flows=all_flows,
        above_fte=above_fte,
        above_fte_days=above_fte * days,
        paid_gbp=nothing.copy(),
        recovered_gbp=nothing.copy(),
        line_counts={name: nothing.copy() for name in LINE_COUNTS},
        in_pipeline=np.zeros(len(plan.lines)),
        inpost_by_route=np.zeros((periods, len(Route))),
        targets=np.zeros(len(plan.markets)),
        targets_filled=np.zeros((periods, len(plan.markets))),
        vacancies=np.array(vacancies or [], VACANCY_ROW),
        events=0,
    )
