"""Scenarios chosen together: refused where files, tables or draws couldn't tell them apart."""

from __future__ import annotations

from collections.abc import Sequence

from sim.config.behaviour import quantities_in
from sim.config.errors import InputError
from sim.config.shipped import locate
from sim.scenario.scenario import Scenario


def refuse_twin(name: str, scenario: Scenario, chosen: Sequence[Scenario]) -> None:
    """Refuse a scenario that files or tables couldn't tell from another.

    Raises:
        InputError: naming the scenario.
    """
    for other in chosen:
        if scenario.key == other.key:
            raise InputError(
                name,
                f"is the second scenario called {scenario.key}",
                "Name each scenario once, doing nothing not at all; or rename the file",
            )
        if scenario.label == other.label:
            raise InputError(
                f"{locate(name, 'scenarios')}: short_name",
                f"'{scenario.label}' is also how {other.key} is called",
                "Give it a short_name of its own",
            )


def consistent(scenarios: Sequence[Scenario]) -> Sequence[Scenario]:
    """Refuse two scenarios that give one measure's quantity two values: draws would differ.

    Raises:
        InputError: naming the measure.
    """
    seen: dict[str, object] = {}
    for scenario in scenarios:
        for measure in scenario.measures:
            for field, quantity in quantities_in(measure):
                if seen.setdefault(f"{measure.key}.{field}", quantity) != quantity:
                    raise InputError(
                        f"{scenario.key}.toml: measures.{measure.key}.{field}",
                        f"has another {field} than the measure of that key in another scenario",
                        "Give the measure a key of its own",
                    )
    return scenarios
