"""Runs held in memory in place of a store: comparisons whose numbers a test makes up or changes."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import cast

import numpy as np

from sim.engine.records import Array
from sim.experiment.compare import Comparison
from sim.experiment.replicate import Condition
from sim.experiment.variant import ALL_TEAMS, Runs, Variant, teams_without_posts
from sim.outcomes.indicators import INDEX, INDICATORS


class HeldRuns:
    """Runs whose tables a test may change.

    Args:
        tables: by scenario: shape (pairs, indicators, 1 + teams, dates).
        draws: the draw of each pair.
        others: series that are no indicators, by name: the same for every scenario.
    """

    def __init__(
        self, tables: Sequence[Array], draws: Array, others: Mapping[str, Array] | None = None
    ) -> None:
        self.tables, self.draws, self.others = list(tables), draws, dict(others or {})

    def rows(self, scenario: int, series: str) -> Array:
        """As sim.experiment.variant.Runs.rows."""
        if series in self.others:
            return self.others[series]
        return self.tables[scenario][:, INDEX[series]]


def held_variant(
    comparison_of: Comparison | None, runs: HeldRuns, condition: Condition, scenarios: int
) -> Variant:
    """A variant of runs in memory; who gets no posts is as in a comparison, or nobody."""
    without: tuple[tuple[int, ...], ...] = ((),) * scenarios
    if comparison_of is not None:
        without = teams_without_posts(comparison_of.scenarios, comparison_of.plans)
    return Variant(cast(Runs, runs), without, condition)


def tables(variant: Variant) -> list[Array]:
    """By scenario: the tables of a variant in memory, to be changed."""
    return cast(HeldRuns, variant.runs).tables


def every_table(variant: Variant) -> list[Array]:
    """By scenario: all indicators of a variant, wherever they are: a copy."""
    count = len(variant.without_posts)
    return [
        np.stack([variant.values(s, i.name, ALL_TEAMS) for i in INDICATORS], axis=1)
        for s in range(count)
    ]


def with_tables(
    variant: Variant, changed: Sequence[Array], others: Mapping[str, Array] | None = None
) -> Variant:
    """A variant with other tables in memory."""
    runs = HeldRuns(changed, variant.draws, others)
    without = variant.without_posts[:1] + variant.without_posts[-1:] * (len(changed) - 1)
    return dataclasses.replace(variant, runs=cast(Runs, runs), without_posts=without, first=None)
