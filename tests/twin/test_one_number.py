"""One number in a trace is one human, from the first day to the last, in both engines.

Candidate to worker, agency worker to candidate to worker: the words change, the number does not.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from functools import cache
from typing import Any

import pytest

from sim.config.routes import Route
from sim.engine.case_records import Cause
from sim.engine.simpy import engine as with_simpy
from sim.engine.trace import TraceEvent
from sim.inputs.fates import Fates
from sim.inputs.plan import Plan
from sim.inputs.position import PostState
from tests.case_helpers import case_plan, small
from tests.helpers import SEED, Trace, ended, shortened, started

ENGINES = ("simpy", "compiled")
LIVELY = {
    "agency.conversion_rate": 2.0,
    "agency.assignment": 6.0,
    "agency.release": 0.5,
    "council.staffing.leaving_rate": 0.5,
    "council.staffing.starters_fte_per_year": 200.0,
    "council.staffing.newly_qualified_share_of_starters": 0.3,
    "internal_moves.chance_social_worker": 0.5,
    "hiring.drop_out": 0.2,
}
"""Everybody comes and goes, by every road there is."""


@cache
def plan() -> Plan:
    """A year and a half of a quarter of Devon, with children, and people recoded into posts."""
    lively = shortened(small(case_plan(2, LIVELY, loop=True), 4), 18)
    return dataclasses.replace(lively, other_net_change=(0.8,) * lively.periods)


@cache
def told(engine: str) -> tuple[TraceEvent, ...]:
    """The trace of one engine."""
    trace = Trace()
    if engine == "simpy":
        with_simpy.simulate(plan(), Fates(SEED, 5), trace)
    else:
        compiled = pytest.importorskip("sim.engine.compiled", exc_type=ImportError)
        compiled.simulate(plan(), Fates(SEED, 5), trace)
    return tuple(trace.events)


def number_of(event: TraceEvent) -> int:
    return int(event.person.rsplit(" ", 1)[1])


def kind_of(event: TraceEvent) -> str:
    return event.person.rsplit(" ", 1)[0]


def lives(engine: str) -> dict[int, list[TraceEvent]]:
    """By number: the events in which somebody is named."""
    found: dict[int, list[TraceEvent]] = defaultdict(list)
    for event in told(engine):
        if event.person:
            found[number_of(event)].append(event)
    return found


@pytest.mark.parametrize("engine", ENGINES)
def test_a_trace_is_told_when_the_run_is_over(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A listener can neither slow a run down nor stop it half-way."""
    module: Any = with_simpy
    if engine == "compiled":
        module = pytest.importorskip("sim.engine.compiled.engine", exc_type=ImportError)
    run, over = module.run, []

    def watched(run_of: Any) -> None:
        run(run_of)
        over.append(True)

    def listen(event: TraceEvent) -> None:
        assert over, event
        heard.append(event)

    heard: list[TraceEvent] = []
    monkeypatch.setattr(module, "run", watched)
    module.simulate(plan(), Fates(SEED, 5), listen)
    assert tuple(heard) == told(engine)
    assert heard == sorted(heard, key=lambda event: event.day)


@pytest.mark.parametrize("engine", ENGINES)
def test_nobody_turns_back_into_what_they_were(engine: str) -> None:
    """A worker stays one; whoever turns permanent was an agency worker throughout before."""
    seen = set()
    for life in lives(engine).values():
        kinds = [kind_of(event) for event in life]
        first = kinds.index("worker") if "worker" in kinds else len(kinds)
        assert set(kinds[first:]) <= {"worker"}, life
        assert kinds[0] == "agency worker" or "agency worker" not in kinds, life
        seen.add(tuple(dict.fromkeys(kinds)))
    assert {("agency worker", "worker"), ("candidate", "worker")} <= seen


@pytest.mark.parametrize("engine", ENGINES)
def test_everybody_starts_once_and_leaves_once_and_is_not_heard_of_again(engine: str) -> None:
    last_words = {"leaves", "leaves the count", "drops out", "agency cover ends",
                  "agency above establishment ends"}  # fmt: skip
    ends = 0
    for life in lives(engine).values():
        whats = [event.what for event in life]
        assert whats.count("starts") <= 1, life
        assert "starts" not in whats or kind_of(life[whats.index("starts")]) == "worker"
        over = [place for place, what in enumerate(whats) if what in last_words]
        assert over in ([], [len(life) - 1]), life
        ends += len(over)
    assert ends > 100


