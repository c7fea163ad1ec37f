"""Pipelines in a plan, as plain frozen data: who is to arrive, and what befalls whom by route."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.config.roles import Role
from sim.config.routes import Route


@dataclass(frozen=True, slots=True)
class CareerPlan:
    """A multiplier of leaving for some workers, in some months of their time at the council.

    Attributes:
        cells: teams and roles in scope.
        routes: routes in scope; empty for all.
        from_days, until_days: days since joining between which it acts.
        start_day, end_day: days of the run between which it acts.
        multiplier: of the rates of all three exits.
    """

    cells: frozenset[tuple[int, Role]]
    routes: frozenset[Route]
    from_days: float
    until_days: float
    start_day: float
    end_day: float
    multiplier: float


@dataclass(frozen=True, slots=True)
class RampPlan:
    """Newly qualified workers of some teams come to a full caseload after `days`."""

    teams: frozenset[int]
    start_day: float
    end_day: float
    days: float


@dataclass(frozen=True, slots=True)
class ArrivalGroup:
    """People who come by one pipeline together.

    Attributes:
        key: key of their luck; the k-th of them is `join(key, k)` in every scenario.
        line: budget line that brings them; None where nothing is counted on it.
        people: offers made, or places.
        found: how many of them find somebody: the first ones.
        begin_day: offers are made, or training begins.
        offer_day: each who will come takes a post.
        start_day: the first day at work.
        share_who_come: chance of coming of who is found, that is of starting or of completing.
        trains: whether the time from `begin_day` to `start_day` is training.
        tie_in_days: time to be served once there; 0 for none.
        repayable_gbp, recovery_share: owed by who leaves on the first day, and how much comes back.
        tie_in_exits: multiplier of leaving until the time is served.
    """

    key: int
    route: Route
    line: int | None
    people: int
    found: int
    begin_day: float
    offer_day: float
    start_day: float
    share_who_come: float
    trains: bool = False
    tie_in_days: float = 0.0
    repayable_gbp: float = 0.0
    recovery_share: float = 0.0
    tie_in_exits: float = 1.0


@dataclass(frozen=True, slots=True)
class SettlementPlan:
    """Fees paid for those who may settle, and the time that they owe for it."""

    line: int
    cells: frozenset[tuple[int, Role]]
    start_day: float
    end_day: float
    take_up: float
    tie_in_days: float
    exits: float


@dataclass(frozen=True, slots=True)
class InductionPlan:
    """A line that takes on the starters of some routes, and is charged for each."""

    line: int
    cells: frozenset[tuple[int, Role]]
    routes: frozenset[Route]
    start_day: float
    end_day: float
    share: float


@dataclass(frozen=True, slots=True)
class OverseasStaff:
    """People hired abroad who are in post on day 0: how many, and when they joined (days)."""

    people: int
    first_joined_day: float
    last_joined_day: float


@dataclass(frozen=True, slots=True)
class PipelinePlan:
    """All pipelines of a plan.

    Attributes:
        settlement_days: from joining to settlement, for people hired abroad.
        overseas_start, overseas_ramp_days: share of a full caseload on their first day, and days
            to all of it.
    """

    arrivals: tuple[ArrivalGroup, ...] = ()
    ramps: tuple[RampPlan, ...] = ()
    settlements: tuple[SettlementPlan, ...] = ()
    inductions: tuple[InductionPlan, ...] = ()
    overseas_staff: OverseasStaff | None = None
    settlement_days: float = math.inf
    overseas_start: float = 1.0
    overseas_ramp_days: float = 0.0
