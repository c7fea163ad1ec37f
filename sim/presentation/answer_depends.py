"""What the answer depends on, from the same runs: numbers that were drawn, and paired switches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.engine.records import Array
from sim.experiment.compare import Comparison
from sim.experiment.conclusions import judged_values
from sim.experiment.drivers import FEWEST_TO_TELL, Driver, Span, drivers, switched
from sim.experiment.readings import change, cost_of_year, reading
from sim.experiment.replicate import GAMMA
from sim.experiment.statistics import draw_means
from sim.experiment.variant import Variant
from sim.inputs.run_options import DemandScenario
from sim.presentation.headline_variants import DEMAND_WORDS
from sim.presentation.number_words import called, value_of

PEOPLE = "inpost_fte"
LEAST = 0.2
"""Standard deviations, over draws, that something moves a result by before it is worth a line."""


@dataclass(frozen=True)
class Dependency:
    """Something uncertain or judged that moves the answer.

    Attributes:
        key: the number, or the switch.
        label: in words: "Overseas recruitment: found a year".
        low, high: its two ends, in words: "0" and "14", "off" and "on".
        people: by option: extra social workers in post at those ends, averages, FTE; of a single
            run its social workers.
        cost: by option: net cost of the full year at those ends, averages, GBP; of a single run
            its spending.
        pairs: how many pairs of runs tell it.
        is_switched: whether runs were paired with and without it; else it is read off the draws.
    """

    key: str
    label: str
    low: str
    high: str
    people: tuple[Span, ...]
    cost: tuple[Span, ...]
    pairs: int
    is_switched: bool


@dataclass(frozen=True)
class _Switch:
    """Two variants that differ in one thing alone, on the same pairs."""

    key: str
    label: str
    low: str
    high: str
    off: Variant
    on: Variant


def can_be_told(comparison: Comparison) -> bool:
    """Whether there are draws enough to tell a number that moves the answer from chance."""
    return len(np.unique(comparison.variants[0].draws)) >= FEWEST_TO_TELL


def dependencies(comparison: Comparison, column: int, year: int) -> tuple[Dependency, ...]:
    """What moves people on a date or the cost of a year beyond chance, the strongest first.

    Args:
        comparison: what was run.
        column: the month end.
        year: place of the financial year.
    """
    asked = comparison.variants[0]

    def results(variant: Variant) -> list[Array]:
        """People of each option, then what each costs, by pair."""
        return [*_people(comparison, variant, column), *_cost(comparison, variant, year)]

    means = [draw_means(values, asked.draws) for values in results(asked)]
    switches = _switches(comparison)
    found = [_from_switch(switch, results, means) for switch in switches] + _from_draws(
        comparison, means, {switch.key for switch in switches}
    )
    told = [pair for pair in found if pair is not None and pair[0] >= LEAST]
    return tuple(
        dependency for _, dependency in sorted(told, key=lambda pair: (-pair[0], pair[1].key))
    )


def _people(comparison: Comparison, variant: Variant, column: int) -> list[Array]:
    options = range(1, len(comparison.scenarios))
    if not options:
        return [reading(variant, 0, PEOPLE, column)]
    return [change(variant, s, PEOPLE, column) for s in options]


def _cost(comparison: Comparison, variant: Variant, year: int) -> list[Array]:
    """Net cost of each option; of a single run its spending."""
    options = range(1, len(comparison.scenarios))
    if not options:
        return [comparison.ledgers[0].spent_gbp[:, year].sum(axis=1)]
    return [cost_of_year(variant, s, year) for s in options]


# Paired switches --------------------------------------------------------------------------


def _switches(comparison: Comparison) -> list[_Switch]:
    """What the runs were paired with: hiring, demand, overload."""
    gammas, demands = comparison.gamma_variants, comparison.demand_variants
    off = comparison.loop_off
    found = []
    if len(gammas) > 1:
        low, high = f"{gammas[0].gamma:g}", f"{gammas[-1].gamma:g}"
        found.append(_Switch(GAMMA, called(GAMMA), low, high, gammas[0], gammas[-1]))
    if len(demands) > 1:
        low, high = _demand(demands[0]), _demand(demands[-1])
        found.append(_Switch("demand", "Demand", low, high, demands[0], demands[-1]))
    if off is not None:
        label = "Overload makes people leave"
        found.append(_Switch("loop", label, "off", "on", off, comparison.on_the_same_draws(off)))
    return found


def _demand(variant: Variant) -> str:
    return DEMAND_WORDS[variant.demand or DemandScenario.UNCERTAIN].lower()


def _from_switch(
    switch: _Switch, results: Callable[[Variant], list[Array]], means: list[Array]
) -> tuple[float, Dependency] | None:
    off, on = results(switch.off), results(switch.on)
    driver = switched(switch.key, off, on, switch.on.draws, means)
    if driver is None:
        return None
    about = _About(switch.label, switch.low, switch.high, len(switch.on.draws), True)
    return driver.strength, _dependency(driver, about)


# Numbers that were drawn ------------------------------------------------------------------


def _from_draws(
    comparison: Comparison, means: list[Array], known: set[str]
) -> list[tuple[float, Dependency]]:
    """Judged numbers, but for those that runs were paired with."""
    study, draws = comparison.study, comparison.variants[0].draws
    judged = judged_values(study, [int(draw) for draw in np.unique(draws)])
    numbers = {key: values for key, values in judged.items() if key not in known}
    ends = {key: (study.known[key].low, study.known[key].high) for key in numbers}
    found = []
    for driver in drivers(numbers, ends, means):
        quantity = study.known[driver.key]
        low, high = (value_of(quantity, end) for end in ends[driver.key])
        about = _About(called(driver.key), low, high, len(draws), False)
        found.append((driver.strength, _dependency(driver, about)))
    return found


class _About(NamedTuple):
    """Words for a driver, and how it was found, as in Dependency."""

    label: str
    low: str
    high: str
    pairs: int
    is_switched: bool


def _dependency(driver: Driver, about: _About) -> Dependency:
    half = len(driver.spans) // 2
    people, cost = driver.spans[:half], driver.spans[half:]
    return Dependency(
        driver.key, about.label, about.low, about.high, people, cost, about.pairs,
        about.is_switched,
    )  # fmt: skip
