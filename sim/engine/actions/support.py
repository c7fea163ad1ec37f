"""Help with hiring: how strongly recruitment teams and recruiters act, reviewed monthly."""

from __future__ import annotations

from sim.engine.actions.posts import is_open
from sim.engine.formulas import helped_multiplier
from sim.engine.layout import ROLE_COUNT, Post, World


def review_support(w: World) -> None:
    """The monthly review: who holds the posts of each line that helps."""
    if len(w.supports) == 0:
        return
    for cell in w.cells:
        cell.steps = cell.drop_out = cell.pull = 1.0
    first = 0
    while first < len(w.supports):
        last = first
        while last < len(w.supports) and w.supports[last].line == w.supports[first].line:
            last += 1
        add_support(w, first, last)
        first = last
    w.largest_pull = 1.0
    for cell in w.cells:
        w.largest_pull = max(w.largest_pull, cell.pull)


def add_support(w: World, first: int, last: int) -> None:
    """Put a line's help, parts `first` to before `last`, on the cells in its scope."""
    chosen, strength = -1, 0.0
    for number in range(first, last):
        part = w.supports[number]
        if part.start_day <= w.now < part.end_day:
            strength += part.share
            if chosen < 0:
                chosen = number
    if chosen < 0:
        return
    part = w.supports[chosen]
    if part.by_own_posts:
        strength *= held_share(w, part.line)
    steps = helped_multiplier(part.steps, strength)
    drop_out = helped_multiplier(part.drop_out, strength)
    pull = helped_multiplier(part.attractiveness, strength)
    first_cell = chosen * len(w.teams) * ROLE_COUNT
    for cell in w.cells:
        if w.support_cells[first_cell + cell.number].on:
            cell.steps *= steps
            cell.drop_out *= drop_out
            cell.pull *= pull


def held_share(w: World, line: int) -> float:
    """Share of a line's open posts, by FTE, that somebody holds."""
    held = total = 0.0
    mine = 0
    for post in w.posts:
        if post.line == line and is_open(post):
            mine += 1
            total += post.fte
            if post.holder is not None:
                held += post.fte
    return held / total if mine > 0 else 0.0


def ready_days(post: Post) -> float:
    """From acceptance to start: checks are helped, the candidate's own notice is not."""
    market, steps = post.market, post.cell.steps
    if steps == 1.0:
        return market.ready_days
    return max(market.checks_days * steps, min(market.ready_days, market.notice_days))
