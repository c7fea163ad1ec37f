"""The study that a user asked for: everything that is named is loaded and checked."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from sim.config.council import Council
from sim.config.rounded import scaled_in
from sim.config.shipped import Evidence, faults_in_totals, load_evidence
from sim.experiment.executors import Means
from sim.experiment.replicate import Study, make_study
from sim.inputs.case_settings import check_demand
from sim.inputs.draws import CENTRAL_DRAW
from sim.inputs.run_options import RunOptions
from sim.published.council_file.called import council_called
from sim.scenario.chosen import consistent, refuse_twin
from sim.scenario.scenario import Scenario, load_scenario


def asked_study(
    council: str, scenarios: Sequence[str], seed: int, means: Means, options: RunOptions
) -> Study:
    """A study of scenarios, with warnings said on the error stream.

    Args:
        council: shipped name, file, or name of a council of England.
        scenarios: shipped names or files; "baseline" does nothing.
        seed: seed of draws and fates.
        means: what it is run with.
        options: what is chosen about its runs.

    Raises:
        InputError: something is faulty.
    """
    evidence = load_evidence()
    called = council_called(council, evidence.sources)
    loaded, path = called.council, called.path
    check_demand(loaded, options.demand, str(path))
    chosen: list[Scenario] = []
    for name in scenarios:
        scenario = load_scenario(name, loaded, called.sources)
        refuse_twin(name, scenario, chosen)
        chosen.append(scenario)
    for kind, text in remarks(loaded, chosen):
        sys.stderr.write(f"{kind}: {text}\n")
    consistent(chosen)
    with faults_in_totals(path):
        return checked_study(loaded, evidence, chosen, seed, means, options)


def remarks(council: Council, scenarios: Sequence[Scenario]) -> Iterator[tuple[str, str]]:
    """What whoever asks should know of the configs: "warning" or "note", and what, in words."""
    for scenario in scenarios:
        for warning in scenario.warnings(council):
            yield "warning", f"{scenario.key}: {warning}"
    for model in (council, *scenarios):
        for text in scaled_in(model):
            yield "note", text


def checked_study(
    council: Council,
    evidence: Evidence,
    scenarios: Sequence[Scenario],
    seed: int,
    means: Means,
    options: RunOptions,
) -> Study:
    """A study of scenarios that fit the council and each other.

    Raises:
        InputError: a plan can't be made.
    """
    study = make_study(council, evidence.behaviour, scenarios, seed, options, engine=means.engine)
    # Made and thrown away: what is wrong with one is told before the first run.
    for scenario in study.scenarios:
        study.plan(scenario, CENTRAL_DRAW)
    return study
