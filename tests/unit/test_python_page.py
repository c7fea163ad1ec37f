"""docs/python.md: its code is run as it stands, in the order of the page."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"# (\w+)\.py\n")


def blocks(page: str) -> list[str]:
    """The page's Python, block by block."""
    return BLOCK.findall(page)


@pytest.fixture(scope="module")
def page(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Every name that the page's code leaves, and the folder it ran in."""
    folder = tmp_path_factory.mktemp("page")
    names: dict[str, Any] = {"folder": folder}
    text = (root / "docs" / "python.md").read_text(encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.syspath_prepend(str(folder))
        patch.setattr("sim.presentation.answer.draw_charts", lambda _: [])
        for block in blocks(text):
            if named := FILE.match(block):
                (folder / f"{named[1]}.py").write_text(block, encoding="utf-8")
            else:
                exec(compile(block, "docs/python.md", "exec"), names)
        yield names
    sys.modules.pop("four_day_week")


def test_the_page_reads_differences_pair_by_pair(page: dict[str, Any]) -> None:
    assert page["extra"].mean() == pytest.approx(page["posts"].difference["2024-03-31"], abs=1e-9)
    assert set(page["runs"].indicator) == {"inpost_fte", "agency_fte"}


def test_the_page_says_what_is_refused(page: dict[str, Any], root: Path) -> None:
    text = (root / "docs" / "python.md").read_text(encoding="utf-8")
    assert f"# {page['refusal']}\n" in text


def test_the_page_alters_a_council(page: dict[str, Any]) -> None:
    assert (page["devon"].horizon_years, page["shorter"].horizon_years) == (5, 3)


def test_the_page_draws_saves_and_sweeps(page: dict[str, Any]) -> None:
    assert (page["folder"] / "people.png").stat().st_size > 10_000
    assert "in post" in page["in_words"]
    manifest = json.loads((page["folder"] / "results/few/manifest.json").read_text("utf-8"))
    assert manifest["scenarios"] == ["baseline", "devon_package_48_fte", "ten_posts"]
    assert set(page["points"].point) == {1, 2}
    runs = page["each_run"].groupby(["point", "scenario", "pair"]).size()
    assert runs.tolist() == [12] * 8


def test_the_page_follows_people(page: dict[str, Any]) -> None:
    assert len(page["hired"]) > 0
    assert page["hired"].person.str.startswith("worker ").all()


def test_the_page_s_measure_keeps_people_and_stands_in_the_manifest(page: dict[str, Any]) -> None:
    import sim

    found = sim.differences(page["tried"])
    last = found[(found.team == "assessment") & (found.indicator == "inpost_fte")].difference
    assert last.iloc[-1] > 0
    manifest = json.loads((page["folder"] / "results/four_days/manifest.json").read_text("utf-8"))
    (own,) = manifest["own_measures"]
    assert (own["kind"], own["class"]) == ("four_day_week", "FourDayWeek")
    assert own["file"] == "four_day_week.py"
