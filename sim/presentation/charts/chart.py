"""A finished chart and its files: drawing, picture and text alternative."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

import matplotlib as mpl
from matplotlib.figure import Figure

from sim.presentation.charts.style import chart_style

DOTS_PER_INCH = 200


@dataclass(frozen=True)
class Chart:
    """One chart.

    Attributes:
        name: stem of its files.
        title: what it shows, in a sentence.
        subtitle: measure, place, period, unit.
        text: the same in words, for those who can't see it.
        figure: the drawing.
    """

    name: str
    title: str
    subtitle: str
    text: str
    figure: Figure

    def _repr_svg_(self) -> str:
        """What a notebook shows of it."""
        return as_svg(self)


def save_chart(chart: Chart, folder: Path) -> list[Path]:
    """Write a chart as .svg, .png and .txt; the same chart gives the same bytes.

    Args:
        chart: what to save.
        folder: where; made if it is missing.

    Returns:
        The files written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    svg, png, txt = (folder / f"{chart.name}.{end}" for end in ("svg", "png", "txt"))
    words = f"{chart.title}\n\n{chart.subtitle}\n\n{chart.text}\n"
    with chart_style():
        chart.figure.savefig(png, dpi=DOTS_PER_INCH, metadata={"Software": None})
    # After the picture: texts keep what drew them last, and the dots of a picture take megabytes.
    svg.write_text(as_svg(chart), encoding="utf-8", newline="\n")
    txt.write_text(words, encoding="utf-8", newline="\n")
    return [svg, png, txt]


def as_svg(chart: Chart) -> str:
    """The chart as SVG with an accessible name and description."""
    drawn = BytesIO()
    salt = f"caseholder {chart.name}"
    with chart_style(), mpl.rc_context({"svg.hashsalt": salt, "svg.id": chart.name}):
        chart.figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None})
    text = drawn.getvalue().decode("utf-8").replace("\r\n", "\n")
    title_id, text_id = f"{chart.name}-title", f"{chart.name}-text"
    before, _, after = text.partition("<svg ")
    attributes, _, body = after.partition(">")
    return (
        f'{before}<svg role="img" aria-labelledby="{title_id} {text_id}" lang="en-GB"'
        f" {attributes}>\n"
        f' <title id="{title_id}">{escape(chart.title)}</title>\n'
        f' <desc id="{text_id}">{escape(chart.subtitle)}\n{escape(chart.text)}</desc>{body}'
    )
