"""Running pairs in sight of the user: progress, a clean stop, faults in one line."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import cache

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from sim.config.counted import counted
from sim.config.errors import InputError
from sim.engine.engines import compiles_first
from sim.experiment.compare import Comparison, comparison_of, described
from sim.experiment.executors import Means, executor_for
from sim.experiment.filling import fill
from sim.experiment.kept import KEPT
from sim.experiment.replicate import FATES_PER_DRAW, Condition, Study, whole_draws
from sim.experiment.results import Results
from sim.presentation.screen import screen

Advance = Callable[[object], None]
AtWork = Callable[[str], None]
"""Is told what is being done."""
NOTHING_KEPT = "nothing was written"


class Interrupted(Exception):
    """Ctrl-C: how many pairs were finished."""


def rounded_up(asked: int, what: str = "paired run") -> int:
    """A number of pairs rounded up to whole draws, and said so."""
    pairs = whole_draws(asked)
    if pairs != asked:
        sys.stderr.write(
            f"{counted(asked, what)} rounded up to {pairs}: two for each set of assumptions\n"
        )
    return pairs


@contextmanager
def running(
    pairs: int,
    means: Means,
    what: str = "pairs",
    kept: str = NOTHING_KEPT,
    unit: str = "pairs",
) -> Iterator[tuple[Executor | None, Advance]]:
    """An executor, and what is to be called with each pair as it comes.

    Args:
        pairs: how many are run.
        means: what they are run with.
        what: what the bar of progress counts.
        kept: what becomes of finished pairs where it ends early, in words.
        unit: what they are called where it ends early.

    Raises:
        InputError: a worker process can't be started, or died; a cluster was lost.
        Interrupted: the user stopped it.
    """
    done = 0
    say_engine(means)
    try:
        with _progress() as progress, executor_for(means, -(-pairs // FATES_PER_DRAW)) as pool:
            bar = progress.add_task(what, total=pairs)

            def advance(_: object) -> None:
                nonlocal done
                done += 1
                progress.advance(bar)

            yield pool, advance
    except KeyboardInterrupt:
        told = kept if done else NOTHING_KEPT
        raise Interrupted(f"stopped: {done} of {pairs} {unit} were finished; {told}") from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(
            "worker process", f"can't be started ({reason})", "Try fewer --workers"
        ) from None
    except BrokenProcessPool:
        raise InputError(
            "worker process",
            f"ended before its time after {done} of {pairs} {unit};"
            f" {kept if done else NOTHING_KEPT}",
            "Try fewer --workers, or close other programs",
        ) from None


def run_into(
    results: Results,
    study: Study,
    conditions: Mapping[Condition, int],
    means: Means,
    what: str = "pairs",
) -> Comparison:
    """Run what a store lacks of a study in sight of the user; the comparison is read from it.

    Args:
        results: the store.
        study: what is run; the store's next cell.
        conditions: how many pairs are run under each.
        means: what they are run with.
        what: what the bar of progress counts.

    Raises:
        InputError: a run fails, a worker process died, or the store can't be written.
        Interrupted: the user stopped it.
    """
    cell = described(results, study, conditions)
    missing = results.missing(cell.jobs())
    if missing:
        pairs = sum(len(job.block) for job in missing)
        kept = NOTHING_KEPT if results.path is None else KEPT
        with running(pairs, means, what, kept) as (pool, advance):
            fill(results, missing, pool, advance)
    return comparison_of(results, cell)


@cache
def say_engine(means: Means) -> None:
    """Say once where another engine runs than was asked for, or has to be compiled first."""
    if means.asked not in (None, means.engine):
        sys.stderr.write(f"The {means.asked} engine can't be loaded; {means.engine} runs instead\n")
    if means.cluster is not None:
        return
    is_compiled, lost = compiles_first(means.engine)
    if lost:
        sys.stderr.write(f"{lost}\n")
    elif is_compiled and sys.stderr.isatty():
        sys.stderr.write("Compiling the engine, once after an installation: some 20 seconds\n")


def quietly(_: str) -> None:
    """Says nothing of what is being done."""


@contextmanager
def stages() -> Iterator[AtWork]:
    """Shows the stage at work once the runs are done, until the last file is written."""
    if not sys.stderr.isatty():
        yield quietly
        return
    with screen(sys.stderr).status("") as shown:
        yield lambda what: shown.update(Text(f"{what[:1].upper()}{what[1:]}"))


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
        console=screen(sys.stderr),
        transient=True,
        disable=not sys.stderr.isatty(),
    )


class _Rate(ProgressColumn):
    """How many are done in a second."""

    def render(self, task: Task) -> Text:
        """The rate so far; empty before the first."""
        return Text(f"{task.finished_speed or task.speed:.1f}/s" if task.speed else "")
