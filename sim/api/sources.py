"""Councils and scenarios by name, from a file, or from what such a file would hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.config import shipped
from sim.config.council import Council
from sim.config.errors import InputError
from sim.config.load import parse
from sim.config.shipped import Evidence, check_sources, with_sources
from sim.config.sources import Sources
from sim.published.council_file.called import council_called
from sim.scenario import scenario as scenarios
from sim.scenario.chosen import consistent, refuse_twin
from sim.scenario.of_council import seen_by_validators
from sim.scenario.scenario import KINDS, Scenario, baseline, check_fits

Source = str | Path | Mapping[str, Any]
"""A shipped name, a .toml file, or a mapping that holds what such a file would."""

register = KINDS.register
"""Let scenarios use a kind of measure of one's own (sim.scenario.own)."""


def load_council(source: Source) -> Council:
    """A council, checked.

    Args:
        source: a shipped name ("devon_2021"), a .toml file, the name of an English council
            ("Kent"), or a mapping of a file's tables, whose `sources` is a file in the folder
            that Python works in.

    Raises:
        InputError: something in it is faulty: the file, the key, the value and the remedy.
    """
    sources = shipped.load_evidence().sources
    if not isinstance(source, Mapping):
        return council_called(str(source), sources).council
    where = Path("council")
    return with_sources(parse(Council, dict(source), where), sources, where)


def load_scenario(source: Source, council: Council | Source) -> Scenario:
    """A scenario, checked by itself and against its council.

    Args:
        source: a shipped name ("devon_package_48_fte"), a .toml file, or a mapping of a file's
            tables and of its `key`, which names the scenario in tables; "baseline" does nothing.
        council: the council that it is for, or where that is to be read from.

    Raises:
        InputError: something in it is faulty, or it is impossible in the council.
    """
    loaded = council_of(council)
    if isinstance(source, Mapping):
        found = parse(Scenario, dict(source), Path("scenario"), seen_by_validators(loaded))
        return fitting(found, loaded)
    return scenarios.load_scenario(str(source), loaded, sources_of(loaded))


def sources_of(council: Council) -> Sources:
    """The sources that a council's scenarios may name: the shipped, and those of its own file."""
    return council.known_sources or evidence().sources


def council_of(council: Council | Source) -> Council:
    """A council that was loaded or made before, or is loaded now."""
    return council if isinstance(council, Council) else load_council(council)


def beside_nothing(
    asked: Scenario | Source | Sequence[Scenario | Source], council: Council
) -> list[Scenario]:
    """Doing nothing, then the scenarios asked for.

    Raises:
        InputError: one is faulty or doesn't fit, or two can't stand beside each other.
    """
    listed = [asked] if isinstance(asked, Scenario | str | Path | Mapping) else list(asked)
    chosen = [baseline()]
    for one in listed:
        found = fitting(one, council) if isinstance(one, Scenario) else load_scenario(one, council)
        refuse_twin(found.key, found, chosen)
        chosen.append(found)
    consistent(chosen)
    return chosen


def fitting(scenario: Scenario, council: Council) -> Scenario:
    """A scenario made in code, once it is checked as one from a file is.

    Raises:
        InputError: it has no key, names an unknown source, or doesn't fit the council.
    """
    if not scenario.key:
        raise InputError(
            f"scenario '{scenario.name}'", "has no key", "Give it one: tables name it by that"
        )
    check_sources(scenario, sources_of(council), Path(scenario.key))
    check_fits(scenario, council, scenario.key)
    return scenario


def evidence() -> Evidence:
    """The shipped evidence and its sources."""
    return shipped.load_evidence()
