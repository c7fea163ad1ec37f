"""Replications: what is run, under which conditions, and what one run gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from sim.config.behaviour import Behaviour, at_discount_rate
from sim.config.council import Council
from sim.config.errors import InputError
from sim.config.nearest import did_you_mean
from sim.config.quantity import Quantity
from sim.engine.engines import Engine, Simulate, available, simulator
from sim.engine.records import Array, Records
from sim.inputs.agency_levels import published_agency
from sim.inputs.build import make_plan
from sim.inputs.case_settings import CaseSettings, case_settings
from sim.inputs.context import Starts
from sim.inputs.draws import Draw, draw_values, make_draw, quantities
from sim.inputs.fates import Fates
from sim.inputs.plan import Plan
from sim.inputs.position import Position, start_position
from sim.inputs.run_options import STAFFING_ALONE, DemandScenario, RunOptions
from sim.outcomes.caseloads import fill_caseload_indicators
from sim.outcomes.continuity import changes_of_worker, fill_continuity_indicators
from sim.outcomes.costs import (
    LOWER_DISCOUNT_RATE,
    STAFFING_LINES,
    discounted,
    fill_money_indicators,
    make_ledger,
)
from sim.outcomes.flows import new_post_flows, people_flows
from sim.outcomes.line_money import agency_spend, in_years, line_money, permanent_pay
from sim.outcomes.workforce import measure_workforce
from sim.published.agency import AgencyRecord
from sim.published.record import Record, shipped_record
from sim.scenario.scenario import Scenario

GAMMA = "labour_market.vacancy_elasticity"
FATES_PER_DRAW = 2
NO_INTERNAL_MOVES = {
    "internal_moves.chance_social_worker": 0.0,
    "internal_moves.chance_senior": 0.0,
}
"""Values to fix where nobody is to move from post to post inside the council."""


@dataclass(frozen=True)
class Condition:
    """What is put in place of a draw's or the study's own.

    Attributes:
        demand: demand scenario, instead of the study's; None leaves it.
        loop: whether load acts on leaving and on agency staff; None leaves the study's.
        fixed: quantities, by key, that are known for certain instead of drawn.
    """

    demand: DemandScenario | None = None
    fixed: tuple[tuple[str, float], ...] = ()
    loop: bool | None = None

    @property
    def gamma(self) -> float | None:
        """The vacancy elasticity where it is fixed."""
        return dict(self.fixed).get(GAMMA)


AS_ASKED = Condition()
"""Each draw's own values, under the study's demand scenario."""
LOOP_OFF = Condition(loop=False)
"""The same, but load acts on nobody's leaving and buys no agency staff."""


def at_gamma(gamma: float) -> Condition:
    """The vacancy elasticity known to be `gamma`."""
    return Condition(fixed=((GAMMA, gamma),))


