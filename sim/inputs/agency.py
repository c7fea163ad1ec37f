"""Agency staff in a plan."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from sim.config.roles import Role
from sim.dates import (
    DAYS_PER_MONTH,
    DAYS_PER_WEEK,
    DAYS_PER_YEAR,
)
from sim.inputs.balance import (
    Reference,
    steady_cover_rate,
)
from sim.inputs.context import (
    MARKET_KEYS,
    Context,
    yearly_fte,
)
from sim.inputs.dated_rules import cover_effects, later_notice
from sim.inputs.plan import (
    AgencyPlan,
    PostPlan,
)
from sim.inputs.position import PostState


def agency(ctx: Context, references: Mapping[str, Reference], posts: list[PostPlan]) -> AgencyPlan:
    """Agency cover and agency above establishment."""
    v = ctx.values
    request = v["agency.request_delay"] * DAYS_PER_WEEK
    assignment = v["agency.assignment"] * DAYS_PER_MONTH
    conversion = v["agency.conversion_rate"] / DAYS_PER_YEAR
    arrivals = []
    by_team = posts_by_team(posts, len(ctx.council.teams))
    for mine in by_team:
        vacant = [p for p in mine if p.state is not PostState.FILLED]
        total = math.fsum(p.fte for p in vacant)
        covered = math.fsum(p.fte for p in vacant if p.state is PostState.COVERED)
        fills = math.fsum(filled_per_day(ctx, references, post) for post in vacant)
        arrivals.append(
            steady_cover_rate(covered / total, fills / total, request, 1 / assignment, conversion)
            if total
            else council_cover_rate(ctx, request, assignment, conversion)
        )
    rerun = ctx.council.rerun
    return AgencyPlan(
        request_days=request,
        arrivals_per_day=tuple(rate for rate, _ in arrivals),
        request_pending_share=tuple(share for _, share in arrivals),
        assignment_days=assignment,
        conversion_per_day=conversion,
        notice_days=v["agency.notice"] * DAYS_PER_WEEK,
        release=v["agency.release"],
        above_start=ctx.position.above_establishment,
        above_most=tuple(MOST_ABOVE_SHARE * case_holding_fte(mine) for mine in by_team),
        above_published=above_published(ctx) if rerun else None,
        year_multipliers=cover_multipliers(ctx),
        above_shift_fte=yearly_fte(ctx, "agency_above_establishment"),
        cover_effects=cover_effects(ctx),
        later_notice=later_notice(ctx),
    )


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


def council_cover_rate(
    ctx: Context, request: float, assignment: float, conversion: float
) -> tuple[float, float]:
    """For a team without a vacancy on day 0: the council's own cover share."""
    totals = ctx.totals
    share = totals.cover_rate
    rate = ctx.values["council.staffing.starters_fte_per_year"] / DAYS_PER_YEAR
    fill = rate / totals.vacancy_fte if totals.vacancy_fte else 0.0
    return steady_cover_rate(share, fill, request, 1 / assignment, conversion)


def above_published(ctx: Context) -> tuple[tuple[float, ...], ...]:
    """Published agency above establishment by period and team, straight lines between years."""
    assert ctx.council.rerun is not None
    yearly = ctx.council.rerun.agency_above_establishment_fte
    at = np.array(ctx.calendar.boundaries[1:]) / DAYS_PER_YEAR
    total = np.interp(at, np.arange(len(yearly)), yearly)
    share = np.array([team.work_share for team in ctx.council.teams])
    return tuple(tuple(row) for row in (total[:, None] * share[None, :]).tolist())


def cover_multipliers(ctx: Context) -> tuple[float, ...]:
    """Multipliers of the rate at which cover comes, with median 1.

    Their logarithm moves with the logit of the share covered, which varies about its own level.
    """
    sd = ctx.values["between_years.agency_cover"]
    return tuple(math.exp(sd * z) for z in ctx.draw.yearly["agency_cover"])
