"""Overseas measures: hiring abroad, and paying for leave to remain."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sim.config.council import Council
from sim.config.quantity import Date, Frozen, PeoplePerYear, Whole
from sim.config.roles import Role
from sim.scenario.effects import Campaign, Effects, SettlementFee
from sim.scenario.intakes import WholePeople, check_dates, phasing_fault
from sim.scenario.measure import Measure, TakeUp, Teams

_PRACTITIONERS = (Role.SOCIAL_WORKER, Role.SENIOR_PRACTITIONER)


class Offers(Frozen):
    """Offers made together."""

    offers_on: Date
    offers: WholePeople


class OverseasRecruitment(Measure):
    """Campaigns abroad: offers on a date, and weeks later those who come start together.

    Lead time, the share who start, their leaving and their slow start are shared evidence
    (overseas in behaviour.toml). A post is held only for those who come, from the day of the offer.
    What it does not do: fees rejected applications and families; those who come are social workers,
    as good as others, in court teams only where no other post is advertised.

    Attributes:
        campaigns: offers that the council sets out to make; what is paid per offer is paid for all.
        found_per_year: how many of the offers of a calendar year find somebody; None for all.
    """

    kind: Literal["overseas_recruitment"]
    campaigns: Annotated[tuple[Offers, ...], Field(min_length=1, max_length=60)]
    found_per_year: PeoplePerYear | None = None

    @model_validator(mode="after")
    def _campaigns_fit(self) -> Self:
        check_dates("campaigns", [item.offers_on for item in self.campaigns], self.start, self.end)
        return self

    def effects(self, values: Mapping[str, float]) -> Effects:
        """One campaign after another; the earlier ones of a year find people first."""
        left: dict[int, float] = {}
        made = []
        for number, item in enumerate(self.campaigns):
            if item.offers > 0:
                year = item.offers_on.year
                found = left.get(year, values.get("found_per_year", math.inf))
                left[year] = max(0.0, found - item.offers)
                made.append(
                    Campaign(start=item.offers_on, number=number, people=item.offers, found=found)
                )
        return Effects(campaigns=tuple(made))

    @property
    def pays_later(self) -> bool:
        """For those who are on the way when the line ends."""
        return True

    def outside(self, last: dt.date) -> list[str]:
        """Campaigns after the run."""
        return [
            f"the campaign of {item.offers_on} falls after the run's last day, {last};"
            " it will do nothing"
            for item in self.campaigns
            if item.offers_on > last
        ]

    def faults(self, council: Council) -> str | None:
        """Campaigns have dates of their own."""
        return phasing_fault(self.phasing, "campaigns") or super().faults(council)


class LeaveToRemainFees(Measure):
    """The fee for leave to remain, paid for those hired abroad who reach settlement.

    Each who takes it up owes `tie_in_months`, in which leaving is multiplied by
    overseas.fee_tie_in_exits. Of those in post on day 0 it needs staffing.overseas_in_post in the
    council's file. What it does not do: nothing is recovered from who leaves; fees for families and
    earlier visas are none of it; nobody comes because of it.
    """

    kind: Literal["leave_to_remain_fees"]
    teams: Teams
    tie_in_months: Annotated[Whole, Field(ge=0, le=60)]
    take_up: TakeUp = 1.0

    @property
    def teams_in_scope(self) -> tuple[str, ...]:
        """Teams whose staff may have the fee paid."""
        return self.teams

    @property
    def roles_in_scope(self) -> tuple[Role, ...]:
        """Social workers and senior practitioners."""
        return _PRACTITIONERS

    def effects(self, values: Mapping[str, float]) -> Effects:
        """Fees from `start` to the last day."""
        fee = SettlementFee(
            start=self.start,
            until=self.until,
            teams=self.teams,
            roles=_PRACTITIONERS,
            tie_in_months=self.tie_in_months,
            take_up=self.take_up,
        )
        return Effects(settlements=(fee,))

    def faults(self, council: Council) -> str | None:
        """Applications have dates of their own."""
        return phasing_fault(self.phasing, "applications") or super().faults(council)
