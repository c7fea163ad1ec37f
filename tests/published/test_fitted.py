"""What a council's file takes from the record: shipped files hold it, and nothing later is used."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest

from sim.config.quantity import Grade, Quantity
from sim.inputs.draws import quantities
from sim.published.fitted import LAST_YEAR_OF_SIZES, TO_2021, UP_TO_THE_YEAR, fitted, hindsight
from sim.published.lookup import find_council
from sim.published.record import Record, load_record
from tests.helpers import council_named, evidence
from tests.published.invented import council, record

SHIPPED = {
    "devon_2017": "Devon",
    "devon_2021": "Devon",
    "herefordshire_2017": "Herefordshire, County of",
    "herefordshire_2019": "Herefordshire, County of",
}


@cache
def the_record() -> Record:
    return load_record()


def without_bounds(quantity: Quantity) -> Mapping[str, object]:
    """Its points and grade: bounds, notes and sources are a file's own."""
    return quantity.model_dump(include={"low", "central", "high", "unit", "scale", "grade"})


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_councils_hold_what_the_record_gives(name: str) -> None:
    shipped = council_named(name)
    year = shipped.totals_date.year
    found = fitted(
        the_record(),
        find_council(the_record(), SHIPPED[name], year),
        shipped.totals.of_draw({}).inpost_fte,
    )
    for key, quantity in found.staffing.items():
        assert getattr(shipped.staffing, key) == quantity, key
    known = quantities(evidence().behaviour, shipped)
    for key, quantity in found.evidence.items():
        assert without_bounds(known[key]) == without_bounds(quantity), key
    assert bool(found.evidence) == (year > 2017)


def test_nothing_after_the_start_is_used() -> None:
    devon = find_council(the_record(), "Devon", 2019)
    assert fitted(the_record(), devon, 334.0) == fitted(load_record(2019), devon, 334.0)


@pytest.mark.parametrize("name", SHIPPED)
def test_hindsight_is_named_where_the_record_is_too_short(name: str) -> None:
    shipped = council_named(name)
    known = quantities(evidence().behaviour, shipped)
    named = hindsight(shipped.totals_date.year, known)
    if shipped.totals_date.year >= LAST_YEAR_OF_SIZES:
        assert named == []
        return
    assert "growth.pull_on_staff" in named
    is_short = shipped.totals_date.year == 2017
    assert ("council.staffing.leaving_rate" in named) == is_short
    assert ("between_years.exits" in named) == is_short


def lines(year: int, leavers: float, own: float) -> list[Mapping[str, object]]:
    """Twenty councils of 100 and Smallbrook, all with so many leavers and as many starters."""
    cells: dict[str, Any] = {"inpost_fte": 100.0, "vacancy_fte": 20.0}
    others = [
        council(year, str(800 + n), f"Town {n}", long_code=f"E0600000{n}",
                leavers_fte=round(leavers * (0.6 + 0.1 * n)), starters_fte=leavers, **cells)
        for n in range(9)
    ]  # fmt: skip
    return [*others, council(year, leavers_fte=own, starters_fte=own, **cells)]


def test_of_one_year_a_level_lies_half_way_between_the_council_s_and_england_s() -> None:
    only = record(*lines(2017, 10.0, 40.0))
    found = fitted(only, find_council(only, "Smallbrook", 2017), 100.0)
    rate, starters = found.staffing["leaving_rate"], found.staffing["starters_fte_per_year"]
    in_a_year = math.exp((0.0675 + 0.05**2) / 2)
    england = math.sqrt(0.10 * 0.11)  # the median of ten: 6 to 14 leave in the others, 40 here
    assert rate.central == pytest.approx(math.sqrt(england * 0.4) * in_a_year, rel=1e-3)
    assert starters.central == pytest.approx(20.0 * in_a_year, rel=1e-3)
    assert rate.source == starters.source == TO_2021
    assert rate.grade is Grade.FITTED
    assert found.evidence == {}


def test_a_council_without_figures_has_england_s_level() -> None:
    only = record(*lines(2017, 10.0, 0.0))
    found = fitted(only, find_council(only, "Smallbrook", 2017), 50.0)
    assert found.staffing["starters_fte_per_year"].central == pytest.approx(5.18, rel=2e-3)


def test_more_leavers_of_its_own_raise_a_council_s_level_by_less() -> None:
    few, many = (
        record(*lines(2018, 10.0, 10.0), *lines(2019, 12.0, own), *lines(2020, 14.0, own))
        for own in (11.0, 22.0)
    )
    levels = [
        fitted(each, find_council(each, "Smallbrook", 2020), 100.0).staffing["leaving_rate"]
        for each in (few, many)
    ]
    assert levels[0].source == UP_TO_THE_YEAR
    assert 1.0 < levels[1].central / levels[0].central < 2.0
