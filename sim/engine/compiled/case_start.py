"""The children of day 0, each with the time already open (sim.engine.case_start)."""

from __future__ import annotations

import math

from sim.engine.case_start import BEFORE_IN_NEED_DAYS, LONGEST
from sim.engine.compiled.casework import begin_stage, come_back, length_of, new_case
from sim.engine.compiled.formulas import exponential, lognormal_days, normal_score
from sim.engine.compiled.jit import Key, World, compiled
from sim.engine.compiled.layout import (
    STAGE_COUNT,
    Case,
    Stage,
    case_,
    routed,
    rule_,
    stage_,
    start_children,
    team_,
    wait_weight,
    waits_,
)
from sim.engine.compiled.luck import luck_at, nth_key, stream, uniform
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

_START = int(Purpose.START_CASE)
BY_DAYS, BY_ASIDE = range(2)
"""The two weightings of reviews in `waits`: days spent waiting, and goings aside."""


@compiled
def bring_children(w: World) -> None:
    """All children, stage by stage and team by team, then those who will come back."""
    for stage in range(STAGE_COUNT):
        for team in range(w.teams_count):
            cell = start_children(w, stage * w.teams_count + team)
            for number in range(cell.count):
                case = _child(w, nth_key(cell.key, number), stage, team)
                begin_stage(w, case, stage)
    for number in range(round(w.pending_re_referrals)):
        key = nth_key(w.closed_before_key, number)
        luck = uniform(w, _START, key, 0)
        come_back(w, key, exponential(luck) * w.re_referral_days)


@compiled
def _next_luck(w: World) -> float:
    """The next number of the child's luck of day 0."""
    w.start_taken += 1
    return luck_at(w.start_luck, w.start_taken)


@compiled
def _child(w: World, key: Key, stage: int, team: int) -> int:
    w.start_luck, w.start_taken = stream(w, _START, key), 0
    number = new_case(w, key, 0.0)
    case = case_(w, number)
    case.carried, case.team = 1, team
    case.lane = _lane(w, stage, team, _next_luck(w))
    case.assessed = stage not in (DECISION, ASSESSMENT)
    case.held_since = _held_since(w, team, _next_luck(w))
    elapsed = _elapsed(w, case, stage)
    case.begun = -elapsed
    before = BEFORE_IN_NEED_DAYS
    if stage == DECISION:
        before = 0.0
    elif stage == ASSESSMENT:
        before = 1.0
    on_plan = case.plan_day > -math.inf
    case.referred_day = (case.plan_day if on_plan else -elapsed) - before
    return number


@compiled
def _lane(w: World, stage: int, team: int, luck: float) -> float:
    """A lane that leads to the team in this stage, by the routing of day 0."""
    rule = rule_(w, (w.changes_count + 1) * STAGE_COUNT + stage)
    before = 0.0
    for number in range(rule.first, rule.first + rule.count):
        if routed(w, number).team == team:
            return float(before + (routed(w, number).share - before) * luck)
        before = routed(w, number).share
    raise RuntimeError("a child of day 0 is in a team that its stage does not route to")


@compiled
def _held_since(w: World, team: int, luck: float) -> float:
    """Since when the worker has had the case: changes come at the rate of the team."""
    rate = team_(w, team).change_per_day
    return -exponential(luck) / rate if rate > 0.0 else -math.inf


@compiled
def _elapsed(w: World, case: Case, stage: int) -> float:
    """Days already spent in the stage; sets what is left of it."""
    if stage == CHILD_IN_NEED:
        return _between_reviews(w, case, stage)
    if stage == PROTECTION_PLAN:
        age = _between_reviews(w, case, stage)
        case.plan_day = -age
        return age
    if stage == LOOKED_AFTER_FIRST_YEAR:
        return _first_year(w)
    elapsed, case.remaining = _length_biased(w, stage)
    if stage == PRE_PROCEEDINGS:
        case.plan_day = -elapsed - _age_at_pre_proceedings(w, case)
    return elapsed


@compiled
def _first_year(w: World) -> float:
    """Time in the first year of care, which a share leave at a constant rate."""
    share = w.leave_care_in_first_year
    if share <= 0.0:
        return _next_luck(w) * FIRST_YEAR_DAYS
    rate = -math.log(1.0 - share) / FIRST_YEAR_DAYS
    return _truncated_exponential(_next_luck(w), rate, FIRST_YEAR_DAYS)


