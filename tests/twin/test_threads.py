"""Runs in several threads at once give the facts that they give one after the other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from sim.engine.records import Records
from sim.inputs.fates import Fates
from sim.inputs.plan import Plan
from tests.twin.difference import first_difference
from tests.twin.engines import compiled
from tests.twin.plans import choice_at, plan_of

pytestmark = pytest.mark.slow


def run(task: tuple[Plan, int]) -> Records:
    plan, replication = task
    found: Records = compiled.simulate(plan, Fates(1, replication))
    return found


def test_threads_do_not_touch_each_other() -> None:
    plans = [plan_of(choice_at(number, 12)) for number in (1, 14, 30)]
    tasks = [(plan, replication) for replication in range(8) for plan in plans]
    alone = [run(task) for task in tasks]
    with ThreadPoolExecutor(2) as threads:
        for _ in range(3):
            together = list(threads.map(run, tasks))
            assert [first_difference(*pair) for pair in zip(alone, together, strict=True)] == [
                None
            ] * len(tasks)
