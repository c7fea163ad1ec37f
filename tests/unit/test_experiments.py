"""The experiments: each is described in full, found by the program, and runs to its end."""

import csv
import json
import re
from pathlib import Path

import pytest
from rich.text import Text

from sim.config.errors import InputError
from sim.experiment import shelf
from sim.experiment.executors import Means
from sim.experiment.shelf import experiments, find_experiment, load_run
from sim.presentation.experiment import Bench
from tests.unit.test_cli import Program, program

__all__ = ["program"]

NAMES = [entry.name for entry in experiments()]
PARTS = ("## Question", "## Answer", "## How to read it", "## How sure we are")
NUMBER_AND_WORDS = re.compile(r"[-+£]?[\d.,]+ ?(%|k$|m$|\(|of |to )")
FIGURE = re.compile(r"!\[[^\]]+\]\(([^)]+)\)")


def readme(name: str) -> str:
    return (find_experiment(name).folder / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_a_readme_has_its_parts_and_one_figure(name: str) -> None:
    text = readme(name)
    places = [text.index(f"\n{part}\n") for part in PARTS]
    assert places == sorted(places)
    figures = FIGURE.findall(text)
    folder = find_experiment(name).folder
    committed = {path.name for path in folder.iterdir() if path.suffix in (".png", ".svg")}
    assert set(figures) == committed
    assert len(figures) <= 1


@pytest.mark.parametrize("name", NAMES)
def test_a_run_is_short_and_has_a_size(name: str) -> None:
    run, pairs = load_run(find_experiment(name))
    assert callable(run)
    assert pairs >= 8
    lines = (find_experiment(name).folder / "run.py").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 50


def test_experiments_are_listed_with_their_questions(program: Program) -> None:
    code, out, _ = program("experiments")
    assert code == 0
    for entry in experiments():
        assert f"{entry.name}\n    {entry.question}\n" in out
        assert entry.question.endswith("?")


def test_experiments_are_listed_in_the_readme(root: Path) -> None:
    text = (root / "README.md").read_text(encoding="utf-8")
    for name in NAMES:
        assert f"(experiments/{name}/README.md)" in text


def test_an_unknown_experiment_is_refused(program: Program) -> None:
    code, _, said = program("experiment", "no_such")
    assert code == 2
    assert "no_such" in said
    assert NAMES[0] in said


def test_an_installation_without_experiments_says_so(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "FOLDER", "nothing_here")
    code, _, said = program("experiments")
    assert code == 2
    assert "not part of this installation" in said


def test_a_folder_without_question_or_run_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "run.py").write_text("PAIRS = 8\n", encoding="utf-8")
    monkeypatch.setattr(shelf, "experiments_folder", lambda: tmp_path)
    with pytest.raises(InputError, match="has no question"):
        experiments()
    text = "# Mine\n\n## Question\n\nIs it\nso?\n\nMore.\n"
    (tmp_path / "mine" / "README.md").write_text(text, encoding="utf-8")
    entry = find_experiment("mine")
    assert entry.question == "Is it so?"
    with pytest.raises(InputError, match="no run"):
        load_run(entry)


def test_an_experiment_says_what_qualifies_after_its_run(tmp_path: Path) -> None:
    home = find_experiment("grow_your_own_or_buy").folder
    bench = Bench("any", 2, 1, Means(), None, tmp_path, home)
    bench.study("devon_2021", ("apprenticeships",), cases=False)
    said = [text.plain for text in bench.said if isinstance(text, Text)]
    assert any(text.startswith("Note: Apprenticeships: 3 of 5 intakes") for text in said)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_tiny_run_ends(name: str, program: Program, tmp_path: Path) -> None:
    out = tmp_path / "out"
    code, said, _ = program("experiment", name, "--pairs", 2, "--years", 1, "--out", out)
    assert code == 0
    assert "Findings, tables and charts" in said
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["experiment"], manifest["pairs"]) == (name, 2)
    assert (out / "findings.txt").read_text(encoding="utf-8").startswith(name)
    tables = sorted(out.glob("*.csv"))
    assert tables
    for table in tables:
        for row in csv.reader(table.read_text(encoding="utf-8").splitlines()):
            mixed = [cell for cell in row if "−" in cell or NUMBER_AND_WORDS.match(cell)]
            assert not mixed, f"{table.name}: numbers are numbers, units stand in the header"


@pytest.mark.slow
def test_the_number_of_workers_changes_nothing(program: Program, tmp_path: Path) -> None:
    folders = []
    for workers in (1, 2):
        out = tmp_path / str(workers)
        size = ("--pairs", 2, "--years", 1, "--workers", workers, "--out", out)
        assert program("experiment", "funding_is_not_filling", *size)[0] == 0
        folders.append({path.name: path.read_bytes() for path in sorted(out.iterdir())})
    assert folders[0] == folders[1]
    assert len(folders[0]) > 3
