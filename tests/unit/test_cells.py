"""Numbers as they stand on the screen, and as they stand in files."""

from __future__ import annotations

import math

import pytest

from sim.presentation.amounts import pounds, signed_thousands, thousands
from sim.presentation.cells import Cells, Estimate, Number, in_file, on_screen
from sim.presentation.ranges import Runs
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
        ("posts", Estimate(Runs(-1.25, -2.5, 0.125, -1.2, 10), 1), Number(-1234.5), Number(45.6)),
        ("nothing", "", Number(0.0), Number(math.nan)),
    ]
    assert [on_screen(cell) for cell in rows[0]] == ["posts", "−1.2 (−2.5 to 0.1)", "−1,234", "46"]
    heads, found = in_file(columns, rows)
    assert heads == [
        "What", "Gained, FTE", "Gained, FTE, p10", "Gained, FTE, p90", "Gained, FTE, mean",
        "Under (-) or over (+) plan, £k", "Chance, %",
    ]  # fmt: skip
    assert found == [
        ["posts", "-1.25", "-2.5", "0.125", "-1.2", "-1234.5", "45.6"],
        ["nothing", "", "", "", "", "0", ""],
    ]


def test_a_number_of_few_runs_has_empty_ends_in_a_file() -> None:
    few = Estimate(Runs(3.0, 2.0, 4.0, 3.05, 9), 1)
    assert on_screen(few) == "3.0 (2.0 to 4.0)"
    assert in_file(("Posts",), [(few,)])[1] == [["3", "", "", "3.05"]]
    assert in_file(("Posts",), []) == (["Posts"], [])


def one_decimal(value: float) -> str:
    return f"{value:.1f}"


def test_the_mean_stands_beside_the_middle_where_it_lies_elsewhere() -> None:
    lopsided = Runs(3.0, 2.0, 40.0, 9.0, 100)
    assert lopsided.told(one_decimal) == "3.0 (2.0 to 40.0; mean 9.0)"
    assert Runs(3.0, 2.0, 40.0, 6.8, 100).told(one_decimal) == "3.0 (2.0 to 40.0)"
    assert Runs(0.0, 0.0, 0.0, 0.01, 100).told(one_decimal) == "0.0"
    assert Runs(5.0, 5.0, 5.0, 5.0, 1).told(one_decimal) == "5.0"


def test_two_runs_have_no_eight_in_ten() -> None:
    assert (spread_of(2), one_run(2)) == ("all 2 runs", "1 run of 2")
    assert (spread_of(10), one_run(10)) == ("8 runs in 10", "1 run in 10")
