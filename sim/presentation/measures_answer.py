"""What is said of measures one by one: contributions, overlap, cost against effect."""

from __future__ import annotations

from sim.config.counted import counted
from sim.engine.records import Array
from sim.experiment.compare import Comparison
from sim.experiment.contributions import Read, contributions
from sim.experiment.readings import change, cost_only, net_cost
from sim.experiment.statistics import summarise
from sim.presentation import words
from sim.presentation.cells import Cells, Number, estimate
from sim.presentation.charts.contribution import contribution_of_each
from sim.presentation.charts.cost_effect import Option, cost_against_effect
from sim.presentation.experiment import Bench
from sim.presentation.ranges import runs_of
from sim.scenario.scenario import Scenario

EXTRA = "inpost_fte"


def say_contributions(bench: Bench, comparison: Comparison, column: int) -> None:
    """Extra social workers, fewer posts uncovered and net cost, of each measure; two charts.

    What measures cost that do nothing else is left out: it is the same whatever stands beside them.

    Args:
        bench: where it is said.
        comparison: of a scenario taken apart.
        column: the month end.
    """
    when = words.day(comparison.dates[column])

    def extra(done: Comparison, s: int) -> Array:
        return change(done.variants[0], s, EXTRA, column)

    def covered(done: Comparison, s: int) -> Array:
        return -change(done.variants[0], s, "uncovered_existing_posts_fte", column)

    def cost(done: Comparison, s: int) -> Array:
        return (net_cost(done, s, column) - cost_only(done, s, column)) / 1e6

    for file, title, unit, read, places in (
        ("extra", f"Extra social workers in post, {when}", "FTE", extra, 1),
        ("covered", f"Fewer empty posts without agency cover, {when}", "FTE", covered, 1),
        ("cost", f"Net cost to {when} of measures that act", "£m", cost, 2),
    ):
        rows = _contribution_rows(comparison, read, places)
        columns = ("Letter", "Measure", f"On its own, {unit}", f"Lost if dropped, {unit}")
        bench.table(file, title, columns, rows)
    found = contributions(comparison, extra)
    bench.chart(contribution_of_each(comparison, found, "social workers in post", "FTE", when))
    draws = comparison.variants[0].draws
    options = [
        Option(
            comparison.scenarios[s].label,
            runs_of(summarise(cost(comparison, s), draws)),
            runs_of(summarise(extra(comparison, s), draws)),
        )
        for s in range(1, 2 + len(found.parts))
    ]
    bench.chart(cost_against_effect(comparison, options, "social workers in post", "FTE", when))


def _contribution_rows(comparison: Comparison, read: Read, places: int) -> list[Cells]:
    found, draws = contributions(comparison, read), comparison.variants[0].draws
    count = len(found.parts)
    whole = read(comparison, 1)
    rows: list[Cells] = [
        (
            part.measure.letter,
            part.measure.name,
            estimate(read(comparison, 2 + i), draws, places),
            estimate(whole - read(comparison, 2 + count + i), draws, places),
        )
        for i, part in enumerate(found.parts)
    ]
    alone = sum((read(comparison, 2 + i) for i in range(count)), start=0.0 * whole)
    return [
        *rows,
        ("", "Sum of each alone", estimate(alone, draws, places), ""),
        ("", "All together", estimate(whole, draws, places), ""),
        ("", "Overlap: sum less all together", estimate(alone - whole, draws, places), ""),
    ]


def say_cost_only(bench: Bench, scenario: Scenario) -> None:
    """Measures that are nothing but cost, with their planned money; nothing if all act."""
    plain = [line for line in scenario.measures if not (line.has_effect or line.saves)]
    years = sorted({year for measure in plain for year in measure.planned_gbp})
    rows: list[Cells] = [
        (m.letter, m.name, *(Number(m.planned_gbp.get(year, 0.0)) for year in years)) for m in plain
    ]
    if rows:
        title = "Nothing but cost: no effect is simulated"
        columns = ("Letter", "Measure", *(f"{year}, £ planned" for year in years))
        bench.table("cost_only", title, columns, rows)


def say_each(bench: Bench, file: str, comparison: Comparison, column: int) -> None:
    """What children notice of the whole and of each measure alone.

    Args:
        bench: where it is said.
        file: stem of the CSV file.
        comparison: of doing nothing, the whole and each measure alone.
        column: the month end.
    """
    variant = comparison.variants[0]
    shown = (("load", 3), ("unallocated", 0), ("changes_of_worker_per_child", 3))
    rows: list[Cells] = [
        (
            comparison.scenarios[s].label,
            *(
                estimate(change(variant, s, name, column), variant.draws, places)
                for name, places in shown
            ),
        )
        for s in range(1, len(comparison.scenarios))
    ]
    title = (
        f"Children's cases, less doing nothing, {words.day(comparison.dates[column])},"
        f" {counted(comparison.pairs, 'paired run')}"
    )
    columns = (
        "Measure on its own", "Workload", "Without a worker, children",
        "Changes of worker per child",
    )  # fmt: skip
    bench.table(file, title, columns, rows)
