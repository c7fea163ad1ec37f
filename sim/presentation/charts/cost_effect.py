"""Chart of cost and effect of options, with those marked that no other beats on both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.config.counted import counted
from sim.experiment.compare import Comparison
from sim.experiment.efficient import efficient
from sim.presentation import words
from sim.presentation.charts.chart import Chart
from sim.presentation.charts.grid import (
    Cell,
    Column,
    Group,
    Look,
    Row,
    Section,
    change_in,
    how_told,
    in_words,
    key,
    level_in,
)
from sim.presentation.charts.grid_drawing import draw_sections
from sim.presentation.charts.style import BLUE, INK
from sim.presentation.ranges import Runs

NAMES_IN = 2.3
SHOWN = 0.05
"""Effect from which it is not written 0.0."""
KINDS = (
    ("Beaten by none", True, Look(BLUE, "s")),
    ("Beaten by another, or no effect", False, Look(INK, "o", filled=False)),
)
"""Heading of each group, whether none beats its options, and their mark."""


@dataclass(frozen=True)
class Option:
    """One option, compared with doing nothing.

    Attributes:
        name: what it is.
        cost: net cost, £ million.
        effect: what it brings.
    """

    name: str
    cost: Runs
    effect: Runs


def cost_against_effect(
    comparison: Comparison, options: Sequence[Option], what: str, unit: str, when: str
) -> Chart:
    """Draw effect and net cost of each option, the most effect first.

    Args:
        comparison: where the numbers come from.
        options: what is drawn.
        what: what is gained, in words.
        unit: its unit.
        when: the date or period.
    """
    best = _best(options)
    title = _title(options, best, what)
    section = _section(options, best, what, unit)
    subtitle = (
        f"{what[:1].upper()}{what[1:]} and net cost, each compared with doing nothing,"
        f" {comparison.study.council.name}, {when}. Filled squares: options that no other beats on"
        f" both, nor doing nothing, by their middle runs. {key(comparison.pairs)}"
    )
    page = draw_sections(title, subtitle, words.caption(comparison), [section])
    text = in_words(
        f"Net cost and {what}, {when}, by option, {how_told(comparison.pairs)}:",
        section,
        words.caption(comparison),
    )
    return Chart("cost_against_effect", title, subtitle, text, page.figure)


def _best(options: Sequence[Option]) -> list[bool]:
    """Which options bring something and are beaten by none, doing nothing among them."""
    costs = [0.0, *(option.cost.middle for option in options)]
    effects = [0.0, *(option.effect.middle for option in options)]
    chosen = efficient(costs, effects)[1:]
    return [best and effect >= SHOWN for best, effect in zip(chosen, effects[1:], strict=True)]


def _section(options: Sequence[Option], best: Sequence[bool], what: str, unit: str) -> Section:
    columns = (
        Column(f"{what[:1].upper()}{what[1:]}", unit, change_in(1)),
        Column("Net cost", "£m, cash", level_in(2)),
    )
    order = sorted(
        zip(options, best, strict=True), key=lambda one: -np.nan_to_num(one[0].effect.middle)
    )
    groups = tuple(
        Group(
            heading,
            tuple(
                Row(option.name, (Cell(option.effect), Cell(option.cost)), look)
                for option, chosen in order
                if chosen is wanted
            ),
        )
        for heading, wanted, look in KINDS
    )
    return Section(columns, tuple(group for group in groups if group.rows), NAMES_IN)


def _title(options: Sequence[Option], best: Sequence[bool], what: str) -> str:
    count, among = sum(best), len(options)
    if count == 0:
        return f"No option brings more {what} than doing nothing"
    if count == 1:
        name = next(o.name for o, chosen in zip(options, best, strict=True) if chosen)
        return f"One of {counted(among, 'option')} is beaten by none on cost and {what}: {name}"
    return f"{count} of {among} options are beaten by none on both cost and {what}"
