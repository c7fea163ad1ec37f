"""Reading a sweep file with everything that it names."""

from __future__ import annotations

from pathlib import Path

from sim.config.council import Council
from sim.config.counted import counted
from sim.config.errors import InputError
from sim.config.load import parse, read_toml
from sim.config.shipped import (
    Evidence,
    faults_in_totals,
    load_evidence,
    locate,
    named_at,
)
from sim.config.sweep import SweepConfig
from sim.experiment.executors import Means
from sim.experiment.replicate import Study, make_study
from sim.experiment.sweep import Sweep, make_sweep
from sim.inputs.case_settings import check_demand
from sim.inputs.run_options import DemandScenario, RunOptions
from sim.published.council_file.called import CalledCouncil, council_called
from sim.scenario.chosen import consistent, refuse_twin
from sim.scenario.scenario import Scenario, baseline, load_scenario


def load_sweep(file: str, means: Means, seed: int | None = None) -> Sweep:
    """A sweep by shipped name or file, checked with everything that it names.

    Args:
        file: shipped name or file.
        means: what it is run with.
        seed: in place of the sweep's own; None leaves it.

    Raises:
        InputError: something is faulty.
    """
    path = locate(file, "sweeps")
    config = parse(SweepConfig, read_toml(path), path)
    if seed is not None:
        config = config.model_copy(update={"seed": seed})
    evidence = load_evidence()
    with named_at(f"{path}: council", config.council):
        called = council_called(config.council, evidence.sources)
    council = called.council
    if config.horizon_years is not None:
        council = council.model_copy(update={"horizon_years": config.horizon_years})
    scenarios = _scenarios(config, council, called, path)
    base = _base(config, council, called, evidence, means, path)
    try:
        return make_sweep(config, base, council, scenarios)
    except InputError as error:
        raise InputError(f"{path}: {error.where}", error.problem, error.remedy) from None


def check_sweep(path: Path) -> list[str]:
    """Check a sweep file and say what it holds, one line a fact.

    Raises:
        InputError: for the first fault.
    """
    sweep = load_sweep(str(path), Means())
    config = sweep.config
    return [
        f"{path}: sweep '{config.name}' is well formed and fits {config.council}",
        f"{counted(len(sweep.points), 'point')} of {counted(len(config.scenarios), 'scenario')},"
        f" {counted(sweep.pairs, 'pair')} each: {counted(sweep.runs, 'run')}, doing nothing"
        " included",
    ]


def _scenarios(
    config: SweepConfig, council: Council, called: CalledCouncil, path: Path
) -> list[Scenario]:
    chosen = [baseline()]
    for number, name in enumerate(config.scenarios):
        where = f"{path}: scenarios.{number}"
        with named_at(where, name):
            scenario = load_scenario(name, council, called.sources)
        refuse_twin(where, scenario, chosen)
        chosen.append(scenario)
    consistent(chosen)
    return chosen[1:]


def _base(
    config: SweepConfig,
    council: Council,
    called: CalledCouncil,
    evidence: Evidence,
    means: Means,
    path: Path,
) -> Study:
    """The study of doing nothing that every point begins with."""
    if config.demand not in tuple(DemandScenario):
        known = ", ".join(DemandScenario)
        raise InputError(f"{path}: demand", f"'{config.demand}' is no demand", f"Use: {known}")
    options = RunOptions(demand=DemandScenario(config.demand), casework=config.casework)
    if config.casework:
        check_demand(council.casework, options.demand, str(called.path))
    with faults_in_totals(called.path):
        return make_study(
            council, evidence.behaviour, (baseline(),), config.seed, options, engine=means.engine
        )
