"""Councils by three-digit code and year: joint, renamed, split and merged ones."""

import datetime as dt

import pytest

from sim.config.errors import InputError
from sim.published import successions
from sim.published.figure import Mark
from sim.published.lookup import (
    councils_of_size,
    find_council,
    in_region,
    regions_of,
    size_group,
    statistical_neighbours,
)
from sim.published.record import Record
from sim.published.successions import SUCCESSIONS, Succession, exists, same_ground
from tests.published.invented import Line, council, editions, record

NORTH, SOUTH = "Northmead", "Southmead"


def joint(year: int, **cells: object) -> Line:
    """The row that two councils have in common."""
    names, long_codes = f"{NORTH} / {SOUTH}", "E09999992 / E09999993"
    return council(year, "398 / 399", names, "Outer London", long_codes, **cells)


@pytest.fixture
def invented_ground(monkeypatch: pytest.MonkeyPatch) -> None:
    """Oldshire splits on 1 April 2021; Hill and Dale give way to Vale and Fell on that of 2019."""
    first = Succession(
        dt.date(2019, 4, 1), {"701": "Hill", "702": "Dale"}, {"703": "Vale", "704": "Fell"}
    )
    later = Succession(
        dt.date(2021, 4, 1), {"709": "Oldshire"}, {"742": "Eastold", "743": "Westold"}
    )
    monkeypatch.setattr(successions, "SUCCESSIONS", (first, later))
    monkeypatch.setattr("sim.published.lookup.SUCCESSIONS", (first, later))
    together = ({"398": NORTH, "399": SOUTH},)
    monkeypatch.setattr(successions, "COUNTED_TOGETHER", together)


# Joint rows ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked", [NORTH, SOUTH.upper(), "398", "399", "398 / 399", "E09999993", f"{NORTH} / {SOUTH}"]
)
def test_either_name_or_code_finds_a_joint_row(asked: str) -> None:
    tables = record(joint(2020, inpost_fte="80.0"))
    found = find_council(tables, asked, 2020)
    assert (found.codes, found.parts) == (("398", "399"), (NORTH, SOUTH))
    assert tables.figure(found, "inpost_fte", 2020).value == 80.0


def test_a_joint_row_is_never_added_to_the_row_of_a_partner() -> None:
    both = Record(
        [
            *editions(joint(2020, inpost_fte="80.0"), joint(2024, inpost_fte="1")),
            *editions(
                council(2020, "398", NORTH, inpost_fte="50.0"), council(2022, inpost_fte="1")
            ),
        ],
        2024,
    )
    assert [row.codes for row in both.rows("workforce", 2020)] == [("398", "399")]
    assert both.figure(find_council(both, NORTH, 2020), "inpost_fte", 2020).value == 80.0


def test_a_council_alone_has_no_figure_where_it_is_counted_with_its_neighbour() -> None:
    alone = council(2021, "398", NORTH, inpost_fte="50.0")
    tables = record(joint(2020, inpost_fte="80.0"), alone)
    found = find_council(tables, NORTH, 2021)
    figure = tables.figure(found, "inpost_fte", 2020)
    assert (figure.value, figure.mark) == (None, Mark.JOINT)
    assert SOUTH in figure.reason


def test_a_sum_that_lacks_a_part_is_missing() -> None:
    north = editions(council(2020, "398", NORTH, referral_count="900", rereferral_count="9"))
    tables = Record([*editions(joint(2020, inpost_fte="80.0")), *north], 2020)
    referrals = tables.figure(find_council(tables, NORTH, 2020), "referral_count", 2020)
    assert (referrals.value, referrals.mark) == (None, Mark.NO_ROW)


def test_children_of_councils_with_a_joint_row_are_added_and_their_rates_are_not() -> None:
    workforce = editions(joint(2020, inpost_fte="80.0"))
    north = {"referral_count": "900", "rereferral_count": "c", "rereferral_percent": "c"}
    south = {"referral_count": "700", "rereferral_count": "70", "rereferral_percent": "10"}
    children = editions(
        council(2020, "398", NORTH, **north), council(2020, "399", SOUTH, **south), where="c1.csv"
    )
    tables = Record([*workforce, *children], 2020)
    both = find_council(tables, NORTH, 2020)
    referrals = tables.figure(both, "referral_count", 2020)
    assert (referrals.value, referrals.note) == (1600.0, f"sum of {NORTH} and {SOUTH}")
    again = tables.figure(both, "rereferral_count", 2020)
    assert (again.value, again.mark, again.bounds) == (None, Mark.SUPPRESSED, (71.0, 75.0))
    assert again.has_narrow_bounds
    assert tables.figure(both, "rereferral_percent", 2020).mark is Mark.PARTS
    assert [council.name for council in tables.councils(2020)] == [f"{NORTH} / {SOUTH}"]


