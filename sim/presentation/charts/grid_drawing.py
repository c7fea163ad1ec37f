"""How a section of rows of ranges is drawn: names at the left, then a column for each range."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from sim.presentation.charts.grid import Cell, Column, Group, Look, Row, Section, written
from sim.presentation.charts.limits import is_cut, limits, ticks_between
from sim.presentation.charts.style import (
    GREY,
    INK,
    MARGIN_IN,
    TEXT_PT,
    WIDTH_IN,
    Page,
    height_of,
    make_page,
    shorten,
    text_width,
    wrap,
)
from sim.presentation.ranges import Runs

ROW_IN, RANGE_IN, AXIS_IN = 0.185, 0.14, 0.22
"""Least height of a row, of a range below its numbers, and of an axis without its unit."""
INDENT_IN, GAP_IN = 0.1, 0.12
MOST_NAME_LINES = 3
SHORT_HEAD = 8
"""Characters up to which the heading of a column of words stays on one line."""
TICK_IN = 0.5
"""Least room for one tick's label."""
THIN, THICK = 0.9, 2.6
"""Points: the range of 19 runs in 20, and that of 8 in 10."""
ROOM = WIDTH_IN - 2 * MARGIN_IN


@dataclass(frozen=True)
class _Place:
    """Where a column stands, inches from the left: its axis, and its numbers if beside the axis."""

    left: float
    right: float
    beside: bool

    @property
    def width(self) -> float:
        return self.right - self.left


class Layout:
    """A section with every height and width worked out."""

    def __init__(self, section: Section) -> None:
        """Lay a section out."""
        self.section = section
        drawn = [bool(column.unit) for column in section.columns]
        self.beside = sum(drawn) == 1
        self.places = self._places(drawn)
        self.heads = [
            wrap(column.heading, self._head_room(i), bold=True)
            for i, column in enumerate(section.columns)
        ]
        self.head = max(height_of(head) for head in self.heads) + 0.06
        self.units = [
            wrap(column.unit, self.places[i].width + 2 * GAP_IN) if column.unit else ""
            for i, column in enumerate(section.columns)
        ]
        units = [height_of(unit) for unit in self.units if unit]
        self.foot = AXIS_IN + max(units) + 0.08 if units else 0.08
        self.height = self.head + self.foot + sum(self.group_height(g) for g in section.groups)

    def _words_width(self, column: int) -> float:
        """Room that the texts of a column take."""
        head, one = self.section.columns[column].heading, self.section.columns[column]
        texts = [written(row.cells[column], one) for row in self.section.rows]
        widest = max((text_width(text) for text in texts), default=0.0)
        parts = [head] if len(head) <= SHORT_HEAD else head.split()
        return max(widest, *(text_width(part, bold=True) for part in parts)) + GAP_IN

    def _places(self, drawn: Sequence[bool]) -> list[_Place]:
        count = len(drawn)
        widths = [self._words_width(i) for i in range(count)]
        beside = self.beside
        taken = sum(widths[i] for i in range(count) if beside or not drawn[i])
        room = ROOM - self.section.name_in - taken
        places, x = [], MARGIN_IN + self.section.name_in
        for i, has_axis in enumerate(drawn):
            wide = room / sum(drawn) if has_axis else 0.0
            inner = GAP_IN / 2 if has_axis and not beside else 0.0
            places.append(_Place(x + inner, x + wide - inner, beside and has_axis))
            x += wide + (widths[i] if beside or not has_axis else 0.0)
        return places

    def _head_room(self, column: int) -> float:
        """Room for a column's heading: over its axis and its numbers."""
        if self.section.columns[column].unit and not self.beside:
            return self.places[column].width + 0.9 * GAP_IN
        room = self._words_width(column) - 0.9 * GAP_IN
        return room + (0.6 if self.section.columns[column].unit else 0.0)

    def text(self, cell: Cell, column: int) -> str:
        """A cell's numbers, the range below the middle where both do not fit beside each other."""
        one = self.section.columns[column]
        text = written(cell, one)
        if one.unit and not self.beside and text_width(text) > self.places[column].width:
            return text.replace(" (", "\n(", 1)
        return text

    def name(self, row: Row) -> str:
        """A row's name in the room that it has."""
        room = self.section.name_in - INDENT_IN - 0.05
        return shorten(row.name, room, most=MOST_NAME_LINES)

    def row_height(self, row: Row) -> float:
        """Height of a row."""
        name = height_of(self.name(row)) + 0.02
        texts = [height_of(self.text(cell, i)) for i, cell in enumerate(row.cells)]
        if self.beside:
            return max(ROW_IN, name, max(texts) + 0.02)
        return max(ROW_IN, name, max(texts) + RANGE_IN + 0.03)

    def heading(self, group: Group) -> str:
        """A group's heading in lines."""
        return wrap(group.heading, ROOM, bold=True) if group.heading else ""

    def note(self, group: Group) -> str:
        """A group's note in lines."""
        return wrap(group.note, ROOM - INDENT_IN) if group.note else ""

    def group_height(self, group: Group) -> float:
        """Height of a group with heading and note."""
        height = sum(self.row_height(row) for row in group.rows)
        height += height_of(self.heading(group)) + 0.08 if group.heading else 0.0
        return height + (height_of(self.note(group)) + 0.04 if group.note else 0.0)


