"""The comparison of scenarios with doing nothing: tidy rows for every file, table and chart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from sim.dates import financial_year, months_later
from sim.engine.records import Array
from sim.experiment.gather import Gathered, differences
from sim.experiment.replicate import (
    AS_ASKED,
    LOOP_OFF,
    Condition,
    Study,
    TaskResult,
    at_gamma,
    make_tasks,
    whole_draws,
)
from sim.experiment.room import release
from sim.experiment.runner import run_tasks
from sim.experiment.statistics import Summary, probability_better, summarise
from sim.inputs.draws import CENTRAL_DRAW
from sim.inputs.plan import Plan
from sim.inputs.run_options import DemandScenario
from sim.outcomes.costs import STAFFING_LINES
from sim.outcomes.indicators import (
    DIFFERENCE_INDEX,
    DIFFERENCE_INDICATORS,
    INDICATORS,
    Direction,
    Indicator,
)
from sim.outcomes.line_money import LINE_MONEY, agency_spend
from sim.outcomes.workforce import complete_months
from sim.scenario.scenario import Scenario

GAMMAS = (0.1, 0.4, 0.8)
BYTES_AT_ONCE = 4_000_000
"""Of tables that are summarised at a time; working them out takes some five times as much."""
_SIGN = {Direction.UP: 1, Direction.DOWN: -1, Direction.NONE: 0}
ALL_INDICATORS: tuple[Indicator, ...] = INDICATORS + DIFFERENCE_INDICATORS
POSITION = DIFFERENCE_INDEX


@dataclass(frozen=True)
class Variant:
    """All pairs of a comparison under one condition.

    Attributes:
        gamma: vacancy elasticity; None for each draw's own.
        tables: by scenario: shape (pairs, indicators, 1 + teams, dates).
        differences: by scenario but the baseline: shape (pairs, all indicators, 1 + teams, dates).
        draws: the draw of each pair.
        demand: demand scenario; None for the study's.
        spent_gbp: by scenario: GBP cash by financial year and ledger line, shape (pairs, years,
            lines).
    """

    gamma: float | None
    tables: tuple[Array, ...]
    differences: tuple[Array, ...]
    draws: Array
    demand: DemandScenario | None = None
    spent_gbp: tuple[Array, ...] = ()

    @cached_property
    def _summaries(self) -> dict[tuple[str, int], Summary]:
        """Those taken so far: tables, charts and files ask for the same ones."""
        return {}

    def _summary(self, of: str, rows: tuple[Array, ...], place: int) -> Summary:
        if (of, place) not in self._summaries:
            self._summaries[of, place] = _in_parts(rows[place], self.draws)
        return self._summaries[of, place]

    def summary(self, scenario: int) -> Summary:
        """Summary of a scenario's indicators, arrays (indicators, 1 + teams, dates)."""
        return self._summary("tables", self.tables, scenario)

    def difference(self, scenario: int) -> Summary:
        """Summary of a scenario less the baseline, arrays (all indicators, 1 + teams, dates)."""
        return self._summary("differences", self.differences, scenario - 1)

    def first(self, pairs: int) -> Variant:
        """Its first pairs alone: to stand beside a variant that was run with only those."""
        return replace(
            self,
            tables=tuple(table[:pairs] for table in self.tables),
            differences=tuple(table[:pairs] for table in self.differences),
            draws=self.draws[:pairs],
            spent_gbp=tuple(spent[:pairs] for spent in self.spent_gbp),
        )


