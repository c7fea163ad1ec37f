"""Self-checks by interval: what rounding allows is no fault, and a fault is only a note."""

from fractions import Fraction
from typing import Any

import pytest

from sim.published import checks
from sim.published.checks import Note, absence_divisor, notes_on, rate_is_reachable
from sim.published.lookup import find_council
from sim.published.tables import PLAN_BANDS
from tests.published.invented import Line, council, record


def notes(*lines: Line) -> list[Note]:
    tables = record(*lines)
    year = int(str(lines[-1]["time_period"]))
    return list(notes_on(tables, find_council(tables, "Smallbrook", year), year))


def kinds(**cells: Any) -> list[str]:
    return [note.kind for note in notes(council(2021, **cells))]


@pytest.mark.parametrize(("year", "days"), [(2019, 253), (2020, 254), (2021, 253), (2024, 254)])
def test_absence_is_divided_by_253_days_or_254_in_a_census_year_with_a_29_february(
    year: int, days: int
) -> None:
    assert absence_divisor(year) == days


def test_absence_of_a_leap_year_checks_with_254_and_not_with_253(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    line = council(2020, inpost_fte="100.0", working_days_lost_fte="900.0", absence_rate_fte="3.5")
    assert notes(line) == []
    monkeypatch.setattr(checks, "absence_divisor", lambda year: 253)
    (note,) = notes(line)
    assert note.detail == "absence_rate_fte 3.5"


def test_a_rate_from_unrounded_counts_is_checked_by_interval_and_not_by_a_tolerance() -> None:
    # 3.5 of 4.0 is 87.5: a tolerance of 0.05 would call the printed 88.5 wrong.
    cover = {"agency_cover_fte": "3.5", "vacancy_fte": "4.0"}
    assert kinds(inpost_fte="9", **cover, vacancy_agency_cover_rate_fte="88.5") == []
    (kind,) = kinds(inpost_fte="9", **cover, vacancy_agency_cover_rate_fte="91.5")
    assert kind == "printed rate out of reach of its counts"


@pytest.mark.parametrize(
    ("leavers", "people", "printed", "fits"),
    [(1, 80, 1.3, True), (1, 80, 1.2, False), (21, 80, 26.3, True), (21, 80, 26.2, False)],
)
def test_exact_ties_of_people_round_half_up(
    leavers: int, people: int, printed: float, fits: bool
) -> None:
    top, base = (Fraction(leavers),) * 2, (Fraction(people),) * 2
    assert rate_is_reachable(printed, top, base, None, Fraction(100)) is fits


def test_a_count_on_both_sides_of_a_rate_moves_both() -> None:
    one, ten = (Fraction(19, 20), Fraction(21, 20)), (Fraction(199, 20), Fraction(201, 20))
    # From 0.95 / (10.05 + 0.95) to 1.05 / (9.95 + 1.05): 8.64 to 9.55 per cent.
    reached = [tenths / 10 for tenths in range(80, 101)
               if rate_is_reachable(tenths / 10, one, ten, one, Fraction(100))]  # fmt: skip
    assert (reached[0], reached[-1]) == (8.6, 9.5)


@pytest.mark.parametrize("mark", ["x", "u", "z", "low", ""])
def test_a_rate_or_count_with_a_mark_is_not_checked(mark: str) -> None:
    cells: dict[str, Any] = {"inpost_fte": "100", "leavers_fte": "90", "turnover_rate_fte": "1"}
    assert kinds(**cells) == ["printed rate out of reach of its counts"]
    for column in ("leavers_fte", "turnover_rate_fte"):
        assert kinds(**cells | {column: mark}) == []


def test_a_rate_over_nothing_is_not_checked() -> None:
    assert kinds(inpost_fte="0", leavers_fte="0", turnover_rate_fte="7") == []


def test_agency_staff_covering_vacancies_can_exceed_all_agency_staff() -> None:
    (note,) = notes(council(2021, inpost_fte="100", agency_fte="17", agency_cover_fte="19"))
    assert (note.kind, note.detail, note.council, note.year) == (
        "more agency staff covering vacancies than agency staff",
        "19 of 17",
        "Smallbrook",
        2021,
    )


def test_full_time_equivalents_can_exceed_people() -> None:
    (note,) = notes(council(2021, inpost_fte="368.2", inpost_headcount="321"))
    assert note.detail == "inpost 368.2 of 321"
    assert notes(council(2021, inpost_fte="321.0", inpost_headcount="321")) == []


def test_stock_and_flows_that_disagree_by_over_a_tenth_make_a_note() -> None:
    def told(now: str) -> list[Note]:
        flows = {"starters_fte": "20", "leavers_fte": "15"}
        return notes(council(2020, inpost_fte="100"), council(2021, inpost_fte=now, **flows))

    assert [note.detail for note in told("116")] == ["+11.0 of 100"]
    assert told("95") == told("115") == []


def test_episodes_ended_and_open_are_those_at_any_point_but_for_one() -> None:
    def told(anypoint: int) -> list[str]:
        rest = {"Started_episodes": "5", "Ended_episodes": "40", "At31_episodes": "60"}
        return kinds(Anypoint_episodes=anypoint, **rest)

    assert told(100) == told(101) == []
    assert told(103) == ["episodes ended and open are not those at any point"]


def test_plans_by_length_add_up_where_all_are_printed() -> None:
    def told(whole: int, last: object) -> list[str]:
        bands = dict(zip(PLAN_BANDS, (40, 30, 20, 10, last), strict=True))
        return kinds(CPP_At31=whole, **bands)

    assert told(108, 8) == told(200, "c") == []
    assert told(107, 8) == ["plans by length do not add up"]
