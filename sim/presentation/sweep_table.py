"""The summary of a sweep: every point as CSV, and what fits on a screen as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from sim.config.counted import counted
from sim.experiment.compare import headline_month
from sim.experiment.point_results import NET_COST, PointResult, point_results
from sim.experiment.results import Results
from sim.experiment.sizes import PREFIX, is_size
from sim.experiment.statistics import precision, tenths
from sim.experiment.sweep import Sweep
from sim.outcomes.indicators import INDEX, INDICATORS
from sim.outcomes.workforce import complete_months
from sim.presentation.amounts import pounds, signed_decimals, signed_fte
from sim.presentation.files import number, write_csv
from sim.presentation.ranges import Write
from sim.presentation.screen import screen
from sim.presentation.tables import new_table, summary_cell
from sim.presentation.words import day, spread_of

STAFFING = ("inpost_fte", "inpost_all_roles_fte", "agency_fte", "vacancy_rate_fte")
CHILDREN = ("load", "changes_of_worker_per_child", "unallocated")
COLUMNS = (
    "indicator", "date", "mean", "p10", "p50", "p90", "mean_low_95", "mean_high_95", "difference",
    "difference_p10", "difference_p50", "difference_p90", "difference_low_95",
    "difference_high_95",
)  # fmt: skip
ANY = (-np.inf, np.inf)
"""Bounds of a number that can be anything."""
MOST_ROWS = 40
MOST_KEYS = 3


def write_points(sweep: Sweep, results: Results, target: Path) -> tuple[list[PointResult], str]:
    """Write every scenario at every point.

    Args:
        sweep: what was run.
        results: its store.
        target: the CSV file.

    Returns:
        What was written, and the date that it is of, in words.
    """
    plan = sweep.cells[0].plans[0]
    dates = plan.period_dates[: complete_months(plan)]
    month = headline_month(dates, sweep.cells[0].study.council.start_date)
    names = (*STAFFING, *(CHILDREN if sweep.config.casework else ()))
    found = point_results(sweep, results, month, names)
    keys = [key for key, _ in sweep.points[0].values]
    rows = _rows(found, keys, (*names, NET_COST), dates[month].isoformat())
    write_csv(target, ("point", "scenario", *keys, *COLUMNS), rows)
    return found, day(dates[month])


def _rows(
    results: Sequence[PointResult], keys: Sequence[str], names: Sequence[str], date: str
) -> Iterator[list[str]]:
    for result in results:
        values = [number(result.values[key]) for key in keys]
        for name in names:
            level, change = result.levels[name], result.changes[name]
            ends = ANY if name == NET_COST else INDICATORS[INDEX[name]].bounds
            cells = [
                number(float(column[0]))
                for found, bounds in ((level, ends), (change, ANY))
                for column in (
                    found.mean,
                    *tenths(found),
                    *precision(found, *bounds),
                )
            ]
            when = "" if name == NET_COST else date
            yield [str(result.point), result.scenario, *values, name, when, *cells]


def print_points(sweep: Sweep, results: Sequence[PointResult], when: str) -> None:
    """Print what each point gives less doing nothing, the first points where there are many.

    Args:
        sweep: what was run.
        results: what it gave.
        when: the date, in words.
    """
    keys = [key for key, _ in sweep.points[0].values]
    shown = keys if len(keys) <= MOST_KEYS else []
    labels = {s.key: s.label for s in sweep.cells[0].study.scenarios}
    last = [("load", signed_decimals)] if sweep.config.casework else []
    columns: list[tuple[str, Write]] = [
        *((name, signed_fte) for name in STAFFING[:3]),
        *last,
        (NET_COST, lambda value: pounds(value, True)),
    ]
    table = new_table(
        f"{sweep.config.name}: less doing nothing, {when}: middle run, and"
        f" {spread_of(sweep.pairs)}",
        "Point", "Scenario", *(_words(key) for key in shown),
        *(_heading(name) for name, _ in columns),
    )  # fmt: skip
    for result in results[:MOST_ROWS]:
        values = (f"{result.values[key]:g}" for key in shown)
        table.add_row(
            str(result.point), labels[result.scenario], *values,
            *(summary_cell(result.changes[name], write) for name, write in columns),
        )  # fmt: skip
    console = screen()
    console.print(table)
    if len(results) > MOST_ROWS or not shown:
        console.print(f"{counted(len(results), 'row')}, and what is varied, are in summary.csv")


def _words(key: str) -> str:
    """The last parts of a key, which a narrow column can break."""
    _, _, last = key.removeprefix(PREFIX).partition(".")
    return (last if not is_size(key) else key.removeprefix(PREFIX)).replace("_", " ")


def _heading(name: str) -> str:
    return "Net cost, present value" if name == NET_COST else INDICATORS[INDEX[name]].label
