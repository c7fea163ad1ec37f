"""What the compiled engine keeps of a plan goes with the plan."""

from __future__ import annotations

import gc
from weakref import ref

import pytest

from sim.inputs.fates import Fates
from tests.twin.engines import compiled
from tests.twin.plans import choice_at, plan_of

engine = pytest.importorskip(
    "sim.engine.compiled.engine", reason="the compiled engine needs Numba", exc_type=ImportError
)


def test_an_image_serves_every_run_of_its_plan_and_no_longer() -> None:
    plan = plan_of(choice_at(0, 1))
    compiled.simulate(plan, Fates(1, 0))
    image = engine._images.of(plan)
    compiled.simulate(plan, Fates(1, 1))
    assert engine._images.of(plan) is image
    kept = ref(image)
    del plan, image
    gc.collect()
    assert kept() is None
