"""Devon's children: lengths of plans within the marks, and the figures held here as published."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.backtest.devon_cases import (
    ENGLAND_ENDED,
    ENGLAND_OPEN,
    FoundLengths,
    central_runs,
    lengths_of,
    published,
)

SHARED = Path(__file__).parents[3] / "shared" / "data" / "devon_to_2021.csv"


@pytest.fixture(scope="module")
def found() -> FoundLengths:
    """Protection plans of Devon's baseline at central values."""
    return lengths_of(list(central_runs(3)))


def test_plans_end_after_the_lengths_published_for_england(found: FoundLengths) -> None:
    for model, england in zip(found.ended, ENGLAND_ENDED, strict=True):
        assert abs(model - england) <= 0.03


def test_open_plans_are_as_old_as_englands(found: FoundLengths) -> None:
    for model, england in zip(found.stock, ENGLAND_OPEN, strict=True):
        assert abs(model - england) <= 0.05


def test_most_plans_end_at_reviews(found: FoundLengths) -> None:
    assert 0.0 < found.off_review <= 0.40


@pytest.mark.fast
def test_the_figures_held_here_are_the_published_ones() -> None:
    if not SHARED.exists():
        pytest.skip("the published tables are not here")
    names = {
        "referrals": "referrals_in_year",
        "episodes_started": "cin_episodes_started_in_year",
        "episodes_ended": "cin_episodes_ended_in_year",
        "open_children": "cin_episodes_at_31_march",
        "children_on_plans": "cpp_at_31_march",
        "children_in_care": "cla_at_31_march",
    }
    with SHARED.open(encoding="utf-8", newline="") as file:
        rows = {(r["indicator"], int(r["year"])): r["value"] for r in csv.DictReader(file)}
    for (name, year), value in published().items():
        assert float(rows[names[name], year]) == value
