"""Hostile files: exit 2, one line, little more than a check takes, nothing written."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.edges.forked import Taken, carry_out
from tests.edges.hostile import FILES, chain, hostile_files

MOST_TIMES_A_CHECK, MOST_MEGABYTES = 3.0, 300.0

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="each is tried in a fork")


def refused(commands: list[list[str]], folder: Path) -> list[str]:
    """What is wrong with how commands are refused; empty where nothing is."""
    before = sorted(folder.rglob("*"))
    shipped = ["check", "devon_package_48_fte"]
    usual, *tried = carry_out([shipped, *commands], folder)
    assert usual.code == 0
    most = MOST_TIMES_A_CHECK * usual.seconds
    faults = [
        f"{' '.join(command)[:80]}: {fault}"
        for command, taken in zip(commands, tried, strict=True)
        for fault in _faults(taken, most)
    ]
    assert sorted(folder.rglob("*")) == before
    return faults


def _faults(taken: Taken, most: float) -> list[str]:
    said = taken.err.strip("\n")
    found = {
        f"exit code {taken.code}": taken.code == 2,
        f"says {taken.out[:80]!r} on the screen": taken.out == "",
        f"says {said[:200]!r}": said.isprintable() and said != "" and "Traceback" not in said,
        f"takes {taken.seconds:.2f} s, more than {most:.2f}": taken.seconds <= most,
        f"takes {taken.megabytes:.0f} MB": taken.megabytes <= MOST_MEGABYTES,
        f"says too much: {len(said)} characters": len(said) <= 1_000,
    }
    return [fault for fault, is_well in found.items() if not is_well]


def hostile_commands(folder: Path, every: int, others: int) -> Iterator[list[str]]:
    """Hostile files as what `check` is asked for, some of them as what the other commands are.

    Args:
        folder: where the files are written.
        every: one in so many files is taken.
        others: one in so many of these is what `compare`, `run` and `sweep` are asked for too.
    """
    for number, (_, text) in enumerate(hostile_files()[::every]):
        file = folder / f"{number}.toml"
        file.write_bytes(text)
        out = ["--out", str(folder / "out")]
        yield ["check", str(file), "--council", "devon_2021"]
        if number % others:
            continue
        yield ["compare", "devon_2021", str(file), *out]
        yield ["run", str(file), *out]
        yield ["sweep", str(file), *out]


@pytest.mark.slow
def test_hostile_files_are_refused_in_one_line_and_little_time(tmp_path: Path) -> None:
    assert not refused(list(hostile_commands(tmp_path, 17, 1)), tmp_path)


@pytest.mark.slow
def test_two_hundred_hostile_files_are_refused_alike_by_every_command(tmp_path: Path) -> None:
    assert len(hostile_files()) >= FILES
    assert not refused(list(hostile_commands(tmp_path, 1, 6)), tmp_path)


NAMES = (
    "nul\0.toml", "a" * 300 + ".toml", "", ".toml", "x.toml\n", "/dev/zero.toml", "/dev/null",
    "-.toml", "a/b/c/../../x.toml", "~.toml", "\u202e.toml", "con.toml", "..", ".", "\ud800.toml",
)  # fmt: skip


def test_names_that_are_no_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "to_itself.toml").symlink_to(tmp_path / "to_itself.toml")
    (tmp_path / "to_a_device.toml").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "pipe.toml")
    there = ["folder.toml", "to_itself.toml", "to_a_device.toml", "pipe.toml"]
    commands = [["check", "--", name] for name in (*NAMES, *there)]
    commands += [["compare", "devon_2021", "--", name] for name in (*NAMES, *there)]
    assert not refused(commands, tmp_path)


def test_a_chain_and_a_name_with_a_nul_are_refused_early(tmp_path: Path) -> None:
    first = str(chain(tmp_path, 200))
    for name, extends in (("nul", "a\\u0000b.toml"), ("bare", "a\\u0000b")):
        text = f'extends = "{extends}"\nname = "A"\n'
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    files = [first, str(tmp_path / "nul.toml"), str(tmp_path / "bare.toml")]
    commands = [["check", file] for file in files]
    commands += [["compare", "devon_2021", file] for file in files]
    assert not refused(commands, tmp_path)
    said = carry_out([["check", first]], tmp_path)[0].err
    assert "leads through more than 8 files" in said


@pytest.mark.slow
def test_a_process_of_its_own_takes_no_more(tmp_path: Path) -> None:
    """The same once more with the time that loading the program takes."""
    import resource
    import subprocess

    def seconds(*arguments: str) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [sys.executable, "-m", "sim.cli", *arguments], capture_output=True, check=False
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    usual = seconds("check", "devon_package_48_fte")
    for number, (name, text) in enumerate(hostile_files()[::20]):
        file = tmp_path / f"{number}.toml"
        file.write_bytes(text)
        assert seconds("check", str(file)) <= MOST_TIMES_A_CHECK * usual, name
