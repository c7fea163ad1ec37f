"""Chart of people in and out over a year, by team: joined and moved in, left and moved out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from sim.config.counted import counted
from sim.experiment.compare import Comparison
from sim.experiment.readings import flow
from sim.outcomes.flows import LEAVERS, STARTERS
from sim.presentation import words
from sim.presentation.charts.chart import Chart
from sim.presentation.charts.row_groups import ROW_IN, Group, Row, Section, write_section
from sim.presentation.charts.style import BLUE, GREY, MAGENTA, TEAL, VIOLET, make_page, reach

COLUMNS = (
    ("Left", 0.7),
    ("Out", 0.65),
    ("Joined", 0.85),
    ("In", 0.6),
    ("Other", 0.75),
    ("Net", 0.75),
)
MOST_SCENARIOS = 3
SHOWN = 0.05
"""FTE from which a number is not written 0.0."""


@dataclass(frozen=True)
class Year:
    """Social workers of one team over 12 months, FTE.

    Attributes:
        team: its name.
        left: who left the council.
        moved_out: who moved to another post inside it.
        joined: who joined the council.
        moved_in: who came from another post inside it.
        other: hours, re-coding and transfers: neither joined nor left.
    """

    team: str
    left: float
    moved_out: float
    joined: float
    moved_in: float
    other: float

    @property
    def net(self) -> float:
        """What the team gains: its people in post at the end less those at the beginning."""
        return self.joined + self.moved_in - self.left - self.moved_out + self.other


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
    section = Section(
        tuple(Group(name, _rows(rows)) for name, rows in zip(names, years, strict=True)),
        COLUMNS,
        "FTE: out to the left, in to the right",
    )
    when = words.day(comparison.dates[column])
    nothing = chosen[0] == 0 and not comparison.scenarios[0].measures
    if nothing and len(chosen) > 1:
        title = _title_of_change(years[0], years[-1], comparison.scenarios[chosen[-1]].label)
    else:
        title = _title(years[0], nothing)
    subtitle = (
        f"Social workers, FTE, mean of runs, {comparison.study.council.name}, 12 months to {when}."
        " Plain bars: left and joined the council. Hatched bars: moved out and in between posts"
        " inside it. Other: hours, re-coding and transfers."
    )
    page = make_page(title, subtitle, words.caption(comparison), section.height)
    axes, heights = write_section(page, section, page.top)
    for rows, at in zip(years, heights, strict=True):
        for year, y in zip(rows, at, strict=True):
            _draw(axes, year, y)
    ends = [
        v for rows in years for y in rows for v in (y.left + y.moved_out, y.joined + y.moved_in)
    ]
    end = reach(ends, 1.08)
    axes.set_xlim(-end, end)
    ticks = [tick for tick in axes.get_xticks() if abs(tick) <= end]
    axes.set_xticks(ticks, [words.number(abs(tick), 0 if ticks[-1] >= 2 else 1) for tick in ticks])
    return Chart("people_in_and_out", title, subtitle, _text(comparison, names, years, when),
                 page.figure)  # fmt: skip


def year_by_team(comparison: Comparison, scenario: int, column: int) -> list[Year]:
    """Who came and went in the 12 months to a month end, mean of runs."""
    teams = [team.name for team in comparison.study.council.teams]

    def mean(names: Sequence[str], row: int) -> float:
        return float(sum(flow(comparison, scenario, n, column, row).mean() for n in names))

    return [
        Year(
            team,
            mean(LEAVERS, row),
            mean(("internal_out",), row),
            mean(STARTERS, row),
            mean(("internal_in",), row),
            mean(("other_net_change",), row),
        )
        for row, team in enumerate(teams, start=1)
    ]


def _rows(years: Sequence[Year]) -> tuple[Row, ...]:
    return tuple(Row(year.team, _cells(year)) for year in years)


def _cells(year: Year) -> tuple[str, ...]:
    plain = (year.left, year.moved_out, year.joined, year.moved_in)
    return (*(words.number(value, 1) for value in plain), _signed(year.other), _signed(year.net))


def _signed(value: float) -> str:
    text = words.number(value, 1)
    return text if value <= 0 or text == "0.0" else f"+{text}"


def _draw(axes: Axes, year: Year, y: float) -> None:
    high = 0.62 * ROW_IN
    for start, length, colour, hatch in (
        (0.0, -year.left, MAGENTA, ""),
        (-year.left, -year.moved_out, VIOLET, "////"),
        (0.0, year.joined, BLUE, ""),
        (year.joined, year.moved_in, TEAL, "\\\\\\\\"),
    ):
        axes.barh(y, length, left=start, height=high, color=colour, hatch=hatch,
                  edgecolor="white" if hatch else GREY, linewidth=0)  # fmt: skip


def _title(years: Sequence[Year], nothing: bool) -> str:
    joined, left = sum(y.joined for y in years), sum(y.left for y in years)
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


def _title_of_change(nothing: Sequence[Year], years: Sequence[Year], label: str) -> str:
    """The teams whose net gain a scenario changes most."""
    change = {own.team: own.net - base.net for base, own in zip(nothing, years, strict=True)}
    best, worst = max(change, key=lambda t: change[t]), min(change, key=lambda t: change[t])
    gain = f"{label}: {best.lower()} gains {words.number(change[best], 1)} more in a year"
    if change[best] < SHOWN:
        gain = f"{label}: no team gains more in a year"
    if change[worst] > -0.1:
        return gain
    return f"{gain}, {worst.lower()} {words.number(-change[worst], 1)} fewer"


def _text(
    comparison: Comparison, names: Sequence[str], years: Sequence[Sequence[Year]], when: str
) -> str:
    lines = [f"Social workers in and out in the 12 months to {when}, FTE:"]
    for name, rows in zip(names, years, strict=True):
        lines.append(f"{name}:")
        lines += [
            f"- {y.team}: {words.number(y.left, 1)} left, {words.number(y.moved_out, 1)} moved out,"
            f" {words.number(y.joined, 1)} joined, {words.number(y.moved_in, 1)} moved in;"
            f" other net change {_signed(y.other)}; net {_signed(y.net)}."
            for y in rows
        ]
    return "\n".join([*lines, words.caption(comparison)])
