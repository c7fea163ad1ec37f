"""Two hundred seeds at six months over councils, scenarios, draws and every switch."""

from __future__ import annotations

import pytest

from sim.inputs.fates import Fates
from tests.twin.differences import assert_twins
from tests.twin.plans import six_months

SEEDS = 200
TRACED = 4
"""One in so many is compared event by event too."""


@pytest.mark.parametrize("seed", range(2))
def test_six_months_are_the_same(seed: int) -> None:
    assert_twins(six_months(seed), Fates(seed, seed), traced=True)


@pytest.mark.slow
def test_six_months_are_the_same_over_the_grid(complete: bool) -> None:
    for seed in range(2, SEEDS * (10 if complete else 1)):
        assert_twins(six_months(seed), Fates(seed, seed), traced=seed % TRACED == 0)
