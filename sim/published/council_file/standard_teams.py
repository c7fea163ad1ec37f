"""England's five standard teams, as far as a council has people for them, and what each holds."""

from __future__ import annotations

from sim.config.casework import STAGES, CaseStage
from sim.config.council import Team
from sim.published.council_file.known import Known

LEAST_FTE = 1.5
"""People in post of a team, on average: one with fewer could begin without a social worker."""
Routing = dict[CaseStage, dict[str, float]]


def standard_teams(known: Known) -> tuple[Team, ...]:
    """The teams, with shares that sum to 1; in the smallest council the large ones alone."""
    england = known.england.teams
    kept = [team for team in england if team.work_share * known.staff >= LEAST_FTE]
    if len(kept) == len(england):
        return england
    whole = sum(team.work_share for team in kept)
    shares = [round(team.work_share / whole, 3) for team in kept]
    shares[0] = round(1.0 - sum(shares[1:]), 3)
    return tuple(
        team.model_copy(update={"work_share": share})
        for team, share in zip(kept, shares, strict=True)
    )


def standard_routing(known: Known) -> Routing:
    """By stage: the share of its children that each team holds.

    What a team that is left out would hold goes to the one that holds most of the stage; a stage
    that it holds alone goes to the one that holds most of the stage before.
    """
    kept = [team.key for team in standard_teams(known)]
    routing: Routing = {}
    most = kept[0]
    for stage in STAGES:
        held = known.england.casework.routing[stage]
        own = {team: share for team, share in held.items() if team in kept}
        most = max(own, key=lambda team: own[team]) if own else most
        rest = {team: share for team, share in own.items() if team != most}
        routing[stage] = rest | {most: round(1.0 - sum(rest.values()), 6)}
    return routing
