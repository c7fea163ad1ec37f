"""Chart of what each measure brings: on its own, lost if dropped, all together, and the overlap."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.config.counted import counted
from sim.experiment.compare import Comparison
from sim.experiment.contributions import Contribution, Contributions
from sim.experiment.statistics import Summary
from sim.presentation import words
from sim.presentation.charts.chart import Chart
from sim.presentation.charts.grid import (
    OPTION,
    OTHER,
    Cell,
    Column,
    Group,
    Row,
    Section,
    change_in,
    how_told,
    in_words,
    key,
)
from sim.presentation.charts.grid_drawing import draw_sections
from sim.presentation.findings import Verdict, verdict
from sim.presentation.ranges import Runs, runs_of

NAMES_IN = 2.4
WHOLE, SUM, OVERLAP = "All together", "Sum of each on its own", "Overlap: sum minus all together"
ALONE, DROPPED = "On its own", "Lost if dropped"


def contribution_of_each(
    comparison: Comparison, found: Contributions, what: str, unit: str, when: str, places: int = 1
) -> Chart:
    """Draw what each measure brings, the most first; those that bring nothing are named below.

    Args:
        comparison: of the scenario taken apart.
        found: what its measures bring.
        what: what is counted, in words.
        unit: its unit, for the axes.
        when: the date or period.
        places: decimals of the numbers.
    """
    section = _section(found, unit, places)
    title = _title(found, what)
    subtitle = (
        f"{what[:1].upper()}{what[1:]} compared with {words.doing_nothing(comparison)}, {unit},"
        f" {comparison.study.council.name}, {when}. Lost if dropped: the package minus all of it"
        f" but this. {key(comparison.pairs)} Middles do not add up; each run does."
    )
    page = draw_sections(title, subtitle, words.caption(comparison), [section])
    text = in_words(
        f"{what[:1].upper()}{what[1:]}, {when}, {how_told(comparison.pairs)}:",
        section,
        words.caption(comparison),
    )
    return Chart("contribution_of_each", title, subtitle, text, page.figure)


# Numbers ----------------------------------------------------------------------------------


def _section(found: Contributions, unit: str, places: int) -> Section:
    write = change_in(places)
    columns = tuple(Column(head, unit, write, scale="gain") for head in (ALONE, DROPPED))
    parts = sorted(found.parts, key=lambda part: -_middle(part.alone))
    acting = [part for part in parts if not _brings_nothing(part, places)]
    each = tuple(
        Row(part.measure.name, (Cell(runs_of(part.alone)), Cell(runs_of(part.last_in))), OPTION)
        for part in acting
    )
    together = tuple(
        Row(name, (Cell(runs_of(summary)), Cell()), OTHER)
        for name, summary in ((WHOLE, found.whole), (SUM, found.summed), (OVERLAP, found.overlap))
    )
    rest = [part.measure.name for part in parts if part not in acting]
    groups = (Group("Each measure", each, _none(rest)), Group("The package", together))
    return Section(columns, groups, NAMES_IN)


def _middle(summary: Summary) -> float:
    middle = float(summary.p50)
    return -math.inf if math.isnan(middle) else middle


def _brings_nothing(part: Contribution, places: int) -> bool:
    """Whether every number of a measure would be written as nothing."""
    return all(
        words.number(end, places) == words.number(0.0, places)
        for summary in (part.alone, part.last_in)
        for end in _ends(runs_of(summary))
    )


def _ends(runs: Runs) -> tuple[float, ...]:
    return (runs.least, runs.low, runs.middle, runs.high, runs.most)


def _none(names: Sequence[str]) -> str:
    if not names:
        return ""
    measures = counted(len(names), "measure changes", "measures change")
    return f"{measures} nothing here: {words.listed(names)}."


# Words ------------------------------------------------------------------------------------


def _title(found: Contributions, what: str) -> str:
    best = max(found.parts, key=lambda part: _middle(part.alone))
    clear = verdict(runs_of(best.alone))
    if clear is Verdict.UNTESTED:
        return f"Too few runs to tell which measure brings most {what}"
    if clear is not Verdict.MORE:
        return f"No single measure clearly brings more {what}"
    name = f"{best.measure.name[:1].lower()}{best.measure.name[1:]}"
    amounts = (
        f"{words.number(_middle(best.alone))} of the package’s {words.number(_middle(found.whole))}"
    )
    return f"Most {what} by a single measure: {name}, {amounts}"
