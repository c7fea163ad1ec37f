"""A saving that part-pays a package: money that a line takes off, as planned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from sim.config.council import FinancialYear
from sim.config.quantity import Finite
from sim.scenario.effects import Effects, PlainSpend
from sim.scenario.measure import Measure


def _is_less(gbp: float) -> float:
    if gbp > 0:
        raise ValueError(
            f"{gbp:g} is a cost|Give a saving as a negative number, or choose another kind"
        )
    return gbp


class Saving(Measure):
    """Money that the council counts on saving elsewhere; taken as planned, with no effect."""

    kind: Literal["saving"]
    planned_gbp: dict[FinancialYear, Annotated[Finite, AfterValidator(_is_less)]] = Field(
        default_factory=dict
    )

    @property
    def has_effect(self) -> bool:
        """Never: what is given up for it is not simulated."""
        return False

    @property
    def saves(self) -> bool:
        """Always."""
        return True

    def effects(self, values: Mapping[str, float]) -> Effects:
        """Nothing but the money."""
        return Effects(plain=(PlainSpend(start=self.start, until=self.until, fte=0.0),))
