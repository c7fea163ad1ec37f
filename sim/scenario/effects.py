"""The named mechanisms through which any measure may act.

A measure never touches the engine: it states effects in these terms, and sim/inputs/plan.py turns
them into posts, pay and payments in force from each date. A further measure is a new class in this
package that returns these; a further mechanism is a new class here and its place in the plan.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import ClassVar, Self

from sim.config.casework import CaseStage
from sim.config.roles import Role
from sim.config.routes import Route


@dataclass(frozen=True, kw_only=True)
class Mechanism:
    """One way in which a measure acts, from `start` to the eve of `until`, of some size.

    `until` is the first day without it, None for ever. SIZE names the field that says how large it
    is; part of a mechanism has part of that size.
    """

    SIZE: ClassVar[str]

    start: dt.date
    until: dt.date | None = None

    def is_in_force(self, date: dt.date) -> bool:
        """Whether it acts on a date."""
        return self.start <= date and (self.until is None or date < self.until)

    def part(self, share: float, start: dt.date, until: dt.date | None) -> Self:
        """A share of it, in force from `start` to the eve of `until`."""
        size = share * getattr(self, self.SIZE)
        return replace(self, start=start, until=until, **{self.SIZE: size})

    def cut(self, share: float, date: dt.date) -> tuple[Self, ...]:
        """The same until `date`; from that day on only a share of it is paid for."""
        if self.until is not None and self.until <= date:
            return (self,)
        before = (self.part(1.0, self.start, date),) if self.start < date else ()
        after = (self.rest(share, max(date, self.start)),) if share > 0 else ()
        return before + after

    def rest(self, share: float, date: dt.date) -> Self:
        """What goes on from `date`, of something that began before it or on it."""
        return self.part(share, date, self.until)


@dataclass(frozen=True, kw_only=True)
class NewPosts(Mechanism):
    """Posts added to a team on `start`; closed again on `until` where there is one.

    Attributes:
        kept_share: of the posts, the share that is still paid for from `cut_on` on. The others
            close on that day if they stand vacant, or else when their holder leaves: nobody is
            dismissed.
    """

    SIZE = "fte"

    team: str
    role: Role
    fte: float
    kept_share: float = 1.0
    cut_on: dt.date | None = None

    def cut(self, share: float, date: dt.date) -> tuple[Self, ...]:
        """Posts that are there on `date` know their end; those to come are fewer."""
        if self.until is not None and self.until <= date:
            return (self,)
        if self.start < date:
            return (replace(self, kept_share=share, cut_on=date),)
        return (self.part(share, self.start, self.until),) if share > 0 else ()


@dataclass(frozen=True, kw_only=True)
class PostCut(Mechanism):
    """The council's own posts of a team and role, taken out from `start` on.

    Attributes:
        with_notice: whether held posts end at once, rather than as people leave.
    """

    SIZE = "fte"

    team: str
    role: Role
    fte: float
    with_notice: bool

    def cut(self, share: float, date: dt.date) -> tuple[Self, ...]:
        """The whole of it: what is taken out needs no money."""
        return (self,)


class PayForm(StrEnum):
    """How a rise reaches those in scope: what it is worth to them and what it costs."""

    SALARY = "salary"
    """Salary: worth its amount, costs on-costs too."""
    EXPENSE = "expense"
    """An expense met for them: worth its amount, which is also its cost."""
    IN_KIND = "in_kind"
    """A benefit in kind: worth in_kind_value of its amount, which is its cost."""


@dataclass(frozen=True, kw_only=True)
class PayRise(Mechanism):
    """A yearly supplement to pay, GBP of salary per FTE, for the posts in scope.

    Attributes:
        since: day from which neighbours match it, where that is before `start`.
    """

    SIZE = "take_up"

    teams: tuple[str, ...]
    roles: tuple[Role, ...]
    gbp_per_year: float
    take_up: float
    form: PayForm = PayForm.SALARY
    since: dt.date | None = None

    def rest(self, share: float, date: dt.date) -> Self:
        """What goes on is no new rise: neighbours have been matching it since its beginning."""
        return replace(super().rest(share, date), since=self.since or self.start)


@dataclass(frozen=True, kw_only=True)
class RetentionDeal(Mechanism):
    """A lump sum per FTE for those still in a post in scope on each payment date.

    Attributes:
        since: day on which the first round opened, where that is before `start`.
        promised: payment that staff still await when the line ends before it is due; it is
            not made.
    """

    SIZE = "take_up"

    teams: tuple[str, ...]
    roles: tuple[Role, ...]
    payment_dates: tuple[dt.date, ...]
    qualifying_months: int
    tie_in_months: int
    gbp: float
    take_up: float
    form: PayForm = PayForm.SALARY
    since: dt.date | None = None
    promised: dt.date | None = None

    def part(self, share: float, start: dt.date, until: dt.date | None) -> Self:
        """A share of those in scope; payments due after `until` are not made."""
        kept = tuple(d for d in self.payment_dates if d > start and (until is None or d <= until))
        return replace(super().part(share, start, until), payment_dates=kept)

    def cut(self, share: float, date: dt.date) -> tuple[Self, ...]:
        """Until `date` staff await the whole payment of the round that is open on it."""
        pieces = super().cut(share, date)
        if not pieces or pieces[0].until != date:
            return pieces
        made = tuple(d for d in self.payment_dates if d < date)
        due = next((d for d in self.payment_dates if d >= date), None)
        return (replace(pieces[0], payment_dates=made, promised=due), *pieces[1:])

    def rest(self, share: float, date: dt.date) -> Self:
        """What goes on keeps its rounds; what is due on `date` is paid from the new money."""
        due = tuple(d for d in self.payment_dates if d >= date)
        part = super().rest(share, date)
        return replace(part, payment_dates=due, since=self.since or self.start)


@dataclass(frozen=True, kw_only=True)
class StageMove(Mechanism):
    """Children who enter a stage go to these teams, by share. Work moves or it doesn't."""

    stage: CaseStage
    shares: dict[str, float]

    def part(self, share: float, start: dt.date, until: dt.date | None) -> Self:
        """The whole of it, from `start` to the eve of `until`."""
        return replace(self, start=start, until=until)

    def cut(self, share: float, date: dt.date) -> tuple[Self, ...]:
        """The whole of it: moving work is no money."""
        return (self,)


