"""Measures for workers early in their career: the academy, and a supported first year."""

from __future__ import annotations

from abc import ABC
from collections.abc import Mapping
from typing import Literal

from sim.config.council import Council
from sim.config.roles import Role
from sim.config.routes import NEWLY_QUALIFIED_ROUTES
from sim.dates import DAYS_PER_YEAR
from sim.scenario.effects import CareerEffect, Effects, ExtraPlaces, FasterRamp, Induction
from sim.scenario.intakes import WholePeople, phasing_fault
from sim.scenario.measure import Measure, TakeUp, Teams

_ROLES = (Role.SOCIAL_WORKER, Role.SENIOR_PRACTITIONER)


class _EarlyCareer(Measure, ABC):
    """A programme for the newly qualified workers of some teams; costs per start are for each."""

    teams: Teams
    take_up: TakeUp = 1.0

    @property
    def teams_in_scope(self) -> tuple[str, ...]:
        """Teams whose newly qualified workers take part."""
        return self.teams

    @property
    def roles_in_scope(self) -> tuple[Role, ...]:
        """Social workers and senior practitioners."""
        return _ROLES

    def faults(self, council: Council) -> str | None:
        """Those who take part come on dates of their own."""
        return phasing_fault(self.phasing, "those who take part") or super().faults(council)

    def _leaving(self, multiplier: str, years: float, of_odds: bool) -> CareerEffect:
        return CareerEffect(
            start=self.start,
            until=self.until,
            teams=self.teams,
            roles=_ROLES,
            routes=NEWLY_QUALIFIED_ROUTES,
            until_days=years * DAYS_PER_YEAR,
            multiplier=multiplier,
            of_odds=of_odds,
            strength=self.take_up,
        )

    def _induction(self) -> Induction:
        return Induction(
            start=self.start, until=self.until, teams=self.teams, roles=_ROLES, share=self.take_up
        )


class SocialWorkAcademy(_EarlyCareer):
    """An academy: fewer leave in their first 18 months, and a full caseload comes sooner.

    By early_career.academy_leaving_odds and academy_ramp of behaviour.toml. `places_per_year` adds
    people to each newly qualified cohort. Its posts are a line of their own (extra_posts).
    What it does not do: experienced workers, progression and quality of practice are untouched;
    places are taken to be what limits a cohort, not applicants.
    """

    kind: Literal["social_work_academy"]
    places_per_year: WholePeople = 0

    def effects(self, values: Mapping[str, float]) -> Effects:
        """Leaving, ramp, places."""
        ramp = FasterRamp(
            start=self.start, until=self.until, teams=self.teams, strength=self.take_up
        )
        places = ExtraPlaces(start=self.start, until=self.until, people=self.places_per_year)
        return Effects(
            careers=(self._leaving("early_career.academy_leaving_odds", 1.5, of_odds=True),),
            ramps=(ramp,),
            inductions=(self._induction(),),
            extra_places=(places,) if self.places_per_year else (),
        )


class SupportedFirstYear(_EarlyCareer):
    """The Assessed and Supported Year in Employment: fewer leave in their first year.

    By early_career.supported_first_year_exits. What it does not do: the protected caseload of a
    newly qualified worker is there without it (casework.capacity.newly_qualified).
    """

    kind: Literal["supported_first_year"]

    def effects(self, values: Mapping[str, float]) -> Effects:
        """Leaving in the first year."""
        leaving = self._leaving("early_career.supported_first_year_exits", 1.0, of_odds=False)
        return Effects(careers=(leaving,), inductions=(self._induction(),))
