"""The charts of a paper, drawn from its rows: over time, by option, money by year."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence

from matplotlib.axes import Axes

from sim.papers.document import Picture, Table
from sim.papers.inline import picture
from sim.papers.measures import Told
from sim.papers.money_part import ends_of
from sim.papers.phrases import date, thousands, year
from sim.papers.rows import CHANGE, LEVEL, PACKAGE, PLANNED, SPENT, Row
from sim.papers.study import Option, PaperStudy
from sim.presentation.charts.chart import Chart
from sim.presentation.charts.style import (
    BLUE,
    GREY,
    MARGIN_IN,
    TEAL,
    WIDTH_IN,
    chart_style,
    make_page,
    reach,
    shorten,
    spread,
)
from sim.presentation.charts.time_axis import label_years, time_of
from sim.presentation.words import listed

_LABELS_IN = 1.8
"""Room for names beside a chart, inches."""
_HALF_YEARS = ((3, 31), (9, 30))
_BAR_IN = 0.32


def _caption(study: PaperStudy, text: str) -> str:
    return (
        f"{text} Source: caseholder {study.version} simulation, {study.runs} runs of each option,"
        f" seed {study.manifest['seed']}; run {study.run_id}."
    )


# Over time --------------------------------------------------------------------------------


def over_time(study: PaperStudy, told: Told) -> Picture | None:
    """An indicator at each 31 March and 30 September, doing nothing and with the package."""
    options = [o for o in (study.nothing, *study.chosen[:1]) if o is not None] or [study.options[0]]
    series = {o: _half_years(study, o, told) for o in options}
    dates = [row.when for row in max(series.values(), key=len)]
    if len(dates) < 2:
        return None
    name = f"{told.indicator}_over_time"
    shown = study.headline if study.headline in dates else dates[-1]
    found = [(o, row) for o in options if (row := _at(series[o], shown)) is not None]
    ends = [f"{o.label} {told.size(row.centre)(row.centre)}{told.unit}" for o, row in found]
    title = f"{_short(told)} on {date(shown)}, middle run: {listed(ends)}"
    subtitle = f"{told.words}, {study.council}: middle run, and 8 runs in 10 shaded"
    table = Table(
        f"{told.words} at each half year",
        ("Date", *(o.label for o in options)),
        tuple(
            (date(when), *(told.level_of(_at(series[o], when)) for o in options)) for when in dates
        ),
        f"{study.spread.capitalize()}.",
    )
    with chart_style():
        page = make_page(title, subtitle, _caption(study, ""), 2.4)
        axes = page.axes(0.6, WIDTH_IN - _LABELS_IN, page.bottom + 0.4, page.top - 0.1)
        scale = 100.0 if told.unit else 1.0
        for option, colour, style in zip(options, (GREY, BLUE), ("--", "-"), strict=False):
            _draw_line(axes, series[option], colour, style, scale)
        tops = [r.high if r.has_range else r.centre for o in options for r in series[o]]
        top = reach([scale * x for x in tops], 1.08)
        axes.set_ylim(0, top)
        label_years(axes, [_day(when) for when in dates])
        ends_at = [scale * _last(series[o]).centre for o in options]
        places = spread(ends_at, top / 5, top / 10, top * 9 / 10)
        for option, colour, place in zip(options, (GREY, BLUE), places, strict=False):
            axes.annotate(
                shorten(option.label, _LABELS_IN - 0.3, most=2),
                (1.02, place / top), xycoords="axes fraction", va="center", color=colour,
            )  # fmt: skip
    text = f"{subtitle}. {_in_words(table)}"
    return picture(Chart(name, title, subtitle, text, page.figure), table)


def _draw_line(axes: Axes, rows: Sequence[Row], colour: str, style: str, scale: float) -> None:
    when = [time_of(_day(row.when)) for row in rows]
    axes.plot(
        when, [scale * row.centre for row in rows], color=colour, linestyle=style, linewidth=1.8
    )
    if all(row.has_range for row in rows):
        low, high = ([scale * getattr(row, end) for row in rows] for end in ("low", "high"))
        axes.fill_between(when, low, high, color=colour, alpha=0.2, linewidth=0)


def _half_years(study: PaperStudy, option: Option, told: Told) -> list[Row]:
    rows = study.rows.of(LEVEL, option.key, told.indicator)
    wanted = (r for r in rows if not math.isnan(r.centre))
    return [r for r in wanted if (_day(r.when).month, _day(r.when).day) in _HALF_YEARS]


def _at(rows: Sequence[Row], when: str) -> Row | None:
    return next((row for row in rows if row.when == when), None)


def _last(rows: Sequence[Row]) -> Row:
    return rows[-1]


def _day(iso: str) -> dt.date:
    return dt.date.fromisoformat(iso)


def _short(told: Told) -> str:
    return told.words.split(",")[0]


def _in_words(table: Table) -> str:
    """A table as sentences, for those who can't see the drawing."""
    names = table.columns[1:]
    sentences = []
    for first, *cells in table.rows:
        told = "; ".join(f"{name} {cell}" for name, cell in zip(names, cells, strict=True))
        sentences.append(f"{first}: {told}.")
    return " ".join(sentences)


