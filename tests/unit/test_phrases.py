"""No phrase that only its author knows stands where a reader looks (tests/phrases.py)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from sim.cli import app
from sim.outcomes.indicators import DIFFERENCE_INDICATORS, INDICATORS
from sim.presentation.dictionary import BY_FILE, COLUMNS, QUANTITIES
from tests.phrases import INSTEAD, ON_SCREEN, found_in
from tests.unit.test_cli import Program, program

__all__ = ["program"]

GUIDES = (
    "index",
    "what_if",
    "papers",
    "planner",
    "finance",
    "analyst",
    "trust",
    "reference",
    "python",
    "glossary",
)


def pages(root: Path) -> list[Path]:
    """The front page, the guides, and the pages of the experiments."""
    guides = [root / "docs" / f"{name}.md" for name in GUIDES]
    return [root / "README.md", *guides, *sorted(root.glob("experiments/*/README.md"))]


def test_pages_hold_none(root: Path) -> None:
    found = {
        page.relative_to(root).as_posix(): list(found_in(page.read_text(encoding="utf-8")))
        for page in pages(root)
    }
    assert {page: phrases for page, phrases in found.items() if phrases} == {}


def commands(command: Any, path: str = "caseholder") -> Iterator[tuple[str, str]]:
    """Every command with its help, those of groups included."""
    with command.make_context(path, [], resilient_parsing=True) as context:
        yield path, command.get_help(context)
    for name, below in getattr(command, "commands", {}).items():
        yield from commands(below, f"{path} {name}")


def test_help_holds_none() -> None:
    told = dict(commands(typer.main.get_command(app)))
    assert "caseholder council new" in told
    found = {name: list(found_in(text, on_screen=True)) for name, text in told.items()}
    assert {name: phrases for name, phrases in found.items() if phrases} == {}


def test_names_of_indicators_and_columns_hold_none() -> None:
    said = [
        f"{indicator.label}\n{indicator.definition}"
        for indicator in INDICATORS + DIFFERENCE_INDICATORS
    ]
    for columns in (COLUMNS, QUANTITIES, *BY_FILE.values()):
        said += [f"{name}\n{column.meaning}" for name, column in columns.items()]
    assert [phrase for text in said for phrase in found_in(text, on_screen=True)] == []


COMMANDS = (
    ("compare", "devon_2021", "devon_package_48_fte_half_agreed", "devon_package_mostly_support",
     "--replications", 4, "--hiring-pairs", 2, "--demand-pairs", 2, "--loop", "off"),
    ("run", "herefordshire_2019", "--replications", 2),
    ("what-if", "Kent", "--posts", -10, "--or", "--supplement", 3000, "--replications", 2,
     "--hiring-pairs", 0, "--demand-pairs", 0),
    ("experiment", "devon_each_measure", "--pairs", 2, "--years", 1),
    ("experiment", "funding_is_not_filling", "--pairs", 2, "--years", 1),
    ("sweep", "devon_hiring_response", "--dry-run"),
    ("check", "devon_2021", "devon_package_48_fte", "behaviour", "devon_hiring_response"),
    ("trace", "devon_2021", "--days", 2),
    ("council", "list", "--year", 2021),
    ("experiments",),
)  # fmt: skip
NO_FOLDER = ("check", "trace", "council", "experiments")


def texts_in(folder: Path) -> Iterator[str]:
    """The texts of a folder, and the headings of its tables."""
    yield from (path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt")))
    for path in sorted(folder.glob("*.csv")):
        yield path.read_text(encoding="utf-8").partition("\n")[0].replace(",", " ; ")


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS, ids=[" ".join(map(str, c[:2])) for c in COMMANDS])
def test_screens_charts_and_files_hold_none(
    command: tuple[object, ...], program: Program, tmp_path: Path
) -> None:
    asked = command if command[0] in NO_FOLDER else (*command, "--out", tmp_path / "out")
    code, out, err = program(*asked)
    assert code == 0, err
    said = [out, err, *texts_in(tmp_path / "out")]
    assert [phrase for text in said for phrase in found_in(text, on_screen=True)] == []


@pytest.mark.parametrize(
    "text",
    [
        "a 95 % interval of 3 to 4",
        "88 pairs: 44 draws of what is not known, two fates each",
        "pairs\nof runs",
        "at gamma 0.4",
        "It hangs upon the draw",
        "spend less staffing budget",
        "Yield of the posts",
        "since day 0",
    ],
)
def test_a_phrase_is_found(text: str) -> None:
    assert list(found_in(text, on_screen=True))


@pytest.mark.parametrize(
    "text",
    [
        "`--hiring-pairs 12`",
        "yield.svg",
        'start = "day 0"',
        "--draw 2",
        "runs that spend less than",
    ],
)
def test_a_name_of_a_file_or_an_option_is_none(text: str) -> None:
    assert list(found_in(text, on_screen=True)) == []


def test_each_phrase_says_what_to_use_instead() -> None:
    assert all(instead for instead in (INSTEAD | ON_SCREEN).values())
