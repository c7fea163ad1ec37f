"""Chart of the council's own targets: people it said it needs, permanently filled over time."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from sim.config.council import Target
from sim.engine.records import Array
from sim.experiment.compare import Comparison, headline_column
from sim.outcomes.indicators import INDEX
from sim.presentation import words
from sim.presentation.charts.chart import Chart
from sim.presentation.charts.style import (
    INK,
    LINE_COLOURS,
    LINE_STYLES,
    MARGIN_IN,
    MARKERS,
    WIDTH_IN,
    make_page,
    reach,
    size_of,
    spread,
    wrap,
)
from sim.presentation.charts.time_axis import label_years, mark_date, time_of
from sim.presentation.findings import NO_CHANGE, Verdict, options, shared
from sim.presentation.rows import level, verdicts

PANEL_IN, HEADING_IN, AXIS_IN = 3.6, 0.4, 0.65
LABELS_IN = 3.1
LABEL_GAP_IN = 0.22
LEFT, RIGHT = MARGIN_IN + 0.45, WIDTH_IN - MARGIN_IN - LABELS_IN
MOST_LINES = len(LINE_COLOURS)


def targets(comparison: Comparison) -> Chart | None:
    """Draw people permanently filled of each target; None where the council has no target."""
    found = [target for target in comparison.study.council.targets if _has(comparison, target)]
    if not found:
        return None
    k = headline_column(comparison)
    banded = _banded(comparison)
    title = _title(comparison, found[0], k)
    subtitle = (
        "Posts vacant or under notice at the start that have a permanent holder, scaled to the"
        f" council’s own number, people, mean of runs, {words.period(comparison)}. Numbers are for"
        f" {words.day(comparison.dates[k])}. Shaded band: {words.spread_of(comparison.pairs)} of"
        f" “{banded}”."
    )
    labels = [_labels(comparison, target, k) for target in found]
    tall = max(PANEL_IN, *(_height_for(texts) for texts in labels))
    page = make_page(title, subtitle, words.caption(comparison), tall * len(found))
    for index, (target, texts) in enumerate(zip(found, labels, strict=True)):
        top = page.top - index * tall
        page.write(MARGIN_IN, top - 0.1, f"Target: {target.people} {target.name}", weight="bold")
        axes = page.axes(LEFT, RIGHT, top - tall + AXIS_IN, top - HEADING_IN)
        _draw(axes, comparison, target)
        mark_date(axes, comparison.dates[k])
        _label(axes, comparison, target, texts)
    return Chart("targets", title, subtitle, _text(comparison, found, k), page.figure)


def _name(target: Target) -> str:
    return f"target_{target.role_family.value}"


def _has(comparison: Comparison, target: Target) -> bool:
    if _name(target) not in INDEX:
        return False
    return not bool(np.isnan(comparison.average.values(0, _name(target))).all())


def _series(comparison: Comparison, target: Target, part: str = "mean") -> list[Array]:
    count = min(MOST_LINES, len(comparison.scenarios))
    return [getattr(level(comparison, s, _name(target)), part) for s in range(count)]


def _banded_index(comparison: Comparison) -> int:
    return min(1, len(comparison.scenarios) - 1)


def _banded(comparison: Comparison) -> str:
    return words.short_names(comparison)[_banded_index(comparison)]


# Drawing ----------------------------------------------------------------------------------


def _labels(comparison: Comparison, target: Target, k: int) -> list[str]:
    """Name and number of each line, on two lines of text at most."""
    result = []
    names = words.short_names(comparison)
    for name, mean in zip(names, _series(comparison, target), strict=False):
        value, room = f": {words.number(float(mean[k]), 1)}", LABELS_IN - 0.45
        while wrap(name + value, room).count("\n") > 1:
            name = name.rstrip("…")[:-1].rstrip() + "…"
        result.append(wrap(name + value, room))
    return result


def _height_for(texts: list[str]) -> float:
    """Height of a panel that has room for these labels below its target's."""
    return HEADING_IN + AXIS_IN + 1.2 * (_gap(texts) * len(texts) + LABEL_GAP_IN)


def _gap(texts: list[str]) -> float:
    return LABEL_GAP_IN * max(text.count("\n") + 1 for text in texts)


