"""A council's levels, and the sizes that go with them, as quantities of its file.

Everything is estimated on the record up to the council's own year. Where that record has one year
only, what lasts can't be told from what does not: the sizes on the record to 2021 stand in, and
their source (`TO_2021`) says so.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from sim.config.quantity import Grade, Quantity, Scale, Unit
from sim.published.estimates import (
    GROWTH_SD,
    OWN_YEARS,
    History,
    Level,
    Spread,
    flow_histories,
    growth_of,
    level_of,
    medians_of,
    posts_histories,
    posts_noise,
    posts_of_england,
    spread_of,
    usual_vacancy_rate,
)
from sim.published.fixed import fixed
from sim.published.record import Council, Record

UP_TO_THE_YEAR, TO_2021 = "csww_fitted", "csww_all_councils"
"""Sources: fitted on the record up to the council's year; sizes of the record to 2021."""
LEAVING, STARTERS = "leaving_rate", "starters_fte_per_year"
"""Keys of the table [staffing]."""
LAST_YEAR_OF_SIZES = 2021
_Z95 = 1.6448536269514722
_BETWEEN_TO_2021, _WITHIN_TO_2021 = 0.0375, 0.0675
_WEIGHT_OF_ONE_YEAR = 0.5
_SCALE_OF_SIZES = 0.12
"""How far the size of a disturbance may lie from its estimate, as a share: between start years it
moves by as much."""


@dataclass(frozen=True)
class Fitted:
    """What a council's file takes from the record.

    Attributes:
        staffing: of the table [staffing], by key: the rate of leaving and starters a year.
        evidence: of the table [evidence], by key in behaviour.toml; empty where the record is
            too short, so that the shared quantities hold.
        own_years: by key of `staffing`, how many years of the council's own are in it.
    """

    staffing: dict[str, Quantity]
    evidence: dict[str, Quantity]
    own_years: dict[str, int]


def fitted(record: Record, council: Council, inpost_fte: float) -> Fitted:
    """A council's levels on the record up to its year.

    Args:
        record: what is published; nothing after the council's year is used.
        council: the council, of the year from which it goes on.
        inpost_fte: its staff in post in that year, whom starters are a share of.

    Raises:
        ValueError: no council has staff in post in that year.
    """
    return fitted_year(record, council.year).of(council, inpost_fte)


@dataclass(frozen=True)
class FittedYear:
    """What is estimated once for all councils that go on from a year.

    Attributes:
        year: of the census.
        evidence: sizes that all of them share.
    """

    year: int
    evidence: dict[str, Quantity]
    _leaving: _Flows
    _joining: _Flows

    def of(self, council: Council, inpost_fte: float) -> Fitted:
        """A council's levels, with the evidence that it shares.

        Args:
            council: of that year.
            inpost_fte: its staff in post, whom starters are a share of.
        """
        leaving, joining = (flows.rate(council) for flows in (self._leaving, self._joining))
        staffing = {
            LEAVING: _quantity(leaving, 1.0, Unit.RATE_PER_YEAR, "leavers", self.year),
            STARTERS: _quantity(joining, inpost_fte, Unit.FTE, "starters", self.year),
        }
        own_years = {LEAVING: leaving.own_years, STARTERS: joining.own_years}
        return Fitted(staffing, self.evidence, own_years)


def fitted_year(record: Record, year: int) -> FittedYear:
    """What is estimated for all councils on the record up to a year.

    Raises:
        ValueError: no council has staff in post in that year.
    """
    known = record.up_to(year)
    leaving, joining = (_flows(known, column, year) for column in ("leavers_fte", "starters_fte"))
    sizes = _sizes(known, leaving.spread, joining.spread, year)
    return FittedYear(year, sizes, leaving, joining)


@dataclass(frozen=True)
class _Rate:
    """A council's level, the spread of all, and how many years of its own the level is from.

    `is_short` where the record has one year.
    """

    level: Level
    spread: Spread
    is_short: bool
    own_years: int

    @property
    def mean(self) -> float:
        """The rate expected of a year: that of its logarithm's level and of its years' spread."""
        return math.exp(self.level.mean + (self.spread.within + fixed().national_sd ** 2) / 2)


