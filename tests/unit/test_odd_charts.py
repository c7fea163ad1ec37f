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
from sim.presentation.charts.limits import ticks_between
from sim.presentation.charts.load import load_by_team
from sim.presentation.charts.routes import workforce, workforce_by_route
from sim.presentation.charts.style import chart_style, reach
from sim.presentation.ranges import runs_of
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
    found = Contributions(parts, around(value), around(value), around(value))
    one = runs_of(around(value))
    options = [Option(f"Option {i}", one, one) for i in range(12)]
    lines = [Line(gamma, (one, one)) for gamma in (0.1, 0.4)]
    return [
        contribution_of_each(done, found, "people", "FTE", "2024"),
        cost_against_effect(done, options, "people", "FTE", "2024"),
        funded_against_filled(done, (0.0, float(np.nan_to_num(value))), lines, "2024"),
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
    _, high = chart.figure.axes[0].get_xlim()
    assert high < 1e4, "one team without workers must not flatten the others"
    assert most_ticks(chart.figure) <= MOST_TICKS


def test_an_axis_reaches_beyond_what_is_a_number() -> None:
    assert reach([3.0, np.nan, np.inf, -7.0], 1.1) == pytest.approx(3.3)
    assert reach([0.0, np.nan], 1.1) == reach([], 1.1) == pytest.approx(1.0)
    assert reach([-5.0], 1.1, 10.0) == pytest.approx(10.0)


@pytest.mark.parametrize(("low", "high"), [(0.0, 1e-9), (-3.0, 110.0), (0.0, 1.6e18)])
def test_ticks_are_few_and_round(low: float, high: float) -> None:
    ticks, labels = ticks_between(low, high, 4)
    assert 2 <= len(ticks) <= 5
    assert low <= ticks[0] < ticks[-1] <= high
    assert len(set(labels)) == len(labels)
    assert f"{ticks[1] - ticks[0]:e}"[0] in "125"


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
