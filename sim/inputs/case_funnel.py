"""What becomes of more or fewer referrals: extra ones convert less, and their cases end sooner.

Within England's councils, years to March 2013 to 2021, episodes started move by 0.70 % with each
percent of referrals, plans started by 0.36 to 0.40, children on plans by 0.32, referrals found not
in need by about 1, and open children by 0.28 (docs/calibration.md, "Demand as a distribution").
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from sim.inputs.case_flow import CaseFlow
from sim.inputs.casework_plan import (
    ASSESSMENT,
    CARE_LEAVER,
    CHILD_IN_NEED,
    DECISION,
    LOOKED_AFTER_SETTLED,
    NOT_ON_PLAN,
    PROTECTION_PLAN,
    SECTION_47,
    Funnel,
    Shares,
)

FARTHEST = 10.0
"""Times the level, or one part of so many, beyond which referrals change no share further."""
STEEPEST = 2.0
"""Largest exponent of stays: for councils with hardly any children off plans and out of care."""


def funnel_of(v: Mapping[str, float], flow: CaseFlow, shares: Shares) -> Funnel:
    """The funnel of a draw.

    Mean length over all open children is to fall with episodes^stay. Plans and care last as long as
    ever, so the other stays fall by more: by as much as leaves open children at referrals^(episodes
    x (1 - stay)). Settled care counts as unmoved: it takes years to move, where the slope on the
    record is that of the same year.

    Args:
        v: the draw's values.
        flow: the flow of day 0.
        shares: where cases go next on day 0.
    """
    episodes, plans = v["casework.demand.episodes"], v["casework.demand.plans"]
    # By stage: the power of referrals with which its children move while stays do not.
    powers = [plans] * CARE_LEAVER
    powers[DECISION], powers[SECTION_47], powers[LOOKED_AFTER_SETTLED] = 1.0, episodes, 0.0
    powers[ASSESSMENT] = shares.not_in_need + (1 - shares.not_in_need) * episodes
    powers[CHILD_IN_NEED] = episodes + _kept_from_plans(flow, shares) * (episodes - plans)
    wanted = episodes * (1 - v["casework.demand.stay"]) * math.fsum(flow.stocks[:CARE_LEAVER])
    free = math.fsum(power * stock for power, stock in zip(powers, flow.stocks, strict=False))
    moving = math.fsum(flow.stocks[stage] for stage in NOT_ON_PLAN)
    stay = (free - wanted) / moving if moving > 0.0 else 0.0
    return Funnel(episodes, plans, min(STEEPEST, max(0.0, stay)))


def _kept_from_plans(flow: CaseFlow, shares: Shares) -> float:
    """Children who go on a plan or into care instead of becoming children in need, over these."""
    into = flow.inflows
    plans = into[PROTECTION_PLAN]
    back = (1 - shares.plan_to_care) * shares.plan_to_child_in_need * plans
    aside = shares.assessed_to_care * into[ASSESSMENT] + plans - back
    return aside / into[CHILD_IN_NEED] if into[CHILD_IN_NEED] > 0.0 else 0.0


@dataclass(frozen=True, slots=True)
class MonthShares:
    """What moves with a month's referrals.

    Attributes:
        no_further_action, not_in_need, assessed_to_care: as in Shares.
        assessed_to_section_47, section_47_to_plan, section_47_to_conference: likewise.
        pace: multiplier of the lengths of assessments, enquiries and stays in need.
    """

    no_further_action: float
    not_in_need: float
    assessed_to_care: float
    assessed_to_section_47: float
    section_47_to_plan: float
    section_47_to_conference: float
    pace: float


def shares_at(shares: Shares, funnel: Funnel, ratio: float) -> MonthShares:
    """The shares of a month whose referrals are `ratio` times the level of day 0.

    Of a referral, the chance of an episode moves with ratio^(episodes - 1), and that of a plan or
    of care with ratio^(plans - 1). The chance of being found not in need stays: what episodes fall
    short by ends without further action. Where there is not as much to give back, fewer are found
    not in need.

    Args:
        shares: at the level of day 0.
        funnel: exponents.
        ratio: referrals over that level.
    """
    if ratio == 1.0:
        return _as_on_day_0(shares)
    ratio = min(FARTHEST, max(1 / FARTHEST, ratio))
    of_episodes, of_plans = ratio ** (funnel.episodes - 1), ratio ** (funnel.plans - 1)
    assessed = 1 - shares.no_further_action
    need = min(1.0, assessed * (1 - shares.not_in_need) * of_episodes)
    now = min(1.0, assessed * shares.not_in_need + need)
    again = assessed / now if now > 0.0 else 0.0
    further = of_plans / of_episodes
    return MonthShares(
        no_further_action=1 - now,
        not_in_need=1 - need / now if now > 0.0 else 0.0,
        assessed_to_care=shares.assessed_to_care * of_plans * again,
        assessed_to_section_47=shares.assessed_to_section_47 * of_episodes * again,
        section_47_to_plan=shares.section_47_to_plan * further,
        section_47_to_conference=shares.section_47_to_conference * further,
        pace=ratio**-funnel.stay,
    )


def _as_on_day_0(shares: Shares) -> MonthShares:
    """No share moves: the same numbers, to the last bit."""
    return MonthShares(
        shares.no_further_action,
        shares.not_in_need,
        shares.assessed_to_care,
        shares.assessed_to_section_47,
        shares.section_47_to_plan,
        shares.section_47_to_conference,
        1.0,
    )
