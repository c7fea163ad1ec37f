"""Charts of experiments: what they say, and that no words overlap."""

import dataclasses

import numpy as np
import pytest

from sim.experiment.compare import Comparison, compare
from sim.experiment.contributions import Contribution, Contributions, measures_that_act, taken_apart
from sim.experiment.efficient import efficient
from sim.experiment.forecasts import RIVALS, Forecast
from sim.experiment.replicate import make_study
from sim.experiment.score_rows import score_rows
from sim.experiment.scored import SCORED
from sim.experiment.statistics import Summary
from sim.experiment.variant import ALL_TEAMS
from sim.presentation.charts.backtest import scores_of
from sim.presentation.charts.chart import Chart
from sim.presentation.charts.contribution import contribution_of_each
from sim.presentation.charts.cost_effect import Option, cost_against_effect
from sim.presentation.charts.filled import Line, funded_against_filled
from sim.presentation.charts.flows import people_in_and_out, year_by_team
from sim.presentation.charts.routes import route_name, workforce, workforce_by_route
from sim.presentation.charts.style import chart_style
from sim.presentation.headline_notes import notes
from sim.presentation.ranges import Runs, gained_per_post
from sim.published.record import Council
from tests.helpers import devon, evidence, package
from tests.unit.boxes import cut_off, overlapping

YEAR = 12


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    council = devon().model_copy(update={"horizon_years": 2})
    scenarios = taken_apart(package())[:2]
    return compare(make_study(council, evidence().behaviour, scenarios, 5), 8)


def around(mean: float, half: float = 1.0, pairs: float = 10.0) -> Summary:
    low, high = mean - half, mean + half
    values = (low, low, mean, high, high, mean, low, high, pairs, 0.0, 0.0)
    return Summary(*(np.array(value) for value in values))


def found(means: list[float], pairs: float = 10.0) -> Contributions:
    acting = measures_that_act(package())[: len(means)]
    parts = tuple(
        Contribution(measure, around(mean, 1.0, pairs), around(mean - 1, 1.0, pairs))
        for measure, mean in zip(acting, means, strict=True)
    )
    whole = sum(means)
    return Contributions(parts, around(whole - 2), around(whole), around(2.0))


def runs(middle: float, half: float = 1.0) -> Runs:
    return Runs(
        middle, middle - half, middle + half, middle, 40, middle - 2 * half, middle + 2 * half
    )


def charts_of(comparison: Comparison) -> dict[str, Chart]:
    options = [
        Option(f"Option {i}", runs(0.3 * i, 0.1), runs((-1) ** i * 2.0 * i)) for i in range(1, 7)
    ]
    lines = [Line(gamma, (runs(10 * gamma), runs(30 * gamma))) for gamma in (0.0, 0.4, 1.0)]
    with chart_style():
        every = [
            contribution_of_each(comparison, found([2.0, 8.0, -3.0]), "people", "FTE", "2024"),
            cost_against_effect(comparison, options, "people in post", "FTE", "2024"),
            funded_against_filled(comparison, (24.0, 48.0), lines, "31 March 2024"),
            people_in_and_out(comparison, (0, 1), len(comparison.dates) - 1),
            workforce_by_route(comparison, [workforce(comparison, s) for s in (0, 1)]),
        ]
    return {chart.name: chart for chart in every}


@pytest.fixture(scope="module")
def charts(comparison: Comparison) -> dict[str, Chart]:
    return charts_of(comparison)


@pytest.mark.parametrize("scenario", [0, 1])
def test_a_teams_net_is_what_its_people_in_post_changed_by(
    comparison: Comparison, scenario: int
) -> None:
    last = len(comparison.dates) - 1
    inpost = comparison.average.values(scenario, "inpost_fte", ALL_TEAMS)
    change = inpost[:, 1:, last] - inpost[:, 1:, last - YEAR]
    years = year_by_team(comparison, scenario, last)
    assert any(np.abs(year.other).max() > 0.01 for year in years)
    np.testing.assert_allclose(np.stack([year.net for year in years], axis=1), change, atol=1e-6)


def test_no_words_overlap_or_leave_the_page(charts: dict[str, Chart]) -> None:
    for chart in charts.values():
        with chart_style():
            assert overlapping(chart.figure) == [], chart.name
            assert cut_off(chart.figure) == [], chart.name


def test_every_chart_tells_its_source_and_numbers_in_words(charts: dict[str, Chart]) -> None:
    for chart in charts.values():
        assert "seed 5" in chart.text
        assert chart.title
        assert chart.subtitle.endswith(".")
    contribution = charts["contribution_of_each"].text
    assert "on its own +8.0 (+7.0 to +9.0); lost if dropped +7.0" in contribution
    best, _, beaten = charts["cost_against_effect"].text.partition("Beaten by another")
    assert "people in post +4.0 (+3.0 to +5.0) [+2.0 to +6.0]; net cost 0.60 (0.50 to" in best
    assert "Option 1:" in beaten
    funded = charts["funded_against_filled"].text
    first, _, last = funded.partition("48 posts funded:")
    assert "Hiring response 0.4: middle" in first
    assert "+4.0 (+3.0 to +5.0) [+2.0 to +6.0], beside 24.0; per post 0.17" in first
    assert "+12.0 (+11.0 to +13.0) [+10.0 to +14.0], beside 48.0; per post 0.25" in last


