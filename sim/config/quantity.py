"""A Quantity: one number that we do not know exactly, with its range, unit, grade and source."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    model_validator,
)

LARGEST = 1e12
"""No number of a config is larger: ten times all public spending, in pounds."""
SMALLEST_ON_LOG_SCALE = 1e-9


def _plain_date(value: object, info: ValidationInfo) -> object:
    if info.mode == "json" and isinstance(value, str):  # as this program writes a date in JSON
        return dt.date.fromisoformat(value)
    if type(value) is not dt.date:
        raise ValueError(f"{value!r} is not a date|Write a date without quotes, such as 2021-10-01")
    return value


Finite = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=-LARGEST, le=LARGEST)]
LARGEST_COUNT = 100_000
"""Children or referrals a year: a seventh of all of England's children in need of a year."""
LARGEST_FTE = 5_000
"""No council has as many: the largest of 2017 to 2021 had 868 in post, most of any column."""
Fte = Annotated[Finite, Field(ge=0, le=LARGEST_FTE)]
Share = Annotated[Finite, Field(ge=0, le=1)]
Whole = Annotated[int, Field(strict=True)]
Flag = Annotated[bool, Field(strict=True)]
Date = Annotated[
    dt.date,
    BeforeValidator(_plain_date),
    Field(ge=dt.date(1990, 1, 1), le=dt.date(2100, 12, 31)),
]
Text = Annotated[str, Field(max_length=400, pattern=r"^[^\p{C}\p{Zl}\p{Zp}]*$")]
"""Words that are printed: no control characters, no line ends."""


class Frozen(BaseModel):
    """Base of every configuration model: immutable, unknown keys refused.

    Numbers, flags and dates are never made from strings or from each other: use the types above.
    """

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
    POINTS = "points"
    HOURS = "hours"
    CHILDREN = "children"


class Grade(StrEnum):
    """Strength of the evidence; a fitted number is estimated from official tables."""

    OFFICIAL = "A"
    STUDY = "B"
    COUNCIL = "C"
    FITTED = "F"
    RECALLED = "R"
    JUDGEMENT = "J"


class Scale(StrEnum):
    """Scale on which the two-piece normal through the three points is drawn."""

    LINEAR = "linear"
    LOG = "log"
    LOGIT = "logit"


_DEFAULT_BOUNDS: dict[Unit, tuple[float, float]] = {
    Unit.FTE: (0.0, LARGEST_FTE),
    Unit.PEOPLE: (0.0, LARGEST_FTE),
    Unit.PEOPLE_PER_YEAR: (0.0, LARGEST_COUNT),
    Unit.DAYS: (0.0, 3_653.0),
    Unit.WEEKS: (0.0, 520.0),
    Unit.MONTHS: (0.0, 240.0),
    Unit.YEARS: (0.0, 50.0),
    Unit.RATE_PER_YEAR: (0.0, 5.0),
    Unit.SHARE: (0.0, 1.0),
    Unit.MULTIPLIER: (0.0, 100.0),
    Unit.ELASTICITY: (-20.0, 20.0),
    Unit.EXPONENT: (0.0, 10.0),
    Unit.LOG_SD: (0.0, 3.0),
    Unit.POINTS: (0.0, 1_000.0),
    Unit.HOURS: (0.0, 1_000.0),
    Unit.CHILDREN: (0.0, 1_000.0),
}
"""Widest bounds by unit: beyond them a number is a slip of the pen, and no run would end."""


def bounds_of(unit: Unit) -> tuple[float, float]:
    """Widest bounds of numbers in a unit."""
    return _DEFAULT_BOUNDS.get(unit, (0.0, LARGEST))


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
        if self.scale is Scale.LOG and self.low < SMALLEST_ON_LOG_SCALE:
            raise ValueError(
                f"an end of {self.low:g} can't stand on a log scale"
                "|Use scale = 'linear', or an end above 0"
            )
        edge = SMALLEST_ON_LOG_SCALE
        if self.scale is Scale.LOGIT and (self.low < edge or self.high > 1 - edge):
            raise ValueError(
                f"an end of {self.low if self.low < edge else self.high:g} can't stand on a logit"
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
        widest = bounds_of(self.unit)
        lower, upper = widest
        if self.null is not None:
            lower = self.null if self.null == self.low else lower
            upper = self.null if self.null == self.high else upper
        lower = self.lower_bound if self.lower_bound is not None else lower
        upper = self.upper_bound if self.upper_bound is not None else upper
        return max(lower, widest[0]), min(upper, widest[1])

    @property
    def is_certain(self) -> bool:
        """Whether the three points coincide, so that every draw is the same."""
        return self.low == self.high


def _in_unit(unit: Unit) -> AfterValidator:
    def check(quantity: Quantity) -> Quantity:
        if quantity.unit is not unit:
            raise ValueError(
                f"unit '{quantity.unit.value}' is not the unit of this number"
                f"|Give the number in '{unit.value}'"
            )
        return quantity

    return AfterValidator(check)


def _stays_below_one(quantity: Quantity) -> Quantity:
    if quantity.bounds[1] >= 1.0:
        raise ValueError(
            "could be drawn as 1, when all leave at once|Set upper_bound below 1, such as 0.95"
        )
    return quantity


ShareBelowOne = Annotated[Quantity, AfterValidator(_stays_below_one)]
"""A share who leave at a constant rate: at 1 the rate is without end."""
FteQuantity = Annotated[Quantity, _in_unit(Unit.FTE)]
RatePerYear = Annotated[Quantity, _in_unit(Unit.RATE_PER_YEAR)]
ShareQuantity = Annotated[Quantity, _in_unit(Unit.SHARE)]
PeoplePerYear = Annotated[Quantity, _in_unit(Unit.PEOPLE_PER_YEAR)]
PeopleQuantity = Annotated[Quantity, _in_unit(Unit.PEOPLE)]
GbpQuantity = Annotated[Quantity, _in_unit(Unit.GBP)]
GbpPerYear = Annotated[Quantity, _in_unit(Unit.GBP_PER_YEAR)]
