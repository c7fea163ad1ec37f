"""Posts of a plan: those of day 0, the council's own growth and cuts, and those of measures."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from sim.config.roles import FAMILY_OF_ROLE, REGISTERED_ROLES, Role
from sim.dates import (
    DAYS_PER_YEAR,
    day_of,
)
from sim.inputs.context import (
    MARKET_KEYS,
    Context,
    first_day_without,
)
from sim.inputs.fates import key_of
from sim.inputs.plan import (
    BASELINE_LINE,
    HUNDREDTHS,
    SUPERNUMERARY_LINE,
    Account,
    PostPlan,
    hundredths,
)
from sim.inputs.position import PostState, StartPost
from sim.scenario.effects import NewPosts

Accounts = dict[Account, int]
"""Accounts by their index, in the order in which they were opened."""


def account(
    accounts: Accounts, team: int, role: Role, line: int, lapse_day: float = math.inf
) -> int:
    """Index of an account, opened when first asked for."""
    return accounts.setdefault(Account(team, role, line, lapse_day), len(accounts))


def post(
    accounts: Accounts,
    weights: Sequence[float],
    posts: list[PostPlan],
    name: str,
    team: int,
    role: Role,
    fte: float,
    line: int,
    start: float,
    end: float,
    state: PostState,
    lapse_day: float = math.inf,
) -> None:
    """Add a post; its name keys its luck, so the same post is the same in every scenario.

    `weights` are those of each team's registered posts in candidates' choice.
    """
    posts.append(
        PostPlan(
            number=len(posts),
            key=key_of(f"post {name}"),
            name=name,
            team=team,
            role=role,
            market=_MARKET_OF_ROLE[role],
            fte=fte,
            account=account(accounts, team, role, line, min(end, lapse_day)),
            start_day=start,
            end_day=end,
            state=state,
            choice_weight=weights[team] if role in REGISTERED_ROLES else 1.0,
            lapse_day=lapse_day,
        )
    )


_MARKET_OF_ROLE = {role: MARKET_KEYS.index(family) for role, family in FAMILY_OF_ROLE.items()}


def choice_weights(ctx: Context) -> tuple[float, ...]:
    """By team: weight of its registered posts in candidates' choice."""
    hard = ctx.values["labour_market.hard_to_recruit_weight"]
    return tuple(hard if team.hard_to_recruit else 1.0 for team in ctx.council.teams)


@lru_cache(maxsize=32)
def posts_of_day_0(
    start: tuple[StartPost, ...], weights: tuple[float, ...]
) -> tuple[tuple[PostPlan, ...], tuple[Account, ...]]:
    """The posts of the start position and their accounts: the same in every scenario of a draw."""
    accounts: Accounts = {}
    posts: list[PostPlan] = []
    for item in start:
        post(
            accounts, weights, posts, item.name, item.team, item.role, item.fte, BASELINE_LINE,
            0.0, math.inf, item.state,
        )  # fmt: skip
    return tuple(posts), tuple(accounts)


def posts(ctx: Context, growth: list[tuple[str, int, Role, float, float]]) -> list[PostPlan]:
    """All posts: of day 0, then the council's growth, then those of measures, in that order."""
    weights = choice_weights(ctx)
    of_day_0, accounts = posts_of_day_0(ctx.position.posts, weights)
    ctx.accounts.update({item: index for index, item in enumerate(accounts)})
    posts = list(of_day_0)
    for name, team, role, fte, day in growth:
        post(
            ctx.accounts, weights, posts, name, team, role, fte, BASELINE_LINE, day, math.inf,
            PostState.NOT_OPEN,
        )  # fmt: skip
    for index, (measure, effects) in enumerate(ctx.effects):
        sizes = [(new, size) for new in effects.posts for size in whole_posts(new.fte)]
        numbers: Counter[tuple[str, Role]] = Counter()
        for (new, size), lapses in zip(sizes, lapsing(sizes), strict=True):
            numbers[new.team, new.role] += 1
            post(
                ctx.accounts,
                weights,
                posts,
                f"{measure.key}/{new.team}/{new.role.value}/{numbers[new.team, new.role]}",
                ctx.team_index[new.team],
                new.role,
                size,
                SUPERNUMERARY_LINE + 1 + index,
                float(day_of(ctx.calendar.start, new.start)),
                first_day_without(ctx, new.until),
                PostState.NOT_OPEN,
                first_day_without(ctx, new.cut_on) if lapses else math.inf,
            )
    return posts


