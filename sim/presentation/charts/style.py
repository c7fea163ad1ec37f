"""How every chart looks: the page, the fonts, the colours, and labels that keep apart.

A chart is drawn at the size at which it is printed: as wide as the text of a page of A4. Sizes are
inches and points, so that nothing depends on a screen. The font is the one that matplotlib carries
with it, so that charts are the same on every machine.
"""

from __future__ import annotations

import math
import textwrap
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

import matplotlib.style
from afcharts.af_colours import get_af_colours
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.text import Text
from matplotlib.textpath import TextToPath

FONT = "DejaVu Sans"
TITLE_PT, SUBTITLE_PT, TEXT_PT = 12.0, 9.0, 9.0
WIDTH_IN = 6.3
"""16 cm."""
MARGIN_IN = 0.08
ON_DOTS = 1.03
"""By how much letters set on whole dots may be wider than their outlines."""
LINE_IN = 1.3 / 72
"""Height of a line of text, inches per point."""

INK, QUIET = "#000000", "#3D3D3D"
BLUE, TEAL, MAGENTA, ORANGE, GREY, VIOLET = get_af_colours("categorical")
LINE_COLOURS = (GREY, BLUE, MAGENTA, TEAL, VIOLET, ORANGE)
LINE_STYLES = ("--", "-", "-.", (0, (1, 1)), (0, (6, 2)), (0, (8, 2, 1, 2, 1, 2)))
MARKERS = ("s", "o", "^", "D", "v", "P")
"""One of each for every line, that of doing nothing first."""


@contextmanager
def chart_style() -> Iterator[None]:
    """The settings under which charts are drawn and saved."""
    ours = {
        "font.family": "sans-serif",
        "font.sans-serif": [FONT],
        "font.size": TEXT_PT,
        "figure.facecolor": "white",
        "axes.facecolor": "white",
        "savefig.facecolor": "white",
        "axes.unicode_minus": True,
        "text.parse_math": False,
        "svg.fonttype": "path",
    }
    with matplotlib.style.context(["afcharts.afcharts", ours]), warnings.catch_warnings():
        # Each place that meets such a character would warn, with a path of the source: see lacking.
        warnings.filterwarnings("ignore", "Glyph .* missing from", UserWarning)
        yield


def lacking(figure: Figure) -> set[str]:
    """Characters of a figure's texts that its font lacks: they are drawn as boxes."""
    found: set[str] = set()
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        font = get_font(findfont(text.get_fontproperties()))
        every = {c for c in text.get_text() if not c.isspace()}
        found |= {c for c in every if not font.get_char_index(ord(c))}
    return found


def lacking_note(characters: set[str]) -> str:
    """What is said of characters that the charts' font lacks."""
    return (
        f"The charts' font lacks {', '.join(sorted(characters))}: boxes stand there in pictures;"
        " tables, CSV files and the charts' text files hold the names as they are."
    )


@lru_cache(maxsize=4096)
def text_width(text: str, size: float = TEXT_PT, bold: bool = False) -> float:
    """Width of one line of text, inches, on a picture of dots or in outlines."""
    font = FontProperties(family=[FONT], size=size, weight="bold" if bold else "normal")
    width, _, _ = TextToPath().get_text_width_height_descent(text, font, ismath=False)
    return ON_DOTS * float(width) / 72


def wrap(text: str, inches: float, size: float = TEXT_PT, bold: bool = False) -> str:
    """Break text into the fewest lines that fit a width."""
    longest = min(len(text), int(inches * 72 / size * 3))
    for columns in range(longest, 1, -1):
        lines = textwrap.wrap(text, columns, break_on_hyphens=False)
        if all(text_width(line, size, bold) <= inches for line in lines):
            return "\n".join(lines)
    return text


def shorten(text: str, inches: float, after: str = "", most: int = 1) -> str:
    """Text cut so that it and what follows it fit into a number of lines of a width.

    Args:
        text: what may be cut.
        inches: the width.
        after: what follows and must stay whole.
        most: lines at most.
    """
    while len(text) > 1 and wrap(text + after, inches).count("\n") >= most:
        text = text.rstrip("…")[:-1].rstrip() + "…"
    return wrap(text + after, inches)


