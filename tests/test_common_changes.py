"""The lists of the six common changes in docs/architecture.md: every file and name is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

HEADING = "## The six common changes"
CHANGES = (
    "An indicator",
    "An intervention",
    "A kind of event",
    "A switch",
    "A chart",
    "A field of a council",
)
ROW = re.compile(r"^\| `([^`]+)` \| `([^`]+)` \| .+ \|$", re.MULTILINE)
NAMED = re.compile(r"`((?:sim|configs|tests|docs)/[\w./]+|\w+\.(?:py|md|toml))`")
CODE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def sections(page: str) -> dict[str, str]:
    """The text of each change by its heading."""
    _, _, below = page.partition(f"{HEADING}\n")
    found = re.split(r"^### (.+)$", below.partition("\n## ")[0], flags=re.MULTILINE)[1:]
    return dict(zip(found[::2], found[1::2], strict=True))


def problems(section: str, root: Path) -> list[str]:
    """What a section names that is not there."""
    rows = ROW.findall(section)
    found = [] if rows else ["no list of files"]
    for name, hook in rows:
        file = root / name
        if not file.is_file() or hook not in file.read_text(encoding="utf-8"):
            found.append(f"{name} has no {hook}")
    for name in NAMED.findall(section):
        places = [root / name] if "/" in name else [*(root / "sim").rglob(name), root / name]
        if not any(place.exists() for place in places):
            found.append(f"{name} is not there")
    return found


@pytest.fixture(scope="module")
def changes(root: Path) -> dict[str, str]:
    return sections((root / "docs" / "architecture.md").read_text(encoding="utf-8"))


def test_the_six_changes_are_there(changes: dict[str, str]) -> None:
    assert tuple(changes) == CHANGES


@pytest.mark.parametrize("change", CHANGES)
def test_every_file_and_name_of_a_list_is_there(
    change: str, changes: dict[str, str], root: Path
) -> None:
    assert problems(changes[change], root) == []


@pytest.mark.parametrize("change", CHANGES)
def test_each_change_has_code_that_names_its_files(
    change: str, changes: dict[str, str], root: Path
) -> None:
    (code,) = CODE.findall(changes[change])
    for name in re.findall(r"^# ([\w/]+\.py)", code, re.MULTILINE):
        assert (root / name).is_file(), name
    # A line of a table ("key": value) is no statement by itself.
    for part in re.split(r"^# sim/.*$", code, flags=re.MULTILINE):
        try:
            ast.parse(part)
        except SyntaxError:
            ast.parse(f"{{\n{part}\n}}")


def test_what_is_gone_is_found(root: Path) -> None:
    row = "| `sim/cli.py` | `{}` | what |\n"
    assert problems(row.format("compare"), root) == []
    assert problems(row.format("no_such_name"), root) == ["sim/cli.py has no no_such_name"]
    gone = "| `sim/gone.py` | `compare` | what |"
    assert problems(gone, root) == ["sim/gone.py has no compare", "sim/gone.py is not there"]
    assert problems("nothing", root) == ["no list of files"]
