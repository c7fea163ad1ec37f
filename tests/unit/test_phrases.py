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

GUIDES = ("index", "planner", "finance", "analyst", "trust", "reference", "python", "glossary")


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
