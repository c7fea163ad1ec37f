"""Chart of a back-test of all councils: where published figures fell, and against rivals."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from sim.experiment.forecasts import RIVALS, Forecast
from sim.experiment.score_rows import ScoreRow, covered, gain_over
from sim.experiment.scored import Scored
from sim.experiment.scores import histogram
from sim.presentation import words
from sim.presentation.charts.chart import Chart
from sim.presentation.charts.style import (
    BLUE,
    GREY,
    INK,
    LINE_COLOURS,
    LINE_STYLES,
    MARGIN_IN,
    MARKERS,
    TEXT_PT,
    make_page,
    reach,
    size_of,
    spread,
)

BINS = 10
PANEL_IN, HEADING_IN, YEARS_IN = 2.6, 0.3, 0.28
PLACES, SCORES = (0.45, 2.75), (3.75, 5.1)
"""Left and right edge of each panel, inches; names stand right of the second."""
_GAP_IN, _YEAR_IN = 0.18, 0.4
_OURS = "caseholder"
_NAMES = {"persistence": "last year", "mean3": "mean of three", "shrinkage": "shrinkage"}
_SOURCE = "Published: Department for Education, children’s social work workforce."


def scores_of(scored: Scored, own: Sequence[Forecast], rows: Sequence[ScoreRow]) -> Chart:
    """Draw the places of published figures among the draws, and the scores of target years.

    Args:
        scored: the indicator.
        own: its forecasts.
        rows: its scores.
    """
    title = _title(scored, own)
    starts = sorted({f.start for f in own})
    subtitle = (
        f"{scored.label}, English councils, forecast from 30 September"
        f" {words.listed([str(year) for year in starts])}. Left: share of published figures by"
        " their place among the runs; a tenth in each tenth (dashed) is right. Right: mean CRPS by"
        f" year of the figure, {_unit(scored)}; lower is better."
    )
    page = make_page(title, subtitle, _SOURCE, PANEL_IN)
    left, right = (
        page.axes(first, last, page.bottom + YEARS_IN, page.top - HEADING_IN)
        for first, last in (PLACES, SCORES)
    )
    page.write(MARGIN_IN, page.top - 0.05, "Place among the runs, % of figures", weight="bold")
    page.write(SCORES[0] - 0.45, page.top - 0.05, "Score against rivals", weight="bold")
    _draw_places(left, own)
    by_year = [row for row in rows if row.ahead is None and row.year is not None]
    _draw_scores(right, by_year)
    name = f"backtest_{scored.name}"
    return Chart(name, title, subtitle, _text(own, by_year), page.figure)


# Drawing ----------------------------------------------------------------------------------


def _draw_places(axes: Axes, own: Sequence[Forecast]) -> None:
    shares = 100 * histogram(np.array([f.place for f in own]), BINS)
    middles = (np.arange(BINS) + 0.5) / BINS
    axes.bar(middles, shares, width=0.9 / BINS, color=BLUE)
    axes.axhline(100 / BINS, color=INK, linestyle="--", linewidth=1.5)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, reach([*shares, 100 / BINS], 1.15))
    axes.set_xticks([0, 0.5, 1], ["below all", "middle", "above all"])
    axes.tick_params(labelsize=TEXT_PT)


def _draw_scores(axes: Axes, rows: Sequence[ScoreRow]) -> None:
    years = [row.year or 0 for row in rows]
    lines = {name: [row.rivals[name] for row in rows] for name in RIVALS}
    every = {_OURS: [row.crps for row in rows]} | {_NAMES[n]: v for n, v in lines.items()}
    order = (1, 0, 2, 3)
    for (name, values), style in zip(every.items(), order, strict=True):
        axes.plot(
            years, values, color=LINE_COLOURS[style], linestyle=LINE_STYLES[style],
            marker=MARKERS[style], linewidth=2.2 if name == _OURS else 1.2, markersize=4.5,
        )  # fmt: skip
    top = reach((v for values in every.values() for v in values), 1.12)
    axes.set_ylim(0, top)
    step = math.ceil(len(years) * _YEAR_IN / (SCORES[1] - SCORES[0]))
    axes.set_xticks(years[::-step], [str(year) for year in years[::-step]])
    axes.tick_params(labelsize=TEXT_PT)
    axes.set_xlim(years[0] - 0.2, years[-1] + 0.2)
    gap = _GAP_IN * top / size_of(axes)[1]
    ends = sorted((values[-1], name) for name, values in every.items())
    heights = spread([value for value, _ in ends], gap, gap / 2, top)
    per_inch = top / size_of(axes)[1]
    for (end, name), y in zip(ends, heights, strict=True):
        axes.annotate(
            name, (years[-1], end), xytext=(18, (y - end) / per_inch * 72),
            textcoords="offset points", va="center", color=INK, annotation_clip=False,
            weight="bold" if name == _OURS else "normal",
            arrowprops={"arrowstyle": "-", "color": GREY, "linewidth": 0.8, "relpos": (0, 0.5)},
        )  # fmt: skip
    axes.grid(axis="y", color=GREY, alpha=0.25)


# Words ------------------------------------------------------------------------------------


def _title(scored: Scored, own: Sequence[Forecast]) -> str:
    share = 100 * covered(own)
    gain, _ = gain_over("persistence", own)
    change = "better" if gain > 0 else "worse"
    return (
        f"{scored.label}: 80% ranges hold {share:.0f}% of published figures;"
        f" {abs(100 * gain):.0f}% {change} than last year’s figure"
    )


def _unit(scored: Scored) -> str:
    return {"natural logarithm": "natural logarithm of FTE"}.get(scored.scale, scored.scale.value)


def _text(own: Sequence[Forecast], rows: Sequence[ScoreRow]) -> str:
    shares = 100 * histogram(np.array([f.place for f in own]), BINS)
    told = words.listed([f"{share:.0f}" for share in shares])
    lines = [f"Per cent of {len(own)} published figures in each tenth of the runs, lowest first:"]
    lines += [f"{told}.", "Mean CRPS by year of the figure:"]
    for row in rows:
        rivals = ", ".join(f"{_NAMES[rival]} {row.rivals[rival]:.4f}" for rival in RIVALS)
        lines.append(f"- {row.year}: {_OURS} {row.crps:.4f}, {rivals}.")
    return "\n".join([*lines, _SOURCE])
