"""Pipeline measures of known sizes, and their null values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sim.config.quantity import Unit
from sim.scenario.cost import Cost, CostBasis
from sim.scenario.early_career import SocialWorkAcademy, SupportedFirstYear
from sim.scenario.overseas import LeaveToRemainFees, Offers, OverseasRecruitment
from sim.scenario.training import Apprenticeships, Bursaries, Intake
from tests.behaviour.builders import START, all_teams, certain

Dated = Sequence[tuple[dt.date, int]]

NO_OVERSEAS = {"overseas.share_who_start": 0.0}
NO_FEE_EFFECT = {"overseas.fee_tie_in_exits": 1.0}
NOBODY_COMPLETES = {"training.completion": 0.0}
NO_EARLY_CAREER = {
    "early_career.academy_leaving_odds": 1.0,
    "early_career.academy_ramp": 1.0,
    "early_career.supported_first_year_exits": 1.0,
}
NULLS = NO_OVERSEAS | NO_FEE_EFFECT | NOBODY_COMPLETES | NO_EARLY_CAREER

AUTUMN = dt.date(2021, 11, 1)


def cost(per: CostBasis, gbp: float) -> Cost:
    """A cost of a known size."""
    return Cost(key=per.value, name=per.value, per=per, gbp=certain(gbp, Unit.GBP))


def overseas(
    campaigns: Dated = ((AUTUMN, 20),), costs: Sequence[Cost] = (), found: float | None = None
) -> OverseasRecruitment:
    """Campaigns: (date, offers), and how many of them find somebody in a year."""
    return OverseasRecruitment(
        kind="overseas_recruitment",
        key="overseas",
        name="Overseas recruitment",
        start=START,
        campaigns=tuple(Offers(offers_on=date, offers=n) for date, n in campaigns),
        found_per_year=None if found is None else certain(found, Unit.PEOPLE_PER_YEAR),
        costs=tuple(costs),
    )


def fees(
    teams: Sequence[str] | None = None,
    tie_in: int = 24,
    take_up: float = 1.0,
    start: dt.date = START,
    costs: Sequence[Cost] = (),
) -> LeaveToRemainFees:
    """Leave to remain paid for."""
    return LeaveToRemainFees(
        kind="leave_to_remain_fees",
        key="fees",
        name="Leave to remain fees",
        start=start,
        teams=tuple(teams or all_teams()),
        tie_in_months=tie_in,
        take_up=take_up,
        costs=tuple(costs),
    )


def bursaries(
    intakes: Dated = ((AUTUMN, 30),),
    months: int = 12,
    tie_in: int = 24,
    repayable: float | None = None,
    costs: Sequence[Cost] = (),
) -> Bursaries:
    """Bursaries: (date, places)."""
    return Bursaries(
        kind="bursaries",
        key="bursaries",
        name="Bursaries",
        start=START,
        intakes=tuple(Intake(starts_on=date, places=n) for date, n in intakes),
        months=months,
        tie_in_months=tie_in,
        repayable_gbp=None if repayable is None else certain(repayable, Unit.GBP),
        costs=tuple(costs),
    )


def apprenticeships(
    intakes: Dated = ((AUTUMN, 30),), months: int = 12, costs: Sequence[Cost] = ()
) -> Apprenticeships:
    """Apprenticeships: (date, places)."""
    return Apprenticeships(
        kind="apprenticeships",
        key="apprenticeships",
        name="Apprenticeships",
        start=START,
        intakes=tuple(Intake(starts_on=date, places=n) for date, n in intakes),
        months=months,
        tie_in_months=24,
        costs=tuple(costs),
    )


def academy(
    places: int = 0,
    teams: Sequence[str] | None = None,
    take_up: float = 1.0,
    costs: Sequence[Cost] = (),
) -> SocialWorkAcademy:
    """An academy."""
    return SocialWorkAcademy(
        kind="social_work_academy",
        key="academy",
        name="Academy",
        start=START,
        teams=tuple(teams or all_teams()),
        take_up=take_up,
        places_per_year=places,
        costs=tuple(costs),
    )


def first_year(
    teams: Sequence[str] | None = None, costs: Sequence[Cost] = ()
) -> SupportedFirstYear:
    """A supported first year."""
    return SupportedFirstYear(
        kind="supported_first_year",
        key="first_year",
        name="Supported first year",
        start=START,
        teams=tuple(teams or all_teams()),
        costs=tuple(costs),
    )
