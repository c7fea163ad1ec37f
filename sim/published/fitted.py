"""A council's levels, and the sizes that go with them, as quantities of its file.

Everything is estimated on the record up to the council's own year. Where that record has one year
only, what lasts can't be told from what does not: the sizes on the record to 2021 stand in, and
their source (`TO_2021`) says so.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.config.quantity import Grade, Quantity, Scale, Unit
from sim.published.estimates import (
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
from sim.published.record import Council, Record

UP_TO_THE_YEAR, TO_2021 = "csww_fitted", "csww_all_councils"
"""Sources: fitted on the record up to the council's year; sizes of the record to 2021."""
LAST_YEAR_OF_SIZES = 2021
GROWTH_SD = 0.015
"""Of the yearly growth of posts in a run about England's mean up to its start."""
NATIONAL_SD = 0.05
"""Of a year of all councils together, in the logarithm of a rate."""
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
    """

    staffing: dict[str, Quantity]
    evidence: dict[str, Quantity]


def fitted(record: Record, council: Council, inpost_fte: float) -> Fitted:
    """A council's levels on the record up to its year.

    Args:
        record: what is published; nothing after the council's year is used.
        council: the council, of the year from which it goes on.
        inpost_fte: its staff in post in that year, whom starters are a share of.

    Raises:
        ValueError: no council has staff in post in that year.
    """
    known = record.up_to(council.year)
    leaving, joining = (_rate(known, council, column) for column in ("leavers_fte", "starters_fte"))
    staffing = {
        "leaving_rate": _quantity(leaving, 1.0, Unit.RATE_PER_YEAR, "leavers", council.year),
        "starters_fte_per_year": _quantity(joining, inpost_fte, Unit.FTE, "starters", council.year),
    }
    return Fitted(staffing, _sizes(known, leaving.spread, joining.spread, council.year))


@dataclass(frozen=True)
class _Rate:
    """A council's level, and the spread of all; `is_short` where the record has one year."""

    level: Level
    spread: Spread
    is_short: bool

    @property
    def mean(self) -> float:
        """The rate expected of a year: that of its logarithm's level and of its years' spread."""
        return math.exp(self.level.mean + (self.spread.within + NATIONAL_SD**2) / 2)


def _rate(record: Record, council: Council, column: str) -> _Rate:
    histories = flow_histories(record, column, council.year)
    every = [history for history in histories.values() if history]
    if not any(len(history) > 1 for history in every):
        return _of_one_year(every, histories.get(council, {}))
    spread = spread_of(every)
    return _Rate(level_of(spread, histories.get(council, {})), spread, False)


def _of_one_year(every: Sequence[History], own: History) -> _Rate:
    """Half-way between the council's only year and England's."""
    medians = medians_of(every)
    spread = Spread(medians, _BETWEEN_TO_2021, _WITHIN_TO_2021)
    ((year, usual),) = medians.items()
    weight = _WEIGHT_OF_ONE_YEAR if own else 0.0
    above = own[year].log_rate - usual if own else 0.0
    sd = math.sqrt(spread.between * (1 - weight))
    return _Rate(Level(usual + weight * above, sd, weight), spread, True)


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
    return {
        "between_years.exits": _size(math.sqrt(leaving.within), Unit.LOG_SD, null=0.0),
        "between_years.hires": _size(math.sqrt(joining.within), Unit.LOG_SD, null=0.0),
        "between_years.establishment_change": _size(posts_noise(councils), Unit.SHARE, null=0.0),
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
