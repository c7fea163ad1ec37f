"""Chart of where children wait: children without a worker by team, and how long they wait."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.config.counted import counted
from sim.engine.records import Array
from sim.experiment.compare import Comparison, headline_column
from sim.experiment.statistics import FEWEST_RUNS, Summary, summarise
from sim.experiment.variant import COUNCIL
from sim.presentation import words
from sim.presentation.charts.chart import Chart
from sim.presentation.charts.row_groups import ROW_IN, Group, Row, Section, write_section
from sim.presentation.charts.style import HATCHES, INK, LINE_COLOURS, make_page, reach
from sim.presentation.findings import NO_CHANGE, Verdict, options, shared, verdict
from sim.presentation.ranges import runs_of
from sim.presentation.rows import has_casework

WAITING, DAYS = "unallocated", "unallocated_days"
MOST_TEAMS, MOST_SCENARIOS = 6, 4
MONTHS = 12
FEW = 0.5
"""Children below which a number reads as none."""
LEAST_AXIS = 10.0
"""Least end of the axis: a child or two must not look like a crowd."""


@dataclass(frozen=True)
class Waiting:
    """Children of one team without a worker under one scenario, mean of the month ends of a year.

    Attributes:
        children: over the runs.
        days: days waited so far, mean of the children met waiting; nan if there are none.
        met: share of month ends, over all runs, at which somebody waits.
    """

    children: Summary
    days: float
    met: float

    @property
    def mean(self) -> float:
        """Mean over the runs."""
        return float(self.children.mean)

    @property
    def p90(self) -> float:
        """What one run in ten reaches."""
        return float(self.children.p90)


@dataclass(frozen=True)
class Team:
    """A team, or the whole council, and what waits there by scenario."""

    name: str
    waiting: tuple[Waiting, ...]


def where_children_wait(comparison: Comparison) -> Chart | None:
    """Draw children without a worker by team under each scenario; None without casework."""
    if not has_casework(comparison):
        return None
    months = _months(comparison)
    names = comparison.plans[0].team_names
    every = ("Whole council", *names[:MOST_TEAMS])
    teams = [_team(comparison, row, name) for row, name in enumerate(every)]
    title = _title(comparison, teams, months)
    notes = [
        f"First {MOST_TEAMS} of {len(names)} teams." if len(names) > MOST_TEAMS else "",
        words.first_only(comparison),
    ]
    subtitle = (
        "Open cases without a worker at a month’s end, children and care leavers, mean of the"
        f" {_span(months)} to {words.day(comparison.dates[months.stop - 1])},"
        f" {comparison.study.council.name}. Bar: mean of runs; tick:"
        f" {words.one_run(comparison.pairs)} has as many or more. Days: waited so far, mean of the"
        " children met waiting."
        f" {' '.join(note for note in notes if note)}"
    ).strip()
    section = _section(comparison, teams)
    page = make_page(title, subtitle, words.caption(comparison), section.height)
    _draw(*write_section(page, section, page.top), teams)
    text = _text(comparison, teams, months)
    return Chart("where_children_wait", title, subtitle, text, page.figure)


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
    count = min(MOST_SCENARIOS, len(comparison.scenarios))
    return Team(name, tuple(_waiting(comparison, s, row) for s in range(count)))


def _waiting(comparison: Comparison, scenario: int, row: int) -> Waiting:
    children = _values(comparison, scenario, WAITING, row)
    days = _values(comparison, scenario, DAYS, row)
    met = float(children.sum())
    return Waiting(
        summarise(children.mean(axis=1), comparison.variants[0].draws),
        float((children * days).sum()) / met if met else np.nan,
        float((children > 0).mean()),
    )


# Drawing ----------------------------------------------------------------------------------


def _section(comparison: Comparison, teams: list[Team]) -> Section:
    names = words.short_names(comparison)
    groups = tuple(
        Group(
            team.name,
            tuple(
                Row(name, (words.number(w.mean, 1), words.number(w.p90, 1), _days(w)))
                for name, w in zip(names, team.waiting, strict=False)
            ),
        )
        for team in teams
    )
    many = words.one_run(comparison.pairs)
    return Section(groups, (("Mean", 0.9), (many, 1.35), ("Days", 0.85)), "Children")


def _days(waiting: Waiting) -> str:
    if np.isnan(waiting.days):
        return "–"
    return "under 1" if waiting.days < FEW else words.number(waiting.days)


def _draw(axes: Axes, heights: list[list[float]], teams: list[Team]) -> None:
    for middles, team in zip(heights, teams, strict=True):
        for s, (y, waiting) in enumerate(zip(middles, team.waiting, strict=True)):
            axes.barh(
                y,
                waiting.mean,
                0.72 * ROW_IN,
                color=LINE_COLOURS[s],
                hatch=HATCHES[s],
                edgecolor="white",
                linewidth=0,
            )
            ends = (y - 0.45 * ROW_IN, y + 0.45 * ROW_IN)
            axes.vlines(waiting.p90, *ends, color=INK, linewidth=2.5)
    drawn = [v for team in teams for w in team.waiting for v in (w.mean, w.p90)]
    axes.set_xlim(0, max(LEAST_AXIS, reach(drawn, 1.05)))
    axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))


# Words ------------------------------------------------------------------------------------


def _title(comparison: Comparison, teams: list[Team], months: slice) -> str:
    council = teams[COUNCIL].waiting
    when = words.month(comparison.dates[months.stop - 1])
    if all(max(w.mean, w.p90) < FEW for w in council):
        return f"Hardly a child waits for a worker in the year to {when}"
    return f"{_base(teams, comparison.pairs)}{_compared(comparison, len(council))}"


def _base(teams: list[Team], pairs: int) -> str:
    """What doing nothing shows."""
    council = teams[COUNCIL].waiting[0]
    place = max(teams[1:], key=lambda team: team.waiting[0].mean).name
    if float(council.children.p50) >= FEW:
        many = counted(words.number(council.mean), "child waits", "children wait")
        return f"{many} for a worker, most in the {place} team"
    if council.p90 >= FEW:
        many = words.number(council.p90)
        one = words.one_run(pairs)
        return f"In most runs hardly a child waits for a worker; in {one}, {many} or more"
    runs = "9 runs in 10" if pairs >= FEWEST_RUNS else f"all {pairs} runs"
    return f"In {runs} hardly a child waits for a worker"


def _compared(comparison: Comparison, count: int) -> str:
    """What the options change in the council's children without a worker."""
    base = _values(comparison, 0, WAITING, COUNCIL).mean(axis=1)
    found = []
    for scenario in range(1, count):
        change = _values(comparison, scenario, WAITING, COUNCIL).mean(axis=1) - base
        summary = summarise(change, comparison.variants[0].draws)
        found.append(verdict(runs_of(summary)))
    if not found:
        return ""
    among = len(comparison.scenarios) - 1
    who, s = options(len(found), among).lower(), "s" if count == 2 else ""
    match shared(found):
        case Verdict.MORE | Verdict.FEWER as change:
            return f"; {who} leave{s} {change}"
        case Verdict.UNTESTED:
            return "; too few runs to compare options"
        case Verdict.UNCLEAR:
            verb = "the option makes" if count == 2 else "options make"
            return f"; {verb} {NO_CHANGE}"
    return f"; {found.count(Verdict.FEWER)} of {len(found)} options leave fewer"


def _text(comparison: Comparison, teams: list[Team], months: slice) -> str:
    parts = [
        f"Children without a worker, mean of the {_span(months)} to"
        f" {words.day(comparison.dates[months.stop - 1])}, mean of runs"
        f" ({words.one_run(comparison.pairs)} has as many or more), days that those met waiting had"
        " waited, and share of month ends at which somebody waits:"
    ]
    names = words.full_names(comparison)
    for team in teams:
        told = [f"{name} {_told(w)}" for name, w in zip(names, team.waiting, strict=False)]
        parts.append(f"- {team.name}: {'; '.join(told)}.")
    parts += [words.not_drawn(comparison, MOST_SCENARIOS), words.caption(comparison)]
    return "\n".join(part for part in parts if part)


def _told(waiting: Waiting) -> str:
    mean, p90 = words.number(waiting.mean, 1), words.number(waiting.p90, 1)
    met = f"{words.number(100 * waiting.met)}% of month ends"
    if np.isnan(waiting.days):
        return f"{mean} ({p90}), {met}"
    noun = "day" if round(waiting.days) in (0, 1) else "days"
    return f"{mean} ({p90}), {_days(waiting)} {noun}, {met}"
