"""A sweep: numbers to vary over a grid or a sample, with the same luck at every point."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from sim.config.council import Name
from sim.config.quantity import Finite, Flag, Frozen, Text, Whole
from sim.config.rules_taken import RulesTaken

MOST_POINTS = 10_000


class Method(StrEnum):
    """How points are spread over the ranges of a sample."""

    LATIN_HYPERCUBE = "latin_hypercube"
    SOBOL = "sobol"


class Axis(Frozen):
    """One number that takes each of several values.

    Attributes:
        key: of an uncertain number ("labour_market.vacancy_elasticity"), or the path of a
            measure's size ("scenario.measures.social_worker_posts.fte").
        values: what it takes, in the number's own unit.
    """

    key: Text
    values: Annotated[tuple[Finite, ...], Field(min_length=1, max_length=1000)]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len(set(self.values)) < len(self.values):
            raise ValueError("lists a value twice|List each value once")
        return self


class Range(Frozen):
    """One number that is sampled.

    Attributes:
        key: as for an axis.
        low, high: ends of a range that is sampled evenly; left out, an uncertain number is sampled
            from its own distribution.
    """

    key: Text
    low: Finite | None = None
    high: Finite | None = None

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if (self.low is None) != (self.high is None):
            raise ValueError("has one end of its range|Give both low and high, or neither")
        if self.low is not None and self.high is not None and not self.low < self.high:
            raise ValueError(
                f"low {self.low:g} is not below high {self.high:g}|Enter the two in ascending order"
            )
        return self


class Sample(Frozen):
    """Points spread over ranges.

    Attributes:
        method: how.
        points: how many; a power of 2 for Sobol.
        over: what is sampled.
        judged: also every uncertain number of grade J that is not named in `over`.
    """

    method: Method
    points: Annotated[Whole, Field(ge=2, le=MOST_POINTS)]
    over: Annotated[tuple[Range, ...], Field(max_length=400)] = ()
    judged: Flag = False

    @model_validator(mode="after")
    def _over_something(self) -> Self:
        if not self.over and not self.judged:
            raise ValueError("samples nothing|Add [[sample.over]] tables, or judged = true")
        if self.method is Method.SOBOL and self.points & (self.points - 1):
            raise ValueError(
                f"{self.points} points are no power of 2|Take 8, 16, 32, 64 ... points for sobol"
            )
        return self


class SweepConfig(Frozen):
    """What is swept.

    Attributes:
        name: in words.
        council, scenarios: shipped names or files; each scenario beside doing nothing.
        pairs: pairs of runs at each point, two a draw.
        seed: seed of draws, fates and samples.
        horizon_years: a shorter run than the council's; None for its own.
        casework: whether children's cases are simulated.
        demand: how referrals move.
        agency_rules, lead_practitioners: which dated rules its runs take in.
        grid: axes, of which every combination is a point ...
        sample: ... or a sample.
    """

    name: Name
    council: Text
    scenarios: Annotated[tuple[Text, ...], Field(min_length=1, max_length=50)]
    pairs: Annotated[Whole, Field(ge=2, le=100_000)]
    seed: Annotated[Whole, Field(ge=0)] = 1
    horizon_years: Annotated[Whole, Field(ge=1, le=20)] | None = None
    casework: Flag = True
    demand: Text = "uncertain"
    agency_rules: RulesTaken = RulesTaken.KNOWN
    lead_practitioners: RulesTaken = RulesTaken.KNOWN
    grid: Annotated[tuple[Axis, ...], Field(max_length=14)] = ()
    sample: Sample | None = None

    @model_validator(mode="after")
    def _one_of_the_two(self) -> Self:
        if bool(self.grid) == (self.sample is not None):
            raise ValueError(
                "needs either a grid or a sample|Give [[grid]] tables, or one [sample]"
            )
        keys = [item.key for item in self._varied]
        twice = [key for key in keys if keys.count(key) > 1]
        if twice:
            raise ValueError(f"'{twice[0]}' is varied twice|Name each number once")
        points = self.number_of_points
        if points > MOST_POINTS:
            raise ValueError(
                f"makes {points:,} points, more than {MOST_POINTS:,}|Take fewer values"
            )
        return self

    @property
    def places(self) -> dict[str, str]:
        """Where each number that is varied stands in the file, by its key."""
        table = "sample.over" if self.sample else "grid"
        return {item.key: f"{table}.{i} ({item.key})" for i, item in enumerate(self._varied)}

    @property
    def _varied(self) -> tuple[Axis | Range, ...]:
        return self.sample.over if self.sample is not None else self.grid

    @property
    def number_of_points(self) -> int:
        """How many points there are."""
        if self.sample is not None:
            return self.sample.points
        points = 1
        for axis in self.grid:
            points *= len(axis.values)
        return points
