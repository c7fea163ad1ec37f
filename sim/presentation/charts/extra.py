"""Chart of what funded posts bring: extra social workers in post, however hiring responds."""

from __future__ import annotations

from collections.abc import Sequence

from sim.config.counted import counted
from sim.experiment.compare import Comparison, headline_column
from sim.presentation import words
from sim.presentation.charts.chart import Chart
from sim.presentation.charts.grid import (
    FEW,
    NO_VALUE,
    OPTION,
    OTHER,
    Cell,
    Column,
    Group,
    Row,
    Section,
    change_in,
    how_told,
    in_words,
    key,
)
from sim.presentation.charts.grid_drawing import draw_sections
from sim.presentation.findings import Verdict, mixed, options, shared, unclear
from sim.presentation.ranges import Runs, gained_per_post, runs_of
from sim.presentation.rows import difference, level, verdicts
from sim.scenario.posts import funds_posts_alone

EXTRA, FUNDED = "inpost_fte", "funded_posts_fte"
POSTS, PER_POST = "Posts", "Per post"
HIRING = (
    "Hiring response: how far the number of candidates follows the number of posts advertised (0:"
    " not at all; 1: in proportion)"
)


def extra_in_post(comparison: Comparison) -> Chart:
    """Draw extra social workers in post against the posts funded, with the range of runs."""
    k = headline_column(comparison)
    title = _title(comparison, k)
    section, subtitle = _section(comparison, k), _subtitle(comparison, k)
    page = draw_sections(title, subtitle, words.caption(comparison), [section])
    text = in_words(
        f"Extra social workers in post on {words.day(comparison.dates[k])}, FTE,"
        f" {how_told(comparison.pairs)}:",
        section,
        words.caption(comparison),
    )
    return Chart("yield", title, subtitle, text, page.figure)


# Numbers ----------------------------------------------------------------------------------


def _funded(comparison: Comparison, scenario: int, k: int) -> float:
    return float(level(comparison, scenario, FUNDED).mean[k])


def _extra(comparison: Comparison, scenario: int, k: int, variant: int = 0) -> Runs:
    return runs_of(difference(comparison, scenario, EXTRA, variant), k)


def has_per_post(comparison: Comparison) -> bool:
    """Whether people per post is told of any scenario."""
    return any(funds_posts_alone(scenario.measures) for scenario in comparison.scenarios)


def row_of(name: str, extra: Runs, funded: float, average: bool, *asides: str) -> Row:
    """A row of extra people beside the posts that were funded.

    Args:
        name: what it is.
        extra: people in post beside doing nothing.
        funded: posts open on that date.
        average: whether it is of all runs, not of one way in which hiring responds.
        asides: what stands in further columns.
    """
    cells = (Cell(extra, aim=funded or None), *(Cell(words=aside) for aside in asides))
    return Row(name, cells, OPTION if average else OTHER)


def columns_of(pairs: int, *asides: str) -> tuple[Column, ...]:
    """The column of extra people, and further ones of words."""
    middle = f"Middle ({words.spread_of(pairs)})"
    unit = "Extra social workers in post, FTE"
    return (Column(middle, unit, change_in(1)), *(Column(aside) for aside in asides))


def per_post(extra: Runs, funded: float, alone: bool = True) -> str:
    """People gained per post funded, where posts are all that is funded."""
    return words.number(gained_per_post(extra, funded), 2) if alone and funded else NO_VALUE


def _posts(funded: float) -> str:
    return words.number(funded, 0 if round(funded, 1).is_integer() else 1)


def _section(comparison: Comparison, k: int) -> Section:
    if len(comparison.scenarios) > FEW or len(comparison.variants) == 1:
        return _by_scenario(comparison, k)
    return _by_response(comparison, k)


