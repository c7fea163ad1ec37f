"""Drawings for papers: SVG that can stand inside a page, PNG for documents that take no SVG."""

from __future__ import annotations

import re
from io import BytesIO

from sim.papers.document import Picture, Table
from sim.presentation.charts.chart import Chart, as_svg
from sim.presentation.charts.style import chart_style

DOTS_PER_INCH = 175
_METADATA = re.compile(r"<metadata>.*?</metadata>\s*", re.DOTALL)
_ID = re.compile(r'\bid="([^"]+)"')
_REFERENCE = re.compile(r'(href="#|url\(#)([^")]+)')


def picture(chart: Chart, table: Table) -> Picture:
    """A chart as a document's picture.

    Args:
        chart: the drawing and its words.
        table: the numbers drawn.
    """
    svg = _alone(as_svg(chart), chart.name)
    drawn = BytesIO()
    with chart_style():
        chart.figure.savefig(drawn, format="png", dpi=DOTS_PER_INCH, metadata={"Software": None})
    return Picture(chart.name, chart.title, chart.text, svg, drawn.getvalue(), table)


def _alone(svg: str, name: str) -> str:
    """An SVG file as an element whose identifiers are no other drawing's."""
    element = _METADATA.sub("", svg[svg.index("<svg ") :])
    taken = {f"{name}-title", f"{name}-text"}

    def own(identifier: str) -> str:
        return identifier if identifier in taken else f"{name}-{identifier}"

    element = _ID.sub(lambda m: f'id="{own(m[1])}"', element)
    return _REFERENCE.sub(lambda m: f"{m[1]}{own(m[2])}", element).strip()
