"""A council's back-test: what was published, the runs beside it, its marks, its page in docs/."""

from __future__ import annotations

import csv
import textwrap
from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
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

Published = dict[tuple[str, int], float]
"""Published figures by indicator and year; rates as fractions."""

SEED = 1
PAIRS, WRONG_PAIRS = 400, 100
DOCS = Path(__file__).parents[2] / "docs"

WRONG_MODELS = ("exits doubled", "exits x 0.7", "exits x 1.3", "hires doubled with gamma 1")


@dataclass(frozen=True)
class Marks:
    """What a conditional rerun must reach.

    Attributes:
        fewest_inside: cells whose published figure lies in the 95 % interval.
        widest: mean width of the intervals by rate.
        largest_error: mean error of the median by rate; empty where there is no such mark.
    """

    fewest_inside: int
    widest: Mapping[str, float]
    largest_error: Mapping[str, float]

    def missed_by(self, backtest: Backtest) -> dict[str, str]:
        """What a back-test gave, by the mark that it misses."""
        missed = {}
        if backtest.inside < self.fewest_inside:
            missed["inside"] = f"{backtest.inside} of {len(backtest.cells)} cells inside"
        for name, most in self.widest.items():
            if backtest.width(name) > most:
                missed[f"{name} width"] = f"{name} width {100 * backtest.width(name):.1f}"
            if backtest.error(name) > self.largest_error.get(name, 1.0):
                missed[f"{name} error"] = f"{name} error {100 * backtest.error(name):.1f}"
        return missed

    def words(self, cells: int) -> str:
        """The marks in a sentence's words."""
        parts = [f"at least {self.fewest_inside} of {cells} cells inside"]
        for what, marks in (
            ("mean width", self.widest),
            ("error of the median", self.largest_error),
        ):
            if marks:
                each = (
                    f"{100 * most:.1f} points ({name.split('_')[0]})"
                    for name, most in marks.items()
                )
                parts.append(f"{what} at most {' and '.join(each)}")
        return ", ".join(parts)


@dataclass(frozen=True, eq=False)
class CouncilBacktest:
    """One council run from an earlier day, beside what was published afterwards.

    Attributes:
        area: its name in the published tables.
        config: shipped council with a `rerun`.
        published_file: CSV of published figures, a row a year; rates in per cent.
        page_file: the page in docs/.
        marks: of the conditional rerun.
        known_misses: those that it misses.
        not_told: deliberately wrong models that this council is too small to tell from it.
        notes: where rates and sizes come from.
    """

    area: str
    config: str
    published_file: Path
    page_file: Path
    marks: Marks
    known_misses: frozenset[str]
    notes: str
    not_told: frozenset[str] = frozenset()

    def published(self) -> Published:
        """Published figures, the start year included."""
        found: Published = {}
        with self.published_file.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                year = int(row.pop("year"))
                for name, text in row.items():
                    found[name, year] = float(text) / (100 if "_rate_" in name else 1)
        return found

    def years(self) -> list[int]:
        """Years with published figures, the start year first."""
        return sorted({year for _, year in self.published()})

    def inputs(self) -> tuple[Council, Behaviour]:
        """The council at its start, and the shared evidence."""
        evidence = load_evidence()
        return load_council(self.config, evidence.sources), evidence.behaviour

    def conditional(self, pairs: int = PAIRS, executor: Executor | None = None) -> Backtest:
        """Establishment, agency above establishment and other net change imposed."""
        council, behaviour = self.inputs()
        return self._run(council, behaviour, pairs, executor)

    def forecast(self, pairs: int = PAIRS, executor: Executor | None = None) -> Backtest:
        """Nothing imposed."""
        council, behaviour = self.inputs()
        return self._run(council.model_copy(update={"rerun": None}), behaviour, pairs, executor)

    def wrong(
        self, name: str, pairs: int = WRONG_PAIRS, executor: Executor | None = None
    ) -> Backtest:
        """The conditional back-test of a deliberately wrong model."""
        council, behaviour = self.inputs()
        if name == "hires doubled with gamma 1":
            council, behaviour = with_hires(council, 2.0), with_gamma(behaviour, 1.0)
        else:
            factor = {"exits doubled": 2.0, "exits x 0.7": 0.7, "exits x 1.3": 1.3}[name]
            council = with_exits(council, factor)
        return self._run(council, behaviour, pairs, executor)

    def page(self, executor: Executor | None) -> str:
        """The whole page."""
        first, *later = self.years()
        conditional = self.conditional(executor=executor)
        blind = self.forecast(executor=executor)
        given = (
            "Establishment, agency above establishment and other net change are as published;"
            " hires, exits and cover are simulated."
        )
        unknown = f"Nothing after {first} is known. No pass mark."
        parts = [
            f"# {self.area} back-test, {later[0]} to {later[-1]}\n",
            "Written by `make backtest`; do not edit. Published: Department for Education,"
            " children's social work workforce.\n",
            as_markdown(conditional, "Conditional rerun", self._wrapped(given)),
            f"Marks: {self.marks.words(len(conditional.cells))}. Missed:"
            f" {'; '.join(self.marks.missed_by(conditional).values()) or 'none'}.\n",
            as_markdown(blind, "Forecast", self._wrapped(unknown)),
            "## Deliberately wrong models\n",
            "Each must miss a mark that the model itself meets, or hold fewer cells."
            + (
                f" Not told apart here: {', '.join(sorted(self.not_told))}.\n"
                if self.not_told
                else "\n"
            ),
            "| Model | Marks missed |\n|---|---|",
            *(self._wrong_row(name, executor) for name in WRONG_MODELS),
            "",
        ]
        return "\n".join(parts)

    def write_page(self) -> None:
        """Write the page anew, on two processes."""
        with worker_pool(2) as pool:
            self.page_file.write_text(self.page(pool), encoding="utf-8", newline="\n")

    def _run(
        self, council: Council, behaviour: Behaviour, pairs: int, executor: Executor | None
    ) -> Backtest:
        return run_backtest(council, behaviour, self.published(), pairs, SEED, executor)

    def _wrapped(self, more: str) -> list[str]:
        return textwrap.wrap(f"{self.notes} {more}", 95)

    def _wrong_row(self, name: str, executor: Executor | None) -> str:
        missed = self.marks.missed_by(self.wrong(name, executor=executor)).values()
        return f"| {name} | {'; '.join(missed) or '**none**'} |"
