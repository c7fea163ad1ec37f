"""Lines over time that charts share: dates on the axis, bands of ranges, and named ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from sim.experiment.statistics import Summary
from sim.presentation.charts.style import (
    GREY,
    INK,
    LINE_COLOURS,
    LINE_STYLES,
    MARKERS,
    TEXT_PT,
    height_of,
    shorten,
    size_of,
    spread,
)

DAYS_A_YEAR = 365.25
MONTH = 1 / 12
"""A run of one month end still has an axis, which ends at it."""
TICK_IN = 0.45
"""Least room for one tick's label, inches."""
LEADER_IN = 0.2
"""From the end of a line to its name."""
MOST_LINES_OF_TEXT = 2


@dataclass(frozen=True)
class Path:
    """A line over time.

    Attributes:
        name: what it is.
        runs: by month; the line is the middle run.
        style: which of the lines' colours and forms it has.
        banded: whether its ranges are drawn as bands: one path of a panel at most, since bands
            that lie upon one another hide each other.
    """

    name: str
    runs: Summary
    style: int
    banded: bool = False

    @property
    def end(self) -> float:
        """The middle run at the last month end."""
        return float(self.runs.p50[-1])


def time_of(date: dt.date) -> float:
    """A date as a number on the axis, in years."""
    return date.toordinal() / DAYS_A_YEAR


def label_years(axes: Axes, dates: Sequence[dt.date]) -> None:
    """Tick each 31 March, or every second, third ... where they would crowd."""
    marches = [date for date in dates if date.month == 3] or [dates[-1]]
    wide, _ = size_of(axes)
    years = max(time_of(dates[-1]) - time_of(dates[0]), 0.1)
    step = max(1, -(-int(100 * TICK_IN * years) // int(100 * wide)))
    shown = marches[step - 1 :: step] or marches[-1:]
    last = time_of(dates[-1])
    axes.set_xlim(min(time_of(dates[0]), last - MONTH), last + 0.001)
    axes.set_xticks([time_of(date) for date in shown], [f"{date:%b\n%Y}" for date in shown])


def mark_date(axes: Axes, date: dt.date) -> None:
    """A thin upright line at the date that the chart's numbers are for."""
    axes.axvline(time_of(date), color=GREY, linewidth=1.0, linestyle=":")


def draw_paths(axes: Axes, dates: Sequence[dt.date], paths: Sequence[Path]) -> None:
    """Draw lines, each with a mark at 31 March, and the bands of the one that has them."""
    time = [time_of(date) for date in dates]
    marks = [i for i, date in enumerate(dates) if date.month == 3]
    axes.tick_params(labelsize=TEXT_PT)
    for path in paths:
        colour = LINE_COLOURS[path.style]
        if path.banded:
            wide, narrow = ((path.runs.p2_5, path.runs.p97_5), (path.runs.p10, path.runs.p90))
            for (low, high), alpha in ((wide, 0.12), (narrow, 0.22)):
                axes.fill_between(time, low, high, color=colour, alpha=alpha, linewidth=0)
        axes.plot(
            time, path.runs.p50, color=colour, linestyle=LINE_STYLES[path.style], linewidth=1.6,
            marker=MARKERS[path.style], markevery=marks, markersize=4.5,
        )  # fmt: skip


def label_texts(paths: Sequence[Path], room: float, write: Sequence[str]) -> list[str]:
    """Name and last number of each line, in the room beside the axes.

    Args:
        paths: the lines.
        room: width, inches.
        write: the last number of each, as it is written.
    """
    return [
        shorten(path.name, room - LEADER_IN - 0.05, f" {number}", MOST_LINES_OF_TEXT)
        for path, number in zip(paths, write, strict=True)
    ]


def height_for(texts: Sequence[str]) -> float:
    """Height that labels take one below the other, inches."""
    return len(texts) * _gap(texts)


def _gap(texts: Sequence[str]) -> float:
    return max(height_of(text) for text in texts) + 0.03


def label_ends(axes: Axes, dates: Sequence[dt.date], paths: Sequence[Path], texts: Sequence[str],
               ) -> None:  # fmt: skip
    """Write each label right of the axes, joined to the end of its line: the value it names.

    Args:
        axes: where the lines are; their limits are set.
        dates: the months.
        paths: the lines.
        texts: of label_texts.
    """
    low, high = axes.get_ylim()
    per_inch = (high - low) / size_of(axes)[1]
    gap = _gap(texts) * per_inch
    ends = [min(max(float(np.nan_to_num(path.end)), low), high) for path in paths]
    places = spread(ends, gap, low + gap / 2, high - gap / 2)
    x = time_of(dates[-1])
    for path, text, end, place in zip(paths, texts, ends, places, strict=True):
        axes.annotate(
            text, (x, end), xytext=(LEADER_IN * 72, (place - end) / per_inch * 72),
            textcoords="offset points", va="center", color=INK, annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": LINE_COLOURS[path.style], "linewidth": 1.0,
                        "relpos": (0, 0.5), "shrinkA": 1, "shrinkB": 1},
        )  # fmt: skip
