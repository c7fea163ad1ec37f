"""Moving a stage of casework to other teams: each transfer that it spares is a worker kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sim.config.casework import CaseStage, RoutedShare
from sim.config.council import Council, Key
from sim.config.rounded import Rounded
from sim.scenario.effects import Effects, StageMove
from sim.scenario.measure import Measure


class MoveStage(Measure, Rounded):
    """From `start`, children who enter a stage go to other teams. Acts through routing alone.

    What it does not do: children who are in the stage on that day stay where they are, and no post
    moves with the work.
    """

    kind: Literal["move_stage"]
    stage: CaseStage
    shares: Annotated[dict[Key, RoutedShare], Field(min_length=1)]

    @model_validator(mode="after")
    def _shares_sum_to_one(self) -> Self:
        scaled = self._scaled(list(self.shares.values()), f"{self.key}: the shares sum")
        self.__dict__["shares"] = dict(zip(self.shares, scaled, strict=True))
        return self

    @property
    def teams_in_scope(self) -> tuple[str, ...]:
        """Teams that are to hold the stage."""
        return tuple(self.shares)

    def effects(self, values: Mapping[str, float]) -> Effects:
        """The new routing from `start` to the last day."""
        return Effects(
            moves=(
                StageMove(
                    stage=self.stage, shares=dict(self.shares), start=self.start, until=self.until
                ),
            )
        )

    def faults(self, council: Council) -> str | None:
        """Nothing can move in a council that describes no casework, and nothing moves in parts."""
        if self.phasing:
            return "work moves on one day|Leave out phasing, and give start"
        if council.casework is None:
            return f"{council.name} has no casework to move|Add [casework] to the council's file"
        return super().faults(council)
