"""Rows that charts share: named rows under headings, marks on one axis, numbers beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from sim.presentation.charts.style import (
    GREY,
    INK,
    MARGIN_IN,
    TEXT_PT,
    WIDTH_IN,
    Page,
    shorten,
    wrap,
)

ROW_IN, HEADING_IN, HEAD_IN, AXIS_IN = 0.27, 0.34, 0.22, 0.62
NAME_IN, INDENT_IN = 2.6, 0.15


@dataclass(frozen=True)
class Row:
    """A name, and the text of each column right of the axes."""

    name: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """Rows under a heading."""

    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Section:
    """Groups that share an axis.

    Attributes:
        groups: from top to bottom.
        columns: heading of each column right of the axes, and its width in inches.
        unit: what the axis counts.
        name_in: room for the rows' names, inches.
    """

    groups: tuple[Group, ...]
    columns: tuple[tuple[str, float], ...]
    unit: str
    name_in: float = NAME_IN

    @property
    def height(self) -> float:
        """Height that it takes, inches."""
        return HEAD_IN + AXIS_IN + sum(_height(group) for group in self.groups)


def _heading(group: Group) -> str:
    return wrap(group.heading, WIDTH_IN - 2 * MARGIN_IN, TEXT_PT, bold=True)


def _height(group: Group) -> float:
    return HEADING_IN + 0.22 * _heading(group).count("\n") + ROW_IN * len(group.rows)


def write_section(page: Page, section: Section, top: float) -> tuple[Axes, list[list[float]]]:
    """Write a section's words and lay out its axes, whose y is inches.

    Args:
        page: the page.
        section: what is written.
        top: its upper edge, inches from the bottom of the page.

    Returns:
        The axes, and the height on them of each row, by group.
    """
    right = WIDTH_IN - MARGIN_IN - sum(width for _, width in section.columns)
    bottom = top - section.height + AXIS_IN
    axes = page.axes(MARGIN_IN + section.name_in, right, bottom, top - HEAD_IN)
    axes.set_ylim(0, top - HEAD_IN - bottom)
    axes.set_yticks([])
    axes.grid(visible=False, axis="y")
    axes.set_xlabel(section.unit, color=INK)
    heads = [name for name, _ in section.columns]
    _write_cells(page, section, heads, top - 0.17, va="baseline", weight="bold")
    heights, y = [], top - HEAD_IN
    for group in section.groups:
        page.write(MARGIN_IN, y - 0.08, _heading(group), weight="bold")
        y -= _height(group)
        middles = [y + ROW_IN * (len(group.rows) - i - 0.5) for i in range(len(group.rows))]
        for row, middle in zip(group.rows, middles, strict=True):
            name = shorten(row.name, section.name_in - INDENT_IN - 0.1)
            page.write(MARGIN_IN + INDENT_IN, middle, name, va="center_baseline")
            _write_cells(page, section, row.cells, middle)
        axes.vlines(0, y - bottom, middles[0] + ROW_IN / 2 - bottom, color=GREY, linewidth=1.2)
        heights.append([middle - bottom for middle in middles])
    return axes, heights


def _write_cells(
    page: Page,
    section: Section,
    cells: Sequence[str],
    y: float,
    va: str = "center_baseline",
    weight: str = "normal",
) -> None:
    """Texts of the columns, each aligned right."""
    x = WIDTH_IN - MARGIN_IN - sum(width for _, width in section.columns)
    for cell, (_, width) in zip(cells, section.columns, strict=True):
        x += width
        page.write(x, y, cell, ha="right", va=va, weight=weight)
