"""Charts of a made-up comparison, whose numbers are known."""

import dataclasses
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.text import Annotation, Text
from rich.table import Table

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
from sim.presentation.charts.grid_drawing import THICK
from sim.presentation.charts.style import spread, text_width, wrap
from sim.presentation.findings import Verdict, mixed, verdict
from sim.presentation.headline_funding import funding_table
from sim.presentation.ranges import Runs
from sim.scenario.posts import funds_posts_alone
from sim.scenario.scenario import baseline, load_scenario
from tests.held import HeldRuns, held_variant, tables
from tests.phrases import found_in
from tests.unit.boxes import cut_off, overlapping, words_in

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
    names = [package.name, *(f"Another package, number {s}, {'wide ' * 9}" for s in range(2, 13))]
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


def with_short_names(comparison: Comparison) -> Comparison:
    """The same with a name for each option as a planner would write it."""
    first, *options = comparison.scenarios
    named = [
        option.model_copy(update={"short_name": f"{s} posts in all teams"})
        for s, option in enumerate(options, start=1)
    ]
    study = dataclasses.replace(comparison.study, scenarios=(first, *named))
    return dataclasses.replace(comparison, study=study)


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
        (
            "people_and_posts",
            ["Do nothing: in post 300 (299 to 301); agency cover 50", "in post +10 (+9 to +11)"],
        ),
        ("yield", ["24 social work posts funded", "+10.0 (+9.2 to +10.8)", "Hiring response 0.8"]),
        ("spend_against_budget", ["2023/24:", "+1.0 (", "spent 21.0; budget 20.0", "8 September"]),
        ("targets", ["Target of 100 social workers", "45.0", "Target of 6 team managers", "3.0"]),
    ],
)
def test_the_text_alternative_has_the_numbers(
    charts: dict[str, Chart], name: str, numbers: list[str]
) -> None:
    for number in [*numbers, f"{PAIRS} paired runs", "seed 7", "is judgement", "cost line)."]:
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


def test_many_scenarios_are_all_drawn() -> None:
    comparison = made_up(6)
    charts = {chart.name: chart for chart in draw_charts(comparison)}
    assert charts["people_and_posts"].title.startswith("All 5 options hold more")
    spend = charts["spend_against_budget"]
    assert spend.title.startswith("All 6 scenarios overspend")
    assert "2023/24:" in spend.text
    assert "2022/23:" not in spend.text, "one year where scenarios are many"


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


def posts_alone(extra: list[float]) -> Comparison:
    """48 posts and nothing else, with so many extra people in each run."""
    comparison = made_up(2, pairs=len(extra), gammas=())
    council, sources = comparison.study.council, load_evidence().sources
    scenarios = (baseline(), load_scenario("posts_48", council, sources))
    nothing, posts = tables(comparison.variants[0])
    posts[:, INDEX["funded_posts_fte"]] = 48.0
    gained = np.array(extra)[:, None, None]
    posts[:, INDEX["inpost_fte"]] = nothing[:, INDEX["inpost_fte"]] + gained
    study = dataclasses.replace(comparison.study, scenarios=scenarios)
    return dataclasses.replace(comparison, study=study)


def test_people_per_post_are_of_the_middle_run_beside_it() -> None:
    comparison = posts_alone([12.0] * 9 + [48.0])
    chart = {chart.name: chart for chart in draw_charts(comparison)}["yield"]
    assert "extra" not in chart.text.partition("\n")[2]
    assert "middle (8 runs in 10) +12.0 (+12.0 to +15.6" in chart.text
    assert "posts 48; per post 0.25" in chart.text, "the mean of the runs is 0.33"


def test_a_package_of_other_things_has_no_people_per_post() -> None:
    chart = {chart.name: chart for chart in draw_charts(made_up(2))}["yield"]
    assert "per post" not in chart.text
    assert not funds_posts_alone(made_up(2).scenarios[1].measures)
    assert not funds_posts_alone(baseline().measures)


def test_the_table_tells_people_per_post_where_the_chart_does() -> None:
    row = "People gained per post open that day"
    assert row in first_cells(funding_table(posts_alone([12.0] * 10), [1]))
    assert row not in first_cells(funding_table(made_up(2), [1]))


def first_cells(table: Table) -> list[str]:
    return [str(cell) for cell in table.columns[0].cells]


def test_the_month_reported_is_the_third_march(comparison: Comparison) -> None:
    assert comparison.dates[headline_column(comparison)].isoformat() == "2024-03-31"
    short = dataclasses.replace(comparison, dates=comparison.dates[:10])
    assert short.dates[headline_column(short)].isoformat() == "2022-03-31"
    shorter = dataclasses.replace(comparison, dates=comparison.dates[:3])
    assert headline_column(shorter) == 2


# The drawing ------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2, 5, 13])
def test_no_words_overlap_or_leave_the_page(count: int) -> None:
    for chart in draw_charts(made_up(count)):
        assert overlapping(chart.figure) == [], chart.name
        assert cut_off(chart.figure) == [], chart.name


