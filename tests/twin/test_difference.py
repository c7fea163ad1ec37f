"""The first difference between two runs is found and told: time, event, entity, field, values."""

from __future__ import annotations

import dataclasses
import math
from typing import NamedTuple

import numpy as np
import pytest

from sim.engine.trace import TraceEvent
from tests.twin.difference import Difference, first_difference, first_difference_of_traces


class Row(NamedTuple):
    """A fact."""

    post: int
    day: float


@dataclasses.dataclass(frozen=True)
class Facts:
    """Facts of every shape that records have."""

    stocks: dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float64]]]
    rows: tuple[Row, ...]
    table: np.ndarray[tuple[int, ...], np.dtype[np.void]]
    events: int
    more: Facts | None = None


KIND = np.dtype([("post", "i8"), ("days", "f8", (2,))])


def facts(**changes: object) -> Facts:
    table = np.array([(1, (0.5, math.nan)), (2, (1.5, 2.5))], KIND)
    made = Facts({"filled": np.zeros((3, 2))}, (Row(1, 0.5), Row(2, math.nan)), table, 7)
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


def test_equal_facts_have_no_difference() -> None:
    assert first_difference(facts(more=facts()), facts(more=facts())) is None


def test_a_number_in_an_array_is_told_by_period_and_place() -> None:
    rows = np.zeros((3, 2))
    rows[2, 1] = -0.0
    found = first_difference(facts(more=facts()), facts(more=facts(stocks={"filled": rows})))
    assert found == Difference("period 2", "more.stocks.filled", "[1]", "", 0.0, -0.0)


def test_a_number_of_a_named_tuple_is_told_by_place_and_field() -> None:
    found = first_difference(facts(), facts(rows=(Row(1, 0.5), Row(2, 1.0))))
    assert found is not None
    assert (found.event, found.entity, found.field) == ("rows", "Row 1", "day")
    assert found.found == 1.0


def test_a_number_of_a_table_of_records_is_told_by_row_and_field() -> None:
    table = facts().table.copy()
    table["days"][1, 0] = math.nextafter(1.5, 2.0)
    found = first_difference(facts(), facts(table=table))
    assert found is not None
    assert (found.event, found.entity, found.field) == ("table", "row [1]", "days")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"rows": (Row(1, 0.5),)}, "length"),
        ({"stocks": {"covered": np.zeros((3, 2))}}, "keys"),
        ({"stocks": {"filled": np.zeros((2, 2))}}, "shape"),
        ({"stocks": {"filled": np.zeros((3, 2), np.float32)}}, "dtype"),
        ({"events": 7.0}, "type"),
        ({"events": 8}, ""),
    ],
)
def test_other_sizes_and_kinds_are_differences(changes: dict[str, object], field: str) -> None:
    found = first_difference(facts(), facts(**changes))
    assert found is not None
    assert found.field == field


def test_the_first_event_that_differs_is_told() -> None:
    one = [TraceEvent(1.0, "offer", "North", "p"), TraceEvent(2.0, "leaves", "North", "p", "w 1")]
    other = [one[0], dataclasses.replace(one[1], person="w 2")]
    found = first_difference_of_traces(one, other)
    assert found == Difference("day 2.0", "leaves", "w 1 p North", "person", "w 1", "w 2")
    assert str(found) == (
        "time day 2.0, event leaves, entity w 1 p North, field person: expected 'w 1', found 'w 2'"
    )


def test_a_trace_that_ends_early_differs() -> None:
    events = [TraceEvent(1.0, "offer", "North"), TraceEvent(2.0, "leaves", "North")]
    found = first_difference_of_traces(events, events[:1])
    assert found is not None
    assert (found.field, found.expected, found.found) == ("number of events", 2, 1)
    assert first_difference_of_traces(events, list(events)) is None
