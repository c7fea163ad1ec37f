"""The parts of the headline that show an answer at each gamma and under each demand scenario."""

from __future__ import annotations

from rich.table import Table

from sim.config.counted import counted
from sim.experiment.compare import Comparison, headline_column
from sim.experiment.statistics import FEWEST_RUNS
from sim.experiment.variant import Variant
from sim.inputs.run_options import DemandScenario
from sim.presentation.amounts import decimals, fte, signed_decimals, signed_fte
from sim.presentation.tables import (
    NOTHING,
    change_cell,
    level_cell,
    mean_cell,
    new_table,
    yield_cell,
)
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
    ("load", "workload"),
    ("changes_of_worker_per_child", "changes of worker per child"),
)


def gamma_table(comparison: Comparison) -> Table:
    """Extra social workers in post by how hiring answers to vacancies."""
    column = headline_column(comparison)
    labels = ["All runs", "Average of\nthe same runs"]
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
            [level_cell(variant, 0, indicator, column, decimals) for variant in shown],
        )
        for indicator, words in _BY_DEMAND
    ]
    rows += [
        (
            f"{comparison.scenarios[s].label}: {words}",
            [change_cell(variant, s, indicator, column, signed_decimals) for variant in shown],
        )
        for s in range(1, len(comparison.scenarios))
        for indicator, words in _BY_DEMAND
    ]
    for words, cells in rows:
        if any(cell != NOTHING for cell in cells):
            table.add_row(words, *cells)
    return table


def _label(words: str, variant: Variant) -> str:
    return f"{words}\n({counted(len(variant.draws), 'run')})"
