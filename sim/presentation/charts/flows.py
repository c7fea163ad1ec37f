"""Chart of people in and out over a year, by team: who joined, left and moved, and the net."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.config.counted import counted
from sim.engine.records import Array
from sim.experiment.compare import Comparison
from sim.experiment.readings import flow
from sim.experiment.statistics import summarise
from sim.outcomes.flows import LEAVERS, STARTERS
from sim.presentation import words
from sim.presentation.charts.chart import Chart
from sim.presentation.charts.grid import (
    Cell,
    Column,
    Group,
    Row,
    Section,
    change_in,
    how_told,
    in_words,
    key,
    level_in,
    look_of,
)
from sim.presentation.charts.grid_drawing import draw_sections
from sim.presentation.ranges import Runs, runs_of

MOST_SCENARIOS, NAMES_IN = 3, 1.3
SHOWN = 0.05
"""FTE from which a number is not written 0.0."""


@dataclass(frozen=True)
class Year:
    """Social workers of one team over 12 months, FTE, by run.

    Attributes:
        team: its name.
        left: who left the council.
        moved: who came from another post inside it, less who went to one.
        joined: who joined the council.
        other: hours, re-coding and transfers: neither joined nor left.
    """

    team: str
    left: Array
    moved: Array
    joined: Array
    other: Array

    @property
    def net(self) -> Array:
        """What the team gains: its people in post at the end less those at the beginning."""
        return self.joined - self.left + self.moved + self.other


def people_in_and_out(comparison: Comparison, scenarios: Sequence[int], column: int) -> Chart:
    """Draw who came and went in the 12 months to a month end, by team.

    Args:
        comparison: where the numbers come from.
        scenarios: which of its scenarios, three at most.
        column: the month end.
    """
    chosen = list(scenarios)[:MOST_SCENARIOS]
    years = [year_by_team(comparison, scenario, column) for scenario in chosen]
    names = [comparison.scenarios[scenario].name for scenario in chosen]
    section = _section(comparison, chosen, years, names)
    when = words.day(comparison.dates[column])
    nothing = chosen[0] == 0 and not comparison.scenarios[0].measures
    if nothing and len(chosen) > 1:
        label = comparison.scenarios[chosen[-1]].label
        title = _title_of_change(comparison, years[0], years[-1], label)
    else:
        title = _title(comparison, years[0], nothing)
    subtitle = (
        f"Social workers, FTE, {comparison.study.council.name}, 12 months to {when}. Moved or"
        " other: from other posts of the council less to them, hours, re-coding and transfers."
        f" {key(comparison.pairs)} Middles do not add up; each run does."
    )
    page = draw_sections(title, subtitle, words.caption(comparison), [section])
    text = in_words(
        f"Social workers in and out in the 12 months to {when}, FTE, {how_told(comparison.pairs)}:",
        section,
        words.caption(comparison),
    )
    return Chart("people_in_and_out", title, subtitle, text, page.figure)


def year_by_team(comparison: Comparison, scenario: int, column: int) -> list[Year]:
    """Who came and went in the 12 months to a month end, by run."""
    teams = [team.name for team in comparison.study.council.teams]

    def total(names: Sequence[str], row: int) -> Array:
        flows = [flow(comparison, scenario, name, column, row) for name in names]
        summed: Array = np.stack(flows).sum(axis=0)
        return summed

    return [
        Year(
            team,
            left=total(LEAVERS, row),
            moved=total(("internal_in",), row) - total(("internal_out",), row),
            joined=total(STARTERS, row),
            other=total(("other_net_change",), row),
        )
        for row, team in enumerate(teams, start=1)
    ]


def _runs(comparison: Comparison, values: Array) -> Runs:
    return runs_of(summarise(values, comparison.average.draws))


def _section(
    comparison: Comparison,
    scenarios: Sequence[int],
    years: Sequence[Sequence[Year]],
    names: Sequence[str],
) -> Section:
    level, change = level_in(1), change_in(1)
    columns = (
        Column("Left", "FTE", level, scale="flow"),
        Column("Joined", "FTE", level, scale="flow"),
        Column("Moved or other", "FTE", change, scale="change"),
        Column("Net", "FTE", change, scale="change"),
    )
    groups = tuple(
        Group(
            name,
            tuple(
                Row(
                    year.team,
                    tuple(
                        Cell(_runs(comparison, values))
                        for values in (year.left, year.joined, year.moved + year.other, year.net)
                    ),
                    look_of(scenario),
                )
                for year in rows
            ),
        )
        for scenario, name, rows in zip(scenarios, names, years, strict=True)
    )
    return Section(columns, groups, NAMES_IN)


# Words ------------------------------------------------------------------------------------


def _title(comparison: Comparison, years: Sequence[Year], nothing: bool) -> str:
    joined, left = (
        _runs(comparison, np.stack(values).sum(axis=0)).middle
        for values in ([y.joined for y in years], [y.left for y in years])
    )
    verb = (
        "more than"
        if joined > left + 0.5
        else "fewer than"
        if joined < left - 0.5
        else "as many as"
    )
    which = "Doing nothing: " if nothing else ""
    people = counted(words.number(joined), "social worker joins", "social workers join")
    leave = counted(words.number(left), "who leaves", "who leave")
    return f"{which}{people} in a year, {verb} the {leave}"


def _title_of_change(
    comparison: Comparison, nothing: Sequence[Year], years: Sequence[Year], label: str
) -> str:
    """The teams whose net gain a scenario changes most."""
    change = {
        own.team: _runs(comparison, own.net - base.net).middle
        for base, own in zip(nothing, years, strict=True)
    }
    best, worst = max(change, key=lambda t: change[t]), min(change, key=lambda t: change[t])
    gain = f"{label}: {best.lower()} gains {words.number(change[best], 1)} more in a year"
    if not change[best] >= SHOWN:
        gain = f"{label}: no team gains more in a year"
    if not change[worst] <= -2 * SHOWN:
        return gain
    return f"{gain}, {worst.lower()} {words.number(-change[worst], 1)} fewer"
