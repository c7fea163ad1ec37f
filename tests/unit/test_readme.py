"""README.md as a front page: short, easy to read, its commands as they work after `make`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer.main

from sim.cli import app

MOST_LINES = 150
HARDEST_GRADE = 6.0
"""Years of schooling, US grade, that the front page may ask: a reading age of 11. A guide may ask
two more."""
GUIDES = ("planner", "finance", "analyst", "trust", "what_if")
HARDEST_GUIDE = 8.0

BLOCK = re.compile(
    r"```.*?```|<!--.*?-->|^\|[^\n]*$|^#[^\n]*$|!\[[^\]]*\]\([^)]*\)", re.DOTALL | re.MULTILINE
)
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
CODE = re.compile(r"`[^`]*`")
ENDS = re.compile(r"[.!?](?:\s|$)|\n\s*\n|\n- ")
WORD = re.compile(r"[A-Za-z][A-Za-z'’]*|[£+]?\d[\d.,]*")
VOWELS = re.compile(r"[aeiouy]+")


def prose(page: str) -> str:
    """A Markdown page without code, tables, headings, pictures, addresses and bold marks."""
    text = BLOCK.sub("\n\n", page)
    return CODE.sub("it", LINK.sub(r"\1", text)).replace("*", "")


def syllables(word: str) -> int:
    """How many a word has, by its groups of vowels; an e at its end is silent. A number has one."""
    lower = word.lower()
    groups = len(VOWELS.findall(lower))
    silent = lower.endswith("e") and not lower.endswith(("le", "ee")) and groups > 1
    return max(1, groups - silent)


def grade(page: str) -> float:
    """Flesch-Kincaid grade level of a page's prose.

    J. P. Kincaid and others, Derivation of new readability formulas, 1975:
    0.39 words per sentence + 11.8 syllables per word - 15.59.
    """
    sentences = [found for part in ENDS.split(prose(page)) if (found := WORD.findall(part))]
    words = [word for sentence in sentences for word in sentence]
    per_word = sum(map(syllables, words)) / len(words)
    return 0.39 * len(words) / len(sentences) + 11.8 * per_word - 15.59


def test_it_is_short(root: Path) -> None:
    assert len((root / "README.md").read_text(encoding="utf-8").splitlines()) <= MOST_LINES


def test_it_is_easy_to_read(root: Path) -> None:
    assert grade((root / "README.md").read_text(encoding="utf-8")) <= HARDEST_GRADE


@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_is_easy_to_read(name: str, root: Path) -> None:
    page = (root / "docs" / f"{name}.md").read_text(encoding="utf-8")
    assert grade(page) <= HARDEST_GUIDE


def test_hard_and_easy_prose_are_told_apart() -> None:
    assert grade("The cat sat on the mat. The dog ran off.") < 2
    hard = "Notwithstanding considerable organisational heterogeneity, recruitment interventions"
    assert grade(f"{hard} demonstrably ameliorate establishment vacancies.") > 20


def test_what_is_no_prose_does_not_count() -> None:
    page = "# Heteroscedasticity\n\nA cat. See [it](docs/extraordinarily.md).\n\n```\ncode\n```\n"
    assert WORD.findall(prose(page)) == ["A", "cat", "See", "it"]


def test_it_names_the_test_command(root: Path) -> None:
    readme = (root / "README.md").read_text(encoding="utf-8")
    assert "make test" in (root / ".ci" / "run").read_text(encoding="utf-8")
    assert "`make test`" in readme


def test_every_command_that_a_page_shows_is_one(root: Path) -> None:
    known = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    shown = re.compile(r"^(?:\.venv/bin/|\.venv\\Scripts\\)?caseholder ([a-z][\w-]*)", re.MULTILINE)
    texts = [path.read_text("utf-8") for path in [root / "README.md", *root.glob("docs/*.md")]]
    blocks = [block for text in texts for block in re.findall(r"```\n(.*?)```", text, re.DOTALL)]
    used = {name for block in blocks for name in shown.findall(block)}
    assert {"compare", "council", "what-if", "trace", "sweep"} <= used
    assert used <= known


def test_front_page_commands_are_shown_as_they_work(root: Path) -> None:
    blocks = re.findall(r"```\n(.*?)```", (root / "README.md").read_text("utf-8"), re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines() if "caseholder" in line]
    assert lines
    assert all(line.startswith((".venv/bin/", ".venv\\Scripts\\")) for line in lines)
