"""What is said of measures one by one: contributions, overlap, cost against effect."""

from __future__ import annotations

from sim.config.counted import counted
from sim.engine.records import Array
from sim.experiment.compare import Comparison
from sim.experiment.contributions import Read, contributions
from sim.experiment.readings import change, cost_only, net_cost
from sim.presentation import words
from sim.presentation.contribution_chart import contribution_of_each
from sim.presentation.cost_effect_chart import Option, cost_against_effect
from sim.presentation.experiment import Bench
from sim.presentation.package_answer import with_interval
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
        return -change(done.variants[0], s, "uncovered_against_baseline_fte", column)

    def cost(done: Comparison, s: int) -> Array:
        return (net_cost(done, s, column) - cost_only(done, s, column)) / 1e6

    _table(bench, comparison, "extra", f"Extra social workers in post, FTE, {when}", extra, 1)
    _table(bench, comparison, "covered", f"Fewer posts uncovered, FTE, {when}", covered, 1)
    _table(bench, comparison, "cost", f"Net cost to {when}, £m, of measures that act", cost, 2)
    found = contributions(comparison, extra)
    bench.chart(contribution_of_each(comparison, found, "social workers in post", "FTE", when))
    options = [
        Option(
            comparison.scenarios[s].label,
            float(cost(comparison, s).mean()),
            float(extra(comparison, s).mean()),
        )
        for s in range(1, 2 + len(found.parts))
    ]
    bench.chart(cost_against_effect(comparison, options, "social workers in post", "FTE", when))


def _table(
    bench: Bench, comparison: Comparison, file: str, title: str, read: Read, places: int
) -> None:
    found, draws = contributions(comparison, read), comparison.variants[0].draws
    count = len(found.parts)
    whole = read(comparison, 1)
    rows = [
        (
            part.measure.letter,
            part.measure.name,
            with_interval(read(comparison, 2 + i), draws, places),
            with_interval(whole - read(comparison, 2 + count + i), draws, places),
        )
        for i, part in enumerate(found.parts)
    ]
    alone = sum((read(comparison, 2 + i) for i in range(count)), start=0.0 * whole)
    rows += [
        ("", "Sum of each alone", with_interval(alone, draws, places), ""),
        ("", "All together", with_interval(whole, draws, places), ""),
        ("", "Overlap: sum less all together", with_interval(alone - whole, draws, places), ""),
    ]
    bench.table(file, title, ("", "Measure", "Alone", "Last in"), rows)


def say_cost_only(bench: Bench, scenario: Scenario) -> None:
    """Measures that are nothing but cost, with their planned money; nothing if all act."""
    plain = [line for line in scenario.measures if not (line.has_effect or line.saves)]
    years = sorted({year for measure in plain for year in measure.planned_gbp})
    rows = [
        (m.letter, m.name, *(words.number(m.planned_gbp.get(year, 0.0)) for year in years))
        for m in plain
    ]
    if rows:
        title = "Nothing but cost: no effect is simulated, £ planned"
        bench.table("cost_only", title, ("", "Measure", *years), rows)


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
    rows = [
        (
            comparison.scenarios[s].label,
            *(
                with_interval(change(variant, s, name, column), variant.draws, places)
                for name, places in shown
            ),
        )
        for s in range(1, len(comparison.scenarios))
    ]
    title = (
        f"Children's cases, less doing nothing, {words.day(comparison.dates[column])},"
        f" {counted(comparison.pairs, 'pair')}"
    )
    columns = ("Measure alone", "Weighted load", "Without a worker", "Changes of worker per child")
    bench.table(file, title, columns, rows)
