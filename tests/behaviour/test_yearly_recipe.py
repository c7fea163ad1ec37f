"""Months follow years: the censuses of a council that does nothing, beside the yearly recipe's."""

from __future__ import annotations

import numpy as np
import pytest

from sim.config.council import Council
from sim.dates import is_census_day
from sim.experiment.compare import compare
from sim.experiment.replicate import FATES_PER_DRAW, make_study
from sim.outcomes.indicators import INDEX
from sim.scenario.scenario import baseline
from tests.behaviour.yearly_recipe import FLOWS_AND_STOCKS, Array, yearly_recipe
from tests.held import every_table
from tests.helpers import council_named, evidence

DRAWS, RECIPE_DRAWS, SEED = 150, 20_000, 11
MEAN, NARROWEST, WIDEST, LAG = 0.06, 0.7, 1.3, 0.25
"""How far means may lie apart beside three standard errors; spreads, as a ratio; lags."""


def censuses(council: Council) -> dict[int, Array]:
    """By census year its runs, one a draw: shape (draws, indicators)."""
    study = make_study(council, evidence().behaviour, (baseline(),), SEED)
    comparison = compare(study, FATES_PER_DRAW * DRAWS)
    table = every_table(comparison.average)[0][::FATES_PER_DRAW, :, 0]
    rows = [INDEX[name] for name in FLOWS_AND_STOCKS]
    days = enumerate(comparison.dates)
    return {date.year: table[:, rows, day] for day, date in days if is_census_day(date)}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["devon_2021", "herefordshire_2019"])
def test_yearly_flows_and_stocks_follow_the_recipe(name: str) -> None:
    """Mean, spread, and how far one year tells the next."""
    council = council_named(name)
    first = council.totals_date.year + 1
    by_year = censuses(council)
    whole = [year for year in by_year if year >= first and not np.isnan(by_year[year]).any()]
    recipe = yearly_recipe(council, whole[-1] - first + 1, RECIPE_DRAWS, SEED)
    assert len(whole) >= 4
    for i, indicator in enumerate(FLOWS_AND_STOCKS):
        mine = np.stack([by_year[year][:, i] for year in whole], axis=1)
        theirs = recipe[:, i, whole[0] - first :]
        error = mine.std(axis=0) / np.sqrt(DRAWS)
        apart = np.abs(mine.mean(axis=0) - theirs.mean(axis=0))
        assert (apart <= MEAN * theirs.mean(axis=0) + 3 * error).all(), (indicator, apart)
        ratio = mine.std(axis=0) / theirs.std(axis=0)
        assert (ratio >= NARROWEST).all(), (indicator, ratio)
        assert (ratio <= WIDEST).all(), (indicator, ratio)
        lags = [np.corrcoef(x[:, -1], x[:, -2])[0, 1] for x in (mine, theirs)]
        assert abs(lags[0] - lags[1]) <= LAG, (indicator, lags)
