"""Posts in words."""

from __future__ import annotations

from collections.abc import Mapping

from sim.config.roles import Role

_ROLES = {
    Role.SOCIAL_WORKER: ("social worker", "social workers"),
    Role.SENIOR_PRACTITIONER: ("senior practitioner", "senior practitioners"),
    Role.TEAM_MANAGER: ("team manager", "team managers"),
    Role.PERSONAL_ADVISER: ("personal adviser", "personal advisers"),
    Role.FAMILY_PRACTITIONER: ("family practitioner", "family practitioners"),
    Role.BUSINESS_SUPPORT: ("business support", "business support"),
    Role.EDUCATION_EMPLOYMENT_TRAINING: (
        "education and training worker",
        "education and training workers",
    ),
    Role.ACADEMY: ("academy post", "academy posts"),
    Role.RECRUITMENT: ("recruitment post", "recruitment posts"),
}


def posts_in_words(posts: Mapping[Role, float]) -> str:
    """FTE by role in words: "24 social workers and 10 business support"."""
    each = [f"{fte:g} {_ROLES[role][fte != 1]}" for role, fte in posts.items()]
    return each[0] if len(each) == 1 else f"{', '.join(each[:-1])} and {each[-1]}"
