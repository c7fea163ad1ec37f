"""Scenarios made from a scenario: one measure alone, all but one, or its posts several times.

A package must add up to what was voted; a part of it can't, so its parts carry no package. Where
the money comes from stays known: each measure keeps the package's sources of funds.
"""

from __future__ import annotations

from typing import Any

from sim.config.counted import counted
from sim.config.errors import InputError
from sim.config.nearest import did_you_mean
from sim.scenario.measure import Measure
from sim.scenario.posts import ExtraPosts
from sim.scenario.scenario import Scenario


def only(scenario: Scenario, key: str) -> Scenario:
    """The scenario with one of its measures alone.

    Args:
        scenario: what to take it from.
        key: the measure.

    Raises:
        InputError: no measure has that key.
    """
    chosen = measure_of(scenario, key)
    return _part(scenario, (chosen,), f"only_{key}", f"{chosen.name} alone", chosen.name)


def without(scenario: Scenario, key: str) -> Scenario:
    """The scenario with all its measures but one.

    Args:
        scenario: what to take it from.
        key: the measure to leave out.

    Raises:
        InputError: no measure has that key.
    """
    left_out = measure_of(scenario, key)
    kept = tuple(measure for measure in scenario.measures if measure.key != key)
    name = f"All but {left_out.name[:1].lower()}{left_out.name[1:]}"
    return _part(scenario, kept, f"without_{key}", name, name)


def times(scenario: Scenario, number: int) -> Scenario:
    """The scenario with its posts, and their planned money, so many times over.

    Raises:
        InputError: a measure creates no posts.
    """
    measures = tuple(_times(measure, number) for measure in scenario.measures)
    fte = sum(measure.funded_fte for measure in measures)
    name = counted(f"{fte:g}", "post")
    return _part(scenario, measures, f"{fte:g}_posts".replace(".", "_"), name, name)


def both(one: Scenario, other: Scenario) -> Scenario:
    """The measures of two scenarios together.

    Args:
        one: the first; its name stands first.
        other: the second; no measure of it may have a key of the first's.
    """
    name = f"{one.label}, and {other.label[:1].lower()}{other.label[1:]}"
    added = funded_measures(other)
    measures = funded_measures(one) + added
    return _part(one, measures, f"and_{other.key}", name, name)


def funded_measures(scenario: Scenario) -> tuple[Measure, ...]:
    """Its measures, each with its sources of funds written on it."""
    return tuple(_funded(scenario, measure) for measure in scenario.measures)


def measure_of(scenario: Scenario, key: str) -> Measure:
    """A scenario's measure.

    Raises:
        InputError: no measure has that key.
    """
    found = {measure.key: measure for measure in scenario.measures}
    if key not in found:
        known = ", ".join(found) or "none: it does nothing"
        remedy = f"{did_you_mean(key, found)}Its measures: {known}"
        raise InputError(scenario.key or scenario.name, f"has no measure '{key}'", remedy)
    return found[key]


def _part(
    scenario: Scenario, measures: tuple[Measure, ...], key: str, name: str, short: str
) -> Scenario:
    changes: dict[str, Any] = {
        "key": f"{scenario.key}_{key}",
        "name": name,
        "short_name": short,
        "package": None,
        "measures": tuple(_funded(scenario, measure) for measure in measures),
    }
    return scenario.model_copy(update=changes)


def _funded(scenario: Scenario, measure: Measure) -> Measure:
    """The measure with its sources of funds written on it, where the package named them."""
    if scenario.package is None or measure.source_of_funds:
        return measure
    sources = {item.financial_year: item.source_of_funds for item in scenario.package.funding}
    return measure.model_copy(update={"source_of_funds": sources})


def _times(measure: Measure, number: int) -> ExtraPosts:
    if not isinstance(measure, ExtraPosts):
        raise InputError(measure.key, "creates no posts", "Use a scenario of extra_posts alone")
    posts = tuple(item.model_copy(update={"fte": number * item.fte}) for item in measure.posts)
    planned = {year: number * gbp for year, gbp in measure.planned_gbp.items()}
    return measure.model_copy(update={"posts": posts, "planned_gbp": planned})
