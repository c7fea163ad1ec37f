"""The engines agree on councils, measures and what a study chooses: facts and traces."""

from __future__ import annotations

import pytest

from sim.inputs.fates import Fates
from tests.twin.engines import assert_twins
from tests.twin.plans import FAST, choice_at, of_size, plan_of

SIX_MONTHS = of_size(200, 2000)


def check(number: int, months: int) -> None:
    choice = choice_at(number, months)
    print(choice)
    assert_twins(plan_of(choice), Fates(number, number), traced=True)


@pytest.mark.parametrize("number", range(FAST))
def test_a_few_cells_agree_over_a_quarter(number: int) -> None:
    check(number, 3)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(SIX_MONTHS))
def test_the_grid_agrees_over_six_months(number: int) -> None:
    check(number, 6)
