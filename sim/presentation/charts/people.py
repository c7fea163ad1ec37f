"""Chart of posts and the people on them: over time doing nothing, and what each option changes."""

from __future__ import annotations

import numpy as np

from sim.experiment.compare import Comparison, headline_column
from sim.experiment.statistics import Summary, summarise
from sim.presentation import words
from sim.presentation.charts.chart import Chart
from sim.presentation.charts.grid import (
    NOTHING,
    OPTION,
    Cell,
    Column,
    Group,
    Row,
    Section,
    change_in,
    how_told,
    in_words,
    key,
    level_in,
    places_for,
    written,
)
from sim.presentation.charts.grid_drawing import draw_sections
from sim.presentation.charts.style import MARGIN_IN, WIDTH_IN, Page, reach
from sim.presentation.charts.time_axis import (
    Path,
    draw_paths,
    label_ends,
    label_texts,
    label_years,
    mark_date,
)
from sim.presentation.findings import Verdict, mixed, options, shared, unclear, verdict
from sim.presentation.ranges import Runs, runs_of
from sim.presentation.rows import difference, level, verdicts

PANEL_IN, YEARS_IN, TICKS_IN, LABELS_IN, NAMES_IN = 2.2, 0.42, 0.35, 1.75, 1.4
IN_POST, COVER = "inpost_fte", "agency_cover_fte"
SHOWN = {
    IN_POST: "In post",
    COVER: "Agency cover",
    "uncovered_vacancy_fte": "Empty, no agency cover",
}
"""Who is on the posts, and the posts on which nobody is."""


def people_and_posts(comparison: Comparison) -> Chart:
    """Draw people and posts over time doing nothing, and what each option changes at a date."""
    k = headline_column(comparison)
    title = _title(comparison, k)
    section, paths = _section(comparison, k), _paths(comparison)
    first = words.short_names(comparison)[0]
    subtitle = (
        f"Social work posts and who is on them, FTE, {words.period(comparison)}. Above: “{first}”,"
        f" middle runs; bands: range of those in post. Below: on {words.day(comparison.dates[k])}"
        f" (dotted above). {key(comparison.pairs)}"
    )
    page = draw_sections(title, subtitle, words.caption(comparison), [section], PANEL_IN)
    _draw_panel(page, comparison, paths, k)
    text = _text(comparison, section, paths, k)
    return Chart("people_and_posts", title, subtitle, text, page.figure)


# Numbers ----------------------------------------------------------------------------------


def _sum(comparison: Comparison, names: tuple[str, ...]) -> Summary:
    """Several indicators of the first scenario, added up run by run."""
    runs = comparison.average
    every = np.stack([runs.values(0, name) for name in names])
    return summarise(every.sum(axis=0), runs.draws)


def _paths(comparison: Comparison) -> list[Path]:
    return [
        Path("Establishment", level(comparison, 0, "establishment_fte"), 0),
        Path("In post and agency cover", _sum(comparison, (IN_POST, COVER)), 3),
        Path("In post", level(comparison, 0, IN_POST), 1, banded=True),
    ]


def _section(comparison: Comparison, k: int) -> Section:
    scenarios = range(1, len(comparison.scenarios))
    names = words.short_names(comparison)
    levels = [runs_of(level(comparison, 0, name), k) for name in SHOWN]
    write = level_in(places_for(levels[:1]))
    if not scenarios:
        columns = tuple(Column(head, "FTE", write) for head in SHOWN.values())
        row = Row(names[0], tuple(Cell(runs) for runs in levels), NOTHING)
        return Section(columns, (Group("", (row,)),), NAMES_IN)
    changes = [[runs_of(difference(comparison, s, name), k) for name in SHOWN] for s in scenarios]
    sign = change_in(places_for([runs for row in changes for runs in row]))
    columns = tuple(Column(head, "Change, FTE", sign) for head in SHOWN.values())
    plain = Column("", "", write)
    base = Row(names[0], tuple(Cell(words=written(Cell(runs), plain)) for runs in levels), NOTHING)
    rows = tuple(
        Row(names[s], tuple(Cell(runs) for runs in row), OPTION)
        for s, row in zip(scenarios, changes, strict=True)
    )
    other = words.doing_nothing(comparison)
    groups = (Group("FTE", (base,)), Group(f"Change compared with {other}, FTE", rows))
    return Section(columns, groups, NAMES_IN)


# Drawing ----------------------------------------------------------------------------------


def _draw_panel(page: Page, comparison: Comparison, paths: list[Path], k: int) -> None:
    right = WIDTH_IN - MARGIN_IN - LABELS_IN
    bottom = page.top - PANEL_IN + YEARS_IN + 0.1
    axes = page.axes(MARGIN_IN + TICKS_IN, right, bottom, page.top - 0.05)
    draw_paths(axes, comparison.dates, paths)
    ends = [
        v for path in paths for v in (*path.runs.p50, *(path.runs.p97_5 if path.banded else ()))
    ]
    axes.set_ylim(0, reach(ends, 1.05))
    label_years(axes, comparison.dates)
    mark_date(axes, comparison.dates[k])
    label_ends(axes, comparison.dates, paths, _labels(paths))


def _labels(paths: list[Path]) -> list[str]:
    return label_texts(paths, LABELS_IN, [words.number(path.end) for path in paths])


# Words ------------------------------------------------------------------------------------


def _held(comparison: Comparison, scenario: int, k: int) -> Runs:
    return runs_of(level(comparison, scenario, IN_POST), k)


def _title(comparison: Comparison, k: int) -> str:
    scenarios = range(1, len(comparison.scenarios))
    base = words.number(_held(comparison, 0, k).middle)
    if not scenarios:
        return _title_of_baseline(comparison, base, k)
    held = [_held(comparison, s, k).middle for s in scenarios]
    found = verdicts(comparison, IN_POST, k, len(comparison.scenarios))
    other, what = words.doing_nothing(comparison), "social workers in post"
    match shared(found):
        case Verdict.MORE | Verdict.FEWER as change:
            verb = "holds" if len(held) == 1 else "hold"
            between = words.between(min(held), max(held))
            return f"{options(len(held))} {verb} {change} {what}: {between}, against {base}"
        case Verdict.UNCLEAR:
            return unclear(len(held), what)
        case Verdict.UNTESTED:
            return f"Too few runs to tell {what} from {other}"
    return mixed(found, what)


def _title_of_baseline(comparison: Comparison, end: str, k: int) -> str:
    stock = comparison.average.values(0, IN_POST)
    start, when = words.number(_held(comparison, 0, 0).middle), words.month(comparison.dates[k])
    found = verdict(runs_of(summarise(stock[:, k] - stock[:, 0], comparison.average.draws)))
    if found in (Verdict.MORE, Verdict.FEWER):
        verb = "rise" if found is Verdict.MORE else "fall"
        return f"Social workers in post {verb} from {start} to {end} by {when}"
    if found is Verdict.UNTESTED:
        return f"Too few runs to tell how social workers in post change by {when}"
    middle = f"from {start} to {end} in the middle run"
    return f"Social workers in post may rise or fall by {when}: {middle}"


def _text(comparison: Comparison, section: Section, paths: list[Path], k: int) -> str:
    dates = comparison.dates
    ends = [f"{path.name.lower()} {words.number(path.end)}" for path in paths]
    first = words.short_names(comparison)[0]
    return in_words(
        f"On {words.day(dates[k])}, FTE, {how_told(comparison.pairs)}:",
        section,
        f"{first}, middle run in {words.month(dates[-1])}: {', '.join(ends)}.",
        words.caption(comparison),
    )
