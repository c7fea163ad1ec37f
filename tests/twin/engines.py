"""Running both engines on one plan, and holding the one to the other."""

from __future__ import annotations

from typing import Any

import pytest

from sim.engine.records import Records
from sim.engine.simpy import engine as with_simpy
from sim.inputs.fates import Fates
from sim.inputs.plan import Plan
from tests.helpers import Trace
from tests.twin.difference import first_difference, first_difference_of_traces

compiled: Any = pytest.importorskip(
    "sim.engine.compiled", reason="the compiled engine needs Numba", exc_type=ImportError
)


def assert_twins(plan: Plan, fates: Fates, traced: bool = False) -> Records:
    """Run both engines; fail with the first difference in their facts, or in their traces.

    Args:
        plan: the plan.
        fates: the luck of the replication.
        traced: whether to compare every event too; where the facts differ, it is done anyhow.

    Returns:
        The facts.
    """
    trace = Trace()
    expected = with_simpy.simulate(plan, fates, trace if traced else None)
    in_facts = first_difference(expected, compiled.simulate(plan, fates))
    in_events = None
    if traced or in_facts is not None:
        if not traced:
            with_simpy.simulate(plan, fates, trace)
        mine = Trace()
        compiled.simulate(plan, fates, mine)
        in_events = first_difference_of_traces(trace.events, mine.events)
    if in_facts is not None or in_events is not None:
        pytest.fail(f"the engines part\nin events: {in_events}\nin facts: {in_facts}")
    return expected
