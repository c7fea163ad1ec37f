"""Plans for the equality of the engines: the grid of councils, measures and what a study chooses.

A cell of the grid is told by a number: councils and scenarios come in turn, all else is drawn.
"""

from __future__ import annotations

import dataclasses
import os
import random
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sim.config.council import Council
from sim.config.errors import InputError
from sim.config.rules_taken import RulesTaken
from sim.experiment.replicate import NO_INTERNAL_MOVES, Study, make_study
from sim.inputs.case_settings import check_demand
from sim.inputs.plan import Plan
from sim.inputs.run_options import DemandScenario, RunOptions
from sim.scenario.scenario import Scenario, baseline, load_scenario
from tests.behaviour.test_every_measure import every_measure
from tests.case_helpers import DELAY, HOURS, THETA
from tests.helpers import SEED, council_named, evidence, shortened

COUNCILS = ("devon_2021", "devon_2017", "herefordshire_2019", "herefordshire_2017")
ROOT = Path(__file__).parents[2]
FIXED: tuple[Mapping[str, float], ...] = (
    {},
    {},
    {THETA: 0.0},
    {THETA: 0.5},
    {THETA: 1.0},
    {DELAY: 0.0, HOURS: 0.0},
    NO_INTERNAL_MOVES,
)
"""What a study may take as known for certain; half-way values of theta give the power its turn."""
DRAWS = 6
FAST = 3
"""Cells that every run of the fast tests looks at."""
IS_COMPLETE = os.environ.get("TWIN_GRID") == "complete"
"""Whether `make equality` asks for the complete grid."""


@dataclass(frozen=True)
class Choice:
    """What one study chooses, and the draw and horizon of one of its plans."""

    council: str
    scenario: str
    draw: int
    months: int
    casework: bool
    loop: bool
    lead_practitioners: RulesTaken
    demand: DemandScenario
    agency_rules: RulesTaken
    hold_transfers: bool
    fixed: int
    reaction: bool

    def __str__(self) -> str:
        return " ".join(f"{name}={value}" for name, value in dataclasses.asdict(self).items())


@cache
def council_of(name: str, years: int) -> Council:
    """A shipped council with another horizon; a rerun keeps its own, which its figures cover."""
    council = council_named(name)
    if council.rerun is not None:
        return council
    return council.model_copy(update={"horizon_years": years})


@cache
def scenarios_of(council: str) -> dict[str, Scenario]:
    """By name: every shipped scenario that fits a council, and one of every measure there is."""
    files = sorted((ROOT / "configs" / "scenarios").glob("*.toml"))
    files += sorted((ROOT / "experiments").glob("*/*.toml"))
    found = {"baseline": baseline()}
    with tempfile.TemporaryDirectory() as folder:
        for file in (*files, every_measure(Path(folder))):
            try:
                scenario = load_scenario(str(file), council_named(council), evidence().sources)
            except InputError:
                continue
            found[file.stem] = scenario
    return found


@cache
def demands_of(council: str) -> tuple[DemandScenario, ...]:
    """Demand scenarios that a council describes."""
    return tuple(demand for demand in DemandScenario if _describes(council, demand))


def _describes(council: str, demand: DemandScenario) -> bool:
    try:
        check_demand(council_named(council), demand, council)
    except InputError:
        return False
    return True


def choice_at(number: int, months: int) -> Choice:
    """A cell of the grid, over a horizon in months."""
    pairs = [(council, name) for council in COUNCILS for name in scenarios_of(council)]
    return _choice(number, pairs[number % len(pairs)], months)


def of_size(usual: int, complete: int) -> int:
    """How many cells to run: more on the complete grid."""
    return complete if IS_COMPLETE else usual


def _choice(number: int, pair: tuple[str, str], months: int) -> Choice:
    council, scenario = pair
    luck = random.Random(number)
    casework = luck.random() < 0.8
    demands: Sequence[DemandScenario] = demands_of(council)
    return Choice(
        council=council,
        scenario=scenario,
        draw=luck.randrange(DRAWS),
        months=months,
        casework=casework,
        loop=luck.random() < 0.7,
        lead_practitioners=_on_or_off(luck.random() < 0.7),
        demand=luck.choice(demands) if casework else DemandScenario.FLAT,
        agency_rules=_on_or_off(luck.random() < 0.7),
        hold_transfers=luck.random() < 0.4,
        fixed=luck.randrange(len(FIXED)),
        reaction=luck.random() < 0.7,
    )


def _on_or_off(on: bool) -> RulesTaken:
    return RulesTaken.ON if on else RulesTaken.OFF


def study_of(choice: Choice) -> Study:
    """The study of a choice."""
    behaviour, years = evidence().behaviour, -(-choice.months // 12)
    options = RunOptions(
        demand=choice.demand,
        loop=choice.loop,
        agency_rules=choice.agency_rules,
        lead_practitioners=choice.lead_practitioners,
        casework=choice.casework,
        reaction=choice.reaction,
    )
    return make_study(
        council_of(choice.council, years),
        behaviour,
        (scenarios_of(choice.council)[choice.scenario],),
        SEED,
        options,
        FIXED[choice.fixed],
    )


def plan_of(choice: Choice) -> Plan:
    """The plan of a choice."""
    study = study_of(choice)
    plan = study.plan(study.scenarios[0], choice.draw)
    if plan.casework is not None:
        held = choice.hold_transfers or plan.casework.hold_transfers
        plan = dataclasses.replace(
            plan, casework=dataclasses.replace(plan.casework, hold_transfers=held)
        )
    return shortened(plan, min(choice.months, plan.periods))
