"""The shelf of experiments: one folder each, with its question in a README and a run.py."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from runpy import run_path
from typing import Any

from sim.config.errors import InputError
from sim.config.nearest import did_you_mean

FOLDER = "experiments"
QUESTION = "## Question"


@dataclass(frozen=True)
class Entry:
    """One experiment.

    Attributes:
        name: its folder's name.
        folder: where it is.
        question: what it asks, the first paragraph of its README.
    """

    name: str
    folder: Path
    question: str


def experiments_folder() -> Path:
    """Where the experiments are: beside sim/, in a checkout.

    Raises:
        InputError: the program was installed without them.
    """
    folder = Path(__file__).resolve().parents[2] / FOLDER
    if not folder.is_dir():
        raise InputError(
            FOLDER,
            "are not part of this installation",
            "Get the whole project and install it with: pip install -e .",
        )
    return folder


def experiments() -> tuple[Entry, ...]:
    """Every experiment, by name.

    Raises:
        InputError: there are none, or one has no question.
    """
    folders = sorted(path.parent for path in experiments_folder().glob("*/run.py"))
    return tuple(Entry(folder.name, folder, _question(folder)) for folder in folders)


def find_experiment(name: str) -> Entry:
    """One experiment.

    Raises:
        InputError: there is none of that name.
    """
    found = {entry.name: entry for entry in experiments()}
    if name not in found:
        raise InputError(
            name or "(empty name)",
            "is no experiment",
            f"{did_you_mean(name, found)}Experiments: {', '.join(found)}",
        )
    return found[name]


def load_run(entry: Entry) -> tuple[Callable[[Any], None], int]:
    """The function that runs an experiment, and the number of pairs it runs unless told.

    Raises:
        InputError: its run.py has no run() or no PAIRS.
    """
    path = entry.folder / "run.py"
    names = run_path(str(path))
    run, pairs = names.get("run"), names.get("PAIRS")
    if not callable(run) or not isinstance(pairs, int):
        raise InputError(path, "defines no run() or no PAIRS", "Write it as the others are written")
    return run, pairs


def _question(folder: Path) -> str:
    path = folder / "README.md"
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    _, heading, below = text.partition(f"{QUESTION}\n")
    paragraph = re.split(r"\n\s*\n", below.strip(), maxsplit=1)[0]
    if not heading or not paragraph:
        raise InputError(path, "has no question", f"Write it below '{QUESTION}'")
    return " ".join(paragraph.split())
