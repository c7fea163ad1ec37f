"""Results on a page: one chart, or every file that the command line would write."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from sim.api.questions import inputs_of
from sim.config.errors import InputError
from sim.config.nearest import did_you_mean
from sim.config.shipped import load_evidence
from sim.experiment.compare import Comparison
from sim.presentation.answer import write_answer
from sim.presentation.files import staged_folder

if TYPE_CHECKING:
    from sim.presentation.charts.chart import Chart


def chart(comparison: Comparison, name: str = "people_and_posts") -> Chart:
    """Draw one of the charts that the command line writes.

    Args:
        comparison: a finished comparison.
        name: people_and_posts, yield, spend_against_budget, targets, load_by_team,
            changes_of_worker or where_children_wait.

    Returns:
        The chart: a notebook shows it; `figure` is matplotlib's, `text` says the same in words.

    Raises:
        InputError: there is no such chart, or the comparison has no numbers for it.
    """
    from sim.presentation.charts import NAMES, draw_chart

    if name not in NAMES:
        raise InputError(
            name, "is no chart", f"{did_you_mean(name, NAMES)}Charts: {', '.join(NAMES)}"
        )
    drawn = draw_chart(comparison, name)
    if drawn is None:
        raise InputError(
            name, "has no numbers in this comparison",
            "Compare a scenario, simulate children's cases, or state the council's targets",
        )  # fmt: skip
    return drawn


def save(comparison: Comparison, folder: str | Path) -> None:
    """Write every file that `caseholder compare --out` writes: all of them, or none.

    The manifest names council and scenarios with hashes of what they hold, and each kind of
    measure that was registered with its file.

    Args:
        comparison: a finished comparison.
        folder: where the files go; made if it is missing.

    Raises:
        InputError: the folder can't be written to.
    """
    settings = {
        "hiring_pairs": max((len(v.draws) for v in comparison.gamma_variants), default=0),
        "demand_pairs": max((len(v.draws) for v in comparison.demand_variants), default=0),
        "loop_pairs": 0 if comparison.loop_off is None else len(comparison.loop_off.draws),
        "alone": len(comparison.scenarios) == 1,
        **asdict(comparison.study.options),
    }
    with staged_folder(Path(folder)) as stage:
        sources = load_evidence().sources
        write_answer(comparison, inputs_of(comparison.study), settings, stage, sources)
