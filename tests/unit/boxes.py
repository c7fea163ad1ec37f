"""Where the words of a drawing lie: which overlap, and which the page cuts off."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox


def words_in(figure: Figure) -> Iterator[tuple[str, Bbox]]:
    """Every text that is drawn, with the box that it takes."""
    canvas = FigureCanvasAgg(figure)
    figure.draw(canvas.get_renderer())  # type: ignore[no-untyped-call]
    texts = list(figure.texts)
    for axes in figure.axes:
        texts += [*axes.texts, axes.xaxis.label, axes.yaxis.label]
        for axis, (low, high) in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
            ticks = axis.get_major_ticks()
            texts += [tick.label1 for tick in ticks if low <= tick.get_loc() <= high]
    for text in texts:
        if text.get_text():
            yield text.get_text(), Text.get_window_extent(text)


def overlapping(figure: Figure) -> list[tuple[str, str]]:
    """Pairs of texts whose boxes overlap by more than the rim of a letter."""
    pairs = combinations(words_in(figure), 2)
    return [(one, two) for (one, a), (two, b) in pairs if a.padded(-1).overlaps(b.padded(-1))]


def cut_off(figure: Figure) -> list[str]:
    """Texts that reach beyond the page."""
    page = figure.bbox
    return [
        text
        for text, box in words_in(figure)
        if box.x0 < 0 or box.y0 < 0 or box.x1 > page.x1 or box.y1 > page.y1
    ]
