"""A regional scheme through which agency staff come to posts that nobody else takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import model_validator

from sim.scenario.effects import CoverScheme, Effects
from sim.scenario.measure import refuse_unregistered
from sim.scenario.scoped import ScopedMeasure


class AgencyScheme(ScopedMeasure):
    """Agency cover comes faster to vacancies in scope (agency_scheme_arrivals).

    What it does not do: the cover is as dear, stays as long and turns permanent as rarely as any
    other; a vacancy whose search has begun keeps the date it had.
    """

    kind: Literal["agency_scheme"]

    @model_validator(mode="after")
    def _covers(self) -> Self:
        refuse_unregistered(self.roles, "agency staff cover registered posts only")
        return self

    def effects(self, values: Mapping[str, float]) -> Effects:
        """A faster search for cover."""
        scheme = CoverScheme(teams=self.teams, roles=self.roles, start=self.start, until=self.until)
        return Effects(cover=(scheme,))
