"""Chart of the council's own targets: people it said it needs, permanently filled."""

from __future__ import annotations

import numpy as np

from sim.config.council import Target
from sim.experiment.compare import Comparison, headline_column
from sim.outcomes.indicators import INDEX
from sim.presentation import words
from sim.presentation.charts.chart import Chart
from sim.presentation.charts.grid import (
    FEW,
    Cell,
    Column,
    Group,
    Row,
    Section,
    how_told,
    key,
    level_in,
    look_of,
    told,
)
from sim.presentation.charts.grid_drawing import Layout, write_section
from sim.presentation.charts.style import INK, MARGIN_IN, WIDTH_IN, Page, make_page, reach
from sim.presentation.charts.time_axis import (
    Path,
    draw_paths,
    height_for,
    label_ends,
    label_texts,
    label_years,
    mark_date,
)
from sim.presentation.findings import NO_CHANGE, Verdict, mixed, options, shared
from sim.presentation.ranges import Runs, runs_of
from sim.presentation.rows import level, verdicts

PANEL_IN, HEADING_IN, YEARS_IN, TICKS_IN, LABELS_IN, NAMES_IN = 1.75, 0.25, 0.42, 0.35, 2.05, 2.0


def targets(comparison: Comparison) -> Chart | None:
    """Draw people permanently filled of each target; None where the council has no target."""
    found = [target for target in comparison.study.council.targets if _has(comparison, target)]
    if not found:
        return None
    k = headline_column(comparison)
    title = _title(comparison, found[0], k)
    sections = [_section(comparison, target, k) for target in found]
    paths = [_paths(comparison, target) for target in found]
    first = words.short_names(comparison)[0]
    over_time = f" Lines: middle run; bands: “{first}”; dotted: that date." if paths[0] else ""
    subtitle = (
        "Posts vacant or under notice at the start that have a permanent holder, scaled to the"
        f" council’s own number, people, {comparison.study.council.name}. Ranges are for"
        f" {words.day(comparison.dates[k])}; dashed: target. {key(comparison.pairs)}{over_time}"
    )
    layouts = [Layout(section) for section in sections]
    heights = [_panel_height(one) for one in paths]
    body = sum(heights) + sum(layout.height + HEADING_IN for layout in layouts)
    page = make_page(title, subtitle, words.caption(comparison), body)
    y = page.top
    for target, layout, lines, height in zip(found, layouts, paths, heights, strict=True):
        heading = f"Target: {target.people} {target.name}"
        page.write(MARGIN_IN, y - 0.05, heading, weight="bold")
        y -= HEADING_IN
        if lines:
            _draw_panel(page, comparison, target, lines, k, y, height)
        write_section(page, layout, y - height)
        y -= height + layout.height
    text = _text(comparison, found, sections, paths, k)
    return Chart("targets", title, subtitle, text, page.figure)


# Numbers ----------------------------------------------------------------------------------


def _name(target: Target) -> str:
    return f"target_{target.role_family.value}"


def _has(comparison: Comparison, target: Target) -> bool:
    if _name(target) not in INDEX:
        return False
    return not bool(np.isnan(comparison.average.values(0, _name(target))).all())


def _filled(comparison: Comparison, target: Target, k: int) -> list[Runs]:
    """By scenario, at a month."""
    scenarios = range(len(comparison.scenarios))
    return [runs_of(level(comparison, s, _name(target)), k) for s in scenarios]


def _paths(comparison: Comparison, target: Target) -> list[Path]:
    """Lines over time, as long as there are few enough to tell one from another."""
    names = words.short_names(comparison)
    if len(names) > FEW:
        return []
    return [
        Path(name, level(comparison, s, _name(target)), s, banded=s == 0)
        for s, name in enumerate(names)
    ]


def _section(comparison: Comparison, target: Target, k: int) -> Section:
    column = Column(
        f"Middle ({words.spread_of(comparison.pairs)})", "People", level_in(1),
        line_at=float(target.people),
    )  # fmt: skip
    rows = tuple(
        Row(name, (Cell(runs),), look_of(s))
        for s, (name, runs) in enumerate(
            zip(words.short_names(comparison), _filled(comparison, target, k), strict=True)
        )
    )
    return Section((column,), (Group("", rows),), NAMES_IN)


# Drawing ----------------------------------------------------------------------------------


def _labels(paths: list[Path]) -> list[str]:
    return label_texts(paths, LABELS_IN, [words.number(path.end, 1) for path in paths])


def _panel_height(paths: list[Path]) -> float:
    return max(PANEL_IN, height_for(_labels(paths)) + YEARS_IN + 0.2) if paths else 0.0


def _draw_panel(
    page: Page, comparison: Comparison, target: Target, paths: list[Path], k: int, top: float,
    height: float,
) -> None:  # fmt: skip
    right = WIDTH_IN - MARGIN_IN - LABELS_IN
    axes = page.axes(MARGIN_IN + TICKS_IN, right, top - height + YEARS_IN, top - 0.05)
    draw_paths(axes, comparison.dates, paths)
    axes.axhline(target.people, color=INK, linewidth=1.2, linestyle="--")
    ends = [v for path in paths for v in path.runs.p50] + list(paths[0].runs.p97_5)
    axes.set_ylim(0, reach([target.people, *ends], 1.08))
    label_years(axes, comparison.dates)
    mark_date(axes, comparison.dates[k])
    label_ends(axes, comparison.dates, paths, _labels(paths))


# Words ------------------------------------------------------------------------------------


def _title(comparison: Comparison, target: Target, k: int) -> str:
    filled = [runs.middle for runs in _filled(comparison, target, k)]
    when = words.month(comparison.dates[k])
    base = f"{words.number(filled[0])} of {target.people} {target.name} found by {when}"
    if len(filled) == 1:
        return base
    found = verdicts(comparison, _name(target), k, len(filled))
    span = words.between(min(filled[1:]), max(filled[1:]))
    match shared(found):
        case Verdict.MORE | Verdict.FEWER as change:
            verb = "finds" if len(found) == 1 else "find"
            who = f"{options(len(found))} {verb}"
            return f"{who} {change} of the {target.people} {target.name} wanted: {span} by {when}"
        case Verdict.UNCLEAR:
            verb = "the option makes" if len(found) == 1 else "options make"
            return f"{base}; {verb} {NO_CHANGE}"
        case Verdict.UNTESTED:
            return f"{base}; too few runs to compare options"
    return mixed(found, f"of the {target.people} {target.name} wanted found")


def _text(
    comparison: Comparison,
    found: list[Target],
    sections: list[Section],
    paths: list[list[Path]],
    k: int,
) -> str:
    parts = []
    for target, section, lines in zip(found, sections, paths, strict=True):
        parts += [
            f"Target of {target.people} {target.name}: filled on {words.day(comparison.dates[k])},"
            f" {how_told(comparison.pairs)}:",
            *told(section),
        ]
        if lines:
            ends = "; ".join(f"{path.name} {words.number(path.end, 1)}" for path in lines)
            parts.append(f"Middle run in {words.month(comparison.dates[-1])}: {ends}.")
    return "\n".join([*parts, words.caption(comparison)])
