"""Filling a results store: the blocks that it lacks are run, and each is written as it comes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor

from sim.experiment.cells import Job
from sim.experiment.replicate import TaskResult
from sim.experiment.results import Results
from sim.experiment.runner import RunFailed, run_blocks


def fill(
    results: Results,
    jobs: Sequence[Job],
    executor: Executor | None,
    on_done: Callable[[TaskResult], None] = lambda _: None,
    where: Callable[[Job, RunFailed], Exception] = lambda _, failed: failed,
) -> None:
    """Run blocks and write them, in their order, whoever ends first.

    Args:
        results: the store.
        jobs: the blocks that it lacks.
        executor: where to run; None for here.
        on_done: called with each pair once it is written.
        where: what is raised of a run that failed.

    Raises:
        InputError: a run fails, or the store can't be written.
    """
    found = run_blocks(((job.cell.study, tuple(job.block)) for job in jobs), executor)
    for job in jobs:
        try:
            tasks = next(found)
        except RunFailed as failed:
            raise where(job, failed) from failed
        results.write(job, tasks)
        for task in tasks:
            on_done(task)
