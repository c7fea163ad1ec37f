"""What a later release changed is named, with the difference."""

from sim.published.record import Record
from sim.published.revisions import revisions
from tests.published.invented import council, editions, england


def newest_first(*read: object) -> Record:
    return Record([edition for each in read for edition in each], 2030)  # type: ignore[attr-defined]


def test_a_changed_figure_is_named_with_release_date_and_difference() -> None:
    older = editions(council(2019, inpost_fte="243.5", vacancy_fte="10"), release=2022)
    newer = editions(council(2019, inpost_fte="238.0", vacancy_fte="10.0"), release=2025)
    (change,) = revisions(newest_first(older, newer).editions)
    assert change.key == ("899", "inpost_fte", 2019)
    assert change.difference == -5.5
    assert change.words == (
        "Smallbrook, inpost_fte, 30 September 2019: 243.5 in the 2022 release, "
        "238 in that of 2025, -5.5"
    )


def test_a_number_can_become_a_mark() -> None:
    older = editions(
        council(2019, inpost_fte="1", vacancy_agency_cover_rate_fte="101.8"), release=2023
    )
    newer = editions(council(2019, inpost_fte="1", vacancy_agency_cover_rate_fte="u"), release=2025)
    (change,) = revisions(newest_first(newer, older).editions)
    assert change.difference is None
    assert "101.8 in the 2023 release, u (not reliable enough to be printed)" in change.words


def test_only_figures_that_are_used_are_named_where_these_are_given() -> None:
    older = editions(
        council(2019, inpost_fte="1", cases="7"), council(2018, inpost_fte="3"), release=2022
    )
    newer = editions(
        council(2019, inpost_fte="2", cases="8"), council(2018, inpost_fte="4"), release=2023
    )
    read = newest_first(older, newer).editions
    assert len(list(revisions(read))) == 3
    assert [c.key for c in revisions(read, {("899", "cases", 2019)})] == [("899", "cases", 2019)]


def test_another_long_code_or_spelling_of_a_number_is_no_revision() -> None:
    older = editions(council(2019, long_code="E06999901", inpost_fte="238"), release=2022)
    newer = editions(council(2019, long_code="E10999901", inpost_fte="238.0"), release=2023)
    assert list(revisions(newest_first(older, newer).editions)) == []


def test_each_step_through_several_releases_and_england_is_named() -> None:
    read = [editions(england(2019, inpost_fte=n), release=2020 + n) for n in (1, 3, 2)]
    words = [change.words for change in revisions(newest_first(*read).editions)]
    assert [word.split(": ")[1] for word in words] == [
        "1 in the 2021 release, 2 in that of 2022, +1",
        "2 in the 2022 release, 3 in that of 2023, +1",
    ]


def test_two_files_of_one_release_that_disagree_are_named_and_the_first_is_used() -> None:
    first = editions(council(2019, inpost_fte="5"), release=2022)
    second = editions(council(2019, inpost_fte="4"), release=2022)
    tables = newest_first(first, second)
    assert tables.rows("workforce", 2019)[0].figure("inpost_fte").value == 5.0
    (change,) = revisions(tables.editions)
    assert "4 in one file of the 2022 release, 5 in another, +1" in change.words
