"""Chart of the workforce by the route by which people came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sim.config.routes import Route
from sim.engine.records import Array
from sim.experiment.compare import Comparison
from sim.experiment.statistics import summarise
from sim.presentation import words
from sim.presentation.charts.chart import Chart
from sim.presentation.charts.grid import (
    NO_VALUE,
    Cell,
    Column,
    Group,
    Row,
    Section,
    how_told,
    in_words,
    key,
    level_in,
    places_for,
    written,
)
from sim.presentation.charts.grid_drawing import draw_sections
from sim.presentation.ranges import Runs, runs_of

NAMES_IN = 1.3
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
    Route.AT_START: "In post at the start",
    Route.EXPERIENCED: ROUTES["starters_experienced"],
    Route.NEWLY_QUALIFIED: ROUTES["starters_newly_qualified"],
    Route.AGENCY_CONVERSION: ROUTES["starters_agency_conversion"],
    Route.RECODED: "Recoded",
    Route.OVERSEAS: ROUTES["starters_overseas"],
    Route.BURSARY: ROUTES["starters_bursary"],
    Route.APPRENTICE: ROUTES["starters_apprentice"],
}
Layers = Mapping[str, Array]
"""Name of each route, and the FTE that came by it, by run and month end."""


def route_name(flow: str) -> str:
    """A route as people call it."""
    return ROUTES.get(flow, flow.removeprefix("starters_").replace("_", " ").capitalize())


def workforce(comparison: Comparison, scenario: int) -> Layers:
    """Social workers in post by the route by which they came, and agency staff, by run."""
    by_route = comparison.average.table(scenario, "inpost_by_route")
    every = {_IN_POST[route]: by_route[:, route] for route in Route}
    agency = comparison.average.values(scenario, "agency_fte")
    there = _IN_POST[Route.AT_START]
    whole = every | {"Agency": agency}
    return {name: fte for name, fte in whole.items() if name == there or fte.max() > 0}


def workforce_by_route(
    comparison: Comparison,
    layers: Sequence[Layers],
    what: str = "Social workers",
) -> Chart:
    """Draw how many people came by each route, a column for each scenario.

    Args:
        comparison: where the numbers come from.
        layers: by scenario drawn, the first scenarios of the comparison.
        what: what the layers add up to.
    """
    shown = layers[: words.drawn(comparison)]
    section = _section(comparison, shown)
    title = _title(comparison, shown, what)
    end = words.day(comparison.dates[-1])
    subtitle = (
        f"{what} by the route by which they came, FTE, {comparison.study.council.name}, {end}."
        f" {key(comparison.pairs)} Middles do not add up; each run does."
        f" {words.first_only(comparison)}"
    ).strip()
    page = draw_sections(title, subtitle, words.caption(comparison), [section])
    text = in_words(
        f"{what} by the route by which they came, FTE, on {end}, {how_told(comparison.pairs)}:",
        section,
        words.not_drawn(comparison),
        words.caption(comparison),
    )
    return Chart("workforce_by_route", title, subtitle, text, page.figure)


def _runs(comparison: Comparison, values: Array) -> Runs:
    return runs_of(summarise(values, comparison.average.draws))


def _all(layers: Layers) -> Array:
    """Everybody, by run and month end."""
    total: Array = np.stack(list(layers.values())).sum(axis=0)
    return total


def _section(comparison: Comparison, layers: Sequence[Layers]) -> Section:
    """A row for each route and for everybody, all on one scale."""
    names = dict.fromkeys(name for row in layers for name in row)
    found = {
        name: [_runs(comparison, row[name][:, -1]) if name in row else None for row in layers]
        for name in names
    }
    everybody = [_runs(comparison, _all(row)[:, -1]) for row in layers]
    write = level_in(places_for(everybody))
    labels = words.short_names(comparison)
    columns = tuple(Column(label, "FTE", write, scale="fte") for label in labels[: len(layers)])
    rows = tuple(Row(name, tuple(_cell(runs) for runs in row)) for name, row in found.items())
    # In words alone: on an axis that holds everybody the routes would look alike.
    cells = (
        Cell(words=written(Cell(runs), column))
        for runs, column in zip(everybody, columns, strict=True)
    )
    every = Row("All", tuple(cells))
    return Section(columns, (Group("", (*rows, every)),), NAMES_IN)


def _cell(runs: Runs | None) -> Cell:
    """A route by which nobody comes under one scenario has no range there."""
    return Cell(words=NO_VALUE) if runs is None else Cell(runs)


def _title(comparison: Comparison, layers: Sequence[Layers], what: str) -> str:
    """How many are left of those who were there: that is what the routes have to make up for."""
    there = _IN_POST[Route.AT_START]
    if any(there not in row or not row[there][:, 0].all() for row in layers):
        return f"{what} by the route by which they came"
    left = [_runs(comparison, 100 * row[there][:, -1] / row[there][:, 0]).middle for row in layers]
    share = words.between(min(left), max(left))
    return f"{share}% of those in post at the start are still there at the end"
