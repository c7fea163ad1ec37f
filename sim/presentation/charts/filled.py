"""Chart of posts funded and people gained, for each way in which hiring may respond."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.config.counted import counted
from sim.experiment.compare import Comparison
from sim.presentation import words
from sim.presentation.charts.chart import Chart
from sim.presentation.charts.extra import HIRING, PER_POST, columns_of, per_post, response, row_of
from sim.presentation.charts.grid import Group, Section, how_told, in_words, key
from sim.presentation.charts.grid_drawing import draw_sections
from sim.presentation.ranges import Runs

NAMES_IN = 1.8


@dataclass(frozen=True)
class Line:
    """What is gained if hiring responds in one way.

    Attributes:
        gamma: how hiring responds to vacancies, 0 to 1; None for all runs.
        gained: extra FTE in post for each number of posts funded.
    """

    gamma: float | None
    gained: tuple[Runs, ...]


def funded_against_filled(
    comparison: Comparison, funded: Sequence[float], lines: Sequence[Line], when: str
) -> Chart:
    """Draw extra people in post beside the posts funded.

    Args:
        comparison: where the numbers come from.
        funded: posts funded, ascending.
        lines: what is gained of each number, by response ascending.
        when: the date.
    """
    ends = [line.gained[-1].middle for line in lines]
    gains = words.between(min(ends), max(ends))
    posts = counted(words.number(funded[-1]), "post funded brings", "posts funded bring")
    title = f"{posts} {counted(gains, 'more social worker')}, as hiring responds"
    subtitle = (
        "Extra social workers in post compared with doing nothing, FTE,"
        f" {comparison.study.council.name}, {when}. {key(comparison.pairs)} Upright stroke: social"
        f" work posts funded. {HIRING}."
    )
    groups = tuple(
        Group(
            f"{words.number(number)} posts funded",
            tuple(
                row_of(
                    response(line.gamma),
                    line.gained[i],
                    number,
                    line.gamma is None,
                    per_post(line.gained[i], number),
                )
                for line in lines
            ),
        )
        for i, number in enumerate(funded)
    )
    section = Section(columns_of(comparison.pairs, PER_POST), groups, NAMES_IN)
    page = draw_sections(title, subtitle, words.caption(comparison), [section])
    text = in_words(
        f"Extra social workers in post on {when}, FTE, {how_told(comparison.pairs)}:",
        section,
        words.caption(comparison),
    )
    return Chart("funded_against_filled", title, subtitle, text, page.figure)
