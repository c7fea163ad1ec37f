"""Devon's children beside the published figures: the page docs/backtest_devon_cases.md.

`python -m tests.backtest.devon_cases` writes the page anew.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.config.shipped import load_council, load_evidence
from sim.engine.case_records import CaseRecords
from sim.engine.simpy.engine import simulate
from sim.experiment.backtest import Backtest, backtest_cells
from sim.experiment.compare import Comparison, compare
from sim.experiment.pool import worker_pool
from sim.experiment.replicate import make_study
from sim.inputs.fates import Fates
from sim.inputs.run_options import AS_USUAL, DemandScenario, RunOptions
from sim.outcomes.plan_lengths import LENGTH_BANDS, plan_lengths, plan_stock_bands
from sim.scenario.scenario import baseline
from tests.backtest.devon import DEVON

PUBLISHED = Path(__file__).with_name("devon_children_published.csv")
PAGE = Path(__file__).parents[2] / "docs" / "backtest_devon_cases.md"
SEED, PAIRS = 1, 100
REPLICATIONS = 6
"""Runs of Devon's baseline at central values from which plan lengths are taken."""

FLOWS = ("referrals", "episodes_started", "episodes_ended")
STOCKS = ("open_children", "children_on_plans", "children_in_care")

ENGLAND_ENDED = (0.187, 0.114, 0.423, 0.240, 0.036)
"""Plans ended in England in 2019/20 by length (Department for Education, table D7)."""
_ENGLAND_OPEN_2020 = (16320, 12790, 13740, 7550, 1100)
_DEVON_OPEN_2021 = (185, 168, 128, 81, 9)
ENGLAND_OPEN = tuple(n / sum(_ENGLAND_OPEN_2020) for n in _ENGLAND_OPEN_2020)
DEVON_OPEN = tuple(n / sum(_DEVON_OPEN_2021) for n in _DEVON_OPEN_2021)
CASELOAD_BANDS = (
    "1 to under 5",
    "5 to under 10",
    "10 to under 15",
    "15 to under 20",
    "20 to under 25",
    "25 or more",
)
ENGLAND_CASELOADS = (0.092, 0.112, 0.192, 0.282, 0.200, 0.122)
"""England's case holders on 30 September 2021 by caseload, from 1 to under 5 upwards."""


@dataclass(frozen=True)
class FoundLengths:
    """Protection plans of Devon's baseline at central values.

    Attributes:
        ended: share of plans ended, by LENGTH_BANDS.
        stock: share of open plans by time open, over all 31 Marches.
        off_review: share of plans that ended between reviews.
    """

    ended: tuple[float, ...]
    stock: tuple[float, ...]
    off_review: float


def published() -> dict[tuple[str, int], float]:
    """Published figures by indicator and year to 31 March; those not published are left out."""
    found: dict[tuple[str, int], float] = {}
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            year = int(row.pop("year"))
            found.update({(name, year): float(text) for name, text in row.items() if text})
    return found


def rerun(pairs: int = PAIRS, executor: Executor | None = None) -> Comparison:
    """Devon from October 2017, referrals and published staffing facts imposed, the loop on."""
    evidence = load_evidence()
    council = load_council("devon_2017", evidence.sources)
    options = RunOptions(demand=DemandScenario.SERIES)
    study = make_study(council, evidence.behaviour, (baseline(),), SEED, options)
    return compare(study, pairs, executor=executor)


def central_runs(replications: int = REPLICATIONS) -> Iterator[tuple[CaseRecords, list[float]]]:
    """Case records of Devon's baseline at central values, with the days of its 31 Marches."""
    evidence = load_evidence()
    council = load_council("devon_2021", evidence.sources)
    study = make_study(council, evidence.behaviour, (baseline(),), SEED, AS_USUAL)
    plan = study.plan(study.scenarios[0], 0)
    marches = [
        plan.boundaries[period + 1]
        for period, date in enumerate(plan.period_dates)
        if (date.month, date.day) == (3, 31)
    ]
    for replication in range(replications):
        cases = simulate(plan, Fates(SEED, replication)).cases
        assert cases is not None
        yield cases, marches


def lengths_of(runs: list[tuple[CaseRecords, list[float]]]) -> FoundLengths:
    """Lengths of plans over several runs."""
    ended = plan_lengths(np.concatenate([cases.plans for cases, _ in runs]), until=math.inf)
    open_plans = np.sum(
        [plan_stock_bands(cases.plans, day) for cases, marches in runs for day in marches], axis=0
    )
    stock = open_plans / open_plans.sum()
    return FoundLengths(ended.shares, tuple(float(x) for x in stock), ended.off_review_share)