@dataclass(frozen=True, kw_only=True)
class PlainSpend(Mechanism):
    """Money spent as planned, and FTE it pays for, with no effect on anything else."""

    SIZE = "fte"

    fte: float


class Channel(StrEnum):
    """How candidates come whom a payment to starters is to draw."""

    FROM_AWAY = "from_away"
    THROUGH_COLLEAGUES = "through_colleagues"


@dataclass(frozen=True, kw_only=True)
class Attraction(Mechanism):
    """A payment for starters of one channel: it draws more of these to the posts in scope."""

    SIZE = "take_up"

    teams: tuple[str, ...]
    roles: tuple[Role, ...]
    channel: Channel
    take_up: float = 1.0


@dataclass(frozen=True, kw_only=True)
class HiringHelp(Mechanism):
    """Help with hiring: shorter steps, less drop-out, better adverts, for the posts in scope.

    Where the line has posts of its own it acts in proportion to how many of them are held.
    """

    SIZE = "share"

    teams: tuple[str, ...]
    roles: tuple[Role, ...]
    by_own_posts: bool
    share: float = 1.0


@dataclass(frozen=True, kw_only=True)
class CoverScheme(Mechanism):
    """Agency cover comes faster to the vacancies in scope."""

    SIZE = "share"

    teams: tuple[str, ...]
    roles: tuple[Role, ...]
    share: float = 1.0


@dataclass(frozen=True, kw_only=True)
class CareerEffect(Mechanism):
    """Leaving is multiplied for some workers, in part of their time at the council.

    The multiplier m is a number of behaviour.toml; at strength s leaving is multiplied by
    1 + s (m - 1). An odds ratio (`of_odds`) is turned into the multiplier that has its effect on
    the odds of having left by `until_days`.
    """

    SIZE = "strength"

    teams: tuple[str, ...]
    roles: tuple[Role, ...]
    routes: tuple[Route, ...] = ()
    from_days: float = 0.0
    until_days: float = math.inf
    multiplier: str
    of_odds: bool = False
    strength: float = 1.0


