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
import simpy

from sim.engine import model
from sim.engine.records import Records
from sim.inputs.fates import Fates
from sim.inputs.plan import Plan
from tests.helpers import SEED, Trace, with_markets
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
        agency_rules=True,
        fixed=0,
    )
    return plan_of(choice)


def simulate_on(
    environment: type[simpy.Environment], plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> tuple[Records, Trace]:
    """The SimPy engine as it stands, on another clock."""
    trace = Trace()
    with monkeypatch.context() as patch:
        patch.setattr(simpy, "Environment", environment)
        return model.simulate(plan, FATES, trace), trace


# -- a run cut at months ---------------------------------------------------------------------------


def cut_at_months(plan: Plan, stops: list[float]) -> type[simpy.Environment]:
    """A clock that stops within each month and at its end, and notes where it stopped then."""

    class CutAtMonths(simpy.Environment):
        def run(self, until: object = None) -> None:
            assert until == plan.horizon
            for begin, end in pairwise(plan.boundaries):
                super().run(until=begin + 0.3)
                super().run(until=end)
                stops.append(self.now)

    return CutAtMonths


def problems_of_a_cut_run(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Month ends that a run cut at months misses, and where it differs from a whole one."""
    stops: list[float] = []
    whole, told = simulate_on(simpy.Environment, plan, monkeypatch)
    cut, told_in_cut = simulate_on(cut_at_months(plan, stops), plan, monkeypatch)
    missed = [
        f"stops at {stop!r}, not at {day!r}"
        for day, stop in zip(plan.boundaries[1:], stops, strict=True)
        if stop != day
    ]
    different = (
        first_difference(whole, cut),
        first_difference_of_traces(told.events, told_in_cut.events),
    )
    return missed + [str(found) for found in different if found is not None]


def test_a_run_cut_at_months_equals_a_whole_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stop at a whole day is exact, even after a stop within a day: `now + (until - now)`."""
    assert problems_of_a_cut_run(plan_with_everything(), monkeypatch) == []


def test_month_ends_within_a_day_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A month's end within a day may be missed by one bit: 24.68 + (57.24 - 24.68) is more."""
    plan = plan_with_everything()
    bounds = tuple(day * 1.06 for day in plan.boundaries)
    moved = dataclasses.replace(plan, boundaries=bounds, horizon=bounds[-1])
    assert problems_of_a_cut_run(moved, monkeypatch) == ["stops at 57.24000000000001, not at 57.24"]


# -- the clock's type ------------------------------------------------------------------------------


class WatchedClock(simpy.Environment):
    """A clock that must be a Python float after every event, and never runs backwards."""

    def step(self) -> None:
        before = self.now
        super().step()
        assert type(self.now) is float, f"the clock is a {type(self.now).__name__}"
        assert self.now >= before, f"the clock runs back from {before} to {self.now}"


def test_the_clock_is_a_python_float_at_every_event(monkeypatch: pytest.MonkeyPatch) -> None:
    _, trace = simulate_on(WatchedClock, plan_with_everything(), monkeypatch)
    assert len(trace.events) > 1000
    assert {type(event.day) for event in trace.events} == {float}


@pytest.mark.parametrize("number", [np.float64(56.0), np.float32(56.0), np.int16(56)])
def test_a_delay_of_another_type_would_be_found(
    number: np.number, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = with_markets(plan_with_everything(), notice_days=number)
    with pytest.raises(AssertionError, match="the clock is a"):
        simulate_on(WatchedClock, plan, monkeypatch)


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
