"""Pay measures: they act only through relative pay, by the elasticities of behaviour.toml."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from sim.config.quantity import GbpPerYear, GbpQuantity, Whole
from sim.dates import add_years, months_later
from sim.scenario.effects import Effects, PayRise, RetentionDeal
from sim.scenario.scoped import OfferedMeasure


class SalarySupplement(OfferedMeasure):
    """A yearly supplement, paid to all who hold a post in scope.

    Acts on exits and on attractiveness to candidates; the effect fades as neighbours match it
    (pay_effect_persistence). Those who would have stayed anyway are paid too.
    """

    kind: Literal["salary_supplement"]
    gbp_per_year: GbpPerYear

    @property
    def rises_with_pay(self) -> bool:
        """Never: it is a sum of money that was voted, the same until somebody votes another."""
        return False

    def effects(self, values: Mapping[str, float]) -> Effects:
        """A rise in pay."""
        rise = PayRise(
            teams=self.teams,
            roles=self.roles,
            start=self.start,
            until=self.until,
            gbp_per_year=values["gbp_per_year"],
            take_up=self.take_up,
        )
        return Effects(pay=(rise,))


class RetentionPayment(OfferedMeasure):
    """A lump sum for those in scope who stay, paid `qualifying_months` after each round opens.

    Leaving falls while the payment is awaited and rises once it is paid (retention_rebound); with
    the pay elasticities at zero it changes only its cost. Those who leave within `tie_in_months`
    repay a share (retention_recovery_share), less the time served.
    """

    kind: Literal["retention_payment"]
    gbp: GbpQuantity
    qualifying_months: Annotated[Whole, Field(ge=1, le=60)]
    tie_in_months: Annotated[Whole, Field(ge=0, le=60)] = 0

    @property
    def rises_with_pay(self) -> bool:
        """Never: it is a sum of money that was voted, the same until somebody votes another."""
        return False

    def effects(self, values: Mapping[str, float]) -> Effects:
        """Rounds of payment back to back from `start` to the last day, or for 20 years.

        A round that is served to the last day is paid on the day after.
        """
        last = self.until or add_years(self.start, 20)
        dates: list[dt.date] = []
        due = months_later(self.start, self.qualifying_months)
        while due <= last:
            dates.append(due)
            due = months_later(self.start, self.qualifying_months * (len(dates) + 1))
        deal = RetentionDeal(
            teams=self.teams,
            roles=self.roles,
            start=self.start,
            until=self.until,
            payment_dates=tuple(dates),
            qualifying_months=self.qualifying_months,
            tie_in_months=self.tie_in_months,
            gbp=values["gbp"],
            take_up=self.take_up,
        )
        return Effects(retention=(deal,))
