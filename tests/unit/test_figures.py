"""No two values for one quantity of one study: pages, and a fresh run (tests/figures.toml)."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

FILE = Path(__file__).resolve().parents[1] / "figures.toml"
FIGURES: list[dict[str, Any]] = tomllib.loads(FILE.read_text(encoding="utf-8"))["figures"]
NAMES = [f"{figure['study']}: {figure['quantity']}" for figure in FIGURES]
OF_DEVON = [figure for figure in FIGURES if figure["study"] == "devon"]


def values_in(page: str, says: str) -> list[str]:
    """What a page has where its words are those around {}."""
    before, after = (r"\s+".join(map(re.escape, part.split())) for part in says.split("{}"))
    pattern = rf"{before}\s*(\S.{{0,40}}?)\s*{after}"
    return [" ".join(found.split()) for found in re.findall(pattern, page, re.DOTALL)]


def quoted(figure: Mapping[str, Any], root: Path) -> dict[str, list[str]]:
    """What each page has for a figure."""
    return {
        page: values_in(part_of(root / page, figure.get("below", {}).get(page, "")), says)
        for page, says in figure["says"].items()
    }


def part_of(path: Path, heading: str) -> str:
    """A page, or the part of it below a heading."""
    page = path.read_text(encoding="utf-8")
    return page.partition(f"## {heading}\n")[2].partition("\n## ")[0] if heading else page


@pytest.mark.parametrize("figure", FIGURES, ids=NAMES)
def test_every_page_has_the_same_value(figure: Mapping[str, Any], root: Path) -> None:
    found = quoted(figure, root)
    assert all(len(values) == 1 for values in found.values()), found
    assert len({value for (value,) in found.values()}) == 1, found


def test_two_values_and_a_line_break_are_seen() -> None:
    says = "in post: {} of them"
    assert values_in("are in\npost: +30\n(23 to 44) of them.", says) == ["+30 (23 to 44)"]
    assert values_in("in post: 3 of them, in post: 4 of them", says) == ["3", "4"]
    assert values_in("in all: 3 of them", says) == []


def test_no_quantity_is_listed_twice() -> None:
    assert len(set(NAMES)) == len(NAMES)


# A fresh run ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def devon(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files of the study that the front page quotes: those of `make devon`."""
    out = tmp_path_factory.mktemp("devon")
    packages = ("devon_package_48_fte", "devon_package_mostly_support",
                "devon_package_mostly_social_workers")  # fmt: skip
    sizes = ("--replications", 88, "--hiring-pairs", 12, "--demand-pairs", 8, "--seed", 2021)
    asked = ("compare", "devon_2021", *packages, *sizes, "--workers", 2, "--out", out)
    command = [sys.executable, "-m", "sim.cli", *map(str, asked)]
    subprocess.run(command, check=True, capture_output=True)
    return out


def in_run(figure: Mapping[str, Any], folder: Path) -> str:
    """A figure as a run's files have it, written as pages write it."""
    with (folder / figure["file"]).open(encoding="utf-8", newline="") as file:
        rows = [
            row
            for row in csv.DictReader(file)
            if all(row[name] == value for name, value in figure["row"].items())
        ]
    assert rows, figure["quantity"]
    times = figure.get("times", 1) * (1 + 1e-9)  # a half is rounded up, as people do
    if "column" in figure:
        values = [times * float(row[figure["column"]]) for row in rows]
        return str(figure["text"].format(least=min(values), most=max(values)))
    (row,) = rows
    cells = {name: times * float(row[name]) for name in ("p10", "p50", "p90")}
    return str(figure["text"].format(**cells))


@pytest.mark.slow
def test_the_front_page_has_the_values_of_a_fresh_run(devon: Path, root: Path) -> None:
    """Where it fails, each line says what a page has, and what it should have."""
    wrong = []
    for figure in OF_DEVON:
        fresh = in_run(figure, devon)
        for page, values in quoted(figure, root).items():
            if values != [fresh]:
                wrong.append(f"{page}: {figure['quantity']}: {values}, a run has {fresh}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
def test_the_screen_on_the_front_page_is_that_of_a_fresh_run(devon: Path, root: Path) -> None:
    """What stands as a screen between the marks of README.md is a part of headline.txt."""
    readme = (root / "README.md").read_text(encoding="utf-8")
    begin, end = (f"<!-- answer on one screen: {mark} -->" for mark in ("begin", "end"))
    between = readme.partition(begin)[2].partition(end)[0]
    assert between.strip()
    headline = (devon / "headline.txt").read_text(encoding="utf-8")
    for screen in re.findall(r"```\n(.*?)```", between, re.DOTALL):
        assert screen in headline
