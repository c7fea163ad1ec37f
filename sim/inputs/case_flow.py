"""The yearly flow of cases that keeps the children of day 0 in balance (Little's law).

Published stocks and lengths fix the flow into protection plans and care; what no table gives (how
many enquiries lead to a conference, how long children are in need, how long settled care lasts) is
solved so that as many enter each stage as leave it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from scipy.optimize import brentq

from sim.dates import DAYS_PER_YEAR
from sim.inputs.casework_plan import ReviewScheme


@dataclass(frozen=True)
class ReviewedStay:
    """What a review scheme makes of a plan, in expectation.

    Attributes:
        days: spent in the stage itself, of all visits of one plan.
        endings: chance that it ends by a review's or an off-review ending (not through another
            stage).
        off_review: chance that it ends between reviews.
        side_entries: expected number of visits to pre-proceedings.
    """

    days: float
    endings: float
    off_review: float
    side_entries: float


def mean_discount(span: tuple[float, float], rate: float) -> float:
    """Mean of exp(-rate x days) for days uniform over `span`."""
    low, high = span
    if rate <= 0.0 or high <= low:
        return math.exp(-rate * (low + high) / 2)
    return (math.exp(-rate * low) - math.exp(-rate * high)) / (rate * (high - low))


@dataclass(frozen=True, slots=True)
class ReviewWait:
    """The wait for one review, in expectation, of all plans begun.

    Attributes:
        days: spent waiting for it.
        off_review: chance of an ending before it.
        at_review: chance of an ending at it.
        aside: chance of going into pre-proceedings at it.
    """

    days: float
    off_review: float
    at_review: float
    aside: float


def review_waits(
    scheme: ReviewScheme,
    delay_days: float,
    delay_chance: float,
    side_chance: float = 0.0,
    side_ends: float = 0.0,
) -> list[ReviewWait]:
    """The waits for the first, second, third review ... of a plan.

    Args:
        scheme: its reviews.
        delay_days: days by which a review is put off.
        delay_chance: chance that it is, again and again.
        side_chance: of reviews at which the plan goes on: share that enter pre-proceedings.
        side_ends: share of these whose plan ends there (in court).
    """
    first = _one_wait(scheme, scheme.first, delay_days, delay_chance)
    following = _one_wait(scheme, scheme.following, delay_days, delay_chance)
    waits: list[ReviewWait] = []
    alive = 1.0
    while alive > 1e-9 and len(waits) < _MOST_REVIEWS:
        review = len(waits)
        reached, wait = following if review else first
        end = scheme.chance_of_ending(review)
        aside = alive * reached * (1 - end) * side_chance
        waits.append(ReviewWait(alive * wait, alive * (1 - reached), alive * reached * end, aside))
        alive = alive * reached * (1 - end) - aside * side_ends
    return waits


def _one_wait(
    scheme: ReviewScheme, span: tuple[float, float], delay_days: float, delay_chance: float
) -> tuple[float, float]:
    """Chance that a plan reaches a review of a span, and the expected days until it or an end."""
    rate = scheme.off_review_per_day
    put_off = (1 - delay_chance) / (1 - delay_chance * math.exp(-rate * delay_days))
    put_off_days = delay_days * delay_chance / (1 - delay_chance)
    reached = mean_discount(span, rate) * put_off
    # So few endings that 1 - reached is all rounding: then the wait is simply the gap.
    few = rate * (span[1] + put_off_days) < 1e-7
    return reached, (span[0] + span[1]) / 2 + put_off_days if few else (1 - reached) / rate


_MOST_REVIEWS = 400
"""Reviews after which a plan is taken to have ended: a bound for schemes that hardly end."""


def reviewed_stay(
    scheme: ReviewScheme,
    delay_days: float,
    delay_chance: float,
    side_chance: float = 0.0,
    side_ends: float = 0.0,
) -> ReviewedStay:
    """Expectation of one plan under a review scheme; the arguments are those of review_waits."""
    waits = review_waits(scheme, delay_days, delay_chance, side_chance, side_ends)
    off = math.fsum(wait.off_review for wait in waits)
    return ReviewedStay(
        days=math.fsum(wait.days for wait in waits),
        endings=off + math.fsum(wait.at_review for wait in waits),
        off_review=off,
        side_entries=math.fsum(wait.aside for wait in waits),
    )


@lru_cache(maxsize=32)
def scheme_with_mean(
    scheme: ReviewScheme, mean_days: float, delay_days: float, delay_chance: float
) -> ReviewScheme:
    """The scheme whose chance of ending at every review gives a mean stay.

    Where no chance from 0 to 1 does, the end of that range is taken and the off-review rate makes
    up the rest. It is kept, being the same for all scenarios of a draw.
    """

    def with_chance(chance: float) -> ReviewScheme:
        return ReviewScheme(scheme.first, scheme.following, scheme.off_review_per_day, (chance,))

    def with_rate(rate: float) -> ReviewScheme:
        return ReviewScheme(scheme.first, scheme.following, rate, (chance,))

    def excess(tried: ReviewScheme) -> float:
        waits = review_waits(tried, delay_days, delay_chance)
        return math.fsum([wait.days for wait in waits]) - mean_days

    at_once, never = excess(with_chance(1.0)), excess(with_chance(0.0))
    if at_once < 0.0 < never:
        return with_chance(float(brentq(lambda x: excess(with_chance(x)), 0.0, 1.0, xtol=1e-10)))
    chance = 1.0 if at_once >= 0.0 else 0.0
    fewest, most = 1e-9, 10.0 / mean_days
    if excess(with_rate(fewest)) <= 0.0:
        return with_rate(0.0)
    return with_rate(float(brentq(lambda x: excess(with_rate(x)), fewest, most, xtol=1e-14)))


@dataclass(frozen=True)
class Known:
    """What is known of a council's cases: per year, shares, days, children.

    Names follow sim.inputs.casework_plan.Shares; stays are mean days.
    """

    referrals: float
    no_further_action: float
    not_in_need_of_referrals: float
    section_47_per_referral: float
    section_47_from_child_in_need: float
    plans_per_conference: float
    plan_to_care: float
    plan_to_child_in_need: float
    pre_proceedings_to_court: float
    court_to_looked_after: float
    leave_care_in_first_year: float
    become_care_leaver: float
    care_entries: float
    decision_days: float
    assessment_days: float
    section_47_days: float
    pre_proceedings_days: float
    court_days: float
    care_leaver_days: float
    plan: ReviewedStay
    on_plans: float
    in_care: float
    other: float


@dataclass(frozen=True)
class CaseFlow:
    """The solved flow.

    Attributes:
        stocks: children on day 0 by stage.
        inflows: entries a year by stage.
        child_in_need_days, settled_days: mean stays, solved.
        assessed_to_care, assessed_to_section_47, not_in_need: of assessments.
        section_47_to_conference: of enquiries.
        child_in_need_to_section_47: of children in need.
        closures: closed cases a year that may be referred again.
    """

    stocks: tuple[float, ...]
    inflows: tuple[float, ...]
    child_in_need_days: float
    settled_days: float
    assessed_to_care: float
    assessed_to_section_47: float
    not_in_need: float
    section_47_to_conference: float
    child_in_need_to_section_47: float
    closures: float


FIRST_YEAR_DAYS = DAYS_PER_YEAR


def first_year_days(leave_share: float) -> float:
    """Mean days in the first year of care, of whom a share leave at a constant rate within it."""
    if leave_share <= 0.0:
        return FIRST_YEAR_DAYS
    rate = -math.log(1 - leave_share) / FIRST_YEAR_DAYS
    return leave_share / rate


@dataclass(frozen=True)
class _Early:
    """What published figures fix directly: flows a year, and children in the early stages."""

    assessments: float
    not_in_need: float
    in_need: float
    enquiries: float
    most_enquiries: float
    wanted: float
    plans: float
    conferences: float
    side: float
    court: float
    first_year: float
    assessed_care: float
    court_stock: float
    first_stock: float
    early_stocks: tuple[float, float, float]


def _early(k: Known) -> _Early:
    year = DAYS_PER_YEAR
    assessments = k.referrals * (1 - k.no_further_action)
    not_in_need = _share(k.not_in_need_of_referrals * k.referrals, assessments)
    in_need = assessments * (1 - min(MOST_NOT_IN_NEED, not_in_need))
    after_assessment = 1 - k.section_47_from_child_in_need
    most_enquiries = max(0.0, in_need - k.care_entries) / max(after_assessment, 1e-9)
    enquiries = min(k.section_47_per_referral * k.referrals, most_enquiries)
    wanted = k.on_plans * year / (k.plan.days + k.plan.side_entries * k.pre_proceedings_days)
    plans = min(wanted, enquiries * k.plans_per_conference)
    side = plans * k.plan.side_entries
    court = side * k.pre_proceedings_to_court
    plan_care = plans * k.plan.endings * k.plan_to_care
    assessed_care = min(0.5 * in_need, max(0.0, k.care_entries - court - plan_care))
    first_year = assessed_care + plan_care
    return _Early(
        assessments=assessments,
        not_in_need=not_in_need,
        in_need=in_need,
        most_enquiries=most_enquiries,
        enquiries=enquiries,
        wanted=wanted,
        plans=plans,
        conferences=wanted / k.plans_per_conference,
        side=side,
        court=court,
        first_year=first_year,
        assessed_care=assessed_care,
        court_stock=court * k.court_days / year,
        first_stock=first_year * first_year_days(k.leave_care_in_first_year) / year,
        early_stocks=(
            k.referrals * k.decision_days / year,
            assessments * k.assessment_days / year,
            enquiries * k.section_47_days / year,
        ),
    )


def _share(part: float, whole: float) -> float:
    """Part of a whole; of nothing, nothing."""
    return part / whole if whole > 0.0 else 0.0


def check_flow(known: Known) -> None:
    """Refuse stocks that the published flows and lengths can't bring about.

    Raises:
        ValueError: "problem|remedy", naming the stock that is larger or smaller than its stage
            can hold.
    """
    k, e = known, _early(known)
    if k.referrals <= 0.0 and (k.on_plans or k.in_care or k.other):
        raise ValueError(
            f"no referrals a year bring nobody, yet there are {k.on_plans + k.in_care + k.other:g}"
            " children|Raise referrals_per_year, or state no children"
        )
    if e.not_in_need > MOST_NOT_IN_NEED:
        raise ValueError(
            f"{100 * e.not_in_need:.0f} % of assessments would find no need"
            "|Lower not_in_need_share or no_further_action_share"
        )
    if k.section_47_per_referral * k.referrals > e.most_enquiries:
        raise ValueError(
            f"{k.section_47_per_referral * k.referrals:.0f} section 47 enquiries a year are more"
            f" than the {e.most_enquiries:.0f} whom assessments find in need"
            "|Lower section_47_per_referral or not_in_need_share"
        )
    if e.conferences > e.enquiries:
        raise ValueError(
            f"{k.on_plans:g} children on plans need {e.conferences:.0f} conferences a year, more"
            f" than the {e.enquiries:.0f} section 47 enquiries"
            "|Lower children_on_plans or raise section_47_per_referral"
        )
    if k.in_care < e.court_stock + e.first_stock:
        raise ValueError(
            f"{k.in_care:g} children in care are fewer than the"
            f" {e.court_stock + e.first_stock:.0f} whom a year's entries bring into court and the"
            " first year of care|Lower care_entries_per_year or raise children_in_care"
        )
    if k.other <= math.fsum(e.early_stocks) and k.referrals > 0.0:
        raise ValueError(
            f"{k.other:g} other children in need are fewer than the"
            f" {math.fsum(e.early_stocks):.0f} whom referrals keep in assessment and enquiry"
            "|Raise other_children_in_need or lower referrals_per_year"
        )


MOST_NOT_IN_NEED = 0.95
"""Largest share of assessments that may find no need: some children must go on."""
SMALLEST_SHARE = 0.02
"""Least part of a stock that a draw leaves to the stage that takes what others leave, and least
share of referrals that are assessed and of conferences that end in a plan."""
SHORTEST_STAY_DAYS, LONGEST_STAY_DAYS = 1.0, 50 * DAYS_PER_YEAR
"""Of a stay that is solved: a stage that nobody enters keeps its children as good as for ever."""


def _stay_days(stock: float, inflow: float) -> float:
    """Mean stay that keeps a stock under a yearly inflow (Little's law)."""
    if inflow <= 0.0:
        return LONGEST_STAY_DAYS
    return min(LONGEST_STAY_DAYS, max(SHORTEST_STAY_DAYS, stock / inflow * DAYS_PER_YEAR))


def solve_flow(known: Known) -> CaseFlow:
    """Solve the flow that keeps each stage's children constant.

    `check_flow` refuses what the central values make impossible; a draw that goes beyond is held
    to the nearest flow there is.
    """
    k, e, year = known, _early(known), DAYS_PER_YEAR
    settled = max(k.in_care - e.court_stock - e.first_stock, SMALLEST_SHARE * k.in_care)
    from_court = e.court * k.court_to_looked_after
    settled_in = from_court + e.first_year * (1 - k.leave_care_in_first_year)
    need = max(k.other - math.fsum(e.early_stocks), SMALLEST_SHARE * k.other)
    from_need = e.enquiries * k.section_47_from_child_in_need
    to_enquiry = e.enquiries - from_need
    stepped_down = e.plans * k.plan.endings * (1 - k.plan_to_care) * k.plan_to_child_in_need
    need_in = e.in_need - e.assessed_care - to_enquiry + (e.enquiries - e.plans) + stepped_down
    leavers = settled_in * k.become_care_leaver
    # Where a draw has no enquiry that could end in a plan, those on plans still are on plans.
    held = e.plans or e.wanted
    return CaseFlow(
        stocks=(
            *e.early_stocks, need, held * k.plan.days / year,
            held * k.plan.side_entries * k.pre_proceedings_days / year,
            e.court_stock, e.first_stock, settled, leavers * k.care_leaver_days / year,
        ),
        inflows=(
            k.referrals, e.assessments, e.enquiries, need_in, e.plans, e.side, e.court,
            e.first_year, settled_in, leavers,
        ),
        child_in_need_days=_stay_days(need, need_in),
        settled_days=_stay_days(settled, settled_in),
        assessed_to_care=_share(e.assessed_care, e.assessments),
        assessed_to_section_47=_share(to_enquiry, e.assessments),
        not_in_need=min(MOST_NOT_IN_NEED, e.not_in_need),
        section_47_to_conference=min(1.0, _share(e.conferences, e.enquiries)),
        child_in_need_to_section_47=min(1.0, _share(from_need, need_in)),
        closures=k.referrals - leavers,
    )  # fmt: skip
