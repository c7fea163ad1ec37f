"""What is said of funding posts: in post, displaced, time to fill, money unspent, by elasticity."""

from __future__ import annotations

from sim.experiment.compare import Comparison
from sim.experiment.readings import change, over_planned, planned, reading
from sim.experiment.variant import Variant
from sim.presentation import words
from sim.presentation.cells import Cells, Number, estimate
from sim.presentation.charts.chart import Chart
from sim.presentation.charts.filled import Line, funded_against_filled
from sim.presentation.experiment import Bench

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
    extra = change(variant, scenario, "inpost_fte", column)
    funded = float(reading(variant, scenario, "funded_posts_fte", column).mean())
    existing = change(variant, scenario, "existing_posts_inpost_fte", column)
    months = reading(variant, scenario, "time_to_fill_days", column) / DAYS_A_MONTH
    return (
        "all runs" if variant.gamma is None else f"{variant.gamma:g}",
        Number(funded),
        estimate(extra, variant.draws, 1),
        Number(float(extra.mean()) / funded, 2),
        estimate(existing, variant.draws, 1),
        estimate(months, variant.draws, 1),
    )


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
        Line(
            variant.gamma or 0.0,
            (0.0, *(float(change(variant, s, "inpost_fte", column).mean()) for s in scenarios)),
        )
        for variant in comparison.gamma_variants
    ]
    when = words.day(comparison.dates[column])
    return funded_against_filled(comparison, (0.0, *funded), lines, when)
