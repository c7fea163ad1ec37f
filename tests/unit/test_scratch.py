"""Hidden folders go with their program, or, if it was killed, with the next one."""

import subprocess
import sys
from pathlib import Path

import pytest

from sim.experiment import scratch
from sim.experiment.scratch import remove_left_behind, scratch_folder
from sim.presentation.files import staged_folder

HOLDING = """
import sys
from pathlib import Path
from sim.presentation.files import staged_folder
with staged_folder(Path(sys.argv[1])) as folder:
    (folder / "half.csv").write_text("half", encoding="utf-8")
    print(folder, flush=True)
    input()
"""


def test_a_folder_goes_with_its_program(tmp_path: Path) -> None:
    with scratch_folder(tmp_path) as folder:
        (folder / "a").touch()
        assert remove_left_behind(tmp_path) == []
        assert (folder / "a").exists()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_program_left_is_told_and_removed_once_it_is_gone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [sys.executable, "-c", HOLDING, str(tmp_path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as other:
        assert other.stdout is not None
        left = Path(other.stdout.readline().strip())
        with staged_folder(tmp_path) as folder:
            (folder / "mine.csv").touch()
        assert capsys.readouterr().err == ""
        assert (left / "half.csv").exists(), "a folder of a program that lives was removed"
        other.kill()
        other.communicate()
    with staged_folder(tmp_path) as folder:
        (folder / "mine.csv").touch()
    assert capsys.readouterr().err == f"Removed {left}, left behind by a run that was killed\n"
    assert {path.name for path in tmp_path.iterdir()} == {"mine.csv"}


def test_nothing_else_is_taken_for_a_folder_left_behind(tmp_path: Path) -> None:
    (tmp_path / ".caseholder-mine").mkdir()
    (tmp_path / ".caseholder-other.lock").write_text("no lock of ours, but text", encoding="utf-8")
    (tmp_path / ".caseholder-other").mkdir()
    before = sorted(tmp_path.rglob("*"))
    assert remove_left_behind(tmp_path) == []
    assert sorted(tmp_path.rglob("*")) == before


def test_a_disk_without_locks_serves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scratch, "_taken", lambda _: None)
    with scratch_folder(tmp_path) as folder:
        assert [path.name for path in tmp_path.iterdir()] == [folder.name]
    assert list(tmp_path.iterdir()) == []
