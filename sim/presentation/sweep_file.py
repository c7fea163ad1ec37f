"""Reading a sweep file with everything that it names."""

from __future__ import annotations

from collections.abc import Sequence
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
from sim.scenario.check import WELL_WRITTEN
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
    council = _cut(called.council, config)
    scenarios = _scenarios(config, council, called, path)
    return sweep_of(config, council, scenarios, evidence, means, (path, called.path))


def sweep_of(
    config: SweepConfig,
    council: Council,
    scenarios: Sequence[Scenario],
    evidence: Evidence,
    means: Means,
    named: tuple[Path, Path],
) -> Sweep:
    """A sweep of a council and scenarios that are read.

    Args:
        config: what is asked.
        council: the council; its horizon is cut where the sweep states a shorter one.
        scenarios: what is set beside doing nothing.
        evidence: the shared evidence.
        means: what it is run with.
        named: what an error names: the sweep, and the council.

    Raises:
        InputError: something is faulty.
    """
    path, council_path = named
    council = _cut(council, config)
    base = _base(config, council, evidence, means, (path, council_path))
    try:
        return make_sweep(config, base, council, scenarios)
    except InputError as error:
        raise InputError(f"{path}: {error.where}", error.problem, error.remedy) from None


def _cut(council: Council, config: SweepConfig) -> Council:
    """The council, its horizon cut where the sweep states a shorter one."""
    if config.horizon_years is None:
        return council
    return council.model_copy(update={"horizon_years": config.horizon_years})


def check_sweep(path: Path) -> list[str]:
    """Check a sweep file and say what it holds, one line a fact.

    Raises:
        InputError: for the first fault.
    """
    sweep = load_sweep(str(path), Means())
    config = sweep.config
    return [
        f"{path}: sweep '{config.name}' fits {config.council}: {WELL_WRITTEN}",
        f"{counted(len(sweep.points), 'point')} of {counted(len(config.scenarios), 'scenario')},"
        f" {counted(sweep.pairs, 'paired run')} each: {counted(sweep.runs, 'run')}, doing nothing"
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
    evidence: Evidence,
    means: Means,
    named: tuple[Path, Path],
) -> Study:
    """The study of doing nothing that every point begins with."""
    path, council_path = named
    if config.demand not in tuple(DemandScenario):
        known = ", ".join(DemandScenario)
        raise InputError(f"{path}: demand", f"'{config.demand}' is no demand", f"Use: {known}")
    options = RunOptions(
        demand=DemandScenario(config.demand),
        agency_rules=config.agency_rules,
        lead_practitioners=config.lead_practitioners,
        casework=config.casework,
    )
    if config.casework:
        check_demand(council, options.demand, str(council_path))
    with faults_in_totals(council_path):
        return make_study(
            council, evidence.behaviour, (baseline(),), config.seed, options, engine=means.engine
        )
