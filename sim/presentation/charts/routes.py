"""Chart of the workforce by the route by which people came: areas, one upon another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from sim.config.routes import Route
from sim.engine.records import Array
from sim.experiment.compare import Comparison
from sim.presentation import words
from sim.presentation.charts.chart import Chart
from sim.presentation.charts.style import (
    BLUE,
    GREY,
    INK,
    MAGENTA,
    ORANGE,
    TEAL,
    VIOLET,
    make_page,
    panels,
    reach,
    size_of,
    spread,
)
from sim.presentation.charts.time_axis import label_years, time_of

PANEL_IN, TICKS_IN, YEARS_IN, LABELS_IN, GAP_IN = 3.9, 0.45, 0.65, 1.75, 0.21
FILLS = (
    (BLUE, ""), (TEAL, "//"), (MAGENTA, ".."), (ORANGE, "xx"), (VIOLET, "--"), (GREY, "oo"),
    (BLUE, "||"), (TEAL, "\\\\"), (MAGENTA, "||"),
)  # fmt: skip
LAST = ("white", "**")
"""For layers beyond the ninth."""
ROUTES = {
    "starters_experienced": "Experienced",
    "starters_newly_qualified": "Newly qualified",
    "starters_agency_conversion": "From agency",
    "starters_overseas": "From abroad",
    "starters_bursary": "Bursary",
    "starters_apprentice": "Apprentices",
}
"""Names of the routes known here; a further route is named after its flow."""
_IN_POST = {
    Route.AT_START: "In post on day 0",
    Route.EXPERIENCED: ROUTES["starters_experienced"],
    Route.NEWLY_QUALIFIED: ROUTES["starters_newly_qualified"],
    Route.AGENCY_CONVERSION: ROUTES["starters_agency_conversion"],
    Route.RECODED: "Recoded",
    Route.OVERSEAS: ROUTES["starters_overseas"],
    Route.BURSARY: ROUTES["starters_bursary"],
    Route.APPRENTICE: ROUTES["starters_apprentice"],
}
Layers = Mapping[str, Array]
"""Name of each layer, and its FTE at each month end."""


def route_name(flow: str) -> str:
    """A route as people call it."""
    return ROUTES.get(flow, flow.removeprefix("starters_").replace("_", " ").capitalize())


def workforce(comparison: Comparison, scenario: int) -> Layers:
    """Social workers in post by the route by which they came, and agency staff, mean of runs."""
    by_route = comparison.average.table(scenario, "inpost_by_route").mean(axis=0)
    every = {_IN_POST[route]: by_route[route] for route in Route}
    agency = comparison.average.values(scenario, "agency_fte").mean(axis=0)
    return {name: fte for name, fte in (every | {"Agency": agency}).items() if fte.max() > 0}


def workforce_by_route(
    comparison: Comparison,
    layers: Sequence[Layers],
    what: str = "Social workers",
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
    top = reach((v for row in layers[:count] for v in sum(row.values(), np.zeros(1))), 1.06)
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
    """How many are left of those who were there: that is what the routes have to make up for."""
    there = _IN_POST[Route.AT_START]
    if any(there not in row or not row[there][0] for row in layers):
        return f"{what} by the route by which they came"
    left = [100 * float(row[there][-1] / row[there][0]) for row in layers]
    share = words.between(min(left), max(left))
    return f"{share}% of those in post on day 0 are still there at the end"


def _text(comparison: Comparison, layers: Sequence[Layers], names: Sequence[str], what: str) -> str:
    end = words.day(comparison.dates[-1])
    lines = [f"{what}, by route, FTE, on {end}:"]
    for scenario, row in zip(names, layers, strict=True):
        parts = [f"{name} {words.number(float(layer[-1]), 1)}" for name, layer in row.items()]
        lines.append(f"- {scenario}: {', '.join(parts)}.")
    return "\n".join([*lines, words.caption(comparison)])
