"""Chart of load by team over time: work held as a share of full caseloads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from sim.experiment.compare import Comparison, headline_column
from sim.experiment.statistics import Summary
from sim.presentation import words
from sim.presentation.charts.chart import Chart
from sim.presentation.charts.style import (
    INK,
    LINE_COLOURS,
    LINE_STYLES,
    MARKERS,
    make_page,
    panels,
    reach,
    shorten,
    size_of,
    spread,
    ticks_to,
)
from sim.presentation.charts.time_axis import label_years, mark_date, time_of
from sim.presentation.findings import Verdict, options, shared, unclear
from sim.presentation.ranges import runs_of
from sim.presentation.rows import difference, has_casework, level, verdicts

LOAD = "load"
MOST_TEAMS, MOST_LINES = 6, 4
PANEL_IN, HEADING_IN = 3.0, 0.4
TICKS_IN, YEARS_IN, LABELS_IN = 0.62, 0.65, 2.0
LABEL_GAP_IN, LABEL_LINES = 0.215, 2
FULL = "Full caseload"
USUAL_SHARE = 0.95
"""Share of the bands' ends that a panel must hold."""
HIGHEST = 1000.0
"""Per cent of a full caseload beyond which nothing is drawn: ten caseloads each."""
MOST_STEPS = 5


@dataclass(frozen=True)
class Team:
    """One team: its load by scenario, and what differs from doing nothing at the headline date.

    Attributes:
        row: its row in every table.
        loads: by scenario, fractions of a full caseload by month.
        found: the verdict on each scenario but the first.
    """

    row: int
    name: str
    loads: tuple[Summary, ...]
    found: tuple[Verdict, ...]

    def at(self, k: int) -> list[float]:
        """Per cent of a full caseload at a month, by scenario: the middle of the runs."""
        return [100 * float(load.p50[k]) for load in self.loads]