def height_of(text: str, size: float = TEXT_PT) -> float:
    """Height of wrapped text, inches."""
    return (text.count("\n") + 1) * size * LINE_IN


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places nearest to those wanted, in the same order, no two closer than a gap.

    Args:
        wanted: where labels would stand if each were alone.
        gap: the least distance between two.
        low: where the first may stand at the least.
        high: where the last may stand at most.
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    groups: list[tuple[float, int]] = []  # (place of the first label, how many, gap apart)
    for i in order:
        groups.append((min(max(wanted[i], low), high), 1))
        while len(groups) > 1 and groups[-2][0] + groups[-2][1] * gap > groups[-1][0]:
            (a, n), (b, m) = groups[-2:]
            start = (a * n + (b - n * gap) * m) / (n + m)
            groups[-2:] = [(max(min(start, high - (n + m - 1) * gap), low), n + m)]
    places = [first + step * gap for first, count in groups for step in range(count)]
    result = [0.0] * len(wanted)
    for i, place in zip(order, places, strict=True):
        result[i] = place
    return result


def reach(values: Iterable[float], room: float, least: float = 1.0) -> float:
    """How far an axis reaches that begins at 0: beyond the largest of the values that are numbers.

    Args:
        values: what is drawn; nan is passed over.
        room: how many times the largest value it reaches.
        least: where nothing lies above 0: an axis needs a length.
    """
    finite = [value for value in map(float, values) if math.isfinite(value)]
    return room * max((value for value in finite if value > 0), default=least / room)


@dataclass(frozen=True)
class Page:
    """A figure with its words in place and a body left free.

    Attributes:
        figure: the figure.
        height: its height, inches.
        bottom, top: edges of the body, inches from the bottom.
    """

    figure: Figure
    height: float
    bottom: float
    top: float

    def axes(self, left: float, right: float, bottom: float, top: float) -> Axes:
        """Axes between these edges, inches from the figure's lower left corner."""
        return self.figure.add_axes(
            (
                left / WIDTH_IN,
                bottom / self.height,
                (right - left) / WIDTH_IN,
                (top - bottom) / self.height,
            )
        )

    def write(self, x: float, y: float, text: str, size: float = TEXT_PT, **how: object) -> None:
        """Text at inches from the lower left corner, hung from its top left corner."""
        place: dict[str, object] = {"ha": "left", "va": "top", "color": INK, "linespacing": 1.15}
        self.figure.text(
            x / WIDTH_IN,
            y / self.height,
            text,
            fontsize=size,
            **(place | how),  # type: ignore[arg-type]
        )


def make_page(title: str, subtitle: str, caption: str, body: float) -> Page:
    """A page with title and subtitle above a body, and the caption below it.

    Args:
        title: what the chart shows.
        subtitle: measure, place, period, unit.
        caption: source and warnings.
        body: height of the body, inches.
    """
    room = WIDTH_IN - 2 * MARGIN_IN
    title = wrap(title, room, TITLE_PT, bold=True)
    subtitle = wrap(subtitle, room, SUBTITLE_PT)
    caption = wrap(caption, room, TEXT_PT)
    head = MARGIN_IN + height_of(title, TITLE_PT) + 0.05 + height_of(subtitle, SUBTITLE_PT) + 0.1
    foot = MARGIN_IN + height_of(caption) + 0.1
    height = head + body + foot
    page = Page(Figure(figsize=(WIDTH_IN, height)), height, foot, foot + body)
    below = height - MARGIN_IN - height_of(title, TITLE_PT) - 0.05
    page.write(MARGIN_IN, height - MARGIN_IN, title, TITLE_PT, weight="bold")
    page.write(MARGIN_IN, below, subtitle, SUBTITLE_PT, color=QUIET)
    page.write(MARGIN_IN, foot - 0.1, caption, TEXT_PT, color=QUIET)
    return page


def size_of(axes: Axes) -> tuple[float, float]:
    """Width and height of axes, inches."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    return axes.bbox.width / figure.dpi, axes.bbox.height / figure.dpi
