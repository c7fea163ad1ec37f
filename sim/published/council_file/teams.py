"""The first section: name, dates, teams and posts outside social work."""

from __future__ import annotations

import datetime as dt

from sim.config.casework import CaseStage
from sim.published.council_file.children import children_in_care
from sim.published.council_file.known import Known
from sim.published.council_file.lines import Line, Section
from sim.published.tables import CENSUS

_TEAMS = (
    "judgement: five standard teams with England's shares of the work, which must sum to 1. Change"
    " a share, add or remove a team here"
)
_ADVISERS = "judgement: personal advisers in proportion to children in care, england.toml"


def teams(known: Known) -> Section:
    """A run begins on the day after the census; teams and their shares are England's."""
    day = dt.date(known.year, *CENSUS)
    england = known.england
    return Section(
        "",
        (
            Line("name", known.council.name),
            Line("start_date", day + dt.timedelta(days=1)),
            Line("totals_date", day),
            Line("horizon_years", england.horizon_years),
            Line(
                "teams",
                [team.model_dump(mode="json", exclude_defaults=True) for team in england.teams],
                comment=_TEAMS,
            ),
            Line("support_posts", [_advisers(known)], comment=_ADVISERS),
        ),
    )


def _advisers(known: Known) -> dict[str, object]:
    staff = known.england.staff
    posts = children_in_care(known).value / staff.children_in_care_per_personal_adviser
    team = next(iter(known.england.casework.routing[CaseStage.CARE_LEAVER]))
    return {
        "team": team,
        "role": "personal_adviser",
        "fte": float(max(1, round(posts))),
        "source": "judgement",
    }
