"""Where machine code is kept: one folder a version, the last few kept, nothing else touched."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from sim.engine import engines
from sim.engine.engines import Engine

disk: Any = pytest.importorskip("sim.engine.compiled.disk", exc_type=ImportError)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(disk.VARIABLE, str(tmp_path))
    return tmp_path / "machine_code"


def test_the_same_source_has_the_same_folder(home: Path) -> None:
    folder = disk.code_folder().path
    assert folder.parent == home
    assert disk.code_folder().path == folder


def test_a_change_of_the_source_has_another(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = disk.code_folder().path
    monkeypatch.setattr(disk, "_SOURCES", ("engine/rules.py",))
    assert disk.code_folder().path != before


def test_only_old_machine_code_is_removed(home: Path) -> None:
    home.mkdir(parents=True)
    for number in range(12):
        (home / f"{number:024x}").mkdir()
        os.utime(home / f"{number:024x}", (1000 + number, 1000 + number))
    (home / "letters").mkdir()
    folder = disk.code_folder().path
    kept = {path.name for path in home.iterdir()}
    assert "letters" in kept
    assert folder.name in kept
    assert len(kept) == disk._KEPT + 1
    assert f"{0:024x}" not in kept


def test_it_is_known_whether_the_compiler_is_to_be_waited_for(home: Path) -> None:
    assert engines.compiles_first(Engine.COMPILED) == (True, "")
    assert engines.compiles_first(Engine.SIMPY) == (False, "")
    (disk.code_folder().path / "run.nbc").touch()
    assert engines.compiles_first(Engine.COMPILED) == (False, "")


def test_a_folder_that_cant_be_made_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv(disk.VARIABLE, str(tmp_path / "file"))
    is_compiled, told = engines.compiles_first(Engine.COMPILED)
    assert is_compiled
    assert "can't keep the compiled engine" in told
    assert "CASEHOLDER_CACHE" in told


def test_a_disk_too_small_for_machine_code_is_told_before_anything_is_compiled(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    _, told = engines.compiles_first(Engine.COMPILED)
    assert "can't keep the compiled engine (No space left on device)" in told
    assert list(disk.code_folder().path.iterdir()) == []
