"""What a measure costs beside the pay of the posts it creates and what it pays to staff."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from sim.config.council import Key, Name
from sim.config.quantity import Frozen, GbpQuantity, Share


class CostBasis(StrEnum):
    """What a cost is paid for."""

    ONE_OFF = "one_off"
    """Once, on the day the line begins."""
    YEAR = "year"
    """For each year in force."""
    FTE_YEAR = "fte_year"
    """For each year of a full-time permanent worker in scope."""
    STARTER = "starter"
    """For each FTE of experienced starters in scope."""
    OFFER = "offer"
    """For each offer that the line itself makes."""
    START = "start"
    """For each person whom the line itself brings or takes on."""
    TRAINEE_YEAR = "trainee_year"
    """For each year that somebody is in training on the line."""
    APPLICATION = "application"
    """For each application that the line pays for."""
    REDUNDANCY = "redundancy"
    """For each person who leaves because the line has ended their post."""


PER_PERSON = (CostBasis.FTE_YEAR, CostBasis.STARTER)
"""Paid for those in a line's scope: a line without any can't have such a cost."""
BY_COUNT = (
    CostBasis.OFFER,
    CostBasis.START,
    CostBasis.TRAINEE_YEAR,
    CostBasis.APPLICATION,
    CostBasis.REDUNDANCY,
)
"""Paid for each time that the line itself does something."""


class Cost(Frozen):
    """One cost of a measure: an amount and what it is paid for.

    Amounts are cash of the financial year in which the line begins and rise with prices
    (finance.inflation) each financial year after it.

    Attributes:
        share: of those it could be paid for, the share it is paid for.
    """

    key: Key
    name: Name
    per: CostBasis
    gbp: GbpQuantity
    share: Share = 1.0


Costs = Annotated[tuple[Cost, ...], Field(max_length=12)]
