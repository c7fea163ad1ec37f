"""`caseholder rerun`: a finished study is run again, and held against what it wrote."""

from __future__ import annotations

import platform
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

import sim
from sim.config.counted import counted
from sim.config.errors import InputError
from sim.config.shipped import file_hash, load_evidence, shipped
from sim.experiment.executors import means_for
from sim.experiment.provenance import BEHIND_NUMBERS, package_versions, run_id, source_hash
from sim.experiment.reopen import stated_in
from sim.inputs.run_options import RunOptions
from sim.presentation.answer import Question, prepare, run_question, write_tables
from sim.presentation.files import input_files, staged_folder
from sim.presentation.read_manifest import ASK_AGAIN, read_manifest
from sim.presentation.running import Interrupted
from sim.presentation.table_difference import Held, held_against
from sim.published.council_file.called import MADE, council_called
from sim.scenario.scenario import BASELINE_NAME

_OWN_SETTINGS = ("hiring_pairs", "demand_pairs", "alone")


@dataclass(frozen=True)
class Rerun:
    """What came of a rerun.

    Attributes:
        held: the study's tables against those of the rerun.
        changes: what is another than in the manifest: inputs, versions; a sentence each.
        is_same_program: whether the study's store was made by this program on such a machine.
    """

    held: Held
    changes: tuple[str, ...]
    is_same_program: bool

    @property
    def is_same(self) -> bool:
        """Whether every cell of every table is the same."""
        return self.held.first is None

    def lines(self) -> Iterator[str]:
        """What is printed."""
        held = self.held
        what = f"{counted(held.cells, 'cell')} of {counted(len(held.files), 'file')}"
        if held.first is None:
            yield f"The same: {what}, every one."
            yield from (f"Changed, with no effect on a number: {told}" for told in self.changes)
        else:
            yield f"Differs: {held.differing} of {what}. The first:"
            yield held.first.line()
            yield from (f"Likely cause: {told}" for told in self.changes or (self._unknown(),))
        if held.left_out:
            yield f"Not of this comparison, so not looked at: {', '.join(held.left_out)}"

    def _unknown(self) -> str:
        if self.is_same_program:
            return "a table was changed after it was written: inputs and program are the same"
        return (
            "another kind of machine (processor or operating system), or a table that was changed"
            " after it was written: inputs and versions are the same"
        )


def rerun(
    manifest: Path, folders: Sequence[Path] = (), out: Path | None = None, workers: int = 1
) -> Rerun:
    """Run a study again and hold every table against the study's own.

    Args:
        manifest: of the study, or its folder.
        folders: where the files of council and scenarios lie, if neither beside the manifest nor
            in the working folder.
        out: where the tables of the rerun are kept; None for nowhere.
        workers: how many share the runs.

    Raises:
        InputError: the manifest or an input can't be read, or the rerun can't be run or written.
        Interrupted: the user stopped it.
    """
    path = manifest / "manifest.json" if manifest.is_dir() else manifest
    stated = read_manifest(path)
    if out is not None and out.resolve() == path.parent.resolve():
        raise InputError(f"--out {out}", "is the study's own folder", "Choose another")
    question = _question(path, stated, (path.parent, *folders, Path()), workers)
    inputs = input_files(question.council, question.scenarios)
    changes = (*_changed_inputs(stated, inputs), *_changed_program(stated))
    try:
        study = prepare(question)
        with _folder(out) as folder:
            comparison = run_question(question, study)
            sources = council_called(question.council, load_evidence().sources).sources
            write_tables(comparison, inputs, stated["settings"], folder, sources)
            held = held_against(path.parent, folder)
    except KeyboardInterrupt:
        raise Interrupted("stopped before the tables were compared; nothing was written") from None
    return Rerun(held, changes, _is_same_program(path.parent))


