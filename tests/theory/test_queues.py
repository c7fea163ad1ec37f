"""Queues within their theory: Erlang C, Pollaczek and Khinchine, work shared among cases.

A queue is a work stage (the decision) held by a few full-time workers, after which every case is
closed. An M/M/c queue has a caseload limit of 1, exponential lengths and theta 0.
"""

from __future__ import annotations

import math
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from sim.engine.records import Array
from sim.inputs.casework_plan import DECISION, Length
from tests.case_helpers import queue, run_cases
from tests.helpers import period_days, standard_error

REPLICATIONS = 8
"""Years; each month is a batch, far longer than any queue here remembers."""
BOUND = 3.0
"""Standard errors."""
SIGMA = 0.9

pytestmark = pytest.mark.slow


def erlang_c(servers: int, offered: float) -> float:
    """Chance of waiting in an M/M/c queue that is offered so much work."""
    blocked = 1.0
    for k in range(1, servers + 1):
        blocked = offered * blocked / (k + offered * blocked)
    used = offered / servers
    return blocked / (1 - used * (1 - blocked))


@cache
def _measure(
    servers: int,
    at_once: int | None,
    used: float,
    per_day: float,
    sigma: float | None = None,
    slowing: float = 0.0,
) -> dict[str, Array]:
    """What a queue shows in each month but the first of each replication.

    Args:
        servers: workers.
        at_once: cases that a worker may have in hand; None for no limit.
        used: share of the time that they work, of what `servers` x `at_once` can.
        per_day: referrals a day.
        sigma: of a lognormal length; 0 for a fixed one, None for an exponential one.
        slowing: theta.
    """
    mean = servers * (at_once or 1) * used / per_day
    length = Length(mean, sigma or 0.0, exponential=sigma is None)
    plan = queue(servers, per_day, length, at_once, slowing)
    days = period_days(plan)
    rows = []
    for replication in range(REPLICATIONS):
        cases = run_cases(plan, replication)
        flows = {name: table.sum(axis=1) for name, table in cases.flows.items()}
        months = (
            cases.unallocated_days.sum(axis=1) / days,
            flows["waits_begun"] / flows["referrals"],
            flows["waited_days"] / flows["referrals"],
            cases.child_days[:, DECISION].sum(axis=1) / days,
            cases.exits[:, DECISION].sum(axis=1) / days,
        )
        rows.append(np.array(months)[:, 1:-1])
    names = ("waiting", "chance of waiting", "wait", "in the stage", "done a day")
    return dict(zip(names, np.concatenate(rows, axis=1), strict=True))


def _agrees(sample: Array, expected: float, finest: float = 0.08) -> None:
    """The mean is as expected, and known well enough for that to mean something."""
    error = float(standard_error(sample))
    assert error < finest * expected
    assert sample.mean() == pytest.approx(expected, abs=BOUND * error)


# -- Erlang C --------------------------------------------------------------------------------------

ERLANG = {
    "M/M/1": (1, 1, 0.6, 25.0),
    "M/M/3": (3, 1, 0.7, 25.0),
    "M/M/8": (8, 1, 0.75, 40.0),
    "three workers with four cases each": (3, 4, 0.75, 40.0),
}


@pytest.mark.parametrize("case", ERLANG)
def test_waiting_is_what_erlang_c_says(case: str) -> None:
    servers, at_once, used, per_day = ERLANG[case]
    seen = _measure(servers, at_once, used, per_day)
    places = servers * at_once
    waits = erlang_c(places, places * used)
    waiting = waits * used / (1 - used)
    _agrees(seen["chance of waiting"], waits)
    _agrees(seen["waiting"], waiting)
    _agrees(seen["wait"], waiting / per_day)
    _agrees(seen["in the stage"], waiting + places * used)
    _agrees(seen["done a day"], per_day)


@pytest.mark.parametrize("sigma", [0.0, SIGMA], ids=["fixed", "lognormal"])
def test_one_worker_waits_as_pollaczek_and_khinchine_say(sigma: float) -> None:
    seen = _measure(1, 1, 0.6, 25.0, sigma)
    spread = math.exp(sigma**2) - 1  # squared coefficient of variation
    waiting = 0.6**2 * (1 + spread) / (2 * (1 - 0.6))
    _agrees(seen["waiting"], waiting)
    _agrees(seen["chance of waiting"], 0.6)
    _agrees(seen["in the stage"], waiting + 0.6)


@pytest.mark.parametrize("sigma", [None, 0.0, SIGMA], ids=["exponential", "fixed", "lognormal"])
def test_work_that_load_slows_in_proportion_is_shared(sigma: float | None) -> None:
    """Theta 1, no limit, a full load of one case: processor sharing, whatever the lengths."""
    seen = _measure(1, None, 0.6, 25.0, sigma, slowing=1.0)
    assert seen["waiting"].max() == 0.0
    _agrees(seen["in the stage"], 0.6 / 0.4)
    _agrees(seen["done a day"], 25.0)


@pytest.mark.parametrize("sigma", [None, 0.0, SIGMA], ids=["exponential", "fixed", "lognormal"])
def test_without_limit_and_slowing_all_are_worked_on_at_once(sigma: float | None) -> None:
    seen = _measure(2, None, 2.0, 15.0, sigma)
    assert seen["waiting"].max() == 0.0
    _agrees(seen["in the stage"], 4.0)


# -- more work than workers ------------------------------------------------------------------------

LEVELS = (0.3, 0.6, 0.9, 1.1, 1.5, 2.5)


@pytest.mark.parametrize(("at_once", "slowing"), [(1, 0.0), (4, 0.0), (4, 0.5), (5, 1.0)], ids=str)
def test_completions_do_not_fall_as_the_queue_grows(at_once: int, slowing: float) -> None:
    """Same staff and luck, more and more referrals; a full load is four cases, or five."""
    done, waiting = [], []
    for level in LEVELS:
        plan = queue(
            3, 12.0 * level, Length(3 * at_once / 12.0, exponential=True), at_once, slowing
        )
        cases = run_cases(plan)
        done.append(cases.exits[:, DECISION].sum() / plan.horizon)
        waiting.append(cases.unallocated[-1].sum())
    noise = 3 * math.sqrt(12.0 / plan.horizon)
    assert all(b >= a - noise for a, b in pairwise(done)), done
    assert waiting[-1] > 50 * (waiting[0] + 1)
    assert done[0] == pytest.approx(12.0 * LEVELS[0], rel=0.05)
    assert done[-1] == pytest.approx(12.0, rel=0.05)
