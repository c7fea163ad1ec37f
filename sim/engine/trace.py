"""The optional trace: every event of a run, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sim.config.casework import STAGES
from sim.config.routes import Route
from sim.engine.case_records import Cause
from sim.engine.events import Event, Person
from sim.inputs.plan import EXITS, Plan


@dataclass(frozen=True, slots=True)
class TraceEvent:
    """One thing that happened.

    Attributes:
        day: simulated day.
        what: kind of event ("resigns", "offer", "starts", "agency cover begins" ...).
        team: name of the team.
        post: name of the post; empty where none is meant.
        person: name of the person; empty where none is meant. The number in it is the person's own
            from the first day to the last.
        detail: anything more, in words.
        child: name of the child; empty where none is meant.
    """

    day: float
    what: str
    team: str
    post: str = ""
    person: str = ""
    detail: str = ""
    child: str = ""

    @property
    def person_number(self) -> int:
        """Number of the person: the same whether as a candidate, agency worker or worker; 0: none.

        Someone who turns permanent is told as another kind of person and stays the same human.
        """
        return int(self.person.rsplit(" ", 1)[-1] or 0)


Listener = Callable[[TraceEvent], None]

ABSENCES = ("sick", "long-term sick", "on long leave")
"""Words for the kinds of absence."""
STEPS = ("lend workers", "lift limits of load", "buy agency staff", "raise thresholds")
"""Words for the steps that managers take when many children wait."""
_WHAT = {
    Event.STARTS_WITHOUT_POST: "starts",
    Event.COVER_BEGINS: "agency cover begins",
    Event.COVER_ENDS: "agency cover ends",
    Event.OVER_ESTABLISHMENT: "agency above establishment",
    Event.OVER_ESTABLISHMENT_ENDS: "agency above establishment ends",
    Event.NOT_FUNDED: "post no longer funded",
    Event.HOURS_CUT: "post's hours cut",
    Event.WAITS: "waits for a worker",
    Event.STEP_TAKEN: "managers take a step",
    Event.STEP_WITHDRAWN: "managers withdraw a step",
    Event.REVIEW_PUT_OFF: "review deferred",
    Event.LENT: "lent to the team",
    Event.COMES_HOME: "back from a loan",
    Event.AGENCY_BOUGHT: "bought agency staff come",
}
"""Words for events whose own name does not say it."""
_PEOPLE = {
    Person.NOBODY: "",
    Person.WORKER: "worker",
    Person.AGENCY_WORKER: "agency worker",
    Person.CANDIDATE: "candidate",
}


def tell_all(plan: Plan, told: Iterable[Any], posts: int, listener: Listener) -> None:
    """Tell a listener every event of a run, in order.

    Args:
        plan: the plan of the run.
        told: rows of sim.engine.layout.Told, of either engine.
        posts: number of posts at the end, those of people without a post included.
        listener: called with each.
    """
    names = [post.name for post in plan.posts]
    names += [f"supernumerary/{number}" for number in range(len(names), posts)]
    for line in told:
        listener(
            TraceEvent(
                float(line.day),
                _what(line),
                plan.team_names[line.team] if line.team >= 0 else "",
                names[line.post] if line.post >= 0 else "",
                f"{_PEOPLE[Person(line.kind)]} {line.person}" if line.person > 0 else "",
                _detail(line, names),
                f"child {line.child}" if line.child >= 0 else "",
            )
        )


def _what(line: Any) -> str:
    what = Event(line.what)
    if what is Event.STAGE_BEGINS:
        return f"{STAGES[line.value].value.replace('_', ' ')} begins"
    if what is Event.ARRIVAL_OFFER:
        return f"{_words(Route(line.value))} offer"
    return _WHAT.get(what, _words(what))


@lru_cache(maxsize=None, typed=True)
def _words(member: Any) -> str:
    """A member's name as words; members of two kinds with one number are told apart."""
    return str(member.name.lower().replace("_", " "))


def _detail(line: Any, posts: list[str]) -> str:
    found = _DETAIL.get(Event(line.what))
    return found(line, posts) if found is not None else ""


def _after(line: Any, posts: list[str]) -> str:
    return f"after: {_words(Cause(line.value))}" if line.value >= 0 else ""


_DETAIL: dict[Event, Callable[[Any, list[str]], str]] = {
    Event.ABSENT: lambda line, _: ABSENCES[line.value],
    Event.RESIGNS: lambda line, _: f"exit: {EXITS[line.value]}",
    Event.LEAVES: lambda line, _: f"exit: {EXITS[line.value]}",
    Event.RETENTION_PAYMENT: lambda line, _: f"line {line.value}",
    Event.OFFER: lambda line, _: "" if line.value else "declined",
    Event.STARTS: lambda line, _: f"route: {Route(line.value).name.lower()}",
    Event.STARTS_WITHOUT_POST: lambda line, _: "supernumerary",
    Event.MOVES_INSIDE: lambda line, posts: f"from {posts[line.value]}",
    Event.HOURS_CUT: lambda line, _: f"by {float(line.amount):.2f} FTE",
    Event.REFERRAL: lambda line, _: "referred again" if line.value else "",
    Event.ALLOCATED: _after,
    Event.STEP_TAKEN: lambda line, _: STEPS[line.value - 1],
    Event.STEP_WITHDRAWN: lambda line, _: STEPS[line.value - 1],
    Event.AGENCY_BOUGHT: lambda line, _: f"{line.value} more",
    Event.WAITS: _after,
}
"""What more there is to say of an event."""