def write_section(page: Page, layout: Layout, top: float) -> list[Axes]:
    """Draw a section and write its words.

    Args:
        page: the page.
        layout: what is drawn.
        top: its upper edge, inches from the bottom of the page.

    Returns:
        The axes of the columns of ranges, from left to right.
    """
    bottom = top - layout.height + layout.foot
    axes = _make_axes(page, layout, bottom, top - layout.head)
    _write_heads(page, layout, top)
    y = top - layout.head
    for group in layout.section.groups:
        if group.heading:
            heading = layout.heading(group)
            page.write(MARGIN_IN, y - 0.05, heading, weight="bold")
            y -= height_of(heading) + 0.08
        first = y
        for row in group.rows:
            _write_row(page, layout, row, y)
            for column, one in axes.items():
                _draw_row(one, layout, row, column, y - bottom)
            y -= layout.row_height(row)
        for column, one in axes.items():
            if layout.beside and group.rows:
                _draw_lines(one, layout.section.columns[column], y - bottom, first - bottom)
        if group.note:
            page.write(MARGIN_IN + INDENT_IN, y - 0.02, layout.note(group), color=INK)
            y -= height_of(layout.note(group)) + 0.04
    return list(axes.values())


def _make_axes(page: Page, layout: Layout, bottom: float, top: float) -> dict[int, Axes]:
    """The axes of each column of ranges; their y is inches."""
    made = {}
    for i, (column, place) in enumerate(zip(layout.section.columns, layout.places, strict=True)):
        if not column.unit:
            continue
        axes = page.axes(place.left, place.right, bottom, top)
        axes.set_ylim(0, top - bottom)
        axes.set_yticks([])
        axes.grid(visible=False, axis="y")
        axes.tick_params(labelsize=TEXT_PT)
        low, high = limits(layout.section, i)
        axes.set_xlim(low, high)
        axes.set_xticks(*ticks_between(low, high, max(1, int(place.width / TICK_IN))))
        middle, unit_top = (place.left + place.right) / 2, bottom - AXIS_IN
        page.write(middle, unit_top, layout.units[i], ha="center", color=INK)
        made[i] = axes
    return made


def _write_heads(page: Page, layout: Layout, top: float) -> None:
    base = top - layout.head + 0.03
    for i, (column, place) in enumerate(zip(layout.section.columns, layout.places, strict=True)):
        right = column.unit == "" or layout.beside
        x = _right_of(layout, i) if right else place.left
        page.write(
            x, base, layout.heads[i], weight="bold", va="bottom", ha="right" if right else "left",
            multialignment="right" if right else "left",
        )  # fmt: skip


