"""Chart of what funded posts bring: extra social workers in post, at each vacancy elasticity."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes

from sim.config.counted import counted
from sim.experiment.compare import Comparison, headline_column
from sim.presentation import words
from sim.presentation.charts.chart import Chart
from sim.presentation.charts.style import (
    BLUE,
    GREY,
    INK,
    MARGIN_IN,
    TEAL,
    TEXT_PT,
    WIDTH_IN,
    Page,
    make_page,
    wrap,
)
from sim.presentation.findings import Verdict, mixed, options, shared, unclear
from sim.presentation.ranges import Runs, runs_of
from sim.presentation.rows import difference, level, verdicts
from sim.scenario.posts import ExtraPosts

ROW_IN, HEADING_IN, AXIS_IN = 0.29, 0.38, 0.62
NAME_IN, NUMBERS_IN, SHARE_IN = 2.6, 2.25, 0.9
HEAD_IN = 0.3
LEFT = MARGIN_IN + NAME_IN
RIGHT = WIDTH_IN - MARGIN_IN - NUMBERS_IN - SHARE_IN
EXTRA, FUNDED, YIELD = "inpost_fte", "funded_posts_fte", "post_yield_social_work"


@dataclass(frozen=True)
class Row:
    """One dot: extra FTE of one scenario at one elasticity, and per FTE funded."""

    gamma: float | None
    extra: Runs
    per_post: float

    @property
    def name(self) -> str:
        """What stands left of the dot."""
        return "All draws" if self.gamma is None else f"At elasticity {self.gamma:g}"

    @property
    def numbers(self) -> str:
        """Middle and range in figures."""
        return self.extra.beside(one_decimal)


@dataclass(frozen=True)
class Group:
    """One scenario: social work posts funded, and its rows."""

    name: str
    funded: float
    rows: tuple[Row, ...]

    @property
    def lines(self) -> int:
        """Lines that it takes: its rows, and one for the posts if there are any."""
        return len(self.rows) + (1 if self.funded else 0)


def extra_in_post(comparison: Comparison) -> Chart:
    """Draw extra social workers in post against the posts funded, with the range of runs."""
    k = headline_column(comparison)
    groups = [_group(comparison, s, k) for s in range(1, len(comparison.scenarios))]
    title = _title(comparison, groups, k)
    subtitle = _subtitle(comparison, k)
    headings = [wrap(g.name, WIDTH_IN - 2 * MARGIN_IN, TEXT_PT, bold=True) for g in groups]
    heights = [_height(*pair) for pair in zip(groups, headings, strict=True)]
    page = make_page(title, subtitle, words.caption(comparison), HEAD_IN + sum(heights) + AXIS_IN)
    axes = page.axes(LEFT, RIGHT, page.bottom + AXIS_IN, page.top - HEAD_IN)
    _frame(axes, groups, sum(heights))
    page.write(
        RIGHT + 0.2, page.top, f"Middle ({words.spread_of(comparison.pairs)})", weight="bold"
    )
    page.write(WIDTH_IN - MARGIN_IN, page.top, "Per post", weight="bold", ha="right")
    y = page.top - HEAD_IN
    for group, heading, height in zip(groups, headings, heights, strict=True):
        page.write(MARGIN_IN, y - 0.1, heading, weight="bold")
        _draw_group(page, axes, group, y - height + ROW_IN * group.lines)
        y -= height
    return Chart("yield", title, subtitle, _text(comparison, groups, k), page.figure)


def _height(group: Group, heading: str) -> float:
    return HEADING_IN + 0.22 * heading.count("\n") + ROW_IN * group.lines


def _group(comparison: Comparison, scenario: int, k: int) -> Group:
    rows = []
    for index, variant in enumerate(comparison.variants):
        extra = difference(comparison, scenario, EXTRA, index)
        share = difference(comparison, scenario, YIELD, index)
        rows.append(Row(variant.gamma, runs_of(extra, k), float(share.mean[k])))
    funded = float(level(comparison, scenario, FUNDED).mean[k])
    return Group(comparison.scenarios[scenario].name, funded, tuple(rows))


# Drawing ----------------------------------------------------------------------------------


def _frame(axes: Axes, groups: list[Group], height: float) -> None:
    """Axes whose y is inches, so that the words beside them stand level with the dots."""
    ends = [v for g in groups for r in g.rows for v in (r.extra.low, r.extra.high)]
    ends += [group.funded for group in groups]
    low, high = min(0.0, *ends), max(0.0, *ends)
    pad = 0.06 * ((high - low) or 1.0)
    axes.set_xlim(low - (pad if low < 0 else 0.3 * pad), high + pad)
    axes.set_ylim(0, height)
    axes.set_yticks([])
    axes.grid(visible=False, axis="y")
    axes.set_xlabel("FTE", color=INK)


def _draw_group(page: Page, axes: Axes, group: Group, top: float) -> None:
    """The rows of one scenario below a height: posts funded, then what they bring."""
    bottom = page.bottom + AXIS_IN
    ends = (top - ROW_IN * group.lines - bottom, top - bottom)
    axes.vlines(0, *ends, color=GREY, linewidth=1.2)
    middle = top - ROW_IN / 2
    if group.funded:
        page.write(MARGIN_IN + 0.15, middle, "Social work posts funded", va="center")
        page.write(RIGHT + 0.2, middle, words.number(group.funded, 1), va="center")
        axes.vlines(group.funded, ends[0], middle - bottom, color=GREY, linestyle=":", linewidth=2)
        axes.plot(group.funded, middle - bottom, "s", color=GREY, markersize=9)
        middle -= ROW_IN
    for row in group.rows:
        page.write(MARGIN_IN + 0.15, middle, row.name, va="center")
        page.write(RIGHT + 0.2, middle, row.numbers, va="center")
        share = words.number(row.per_post, 2) if group.funded else "–"
        page.write(WIDTH_IN - MARGIN_IN, middle, share, va="center", ha="right")
        _draw_row(axes, row, middle - bottom)
        middle -= ROW_IN


def _draw_row(axes: Axes, row: Row, y: float) -> None:
    average = row.gamma is None
    colour, marker = (BLUE, "D") if average else (TEAL, "o")
    ends = [row.extra.low, row.extra.high]
    axes.plot(ends, [y, y], color=colour, linewidth=2.5, solid_capstyle="butt")
    face = colour if average else "white"
    axes.plot(
        row.extra.middle,
        y,
        marker=marker,
        markersize=9,
        markerfacecolor=face,
        markeredgecolor=colour,
        markeredgewidth=2,
        zorder=3,
    )


# Words ------------------------------------------------------------------------------------


def _subtitle(comparison: Comparison, k: int) -> str:
    other_ways = any(
        measure.has_effect and not isinstance(measure, ExtraPosts)
        for scenario in comparison.scenarios
        for measure in scenario.measures
    )
    what = (
        "Extra social workers in post compared with"
        f" {words.doing_nothing(comparison)}, FTE, middle of the runs and"
        f" {words.spread_of(comparison.pairs)},"
        f" {comparison.study.council.name}, {words.day(comparison.dates[k])}."
        f"{_OTHERS if other_ways else ''}"
    )
    if len(comparison.variants) == 1:
        return what
    run = counted(len(comparison.variants[1].draws), f"of the {comparison.pairs} pairs was run",
                  f"of the {comparison.pairs} pairs were run")  # fmt: skip
    return (
        f"{what} Vacancy elasticity: how far the number of candidates follows the number of posts"
        f" advertised (0: not at all; 1: fully); {run} at each."
    )


_OTHERS = " Counted too: who stays for pay, and who comes from abroad or from training."


def _title(comparison: Comparison, groups: list[Group], k: int) -> str:
    found = verdicts(comparison, EXTRA, k, len(comparison.scenarios))
    gains = [group.rows[0].extra.middle for group in groups]
    other, what = words.doing_nothing(comparison), "social workers in post"
    posts = [group.funded for group in groups]
    who, add = options(len(groups)), "adds" if len(groups) == 1 else "add"
    gain, funded = (words.between(min(values), max(values)) for values in (gains, posts))
    match shared(found):
        case Verdict.MORE if all(posts):
            people, filled = counted(gain, "social worker"), counted(funded, "post")
            return f"{who} {add} {people} for {filled} funded"
        case Verdict.MORE:
            return f"{who} {add} {gain} {what}"
        case Verdict.FEWER:
            verb = "leaves" if len(groups) == 1 else "leave"
            loss = words.between(-max(gains), -min(gains))
            return f"{who} {verb} {loss} fewer {what} than {other}"
        case Verdict.UNCLEAR:
            return unclear(len(groups), what)
        case Verdict.UNTESTED:
            return f"Too few runs to tell extra {what} from {other}"
    return mixed(found, what)


def _text(comparison: Comparison, groups: list[Group], k: int) -> str:
    parts = [f"Extra social workers in post on {words.day(comparison.dates[k])}, FTE:"]
    for group in groups:
        posts = (
            f"{words.number(group.funded, 1)} social work posts funded"
            if group.funded
            else "no social work posts funded"
        )
        parts.append(f"- {group.name}: {posts}. {' '.join(_row_text(r) for r in group.rows)}")
    parts.append(words.caption(comparison))
    return "\n".join(parts)


def _row_text(row: Row) -> str:
    per_post = "" if row.per_post != row.per_post else f", {words.number(row.per_post, 2)} per post"
    return f"{row.name}: {row.extra.told(one_decimal)}{per_post}."


def one_decimal(value: float) -> str:
    """As the chart writes FTE."""
    return words.number(value, 1)