@pytest.mark.parametrize("partner", [True, False])
@pytest.mark.usefixtures("invented_ground")
def test_older_releases_print_joint_figures_under_one_council(partner: bool) -> None:
    empty = council(2020, "399", SOUTH, inpost_fte="z", agency_fte="z", vacancy_fte="z")
    lines = [council(2020, "398", NORTH, inpost_fte="80.0"), *([empty] if partner else [])]
    (edition,) = editions(*lines)
    assert [(row.codes, row.name) for row in edition.rows] == [
        (("398", "399"), f"{NORTH} / {SOUTH}")
    ]
    assert NORTH in edition.notes[0]


@pytest.mark.usefixtures("invented_ground")
def test_two_councils_that_are_printed_apart_stay_apart() -> None:
    lines = [
        council(2020, code, name, inpost_fte="40")
        for code, name in (("398", NORTH), ("399", SOUTH))
    ]
    (edition,) = editions(*lines)
    assert [row.codes for row in edition.rows] == [("398",), ("399",)]
    assert edition.notes == ()


# Renamed, split and merged ------------------------------------------------------------------


def test_a_council_keeps_its_digits_through_releases_that_give_it_other_long_codes() -> None:
    def northdale(year: int, long_code: str, staff: str) -> Line:
        return council(year, "815", "Northdale", long_code=long_code, inpost_fte=staff)

    old, new = "E06999901", "E10999901"
    older = editions(northdale(2019, old, "243.5"), northdale(2020, old, "243.5"))
    newer = editions(
        northdale(2019, new, "238.0"), northdale(2020, new, "238.0"), northdale(2021, old, "251.0")
    )
    tables = Record([*older, *newer], 2021)
    found = find_council(tables, "northdale", 2021)
    assert [figure.value for figure in tables.series(found, "inpost_fte")] == [238.0, 238.0, 251.0]
    assert {figure.release for figure in tables.series(found, "inpost_fte")} == {2021}


@pytest.mark.usefixtures("invented_ground")
def test_two_councils_together_have_the_past_of_the_one_that_was_split() -> None:
    past = [council(year, "709", "Oldshire", inpost_fte="200.0") for year in (2019, 2020)]
    tables = record(*past, council(2021, "742 / 743", "Eastold / Westold", inpost_fte="210.0"))
    both = find_council(tables, "Westold", 2021)
    assert [figure.value for figure in tables.series(both, "inpost_fte")] == [200.0, 200.0, 210.0]
    assert tables.figure(both, "inpost_fte", 2020).note == "row of Oldshire"


@pytest.mark.usefixtures("invented_ground")
def test_a_council_that_is_split_later_is_followed_in_the_two_together() -> None:
    after = council(2021, "742 / 743", "Eastold / Westold", inpost_fte="210.0")
    tables = record(council(2020, "709", "Oldshire", inpost_fte="200.0"), after)
    before = find_council(tables, "Oldshire", 2020)
    assert tables.figure(before, "inpost_fte", 2021).value == 210.0
    assert [figure.value for figure in tables.series(before, "inpost_fte")] == [200.0]


@pytest.mark.usefixtures("invented_ground")
def test_a_part_of_a_council_that_was_split_has_no_past() -> None:
    past = council(2020, "709", "Oldshire", inpost_fte="200.0")
    tables = record(
        past,
        *(
            council(2021, c, n, inpost_fte="99")
            for c, n in (("742", "Eastold"), ("743", "Westold"))
        ),
    )
    figure = tables.figure(find_council(tables, "Eastold", 2021), "inpost_fte", 2020)
    assert (figure.value, figure.mark) == (None, Mark.NO_ROW)
    assert "borders" in figure.reason


@pytest.mark.usefixtures("invented_ground")
def test_one_label_is_before_the_change_in_march_and_after_it_in_september() -> None:
    children = editions(council(2019, "701", "Hill", referral_count="9", rereferral_count="0"))
    staff = editions(council(2019, "703", "Vale", inpost_fte="100"))
    tables = Record([*children, *staff], 2019)
    assert [found.name for found in tables.councils(2019)] == ["Vale"]


@pytest.mark.usefixtures("invented_ground")
def test_a_council_that_ended_is_not_found_and_its_successors_are_named() -> None:
    tables = record(
        council(2020, "709", "Oldshire", inpost_fte="200"), council(2021, inpost_fte="1")
    )
    assert find_council(tables, "Oldshire", 2020).code == "709"
    with pytest.raises(InputError, match="1 April 2021; on its ground are Eastold and Westold"):
        find_council(tables, "Oldshire", 2021)


