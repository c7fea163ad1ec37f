"""Chart of cost against effect, with the options marked that no other beats on both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from sim.config.counted import counted
from sim.experiment.compare import Comparison
from sim.experiment.efficient import efficient
from sim.presentation import words
from sim.presentation.charts.chart import Chart
from sim.presentation.charts.style import (
    BLUE,
    GREY,
    INK,
    MARGIN_IN,
    WIDTH_IN,
    Page,
    make_page,
    shorten,
    spread,
)

BODY_IN, AXIS_IN, LEFT_IN, KEY_IN, GAP_IN = 5.2, 0.65, 0.75, 4.0, 0.28


@dataclass(frozen=True)
class Option:
    """One option.

    Attributes:
        name: what it is.
        cost: net cost, £ million.
        effect: what it brings.
    """

    name: str
    cost: float
    effect: float


def cost_against_effect(
    comparison: Comparison, options: Sequence[Option], what: str, unit: str, when: str
) -> Chart:
    """Draw net cost against effect of each option; a line joins those that no other beats.

    Args:
        comparison: where the numbers come from.
        options: what is drawn; doing nothing is added at 0 and 0.
        what: what is gained, in words.
        unit: its unit.
        when: the date or period.
    """
    every = [Option("Do nothing", 0.0, 0.0), *options]
    best = efficient([o.cost for o in every], [o.effect for o in every])
    title = _title(every, best, what)
    subtitle = (
        f"{what[:1].upper()}{what[1:]} ({unit}) against net cost (£m, cash), each compared with"
        f" doing nothing, means, {comparison.study.council.name}, {when}. Filled squares and the"
        " line: options that no other beats on both. A filled square is a mean, no proof."
    )
    body = max(BODY_IN, GAP_IN * (len(every) + 1) + AXIS_IN + 0.35)
    page = make_page(title, subtitle, words.caption(comparison), body)
    right = WIDTH_IN - MARGIN_IN - KEY_IN
    axes = page.axes(LEFT_IN, right, page.bottom + AXIS_IN, page.top - 0.35)
    page.write(MARGIN_IN, page.top, f"{what[:1].upper()}{what[1:]}, {unit}", weight="bold")
    _draw(axes, every, best)
    _key(page, axes, every, best, right)
    text = _text(comparison, every, best, what, when)
    return Chart("cost_against_effect", title, subtitle, text, page.figure)


# Drawing ----------------------------------------------------------------------------------


def _draw(axes: Axes, options: Sequence[Option], best: Sequence[bool]) -> None:
    for values, limit in (
        ([o.cost for o in options], axes.set_xlim),
        ([o.effect for o in options], axes.set_ylim),
    ):
        pad = 0.07 * ((max(values) - min(values)) or 1.0)
        limit(min(values) - pad, max(values) + pad)
    axes.axhline(0, color=GREY, linewidth=1.0)
    axes.axvline(0, color=GREY, linewidth=1.0)
    front = sorted((o.cost, o.effect) for o, chosen in zip(options, best, strict=True) if chosen)
    axes.plot([c for c, _ in front], [e for _, e in front], color=BLUE, linewidth=2.0)
    for option, chosen in zip(options, best, strict=True):
        axes.plot(
            option.cost,
            option.effect,
            marker="s" if chosen else "o",
            markersize=9,
            markerfacecolor=BLUE if chosen else "white",
            markeredgecolor=BLUE if chosen else INK,
            markeredgewidth=1.6,
            zorder=3,
        )
    axes.set_xlabel("Net cost, £m", color=INK)


def _key(
    page: Page, axes: Axes, options: Sequence[Option], best: Sequence[bool], right: float
) -> None:
    """Names right of the axes, each tied to its mark by a thin line."""
    bottom, top = page.bottom + AXIS_IN, page.top - 0.35
    low, high = axes.get_ylim()
    dearest = max(abs(option.cost) for option in options) or 1.0
    # Of options with the same effect the dearer stands above, so that their lines do not cross.
    wanted = [
        bottom + (o.effect - low) / (high - low) * (top - bottom) + 0.01 * o.cost / dearest
        for o in options
    ]
    places = spread(wanted, GAP_IN, bottom, top)
    first, last = axes.get_xlim()
    for option, chosen, y in zip(options, best, places, strict=True):
        name = shorten(option.name, KEY_IN - (0.95 if chosen else 0.55))
        weight = "bold" if chosen else "normal"
        page.write(right + 0.45, y, name, va="center_baseline", weight=weight)
        at = low + (y - bottom) / (top - bottom) * (high - low)
        edge = last + 0.4 / (right - LEFT_IN) * (last - first)
        axes.plot(
            [option.cost, edge], [option.effect, at], color=GREY, linewidth=0.8, alpha=0.7,
            clip_on=False, zorder=1,
        )  # fmt: skip


# Words ------------------------------------------------------------------------------------


def _title(options: Sequence[Option], best: Sequence[bool], what: str) -> str:
    count = sum(best) - best[0]
    among = len(options) - 1
    if count == 0:
        return f"No option brings more {what} than doing nothing"
    if count == 1:
        name = next(o.name for o, chosen in zip(options[1:], best[1:], strict=True) if chosen)
        return f"One of {counted(among, 'option')} is beaten by none on cost and {what}: {name}"
    return f"{count} of {among} options are beaten by none on both cost and {what}"


def _text(
    comparison: Comparison,
    options: Sequence[Option],
    best: Sequence[bool],
    what: str,
    when: str,
) -> str:
    lines = [f"Net cost and {what}, {when}, by option, the dearest first:"]
    pairs = sorted(zip(options, best, strict=True), key=lambda pair: -pair[0].cost)
    lines += [
        f"- {option.name}: £{words.number(option.cost, 2)}m for {words.number(option.effect, 1)}"
        f"{'; beaten by none' if chosen else ''}."
        for option, chosen in pairs
    ]
    return "\n".join([*lines, words.caption(comparison)])