def test_words_that_overlap_or_leave_the_page_are_found() -> None:
    figure = Figure()
    for x, y, text in ((0.5, 0.5, "one"), (0.51, 0.5, "two"), (0.99, 0.1, "three")):
        figure.text(x, y, text)
    assert overlapping(figure) == [("one", "two")]
    assert cut_off(figure) == ["three"]


@pytest.mark.parametrize("count", [2, 5, 13])
def test_a_chart_is_as_large_as_the_page_that_it_is_printed_on(count: int) -> None:
    for chart in draw_charts(with_short_names(made_up(count))):
        wide, high = chart.figure.get_size_inches()
        assert wide * 2.54 == pytest.approx(16.0, abs=0.05)
        assert high * 2.54 <= 25.7, (chart.name, "A4 with margins of 2 cm")


def test_no_name_of_twelve_options_is_cut() -> None:
    comparison = with_short_names(made_up(13))
    for chart in draw_charts(comparison):
        drawn = " ".join(text.replace("\n", " ") for text, _ in words_in(chart.figure))
        assert "…" not in drawn, chart.name
        for scenario in comparison.scenarios:
            named = scenario.label in drawn
            assert named or (chart.name == "yield" and not scenario.measures), scenario.label


def test_no_word_of_a_heading_is_broken(charts: dict[str, Chart]) -> None:
    for chart in charts.values():
        for text, _ in words_in(chart.figure):
            flat = text.replace("\n", " ")
            for word in ("Spent", "Budget", "Middle (8 runs in 10)", "Empty, no agency cover"):
                assert word.replace(" ", "") not in flat.replace(" ", "") or word in flat


def test_charts_hold_no_phrase_that_readers_do_not_know(charts: dict[str, Chart]) -> None:
    for chart in charts.values():
        told = f"{chart.title}\n{chart.subtitle}\n{chart.text}"
        assert list(found_in(told, on_screen=True)) == [], chart.name


def labelled_ends(figure: Figure) -> list[tuple[str, float]]:
    """Texts that a thin line joins to a point, with the height of that point."""
    found = []
    for axes in figure.axes:
        for text in axes.texts:
            if isinstance(text, Annotation) and text.arrow_patch is not None:
                found.append((text.get_text(), float(text.xy[1])))
                assert text.xy[0] == pytest.approx(max(axes.get_xlim()), abs=0.01)
    return found


@pytest.mark.parametrize("name", ["people_and_posts", "targets"])
def test_leader_lines_end_at_the_value_they_name(name: str) -> None:
    comparison = made_up(3)
    months = np.arange(len(comparison.dates), dtype=np.float64)
    for table in tables(comparison.variants[0]):
        for indicator in ("target_social_worker", "inpost_fte", "establishment_fte"):
            table[:, INDEX[indicator]] += months
    chart = {chart.name: chart for chart in draw_charts(comparison)}[name]
    ends = labelled_ends(chart.figure)
    assert len(ends) >= 3
    for text, end in ends:
        number = re.findall(r"[\d,.]+", text)[-1]
        assert float(number.replace(",", "")) == pytest.approx(end, abs=0.5), text


def test_words_and_drawing_tell_the_same(charts: dict[str, Chart]) -> None:
    for chart in charts.values():
        text = chart.text
        ranges = [t.replace("\n", " ") for t, _ in words_in(chart.figure) if " to " in t]
        ranges = [t for t in ranges if re.fullmatch(r"[+−\d,.]+ \([+−\d,.]+ to [+−\d,.]+\)", t)]
        assert ranges or chart.name == "targets", "whose numbers are the same in every run"
        for one in ranges:
            assert one.removesuffix(")") in text, (chart.name, one)
        for label, _ in labelled_ends(chart.figure):
            assert re.findall(r"[\d,.]+", label)[-1] in text


def test_lines_reach_from_end_to_end_of_the_ranges_written(charts: dict[str, Chart]) -> None:
    (axes,) = charts["yield"].figure.axes
    thick = [line for line in axes.lines if line.get_linewidth() == THICK]
    drawn = [tuple(np.round(np.asarray(line.get_xdata(), float), 1)) for line in thick]
    written = [
        tuple(float(n.replace("+", "")) for n in re.findall(r"[+\d.]+", text)[1:])
        for text, _ in words_in(charts["yield"].figure)
        if re.fullmatch(r"\+[\d.]+ \(.+\)", text)
    ]
    assert drawn == written
    assert len(drawn) == 6


def test_no_band_lies_upon_another() -> None:
    for chart in draw_charts(made_up(5)):
        for axes in chart.figure.axes:
            bands = [one for one in axes.collections if isinstance(one, PolyCollection)]
            assert len(bands) in (0, 2), "the two ranges of one line"


def test_all_words_are_upright_and_large_enough(charts: dict[str, Chart]) -> None:
    for chart in charts.values():
        for text in chart.figure.findobj(Text):
            assert isinstance(text, Text)
            assert float(text.get_fontsize()) >= 9
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
