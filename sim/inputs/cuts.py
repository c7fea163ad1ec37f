"""Posts that measures take out of the council's own, in a plan."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.config.errors import InputError
from sim.dates import day_of
from sim.inputs.context import Context
from sim.inputs.plan import BASELINE_LINE, SUPERNUMERARY_LINE, CutPlan, PostPlan, hundredths
from sim.inputs.position import PostState
from sim.scenario.effects import PostCut
from sim.scenario.measure import Measure


def cuts(ctx: Context, posts: Sequence[PostPlan]) -> tuple[CutPlan, ...]:
    """What each line takes out, by team and role.

    Args:
        ctx: council, scenario, draw.
        posts: all posts of the plan.

    Raises:
        InputError: in the central draw a line takes out more than there is on day 0. Totals that
            are drawn may leave fewer posts: then all go.
    """
    found = []
    for index, (measure, effects) in enumerate(ctx.effects):
        for cut in effects.cuts:
            if ctx.draw.is_central:
                _refuse_more_than_there_is(ctx, posts, measure, cut)
            found.append(
                CutPlan(
                    line=SUPERNUMERARY_LINE + 1 + index,
                    start_day=float(day_of(ctx.calendar.start, cut.start)),
                    team=ctx.team_index[cut.team],
                    role=cut.role,
                    hundredths=hundredths(cut.fte),
                    with_notice=cut.with_notice,
                )
            )
    return tuple(found)


def _refuse_more_than_there_is(
    ctx: Context, posts: Sequence[PostPlan], measure: Measure, cut: PostCut
) -> None:
    team, own = ctx.team_index[cut.team], tuple(ctx.accounts)
    there = math.fsum(
        post.fte
        for post in posts
        if (post.team, post.role) == (team, cut.role)
        and own[post.account].line == BASELINE_LINE
        and post.state is not PostState.NOT_OPEN
    )
    if cut.fte > there + 1e-9:
        raise InputError(
            f"measures.{measure.key}",
            f"cuts {cut.fte:g} FTE of {cut.role.value} in {ctx.council.teams[team].name},"
            f" which has {there:g} on the first day",
            "Cut fewer there",
        )
