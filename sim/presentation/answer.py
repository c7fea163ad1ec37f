"""A question answered from end to end: run, write the files, print the headline."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sim.config.errors import InputError
from sim.config.shipped import load_evidence
from sim.config.sources import Sources
from sim.experiment.compare import (
    GAMMAS,
    Comparison,
    asked_conditions,
    demands_beside,
    has_loop,
)
from sim.experiment.executors import Means
from sim.experiment.kept import KEPT, finish, kept_study, stated_of
from sim.experiment.replicate import Study
from sim.experiment.results import Results
from sim.inputs.run_options import AS_USUAL, RunOptions
from sim.presentation.answer_rows import answer_of
from sim.presentation.answer_screen import answer_text
from sim.presentation.asked import asked_study
from sim.presentation.charts import draw_charts, save_chart
from sim.presentation.charts.style import lacking, lacking_note
from sim.presentation.child_year import write_child_year
from sim.presentation.comparison_files import write_comparison
from sim.presentation.files import (
    input_files,
    staged_folder,
    write_made_council,
    write_manifest,
)
from sim.presentation.headline import headline, headline_text
from sim.presentation.running import (
    AtWork,
    Interrupted,
    quietly,
    rounded_up,
    run_into,
    stages,
)
from sim.presentation.screen import screen
from sim.presentation.study_files import write_study_files
from sim.published.council_file.called import council_called
from sim.scenario.scenario import BASELINE_NAME


@dataclass(frozen=True)
class Question:
    """What the user asked for.

    Attributes:
        council: shipped name, file, or name of a council of England.
        scenarios: shipped names or files; compared with doing nothing unless `alone`.
        replications: pairs of runs.
        hiring_pairs: pairs that are also run at each of GAMMAS.
        seed: seed.
        means: engine, workers and cluster.
        out: folder for files; None for none.
        alone: simulate the one scenario on its own.
        demand_pairs: pairs that are also run under the other demand scenarios.
        options: what is chosen about the runs.
        resume: go on with a study that was broken off in the folder.
        made: files of scenarios that were made for this question, to be kept beside its results.
        loop_pairs: pairs that are also run with load acting on nobody's leaving.
        details: print every table and note after the answer.
    """

    council: str
    scenarios: tuple[str, ...]
    replications: int
    hiring_pairs: int
    seed: int
    means: Means
    out: Path | None
    alone: bool = False
    demand_pairs: int = 0
    options: RunOptions = AS_USUAL
    resume: bool = False
    made: tuple[Path, ...] = ()
    loop_pairs: int = 0
    details: bool = False


def answer(question: Question) -> None:
    """Run a question, write its files where a folder is given, print the answer.

    Raises:
        InputError: a config or the folder is faulty, or a worker process died.
        Interrupted: the user stopped it; in a folder, finished runs are kept.
    """
    if question.resume and question.out is None:
        raise InputError("--resume", "needs a folder to go on in", "Name it with --out")
    try:
        study = prepare(question)
    except KeyboardInterrupt:
        raise Interrupted("stopped before the first pair; nothing was written") from None
    if question.out is None:
        _print(question, _run(question, study))
        return
    inputs, settings = input_files(question.council, question.scenarios), _settings(question)
    stated = stated_of(study.engine, study.seed) | {
        "pairs": question.replications, "settings": settings, "inputs": inputs,
    }  # fmt: skip
    with (
        staged_folder(question.out) as folder,
        kept_study(question.out, stated, resume=question.resume) as results,
    ):
        comparison = _run(question, study, results)
        try:
            sources = council_called(question.council, load_evidence().sources).sources
            with stages() as at_work:
                write_answer(comparison, inputs, settings, folder, sources, at_work)
            write_made_council(question.council, folder)
            for file in question.made:
                shutil.copyfile(file, folder / file.name)
        except KeyboardInterrupt:
            told = f"stopped: all {comparison.pairs} pairs were finished; {KEPT}"
            raise Interrupted(told) from None
    finish(results, question.out)
    _print(question, comparison)


def _settings(question: Question) -> dict[str, Any]:
    """What a manifest says that was chosen, beside council, scenarios, seed and size."""
    return {
        "hiring_pairs": question.hiring_pairs,
        "demand_pairs": question.demand_pairs,
        "loop_pairs": question.loop_pairs,
        "alone": question.alone,
        **asdict(question.options),
    }


def write_answer(
    comparison: Comparison,
    inputs: Sequence[dict[str, str]],
    settings: Mapping[str, Any],
    folder: Path,
    sources: Sources,
    at_work: AtWork = quietly,
) -> None:
    """Write every file of a comparison: tables, headline, manifest, a child's year, charts.

    Args:
        comparison: what was run.
        inputs: what it was read from, for the manifest.
        settings: what was chosen, for the manifest.
        folder: where the files go; it is there.
        sources: of what was read: the shipped ones, and the council's own.
        at_work: told what is being written.
    """
    at_work("writing tables")
    write_study_files(comparison, sources, folder)
    write_comparison(comparison, folder)
    write_manifest(folder / "manifest.json", comparison, inputs, settings)
    at_work("writing the answer and a child's year")
    text = headline_text(comparison)
    (folder / "headline.txt").write_text(text, encoding="utf-8", newline="\n")
    write_child_year(comparison.study, folder)
    at_work("drawing charts")
    charts, unknown = draw_charts(comparison), set[str]()
    while charts:  # none is kept once it is saved: each holds megabytes of its drawing
        at_work(f"writing charts: {charts[0].name}")
        unknown |= lacking(charts[0].figure)
        save_chart(charts.pop(0), folder)
    if unknown:
        sys.stderr.write(f"note: {lacking_note(unknown)}\n")


def prepare(question: Question) -> Study:
    """Load and check everything that a question names.

    Raises:
        InputError: something is faulty.
    """
    names = question.scenarios if question.alone else (BASELINE_NAME, *question.scenarios)
    return asked_study(question.council, names, question.seed, question.means, question.options)


def _run(question: Question, study: Study, results: Results | None = None) -> Comparison:
    return carry_out(
        study,
        question.means,
        question.replications,
        0 if question.alone else question.hiring_pairs,
        0 if question.alone else question.demand_pairs,
        0 if question.alone else question.loop_pairs,
        results,
    )


def carry_out(
    study: Study,
    means: Means,
    replications: int,
    hiring_pairs: int,
    demand_pairs: int,
    loop_pairs: int = 0,
    results: Results | None = None,
) -> Comparison:
    """Run a study in sight of the user.

    Args:
        study: what is run.
        means: what it is run with.
        replications: pairs of runs, rounded up to whole draws.
        hiring_pairs: pairs that are also run at each of GAMMAS; 0 for none.
        demand_pairs: pairs that are also run under the other demand scenarios; 0 for none.
        loop_pairs: pairs that are also run with load acting on nobody's leaving; 0 for none.
        results: the store; None for one that is gone with the program.

    Raises:
        InputError: a run fails, or a worker process died.
        Interrupted: the user stopped it.
    """
    pairs = rounded_up(replications)
    gammas = GAMMAS if hiring_pairs else ()
    demands = demands_beside(study) if demand_pairs else ()
    demand_pairs = rounded_up(demand_pairs) if demands else 0
    loop_pairs = rounded_up(loop_pairs) if has_loop(study) else 0
    conditions = asked_conditions(
        pairs, gammas, min(hiring_pairs, pairs), demands, min(demand_pairs, pairs),
        min(loop_pairs, pairs),
    )  # fmt: skip
    return run_into(results or Results(), study, conditions, means)


def _print(question: Question, comparison: Comparison) -> None:
    """The answer last; every table and note before it, where they are asked for."""
    if question.details:
        screen().print(headline(comparison))
    sys.stdout.write(answer_text(answer_of(comparison), _where(question)))


def _where(question: Question) -> str:
    """Where the files are, and how to see more."""
    files = "Files: none; --out FOLDER writes them" if question.out is None else (
        f"Files: {question.out}"
    )  # fmt: skip
    return files if question.details else f"{files}. Every table and note: --details."
