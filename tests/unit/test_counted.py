"""A number with its noun, and the places where a 1 can stand."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from sim.config.counted import counted
from sim.scenario.check import check_config

NOUNS = (
    "lines|draws|pairs|events|points|scenarios|teams|sources|numbers|years|runs|workers|children|days"
    "|months|changes|reviews|rows|options|posts|groups"
)
ALWAYS_SEVERAL = re.compile(
    r"First \{\} of \{\}|The first \{\}|of \{\} (options|scenarios|pairs|runs|numbers)|All \{\}"
    r"|None of the \{\}"
    r"|all \{\} (pairs|runs)|of the \{\} pairs|Only the first \{\} scenarios"
    r"|\{\} runs instead|\{\} posts in \{\} are listed|width \{\} points|median \{\} points"
)
"""Said only where there are two or more: charts of one option have words of their own, and every
comparison has two pairs. The last line is no counts, or numbers with decimals."""


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 lines"), (1, "1 line"), (2, "2 lines"), (1000, "1,000 lines"), ("1", "1 line"),
     ("−1", "−1 lines"), ("1.0", "1.0 lines"), ("1 to 2", "1 to 2 lines")],
)  # fmt: skip
def test_one_is_one(count: int | str, said: str) -> None:
    assert counted(count, "line") == said


def test_a_plural_of_its_own() -> None:
    assert counted(1, "child waits", "children wait") == "1 child waits"
    assert counted(3, "child waits", "children wait") == "3 children wait"


def test_a_scenario_of_one_line_is_told_so(tmp_path: Path) -> None:
    file = tmp_path / "one.toml"
    file.write_text(
        'name = "One"\ncouncil = "devon_2021"\n[[measures]]\nkind = "cost_line"\nkey = "one"\n'
        'name = "One"\nstart = 2021-10-01\nplanned_gbp = { "2021/22" = 1000 }\n',
        encoding="utf-8",
    )
    assert check_config(str(file))[1] == "1 line, 0 FTE"


def shapes(path: Path) -> list[str]:
    """Every f-string of a source, its values written {}."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = [str(v.value) if isinstance(v, ast.Constant) else "{}" for v in node.values]
            found.append("".join(parts))
    return found


def test_what_is_counted_goes_through_counted(root: Path) -> None:
    wrong = [
        f"{path.name}: {shape}"
        for folder in ("presentation", "scenario", "experiment")
        for path in sorted((root / "sim" / folder).glob("*.py"))
        for shape in shapes(path)
        if re.search(rf"\{{\}} ({NOUNS})\b", ALWAYS_SEVERAL.sub("", shape))
    ]
    assert wrong == []
