"""Charts of numbers that no study should have: nothing, no value, absurdly much, one month."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from sim.config.routes import Route
from sim.experiment.compare import Comparison
from sim.experiment.contributions import Contribution, Contributions, measures_that_act
from sim.outcomes.flows import FLOW_INDEX
from sim.outcomes.indicators import INDEX
from sim.presentation.charts import draw_charts
from sim.presentation.charts.changes import changes_of_worker
from sim.presentation.charts.chart import Chart, save_chart
from sim.presentation.charts.contribution import contribution_of_each
from sim.presentation.charts.cost_effect import Option, cost_against_effect
from sim.presentation.charts.filled import Line, funded_against_filled
from sim.presentation.charts.flows import people_in_and_out
from sim.presentation.charts.load import HIGHEST, load_by_team
from sim.presentation.charts.routes import workforce, workforce_by_route
from sim.presentation.charts.style import chart_style, reach, ticks_to
from tests.held import tables, with_tables
from tests.helpers import package
from tests.unit.test_case_charts import HANDOVERS, with_cases
from tests.unit.test_experiment_charts import around

MOST_TICKS = 30
PAIRS = 4


def every_value(comparison: Comparison, value: float) -> Comparison:
    """The comparison with one value in every table and ledger."""
    variants = tuple(
        with_tables(variant, [np.full_like(table, value) for table in tables(variant)])
        for variant in comparison.variants
    )
    ledgers = tuple(
        dataclasses.replace(
            ledger,
            spent_gbp=np.full_like(ledger.spent_gbp, value),
            planned_gbp=np.full_like(ledger.planned_gbp, value),
        )
        for ledger in comparison.ledgers
    )
    return dataclasses.replace(comparison, variants=variants, ledgers=ledgers)


def one_month(comparison: Comparison) -> Comparison:
    variants = tuple(
        with_tables(variant, [table[..., :1] for table in tables(variant)])
        for variant in comparison.variants
    )
    return dataclasses.replace(comparison, variants=variants, dates=comparison.dates[:1])


def with_options(count: int) -> Comparison:
    """A comparison of doing nothing and so many options."""
    comparison = with_cases(3, PAIRS)
    first = list(comparison.study.scenarios)
    names = [{"key": f"k{n}", "name": f"Plan {n}", "short_name": f"{n}"} for n in range(2, count)]
    more = [first[2].model_copy(update=name) for name in names]
    study = dataclasses.replace(comparison.study, scenarios=(*first, *more))

    def longer(parts: Sequence[Any]) -> tuple[Any, ...]:
        return (*parts, *[parts[-1]] * len(more))

    variants = tuple(with_tables(v, longer(tables(v))) for v in comparison.variants)
    return dataclasses.replace(
        comparison, study=study, variants=variants, plans=longer(comparison.plans),
        ledgers=longer(comparison.ledgers),
    )  # fmt: skip


def experiment_charts(comparison: Comparison, value: float) -> list[Chart]:
    months, teams = len(comparison.dates), 1 + len(comparison.plans[0].team_keys)
    flows = np.full((PAIRS, len(FLOW_INDEX), teams, months), value)
    routes = np.full((PAIRS, len(Route), months), value)
    count = len(comparison.scenarios)
    others = {"flows": flows, "inpost_by_route": routes}
    average = with_tables(comparison.variants[0], tables(comparison.variants[0]), others)
    done = dataclasses.replace(comparison, variants=(average, *comparison.variants[1:]))
    parts = tuple(
        Contribution(m, around(value), around(value)) for m in measures_that_act(package())
    )
    found = Contributions(parts, around(value), around(value))
    options = [Option(f"Option {i}", i * value, value) for i in range(12)]
    lines = [Line(gamma, (0.0, value)) for gamma in (0.1, 0.4)]
    return [
        contribution_of_each(done, found, "people", "FTE", "2024"),
        cost_against_effect(done, options, "people", "FTE", "2024"),
        funded_against_filled(done, (0.0, np.nan_to_num(value)), lines, "2024"),
        people_in_and_out(done, (0, 1), months - 1),
        workforce_by_route(done, [workforce(done, s) for s in range(count)]),
    ]


def most_ticks(figure: Figure) -> int:
    return max(len(a.get_xticks()) + len(a.get_yticks()) for a in figure.axes)


def assert_drawn(charts: list[Chart], folder: Path) -> None:
    for chart in charts:
        assert most_ticks(chart.figure) <= MOST_TICKS, chart.name
        save_chart(chart, folder)


ODD = {
    "zero": lambda: every_value(with_cases(3, PAIRS), 0.0),
    "no value": lambda: every_value(with_cases(3, PAIRS), np.nan),
    "absurd": lambda: every_value(with_cases(3, PAIRS), 1e16),
    "below zero": lambda: every_value(with_cases(3, PAIRS), -5.0),
    "one month": lambda: one_month(with_cases(3, PAIRS)),
    "no changes": lambda: with_cases(3, PAIRS, dict.fromkeys(HANDOVERS, 0.0)),
    "12 options": lambda: with_options(12),
}


@pytest.mark.slow
@pytest.mark.parametrize("odd", ODD)
def test_every_chart_is_drawn_without_a_warning(odd: str, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert_drawn(draw_charts(ODD[odd]()), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("value", [0.0, np.nan, 1e16, -5.0])
def test_so_are_those_of_experiments(value: float, tmp_path: Path) -> None:
    with warnings.catch_warnings(), chart_style():
        warnings.simplefilter("error")
        assert_drawn(experiment_charts(with_cases(2, PAIRS), value), tmp_path)


def test_an_absurd_load_is_cut_off_and_said() -> None:
    comparison = with_cases(1, PAIRS)
    tables(comparison.variants[0])[0][:, INDEX["load"], 1, 5] = 1.6e16
    with chart_style():
        chart = load_by_team(comparison)
    assert chart is not None
    assert f"Lines and bands are cut off at {HIGHEST:,.0f}%." in chart.subtitle
    assert most_ticks(chart.figure) <= MOST_TICKS


def test_an_axis_reaches_beyond_what_is_a_number() -> None:
    assert reach([3.0, np.nan, np.inf, -7.0], 1.1) == pytest.approx(3.3)
    assert reach([0.0, np.nan], 1.1) == reach([], 1.1) == pytest.approx(1.0)
    assert reach([-5.0], 1.1, 10.0) == pytest.approx(10.0)


@pytest.mark.parametrize("end", [1e-9, 0.3, 1.0, 110.0, 130.0, 999.0, 1000.0, 1.6e18])
def test_ticks_are_few_and_round(end: float) -> None:
    ticks = ticks_to(end, 5)
    assert 3 <= len(ticks) <= 6
    assert ticks[0] == 0
    assert ticks[-1] <= end * (1 + 1e-9)
    assert f"{ticks[1]:e}"[0] in "125"


def test_no_flow_is_no_gain() -> None:
    with chart_style():
        chart = {c.name: c for c in experiment_charts(with_cases(2, PAIRS), 0.0)}[
            "people_in_and_out"
        ]
    assert chart.title == "Mostly social workers: no team gains more in a year"


def test_counts_are_ticked_in_whole_numbers() -> None:
    with chart_style():
        chart = changes_of_worker(with_cases(2, PAIRS, dict.fromkeys(HANDOVERS, 0.0)))
    assert chart is not None
    ticks = [label.get_text() for label in chart.figure.axes[0].get_xticklabels()]
    assert len(ticks) == len(set(ticks))
