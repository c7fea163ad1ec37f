"""Where the vacancies are: those of each role placed in teams, before its people are.

Whatever locates vacancies comes first: a share that is known of one team, or what the press says of
all frontline teams. What is left goes to teams by their work, more to those that are hard to
recruit to. No team is emptier than MOST_VACANT, unless the whole council is.
"""

from __future__ import annotations

import numpy as np

from sim.config.council import MOST_VACANT, Council

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

HARD_TEAM_VACANCY_TILT = 2.0
"""Vacancies per unit of work in a team that is hard to recruit to, over other teams': the inverse
of the central weight of its posts in candidates' choice (fill ratio 2 to 1, J)."""


SLIVER = 1e-12
"""FTE too small to place."""


def usual_weights(council: Council) -> Array:
    """Where vacancies are if nothing locates them: weights by team, summing to 1."""
    tilt = [HARD_TEAM_VACANCY_TILT if team.hard_to_recruit else 1.0 for team in council.teams]
    weights = np.array([team.work_share for team in council.teams]) * np.array(tilt)
    shares: Array = weights / weights.sum()
    return shares


def place(posts: Array, weights: Array, vacant: float) -> Array:
    """Vacancies of a role by team, FTE; they sum to `vacant`.

    Args:
        posts: the role's posts by team, FTE.
        weights: where its vacancies are, by team.
        vacant: all its vacancies, FTE; no more than its posts.
    """
    return _fill(_most(posts, vacant), weights, vacant)


def place_located(council: Council, posts: Array, covered: float, uncovered: float) -> Array:
    """Vacancies of social worker posts by team, FTE: those that something locates come first.

    Args:
        council: its teams, and what is known of their vacancies.
        posts: social worker posts by team, FTE.
        covered: the council's vacancies that agency staff cover, FTE.
        uncovered: the others, FTE.
    """
    vacant, most = covered + uncovered, _most(posts, covered + uncovered)
    stated = np.array([team.located is not None for team in council.teams])
    shares = np.array(
        [team.located.vacancy_share if team.located else 0.0 for team in council.teams]
    )
    known = shares * posts
    # The published total binds: teams of which something is known can't have more between them.
    known = known * min(1.0, vacant / known.sum()) if known.sum() else known
    weights = _press_weights(council, covered, uncovered)
    rest = _fill(np.where(stated, 0.0, most), weights, vacant - float(known.sum()))
    no_room = vacant - float((known + rest).sum())
    return known + rest + _fill(most - known - rest, weights, no_room)


def _most(posts: Array, vacant: float) -> Array:
    """The most vacancies of a role that each team may have."""
    total = float(posts.sum())
    most: Array = posts * max(MOST_VACANT, vacant / total if total else 0.0)
    return most


def _fill(most: Array, weights: Array, amount: float) -> Array:
    """Divide an amount by weights, no part beyond its most; what has no room goes to the others."""
    parts = np.zeros(len(most))
    # Each round but the last fills a part up, so that there are no more rounds than parts.
    for _ in most:
        left, room = amount - float(parts.sum()), most - parts
        pull = np.where(room > SLIVER, weights, 0.0)
        if left <= SLIVER or not pull.sum():
            break
        parts += np.minimum(room, left * pull / pull.sum())
    return parts


def _press_weights(council: Council, covered: float, uncovered: float) -> Array:
    """Where vacancies are, by team, once the press has located those of the frontline teams."""
    press, usual, vacant = council.frontline, usual_weights(council), covered + uncovered
    if press is None or not vacant:
        return usual
    located = min(covered, press.posts_fte * press.agency_share)
    located += min(uncovered, press.posts_fte * press.unfilled_share)
    frontline = np.array([team.frontline for team in council.teams])
    share = float(usual[frontline].sum())
    share += press.weight * (located / vacant - share)
    weights = usual.copy()
    weights[frontline] *= share / usual[frontline].sum()
    if not frontline.all():
        weights[~frontline] *= (1.0 - share) / usual[~frontline].sum()
    return weights
