"""Plans on which the engines are compared: the shipped ones in all their switches, and odd ones."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cache

import numpy as np

from sim.config.casework import TransferRule
from sim.config.council import Council
from sim.config.errors import InputError
from sim.experiment.replicate import Condition, make_study
from sim.inputs.case_settings import DemandScenario, case_settings
from sim.inputs.plan import Plan
from sim.scenario.scenario import Scenario, baseline, load_scenario
from tests.conftest import ROOT
from tests.helpers import council_named, evidence, shortened

COUNCILS = ("devon_2021", "devon_2017", "herefordshire_2019", "herefordshire_2017")
THETA = "casework.capacity.load_slows_work"


@cache
def scenarios_for(name: str) -> tuple[Scenario, ...]:
    """Every shipped scenario that fits a council, its own baseline first."""
    found = [baseline()]
    files = [*ROOT.glob("configs/scenarios/*.toml"), *ROOT.glob("experiments/*/*.toml")]
    for file in sorted(files):
        try:
            found.append(load_scenario(str(file), council_named(name), evidence().sources))
        except InputError:
            continue
    return tuple(found)


@dataclasses.dataclass(frozen=True)
class Cell:
    """One cell of the grid: a council, a scenario and every switch that a study has."""

    council: str
    scenario: Scenario
    draw: int = 0
    casework: bool = True
    loop: bool = True
    agency_rules: bool = True
    practitioners: bool = True
    hold: bool = False
    demand: DemandScenario = DemandScenario.FLAT
    fixed: tuple[tuple[str, float], ...] = ()
    years: int | None = None

    def plan(self, seed: int = 1) -> Plan:
        """Its plan."""
        council = self._council()
        settings = None
        if self.casework and council.casework is not None:
            settings = case_settings(
                evidence().behaviour, self.demand, self.loop, self.practitioners
            )
        study = make_study(
            council,
            evidence().behaviour,
            (baseline(), self.scenario),
            seed,
            settings,
            self.agency_rules,
            dict(self.fixed),
        )
        return study.plan(self.scenario, self.draw, Condition())

    def _council(self) -> Council:
        council = council_named(self.council)
        update: dict[str, object] = {}
        if self.years is not None:
            update["horizon_years"] = self.years
        if council.casework is not None and self.hold:
            held = council.casework.model_copy(update={"transfer_rule": TransferRule.HOLD})
            update["casework"] = held
        return council.model_copy(update=update)


def random_cell(seed: int) -> Cell:
    """A cell drawn from the whole grid."""
    luck = np.random.default_rng(seed)
    name = COUNCILS[seed % len(COUNCILS)]
    scenarios = scenarios_for(name)
    described = [DemandScenario.FLAT]
    casework = council_named(name).casework
    if casework is not None:
        described += [DemandScenario.BACK_TO_2019] if casework.demand.back_to_2019 else []
        described += [DemandScenario.RISING] if casework.demand.rising else []
    gamma = float(luck.choice([0.0, 0.1, 0.4, 1.0]))
    fixed: Mapping[str, float] = {"labour_market.vacancy_elasticity": gamma}
    if luck.random() < 0.5:
        fixed = dict(fixed) | {THETA: float(luck.choice([0.0, 0.5, 1.0]))}
    return Cell(
        name,
        scenarios[int(luck.integers(len(scenarios)))],
        draw=int(luck.integers(8)),
        casework=bool(luck.random() < 0.85),
        loop=bool(luck.random() < 0.7),
        agency_rules=bool(luck.random() < 0.7),
        practitioners=bool(luck.random() < 0.7),
        hold=bool(luck.random() < 0.4),
        demand=described[int(luck.integers(len(described)))],
        fixed=tuple(fixed.items()),
    )


def six_months(seed: int) -> Plan:
    """A cell of the grid, cut after six months."""
    return shortened(random_cell(seed).plan(seed), 6)