def _right_of(layout: Layout, column: int) -> float:
    """Right edge of a column's numbers."""
    if column + 1 < len(layout.places):
        return layout.places[column + 1].left
    return WIDTH_IN - MARGIN_IN


def _write_row(page: Page, layout: Layout, row: Row, top: float) -> None:
    middle = top - layout.row_height(row) / 2
    name = layout.name(row)
    page.write(MARGIN_IN + INDENT_IN, middle, name, va="center")
    for i, cell in enumerate(row.cells):
        text, column = layout.text(cell, i), layout.section.columns[i]
        if not text:
            continue
        if layout.beside or not column.unit:
            page.write(_right_of(layout, i), middle, text, va="center", ha="right",
                       multialignment="right")  # fmt: skip
        else:
            drawn = cell.runs is not None
            low = middle + (RANGE_IN / 2 if drawn else 0.0)
            page.write(layout.places[i].left, low, text, va="center")


def _draw_row(axes: Axes, layout: Layout, row: Row, column: int, top: float) -> None:
    cell, height = row.cells[column], layout.row_height(row)
    y = top - height / 2
    if not layout.beside and cell.runs is not None:
        # The lines would cross the numbers above the range if they went through.
        y -= height_of(layout.text(cell, column)) / 2
        _draw_lines(axes, layout.section.columns[column], y - RANGE_IN / 2, y + RANGE_IN / 2)
    if cell.runs is not None:
        draw_range(axes, cell.runs, y, row.look)
    if cell.aim is not None:
        axes.plot([cell.aim] * 2, [y - 0.07, y + 0.07], color=INK, linewidth=2.0, zorder=2)


def draw_range(axes: Axes, runs: Runs, y: float, look: Look) -> None:
    """Draw what runs give of one number: thin for 19 runs in 20, thick for 8 in 10, a mark.

    Args:
        axes: where; x is the number.
        runs: the number; nothing is drawn without a value.
        y: the height.
        look: its mark.
    """
    if math.isnan(runs.middle):
        return
    for ends, width in (((runs.least, runs.most), THIN), ((runs.low, runs.high), THICK)):
        axes.plot(ends, [y, y], color=look.colour, solid_capstyle="butt", linewidth=width)
    left, right = axes.get_xlim()
    for beyond, edge, arrow in ((runs.least < left, left, "<"), (runs.most > right, right, ">")):
        if beyond:
            axes.plot(edge, y, marker=arrow, color=look.colour, markersize=4, clip_on=False)
    axes.plot(
        runs.middle, y, marker=look.marker, markersize=5.5, markeredgewidth=1.2, zorder=3,
        markerfacecolor=look.colour if look.filled else "white",
        markeredgecolor="white" if look.filled else look.colour,
    )  # fmt: skip


def _draw_lines(axes: Axes, column: Column, bottom: float, top: float) -> None:
    """The upright lines behind ranges: at 0, and at the number that the column marks."""
    axes.vlines(0, bottom, top, color=GREY, linewidth=0.8, zorder=0)
    if column.line_at is not None:
        axes.vlines(column.line_at, bottom, top, color=INK, linewidth=1.2, linestyle="--", zorder=1)


def draw_sections(
    title: str, subtitle: str, caption: str, sections: Sequence[Section], above: float = 0.0
) -> Page:
    """A page of sections, one below the other.

    Args:
        title: what the chart shows.
        subtitle: measure, place, period, unit.
        caption: source and warnings.
        sections: from top to bottom.
        above: room left free above them, inches.
    """
    layouts = [Layout(section) for section in sections]
    if any(map(is_cut, sections)):
        caption = f"Arrowhead: the line goes on beyond the axis. {caption}"
    body = above + sum(layout.height for layout in layouts)
    page = make_page(title, subtitle, caption, body)
    y = page.top - above
    for layout in layouts:
        write_section(page, layout, y)
        y -= layout.height
    return page