@pytest.mark.parametrize("engine", ENGINES)
def test_who_starts_is_who_was_offered_the_post(engine: str) -> None:
    """By the number of the last offer that the post's vacancy made, day 0 and recoding aside."""
    offered: dict[str, int] = {}
    routes: dict[str, int] = defaultdict(int)
    for event in told(engine):
        if (event.what == "offer" and not event.detail) or event.what.endswith(" offer"):
            offered[event.post] = number_of(event)
        elif event.what == "drops out":  # an agency worker may take the post, without an offer
            assert offered.pop(event.post) == number_of(event), event
        elif event.what == "starts" and event.detail != "supernumerary":
            route = event.detail.removeprefix("route: ")
            if event.post in offered and route != Route.RECODED.name.lower():
                assert offered.pop(event.post) == number_of(event), event
                routes[route] += 1
    assert routes["experienced"] > 20
    assert routes["newly_qualified"] > 2


@pytest.mark.parametrize("engine", ENGINES)
def test_who_turns_permanent_is_who_covered_the_post(engine: str) -> None:
    """The children whom an agency worker had keep the same worker under the same number."""
    covers: dict[str, int] = {}
    seen = 0
    for event in told(engine):
        if event.what == "agency cover begins":
            covers[event.post] = number_of(event)
        elif event.what == "agency cover ends":
            assert covers.pop(event.post, number_of(event)) == number_of(event)
        elif event.what == "starts":
            covered_by = covers.pop(event.post, None)
            if event.detail == "route: agency_conversion" and covered_by is not None:
                assert covered_by == number_of(event)
                seen += 1
    assert seen > 3


@pytest.mark.parametrize("engine", ENGINES)
def test_the_holder_of_a_post_is_one_number_until_somebody_else_comes(engine: str) -> None:
    """Starts, moves and leaving agree on who holds what."""
    names = {post.name for post in plan().posts if post.state is PostState.FILLED}
    holders: dict[str, int] = {}
    moves = 0
    for event in told(engine):
        if event.what in ("resigns", "absent", "returns", "leaves", "leaves the count"):
            assert event.post in names or event.post in holders, event
            assert holders.setdefault(event.post, number_of(event)) == number_of(event), event
        if event.what in ("leaves", "leaves the count"):
            del holders[event.post]
        elif event.what == "moves inside":
            origin = event.detail.removeprefix("from ")
            assert holders.pop(origin, number_of(event)) == number_of(event), event
            moves += 1
        if event.what in ("starts", "moves inside"):
            assert event.post not in holders, event
            holders[event.post] = number_of(event)
    assert moves > 5
    assert len(set(holders.values())) == len(holders), "nobody holds two posts"


@pytest.mark.parametrize("engine", ENGINES)
def test_children_are_given_to_people_by_the_numbers_that_they_have(engine: str) -> None:
    """A child's worker is told as an agency worker until the day of the start, then as a worker."""
    start: dict[int, float] = {}
    known: set[int] = set()
    for event in told(engine):
        if event.what == "starts":
            start[number_of(event)] = event.day
        elif event.person and not event.child and kind_of(event) == "worker":
            known.add(number_of(event))
    seen = 0
    for event in told(engine):
        if event.what != "allocated":
            continue
        number, is_agency = number_of(event), kind_of(event) == "agency worker"
        if number in start and event.day != start[number]:
            assert is_agency == (event.day < start[number]), event
            seen += is_agency
        elif number in known and number not in start:
            assert not is_agency, event
    assert seen > 3, "children of those who turn permanent later"


def test_numbers_are_given_to_one_row_each() -> None:
    """In the rows themselves: workers, and who covers or has a place above establishment."""
    w = started(plan(), Fates(SEED, 5))
    ended(plan(), w)
    workers = [worker.person for worker in w.workers]
    assert len(set(workers)) == len(workers)
    assert max(workers) <= w.people
    for holder in w.holders:
        if holder.worker is not None:
            assert holder.person == holder.worker.person, "somebody has another's caseload"
    agency = [holder.person for holder in w.holders if holder.worker is None]
    assert len(set(agency)) == len(agency)
    assert not set(agency) & set(workers)


def test_a_route_is_not_told_as_the_cause_of_the_same_number() -> None:
    """Members of two kinds of numbers are equal where the numbers are."""
    details = {event.detail for event in told("simpy") if event.what == "allocated"}
    offers = {event.what for event in told("simpy") if event.what.endswith(" offer")}
    assert {"", "after: leaver", "after: transfer"} <= details
    assert details <= {"", *(f"after: {cause.name.lower().replace('_', ' ')}" for cause in Cause)}
    assert offers <= {f"{route.name.lower().replace('_', ' ')} offer" for route in Route}