@contextmanager
def _folder(out: Path | None) -> Iterator[Path]:
    """Where the rerun's tables go: kept in --out, or gone at the end."""
    if out is not None:
        with staged_folder(out) as folder:
            yield folder
        return
    with tempfile.TemporaryDirectory(prefix="caseholder-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


# What was asked ---------------------------------------------------------------------------


def _question(
    path: Path, stated: Mapping[str, Any], folders: Sequence[Path], workers: int
) -> Question:
    """The question that the manifest is of.

    Raises:
        InputError: it holds what no comparison writes, or names what can't be found.
    """
    if stated.get("own_measures"):
        kinds = ", ".join(str(one.get("kind")) for one in stated["own_measures"])
        raise InputError(
            path, f"names kinds of measure of its author's own ({kinds})",
            "Run it again in Python, where they are registered",
        )  # fmt: skip
    try:
        settings = dict(stated["settings"])
        own = {name: settings.pop(name) for name in _OWN_SETTINGS}
        loop_pairs = int(settings.pop("loop_pairs", 0))  # older studies say nothing of it
        strange = sorted(set(settings) - {field.name for field in fields(RunOptions)})
        options = TypeAdapter(RunOptions).validate_python(settings)
        inputs = [(str(one["file"]), str(one["sha256"])) for one in stated["inputs"]]
        keys = [str(key) for key in stated["scenarios"]]
        sizes = int(stated["replications"]), int(own["hiring_pairs"]), int(own["demand_pairs"])
        means = means_for("--engine", str(stated["engine"]), workers, None)
        seed, alone, council = int(stated["seed"]), bool(own["alone"]), inputs[0][0]
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, ValidationError):
        raise InputError(path, "does not say all that a rerun needs", ASK_AGAIN) from None
    if strange:
        remedy = "Run it again with the version that wrote it"
        raise InputError(path, f"names a setting that this version lacks: {strange[0]}", remedy)
    pairs, hiring_pairs, demand_pairs = sizes
    called = (
        str(stated["council"])
        if council.endswith(MADE)
        else _found(path, council, inputs[0][1], folders, "councils")
    )
    hashes = dict(inputs)
    scenarios = [
        key if key == BASELINE_NAME else _scenario(path, key, hashes, folders)
        for key in keys
        if alone or key != BASELINE_NAME
    ]
    return Question(
        called, tuple(scenarios), pairs, hiring_pairs, seed, means, None, alone, demand_pairs,
        options, loop_pairs=loop_pairs,
    )  # fmt: skip


def _scenario(path: Path, key: str, hashes: Mapping[str, str], folders: Sequence[Path]) -> str:
    """The file of a scenario, whose name without its ending is the key."""
    name = next((name for name in hashes if Path(name).stem == key), None)
    if name is None:
        raise InputError(path, f"names no file of scenario {key}: it was made in Python",
                         "Run it again there")  # fmt: skip
    return _found(path, name, hashes[name], folders, "scenarios")


def _found(path: Path, name: str, sha256: str, folders: Sequence[Path], kind: str) -> str:
    """The file of an input: the one that is unchanged, else the first that is there.

    Raises:
        InputError: there is none.
    """
    ships = shipped(kind).get(Path(name).stem)
    places = [folder / Path(name).name for folder in folders] + ([ships] if ships else [])
    there = [place for place in places if place.is_file()]
    if not there:
        raise InputError(
            path, f"names {name}, which is neither beside it nor in this folder, and does not ship",
            "Name the folder that it lies in with --inputs",
        )  # fmt: skip
    same = [place for place in there if file_hash(place) == sha256]
    return str((same or there)[0])


# What has changed -------------------------------------------------------------------------


def _changed_inputs(
    stated: Mapping[str, Any], inputs: Sequence[Mapping[str, str]]
) -> Iterator[str]:
    before = {one["file"]: one["sha256"] for one in stated["inputs"]}
    now = {one["file"]: one["sha256"] for one in inputs}
    for name in dict.fromkeys((*before, *now)):
        if name not in now:
            yield f"{name} was read then, and is not now."
        elif name not in before:
            yield f"{name} is read now, and was not then."
        elif before[name] != now[name]:
            yield f"{name} has changed (SHA-256 {before[name][:12]} then, {now[name][:12]} now)."


def _changed_program(stated: Mapping[str, Any]) -> Iterator[str]:
    if stated.get("run_id") not in (None, run_id(stated)):
        yield "manifest.json was changed after it was written: its run id is that of another."
    if stated["caseholder_version"] != sim.__version__:
        yield f"caseholder {stated['caseholder_version']} then, {sim.__version__} now."
    elif stated.get("engine_sha256") != source_hash():
        yield f"the program's source has changed within version {sim.__version__}."
    before = stated.get("packages") or {}
    for name, found in package_versions(BEHIND_NUMBERS).items():
        if before.get(name) != found:
            yield f"{name} {before.get(name, 'unknown')} then, {found} now."
    if stated.get("python") != platform.python_version():
        yield f"Python {stated.get('python', 'unknown')} then, {platform.python_version()} now."


def _is_same_program(folder: Path) -> bool:
    """Whether the study's store says that this program, on such a machine, made it."""
    try:
        stated_in(folder)
    except InputError:
        return False
    return True


def tell(found: Rerun, out: Path | None) -> bool:
    """Print what came of it.

    Returns:
        Whether every number is the same.
    """
    for line in found.lines():
        sys.stdout.write(f"{line}\n")
    if out is not None:
        sys.stdout.write(f"The rerun's tables are in {out}\n")
    return found.is_same
