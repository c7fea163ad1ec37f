"""Results of a comparison put together as they come, whatever is large in room of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from sim.engine.records import Array
from sim.experiment.replicate import (
    AS_ASKED,
    FATES_PER_DRAW,
    Condition,
    Outcome,
    Task,
    TaskResult,
)
from sim.experiment.room import Room, release
from sim.inputs.plan import Plan
from sim.outcomes.indicators import DIFFERENCE_INDICATORS, INDEX
from sim.scenario.posts import ExtraPosts
from sim.scenario.scenario import Scenario

_NOTHING = np.empty(0)
COUNCIL = slice(0, 1)
_YIELDS = (
    ("inpost_all_roles_fte", "funded_posts_all_roles_fte"),
    ("inpost_fte", "funded_posts_fte"),
)
"""What each yield is a ratio of; displacement follows them."""


class Gathered:
    """All results of a comparison.

    Args:
        tasks: what is run.
        months: month ends to keep.

    Attributes:
        outcomes: by pair, then by scenario, as asked: tables and flows taken out.
    """

    def __init__(self, tasks: Sequence[Task], months: int) -> None:
        self._tasks, self._months = tasks, months
        self._tables: dict[Condition, tuple[Room, ...]] = {}
        self._flows: tuple[Room, ...] = ()
        self.outcomes: list[tuple[Outcome, ...]] = []

    def take(self, results: Iterable[TaskResult]) -> None:
        """Keep results, in the order of the tasks."""
        for result in results:
            for condition, outcomes in result.outcomes.items():
                self._take(condition, outcomes)
            small = (replace(o, table=_NOTHING, flows=_NOTHING) for o in result.outcomes[AS_ASKED])
            self.outcomes.append(tuple(small))

    def _take(self, condition: Condition, outcomes: tuple[Outcome, ...]) -> None:
        tables = [outcome.table[..., : self._months] for outcome in outcomes]
        flows = [outcome.flows[..., : self._months] for outcome in outcomes]
        if condition not in self._tables:
            pairs = len(self._pairs(condition))
            self._tables[condition] = tuple(Room(pairs, table.shape) for table in tables)
            if condition == AS_ASKED:
                self._flows = tuple(Room(pairs, table.shape) for table in flows)
        for room, table in zip(self._tables[condition], tables, strict=True):
            room.add(table)
        if condition == AS_ASKED:
            for room, table in zip(self._flows, flows, strict=True):
                room.add(table)

    def _pairs(self, condition: Condition) -> list[int]:
        return [task.pair for task in self._tasks if condition in task.conditions]

    def draws(self, condition: Condition) -> Array:
        """The draw of each pair that was run under a condition."""
        return np.array([1 + pair // FATES_PER_DRAW for pair in self._pairs(condition)])

    def tables(self, condition: Condition) -> tuple[Array, ...]:
        """By scenario: shape (pairs, indicators, 1 + teams, dates); none if no pair was run."""
        return tuple(room.rows for room in self._tables.get(condition, ()))

    def flows(self) -> tuple[Array, ...]:
        """By scenario: shape (pairs, flows, 1 + teams, dates)."""
        return tuple(room.rows for room in self._flows)


def differences(
    tables: Sequence[Array], scenarios: Sequence[Scenario], plans: Sequence[Plan]
) -> tuple[Array, ...]:
    """Each scenario but the first less the first, shape (pairs, all indicators, ...)."""
    return tuple(
        _difference(tables[0], tables[s], _teams_without_posts(scenarios[s], plans[s]))
        for s in range(1, len(tables))
    )


def _teams_without_posts(scenario: Scenario, plan: Plan) -> list[int]:
    """Teams that get no registered post; none if no team gets any."""
    given = {
        team
        for measure in scenario.measures
        if isinstance(measure, ExtraPosts)
        for team in measure.registered_teams
    }
    if not given:
        return []
    return [t for t, key in enumerate(plan.team_keys) if key not in given]


def _difference(base: Array, table: Array, without_posts: list[int]) -> Array:
    """Scenario less baseline, with yields and displacement as further indicators."""
    pairs, indicators, *shape = table.shape
    room = Room(pairs, (indicators + len(DIFFERENCE_INDICATORS), *shape))
    for indicator in range(indicators):
        room.fill(indicator, table[:, indicator] - base[:, indicator])
        release()
    for row, (gained, funded) in enumerate(_YIELDS):
        extra = np.full((pairs, *shape), np.nan)
        posts = table[:, INDEX[funded], COUNCIL]
        gain = table[:, INDEX[gained], COUNCIL] - base[:, INDEX[gained], COUNCIL]
        np.divide(gain, posts, out=extra[:, COUNCIL], where=posts > 0)
        room.fill(indicators + row, extra)
    displaced = np.full((pairs, *shape), np.nan)
    if without_posts:
        rows, held = [1 + team for team in without_posts], INDEX["inpost_fte"]
        displaced[:, 0] = -(table[:, held] - base[:, held])[:, rows].sum(axis=1)
    room.fill(indicators + len(_YIELDS), displaced)
    return room.rows
