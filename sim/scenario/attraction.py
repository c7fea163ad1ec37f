"""Payments for starters: a relocation allowance, and a reward for finding a friend."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from sim.scenario.effects import Attraction, Channel, Effects
from sim.scenario.scoped import OfferedMeasure


class _StarterPayment(OfferedMeasure):
    """A payment for experienced starters of one channel, in the posts in scope.

    Costs per starter are paid for those of the channel only: for the share of starters that the
    channel brings in the draw, those it would have brought anyway included.
    """

    def _attraction(self, channel: Channel) -> Effects:
        return Effects(
            attraction=(
                Attraction(
                    teams=self.teams,
                    roles=self.roles,
                    channel=channel,
                    take_up=self.take_up,
                    start=self.start,
                    until=self.until,
                ),
            )
        )


class RelocationAllowance(_StarterPayment):
    """An allowance for starters who move house to take a post in scope.

    Acts on attractiveness to candidates from away (market_measures), a share of all candidates.
    What it does not do: it makes nobody stay longer, ties nobody in, and an allowance of £4,000
    draws as one of £8,000 does; the amount only costs.
    """

    kind: Literal["relocation_allowance"]

    def effects(self, values: Mapping[str, float]) -> Effects:
        """More candidates from away."""
        return self._attraction(Channel.FROM_AWAY)


class FindAFriend(_StarterPayment):
    """A reward for a colleague through whom somebody starts in a post in scope.

    What it does not do: those who come through a colleague leave no later than others.
    """

    kind: Literal["find_a_friend"]

    def effects(self, values: Mapping[str, float]) -> Effects:
        """More candidates through colleagues."""
        return self._attraction(Channel.THROUGH_COLLEAGUES)
