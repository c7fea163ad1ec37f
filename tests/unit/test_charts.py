"""Charts of a made-up comparison, whose numbers are known."""

import dataclasses
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from sim.config.shipped import load_council, load_evidence
from sim.engine.records import Array
from sim.experiment.compare import (
    Comparison,
    LedgerRows,
    headline_column,
)
from sim.experiment.replicate import AS_ASKED, at_gamma, make_study
from sim.inputs.draws import CENTRAL_DRAW
from sim.inputs.plan import Plan
from sim.outcomes.costs import STAFFING_LINES
from sim.outcomes.indicators import INDEX, INDICATORS
from sim.outcomes.line_money import LINE_MONEY
from sim.outcomes.workforce import complete_months
from sim.presentation.charts import Chart, draw_charts, save_chart
from sim.presentation.charts.style import spread, text_width, wrap
from sim.presentation.findings import Verdict, mixed, verdict
from sim.presentation.ranges import Runs
from sim.scenario.scenario import baseline, load_scenario
from tests.held import HeldRuns, held_variant, tables

PAIRS = 10
SVG = "{http://www.w3.org/2000/svg}"
LEVELS = {
    "inpost_fte": 300.0,
    "agency_cover_fte": 50.0,
    "uncovered_vacancy_fte": 40.0,
    "establishment_fte": 390.0,
    "agency_above_establishment_fte": 33.0,
    "target_social_worker": 45.0,
    "target_team_manager": 3.0,
}
RESERVED = {"con", "prn", "aux", "nul"} | {f"{n}{i}" for n in ("com", "lpt") for i in range(10)}


def made_up(
    count: int, extra: float = 10.0, pairs: int = PAIRS, gammas: tuple[float, ...] = (0.1, 0.8)
) -> Comparison:
    """A comparison in which the s-th scenario funds 24 s posts and gains `extra` s FTE."""
    evidence = load_evidence()
    council = load_council("devon_2021", evidence.sources)
    package = load_scenario("devon_package_mostly_social_workers", council, evidence.sources)
    names = [package.name, *(f"Another package, number {s}, {'wide ' * 9}" for s in range(2, 6))]
    scenarios = [baseline(), *(package.model_copy(update={"name": name}) for name in names)]
    study = make_study(council, evidence.behaviour, scenarios[:count], 7)
    plans = tuple(study.plan(scenario, CENTRAL_DRAW) for scenario in study.scenarios[:2])
    plans = tuple(plans[min(s, 1)] for s in range(count))
    months = complete_months(plans[0])
    made = [_table(plans[0], s, extra, pairs, months) for s in range(count)]
    draws: Array = np.floor(np.arange(pairs, dtype=np.float64) / 2)
    return Comparison(
        study=study,
        plans=plans,
        dates=plans[0].period_dates[:months],
        variants=tuple(
            held_variant(None, HeldRuns([*made], draws), condition, count)
            for condition in (AS_ASKED, *map(at_gamma, gammas))
        ),
        ledgers=tuple(_ledger(s, pairs) for s in range(count)),
    )


def _table(plan: Plan, scenario: int, extra: float, pairs: int, months: int) -> Array:
    table = np.zeros((pairs, len(INDICATORS), 1 + len(plan.team_keys), months))
    for name, value in LEVELS.items():
        table[:, INDEX[name]] = value
    gain = extra * scenario + np.linspace(-1, 1, pairs)[:, None, None] * (1 + scenario)
    table[:, INDEX["inpost_fte"]] += gain
    table[:, INDEX["establishment_fte"]] += gain
    table[:, INDEX["funded_posts_fte"]] = 24.0 * scenario
    return table


def _ledger(scenario: int, pairs: int) -> LedgerRows:
    years = tuple(f"{y}/{y + 1 - 2000}" for y in range(2021, 2027))
    shape = (pairs, len(years), len(STAFFING_LINES))
    planned = np.full(shape, 5e6)
    noise = np.linspace(-1e5, 1e5, pairs)[:, None, None]
    spent = np.full(shape, 5e6) + 0.25e6 * (1 + scenario) + noise
    flat = np.zeros(shape[:2])
    none = np.zeros(pairs)
    by_line: dict[str, Array] = {name: np.zeros(shape) for name in LINE_MONEY}
    return LedgerRows(STAFFING_LINES, years, spent, planned, none, none, by_line, flat)


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return made_up(3)


@pytest.fixture(scope="module")
def charts(comparison: Comparison) -> dict[str, Chart]:
    return {chart.name: chart for chart in draw_charts(comparison)}


# What is drawn and said -------------------------------------------------------------------


def test_every_chart_is_drawn(charts: dict[str, Chart]) -> None:
    assert list(charts) == ["people_and_posts", "yield", "spend_against_budget", "targets"]