def test_measures_are_sorted_and_those_that_bring_nothing_are_named(
    comparison: Comparison,
) -> None:
    some = found([2.0, 8.0, 0.0, -3.0])
    nothing = dataclasses.replace(some.parts[2], alone=around(0.0, 0.0), last_in=around(0.0, 0.0))
    parts = (*some.parts[:2], nothing, some.parts[3])
    with chart_style():
        chart = contribution_of_each(
            comparison, dataclasses.replace(some, parts=parts), "people", "FTE", "2024"
        )
    order = [chart.text.index(f"- {parts[i].measure.name}:") for i in (1, 0, 3)]
    assert order == sorted(order)
    assert f"1 measure changes nothing here: {parts[2].measure.name}." in chart.text


def test_what_brings_nothing_for_nothing_is_not_among_the_best(comparison: Comparison) -> None:
    options = [Option("Good", runs(1.0), runs(5.0)), Option("Idle", runs(0.0, 0.0), runs(0.0, 0.0))]
    with chart_style():
        chart = cost_against_effect(comparison, options, "people", "FTE", "2024")
    assert chart.title == "One of 2 options is beaten by none on cost and people: Good"


def test_people_per_post_of_the_table_are_of_the_middle_run() -> None:
    extra = Runs(12.6, 8.0, 30.0, 13.1, 100)
    assert gained_per_post(extra, 10.0) == pytest.approx(1.26)
    assert np.isnan(gained_per_post(extra, 0.0))


def test_titles_state_the_finding(charts: dict[str, Chart]) -> None:
    name = measures_that_act(package())[1].name
    assert name[1:] in charts["contribution_of_each"].title
    assert charts["cost_against_effect"].title == (
        "3 of 6 options are beaten by none on both cost and people in post"
    )
    assert charts["funded_against_filled"].title.startswith("48 posts funded bring 0 to 30 more")


def test_an_unclear_contribution_is_no_finding(comparison: Comparison) -> None:
    with chart_style():
        unclear = contribution_of_each(comparison, found([0.5, 0.2]), "people", "FTE", "2024")
        few = contribution_of_each(comparison, found([9.0], 8.0), "people", "FTE", "2024")
    assert unclear.title == "No single measure clearly brings more people"
    assert few.title.startswith("Too few runs")


def test_the_efficient_set_is_beaten_by_none() -> None:
    assert efficient([0.0, 1.0, 2.0, 1.0], [0.0, 5.0, 4.0, 3.0]) == [True, True, False, False]
    assert efficient([1.0, 1.0], [2.0, 2.0]) == [True, True]


def test_routes_and_agency_add_up_to_the_workforce(comparison: Comparison) -> None:
    layers = workforce(comparison, 1)
    average = comparison.average
    whole = average.values(1, "inpost_fte") + average.values(1, "agency_fte")
    np.testing.assert_allclose(np.stack(list(layers.values())).sum(axis=0), whole)
    assert next(iter(layers)) == "In post at the start"


def test_the_notes_say_who_came_from_abroad(comparison: Comparison) -> None:
    text = notes(comparison).plain
    assert "FTE from abroad have started by 31 March 2023; how many are sought is judgement" in text
    assert "with a bursary" not in text, "none has qualified by then"


def test_a_route_not_known_here_is_named_after_its_flow() -> None:
    assert route_name("starters_newly_qualified") == "Newly qualified"
    assert route_name("starters_return_to_work") == "Return to work"


def test_a_scenario_beside_doing_nothing_names_who_gains(charts: dict[str, Chart]) -> None:
    assert charts["people_in_and_out"].title.startswith("Half and half: ")
    assert "more in a year" in charts["people_in_and_out"].title


@pytest.mark.parametrize("count", [1, 4, 9])
def test_the_chart_of_a_back_test_fits_its_page(count: int) -> None:
    councils = [Council(f"C{i}", (str(i),), (), "", 2018) for i in range(20)]
    rivals = dict.fromkeys(RIVALS, 0.06)
    own = [
        Forecast(
            SCORED[0].name, council, 2018, 2018 + year, "large", 0.1, 0.05, 0.1, 0.2, 0.05 * i, 0.1,
            0.05 + 0.001 * i, rivals,
        )
        for year in range(1, 1 + count)
        for i, council in enumerate(councils)
    ]  # fmt: skip
    with chart_style():
        chart = scores_of(SCORED[0], own, score_rows(own))
        assert overlapping(chart.figure) == []
        assert cut_off(chart.figure) == []
