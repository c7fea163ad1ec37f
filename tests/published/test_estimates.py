"""Levels, spreads and growth: invented tables of known parameters, read back."""

import math
from collections.abc import Mapping

import numpy as np
import pytest

from sim.published.estimates import (
    Flow,
    Posts,
    Spread,
    flow_histories,
    growth_of,
    level_of,
    own_weight,
    posts_histories,
    posts_noise,
    posts_of_england,
    spread_of,
    usual_vacancy_rate,
)
from tests.published.invented import council, england, record

YEARS = range(2017, 2022)
USUAL, BETWEEN, WITHIN, NATIONAL = math.log(0.15), 0.04, 0.06, 0.05
SCALE, PULL, GROWTH = 0.068, 0.12, 0.03
TABLES, COUNCILS = 30, 150


def invented_flows(seed: int) -> tuple[list[dict[int, Flow]], np.ndarray]:
    """The flows of 150 councils, and their true levels of the log rate."""
    random = np.random.default_rng(seed)
    levels = USUAL + random.normal(0, math.sqrt(BETWEEN), COUNCILS)
    national = random.normal(0, NATIONAL, len(YEARS))
    staff = random.lognormal(math.log(180), 0.5, COUNCILS)
    own = random.normal(0, math.sqrt(WITHIN), (COUNCILS, len(YEARS)))
    counts = random.poisson(staff[:, None] * np.exp(levels[:, None] + national + own))
    histories = [
        {y: Flow(float(n), float(size)) for y, n in zip(YEARS, row, strict=True) if n}
        for row, size in zip(counts, staff, strict=True)
    ]
    return histories, levels - USUAL


@pytest.fixture(scope="module")
def flows() -> list[tuple[list[dict[int, Flow]], np.ndarray]]:
    return [invented_flows(seed) for seed in range(TABLES)]


def test_variances_between_and_within_councils_are_read_back(
    flows: list[tuple[list[dict[int, Flow]], np.ndarray]],
) -> None:
    spreads = [spread_of(histories) for histories, _ in flows]
    between, within = (
        np.array([getattr(s, name) for s in spreads]) for name in ("between", "within")
    )
    for estimates, truth in ((between, BETWEEN), (within, WITHIN)):
        error = estimates.std(ddof=1) / math.sqrt(TABLES)
        assert estimates.mean() == pytest.approx(truth, abs=max(3 * error, 0.05 * truth))
        assert error < 0.05 * truth


def test_the_range_of_a_level_holds_the_truth_as_often_as_it_says(
    flows: list[tuple[list[dict[int, Flow]], np.ndarray]],
) -> None:
    hits, own_errors, shrunk_errors = [], [], []
    for histories, truth in flows:
        spread = spread_of(histories)
        usual = np.mean([spread.medians[year] for year in sorted(spread.medians)[-3:]])
        for history, level in zip(histories, truth, strict=True):
            got = level_of(spread, history)
            hits.append(abs(got.mean - usual - level) <= 1.2816 * got.sd)
            own = np.mean([history[y].log_rate - spread.medians[y] for y in sorted(history)[-3:]])
            own_errors.append(own - level)
            shrunk_errors.append(got.mean - usual - level)
    assert 0.76 < np.mean(hits) < 0.84
    assert np.mean(np.square(shrunk_errors)) < 0.85 * np.mean(np.square(own_errors))


def test_a_council_without_figures_has_england_s_level_and_all_of_the_spread() -> None:
    spread = Spread({2019: -2.0, 2020: -1.8, 2021: -1.6, 2018: 9.0}, 0.04, 0.06)
    level = level_of(spread, {})
    assert level.mean == pytest.approx(-1.8)
    assert (level.sd, level.weight) == (0.2, 0.0)


def test_only_the_last_three_years_make_a_council_s_own_level() -> None:
    spread = Spread(dict.fromkeys(YEARS, 0.0), 0.04, 0.0)
    old = {2017: Flow(900.0, 100.0), 2018: Flow(900.0, 100.0)}
    recent = {year: Flow(100.0 * math.e, 100.0) for year in (2020, 2021)}
    weight = 0.04 / (0.04 + 1 / (200 * math.e))
    assert level_of(spread, {**old, **recent}).mean == pytest.approx(weight)
    assert level_of(spread, recent).weight == pytest.approx(weight)


