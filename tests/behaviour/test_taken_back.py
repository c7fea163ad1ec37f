"""Other net change takes back a council's own starters less leavers, and nothing else."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from sim.experiment.compare import compare
from sim.experiment.replicate import make_study
from sim.scenario.scenario import baseline
from tests.helpers import NO_GROWTH, devon, evidence, extra_posts

PAIRS, SEED = 12, 4
OWN = NO_GROWTH | {
    "council.staffing.leaving_rate": 0.09,
    "council.staffing.starters_fte_per_year": 60.0,
    "between_years.exits": 0.0,
    "between_years.hires": 0.0,
    "between_years.national": 0.0,
    "between_years.establishment_change": 0.0,
    "exits.newly_qualified_first_year_rate": 0.09,
}
"""60 start and 29 leave a year, and no year differs from another."""


@cache
def series(indicator: str) -> np.ndarray:
    """Means over runs at month ends: doing nothing, and with 40 more posts."""
    scenarios = (baseline(), extra_posts("children_in_care", 40.0))
    study = make_study(devon(), evidence().behaviour, scenarios, SEED, fixed=OWN)
    average, count = compare(study, PAIRS).average, len(study.scenarios)
    return np.array([average.values(s, indicator).mean(axis=0) for s in range(count)])


def test_in_post_does_not_drift_with_own_starters_beyond_leavers() -> None:
    """Left alone it would rise by 31 a year, and all 91 vacancies would be gone in three."""
    inpost = series("inpost_fte")[0]
    assert inpost[12::12] == pytest.approx(319.5, rel=0.05)
    assert np.nanmean(series("starters_fte")[0][24:]) == pytest.approx(60.0, rel=0.08)


def test_what_an_intervention_adds_is_kept() -> None:
    taken = series("other_net_change_fte")
    assert np.nanmean(taken[0]) == pytest.approx(-31.0, rel=0.1)
    assert taken[1][24:] == pytest.approx(taken[0][24:], abs=1.0)
    gained = series("inpost_fte")[1] - series("inpost_fte")[0]
    assert gained[-1] > 0.9 * gained[24] > 5.0