def _by_scenario(comparison: Comparison, k: int) -> Section:
    """A row for each scenario."""
    with_ratio, rows = has_per_post(comparison), []
    for s, name in enumerate(words.short_names(comparison)[1:], start=1):
        extra, funded = _extra(comparison, s, k), _funded(comparison, s, k)
        ratio = per_post(extra, funded, funds_posts_alone(comparison.scenarios[s].measures))
        asides = [_posts(funded) if funded else NO_VALUE] + [ratio] * with_ratio
        rows.append(row_of(name, extra, funded, True, *asides))
    asides = [POSTS] + [PER_POST] * with_ratio
    return Section(columns_of(comparison.pairs, *asides), (Group("", tuple(rows)),), 1.7)


def _by_response(comparison: Comparison, k: int) -> Section:
    """A group for each scenario, and in it a row for each way in which hiring responds."""
    with_ratio, groups = has_per_post(comparison), []
    for s, scenario in enumerate(comparison.scenarios[1:], start=1):
        funded, alone, rows = _funded(comparison, s, k), funds_posts_alone(scenario.measures), []
        for index, variant in enumerate(comparison.variants):
            extra = _extra(comparison, s, k, index)
            ratio = [per_post(extra, funded, alone)] * with_ratio
            name = response(variant.gamma)
            rows.append(row_of(name, extra, funded, variant.gamma is None, *ratio))
        posts = _posts(funded) if funded else "no"
        heading = f"{scenario.name}: {posts} social work posts funded"
        groups.append(Group(heading, tuple(rows)))
    columns = columns_of(comparison.pairs, *[PER_POST] * with_ratio)
    return Section(columns, tuple(groups), 1.6)


def response(gamma: float | None) -> str:
    """How a row of one way in which hiring responds is called."""
    return "All runs" if gamma is None else f"Hiring response {gamma:g}"


# Words ------------------------------------------------------------------------------------


def _subtitle(comparison: Comparison, k: int) -> str:
    other_ways = any(s.measures and not funds_posts_alone(s.measures) for s in comparison.scenarios)
    stroke = any(_funded(comparison, s, k) for s in range(1, len(comparison.scenarios)))
    parts = [
        f"Extra social workers in post compared with {words.doing_nothing(comparison)}, FTE,"
        f" {comparison.study.council.name}, {words.day(comparison.dates[k])}.",
        key(comparison.pairs),
        "Upright stroke: social work posts funded; per post: people gained for each."
        if stroke
        else "",
        _OTHERS if other_ways else "",
    ]
    if len(comparison.variants) > 1 and len(comparison.scenarios) <= FEW:
        run = counted(len(comparison.variants[1].draws), "run", "runs")
        parts.append(f"{HIRING}; {run} at each.")
    return " ".join(part for part in parts if part)


_OTHERS = "Counted too: who stays for pay, and who comes from abroad or from training."


def _title(comparison: Comparison, k: int) -> str:
    scenarios: Sequence[int] = range(1, len(comparison.scenarios))
    found = verdicts(comparison, EXTRA, k, len(comparison.scenarios))
    gains = [_extra(comparison, s, k).middle for s in scenarios]
    other, what = words.doing_nothing(comparison), "social workers in post"
    posts = [_funded(comparison, s, k) for s in scenarios]
    who, add = options(len(gains)), "adds" if len(gains) == 1 else "add"
    gain, funded = (words.between(min(values), max(values)) for values in (gains, posts))
    match shared(found):
        case Verdict.MORE if all(posts):
            people, filled = counted(gain, "social worker"), counted(funded, "post")
            return f"{who} {add} {people} for {filled} funded"
        case Verdict.MORE:
            return f"{who} {add} {gain} {what}"
        case Verdict.FEWER:
            verb = "leaves" if len(gains) == 1 else "leave"
            loss = words.between(-max(gains), -min(gains))
            return f"{who} {verb} {loss} fewer {what} than {other}"
        case Verdict.UNCLEAR:
            return unclear(len(gains), what)
        case Verdict.UNTESTED:
            return f"Too few runs to tell extra {what} from {other}"
    return mixed(found, what)
