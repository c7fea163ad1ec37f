"""What makes a measure impossible beside the others of its scenario."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sim.config.council import Council
from sim.config.roles import REGISTERED_ROLES, Role
from sim.scenario.measure import Measure


def fault_between(measures: Sequence[Measure], index: int, council: Council) -> str | None:
    """What makes one measure impossible beside the others, as "problem|remedy"; None if nothing.

    Args:
        measures: all lines of the scenario.
        index: which of them.
        council: the council; its posts and those of all lines may be in scope.
    """
    measure = measures[index]
    return _nobody_there(measure, measures, council) or _twice(measure, measures[:index])


def _nobody_there(measure: Measure, measures: Sequence[Measure], council: Council) -> str | None:
    """A role in scope of which no team in scope has a post, nor gets one."""
    posts = _places(council) | {place for line in measures for place in line.places}
    for role in measure.roles_in_scope:
        if not any((team, role) in posts for team in measure.teams_in_scope):
            where = sorted(team for team, other in posts if other is role)
            return (
                f"no team in scope has a post of role {role.value}"
                f" ({', '.join(measure.teams_in_scope)})"
                f"|Teams with such posts: {', '.join(where) or 'none; add some first'}"
            )
    return None


def _places(council: Council) -> set[tuple[str, Role]]:
    """Teams and roles with posts on day 0.

    How a council's social workers and managers divide over its teams is solved later, so that
    every team counts as having both, where the council has any.
    """
    found = {(posts.team, posts.role) for posts in council.support_posts}
    for role in REGISTERED_ROLES:
        if role is not Role.TEAM_MANAGER or council.totals.central.team_manager_posts_fte > 0:
            found |= {(team.key, role) for team in council.teams}
    return found


def _twice(measure: Measure, before: Sequence[Measure]) -> str | None:
    """Another line of the kind that acts on the same people on the same days."""
    for other in before:
        if type(other) is not type(measure) or not _overlap(measure, other):
            continue
        teams = sorted(set(measure.teams_in_scope) & set(other.teams_in_scope))
        roles = [role for role in measure.roles_in_scope if role in other.roles_in_scope]
        if teams and roles:
            return (
                f"is in force for {roles[0].value} in {teams[0]} on the same days as"
                f" '{other.key}', a line of the same kind"
                "|Give the two other teams, roles or dates, or add them together"
            )
    return None


def _overlap(one: Measure, other: Measure) -> bool:
    """Whether two lines are in force on any one day."""
    return one.start <= (other.end or dt.date.max) and other.start <= (one.end or dt.date.max)
