"""Writing results: into a temporary folder first, then moved, so that nothing is half-written."""

from __future__ import annotations

import csv
import json
import math
import os
import platform
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import sim
from sim.config.errors import InputError
from sim.config.shipped import configs_folder, file_hash, load_evidence, locate
from sim.experiment.compare import Comparison, headline_column
from sim.experiment.csv_text import safe_cell
from sim.experiment.national_rules import national_rules
from sim.experiment.provenance import own_measures, package_versions, run_id, source_hash
from sim.experiment.scratch import remove_left_behind, scratch_folder
from sim.experiment.signals import interrupts_ignored
from sim.published.council_file.called import council_called
from sim.published.fitted import hindsight
from sim.scenario.extends import taken_over
from sim.scenario.scenario import BASELINE_NAME


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
                (target / name).replace(old / name)
            replaced.append(name)
            (stage / name).replace(target / name)
    except OSError:
        for name in replaced:
            (target / name).unlink(missing_ok=True)
            if os.path.lexists(old / name):
                (old / name).replace(target / name)
        raise


def _remove_empty(folders: Sequence[Path]) -> None:
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()


def _unwritable(target: Path, error: OSError) -> InputError:
    reason = error.strerror or str(error)
    return InputError(target, f"can't be written to ({reason})", "Choose another folder with --out")


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


def write_manifest(
    path: Path,
    comparison: Comparison,
    inputs: Sequence[dict[str, str]],
    settings: Mapping[str, Any],
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
        "hindsight": hindsight(comparison.study.council.totals_date.year, comparison.study.known),
        "settings": dict(settings),
        "dated_rules": [rule.as_stated() for rule in national_rules(comparison.study)],
        "agency_levels": comparison.study.agency_record.words,
        "own_measures": own_measures(comparison.scenarios),
        "python": platform.python_version(),
        "packages": package_versions(),
        "engine_sha256": source_hash(),
        "start_date": comparison.study.council.start_date.isoformat(),
        "totals_date": comparison.study.council.totals_date.isoformat(),
        "headline_date": comparison.dates[headline_column(comparison)].isoformat(),
        "last_date": comparison.study.council.last_date.isoformat(),
        "targets": comparison.study.targets,
    }
    manifest["run_id"] = run_id(manifest)
    path.write_text(
        json.dumps(manifest, indent=2, sort_keys=True) + "\n", encoding="utf-8", newline="\n"
    )


def input_files(council: str, scenarios: Sequence[str]) -> list[dict[str, str]]:
    """Every config that a comparison reads, with its hash."""
    folder = configs_folder()
    called = council_called(council, load_evidence().sources)
    files = [folder / "behaviour.toml", folder / "sources.toml"]
    for name in scenarios:
        if name != BASELINE_NAME:
            files += [file for file, _ in reversed(taken_over(locate(name, "scenarios")))]
    read = [{"file": path.name, "sha256": file_hash(path)} for path in dict.fromkeys(files)]
    return called.inputs + read


def write_made_council(council: str, folder: Path) -> None:
    """The file of a council that was made from the published tables, to be changed and used."""
    made = council_called(council, load_evidence().sources).made
    if made is not None:
        (folder / "council.toml").write_text(made.text, encoding="utf-8", newline="\n")
