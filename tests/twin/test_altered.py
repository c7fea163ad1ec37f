"""The engines agree on plans that no council has: any side altered, much on one day."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.inputs.fates import Fates
from sim.inputs.plan import Plan
from tests.twin.altered import altered_plans, generated
from tests.twin.engines import assert_twins


@pytest.mark.slow
@generated(60, 1500)
@given(altered_plans(), st.integers(0, 1000))
def test_altered_plans_agree(plan: Plan, replication: int) -> None:
    assert_twins(plan, Fates(3, replication), traced=True)
