"""Notes on rules with a date and on registration fees, from the numbers themselves."""

from __future__ import annotations

import datetime as dt

from sim.config.quantity import Unit
from sim.config.rules_taken import RulesTaken
from sim.experiment.national_rules import national_rules
from sim.experiment.replicate import make_study
from sim.inputs.run_options import RunOptions
from sim.presentation.market_notes import agency_notes, fee_notes, rule_notes
from sim.scenario.scenario import baseline
from tests.behaviour.builders import certain, devon_for, scenario_of
from tests.behaviour.market_builders import fees
from tests.helpers import SEED, evidence, package


def test_the_fees_of_the_package_are_almost_nothing_and_said_to_be() -> None:
    """£90 over £48,075 / 1.3: 0.24 % of pay; x -0.7 for 56 % and x -2.5 for 44 % of leavers."""
    study = make_study(devon_for(5), evidence().behaviour, (baseline(), package()), SEED)
    assert fee_notes(study) == [
        "Registration fees: £90 is 0.2 % of pay; 0.4 % fewer of those it is paid for leave in its"
        " first year: almost nothing."
    ]


def test_a_large_fee_is_not_called_almost_nothing() -> None:
    measure = fees(1.0).model_copy(update={"gbp_per_year": certain(900.0, Unit.GBP_PER_YEAR)})
    study = make_study(devon_for(1), evidence().behaviour, (baseline(), scenario_of(measure)), SEED)
    (note,) = fee_notes(study)
    assert "£900 is 2.4 % of pay; 3.5 % fewer" in note
    assert "almost nothing" not in note


LEAD = "lead practitioners from 15 December 2023"
STAFF = "rules on agency staff from 31 October 2024"
CAPS = "caps on their price from 1 October 2025"
UNKNOWN = "not announced by 8 September 2021"
AGENCY, PRACTITIONERS = "--agency-rules", "--lead-practitioners"


def _said(
    years: int, agency: str, practitioners: str = "known", cases: bool = False,
    start: dt.date | None = None,
) -> list[str]:  # fmt: skip
    council = devon_for(years)
    if start:
        council = council.model_copy(update={"start_date": start, "totals_date": start})
    options = RunOptions(
        agency_rules=RulesTaken(agency),
        lead_practitioners=RulesTaken(practitioners),
        casework=cases,
    )
    return rule_notes(make_study(council, evidence().behaviour, (baseline(),), SEED, options))


def test_rules_that_nobody_knew_of_are_said_to_be_left_out_in_one_line() -> None:
    assert _said(2, "known", cases=True) == []
    assert _said(3, "known") == []
    assert _said(3, "known", cases=True) == [
        f"Rules left out: {LEAD}: {UNKNOWN} ({PRACTITIONERS} on to take them in)."
    ]
    assert _said(5, "known", cases=True) == [
        f"Rules left out: {LEAD}, {STAFF}, {CAPS}: {UNKNOWN} ({PRACTITIONERS} on, {AGENCY} on to"
        " take them in)."
    ]


def test_rules_left_out_by_choice_are_told_from_those_nobody_knew_of() -> None:
    assert _said(5, "off") == [f"Rules left out: {STAFF}, {CAPS}: by {AGENCY} off."]
    assert _said(4, "off", cases=True) == [
        f"Rules left out: {LEAD}: {UNKNOWN} ({PRACTITIONERS} on to take them in);"
        f" {STAFF}: by {AGENCY} off."
    ]


def test_rules_in_force_say_whether_anybody_knew() -> None:
    assert _said(4, "on") == [
        f"In force in every scenario: {STAFF}, which nobody knew of on 8 September 2021."
    ]
    assert _said(5, "known", start=dt.date(2024, 10, 1)) == [
        f"In force in every scenario: {STAFF}, {CAPS} ({AGENCY} off to leave them out)."
    ]
    assert _said(5, "known", start=dt.date(2026, 1, 1)) == []


def test_the_manifest_tells_of_every_dated_rule() -> None:
    options = RunOptions(lead_practitioners=RulesTaken.ON)
    study = make_study(devon_for(5), evidence().behaviour, (baseline(),), SEED, options)
    assert [rule.as_stated() for rule in national_rules(study)] == [
        {
            "rule": name, "option": option, "start": start, "announced": announced, "taken": taken,
        }
        for name, option, start, announced, taken in (
            ("lead practitioners", f"{PRACTITIONERS} on", "2023-12-15", "2023-12-15", True),
            ("rules on agency staff", f"{AGENCY} known", "2024-10-31", "2024-09-24", False),
            ("caps on their price", f"{AGENCY} known", "2025-10-01", "2024-09-24", False),
        )
    ]  # fmt: skip


def test_what_stands_in_for_a_councils_record_is_named() -> None:
    council = devon_for(1)
    known = make_study(council, evidence().behaviour, (baseline(),), SEED)
    assert agency_notes(known) == []
    no_code = council.model_copy(update={"code": None})
    unknown = make_study(no_code, evidence().behaviour, (baseline(),), SEED)
    assert agency_notes(unknown) == [
        "The council's levels of agency staff rest on its own first day alone (no earlier year"
        " published); 40 councils nearest in agency rate, to 2021."
    ]
    early = dt.date(2015, 9, 30)
    before = council.model_copy(update={"start_date": early, "totals_date": early})
    (note,) = agency_notes(make_study(before, evidence().behaviour, (baseline(),), SEED))
    assert "to 2017, after the start year (hindsight)" in note