def test_names_are_valid_on_windows(charts: dict[str, Chart]) -> None:
    for name in charts:
        assert re.fullmatch(r"[a-z0-9_]+", name)
        assert name not in RESERVED


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("people_and_posts", ["300 in post", "310 in post", "50 covered", "40 uncovered", "33"]),
        (
            "yield",
            ["24.0 social work posts", "10.0 (9.2 to 10.8), 0.42 per", "At elasticity 0.8"],
        ),
        ("spend_against_budget", ["spent 21.0", "budget 20.0", "over by 1.0", "8 September 2021"]),
        ("targets", ["Target of 100 social workers", "45.0", "Target of 6 team managers", "3.0"]),
    ],
)
def test_the_text_alternative_has_the_numbers(
    charts: dict[str, Chart], name: str, numbers: list[str]
) -> None:
    for number in [*numbers, f"{PAIRS} pairs", "seed 7", "elasticity is judgement", "cost line)."]:
        assert number in charts[name].text


def test_titles_state_the_finding(charts: dict[str, Chart]) -> None:
    titles = {name: chart.title for name, chart in charts.items()}
    assert titles == {
        "people_and_posts": (
            "Both options hold more social workers in post: 310 to 320, against 300"
        ),
        "yield": "Both options add 10 to 20 social workers for 24 to 48 posts funded",
        "spend_against_budget": "All 3 scenarios overspend by £1.0m to £3.0m in 2023/24",
        "targets": (
            "45 of 100 social workers found by March 2024; options make no clear difference"
        ),
    }


def test_a_range_that_includes_zero_is_no_finding() -> None:
    titles = {chart.name: chart.title for chart in draw_charts(made_up(2, extra=0.0))}
    said = "The option makes no clear difference to social workers in post"
    assert (titles["people_and_posts"], titles["yield"]) == (said, said)


def test_fewer_in_post_is_said() -> None:
    titles = {chart.name: chart.title for chart in draw_charts(made_up(2, extra=-10.0))}
    assert titles["yield"].startswith("The option leaves 10 fewer social workers")


def test_too_few_runs_give_no_finding() -> None:
    charts = {chart.name: chart for chart in draw_charts(made_up(2, pairs=2, gammas=()))}
    assert "Too few runs" in charts["people_and_posts"].title
    assert "Too few runs" in charts["yield"].title
    assert "all 2 runs" in charts["yield"].subtitle


def test_the_baseline_alone_has_no_yield() -> None:
    charts = {chart.name: chart for chart in draw_charts(made_up(1, gammas=()))}
    assert list(charts) == ["people_and_posts", "spend_against_budget", "targets"]
    assert all("cost line" not in chart.text for chart in charts.values())


def test_scenarios_without_a_panel_are_named() -> None:
    comparison = made_up(6)
    charts = {chart.name: chart for chart in draw_charts(comparison)}
    for name in ("people_and_posts", "spend_against_budget"):
        assert "Only the first 4 scenarios are drawn" in charts[name].text
        assert comparison.scenarios[5].name in charts[name].text
        assert "first" in charts[name].title


def test_targets_without_values_are_not_drawn() -> None:
    comparison = made_up(1, gammas=())
    tables(comparison.variants[0])[0][:, INDEX["target_social_worker"]] = np.nan
    text = {chart.name: chart.text for chart in draw_charts(comparison)}["targets"]
    assert "social workers:" not in text
    tables(comparison.variants[0])[0][:, INDEX["target_team_manager"]] = np.nan
    assert "targets" not in {chart.name for chart in draw_charts(comparison)}


def test_no_posts_funded_leaves_the_extra_people() -> None:
    comparison = made_up(2)
    for variant in comparison.variants:
        tables(variant)[1][:, INDEX["funded_posts_fte"]] = 0.0
    chart = {chart.name: chart for chart in draw_charts(comparison)}["yield"]
    assert chart.title == "The option adds 10 social workers in post"
    assert "no social work posts funded" in chart.text
    assert "per post" not in chart.text


def test_the_month_reported_is_the_third_march(comparison: Comparison) -> None:
    assert comparison.dates[headline_column(comparison)].isoformat() == "2024-03-31"
    short = dataclasses.replace(comparison, dates=comparison.dates[:10])
    assert short.dates[headline_column(short)].isoformat() == "2022-03-31"
    shorter = dataclasses.replace(comparison, dates=comparison.dates[:3])
    assert headline_column(shorter) == 2


# The drawing ------------------------------------------------------------------------------


