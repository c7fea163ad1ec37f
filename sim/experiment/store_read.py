"""Reading a results store: what each point of a sweep gives, less doing nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np

from sim.config.counted import counted
from sim.config.errors import InputError
from sim.engine.records import Array
from sim.experiment.statistics import Summary, summarise
from sim.experiment.store_open import reading
from sim.outcomes.indicators import INDEX

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


def month_ends(path: Path) -> list[dt.date]:
    """Month ends of a study.

    Raises:
        InputError: the study can't be read.
    """
    with reading(path) as connection:
        rows = connection.execute("SELECT date FROM months ORDER BY month").fetchall()
    return [date for (date,) in rows]


def point_results(
    path: Path, month: int, indicators: Sequence[str], pairs: int
) -> list[PointResult]:
    """Every scenario at every point of a sweep.

    Args:
        path: the study.
        month: number of the month end to read.
        indicators: names of those to read, council-wide.
        pairs: how many pairs of runs to take, the first ones; the study may hold more.

    Raises:
        InputError: the study can't be read, or lacks a run: no mean is worked out without it.
    """
    with reading(path) as connection:
        varied = _varied(connection)
        rows = connection.execute(
            "SELECT scenario, cell, place, point, key FROM scenarios ORDER BY scenario"
        ).fetchall()
        tables = _by_scenario(connection, month, indicators, pairs)
    for scenario, *_ in rows:
        found_here = len(tables[scenario][0]) if scenario in tables else 0
        if found_here != pairs:
            raise InputError(
                path, f"holds {counted(found_here, 'run')} of {pairs} of its scenario {scenario}",
                "Run those that are missing with --resume",
            )  # fmt: skip
    compared = {cell: scenario for scenario, cell, place, _, _ in rows if place == 0}
    found = []
    for scenario, cell, place, point, key in rows:
        if place == 0:
            continue
        draws, own = tables[scenario]
        change = own - tables[compared[cell]][1]
        names = (*indicators, NET_COST)
        levels, changes = summarise(own, draws), summarise(change, draws)
        found.append(PointResult(
            point, key, varied.get(point, {}), _one_by_one(levels, names),
            _one_by_one(changes, names),
        ))  # fmt: skip
    return found


def _varied(connection: duckdb.DuckDBPyConnection) -> dict[int, dict[str, float]]:
    found: dict[int, dict[str, float]] = {}
    rows = connection.execute("SELECT point, key, value FROM points").fetchall()
    for point, key, value in rows:
        found.setdefault(point, {})[key] = value
    return found


def _by_scenario(
    connection: duckdb.DuckDBPyConnection, month: int, indicators: Sequence[str], pairs: int
) -> dict[int, tuple[Array, Array]]:
    """By scenario: the draw of each pair, and values, shape (pairs, indicators and cost)."""
    # Names of columns can't be parameters: only names that this program knows come here.
    listed = ", ".join(f'"{name}"' for name in indicators if name in INDEX)
    columns = connection.execute(
        f"SELECT scenario, draw, {listed}, present_value_gbp FROM monthly_wide"
        " JOIN runs USING (run) WHERE team = 0 AND month = ? AND pair < ? ORDER BY scenario, pair",
        [month, pairs],
    ).fetchnumpy()
    names = [*indicators, "present_value_gbp"]
    table = np.stack([np.ma.filled(columns[name], np.nan) for name in names], axis=1)
    numbers, draws = np.asarray(columns["scenario"]), np.asarray(columns["draw"])
    return {
        int(scenario): (draws[numbers == scenario], table[numbers == scenario])
        for scenario in np.unique(numbers)
    }


def _one_by_one(summary: Summary, names: Sequence[str]) -> dict[str, Summary]:
    fields: Mapping[str, Array] = vars(summary)
    return {
        name: Summary(**{field: values[i : i + 1] for field, values in fields.items()})
        for i, name in enumerate(names)
    }
