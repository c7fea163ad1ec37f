"""Benefits beside salary: registration fees, learning accounts, and a way up for advisers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal, Self

from pydantic import model_validator

from sim.config.quantity import GbpPerYear
from sim.config.roles import Role
from sim.scenario.effects import CareerEffect, Effects, PayForm, PayRise
from sim.scenario.measure import Measure, TakeUp, Teams, refuse_unregistered
from sim.scenario.scoped import OfferedMeasure


class _Benefit(OfferedMeasure):
    """Something worth money for those in scope, every year; it acts as a rise in pay does."""

    FORM: ClassVar[PayForm]

    gbp_per_year: GbpPerYear

    def effects(self, values: Mapping[str, float]) -> Effects:
        """A rise in pay of its worth; it costs its amount, without on-costs."""
        rise = PayRise(
            teams=self.teams,
            roles=self.roles,
            start=self.start,
            until=self.until,
            gbp_per_year=values["gbp_per_year"],
            take_up=self.take_up,
            form=self.FORM,
        )
        return Effects(pay=(rise,))


class RegistrationFees(_Benefit):
    """The professional registration fee, paid by the council for those in scope.

    £90 a year is about 0.2 % of pay, and acts as that: expect almost nothing. What it does not
    do: any worth beyond the amount, such as being valued, is left out.
    """

    FORM = PayForm.EXPENSE
    kind: Literal["registration_fees"]

    @model_validator(mode="after")
    def _registers(self) -> Self:
        refuse_unregistered(self.roles, "only social workers register")
        return self


class LearningAccounts(_Benefit):
    """An individual learning account: worth a share of what it costs (in_kind_value).

    What it does not do: what is learnt makes nobody faster or better at the work.
    """

    FORM = PayForm.IN_KIND
    kind: Literal["learning_accounts"]


class AdviserProgression(Measure):
    """A career grade for personal advisers: fewer leave (adviser_progression_exits).

    Its money is in `costs`, per fte_year. What it does not do: it draws no candidates, and
    advisers grow no faster at the work.
    """

    kind: Literal["adviser_progression"]
    teams: Teams
    take_up: TakeUp = 1.0

    @property
    def teams_in_scope(self) -> tuple[str, ...]:
        """Teams whose advisers can progress."""
        return self.teams

    @property
    def roles_in_scope(self) -> tuple[Role, ...]:
        """Personal advisers."""
        return (Role.PERSONAL_ADVISER,)

    @property
    def paid_share(self) -> float:
        """Share of advisers on the grade."""
        return self.take_up

    @property
    def reaches_somebody(self) -> bool:
        """Whether anybody takes it up."""
        return self.take_up > 0

    def effects(self, values: Mapping[str, float]) -> Effects:
        """Fewer exits."""
        way_up = CareerEffect(
            teams=self.teams,
            roles=self.roles_in_scope,
            multiplier="market_measures.adviser_progression_exits",
            strength=self.take_up,
            start=self.start,
            until=self.until,
        )
        return Effects(careers=(way_up,))
