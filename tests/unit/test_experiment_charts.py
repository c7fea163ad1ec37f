"""Charts of experiments: what they say, and that no words overlap."""

from itertools import combinations

import numpy as np
import pytest

from sim.experiment.compare import Comparison, compare
from sim.experiment.contributions import Contribution, Contributions, measures_that_act, taken_apart
from sim.experiment.efficient import efficient
from sim.experiment.replicate import make_study
from sim.experiment.statistics import Summary
from sim.experiment.variant import ALL_TEAMS
from sim.presentation.charts.chart import Chart
from sim.presentation.charts.contribution import contribution_of_each
from sim.presentation.charts.cost_effect import Option, cost_against_effect
from sim.presentation.charts.filled import Line, funded_against_filled
from sim.presentation.charts.flows import people_in_and_out, year_by_team
from sim.presentation.charts.routes import route_name, workforce, workforce_by_route
from sim.presentation.charts.style import chart_style
from sim.presentation.headline_notes import notes
from tests.helpers import devon, evidence, package
from tests.unit.test_charts import words_in

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
    return Contributions(parts, around(sum(means) - 2), around(2.0))


def charts_of(comparison: Comparison) -> dict[str, Chart]:
    options = [Option(f"Option {i}", 0.3 * i, (-1) ** i * 2.0 * i) for i in range(1, 7)]
    lines = [Line(gamma, (0.0, 10 * gamma, 30 * gamma)) for gamma in (0.0, 0.4, 1.0)]
    with chart_style():
        every = [
            contribution_of_each(comparison, found([2.0, 8.0, -3.0]), "people", "FTE", "2024"),
            cost_against_effect(comparison, options, "people in post", "FTE", "2024"),
            funded_against_filled(comparison, (0.0, 24.0, 48.0), lines, "31 March 2024"),
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
    change = (inpost[:, 1:, last] - inpost[:, 1:, last - YEAR]).mean(axis=0)
    years = year_by_team(comparison, scenario, last)
    assert any(abs(year.other) > 0.01 for year in years)
    assert [year.net for year in years] == pytest.approx(change.tolist(), abs=1e-6)


def test_no_words_overlap_or_leave_the_page(charts: dict[str, Chart]) -> None:
    for chart in charts.values():
        with chart_style():
            boxes = list(words_in(chart.figure))
        for text, box in boxes:
            assert box.x0 >= 0, (chart.name, text)
            assert box.y0 >= 0, (chart.name, text)
            assert box.x1 <= chart.figure.bbox.x1, (chart.name, text)
            assert box.y1 <= chart.figure.bbox.y1, (chart.name, text)
        for (one, a), (other, b) in combinations(boxes, 2):
            assert not a.padded(-1).overlaps(b.padded(-1)), (chart.name, one, other)


def test_every_chart_tells_its_source_and_numbers_in_words(charts: dict[str, Chart]) -> None:
    for chart in charts.values():
        assert "seed 5" in chart.text
        assert chart.title
        assert chart.subtitle.endswith(".")
    assert "alone 8.0 (7.0 to 9.0), last in 7.0" in charts["contribution_of_each"].text
    assert "£0.60m for 4.0; beaten by none." in charts["cost_against_effect"].text
    assert (
        "At elasticity 0.4, by posts funded: 0.0 for 0, 4.0 for 24"
        in charts["funded_against_filled"].text
    )


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
    whole = sum(
        comparison.average.values(1, name).mean(axis=0) for name in ("inpost_fte", "agency_fte")
    )
    np.testing.assert_allclose(sum(layers.values()), whole)
    assert next(iter(layers)) == "In post on day 0"


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
