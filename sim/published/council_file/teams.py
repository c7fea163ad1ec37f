"""The first section: name, dates, teams and posts outside social work."""

from __future__ import annotations

import datetime as dt

from sim.config.casework import CaseStage
from sim.published.council_file.children import children_in_care
from sim.published.council_file.known import Known
from sim.published.council_file.lines import Line, Section
from sim.published.council_file.standard_teams import standard_routing, standard_teams
from sim.published.tables import CENSUS

_TEAMS = (
    "judgement: England's standard teams and their shares of the work, which must sum to 1. Change"
    " a share, add or remove a team here"
)
_ADVISERS = "judgement: personal advisers in proportion to children in care, england.toml"


def teams(known: Known) -> Section:
    """A run begins on the day after the census; teams and their shares are England's."""
    day = dt.date(known.year, *CENSUS)
    kept = standard_teams(known)
    return Section(
        "",
        (
            Line("name", known.council.name),
            Line("start_date", day + dt.timedelta(days=1)),
            Line("totals_date", day),
            Line("horizon_years", known.england.horizon_years),
            Line(
                "teams",
                [team.model_dump(mode="json", exclude_defaults=True) for team in kept],
                comment=_TEAMS,
            ),
            Line("support_posts", [_advisers(known)], comment=_ADVISERS),
        ),
    )


def _advisers(known: Known) -> dict[str, object]:
    staff = known.england.staff
    posts = children_in_care(known).value / staff.children_in_care_per_personal_adviser
    team = next(iter(standard_routing(known)[CaseStage.CARE_LEAVER]))
    return {
        "team": team,
        "role": "personal_adviser",
        "fte": float(max(1, round(posts))),
        "source": "judgement",
    }
