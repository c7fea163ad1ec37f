"""Every measure there is, in one scenario file: it is read, planned and run, and adds up."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from sim.config.shipped import locate
from sim.engine.records import Records
from sim.engine.simpy.engine import simulate
from sim.experiment.replicate import make_study
from sim.inputs.fates import Fates
from sim.inputs.plan import SUPERNUMERARY_LINE, Plan
from sim.inputs.run_options import AS_USUAL
from sim.outcomes.costs import make_ledger
from sim.scenario.measure import Measure
from sim.scenario.scenario import AnyMeasure, load_scenario
from tests.behaviour.builders import devon_for
from tests.helpers import SEED, evidence

pytestmark = pytest.mark.slow

MOVE = """
[[measures]]
kind = "move_stage"
key = "move_child_in_need"
name = "Child in need stays in assessment"
start = 2022-01-10
stage = "child_in_need"
shares = { assessment = 1.0 }
"""
CUTS = """
[[measures]]
kind = "cut_posts"
key = "cut_as_people_leave"
name = "Posts that go as people leave"
start = 2022-02-01
phasing = [{ start = 2022-02-01, share = 0.5 }, { start = 2022-06-10, share = 1.0 }]
posts = [
  { team = "assessment", role = "social_worker", fte = 5.3 },
  { team = "care_leavers", role = "personal_adviser", fte = 2.0 },
]

[[measures]]
kind = "cut_posts"
key = "cut_with_notice"
name = "Posts that end at once"
start = 2021-12-01
with_notice = true
posts = [
  { team = "child_protection_court", role = "social_worker", fte = 6.5 },
  { team = "child_protection_court", role = "team_manager", fte = 9.0 },
]

[[measures.costs]]
key = "redundancy"
name = "Redundancy pay"
per = "redundancy"

[measures.costs.gbp]
low = 3000.0
central = 10000.0
high = 30000.0
unit = "gbp"
grade = "J"
source = "judgement"
"""
SAVING = """
[[measures]]
kind = "saving"
key = "less_overtime"
name = "Less overtime"
start = 2022-01-10
planned_gbp = { "2021/22" = -10000, "2022/23" = -40000 }
"""


def every_measure(folder: Path) -> Path:
    """Devon's package, Herefordshire's earlier offer two years later, moves, cuts, a saving."""
    package = locate("devon_package_48_fte", "scenarios").read_text(encoding="utf-8")
    head, rest = package.split("[package]")
    lines = rest[rest.index("[[measures]]") :]
    offer = locate("herefordshire_earlier_offer", "scenarios").read_text(encoding="utf-8")
    more = offer[offer.index("[[measures]]") :]
    for year in ("2021", "2020", "2019"):
        more = more.replace(f"{year}-", f"{int(year) + 2}-")
    # Two supplements on the same people would be refused, and so would two keys alike.
    more = more.replace('teams = ["child_protection_court"]', 'teams = ["disabled_children"]', 1)
    more = re.sub(r'kind = "apprenticeships".*?(?=\n\[\[measures\]\])', "SKIP", more, flags=re.S)
    more = more.replace("[[measures]]\nSKIP\n", "")
    # The recruiter's hiring help and the recruitment team's are different kinds: both may be there.
    file = folder / "every_measure.toml"
    file.write_text(head + lines + more + MOVE + CUTS + SAVING, encoding="utf-8")
    return file


def run_of(file: Path) -> tuple[Plan, Records]:
    council = devon_for(2)
    scenario = load_scenario(str(file), council, evidence().sources)
    study = make_study(council, evidence().behaviour, (scenario,), SEED, AS_USUAL)
    plan = study.plan(scenario, 1)
    return plan, simulate(plan, Fates(SEED, 1))


def test_a_scenario_of_every_measure_runs_and_its_ledger_adds_up(tmp_path: Path) -> None:
    file = every_measure(tmp_path)
    scenario = load_scenario(str(file), devon_for(2), evidence().sources)
    kinds: set[type[Measure]] = set(get_args(get_args(AnyMeasure)[0]))
    assert {type(measure) for measure in scenario.measures} == kinds
    plan, records = run_of(file)
    ledger = make_ledger(plan, records)
    assert len(ledger.lines) == 4 + len(scenario.measures)
    assert np.isfinite(ledger.spent_gbp).all()
    spending = {
        line
        for line, gbp in zip(ledger.lines, ledger.spent_gbp.sum(axis=0), strict=True)
        if gbp > 0.0
    }
    unpaid = {"move_child_in_need", "leave_to_remain", "supernumerary_newly_qualified"}
    assert set(ledger.lines) - spending <= unpaid | {"less_overtime", "cut_as_people_leave"}
    dismissed = records.line_counts["redundancies"].sum(axis=0)
    line = (
        SUPERNUMERARY_LINE
        + 1
        + [measure.key for measure in scenario.measures].index("cut_with_notice")
    )
    assert dismissed[line] == dismissed.sum() > 0
    saved = ledger.lines.index("less_overtime")
    assert ledger.planned_gbp[:2, saved].tolist() == [-10_000.0, -40_000.0]
    assert ledger.spent_gbp[:, saved].sum() == pytest.approx(ledger.planned_gbp[:, saved].sum())
    assert records.cases is not None
    assert records.cases.flows["referrals"].sum() > 1000
