"""What each point of a sweep gives, less doing nothing, read from its store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.engine.records import Array
from sim.experiment.compare import Comparison, comparison_of
from sim.experiment.results import Results
from sim.experiment.statistics import Summary, summarise
from sim.experiment.sweep import Sweep

NET_COST = "net_present_cost_gbp"
"""Name under which present values stand beside indicators."""


@dataclass(frozen=True)
class PointResult:
    """One scenario at one point.

    Attributes:
        point: number of the point.
        scenario: key of the scenario.
        values: what is varied, by key.
        levels: by indicator: mean and interval; present value of all spending under NET_COST.
        changes: the same less doing nothing at the same point.
    """

    point: int
    scenario: str
    values: dict[str, float]
    levels: dict[str, Summary]
    changes: dict[str, Summary]


def point_results(
    sweep: Sweep, results: Results, month: int, indicators: Sequence[str]
) -> list[PointResult]:
    """Every scenario at every point of a sweep, in the order of its cells.

    Args:
        sweep: what was run.
        results: the store.
        month: number of the month end to read.
        indicators: names of those to read, council-wide.

    Raises:
        InputError: the store lacks a run: no mean is worked out without it.
    """
    found = []
    for cell in sweep.cells:
        comparison = comparison_of(results, cell)
        nothing = _values(comparison, 0, month, indicators)
        draws, names = comparison.average.draws, (*indicators, NET_COST)
        for place, point in enumerate(cell.points):
            if point is None:
                continue
            own = _values(comparison, place, month, indicators)
            found.append(
                PointResult(
                    point.number,
                    comparison.scenarios[place].key,
                    dict(point.values),
                    _one_by_one(summarise(own, draws), names),
                    _one_by_one(summarise(own - nothing, draws), names),
                )
            )
    return found


def _values(comparison: Comparison, place: int, month: int, indicators: Sequence[str]) -> Array:
    """By pair: indicators of a scenario at a month end, and the present value of its spending."""
    average = comparison.average
    columns = [average.values(place, name)[:, month] for name in indicators]
    columns.append(average.runs.once_a_run(place, "present_value_gbp"))
    return np.stack(columns, axis=1)


def _one_by_one(summary: Summary, names: Sequence[str]) -> dict[str, Summary]:
    fields: Mapping[str, Array] = vars(summary)
    return {
        name: Summary(**{field: values[i : i + 1] for field, values in fields.items()})
        for i, name in enumerate(names)
    }
