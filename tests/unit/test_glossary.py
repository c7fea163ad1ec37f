"""docs/glossary.md: every indicator that is reported has its row."""

from __future__ import annotations

import re
from pathlib import Path

from sim.outcomes.indicators import DIFFERENCE_INDICATORS, INDICATORS

ROW = re.compile(r"^\| ([^|]+) \|", re.MULTILINE)
NAME = re.compile(r"\w+")


def test_every_indicator_has_its_row(root: Path) -> None:
    page = (root / "docs" / "glossary.md").read_text(encoding="utf-8")
    told = {name for words in ROW.findall(page) for name in NAME.findall(words)}
    assert {indicator.name for indicator in INDICATORS + DIFFERENCE_INDICATORS} <= told
