"""Chart of the workforce by the route by which people came: areas, one upon another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from sim.engine.records import Array
from sim.experiment.compare import Comparison
from sim.outcomes.flows import FLOW_INDEX, STARTERS
from sim.presentation import words
from sim.presentation.chart import Chart
from sim.presentation.style import (
    BLUE,
    GREY,
    INK,
    MAGENTA,
    ORANGE,
    TEAL,
    VIOLET,
    make_page,
    panels,
    size_of,
    spread,
)
from sim.presentation.time_axis import label_years, time_of

PANEL_IN, TICKS_IN, YEARS_IN, LABELS_IN, GAP_IN = 3.9, 0.45, 0.65, 1.75, 0.21
FILLS = ((BLUE, ""), (TEAL, "//"), (MAGENTA, ".."), (ORANGE, "xx"), (VIOLET, "--"), (GREY, "oo"))
LAST = ("white", "**")
"""For routes beyond the sixth."""
ROUTES = {
    "starters_experienced": "Experienced",
    "starters_newly_qualified": "Newly qualified",
    "starters_agency_conversion": "From agency",
    "starters_overseas": "From abroad",
    "starters_bursary": "Bursary",
    "starters_apprentice": "Apprentices",
}
"""Names of the routes known here; a further route is named after its flow."""
Layers = Mapping[str, Array]
"""Name of each layer, and its FTE at each month end."""


def route_name(flow: str) -> str:
    """A route as people call it."""
    return ROUTES.get(flow, flow.removeprefix("starters_").replace("_", " ").capitalize())


def starters_by_route(comparison: Comparison, scenario: int) -> Layers:
    """Social workers who joined since day 0, by the route by which they came, mean of runs."""
    flows = comparison.flows[scenario].mean(axis=0)[:, 0]
    every = {route_name(name): np.cumsum(flows[FLOW_INDEX[name]]) for name in STARTERS}
    return {name: total for name, total in every.items() if total[-1] > 0}


def workforce_by_route(
    comparison: Comparison,
    layers: Sequence[Layers],
    what: str = "Social workers who joined since day 0",
) -> Chart:
    """Draw how many people came by each route, a panel for each scenario.

    Args:
        comparison: where the numbers come from.
        layers: by scenario drawn, the first scenarios of the comparison.
        what: what the layers add up to.
    """
    count = min(words.drawn(comparison), len(layers))
    title = _title(layers[:count], what)
    subtitle = (
        f"{what}, by route, FTE, mean of runs, {words.period(comparison)}."
        f" {words.first_only(comparison)}"
    ).strip()
    page = make_page(title, subtitle, words.caption(comparison), -(-count // 2) * PANEL_IN)
    names = words.full_names(comparison)[:count]
    fills = dict(zip(dict.fromkeys(n for row in layers for n in row), FILLS, strict=False))
    top = 1.06 * max(float(sum(row.values()).max()) for row in layers[:count])  # type: ignore[union-attr]
    for axes, row in zip(
        panels(page, names, TICKS_IN, YEARS_IN, LABELS_IN), layers[:count], strict=True
    ):
        _draw(axes, comparison, row, fills, top)
    text = _text(comparison, layers[:count], names, what)
    return Chart("workforce_by_route", title, subtitle, text, page.figure)


def _draw(
    axes: Axes,
    comparison: Comparison,
    row: Layers,
    fills: Mapping[str, tuple[str, str]],
    top: float,
) -> None:
    time = [time_of(date) for date in comparison.dates]
    below: Array = np.zeros(len(time))
    middles = []
    for name, layer in row.items():
        colour, hatch = fills.get(name, LAST)
        axes.fill_between(
            time, below, below + layer, facecolor=colour, hatch=hatch, edgecolor="white",
            linewidth=1.2,
        )  # fmt: skip
        middles.append(float(below[-1] + layer[-1] / 2))
        below = below + layer
    axes.set_ylim(0, top)
    label_years(axes, comparison.dates)
    gap = GAP_IN * top / size_of(axes)[1]
    names = [f"{name} {words.number(float(layer[-1]))}" for name, layer in row.items()]
    for name, y in zip(names, spread(middles, gap, gap / 2, top), strict=True):
        axes.annotate(
            name, (time[-1], y), xytext=(5, 0), textcoords="offset points", va="center",
            color=INK, annotation_clip=False,
        )  # fmt: skip


def _title(layers: Sequence[Layers], what: str) -> str:
    first = layers[0]
    name = max(first, key=lambda route: float(first[route][-1]))
    shares = [
        100 * float(row[name][-1]) / sum(float(v[-1]) for v in row.values()) for row in layers
    ]
    share = words.between(min(shares), max(shares))
    return f"{share}% of {what[:1].lower()}{what[1:]} came one way: {name.lower()}"


def _text(comparison: Comparison, layers: Sequence[Layers], names: Sequence[str], what: str) -> str:
    end = words.day(comparison.dates[-1])
    lines = [f"{what}, by route, FTE, on {end}:"]
    for scenario, row in zip(names, layers, strict=True):
        parts = [f"{name} {words.number(float(layer[-1]), 1)}" for name, layer in row.items()]
        lines.append(f"- {scenario}: {', '.join(parts)}.")
    return "\n".join([*lines, words.caption(comparison)])
