"""Results of a comparison put together as they come, whatever is large in room of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from sim.engine.records import Array
from sim.experiment.replicate import (
    AS_ASKED,
    Condition,
    Outcome,
    Task,
    TaskResult,
)
from sim.experiment.room import Room, release
from sim.experiment.statistics import per_mean
from sim.inputs.plan import Plan
from sim.outcomes.indicators import DIFFERENCE_INDEX, INDEX
from sim.outcomes.line_money import LINE_MONEY
from sim.scenario.posts import ExtraPosts
from sim.scenario.scenario import Scenario

BY_MONTH = ("table", "flows", "new_post_flows", "inpost_by_route")
"""Tables of an outcome with periods along their last axis."""
BY_YEAR = (
    "spent_gbp", "planned_gbp", "present_value_gbp", "lower_rate_gbp", "changes_of_worker",
)  # fmt: skip
"""What an outcome has by financial year, or as one number."""
COUNCIL = slice(0, 1)
YIELDS = {
    "post_yield": ("inpost_all_roles_fte", "funded_posts_all_roles_fte"),
    "post_yield_social_work": ("inpost_fte", "funded_posts_fte"),
}
"""What each yield is a ratio of: people gained, and the posts open on that day."""


class Gathered:
    """All results of a comparison, each table of all runs in room of its own.

    Args:
        tasks: what is run.
        months: month ends to keep.
    """

    def __init__(self, tasks: Sequence[Task], months: int) -> None:
        self._tasks, self._months = tasks, months
        self._rooms: dict[tuple[Condition, str], Room] = {}

    def take(self, results: Iterable[TaskResult]) -> None:
        """Keep results, in the order of the tasks."""
        for result in results:
            for condition, outcomes in result.outcomes.items():
                kept = [self._kept(condition, outcome) for outcome in outcomes]
                for name in kept[0]:
                    self._add(condition, name, [tables[name] for tables in kept])

    def _kept(self, condition: Condition, outcome: Outcome) -> dict[str, Array]:
        """What is kept of a run: of one beside those asked for, indicators and spending alone."""
        by_month = BY_MONTH if condition == AS_ASKED else BY_MONTH[:1]
        kept: dict[str, Array] = {
            name: getattr(outcome, name)[..., : self._months] for name in by_month
        }
        kept["spent_gbp"] = outcome.spent_gbp
        if condition == AS_ASKED:
            kept |= {name: np.atleast_1d(getattr(outcome, name)) for name in BY_YEAR}
            kept |= {name: outcome.by_line[name] for name in LINE_MONEY}
        return kept

    def _add(self, condition: Condition, name: str, tables: list[Array]) -> None:
        if (condition, name) not in self._rooms:
            shapes = [table.shape for table in tables]
            self._rooms[condition, name] = Room(len(self.draws(condition)), shapes)
        self._rooms[condition, name].add(tables)

    def draws(self, condition: Condition) -> Array:
        """The draw of each pair that was run under a condition."""
        return np.array([task.draw for task in self._tasks if condition in task.conditions])

    def rows(self, name: str, condition: Condition = AS_ASKED) -> tuple[Array, ...]:
        """By scenario: an outcome's table of all pairs, pairs first; none if no pair was run.

        Args:
            name: in BY_MONTH, BY_YEAR or LINE_MONEY.
            condition: under which they were run; only as asked is everything kept.
        """
        room = self._rooms.get((condition, name))
        return () if room is None else room.rows


def differences(
    tables: Sequence[Array],
    scenarios: Sequence[Scenario],
    plans: Sequence[Plan],
    draws: Array,
) -> tuple[Array, ...]:
    """Each scenario but the first less the first, shape (pairs, all indicators, ...)."""
    base, *others = tables
    pairs, _, *shape = base.shape
    each = (len(DIFFERENCE_INDEX), *shape)
    room = Room(pairs, [each] * len(others))
    for place, table in enumerate(others):
        without_posts = _teams_without_posts(scenarios[place + 1], plans[place + 1])
        _fill_difference(room, place, base, table, draws, without_posts)
    return room.rows


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


def _fill_difference(
    room: Room, place: int, base: Array, table: Array, draws: Array, without_posts: list[int]
) -> None:
    """Scenario less baseline, with yields and displacement as further indicators."""
    pairs, indicators, *shape = table.shape
    for indicator in range(indicators):
        room.fill(place, indicator, table[:, indicator] - base[:, indicator])
        release()
    for name, (gained, funded) in YIELDS.items():
        extra = np.full((pairs, *shape), np.nan)
        gain = table[:, INDEX[gained], COUNCIL] - base[:, INDEX[gained], COUNCIL]
        extra[:, COUNCIL] = per_mean(gain, table[:, INDEX[funded], COUNCIL], draws)
        room.fill(place, DIFFERENCE_INDEX[name], extra)
    displaced = np.full((pairs, *shape), np.nan)
    if without_posts:
        rows, held = [1 + team for team in without_posts], INDEX["inpost_fte"]
        displaced[:, 0] = -(table[:, held] - base[:, held])[:, rows].sum(axis=1)
    room.fill(place, DIFFERENCE_INDEX["displacement_fte"], displaced)
