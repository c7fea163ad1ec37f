"""A Quantity: one number that we do not know exactly, with its range, unit, grade and source."""

from __future__ import annotations

import math
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Finite = Annotated[float, Field(allow_inf_nan=False)]


class Frozen(BaseModel):
    """Base of every configuration model: immutable, unknown keys refused, strings not coerced."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, strict=False)


class Unit(StrEnum):
    """The units a Quantity may carry."""

    FTE = "fte"
    PEOPLE = "people"
    PEOPLE_PER_YEAR = "people per year"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"
    GBP = "gbp"
    GBP_PER_YEAR = "gbp per fte per year"
    RATE_PER_YEAR = "rate per year"
    RATE_PER_MONTH = "rate per month"
    SHARE = "share"
    MULTIPLIER = "multiplier"
    ELASTICITY = "elasticity"
    EXPONENT = "exponent"
    LOG_SD = "log standard deviation"


class Grade(StrEnum):
    """Strength of the evidence (evidence grades A to J)."""

    OFFICIAL = "A"
    STUDY = "B"
    COUNCIL = "C"
    RECALLED = "R"
    JUDGEMENT = "J"


class Scale(StrEnum):
    """Scale on which the two-piece normal through the three points is drawn."""

    LINEAR = "linear"
    LOG = "log"
    LOGIT = "logit"


_DEFAULT_BOUNDS: dict[Unit, tuple[float, float]] = {
    Unit.SHARE: (0.0, 1.0),
    Unit.ELASTICITY: (-math.inf, math.inf),
}


class Quantity(Frozen):
    """An uncertain number.

    `low`, `central` and `high` are its 5th, 50th and 95th percentiles in `unit`. Draws are taken
    from a two-piece normal through them on `scale`, then set to the bounds where they pass them.
    `null` is the value at which a behavioural effect vanishes (1 for a multiplier, 0 for an
    elasticity); where it is an end of the range it is also a bound.
    """

    low: Finite
    central: Finite
    high: Finite
    unit: Unit
    grade: Grade
    source: str
    scale: Scale = Scale.LINEAR
    null: Finite | None = None
    lower_bound: Finite | None = None
    upper_bound: Finite | None = None
    note: str = ""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not self.low <= self.central <= self.high:
            raise ValueError(
                f"low {self.low:g}, central {self.central:g}, high {self.high:g} do not ascend"
                "|Enter the three as numbers in ascending order"
            )
        if self.scale is Scale.LOG and self.low <= 0:
            raise ValueError(
                f"an end of {self.low:g} can't stand on a log scale"
                "|Use scale = 'linear', or an end above 0"
            )
        if self.scale is Scale.LOGIT and (self.low <= 0 or self.high >= 1):
            raise ValueError(
                f"an end of {self.low if self.low <= 0 else self.high:g} can't stand on a logit"
                " scale|Use scale = 'linear', or ends strictly between 0 and 1"
            )
        lower, upper = self.bounds
        if self.low < lower or self.high > upper:
            raise ValueError(
                f"{self.low:g} to {self.high:g} {self.unit.value} passes the bounds"
                f" {lower:g} to {upper:g}|Keep the range inside the bounds of its unit"
            )
        return self

    @property
    def bounds(self) -> tuple[float, float]:
        """Smallest and largest value a draw may take."""
        lower, upper = _DEFAULT_BOUNDS.get(self.unit, (0.0, math.inf))
        if self.null is not None:
            lower = self.null if self.null == self.low else lower
            upper = self.null if self.null == self.high else upper
        lower = self.lower_bound if self.lower_bound is not None else lower
        upper = self.upper_bound if self.upper_bound is not None else upper
        return lower, upper

    @property
    def is_certain(self) -> bool:
        """Whether the three points coincide, so that every draw is the same."""
        return self.low == self.high
