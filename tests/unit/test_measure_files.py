"""Measures as a council writes them in a file: each kind, read, checked and planned."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.config.roles import Role
from sim.inputs.build import make_plan
from sim.inputs.draws import make_draw
from sim.scenario.own import kind_of
from sim.scenario.scenario import load_scenario
from tests.helpers import SEED, devon, devon_position, evidence, values_of

QUANTITY = """
[{where}]
low = {low}
central = {low}
high = {low}
unit = "{unit}"
grade = "J"
source = "judgement"
"""
LINE = """
[[measures]]
kind = "{kind}"
key = "{kind}"
name = "{kind}"
start = 2021-10-01
teams = ["child_protection_court", "assessment"]
roles = ["social_worker", "senior_practitioner"]
{more}
"""
COST = """
[[measures.costs]]
key = "cost"
name = "Cost"
per = "{per}"
""" + QUANTITY.format(where="measures.costs.gbp", low="{gbp}", unit="gbp")
AMOUNT = QUANTITY.format(where="measures.gbp_per_year", low="{gbp}", unit="gbp per fte per year")

OFFER = {
    "salary_supplement": AMOUNT.format(gbp=3000.0),
    "learning_accounts": AMOUNT.format(gbp=500.0),
    "registration_fees": AMOUNT.format(gbp=90.0),
    "relocation_allowance": COST.format(per="starter", gbp=10_000.0),
    "find_a_friend": COST.format(per="starter", gbp=1_000.0),
    "external_recruiter": COST.format(per="starter", gbp=6_000.0),
    "agency_scheme": COST.format(per="year", gbp=20_000.0),
    "recruitment_team": 'posts = [{ team = "front_door", role = "recruitment", fte = 2.5 }]',
}
"""A council's offer: market forces supplement, learning accounts, find a friend and the rest."""


def offer(folder: Path) -> Path:
    """The whole offer in one file."""
    file = folder / "offer.toml"
    lines = [LINE.format(kind=kind, more=more) for kind, more in OFFER.items()]
    adviser = LINE.format(kind="adviser_progression", more=COST.format(per="fte_year", gbp=2_500.0))
    adviser = adviser.replace('roles = ["social_worker", "senior_practitioner"]\n', "")
    adviser = adviser.replace('"assessment"', '"care_leavers"')
    text = 'name = "The offer"\ncouncil = "devon_2021"\n' + "".join([*lines, adviser])
    file.write_text(text, encoding="utf-8")
    return file


def test_every_kind_can_be_written_in_a_file_and_planned(tmp_path: Path) -> None:
    scenario = load_scenario(str(offer(tmp_path)), devon(), evidence().sources)
    kinds = [kind_of(type(measure)) for measure in scenario.measures]
    assert kinds == [*OFFER, "adviser_progression"]
    assert scenario.funded_fte == pytest.approx(2.5)
    assert all(measure.has_effect for measure in scenario.measures)
    values = values_of(devon(), scenario)
    plan = make_plan(devon(), devon_position(), scenario, make_draw(devon(), values, SEED, 0))
    assert len(plan.lines) == 2 + len(scenario.measures)
    assert len(plan.costs) == 5
    assert len(plan.supplements) == 3
    assert len(plan.help) == 2
    team = plan.team_keys.index("assessment")
    assert plan.attractiveness[-1][team, Role.SOCIAL_WORKER] > 1.0
    assert plan.agency.cover_effects[-1][team, Role.SOCIAL_WORKER] > 1.0


def test_no_measure_holds_a_number_of_effect(tmp_path: Path) -> None:
    """Of the quantities in their files, all are pounds: how people answer is shared evidence."""
    scenario = load_scenario(str(offer(tmp_path)), devon(), evidence().sources)
    own = {key for key in values_of(devon(), scenario) if key.startswith("measure.")}
    assert {key.rpartition(".")[2] for key in own} == {"gbp", "gbp_per_year"}
    shared = evidence().behaviour.market_measures
    assert all(getattr(shared, name).grade == "J" for name in type(shared).model_fields)