@dataclass(frozen=True, kw_only=True)
class FasterRamp(Mechanism):
    """Newly qualified workers come to a full caseload in a part of their first year."""

    SIZE = "strength"

    teams: tuple[str, ...]
    strength: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Induction(Mechanism):
    """The line takes on the newly qualified starters in scope, and is charged for each."""

    SIZE = "share"

    teams: tuple[str, ...]
    roles: tuple[Role, ...]
    share: float


@dataclass(frozen=True, kw_only=True)
class ExtraPlaces(Mechanism):
    """Places for further newly qualified workers in each yearly cohort."""

    SIZE = "people"

    people: float


class OnADay(Mechanism):
    """What is begun on `start`, and is then seen through whoever pays."""

    def cut(self, share: float, date: dt.date) -> tuple[Self, ...]:
        """What is begun by `date` is as it was; of what begins later only a share is paid for."""
        if self.start < date:
            return (self,)
        return (self.part(share, self.start, self.until),) if share > 0 else ()


@dataclass(frozen=True, kw_only=True)
class Campaign(OnADay):
    """Offers made abroad on `start`; `number` is its place among the line's campaigns.

    Attributes:
        people: offers.
        found: the most of them that find somebody.
    """

    SIZE = "people"

    number: int
    people: float
    found: float = math.inf


@dataclass(frozen=True, kw_only=True)
class TrainingIntake(OnADay):
    """People who begin to train on `start`; `number` is its place among the line's intakes.

    Attributes:
        tie_in_months: time that they owe the council once qualified.
        repayable_gbp: what one who leaves on the first day owes.
    """

    SIZE = "people"

    number: int
    route: Route
    people: float
    months: int
    tie_in_months: int
    repayable_gbp: float


@dataclass(frozen=True, kw_only=True)
class SettlementFee(Mechanism):
    """The council pays for leave to remain of those who may settle, who owe it time for it."""

    SIZE = "take_up"

    teams: tuple[str, ...]
    roles: tuple[Role, ...]
    tie_in_months: int
    take_up: float


@dataclass(frozen=True)
class Phase:
    """A share of a measure, in force from one date to the eve of another (None for ever)."""

    share: float
    start: dt.date
    until: dt.date | None

    def cut(self, share: float, date: dt.date) -> tuple[Phase, ...]:
        """The part that goes on, and the part that is no longer paid for from `date` on."""
        if self.until is not None and self.until <= date:
            return (self,)
        kept = (replace(self, share=share * self.share),) if share > 0 else ()
        gone = (replace(self, share=(1 - share) * self.share, until=date),)
        return kept + (gone if self.start < date and share < 1 else ())


@dataclass(frozen=True)
class Effects:
    """Everything that one line of a scenario does."""

    posts: tuple[NewPosts, ...] = ()
    pay: tuple[PayRise, ...] = ()
    retention: tuple[RetentionDeal, ...] = ()
    moves: tuple[StageMove, ...] = ()
    plain: tuple[PlainSpend, ...] = ()
    attraction: tuple[Attraction, ...] = ()
    help: tuple[HiringHelp, ...] = ()
    cover: tuple[CoverScheme, ...] = ()
    careers: tuple[CareerEffect, ...] = ()
    ramps: tuple[FasterRamp, ...] = ()
    inductions: tuple[Induction, ...] = ()
    extra_places: tuple[ExtraPlaces, ...] = ()
    campaigns: tuple[Campaign, ...] = ()
    intakes: tuple[TrainingIntake, ...] = ()
    settlements: tuple[SettlementFee, ...] = ()
    cuts: tuple[PostCut, ...] = ()

    def phased(self, phases: Sequence[Phase]) -> Effects:
        """The same mechanisms, a share of each from the beginning of each phase to its end."""
        return Effects(
            **{
                item.name: tuple(
                    mechanism.part(phase.share, phase.start, phase.until)
                    for phase in phases
                    for mechanism in getattr(self, item.name)
                )
                for item in fields(self)
            }
        )

    def cut(self, share: float, date: dt.date) -> Effects:
        """The same mechanisms until `date`, and from then on only a share of each."""
        return Effects(
            **{
                item.name: tuple(
                    piece
                    for mechanism in getattr(self, item.name)
                    for piece in mechanism.cut(share, date)
                )
                for item in fields(self)
            }
        )
