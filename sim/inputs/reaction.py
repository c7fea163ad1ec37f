"""What managers do when many children wait, in a plan."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.dates import DAYS_PER_WEEK
from sim.inputs.agency import case_holding_fte, posts_by_team
from sim.inputs.casework_plan import ReactionPlan
from sim.inputs.context import Context
from sim.inputs.plan import PostPlan


def reaction(ctx: Context, start_posts: Sequence[PostPlan]) -> ReactionPlan:
    """When managers react in a draw, and how far each step goes.

    Args:
        ctx: the draw.
        start_posts: posts of day 0; a team can buy agency staff in proportion to those that hold
            cases.
    """
    v = ctx.values
    most = v["reaction.agency_most"]
    teams = posts_by_team(start_posts, len(ctx.council.teams))
    return ReactionPlan(
        trigger=v["reaction.trigger"],
        patience_days=v["reaction.patience"] * DAYS_PER_WEEK,
        lent_share=v["reaction.lent_share"],
        limit_lift=v["reaction.limit_lift"],
        lift_days=v["reaction.limit_lift_time"] * DAYS_PER_WEEK,
        lifted_slower=v["reaction.lifted_slower"],
        agency_share=v["reaction.agency_share"],
        agency_most=tuple(math.ceil(most * case_holding_fte(posts)) for posts in teams),
        agency_days=v["reaction.agency_lead"] * DAYS_PER_WEEK,
        turned_away=v["reaction.turned_away"],
    )