def _draw(axes: Axes, comparison: Comparison, target: Target) -> None:
    time = [time_of(date) for date in comparison.dates]
    means = _series(comparison, target)
    band = _banded_index(comparison)
    low, high = (_series(comparison, target, part)[band] for part in ("p10", "p90"))
    axes.fill_between(time, low, high, color=LINE_COLOURS[band], alpha=0.18, linewidth=0)
    marks = [i for i, date in enumerate(comparison.dates) if date.month == 3]
    for s, mean in enumerate(means):
        axes.plot(
            time,
            mean,
            color=LINE_COLOURS[s],
            linestyle=LINE_STYLES[s],
            marker=MARKERS[s],
            markevery=marks,
            markersize=7,
        )
    axes.axhline(target.people, color=INK, linewidth=1.5)
    axes.set_ylim(0, reach([target.people, *(v for row in (*means, high) for v in row)], 1.12))
    label_years(axes, comparison.dates)


def _label(axes: Axes, comparison: Comparison, target: Target, texts: list[str]) -> None:
    """Name the target and each line right of the panel, joined to its line's end."""
    ends = [float(np.nan_to_num(mean[-1])) for mean in _series(comparison, target)]
    per_inch = axes.get_ylim()[1] / size_of(axes)[1]
    gap = _gap(texts) * per_inch
    ceiling = target.people - LABEL_GAP_IN * per_inch - gap / 2
    places = spread(ends, gap, gap / 2, max(gap / 2, ceiling))
    x = time_of(comparison.dates[-1])
    for s, (text, end, place) in enumerate(zip(texts, ends, places, strict=True)):
        axes.annotate(
            text,
            (x, end),
            xytext=(30, (place - end) / per_inch * 72),
            textcoords="offset points",
            va="center",
            annotation_clip=False,
            arrowprops={
                "arrowstyle": "-",
                "color": LINE_COLOURS[s],
                "linewidth": 1.5,
                "relpos": (0, 0.5),
                "shrinkA": 1,
                "shrinkB": 1,
            },
        )
    axes.annotate(
        f"Council’s target: {target.people}",
        (x, target.people),
        xytext=(8, 0),
        textcoords="offset points",
        va="center",
        annotation_clip=False,
    )


# Words ------------------------------------------------------------------------------------


def _title(comparison: Comparison, target: Target, k: int) -> str:
    filled = [float(mean[k]) for mean in _series(comparison, target)]
    when = words.month(comparison.dates[k])
    base = f"{words.number(filled[0])} of {target.people} {target.name} found by {when}"
    if len(filled) == 1:
        return base
    found = verdicts(comparison, _name(target), k, len(filled))
    span = words.between(min(filled[1:]), max(filled[1:]))
    match shared(found):
        case Verdict.MORE | Verdict.FEWER as change:
            verb = "finds" if len(found) == 1 else "find"
            who = f"{options(len(found))} {verb}"
            return f"{who} {change} of the {target.people} {target.name} wanted: {span} by {when}"
        case Verdict.UNCLEAR:
            verb = "the option makes" if len(found) == 1 else "options make"
            return f"{base}; {verb} {NO_CHANGE}"
        case Verdict.UNTESTED:
            return f"{base}; too few runs to compare options"
    count = found.count(Verdict.MORE)
    return (
        f"More of the {target.people} {target.name} wanted found in {count} of {len(found)} options"
    )


def _text(comparison: Comparison, found: list[Target], k: int) -> str:
    parts = []
    names = words.full_names(comparison)
    for target in found:
        means, lows, highs = (_series(comparison, target, p) for p in ("mean", "p10", "p90"))
        parts.append(
            f"Target of {target.people} {target.name}: filled on {words.day(comparison.dates[k])},"
            f" mean of runs ({words.spread_of(comparison.pairs)}), and at the end of the run,"
            f" {words.month(comparison.dates[-1])}:"
        )
        parts += [
            f"- {name}: {words.number(float(mean[k]), 1)}"
            f" ({words.between(float(low[k]), float(high[k]), 1)});"
            f" {words.number(float(mean[-1]), 1)} at the end."
            for name, mean, low, high in zip(names, means, lows, highs, strict=False)
        ]
    parts += [words.not_drawn(comparison, MOST_LINES), words.caption(comparison)]
    return "\n".join(part for part in parts if part)
