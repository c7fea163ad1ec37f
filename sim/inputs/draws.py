"""Draws: one set of values for everything that is not known. Draw 0 is central throughout."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

from sim.config.behaviour import Behaviour, Correlation, quantities_in
from sim.config.council import Council
from sim.config.errors import InputError
from sim.config.quantity import Quantity, Scale
from sim.inputs.calendar import make_calendar
from sim.inputs.fates import join, key_of, mix, unit
from sim.scenario.scenario import Scenario

_NORMAL = NormalDist()
_Z95 = _NORMAL.inv_cdf(0.95)

CENTRAL_DRAW = 0

YEARLY = (
    "exits",
    "hires",
    "establishment_change",
)
"""What makes one year of a council unlike the next."""
NATIONAL = ("national exits", "national hires")
"""The same of all councils together: in a draw every council has the same."""


@dataclass(frozen=True)
class Draw:
    """One set of assumptions. Council, scenario and draw together determine a plan.

    Attributes:
        seed, number: what its random numbers are keyed by; number 0 is central throughout.
        values: the value of each quantity, by key.
        yearly: standard normal scores, one a year, by what varies (`YEARLY`, `NATIONAL`).
    """

    seed: int
    number: int
    values: Mapping[str, float]
    yearly: Mapping[str, tuple[float, ...]]

    @property
    def is_central(self) -> bool:
        """Whether nothing varies in it."""
        return self.number == CENTRAL_DRAW


def make_draw(council: Council, values: Mapping[str, float], seed: int, number: int) -> Draw:
    """A draw of a council's study.

    Args:
        council: the council; its calendar says how many years vary.
        values: of each quantity (`draw_values`), with what is fixed put in place.
        seed: seed of the study.
        number: number of the draw.
    """
    years = make_calendar(council.start_date, council.horizon_years).years
    keys = {what: f"{council.name}: {what}" for what in YEARLY} | {each: each for each in NATIONAL}
    yearly = {what: tuple(year_variation(seed, number, key, years)) for what, key in keys.items()}
    return Draw(seed, number, values, yearly)


def quantities(
    behaviour: Behaviour, council: Council, scenarios: Sequence[Scenario] = ()
) -> dict[str, Quantity]:
    """Every Quantity of a study by key: "exits...", "council...", "measure.<key>.<field>".

    Raises:
        InputError: the council's own evidence is of nothing in behaviour.toml, or in another unit.
    """
    found = dict(quantities_in(behaviour))
    for key, own in council.evidence.items():
        found[key] = _within_shared(key, own, found.get(key))
    stated = council.model_copy(update={"evidence": {}})
    found.update(quantities_in(stated, "council."))
    for scenario in scenarios:
        for measure in scenario.measures:
            found.update(quantities_in(measure, f"measure.{measure.key}."))
    return found


def _within_shared(key: str, own: Quantity, shared: Quantity | None) -> Quantity:
    """A council's own quantity, held to the bounds of the shared one too."""
    if shared is None:
        raise InputError(
            f"evidence.{key}", "is no quantity of behaviour.toml", "Name one that is there"
        )
    if own.unit is not shared.unit:
        raise InputError(
            f"evidence.{key}",
            f"is in '{own.unit}', where behaviour.toml has '{shared.unit}'",
            "State it in the shared unit",
        )
    lower, upper = shared.bounds
    stated = [
        end for end in (own.low, own.lower_bound, own.high, own.upper_bound) if end is not None
    ]
    if min(stated) < lower or max(stated) > upper:
        raise InputError(
            f"evidence.{key}",
            f"{min(stated):g} to {max(stated):g} passes the shared bounds {lower:g} to {upper:g}",
            "Keep the range and its bounds inside those of behaviour.toml",
        )
    narrowest = {
        "lower_bound": max(lower, own.bounds[0]),
        "upper_bound": min(upper, own.bounds[1]),
    }
    return own.model_copy(update=narrowest)


def draw_values(
    known: Mapping[str, Quantity],
    correlations: Sequence[Correlation],
    seed: int,
    draw: int,
) -> dict[str, float]:
    """The value of each quantity in one draw, keyed so that adding a quantity moves no other."""
    leans_on = {pair.second: pair for pair in correlations}
    values: dict[str, float] = {}
    for key, quantity in known.items():
        if draw == CENTRAL_DRAW or quantity.is_certain:
            values[key] = quantity.central
            continue
        z = standard_normal(seed, draw, key)
        if key in leans_on:
            rho = leans_on[key].value
            z = rho * standard_normal(seed, draw, leans_on[key].first) + math.sqrt(1 - rho**2) * z
        values[key] = value_at(quantity, z)
    return values


def value_at(quantity: Quantity, z: float) -> float:
    """Two-piece normal through the 5th, 50th and 95th percentiles, at standard score `z`."""
    to_scale, from_scale = _SCALES[quantity.scale]
    low, central, high = (to_scale(x) for x in (quantity.low, quantity.central, quantity.high))
    spread = (central - low) if z < 0 else (high - central)
    lower, upper = quantity.bounds
    return min(max(from_scale(central + z / _Z95 * spread), lower), upper)


def uniform(seed: int, draw: int, key: str) -> float:
    """A number strictly between 0 and 1 that belongs to (seed, draw, key)."""
    return unit(mix(join(join(key_of(f"draws {seed}"), draw), key_of(key))))


def standard_normal(seed: int, draw: int, key: str) -> float:
    """A standard normal number that belongs to (seed, draw, key)."""
    return _NORMAL.inv_cdf(uniform(seed, draw, key))


def year_variation(seed: int, draw: int, key: str, years: int) -> list[float]:
    """One standard normal number a year: what makes one year unlike the next. Draw 0: none."""
    if draw == CENTRAL_DRAW:
        return [0.0] * years
    return [standard_normal(seed, draw, f"year {year} {key}") for year in range(years)]


def _identity(value: float) -> float:
    return value


def _logit(share: float) -> float:
    return math.log(share / (1 - share))


def _expit(value: float) -> float:
    return 1 / (1 + math.exp(-value))


_SCALES: dict[Scale, tuple[Callable[[float], float], Callable[[float], float]]] = {
    Scale.LINEAR: (_identity, _identity),
    Scale.LOG: (math.log, math.exp),
    Scale.LOGIT: (_logit, _expit),
}
