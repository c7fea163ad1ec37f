"""Chart of what each measure brings: alone, last in, all together, and where they overlap."""

from __future__ import annotations

import math

from matplotlib.axes import Axes

from sim.experiment.compare import Comparison
from sim.experiment.contributions import Contributions
from sim.experiment.statistics import Summary
from sim.presentation import words
from sim.presentation.charts.chart import Chart
from sim.presentation.charts.row_groups import ROW_IN, Group, Row, Section, write_section
from sim.presentation.charts.style import BLUE, GREY, INK, TEAL, make_page
from sim.presentation.findings import Verdict, verdict
from sim.presentation.ranges import runs_of

ALONE_IN, LAST_IN = 2.1, 0.85
NAMES_IN = 4.25
WHOLE, SUM, OVERLAP = "All together", "Sum of each alone", "Overlap: sum less all together"


def contribution_of_each(
    comparison: Comparison, found: Contributions, what: str, unit: str, when: str, places: int = 1
) -> Chart:
    """Draw what each measure brings, with the range of runs.

    Bars are means: those of the measures, less their overlap, add up to that of the package.

    Args:
        comparison: of the scenario taken apart.
        found: what its measures bring.
        what: what is counted, in words.
        unit: its unit, for the axis.
        when: the date or period.
        places: decimals of the numbers.
    """
    each = tuple(
        Row(p.measure.name, (_cell(p.alone, places), words.number(float(p.last_in.mean), places)))
        for p in found.parts
    )
    together = (
        Row(WHOLE, (_cell(found.whole, places), "")),
        Row(SUM, (words.number(float(found.overlap.mean + found.whole.mean), places), "")),
        Row(OVERLAP, (_cell(found.overlap, places), "")),
    )
    groups = (Group("Each measure", each), Group("The package", together))
    runs = words.spread_of(comparison.pairs)
    columns = ((f"Mean alone ({runs})", ALONE_IN), ("Last in", LAST_IN))
    section = Section(groups, columns, unit, NAMES_IN)
    title = _title(found, what)
    subtitle = (
        f"{what[:1].upper()}{what[1:]} compared with {words.doing_nothing(comparison)}, {unit},"
        f" {comparison.study.council.name}, {when}. Bars: each measure alone, mean, with {runs}."
        " Hollow diamonds: last in, what the package would lose without it."
    )
    page = make_page(title, subtitle, words.caption(comparison), section.height)
    axes, heights = write_section(page, section, page.top)
    _draw(axes, heights, found)
    text = _text(comparison, found, what, when, places)
    return Chart("contribution_of_each", title, subtitle, text, page.figure)


# Drawing ----------------------------------------------------------------------------------


def _draw(axes: Axes, heights: list[list[float]], found: Contributions) -> None:
    bars = [part.alone for part in found.parts]
    for bar, y in zip(bars, heights[0], strict=True):
        _bar(axes, bar, y, BLUE, "")
    for part, y in zip(found.parts, heights[0], strict=True):
        axes.plot(
            float(part.last_in.mean), y, "D", markersize=7, markerfacecolor="white",
            markeredgecolor=INK, markeredgewidth=1.6, zorder=4,
        )  # fmt: skip
    whole, summed, overlap = heights[1]
    _bar(axes, found.whole, whole, TEAL, "//")
    total = float(found.whole.mean + found.overlap.mean)
    axes.barh(summed, total, height=0.62 * ROW_IN, color="white", edgecolor=GREY, linewidth=1.2)
    _bar(axes, found.overlap, overlap, GREY, "xx")
    ends = [0.0, total, *(float(part.last_in.mean) for part in found.parts)]
    for summary in (*bars, found.whole, found.overlap):
        ends += [v for v in map(float, (summary.mean, summary.p10, summary.p90)) if v == v]
    pad = 0.06 * ((max(ends) - min(ends)) or 1.0)
    axes.set_xlim(min(ends) - pad, max(ends) + pad)


def _bar(axes: Axes, summary: Summary, y: float, colour: str, hatch: str) -> None:
    """A pale bar, on which the range can be seen."""
    mean, low, high = map(float, (summary.mean, summary.p10, summary.p90))
    axes.barh(y, mean, height=0.62 * ROW_IN, color=colour, alpha=0.45, linewidth=0)
    axes.barh(
        y, mean, height=0.62 * ROW_IN, facecolor="none", edgecolor=colour, hatch=hatch,
        linewidth=1.2,
    )  # fmt: skip
    axes.plot([low, high], [y, y], color=INK, linewidth=1.8, solid_capstyle="butt", zorder=3)


# Words ------------------------------------------------------------------------------------


def _cell(summary: Summary, places: int) -> str:
    mean, low, high = map(float, (summary.mean, summary.p10, summary.p90))
    if low == high:
        return words.number(mean, places)
    return f"{words.number(mean, places)} ({words.between(low, high, places)})"


def _title(found: Contributions, what: str) -> str:
    best = max(found.parts, key=lambda part: float(part.alone.mean))
    clear = verdict(runs_of(best.alone))
    if clear is Verdict.UNTESTED:
        return f"Too few runs to tell which measure brings most {what}"
    if clear is not Verdict.MORE:
        return f"No single measure clearly brings more {what}"
    name = f"{best.measure.name[:1].lower()}{best.measure.name[1:]}"
    whole = float(found.whole.mean)
    share = float(best.alone.mean) / whole if whole else math.inf
    amount = f", {words.number(100 * share)}% of what the package brings" if 0 < share < 1 else ""
    return f"Most {what} by a single measure: {name}{amount}"


def _text(comparison: Comparison, found: Contributions, what: str, when: str, places: int) -> str:
    lines = [f"{what[:1].upper()}{what[1:]}, {when}:"]
    lines += [
        f"- {part.measure.name}: alone {_cell(part.alone, places)},"
        f" last in {_cell(part.last_in, places)}."
        for part in found.parts
    ]
    lines += [
        f"- {WHOLE}: {_cell(found.whole, places)}.",
        f"- {OVERLAP}: {_cell(found.overlap, places)}.",
        words.caption(comparison),
    ]
    return "\n".join(lines)
