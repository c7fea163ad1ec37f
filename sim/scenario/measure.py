"""What every measure has in common."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from sim.config.council import MOST_TEAMS, Council, FinancialYear, Key, Name
from sim.config.quantity import Date, Finite, Frozen, Share, Text
from sim.config.roles import REGISTERED_ROLES, Role
from sim.dates import add_years, financial_year_start
from sim.scenario.cost import PER_PERSON, Costs
from sim.scenario.effects import Effects, Phase
from sim.scenario.of_council import FROM_DAY_0

Gbp = Annotated[Finite, Field(ge=0)]


def _is_no_saving(gbp: float) -> float:
    if gbp < 0:
        raise ValueError(f"{gbp:g} is less than nothing|Put savings on a line of kind 'saving'")
    return gbp


PlannedGbp = Annotated[Finite, AfterValidator(_is_no_saving)]


SourceOfFunds = Annotated[str, Field(pattern=r"^(reserves|base|grant)$")]


class Step(Frozen):
    """From a date, this share of a line is in force."""

    start: Date
    share: Annotated[Share, Field(gt=0)]


class Measure(Frozen, ABC):
    """One line of a decision: a date, a scope, planned money by financial year.

    After the last year named in `planned_gbp` the planned money goes on unchanged but for pay
    awards (where the line `rises_with_pay`), until `end`.

    Attributes:
        start: the first day with the line. In a file "day 0" is the council's.
        end: the last day with the line; None for a line that goes on.
        phasing: share of the line in force from each date, where it does not begin all at once;
            the first date is `start`.
        source_of_funds: where the line's money comes from, by the financial year from which it
            does; the package's sources where empty.
        costs: what it costs beside the pay of posts and what it pays to staff.
    """

    key: Key
    name: Name
    letter: Annotated[Text, Field(max_length=3)] = ""
    start: Annotated[Date, FROM_DAY_0]
    end: Date | None = None
    planned_gbp: dict[FinancialYear, PlannedGbp] = Field(default_factory=dict)
    phasing: Annotated[tuple[Step, ...], Field(max_length=24)] = ()
    source_of_funds: dict[FinancialYear, SourceOfFunds] = Field(default_factory=dict)
    costs: Costs = ()
    note: str = ""

    @model_validator(mode="after")
    def _dates_ascend(self) -> Self:
        if self.end is not None and self.end < self.start:
            raise ValueError(
                f"end {self.end} is before start {self.start}|Correct one of the two dates"
            )
        return self

    @model_validator(mode="after")
    def _steps_ascend(self) -> Self:
        if not self.phasing:
            return self
        if self.phasing[0].start != self.start:
            raise ValueError(
                f"phasing begins on {self.phasing[0].start}, the line on {self.start}"
                "|Give both the same date"
            )
        for earlier, later in pairwise(self.phasing):
            if later.start <= earlier.start or later.share <= earlier.share:
                raise ValueError(
                    f"phasing goes from {earlier.share:g} on {earlier.start} to {later.share:g} on"
                    f" {later.start}|List ascending dates with ascending shares"
                )
        if self.end is not None and self.phasing[-1].start > self.end:
            raise ValueError(
                f"phasing goes on to {self.phasing[-1].start}, the line's last day is {self.end}"
                "|Leave that step out, or correct end"
            )
        return self

    @model_validator(mode="after")
    def _money_ends(self) -> Self:
        if self.end is None or self.pays_later:
            return self
        late = [
            year
            for year, gbp in sorted(self.planned_gbp.items())
            if gbp and financial_year_start(year) > self.end
        ]
        if late:
            raise ValueError(
                f"planned_gbp names {late[0]}, after the line's last day {self.end}"
                "|Plan its money in years in which it runs, or correct end"
            )
        return self

    @property
    def until(self) -> dt.date | None:
        """The first day without the line; None for a line that goes on."""
        return None if self.end is None else self.end + dt.timedelta(days=1)

    @property
    def phases(self) -> tuple[Phase, ...]:
        """The parts in which the line comes into force; one, where nothing is phased."""
        shares = [0.0, *(step.share for step in self.phasing)]
        return tuple(
            Phase(step.share - before, step.start, self.until)
            for step, before in zip(self.phasing, shares, strict=False)
        ) or (Phase(1.0, self.start, self.until),)

    @property
    def funded_fte(self) -> float:
        """FTE of posts that this line creates."""
        return 0.0

    @property
    def has_effect(self) -> bool:
        """Whether the model simulates anything of this line beyond its cost."""
        return True

    @property
    def saves(self) -> bool:
        """Whether its money is a saving, less than nothing."""
        return False

    @property
    def pays_later(self) -> bool:
        """Whether money is paid after the last day, for people who are on their way by then."""
        return False

    def plans_part_year_on(self, last: dt.date) -> bool:
        """Whether the last money named is a part year's, and goes on in whole years after it.

        Args:
            last: the run's last day.
        """
        if not self.planned_gbp:
            return False
        opens = financial_year_start(max(self.planned_gbp))
        closes = add_years(opens, 1)
        return opens < self.start < closes <= min(self.end or last, last)

    @property
    def rises_with_pay(self) -> bool:
        """Whether planned money grows with pay awards after the last year that is named."""
        return True

    @property
    def teams_in_scope(self) -> tuple[str, ...]:
        """Keys of the teams that the line acts on."""
        return ()

    @property
    def roles_in_scope(self) -> tuple[Role, ...]:
        """Roles that the line acts on, in its teams; those whom costs per FTE are paid for."""
        return ()

    @property
    def places(self) -> tuple[tuple[str, Role], ...]:
        """Teams and roles in which the line creates posts."""
        return ()

    @property
    def paid_share(self) -> float:
        """Share of those in scope for whom costs per FTE or starter are paid."""
        return 1.0

    @property
    def reaches_somebody(self) -> bool:
        """Whether the line is of any size: a take-up or FTE of nothing reaches nobody."""
        return True

    @abstractmethod
    def effects(self, values: Mapping[str, float]) -> Effects:
        """The mechanisms of this line.

        Args:
            values: the draw's value of each of the measure's own quantities, by field name.
        """

    def outside(self, last: dt.date) -> list[str]:
        """What of this line begins after the run's last day, in words; the start is seen to."""
        return []

    def cut_off(self, last: dt.date) -> str:
        """What of this line costs in the run and acts only after its last day; empty if nothing."""
        return ""

    def faults(self, council: Council) -> str | None:
        """What makes this line impossible in this council, as "problem|remedy"; None if nothing."""
        named = {*self.teams_in_scope, *(team for team, _ in self.places)}
        unknown = sorted(named - {team.key for team in council.teams})
        if unknown:
            known = ", ".join(team.key for team in council.teams)
            return f"team '{unknown[0]}' is not in {council.name}|Teams: {known}"
        if not (self.teams_in_scope and self.roles_in_scope):
            unscoped = [c for c in self.costs if c.per in PER_PERSON]
            if unscoped:
                return (
                    f"cost '{unscoped[0].key}' is paid per {unscoped[0].per.value}, but nobody is"
                    " in the line's scope|Choose another basis, or a kind with teams and roles"
                )
        if not self.reaches_somebody and (self.costs or any(self.planned_gbp.values())):
            return "costs money but reaches nobody|Raise its take_up or fte, or take its money out"
        return None


def refuse_unregistered(roles: tuple[Role, ...], why: str) -> None:
    """Refuse roles outside social work; for validators of measures that can't reach them."""
    other = [role.value for role in roles if role not in REGISTERED_ROLES]
    if other:
        raise ValueError(
            f"role {other[0]} is in scope, but {why}"
            f"|Roles: {', '.join(role.value for role in REGISTERED_ROLES)}"
        )


Teams = Annotated[tuple[Key, ...], Field(min_length=1, max_length=MOST_TEAMS)]
Roles = Annotated[tuple[Role, ...], Field(min_length=1, max_length=len(Role))]
TakeUp = Share
