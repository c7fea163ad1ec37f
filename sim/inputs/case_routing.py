"""Which team holds which stage, and who may by law, from which day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sim.config.casework import STAGES, Casework, LawRule
from sim.config.errors import InputError
from sim.config.roles import Role
from sim.dates import day_of
from sim.inputs.case_settings import CaseSettings
from sim.inputs.casework_plan import (
    COURT_WORK,
    NEWLY_QUALIFIED,
    PERSONAL_ADVISERS,
    PRACTITIONERS,
    REGISTERED,
    STAGE_INDEX,
    Route,
)
from sim.inputs.context import Context
from sim.inputs.plan import PostPlan
from sim.inputs.position import PostState
from sim.scenario.effects import StageMove

POOL_OF_ROLE = {
    Role.SOCIAL_WORKER: REGISTERED,
    Role.PERSONAL_ADVISER: PERSONAL_ADVISERS,
    Role.FAMILY_PRACTITIONER: PRACTITIONERS,
}
"""Roles that hold cases. Senior practitioners in the published split hold none, nor do managers."""

LegalStep = tuple[float, tuple[int, ...]]
"""From a day on, these pools may hold a stage."""


def routing(ctx: Context, council: Casework) -> tuple[Route, ...]:
    """By stage: where children go on day 0."""
    return tuple(_route(ctx, council.routing[stage]) for stage in STAGES)


def _route(ctx: Context, shares: Mapping[str, float]) -> Route:
    """Cumulative shares, in the order in which the teams are named."""
    total, row = 0.0, []
    for team, share in shares.items():
        if share > 0.0:
            total += share
            row.append((total, ctx.team_index[team]))
    return tuple(row)


def routing_by_date(
    ctx: Context, start: Sequence[Route]
) -> tuple[tuple[tuple[float, Route], ...], ...]:
    """By stage: from which day its children go where, the scenario's moves included.

    The first entry is the routing of day 0's children; a move from day 0 on stands after it.
    """
    moves = [move for _, effects in ctx.effects for move in effects.moves]
    return tuple(
        ((0.0, route), *_changes(ctx, [m for m in moves if STAGE_INDEX[m.stage] == stage], route))
        for stage, route in enumerate(start)
    )


def _changes(
    ctx: Context, moves: Sequence[StageMove], route: Route
) -> Iterator[tuple[float, Route]]:
    """What moves of one stage change: of those in force on a day, the one that began last holds."""
    dates = {move.start for move in moves} | {move.until for move in moves if move.until}
    for date in sorted(dates):
        now = [move for move in moves if move.is_in_force(date)]
        last = max(now, key=lambda move: move.start, default=None)
        yield float(day_of(ctx.calendar.start, date)), _route(ctx, last.shares) if last else route


def law(ctx: Context, settings: CaseSettings) -> tuple[tuple[LegalStep, ...], ...]:
    """By stage: from which day which pools may hold it."""
    table = []
    for stage in STAGES:
        rules = sorted(
            (rule for rule in settings.law if rule.stage is stage and rule.enforced),
            key=lambda rule: rule.start,
        )
        table.append(tuple(_legal_step(ctx, rule) for rule in rules))
    return tuple(table)


def _legal_step(ctx: Context, rule: LawRule) -> LegalStep:
    day = float(day_of(ctx.calendar.start, rule.start))
    pools = {POOL_OF_ROLE[role] for role in rule.roles}
    if REGISTERED in pools and STAGE_INDEX[rule.stage] not in COURT_WORK:
        pools.add(NEWLY_QUALIFIED)
    return day, tuple(sorted(pools))


def check_stage_holders(ctx: Context, posts: Sequence[PostPlan]) -> None:
    """Refuse routing of a stage to a team in which nobody may hold it.

    Raises:
        InputError: naming stage and team.
    """
    council, settings = ctx.council.casework, ctx.case_settings
    if council is None or settings is None:
        return
    steps = law(ctx, settings)
    pools = _pools_by_team(posts, len(ctx.council.teams))
    routes = [(f"casework.routing.{s.value}", s, shares) for s, shares in council.routing.items()]
    for measure, effects in ctx.effects:
        routes += [(f"measures.{measure.key}", move.stage, move.shares) for move in effects.moves]
    for where, stage, shares in routes:
        rules = steps[STAGE_INDEX[stage]]
        if not rules or rules[0][0] > 0:
            raise InputError(
                "configs/behaviour.toml: casework.law",
                f"lets nobody hold {stage.value} on the first day",
                "Add a rule whose start is before the council's start date",
            )
        allowed = set(rules[0][1])
        for team, share in shares.items():
            if share > 0 and not pools[ctx.team_index[team]] & allowed:
                roles = [role.value for role, pool in POOL_OF_ROLE.items() if pool in allowed]
                raise InputError(
                    where,
                    f"team '{team}' has nobody who may hold {stage.value}",
                    f"Give the team a post of: {', '.join(roles)}; or route the stage elsewhere",
                )


def _pools_by_team(posts: Sequence[PostPlan], teams: int) -> list[set[int]]:
    """By team: pools of which it has posts on day 0."""
    pools: list[set[int]] = [set() for _ in range(teams)]
    for post in posts:
        if post.role in POOL_OF_ROLE and post.state is not PostState.NOT_OPEN:
            pools[post.team].add(POOL_OF_ROLE[post.role])
    return pools
