"""Marks, bounds and rounding: each trap of docs/formats.md on a small file of invented names."""

import datetime as dt
import math
from typing import Any

import pytest

from sim.published.derived import missing
from sim.published.figure import Mark
from sim.published.lookup import find_council
from sim.published.reading import COUNCIL
from sim.published.tables import PLAN_BANDS
from tests.published.invented import council, editions, england, figure, record, region

WORKFORCE: dict[str, Any] = {"inpost_fte": 100, "agency_fte": 10, "vacancy_fte": 15}


def test_a_figure_keeps_value_bounds_date_and_release() -> None:
    (edition,) = editions(council(2020, inpost_fte="229.5"), council(2022, inpost_fte="230"))
    got = edition.rows[0].figure("inpost_fte")
    assert (got.value, got.mark, got.area) == (229.5, None, "Smallbrook")
    assert got.bounds == pytest.approx((229.45, 229.55))
    assert (got.end, got.release) == (dt.date(2020, 9, 30), 2022)


def test_low_is_not_missing_and_not_zero() -> None:
    got = figure("agency_fte", "low", inpost_fte="229.5", agency_headcount="2")
    assert (got.value, got.mark, got.bounds) == (None, Mark.LOW, (0.0, 0.05))
    assert got.has_narrow_bounds


@pytest.mark.parametrize(
    ("cell", "mark"),
    [
        ("x", Mark.NOT_AVAILABLE),
        (":", Mark.NOT_AVAILABLE),
        ("u", Mark.UNRELIABLE),
        ("c", Mark.SUPPRESSED),
        ("", Mark.BLANK),
    ],
)
def test_a_marked_workforce_figure_is_unknown_with_its_reason(cell: str, mark: Mark) -> None:
    got = figure("working_days_lost_fte", cell, inpost_fte="100")
    assert (got.value, got.mark, got.bounds) == (None, mark, (0.0, math.inf))
    assert got.reason == mark.words
    assert not got.has_narrow_bounds


def test_z_in_a_rate_keeps_the_row_and_its_counts() -> None:
    cells = {"agency_cover_fte": 0, "vacancy_fte": 0, "vacancy_agency_cover_rate_fte": "z"}
    got = figure("vacancy_agency_cover_rate_fte", "z", inpost_fte="100", **cells)
    assert (got.mark, got.bounds) == (Mark.NOT_APPLICABLE, None)
    assert "nothing to divide by" in got.reason
    assert figure("vacancy_fte", "0", inpost_fte="100").value == 0.0


def test_z_in_a_count_may_mean_not_available() -> None:
    got = figure("agency_fte", "z", inpost_fte="100")
    assert got.bounds == (0.0, math.inf)
    assert "not available" in got.reason


def test_a_rate_that_is_not_reliable_leaves_its_counts() -> None:
    cells = {"agency_cover_fte": "35.3", "vacancy_fte": "28.0"}
    rate = figure("vacancy_agency_cover_rate_fte", "u", inpost_fte="300.0", **cells)
    assert (rate.value, rate.mark) == (None, Mark.UNRELIABLE)
    assert figure("agency_cover_fte", "35.3", inpost_fte="300.0").value == 35.3


@pytest.mark.parametrize("cell", ["q", "1O0", "nan", "inf", "-5", "1e3", "1,234", "[low]"])
def test_a_cell_that_is_neither_number_nor_mark_is_unknown_not_guessed(cell: str) -> None:
    got = figure("agency_fte", cell, inpost_fte="100")
    assert (got.value, got.mark) == (None, Mark.UNKNOWN)
    assert f"'{cell}'" in got.reason


def test_spaces_and_capitals_do_not_hide_a_mark() -> None:
    assert figure("agency_fte", " Low ", inpost_fte="100").mark is Mark.LOW


def test_a_hidden_number_of_children_is_1_to_5() -> None:
    got = figure("no_further_action_count", "c", referral_count="1085", rereferral_count="201")
    assert (got.value, got.mark, got.bounds) == (None, Mark.SUPPRESSED, (1.0, 5.0))
    assert got.has_narrow_bounds


def test_hidden_days_lost_are_not_a_small_number() -> None:
    assert figure("working_days_lost_fte", "c", inpost_fte="100").bounds == (0.0, math.inf)


def test_a_hidden_band_of_plans_is_bounded_by_what_the_others_leave() -> None:
    bands = dict(zip(PLAN_BANDS, ("180", "150", "120", "c", "c"), strict=True))
    got = figure("2_years_or_more", "c", **{"CPP_At31": "500", **bands})
    assert got.bounds == (0.0, 50.0)
    assert not got.has_narrow_bounds


def test_counts_of_councils_are_exact_and_those_of_england_rounded_to_ten() -> None:
    cells = {"Anypoint_episodes": "440", "At31_episodes": "210", "Started_episodes": "230"}
    (children,) = editions(council(2020, **cells), england(2020, **cells))
    local, national = (row.figure("Anypoint_episodes") for row in children.rows)
    assert local.bounds == (440.0, 440.0)
    assert national.bounds == (435.0, 445.0)
    (workforce,) = editions(england(2020, inpost_fte="709.5", cases="335201"))
    assert workforce.rows[0].figure("cases").bounds == (335201.0, 335201.0)


def test_levels_are_kept_apart_and_rates_of_regions_taken_as_printed() -> None:
    inner, outer = {"inpost_fte": "100.0"}, {"inpost_fte": "80.0"}
    tables = record(
        england(2020, inpost_fte="480.0", turnover_rate_fte="12.5"),
        region(2020, "London", inpost_fte="180.0", turnover_rate_fte="11.0", leavers_fte="9.0"),
        region(2020, "Inner London", **inner),
        region(2020, "Outer London", **outer),
        council(2020, "299", "Rivergate", "Inner London", **inner),
    )
    assert len(tables.rows("workforce", 2020)) == 1
    london = tables.comparator("London", "turnover_rate_fte", 2020)
    assert london is not None
    assert london.value == 11.0
    assert tables.comparator("England", "inpost_fte", 2020)
    assert tables.comparator("Atlantis", "inpost_fte", 2020) is None
    assert all(row.level == COUNCIL for row in tables.rows("workforce", 2020))


def test_what_is_missing_is_named_and_small_numbers_are_not_missing() -> None:
    tables = record(council(2020, **WORKFORCE, starters_fte="x", leavers_fte="low"))
    lacking = missing(tables, find_council(tables, "899", 2020), 2020)
    assert "starters" in lacking
    assert "leavers" not in lacking
    assert "children's tables" in lacking
    children = record(council(2020, referral_count="90", rereferral_count="20"))
    assert "workforce table" in missing(children, find_council(children, "899", 2020), 2020)
