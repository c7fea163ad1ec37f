"""Help with hiring, reviewed monthly (sim.engine.help)."""

from __future__ import annotations

from sim.engine.compiled.formulas import helped_multiplier
from sim.engine.compiled.jit import World, compiled
from sim.engine.compiled.layout import (
    NONE,
    ROLE_COUNT,
    Post,
    factor,
    help_,
    help_cell,
    market_,
    post_,
)
from sim.engine.compiled.world import cell, is_open


@compiled
def refresh_help(w: World) -> None:
    """The monthly review: who holds the posts of each line that helps.

    Parts of one line stand together in the table.
    """
    if w.helps_count == 0:
        return
    for number in range(w.teams_count * ROLE_COUNT):
        _set_factor(w, number, 1.0, 1.0, 1.0)
    first = 0
    while first < w.helps_count:
        last = first
        while last < w.helps_count and help_(w, last).line == help_(w, first).line:
            last += 1
        _add(w, first, last)
        first = last
    w.largest_pull = 1.0
    for number in range(w.teams_count * ROLE_COUNT):
        w.largest_pull = max(w.largest_pull, factor(w, number).pull)


@compiled
def _set_factor(w: World, number: int, steps: float, drop_out: float, pull: float) -> None:
    one = factor(w, number)
    one.steps, one.drop_out, one.pull = steps, drop_out, pull


@compiled
def _add(w: World, first: int, last: int) -> None:
    """Put a line's help on the cells in its scope."""
    chosen, strength = NONE, 0.0
    for number in range(first, last):
        if help_(w, number).start_day <= w.now < help_(w, number).end_day:
            strength += help_(w, number).share
            if chosen == NONE:
                chosen = number
    if chosen == NONE:
        return
    part = help_(w, chosen)
    if part.by_own_posts:
        strength *= _held_share(w, part.line)
    steps = helped_multiplier(part.steps, strength)
    drop_out = helped_multiplier(part.drop_out, strength)
    pull = helped_multiplier(part.attractiveness, strength)
    cells = w.teams_count * ROLE_COUNT
    for number in range(cells):
        if help_cell(w, chosen * cells + number).on:
            old = factor(w, number)
            _set_factor(w, number, old.steps * steps, old.drop_out * drop_out, old.pull * pull)


@compiled
def _held_share(w: World, line: int) -> float:
    """Share of a line's open posts, by FTE, that somebody holds."""
    held = total = 0.0
    mine = 0
    for number in range(w.posts_count):
        post = post_(w, number)
        if post.line == line and is_open(post):
            mine += 1
            total += post.fte
            if post.holder != NONE:
                held += post.fte
    return held / total if mine > 0 else 0.0


@compiled
def steps_help(w: World, post: Post) -> float:
    """Multiplier of the lengths of approval and selection."""
    return float(factor(w, cell(w, post)).steps)


@compiled
def drop_out_help(w: World, post: Post) -> float:
    """Multiplier of drop-out between offer and start."""
    return float(factor(w, cell(w, post)).drop_out)


@compiled
def pull_help(w: World, post: Post) -> float:
    """Multiplier of attractiveness."""
    return float(factor(w, cell(w, post)).pull)


@compiled
def ready_days(w: World, post: Post) -> float:
    """From acceptance to start: checks are helped, the candidate's own notice is not."""
    market, steps = market_(w, post.market), steps_help(w, post)
    if steps == 1.0:
        return float(market.ready_days)
    return float(max(market.checks_days * steps, min(market.ready_days, market.notice_days)))
