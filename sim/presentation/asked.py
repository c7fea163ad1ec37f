"""The study that a user asked for: everything that is named is loaded and checked."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from sim.config.rounded import scaled_in
from sim.config.shipped import faults_in_totals, load_evidence
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
    check_demand(loaded.casework, options.demand, str(path))
    chosen: list[Scenario] = []
    for name in scenarios:
        scenario = load_scenario(name, loaded, called.sources)
        refuse_twin(name, scenario, chosen)
        chosen.append(scenario)
        for warning in scenario.warnings(loaded):
            sys.stderr.write(f"warning: {scenario.key}: {warning}\n")
    for model in (loaded, *chosen):
        for text in scaled_in(model):
            sys.stderr.write(f"note: {text}\n")
    consistent(chosen)
    with faults_in_totals(path):
        study = make_study(loaded, evidence.behaviour, chosen, seed, options, engine=means.engine)
        # Made and thrown away: what is wrong with one is told before the first run.
        for scenario in study.scenarios:
            study.plan(scenario, CENTRAL_DRAW)
    return study
