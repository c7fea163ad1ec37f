"""Every figure of a study as tidy rows: all sentences, tables and charts are made of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sim.experiment.ledger import TOTALS
from sim.outcomes.costs import STAFFING_LINES

COUNCIL = "all"
"""The team that stands for the whole council, and the line for all lines."""
LEVEL, CHANGE, MONEY = "level", "change", "money"
"""What a row tells of: an indicator; the same less doing nothing; a sum over the run."""
PLANNED, SPENT, OVER = "planned", "spent", "over"
"""Of a financial year: planned money, spending, and the second less the first."""
STAFFING, PACKAGE, ALL_LINES = TOTALS
"""Totals over lines of the ledger."""
_NONE = math.nan


@dataclass(frozen=True)
class Row:
    """One figure: what runs give of one thing at one time.

    Attributes:
        kind: one of LEVEL, CHANGE and the other words above.
        option: key of the scenario.
        line: team, or line of the ledger.
        what: indicator or quantity; of a ledger's row the source of funds.
        when: date, or financial year.
        mean, low, middle, high: of the runs: average, a tenth, half and nine tenths; nan without.
        chance: share of runs in which it is better, or in which money is left; nan without.
        runs: how many have a value; nan where the file doesn't say.
        first, last: the days that it covers; empty for a date.
    """

    kind: str
    option: str
    line: str
    what: str
    when: str
    mean: float
    low: float = _NONE
    middle: float = _NONE
    high: float = _NONE
    chance: float = _NONE
    runs: float = _NONE
    first: str = ""
    last: str = ""

    @property
    def has_range(self) -> bool:
        """Whether there are runs enough to tell a tenth of them."""
        return not (math.isnan(self.low) or math.isnan(self.high))

    @property
    def centre(self) -> float:
        """The middle run; the average where the file has no middle."""
        return self.mean if math.isnan(self.middle) else self.middle


class Rows:
    """The rows of a study, found by what they tell."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = {(r.kind, r.option, r.line, r.what, r.when): r for r in rows}

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows.values())

    def find(self, kind: str, option: str, what: str, when: str, line: str = COUNCIL) -> Row | None:
        """The one row that tells this; None where the study doesn't."""
        return self._rows.get((kind, option, line, what, when))

    def of(self, kind: str, option: str, what: str = "", line: str = COUNCIL) -> list[Row]:
        """The rows of one thing over time; of all things where none is named."""
        return [
            r
            for r in self
            if (r.kind, r.option, r.line) == (kind, option, line) and what in ("", r.what)
        ]

    def dates(self) -> list[str]:
        """The month ends of the study, in order."""
        return sorted({r.when for r in self if r.kind == LEVEL})

    def sources(self, option: str, year: str) -> list[str]:
        """The sources of funds of an option's own lines in a financial year."""
        found = (r for r in self._lines(option, year) if r.mean)
        return sorted({r.what for r in found})

    def by_source(self, kind: str, option: str, year: str, source: str) -> float:
        """Money of an option's own lines in a year from one source: averages add up."""
        return math.fsum(r.mean for r in self._lines(option, year, (kind,)) if r.what == source)

    def _lines(
        self, option: str, year: str, kinds: tuple[str, ...] = (PLANNED, SPENT)
    ) -> Iterator[Row]:
        for row in self:
            own = row.line not in TOTALS and row.line not in STAFFING_LINES
            if own and row.kind in kinds and (row.option, row.when) == (option, year):
                yield row


def value(cells: Mapping[str, str], name: str) -> float:
    """A number of a CSV row; nan where the cell is empty.

    Raises:
        KeyError: the file has no such column.
        ValueError: the cell holds something else.
    """
    text = cells[name]
    return float(text) if text else math.nan


def indicator_row(kind: str, cells: Mapping[str, str]) -> Row:
    """A row of summary.csv (LEVEL) or differences.csv (CHANGE)."""
    return Row(
        kind,
        cells["scenario"],
        cells["team"],
        cells["indicator"],
        cells["date"],
        mean=value(cells, "mean" if kind == LEVEL else "difference"),
        low=value(cells, "p10"),
        middle=value(cells, "p50"),
        high=value(cells, "p90"),
        chance=math.nan if kind == LEVEL else value(cells, "probability_better"),
        runs=value(cells, "pairs"),
    )


def money_row(cells: Mapping[str, str]) -> Row:
    """A row of money.csv; its time is its last day, or the discount rate of a present value."""
    return Row(
        MONEY,
        cells["scenario"],
        cells["line"],
        cells["quantity"],
        cells["discount_rate"] or cells["to"],
        mean=value(cells, "mean"),
        low=value(cells, "p10"),
        middle=value(cells, "p50"),
        high=value(cells, "p90"),
        first=cells["from"],
        last=cells["to"],
    )


def ledger_rows(cells: Mapping[str, str]) -> Iterator[Row]:
    """The rows of one of ledger.csv: planned, spent, over and present value."""
    if cells["kind"] != COUNCIL:
        return

    def row(kind: str, **numbers: float) -> Row:
        return Row(
            kind,
            cells["scenario"],
            cells["line"],
            cells["source"],
            cells["financial_year"],
            first=cells["from"],
            last=cells["to"],
            **numbers,
        )

    def of_runs(stem: str) -> dict[str, float]:
        ends = {"mean": "mean", "low": "p10", "high": "p90"}
        return {name: value(cells, f"{stem}_{end}") for name, end in ends.items()}

    yield row(PLANNED, mean=value(cells, "planned_gbp"))
    yield row(SPENT, **of_runs("spent_gbp"))
    chance = value(cells, "chance_underspend")
    yield row(OVER, **of_runs("spent_minus_planned_gbp"), chance=chance)
