"""What is said of managers who react, and of runs that run away."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from sim.engine.records import Array
from sim.experiment.compare import Comparison
from sim.inputs.run_options import RunOptions
from sim.outcomes.indicators import INDEX
from sim.outcomes.runaway import runs_away
from sim.presentation.headline_notes import conditions
from sim.presentation.reaction_notes import reaction_notes
from tests.held import every_table, with_tables
from tests.unit.test_case_outcomes import by_demand


def over(*months: int) -> Array:
    """Children waiting, of a hundred open ones, in a year in which 11 wait in some months."""
    waiting = np.full(12, 10.0)
    waiting[list(months)] = 11.0
    return waiting


@pytest.mark.parametrize(
    ("waiting", "away"),
    [
        (over(), False),
        (over(*range(6)), True),
        (over(*range(6, 12)), True),
        (over(*range(5)), False),
        (over(0, 1, 2, 3, 4, 6, 7, 8, 9, 10), False),
        (over(*range(12)), True),
    ],
)
def test_a_run_runs_away_when_more_than_a_tenth_wait_for_six_months_on_end(
    waiting: Array, away: bool
) -> None:
    assert runs_away(waiting[None, :], np.full((1, 12), 100.0)).tolist() == [away]


def test_without_children_no_run_runs_away() -> None:
    nothing = np.full((2, 12), np.nan)
    assert runs_away(nothing, nothing).tolist() == [False, False]


def with_values(comparison: Comparison, run: int, **values: float) -> Comparison:
    """The comparison with indicators of one run of doing nothing changed, in all months."""
    average = comparison.variants[0]
    first, *rest = every_table(average)
    table = first.copy()
    for name, value in values.items():
        table[run, INDEX[name], 0] = value
    changed = with_tables(average, [table, *rest])
    return dataclasses.replace(comparison, variants=(changed,))


def said(comparison: Comparison) -> str:
    """All that the notes say."""
    return " ".join(reaction_notes(comparison))


def test_referrals_turned_away_and_bought_staff_are_counted() -> None:
    text = said(with_values(by_demand(), 1, turned_away=7.0, agency_bought_fte=3.0))
    assert "managers have reacted to children who wait in 1 of 2 runs" in text
    assert "agency bought for it stands at 1.5 FTE" in text
    assert "have turned away 3.5 referrals (means; most in a run: 7)" in text


def test_a_run_that_runs_away_is_counted_and_named() -> None:
    assert "away, more than" not in said(by_demand())
    text = said(with_values(by_demand(), 1, unallocated=1e6))
    assert (
        "Do nothing: 1 of 2 runs gets out of hand, more than 10 % of open children waiting" in text
    )
    assert "--draw 1 --replication 1" in text


def test_it_is_said_that_managers_do_not_react() -> None:
    comparison = by_demand()
    assert "reactions off" not in conditions(comparison)
    off = dataclasses.replace(comparison.study, options=RunOptions(reaction=False))
    comparison = dataclasses.replace(comparison, study=off)
    assert "managers' reactions off" in conditions(comparison)
    assert "(--reaction off)" in said(comparison)
