"""`make bench`: how fast, measured in one run. Ratios count; absolute figures depend on the day.

Prints, for the SimPy model on Devon: ms a replication (simulate alone, and end to end with plan and
indicators), logical events a second, peak memory, and ratios over horizon and council size.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from rich.console import Console
from rich.table import Table

from sim.config.casework import Casework
from sim.config.council import Council
from sim.config.shipped import load_council, load_evidence
from sim.engine.model import simulate
from sim.experiment.backtest import scaled
from sim.experiment.replicate import Study, make_study, run_once
from sim.inputs.case_settings import case_settings
from sim.inputs.fates import Fates
from sim.scenario.scenario import baseline, load_scenario

RUNS = 9
MEMORY = """
import resource
from tests.bench import study, one_replication
one_replication(study("devon_2021"), 1)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def study(name: str, years: int | None = None, factor: int = 1, casework: bool = True) -> Study:
    """Devon's study with its package, at another horizon or size, or of staffing alone."""
    evidence = load_evidence()
    council = load_council(name, evidence.sources)
    package = load_scenario("devon_package_48_fte", council, evidence.sources)
    if years is not None:
        council = council.model_copy(update={"horizon_years": years})
    if factor > 1:
        council = enlarged(council, factor)
    settings = case_settings(evidence.behaviour) if casework else None
    return make_study(council, evidence.behaviour, (baseline(), package), 1, settings)


def enlarged(council: Council, factor: int) -> Council:
    """The council with all its totals and flows multiplied."""
    totals = council.totals
    sizes = {
        name: getattr(totals, name) * factor
        for name in type(totals).model_fields
        if name.endswith("_fte") and name != "part_time_fte"
    }
    starters = council.staffing.starters_fte_per_year
    more = starters.model_copy(
        update={n: getattr(starters, n) * factor for n in ("low", "central", "high")}
    )
    return council.model_copy(
        update={
            "totals": totals.model_copy(update=sizes),
            "staffing": council.staffing.model_copy(update={"starters_fte_per_year": more}),
            "frontline": None,
            "casework": enlarged_casework(council.casework, factor),
            "support_posts": tuple(
                item.model_copy(
                    update={"fte": item.fte * factor, "vacancy_fte": item.vacancy_fte * factor}
                )
                for item in council.support_posts
            ),
        }
    )


def enlarged_casework(casework: Casework | None, factor: int) -> Casework | None:
    """Children and flows multiplied."""
    if casework is None:
        return None
    stocks = casework.stocks
    more_stocks = {
        name: getattr(stocks, name) * factor
        for name in type(stocks).model_fields
        if name not in ("source", "note")
    }
    return casework.model_copy(
        update={
            "stocks": stocks.model_copy(update=more_stocks),
            "demand": casework.demand.model_copy(
                update={"referrals_per_year": scaled(casework.demand.referrals_per_year, factor)}
            ),
            "flows": casework.flows.model_copy(
                update={
                    "care_entries_per_year": scaled(casework.flows.care_entries_per_year, factor)
                }
            ),
        }
    )


def one_replication(chosen: Study, replication: int) -> int:
    """Plan, simulate and measure the package once; returns nothing of interest."""
    run_once(chosen, chosen.scenarios[1], 1, Fates(chosen.seed, replication))
    return 0


def timed(work: Callable[[int], int]) -> tuple[float, int]:
    """Median seconds over runs after one warm-up, and events of the last run."""
    work(0)
    seconds, events = [], 0
    for run in range(1, RUNS + 1):
        begin = time.perf_counter()
        events = work(run)
        seconds.append(time.perf_counter() - begin)
    return statistics.median(seconds), events


def simulate_only(chosen: Study) -> tuple[float, int]:
    """Median seconds of simulate() alone, and its logical events."""
    plan = chosen.plan(chosen.scenarios[1], 1)
    return timed(lambda run: simulate(plan, Fates(chosen.seed, run)).events)


def peak_memory_mb() -> str:
    """Peak memory of a fresh process that runs one replication; "n/a" where it can't be read."""
    done = subprocess.run(
        [sys.executable, "-c", MEMORY], capture_output=True, text=True, check=False
    )
    return f"{float(done.stdout):.0f}" if done.returncode == 0 else "n/a"


def main() -> None:
    """Print the table."""
    table = Table(title="SimPy model, Devon with its package")
    for column in ("Case", "ms a replication", "events", "events a second", "ratio to 5 years"):
        table.add_column(column, justify="left" if column == "Case" else "right")
    base, _ = simulate_only(study("devon_2021"))
    staffing, staffing_events = simulate_only(study("devon_2021", casework=False))
    table.add_row("5 years, staffing alone", f"{staffing * 1e3:.0f}", f"{staffing_events:,}",
                  f"{staffing_events / staffing:,.0f}", f"{staffing / base:.2f}")  # fmt: skip
    cases = [("5 years", None, 1), ("1 year", 1, 1), ("10 years", 10, 1), ("5 years, x4", None, 4)]
    for label, years, factor in cases:
        seconds, events = simulate_only(study("devon_2021", years, factor))
        table.add_row(
            label,
            f"{seconds * 1e3:.0f}",
            f"{events:,}",
            f"{events / seconds:,.0f}",
            f"{seconds / base:.2f}",
        )
    chosen = study("devon_2021")
    whole, _ = timed(lambda run: one_replication(chosen, run))
    table.add_row("5 years, plan and indicators included", f"{whole * 1e3:.0f}", "", "",
                  f"{whole / base:.2f}")  # fmt: skip
    console = Console()
    console.print(table)
    console.print(f"Peak memory of one replication: {peak_memory_mb()} MB (fresh process)")


if __name__ == "__main__":
    main()
