"""Devon's back-test from 30 September 2017: published figures, runs, and the page in docs/.

`python -m tests.backtest.devon` writes docs/backtest_devon.md anew.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from concurrent.futures import Executor
from pathlib import Path

from sim.config.behaviour import Behaviour
from sim.config.council import Council
from sim.config.shipped import load_council, load_evidence
from sim.experiment.backtest import (
    Backtest,
    as_markdown,
    run_backtest,
    with_exits,
    with_gamma,
    with_hires,
)
from sim.experiment.pool import worker_pool

PUBLISHED = Path(__file__).with_name("devon_published_2017_2021.csv")
PAGE = Path(__file__).parents[2] / "docs" / "backtest_devon.md"
SEED = 1
PAIRS, WRONG_PAIRS = 400, 100

FEWEST_INSIDE = 20
WIDEST = {"turnover_rate_fte": 0.22, "vacancy_rate_fte": 0.22}
LARGEST_ERROR = {"turnover_rate_fte": 0.040, "vacancy_rate_fte": 0.025}

NOTES = (
    "Start: 30 September 2017. Rates of leaving and joining are 2017's, shrunk half-way to",
    "England's (docs/calibration.md says why a half). No earlier stock is published, so the first",
    "year's rate uses year-end stock. Sizes of between-year variation come from English councils",
    "with 250 to 450 FTE in post, Devon left out, 2017 to 2021: Devon has no earlier table.",
)
CONDITIONAL_NOTES = (
    *NOTES,
    "Establishment, agency above establishment and other net change are as published; hires, exits",
    "and cover are simulated.",
)
FORECAST_NOTES = (*NOTES, "Nothing after 2017 is known. No pass mark.")


def published() -> dict[tuple[str, int], float]:
    """Published figures by indicator and year; rates as fractions."""
    found: dict[tuple[str, int], float] = {}
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            year = int(row.pop("year"))
            for name, text in row.items():
                found[name, year] = float(text) / (100 if "_rate_" in name else 1)
    return found


def inputs() -> tuple[Council, Behaviour]:
    """Devon at the close of 30 September 2017, and the shared evidence."""
    evidence = load_evidence()
    return load_council("devon_2017", evidence.sources), evidence.behaviour


def conditional(pairs: int = PAIRS, executor: Executor | None = None) -> Backtest:
    """Establishment, agency above establishment and other net change imposed."""
    council, behaviour = inputs()
    return run_backtest(council, behaviour, published(), pairs, SEED, executor)


def forecast(pairs: int = PAIRS, executor: Executor | None = None) -> Backtest:
    """Nothing imposed."""
    council, behaviour = inputs()
    council = council.model_copy(update={"rerun": None})
    return run_backtest(council, behaviour, published(), pairs, SEED, executor)


WRONG_MODELS = ("exits doubled", "exits x 0.7", "exits x 1.3", "hires doubled with gamma 1")


def wrong(name: str, pairs: int = WRONG_PAIRS, executor: Executor | None = None) -> Backtest:
    """The conditional back-test of a deliberately wrong model."""
    council, behaviour = inputs()
    if name == "hires doubled with gamma 1":
        council, behaviour = with_hires(council, 2.0), with_gamma(behaviour, 1.0)
    else:
        factor = {"exits doubled": 2.0, "exits x 0.7": 0.7, "exits x 1.3": 1.3}[name]
        council = with_exits(council, factor)
    return run_backtest(council, behaviour, published(), pairs, SEED, executor)


def failures(backtest: Backtest) -> list[str]:
    """Which marks of the conditional back-test are missed; none for a model that passes."""
    missed = []
    if backtest.inside < FEWEST_INSIDE:
        missed.append(f"{backtest.inside} of {len(backtest.cells)} cells inside")
    for name in WIDEST:
        if backtest.width(name) > WIDEST[name]:
            missed.append(f"{name} width {100 * backtest.width(name):.1f}")
        if backtest.error(name) > LARGEST_ERROR[name]:
            missed.append(f"{name} error {100 * backtest.error(name):.1f}")
    return missed


def page(executor: Executor | None) -> str:
    """The whole page."""
    parts = [
        "# Devon back-test, 2018 to 2021\n",
        "Written by `make backtest`; do not edit. Published: Department for Education, children's"
        " social work workforce.\n",
        as_markdown(conditional(executor=executor), "Conditional rerun", CONDITIONAL_NOTES),
        as_markdown(forecast(executor=executor), "Forecast", FORECAST_NOTES),
        "## Deliberately wrong models\n",
        "Each must miss a mark of the conditional rerun: at least"
        f" {FEWEST_INSIDE} of 24 cells inside, mean width at most 22 points on turnover and on"
        " vacancy, error of the median at most 4.0 and 2.5 points.\n",
        "| Model | Marks missed |\n|---|---|",
        *_wrong_rows(executor),
        "",
    ]
    return "\n".join(parts)


def _wrong_rows(executor: Executor | None) -> Sequence[str]:
    return [
        f"| {name} | {'; '.join(failures(wrong(name, executor=executor))) or '**none**'} |"
        for name in WRONG_MODELS
    ]


if __name__ == "__main__":
    with worker_pool(2) as pool:
        PAGE.write_text(page(pool), encoding="utf-8", newline="\n")
