"""Chart of changes of worker: what makes children change worker, and how many children do."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, StrMethodFormatter

from sim.config.counted import counted
from sim.experiment.compare import Comparison, headline_column
from sim.presentation import words
from sim.presentation.charts.chart import Chart
from sim.presentation.charts.row_groups import ROW_IN, Group, Row, Section, write_section
from sim.presentation.charts.style import HATCHES, LINE_COLOURS, MARKERS, make_page, reach
from sim.presentation.findings import NO_CHANGE, Verdict, options, shared
from sim.presentation.ranges import Runs, runs_of
from sim.presentation.rows import has_casework, level, verdicts

MOST_SCENARIOS = 4
PER_CHILD = "changes_of_worker_per_child"
CAUSES = {
    "handovers_transfer": "Transfers between teams",
    "handovers_agency_end": "Agency assignments that end",
    "handovers_leaver": "Workers who leave",
    "handovers_internal_move": "Moves to another post",
    "handovers_absence": "Long absence",
}
SHARES = {
    "changed_worker_share": "Children with one or more changes",
    "changed_worker_twice_share": "Children with two or more changes",
}
SHORT = {
    "handovers_transfer": "transfers",
    "handovers_agency_end": "agency ends",
    "handovers_leaver": "leavers",
    "handovers_internal_move": "moves",
    "handovers_absence": "absence",
}
"""Causes as the title names them."""
GAP_IN = 0.1


def changes_of_worker(comparison: Comparison) -> Chart | None:
    """Draw changes of worker in 12 months by cause, and the share of children who had them.

    None without casework, or before a run holds 12 months.
    """
    k = headline_column(comparison)
    if not has_casework(comparison) or np.isnan(level(comparison, 0, PER_CHILD).mean[k]):
        return None
    count = min(MOST_SCENARIOS, len(comparison.scenarios))
    changes = {
        cause: [float(level(comparison, s, cause).mean[k]) for s in range(count)]
        for cause in CAUSES
    }
    changes = dict(sorted(changes.items(), key=lambda item: -item[1][0]))
    shares = {name: [_share(comparison, s, name, k) for s in range(count)] for name in SHARES}
    names = words.short_names(comparison)[:count]
    title = _title(comparison, changes, k)
    subtitle = (
        "Times that a child got another worker, by cause, and share of the children whose case was"
        " open all 12 months, care leavers apart, who did; changes are the mean of the runs,"
        f" {comparison.study.council.name}, 12 months to {words.day(comparison.dates[k])}."
        f" {words.first_only(comparison)}"
    ).strip()
    above, below = _causes_section(changes, names), _shares_section(shares, names, comparison.pairs)
    page = make_page(
        title, subtitle, words.caption(comparison), above.height + GAP_IN + below.height
    )
    _draw_changes(*write_section(page, above, page.top), list(changes.values()))
    _draw_shares(*write_section(page, below, page.bottom + below.height), list(shares.values()))
    text = _text(comparison, changes, shares, k)
    return Chart("changes_of_worker", title, subtitle, text, page.figure)


def _share(comparison: Comparison, scenario: int, name: str, k: int) -> Runs:
    """Per cent of children under one scenario."""
    return runs_of(level(comparison, scenario, name), k, scale=100)


def _told(share: Runs) -> str:
    return share.told(words.number)


# Drawing ----------------------------------------------------------------------------------


def _causes_section(changes: dict[str, list[float]], names: Sequence[str]) -> Section:
    totals = _totals(changes)
    groups = tuple(
        Group(
            CAUSES[cause],
            tuple(
                Row(name, (words.number(value), _share_of(value, total)))
                for name, value, total in zip(names, values, totals, strict=True)
            ),
        )
        for cause, values in changes.items()
    )
    return Section(groups, (("Changes", 1.1), ("Of all", 0.9)), "Changes of worker in 12 months")


def _shares_section(shares: dict[str, list[Runs]], names: Sequence[str], pairs: int) -> Section:
    groups = tuple(
        Group(
            SHARES[what],
            tuple(
                Row(name, (share.beside(words.number),))
                for name, share in zip(names, found, strict=True)
            ),
        )
        for what, found in shares.items()
    )
    return Section(groups, ((f"Middle ({words.spread_of(pairs)})", 2.0),), "% of children")


def _share_of(value: float, total: float) -> str:
    return f"{words.number(100 * value / total)}%" if total else "–"


def _totals(changes: dict[str, list[float]]) -> list[float]:
    return [sum(values) for values in zip(*changes.values(), strict=True)]


def _draw_changes(axes: Axes, heights: list[list[float]], changes: list[list[float]]) -> None:
    for middles, values in zip(heights, changes, strict=True):
        for s, (y, value) in enumerate(zip(middles, values, strict=True)):
            axes.barh(
                y,
                value,
                0.72 * ROW_IN,
                color=LINE_COLOURS[s],
                hatch=HATCHES[s],
                edgecolor="white",
                linewidth=0,
            )
    axes.set_xlim(0, reach((value for values in changes for value in values), 1.05))
    axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))


def _draw_shares(axes: Axes, heights: list[list[float]], shares: list[list[Runs]]) -> None:
    for middles, found in zip(heights, shares, strict=True):
        for s, (y, share) in enumerate(zip(middles, found, strict=True)):
            colour = LINE_COLOURS[s]
            ends = [share.low, share.high]
            axes.plot(ends, [y, y], color=colour, linewidth=2.5, solid_capstyle="butt")
            axes.plot(share.middle, y, marker=MARKERS[s], color=colour, markersize=8)
    axes.set_xlim(0, 100)


# Words ------------------------------------------------------------------------------------


def _title(comparison: Comparison, changes: dict[str, list[float]], k: int) -> str:
    total = _totals(changes)[0]
    (first, most), (second, next_) = list(changes.items())[:2]
    if not total:
        return "No child changes worker"
    base = (
        f"Changes of worker: {words.number(100 * most[0] / total)}% {SHORT[first]},"
        f" {words.number(100 * next_[0] / total)}% {SHORT[second]}"
    )
    found = verdicts(comparison, PER_CHILD, k, len(most))
    if not found:
        return base
    among = len(comparison.scenarios) - 1
    who, s = options(len(found), among).lower(), "s" if len(found) == 1 else ""
    match shared(found):
        case Verdict.MORE:
            return f"{base}; {who} bring{s} more"
        case Verdict.FEWER:
            return f"{base}; {who} bring{s} fewer"
        case Verdict.UNTESTED:
            return f"{base}; too few runs to compare options"
        case Verdict.UNCLEAR:
            verb = "the option makes" if len(found) == 1 else "options make"
            return f"{base}; {verb} {NO_CHANGE}"
    return f"{base}; {found.count(Verdict.FEWER)} of {len(found)} options bring fewer"


def _text(
    comparison: Comparison,
    changes: dict[str, list[float]],
    shares: dict[str, list[Runs]],
    k: int,
) -> str:
    parts = [
        f"Changes of worker in the 12 months to {words.day(comparison.dates[k])}, mean of runs, and"
        " the share of children with them in per cent, middle of the runs"
        f" ({words.spread_of(comparison.pairs)}):"
    ]
    totals = _totals(changes)
    for s, name in enumerate(words.full_names(comparison)[: len(totals)]):
        causes = [f"{CAUSES[cause].lower()} {words.number(v[s])}" for cause, v in changes.items()]
        per_child = float(level(comparison, s, PER_CHILD).mean[k])
        told = [f"{SHARES[what].lower()} {_told(found[s])}" for what, found in shares.items()]
        changes_told = counted(words.number(totals[s]), "change")
        parts.append(
            f"- {name}: {changes_told}, {words.number(per_child, 2)} a child,"
            f" care leavers included: {', '.join(causes)}; {', '.join(told)}."
        )
    parts += [words.not_drawn(comparison, MOST_SCENARIOS), words.caption(comparison)]
    return "\n".join(part for part in parts if part)
