"""A question answered from end to end: run, write the files, print the headline."""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from sim.config.counted import counted
from sim.experiment.compare import GAMMAS, Comparison, compare, demands_beside
from sim.experiment.executors import Means
from sim.experiment.replicate import Study, whole_draws
from sim.inputs.run_options import AS_USUAL, RunOptions
from sim.presentation.asked import asked_study
from sim.presentation.charts import draw_charts, save_chart
from sim.presentation.child_year import write_child_year
from sim.presentation.comparison_files import write_comparison
from sim.presentation.files import (
    input_files,
    staged_folder,
    write_made_council,
    write_manifest,
)
from sim.presentation.headline import headline, headline_text
from sim.presentation.running import Interrupted, running
from sim.presentation.screen import screen
from sim.presentation.style import lacking, lacking_note
from sim.scenario.scenario import BASELINE_NAME


@dataclass(frozen=True)
class Question:
    """What the user asked for.

    Attributes:
        council: shipped name, file, or name of a council of England.
        scenarios: shipped names or files; compared with doing nothing unless `alone`.
        replications: pairs of runs.
        gamma_pairs: pairs that are also run at each gamma.
        seed: seed.
        means: engine, workers and cluster.
        out: folder for files; None for none.
        alone: simulate the one scenario on its own.
        demand_pairs: pairs that are also run under the other demand scenarios.
        options: what is chosen about the runs.
    """

    council: str
    scenarios: tuple[str, ...]
    replications: int
    gamma_pairs: int
    seed: int
    means: Means
    out: Path | None
    alone: bool = False
    demand_pairs: int = 0
    options: RunOptions = AS_USUAL


def answer(question: Question) -> None:
    """Run a question, write its files where a folder is given, print the headline.

    Raises:
        InputError: a config or the folder is faulty, or a worker process died.
        Interrupted: the user stopped it; nothing was written.
    """
    try:
        study = prepare(question)
    except KeyboardInterrupt:
        raise Interrupted("stopped before the first pair; nothing was written") from None
    if question.out is None:
        _print(_run(question, study))
        return
    inputs = input_files(question.council, question.scenarios)
    with staged_folder(question.out) as folder:
        comparison = _run(question, study)
        try:
            _write(question, comparison, inputs, folder)
        except KeyboardInterrupt:
            raise Interrupted(
                f"stopped: all {comparison.pairs} pairs were finished; nothing was written"
            ) from None
    _print(comparison)
    screen().print(f"Tables, charts and manifest are in {question.out}")


def _write(
    question: Question, comparison: Comparison, inputs: list[dict[str, str]], folder: Path
) -> None:
    write_comparison(comparison, folder)
    settings = {
        "gamma_pairs": question.gamma_pairs,
        "demand_pairs": question.demand_pairs,
        "alone": question.alone,
        **asdict(comparison.study.options),
    }
    write_manifest(folder / "manifest.json", comparison, inputs, settings)
    text = headline_text(comparison)
    (folder / "headline.txt").write_text(text, encoding="utf-8", newline="\n")
    write_child_year(comparison.study, folder)
    write_made_council(question.council, folder)
    charts, unknown = draw_charts(comparison), set[str]()
    while charts:  # none is kept once it is saved: each holds megabytes of its drawing
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


def _run(question: Question, study: Study) -> Comparison:
    pairs = _rounded_up(question.replications, "pair")
    gammas = GAMMAS if question.gamma_pairs and not question.alone else ()
    demands = demands_beside(study) if question.demand_pairs and not question.alone else ()
    demand_pairs = _rounded_up(question.demand_pairs, "demand pair") if demands else 0
    with running(pairs, question.means) as (pool, advance):
        return compare(
            study,
            pairs,
            gammas,
            min(question.gamma_pairs, pairs),
            pool,
            advance,
            demands,
            min(demand_pairs, pairs),
        )


def _rounded_up(asked: int, what: str) -> int:
    """A number of pairs rounded up to whole draws, and said so."""
    pairs = whole_draws(asked)
    if pairs != asked:
        sys.stderr.write(f"{counted(asked, what)} rounded up to {pairs}: two a draw\n")
    return pairs


def _print(comparison: Comparison) -> None:
    screen().print(headline(comparison))
