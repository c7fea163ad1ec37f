"""The named mechanisms through which any measure may act.

A measure never touches the engine: it states effects in these terms, and sim/inputs/plan.py turns
them into posts, pay and payments in force from each date. A further measure is a new class in this
package that returns these; a further mechanism is a new class here and its place in the plan.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import ClassVar, Self

from sim.config.casework import CaseStage
from sim.config.roles import Role


@dataclass(frozen=True, kw_only=True)
class Mechanism:
    """One way in which a measure acts, from `start` until `end` (None for ever), of some size.

    SIZE names the field that says how large it is; part of a mechanism has part of that size.
    """

    SIZE: ClassVar[str]

    start: dt.date
    end: dt.date | None = None

    def part(self, share: float, start: dt.date, end: dt.date | None) -> Self:
        """A share of it, in force from `start` to `end`."""
        size = share * getattr(self, self.SIZE)
        return replace(self, start=start, end=end, **{self.SIZE: size})


@dataclass(frozen=True, kw_only=True)
class NewPosts(Mechanism):
    """Posts added to a team on `start`; closed again on `end` where there is one."""

    SIZE = "fte"

    team: str
    role: Role
    fte: float


@dataclass(frozen=True, kw_only=True)
class PayRise(Mechanism):
    """A yearly supplement to pay, GBP of salary per FTE, for the posts in scope."""

    SIZE = "take_up"

    teams: tuple[str, ...]
    roles: tuple[Role, ...]
    gbp_per_year: float
    take_up: float


@dataclass(frozen=True, kw_only=True)
class RetentionDeal(Mechanism):
    """A lump sum per FTE for those still in a post in scope on each payment date."""

    SIZE = "take_up"

    teams: tuple[str, ...]
    roles: tuple[Role, ...]
    payment_dates: tuple[dt.date, ...]
    qualifying_months: int
    tie_in_months: int
    gbp: float
    take_up: float

    def part(self, share: float, start: dt.date, end: dt.date | None) -> Self:
        """A share of those in scope; payments due after `end` are not made."""
        kept = tuple(d for d in self.payment_dates if d > start and (end is None or d <= end))
        return replace(super().part(share, start, end), payment_dates=kept)


@dataclass(frozen=True, kw_only=True)
class StageMove(Mechanism):
    """Children who enter a stage go to these teams, by share. Work moves or it doesn't."""

    stage: CaseStage
    shares: dict[str, float]

    def part(self, share: float, start: dt.date, end: dt.date | None) -> Self:
        """The whole of it, from `start` to `end`."""
        return replace(self, start=start, end=end)


@dataclass(frozen=True, kw_only=True)
class PlainSpend(Mechanism):
    """Money spent as planned, and FTE it pays for, with no effect on anything else."""

    SIZE = "fte"

    fte: float


@dataclass(frozen=True)
class Phase:
    """A share of a measure, in force from one date to another (None for ever)."""

    share: float
    start: dt.date
    end: dt.date | None


@dataclass(frozen=True)
class Effects:
    """Everything that one line of a scenario does."""

    posts: tuple[NewPosts, ...] = ()
    pay: tuple[PayRise, ...] = ()
    retention: tuple[RetentionDeal, ...] = ()
    moves: tuple[StageMove, ...] = ()
    plain: tuple[PlainSpend, ...] = ()

    def phased(self, phases: Sequence[Phase]) -> Effects:
        """The same mechanisms, a share of each from the beginning of each phase to its end."""
        return Effects(
            **{
                item.name: tuple(
                    mechanism.part(phase.share, phase.start, phase.end)
                    for phase in phases
                    for mechanism in getattr(self, item.name)
                )
                for item in fields(self)
            }
        )
