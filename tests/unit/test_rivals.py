"""Rivals: each does what it says on tables whose next figure is known."""

from __future__ import annotations

import numpy as np
import pytest

from sim.experiment.rivals import LIKE, rivals_of
from sim.experiment.scored import IN_POST, SCORED, Panel, Scored
from sim.published.record import Council

BY_NAME = {scored.name: scored for scored in SCORED}
TURNOVER, STARTERS = BY_NAME["turnover_rate_fte"], BY_NAME["starters_fte"]


def panel(scored: Scored, values: np.ndarray, staff: np.ndarray | float = 200.0) -> Panel:
    """Invented figures of 2017 and later, by council and year."""
    councils = tuple(Council(f"C{i}", (str(i),), (), "", 2019) for i in range(len(values)))
    years = tuple(range(2017, 2017 + values.shape[1]))
    sizes = np.broadcast_to(staff, values.shape).astype(float)
    return Panel(councils, years, {IN_POST.name: sizes, scored.name: values.astype(float)})


def test_last_year_s_figure_moves_as_those_of_like_size_did() -> None:
    """Small councils rose by 1 to 5 points, large ones by 10; over two years, to the start."""
    rise = np.r_[np.linspace(0.01, 0.05, LIKE), np.full(LIKE, 0.10)]
    size = np.r_[np.full(LIKE, 80.0), np.full(LIKE, 400.0)][:, None]
    values = 0.2 + np.outer(rise, [0.0, 0.3, 1.0])
    two = rivals_of(TURNOVER, panel(TURNOVER, values, size), 2).persistence
    assert np.sort(two[0]) == pytest.approx(np.sort(values[0, 2] + rise[:LIKE]))
    assert two[-1] == pytest.approx(values[-1, 2] + 0.10)
    one = rivals_of(TURNOVER, panel(TURNOVER, values, size), 1).persistence
    assert one[-1] == pytest.approx(values[-1, 2] + 0.07)


def test_only_staff_in_post_is_stretched_where_the_record_is_short() -> None:
    staff = np.array([[100.0, 110.0]] * 5)
    grown = rivals_of(IN_POST, panel(IN_POST, staff, staff), 3)
    assert grown.persistence[0] == pytest.approx(np.log(110) + np.sqrt(3) * np.log(1.1))
    values = np.array([[0.1, 0.2]] * 5)
    assert rivals_of(TURNOVER, panel(TURNOVER, values), 3).persistence[0] == pytest.approx(0.3)


def test_the_mean_of_three_takes_what_came_of_means() -> None:
    values = np.array([[0.1, 0.2, 0.3, 0.2]] * 3)
    found = rivals_of(TURNOVER, panel(TURNOVER, values), 1).mean3
    assert found[0] == pytest.approx((0.2 + 0.3 + 0.2) / 3 + (0.2 - (0.1 + 0.2 + 0.3) / 3))


def autoregressive(years: int) -> np.ndarray:
    """Shares that return half-way to 0.2 each year."""
    random = np.random.default_rng(5)
    values = np.empty((600, years))
    values[:, 0] = 0.2 + 0.06 * random.standard_normal(600)
    for year in range(1, years):
        values[:, year] = 0.1 + 0.5 * values[:, year - 1] + 0.02 * random.standard_normal(600)
    return values


@pytest.mark.parametrize(("years", "ahead"), [(3, 1), (3, 2), (2, 2)])
def test_shrinkage_finds_how_far_figures_return(years: int, ahead: int) -> None:
    """In one step where the record is long enough, else year by year."""
    values = autoregressive(years)
    found = rivals_of(TURNOVER, panel(TURNOVER, values), ahead).shrinkage
    centre = 0.2 + 0.5**ahead * (values[:, -1] - 0.2)
    assert np.mean([d.mean() - c for d, c in zip(found, centre, strict=True)]) == pytest.approx(
        0.0, abs=0.004
    )
    assert np.corrcoef([d.mean() for d in found], centre)[0, 1] > 0.999
    spread = 0.02 * np.sqrt(1 + (0.25 if ahead == 2 else 0.0))
    assert found[0].std() == pytest.approx(spread, rel=0.12)


def test_staff_in_post_goes_on_growing_by_as_much_of_its_growth_as_lasts() -> None:
    random = np.random.default_rng(6)
    growth = 0.03 + 0.1 * random.standard_normal(500)
    after = 0.02 + 0.4 * growth
    logs = np.cumsum(np.column_stack([np.full(500, np.log(200.0)), growth, after]), axis=1)
    staff = np.exp(logs)
    found = rivals_of(IN_POST, panel(IN_POST, staff, staff), 2).shrinkage
    third = 0.02 + 0.4 * after
    expected = logs[:, -1] + third + 0.02 + 0.4 * third
    assert [d.mean() for d in found] == pytest.approx(expected, abs=1e-6)


def test_one_year_of_growth_gives_england_s_growth() -> None:
    staff = np.array([[100.0, 100.0], [100.0, 110.0]])
    found = rivals_of(IN_POST, panel(IN_POST, staff, staff), 1).shrinkage
    mean = np.log(1.1) / 2
    assert found[0].mean() == pytest.approx(np.log(100) + mean)
    assert found[1].mean() == pytest.approx(np.log(110) + mean)


def test_no_rival_leaves_what_is_possible_and_gaps_stay_gaps() -> None:
    cover = BY_NAME["vacancy_agency_cover_rate_fte"]
    values = np.array([[0.1, 0.9], [0.9, 0.1], [0.5, np.nan]])
    found = rivals_of(cover, panel(cover, values), 1)
    for draws in (found.persistence, found.mean3, found.shrinkage):
        assert all(0.0 <= d.min() <= d.max() <= 1.0 for d in draws[:2])
    assert np.isnan(found.persistence[2]).all()


def test_starters_are_a_share_of_the_staff_of_their_own_census() -> None:
    staff = np.array([[100.0, 200.0]] * 2)
    values = np.array([[10.0, 40.0]] * 2)
    found = rivals_of(STARTERS, panel(STARTERS, values, staff), 1)
    assert found.persistence[0] == pytest.approx(0.2 + 0.1)
