"""Numbers of the answer, short: a row's unit stands in its label, its cells are ranges."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

from sim.experiment.drivers import Span
from sim.presentation.answer_rows import AnswerRow, Unit
from sim.presentation.ranges import Runs, Write

NOTHING = "–"
"""A cell without a value."""
MILLION, THOUSAND = 1e6, 1e3
_LARGE = 3.0
"""From here on a number is written without decimals."""


def unit_of(row: AnswerRow) -> str:
    """What stands after a row's label: FTE, %, £m or £k; nothing where the label says it."""
    if row.unit is Unit.GBP:
        return "£m" if _scale(_money(row)) == MILLION else "£k"
    return {Unit.FTE: "FTE", Unit.SHARE: "%", Unit.CHILDREN: ""}[row.unit]


def level_cells(row: AnswerRow, runs: Iterable[Runs | None]) -> list[str]:
    """Ranges of a row's levels, all with as many decimals."""
    return _cells(row, list(runs), signed=False)


def change_cells(row: AnswerRow) -> list[str]:
    """Ranges of what each option changes, with their signs; money without."""
    return _cells(row, row.changes, signed=row.unit is not Unit.GBP)


def _cells(row: AnswerRow, runs: Sequence[Runs | None], signed: bool) -> list[str]:
    scale = {Unit.SHARE: 0.01, Unit.GBP: _scale(_money(row))}.get(row.unit, 1.0)
    write = writer([x for one in runs if one for x in (one.low, one.high)], scale, signed)
    return [NOTHING if one is None else between(one.low, one.high, write) for one in runs]


def between(low: float, high: float, write: Write) -> str:
    """A range: "+28 to +46"; one number if its ends look alike; no end where it has no limit."""
    if math.isinf(low):
        return "no limit"
    first = write(low)
    if math.isinf(high):
        return f"{first} or more"
    last = write(high)
    return first if first == last else f"{first} to {last}"


def writer(values: Sequence[float], scale: float, signed: bool) -> Callable[[float], str]:
    """What writes a row's numbers: decimals only where they are small.

    Args:
        values: those that will be written.
        scale: what is written as 1.
        signed: whether a gain has a plus sign.
    """
    sizes = [abs(value) / scale for value in values if math.isfinite(value)]
    largest = max(sizes, default=0.0)
    places = 0 if largest >= _LARGE or all(size == round(size) for size in sizes) else 1
    places = 1 if scale == MILLION else places

    def write(value: float) -> str:
        text = f"{abs(value) / scale:,.{places}f}"
        if not text.strip("0.,"):
            return "0"
        return f"{'−' if value < 0 else '+' if signed else ''}{text}"

    return write


def span_of(span: Span, signed: bool, is_money: bool) -> str:
    """The ends of a span of averages, in the order in which they were run."""
    if not is_money:
        write = writer((span.low, span.high), 1.0, signed)
        return f"{write(span.low)} to {write(span.high)}"
    scale = _scale((span.low, span.high))
    write = writer((span.low, span.high), scale, signed=False)
    unit = "m" if scale == MILLION else "k"
    return " to ".join(_pounds(write(value), unit) for value in (span.low, span.high))


def pounds_of(value: float) -> str:
    """One amount of money."""
    scale = _scale((value,))
    return _pounds(writer((value,), scale, signed=False)(value), "m" if scale == MILLION else "k")


def _pounds(text: str, unit: str) -> str:
    if text == "0":
        return "£0"
    return f"−£{text[1:]}{unit}" if text.startswith("−") else f"£{text}{unit}"


def _money(row: AnswerRow) -> list[float]:
    every = (row.nothing, *row.options, *row.changes)
    return [x for one in every if one is not None for x in (one.low, one.high)]


def _scale(gbp: Iterable[float]) -> float:
    """Millions where any of them is one; costs of one worker stay in thousands."""
    largest = max((abs(value) for value in gbp if math.isfinite(value)), default=0.0)
    return MILLION if largest >= MILLION else THOUSAND
