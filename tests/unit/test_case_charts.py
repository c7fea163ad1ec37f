"""Charts of children's cases, of a made-up comparison whose numbers are known."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest

from sim.engine.records import Array
from sim.experiment.compare import Comparison, headline_column
from sim.outcomes.indicators import CASE_INDICATORS, INDEX
from sim.presentation.charts import Chart, draw_charts, save_chart
from sim.presentation.charts.changes import changes_of_worker
from sim.presentation.charts.load import load_by_team
from sim.presentation.charts.style import chart_style, shorten, text_width
from sim.presentation.charts.waiting import where_children_wait
from tests.held import tables
from tests.phrases import found_in
from tests.unit.boxes import cut_off, overlapping
from tests.unit.test_charts import made_up, with_short_names

DRAW = (load_by_team, changes_of_worker, where_children_wait)
NAMES = ["load_by_team", "changes_of_worker", "where_children_wait"]
ASSESSMENT, CARE_LEAVERS = 2, 6
HANDOVERS = {
    "handovers_transfer": 600.0,
    "handovers_agency_end": 250.0,
    "handovers_leaver": 80.0,
    "handovers_internal_move": 50.0,
    "handovers_absence": 20.0,
}
NOISE = 0.02


def case_values(scenario: int, pairs: int, shape: tuple[int, ...]) -> dict[str, Array]:
    """Indicators by pair, row and month: assessment is overloaded, care leavers wait."""
    noise = np.linspace(-1, 1, pairs)[:, None, None]
    flat = np.zeros((pairs, *shape))
    values = {indicator.name: flat.copy() for indicator in CASE_INDICATORS}
    values["load"] += 0.8 + NOISE * noise
    values["load"][:, ASSESSMENT] += 0.4 - 0.1 * scenario + NOISE * noise[:, 0] * scenario
    for name, count in HANDOVERS.items():
        values[name][:] = count
    values["changes_of_worker_per_child"] += 2.0 - scenario * (0.1 + 0.05 * noise)
    values["changed_worker_share"] += 0.7 + NOISE * noise
    values["changed_worker_twice_share"] += 0.4 + NOISE * noise
    for row in (0, CARE_LEAVERS):
        values["unallocated"][:, row] = 20 + 2 * noise[:, 0]
        values["unallocated_days"][:, row] = 30.0
    return values


def with_cases(
    count: int, pairs: int = 10, changed: Mapping[str, float] = MappingProxyType({})
) -> Comparison:
    """A comparison with casework; `changed` sets indicators everywhere."""
    comparison = made_up(count, pairs=pairs)
    for variant in comparison.variants:
        for s, table in enumerate(tables(variant)):
            for name, values in case_values(s, pairs, table.shape[2:]).items():
                table[:, INDEX[name]] = values
            for name, value in changed.items():
                table[:, INDEX[name]] = value
    return comparison


def case_charts(comparison: Comparison) -> dict[str, Chart]:
    with chart_style():
        drawn = [draw(comparison) for draw in DRAW]
    return {chart.name: chart for chart in drawn if chart is not None}


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return with_cases(3)


@pytest.fixture(scope="module")
def charts(comparison: Comparison) -> dict[str, Chart]:
    return case_charts(comparison)


# What is drawn and said -------------------------------------------------------------------


def test_all_are_drawn_where_there_is_casework(comparison: Comparison) -> None:
    assert [chart.name for chart in draw_charts(comparison)][-3:] == NAMES


def test_none_is_drawn_without_casework() -> None:
    nothing = dict.fromkeys((indicator.name for indicator in CASE_INDICATORS), np.nan)
    assert case_charts(with_cases(2, changed=nothing)) == {}


def test_changes_are_not_drawn_before_a_run_holds_12_months() -> None:
    drawn = case_charts(with_cases(2, changed={"changes_of_worker_per_child": np.nan}))
    assert list(drawn) == ["load_by_team", "where_children_wait"]


def test_titles_state_the_finding(charts: dict[str, Chart]) -> None:
    assert {name: chart.title for name, chart in charts.items()} == {
        "load_by_team": (
            "Both options lower load most in Assessment: 100 to 110% of a full caseload,"
            " against 120%"
        ),
        "changes_of_worker": (
            "Changes of worker: 60% transfers, 25% agency ends; both options bring fewer"
        ),
        "where_children_wait": (
            "20 children wait for a worker, most in the Care leavers team; options make no"
            " clear difference"
        ),
    }


def test_titles_of_one_scenario_compare_nothing() -> None:
    titles = {name: chart.title for name, chart in case_charts(with_cases(1)).items()}
    assert titles == {
        "load_by_team": ("Assessment is the most loaded team, at 120% of a full caseload"),
        "changes_of_worker": "Changes of worker: 60% transfers, 25% agency ends",
        "where_children_wait": "20 children wait for a worker, most in the Care leavers team",
    }


def test_what_does_not_differ_is_no_finding() -> None:
    same = {"load": 0.9, "changes_of_worker_per_child": 2.0}
    drawn = case_charts(with_cases(2, changed=same))
    assert drawn["load_by_team"].title.startswith("The option makes no clear difference to load")
    assert "the option makes no clear difference" in drawn["changes_of_worker"].title


def test_more_load_is_said() -> None:
    comparison = with_cases(2)
    for variant in comparison.variants:
        tables(variant)[1][:, INDEX["load"]] += 0.5
    title = case_charts(comparison)["load_by_team"].title
    assert title.startswith("The option raises load most in")


def test_an_option_that_stands_alone_is_counted() -> None:
    comparison = with_cases(3)
    for variant in comparison.variants:
        tables(variant)[2][:, INDEX["load"]] = tables(variant)[0][:, INDEX["load"]]
    title = case_charts(comparison)["load_by_team"].title
    assert title == (
        "1 of 2 options lowers load in Assessment: 110% of a full caseload, against 120%"
    )


def test_too_few_runs_give_no_verdict() -> None:
    drawn = case_charts(with_cases(2, pairs=2))
    assert all("too few runs to compare options" in chart.title for chart in drawn.values())
    assert "(all 2 runs)" in drawn["load_by_team"].text


def test_hardly_anybody_waiting_is_said_and_shown() -> None:
    nobody = {"unallocated": 0.0, "unallocated_days": 0.0}
    chart = case_charts(with_cases(2, changed=nobody))["where_children_wait"]
    assert chart.title == "Hardly a child waits for a worker in the year to March 2024"
    assert "Do nothing: middle (8 runs in 10) 0.0; days –; met 0%." in chart.text


def test_waiting_in_few_runs_is_said() -> None:
    comparison = with_cases(1)
    table = tables(comparison.variants[0])[0]
    waiting = table[:, INDEX["unallocated"]]
    waiting[:6], waiting[6:] = 0.0, 100.0
    chart = case_charts(comparison)["where_children_wait"]
    assert chart.title == (
        "In most runs hardly a child waits for a worker; in 1 run in 10, 100 or more"
    )
    assert "met 40%" in chart.text
    assert "0.0 (0.0 to 100.0; mean 40.0)" in chart.text


def test_the_bad_runs_of_options_stand_beside_those_of_doing_nothing() -> None:
    comparison = with_cases(2)
    for table, many in zip(tables(comparison.variants[0]), (90.0, 8.0), strict=True):
        table[:, INDEX["unallocated"]] = 0.0
        table[6:, INDEX["unallocated"]] = many
    chart = case_charts(comparison)["where_children_wait"]
    assert chart.title == (
        "In most runs hardly a child waits for a worker; in 1 run in 10, 90 or more; with the"
        " option, 8 or more"
    ), "not: no clear difference"


def test_a_mean_does_not_stand_beyond_the_range() -> None:
    comparison = with_cases(1, pairs=40)
    waiting = tables(comparison.variants[0])[0][:, INDEX["unallocated"]]
    waiting[:], waiting[38:] = 0.0, 1000.0
    chart = case_charts(comparison)["where_children_wait"]
    axes = chart.figure.axes[0]
    marks = [line for line in axes.lines if line.get_marker() == "s"]
    assert [float(np.asarray(mark.get_xdata())[0]) for mark in marks] == [0.0] * len(marks)


def test_days_are_those_of_the_children_met_waiting() -> None:
    comparison = with_cases(1, pairs=8)
    table = tables(comparison.variants[0])[0]
    table[:, INDEX["unallocated"], CARE_LEAVERS] = 0.0
    table[:, INDEX["unallocated_days"], CARE_LEAVERS] = 0.0
    table[:2, INDEX["unallocated"], CARE_LEAVERS] = [[30.0], [10.0]]
    table[:2, INDEX["unallocated_days"], CARE_LEAVERS] = [[8.0], [40.0]]
    text = case_charts(comparison)["where_children_wait"].text
    _, _, team = text.partition("Care leavers:")
    assert team.startswith(
        "\n- Do nothing: middle (all 8 runs) 0.0 (0.0 to 30.0; mean 5.0); days 16"
    )


def test_only_the_year_before_the_headline_counts() -> None:
    comparison = with_cases(1)
    k = headline_column(comparison)
    waiting = tables(comparison.variants[0])[0][:, INDEX["unallocated"]]
    waiting[..., : k - 11] = 1000.0
    waiting[..., k + 1 :] = 1000.0
    text = case_charts(comparison)["where_children_wait"].text
    assert "Whole council:\n- Do nothing: middle (8 runs in 10) 20.0" in text


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("load_by_team", ["Front door:\n- Do nothing: middle (8 runs in 10) 80 (78 to 82)", "120"]),
        ("changes_of_worker", ["Transfers between teams: middle (8 runs in 10) 600; of all 60%",
                               "changes a child 2.00", "one or more 70 (68 to 72)"]),
        ("where_children_wait", ["Care leavers:", "20.0 (18.4 to 21.6)", "days 30; met 100%"]),
    ],
)  # fmt: skip
def test_the_text_alternative_has_the_numbers(
    charts: dict[str, Chart], name: str, numbers: list[str]
) -> None:
    for number in [*numbers, "10 paired runs", "seed 7", "is judgement"]:
        assert number in charts[name].text


def test_many_scenarios_are_all_drawn_of_fewer_teams() -> None:
    comparison = with_cases(6)
    drawn = case_charts(comparison)
    for chart in drawn.values():
        assert comparison.scenarios[5].label in chart.text
        assert "left out" not in chart.text
    assert "All 5 options" in drawn["load_by_team"].title
    assert "Whole council:" in drawn["load_by_team"].text
    assert "Front door:" not in drawn["load_by_team"].text


def test_the_bad_end_of_a_range_is_cut_with_an_arrowhead() -> None:
    comparison = with_cases(1, pairs=40)
    waiting = tables(comparison.variants[0])[0][:, INDEX["unallocated"]]
    waiting[:], waiting[38:] = np.linspace(0, 10, 40)[:, None, None], 1000.0
    chart = case_charts(comparison)["where_children_wait"]
    arrows = [line for line in chart.figure.axes[0].lines if line.get_marker() == ">"]
    assert len(arrows) == len(chart.figure.axes[0].lines) / 4, "one of each range"
    assert any("Arrowhead" in text.get_text() for text in chart.figure.texts)


# The drawing ------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2, 5, 13])
def test_no_words_overlap_or_leave_the_page(count: int) -> None:
    for chart in case_charts(with_short_names(with_cases(count))).values():
        assert overlapping(chart.figure) == [], chart.name
        assert cut_off(chart.figure) == [], chart.name
        assert chart.figure.get_size_inches()[1] * 2.54 <= 25.7, chart.name


def test_charts_hold_no_phrase_that_readers_do_not_know(charts: dict[str, Chart]) -> None:
    for chart in charts.values():
        told = f"{chart.title}\n{chart.subtitle}\n{chart.text}"
        assert list(found_in(told, on_screen=True)) == [], chart.name


def test_a_name_is_cut_to_the_room_there_is() -> None:
    assert shorten("Half and half", 3.0, ": 85%") == "Half and half: 85%"
    text = shorten("A package with a very long name", 1.5, ": 85%")
    assert text.endswith("…: 85%")
    assert text_width(text) <= 1.5
    assert shorten("A package with a very long name", 1.2, ": 85%", most=3).count("\n") == 2


@pytest.mark.slow
def test_the_same_comparison_gives_the_same_bytes(comparison: Comparison, tmp_path: Path) -> None:
    folders = tmp_path / "one", tmp_path / "two"
    for folder in folders:
        for chart in case_charts(comparison).values():
            save_chart(chart, folder)
    one, two = ({p.name: p.read_bytes() for p in sorted(f.iterdir())} for f in folders)
    assert one == two
    assert len(one) == 9
