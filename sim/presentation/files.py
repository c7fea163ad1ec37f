"""Writing results: into a temporary folder first, then moved, so that nothing is half-written."""

from __future__ import annotations

import csv
import json
import math
import os
import platform
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np

import sim
from sim.config.errors import InputError
from sim.config.shipped import configs_folder, file_hash, locate
from sim.engine.records import Array
from sim.experiment.compare import ALL_INDICATORS, Comparison, headline_column
from sim.experiment.csv_text import safe_cell
from sim.experiment.money import (
    LedgerRow,
    Range,
    complete_years,
    cost_per_change_avoided,
    cost_per_extra_fte_year,
    ledger_rows,
    paid_to_staff,
    present_values,
)
from sim.experiment.provenance import package_versions, source_hash
from sim.experiment.scratch import remove_left_behind, scratch_folder
from sim.experiment.signals import interrupts_ignored
from sim.experiment.statistics import summarise
from sim.outcomes.costs import STAFFING_LINES
from sim.outcomes.indicators import INDICATORS, Indicator
from sim.scenario.extends import taken_over
from sim.scenario.scenario import BASELINE_NAME

SUMMARY_COLUMNS = (
    "scenario", "team", "indicator", "date", "mean", "ci_low", "ci_high", "p10", "p50", "p90",
)  # fmt: skip
DIFFERENCE_COLUMNS = (
    "scenario", "team", "indicator", "date", "difference", "ci_low", "ci_high", "p10", "p90",
    "probability_better",
)  # fmt: skip
LEDGER_COLUMNS = (
    "scenario", "financial_year", "line", "source", "planned_gbp", "spent_gbp_mean",
    "spent_gbp_p10", "spent_gbp_p90", "unspent_gbp_mean", "unspent_gbp_p10", "unspent_gbp_p90",
    "chance_unspent", "unfunded_gbp_mean", "planned_real_gbp", "spent_real_gbp_mean",
    "spent_present_gbp_mean",
)  # fmt: skip
MONEY_COLUMNS = (
    "scenario", "line", "quantity", "discount_rate", "mean", "ci_low", "ci_high", "p10", "p90",
)  # fmt: skip


@contextmanager
def staged_folder(target: Path) -> Iterator[Path]:
    """A temporary folder inside `target` whose files are moved up into it when all went well.

    When not, `target` is as it was before: a folder that was made for this is gone again. What a
    program that was killed has left in `target` is told, and goes first.

    Raises:
        InputError: the folder can't be made or written to.
    """
    made = [folder for folder in (target, *target.parents) if not os.path.lexists(folder)]
    try:
        target.mkdir(parents=True, exist_ok=True)
        tidy(target)
        with scratch_folder(target) as stage:
            yield stage
            with interrupts_ignored():
                _move_all(stage, target)
    except OSError as error:
        raise _unwritable(target, error) from None
    finally:
        with interrupts_ignored():
            _remove_empty(made)


def tidy(target: Path) -> None:
    """Remove what programs that were killed have left in a folder, and say so."""
    for folder in remove_left_behind(target):
        sys.stderr.write(f"Removed {folder}, left behind by a run that was killed\n")


def _move_all(stage: Path, target: Path) -> None:
    """Move every file or none: where one can't be replaced, those before it are put back."""
    names = sorted(path.name for path in stage.iterdir())
    for name in names:
        if (target / name).is_dir():
            raise InputError(target / name, "is a folder where a file should go", "Move it away")
    old = stage / ".old"
    old.mkdir()
    replaced: list[str] = []
    try:
        for name in names:
            if os.path.lexists(target / name):
                os.replace(target / name, old / name)
            replaced.append(name)
            os.replace(stage / name, target / name)
    except OSError:
        for name in replaced:
            (target / name).unlink(missing_ok=True)
            if os.path.lexists(old / name):
                os.replace(old / name, target / name)
        raise


def _remove_empty(folders: Sequence[Path]) -> None:
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()


def _unwritable(target: Path, error: OSError) -> InputError:
    reason = error.strerror or str(error)
    return InputError(target, f"can't be written to ({reason})", "Choose another folder with --out")


