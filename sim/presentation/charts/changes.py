"""Chart of changes of worker: what makes children change worker, and what options change in it."""

from __future__ import annotations

import numpy as np

from sim.experiment.compare import Comparison, headline_column
from sim.experiment.statistics import summarise
from sim.presentation import words
from sim.presentation.charts.chart import Chart
from sim.presentation.charts.grid import (
    NO_VALUE,
    NOTHING,
    Cell,
    Column,
    Group,
    Row,
    Section,
    how_told,
    key,
    level_in,
    look_of,
    told,
)
from sim.presentation.charts.grid_drawing import draw_sections
from sim.presentation.findings import NO_CHANGE, Verdict, commonest, options, shared
from sim.presentation.ranges import Runs, runs_of
from sim.presentation.rows import has_casework, level, verdicts

PER_CHILD = "changes_of_worker_per_child"
CAUSES = {
    "handovers_transfer": "Transfers between teams",
    "handovers_agency_end": "Agency assignments that end",
    "handovers_leaver": "Workers who leave",
    "handovers_internal_move": "Moves to another post",
    "handovers_absence": "Long absence",
}
SHORT = {
    "handovers_transfer": "transfers",
    "handovers_agency_end": "agency ends",
    "handovers_leaver": "leavers",
    "handovers_internal_move": "moves",
    "handovers_absence": "absence",
}
"""Causes as the title names them."""
CAUSE_NAMES_IN, NAMES_IN = 2.0, 1.4


def changes_of_worker(comparison: Comparison) -> Chart | None:
    """Draw changes of worker in 12 months by cause, and how many children have under each option.

    None without casework, or before a run holds 12 months.
    """
    k = headline_column(comparison)
    if not has_casework(comparison) or np.isnan(level(comparison, 0, PER_CHILD).mean[k]):
        return None
    causes, shares = _causes(comparison, k), _shares(comparison, k)
    title = _title(comparison, shares, k)
    sections = [_by_cause(comparison, causes, shares), _by_scenario(comparison, k)]
    first = words.short_names(comparison)[0]
    subtitle = (
        f"Times that a child got another worker, by cause (“{first}”), and by child: children and"
        " care leavers whose case was open all 12 months; shares are of children alone,"
        f" {comparison.study.council.name}, 12 months to {words.day(comparison.dates[k])}."
        f" {key(comparison.pairs)}"
    )
    page = draw_sections(title, subtitle, words.caption(comparison), sections)
    text = "\n".join(
        [
            f"Changes of worker in the 12 months to {words.day(comparison.dates[k])}, by cause"
            f" (“{first}”), {how_told(comparison.pairs)}:",
            *told(sections[0]),
            "By scenario, likewise:",
            *told(sections[1]),
            words.caption(comparison),
        ]
    )
    return Chart("changes_of_worker", title, subtitle, text, page.figure)


# Numbers ----------------------------------------------------------------------------------


def _causes(comparison: Comparison, k: int) -> dict[str, Runs]:
    """Changes of worker of doing nothing by cause, the most frequent first."""
    found = {cause: runs_of(level(comparison, 0, cause), k) for cause in CAUSES}
    return dict(sorted(found.items(), key=lambda item: -item[1].middle))


def _shares(comparison: Comparison, k: int) -> dict[str, Runs]:
    """Per cent of all changes of a run that have each cause; no value where nothing changes."""
    runs = comparison.average
    changes = {cause: runs.values(0, cause)[:, k] for cause in CAUSES}
    total = np.stack(list(changes.values())).sum(axis=0)
    total = np.where(total > 0, total, np.nan)
    return {
        cause: runs_of(summarise(100 * values / total, runs.draws))
        for cause, values in changes.items()
    }


def _by_cause(comparison: Comparison, causes: dict[str, Runs], shares: dict[str, Runs]) -> Section:
    middle = f"Middle ({words.spread_of(comparison.pairs)})"
    columns = (Column(middle, "Changes of worker in 12 months", least=4.0), Column("Of all"))
    rows = tuple(
        Row(CAUSES[cause], (Cell(runs), Cell(words=_percent(shares[cause]))), NOTHING)
        for cause, runs in causes.items()
    )
    return Section(columns, (Group("", rows),), CAUSE_NAMES_IN)


def _percent(share: Runs) -> str:
    return NO_VALUE if np.isnan(share.middle) else f"{words.number(share.middle)}%"


def _by_scenario(comparison: Comparison, k: int) -> Section:
    columns = (
        Column("Changes a child", "In 12 months", level_in(2)),
        Column("One or more", "% of children", scale="share"),
        Column("Two or more", "% of children", scale="share"),
    )
    names = words.short_names(comparison)
    rows = []
    for s, name in enumerate(names):
        found = (
            runs_of(level(comparison, s, PER_CHILD), k),
            runs_of(level(comparison, s, "changed_worker_share"), k, scale=100),
            runs_of(level(comparison, s, "changed_worker_twice_share"), k, scale=100),
        )
        rows.append(Row(name, tuple(Cell(runs) for runs in found), look_of(s)))
    return Section(columns, (Group("", tuple(rows)),), NAMES_IN)


# Words ------------------------------------------------------------------------------------


def _title(comparison: Comparison, shares: dict[str, Runs], k: int) -> str:
    ordered = sorted(shares, key=lambda cause: -np.nan_to_num(shares[cause].middle))
    if np.isnan(shares[ordered[0]].middle):
        return "No child changes worker"
    first, second = (f"{_percent(shares[cause])} {SHORT[cause]}" for cause in ordered[:2])
    base = f"Changes of worker: {first}, {second}"
    found = verdicts(comparison, PER_CHILD, k, len(comparison.scenarios))
    if not found:
        return base
    who, s = options(len(found)).lower(), "s" if len(found) == 1 else ""
    match shared(found):
        case Verdict.MORE | Verdict.FEWER as change:
            return f"{base}; {who} bring{s} {change}"
        case Verdict.UNTESTED:
            return f"{base}; too few runs to compare options"
        case Verdict.UNCLEAR:
            verb = "the option makes" if len(found) == 1 else "options make"
            return f"{base}; {verb} {NO_CHANGE}"
    most, count = commonest(found) or (Verdict.FEWER, 0)
    return f"{base}; {count} of {len(found)} options bring {most}"