def test_rows_of_councils_that_do_not_exist_make_no_councils_without_children() -> None:
    def line(year: int, code: str, name: str, *cells: str) -> Line:
        columns = ("population_estimate", "children_count", "rate_per_10000")
        kind = {"population_type": "Children looked after on 31 March each year"}
        return council(year, code, name, **kind, **dict(zip(columns, cells, strict=True)))

    tables = record(
        line(2022, "909", "Oldshire", "90000", "540", "60"),
        line(2023, "909", "Oldshire", "x", "z", "z"),
        line(2022, "942", "East Oldshire", "x", "z", "z"),
        line(2023, "942", "East Oldshire", "50000", "310", "62"),
    )
    for table in ("in_care", "population"):
        assert [row.name for row in tables.rows(table, 2022)] == ["Oldshire"]
        assert [row.name for row in tables.rows(table, 2023)] == ["East Oldshire"]
    assert [found.name for found in tables.councils(2023)] == ["East Oldshire"]


@pytest.mark.parametrize("day", [each.day for each in SUCCESSIONS])
def test_the_succession_table_is_one_of_whole_grounds(day: dt.date) -> None:
    each = next(each for each in SUCCESSIONS if each.day == day)
    eve = day - dt.timedelta(days=1)
    assert same_ground(each.after, day, eve) == frozenset(each.before)
    assert same_ground(each.before, eve, day) == frozenset(each.after)
    assert all(exists(code, eve) and not exists(code, day) for code in each.before)
    assert all(exists(code, day) and not exists(code, eve) for code in each.after)
    for code in each.after:
        assert same_ground([code], day, eve) is None
        assert same_ground([code], day, day) == frozenset({code})


# Finding and comparing ----------------------------------------------------------------------


def test_a_council_is_found_by_any_way_of_writing_it() -> None:
    names = {"801": "Combe, County of", "802": "St. Ives & Marsh", "803": "Port, City of"}
    tables = record(*(council(2020, code, name, inpost_fte="9") for code, name in names.items()))
    for asked in ("combe", "Combe, County of", "county of Combe", "801"):
        assert find_council(tables, asked, 2020).code == "801"
    assert find_council(tables, "st ives and marsh", 2020).code == "802"
    assert find_council(tables, "City of Port", 2020).code == "803"


def test_the_nearest_names_are_offered() -> None:
    names = {"801": "Kingsmead upon Tyde", "802": "Kingsmead upon Ouze", "803": "Bristow"}
    tables = record(*(council(2020, code, name, inpost_fte="9") for code, name in names.items()))
    with pytest.raises(InputError, match=r"Nearest: Bristow\. "):
        find_council(tables, "Brstow", 2020)
    with pytest.raises(InputError, match="Kingsmead upon Ouze; Kingsmead upon Tyde"):
        find_council(tables, "Kingsmead", 2020)
    with pytest.raises(InputError, match="council list"):
        find_council(tables, "", 2020)


def test_a_council_of_london_is_compared_with_its_part_and_with_london() -> None:
    tables = record(council(2020, "299", "Rivergate", "Inner London", inpost_fte="100"))
    found = find_council(tables, "Rivergate", 2020)
    assert regions_of(found) == ("Inner London", "London")
    assert in_region(found, "London")
    assert not in_region(found, "Outer London")


def test_groups_of_size_meet_without_a_gap() -> None:
    groups = [size_group(staff) for staff in (0.0, 109.9, 110.0, 199.9, 200.0, 900.0)]
    assert groups == ["under 110", "under 110", "110 to 200", "110 to 200", "over 200", "over 200"]
    lines = [
        council(2020, str(801 + n), f"C{n}", inpost_fte=size)
        for n, size in enumerate(("90", "x", "150"))
    ]
    assert [c.name for c in councils_of_size(record(*lines), "under 110", 2020)] == ["C0"]


def test_statistical_neighbours_are_councils_of_the_record_or_say_why_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [
        {
            "LA.Name": "Smallbrook",
            "LA.number": "899",
            "SN10": "Cumberland",
            "SN2": "Vale",
            "SN1": "Fell",
        }
    ]
    monkeypatch.setattr("sim.published.lookup.shipped_neighbours", lambda: rows)
    tables = record(council(2020, inpost_fte="1"), council(2020, "801", "Fell", inpost_fte="2"))
    first, second, last = statistical_neighbours(tables, find_council(tables, "899", 2020))
    assert first.council == find_council(tables, "Fell", 2020)
    assert (second.council, second.why_not) == (None, "not in the tables")
    assert (last.council, last.why_not) == (None, "begun on 1 April 2023")
    assert statistical_neighbours(tables, find_council(tables, "Fell", 2020)) == ()
