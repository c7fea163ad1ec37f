"""Files of a study for its papers: units of a council's plain numbers."""

from __future__ import annotations

import pytest

from sim.config.shipped import load_evidence
from sim.presentation.study_files import unit_of
from sim.published.council_file.called import council_called
from sim.published.council_file.numbers import numbers_of


@pytest.mark.parametrize(
    ("key", "unit"),
    [
        ("totals.inpost_fte", "fte"),
        ("support_posts.front_door.fte", "fte"),
        ("year_before.inpost_fte_a_year_before", "fte"),
        ("casework.caseload_fte", "cases per FTE"),
        ("casework.stocks.children_in_care", "children"),
        ("targets.social_worker.people", "people"),
        ("overspend_forecast.gbp", "gbp"),
        ("totals.part_time_share", "share"),
        ("casework.demand.back_to_2019.referrals_per_year", "people per year"),
        ("casework.demand.since_last_table.months", "months"),
        ("horizon_years", "years"),
        ("year_before.plans_by_length.more_than_3_months_6_months", "plans"),
        ("year_before.plans_by_length.2_years", "plans"),
        ("frontline.weight", ""),
    ],
)
def test_a_plain_number_has_the_unit_of_its_key(key: str, unit: str) -> None:
    assert unit_of(key) == unit


def test_only_lengths_of_time_are_counted_in_months_and_years() -> None:
    council = council_called("Kent", load_evidence().sources).council
    found = {key for key in numbers_of(council) if unit_of(key) in ("months", "years")}
    named = {"horizon_years", "casework.demand.since_last_table.months"}
    assert all(key in named or key.endswith(".over_years") for key in found)
    assert "horizon_years" in found
