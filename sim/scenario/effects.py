"""The named mechanisms through which any measure may act.

A measure never touches the engine: it states effects in these terms, and sim/inputs/plan.py turns
them into posts, pay and payments in force from each date. A further measure is a new class in this
package that returns these; a further mechanism is a new class here and its place in the plan.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from sim.config.casework import CaseStage
from sim.config.roles import Role


@dataclass(frozen=True)
class NewPosts:
    """Posts added to a team on `start`; closed again on `end` where there is one."""

    team: str
    role: Role
    fte: float
    start: dt.date
    end: dt.date | None


@dataclass(frozen=True)
class PayRise:
    """A yearly supplement to pay, GBP of salary per FTE, for the posts in scope."""

    teams: tuple[str, ...]
    roles: tuple[Role, ...]
    start: dt.date
    end: dt.date | None
    gbp_per_year: float
    take_up: float


@dataclass(frozen=True)
class RetentionDeal:
    """A lump sum per FTE for those still in a post in scope on each payment date."""

    teams: tuple[str, ...]
    roles: tuple[Role, ...]
    start: dt.date
    payment_dates: tuple[dt.date, ...]
    qualifying_months: int
    tie_in_months: int
    gbp: float
    take_up: float


@dataclass(frozen=True)
class StageMove:
    """Children who enter a stage go to these teams, by share, from `start` to `end`."""

    stage: CaseStage
    shares: dict[str, float]
    start: dt.date
    end: dt.date | None


@dataclass(frozen=True)
class PlainSpend:
    """Money spent as planned, and FTE it pays for, with no effect on anything else."""

    fte: float


@dataclass(frozen=True)
class Effects:
    """Everything that one line of a scenario does."""

    posts: tuple[NewPosts, ...] = ()
    pay: tuple[PayRise, ...] = ()
    retention: tuple[RetentionDeal, ...] = ()
    moves: tuple[StageMove, ...] = ()
    plain: tuple[PlainSpend, ...] = field(default=())
