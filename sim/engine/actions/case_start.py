"""The children of day 0: a steady stream's, each with the time already open (docs/model.md).

Stages of a known length are drawn length-biased: a long stay is likelier to be met on a given day.
For stays that reviews end, first which review comes next is drawn, in proportion to the time spent
waiting for it, then where in that wait the child is. So a run at constant rates shows no transient.
"""

from __future__ import annotations

import math

from sim.engine.actions.casework import comes_back, length_of, new_case
from sim.engine.formulas import exponential, lognormal_days, normal_score
from sim.engine.layout import STAGE_COUNT, Case, Stage, Team, World
from sim.engine.rows import Key
from sim.engine.simpy.kernel import begin, luck_at, nth_key, stream, uniform
from sim.inputs.case_flow import FIRST_YEAR_DAYS
from sim.inputs.casework_plan import (
    ASSESSMENT,
    CHILD_IN_NEED,
    DECISION,
    LOOKED_AFTER_FIRST_YEAR,
    PRE_PROCEEDINGS,
    PROTECTION_PLAN,
)
from sim.inputs.fates import Purpose

BEFORE_IN_NEED_DAYS = 60.0
"""Days taken for referral and assessment of a child who is in a later stage on day 0."""
LONGEST = 2.0
"""Bound of a wait in multiples of the longest gap; longer ones, put off again and again, are met
as if they were as long as this."""
BY_DAYS, BY_ASIDE = range(2)
"""Two weightings of the reviews of a stay: days spent waiting for each, and goings aside at it."""


def bring_children(w: World) -> None:
    """All children, stage by stage and team by team, then those who will come back."""
    for stage in range(STAGE_COUNT):
        for team in w.teams:
            cell = w.start_children[stage * len(w.teams) + team.number]
            for number in range(cell.count):
                case = child_of_day_0(w, nth_key(cell.key, number), stage, team)
                # The stages' stories are numbered as the stages are.
                begin(w, stage, case)
    for number in range(round(w.pending_re_referrals)):
        key = nth_key(w.closed_before_key, number)
        luck = uniform(w, Purpose.START_CASE, key, 0)
        comes_back(w, key, exponential(luck) * w.re_referral_days)


def next_luck(w: World) -> float:
    """The next number of the child's luck of day 0."""
    w.start_taken += 1
    return luck_at(w.start_luck, w.start_taken)


def child_of_day_0(w: World, key: Key, stage: int, team: Team) -> Case:
    """A child who is in a stage on day 0."""
    w.start_luck, w.start_taken = stream(w, Purpose.START_CASE, key), 0
    case = new_case(w, key, 0.0)
    case.carried, case.team = True, team
    case.lane = lane_to(w, stage, team, next_luck(w))
    case.assessed = stage != DECISION and stage != ASSESSMENT
    case.held_since = held_since(team, next_luck(w))
    elapsed = days_in_stage(w, case, stage)
    case.begun = -elapsed
    before = BEFORE_IN_NEED_DAYS
    if stage == DECISION:
        before = 0.0
    elif stage == ASSESSMENT:
        before = 1.0
    on_plan = case.plan_day > -math.inf
    case.referred_day = (case.plan_day if on_plan else -elapsed) - before
    return case


def lane_to(w: World, stage: int, team: Team, luck: float) -> float:
    """A lane that leads to the team in this stage, by the routing of day 0."""
    rule = w.rules[(w.changes_count + 1) * STAGE_COUNT + stage]
    before = 0.0
    for number in range(rule.first, rule.first + rule.count):
        routed = w.routed[number]
        if routed.team is team:
            return before + (routed.share - before) * luck
        before = routed.share
    raise RuntimeError("a child of day 0 is in a team that its stage does not route to")


def held_since(team: Team, luck: float) -> float:
    """Since when the worker has had the case: changes come at the rate of the team."""
    rate = team.change_per_day
    return -exponential(luck) / rate if rate > 0.0 else -math.inf


def days_in_stage(w: World, case: Case, stage: int) -> float:
    """Days already spent in the stage; sets what is left of it."""
    if stage == CHILD_IN_NEED:
        return days_between_reviews(w, case, stage)
    if stage == PROTECTION_PLAN:
        age = days_between_reviews(w, case, stage)
        case.plan_day = -age
        return age
    if stage == LOOKED_AFTER_FIRST_YEAR:
        return days_in_first_year(w)
    elapsed, case.remaining = length_biased(w, stage)
    if stage == PRE_PROCEEDINGS:
        case.plan_day = -elapsed - age_at_pre_proceedings(w, case)
    return elapsed