def lapsing(sizes: Sequence[tuple[NewPosts, float]]) -> list[bool]:
    """Which posts of a line are no longer paid for, once only a share of the line is.

    As many whole posts go on as the share pays for in full, spread evenly over the line's posts
    in their order, so that no team or role loses all of them before another loses any.
    """
    found: list[bool] = []
    paid_for = kept = 0.0
    for new, size in sizes:
        paid_for += new.kept_share * size
        found.append(kept + size > paid_for + 1e-9)
        kept += 0.0 if found[-1] else size
    return found


def support_posts(ctx: Context, after: int) -> list[PostPlan]:
    """The council's posts of day 0 outside social work, numbered after all others.

    They come last so that no other post or account moves when a council describes them.
    """
    found: list[PostPlan] = []
    weights = choice_weights(ctx)
    for item in ctx.council.support_posts:
        vacant = whole_posts(item.vacancy_fte)
        filled = whole_posts(item.fte - item.vacancy_fte)
        states = [PostState.FILLED] * len(filled) + [PostState.UNCOVERED] * len(vacant)
        for k, (size, state) in enumerate(zip(filled + vacant, states, strict=True)):
            name = f"support/{item.team}/{item.role.value}/{k + 1}"
            team = ctx.team_index[item.team]
            post(
                ctx.accounts, weights, found, name, team, item.role, size, BASELINE_LINE, 0.0,
                math.inf, state,
            )  # fmt: skip
    return [replace(plan, number=after + n) for n, plan in enumerate(found)]


def supernumerary_accounts(ctx: Context) -> None:
    """Open an account in each team for supernumerary newly qualified workers."""
    for team in range(len(ctx.council.teams)):
        account(ctx.accounts, team, Role.SOCIAL_WORKER, SUPERNUMERARY_LINE)


def establishment_change(
    ctx: Context,
) -> tuple[list[tuple[str, int, Role, float, float]], tuple[float, ...]]:
    """Posts to be added (name, team, role, FTE, day) and FTE to be closed, by period."""
    closures = [0.0] * (len(ctx.calendar.boundaries) - 1)
    growth: list[tuple[str, int, Role, float, float]] = []
    places = ctx.position.places_by_size
    for year, council_year in enumerate(ctx.years):
        change = council_year.posts_change_fte
        sizes = whole_posts(round(abs(change), 1))
        for k, size in enumerate(sizes):
            day = (year + (k + 0.5) / len(sizes)) * DAYS_PER_YEAR
            if day >= ctx.calendar.boundaries[-1]:
                continue
            if change > 0:
                team, role = places[(year * 7 + k) % len(places)]
                growth.append((f"growth/{year}/{k + 1}", team, role, size, day))
            else:
                closures[bisect_right(ctx.calendar.boundaries, day) - 1] += size
    return growth, tuple(closures)


def other_net_change(ctx: Context) -> tuple[float, ...]:
    """FTE a period that join or leave the count without being starters or leavers."""
    bounds = ctx.calendar.boundaries
    return tuple(
        ctx.years[ctx.year_of(a)].other_net_change_fte * (b - a) / DAYS_PER_YEAR
        for a, b in pairwise(bounds)
    )


def whole_posts(fte: float) -> list[float]:
    """Full-time posts and one part-time remainder that sum to `fte`, to the nearest hundredth."""
    count, rest = divmod(hundredths(fte), HUNDREDTHS)
    return [1.0] * count + ([rest / HUNDREDTHS] if rest else [])
