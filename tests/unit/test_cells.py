"""Numbers as they stand on the screen, and as they stand in files."""

from __future__ import annotations

import math

import pytest

from sim.presentation.amounts import pounds, signed_thousands, thousands
from sim.presentation.cells import Cells, Estimate, Number, in_file, on_screen
from sim.presentation.words import one_run, spread_of


@pytest.mark.parametrize(
    ("gbp", "text"),
    [(0.0, "£0"), (20_000.0, "£20k"), (450.0, "£450"), (999.6, "£1k"), (-1_234_567.0, "−£1.23m")],
)
def test_pounds_are_never_nought_thousand(gbp: float, text: str) -> None:
    assert pounds(gbp) == text


@pytest.mark.parametrize(
    ("gbp", "text"),
    [
        (0.0, "0"), (30.0, "0"), (450.0, "+0.5"), (-949.0, "−0.9"), (951.0, "+1"),
        (-1_234_567.0, "−1,235"),
    ],
)  # fmt: skip
def test_thousands_of_a_table_that_adds_up(gbp: float, text: str) -> None:
    assert signed_thousands(gbp) == text
    assert thousands(abs(gbp)) == text.lstrip("+−")


def test_a_number_is_a_number_in_a_file() -> None:
    columns = ("What", "Gained, FTE", "Under (−) or over (+) plan, £k", "Chance, %")
    rows: list[Cells] = [
        ("posts", Estimate(-1.25, -2.5, 0.125, 1), Number(-1234.5), Number(45.6)),
        ("nothing", "", Number(0.0), Number(math.nan)),
    ]
    assert [on_screen(cell) for cell in rows[0]] == ["posts", "−1.2 (−2.5 to 0.1)", "−1,234", "46"]
    heads, found = in_file(columns, rows)
    assert heads == [
        "What", "Gained, FTE", "Gained, FTE, 95% low", "Gained, FTE, 95% high",
        "Under (-) or over (+) plan, £k", "Chance, %",
    ]  # fmt: skip
    assert found == [
        ["posts", "-1.25", "-2.5", "0.125", "-1234.5", "45.6"],
        ["nothing", "", "", "", "0", ""],
    ]


def test_a_mean_without_an_interval_has_empty_ends() -> None:
    alone = Estimate(3.0, math.nan, math.nan, 1)
    assert on_screen(alone) == "3.0"
    assert in_file(("Mean",), [(alone,)])[1] == [["3", "", ""]]
    assert in_file(("Mean",), []) == (["Mean"], [])


def test_two_runs_have_no_eight_in_ten() -> None:
    assert (spread_of(2), one_run(2)) == ("all 2 runs", "1 run of 2")
    assert (spread_of(10), one_run(10)) == ("8 runs in 10", "1 run in 10")
