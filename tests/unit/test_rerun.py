"""A finished study run again: every number the same, or the first that differs and why."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from sim.config.errors import InputError
from sim.config.shipped import locate
from sim.experiment.executors import means_for
from sim.experiment.kept import STUDY
from sim.presentation.answer import Question, answer
from sim.presentation.rerun import Rerun, rerun
from sim.presentation.table_difference import held_against

MINE = """extends = "devon_package_48_fte"
name = "Package, and Bath & Wells's own Ŷnys"
short_name = "Mine"
"""


def told(found: Rerun) -> str:
    """What is printed of a rerun."""
    return "\n".join(found.lines())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small council's file, a scenario's, and a study of both."""
    folder = tmp_path_factory.mktemp("rerun")
    text = locate("devon_2021", "councils").read_text(encoding="utf-8")
    short = text.replace("horizon_years = 5", "horizon_years = 1")
    (folder / "small.toml").write_text(short, encoding="utf-8")
    (folder / "mine.toml").write_text(MINE, encoding="utf-8")
    question = Question(
        str(folder / "small.toml"), (str(folder / "mine.toml"),), 2, 0, 5,
        means_for("--engine", "compiled", 1, None), folder / "study", loop_pairs=2,
    )  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.presentation.answer.draw_charts", lambda _: [])
        answer(question)
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """The same, to be changed."""
    shutil.copytree(made, tmp_path / "copy")
    return tmp_path / "copy"


def changed(path: Path, **keys: Any) -> None:
    """Change keys of a manifest."""
    stated = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(stated | keys), encoding="utf-8")


def test_an_unchanged_study_is_the_same_and_can_be_kept(made: Path, tmp_path: Path) -> None:
    out = tmp_path / "kept"
    found = rerun(made / "study" / "manifest.json", [made], out)
    assert found.is_same
    assert told(found).startswith("The same: ")
    assert not found.changes
    names = {path.name for path in (made / "study").glob("*.csv")}
    assert {path.name for path in out.glob("*.csv")} == names == set(found.held.files)
    for name in (*names, "manifest.json"):
        assert (out / name).read_bytes() == (made / "study" / name).read_bytes()
    assert found.held.cells > 1000


def test_a_cell_that_was_changed_is_named_with_both_values(folder: Path) -> None:
    table = folder / "study" / "summary.csv"
    lines = table.read_text(encoding="utf-8").splitlines()
    cells = lines[4].split(",")
    cells[5], before = "123.25", cells[5]
    lines[4] = ",".join(cells)
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = rerun(folder / "study", [folder])
    first = found.held.first
    assert first is not None
    heads = lines[0].split(",")
    assert (first.file, first.row, first.column) == ("summary.csv", 5, heads[5])
    assert (first.before, first.now) == ("123.25", before)
    assert found.held.differing == 1
    assert "a table was changed after it was written" in told(found)
    (folder / "study" / STUDY).unlink()
    again = Rerun(found.held, found.changes, is_same_program=False)
    assert "another kind of machine" in told(again)


def test_a_changed_input_is_the_likely_cause(folder: Path) -> None:
    other = MINE.replace("devon_package_48_fte", "devon_package_mostly_support")
    (folder / "mine.toml").write_text(other, encoding="utf-8")
    found = rerun(folder / "study", [folder])
    assert not found.is_same
    text = told(found)
    assert "Likely cause: mine.toml has changed (SHA-256 " in text
    assert "devon_package_mostly_support.toml is read now, and was not then" in text


def test_a_comment_changes_a_file_and_no_number(folder: Path) -> None:
    (folder / "mine.toml").write_text(f"# Seen.\n{MINE}", encoding="utf-8")
    found = rerun(folder / "study", [folder])
    assert found.is_same
    assert "Changed, with no effect on a number: mine.toml has changed" in told(found)


def test_an_unchanged_copy_beside_the_results_is_taken_first(folder: Path) -> None:
    shutil.copy(folder / "mine.toml", folder / "study" / "mine.toml")
    (folder / "mine.toml").write_text(MINE.replace("Mine", "Ours"), encoding="utf-8")
    assert rerun(folder / "study", [folder]).is_same


def test_another_version_is_told(folder: Path) -> None:
    packages = {"numpy": "1.0"}
    changed(folder / "study" / "manifest.json", caseholder_version="0.0.9", packages=packages)
    found = rerun(folder / "study", [folder])
    assert found.is_same
    text = told(found)
    assert "caseholder 0.0.9 then, " in text
    assert "numpy 1.0 then, " in text
    assert "its run id is that of another" in text


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"settings": {"alone": False}}, "does not say all that a rerun needs"),
        ({"settings": {"alone": False, "hiring_pairs": 0, "demand_pairs": 0, "moon": 1}}, "moon"),
        ({"inputs": []}, "does not say all that a rerun needs"),
        ({"inputs": [3]}, "does not say all that a rerun needs"),
        ({"engine": "steam"}, "--engine"),
        ({"scenarios": ["baseline", "theirs"]}, "names no file of scenario theirs"),
        ({"own_measures": [{"kind": "tea_trolley"}]}, "(tea_trolley)"),
    ],
)
def test_a_manifest_that_can_t_be_rerun_is_refused(
    folder: Path, keys: dict[str, Any], said: str
) -> None:
    changed(folder / "study" / "manifest.json", **keys)
    with pytest.raises(InputError) as refused:
        rerun(folder / "study", [folder])
    assert said in refused.value.line()


def test_what_is_not_there_is_refused(made: Path, tmp_path: Path) -> None:
    study = made / "study"
    for place, folders, out, said in (
        (tmp_path, (), None, "holds no manifest.json"),
        (study, (), None, "--inputs"),
        (study, (made,), study, "is the study's own folder"),
    ):
        with pytest.raises(InputError) as refused:
            rerun(place, folders, out)
        assert said in refused.value.line()


def test_rows_and_files_that_are_missing_are_differences(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    for place, text in ((old, "a,b\n1,2\n"), (new, "a,b\n1,2\n3,4\n")):
        place.mkdir()
        (place / "one.csv").write_text(text, encoding="utf-8")
    (old / "tracked.csv").write_text("a\n", encoding="utf-8")
    found = held_against(old, new)
    assert found.first is not None
    assert found.first.line() == "one.csv, row 3: nothing in the study, a row now"
    assert (found.differing, found.left_out) == (2, ("tracked.csv",))
    (old / "one.csv").unlink()
    gone = held_against(old, new)
    assert gone.first is not None
    assert gone.first.line() == "one.csv: no such file in the study, written now"
    (old / "one.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="can't be read"):
        held_against(old, new)


def test_the_command_leaves_with_one_where_a_number_differs(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from sim.cli import main

    (folder / "study" / "ledger.csv").unlink()
    for name, code in (("study", 1), ("nowhere", 2)):
        argv = ["caseholder", "rerun", str(folder / name), "--inputs", str(folder)]
        monkeypatch.setattr(sys, "argv", argv)
        with pytest.raises(SystemExit) as left:
            main()
        assert left.value.code == code
    assert "ledger.csv: no such file in the study" in capsys.readouterr().out


def test_a_council_by_name_run_on_its_own_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.presentation.answer.draw_charts", lambda _: [])
    means = means_for("--engine", "compiled", 1, None)
    out = tmp_path / "study"
    answer(Question("Kent", ("baseline",), 2, 0, 1, means, out, alone=True))
    found = rerun(out)
    assert found.is_same
    assert not found.changes
