"""Chart of where children wait: children without a worker by team, and how long they wait."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.config.counted import counted
from sim.engine.records import Array
from sim.experiment.compare import Comparison, headline_column
from sim.experiment.statistics import summarise
from sim.experiment.variant import COUNCIL
from sim.presentation import words
from sim.presentation.charts.chart import Chart
from sim.presentation.charts.grid import (
    FEW,
    NO_VALUE,
    Cell,
    Column,
    Group,
    Row,
    Section,
    how_told,
    in_words,
    key,
    level_in,
    look_of,
)
from sim.presentation.charts.grid_drawing import draw_sections
from sim.presentation.findings import NO_CHANGE, Verdict, commonest, options, shared, verdict
from sim.presentation.ranges import Runs, runs_of
from sim.presentation.rows import has_casework

WAITING, DAYS = "unallocated", "unallocated_days"
MOST_TEAMS, MONTHS, NAMES_IN = 4, 12, 1.8
NEXT_TO_NONE = 0.5
"""Children below which a number reads as none."""
LEAST_AXIS = 10.0
"""Least length of the axis: a child or two must not look like a crowd."""
WHOLE = "Whole council"


@dataclass(frozen=True)
class Waiting:
    """Children of one team without a worker under one scenario, mean of the month ends of a year.

    Attributes:
        children: over the runs.
        days: days waited so far, mean of the children met waiting; nan if there are none.
        met: per cent of month ends, over all runs, at which somebody waits.
    """

    children: Runs
    days: float
    met: float


@dataclass(frozen=True)
class Team:
    """A team, or the whole council, and what waits there by scenario."""

    name: str
    waiting: tuple[Waiting, ...]

    @property
    def reached(self) -> float:
        """What 1 run in 10 reaches under the scenario with most."""
        return max(w.children.high for w in self.waiting)


def where_children_wait(comparison: Comparison) -> Chart | None:
    """Draw children without a worker by team under each scenario; None without casework."""
    if not has_casework(comparison):
        return None
    months = _months(comparison)
    every = [WHOLE, *comparison.plans[0].team_names]
    council, *teams = [_team(comparison, row, name) for row, name in enumerate(every)]
    shown, note = _shown(comparison, teams)
    title = _title(comparison, council, teams, months)
    section = _section(comparison, [council, *shown])
    subtitle = (
        "Open cases without a worker at a month’s end, children and care leavers, mean of the"
        f" {_span(months)} to {words.day(comparison.dates[months.stop - 1])},"
        f" {comparison.study.council.name}. {key(comparison.pairs)} Days: waited so far, mean of"
        " the children met waiting. Met: share of month ends, over all runs, at which somebody"
        f" waits. {note}"
    ).strip()
    page = draw_sections(title, subtitle, words.caption(comparison), [section])
    text = in_words(
        f"Children without a worker, mean of the {_span(months)} to"
        f" {words.day(comparison.dates[months.stop - 1])}, {how_told(comparison.pairs)}:",
        section,
        note,
        words.caption(comparison),
    )
    return Chart("where_children_wait", title, subtitle, text, page.figure)


# Numbers ----------------------------------------------------------------------------------


def _months(comparison: Comparison) -> slice:
    """Columns of the 12 month ends to the headline date, or of as many as there are."""
    k = headline_column(comparison)
    return slice(max(0, k + 1 - MONTHS), k + 1)


def _span(months: slice) -> str:
    count = months.stop - months.start
    return "month end" if count == 1 else counted(count, "month end")


def _values(comparison: Comparison, scenario: int, indicator: str, row: int) -> Array:
    """By run and month."""
    return comparison.average.values(scenario, indicator, row)[:, _months(comparison)]


def _team(comparison: Comparison, row: int, name: str) -> Team:
    scenarios = range(len(comparison.scenarios))
    return Team(name, tuple(_waiting(comparison, s, row) for s in scenarios))


def _waiting(comparison: Comparison, scenario: int, row: int) -> Waiting:
    children = _values(comparison, scenario, WAITING, row)
    days = _values(comparison, scenario, DAYS, row)
    met = float(children.sum())
    return Waiting(
        runs_of(summarise(children.mean(axis=1), comparison.average.draws)),
        float((children * days).sum()) / met if met else np.nan,
        100 * float((children > 0).mean()),
    )


def _shown(comparison: Comparison, teams: list[Team]) -> tuple[list[Team], str]:
    """Teams in which somebody waits, where most do first; and how many others there are."""
    most = MOST_TEAMS if len(comparison.scenarios) <= FEW else 1
    waits = [team for team in teams if team.reached >= NEXT_TO_NONE]
    waits = sorted(waits, key=lambda team: -team.reached)
    if not waits:
        return [], ""
    shown = waits[:most]
    rest = len(teams) - len(shown)
    if not rest:
        return shown, ""
    other = f"In the other {counted(rest, 'team')}"
    return shown, f"{other} fewer wait." if len(waits) > most else f"{other} hardly a child waits."


def _section(comparison: Comparison, teams: list[Team]) -> Section:
    columns = (
        Column(f"Middle ({words.spread_of(comparison.pairs)})", "Children", level_in(1),
               least=LEAST_AXIS),
        Column("Days"),
        Column("Met"),
    )  # fmt: skip
    names = words.short_names(comparison)
    groups = tuple(
        Group(
            team.name,
            tuple(
                Row(name, (Cell(w.children), Cell(words=_days(w)), Cell(words=_met(w))), look_of(s))
                for s, (name, w) in enumerate(zip(names, team.waiting, strict=True))
            ),
        )
        for team in teams
    )
    return Section(columns, groups, NAMES_IN)


def _days(waiting: Waiting) -> str:
    if np.isnan(waiting.days):
        return NO_VALUE
    return "under 1" if waiting.days < NEXT_TO_NONE else words.number(waiting.days)


def _met(waiting: Waiting) -> str:
    return f"{words.number(waiting.met)}%"


# Words ------------------------------------------------------------------------------------


def _title(comparison: Comparison, council: Team, teams: list[Team], months: slice) -> str:
    when = words.month(comparison.dates[months.stop - 1])
    first = council.waiting[0].children
    if all(w.children.most < NEXT_TO_NONE for w in council.waiting):
        return f"Hardly a child waits for a worker in the year to {when}"
    if first.middle >= NEXT_TO_NONE:
        place = max(teams, key=lambda team: team.waiting[0].children.middle).name
        many = counted(words.number(first.middle), "child waits", "children wait")
        base = f"{many} for a worker, most in the {place} team"
        return f"{base}{_compared(comparison, council)}"
    one, most = words.one_run(comparison.pairs), words.number(first.high)
    if first.high >= NEXT_TO_NONE:
        base = f"In most runs hardly a child waits for a worker; in {one}, {most} or more"
        return f"{base}{_reached(council)}"
    if council.reached >= NEXT_TO_NONE:
        return f"Hardly a child waits for a worker; in {one}, {most} or more{_reached(council)}"
    return f"Hardly a child waits for a worker in most runs of the year to {when}"


def _reached(council: Team) -> str:
    """What 1 run in 10 reaches with the options: the middle says nothing of the bad runs."""
    others = [w.children.high for w in council.waiting[1:]]
    if not others:
        return ""
    who = "the option" if len(others) == 1 else "the options"
    return f"; with {who}, {words.between(min(others), max(others))} or more"


def _compared(comparison: Comparison, council: Team) -> str:
    """What the options change in the council's children without a worker."""
    base = _values(comparison, 0, WAITING, COUNCIL).mean(axis=1)
    found = []
    for scenario in range(1, len(council.waiting)):
        change = _values(comparison, scenario, WAITING, COUNCIL).mean(axis=1) - base
        found.append(verdict(runs_of(summarise(change, comparison.average.draws))))
    if not found:
        return ""
    who, s = options(len(found)).lower(), "s" if len(found) == 1 else ""
    match shared(found):
        case Verdict.MORE | Verdict.FEWER as change:
            return f"; {who} leave{s} {change}"
        case Verdict.UNTESTED:
            return "; too few runs to compare options"
        case Verdict.UNCLEAR:
            verb = "the option makes" if len(found) == 1 else "options make"
            return f"; {verb} {NO_CHANGE}"
    most, count = commonest(found) or (Verdict.FEWER, 0)
    return f"; {count} of {len(found)} options leave {most}"
