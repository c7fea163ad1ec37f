"""Chart of posts and the people on them: in post, covered by agency, uncovered."""

from __future__ import annotations

from matplotlib.axes import Axes

from sim.config.counted import counted
from sim.experiment.compare import Comparison, headline_column
from sim.experiment.statistics import Summary, summarise
from sim.presentation import words
from sim.presentation.charts.chart import Chart
from sim.presentation.charts.style import (
    BLUE,
    CASING,
    GREY,
    INK,
    TEAL,
    make_page,
    panels,
    reach,
    size_of,
    spread,
)
from sim.presentation.charts.time_axis import label_years, mark_date, time_of
from sim.presentation.findings import Verdict, mixed, options, shared, unclear, verdict
from sim.presentation.ranges import runs_of
from sim.presentation.rows import level, verdicts

PANEL_IN = 3.75
TICKS_IN, YEARS_IN, LABELS_IN = 0.45, 0.65, 1.35
LABEL_GAP_IN = 0.21
Rows = dict[str, Summary]
"""Summaries of one scenario by indicator."""

LAYERS = ("inpost_fte", "agency_cover_fte", "uncovered_vacancy_fte")
SHOWN = (*LAYERS, "establishment_fte")
TOLD = (*SHOWN, "agency_above_establishment_fte")
NAMES = ("In post", "Agency cover", "Uncovered", "Establishment")


