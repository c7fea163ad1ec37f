"""Real figures beside the ranges of a finished study: inside, outside, by how much. No refit."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sim.outcomes.indicators import Measured
from sim.papers.actuals import BY_NAME, Actual
from sim.papers.document import plain
from sim.papers.phrases import Write, decimals, fte, pounds
from sim.papers.rows import COUNCIL, Row
from sim.papers.small_numbers import MARK, hidden
from sim.presentation.words import number

COLUMNS = (
    "scenario", "team", "indicator", "date", "actual", "p2_5", "p10", "p50", "p90", "p97_5",
    "in_8_of_10", "in_19_of_20", "outside_by", "actual_minus_p50",
)  # fmt: skip
"""Columns of tracked.csv."""
_PER_CENT = " %"
_COUNTS = (Measured.FTE, Measured.PEOPLE, Measured.CHILDREN, Measured.COUNT, Measured.CASES)


class Place(StrEnum):
    """Where a real figure lies beside a range of runs."""

    INSIDE = "inside"
    BELOW = "below"
    ABOVE = "above"
    UNKNOWN = ""


@dataclass(frozen=True)
class Tracked:
    """A real figure beside what an option's runs gave.

    Attributes:
        actual: the figure.
        row: of the runs.
        is_hidden: whether the figure is not printed: it is small, or would give one away.
    """

    actual: Actual
    row: Row
    is_hidden: bool

    @property
    def of_eighty(self) -> Place:
        """Where it lies beside 8 runs in 10."""
        return _place(self.actual.value, self.row.low, self.row.high)

    @property
    def of_ninety_five(self) -> Place:
        """Where it lies beside 19 runs in 20."""
        return _place(self.actual.value, self.row.least, self.row.greatest)

    @property
    def outside_by(self) -> float:
        """The figure less the nearer end of 8 runs in 10; 0 inside, nan without a range."""
        value, row = self.actual.value, self.row
        if not row.has_range:
            return math.nan
        return min(value - row.low, 0.0) + max(value - row.high, 0.0)

    @property
    def write(self) -> Write:
        """How its numbers are written."""
        indicator, row = BY_NAME.get(self.row.what), self.row
        ends = [abs(x) for x in (self.actual.value, row.centre, row.high) if not math.isnan(x)]
        if indicator is None:
            return decimals(0.0)
        if indicator.unit in (Measured.RATE, Measured.LOAD):
            return _percent
        if indicator.unit is Measured.GBP:
            return pounds(max(ends))
        is_count = indicator.unit in _COUNTS or indicator.unit is Measured.DAYS
        return fte(max(ends)) if is_count else decimals(0.0)

    @property
    def label(self) -> str:
        """What it is of, in words."""
        name = BY_NAME[self.row.what].label if self.row.what in BY_NAME else self.row.what
        return name if self.row.line == COUNCIL else f"{name}, {plain(self.row.line)}"

    @property
    def told(self) -> str:
        """The figure in words."""
        return MARK if self.is_hidden else self.write(self.actual.value)

    @property
    def range(self) -> str:
        """8 runs in 10 in words; the middle run where there are too few."""
        if not self.row.has_range:
            return f"middle {self.write(self.row.centre)}"
        return f"{self.write(self.row.low)} to {self.write(self.row.high)}"

    @property
    def verdict(self) -> str:
        """Inside or outside, and by how much."""
        if self.is_hidden:
            return MARK
        if self.of_eighty is Place.UNKNOWN:
            return "no range"
        if self.of_eighty is Place.INSIDE:
            return "inside"
        apart = self.write(abs(self.outside_by)).replace(_PER_CENT, " points")
        if not any(c in "123456789" for c in apart):
            apart = f"less than {self._least}"
        by = f"{self.of_eighty} by {apart}"
        return f"{by}; {self._beyond}" if self._beyond else by

    @property
    def _least(self) -> str:
        """The least that its numbers tell apart."""
        text = self.write(0.0).replace(_PER_CENT, " points")
        return "".join("1" if i == text.rfind("0") else c for i, c in enumerate(text))

    @property
    def _beyond(self) -> str:
        """What 19 runs in 20 add where it lies outside 8 in 10."""
        if self.of_ninety_five is Place.UNKNOWN:
            return ""
        is_inside = self.of_ninety_five is Place.INSIDE
        return f"{'inside' if is_inside else 'outside'} 19 in 20"

    def cells(self) -> list[str]:
        """Its row of tracked.csv."""
        row = self.row
        ends = [_cell(x) for x in (row.least, row.low, row.centre, row.high, row.greatest)]
        own = [
            self.of_eighty, self.of_ninety_five, _cell(self.outside_by),
            _cell(self.actual.value - row.centre),
        ]  # fmt: skip
        told = [MARK] * 4 if self.is_hidden else own
        actual = MARK if self.is_hidden else _cell(self.actual.value)
        return [row.option, row.line, row.what, row.when, actual, *ends, *told]


def tracked(
    actuals: Sequence[Actual], levels: Iterable[Row], options: Sequence[str]
) -> tuple[Tracked, ...]:
    """Every real figure beside every option that has runs of it, option by option."""
    rows = {(r.option, r.line, r.what, r.when): r for r in levels}
    kept = _hidden(actuals)
    return tuple(
        Tracked(one, rows[option, *one.key], one.key in kept)
        for option in options
        for one in actuals
        if (option, *one.key) in rows and not math.isnan(rows[option, *one.key].centre)
    )


def inside(found: Sequence[Tracked]) -> str:
    """How many figures lie inside, beside how many would be expected to."""
    shown = [one for one in found if one.of_eighty is not Place.UNKNOWN and not one.is_hidden]
    if not shown:
        return "No figure can be held against a range."
    in_80 = sum(one.of_eighty is Place.INSIDE for one in shown)
    told = (
        f"{in_80} of {len(shown)} inside 8 runs in 10 (about {number(0.8 * len(shown))} expected)"
    )
    wide = [one for one in shown if one.of_ninety_five is not Place.UNKNOWN]
    if not wide:
        return f"{told}."
    in_95 = sum(one.of_ninety_five is Place.INSIDE for one in wide)
    return f"{told}, {in_95} of {len(wide)} inside 19 in 20."


def _hidden(actuals: Sequence[Actual]) -> frozenset[tuple[str, str, str]]:
    """Counts that are not printed: teams add up to a total that somebody knows."""
    counts = {
        one.key: one.value
        for one in actuals
        if one.indicator in BY_NAME and BY_NAME[one.indicator].unit in _COUNTS
    }
    sums: dict[tuple[str, str], set[tuple[str, str, str]]] = defaultdict(set)
    for team, indicator, date in counts:
        if team != COUNCIL:
            sums[indicator, date].add((team, indicator, date))
    return hidden(counts, list(sums.values()))


def _place(value: float, low: float, high: float) -> Place:
    if math.isnan(low) or math.isnan(high):
        return Place.UNKNOWN
    return Place.BELOW if value < low else Place.ABOVE if value > high else Place.INSIDE


def _percent(value: float) -> str:
    return f"{number(100 * value, 1)}{_PER_CENT}"


def _cell(value: float) -> str:
    if math.isnan(value):
        return ""
    text = f"{value:.10f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def by_option(found: Iterable[Tracked]) -> Iterator[tuple[str, list[Tracked]]]:
    """The figures of each option, in order."""
    options: dict[str, list[Tracked]] = defaultdict(list)
    for one in found:
        options[one.row.option].append(one)
    yield from options.items()