def words_in(figure: Figure) -> Iterator[tuple[str, Bbox]]:
    """Every text that is drawn, with the box that it takes."""
    canvas = FigureCanvasAgg(figure)
    figure.draw(canvas.get_renderer())  # type: ignore[no-untyped-call]
    texts = list(figure.texts)
    for axes in figure.axes:
        texts += [*axes.texts, axes.xaxis.label, axes.yaxis.label]
        for axis, (low, high) in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
            ticks = axis.get_major_ticks()
            texts += [tick.label1 for tick in ticks if low <= tick.get_loc() <= high]
    for text in texts:
        if text.get_text():
            yield text.get_text(), Text.get_window_extent(text)


@pytest.mark.parametrize("count", [1, 2, 4, 6])
def test_no_words_overlap_or_leave_the_page(count: int) -> None:
    for chart in draw_charts(made_up(count)):
        boxes = list(words_in(chart.figure))
        for text, box in boxes:
            assert box.x0 >= 0, text
            assert box.y0 >= 0, text
            assert box.x1 <= chart.figure.bbox.x1, text
            assert box.y1 <= chart.figure.bbox.y1, text
        for (one, a), (other, b) in combinations(boxes, 2):
            assert not a.padded(-1).overlaps(b.padded(-1)), (chart.name, one, other)


def test_all_words_are_upright_and_large_enough(charts: dict[str, Chart]) -> None:
    for chart in charts.values():
        for text in chart.figure.findobj(Text):
            assert isinstance(text, Text)
            assert float(text.get_fontsize()) >= 12
            assert not text.get_text() or text.get_rotation() == 0


def test_labels_spread_keep_their_order_and_distance() -> None:
    wanted = [5.0, 5.1, 1.0, 9.9, 10.0]
    places = spread(wanted, 1.0, 0.5, 10.0)
    assert np.argsort(places).tolist() == np.argsort(wanted).tolist()
    assert min(np.diff(sorted(places))) >= 1.0 - 1e-9
    assert max(places) <= 10.0
    assert spread([1.0, 3.0], 1.0, 0.0, 10.0) == [1.0, 3.0]


def test_text_is_wrapped_to_a_width() -> None:
    text = wrap("A name that is longer than the room there is for it", 1.5)
    assert text.count("\n") >= 2
    assert max(text_width(line) for line in text.split("\n")) <= 1.5


def test_verdicts() -> None:
    assert verdict(Runs(1.0, 0.1, 2.0, 1.0, 10)) is Verdict.MORE
    assert verdict(Runs(-1.0, -2.0, -0.1, -1.0, 10)) is Verdict.FEWER
    assert verdict(Runs(0.5, 0.0, 1.0, 0.5, 10)) is Verdict.UNCLEAR
    assert verdict(Runs(1.0, 0.1, 2.0, 1.0, 9)) is Verdict.UNTESTED, "a tenth of 9 runs"
    found = [Verdict.MORE, Verdict.FEWER, Verdict.UNCLEAR]
    assert mixed(found, "people") == (
        "More people in 1 of 3 options, fewer in 1; the rest make no clear difference"
    )
    assert mixed([Verdict.FEWER, Verdict.UNCLEAR], "people") == (
        "Fewer people in 1 of 2 options; the rest make no clear difference"
    )


# The files --------------------------------------------------------------------------------


def test_files_are_written(charts: dict[str, Chart], tmp_path: Path) -> None:
    chart = charts["yield"]
    paths = save_chart(chart, tmp_path / "new")
    assert [path.name for path in paths] == ["yield.svg", "yield.png", "yield.txt"]
    assert paths[1].read_bytes().startswith(b"\x89PNG")
    words = paths[2].read_bytes()
    assert b"\r" not in words
    assert words.decode("utf-8").split("\n\n")[:2] == [chart.title, chart.subtitle]


def test_the_svg_has_an_accessible_name(charts: dict[str, Chart], tmp_path: Path) -> None:
    for chart in charts.values():
        top = ET.parse(save_chart(chart, tmp_path)[0]).getroot()
        assert top.get("role") == "img"
        parts = [part for part in top if part.tag in (f"{SVG}title", f"{SVG}desc")]
        named = {part.get("id"): part.text for part in parts}
        assert (top.get("aria-labelledby") or "").split() == list(named)
        title, text = named.values()
        assert title == chart.title
        assert text == f"{chart.subtitle}\n{chart.text}"
        assert not top.findall(f".//{SVG}text"), "text must be drawn as paths"
        assert "date" not in {part.tag.rpartition("}")[2] for part in top.iter()}


@pytest.mark.slow
def test_the_same_comparison_gives_the_same_bytes(comparison: Comparison, tmp_path: Path) -> None:
    folders = tmp_path / "one", tmp_path / "two"
    for folder in folders:
        for chart in draw_charts(comparison):
            save_chart(chart, folder)
    one, two = ({p.name: p.read_bytes() for p in sorted(f.iterdir())} for f in folders)
    assert one == two
    assert len(one) == 12
