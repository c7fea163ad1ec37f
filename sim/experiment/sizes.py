"""The size of a measure changed: more or fewer posts, offers, places, or another take-up.

Posts, offers and places keep their division among teams and dates, and money that is planned or
paid for them goes with their number. A package adds up to what was voted, which a part of another
size can't: the scenario carries no package any more, but its measures keep their sources of funds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from sim.config.council import Council
from sim.config.errors import InputError
from sim.experiment.parts import funded_measures, measure_of
from sim.inputs.plan import HUNDREDTHS, hundredths
from sim.scenario.scenario import Scenario, check_fits

PREFIX = "scenario.measures."


def is_size(key: str) -> bool:
    """Whether a key is the path of a measure's size."""
    return key.startswith(PREFIX)


def resized(scenario: Scenario, sizes: Mapping[str, float], council: Council) -> Scenario:
    """A scenario with some of its measures in another size.

    Args:
        scenario: what to change.
        sizes: by path, such as "scenario.measures.social_worker_posts.fte".
        council: whom it must fit.

    Raises:
        InputError: there is no such measure or size, or the measure can't be of that size.
    """
    if not sizes:
        return scenario
    if scenario.cut is not None:
        raise InputError(
            f"scenarios: {scenario.key}",
            "has a decision on part of its money, which no size goes with",
            "Sweep the scenario without the decision",
        )  # fmt: skip
    changed: dict[str, dict[str, Any]] = {}
    for path, size in sizes.items():
        key, _, field = path.removeprefix(PREFIX).partition(".")
        stated = changed.get(key) or _stated(scenario, key, path)
        changed[key] = _of_size(stated, field, size, path)
    measures = [
        changed[measure.key] | {"source_of_funds": measure.source_of_funds}
        if measure.key in changed
        else measure.model_dump()
        for measure in funded_measures(scenario)
    ]
    told = ", ".join(f"{path.removeprefix(PREFIX)} = {size:g}" for path, size in sizes.items())
    return _validated(scenario, measures, told, council)


def _stated(scenario: Scenario, key: str, path: str) -> dict[str, Any]:
    try:
        return measure_of(scenario, key).model_dump()
    except InputError as error:
        raise InputError(path, f"{error.where} {error.problem}", error.remedy) from None


_LISTS = {
    "fte": ("posts", "fte"),
    "offers": ("campaigns", "offers"),
    "places": ("intakes", "places"),
}
"""Sizes that are the sum of a list: the list, and the field of its parts."""
_PLAIN = ("fte", "take_up", "places_per_year")


def _of_size(measure: dict[str, Any], field: str, size: float, path: str) -> dict[str, Any]:
    """A measure's contents with another size."""
    listed, item = _LISTS.get(field, ("", ""))
    if listed in measure:
        before = sum(part[item] for part in measure[listed])
        _refuse_nothing(before, path)
        divide = _in_hundredths if field == "fte" else _in_whole_numbers
        sizes = divide([part[item] for part in measure[listed]], size, path)
        pairs = zip(measure[listed], sizes, strict=True)
        measure = measure | {listed: tuple(part | {item: own} for part, own in pairs)}
        return measure | {"planned_gbp": _times(measure["planned_gbp"], size / before)}
    if field not in _PLAIN or field not in measure:
        has = [name for name, (of, _) in _LISTS.items() if of in measure]
        has += [name for name in _PLAIN if name in measure]
        known = ", ".join(has) or "none"
        raise InputError(path, f"'{field}' is no size of this measure", f"Its sizes: {known}")
    if field == "places_per_year":
        return measure | {field: _whole(size, path)}
    if field == "take_up":
        return measure | {field: size}
    _refuse_nothing(measure[field], path)
    factor = size / measure[field]
    return measure | {field: size, "planned_gbp": _times(measure["planned_gbp"], factor)}


def _refuse_nothing(before: float, path: str) -> None:
    if not before:
        raise InputError(
            path, "is 0 in the scenario, so that nothing tells how to divide another size",
            "Give the measure a size there",
        )  # fmt: skip


def _times(planned_gbp: Mapping[str, float], factor: float) -> dict[str, float]:
    return {year: gbp * factor for year, gbp in planned_gbp.items()}


def _in_hundredths(parts: Sequence[float], size: float, _: str) -> Sequence[float]:
    """Whole hundredths of an FTE in proportion to the parts, which add up to the size's nearest."""
    return [number / HUNDREDTHS for number in _shared(parts, hundredths(size))]


def _in_whole_numbers(parts: Sequence[float], size: float, path: str) -> Sequence[float]:
    """Whole numbers of people in proportion to the parts, which add up to the size."""
    return _shared(parts, _whole(size, path))


def _shared(parts: Sequence[float], total: int) -> list[int]:
    """Whole numbers that add up to a total: rounded down, then up where most was lost."""
    whole = sum(parts)
    exact = [total * part / whole for part in parts]
    found = [int(part) for part in exact]
    lost = sorted(range(len(parts)), key=lambda i: (found[i] - exact[i], i))
    for i in lost[: total - sum(found)]:
        found[i] += 1
    return found


def _whole(size: float, path: str) -> int:
    if size != int(size):
        raise InputError(path, f"{size:g} is no whole number of people", "Take whole numbers")
    return int(size)


def _validated(
    scenario: Scenario, measures: list[dict[str, Any]], told: str, council: Council
) -> Scenario:
    """A scenario of these measures, checked as one from a file is."""
    stated = {
        "key": scenario.key, "name": scenario.name, "measures": measures,
        "short_name": scenario.short_name, "council": scenario.council,
    }  # fmt: skip
    where = f"{scenario.key}: {told}"
    try:
        made = Scenario.model_validate(stated)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        problem = str(first["msg"]).removeprefix("Value error, ").partition("|")[0]
        raise InputError(where, f"is refused: {problem}", "Choose another size") from None
    check_fits(made, council, where)
    return made
