"""The engines agree over many years."""

from __future__ import annotations

import pytest

from sim.inputs.fates import Fates
from tests.twin.engines import assert_twins
from tests.twin.plans import choice_at, of_size, plan_of

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("number", range(0, of_size(50, 500), 5))
def test_the_grid_agrees_over_five_years(number: int) -> None:
    choice = choice_at(number, 60)
    print(choice)
    assert_twins(plan_of(choice), Fates(number, number), traced=True)


@pytest.mark.parametrize("number", range(0, of_size(47, 470), 23))
def test_the_grid_agrees_over_twenty_years(number: int) -> None:
    choice = choice_at(number, 240)
    print(choice)
    assert_twins(plan_of(choice), Fates(number, number))
