"""Devon 2018 to 2021 from 30 September 2017, beside the published censuses."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from sim.experiment.backtest import Backtest
from tests.backtest import devon

SHARED = Path(__file__).parents[3] / "shared" / "data" / "csww_all_la_2017_2021.csv"


@pytest.fixture(scope="module")
def conditional() -> Backtest:
    return devon.conditional()


@pytest.mark.slow
def test_published_figures_lie_inside_the_interval_in_at_least_20_of_24_cells(
    conditional: Backtest,
) -> None:
    assert len(conditional.cells) == 24
    assert conditional.inside >= devon.FEWEST_INSIDE


@pytest.mark.slow
@pytest.mark.parametrize("rate", devon.WIDEST)
def test_intervals_are_no_wider_than_the_mark(conditional: Backtest, rate: str) -> None:
    assert conditional.width(rate) <= devon.WIDEST[rate]


@pytest.mark.slow
@pytest.mark.parametrize("rate", devon.LARGEST_ERROR)
def test_the_median_errs_no_more_than_the_mark(conditional: Backtest, rate: str) -> None:
    assert conditional.error(rate) <= devon.LARGEST_ERROR[rate]


@pytest.mark.slow
@pytest.mark.parametrize("model", devon.WRONG_MODELS)
def test_a_deliberately_wrong_model_fails(model: str) -> None:
    assert devon.failures(devon.wrong(model))


@pytest.mark.slow
def test_the_forecast_is_wider_than_the_conditional_rerun(conditional: Backtest) -> None:
    """What is imposed on the rerun is unknown to the forecast, and adds to its interval."""
    blind = devon.forecast(pairs=100)
    assert blind.width("vacancy_rate_fte") > conditional.width("vacancy_rate_fte")


def test_the_figures_held_here_are_the_published_ones() -> None:
    if not SHARED.exists():
        pytest.skip("the published table is not beside this checkout")
    with SHARED.open(encoding="utf-8", newline="") as file:
        rows = {int(r["year"]): r for r in csv.DictReader(file) if r["area"] == "Devon"}
    for (name, year), value in devon.published().items():
        raw = float(rows[year][name])
        assert value == pytest.approx(raw / 100 if "_rate_" in name else raw)


def test_published_yearly_facts_of_the_rerun_follow_from_the_published_table() -> None:
    """Establishment is in post + vacant; other net change is what flows leave unexplained."""
    council, _ = devon.inputs()
    assert council.rerun is not None
    known = devon.published()
    for i, year in enumerate(range(2018, 2022)):
        posts = [known["inpost_fte", y] + known["vacancy_fte", y] for y in (year - 1, year)]
        assert council.rerun.establishment_change_fte[i] == pytest.approx(posts[1] - posts[0])
        change = known["inpost_fte", year] - known["inpost_fte", year - 1]
        flows = known["starters_fte", year] - known["leavers_fte", year]
        assert council.rerun.other_net_change_fte[i] == pytest.approx(change - flows, abs=0.11)
        above = known["agency_fte", year] - known["agency_cover_fte", year]
        assert council.rerun.agency_above_establishment_fte[i + 1] == pytest.approx(above, abs=0.11)
