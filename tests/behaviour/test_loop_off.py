"""Without the loop, children's cases leave staffing exactly as it was before there were any.

staffing_digests.json holds digests of the Records of every scenario that was shipped then (Linux);
floats are compared to the bit. They were made by the engine of commit 0d1e727, the last one without
children's cases. first_packages/ keeps the packages as they stood: the shipped ones simulate lines
that these only pay for. Rules on agency staff are off. A change of staffing configs or rules that
is meant makes them stale: then make them anew with `digest_of` from runs of staffing alone, and say
so in the commit.
"""

from __future__ import annotations

import hashlib
import json
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from sim.config.roles import REGISTERED_ROLES, Role
from sim.config.rules_taken import RulesTaken
from sim.config.shipped import load_council
from sim.engine.records import Records
from sim.engine.simpy.engine import simulate
from sim.experiment.replicate import Study, make_study
from sim.inputs.fates import Fates
from sim.inputs.plan import BASELINE_LINE, Plan
from sim.inputs.run_options import RunOptions
from sim.scenario.scenario import baseline, load_scenario
from tests.helpers import evidence

DIGESTS: dict[str, str] = json.loads(
    Path(__file__).with_name("staffing_digests.json").read_text(encoding="utf-8")
)
FIRST_PACKAGES = Path(__file__).with_name("first_packages")
SEED = 2021
LATER_FLOWS = ("starters_overseas", "starters_bursary", "starters_apprentice")
"""Recorded since the digests were made: left out of them where nothing flowed."""
pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="digests are of floats computed on Linux"
)


@cache
def study(council: str, scenario: str, casework: bool) -> Study:
    """One scenario's study, with children's cases and the loop off, or of staffing alone."""
    loaded = load_council(council, evidence().sources)
    chosen = (
        baseline()
        if scenario == "baseline"
        else load_scenario(str(FIRST_PACKAGES / f"{scenario}.toml"), loaded, evidence().sources)
    )
    options = RunOptions(loop=False, agency_rules=RulesTaken.OFF, casework=casework, reaction=False)
    return make_study(loaded, evidence().behaviour, (chosen,), SEED, options)


def digest_of(plan: Plan, records: Records) -> str:
    """SHA-256 of everything about staffing; the advisers who hold care leavers are left out."""
    digest = hashlib.sha256()
    advisers = {
        index
        for index, account in enumerate(plan.accounts)
        if account.role is Role.PERSONAL_ADVISER and account.line == BASELINE_LINE
    }
    for index, account in enumerate(plan.accounts):
        if index in advisers:
            continue
        digest.update(repr((account.team, account.role.value, account.line)).encode())
        for kind in (records.stocks, records.fte_days, records.flows):
            for name, table in kind.items():
                if name in LATER_FLOWS and not table.any():
                    continue
                digest.update(name.encode())
                digest.update(np.ascontiguousarray(table[:, index]).tobytes())
    for table in (
        records.above_fte, records.above_fte_days, records.paid_gbp, records.recovered_gbp,
        records.targets, records.targets_filled,
    ):  # fmt: skip
        digest.update(np.ascontiguousarray(table).tobytes())
    for post, account, *days_and_route in records.vacancies.tolist():
        if account in advisers:
            continue
        name = plan.posts[post].name if post < len(plan.posts) else "supernumerary"
        digest.update(repr((name, *days_and_route)).encode())
    return digest.hexdigest()


def run_of(key: str, casework: bool) -> tuple[Plan, Records]:
    """The run that a key names: council/scenario/draw/replication."""
    council, scenario, draw, replication = key.split("/")
    chosen = study(council, scenario, casework)
    plan = chosen.plan(chosen.scenarios[0], int(draw))
    return plan, simulate(plan, Fates(SEED, int(replication)))


@pytest.mark.fast
@pytest.mark.parametrize("key", [key for key in DIGESTS if key.endswith("/1/1")])
def test_staffing_alone_is_what_it_was(key: str) -> None:
    assert digest_of(*run_of(key, casework=False)) == DIGESTS[key]


@pytest.mark.slow
@pytest.mark.parametrize("key", DIGESTS)
def test_with_the_loop_off_staffing_is_what_it_was_to_the_byte(key: str) -> None:
    plan, records = run_of(key, casework=True)
    assert records.cases is not None
    assert records.cases.flows["referrals"].sum() > 1000
    assert digest_of(plan, records) == DIGESTS[key]


@pytest.mark.slow
def test_with_the_loop_on_staffing_differs_only_after_the_first_month() -> None:
    """The loop acts through the load of months that have ended."""
    council = load_council("devon_2021", evidence().sources)
    found = []
    for loop in (False, True):
        chosen = make_study(
            council, evidence().behaviour, (baseline(),), SEED, RunOptions(loop=loop)
        )
        plan = chosen.plan(chosen.scenarios[0], 1)
        records = simulate(plan, Fates(SEED, 1))
        registered = [i for i, a in enumerate(plan.accounts) if a.role in REGISTERED_ROLES]
        found.append(records.flows["resignations"][:, registered])
    assert (found[0][0] == found[1][0]).all()
    assert (found[0] != found[1]).any()
