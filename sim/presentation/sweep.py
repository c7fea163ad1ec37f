"""A sweep from end to end: prepare, run into the store, write the summary, print the table."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sim
from sim.config.errors import InputError
from sim.config.shipped import file_hash, locate
from sim.experiment.cells import Job
from sim.experiment.executors import Means
from sim.experiment.filling import fill
from sim.experiment.kept import KEPT, STUDY, refuse_another
from sim.experiment.national_rules import national_rules
from sim.experiment.point_results import PointResult
from sim.experiment.provenance import (
    fingerprint,
    own_measures,
    package_versions,
)
from sim.experiment.results import Results
from sim.experiment.runner import RunFailed
from sim.experiment.sweep import Sweep
from sim.presentation.dictionary import write_dictionary
from sim.presentation.files import input_files, staged_folder, tidy
from sim.presentation.running import Interrupted, rounded_up, running
from sim.presentation.screen import screen
from sim.presentation.sweep_file import load_sweep
from sim.presentation.sweep_plan import what_it_takes
from sim.presentation.sweep_table import print_points, write_points

_MAY_GROW = ("sweep", "pairs", "runs", "points", "own_measures", "dated_rules")
"""What may differ as a study grows, or is told better by the cell that is another."""


@dataclass(frozen=True)
class SweepQuestion:
    """What the user asked for.

    Attributes:
        file: the sweep: a shipped name or a file.
        out: folder for the study and its tables.
        means: engine, workers and cluster.
        seed: in place of the sweep's own; None leaves it.
        resume: go on with a study that is there.
    """

    file: str
    out: Path
    means: Means
    seed: int | None = None
    resume: bool = False


def run_sweep(question: SweepQuestion) -> None:
    """Run what a study still lacks, then write its summary and print it.

    Raises:
        InputError: something is faulty, can't be written, or a worker or cluster was lost.
        Interrupted: the user stopped it; finished blocks are kept.
    """
    with _told_where_stopped(question.out):
        sweep = load_sweep(question.file, question.means, question.seed)
        inputs = sweep_inputs(question.file, sweep)
        results, when = fill_study(sweep, inputs, question.means, question.out, question.resume)
    print_points(sweep, results, when)
    screen().print(f"The study, summary.csv and manifest.json are in {question.out}")


def sweep_inputs(file: str, sweep: Sweep) -> list[dict[str, str]]:
    """Every file that a sweep reads, with its hash."""
    path, config = locate(file, "sweeps"), sweep.config
    own = {"file": path.name, "sha256": file_hash(path)}
    return [own, *input_files(config.council, config.scenarios)]


@contextmanager
def _told_where_stopped(out: Path) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        kept = "finished blocks are kept: go on with --resume"
        told = kept if (out / STUDY).exists() else "nothing was written"
        raise Interrupted(f"stopped; {told}") from None


def fill_study(
    sweep: Sweep, inputs: Sequence[dict[str, str]], means: Means, out: Path, resume: bool
) -> tuple[list[PointResult], str]:
    """Run what a study still lacks, and write the study, its summary and its manifest.

    Args:
        sweep: what is run.
        inputs: what it was read from, for the manifest.
        means: what it is run with.
        out: folder for the files.
        resume: go on with a study that is there.

    Returns:
        Every scenario at every point, and the date that they are of, in words.

    Raises:
        InputError: something can't be written, or a worker or cluster was lost.
        Interrupted: the user stopped it; finished blocks are kept.
    """
    path = out / STUDY
    rounded_up(sweep.config.pairs)
    _make_folder(out)
    manifest = _manifest(sweep, inputs, means)
    if path.exists() and not resume:
        raise InputError(
            path, "holds a study already", "Go on with it with --resume, or choose another --out"
        )
    with Results(path) as store:
        refuse_another(path, store.manifest(), manifest, may_change=_MAY_GROW)
        store.describe(manifest, sweep.cells)
        _run(sweep, means, store)
        with staged_folder(out) as folder:
            results, when = write_points(sweep, store, folder / "summary.csv")
            write_dictionary(folder)
            text = json.dumps(
                {name: json.loads(value) for name, value in manifest.items()}, indent=2
            )
            (folder / "manifest.json").write_text(text + "\n", encoding="utf-8", newline="\n")
    return results, when


def tell_sweep(file: str, means: Means, seed: int | None) -> None:
    """Say what a sweep would take, without running it.

    Raises:
        InputError: something is faulty.
    """
    sweep = load_sweep(file, means, seed)
    rounded_up(sweep.config.pairs)
    for line in what_it_takes(sweep, means):
        screen().print(line, highlight=False)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tidy(folder)
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(
            folder, f"can't be written to ({reason})", "Choose another folder with --out"
        ) from None


def _run(sweep: Sweep, means: Means, store: Results) -> None:
    """Run the blocks that the store lacks, each written as it comes."""
    missing = store.missing(sweep.jobs())
    if not missing:
        return
    with running(sum(len(job.block) for job in missing), means, "pairs", KEPT) as (pool, advance):
        fill(store, missing, pool, advance, _at_point)


def _at_point(job: Job, failed: RunFailed) -> InputError:
    """A failed run, told with its point."""
    point = job.cell.points[failed.place]
    values = dict(job.cell.study.fixed) | (point.sizes if point else {})
    at = ", ".join(f"{key} = {value:g}" for key, value in values.items())
    numbers = sorted(p.number for p in job.cell.points if p and (point is None or p is point))
    listed = ", ".join(str(number) for number in numbers)
    points = "point" if len(numbers) == 1 else "points"
    return InputError(
        f"{failed.where}, {points} {listed} ({at})",
        f"{failed.problem}; other blocks: {KEPT}",
        failed.remedy,
    )


def _manifest(sweep: Sweep, inputs: Sequence[dict[str, str]], means: Means) -> dict[str, str]:
    """What makes the study, each as JSON; the number of workers and folders stay out."""
    config = sweep.config
    stated: dict[str, Any] = {
        "caseholder_version": sim.__version__,
        "program": fingerprint(),
        "engine": means.engine.value,
        "sweep": config.model_dump(mode="json"),
        "inputs": list(inputs),
        "own_measures": own_measures(sweep.cells[0].study.scenarios),
        "seed": config.seed,
        "pairs": sweep.pairs,
        "points": len(sweep.points),
        "runs": sweep.runs,
        "packages": package_versions(),
        "dated_rules": [rule.as_stated() for rule in national_rules(sweep.cells[0].study)],
    }
    return {name: json.dumps(value, sort_keys=True) for name, value in stated.items()}
