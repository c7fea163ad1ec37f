"""Simulated days and calendar dates."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.dates import (
    add_years,
    date_of,
    day_of,
    financial_year,
    financial_year_start,
    is_census_day,
    is_financial_year,
    month_ends,
    next_month,
)

DATES = st.dates(dt.date(1990, 4, 1), dt.date(2099, 12, 31))


@given(start=DATES, date=DATES)
def test_days_and_dates_are_each_others_inverse(start: dt.date, date: dt.date) -> None:
    assert date_of(start, day_of(start, date)) == date


def test_day_0_is_the_start_date_and_lasts_a_day() -> None:
    start = dt.date(2021, 9, 8)
    assert day_of(start, start) == 0
    assert date_of(start, 0.0) == date_of(start, 0.999) == start
    assert date_of(start, 1.0) == dt.date(2021, 9, 9)


@given(date=DATES, years=st.integers(0, 30))
def test_years_later_is_the_same_day(date: dt.date, years: int) -> None:
    later = add_years(date, years)
    assert (later.year, later.month) == (date.year + years, date.month)
    assert later.day == date.day or (date.month, date.day, later.day) == (2, 29, 28)


def test_a_year_after_29_february_is_28_february() -> None:
    assert add_years(dt.date(2024, 2, 29), 1) == dt.date(2025, 2, 28)
    assert add_years(dt.date(2024, 2, 29), 4) == dt.date(2028, 2, 29)
    assert add_years(dt.date(2024, 2, 29), 0) == dt.date(2024, 2, 29)


@given(date=DATES)
def test_the_next_month_opens_on_its_first_day(date: dt.date) -> None:
    following = next_month(date.replace(day=1))
    assert following.day == 1
    assert 28 <= (following - date.replace(day=1)).days <= 31
    assert (following - dt.timedelta(days=1)).month == date.month


def test_month_ends_of_devons_first_months() -> None:
    ends = month_ends(dt.date(2021, 9, 8), dt.date(2022, 3, 8))
    assert [str(end) for end in ends] == [
        "2021-09-30", "2021-10-31", "2021-11-30", "2021-12-31", "2022-01-31", "2022-02-28",
    ]  # fmt: skip


def test_a_month_that_the_run_stops_inside_has_no_end() -> None:
    start = dt.date(2021, 9, 8)
    assert month_ends(start, dt.date(2021, 9, 30)) == ()
    assert month_ends(start, dt.date(2021, 10, 1)) == (dt.date(2021, 9, 30),)
    assert month_ends(start, dt.date(2021, 10, 31)) == (dt.date(2021, 9, 30),)


@given(start=DATES, days=st.integers(1, 3000))
def test_month_ends_are_every_months_last_day_inside_the_run(start: dt.date, days: int) -> None:
    end = start + dt.timedelta(days=days)
    every_day = [start + dt.timedelta(days=n) for n in range(days)]
    last_days = [day for day in every_day if (day + dt.timedelta(days=1)).day == 1]
    assert list(month_ends(start, end)) == last_days
    assert all(28 <= (b - a).days <= 31 for a, b in pairwise(last_days))


@pytest.mark.parametrize(
    ("date", "year"),
    [
        (dt.date(2021, 3, 31), "2020/21"),
        (dt.date(2021, 4, 1), "2021/22"),
        (dt.date(2021, 12, 31), "2021/22"),
        (dt.date(2022, 1, 1), "2021/22"),
        (dt.date(1999, 6, 1), "1999/00"),
        (dt.date(2009, 6, 1), "2009/10"),
    ],
)
def test_financial_years_run_from_april_to_march(date: dt.date, year: str) -> None:
    assert financial_year(date) == year


@given(date=DATES)
def test_a_date_lies_in_its_financial_year(date: dt.date) -> None:
    label = financial_year(date)
    opens = financial_year_start(label)
    assert opens <= date < add_years(opens, 1)
    assert (opens.month, opens.day) == (4, 1)
    assert is_financial_year(label)


@pytest.mark.parametrize(
    "label",
    ["", "2021", "2021/21", "2021/23", "2021-22", "21/22", "2021/2022", "0000/01", "9999/00",
     "٢٠٢١/٢٢", " 2021/22", "2021/22\n", "2021/2²"],
)  # fmt: skip
def test_what_is_no_financial_year(label: str) -> None:
    assert not is_financial_year(label)


@given(label=st.text(st.sampled_from("0129/"), max_size=8))
def test_any_label_is_one_or_not(label: str) -> None:
    if is_financial_year(label):
        assert financial_year(financial_year_start(label)) == label


def test_the_census_is_on_30_september() -> None:
    year = [dt.date(2021, 1, 1) + dt.timedelta(days=n) for n in range(365)]
    assert [day for day in year if is_census_day(day)] == [dt.date(2021, 9, 30)]
