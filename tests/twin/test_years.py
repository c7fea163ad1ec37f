"""Ten seeds at five years, every kind of measure among them, and reruns of the past."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from sim.inputs.fates import Fates
from sim.scenario.scenario import load_scenario
from tests.behaviour.test_every_measure import every_measure
from tests.helpers import council_named, evidence
from tests.twin.differences import assert_twins
from tests.twin.plans import Cell, random_cell, scenarios_for

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("seed", range(10))
def test_five_years_are_the_same(seed: int, complete: bool) -> None:
    for number in range(seed, 100 if complete else seed + 1, 10):
        cell = dataclasses.replace(random_cell(1000 + number), casework=True)
        assert_twins(cell.plan(number), Fates(number, number), traced=number < 3)


@pytest.mark.parametrize("draw", range(3))
def test_every_measure_at_once_is_the_same(draw: int, tmp_path: Path) -> None:
    devon = council_named("devon_2021")
    scenario = load_scenario(str(every_measure(tmp_path)), devon, evidence().sources)
    assert_twins(Cell("devon_2021", scenario, draw).plan(), Fates(3, draw), traced=True)


@pytest.mark.parametrize("council", ["devon_2017", "herefordshire_2017"])
def test_reruns_with_published_numbers_are_the_same(council: str) -> None:
    plan = Cell(council, scenarios_for(council)[0], draw=2, casework=False).plan()
    assert plan.agency.above_published is not None
    assert_twins(plan, Fates(5, 5), traced=True)
