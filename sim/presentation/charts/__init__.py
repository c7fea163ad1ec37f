"""The charts of a comparison, each with its finding as title and a text alternative.

This module brings in matplotlib: import it late, where charts are wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sim.experiment.compare import Comparison
from sim.presentation.charts.changes import changes_of_worker
from sim.presentation.charts.chart import Chart, save_chart
from sim.presentation.charts.extra import extra_in_post
from sim.presentation.charts.load import load_by_team
from sim.presentation.charts.people import people_and_posts
from sim.presentation.charts.spend import spend_against_budget
from sim.presentation.charts.style import chart_style
from sim.presentation.charts.targets import targets
from sim.presentation.charts.waiting import where_children_wait

__all__ = ["NAMES", "Chart", "draw_chart", "draw_charts", "save_chart"]


_DRAWN: Mapping[str, Callable[[Comparison], Chart | None]] = {
    "people_and_posts": people_and_posts,
    "yield": extra_in_post,
    "spend_against_budget": spend_against_budget,
    "targets": targets,
    "load_by_team": load_by_team,
    "changes_of_worker": changes_of_worker,
    "where_children_wait": where_children_wait,
}
"""What draws each chart, by the stem of its files; None where it has no numbers."""
NAMES = tuple(_DRAWN)
_COMPARES = ("yield",)


def draw_chart(comparison: Comparison, name: str) -> Chart | None:
    """Draw one chart.

    Args:
        comparison: a finished comparison; the baseline alone will do.
        name: one of NAMES.

    Returns:
        The chart; None where the comparison has no numbers for it: the yield needs something
        beside doing nothing, targets a council that has set itself some, load, changes of worker
        and waiting children's cases.
    """
    if name in _COMPARES and len(comparison.scenarios) == 1:
        return None
    with chart_style():
        return _DRAWN[name](comparison)


def draw_charts(comparison: Comparison) -> list[Chart]:
    """Draw every chart that the comparison has numbers for, in the order of NAMES."""
    drawn = (draw_chart(comparison, name) for name in NAMES)
    return [chart for chart in drawn if chart is not None]
