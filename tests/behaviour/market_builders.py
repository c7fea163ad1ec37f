"""Measures that draw, hire and keep people, and the values at which they do nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.config.quantity import Unit
from sim.config.roles import REGISTERED_ROLES, Role
from sim.scenario.agency_scheme import AgencyScheme
from sim.scenario.attraction import FindAFriend, RelocationAllowance
from sim.scenario.benefits import AdviserProgression, LearningAccounts, RegistrationFees
from sim.scenario.cost import Cost, CostBasis
from sim.scenario.posts import PostsInTeam
from sim.scenario.recruitment import ExternalRecruiter, RecruitmentTeam
from tests.behaviour.builders import NO_PAY_EFFECT, START, all_teams, certain

NULL = NO_PAY_EFFECT | {
    "market_measures.relocation_effect": 1.0,
    "market_measures.find_a_friend_effect": 1.0,
    "market_measures.recruitment_steps": 1.0,
    "market_measures.recruitment_drop_out": 1.0,
    "market_measures.recruitment_attractiveness": 1.0,
    "market_measures.agency_scheme_arrivals": 1.0,
    "market_measures.adviser_progression_exits": 1.0,
}
"""Nobody answers to any of these measures. In-kind value stays: without pay elasticities it is
worth nothing."""


def cost(gbp: float, per: CostBasis) -> Cost:
    """A cost of a known size."""
    return Cost(key="cost", name="Cost", per=per, gbp=certain(gbp, Unit.GBP))


def scope(
    teams: Sequence[str] | None = None, roles: Sequence[Role] = REGISTERED_ROLES
) -> dict[str, Any]:
    """Teams and roles; all of social work unless told."""
    return {"teams": tuple(teams or all_teams()), "roles": tuple(roles)}


def relocation(gbp: float = 8000.0, take_up: float = 1.0, **more: Any) -> RelocationAllowance:
    """A relocation allowance."""
    return RelocationAllowance(
        kind="relocation_allowance", key="relocation", name="Relocation", take_up=take_up,
        costs=(cost(gbp, CostBasis.STARTER),), **({"start": START} | scope() | more),
    )  # fmt: skip


def friend(gbp: float = 1000.0, **more: Any) -> FindAFriend:
    """A reward for finding a friend."""
    return FindAFriend(
        kind="find_a_friend", key="friend", name="Find a friend",
        costs=(cost(gbp, CostBasis.STARTER),), **({"start": START} | scope() | more),
    )  # fmt: skip


def recruitment_team(fte: float = 3.0, **more: Any) -> RecruitmentTeam:
    """A recruitment team at the front door."""
    posts = (PostsInTeam(team="front_door", role=Role.RECRUITMENT, fte=fte),)
    return RecruitmentTeam(
        kind="recruitment_team", key="recruiters", name="Recruitment team", posts=posts,
        **({"start": START} | scope() | more),
    )  # fmt: skip


def recruiter(fee: float = 5000.0, **more: Any) -> ExternalRecruiter:
    """An outside recruiter with a fee per starter."""
    return ExternalRecruiter(
        kind="external_recruiter", key="recruiter", name="Recruiter",
        costs=(cost(fee, CostBasis.STARTER),), **({"start": START} | scope() | more),
    )  # fmt: skip


def fees(gbp: float = 90.0, **more: Any) -> RegistrationFees:
    """Registration fees paid by the council."""
    return RegistrationFees(
        kind="registration_fees", key="fees", name="Registration fees",
        gbp_per_year=certain(gbp, Unit.GBP_PER_YEAR), **({"start": START} | scope() | more),
    )  # fmt: skip


def accounts(gbp: float = 1000.0, **more: Any) -> LearningAccounts:
    """Individual learning accounts."""
    return LearningAccounts(
        kind="learning_accounts", key="accounts", name="Learning accounts",
        gbp_per_year=certain(gbp, Unit.GBP_PER_YEAR), **({"start": START} | scope() | more),
    )  # fmt: skip


def progression(gbp: float = 2500.0, take_up: float = 1.0, **more: Any) -> AdviserProgression:
    """A career grade for the advisers of care leavers."""
    return AdviserProgression(
        kind="adviser_progression", key="progression", name="Progression", take_up=take_up,
        costs=(cost(gbp, CostBasis.FTE_YEAR),),
        **(dict[str, Any](start=START, teams=("care_leavers",)) | more),
    )  # fmt: skip


def scheme(gbp: float = 20_000.0, **more: Any) -> AgencyScheme:
    """A regional agency scheme."""
    return AgencyScheme(
        kind="agency_scheme", key="scheme", name="Agency scheme",
        costs=(cost(gbp, CostBasis.YEAR),), **({"start": START} | scope() | more),
    )  # fmt: skip
