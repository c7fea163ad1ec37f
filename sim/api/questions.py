"""What is asked: a comparison, a sweep, or one run told event by event."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.api.frames import frame
from sim.api.limits import checked_options, refuse_below
from sim.api.sources import Source, beside_nothing, council_of, evidence
from sim.config.council import Council
from sim.config.load import parse
from sim.config.shipped import configs_folder, faults_in_totals, file_hash
from sim.config.sweep import SweepConfig
from sim.experiment.compare import Comparison
from sim.experiment.executors import Means, means_for
from sim.experiment.replicate import Study
from sim.experiment.signals import endings_heard
from sim.experiment.sweep import Sweep
from sim.experiment.tracing import trace_events
from sim.inputs.case_settings import check_demand
from sim.inputs.run_options import AS_USUAL, RunOptions
from sim.presentation.answer import carry_out
from sim.presentation.asked import checked_study, remarks
from sim.presentation.running import Interrupted
from sim.presentation.sweep import fill_study, sweep_inputs
from sim.presentation.sweep_file import load_sweep, sweep_of
from sim.presentation.trace import COLUMNS, event_rows
from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

Scenarios = Scenario | Source | Sequence[Scenario | Source]
"""One scenario or several: loaded, made in code, or named."""


@dataclass(frozen=True)
class Swept:
    """A finished sweep.

    Attributes:
        sweep: what was run: its points, and the scenarios at each.
        folder: where its files are: study.sqlite, summary.csv and manifest.json.
    """

    sweep: Sweep
    folder: Path


def compare(
    council: Council | Source,
    scenarios: Scenarios,
    *,
    replications: int = 100,
    seed: int = 1,
    workers: int = 1,
    engine: str = "compiled",
    options: RunOptions = AS_USUAL,
    hiring_pairs: int = 12,
    demand_pairs: int = 6,
    loop_pairs: int = 8,
) -> Comparison:
    """Compare scenarios with doing nothing, on the same draws and luck, as `caseholder compare`.

    Args:
        council: loaded or made in code, or where it is to be read from.
        scenarios: one or several, likewise; none to simulate doing nothing alone.
        replications: pairs of runs, two for each draw; rounded up to an even number.
        seed: the same seed gives the same results, for any number of workers.
        workers: how many share the runs.
        engine: "compiled"; or "simpy", slower, with the same results.
        options: demand, load loop, rules, discount rate.
        hiring_pairs: pairs that are also run with hiring that responds to vacancies by 0.1, 0.4
            and 0.8; 0 for none.
        demand_pairs: pairs that are also run under the other demand scenarios; 0 for none.
        loop_pairs: pairs that are also run with load acting on nobody's leaving; 0 for none.

    Raises:
        InputError: something is faulty, or a run fails.
        KeyboardInterrupt: the user stopped it.
    """
    refuse_below(2, replications=replications)
    refuse_below(1, workers=workers)
    refuse_below(
        0, seed=seed, hiring_pairs=hiring_pairs, demand_pairs=demand_pairs, loop_pairs=loop_pairs
    )
    means = means_for("engine", engine, workers)
    study = _study(council, scenarios, seed, means, options)
    with _stopped_as_python_does():
        return carry_out(study, means, replications, hiring_pairs, demand_pairs, loop_pairs)


def sweep(
    source: Source,
    out: str | Path,
    *,
    council: Council | None = None,
    scenarios: Scenarios = (),
    seed: int | None = None,
    workers: int = 1,
    engine: str = "compiled",
    resume: bool = False,
) -> Swept:
    """Run scenarios over a grid or a sample of numbers, as `caseholder sweep`.

    Args:
        source: a shipped name ("devon_hiring_response"), a .toml file, or a mapping of a file's
            tables: name, council, scenarios, pairs, and grid or sample.
        out: folder for the study and its tables.
        council: a council made in code, in place of the one that a mapping names.
        scenarios: scenarios made in code, in place of those that a mapping names.
        seed: in place of the sweep's own; None leaves it.
        workers: how many share the runs.
        engine: "compiled" or "simpy".
        resume: go on with a study that is there.

    Raises:
        InputError: something is faulty, can't be written, or a run fails.
        KeyboardInterrupt: the user stopped it; finished blocks are kept.
    """
    refuse_below(1, workers=workers)
    refuse_below(0, seed=seed or 0)
    means = means_for("engine", engine, workers)
    if isinstance(source, Mapping):
        asked, inputs = _sweep_in_code(source, council, scenarios, seed, means)
    else:
        asked = load_sweep(str(source), means, seed)
        inputs = sweep_inputs(str(source), asked)
    with _stopped_as_python_does():
        fill_study(asked, inputs, means, Path(out), resume)
    return Swept(asked, Path(out))


def trace(
    council: Council | Source,
    scenario: Scenario | Source = "baseline",
    *,
    days: int = 60,
    draw: int = 0,
    seed: int = 1,
    replication: int = 0,
    engine: str = "compiled",
    options: RunOptions = AS_USUAL,
) -> pd.DataFrame:
    """Every event of one run, in order, with names, as `caseholder trace`.

    Args:
        council: loaded or made in code, or where it is to be read from.
        scenario: likewise.
        days: days to tell.
        draw: which draw; 0 is central.
        seed: seed of draws and luck.
        replication: whose luck.
        engine: "compiled" or "simpy".
        options: demand, load loop, rules, discount rate.

    Raises:
        InputError: something is faulty.
    """
    refuse_below(1, days=days)
    refuse_below(0, draw=draw, seed=seed, replication=replication)
    study = _study(council, scenario, seed, means_for("engine", engine), options, alone=True)
    events = trace_events(study, draw, replication, days)
    return frame(COLUMNS, event_rows(events, study.council.start_date))


def inputs_of(study: Study) -> list[dict[str, str]]:
    """What a study was made from, for a manifest: evidence by file, the rest by what it holds."""
    return _evidence_files() + _contents(study.council, study.scenarios[1:])


def _study(
    council: Council | Source,
    scenarios: Scenarios,
    seed: int,
    means: Means,
    options: RunOptions,
    *,
    alone: bool = False,
) -> Study:
    loaded, options = council_of(council), checked_options(options)
    chosen = beside_nothing([] if scenarios == "baseline" else scenarios, loaded)
    if alone and len(chosen) > 1:
        chosen = chosen[1:]
    check_demand(loaded, options.demand, loaded.name)
    for _, text in remarks(loaded, chosen):
        warnings.warn(text, stacklevel=3)
    with faults_in_totals(Path(loaded.name)):
        return checked_study(loaded, evidence(), chosen, seed, means, options)


def _sweep_in_code(
    source: Mapping[str, object],
    council: Council | None,
    scenarios: Scenarios,
    seed: int | None,
    means: Means,
) -> tuple[Sweep, list[dict[str, str]]]:
    """A sweep of what a mapping says, and what it was made from."""
    stated, where = dict(source), Path("sweep")
    if council is not None:
        stated["council"] = council.name
    if scenarios:
        listed = beside_nothing(scenarios, council_of(council or str(stated.get("council", ""))))[
            1:
        ]
        stated["scenarios"] = [scenario.key for scenario in listed]
    if seed is not None:
        stated["seed"] = seed
    config = parse(SweepConfig, stated, where)
    loaded = council or council_of(config.council)
    chosen = beside_nothing(scenarios or config.scenarios, loaded)[1:]
    named = (where, Path(loaded.name))
    asked = sweep_of(config, loaded, chosen, evidence(), means, named)
    return asked, _evidence_files() + _contents(loaded, chosen)


def _evidence_files() -> list[dict[str, str]]:
    files = [configs_folder() / f"{name}.toml" for name in ("behaviour", "sources")]
    return [{"file": path.name, "sha256": file_hash(path)} for path in files]


def _contents(council: Council, scenarios: Sequence[Scenario]) -> list[dict[str, str]]:
    """A council and scenarios by what they hold: they may stand in no file."""
    held = [("council", council.name, council), *(("scenario", s.key, s) for s in scenarios)]
    return [
        {what: name, "sha256": hashlib.sha256(model.model_dump_json().encode()).hexdigest()}
        for what, name, model in held
    ]


@contextmanager
def _stopped_as_python_does() -> Iterator[None]:
    """Let Ctrl-C end a compiled run at once, and raise what callers in Python expect of it."""
    try:
        with endings_heard():
            yield
    except Interrupted as stop:
        raise KeyboardInterrupt(str(stop)) from None