def people_and_posts(comparison: Comparison) -> Chart:
    """Draw in post, agency cover and uncovered posts of each scenario against establishment."""
    count = words.drawn(comparison)
    rows = [{name: level(comparison, s, name) for name in TOLD} for s in range(count)]
    k = headline_column(comparison)
    title = _title(comparison, rows, k)
    subtitle = (
        "Social work posts and who holds them, FTE, mean of runs, "
        f"{words.period(comparison)}. Numbers are for {words.day(comparison.dates[k])}. "
        f"Shaded band: in post in {words.spread_of(comparison.pairs)}."
        f" {words.first_only(comparison)}"
    ).strip()
    page = make_page(title, subtitle, words.caption(comparison), -(-count // 2) * PANEL_IN)
    names = words.full_names(comparison)[:count]
    top = reach((v for row in rows for v in row["establishment_fte"].mean), 1.08)
    every = panels(page, names, TICKS_IN, YEARS_IN, LABELS_IN)
    for axes, row in zip(every, rows, strict=True):
        _draw(axes, comparison, row, k, top)
    return Chart("people_and_posts", title, subtitle, _text(comparison, rows, k), page.figure)


# Drawing ----------------------------------------------------------------------------------


def _draw(axes: Axes, comparison: Comparison, row: Rows, k: int, top: float) -> None:
    time = [time_of(date) for date in comparison.dates]
    inpost, cover, _, establishment = (row[name].mean for name in SHOWN)
    axes.fill_between(time, 0, inpost, color=BLUE, alpha=0.16, linewidth=0)
    axes.fill_between(time, inpost, inpost + cover, color=TEAL, alpha=0.35, linewidth=0)
    band = row["inpost_fte"]
    axes.fill_between(time, band.p10, band.p90, color=BLUE, alpha=0.3, linewidth=0)
    axes.plot(time, inpost, color=BLUE, linewidth=2.5)
    axes.plot(time, inpost + cover, color=TEAL, linestyle="-.", linewidth=2.2)
    axes.plot(time, establishment, color=GREY, linestyle=(0, (4, 1.5)), linewidth=2.2)
    axes.set_ylim(0, top)
    label_years(axes, comparison.dates)
    mark_date(axes, comparison.dates[k])
    _label(axes, row, k, time[k])
    _label(axes, row, len(time) - 1, time[-1], names=True)


def _label(axes: Axes, row: Rows, k: int, x: float, names: bool = False) -> None:
    """Write the layers' numbers at a date, or their names right of the panel."""
    values = [float(row[name].mean[k]) for name in SHOWN]
    top = axes.get_ylim()[1]
    gap = LABEL_GAP_IN * top / size_of(axes)[1]
    inpost, cover, uncovered, establishment = values
    wanted = [
        inpost * (0.5 if names else 1.0) - (0.0 if names else gap),
        inpost + cover / 2,
        inpost + cover + uncovered / 2,
        establishment + 0.6 * gap,
    ]
    texts = NAMES if names else [words.number(value) for value in values]
    for text, y in zip(texts, spread(wanted, gap, gap / 2, top + gap / 2), strict=True):
        axes.annotate(
            text,
            (x, y),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            color=INK,
            weight="normal" if names else "bold",
            path_effects=None if names else CASING,
            annotation_clip=False,
        )


# Words ------------------------------------------------------------------------------------


def _title(comparison: Comparison, rows: list[Rows], k: int) -> str:
    base = words.number(float(rows[0]["inpost_fte"].mean[k]))
    if len(rows) == 1:
        return _title_of_baseline(comparison, base, k)
    held = [float(row["inpost_fte"].mean[k]) for row in rows[1:]]
    found = verdicts(comparison, "inpost_fte", k, len(rows))
    other, what = words.doing_nothing(comparison), "social workers in post"
    who = options(len(held), len(comparison.scenarios) - 1)
    match shared(found):
        case Verdict.MORE | Verdict.FEWER as change:
            verb = "holds" if len(held) == 1 else "hold"
            between = words.between(min(held), max(held))
            return f"{who} {verb} {change} {what}: {between}, against {base}"
        case Verdict.UNCLEAR:
            return unclear(len(held), what)
        case Verdict.UNTESTED:
            return f"Too few runs to tell {what} from {other}"
    return mixed(found, what)


def _title_of_baseline(comparison: Comparison, end: str, k: int) -> str:
    variant = comparison.variants[0]
    stock = variant.values(0, "inpost_fte")
    change = summarise(stock[:, k] - stock[:, 0], variant.draws)
    start, when = words.number(float(stock[:, 0].mean())), words.month(comparison.dates[k])
    found = verdict(runs_of(change))
    if found in (Verdict.MORE, Verdict.FEWER):
        verb = "rise" if found is Verdict.MORE else "fall"
        return f"Social workers in post {verb} from {start} to {end} by {when}"
    if found is Verdict.UNTESTED:
        return f"Too few runs to tell how social workers in post change by {when}"
    return f"Social workers in post may rise or fall by {when}: from {start}, {end} on average"


def _text(comparison: Comparison, rows: list[Rows], k: int) -> str:
    names, dates = words.full_names(comparison), comparison.dates
    parts = [f"On {words.day(dates[k])}, mean of runs in FTE:"]
    parts += [
        f"- {name}: {_row_text(row, k, comparison.pairs)}"
        for name, row in zip(names, rows, strict=False)
    ]
    first, last = (
        words.listed([words.number(float(row["inpost_fte"].mean[i])) for row in rows])
        for i in (0, -1)
    )
    parts += [
        f"In post, in the same order: {first} in {words.month(dates[0])};"
        f" {last} in {words.month(dates[-1])}.",
        words.not_drawn(comparison),
        words.caption(comparison),
    ]
    return "\n".join(part for part in parts if part)


def _row_text(row: Rows, k: int, pairs: int) -> str:
    inpost, cover, uncovered, establishment, above = (
        words.number(float(row[name].mean[k])) for name in TOLD
    )
    band = words.between(float(row["inpost_fte"].p10[k]), float(row["inpost_fte"].p90[k]))
    more, verb = counted(above, "agency worker"), "is" if above == "1" else "are"
    return (
        f"{inpost} in post ({band} in {words.spread_of(pairs)}), {cover} covered by agency,"
        f" {uncovered} uncovered, of an establishment of {establishment}. A further {more} above"
        f" establishment {verb} not drawn."
    )
