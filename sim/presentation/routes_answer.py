"""What is said of ways to bring people: who is in post when, at what cost, beside agency staff."""

from __future__ import annotations

import numpy as np

from sim.experiment.compare import Comparison
from sim.experiment.readings import change, net_cost, over_planned
from sim.outcomes.flows import FLOW_INDEX, STARTERS
from sim.presentation import words
from sim.presentation.cells import Cells, estimate
from sim.presentation.charts.routes import route_name
from sim.presentation.experiment import Bench


def ends_of_march(comparison: Comparison) -> list[int]:
    """Columns of each 31 March of a run; its last month end where it holds none."""
    found = [i for i, date in enumerate(comparison.dates) if (date.month, date.day) == (3, 31)]
    return found or [len(comparison.dates) - 1]


def say_by_year(bench: Bench, comparison: Comparison) -> None:
    """Extra social workers in post, and net cost so far, on each 31 March.

    Args:
        bench: where it is said.
        comparison: doing nothing and a scenario for each way.
    """
    columns, first = ends_of_march(comparison), comparison.variants[0]
    dates = [f"March {comparison.dates[k]:%Y}" for k in columns]
    scenarios = range(1, len(comparison.scenarios))
    extra: list[Cells] = []
    cost: list[Cells] = []
    for s in scenarios:
        label = comparison.scenarios[s].label
        people = [estimate(change(first, s, "inpost_fte", k), first.draws, 1) for k in columns]
        pounds = [estimate(net_cost(comparison, s, k) / 1e6, first.draws, 2) for k in columns]
        extra.append((label, *people))
        cost.append((label, *pounds))
    for file, title, unit, rows in (
        ("in_post", "Extra social workers in post", "FTE", extra),
        ("net_cost", "Net cost so far, cash", "£m", cost),
    ):
        bench.table(file, title, ("Way", *(f"{date}, {unit}" for date in dates)), rows)


def say_arrivals(bench: Bench, comparison: Comparison) -> None:
    """People who joined over the run, by route.

    Args:
        bench: where it is said.
        comparison: doing nothing and a scenario for each way.
    """
    draws = comparison.variants[0].draws
    totals = [
        comparison.average.table(s, "flows")[:, :, 0].sum(axis=2)
        for s in range(len(comparison.scenarios))
    ]
    routes = [r for r in STARTERS if any(total[:, FLOW_INDEX[r]].any() for total in totals)]
    rows: list[Cells] = [
        (
            scenario.label,
            *(estimate(total[:, FLOW_INDEX[route]], draws, 1) for route in routes),
        )
        for scenario, total in zip(comparison.scenarios, totals, strict=True)
    ]
    title = f"Social workers who joined to {words.day(comparison.dates[-1])}, by route"
    bench.table("joined", title, ("Way", *(f"{route_name(route)}, FTE" for route in routes)), rows)


def say_agency(bench: Bench, comparison: Comparison) -> None:
    """Agency staff and spending beside each way, over the whole run.

    Args:
        bench: where it is said.
        comparison: doing nothing and a scenario for each way.
    """
    first, last = comparison.variants[0], len(comparison.dates) - 1
    rows: list[Cells] = []
    for s, scenario in enumerate(comparison.scenarios):
        spent = comparison.ledgers[s].agency_gbp.sum(axis=1) / 1e6
        fte = first.values(s, "agency_fte").mean(axis=1)
        left = over_planned(comparison, s, last) / 1e6 if s else np.zeros(len(spent))
        rows.append(
            (
                scenario.label,
                estimate(fte, first.draws, 1),
                estimate(spent, first.draws, 2),
                estimate(left, first.draws, 2) if s else "",
            )
        )
    columns = ("Way", "Agency FTE, mean", "Agency spending, £m", "Under (−) or over (+) plan, £m")
    bench.table("agency", "Agency staff over the whole run", columns, rows)
