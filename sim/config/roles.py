"""Roles of posts, and the labour markets they belong to."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a post is for. The first three are registered social work posts (DfE's workforce)."""

    SOCIAL_WORKER = "social_worker"
    SENIOR_PRACTITIONER = "senior_practitioner"
    TEAM_MANAGER = "team_manager"
    PERSONAL_ADVISER = "personal_adviser"
    FAMILY_PRACTITIONER = "family_practitioner"
    BUSINESS_SUPPORT = "business_support"
    EDUCATION_EMPLOYMENT_TRAINING = "education_employment_training"
    ACADEMY = "academy"
    RECRUITMENT = "recruitment"


class RoleFamily(StrEnum):
    """Roles that share a labour market; each family has its own pool of candidates."""

    SOCIAL_WORKER = "social_worker"
    TEAM_MANAGER = "team_manager"
    SUPPORT = "support"


ROLES: tuple[Role, ...] = tuple(Role)
REGISTERED_ROLES = (Role.SOCIAL_WORKER, Role.SENIOR_PRACTITIONER, Role.TEAM_MANAGER)
FAMILY_OF_ROLE: dict[Role, str] = {
    Role.SOCIAL_WORKER: RoleFamily.SOCIAL_WORKER.value,
    Role.SENIOR_PRACTITIONER: RoleFamily.SOCIAL_WORKER.value,
    Role.TEAM_MANAGER: RoleFamily.TEAM_MANAGER.value,
} | {role: role.value for role in Role if role not in REGISTERED_ROLES}
"""The labour market of each role; every role outside social work has a market of its own."""
