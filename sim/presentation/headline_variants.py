"""The parts of the headline that show an answer at each gamma and under each demand scenario."""

from __future__ import annotations

from rich.table import Table

from sim.config.counted import counted
from sim.experiment.compare import Comparison, headline_column
from sim.experiment.readings import change, cost_of_year, full_year
from sim.experiment.statistics import FEWEST_RUNS
from sim.experiment.variant import Variant
from sim.inputs.run_options import DemandScenario
from sim.presentation.amounts import (
    decimals,
    fte,
    percent,
    points,
    pounds,
    signed_decimals,
    signed_fte,
)
from sim.presentation.tables import (
    NOTHING,
    change_cell,
    level_cell,
    mean_cell,
    new_table,
    yield_cell,
)
from sim.presentation.words import day
from sim.scenario.posts import funds_posts_alone

DEMAND_WORDS = {
    DemandScenario.UNCERTAIN: "Uncertain",
    DemandScenario.FLAT: "Flat",
    DemandScenario.BACK_TO_2019: "Back to 2019",
    DemandScenario.RISING: "Rising",
    DemandScenario.SERIES: "As in the series",
}
_HOW = f"middle run, and 8 runs in 10, of fewer than {FEWEST_RUNS} all"
_BY_DEMAND = (
    ("load", "workload", percent, points),
    ("changes_of_worker_per_child", "changes of worker per child", decimals, signed_decimals),
)


def gamma_table(comparison: Comparison) -> Table:
    """Extra social workers in post by how hiring answers to vacancies."""
    column = headline_column(comparison)
    labels = ["All runs", "The same runs,\nas drawn"]
    labels += [_label(str(variant.gamma), variant) for variant in comparison.gamma_variants]
    table = new_table(
        f"Extra social workers in post, {comparison.dates[column]:%d %B %Y}, if hiring responds to"
        " vacancies hardly (0.1), partly (0.4) or well (0.8): nobody knows which"
        f" ({_HOW})",
        "",
        *labels,
    )
    average, beside = comparison.variants[0], comparison.gamma_variants
    shown = (average, comparison.on_the_same_draws(beside[0]), *beside)
    for s in range(1, len(comparison.scenarios)):
        label = comparison.scenarios[s].label
        extra = [change_cell(v, s, "inpost_fte", column, signed_fte) for v in shown]
        table.add_row(f"{label}: FTE", *extra)
        posts = [mean_cell(v, s, "funded_posts_fte", column, fte) for v in shown]
        table.add_row(f"{label}: social work posts open that day", *posts)
        if funds_posts_alone(comparison.scenarios[s].measures):
            per_post = [yield_cell(v, s, "post_yield_social_work", column) for v in shown]
            table.add_row(f"{label}: people gained per post open that day", *per_post)
    return table


def beside_table(comparison: Comparison) -> Table:
    """With overload acting on leaving and agency staff, and without: the same pairs, means."""
    off, column = comparison.loop_off, headline_column(comparison)
    assert off is not None
    on = comparison.on_the_same_draws(off)
    table = new_table(
        "With and without overload that makes people leave and managers buy agency staff,"
        f" {day(comparison.dates[column])} (means of {counted(len(off.draws), 'paired run')})",
        "", "With", "Without",
    )  # fmt: skip
    year = full_year(comparison, column)
    name = comparison.ledgers[0].years[year]
    for s in range(1, len(comparison.scenarios)):
        label = comparison.scenarios[s].label
        for words, indicator in (("social workers", "inpost_fte"), ("agency staff", "agency_fte")):
            cells = (signed_fte(float(change(v, s, indicator, column).mean())) for v in (on, off))
            table.add_row(f"{label}: {words} (FTE)", *cells)
        costs = [cost_of_year(v, s, year) for v in (on, off)]
        table.add_row(f"{label}: net cost {name}", *(pounds(float(c.mean())) for c in costs))
        table.add_row(
            f"{label}: net cost of a worker-year, to that date",
            *(_worker_year(comparison, v, s, column) for v in (on, off)),
        )
    return table


def _worker_year(comparison: Comparison, variant: Variant, scenario: int, column: int) -> str:
    """Mean cost to a date over mean worker-years gained by then."""
    gained = variant.values(scenario, "inpost_all_roles_fte", against=0)[:, : column + 1]
    years = float(gained.sum(axis=1).mean()) / 12
    cost = sum(
        float(cost_of_year(variant, scenario, year).mean())
        for year in range(full_year(comparison, column) + 1)
    )
    return pounds(cost / years) if years > 0 else "nobody gained"


def demand_table(comparison: Comparison) -> Table:
    """Load and changes of worker by demand: of doing nothing, and what the scenarios change."""
    column = headline_column(comparison)
    beside = comparison.demand_variants
    shown = (comparison.on_the_same_draws(beside[0]), *beside)
    usual = DemandScenario.UNCERTAIN
    labels = [_label(DEMAND_WORDS[variant.demand or usual], variant) for variant in shown]
    first = comparison.scenarios[0].label
    table = new_table(
        f"By demand, {comparison.dates[column]:%d %B %Y}: {first}, and what changes against it"
        f" ({_HOW})",
        "",
        *labels,
    )
    rows = [
        (
            f"{first}: {words}",
            [level_cell(variant, 0, indicator, column, write) for variant in shown],
        )
        for indicator, words, write, write_change in _BY_DEMAND
    ]
    rows += [
        (
            f"{comparison.scenarios[s].label}: {words}",
            [change_cell(variant, s, indicator, column, write_change) for variant in shown],
        )
        for s in range(1, len(comparison.scenarios))
        for indicator, words, write, write_change in _BY_DEMAND
    ]
    for words, cells in rows:
        if any(cell != NOTHING for cell in cells):
            table.add_row(words, *cells)
    return table


def _label(words: str, variant: Variant) -> str:
    return f"{words}\n({counted(len(variant.draws), 'run')})"
