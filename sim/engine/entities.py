"""What exists in a run: posts, people, vacancies. State only; what they do stands elsewhere."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import simpy

from sim.config.roles import Role
from sim.config.routes import NEWLY_QUALIFIED_ROUTES
from sim.config.routes import Route as Route
from sim.inputs.pipelines_plan import ArrivalGroup
from sim.inputs.plan import PostPlan
from sim.inputs.position import PostState

SimEvent = simpy.events.Event
Process = Any
"""A SimPy process generator: yields events and returns nothing."""


class Stage(IntEnum):
    """Where a vacancy stands."""

    APPROVAL = 0
    INTERNAL = 1
    ADVERTISED = 2
    IN_HAND = 3
    FILLED = 4
    CLOSED = 5


@dataclass(slots=True)
class Tie:
    """A payment that is still to be served.

    Attributes:
        exits: multiplier of leaving until it is served.
    """

    line: int
    gbp: float
    paid_day: float
    tie_in_days: float
    recovery_share: float
    exits: float = 1.0


@dataclass(slots=True, eq=False)
class Worker:
    """A permanent employee: one person, whose luck (`key`) stays the same wherever they work."""

    key: int
    number: int
    route: Route
    post: Post
    joined_day: float
    luck: list[float]
    left: SimEvent
    under_notice: bool = False
    gone: bool = False
    exit: int = 0
    ties: list[Tie] = field(default_factory=list)
    bonds: list[Tie] = field(default_factory=list)
    """Ties that change how likely leaving is."""
    settles_day: float = math.inf
    """Day on which someone hired abroad may settle, free of the sponsor."""
    newly_qualified: bool = field(init=False)
    """Whether the council is where the career began, by any route."""

    def __post_init__(self) -> None:
        """Work out once what is asked of every worker monthly."""
        self.newly_qualified = self.route in NEWLY_QUALIFIED_ROUTES

    @property
    def name(self) -> str:
        """Name in the trace."""
        return f"worker {self.number}"


@dataclass(slots=True, eq=False)
class Candidate:
    """Someone who will fill a vacancy, if all goes well."""

    key: int
    route: Route
    accepts: bool
    drops_out: bool
    ready_day: float | None = None
    """Day of the start for those who come on a date of their own; None for the ordinary steps."""
    group: ArrivalGroup | None = None
    """The pipeline that brings them; None for all others."""


@dataclass(slots=True, eq=False)
class Vacancy:
    """The life of one vacancy, from resignation or funding to a start."""

    post: Post
    number: int
    opened_day: float
    leaver: Worker | None
    taken: SimEvent
    stage: Stage = Stage.APPROVAL
    advertised_day: float = -1.0
    offered_day: float = -1.0
    agreed_day: float = -math.inf
    """Day on which a start was agreed; -inf while none is."""
    covers: int = 0

    def is_over(self) -> bool:
        """Whether it was filled or its post closed."""
        return self.stage >= Stage.FILLED


@dataclass(slots=True, eq=False)
class Post:
    """A post as it stands: filled, covered by agency, or uncovered."""

    plan: PostPlan
    fte: float
    state: PostState
    number: int = field(init=False)
    team: int = field(init=False)
    role: Role = field(init=False)
    hundredths: int = field(init=False)
    """FTE in whole hundredths, in which it is counted."""
    pull: float = field(init=False)
    """Base weight x attractiveness of team and role, relative to the baseline on day 0."""
    holder: Worker | None = None
    vacancy: Vacancy | None = None
    vacancies: int = 0
    is_target: bool = False
    """Vacant or under notice on day 0: one of those the council said it must fill."""
    has_ended: bool = False
    """Its term is over, whether or not its holder is still in it."""
    target_held: bool = False
    """A target post that has a permanent holder who came since day 0."""

    def __post_init__(self) -> None:
        """Copy what is read at every event from the plan."""
        self.number, self.team, self.role = self.plan.number, self.plan.team, self.plan.role
        self.hundredths, self.pull = self.plan.hundredths, self.plan.choice_weight

    @property
    def is_open(self) -> bool:
        """Part of the establishment now: held or vacant."""
        return self.state in (PostState.FILLED, PostState.COVERED, PostState.UNCOVERED)

    @property
    def is_vacant(self) -> bool:
        """Open and without permanent holder; agency cover changes nothing."""
        return self.state in (PostState.COVERED, PostState.UNCOVERED)
