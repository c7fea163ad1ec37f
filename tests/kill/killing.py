"""A sweep of the shipped ones, killed where its study has grown to a share of its size."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.config.shipped import configs_folder
from sim.experiment.kept import STUDY
from tests.sweeps import contents

TOP = Path(__file__).resolve().parents[2]
SECONDS_BETWEEN_LOOKS = 0.02

Moment = tuple[float, float]
"""When to kill: the share of its final size that a study has come to, and seconds after that."""


def shipped_sweeps() -> list[str]:
    """Names of the sweeps that are shipped."""
    return sorted(path.stem for path in (configs_folder() / "sweeps").glob("*.toml"))


def with_pairs(sweep: str, pairs: int | None, folder: Path) -> Path:
    """A shipped sweep's file, or a copy that runs so many pairs at each point."""
    shipped = configs_folder() / "sweeps" / f"{sweep}.toml"
    if pairs is None:
        return shipped
    text, found = re.subn(r"(?m)^pairs = \d+$", f"pairs = {pairs}", shipped.read_text("utf-8"))
    assert found == 1, f"{shipped} does not state its pairs"
    copy = folder / shipped.name
    copy.write_text(text, encoding="utf-8")
    return copy


@dataclass(frozen=True)
class Program:
    """The program on one sweep.

    Attributes:
        file: the sweep.
        workers: how many it runs with.
    """

    file: Path
    workers: int = 2

    def begin(self, out: Path, *, resume: bool = False) -> subprocess.Popen[str]:
        """Start it; without --resume where nothing is there yet."""
        command = [sys.executable, "-m", "sim.cli", "sweep", str(self.file), "--out", str(out)]
        command += ["--workers", str(self.workers), *(["--resume"] if resume else [])]
        return subprocess.Popen(
            command, env=os.environ | {"PYTHONPATH": str(TOP), "PYTHONUTF8": "1"}, cwd=out.parent,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8",
        )  # fmt: skip

    def finish(self, out: Path, *, resume: bool = False) -> None:
        """Run it to its end.

        Raises:
            AssertionError: it ends in anything but success; with what it said.
        """
        process = self.begin(out, resume=resume)
        _, said = process.communicate()
        assert process.returncode == 0, said

    def be_killed(self, out: Path, moment: Moment, size: int) -> int:
        """Go on with a study, and be killed without warning.

        Args:
            out: the folder.
            moment: when.
            size: bytes of the finished study.

        Returns:
            Bytes of the study and its journal when it was killed; 0 where it had ended before.

        Raises:
            AssertionError: it ended by itself in anything but success; with what it said.
        """
        share, seconds = moment
        process = self.begin(out, resume=(out / STUDY).exists())
        while process.poll() is None and size_of(out) < share * size:
            time.sleep(SECONDS_BETWEEN_LOOKS)
        time.sleep(seconds)
        was_running = process.poll() is None
        process.kill()
        _, said = process.communicate()
        assert was_running or process.returncode == 0, said
        return size_of(out) if was_running else 0


def size_of(out: Path) -> int:
    """Bytes of a study and its journal."""
    files = (out / STUDY, out / f"{STUDY}-journal")
    return sum(file.stat().st_size for file in files if file.exists())


def values_of(out: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every value that a study holds, by table."""
    return contents(out / STUDY)


def kill_and_resume(program: Program, out: Path, moments: Sequence[Moment], size: int) -> list[int]:
    """Begin a study, kill it at each moment, and run it to its end.

    Returns:
        Bytes of the study and its journal at each kill.

    Raises:
        AssertionError: the program ended in anything but success; with what it said.
    """
    sizes = [program.be_killed(out, moment, size) for moment in moments]
    program.finish(out, resume=(out / STUDY).exists())
    return [found for found in sizes if found]
