"""A sweep from end to end: prepare, run into the store, write the summary, print the table."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sim
from sim.config.errors import InputError
from sim.config.shipped import file_hash, locate
from sim.experiment.executors import Means
from sim.experiment.national_rules import national_rules
from sim.experiment.provenance import (
    BEHIND_NUMBERS,
    fingerprint,
    own_measures,
    package_versions,
)
from sim.experiment.runner import RunFailed, run_blocks
from sim.experiment.store import Run, Store, months_and_teams
from sim.experiment.store_read import PointResult
from sim.experiment.sweep import Job, Sweep
from sim.presentation.dictionary import write_dictionary
from sim.presentation.files import input_files, staged_folder, tidy
from sim.presentation.running import Interrupted, rounded_up, running
from sim.presentation.screen import screen
from sim.presentation.sweep_file import load_sweep
from sim.presentation.sweep_plan import what_it_takes
from sim.presentation.sweep_table import print_points, write_points

STUDY = "study.duckdb"


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
    with Store(path, resume=resume) as store:
        _refuse_another(store, manifest, path)
        store.describe(manifest, _tables(sweep))
        _run(sweep, means, store)
    with staged_folder(out) as folder:
        results, when = write_points(sweep, path, folder / "summary.csv")
        write_dictionary(folder)
        text = json.dumps({name: json.loads(value) for name, value in manifest.items()}, indent=2)
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


def _run(sweep: Sweep, means: Means, store: Store) -> None:
    """Run the blocks that the store lacks, each written as it comes."""
    finished = store.finished()
    missing = [job for job in sweep.jobs() if job.key not in finished]
    if not missing:
        return
    pairs = sum(len(job.block) for job in missing)
    kept = "they are kept: go on with --resume"
    with running(pairs, means, "pairs", kept) as (pool, advance):
        results = run_blocks(((job.cell.study, job.block) for job in missing), pool)
        for job in missing:
            try:
                tasks = next(results)
            except RunFailed as failed:
                raise _at_point(job, failed, kept) from failed
            runs = [
                Run(job.cell.first + place, task.pair, job.cell.plans[place], outcome)
                for task in tasks
                for outcomes in task.outcomes.values()
                for place, outcome in enumerate(outcomes)
            ]
            values = job.cell.study.drawn(job.draw)
            store.write(job.key, job.cell.number, job.draw, values, runs)
            for task in tasks:
                advance(task)


def _at_point(job: Job, failed: RunFailed, kept: str) -> InputError:
    """A failed run, told with its point."""
    point = job.cell.points[failed.place]
    values = dict(job.cell.study.fixed) | (point.sizes if point else {})
    at = ", ".join(f"{key} = {value:g}" for key, value in values.items())
    numbers = sorted(p.number for p in job.cell.points if p and (point is None or p is point))
    listed = ", ".join(str(number) for number in numbers)
    points = "point" if len(numbers) == 1 else "points"
    return InputError(
        f"{failed.where}, {points} {listed} ({at})",
        f"{failed.problem}; other blocks: {kept}",
        failed.remedy,
    )


def _manifest(sweep: Sweep, inputs: Sequence[dict[str, str]], means: Means) -> dict[str, str]:
    """What makes the study, each as JSON; the number of workers and folders stay out."""
    config = sweep.config
    digests = "".join(cell.digest for cell in sweep.cells)
    stated: dict[str, Any] = {
        "caseholder_version": sim.__version__,
        "program": fingerprint(),
        "engine": means.engine.value,
        "definition": hashlib.sha256(digests.encode()).hexdigest(),
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


_DIFFERENCES = {
    "program": "was made by another version of the program or of what it calculates with",
    "engine": "was made with the other engine",
    "definition": "was made from other inputs",
}


def _refuse_another(store: Store, manifest: dict[str, str], path: Path) -> None:
    """Refuse to go on with a study of something else: its blocks would stand beside these.

    Raises:
        InputError: saying in what it differs.
    """
    stated = store.manifest()
    if "definition" not in stated:
        return
    for name, words in _DIFFERENCES.items():
        if stated[name] != manifest[name]:
            words += _other_packages(stated, manifest) if name == "program" else ""
            raise InputError(path, words, "Sweep anew with another --out, or take the file away")


def _other_packages(stated: dict[str, str], manifest: dict[str, str]) -> str:
    """Packages whose version is another, in words: a sampler's next may draw other points."""
    theirs, ours = json.loads(stated["packages"]), json.loads(manifest["packages"])
    others = [
        f"{name} {theirs.get(name, 'unknown')}, here {version}"
        for name, version in ours.items()
        if name in BEHIND_NUMBERS and theirs.get(name) != version
    ]
    return f" ({'; '.join(others)})" if others else ""


def _tables(sweep: Sweep) -> dict[str, dict[str, Any]]:
    """The tables of points, scenarios, months and teams."""
    listed = [(point.number, key, value) for point in sweep.points for key, value in point.values]
    rows = [
        (
            cell.first + place, cell.number, place, point.number if point else 0, scenario.key,
            scenario.name, scenario.model_dump_json(),
        )
        for cell in sweep.cells
        for place, (point, scenario) in enumerate(
            zip(cell.points, cell.study.scenarios, strict=True)
        )
    ]  # fmt: skip
    names = ("scenario", "cell", "place", "point", "key", "name", "config")
    return {
        "points": dict(zip(("point", "key", "value"), zip(*listed, strict=True), strict=True)),
        "scenarios": dict(zip(names, zip(*rows, strict=True), strict=True)),
        **months_and_teams(sweep.cells[0].plans[0]),
    }
