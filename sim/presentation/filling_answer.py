"""What is said of funding posts: in post, displaced, time to fill, money unspent, by elasticity."""

from __future__ import annotations

from sim.experiment.compare import Comparison
from sim.experiment.readings import change, over_planned, planned, reading
from sim.experiment.statistics import summarise
from sim.experiment.variant import Variant
from sim.presentation import words
from sim.presentation.cells import Cells, Estimate, Number, estimate
from sim.presentation.charts.chart import Chart
from sim.presentation.charts.filled import Line, funded_against_filled
from sim.presentation.experiment import Bench
from sim.presentation.ranges import Runs, gained_per_post, runs_of

DAYS_A_MONTH = 365.25 / 12
COLUMNS = (
    "Elasticity",
    "Posts funded, FTE",
    "Extra in post, FTE",
    "Per post",
    "Change in existing posts, FTE",
    "Months to fill",
)


def say_filling(bench: Bench, comparison: Comparison, column: int) -> None:
    """Funded against in post at each elasticity, and money unspent over all draws.

    Args:
        bench: where it is said.
        comparison: scenarios that fund more and more posts, run at several elasticities.
        column: the month end.
    """
    scenarios = range(1, len(comparison.scenarios))
    when = words.day(comparison.dates[column])
    rows = [
        _row(variant, s, column)
        for variant in (*comparison.gamma_variants, comparison.variants[0])
        for s in scenarios
    ]
    bench.table("filling", f"Social work posts funded and people in post, {when}", COLUMNS, rows)
    draws = comparison.variants[0].draws
    money: list[Cells] = [
        (
            comparison.scenarios[s].label,
            Number(float(planned(comparison, s, column).mean()) / 1e6, 2),
            estimate(over_planned(comparison, s, column) / 1e6, draws, 2),
        )
        for s in scenarios
    ]
    title = f"Money to {when}, cash, all runs (agency cover of the new posts counts as spent)"
    columns = ("Scenario", "Planned, £m", "Under (−) or over (+) it, £m")
    bench.table("money", title, columns, money)


def _row(variant: Variant, scenario: int, column: int) -> Cells:
    extra = _extra(variant, scenario, column)
    funded = float(reading(variant, scenario, "funded_posts_fte", column).mean())
    existing = change(variant, scenario, "existing_posts_inpost_fte", column)
    months = reading(variant, scenario, "time_to_fill_days", column) / DAYS_A_MONTH
    return (
        "all runs" if variant.gamma is None else f"{variant.gamma:g}",
        Number(funded),
        Estimate(extra, 1),
        Number(gained_per_post(extra, funded), 2),
        estimate(existing, variant.draws, 1),
        estimate(months, variant.draws, 1),
    )


def _extra(variant: Variant, scenario: int, column: int) -> Runs:
    """Extra social workers in post on a date."""
    return runs_of(summarise(change(variant, scenario, "inpost_fte", column), variant.draws))


def chart_filling(comparison: Comparison, column: int) -> Chart:
    """Funded against filled, a line for each elasticity that was run.

    Args:
        comparison: scenarios that fund more and more posts, run at several elasticities.
        column: the month end.
    """
    scenarios = range(1, len(comparison.scenarios))
    first = comparison.variants[0]
    funded = [float(reading(first, s, "funded_posts_fte", column).mean()) for s in scenarios]
    lines = [
        Line(variant.gamma, tuple(_extra(variant, s, column) for s in scenarios))
        for variant in (*comparison.gamma_variants, first)
    ]
    when = words.day(comparison.dates[column])
    return funded_against_filled(comparison, funded, lines, when)
