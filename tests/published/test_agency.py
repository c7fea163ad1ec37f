"""Pairs of cover and staff above establishment on invented tables, and the councils like one."""

import datetime as dt
from collections.abc import Iterator

import pytest

from sim.published.agency import (
    LIKE_COUNCILS,
    NO_AGENCY_RECORD,
    AgencyPair,
    agency_record,
    last_census,
)
from sim.published.record import Record
from tests.published.invented import Line, council, record

YEARS = (2017, 2018, 2019, 2020, 2021)


def line(year: int, number: int, agency: float, cover: float, **cells: object) -> Line:
    """A council with 100 in post and 20 vacancies, told apart by a number."""
    figures: dict[str, object] = {"inpost_fte": 100.0, "vacancy_fte": 20.0, "agency_fte": agency}
    figures |= {"agency_cover_fte": cover} | cells
    of_one = council(
        year, f"{700 + number}", f"Council {number}", "South West", f"E060000{number:02}"
    )
    return {**of_one, **figures}


def lines() -> Iterator[Line]:
    """Sixty councils whose agency staff are as many as their numbers, more each year."""
    for year in YEARS:
        for number in range(60):
            yield line(year, number, number + 0.1 * (year - 2017), min(number, 10.0))


@pytest.fixture(scope="module")
def table() -> Record:
    return record(*lines())


def test_a_pair_is_of_one_council_and_year_and_cover_beyond_vacancies_is_above() -> None:
    found = agency_record(record(line(2020, 5, 30.0, 25.0)), None, 2020, 0.2)
    assert found.like == ((AgencyPair(2020, 1.0, 10.0 / 120.0),),)


def test_the_councils_nearest_in_agency_rate_are_like_it_and_it_is_not(table: Record) -> None:
    found = agency_record(table, "730", 2021, 30.4 / 130.4)
    assert len(found.like) == LIKE_COUNCILS
    numbers = sorted(round(pairs[-1].above * 120 + pairs[-1].covered * 20) for pairs in found.like)
    assert 30 not in numbers
    assert numbers == [n for n in range(numbers[0], numbers[-1] + 1) if n != 30]
    assert [round(pairs[-1].above * 120 + 10) for pairs in found.like[:2]] in ([31, 29], [29, 31])


def test_pairs_are_of_the_last_three_years_and_the_councils_own_before_its_start(
    table: Record,
) -> None:
    found = agency_record(table, "730", 2021, 0.2)
    assert [pair.year for pair in found.own] == [2019, 2020]
    assert {tuple(pair.year for pair in pairs) for pairs in found.like} == {(2019, 2020, 2021)}


def test_nothing_of_a_later_year_is_seen(table: Record) -> None:
    """Later rows, and a later fate of the codes, change nothing of an earlier start."""
    for year in YEARS[1:]:
        seen = record(*(each for each in lines() if int(str(each["time_period"])) <= year))
        whole = agency_record(table, "730", year, 0.2)
        assert whole == agency_record(seen, "730", year, 0.2)
        assert whole.year == year
        assert not whole.is_hindsight


def test_years_hidden_in_part_or_without_a_vacancy_make_no_pair() -> None:
    hidden = line(2019, 5, 30.0, 10.0, agency_cover_fte="c")
    none_vacant = line(2020, 5, 30.0, 0.0, vacancy_fte=0.0)
    other = line(2021, 6, 30.0, 10.0)
    whole = line(2021, 5, 30.0, 10.0)
    found = agency_record(record(hidden, none_vacant, whole, other), "706", 2021, 0.2)
    assert [[pair.year for pair in pairs] for pairs in found.like] == [[2021]]


def test_who_has_no_pair_in_the_newest_year_is_like_nobody() -> None:
    earlier, other = line(2020, 5, 30.0, 10.0), line(2021, 6, 30.0, 10.0)
    hidden = line(2021, 5, 30.0, 10.0, agency_cover_fte="x")
    assert len(agency_record(record(earlier, hidden, other), None, 2021, 0.2).like) == 1


def test_a_council_in_no_table_has_its_day_0_alone_and_says_so(table: Record) -> None:
    for code in (None, "999"):
        found = agency_record(table, code, 2021, 0.2)
        assert found.own == ()
        assert len(found.like) == LIKE_COUNCILS
        assert "its own first day alone" in found.words


def test_a_start_before_the_tables_takes_their_first_year_and_calls_it_hindsight(
    table: Record,
) -> None:
    found = agency_record(table, "730", 2015, 0.2)
    assert (found.year, found.is_hindsight, found.own) == (2017, True, ())
    assert "hindsight" in found.words


def test_a_start_after_the_tables_takes_their_last_year(table: Record) -> None:
    found = agency_record(table, "730", 2022, 0.2)
    assert (found.year, found.is_hindsight) == (2021, False)
    assert [pair.year for pair in found.own] == [2020, 2021]


def test_without_any_table_there_is_day_0() -> None:
    assert agency_record(record(), "730", 2021, 0.2) == NO_AGENCY_RECORD
    assert "no published table" in NO_AGENCY_RECORD.words


@pytest.mark.parametrize(
    ("day", "year"),
    [("2021-09-30", 2021), ("2021-09-29", 2020), ("2021-12-31", 2021), ("2022-03-31", 2021)],
)
def test_the_last_census_before_a_day(day: str, year: int) -> None:
    assert last_census(dt.date.fromisoformat(day)) == year
