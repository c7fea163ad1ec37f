"""Chart of load by team: work held as a share of full caseloads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.experiment.compare import Comparison, headline_column
from sim.experiment.variant import COUNCIL
from sim.presentation import words
from sim.presentation.charts.chart import Chart
from sim.presentation.charts.grid import (
    FEW,
    NOTHING,
    OPTION,
    Cell,
    Column,
    Group,
    Look,
    Row,
    Section,
    change_in,
    how_told,
    in_words,
    key,
)
from sim.presentation.charts.grid_drawing import draw_sections
from sim.presentation.findings import Verdict, commonest, options, shared, unclear
from sim.presentation.ranges import Runs, runs_of
from sim.presentation.rows import difference, has_casework, level, verdicts

LOAD = "load"
MOST_TEAMS, NAMES_IN = 6, 1.8
WHOLE = "Whole council"


@dataclass(frozen=True)
class Team:
    """One team, or the whole council, on the date.

    Attributes:
        name: its name.
        loads: by scenario, per cent of a full caseload.
        changes: of each scenario but the first, percentage points.
        found: the verdict on each of these.
    """

    name: str
    loads: tuple[Runs, ...]
    changes: tuple[Runs, ...]
    found: tuple[Verdict, ...]

    @property
    def most(self) -> float:
        """The largest change in the middle run, whatever its sign."""
        return max((abs(runs.middle) for runs in self.changes), default=0.0)


def load_by_team(comparison: Comparison) -> Chart | None:
    """Draw the load of each team under each scenario; None without casework."""
    if not has_casework(comparison):
        return None
    k = headline_column(comparison)
    every = _teams(comparison, k)
    if not every:
        return None
    shown = _shown(comparison, every, k)
    section, note = _section(comparison, shown), _note(comparison, every, shown)
    title = _title(every)
    subtitle = (
        "Work of the team’s children, those without a worker included, as % of the full caseloads"
        f" of those present, {comparison.study.council.name}, mean of the month to"
        f" {words.day(comparison.dates[k])}; dashed: a full caseload. {key(comparison.pairs)}"
        f" {note}"
    ).strip()
    page = draw_sections(title, subtitle, words.caption(comparison), [section])
    text = in_words(
        f"Load on {words.day(comparison.dates[k])} in per cent of a full caseload,"
        f" {how_told(comparison.pairs)}; change from the first scenario in points:",
        section,
        note,
        words.caption(comparison),
    )
    return Chart("load_by_team", title, subtitle, text, page.figure)


# Numbers ----------------------------------------------------------------------------------


def _team(comparison: Comparison, name: str, row: int, k: int) -> Team:
    count = len(comparison.scenarios)
    loads = [runs_of(level(comparison, s, LOAD, row), k, scale=100) for s in range(count)]
    changes = [
        runs_of(difference(comparison, s, LOAD, row=row), k, scale=100) for s in range(1, count)
    ]
    found = verdicts(comparison, LOAD, k, count, row)
    return Team(name, tuple(loads), tuple(changes), tuple(found))


def _teams(comparison: Comparison, k: int) -> list[Team]:
    """Teams that hold cases."""
    found = []
    for row, name in enumerate(comparison.plans[0].team_names, start=1):
        if not np.isnan(level(comparison, 0, LOAD, row).p50).all():
            found.append(_team(comparison, name, row, k))
    return found


def _shown(comparison: Comparison, every: list[Team], k: int) -> list[Team]:
    """The first teams; the council and the team that changes most where scenarios are many."""
    if len(comparison.scenarios) <= FEW:
        return every[:MOST_TEAMS]
    most = max(every, key=lambda team: np.nan_to_num(team.most))
    return [_team(comparison, WHOLE, COUNCIL, k), most]


def _note(comparison: Comparison, every: list[Team], shown: list[Team]) -> str:
    if len(comparison.scenarios) > FEW:
        return "Of the teams, the one that the options change most is shown."
    return f"First {MOST_TEAMS} of {len(every)} teams." if len(every) > len(shown) else ""


def _section(comparison: Comparison, teams: list[Team]) -> Section:
    names, sign = words.short_names(comparison), change_in(0)
    load = Column(
        f"Middle ({words.spread_of(comparison.pairs)})", "% of a full caseload", line_at=100.0
    )
    columns = (load, Column("Change")) if len(names) > 1 else (load,)
    groups = []
    for team in teams:
        rows = [_row(names[0], team.loads[0], "", NOTHING, len(columns))]
        rows += [
            _row(name, runs, change.beside(sign), OPTION, len(columns))
            for name, runs, change in zip(names[1:], team.loads[1:], team.changes, strict=True)
        ]
        groups.append(Group(team.name, tuple(rows)))
    return Section(columns, tuple(groups), NAMES_IN)


def _row(name: str, runs: Runs, change: str, look: Look, columns: int) -> Row:
    cells = (Cell(runs), Cell(words=change))[:columns]
    return Row(name, cells, look)


# Words ------------------------------------------------------------------------------------


def _title(teams: list[Team]) -> str:
    heaviest = max(teams, key=lambda team: np.nan_to_num(team.loads[0].middle, nan=-1.0))
    base = f"{heaviest.name} is the most loaded team, at {words.number(heaviest.loads[0].middle)}%"
    count = len(teams[0].found)
    if not count:
        return f"{base} of a full caseload"
    if shared(teams[0].found) is Verdict.UNTESTED:
        return f"{base} of a full caseload; too few runs to compare options"
    told_of = [(agreed, team) for team in teams if (agreed := commonest(team.found)) is not None]
    if not told_of:
        return f"{unclear(count, 'load')}; {base}"
    (verdict, among), team = max(told_of, key=lambda one: (one[0][1], one[1].most))
    values = [r.middle for r, f in zip(team.loads[1:], team.found, strict=True) if f is verdict]
    where = (
        f"in {team.name}: {words.between(min(values), max(values))}% of a full caseload,"
        f" against {words.number(team.loads[0].middle)}%"
    )
    verb = {Verdict.MORE: "raise", Verdict.FEWER: "lower"}[verdict] + ("" if among > 1 else "s")
    if among < count:
        return f"{among} of {count} options {verb} load {where}"
    return f"{options(count)} {verb} load most {where}"
