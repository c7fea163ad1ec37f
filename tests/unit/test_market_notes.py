"""Notes on rules with a date and on registration fees, from the numbers themselves."""

from __future__ import annotations

import datetime as dt

import pytest

from sim.config.quantity import Unit
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


@pytest.mark.parametrize(
    ("years", "agency_rules", "said"),
    [
        (3, True, []),
        (
            4,
            True,
            [
                "In force in every scenario: rules on agency staff from 31 October 2024"
                " (--agency-rules off leaves them out)."
            ],
        ),
        (
            5,
            False,
            [
                "Left out, though law: rules on agency staff from 31 October 2024, caps on their"
                " price from 1 October 2025."
            ],
        ),
    ],
)
def test_rules_that_come_into_force_during_the_run_are_named(
    years: int, agency_rules: bool, said: list[str]
) -> None:
    study = make_study(
        devon_for(years),
        evidence().behaviour,
        (baseline(),),
        SEED,
        RunOptions(agency_rules=agency_rules, casework=False),
    )
    assert rule_notes(study) == said


def test_what_stands_in_for_a_councils_record_is_named() -> None:
    council = devon_for(1)
    known = make_study(council, evidence().behaviour, (baseline(),), SEED)
    assert agency_notes(known) == []
    no_code = council.model_copy(update={"code": None})
    unknown = make_study(no_code, evidence().behaviour, (baseline(),), SEED)
    assert agency_notes(unknown) == [
        "The council's levels of agency staff rest on its own day 0 alone (no earlier year"
        " published); 40 councils nearest in agency rate, to 2021."
    ]
    early = dt.date(2015, 9, 30)
    before = council.model_copy(update={"start_date": early, "totals_date": early})
    (note,) = agency_notes(make_study(before, evidence().behaviour, (baseline(),), SEED))
    assert "to 2017, after the start year (hindsight)" in note