def days_in_first_year(w: World) -> float:
    """Time in the first year of care, which a share leave at a constant rate."""
    share = w.leave_care_in_first_year
    if share <= 0.0:
        return next_luck(w) * FIRST_YEAR_DAYS
    rate = -math.log(1.0 - share) / FIRST_YEAR_DAYS
    return truncated_exponential(next_luck(w), rate, FIRST_YEAR_DAYS)


# -- stays that reviews end -----------------------------------------------------------------------


def earliest(scheme: Stage, review: int) -> float:
    """Earliest day of a review, from 0, after the one before it."""
    return scheme.first_from if review == 0 else scheme.following_from


def latest(scheme: Stage, review: int) -> float:
    """Latest day of a review, from 0, after the one before it."""
    return scheme.first_to if review == 0 else scheme.following_to


def days_between_reviews(w: World, case: Case, stage: int) -> float:
    """Draw the next review and how long it has been awaited; the days since the stay began."""
    scheme = w.stages[stage]
    rate = scheme.off_per_day
    case.reviews = pick(w, BY_DAYS, stage, case.team)
    start, end = earliest(scheme, case.reviews), latest(scheme, case.reviews)
    while True:
        planned = start + (end - start) * next_luck(w)
        gap = planned + put_off_days(w, case.team)
        # A long wait is likelier to be met: in proportion to the days it lasts, endings aside.
        if next_luck(w) < days_met(gap, rate) / days_met(end * LONGEST, rate):
            break
    waited = truncated_exponential(next_luck(w), rate, gap)
    case.review_day = next_due(w, planned, waited) - waited
    return waited + age_at_review(w, case, scheme, case.reviews, stage)


def put_off_days(w: World, team: Team) -> float:
    """Days by which a review of the past was put off, as often as new workers made it."""
    days = 0.0
    while team.put_off_chance > 0.0 and next_luck(w) < team.put_off_chance:
        days += w.review_delay_days
    return days


def next_due(w: World, planned: float, waited: float) -> float:
    """When a review falls due next: as planned, or, put off already, after further delays."""
    if waited <= planned:
        return planned
    delay = w.review_delay_days
    return planned + delay * (1.0 + math.floor((waited - planned) / delay))


def age_at_review(w: World, case: Case, scheme: Stage, reviews: int, stage: int) -> float:
    """Days from the beginning of a stay to its last review, of those that got so far."""
    days = 0.0
    to_court = w.to_pre_proceedings * w.pre_proceedings_to_court
    came_back = (w.to_pre_proceedings - to_court) / (1.0 - to_court)
    for review in range(reviews):
        start, end = earliest(scheme, review), latest(scheme, review)
        while True:
            gap = start + (end - start) * next_luck(w)
            gap += put_off_days(w, case.team)
            # Long gaps are rarer among those who got through them without an ending.
            if next_luck(w) < math.exp(-scheme.off_per_day * (gap - start)):
                break
        days += gap
        if stage == PROTECTION_PLAN and next_luck(w) < came_back:
            days += length_of(w, PRE_PROCEEDINGS, next_luck(w))
    return days


def age_at_pre_proceedings(w: World, case: Case) -> float:
    """How old the plan was at the review that began pre-proceedings."""
    case.reviews = 1 + pick(w, BY_ASIDE, PROTECTION_PLAN, case.team)
    return age_at_review(w, case, w.stages[PROTECTION_PLAN], case.reviews, PRE_PROCEEDINGS)


def pick(w: World, weighting: int, stage: int, team: Team) -> int:
    """A review in proportion to weights."""
    waits = w.waits[(weighting * STAGE_COUNT + stage) * len(w.teams) + team.number]
    left = next_luck(w) * waits.total
    for index in range(waits.count):
        left -= w.weights[waits.first + index].value
        if left < 0.0:
            return index
    return waits.count - 1


def days_met(gap: float, rate: float) -> float:
    """Expected days in a wait of a given length, which endings at a rate may cut short."""
    return (1.0 - math.exp(-rate * gap)) / rate if rate > 0.0 else gap


def truncated_exponential(luck: float, rate: float, longest: float) -> float:
    """A time from 0 to `longest` with density in proportion to exp(-rate x time)."""
    if rate <= 0.0:
        return luck * longest
    return min(longest, -math.log(1.0 - luck * (1.0 - math.exp(-rate * longest))) / rate)


def length_biased(w: World, stage: int) -> tuple[float, float]:
    """Days behind and ahead of a stay met on a random day."""
    length = w.stages[stage]
    split, other = next_luck(w), next_luck(w)
    if length.exponential:
        return length.mean * exponential(split), length.mean * exponential(other)
    days = lognormal_days(normal_score(other) + length.sigma, length.mean, length.sigma)
    return days * split, days * (1.0 - split)
