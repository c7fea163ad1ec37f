"""The engines agree on plans that no council has: any side altered, much on one day."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.inputs.fates import Fates
from sim.inputs.plan import Plan
from tests.twin.altered import altered_plans
from tests.twin.engines import assert_twins
from tests.twin.plans import IS_COMPLETE, of_size


@pytest.mark.slow
@settings(
    max_examples=of_size(60, 1500),
    deadline=None,
    derandomize=not IS_COMPLETE,
    suppress_health_check=list(HealthCheck),
)
@given(altered_plans(), st.integers(0, 1000))
def test_altered_plans_agree(plan: Plan, replication: int) -> None:
    assert_twins(plan, Fates(3, replication), traced=True)
