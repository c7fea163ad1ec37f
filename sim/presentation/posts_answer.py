"""What is said of new posts by a date: filled from outside and from inside, money unspent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sim.experiment.compare import Comparison
from sim.experiment.readings import (
    change,
    column_of,
    filled_by_recoding,
    filled_from_inside,
    filled_from_outside,
    net_cost,
    new_posts_held,
    over_planned,
    planned,
)
from sim.presentation import words
from sim.presentation.cells import Cells, Number, estimate
from sim.presentation.experiment import Bench

FILLED = (
    "Scenario",
    "Internal moves",
    "Posts, FTE",
    "Filled, FTE",
    "From outside, FTE",
    "From inside, FTE",
    "Recoded, FTE",
    "All filled, % of runs",
    "Planned, £k",
    "Under (−) or over (+) plan, £k",
)
LATER = (
    "Scenario",
    "Internal moves",
    "Extra social workers in post, FTE",
    "Change in existing posts, FTE",
    "Workload (1: a full caseload)",
    "Without a worker",
    "Changes of worker per child",
    "Net cost, £k",
)


def say_filled(bench: Bench, runs: Sequence[tuple[str, Comparison]], by: dt.date) -> None:
    """How many new posts are filled by a date, from where, and what is left of the money.

    Scenarios that fund no posts are left out.

    Args:
        bench: where it is said.
        runs: what each run's internal moves are, and the run.
        by: the date.
    """
    rows: list[Cells] = []
    for moves, done in runs:
        k, first = column_of(done, by), done.variants[0]
        for s in range(1, len(done.scenarios)):
            posts = sum(measure.funded_fte for measure in done.scenarios[s].measures)
            if posts == 0:
                continue
            held = new_posts_held(first, s, k)
            rows.append(
                (
                    done.scenarios[s].label,
                    moves,
                    Number(posts, 1),
                    estimate(held, first.draws, 1),
                    estimate(filled_from_outside(done, s, k), first.draws, 1),
                    estimate(filled_from_inside(done, s, k), first.draws, 1),
                    estimate(filled_by_recoding(done, s, k), first.draws, 1),
                    Number(100 * float((held >= posts - 1e-6).mean())),
                    Number(float(planned(done, s, k).mean()) / 1e3),
                    estimate(over_planned(done, s, k) / 1e3, first.draws, 0),
                )
            )
    title = f"New posts on {words.day(by)}: {_how(runs)}"
    bench.table("filled", title, FILLED, rows)


def say_later(bench: Bench, runs: Sequence[tuple[str, Comparison]], on: dt.date) -> None:
    """What the council and its children notice at a later date, less doing nothing.

    Args:
        bench: where it is said.
        runs: what each run's internal moves are, and the run.
        on: the date.
    """
    shown = (
        ("inpost_fte", 1),
        ("existing_posts_inpost_fte", 1),
        ("load", 3),
        ("unallocated", 0),
        ("changes_of_worker_per_child", 3),
    )
    rows: list[Cells] = []
    for moves, done in runs:
        k, first = column_of(done, on), done.variants[0]
        for s in range(1, len(done.scenarios)):
            cells = [
                estimate(change(first, s, name, k), first.draws, places) for name, places in shown
            ]
            cost = estimate(net_cost(done, s, k) / 1e3, first.draws, 0)
            rows.append((done.scenarios[s].label, moves, *cells, cost))
    bench.table("later", f"Less doing nothing, {words.day(on)}: {_how(runs)}", LATER, rows)


def say_changes(bench: Bench, runs: Sequence[tuple[str, Comparison]], on: dt.date) -> None:
    """Changes of worker in 12 months by their cause, less doing nothing.

    Args:
        bench: where it is said.
        runs: what each run's internal moves are, and the run.
        on: the date.
    """
    causes = ("transfer", "leaver", "absence", "agency_end", "internal_move")
    rows: list[Cells] = []
    for moves, done in runs:
        k, first = column_of(done, on), done.variants[0]
        for s in range(1, len(done.scenarios)):
            changes = [change(first, s, f"handovers_{cause}", k) for cause in causes]
            found = [sum(changes[1:], start=changes[0]), *changes]
            cells = [estimate(values, first.draws, 0) for values in found]
            rows.append((done.scenarios[s].label, moves, *cells))
    columns = (
        "Scenario", "Internal moves", "All", "Transfers", "Leavers", "Absence", "Agency",
        "Moves inside",
    )  # fmt: skip
    title = f"Changes of worker in 12 months less doing nothing, {words.day(on)}: {_how(runs)}"
    bench.table("changes_of_worker", title, columns, rows)


def _how(runs: Sequence[tuple[str, Comparison]]) -> str:
    """What the numbers of a table are, with the fewest pairs of its runs."""
    return words.middle_of(min(done.pairs for _, done in runs))
