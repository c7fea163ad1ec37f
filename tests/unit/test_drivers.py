"""What moves a result, and draws that make an average: where the truth is known."""

import numpy as np
import pytest

from sim.config.quantity import Grade, Quantity, Unit
from sim.engine.records import Array
from sim.experiment.drivers import FEWEST_TO_TELL, drivers, switched
from sim.experiment.influence import far_out, influences

DRAWS, NUMBERS = 44, 130
ENDS = dict.fromkeys((f"n{i}" for i in range(NUMBERS)), (-1.0, 1.0))


def numbers(seed: int, draws: int = DRAWS) -> dict[str, Array]:
    """Numbers drawn at random, none of which knows of another."""
    values = np.random.default_rng(seed).normal(size=(NUMBERS, draws))
    return {f"n{i}": values[i] for i in range(NUMBERS)}


def test_the_numbers_that_move_a_result_are_found_with_their_spans() -> None:
    drawn = numbers(1)
    noise = np.random.default_rng(2).normal(size=(2, DRAWS))
    people = 30.0 + 6.0 * drawn["n7"] + 4.0 * drawn["n40"] + noise[0]
    cost = 100.0 - 9.0 * drawn["n7"] + noise[1]
    found = drivers(drawn, ENDS, [people, cost])
    assert [driver.key for driver in found] == ["n7", "n40"]
    first, second = found
    assert first.spans[0].high - first.spans[0].low == pytest.approx(12.0, abs=1.0)
    assert first.spans[1].high - first.spans[1].low == pytest.approx(-18.0, abs=1.0)
    assert second.spans[0].width == pytest.approx(8.0, abs=1.0)
    assert second.spans[1].width < 1.0
    assert first.spans[0].low < 30.0 < first.spans[0].high


def test_chance_alone_names_no_number() -> None:
    """Of twenty tables of numbers that move nothing, one names one, on average."""
    named = [
        bool(drivers(numbers(seed), ENDS, [np.random.default_rng(1000 + seed).normal(size=DRAWS)]))
        for seed in range(20)
    ]
    assert sum(named) <= 4


def test_few_draws_tell_nothing() -> None:
    few = FEWEST_TO_TELL - 1
    drawn = numbers(1, few)
    assert drivers(drawn, ENDS, [drawn["n7"]]) == []
    assert drivers(numbers(1), ENDS, [numbers(1)["n7"]])[0].key == "n7"


def test_a_switch_is_told_where_the_same_runs_differ_more_than_by_chance() -> None:
    draws = np.repeat(np.arange(4.0), 2)
    base = np.random.default_rng(3).normal(30.0, 8.0, size=8)
    results = [np.random.default_rng(4).normal(30.0, 8.0, size=DRAWS)]
    step = np.random.default_rng(5).normal(2.0, 0.2, size=8)
    told = switched("loop", [base], [base + step], draws, results)
    assert told is not None
    assert told.spans[0].low == pytest.approx(base.mean())
    assert told.spans[0].high == pytest.approx((base + step).mean())
    wild = np.tile([9.0, -9.0, 8.0, -8.2], 2)[np.argsort(np.tile(np.arange(4), 2), kind="stable")]
    assert switched("loop", [base], [base + wild], draws, results) is None
    assert switched("loop", [base[:6]], [(base + step)[:6]], draws[:6], results) is None


# -- draws that make an average --------------------------------------------------------------------


def runs(outlier: float, draws: int = DRAWS) -> tuple[Array, Array]:
    """Two runs a draw, all near 10 but those of draw 17."""
    numbers: Array = np.repeat(np.arange(1.0, draws + 1), 2)
    values = np.random.default_rng(6).normal(10.0, 1.0, size=len(numbers))
    values[numbers == 17] += outlier
    return values, numbers


def test_a_draw_that_makes_the_average_is_named() -> None:
    values, draws = runs(200.0)
    found = influences(values, draws)
    assert [one.draw for one in found] == [17]
    assert found[0].mean == pytest.approx(values.mean())
    assert found[0].without == pytest.approx(values[draws != 17].mean())


@pytest.mark.parametrize("outlier", [0.0, 2.0])
def test_draws_like_the_others_are_not_named(outlier: float) -> None:
    assert influences(*runs(outlier)) == []


def test_of_few_draws_none_is_named() -> None:
    values, draws = runs(200.0, 20)
    few = draws >= 12
    assert influences(values[few], draws[few]) == []


def test_runs_without_a_value_are_left_out() -> None:
    values, draws = runs(200.0)
    values[draws == 3] = np.nan
    assert [one.draw for one in influences(values, draws)] == [17]


def quantity(low: float, central: float, high: float) -> Quantity:
    return Quantity(
        low=low, central=central, high=high, unit=Unit.WEEKS, grade=Grade.JUDGEMENT, source="x"
    )


def test_numbers_in_their_outer_tenth_are_named_the_farthest_first() -> None:
    known = {
        "inside": quantity(1.0, 2.0, 3.0),
        "above": quantity(1.0, 2.0, 3.0),
        "far below": quantity(4.0, 5.0, 9.0),
        "certain": quantity(2.0, 2.0, 2.0),
        "one-sided": quantity(1.0, 2.0, 2.0),
    }
    values = {"inside": 2.9, "above": 3.2, "far below": 3.0, "certain": 2.0, "one-sided": 2.0}
    assert far_out(known, values) == ["far below", "above"]
