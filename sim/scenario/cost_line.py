"""A cost-and-posts line: a decision whose measure the model doesn't simulate yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from sim.config.quantity import Fte
from sim.scenario.effects import Effects, PlainSpend
from sim.scenario.measure import Measure


class CostLine(Measure):
    """Money (and FTE) spent as planned, with no effect; every table and chart says so."""

    kind: Literal["cost_line"]
    fte: Fte = 0.0

    @property
    def funded_fte(self) -> float:
        """FTE that the line pays for."""
        return self.fte

    @property
    def has_effect(self) -> bool:
        """Never: that is what the kind says."""
        return False

    def effects(self, values: Mapping[str, float]) -> Effects:
        """Nothing but the spending."""
        return Effects(plain=(PlainSpend(start=self.start, until=self.until, fte=self.fte),))
