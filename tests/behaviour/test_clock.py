"""SimPy's clock: where it stops, which type it has, and what a plan may bring into it.

SimPy moves the clock by `now + delay`, of whatever types these are: see findings/ for what follows.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from sim.config.rules_taken import RulesTaken
from sim.engine.records import Records
from sim.engine.simpy import engine
from sim.engine.simpy.kernel import Clock
from sim.inputs.fates import Fates
from sim.inputs.plan import Plan
from tests.helpers import SEED, Trace, advance, ended, started, with_markets
from tests.twin.difference import first_difference, first_difference_of_traces
from tests.twin.plans import Choice, choice_at, plan_of, scenarios_of

FATES = Fates(SEED, 0)


@cache
def plan_with_everything() -> Plan:
    """Devon with children, every measure and 13 months: every kind of process runs."""
    choice = dataclasses.replace(
        choice_at(0, 13),
        council="devon_2021",
        scenario=next(name for name in scenarios_of("devon_2021") if "every" in name),
        casework=True,
        loop=True,
        agency_rules=RulesTaken.ON,
        fixed=0,
    )
    return plan_of(choice)


# -- a run cut at months ---------------------------------------------------------------------------


def test_a_run_cut_at_months_equals_a_whole_run() -> None:
    """Stopped within each month and at its end, a run goes on as if it had not been stopped.

    The engine takes events one by one as long as they are due, and asks SimPy for no stop: SimPy's
    own may process the events of its day, or stop short, after a stop within a day.
    """
    plan, trace = plan_with_everything(), Trace()
    whole = engine.simulate(plan, FATES, trace)
    w, again = started(plan, FATES, is_traced=True), Trace()
    for begin, end in pairwise(plan.boundaries):
        advance(w, begin + 0.3)
        advance(w, end)
    assert first_difference(whole, ended(plan, w, again)) is None
    assert first_difference_of_traces(trace.events, again.events) is None


# -- the clock's type ------------------------------------------------------------------------------


class WatchedClock(Clock):
    """A clock that must be a Python float after every event, and never runs backwards."""

    def step(self) -> None:
        before = self.now
        super().step()
        assert type(self.now) is float, f"the clock is a {type(self.now).__name__}"
        assert self.now >= before, f"the clock runs back from {before} to {self.now}"


def watched_run(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> tuple[Records, Trace]:
    """A run by a clock that is watched."""
    trace = Trace()
    with monkeypatch.context() as patch:
        patch.setattr(engine, "Clock", WatchedClock)
        return engine.simulate(plan, FATES, trace), trace


def test_the_clock_is_a_python_float_at_every_event(monkeypatch: pytest.MonkeyPatch) -> None:
    _, trace = watched_run(plan_with_everything(), monkeypatch)
    assert len(trace.events) > 1000
    assert {type(event.day) for event in trace.events} == {float}


@pytest.mark.parametrize("number", [np.float64(56.0), np.float32(56.0), np.int16(56)])
def test_a_number_of_another_type_in_a_plan_changes_nothing(
    number: np.number, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows hold Python's own numbers, whatever a plan brings: SimPy would move its clock by it."""
    whole, _ = watched_run(with_markets(plan_with_everything(), notice_days=56.0), monkeypatch)
    other, _ = watched_run(with_markets(plan_with_everything(), notice_days=number), monkeypatch)
    assert first_difference(whole, other) is None


PLAIN = (float, int, bool, str, dt.date, type(None))


def foreign_values(value: object, path: str) -> Iterator[str]:
    """Where in a plan there is anything but Python's own numbers, texts, dates and containers."""
    if dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from foreign_values(getattr(value, field.name), f"{path}.{field.name}")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from foreign_values(key, f"{path}, a key")
            yield from foreign_values(item, f"{path}[{key!r}]")
    elif isinstance(value, tuple | list | set | frozenset):
        for item in value:
            yield from foreign_values(item, f"{path}, an item")
    elif isinstance(value, np.generic) or not isinstance(value, PLAIN):
        yield f"{path} is a {type(value).__name__}"


@pytest.mark.parametrize("number", range(12))
def test_a_plan_brings_only_pythons_own_numbers(number: int) -> None:
    """Every delay and every day comes from a plan, or from luck, which is integer arithmetic."""
    choice: Choice = choice_at(number * 7, 13)
    assert list(foreign_values(plan_of(choice), "plan")) == []
    assert type(FATES.uniform(1, 2)) is float


def test_a_foreign_number_in_a_plan_would_be_found() -> None:
    plan = with_markets(plan_with_everything(), notice_days=np.float64(56.0))
    found = set(foreign_values(plan, "plan"))
    assert found == {"plan.markets, an item.notice_days is a float64"}