@dataclass(frozen=True)
class Study:
    """What all replications share.

    Attributes:
        council, behaviour: the configs; the discount rate is that of the options.
        scenarios: the baseline first.
        seed: seed of draws and fates.
        position: the council's start position; at central values where a total is a range.
        known: every Quantity by key.
        agency_record: what the levels of agency staff are taken from.
        options: what is chosen about its runs.
        fixed: quantities, by key, that are known for certain in this study instead of drawn.
        engine: which engine simulates.
    """

    council: Council
    behaviour: Behaviour
    scenarios: tuple[Scenario, ...]
    seed: int
    position: Position
    known: dict[str, Quantity] = field(repr=False)
    agency_record: AgencyRecord = field(repr=False)
    options: RunOptions = STAFFING_ALONE
    fixed: tuple[tuple[str, float], ...] = ()
    engine: Engine = Engine.COMPILED

    @property
    def simulate(self) -> Simulate:
        """The engine's function: plan and fates in, facts out."""
        return simulator(self.engine)

    @property
    def rules(self) -> Starts:
        """First days of the rules on agency staff that its runs take in, by name."""
        rules, day_0 = self.behaviour.dated_rules.on_agency_staff, self.council.start_date
        takes = self.options.agency_rules.takes
        return {name: rule.start for name, rule in rules.items() if takes(rule.known_from, day_0)}

    def case_settings(self, condition: Condition = AS_ASKED) -> CaseSettings | None:
        """What it chooses about casework; None leaves children's cases out."""
        demand = condition.demand or self.options.demand
        loop = self.options.loop if condition.loop is None else condition.loop
        options = replace(self.options, demand=demand, loop=loop)
        return case_settings(self.behaviour, self.council.start_date, options)

    def values(self, draw: int, condition: Condition = AS_ASKED) -> dict[str, float]:
        """What is taken to be true in one draw: drawn, but for what is fixed."""
        return self.drawn(draw) | dict(self.fixed) | dict(condition.fixed)

    def draw(self, number: int, condition: Condition = AS_ASKED) -> Draw:
        """One set of assumptions: values, with what is fixed, and how years vary."""
        return make_draw(self.council, self.values(number, condition), self.seed, number)

    def drawn(self, draw: int) -> dict[str, float]:
        """The value of every uncertain number in one draw, whatever is fixed."""
        return draw_values(self.known, self.behaviour.correlations, self.seed, draw)

    def plan(self, scenario: Scenario, draw: int, condition: Condition = AS_ASKED) -> Plan:
        """Plan of one scenario in one draw, with values or demand replaced where set."""
        assumptions = self.draw(draw, condition)
        return make_plan(
            self.council,
            self._position_in(assumptions.values),
            scenario,
            assumptions,
            self.case_settings(condition),
            self.rules,
            self.agency_record,
        )

    def _position_in(self, values: Mapping[str, float]) -> Position:
        """The start position of a draw: its own where a total is a range."""
        if self.council.totals.are_certain:
            return self.position
        return start_position(self.council, values)

    @property
    def targets(self) -> dict[str, int]:
        """People still to recruit by role family."""
        return {target.role_family.value: target.people for target in self.council.targets}


def make_study(
    council: Council,
    behaviour: Behaviour,
    scenarios: Sequence[Scenario],
    seed: int,
    options: RunOptions = STAFFING_ALONE,
    fixed: Mapping[str, float] | None = None,
    engine: Engine = Engine.COMPILED,
    record: Record | None = None,
) -> Study:
    """Gather what replications share.

    Args:
        council: the council.
        behaviour: the shared evidence.
        scenarios: the baseline first.
        seed: seed of draws and fates.
        options: what is chosen about its runs.
        fixed: quantities, by key, to take as known for certain; no other draw moves.
        engine: which engine simulates; the SimPy model where it can't be loaded.
        record: published tables, read up to the council's day 0; those that ship if None.

    Raises:
        InputError: the council's totals can't be divided into posts, or `fixed` names no quantity
            or a value beyond its bounds.
    """
    behaviour = at_discount_rate(behaviour, options.discount_rate)
    known = quantities(behaviour, council, scenarios)
    for key, value in (fixed or {}).items():
        check_fixed(known, key, value)
    return Study(
        council,
        behaviour,
        tuple(scenarios),
        seed,
        start_position(council),
        known,
        published_agency(council, record or shipped_record()),
        options,
        tuple((fixed or {}).items()),
        available(engine),
    )


def check_fixed(known: Mapping[str, Quantity], key: str, value: float) -> None:
    """Refuse to fix what is no quantity, or at a value that it can't take.

    Raises:
        InputError: naming the key.
    """
    if key not in known:
        raise no_number(key, known)
    low, high = known[key].bounds
    if not low <= value <= high:
        raise InputError(key, f"{value:g} is not within {low:g} to {high:g}",
                         "Choose a value within its bounds")  # fmt: skip


def no_number(key: str, known: Mapping[str, Quantity]) -> InputError:
    """What is said of a key that is no uncertain number."""
    near = did_you_mean(key, known)
    return InputError(key, "is no uncertain number", f"{near}Name one of a config that is read")


@dataclass(frozen=True)
class Task:
    """One pair of a study: a draw and a fate, all scenarios, under each condition.

    Attributes:
        pair: index from 0; draws 1, 1, 2, 2, ... with a fate each.
        conditions: what it is run under.
    """

    pair: int
    conditions: tuple[Condition, ...] = (AS_ASKED,)

    @property
    def draw(self) -> int:
        """The pair's draw, from 1."""
        return 1 + self.pair // FATES_PER_DRAW