def caseload_bands(runs: list[tuple[CaseRecords, list[float]]]) -> tuple[float, ...]:
    """Share of case-holding FTE by recorded caseload, all month ends; under 5 as one band."""
    total = np.sum([cases.bands.sum(axis=(0, 1)) for cases, _ in runs], axis=0)
    under_five = total[0] + total[1]
    return tuple(float(x) for x in np.array([under_five, *total[2:]]) / total.sum())


def page(executor: Executor | None) -> str:
    """The whole page."""
    runs = list(central_runs())
    found = lengths_of(runs)
    comparison = rerun(executor=executor)
    parts = [
        "# Devon's children, 2018 to 2021, beside the published figures\n",
        "Written by `make backtest`; do not edit. Published: Department for Education, children in"
        " need, looked-after children and the social work workforce.\n",
        *_rerun_table(comparison),
        *_staffing_with_loop(comparison),
        *_length_table(found),
        *_caseload_table(caseload_bands(runs)),
    ]
    return "\n".join(parts) + "\n"


def _rerun_table(comparison: Comparison) -> list[str]:
    lines = [
        "## Conditional rerun from 1 October 2017\n",
        "Referrals, establishment, agency above establishment and other net change are as published"
        " (referrals from April 2021: those of the year before); everything else is simulated, the"
        " loop on. Flows are those of the year to 31 March; the first whole one ends in 2019."
        f" {comparison.pairs} pairs.\n",
        "| Indicator | Year | Published | Model median | 19 runs in 20 | Inside |",
        "|---|---|---|---|---|---|",
    ]
    known = published()
    inside = cells = 0
    for name in FLOWS + STOCKS:
        for column, date in enumerate(comparison.dates):
            if (date.month, date.day) != (3, 31):
                continue
            values = comparison.average.values(0, name)[:, column]
            if np.isnan(values).any() or (name, date.year) not in known:
                continue
            low, median, high = np.quantile(values, (0.025, 0.5, 0.975))
            fact = known[name, date.year]
            held = bool(low <= fact <= high)
            inside, cells = inside + held, cells + 1
            lines.append(
                f"| {name} | {date.year} | {fact:,.0f} | {median:,.0f} | {low:,.0f} to {high:,.0f}"
                f" | {'yes' if held else '**no**'} |"
            )
    return [
        *lines,
        f"\nInside: {inside} of {cells} cells. No mark. Misses: first referrals are imposed,"
        " re-referrals are not. The model keeps 2017's shares (assessments that find no need,"
        " section 47 enquiries a referral, entries into care) and lengths of stay; Devon's moved."
        " In 2019/20 Devon's published episodes started and ended are nearly equal while open"
        " children fall by 1,468: a break in recording.\n",
    ]


def _staffing_with_loop(comparison: Comparison) -> list[str]:
    result = Backtest(backtest_cells(comparison, DEVON.published()))
    rates = (("turnover_rate_fte", "turnover"), ("vacancy_rate_fte", "vacancy"))
    words = "; ".join(
        f"{name}: mean width {100 * result.width(key):.1f} points, error of the median"
        f" {100 * result.error(key):.1f}"
        for key, name in rates
    )
    return [
        "## Staffing of the same runs\n",
        "The staffing back-test (backtest_devon.md) is run without children's cases. With them and"
        f" the loop on: {result.inside} of {len(result.cells)} cells inside; {words}.\n",
    ]


def _length_table(found: FoundLengths) -> list[str]:
    rows = zip(
        LENGTH_BANDS, ENGLAND_ENDED, found.ended, ENGLAND_OPEN, DEVON_OPEN, found.stock, strict=True
    )
    return [
        "## Lengths of protection plans\n",
        f"Devon's baseline from 2021 at central values, {REPLICATIONS} runs of five years, reviews"
        f" put off included. {100 * found.off_review:.0f} % of plans end between reviews.\n",
        "| Length | Ended: England 2019/20 | Ended: model | Open: England 31 March 2020"
        " | Open: Devon 31 March 2021 | Open: model |",
        "|---|---|---|---|---|---|",
        *(
            f"| {band} | " + " | ".join(f"{100 * share:.1f} %" for share in shares) + " |"
            for band, *shares in rows
        ),
        "",
    ]


def _caseload_table(model: tuple[float, ...]) -> list[str]:
    return [
        "## Caseloads of case holders\n",
        "Share of case-holding FTE by cases per FTE as recorded, Devon's baseline over five years,"
        " beside England on 30 September 2021. No mark: cases go to the least loaded, so the model"
        " spreads them more evenly than councils do.\n",
        "| Cases per FTE | England 2021 | Model |",
        "|---|---|---|",
        *(
            f"| {name} | {100 * england:.1f} % | {100 * share:.1f} % |"
            for name, england, share in zip(CASELOAD_BANDS, ENGLAND_CASELOADS, model, strict=True)
        ),
        "",
    ]


if __name__ == "__main__":
    with worker_pool(2) as pool:
        PAGE.write_text(page(pool), encoding="utf-8", newline="\n")
