"""What each measure of a scenario contributes: alone, last in, and where measures overlap."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sim.engine.records import Array
from sim.experiment.compare import Comparison
from sim.experiment.parts import only, without
from sim.experiment.statistics import Summary, summarise
from sim.scenario.measure import Measure
from sim.scenario.scenario import Scenario, baseline

Read = Callable[[Comparison, int], Array]
"""Reads a number of a scenario less doing nothing off a comparison, by pair."""


@dataclass(frozen=True)
class Contribution:
    """What one measure brings.

    Attributes:
        measure: the measure.
        alone: it alone, less doing nothing.
        last_in: the whole less all but it.
    """

    measure: Measure
    alone: Summary
    last_in: Summary


@dataclass(frozen=True)
class Contributions:
    """What the measures of a scenario bring, one by one and together.

    Attributes:
        parts: by measure that has an effect.
        whole: all measures together.
        summed: what each brings alone, added up run by run.
        overlap: sum of what each brings alone, less the whole: positive where they get in each
            other's way, negative where they help each other.
    """

    parts: tuple[Contribution, ...]
    whole: Summary
    summed: Summary
    overlap: Summary


def measures_that_act(scenario: Scenario) -> tuple[Measure, ...]:
    """Measures of which more is simulated than their cost."""
    return tuple(measure for measure in scenario.measures if measure.has_effect)


def taken_apart(scenario: Scenario) -> tuple[Scenario, ...]:
    """Doing nothing, the whole, each measure that acts alone, and all but each.

    Measures that only cost change nobody: what they cost is what is planned, with no run needed.
    """
    keys = [measure.key for measure in measures_that_act(scenario)]
    alone = (only(scenario, key) for key in keys)
    return (baseline(), scenario, *alone, *(without(scenario, key) for key in keys))


def contributions(comparison: Comparison, read: Read) -> Contributions:
    """What each measure contributes to one number.

    Args:
        comparison: of the scenarios of `taken_apart`, in their order.
        read: the number, a scenario's less doing nothing, by pair.
    """
    measures = measures_that_act(comparison.scenarios[1])
    draws = comparison.variants[0].draws
    whole = read(comparison, 1)
    alone = [read(comparison, 2 + i) for i in range(len(measures))]
    rest = [read(comparison, 2 + len(measures) + i) for i in range(len(measures))]
    summed = _sum(alone, whole)
    return Contributions(
        parts=tuple(
            Contribution(measure, summarise(a, draws), summarise(whole - r, draws))
            for measure, a, r in zip(measures, alone, rest, strict=True)
        ),
        whole=summarise(whole, draws),
        summed=summarise(summed, draws),
        overlap=summarise(summed - whole, draws),
    )


def _sum(parts: Sequence[Array], like: Array) -> Array:
    total: Array = 0.0 * like
    for part in parts:
        total = total + part
    return total
