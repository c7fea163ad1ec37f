"""A child's 12 months after referral, worked out from the events of one run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from sim.engine.trace import TraceEvent

REFERRED_WITHIN_DAYS = 91
YEAR_DAYS = 365.0

AFTER = "after: "
"""What begins the detail of an event that tells why a worker lost a case."""
_BEGINS = " begins"
FURTHEST = (
    "decision",
    "assessment",
    "child in need",
    "section 47",
    "protection plan",
    "pre proceedings",
    "looked after first year",
    "court",
    "looked after settled",
)
"""Stages from the least to the furthest into protection or care."""


@dataclass
class Moment:
    """What happened to a case at one instant.

    Attributes:
        day: simulated day.
        before, stage: the stage before and after; empty before the first.
        begins: whether the stage begins now.
        holder: who has the case until now; empty for nobody.
        waiting: whether the child waits for a worker until now.
        events: what was told.
        taken: those who took the case, in order, with what was told of each.
    """

    day: float
    before: str
    stage: str
    begins: bool
    holder: str
    waiting: bool
    events: list[TraceEvent]
    taken: list[Taken] = field(default_factory=list)

    def event(self, what: str) -> TraceEvent | None:
        """The event of a kind, if it happened."""
        return next((event for event in self.events if event.what == what), None)


@dataclass(frozen=True)
class Taken:
    """A worker takes a case.

    Attributes:
        event: what was told.
        before: the worker before; empty for the first.
        order: how many workers the child has had, this one included.
        again: whether this one had the case before.
        waited: days without a worker until now.
    """

    event: TraceEvent
    before: str
    order: int
    again: bool
    waited: float

    @property
    def cause(self) -> str:
        """Why the worker before lost the case; empty for the first."""
        return self.event.detail.removeprefix(AFTER) if self.before else ""


class CaseYear:
    """What happened to one child in the 12 months after its referral, worked out from its events.

    Whoever only decides on the referral is not counted as a worker.

    Attributes:
        number: number of the child.
        end: simulated day on which the 12 months end.
        moments: instants at which something happened.
        furthest: place in FURTHEST of the stage that went furthest.
        workers: different people who held the case; changes: times that another took it.
        causes: cause of each change.
        days_without: days on which the open case had no worker.
        deferred: reviews deferred.
        holder: who has the case in the end; empty for nobody.
        closed: whether it is closed in the end.
    """

    def __init__(self, child: str, events: Sequence[TraceEvent]) -> None:
        self.number = int("".join(c for c in child if c.isdigit()) or 0)
        self.end = events[0].day + YEAR_DAYS
        self.moments: list[Moment] = []
        self.furthest = 0
        self.workers = self.changes = self.deferred = 0
        self.causes: list[str] = []
        self.days_without = 0.0
        self.holder = self._last = ""
        self.closed = False
        self._known: set[int] = set()
        self._waiting_since: float | None = None
        stage = ""
        for at, group in groupby((e for e in events if e.day < self.end), lambda e: e.day):
            stage = self._live(at, stage, list(group))
        self._stop_waiting(self.end)

    @property
    def stage(self) -> str:
        """The stage at the end."""
        return self.moments[-1].stage

    def _live(self, at: float, before: str, events: list[TraceEvent]) -> str:
        """One instant; returns the stage after it."""
        begun = [e.what.removesuffix(_BEGINS) for e in events if e.what.endswith(_BEGINS)]
        stage = begun[-1] if begun else before
        waiting = self._waiting_since is not None
        moment = Moment(at, before, stage, bool(begun), self.holder, waiting, events)
        self.moments.append(moment)
        self.furthest = max([self.furthest, *(FURTHEST.index(s) for s in begun if s in FURTHEST)])
        for event in events:
            self._happens(moment, event)
        if begun and self.holder and not self._last:
            self._take(moment, replace(events[-1], person=self.holder, detail=""))
        return stage

    def _happens(self, moment: Moment, event: TraceEvent) -> None:
        match event.what:
            case "allocated":
                self._take(moment, event)
            case "waits for a worker":
                if self._waiting_since is None:
                    self._waiting_since = event.day
                self.holder = ""
            case "review deferred":
                self.deferred += 1
            case "case closes":
                self._stop_waiting(event.day)
                self.closed, self.holder = True, ""

    def _stop_waiting(self, at: float) -> float:
        waited = 0.0 if self._waiting_since is None else at - self._waiting_since
        self.days_without += waited
        self._waiting_since = None
        return waited

    def _take(self, moment: Moment, event: TraceEvent) -> None:
        waited = self._stop_waiting(event.day)
        self.holder = event.person
        if moment.stage == "decision":
            return
        if self._last:
            cause = event.detail.removeprefix(AFTER)
            self.changes += 1
            self.causes.append(cause)
        again = event.person_number in self._known
        self.workers += not again
        self._known.add(event.person_number)
        moment.taken.append(Taken(event, self._last, self.workers, again, waited))
        self._last = event.person


def case_years(events: Sequence[TraceEvent]) -> list[CaseYear]:
    """The 12 months of every child referred in the first three months."""
    cases: dict[str, list[TraceEvent]] = {}
    for event in events:
        if event.what == "referral" and event.day < REFERRED_WITHIN_DAYS:
            cases[event.child] = []
        if event.child in cases:
            cases[event.child].append(event)
    return [CaseYear(child, found) for child, found in cases.items()]
