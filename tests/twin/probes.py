"""Compiled probes into luck, sums and formulas, which otherwise only compiled code can reach."""

from __future__ import annotations

from types import FunctionType
from typing import Any, cast

import numpy as np

from sim.engine import rules
from sim.engine.compiled import layout
from sim.engine.compiled.formulas import (
    above_establishment_kept,
    candidate_rate_ratio,
    capacity_of,
    capped_ratio,
    contagion_effect,
    exponential,
    freed_share,
    fte_over_trigger,
    has_room,
    helped_multiplier,
    load_effect,
    load_of,
    lognormal_days,
    luck_place,
    manager_gap_effect,
    normal_score,
    on_grid,
    progress_speed,
    pull_over,
    puts_off_review,
    race_time,
    ramped_share,
    recovered_share,
)
from sim.engine.compiled.jit import entry
from sim.engine.compiled.layout import ranked
from sim.engine.compiled.luck import join, luck_at, mix, nth_key, stream, uniform
from sim.engine.compiled.sums import exact_sum
from sim.engine.compiled.vacancies import is_lost as _is_lost
from sim.inputs import casework_plan
from sim.inputs.fates import Fates

is_lost = cast(Any, _is_lost).py_func
"""Whether a race is lost for certain, as it stands in the source."""
FORMULAS = 24
"""Formulas, by their place in what `formulas` finds."""


@entry
def formulas(rows: Any, found: Any) -> None:
    """Every formula of sim.engine.rules on each row: a luck, three sizes, two shares, a count."""
    for place in range(len(rows)):
        u, a, b, c, s, t, n = rows[place]
        score = normal_score(u)
        found[place, 0] = exponential(u)
        found[place, 1] = candidate_rate_ratio(a, 0.5 + b, 3.0 * s, c, t)
        found[place, 2] = capped_ratio(a, 0.5 + b, c, int(n))
        found[place, 3] = race_time(u, a)
        found[place, 4] = manager_gap_effect(1.0 + a, s)
        found[place, 5] = contagion_effect(1.0 + a, n, b, c)
        found[place, 6] = above_establishment_kept(s, a - b, n, c)
        found[place, 7] = helped_multiplier(a, s)
        found[place, 8] = recovered_share(a, 1.0 + b, s)
        found[place, 9] = load_of(a, b)
        found[place, 10] = progress_speed(0.01 * a, 0.01 * b, 2.0 * s)
        found[place, 11] = progress_speed(0.01 * a, 0.01 * b, 1.0)
        found[place, 12] = load_effect(0.8 + 0.4 * s, 3.0 * u, 3.0 * t, 16.0)
        found[place, 13] = fte_over_trigger(a, b, c, t)
        found[place, 14] = has_room(s, a, b, 1.0)
        found[place, 15] = ramped_share(s, a, b)
        found[place, 16] = freed_share(a - b, s, c, t)
        found[place, 17] = capacity_of(a, t, s, u - 0.5, 0.5 * t)
        found[place, 18] = lognormal_days(score, a, 2.0 * s)
        found[place, 19] = puts_off_review(s < 0.5, a, b)
        found[place, 20] = score
        found[place, 21] = pull_over(a, b)
        found[place, 22] = luck_place(int(a), int(n) * 40)
        found[place, 23] = on_grid(a)


formulas_in_python = FunctionType(
    cast(Any, formulas).py_func.__code__,
    vars(rules) | {"on_grid": casework_plan.on_grid},
    "formulas_in_python",
)
"""The same lines, by the functions of sim.engine.rules and of the plan as Python runs them."""


@entry
def _luck(worlds: Any, keys: Any, numbers: Any, found: Any, units: Any) -> None:
    w = worlds[0]
    for place in range(len(keys)):
        first, second, number = keys[place, 0], keys[place, 1], numbers[place]
        found[place, 0] = mix(first)
        found[place, 1] = join(first, second)
        found[place, 2] = nth_key(first, number)
        found[place, 3] = stream(w, 1 + place % 8, second)
        found[place, 4] = join(first, number)
        units[place, 0] = luck_at(first, number)
        units[place, 1] = uniform(w, 1 + place % 8, first, number)
        units[place, 2] = uniform(w, 1 + place % 8, first, second)


def luck(fates: Fates, keys: Any, numbers: Any) -> tuple[Any, Any]:
    """Keys and uniform numbers made of pairs of keys and of numbers."""
    world = np.zeros(1, layout.WORLD)
    for purpose, base in fates.bases.items():
        world["bases"][0, purpose] = base
    found, units = np.zeros((len(keys), 5), np.uint64), np.zeros((len(keys), 3))
    _luck(world, keys, numbers, found, units)
    return found, units


@entry
def _sum(worlds: Any, values: Any) -> float:
    w = worlds[0]
    for place in range(len(values)):
        ranked(w, place).value = values[place]
    return exact_sum(w, len(values))


def compiled_sum(values: list[float]) -> float:
    """The exact sum of some numbers."""
    world = np.zeros(1, layout.WORLD)
    tables = {name: np.zeros(len(values) + 64, layout.NUMBER) for name in ("ranked", "partials")}
    for name, table in tables.items():
        world[name] = table.ctypes.data
    return float(_sum(world, np.array(values, np.float64)))
