"""What every measure has in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import Field, model_validator

from sim.config.council import Council, FinancialYear, Key, Name, Share
from sim.config.quantity import Date, Finite, Frozen, Text
from sim.config.roles import Role
from sim.scenario.effects import Effects

Gbp = Annotated[Finite, Field(ge=0)]


class Measure(Frozen, ABC):
    """One line of a decision: a date, a scope, planned money by financial year.

    After the last year named in `planned_gbp` the planned money goes on unchanged but for pay
    awards, until `end`.
    """

    key: Key
    name: Name
    letter: Annotated[Text, Field(max_length=3)] = ""
    start: Date
    end: Date | None = None
    planned_gbp: dict[FinancialYear, Gbp] = Field(default_factory=dict)
    note: str = ""

    @model_validator(mode="after")
    def _dates_ascend(self) -> Self:
        if self.end is not None and self.end <= self.start:
            raise ValueError(
                f"end {self.end} is not after start {self.start}|Correct one of the two dates"
            )
        return self

    @property
    def funded_fte(self) -> float:
        """FTE of posts that this line creates."""
        return 0.0

    @property
    def has_effect(self) -> bool:
        """Whether the model simulates anything of this line beyond its cost."""
        return True

    @property
    def teams_in_scope(self) -> tuple[str, ...]:
        """Keys of the teams that the line acts on."""
        return ()

    @abstractmethod
    def effects(self, values: Mapping[str, float]) -> Effects:
        """The mechanisms of this line.

        Args:
            values: the draw's value of each of the measure's own quantities, by field name.
        """

    def faults(self, council: Council) -> str | None:
        """What makes this line impossible in this council, as "problem|remedy"; None if nothing."""
        unknown = sorted(set(self.teams_in_scope) - {team.key for team in council.teams})
        if unknown:
            known = ", ".join(team.key for team in council.teams)
            return f"team '{unknown[0]}' is not in {council.name}|Teams: {known}"
        return None


Teams = Annotated[tuple[Key, ...], Field(min_length=1)]
Roles = Annotated[tuple[Role, ...], Field(min_length=1)]
TakeUp = Share
