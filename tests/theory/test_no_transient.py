"""A run at constant rates shows no transient: it starts in the balance that it stays in.

The council is balanced team by team (tests.helpers.balanced_plan): every team and role has the same
share of posts vacant and the same share of vacancies covered, all posts are of one FTE, weights are
equal, gamma is 0, there are no cohorts, internal moves or conversions, and starters equal leavers
in each market. Support roles don't exist in it. Then every flow and stock has a constant mean.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from sim.engine.codes import VacancyStage
from sim.engine.layout import World
from sim.engine.records import FLOWS, STOCKS, Array
from sim.inputs.fates import Fates
from sim.inputs.position import PostState
from tests.helpers import (
    GAMMA,
    SEED,
    balanced_plan,
    devon,
    period_days,
    run_sampled,
    shortened,
    standard_error,
)

REPLICATIONS = 400
MONTHS = 25
EARLY, LATE = slice(0, 3), slice(12, 24)
BOUND = 3.5
"""Standard errors. About 100 numbers are compared: at 3 one in three seeds would fail by chance."""

SEEN = ("under notice", "approval", "advertised", "in hand", "covered now", "uncovered now")
CASES: dict[str, dict[str, float]] = {
    "constant": {},
    "contagion and manager gap": {
        "exits.contagion_multiplier": 1.146,
        "exits.manager_gap_multiplier": 1.4,
    },
}


def _look(w: World) -> list[float]:
    posts = w.posts
    stages = [post.vacancy.stage for post in posts if post.vacancy is not None]
    return [
        float(sum(p.holder is not None and p.holder.under_notice for p in posts)),
        float(stages.count(VacancyStage.APPROVAL)),
        float(stages.count(VacancyStage.ADVERTISED)),
        float(stages.count(VacancyStage.IN_HAND)),
        float(sum(p.state == PostState.COVERED for p in posts)),
        float(sum(p.state == PostState.UNCOVERED for p in posts)),
    ]


@cache
def _measure(case: str) -> tuple[list[str], Array]:
    """Every flow (FTE a year) and stock (FTE), shape (replications, months, numbers)."""
    plan = shortened(balanced_plan({GAMMA: 0.0} | CASES[case]), MONTHS)
    length = period_days(plan)[:, None]
    middays = [(a + b) / 2 for a, b in zip(plan.boundaries, plan.boundaries[1:], strict=False)]
    runs = []
    for replication in range(REPLICATIONS):
        records, seen = run_sampled(plan, Fates(SEED, replication), middays, _look)
        columns = [records.flows[f].sum(1, keepdims=True) / length * 365.25 for f in FLOWS]
        columns += [records.fte_days[s].sum(1, keepdims=True) / length for s in STOCKS]
        columns.append(records.above_fte_days.sum(1, keepdims=True) / length)
        runs.append(np.hstack([*columns, seen]))
    return [*FLOWS, *STOCKS, "above", *SEEN], np.array(runs)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_first_months_are_like_the_second_year(case: str) -> None:
    names, runs = _measure(case)
    late = runs[:, LATE].mean(axis=1, keepdims=True)
    faults = []
    differences = np.concatenate([runs[:, EARLY], runs[:, EARLY].mean(1, keepdims=True)], 1) - late
    mean, error = differences.mean(axis=0), standard_error(differences)
    for column, name in enumerate(names):
        for row in range(4):
            gap = abs(mean[row, column])
            if gap > BOUND * error[row, column] + 1e-9:
                faults.append(f"{name}, month {row + 1}: {mean[row, column]:+.3f}")
    assert not faults
    assert runs[:, :, names.index("starters_experienced")].mean() > 20


@pytest.mark.slow
def test_the_balance_is_the_one_that_was_asked_for() -> None:
    """Levels of the first two years against the published ones, not only against each other."""
    names, runs = _measure("constant")
    plan = balanced_plan()
    held = sum(post.state.name == "FILLED" for post in plan.posts)
    vacant = len(plan.posts) - held
    leavers = devon().staffing.leaving_rate.central * held
    expected = {
        "filled": held,
        "covered": vacant * 2 / 3,
        "uncovered": vacant / 3,
        "starters_experienced": leavers,
        "resignations": leavers,
    }
    for name, value in expected.items():
        sample = runs[:, :, names.index(name)].mean(axis=1)
        assert sample.mean() == pytest.approx(value, abs=4 * float(standard_error(sample))), name
