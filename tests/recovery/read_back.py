"""How often the ranges that are read back hold the true values."""

from __future__ import annotations

import math
from statistics import NormalDist

from sim.config.quantity import Quantity, Scale
from sim.published.fitted import LEAVING, STARTERS, fitted_year
from tests.recovery.simulated import Simulated, Truth

LOWEST, HIGHEST = 0.72, 0.88
"""Marks for the share of true values in a range of 80 %, set before the runs."""
_TIMES = NormalDist().inv_cdf(0.9) / NormalDist().inv_cdf(0.95)


def holds(quantity: Quantity, truth: float) -> bool:
    """Whether the 80 % range of a quantity holds a value; its low and high are those of 90 %."""
    low, middle, high = (
        math.log(each) if quantity.scale is Scale.LOG else each
        for each in (quantity.low, quantity.central, quantity.high)
    )
    at = math.log(truth) if quantity.scale is Scale.LOG else truth
    return middle - _TIMES * (middle - low) <= at <= middle + _TIMES * (high - middle)


def levels(simulated: Simulated) -> dict[str, list[bool]]:
    """By quantity of a council's file: whether its range holds the truth, council by council."""
    record = simulated.record
    year = record.years()[-1]
    fitted = fitted_year(record, year)
    found: dict[str, list[bool]] = {LEAVING: [], STARTERS: []}
    for council in record.councils(year):
        staff = record.figure(council, "inpost_fte", year).value
        if not staff or council.codes not in simulated.leaving:
            continue
        own = fitted.of(council, staff).staffing
        for key, rates, times in (
            (LEAVING, simulated.leaving, 1.0),
            (STARTERS, simulated.joining, staff),
        ):
            found[key].append(holds(own[key], times * rates[council.codes]))
    return found


def sizes(simulated: Simulated, truth: Truth) -> dict[str, tuple[Quantity, float]]:
    """By quantity that all councils share: what is read back, and what is true."""
    record = simulated.record
    known = fitted_year(record, record.years()[-1]).evidence
    true = {
        "between_years.exits": math.sqrt(truth.within),
        "between_years.hires": math.sqrt(truth.within),
        "between_years.establishment_change": truth.posts_scale,
        "growth.posts": 1.0 + truth.growth,
    }
    return {key: (known[key], value) for key, value in true.items()}
