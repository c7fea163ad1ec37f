"""The headline's table of what the money buys: posts, people, and what each costs."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from rich.table import Table

from sim.experiment.compare import Comparison, headline_column
from sim.experiment.financial_years import year_spans
from sim.experiment.money import (
    CostPer,
    cost_per_change_avoided,
    cost_per_extra_fte_year,
    present_values,
)
from sim.experiment.readings import reading
from sim.experiment.spread import Range, spread
from sim.experiment.statistics import range_shares
from sim.experiment.variant import COUNCIL
from sim.presentation.amounts import fte, percent, pounds, signed_fte
from sim.presentation.ranges import Runs
from sim.presentation.tables import NOTHING, change_cell, new_table, yield_cell
from sim.presentation.words import day, spread_of
from sim.scenario.posts import funds_posts_alone

_PARTS = "  "
_NONE_FTE = 0.05
"""FTE that is written as 0.0."""


def funding_table(comparison: Comparison, options: Sequence[int]) -> Table:
    """Posts and people of each scenario, and the cost of what is gained, row by row."""
    column = headline_column(comparison)
    average = comparison.variants[0]
    table = new_table(
        f"What the money buys, to {day(comparison.dates[column])}",
        "",
        *(comparison.scenarios[s].label for s in options),
    )

    def row(words: str, cell: Callable[[int], str]) -> None:
        table.add_row(words, *(cell(s) for s in options))

    posts = {s: _posts(comparison, s, column) for s in options}
    row("Posts funded, all roles (FTE)", lambda s: fte(posts[s][0]))
    for place, words in ((1, "not simulated: cost only"), (2, "not open on that day")):
        if any(abs(found[place]) >= _NONE_FTE for found in posts.values()):
            table.add_row(
                f"{_PARTS}{words}", *(signed_fte(-found[place]) for found in posts.values())
            )
    row(f"{_PARTS}open on that day", lambda s: fte(posts[s][3]))
    row(
        "Extra people in post, all roles (FTE)",
        lambda s: change_cell(average, s, "inpost_all_roles_fte", column, signed_fte),
    )
    alone = {s: funds_posts_alone(comparison.scenarios[s].measures) for s in options}
    if any(alone.values()):
        row(
            "People gained per post open that day",
            lambda s: yield_cell(average, s, "post_yield", column) if alone[s] else NOTHING,
        )
    row(
        "Chance of more social workers in post",
        lambda s: percent(float(comparison.better(s, "inpost_fte")[COUNCIL, column])),
    )
    years = {s: cost_per_extra_fte_year(comparison, s, column) for s in options}
    row("Net cost to that date, cash", lambda s: pounds(_cost(years[s]), True))
    row("Extra FTE-years in post to that date", lambda s: signed_fte(_gain(years[s])))
    row("Net cost per extra FTE-year", lambda s: ratio_cell(years[s], "nobody gained"))
    if comparison.has_casework:
        changes = {s: cost_per_change_avoided(comparison, s, column) for s in options}
        row("Changes of worker avoided to that date", lambda s: signed_fte(_gain(changes[s])))
        row(
            "Net cost per change of worker avoided",
            lambda s: ratio_cell(changes[s], "none avoided"),
        )
    _add_present_values(table, comparison, options)
    return table


def _posts(comparison: Comparison, scenario: int, column: int) -> tuple[float, float, float, float]:
    """FTE funded; of it without simulated effect, not open on the date, and open on the date."""
    measures = comparison.scenarios[scenario].measures
    funded = comparison.scenarios[scenario].funded_fte
    plain = sum(measure.funded_fte for measure in measures if not measure.has_effect)
    posts = reading(comparison.variants[0], scenario, "funded_posts_all_roles_fte", column)
    is_open = float(posts.mean())
    return funded, plain, funded - plain - is_open, is_open


def _cost(found: CostPer) -> float:
    return float(found.cost.mean())


def _gain(found: CostPer) -> float:
    return float(found.gain.mean())


def ratio_cell(found: CostPer, nothing: str) -> str:
    """Pounds for one of something: the middle run and the range of runs.

    Args:
        found: what is written.
        nothing: words for nothing gained, on average, in the middle run or in some runs.
    """
    low, high = range_shares(len(found.by_run))
    middle, least, most = found.at(0.5, low, high)
    none = percent(float(np.isinf(found.by_run).mean()))
    if math.isnan(found.ratio.value):
        return nothing
    if math.isinf(middle):
        return f"{nothing}\n(in {none} of runs)"
    if math.isfinite(most):
        runs = Runs(middle, least, most, found.ratio.value, len(found.by_run))
        first, *rest = runs.parts(pounds)
    else:
        first, *rest = pounds(middle), f"{pounds(least)} or more", f"{nothing} in {none} of runs"
    return "\n".join([first, *(f"({part})" for part in rest)])


def _add_present_values(table: Table, comparison: Comparison, options: Sequence[int]) -> None:
    """Rows of the net cost over the run, at the chosen discount rate and at a lower one."""
    found = [present_values(comparison, s) for s in options]
    spans = year_spans(comparison.plans[0])
    table.add_section()
    for rate in sorted(found[0], reverse=True):
        cells = [_range(spread(values[rate])) for values in found]
        words = (
            f"Net cost of the whole run, {day(spans[0].first)} to {day(spans[-1].last)}, real,"
            f" discounted at {rate * 100:g} % ({spread_of(comparison.pairs)})"
        )
        table.add_row(words, *cells)


def _range(value: Range) -> str:
    low, high = pounds(value.p10, signed=True), pounds(value.p90, signed=True)
    return f"{pounds(value.mean, signed=True)}\n({low} to {high})"