def write_comparison(comparison: Comparison, folder: Path) -> None:
    """summary.csv, ledger.csv; differences.csv and money.csv where there is a comparison."""
    write_csv(folder / "summary.csv", SUMMARY_COLUMNS, _summary_rows(comparison))
    write_csv(folder / "ledger.csv", LEDGER_COLUMNS, _ledger_rows(comparison))
    if len(comparison.scenarios) > 1:
        write_csv(folder / "differences.csv", DIFFERENCE_COLUMNS, _difference_rows(comparison))
        write_csv(folder / "money.csv", MONEY_COLUMNS, _money_rows(comparison))


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """One tidy table: UTF-8, line feeds, empty cells where there is no value, no formulas."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(map(safe_cell, columns))
        writer.writerows(map(safe_cell, row) for row in rows)


def number(value: float, digits: int = 6) -> str:
    """A number for a CSV cell: at most `digits` decimals, empty for nan."""
    if math.isnan(value):
        return ""
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _teams(comparison: Comparison) -> tuple[str, ...]:
    return ("all", *comparison.plans[0].team_keys)


def _summary_rows(comparison: Comparison) -> Iterator[list[str]]:
    for s, scenario in enumerate(comparison.scenarios):
        found = comparison.summary(s)
        columns = (found.mean, found.ci_low, found.ci_high, found.p10, found.p50, found.p90)
        yield from _tidy(comparison, scenario.key, INDICATORS, columns)


def _difference_rows(comparison: Comparison) -> Iterator[list[str]]:
    for s, scenario in list(enumerate(comparison.scenarios))[1:]:
        found, better = comparison.difference(s), comparison.better(s)
        columns = (found.mean, found.ci_low, found.ci_high, found.p10, found.p90, better)
        yield from _tidy(comparison, scenario.key, ALL_INDICATORS, columns)


def _tidy(
    comparison: Comparison,
    scenario: str,
    indicators: Sequence[Indicator],
    columns: Sequence[Array],
) -> Iterator[list[str]]:
    """One row an indicator, team and date; empty cells where there is no value.

    A series without any value, such as a council-wide indicator for a single team, is left out.
    """
    for i, indicator in enumerate(indicators):
        for t, team in enumerate(_teams(comparison)):
            if np.isnan(columns[0][i, t]).all():
                continue
            for d, date in enumerate(comparison.dates):
                cells = [number(float(column[i, t, d])) for column in columns]
                yield [scenario, team, indicator.name, date.isoformat(), *cells]


def _ledger_rows(comparison: Comparison) -> Iterator[list[str]]:
    for s, scenario in enumerate(comparison.scenarios):
        ledger = comparison.ledgers[s]
        whole = complete_years(comparison.plans[s], ledger.years)
        for row in ledger_rows(ledger):
            own = row.line in STAFFING_LINES
            source = "base" if own else scenario.source_of_funds(row.year, row.line)
            label = row.year if row.year in whole else f"{row.year} part"
            cells = [number(value, 2) for value in _ledger_cells(row)]
            yield [scenario.key, label, row.line, source, *cells]


def _ledger_cells(row: LedgerRow) -> tuple[float, ...]:
    left = row.unspent or Range(math.nan, math.nan, math.nan)
    return (
        row.planned, row.mean, row.p10, row.p90,
        left.mean, left.p10, left.p90, row.chance_unspent, row.unfunded,
        row.planned_real, row.spent_real, row.spent_present,
    )  # fmt: skip


def _money_rows(comparison: Comparison) -> Iterator[list[str]]:
    draws = comparison.variants[0].draws
    for s, scenario in list(enumerate(comparison.scenarios))[1:]:
        for rate, values in sorted(present_values(comparison, s).items(), reverse=True):
            cells = _summary_cells(values, draws, 2)
            yield [scenario.key, "all", "net_present_cost_gbp", number(rate), *cells]
        column = headline_column(comparison)
        for name, ratio in (
            ("cost_per_extra_fte_year_gbp", cost_per_extra_fte_year(comparison, s, column)),
            ("cost_per_change_avoided_gbp", cost_per_change_avoided(comparison, s, column)),
        ):
            cells = [number(value, 2) for value in (ratio.value, ratio.ci_low, ratio.ci_high)]
            yield [scenario.key, "all", name, "", *cells, "", ""]
        for line in paid_to_staff(comparison, s):
            for name, values, digits in (
                ("paid_to_staff_gbp", line.paid, 2),
                ("recovered_gbp", line.recovered, 2),
                ("deadweight_gbp", line.deadweight, 2),
                ("deadweight_share", line.deadweight_share, 6),
            ):
                cells = _summary_cells(values, draws, digits)
                yield [scenario.key, line.line, name, "", *cells]


def _summary_cells(values: Array, draws: Array, digits: int) -> list[str]:
    if np.isnan(values).all():
        return [""] * 5
    found = summarise(values[:, None], draws)
    columns = (found.mean, found.ci_low, found.ci_high, found.p10, found.p90)
    return [number(float(column[0]), digits) for column in columns]


def write_manifest(
    path: Path,
    comparison: Comparison,
    inputs: Sequence[dict[str, str]],
    settings: dict[str, Any],
) -> None:
    """What made these results: version, inputs and their hashes, seed, sizes, packages.

    Times, folders and the number of workers stay out: the same question gives the same bytes.
    """
    manifest = {
        "caseholder_version": sim.__version__,
        "engine": comparison.study.engine.value,
        "inputs": list(inputs),
        "council": comparison.study.council.name,
        "scenarios": [scenario.key for scenario in comparison.scenarios],
        "seed": comparison.study.seed,
        "replications": comparison.pairs,
        "draws": len(set(comparison.variants[0].draws.tolist())),
        "vacancy_elasticities": {
            str(variant.gamma): len(variant.draws) for variant in comparison.gamma_variants
        },
        "demand_scenarios": {
            str(variant.demand): len(variant.draws) for variant in comparison.demand_variants
        },
        "settings": settings,
        "python": platform.python_version(),
        "packages": package_versions(),
        "engine_sha256": source_hash(),
    }
    path.write_text(
        json.dumps(manifest, indent=2, sort_keys=True) + "\n", encoding="utf-8", newline="\n"
    )


def input_files(council: str, scenarios: Sequence[str]) -> list[dict[str, str]]:
    """Every config that a comparison reads, with its hash."""
    folder = configs_folder()
    files = [locate(council, "councils"), folder / "behaviour.toml", folder / "sources.toml"]
    for name in scenarios:
        if name != BASELINE_NAME:
            files += taken_over(locate(name, "scenarios"))[1]
    return [{"file": path.name, "sha256": file_hash(path)} for path in dict.fromkeys(files)]
