"""The charts of a comparison, each with its finding as title and a text alternative.

This module brings in matplotlib: import it late, where charts are wanted.
"""

from __future__ import annotations

from sim.experiment.compare import Comparison
from sim.presentation.changes_chart import changes_of_worker
from sim.presentation.chart import Chart, save_chart
from sim.presentation.load_chart import load_by_team
from sim.presentation.people_chart import people_and_posts
from sim.presentation.spend_chart import spend_against_budget
from sim.presentation.style import chart_style
from sim.presentation.targets_chart import targets
from sim.presentation.waiting_chart import where_children_wait
from sim.presentation.yield_chart import extra_in_post

__all__ = ["Chart", "draw_charts", "save_chart"]


def draw_charts(comparison: Comparison) -> list[Chart]:
    """Draw every chart that the comparison has numbers for.

    Args:
        comparison: a finished comparison; the baseline alone will do.

    Returns:
        People and posts; extra people for the posts funded (not for a baseline alone); spend
        against budget; the council's own targets (where it has any); load, changes of worker
        and where children wait (where children's cases are simulated).
    """
    with chart_style():
        charts = [
            people_and_posts(comparison),
            extra_in_post(comparison) if len(comparison.scenarios) > 1 else None,
            spend_against_budget(comparison),
            targets(comparison),
            load_by_team(comparison),
            changes_of_worker(comparison),
            where_children_wait(comparison),
        ]
    return [chart for chart in charts if chart is not None]
