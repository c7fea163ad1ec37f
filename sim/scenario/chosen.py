"""Scenarios chosen together: refused where files, tables or draws couldn't tell them apart."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from sim.config.behaviour import quantities_in
from sim.config.errors import InputError
from sim.scenario.scenario import Scenario


def refuse_twin(where: str, scenario: Scenario, chosen: Sequence[Scenario]) -> None:
    """Refuse a scenario that files or tables couldn't tell from another.

    Args:
        where: the name or file by which it was chosen.
        scenario: what it holds.
        chosen: the scenarios beside which it stands.

    Raises:
        InputError: naming the scenario, and the name that it shares.
    """
    for other in chosen:
        if scenario.key == other.key:
            raise InputError(
                where,
                f"is the second scenario called {scenario.key}",
                "Name each scenario once, doing nothing not at all; or rename the file",
            )
        taken = {read for _, _, read in _names(other)}
        for field, name, read in _names(scenario):
            if read in taken:
                raise InputError(
                    f"{where}: {field}",
                    f"'{name}' is also how {other.key} is called",
                    f"Give it a {field} of its own",
                )


def _names(scenario: Scenario) -> Iterator[tuple[str, str, str]]:
    """Each name that tables and charts show: its field, as written, and as a reader takes it."""
    for field in ("short_name", "name"):
        name: str = getattr(scenario, field)
        if name:
            yield field, name, " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def consistent(scenarios: Sequence[Scenario]) -> None:
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
