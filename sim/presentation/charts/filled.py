"""Chart of posts funded against people gained, a line for each vacancy elasticity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from sim.config.counted import counted
from sim.experiment.compare import Comparison
from sim.presentation import words
from sim.presentation.charts.chart import Chart
from sim.presentation.charts.style import (
    GREY,
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
)

BODY_IN, AXIS_IN, LEFT_IN, LABELS_IN, GAP_IN = 5.6, 0.65, 0.75, 2.6, 0.24


@dataclass(frozen=True)
class Line:
    """What is gained at one elasticity.

    Attributes:
        gamma: the elasticity.
        gained: extra FTE in post for each number of posts funded.
    """

    gamma: float
    gained: tuple[float, ...]

    @property
    def name(self) -> str:
        """How the line is labelled."""
        return f"elasticity {self.gamma:g}"


def funded_against_filled(
    comparison: Comparison, funded: Sequence[float], lines: Sequence[Line], when: str
) -> Chart:
    """Draw extra people in post against posts funded, beside the line on which all are filled.

    Args:
        comparison: where the numbers come from.
        funded: posts funded, ascending from 0.
        lines: what is gained, by elasticity ascending.
        when: the date.
    """
    most = funded[-1]
    gains = words.between(lines[0].gained[-1], lines[-1].gained[-1])
    posts = counted(words.number(most), "post funded brings", "posts funded bring")
    title = f"{posts} {counted(gains, 'more social worker')}, as hiring responds"
    subtitle = (
        "Extra social workers in post compared with doing nothing against social work posts"
        f" funded, FTE, means, {comparison.study.council.name}, {when}. Vacancy elasticity: how far"
        " the number of candidates follows the number of posts advertised (0: not at all; 1:"
        " fully)."
    )
    page = make_page(title, subtitle, words.caption(comparison), BODY_IN)
    right = WIDTH_IN - MARGIN_IN - LABELS_IN
    axes = page.axes(LEFT_IN, right, page.bottom + AXIS_IN, page.top - 0.35)
    page.write(MARGIN_IN, page.top, "Extra social workers in post, FTE", weight="bold")
    _draw(axes, funded, lines)
    text = _text(comparison, funded, lines, when)
    return Chart("funded_against_filled", title, subtitle, text, page.figure)


def _draw(axes: Axes, funded: Sequence[float], lines: Sequence[Line]) -> None:
    most = funded[-1]
    gained = [value for line in lines for value in line.gained]
    low, high = min(0.0, *gained), reach([most, *gained], 1.02)
    axes.set_xlim(0, reach([most], 1.02))
    axes.set_ylim(1.1 * low - 0.01 * high, high)
    axes.plot([0, most], [0, most], color=GREY, linestyle=":", linewidth=2.2)
    axes.axhline(0, color=GREY, linewidth=1.0)
    for index, line in enumerate(lines):
        style = index % len(LINE_STYLES)
        axes.plot(
            funded,
            line.gained,
            color=LINE_COLOURS[style],
            linestyle=LINE_STYLES[style],
            marker=MARKERS[style],
            markersize=7,
            linewidth=2.2,
        )
    axes.set_xticks(list(funded), [words.number(value) for value in funded])
    axes.set_xlabel("Social work posts funded, FTE", color=INK)
    _label(axes, funded, lines)


def _label(axes: Axes, funded: Sequence[float], lines: Sequence[Line]) -> None:
    low, high = axes.get_ylim()
    gap = GAP_IN * (high - low) / size_of(axes)[1]
    wanted = [line.gained[-1] for line in lines] + [funded[-1]]
    names = [f"{words.number(line.gained[-1], 1)} at {line.name}" for line in lines]
    names.append("If all were filled")
    for name, y in zip(names, spread(wanted, gap, low + gap, high), strict=True):
        axes.annotate(
            name,
            (1.02 * funded[-1], y),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            color=INK,
            annotation_clip=False,
        )


def _text(comparison: Comparison, funded: Sequence[float], lines: Sequence[Line], when: str) -> str:
    rows = [f"Extra social workers in post on {when}, FTE:"]
    for line in lines:
        pairs = ", ".join(
            f"{words.number(gain, 1)} for {words.number(posts)}"
            for posts, gain in zip(funded, line.gained, strict=True)
        )
        rows.append(f"- At {line.name}, by posts funded: {pairs}.")
    return "\n".join([*rows, words.caption(comparison)])
