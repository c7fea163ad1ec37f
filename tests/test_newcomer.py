"""tests/newcomer.md, typed command by command: what a planner tries on a first evening."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

TASKS = 12
TASK = re.compile(r"^## (\d+)\. ", re.MULTILINE)
COMMAND = re.compile(r"```\n(caseholder .*?)\n```", re.DOTALL)
WRITTEN = re.compile(r"`([\w.]+)`:\n\n```toml\n(.*?)```", re.DOTALL)
CHANGED = re.compile(r"In `([\w.]+)` change `(.+?)` to `(.+?)`\.")
SEEN = re.compile(r"^See: `(.+?)`$", re.MULTILINE)
STANDS = re.compile(r"^In `([\w./]+)` stands `(.+?)`\.$", re.MULTILINE)


def tasks(page: str) -> list[str]:
    """The text of each task, in order."""
    numbers = [int(number) for number in TASK.findall(page)]
    assert numbers == list(range(1, TASKS + 1))
    return re.split(r"^## \d+\. ", page, flags=re.MULTILINE)[1:]


def done(task: str, folder: Path) -> None:
    """Do a task: write and change files, type the command, look for what should be seen."""
    for name, text in WRITTEN.findall(task):
        (folder / name).write_text(text, encoding="utf-8")
    for name, before, after in CHANGED.findall(task):
        text = (folder / name).read_text(encoding="utf-8")
        assert text.count(before) == 1, f"{name}: {before}"
        (folder / name).write_text(text.replace(before, after), encoding="utf-8")
    asked, seen, stands = COMMAND.findall(task), SEEN.findall(task), STANDS.findall(task)
    assert len(asked) == len(seen)
    assert asked or stands
    for command, expected in zip(asked, seen, strict=True):
        program = [sys.executable, "-m", "sim.cli", *shlex.split(command)[1:]]
        env = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1]), "PYTHONUTF8": "1"}
        ran = subprocess.run(program, cwd=folder, env=env, capture_output=True, check=False)
        said = ran.stdout.decode() + ran.stderr.decode()
        assert ran.returncode == 0, f"{command}\n{said}"
        assert expected in said, f"{command}\n{said}"
    for name, expected in stands:
        assert expected in (folder / name).read_text(encoding="utf-8"), name


@pytest.mark.slow
def test_a_newcomer_gets_through(root: Path, tmp_path: Path) -> None:
    for task in tasks((root / "tests" / "newcomer.md").read_text(encoding="utf-8")):
        done(task, tmp_path)


def test_a_command_that_says_something_else_is_found(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="--version"):
        done("```\ncaseholder --version\n```\n\nSee: `no such words`\n", tmp_path)
    with pytest.raises(AssertionError, match="no_such_command"):
        done("```\ncaseholder no_such_command\n```\n\nSee: `a`\n", tmp_path)