# By option --------------------------------------------------------------------------------


def by_option(study: PaperStudy, told: Told) -> Picture | None:
    """What each option changes on the headline's date: a bar for 8 runs in 10, a middle mark."""
    found = [(o, row) for o in study.chosen if (row := told.row(study, o, CHANGE)) is not None]
    found = [(o, row) for o, row in found if not math.isnan(row.centre)]
    if not found or study.nothing is None:
        return None
    best = max(found, key=lambda pair: (told.better or 1) * pair[1].centre)[0]
    title = f"{_short(told)}: {best.label} changes most"
    if len(found) == 1:
        title = f"{_short(told)}: {told.change(study, best)}"
    subtitle = (
        f"{told.words}, {study.council}, {date(study.headline)}: change against doing nothing, 8"
        " runs in 10 and middle run"
    )
    table = Table(
        f"{told.words}: change against doing nothing, {date(study.headline)}",
        ("Option", "Change"),
        tuple((o.label, told.change(study, o)) for o, _ in found),
        f"{study.spread.capitalize()}.",
    )
    with chart_style():
        page = make_page(title, subtitle, _caption(study, ""), 0.7 + _BAR_IN * len(found))
        axes = page.axes(_LABELS_IN, WIDTH_IN - MARGIN_IN, page.bottom + 0.4, page.top - 0.1)
        scale = 100.0 if told.unit else 1.0
        for place, (_, row) in enumerate(reversed(found)):
            if row.has_range:
                axes.plot(
                    [scale * row.low, scale * row.high], [place, place], color=TEAL, linewidth=6,
                    solid_capstyle="butt",
                )  # fmt: skip
            axes.plot([scale * row.centre], [place], "o", color=BLUE, markersize=6)
        axes.axvline(0, color=GREY, linewidth=1.5)
        axes.set_yticks(
            range(len(found)), [shorten(o.label, _LABELS_IN - 0.3) for o, _ in reversed(found)]
        )
        axes.set_ylim(-0.7, len(found) - 0.3)
        axes.grid(True, axis="x")
        axes.grid(False, axis="y")
    text = f"{subtitle}. {_in_words(table)}"
    return picture(Chart(f"{told.indicator}_by_option", title, subtitle, text, page.figure), table)


# Money ------------------------------------------------------------------------------------


def money_by_year(study: PaperStudy) -> Picture | None:
    """Planned and spent money of the package by financial year."""
    if not study.chosen:
        return None
    option = study.chosen[0]
    planned = study.rows.of(PLANNED, option.key, line=PACKAGE)
    spent = {row.when: row for row in study.rows.of(SPENT, option.key, line=PACKAGE)}
    rows = [(p, spent[p.when]) for p in planned if p.when in spent]
    if not any(p.mean or s.mean for p, s in rows):
        return None
    left = sum(s.mean < p.mean for p, s in rows)
    title = f"{option.label}: spending stays under plan in {left} of {len(rows)} financial years"
    subtitle = f"Planned, and spent on average and in 8 runs of 10, £000 cash, {study.council}"
    table = Table(
        f"{option.label}: planned and spent, £000 cash",
        ("Financial year", "Planned", "Spent", "Spent, 8 runs in 10"),
        tuple((year(p.when), thousands(p.mean), thousands(s.mean), ends_of(s)) for p, s in rows),
        numeric=True,
    )
    with chart_style():
        page = make_page(title, subtitle, _caption(study, ""), 2.3)
        axes = page.axes(0.6, WIDTH_IN - _LABELS_IN, page.bottom + 0.4, page.top - 0.1)
        for place, (one, two) in enumerate(rows):
            axes.bar(place - 0.2, one.mean / 1e3, 0.38, color=GREY, hatch="//", edgecolor="white")
            axes.bar(place + 0.2, two.mean / 1e3, 0.38, color=BLUE)
            if two.has_range:
                ends = [two.low / 1e3, two.high / 1e3]
                axes.plot([place + 0.2] * 2, ends, color="black", linewidth=2)
        axes.axhline(0, color="black", linewidth=1)
        axes.set_xticks(range(len(rows)), [year(p.when).replace(" (", "\n(") for p, _ in rows])
        axes.annotate("Planned (hatched)", (1.02, 0.8), xycoords="axes fraction", color=GREY)
        axes.annotate(
            "Spent; line: 8\nruns in 10", (1.02, 0.5), xycoords="axes fraction", color=BLUE
        )
    text = f"{subtitle}. {_in_words(table)}"
    return picture(Chart("money_by_year", title, subtitle, text, page.figure), table)
