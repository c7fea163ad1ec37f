"""Dates, years that are hidden, opening stocks, plans by length."""

import datetime as dt
from typing import Any

import pytest

from sim.published.derived import lost_at_turn, opening_episodes, plans_by_length
from sim.published.figure import Mark
from sim.published.lookup import find_council
from sim.published.record import Record
from sim.published.tables import PLAN_BANDS
from tests.published.invented import council, editions, england, record

IN_NEED = "Anypoint_episodes", "Started_episodes", "Ended_episodes", "At31_episodes"


def in_need(*numbers: object) -> dict[str, Any]:
    return dict(zip(IN_NEED, numbers, strict=True))


def plans(whole: object, *bands: object) -> dict[str, Any]:
    return {"CPP_At31": whole, **dict(zip(PLAN_BANDS, bands, strict=True))}


# Years that are hidden ----------------------------------------------------------------------


def test_a_later_figure_cannot_be_seen() -> None:
    years = range(2017, 2022)
    staff = editions(*(council(y, inpost_fte=str(y)) for y in years), england(2021, inpost_fte="9"))
    children = editions(*(council(y, **in_need(9, 4, 3, 6)) for y in years), where="b1.csv")
    hidden = Record([*staff, *children], 2018)
    found = find_council(hidden, "Smallbrook", 2018)
    assert {figure.end.year for figure in hidden.everything(found)} == {2017, 2018}
    assert hidden.years() == (2017, 2018)
    assert all(row.year <= 2018 for edition in hidden.editions for row in edition.rows)
    for ask in (
        lambda: hidden.figure(found, "inpost_fte", 2019),
        lambda: hidden.comparator("England", "inpost_fte", 2021),
        lambda: hidden.councils(2019),
    ):
        with pytest.raises(ValueError, match="after 2018"):
            ask()


def test_a_record_cut_later_is_the_same_as_one_read_so() -> None:
    read = editions(*(council(year, inpost_fte="100") for year in range(2017, 2022)))
    cut, direct = Record(read, 2021).up_to(2019), Record(read, 2019)
    assert (cut.until, cut.editions, cut.years()) == (2019, direct.editions, direct.years())


def test_a_council_of_an_early_year_does_not_see_a_later_one() -> None:
    tables = record(*(council(year, inpost_fte=str(year)) for year in range(2017, 2022)))
    early = find_council(tables, "Smallbrook", 2018)
    assert [figure.value for figure in tables.series(early, "inpost_fte")] == [2017.0, 2018.0]


def test_a_year_without_a_row_is_missing_and_not_zero() -> None:
    other = council(2019, "801", "Fell", inpost_fte="2")
    tables = record(council(2018, inpost_fte="100"), other, council(2020, inpost_fte="101"))
    series = tables.series(find_council(tables, "Smallbrook", 2020), "inpost_fte")
    assert [figure.value for figure in series] == [100.0, None, 101.0]
    assert series[1].mark is Mark.NO_ROW


# Dates --------------------------------------------------------------------------------------


def test_one_label_stands_for_three_dates() -> None:
    kind = {"population_type": "Children looked after on 31 March each year"}
    care = {"population_estimate": "50000", "children_count": "310", "rate_per_10000": "62"}
    tables = Record(
        [
            *editions(council(2021, inpost_fte="100")),
            *editions(council(2021, **in_need(9, 4, 3, 6))),
            *editions(council(2021, **kind, **care)),
        ],
        2021,
    )
    found = find_council(tables, "Smallbrook", 2021)
    ends = [
        tables.figure(found, column, 2021).end for column in ("inpost_fte", IN_NEED[3], "in_care")
    ]
    assert ends == [dt.date(2021, 9, 30), dt.date(2021, 3, 31), dt.date(2021, 3, 31)]
    population = tables.figure(found, "population_estimate", 2021)
    assert (population.value, population.end) == (50000.0, dt.date(2020, 6, 30))


def test_the_three_tables_of_children_in_care_are_told_apart() -> None:
    kinds = ("on 31 March each year", "starting to be looked after", "ceasing to be looked after")
    lines = [
        council(2021, population_type=f"Children {kind}", population_estimate=50, children_count=n)
        for n, kind in enumerate(kinds, start=1)
    ]
    tables = record(*lines)
    found = find_council(tables, "Smallbrook", 2021)
    values = [
        tables.figure(found, name, 2021).value for name in ("in_care", "entered_care", "left_care")
    ]
    assert values == [1.0, 2.0, 3.0]


# Opening stocks and plans by length ---------------------------------------------------------


def test_the_opening_stock_is_any_point_less_started_not_the_last_close() -> None:
    tables = record(
        council(2020, **in_need(3000, 1500, 1400, 1600)),
        council(2021, **in_need(2940, 1500, 1390, 1550)),
    )
    found = find_council(tables, "Smallbrook", 2021)
    opening = opening_episodes(tables, found, 2021)
    assert (opening.value, opening.end) == (1440.0, dt.date(2020, 4, 1))
    assert lost_at_turn(tables, found, 2021).value == 160.0


def test_an_opening_stock_of_a_hidden_number_has_bounds() -> None:
    tables = record(council(2021, **in_need(40, "c", 5, 35)))
    opening = opening_episodes(tables, find_council(tables, "Smallbrook", 2021), 2021)
    assert (opening.value, opening.mark, opening.bounds) == (None, Mark.SUPPRESSED, (35.0, 39.0))


def test_an_opening_stock_without_a_row_has_no_bounds() -> None:
    tables = record(council(2021, inpost_fte="1"))
    opening = opening_episodes(tables, find_council(tables, "Smallbrook", 2021), 2021)
    assert (opening.value, opening.mark, opening.bounds) == (None, Mark.NO_ROW, None)


@pytest.mark.parametrize(
    ("bands", "hidden", "in_hidden", "neighbours"),
    [
        ((180, 150, 120, "c", "c"), PLAN_BANDS[3:], 50.0, True),
        ((180, "c", 120, 150, "c"), (PLAN_BANDS[1], PLAN_BANDS[4]), 50.0, False),
        ((180, 150, 120, 40, 10), (), 0.0, True),
    ],
)
def test_hidden_bands_are_pooled_and_never_parted(
    bands: tuple[object, ...], hidden: tuple[str, ...], in_hidden: float, neighbours: bool
) -> None:
    tables = record(council(2020, **plans(500, *bands)))
    got = plans_by_length(tables, find_council(tables, "Smallbrook", 2020), 2020)
    assert (got.hidden, got.in_hidden, got.are_neighbours) == (hidden, in_hidden, neighbours)
    assert sum(got.shown.values()) + in_hidden == 500.0


def test_hidden_bands_of_a_hidden_whole_hold_an_unknown_number() -> None:
    tables = record(council(2020, **plans("c", "c", 0, 0, 0, 0)))
    got = plans_by_length(tables, find_council(tables, "Smallbrook", 2020), 2020)
    assert (got.in_hidden, got.whole.bounds) == (None, (1.0, 5.0))
