"""The engines agree on back-tests: published numbers imposed, forecasts, and wrong models."""

from __future__ import annotations

import pytest

from sim.config.behaviour import Behaviour
from sim.config.council import Council
from sim.experiment.backtest import with_exits, with_gamma, with_hires
from sim.experiment.replicate import make_study
from sim.inputs.fates import Fates
from sim.inputs.run_options import DemandScenario, RunOptions
from sim.scenario.scenario import baseline
from tests.helpers import council_named, evidence
from tests.twin.engines import assert_twins
from tests.twin.plans import of_size

pytestmark = pytest.mark.slow

DRAWS = range(1, of_size(2, 20))
RERUN = ("devon_2017", "herefordshire_2017")


def changed(council: Council, how: str) -> tuple[Council, Behaviour]:
    """A council and the evidence of one of the runs of a back-test."""
    behaviour = evidence().behaviour
    if how == "forecast":
        return council.model_copy(update={"rerun": None}), behaviour
    if how == "exits doubled":
        return with_exits(council, 2.0), behaviour
    if how == "hires doubled":
        return with_hires(council, 2.0), with_gamma(behaviour, 1.0)
    return council, behaviour


@pytest.mark.parametrize("how", ["as published", "forecast", "exits doubled", "hires doubled"])
@pytest.mark.parametrize("name", RERUN)
def test_back_tests_of_staffing_agree(name: str, how: str) -> None:
    council, behaviour = changed(council_named(name), how)
    study = make_study(council, behaviour, (baseline(),), 1)
    for draw in DRAWS:
        assert_twins(study.plan(baseline(), draw), Fates(1, draw), traced=True)


@pytest.mark.parametrize(
    "demand", [DemandScenario.UNCERTAIN, DemandScenario.FLAT, DemandScenario.SERIES]
)
def test_back_tests_with_children_agree(demand: DemandScenario) -> None:
    behaviour = evidence().behaviour
    options = RunOptions(demand=demand)
    study = make_study(council_named("devon_2017"), behaviour, (baseline(),), 1, options)
    for draw in DRAWS:
        assert_twins(study.plan(baseline(), draw), Fates(1, draw), traced=True)
