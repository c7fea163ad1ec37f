"""What runs say of an indicator: its values by replication, and its series over the months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from sim.engine.records import Array
from sim.experiment.cells import Cell
from sim.experiment.replicate import Condition, Task
from sim.experiment.results import Results
from sim.experiment.statistics import Summary, per_mean, summarise
from sim.inputs.plan import Plan
from sim.inputs.run_options import DemandScenario
from sim.outcomes.indicators import DIFFERENCE_INDICATORS
from sim.scenario.posts import ExtraPosts
from sim.scenario.scenario import Scenario

COUNCIL = 0
"""Row of the whole council in every table; its teams follow."""
ALL_TEAMS = slice(None)
YIELDS = {
    "post_yield": ("inpost_all_roles_fte", "funded_posts_all_roles_fte"),
    "post_yield_social_work": ("inpost_fte", "funded_posts_fte"),
}
"""What each yield is a ratio of: people gained, and the posts open on that day."""
_ONLY_COMPARED = frozenset(indicator.name for indicator in DIFFERENCE_INDICATORS)


@dataclass(frozen=True)
class Runs:
    """All runs of a cell under one condition, read from its store as they are asked for.

    Attributes:
        results: the store.
        cell: which cell.
        condition: under which they were run.
    """

    results: Results
    cell: Cell
    condition: Condition

    @cached_property
    def draws(self) -> Array:
        """The draw of each pair."""
        return np.array([Task(pair).draw for pair in range(self.cell.pairs[self.condition])])

    def rows(self, scenario: int, series: str) -> Array:
        """A series of a scenario (results_layout), shape (pairs, ...); to read only."""
        return self.results.series(self.cell, scenario, self.condition, series)

    def once_a_run(self, scenario: int, column: str) -> Array:
        """One number a run of those asked for: present_value_gbp, or lower_rate_gbp; (pairs,)."""
        return self.results.once_a_run(self.cell, scenario, column)


@dataclass(frozen=True)
class Variant:
    """All pairs of a comparison under one condition.

    Attributes:
        runs: where their numbers are.
        without_posts: by scenario: teams that get no registered post; none if no team gets any.
        condition: what is put in place of a draw's or the study's own.
        first: only so many pairs, the first ones; None for all.
    """

    runs: Runs
    without_posts: tuple[tuple[int, ...], ...]
    condition: Condition
    first: int | None = None

    @property
    def gamma(self) -> float | None:
        """Vacancy elasticity; None for each draw's own."""
        return self.condition.gamma

    @property
    def demand(self) -> DemandScenario | None:
        """Demand scenario; None for the study's."""
        return self.condition.demand

    @property
    def draws(self) -> Array:
        """The draw of each pair."""
        return self.runs.draws[: self.first]

    def first_pairs(self, pairs: int) -> Variant:
        """Its first pairs alone: to stand beside a variant that was run with only those."""
        return replace(self, first=pairs)

    def values(
        self,
        scenario: int,
        indicator: str,
        team: int | slice = COUNCIL,
        against: int | None = None,
    ) -> Array:
        """An indicator by replication, shape (pairs, dates), or (pairs, teams, dates) of several.

        Args:
            scenario: number of the scenario.
            indicator: its name.
            team: row of a team; 0 is the council.
            against: number of the scenario that is taken off, doing nothing as a rule; None for
                none. Yields and displacement are only known against another.
        """
        if against is None:
            return self.table(scenario, indicator)[:, team]
        if indicator in _ONLY_COMPARED:
            return self._compared(scenario, indicator, against)[:, team]
        own, other = self.table(scenario, indicator), self.table(against, indicator)
        found: Array = own[:, team] - other[:, team]
        return found

    def series(
        self,
        scenario: int,
        indicator: str,
        team: int | slice = COUNCIL,
        against: int | None = None,
    ) -> Summary:
        """What the runs say of an indicator: arrays by date, or by team and date; as for values."""
        key = (scenario, indicator, against)
        if key not in self._summaries:
            values = self.values(scenario, indicator, ALL_TEAMS, against)
            self._summaries[key] = summarise(values, self.draws)
        found = self._summaries[key]
        return Summary(**{name: numbers[team] for name, numbers in vars(found).items()})

    def table(self, scenario: int, name: str) -> Array:
        """Numbers of all pairs, shape (pairs, ...): of an indicator, or of another series."""
        return self.runs.rows(scenario, name)[: self.first]

    @cached_property
    def _summaries(self) -> dict[tuple[int, str, int | None], Summary]:
        """Those taken so far: tables, charts and files ask for the same ones."""
        return {}

    def _compared(self, scenario: int, indicator: str, against: int) -> Array:
        """A yield or displacement, by pair, team and date."""
        if indicator in YIELDS:
            gained, funded = YIELDS[indicator]
            gain = self.values(scenario, gained, slice(0, 1), against)
            shape = self.table(scenario, gained).shape
            found = np.full(shape, np.nan)
            found[:, :1] = per_mean(gain, self.table(scenario, funded)[:, :1], self.draws)
            return found
        change = self.values(scenario, "inpost_fte", ALL_TEAMS, against)
        found = np.full(change.shape, np.nan)
        if self.without_posts[scenario]:
            rows = [1 + team for team in self.without_posts[scenario]]
            found[:, 0] = -change[:, rows].sum(axis=1)
        return found


def teams_without_posts(
    scenarios: Sequence[Scenario], plans: Sequence[Plan]
) -> tuple[tuple[int, ...], ...]:
    """By scenario: teams that get no registered post; none if no team gets any."""
    return tuple(map(_without_posts, scenarios, plans))


def _without_posts(scenario: Scenario, plan: Plan) -> tuple[int, ...]:
    given = {
        team
        for measure in scenario.measures
        if isinstance(measure, ExtraPosts)
        for team in measure.registered_teams
    }
    if not given:
        return ()
    return tuple(t for t, key in enumerate(plan.team_keys) if key not in given)
