"""The start position: whole posts, team by team, whose totals are exactly the published ones.

Published totals bind. How they divide between teams is not published. Posts follow the work: a team
has its share of the posts of each role. Vacancies are placed first, from whatever locates them
(sim.inputs.vacancies), and cover is shared alike among them; the people are in the posts that are
left. Grade J; the distance from the press figures is kept in `Position.frontline_residuals`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

import numpy as np

from sim.config.apportion import Array, WholeNumbers, largest_remainder
from sim.config.council import Council
from sim.config.errors import InputError
from sim.config.roles import REGISTERED_ROLES, Role
from sim.config.totals import DayTotals
from sim.inputs.vacancies import place, place_located, usual_weights


class PostState(IntEnum):
    """Where a post stands. A post covered by agency is still vacant."""

    NOT_OPEN = 0
    FILLED = 1
    COVERED = 2
    UNCOVERED = 3
    CLOSED = 4


STATES = (PostState.FILLED, PostState.COVERED, PostState.UNCOVERED)


@dataclass(frozen=True)
class StartPost:
    """One post on day 0."""

    name: str
    team: int
    role: Role
    fte: float
    state: PostState


@dataclass(frozen=True)
class Position:
    """All posts on day 0, agency above establishment by team, and how far the press is off."""

    posts: tuple[StartPost, ...]
    above_establishment: tuple[int, ...]
    frontline_residuals: tuple[tuple[str, float, float], ...]
    """(what, press figure, figure in the position), FTE."""

    @cached_property
    def establishment_fte(self) -> float:
        """In post and vacant, registered roles."""
        return math.fsum(post.fte for post in self.posts)

    @cached_property
    def filled(self) -> tuple[StartPost, ...]:
        """Posts that are filled."""
        return tuple(post for post in self.posts if post.state is PostState.FILLED)

    @cached_property
    def headcount(self) -> tuple[float, ...]:
        """By team: registered workers."""
        heads = [0.0] * len(self.above_establishment)
        for post in self.filled:
            heads[post.team] += 1
        return tuple(heads)

    @cached_property
    def manager_gaps(self) -> tuple[float, ...]:
        """By team: share of manager FTE without a permanent holder."""
        teams = len(self.above_establishment)
        posts, vacant = [0.0] * teams, [0.0] * teams
        for post in self.posts:
            if post.role is Role.TEAM_MANAGER:
                posts[post.team] += post.fte
                if post.state is not PostState.FILLED:
                    vacant[post.team] += post.fte
        return tuple(v / p if p else 0.0 for v, p in zip(vacant, posts, strict=True))

    @cached_property
    def places_by_size(self) -> tuple[tuple[int, Role], ...]:
        """Teams and social work roles in an order that adds posts in proportion to their size."""
        size: dict[tuple[int, Role], float] = {}
        for post in self.posts:
            if post.role is not Role.TEAM_MANAGER:
                cell = (post.team, post.role)
                size[cell] = size.get(cell, 0.0) + post.fte
        total = sum(size.values())
        order: list[tuple[int, Role]] = []
        given = dict.fromkeys(size, 0)
        for n in range(1, 41):
            most_short = max(size, key=lambda c: size[c] / total * n - given[c])
            given[most_short] += 1
            order.append(most_short)
        return tuple(order)


def start_position(council: Council, values: Mapping[str, float] | None = None) -> Position:
    """Divide a council's totals into posts.

    Args:
        council: the council.
        values: the draw, for totals that are given as a range; None for their central values.

    Raises:
        InputError: the totals leave a team or role with fewer than no posts.
    """
    totals = council.totals.of_draw(values or {})
    roles = _role_totals(totals)
    cells = _divide(council, roles)
    tenths = _round_to_tenths(cells, totals, roles)
    posts: list[StartPost] = []
    for t, team in enumerate(council.teams):
        for r, role in enumerate(REGISTERED_ROLES):
            for s, state in enumerate(STATES):
                sizes = split_into_posts(
                    int(tenths[t, r, s]),
                    council.totals.part_time_fte,
                    council.totals.part_time_share,
                )
                for k, size in enumerate(sizes):
                    name = f"{team.key}/{role.value}/{state.name.lower()}/{k + 1}"
                    posts.append(StartPost(name, t, role, size, state))
    work = np.array([team.work_share for team in council.teams])
    above = largest_remainder(work, totals.above_establishment_people)
    return Position(tuple(posts), tuple(int(n) for n in above), _residuals(council, tenths / 10.0))


def _role_totals(totals: DayTotals) -> np.ndarray:
    """FTE by role and state that meet every published total: array (3 roles, 3 states)."""
    uncovered = totals.vacancy_fte - totals.covered_fte
    cover_rate = totals.cover_rate
    manager_vacant = totals.team_manager_vacancy_fte
    senior_vacant = totals.senior_practitioner_vacancy_share * (totals.vacancy_fte - manager_vacant)
    manager = [
        totals.team_manager_posts_fte - manager_vacant,
        manager_vacant * cover_rate,
        manager_vacant * (1 - cover_rate),
    ]
    senior_covered, senior_uncovered = senior_vacant * cover_rate, senior_vacant * (1 - cover_rate)
    covered = totals.covered_fte - manager[1] - senior_covered
    # Agency staff without cases cover posts without cases, as practitioners do.
    without_cases = (1 - totals.agency_with_cases) * covered
    covered, senior_covered = covered - without_cases, senior_covered + without_cases
    holders = [totals.held_fte - covered, covered, uncovered - manager[2] - senior_uncovered]
    senior = [totals.inpost_fte - manager[0] - holders[0], senior_covered, senior_uncovered]
    return np.array([holders, senior, manager])


def _divide(council: Council, roles: Array) -> Array:
    """FTE by team, role and state: array (teams, 3 roles, 3 states); its sums are the totals.

    Raises:
        InputError: the totals leave fewer than no posts in a role.
    """
    if (roles < -1e-9).any():
        raise InputError(
            council.name,
            "the totals leave fewer than no posts in a role",
            "Check totals: case holders, managers and vacancies must fit the people in post",
        )
    work = np.array([team.work_share for team in council.teams])
    cells = np.zeros((len(work), *roles.shape))
    for r, (filled, covered, uncovered) in enumerate(np.maximum(roles, 0.0)):
        vacant = covered + uncovered
        posts = work * (filled + vacant)
        if REGISTERED_ROLES[r] is Role.SOCIAL_WORKER:
            empty = place_located(council, posts, covered, uncovered)
        else:
            empty = place(posts, usual_weights(council), vacant)
        cover = covered / vacant if vacant else 0.0
        cells[:, r] = np.stack([posts - empty, empty * cover, empty * (1 - cover)], axis=1)
    return cells


def _press_rows(council: Council, groups: int) -> list[tuple[np.ndarray, float]]:
    """Each press figure as a row over cells and its target, FTE: case-holding frontline posts."""
    if council.frontline is None:
        return []
    press = council.frontline
    rows = []
    for s, share in enumerate((press.permanent_share, press.agency_share, press.unfilled_share)):
        row = np.zeros((len(council.teams), groups))
        for t, team in enumerate(council.teams):
            row[t, s] = 1.0 if team.frontline else 0.0
        rows.append((row.ravel(), press.posts_fte * share))
    return rows


def _residuals(council: Council, cells: np.ndarray) -> tuple[tuple[str, float, float], ...]:
    flat = cells.reshape(len(council.teams), -1)
    labels = ("permanent holder", "agency cover", "unfilled")
    return tuple(
        (label, target, float((row * flat.ravel()).sum()))
        for label, (row, target) in zip(labels, _press_rows(council, flat.shape[1]), strict=False)
    )


def _round_to_tenths(cells: np.ndarray, totals: DayTotals, roles: Array) -> np.ndarray:
    """Cells in tenths of an FTE, with the totals of each state and of case holders kept."""
    covered = round(totals.covered_fte * 10)
    uncovered = round(totals.vacancy_fte * 10) - covered
    inpost = round(totals.inpost_fte * 10)
    held = round(totals.held_fte * 10)
    manager_posts = round(totals.team_manager_posts_fte * 10)
    manager_vacant = round(totals.team_manager_vacancy_fte * 10)
    manager_covered = round(roles[2, 1] * 10)
    senior_covered, senior_uncovered = round(roles[1, 1] * 10), round(roles[1, 2] * 10)
    holder_covered = covered - manager_covered - senior_covered
    holder_filled = min(held - holder_covered, inpost - (manager_posts - manager_vacant))
    manager = (manager_posts - manager_vacant, manager_covered, manager_vacant - manager_covered)
    holder = (holder_filled, held - holder_filled, uncovered - manager[2] - senior_uncovered)
    senior = (
        inpost - manager[0] - holder_filled,
        covered - manager_covered - holder[1],
        senior_uncovered,
    )
    result = np.zeros(cells.shape, dtype=np.int64)
    for r, row in enumerate((holder, senior, manager)):
        for s, total in enumerate(row):
            result[:, r, s] = _in_halves(cells[:, r, s], max(total, 0))
    return result


def _in_halves(weights: Array, tenths: int) -> WholeNumbers:
    """Tenths by team in whole halves of an FTE, so that no team gets a sliver of a post.

    What is left of the total, under half an FTE, goes to the team with the most.
    """
    shared = 5 * largest_remainder(weights, tenths // 5)
    shared[int(np.argmax(weights))] += tenths - int(shared.sum())
    return shared


def split_into_posts(tenths: int, part_time_fte: float, part_time_share: float) -> list[float]:
    """Posts whose FTE sum to `tenths` / 10: full-time ones, part-time ones, and one remainder.

    There are as many as come nearest to the mean size. Rounded up in every team, role and state
    there would be more people than are published, in smaller posts.
    """
    if tenths <= 0:
        return []
    part = round(part_time_fte * 10)
    mean = 10 * (1 - part_time_share) + part * part_time_share
    count = max(math.ceil(tenths / 10), math.floor(tenths / mean + 0.5))
    missing = max(0, count * 10 - tenths)
    part_timers = min(count, missing // (10 - part)) if part < 10 else 0
    sizes = [10] * (count - part_timers) + [part] * part_timers
    index = 0
    rest = tenths - sum(sizes)
    while rest < 0:
        cut = min(-rest, sizes[index] - 1)
        sizes[index] -= cut
        rest += cut
        index += 1
    if rest > 0:
        sizes.append(rest)
    return [size / 10 for size in sizes]