# -- stays that reviews end -----------------------------------------------------------------------


@compiled
def _span_from(scheme: Stage, review: int) -> float:
    return float(scheme.first_from if review == 0 else scheme.following_from)


@compiled
def _span_to(scheme: Stage, review: int) -> float:
    return float(scheme.first_to if review == 0 else scheme.following_to)


@compiled
def _between_reviews(w: World, case: Case, stage: int) -> float:
    """Draw the next review and how long it has been awaited; the days since the stay began."""
    scheme = stage_(w, stage)
    rate = scheme.off_per_day
    case.reviews = _pick(w, BY_DAYS, stage, case.team)
    start, end = _span_from(scheme, case.reviews), _span_to(scheme, case.reviews)
    while True:
        planned = start + (end - start) * _next_luck(w)
        gap = planned + _put_off_days(w, case.team)
        if _next_luck(w) < _days_met(gap, rate) / _days_met(end * LONGEST, rate):
            break
    waited = _truncated_exponential(_next_luck(w), rate, gap)
    case.review_day = _next_due(w, planned, waited) - waited
    return waited + _age(w, case, scheme, case.reviews, stage)


@compiled
def _put_off_days(w: World, team: int) -> float:
    """Days by which a review of the past was put off, as often as new workers made it."""
    days = 0.0
    chance = 1.0 - math.exp(-team_(w, team).change_per_day * w.review_delay_days)
    while chance > 0.0 and _next_luck(w) < chance:
        days += w.review_delay_days
    return days


@compiled
def _next_due(w: World, planned: float, waited: float) -> float:
    """When a review falls due next: as planned, or, put off already, after further delays."""
    if waited <= planned:
        return planned
    delay = w.review_delay_days
    return float(planned + delay * (1.0 + math.floor((waited - planned) / delay)))


@compiled
def _age(w: World, case: Case, scheme: Stage, reviews: int, stage: int) -> float:
    """Days from the beginning of a stay to its last review, of those that got so far."""
    days = 0.0
    to_court = w.to_pre_proceedings * w.pre_proceedings_to_court
    came_back = (w.to_pre_proceedings - to_court) / (1.0 - to_court)
    for review in range(reviews):
        start, end = _span_from(scheme, review), _span_to(scheme, review)
        while True:
            gap = start + (end - start) * _next_luck(w)
            gap += _put_off_days(w, case.team)
            if _next_luck(w) < math.exp(-scheme.off_per_day * (gap - start)):
                break
        days += gap
        if stage == PROTECTION_PLAN and _next_luck(w) < came_back:
            days += length_of(w, PRE_PROCEEDINGS, _next_luck(w))
    return days


@compiled
def _age_at_pre_proceedings(w: World, case: Case) -> float:
    """How old the plan was at the review that began pre-proceedings."""
    case.reviews = 1 + _pick(w, BY_ASIDE, PROTECTION_PLAN, case.team)
    return _age(w, case, stage_(w, PROTECTION_PLAN), case.reviews, PRE_PROCEEDINGS)


@compiled
def _pick(w: World, weighting: int, stage: int, team: int) -> int:
    """A review in proportion to weights."""
    waits = waits_(w, (weighting * STAGE_COUNT + stage) * w.teams_count + team)
    left = _next_luck(w) * waits.total
    for index in range(waits.count):
        left -= wait_weight(w, waits.first + index).value
        if left < 0.0:
            return index
    return int(waits.count - 1)


@compiled
def _days_met(gap: float, rate: float) -> float:
    """Expected days in a wait of a given length, which endings at a rate may cut short."""
    return (1.0 - math.exp(-rate * gap)) / rate if rate > 0.0 else gap


@compiled
def _truncated_exponential(luck: float, rate: float, longest: float) -> float:
    """A time from 0 to `longest` with density in proportion to exp(-rate x time)."""
    if rate <= 0.0:
        return luck * longest
    return min(longest, -math.log(1.0 - luck * (1.0 - math.exp(-rate * longest))) / rate)


@compiled
def _length_biased(w: World, stage: int) -> tuple[float, float]:
    """Days behind and ahead of a stay met on a random day."""
    length = stage_(w, stage)
    split, other = _next_luck(w), _next_luck(w)
    if length.exponential:
        return length.mean * exponential(split), length.mean * exponential(other)
    days = lognormal_days(normal_score(other) + length.sigma, length.mean, length.sigma)
    return days * split, days * (1.0 - split)
