"""What a sweep would take: runs, time and room on the disk, before any of it is run."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta

from sim.config.counted import counted
from sim.experiment.executors import Means
from sim.experiment.replicate import Task
from sim.experiment.runner import run_block
from sim.experiment.sweep import Sweep
from sim.inputs.draws import CENTRAL_DRAW
from sim.inputs.fates import Fates
from sim.outcomes.indicators import INDICATORS
from sim.outcomes.workforce import complete_months

BYTES_A_VALUE = 3.0
"""Of a monthly value on the disk, beside all else that is kept: measured on Devon, five years."""


def what_it_takes(sweep: Sweep, means: Means) -> list[str]:
    """What a sweep would take, in words.

    Args:
        sweep: what would be run.
        means: what it would be run with.
    """
    seconds = seconds_a_run(sweep)
    plan = sweep.cells[0].plans[0]
    values = complete_months(plan) * (1 + len(plan.team_keys)) * len(INDICATORS)
    size = sweep.runs * values * BYTES_A_VALUE
    workers = 1 if means.cluster is not None else means.workers
    who = f"on {counted(workers, 'worker')}"
    whole = timedelta(seconds=round(sweep.runs * seconds / workers))
    return [
        f"{counted(len(sweep.points), 'point')}, {counted(sweep.pairs, 'paired run')} each, in"
        f" {counted(len(sweep.cells), 'group that shares', 'groups that share')} doing nothing",
        f"Runs: {sweep.runs:,}",
        f"Time: about {whole} {who}, engine {means.engine}, at {1e3 * seconds:.0f} ms a run"
        " (timed just now; other programs slow it down)",
        f"Room on the disk: about {_megabytes(size)}",
    ]


def seconds_a_run(sweep: Sweep) -> float:
    """Seconds of one run, its plan and indicators included: one draw is timed, after a warm-up."""
    study = sweep.cells[0].study
    study = replace(study, scenarios=study.scenarios[:2])
    plan = study.plan(study.scenarios[0], CENTRAL_DRAW)
    # Compiling, or reading what was compiled before, is no part of a run.
    study.simulate(replace(plan, horizon=1.0), Fates(study.seed, 0))
    begin = time.perf_counter()
    run_block(study, (Task(0), Task(1)))
    return (time.perf_counter() - begin) / (2 * len(study.scenarios))


def _megabytes(size: float) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{max(1.0, size / 1e6):.0f} MB"