@dataclass(frozen=True)
class _Flows:
    """Leavers or starters of all councils; `is_short` where the record has one year."""

    histories: Mapping[Council, History]
    spread: Spread
    is_short: bool

    def rate(self, council: Council) -> _Rate:
        """A council's."""
        own = self.histories.get(council, {})
        level = _of_one_year(self.spread, own) if self.is_short else level_of(self.spread, own)
        last = sorted(self.spread.medians)[-OWN_YEARS:]
        return _Rate(level, self.spread, self.is_short, sum(year in own for year in last))


def _flows(record: Record, column: str, year: int) -> _Flows:
    histories = flow_histories(record, column, year)
    every = [history for history in histories.values() if history]
    if any(len(history) > 1 for history in every):
        return _Flows(histories, spread_of(every), False)
    return _Flows(histories, Spread(medians_of(every), _BETWEEN_TO_2021, _WITHIN_TO_2021), True)


def _of_one_year(spread: Spread, own: History) -> Level:
    """Half-way between the council's only year and England's."""
    ((year, usual),) = spread.medians.items()
    weight = _WEIGHT_OF_ONE_YEAR if own else 0.0
    above = own[year].log_rate - usual if own else 0.0
    sd = math.sqrt(spread.between * (1 - weight))
    return Level(usual + weight * above, sd, weight)


def _quantity(rate: _Rate, times: float, unit: Unit, of_whom: str, year: int) -> Quantity:
    """The level as a range of 90 %, rounded to four digits."""
    ends = (math.exp(sign * _Z95 * rate.level.sd) for sign in (-1, 0, 1))
    low, central, high = (_rounded(times * rate.mean * end) for end in ends)
    usual = math.exp(rate.level.mean)
    note = (
        f"{of_whom} over staff in post, {rate.level.weight:.2f} of the way from England's"
        f" median to the council's own years up to {year} ({usual:.3f} a year in the median,"
        f" {rate.mean:.3f} in the mean)"
    )
    source = TO_2021 if rate.is_short else UP_TO_THE_YEAR
    return Quantity(
        low=low, central=central, high=high, unit=unit, grade=Grade.FITTED, source=source,
        scale=Scale.LOG, note=note,
    )  # fmt: skip


def _sizes(record: Record, leaving: Spread, joining: Spread, year: int) -> dict[str, Quantity]:
    """How much years vary and posts grow, on the record up to a year; none on one of one year."""
    england = posts_of_england(record, year)
    councils = [own for own in posts_histories(record, year).values() if own]
    if len(england) < 2 or not any(len(own) > 1 for own in councils):
        return {}
    growth, usual = 1 + growth_of(england), usual_vacancy_rate(councils)
    noise = posts_noise(councils, float(fixed().pull_on_posts))
    return {
        "between_years.exits": _size(math.sqrt(leaving.within), Unit.LOG_SD, null=0.0),
        "between_years.hires": _size(math.sqrt(joining.within), Unit.LOG_SD, null=0.0),
        "between_years.establishment_change": _size(noise, Unit.SHARE, null=0.0),
        "growth.posts": _about(growth, _Z95 * GROWTH_SD, Unit.MULTIPLIER),
        "growth.usual_vacancy_rate": _about(usual, 0.01, Unit.SHARE),
    }


def hindsight(year: int, known: Mapping[str, Quantity]) -> list[str]:
    """Keys of quantities that were estimated on years after the start of a run.

    Args:
        year: the census that a run starts from.
        known: every quantity of a study by key.
    """
    if year >= LAST_YEAR_OF_SIZES:
        return []
    return sorted(key for key, quantity in known.items() if quantity.source == TO_2021)


def hindsight_of_start(record: Record, year: int, known: Mapping[str, Quantity]) -> list[str]:
    """The same of a council that is made in a year: what the record up to it fits is no hindsight.

    Args:
        record: the published tables.
        year: the census that a run starts from.
        known: every quantity of the shared evidence by key.
    """
    fitted = fitted_year(record, year).evidence
    return [key for key in hindsight(year, known) if key not in fitted]


def _size(value: float, unit: Unit, null: float) -> Quantity:
    return _about(value, _SCALE_OF_SIZES * value, unit, null)


def _about(value: float, either_side: float, unit: Unit, null: float | None = None) -> Quantity:
    low, central, high = (_rounded(value + side * either_side) for side in (-1, 0, 1))
    return Quantity(
        low=low, central=central, high=high, unit=unit, grade=Grade.FITTED,
        source=UP_TO_THE_YEAR, null=null,
    )  # fmt: skip


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")
