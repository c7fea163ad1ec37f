"""The comparison of scenarios with doing nothing: run into a results store, and read from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.dates import months_later
from sim.engine.records import Array
from sim.experiment.cells import Cell, make_cell
from sim.experiment.filling import fill
from sim.experiment.replicate import (
    AS_ASKED,
    LOOP_OFF,
    Condition,
    Study,
    TaskResult,
    at_gamma,
    whole_draws,
)
from sim.experiment.results import Results
from sim.experiment.results_layout import MONEY
from sim.experiment.statistics import probability_better
from sim.experiment.variant import ALL_TEAMS, Runs, Variant, teams_without_posts
from sim.inputs.plan import Plan
from sim.inputs.run_options import DemandScenario
from sim.outcomes.indicators import DIFFERENCE_INDICATORS, INDICATORS, Direction, Indicator
from sim.outcomes.line_money import LINE_MONEY, agency_spend
from sim.outcomes.workforce import complete_months
from sim.scenario.scenario import Scenario

GAMMAS = (0.1, 0.4, 0.8)
_SIGN = {Direction.UP: 1, Direction.DOWN: -1, Direction.NONE: 0}
ALL_INDICATORS: tuple[Indicator, ...] = INDICATORS + DIFFERENCE_INDICATORS
_BETTER = {indicator.name: _SIGN[indicator.direction] for indicator in ALL_INDICATORS}


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
    """A finished comparison; its numbers are in a results store, and read as they are asked for.

    Attributes:
        study: what was asked.
        plans: the central plan of each scenario, for names and dates.
        dates: month ends, the columns of every table.
        variants: the average over draws first, then one for each gamma.
        ledgers: by scenario.
        demand_variants: one for each demand scenario that is shown beside the study's own.
        loop_off: where load acts on nobody's leaving; None where it wasn't run.
    """

    study: Study
    plans: tuple[Plan, ...]
    dates: tuple[dt.date, ...]
    variants: tuple[Variant, ...]
    ledgers: Sequence[LedgerRows]
    demand_variants: tuple[Variant, ...] = ()
    loop_off: Variant | None = None

    @property
    def average(self) -> Variant:
        """All pairs as asked: the average over draws."""
        return self.variants[0]

    @property
    def pairs(self) -> int:
        """Number of pairs."""
        return len(self.average.draws)

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

    def on_the_same_draws(self, variant: Variant) -> Variant:
        """The average over draws, over only those pairs that a variant was run with."""
        return self.average.first_pairs(len(variant.draws))

    def better(self, scenario: int, indicator: str) -> Array:
        """Chance that an indicator is better than the baseline's, array (1 + teams, dates)."""
        change = self.average.values(scenario, indicator, ALL_TEAMS, against=0)
        return probability_better(change, _BETTER[indicator])


class Ledgers(Sequence[LedgerRows]):
    """The ledgers of a comparison, each read as it is asked for: those of many runs are large."""

    def __init__(self, runs: Runs) -> None:
        self._runs = runs

    def __len__(self) -> int:
        return len(self._runs.cell.plans)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return tuple(self[i] for i in range(*place.indices(len(self))))
        if not -len(self) <= place < len(self):
            raise IndexError(place)
        return _ledger(self._runs, place % len(self))


def _ledger(runs: Runs, scenario: int) -> LedgerRows:
    # Of one table all runs' first years lie together, then all runs' second years.
    money = np.ascontiguousarray(runs.rows(scenario, "money").transpose(1, 2, 0, 3))
    by_name = {name: table.swapaxes(0, 1) for name, table in zip(MONEY, money, strict=True)}
    return LedgerRows(
        lines=runs.cell.lines[scenario],
        years=runs.cell.frame.years,
        spent_gbp=by_name["spent_gbp"],
        planned_gbp=by_name["planned_gbp"],
        present_value_gbp=runs.once_a_run(scenario, "present_value_gbp"),
        lower_rate_gbp=runs.once_a_run(scenario, "lower_rate_gbp"),
        by_line={name: by_name[name] for name in LINE_MONEY},
        changes_of_worker=runs.rows(scenario, "changes_of_worker"),
    )


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
    results: Results | None = None,
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
        results: the store that is written to and read from; None for one of its own, which is gone
            with the program.

    Raises:
        InputError: a run fails, or the store can't be written.
    """
    results = results or Results()
    conditions = asked_conditions(pairs, gammas, gamma_pairs, demands, demand_pairs, loop_pairs)
    cell = described(results, study, conditions)
    fill(results, results.missing(cell.jobs()), executor, on_done)
    return comparison_of(results, cell)


def asked_conditions(
    pairs: int,
    gammas: Sequence[float] = (),
    gamma_pairs: int = 0,
    demands: Sequence[DemandScenario] = (),
    demand_pairs: int = 0,
    loop_pairs: int = 0,
) -> dict[Condition, int]:
    """How many pairs are run under each condition; arguments as for compare."""
    asked = {AS_ASKED: whole_draws(pairs)}
    asked |= {at_gamma(gamma): gamma_pairs for gamma in gammas}
    asked |= {Condition(demand=demand): whole_draws(demand_pairs) for demand in demands}
    asked[LOOP_OFF] = whole_draws(loop_pairs)
    return {condition: min(n, asked[AS_ASKED]) for condition, n in asked.items() if n}


def described(results: Results, study: Study, conditions: Mapping[Condition, int]) -> Cell:
    """A study as the next cell of a store, which is told of it."""
    cell = make_cell(study, conditions, *results.next_cell())
    results.describe(results.manifest(), [cell])
    return cell


def comparison_of(results: Results, cell: Cell) -> Comparison:
    """The comparison of a cell whose runs are all there: nothing is run."""
    without = teams_without_posts(cell.study.scenarios, cell.plans)
    variants = [Variant(Runs(results, cell, c), without, c) for c in cell.pairs]
    return Comparison(
        study=cell.study,
        plans=cell.plans,
        dates=cell.plans[0].period_dates[: complete_months(cell.plans[0])],
        variants=tuple(v for v in variants if v.demand is None and v.condition != LOOP_OFF),
        ledgers=Ledgers(variants[0].runs),
        demand_variants=tuple(variant for variant in variants if variant.demand is not None),
        loop_off=next((variant for variant in variants if variant.condition == LOOP_OFF), None),
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