@pytest.mark.parametrize(
    ("years", "people", "weight"), [(0, 0.0, 0.0), (1, 1e9, 0.4), (3, 1e9, 2 / 3), (3, 25.0, 0.4)]
)
def test_the_weight_grows_with_years_and_people(years: int, people: float, weight: float) -> None:
    assert own_weight(Spread({}, 0.04, 0.06), years, people) == pytest.approx(weight)
    assert own_weight(Spread({}, 0.0, 0.06), years, people) == 0.0


def test_one_year_tells_no_spread() -> None:
    with pytest.raises(ValueError, match="two years"):
        spread_of([{2021: Flow(9.0, 90.0)}, {2021: Flow(8.0, 90.0)}])
    with pytest.raises(ValueError, match="two years in a row"):
        posts_noise([{2021: Posts(90.0, 10.0)}, {2019: Posts(90.0, 10.0)}], PULL)


def test_one_wild_year_does_not_move_the_spread_far() -> None:
    histories, _ = invented_flows(1)
    wild = [dict(history) for history in histories]
    wild[0] |= {2020: Flow(2000.0, 100.0), 2021: Flow(2000.0, 100.0)}
    assert spread_of(wild).between < 1.25 * spread_of(histories).between


def invented_posts(seed: int) -> list[Mapping[int, Posts]]:
    """Posts of 150 councils, which lose 0.12 for each vacancy above the usual."""
    random = np.random.default_rng(seed)
    councils: list[Mapping[int, Posts]] = []
    for _ in range(COUNCILS):
        posts, own = 200.0, {}
        for year in YEARS:
            rate = float(random.beta(3, 18))
            own[year] = Posts(posts * (1 - rate), posts * rate)
            posts *= 1 + GROWTH + SCALE * random.standard_t(4) - PULL * (rate - 0.14)
        councils.append(own)
    return councils


def test_the_disturbance_of_posts_is_read_back() -> None:
    scales = np.array([posts_noise(invented_posts(seed), PULL) for seed in range(TABLES)])
    assert scales.mean() == pytest.approx(SCALE, rel=0.03)
    assert scales.std(ddof=1) < 0.1 * SCALE


def test_what_vacancies_take_from_posts_is_no_disturbance() -> None:
    usual, growth = 0.2, (0.03, 0.03, 0.03)
    before = [Posts(100 * (1 - rate), 100 * rate) for rate in (0.1, usual, 0.3)]
    after = [
        100 * (1 + g - PULL * (b.vacancy_rate - usual)) for g, b in zip(growth, before, strict=True)
    ]
    councils = [
        {2020: b, 2021: Posts(posts * (1 - usual), posts * usual)}
        for b, posts in zip(before, after, strict=True)
    ]
    assert posts_noise(councils, PULL) == pytest.approx(0.0, abs=1e-12)
    assert posts_noise(councils, pull=0.0) > 0.01


def test_growth_and_the_usual_vacancy_rate() -> None:
    assert growth_of([100.0, 110.0, 104.5]) == pytest.approx(0.025)
    rates = [{2021: Posts(90.0, 10.0)}, {2020: Posts(80.0, 20.0), 2021: Posts(88.0, 12.0)}]
    assert usual_vacancy_rate(rates) == pytest.approx(0.12)


def test_histories_end_with_the_year_and_leave_out_what_has_no_logarithm() -> None:
    def line(year: int, **cells: object) -> Mapping[str, object]:
        staff = {"inpost_fte": "100", "leavers_fte": str(year - 2010), "vacancy_fte": "20"}
        return council(year, **{**staff, **cells})  # type: ignore[arg-type]

    tables = record(
        line(2017, leavers_fte="x"),
        line(2018, leavers_fte="0"),
        line(2019),
        line(2020),
        line(2021, leavers_fte="50"),
        council(2020, "801", "Tiny Isles", inpost_fte="5", leavers_fte="5", vacancy_fte="1"),
        england(2019, inpost_fte="900", vacancy_fte="100"),
        england(2020, inpost_fte="950", vacancy_fte="100"),
        england(2021, inpost_fte="1", vacancy_fte="1"),
    ).up_to(2020)
    by_name = {c.name: flows for c, flows in flow_histories(tables, "leavers_fte", 2020).items()}
    assert by_name == {
        "Smallbrook": {2019: Flow(9.0, 100.0), 2020: Flow(10.0, 100.0)},
        "Tiny Isles": {},
    }
    posts = {c.name: sorted(own) for c, own in posts_histories(tables, 2020).items()}
    assert posts == {"Smallbrook": [2017, 2018, 2019, 2020], "Tiny Isles": []}
    assert posts_of_england(tables, 2020) == [1000.0, 1050.0]