def load_by_team(comparison: Comparison) -> Chart | None:
    """Draw the load of each team under each scenario; None without casework."""
    if not has_casework(comparison):
        return None
    k = headline_column(comparison)
    every = _teams(comparison, k)
    if not every:
        return None
    teams = every[:MOST_TEAMS]
    top, cut = _top(teams)
    title = _title(comparison, teams, k)
    notes = [
        f"First {MOST_TEAMS} of {len(every)} teams." if len(every) > MOST_TEAMS else "",
        f"{cut} are cut off at {words.number(top)}%." if cut else "",
    ]
    subtitle = (
        "Work of the team’s children, those without a worker included, as a share of the full"
        " caseloads of those present, mean of the month, middle of the runs (median),"
        f" {words.period(comparison)}. Numbers are for {words.day(comparison.dates[k])}. Shaded"
        f" band: {words.spread_of(comparison.pairs)} of “{words.short_names(comparison)[0]}”."
        f" {' '.join(note for note in notes if note)}"
    ).strip()
    tall = max(PANEL_IN, _height_for(comparison, teams, k))
    page = make_page(title, subtitle, words.caption(comparison), -(-len(teams) // 2) * tall)
    names = [team.name for team in teams]
    for axes, team in zip(panels(page, names, TICKS_IN, YEARS_IN, LABELS_IN), teams, strict=True):
        _draw(axes, comparison, team, top)
        mark_date(axes, comparison.dates[k])
        _label(axes, comparison, team, k)
    text = _text(comparison, teams, k)
    return Chart("load_by_team", title, subtitle, text, page.figure)


def _teams(comparison: Comparison, k: int) -> list[Team]:
    """Teams that hold cases."""
    count = min(MOST_LINES, len(comparison.scenarios))
    result = []
    for row, name in enumerate(comparison.plans[0].team_names, start=1):
        loads = tuple(level(comparison, s, LOAD, row) for s in range(count))
        if not np.isnan(loads[0].p50).all():
            found = tuple(verdicts(comparison, LOAD, k, count, row))
            result.append(Team(row, name, loads, found))
    return result


def _top(teams: list[Team]) -> tuple[float, str]:
    """Top of every panel in per cent, and what it cuts, in words.

    A month in which a small team has hardly anybody left must not flatten all panels.
    """
    lines = reach((v for team in teams for load in team.loads for v in load.p50), 1.0)
    bands = np.array([team.loads[0].p90 for team in teams])
    usual = float(np.nanquantile(bands, USUAL_SHARE))
    top = min(float(np.ceil(11 * max(1.0, lines, usual)) * 10), HIGHEST)
    if 100 * lines > top:
        return top, "Lines and bands"
    return top, "Bands" if 100 * float(np.nanmax(bands)) > top else ""


# Drawing ----------------------------------------------------------------------------------


def _draw(axes: Axes, comparison: Comparison, team: Team, top: float) -> None:
    time = [time_of(date) for date in comparison.dates]
    band = team.loads[0]
    axes.fill_between(
        time, 100 * band.p10, 100 * band.p90, color=LINE_COLOURS[0], alpha=0.18, linewidth=0
    )
    axes.axhline(100, color=INK, linewidth=1)
    marks = [i for i, date in enumerate(comparison.dates) if date.month == 3]
    for s, load in enumerate(team.loads):
        axes.plot(
            time,
            100 * load.p50,
            color=LINE_COLOURS[s],
            linestyle=LINE_STYLES[s],
            linewidth=1.8,
            marker=MARKERS[s],
            markevery=marks,
            markersize=6,
        )
    axes.set_ylim(0, top)
    ticks = ticks_to(top, MOST_STEPS)
    axes.set_yticks(ticks, [f"{words.number(tick)}%" for tick in ticks])
    label_years(axes, comparison.dates)


def _labels(comparison: Comparison, team: Team, k: int) -> list[str]:
    """Name and number of each line, and the name of the full caseload."""
    names = words.short_names(comparison)
    texts = [
        shorten(name, LABELS_IN - 0.3, f": {words.number(value)}%", LABEL_LINES)
        for name, value in zip(names, team.at(k), strict=False)
    ]
    return [*texts, FULL]


def _gap(texts: list[str]) -> float:
    return LABEL_GAP_IN * max(text.count("\n") + 1 for text in texts)


def _height_for(comparison: Comparison, teams: list[Team], k: int) -> float:
    """Height of a panel that has room for its labels."""
    every = [_labels(comparison, team, k) for team in teams]
    return YEARS_IN + HEADING_IN + max(_gap(texts) * len(texts) for texts in every)


def _label(axes: Axes, comparison: Comparison, team: Team, k: int) -> None:
    """Name each line and the full caseload right of the panel, joined to where they end."""
    texts = _labels(comparison, team, k)
    top = axes.get_ylim()[1]
    ends = [min(100.0 * float(np.nan_to_num(load.p50[-1])), top) for load in team.loads] + [100.0]
    colours = [*LINE_COLOURS[: len(team.loads)], INK]
    per_inch = top / size_of(axes)[1]
    gap = _gap(texts) * per_inch
    places = spread(ends, gap, gap / 2, top)
    x = time_of(comparison.dates[-1])
    for text, end, place, colour in zip(texts, ends, places, colours, strict=True):
        axes.annotate(
            text,
            (x, end),
            xytext=(16, (place - end) / per_inch * 72),
            textcoords="offset points",
            va="center",
            color=INK,
            annotation_clip=False,
            arrowprops={
                "arrowstyle": "-",
                "color": colour,
                "linewidth": 1.2,
                "relpos": (0, 0.5),
                "shrinkA": 1,
                "shrinkB": 1,
            },
        )


# Words ------------------------------------------------------------------------------------


def _title(comparison: Comparison, teams: list[Team], k: int) -> str:
    heaviest = max(teams, key=lambda team: np.nan_to_num(team.at(k)[0], nan=-1.0))
    base = f"{heaviest.name} is the most loaded team, at {words.number(heaviest.at(k)[0])}%"
    count = len(teams[0].found)
    if not count:
        return f"{base} of a full caseload in {words.month(comparison.dates[k])}"
    if shared(teams[0].found) is Verdict.UNTESTED:
        return f"{base} of a full caseload; too few runs to compare options"
    told = [(agreed, team) for team in teams if (agreed := _agreed(team)) is not None]
    if not told:
        return f"{unclear(count, 'load')}; {base}"
    (verdict, among), team = max(told, key=lambda one: (one[0][1], _change(comparison, one[1], k)))
    values = [v for v, f in zip(team.at(k)[1:], team.found, strict=True) if f is verdict]
    where = (
        f"in {team.name}: {words.between(min(values), max(values))}% of a full caseload,"
        f" against {words.number(team.at(k)[0])}%"
    )
    many = among > 1
    verb = {Verdict.MORE: "raise", Verdict.FEWER: "lower"}[verdict] + ("" if many else "s")
    if among < count:
        return f"{among} of {count} options {verb} load {where}"
    return f"{options(count, len(comparison.scenarios) - 1)} {verb} load most {where}"


def _agreed(team: Team) -> tuple[Verdict, int] | None:
    """The clear verdict that most scenarios share, and how many; None if none is clear."""
    fewer, more = team.found.count(Verdict.FEWER), team.found.count(Verdict.MORE)
    if fewer or more:
        return (Verdict.FEWER, fewer) if fewer >= more else (Verdict.MORE, more)
    return None


def _change(comparison: Comparison, team: Team, k: int) -> float:
    """Size of the largest change of a team's load."""
    changes = [
        abs(float(difference(comparison, s, LOAD, row=team.row).mean[k]))
        for s in range(1, len(team.loads))
    ]
    return max(changes)


def _text(comparison: Comparison, teams: list[Team], k: int) -> str:
    names = words.full_names(comparison)
    parts = [
        f"Load on {words.day(comparison.dates[k])} in per cent of a full caseload, middle of the"
        f" runs ({words.spread_of(comparison.pairs)}); difference from the first scenario in"
        " points, likewise:"
    ]
    for team in teams:
        told = [_told(comparison, team, s, k) for s in range(len(team.loads))]
        listed = "; ".join(f"{name} {one}" for name, one in zip(names, told, strict=False))
        parts.append(f"- {team.name}: {listed}.")
    left_out = [words.not_drawn(comparison, MOST_LINES), words.caption(comparison)]
    return "\n".join([*parts, *(part for part in left_out if part)])


def _told(comparison: Comparison, team: Team, scenario: int, k: int) -> str:
    load = team.loads[scenario]
    text = (
        f"{words.number(100 * float(load.p50[k]))}"
        f" ({words.between(100 * float(load.p10[k]), 100 * float(load.p90[k]))})"
    )
    if scenario == 0:
        return text
    change = runs_of(difference(comparison, scenario, LOAD, row=team.row), k, scale=100)
    return f"{text}, difference {change.told(words.number)}"
