"""What is said of funding posts: in post, displaced, time to fill, money unspent, by elasticity."""

from __future__ import annotations

from sim.experiment.compare import Comparison, Variant
from sim.experiment.readings import change, planned, reading, unspent
from sim.presentation import words
from sim.presentation.chart import Chart
from sim.presentation.experiment import Bench
from sim.presentation.filled_chart import Line, funded_against_filled
from sim.presentation.package_answer import with_interval

DAYS_A_MONTH = 365.25 / 12
COLUMNS = (
    "Elasticity",
    "Posts funded",
    "Extra in post",
    "Per post",
    "Lost from existing posts",
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
    money = [
        (
            comparison.scenarios[s].label,
            words.number(float(planned(comparison, s, column).mean()) / 1e6, 2),
            with_interval(unspent(comparison, s, column) / 1e6, draws, 2),
        )
        for s in scenarios
    ]
    title = f"Money to {when}, £m cash, all draws (agency cover of the new posts counts as spent)"
    bench.table("unspent", title, ("Scenario", "Planned", "Left unspent"), money)


def _row(variant: Variant, scenario: int, column: int) -> tuple[str, ...]:
    extra = change(variant, scenario, "inpost_fte", column)
    funded = float(reading(variant, scenario, "funded_posts_fte", column).mean())
    lost = -change(variant, scenario, "existing_posts_inpost_fte", column)
    months = reading(variant, scenario, "time_to_fill_days", column) / DAYS_A_MONTH
    return (
        "all draws" if variant.gamma is None else f"{variant.gamma:g}",
        words.number(funded),
        with_interval(extra, variant.draws, 1),
        words.number(float(extra.mean()) / funded, 2),
        with_interval(lost, variant.draws, 1),
        with_interval(months, variant.draws, 1),
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