@dataclass(frozen=True)
class Outcome:
    """What one run gives.

    Attributes:
        table: shape (indicators, 1 + teams, periods).
        spent_gbp, planned_gbp: by financial year and ledger line.
        present_value_gbp: all spending, real terms, discounted to day 0.
        lower_rate_gbp: the same at LOWER_DISCOUNT_RATE.
        by_line: per name in LINE_MONEY: GBP by financial year and ledger line.
        changes_of_worker: by financial year; nan without casework.
        flows: social workers who came, moved or left, FTE: shape (flows, 1 + teams, periods).
        new_post_flows: the same on the posts that the scenario created: shape (flows, periods).
        inpost_by_route: social workers in post by route at period ends, FTE: (routes, periods).
    """

    table: Array
    spent_gbp: Array
    planned_gbp: Array
    present_value_gbp: float
    lower_rate_gbp: float
    by_line: dict[str, Array]
    changes_of_worker: Array
    flows: Array
    new_post_flows: Array
    inpost_by_route: Array

    @property
    def permanent_gbp(self) -> Array:
        """Cash of permanent staff by financial year, on whatever line."""
        return permanent_pay(self.by_line)

    @property
    def agency_gbp(self) -> Array:
        """Cash of agency staff by financial year, on whatever line."""
        return agency_spend(self.by_line)


@dataclass(frozen=True)
class TaskResult:
    """Outcomes of a task: under each condition, by scenario in the order of the study."""

    pair: int
    outcomes: dict[Condition, tuple[Outcome, ...]]


def run_once(
    study: Study, scenario: Scenario, draw: int, fates: Fates, condition: Condition = AS_ASKED
) -> Outcome:
    """Plan, simulate and measure one run."""
    plan = study.plan(scenario, draw, condition)
    return measure(study, plan, study.simulate(plan, fates))


def measure(
    study: Study, plan: Plan, records: Records, paid_without: Array | None = None
) -> Outcome:
    """Measure one run.

    Args:
        study: what was asked.
        plan: the plan of the run.
        records: its facts.
        paid_without: what the plan's lines would have paid the staff of the run that it is
            compared with, by period and measure; None where there is none.
    """
    table = measure_workforce(plan, records, study.targets)
    fill_money_indicators(plan, records, table)
    fill_caseload_indicators(plan, records, table)
    fill_continuity_indicators(plan, records, table)
    ledger = make_ledger(plan, records)
    years = ledger.year_of_period
    total = ledger.spent_gbp.sum(axis=1)
    unknown = np.full((plan.periods, len(ledger.lines) - len(STAFFING_LINES)), np.nan)
    without = in_years(ledger, unknown if paid_without is None else paid_without)
    return Outcome(
        table=table,
        spent_gbp=ledger.spent_by_year(),
        planned_gbp=ledger.planned_gbp,
        present_value_gbp=discounted(plan, total),
        lower_rate_gbp=discounted(plan, total, LOWER_DISCOUNT_RATE),
        by_line=line_money(plan, records, ledger) | {"paid_without": without},
        changes_of_worker=_by_year(changes_of_worker(records), years),
        flows=people_flows(plan, records),
        new_post_flows=new_post_flows(plan, records),
        inpost_by_route=records.inpost_by_route.T,
    )


def _by_year(by_period: Array, year_of_period: tuple[int, ...]) -> Array:
    total: Array = np.bincount(np.array(year_of_period), weights=by_period).astype(np.float64)
    return total


def whole_draws(pairs: int) -> int:
    """A number of pairs rounded up to whole draws: every draw has two fates."""
    return pairs + pairs % FATES_PER_DRAW


def make_tasks(pairs: int, beside: Mapping[Condition, int] | None = None) -> tuple[Task, ...]:
    """Tasks of a study.

    Args:
        pairs: replications, rounded up to whole draws.
        beside: further conditions, each with the number of pairs, from the first on, that are run
            under it too.
    """
    beside = beside or {}
    return tuple(
        Task(pair, (AS_ASKED, *(condition for condition, count in beside.items() if pair < count)))
        for pair in range(whole_draws(pairs))
    )
