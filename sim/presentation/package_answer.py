"""What is said of a package: side by side under each condition, and conclusions that hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from sim.experiment.compare import Comparison, headline_column
from sim.experiment.conclusions import Claim, judged_values, robustness
from sim.experiment.readings import agency_change, change, net_cost, over_planned, reading
from sim.experiment.variant import Variant
from sim.inputs.run_options import DemandScenario
from sim.outcomes.indicators import INDEX, INDICATORS
from sim.presentation import words
from sim.presentation.cells import Cells, Number, estimate
from sim.presentation.conclusions_table import (
    COLUMNS,
    THIRDS,
    conclusion_rows,
    how_to_read,
    third_rows,
)
from sim.presentation.experiment import Bench

Shown = tuple[str, int]
"""An indicator, and the decimals it is shown with."""


# Side by side -----------------------------------------------------------------------------


def say_by_condition(
    bench: Bench, file: str, comparison: Comparison, shown: Sequence[Shown], column: int
) -> None:
    """A table of changes, a row for each scenario and condition.

    Args:
        bench: where it is said.
        file: stem of the CSV file.
        comparison: what was run.
        shown: indicators.
        column: the month end.
    """
    rows: list[Cells] = [
        (
            comparison.scenarios[s].label,
            name,
            Number(len(variant.draws)),
            *(
                estimate(change(variant, s, indicator, column), variant.draws, places)
                for indicator, places in shown
            ),
        )
        for s in range(1, len(comparison.scenarios))
        for name, variant in conditions(comparison)
    ]
    when = words.day(comparison.dates[column])
    title = f"Less doing nothing, {when}: {words.middle_of(comparison.pairs)}"
    columns = ("Scenario", "Under", "Pairs", *(_heading(indicator) for indicator, _ in shown))
    bench.table(file, title, columns, rows)


def _heading(name: str) -> str:
    """An indicator's name and unit."""
    indicator = INDICATORS[INDEX[name]]
    return f"{indicator.label}, {indicator.unit.value}"


def conditions(comparison: Comparison) -> list[tuple[str, Variant]]:
    """Every condition that was run, named."""
    found = [("all runs", comparison.variants[0])]
    found += [(f"hiring responds at {v.gamma:g}", v) for v in comparison.gamma_variants]
    names = {
        DemandScenario.FLAT: "flat demand",
        DemandScenario.BACK_TO_2019: "demand back to 2019",
        DemandScenario.RISING: "rising",
    }
    for variant in comparison.demand_variants:
        if variant.demand is not None:
            found.append((names.get(variant.demand, variant.demand.value), variant))
    return found


# Conclusions ------------------------------------------------------------------------------


def staffing_claims(comparison: Comparison, scenario: int) -> list[Claim]:
    """What is concluded of a scenario's people, posts and money."""
    k, variant = headline_column(comparison), comparison.variants[0]
    draws, extra = variant.draws, change(variant, scenario, "inpost_fte", k)
    target, wanted = reading(variant, scenario, "target_social_worker", k), _target(comparison)
    funded = float(reading(variant, scenario, "funded_posts_fte", k).mean())
    uncovered = change(variant, scenario, "uncovered_existing_posts_fte", k)
    agency = change(variant, scenario, "agency_fte", k)
    spent = agency_change(comparison, scenario, k)
    cost, over = net_cost(comparison, scenario, k), over_planned(comparison, scenario, k)
    claims = [
        Claim("More social workers in post", extra, draws, above=0.0),
        Claim(f"Fewer gained than the {funded:.0f} funded", extra, draws, below=funded),
        Claim("Fewer gained than half of those", extra, draws, below=funded / 2),
        Claim("Fewer empty posts without cover", uncovered, draws, below=0.0),
        Claim("No fewer agency workers", agency, draws, above=0.0, or_equal=True),
        Claim("Agency spending does not fall", spent, draws, above=0.0, or_equal=True),
        Claim("Costs more than it saves", cost, draws, above=0.0),
        Claim("Less is spent than was voted", over, draws, below=0.0),
        Claim(f"Fewer than {wanted} of the {wanted} found", target, draws, below=wanted),
    ]
    return [claim for claim in claims if not np.isnan(claim.numbers).all()]


def _target(comparison: Comparison) -> int:
    return comparison.study.targets.get("social_worker", 0)


def case_claims(comparison: Comparison, scenario: int) -> list[Claim]:
    """What is concluded of children's cases under a scenario.

    In many draws nobody waits with it or without it: there are no fewer then, and no more.
    """
    k, variant = headline_column(comparison), comparison.variants[0]
    found = [
        ("Lighter load", "load", False),
        ("Fewer children without a worker", "unallocated", False),
        ("No more children without a worker", "unallocated", True),
        ("Fewer changes of worker", "changes_of_worker_per_child", False),
    ]
    claims = [
        Claim(text, change(variant, scenario, name, k), variant.draws, below=0.0, or_equal=ties)
        for text, name, ties in found
    ]
    return [claim for claim in claims if not np.isnan(claim.numbers).all()]


def say_conclusions(
    bench: Bench,
    file: str,
    comparison: Comparison,
    claims: Callable[[Comparison, int], list[Claim]],
) -> None:
    """Tables of conclusions over the whole range of the judged numbers, one for each scenario.

    Args:
        bench: where it is said.
        file: stem of the CSV files.
        comparison: what was run.
        claims: the conclusions on a scenario.
    """
    draws = sorted({int(draw) for draw in comparison.variants[0].draws})
    judged = judged_values(comparison.study, draws)
    for s, scenario in list(enumerate(comparison.scenarios))[1:]:
        found = [robustness(claim, judged) for claim in claims(comparison, s)]
        stem = f"{file}_{scenario.key}"
        bench.table(stem, f"Conclusions: {scenario.label}", COLUMNS, conclusion_rows(found))
        bench.file(f"{stem}_by_judged_number", THIRDS, third_rows(found))
    bench.say(how_to_read(len(judged)))
