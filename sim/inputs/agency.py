"""Agency staff in a plan."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from sim.config.apportion import largest_remainder
from sim.config.roles import Role
from sim.dates import (
    DAYS_PER_MONTH,
    DAYS_PER_WEEK,
    DAYS_PER_YEAR,
)
from sim.inputs.agency_levels import (
    agency_levels,
    pair_of_day_0,
    people_above,
    share_in_team,
)
from sim.inputs.balance import Reference, SteadyCover, steady_cover
from sim.inputs.context import MARKET_KEYS, Context
from sim.inputs.dated_rules import cover_effects, later_notice
from sim.inputs.plan import (
    AgencyPlan,
    PostPlan,
)
from sim.inputs.position import PostState
from sim.published.agency import AgencyPair, last_census


def agency(ctx: Context, posts: list[PostPlan]) -> AgencyPlan:
    """Agency cover and agency above establishment."""
    v = ctx.values
    totals, years = ctx.totals, ctx.calendar.years
    day_0 = pair_of_day_0(totals, last_census(ctx.council.totals_date))
    sd, draw = v["between_years.agency_cover"], ctx.draw
    levels = agency_levels(ctx.agency_record, day_0, years, sd, draw.seed, draw.number)
    above = people_above(totals, levels, [year.posts_change_fte for year in ctx.years])
    by_team = posts_by_team(posts, len(ctx.council.teams))
    work = np.array([team.work_share for team in ctx.council.teams])
    rerun = ctx.council.rerun
    return AgencyPlan(
        cover=cover_by_year(ctx, by_team, day_0, levels),
        assignment_days=v["agency.assignment"] * DAYS_PER_MONTH,
        conversion_per_day=v["agency.conversion_rate"] / DAYS_PER_YEAR,
        notice_days=v["agency.notice"] * DAYS_PER_WEEK,
        release=v["agency.release"],
        above_start=ctx.position.above_establishment,
        above_by_year=tuple(tuple(largest_remainder(work, n).tolist()) for n in above),
        above_most=tuple(MOST_ABOVE_SHARE * case_holding_fte(mine) for mine in by_team),
        above_published=above_published(ctx) if rerun else None,
        cover_effects=cover_effects(ctx),
        later_notice=later_notice(ctx),
    )


def cover_by_year(
    ctx: Context,
    by_team: Sequence[list[PostPlan]],
    day_0: AgencyPair,
    levels: Sequence[AgencyPair],
) -> tuple[tuple[SteadyCover, ...], ...]:
    """How cover comes to each team on day 0, then in each year."""
    v = ctx.values
    request = v["agency.request_delay"] * DAYS_PER_WEEK
    ends = 1 / (v["agency.assignment"] * DAYS_PER_MONTH)
    conversion = v["agency.conversion_rate"] / DAYS_PER_YEAR
    shares = [share_covered(mine, day_0.covered) for mine in by_team]
    return tuple(
        tuple(
            steady_cover(share_in_team(share, day_0.covered, level), request, ends, conversion)
            for share in shares
        )
        for level in (day_0.covered, *(pair.covered for pair in levels))
    )


def share_covered(posts: list[PostPlan], whole: float) -> float:
    """A team's share of vacancies covered on day 0; the council's where it has no vacancy."""
    vacant = [p for p in posts if p.state is not PostState.FILLED]
    total = math.fsum(p.fte for p in vacant)
    covered = math.fsum(p.fte for p in vacant if p.state is PostState.COVERED)
    return covered / total if total else whole


MOST_ABOVE_SHARE = 0.5
"""Most agency staff above establishment that load brings, over a team's case-holding posts (J):
Devon had 37 on some 220 in all. It only matters where a small team all but empties."""


def posts_by_team(posts: Sequence[PostPlan], teams: int) -> list[list[PostPlan]]:
    """Posts of each team, in their order."""
    found: list[list[PostPlan]] = [[] for _ in range(teams)]
    for post in posts:
        found[post.team].append(post)
    return found


def case_holding_fte(posts: list[PostPlan]) -> float:
    """FTE of a team's social worker posts on day 0, filled or vacant."""
    return math.fsum(p.fte for p in posts if p.role is Role.SOCIAL_WORKER)


def filled_per_day(ctx: Context, references: Mapping[str, Reference], post: PostPlan) -> float:
    """FTE a day by which a vacant post of day 0 is filled through its market, in expectation."""
    market = references[MARKET_KEYS[post.market]]
    hired = ctx.values["hiring.offer_acceptance"] * (1 - ctx.values["hiring.drop_out"])
    share = post.choice_weight * post.fte / market.reference_fte * market.advertised_share
    return post.fte * market.candidates_per_day * share * hired * market.carried.started


def above_published(ctx: Context) -> tuple[tuple[float, ...], ...]:
    """Published agency above establishment by period and team, straight lines between years."""
    assert ctx.council.rerun is not None
    yearly = ctx.council.rerun.agency_above_establishment_fte
    at = np.array(ctx.calendar.boundaries[1:]) / DAYS_PER_YEAR
    total = np.interp(at, np.arange(len(yearly)), yearly)
    share = np.array([team.work_share for team in ctx.council.teams])
    return tuple(tuple(row) for row in (total[:, None] * share[None, :]).tolist())
