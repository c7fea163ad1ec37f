"""A study that is kept in a folder: begun, gone on with after it was broken off, and finished.

While it is run it lies in a file of its own, beside what stands there from before; at the end it
takes the place of the finished one. What it was begun with is held to what is asked.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import sim
from sim.config.errors import InputError
from sim.engine.engines import Engine
from sim.experiment.differing import first_difference
from sim.experiment.provenance import BEHIND_NUMBERS, fingerprint, package_versions
from sim.experiment.results import ANOTHER_REMEDY, Results
from sim.experiment.signals import interrupts_ignored

STUDY = "study.sqlite"
"""Name of a finished study in its folder."""
UNFINISHED = "unfinished.sqlite"
"""Name of one that is being run, or was broken off."""
GO_ON = "go on with --resume"
KEPT = f"they are kept: {GO_ON}"
_MAY_CHANGE = ("inputs", "packages", "caseholder_version")
"""What may differ where numbers do not: a comment in a file, say."""


@contextmanager
def kept_study(folder: Path, stated: Mapping[str, Any], *, resume: bool) -> Iterator[Results]:
    """The store of a study in a folder that is there; kept where this is left early.

    Args:
        folder: where it lies.
        stated: what makes it, by name (stated_of, and what else was chosen).
        resume: go on with one that is there.

    Raises:
        InputError: one is there and not to be gone on with, is of something else, or damaged.
    """
    path = folder / UNFINISHED
    if path.exists() and not resume:
        raise InputError(
            path, "is a study that was broken off",
            "Go on with --resume, choose another --out, or take the file away",
        )  # fmt: skip
    if not path.exists() and resume and (folder / STUDY).exists():
        path = folder / STUDY
    with Results(path) as results:
        manifest = {name: json.dumps(value, sort_keys=True) for name, value in stated.items()}
        refuse_another(path, results.manifest(), manifest)
        try:
            results.describe(manifest, [])
            yield results
        except BaseException:
            with interrupts_ignored(), suppress(InputError):
                is_empty = results.is_empty()
                results.close()
                if is_empty:
                    path.unlink(missing_ok=True)
            raise


def finish(results: Results, folder: Path) -> None:
    """Put a study that is whole in the place of the finished one.

    Raises:
        OSError: it can't be moved.
    """
    results.close()
    if results.path == folder / UNFINISHED:
        results.path.replace(folder / STUDY)
        results.is_moved(folder / STUDY)


def stated_of(engine: Engine, seed: int) -> dict[str, Any]:
    """What makes the numbers of a study beside its configs, for its manifest.

    Args:
        engine: which engine simulates.
        seed: seed of draws and fates.
    """
    return {
        "caseholder_version": sim.__version__,
        "program": fingerprint(),
        "packages": package_versions(BEHIND_NUMBERS),
        "engine": engine.value,
        "seed": seed,
    }


def refuse_another(
    path: Path,
    theirs: Mapping[str, str],
    ours: Mapping[str, str],
    may_change: Collection[str] = (),
) -> None:
    """Refuse to go on with a study of something else: its blocks would stand beside these.

    Args:
        path: the study.
        theirs: its manifest; empty where it is new.
        ours: what is asked for; each value is JSON.
        may_change: names whose values may differ.

    Raises:
        InputError: naming the key, and both values.
    """
    if not theirs:
        return
    if theirs.get("program") != ours["program"]:
        words = "was made by another version of the program or of what it calculates with"
        raise InputError(path, words + _other_packages(theirs, ours), ANOTHER_REMEDY)
    for name, value in ours.items():
        if name in (*_MAY_CHANGE, *may_change) or theirs.get(name) == value:
            continue
        found = first_difference(json.loads(theirs.get(name, "null")), json.loads(value), name)
        raise InputError(path, f"was begun with {found}", ANOTHER_REMEDY)


def _other_packages(theirs: Mapping[str, str], ours: Mapping[str, str]) -> str:
    """Packages whose version is another, in words: a sampler's next may draw other points."""
    before, now = json.loads(theirs.get("packages", "{}")), json.loads(ours["packages"])
    others = [
        f"{name} {before.get(name, 'unknown')}, here {version}"
        for name, version in now.items()
        if name in BEHIND_NUMBERS and before.get(name) != version
    ]
    return f" ({'; '.join(others)})" if others else ""
