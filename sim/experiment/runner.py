"""Running replications in blocks of whole draws, over any Executor; one path for all of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from itertools import groupby, islice
from typing import Any, TypeVar

from sim.config.errors import InputError
from sim.experiment.deadweight import answers, asked_for
from sim.experiment.replicate import Condition, Outcome, Study, Task, TaskResult, measure
from sim.experiment.threads import stop_if_asked
from sim.inputs.fates import Fates
from sim.inputs.plan import Plan
from sim.outcomes.line_money import paid_to_staff

T = TypeVar("T")

AHEAD = 32
"""Blocks handed to an executor before their results are asked for, where it does not say how many
workers it has."""

Block = tuple[Task, ...]
"""Tasks of one draw, which share its plans."""


class RunFailed(InputError):
    """A run that ended in an error: nothing is worked out without it.

    Attributes:
        place: its scenario's place in the study.
    """

    def __init__(self, place: int, where: str, problem: str) -> None:
        super().__init__(where, problem, "Report it with the files that it was begun with")
        self.place = place

    def __reduce__(self) -> Any:
        """As a worker process hands it over."""
        return RunFailed, (self.place, self.where, self.problem)


def in_blocks(tasks: Sequence[Task]) -> tuple[Block, ...]:
    """Tasks put together by their draw, in their order."""
    return tuple(tuple(block) for _, block in groupby(tasks, key=lambda task: task.draw))


def run_block(study: Study, block: Block) -> tuple[TaskResult, ...]:
    """Simulate the tasks of one draw: every scenario on the same draw and fates.

    Plans hang on the draw and the condition alone, so that each is made once for all fates.
    """
    found: dict[Task, dict[Condition, tuple[Outcome, ...]]] = {task: {} for task in block}
    for condition in dict.fromkeys(condition for task in block for condition in task.conditions):
        plans: list[Plan] = []
        for scenario in study.scenarios:
            stop_if_asked()
            with _failing(study, len(plans), block[0]):
                plans.append(study.plan(scenario, block[0].draw, condition))
        asked = asked_for(plans[0], plans[1:])
        for task, outcomes in found.items():
            if condition in task.conditions:
                outcomes[condition] = _run_all(study, asked, plans, task)
    return tuple(TaskResult(task.pair, outcomes) for task, outcomes in found.items())


@contextmanager
def _failing(study: Study, place: int, task: Task) -> Iterator[None]:
    """An error of a run, told with all that is needed to run it again.

    Raises:
        RunFailed: in place of any error.
    """
    try:
        yield
    except Exception as error:
        kind = type(error).__name__
        told = error.line() if isinstance(error, InputError) else f"{kind}: {error}".rstrip(": ")
        scenario = study.scenarios[place]
        raise RunFailed(
            place,
            f"run of {scenario.key or scenario.name}, --draw {task.draw}"
            f" --replication {task.pair} --seed {study.seed}",
            f"failed ({told})",
        ) from error


def _run_all(study: Study, asked: Plan, plans: Sequence[Plan], task: Task) -> tuple[Outcome, ...]:
    """Every scenario on one draw and fate; the first is `asked` whom the others would have paid."""
    simulate, fates = study.simulate, Fates(study.seed, task.pair)
    base, others = plans[0], plans[1:]
    stop_if_asked()
    with _failing(study, 0, task):
        records, payments = answers(simulate(asked, fates), base, others)
        outcomes = [measure(study, base, records)]
    for place, (plan, paid) in enumerate(zip(others, payments, strict=True), 1):
        stop_if_asked()
        with _failing(study, place, task):
            without = paid_to_staff(plan, base.accounts, records, paid)
            outcomes.append(measure(study, plan, simulate(plan, fates), without))
    return tuple(outcomes)


def run_blocks(
    blocks: Iterable[tuple[Study, Block]], executor: Executor | None
) -> Iterator[tuple[TaskResult, ...]]:
    """Run blocks and give their results in the order of the blocks, whoever ends first.

    Args:
        blocks: what to run, each with its study.
        executor: any concurrent.futures.Executor; None runs here, one after another.
    """
    return in_order(((run_block, block) for block in blocks), executor)


def in_order(
    calls: Iterable[tuple[Callable[..., T], tuple[Any, ...]]], executor: Executor | None
) -> Iterator[T]:
    """What calls give, in their order, whoever ends first.

    Only so many are handed out ahead that workers have something to do: results that nobody has
    taken yet are bounded, however many calls there are.

    Args:
        calls: functions and what they are called with.
        executor: any concurrent.futures.Executor; None calls here, one after another.
    """
    if executor is None:
        yield from (function(*given) for function, given in calls)
        return
    ahead = 2 * getattr(executor, "workers", AHEAD // 2)
    waiting = iter(calls)
    futures: deque[Future[T]] = deque(
        executor.submit(function, *given) for function, given in islice(waiting, ahead)
    )
    try:
        while futures:
            result = futures.popleft().result()
            futures.extend(
                executor.submit(function, *given) for function, given in islice(waiting, 1)
            )
            yield result
    finally:
        for future in futures:
            future.cancel()
