"""The engines agree on what managers do when many children wait, step by step and all at once."""

from __future__ import annotations

import pytest

from sim.inputs.fates import Fates
from tests.behaviour.test_reaction import (
    BUYS,
    EVERYTHING,
    LENDS,
    LIFTS,
    RAISES,
    crowded,
    reacting,
    runaway_plan,
)
from tests.case_helpers import case_plan, cases_of, small, with_casework
from tests.helpers import SEED, shortened
from tests.twin.engines import assert_twins

MEANS = {
    "nothing": {},
    "lends": LENDS,
    "lifts": LIFTS | {"lifted_slower": 0.3},
    "buys": BUYS,
    "raises": RAISES | {"turned_away": 0.9},
    "everything": EVERYTHING,
    "at once": EVERYTHING | {"trigger": 0.0, "patience_days": 0.0, "agency_days": 0.0},
}


@pytest.mark.parametrize("means", MEANS)
def test_a_crowded_year(means: str) -> None:
    assert_twins(reacting(crowded(), **MEANS[means]), Fates(SEED, 0), traced=True)


@pytest.mark.parametrize("replication", range(2))
def test_a_council_under_stress(replication: int) -> None:
    plan = small(case_plan(1, loop=True), 5)
    rates = tuple(3.0 * rate for rate in cases_of(plan).referrals_per_day)
    means = EVERYTHING | {"trigger": 0.005, "patience_days": 0.0, "agency_most": (5,) * 6}
    records = assert_twins(
        reacting(with_casework(plan, referrals_per_day=rates), **means),
        Fates(SEED, replication),
        traced=True,
    )
    assert records.cases is not None
    assert records.cases.flows["workers_lent"].sum() > 0


def test_a_run_that_would_run_away() -> None:
    plan = runaway_plan(True)
    records = assert_twins(shortened(plan, 30), Fates(SEED, 30))
    assert records.cases is not None
    assert records.cases.limits_lifted.any()