def _in_parts(values: Array, draws: Array) -> Summary:
    """Summary of tables, some indicators at a time: all at once could fill the memory."""
    at_once = max(1, BYTES_AT_ONCE * values.shape[1] // values.nbytes)
    found = [
        vars(summarise(values[:, first : first + at_once], draws))
        for first in range(0, values.shape[1], at_once)
    ]
    return Summary(**{name: np.concatenate([one[name] for one in found]) for name in found[0]})


@dataclass(frozen=True)
class LedgerRows:
    """One scenario's ledger: arrays by (pairs,) years and lines.

    Attributes:
        lines, years: keys of the axes.
        spent_gbp: shape (pairs, years, lines); planned_gbp likewise.
        present_value_gbp: shape (pairs,); lower_rate_gbp: the same at a lower discount rate.
        by_line: per name in LINE_MONEY: shape (pairs, years, lines).
        changes_of_worker: shape (pairs, years); nan without casework.
    """

    lines: tuple[str, ...]
    years: tuple[str, ...]
    spent_gbp: Array
    planned_gbp: Array
    present_value_gbp: Array
    lower_rate_gbp: Array
    by_line: dict[str, Array]
    changes_of_worker: Array

    @property
    def agency_gbp(self) -> Array:
        """Cash of agency staff, on whatever line, shape (pairs, years)."""
        return agency_spend(self.by_line)


@dataclass(frozen=True)
class Comparison:
    """A finished comparison.

    Attributes:
        study: what was asked.
        plans: the central plan of each scenario, for names and dates.
        dates: month ends, the columns of every table.
        variants: the average over draws first, then one for each gamma.
        ledgers: by scenario.
        demand_variants: one for each demand scenario that is shown beside the study's own.
        loop_off: where load acts on nobody's leaving; None where it wasn't run.
        flows: by scenario: social workers who came, moved or left, FTE by month, shape (pairs,
            flows, 1 + teams, dates), the flows as in Records.
        new_post_flows: the same on posts that the scenario created, shape (pairs, flows, dates).
        inpost_by_route: by scenario: social workers in post by the route by which they came, FTE
            at month ends, shape (pairs, routes, dates).
    """

    study: Study
    plans: tuple[Plan, ...]
    dates: tuple[dt.date, ...]
    variants: tuple[Variant, ...]
    ledgers: tuple[LedgerRows, ...]
    demand_variants: tuple[Variant, ...] = ()
    flows: tuple[Array, ...] = ()
    new_post_flows: tuple[Array, ...] = ()
    inpost_by_route: tuple[Array, ...] = ()
    loop_off: Variant | None = None

    @property
    def pairs(self) -> int:
        """Number of pairs."""
        return len(self.variants[0].draws)

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """Scenarios, the baseline first."""
        return self.study.scenarios

    @property
    def gamma_variants(self) -> tuple[Variant, ...]:
        """One variant for each gamma."""
        return self.variants[1:]

    @property
    def has_casework(self) -> bool:
        """Whether children's cases were simulated."""
        return self.plans[0].casework is not None

    def summary(self, scenario: int) -> Summary:
        """Summary of a scenario's indicators, arrays (indicators, 1 + teams, dates)."""
        return self.variants[0].summary(scenario)

    def difference(self, scenario: int) -> Summary:
        """Summary of a scenario less the baseline, arrays (all indicators, 1 + teams, dates)."""
        return self.variants[0].difference(scenario)

    def on_the_same_draws(self, variant: Variant) -> Variant:
        """The average over draws, over only those pairs that a variant was run with."""
        return self.variants[0].first(len(variant.draws))

    def better(self, scenario: int) -> Array:
        """Chance of being better than the baseline, array (all indicators, 1 + teams, dates)."""
        difference = self.variants[0].differences[scenario - 1]
        found = []
        for i, indicator in enumerate(ALL_INDICATORS):
            found.append(probability_better(difference[:, i], _SIGN[indicator.direction]))
            release()
        return np.stack(found)


def compare(
    study: Study,
    pairs: int,
    gammas: Sequence[float] = (),
    gamma_pairs: int = 0,
    executor: Executor | None = None,
    on_done: Callable[[TaskResult], None] = lambda _: None,
    demands: Sequence[DemandScenario] = (),
    demand_pairs: int = 0,
    loop_pairs: int = 0,
) -> Comparison:
    """Run a study, its first scenario the one that the others are compared with.

    Args:
        study: council, evidence, scenarios, seed.
        pairs: replications; two for each draw, rounded up to an even number.
        gammas: vacancy elasticities to show side by side, on the same draws and fates.
        gamma_pairs: how many of the pairs are run at each gamma.
        executor: where to run; None for here.
        on_done: called as results come.
        demands: demand scenarios to show beside the study's own, on the same draws and fates.
        demand_pairs: how many of the pairs are run under each; rounded up as pairs are.
        loop_pairs: how many of the pairs are also run with load acting on nobody's leaving.
    """
    at_gammas = {at_gamma(gamma): gamma_pairs for gamma in gammas}
    under_demands = {Condition(demand=demand): whole_draws(demand_pairs) for demand in demands}
    without_loop = {LOOP_OFF: whole_draws(loop_pairs)} if loop_pairs else {}
    tasks = make_tasks(pairs, at_gammas | under_demands | without_loop)
    plans = tuple(study.plan(scenario, CENTRAL_DRAW) for scenario in study.scenarios)
    months = complete_months(plans[0])
    results = Gathered(tasks, months)
    release()  # what was read of a comparison before this one
    results.take(run_tasks(study, tasks, executor, on_done))

    def variants(*conditions: Condition) -> tuple[Variant, ...]:
        found = (_variant(study, plans, condition, results) for condition in conditions)
        return tuple(variant for variant in found if variant is not None)

    return Comparison(
        study=study,
        plans=plans,
        dates=plans[0].period_dates[:months],
        variants=variants(AS_ASKED, *at_gammas),
        ledgers=tuple(_ledger(plan, s, results) for s, plan in enumerate(plans)),
        demand_variants=variants(*under_demands),
        flows=results.rows("flows"),
        new_post_flows=results.rows("new_post_flows"),
        inpost_by_route=results.rows("inpost_by_route"),
        loop_off=next(iter(variants(*without_loop)), None),
    )


def demands_beside(study: Study) -> tuple[DemandScenario, ...]:
    """Demand scenarios to show beside uncertain demand: flat, and standing ones that are described.

    None for a council without casework, or where the study itself is under another scenario.
    """
    casework, options = study.council.casework, study.options
    if casework is None or not options.casework or options.demand is not DemandScenario.UNCERTAIN:
        return ()
    described: dict[DemandScenario, object] = {
        DemandScenario.FLAT: casework.demand,
        DemandScenario.BACK_TO_2019: casework.demand.back_to_2019,
        DemandScenario.RISING: casework.demand.rising,
    }
    return tuple(demand for demand, target in described.items() if target is not None)


def has_loop(study: Study) -> bool:
    """Whether load acts on leaving and on agency staff in a study's runs."""
    options = study.options
    return study.council.casework is not None and options.casework and options.loop


def _variant(
    study: Study, plans: tuple[Plan, ...], condition: Condition, results: Gathered
) -> Variant | None:
    """The pairs that were run under a condition; None if none was."""
    tables = results.rows("table", condition)
    if not tables:
        return None
    draws = results.draws(condition)
    changes = differences(tables, study.scenarios, plans, draws)
    spent = results.rows("spent_gbp", condition)
    return Variant(condition.gamma, tables, changes, draws, condition.demand, spent)


def _ledger(plan: Plan, scenario: int, results: Gathered) -> LedgerRows:
    def rows(name: str) -> Array:
        return results.rows(name)[scenario]

    return LedgerRows(
        lines=STAFFING_LINES + tuple(line.key for line in plan.lines[2:]),
        years=tuple(dict.fromkeys(financial_year(date) for date in plan.period_dates)),
        spent_gbp=rows("spent_gbp"),
        planned_gbp=rows("planned_gbp"),
        present_value_gbp=rows("present_value_gbp")[:, 0],
        lower_rate_gbp=rows("lower_rate_gbp")[:, 0],
        by_line={name: rows(name) for name in LINE_MONEY},
        changes_of_worker=rows("changes_of_worker"),
    )


def headline_column(comparison: Comparison) -> int:
    """Column of the date that headlines speak of: 31 March, two to three years after day 0.

    Where the run ends earlier, its last 31 March that is three months or more after day 0, or else
    its last month end.
    """
    return headline_month(comparison.dates, comparison.study.council.start_date)


def headline_month(dates: Sequence[dt.date], start: dt.date) -> int:
    """The same, for month ends of a run that begins on a day."""
    first = months_later(start, 3) - dt.timedelta(days=1)
    marches = [i for i, date in enumerate(dates) if (date.month, date.day) == (3, 31)]
    marches = [i for i in marches if dates[i] >= first]
    wanted = [i for i in marches if (dates[i] - start).days <= 3 * 365]
    return (wanted or marches or [len(dates) - 1])[-1]
