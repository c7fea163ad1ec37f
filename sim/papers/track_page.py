"""The page that follows up a decision: real figures beside the ranges that were given then."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence

from matplotlib.axes import Axes

from sim.papers.document import Block, Bullets, Document, Heading, Paragraph, Table
from sim.papers.inline import picture
from sim.papers.phrases import date
from sim.papers.study import Option, PaperStudy
from sim.papers.tracked import Place, Tracked, inside
from sim.presentation.charts.chart import Chart
from sim.presentation.charts.style import (
    BLUE,
    GREY,
    MAGENTA,
    MARGIN_IN,
    TEAL,
    WIDTH_IN,
    chart_style,
    make_page,
    shorten,
)
from sim.presentation.words import day

NAME = "tracked"
_MOST_ROWS = 6
"""Figures that fit one page."""
_LABELS_IN, _BAR_IN = 2.9, 0.36
_FURTHEST = 2.0
"""How far beside a range a figure is drawn, in widths of the range; further ones at the edge."""


def track_page(study: PaperStudy, found: Sequence[Tracked], chart: Chart | None) -> Document:
    """One page: what was asked, what came, and what follows from it.

    Args:
        study: the finished study.
        found: every real figure beside every option.
        chart: of the same.
    """
    last = max(one.row.when for one in found)
    return Document(
        name=NAME,
        title=f"A year later: children's social work in {study.council}",
        subject=f"{study.council}, decision of {day(study.date)}; real figures to {date(last)}.",
        date=study.date,
        run_id=study.run_id,
        version=study.version,
        blocks=tuple(_blocks(study, found, chart)),
        one_page=True,
    )


def shown_option(study: PaperStudy, found: Sequence[Tracked]) -> Option:
    """The option that the page is about: the package, where it has runs."""
    there = {one.row.option for one in found}
    return next(o for o in (*study.chosen, *study.options) if o.key in there)


def _of(found: Sequence[Tracked], option: Option) -> list[Tracked]:
    return [one for one in found if one.row.option == option.key]


def _blocks(study: PaperStudy, found: Sequence[Tracked], chart: Chart | None) -> Iterator[Block]:
    option = shown_option(study, found)
    table = _table(study, found, option)
    yield Heading("What came")
    yield Bullets(tuple(_answers(study, found)))
    yield picture(chart, table) if chart is not None else table
    yield Heading("What it means")
    yield Bullets(
        (
            "Nothing was fitted again: the ranges are those that were given at the decision.",
            "Figures of one year move together: a few outside may have one cause. Inside does not"
            " prove the model right, and outside does not say why.",
        )
    )
    yield Paragraph("What was carried out, and what else changed since.", prompt=True)


def _answers(study: PaperStudy, found: Sequence[Tracked]) -> Iterator[str]:
    for option in study.options:
        own = _of(found, option)
        if own:
            yield f"{option.label}: {inside(own)}"


def _table(study: PaperStudy, found: Sequence[Tracked], option: Option) -> Table:
    own = _of(found, option)
    nothing = study.nothing if study.nothing not in (None, option) else None
    beside = {one.actual.key: one for one in _of(found, nothing)} if nothing else {}
    columns = ["Figure", "Real", *_columns(option), *(_columns(nothing) if nothing else ())]
    rows = []
    for one in own[:_MOST_ROWS]:
        other = beside.get(one.actual.key)
        cells = [f"{one.label}, {_month(one.row.when)}", one.told, one.range, one.verdict]
        if nothing:
            cells += [other.range, other.verdict] if other else ["not known", "not known"]
        rows.append(tuple(cells))
    left_out = len(own) - len(rows)
    notes = ["Simulated: 8 runs in 10. Outside: by how much beyond the nearer end."]
    if left_out:
        notes.append(f"{left_out} more figures are in tracked.csv.")
    if any(one.is_hidden for one in own):
        notes.append("[c]: a count of 1 to 5, or one that would give it away.")
    return Table(
        "Real figures beside the simulated ranges", tuple(columns), tuple(rows), " ".join(notes),
        widths=(3.6, 1.2, *(2.0 for _ in columns[2:])),
    )  # fmt: skip


def _columns(option: Option) -> tuple[str, str]:
    return f"{option.label}: range", f"{option.label}: real figure lies"


# The chart --------------------------------------------------------------------------------


def track_chart(study: PaperStudy, found: Sequence[Tracked]) -> Chart | None:
    """Every figure on its own range, all ranges drawn alike wide; None without any.

    Units differ from figure to figure, so the scale is the range: its low end, its high end.
    """
    option = shown_option(study, found)
    drawn = [one for one in _of(found, option) if _is_drawn(one)][:_MOST_ROWS]
    if not drawn:
        return None
    outside = [one for one in drawn if one.of_eighty is not Place.INSIDE]
    title = (
        f"{len(drawn) - len(outside)} of {len(drawn)} figures shown lie inside 8 runs in 10 of"
        f" {option.label}"
    )
    subtitle = (
        f"{study.council}: each figure on its own range (bar: 8 runs in 10; thin line: 19 in 20;"
        " stroke: middle run; dot: real figure, a triangle where it lies beyond the edge)"
    )
    caption = (
        f"Source: caseholder {study.version} simulation, {study.runs} runs of each option, seed"
        f" {study.manifest['seed']}; run {study.run_id}. Real figures: the council's file."
    )
    text = " ".join(_sentence(one) for one in drawn)
    with chart_style():
        page = make_page(title, subtitle, caption, 0.5 + _BAR_IN * len(drawn))
        axes = page.axes(_LABELS_IN, WIDTH_IN - MARGIN_IN, page.bottom + 0.4, page.top - 0.1)
        for place, one in enumerate(reversed(drawn)):
            _draw(axes, place, one)
        names = [
            shorten(one.label, _LABELS_IN - 0.2, after=f", {_month(one.row.when)}", most=2)
            for one in reversed(drawn)
        ]
        axes.set_yticks(range(len(drawn)), names)
        axes.set_xticks([0, 1], ["low end", "high end"])
        axes.set_xlim(-_FURTHEST - 0.1, 1 + _FURTHEST + 0.1)
        axes.set_ylim(-0.7, len(drawn) - 0.3)
        axes.grid(True, axis="x")
        axes.grid(False, axis="y")
    return Chart(NAME, title, subtitle, text, page.figure)


def _is_drawn(one: Tracked) -> bool:
    return one.row.has_range and one.row.high > one.row.low and not one.is_hidden


def _draw(axes: Axes, place: int, one: Tracked) -> None:
    row = one.row
    width = row.high - row.low

    def at(value: float) -> float:
        return min(max((value - row.low) / width, -_FURTHEST), 1 + _FURTHEST)

    if not (math.isnan(row.least) or math.isnan(row.greatest)):
        axes.plot([at(row.least), at(row.greatest)], [place, place], color=GREY, linewidth=1.5)
    axes.plot([0, 1], [place, place], color=TEAL, linewidth=7, solid_capstyle="butt")
    axes.plot([at(row.centre)], [place], "|", color="black", markersize=10, markeredgewidth=2)
    found = (one.actual.value - row.low) / width
    shape = "<" if found < -_FURTHEST else ">" if found > 1 + _FURTHEST else "o"
    colour = BLUE if one.of_eighty is Place.INSIDE else MAGENTA
    axes.plot([at(one.actual.value)], [place], shape, color=colour, markersize=7, zorder=4)


def _sentence(one: Tracked) -> str:
    return f"{one.label}, {date(one.row.when)}: {one.told}, range {one.range}: {one.verdict}."


def _month(iso: str) -> str:
    return f"{dt.date.fromisoformat(iso):%b %Y}"
