"""The children of day 0: a steady stream's, each with the time already open (model.md 2).

Stages of a known length are drawn length-biased: a long stay is likelier to be met on a given day.
For stays that reviews end, first which review comes next is drawn, in proportion to the time spent
waiting for it, then where in that wait the child is. So a run at constant rates shows no transient.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.engine.cases import Case
from sim.engine.casework import Casework, length_of
from sim.engine.rules import exponential, lognormal_days, normal_score
from sim.engine.world import World
from sim.inputs.case_flow import FIRST_YEAR_DAYS, ReviewWait, review_waits
from sim.inputs.casework_plan import (
    ASSESSMENT,
    CHILD_IN_NEED,
    DECISION,
    LOOKED_AFTER_FIRST_YEAR,
    PRE_PROCEEDINGS,
    PROTECTION_PLAN,
    Length,
    ReviewScheme,
)
from sim.inputs.fates import Purpose, key_of, luck_at, nth_key

BEFORE_IN_NEED_DAYS = 60.0
"""Days taken for referral and assessment of a child who is in a later stage on day 0."""
CLOSED_BEFORE = key_of("closed before day 0")


@dataclass(slots=True)
class _Luck:
    """A child's luck of day 0, taken one number after the other."""

    stream: int
    taken: int = 0

    def next(self) -> float:
        """The next number."""
        self.taken += 1
        return luck_at(self.stream, self.taken)


class CaseStart:
    """Puts the children of day 0 into their stages."""

    def __init__(self, world: World, casework: Casework) -> None:
        self._world, self._casework, self._plan = world, casework, casework.plan
        self._waits: dict[tuple[int, int], list[ReviewWait]] = {}

    def set_up(self) -> None:
        """All children, stage by stage and team by team, then those who will come back."""
        world, casework, plan = self._world, self._casework, self._plan
        for stage, row in enumerate(plan.start_children):
            for team, count in enumerate(row):
                base = key_of(f"child of day 0 {stage} {world.plan.team_keys[team]}")
                for number in range(count):
                    case = self._child(nth_key(base, number), stage, team)
                    casework.stories.begin(case, casework.life(case, stage))
        for number in range(round(plan.pending_re_referrals)):
            key = nth_key(CLOSED_BEFORE, number)
            luck = world.fates.uniform(Purpose.START_CASE, key)
            casework.come_back(key, exponential(luck) * plan.re_referral_days)

    def _child(self, key: int, stage: int, team: int) -> Case:
        luck = _Luck(self._world.fates.stream(Purpose.START_CASE, key))
        case = self._casework.new_case(key, 0.0)
        case.carried = True
        case.team = team
        case.lane = self._lane(stage, team, luck.next())
        case.assessed = stage not in (DECISION, ASSESSMENT)
        case.held_since = self._held_since(team, luck.next())
        elapsed = self._elapsed(case, stage, luck)
        case.begun = -elapsed
        before = {DECISION: 0.0, ASSESSMENT: 1.0}.get(stage, BEFORE_IN_NEED_DAYS)
        on_plan = case.plan_day > -math.inf
        case.referred_day = (case.plan_day if on_plan else -elapsed) - before
        return case

    def _lane(self, stage: int, team: int, luck: float) -> float:
        """A lane that leads to the team in this stage."""
        before = 0.0
        for share, routed in self._plan.routing[stage][0][1]:
            if routed == team:
                return before + (share - before) * luck
            before = share
        raise RuntimeError("a child of day 0 is in a team that its stage does not route to")

    def _held_since(self, team: int, luck: float) -> float:
        """Since when the worker has had the case: changes come at the rate of the team."""
        rate = self._plan.change_per_day[team]
        return -exponential(luck) / rate if rate > 0.0 else -math.inf

    def _elapsed(self, case: Case, stage: int, luck: _Luck) -> float:
        """Days already spent in the stage; sets what is left of it."""
        if stage == CHILD_IN_NEED:
            return self._between_reviews(case, CHILD_IN_NEED, luck)
        if stage == PROTECTION_PLAN:
            age = self._between_reviews(case, PROTECTION_PLAN, luck)
            case.plan_day = -age
            return age
        if stage == LOOKED_AFTER_FIRST_YEAR:
            return self._first_year(luck)
        length = self._plan.lengths[stage]
        assert length is not None
        elapsed, case.remaining = _length_biased(length, luck)
        if stage == PRE_PROCEEDINGS:
            case.plan_day = -elapsed - self._age_at_pre_proceedings(case, luck)
        return elapsed

    def _first_year(self, luck: _Luck) -> float:
        """Time in the first year of care, which a share leave at a constant rate."""
        share = self._plan.shares.leave_care_in_first_year
        if share <= 0.0:
            return luck.next() * FIRST_YEAR_DAYS
        rate = -math.log(1.0 - share) / FIRST_YEAR_DAYS
        return _truncated_exponential(luck.next(), rate, FIRST_YEAR_DAYS)

    # -- stays that reviews end ----------------------------------------------------------------

    def _between_reviews(self, case: Case, stage: int, luck: _Luck) -> float:
        """Draw the next review and how long it has been awaited; the days since the stay began."""
        scheme = self._plan.reviews[stage]
        rate = scheme.off_review_per_day
        case.reviews = _pick([wait.days for wait in self._review_waits(stage, case.team)], luck)
        span = scheme.span(case.reviews)
        while True:
            planned = self._planned_gap(span, luck)
            gap = planned + self._put_off_days(case.team, luck)
            # A long wait is likelier to be met: in proportion to the days it lasts, endings aside.
            if luck.next() < _days_met(gap, rate) / _days_met(span[1] * LONGEST, rate):
                break
        waited = _truncated_exponential(luck.next(), rate, gap)
        case.review_day = self._next_due(planned, waited) - waited
        return waited + self._age(case, scheme, case.reviews, luck, stage)

    def _review_waits(self, stage: int, team: int) -> list[ReviewWait]:
        """Expected waits for each review of a stay, kept by stage and team."""
        key = stage, team
        if key not in self._waits:
            plan = self._plan
            aside = plan.shares.to_pre_proceedings if stage == PROTECTION_PLAN else 0.0
            self._waits[key] = review_waits(
                plan.reviews[stage],
                plan.review_delay_days,
                self._put_off_chance(team),
                aside,
                plan.shares.pre_proceedings_to_court,
            )
        return self._waits[key]

    def _put_off_chance(self, team: int) -> float:
        return 1.0 - math.exp(-self._plan.change_per_day[team] * self._plan.review_delay_days)

    @staticmethod
    def _planned_gap(span: tuple[float, float], luck: _Luck) -> float:
        """Days between two reviews of the past, as they were planned."""
        return span[0] + (span[1] - span[0]) * luck.next()

    def _put_off_days(self, team: int, luck: _Luck) -> float:
        """Days by which a review of the past was put off, as often as new workers made it."""
        days, chance = 0.0, self._put_off_chance(team)
        while chance > 0.0 and luck.next() < chance:
            days += self._plan.review_delay_days
        return days

    def _next_due(self, planned: float, waited: float) -> float:
        """When a review falls due next: as planned, or, put off already, after further delays."""
        delay = self._plan.review_delay_days
        if waited <= planned:
            return planned
        return planned + delay * (1.0 + math.floor((waited - planned) / delay))

    def _age(
        self, case: Case, scheme: ReviewScheme, reviews: int, luck: _Luck, stage: int
    ) -> float:
        """Days from the beginning of a stay to its last review, of those that got so far."""
        shares, days = self._plan.shares, 0.0
        to_court = shares.to_pre_proceedings * shares.pre_proceedings_to_court
        came_back = (shares.to_pre_proceedings - to_court) / (1.0 - to_court)
        for review in range(reviews):
            span = scheme.span(review)
            while True:
                gap = self._planned_gap(span, luck) + self._put_off_days(case.team, luck)
                # Long gaps are rarer among those who got through them without an ending.
                if luck.next() < math.exp(-scheme.off_review_per_day * (gap - span[0])):
                    break
            days += gap
            if stage == PROTECTION_PLAN and luck.next() < came_back:
                length = self._plan.lengths[PRE_PROCEEDINGS]
                assert length is not None
                days += length_of(length, luck.next())
        return days

    def _age_at_pre_proceedings(self, case: Case, luck: _Luck) -> float:
        """How old the plan was at the review that began pre-proceedings."""
        waits = self._review_waits(PROTECTION_PLAN, case.team)
        case.reviews = 1 + _pick([wait.aside for wait in waits], luck)
        scheme = self._plan.reviews[PROTECTION_PLAN]
        return self._age(case, scheme, case.reviews, luck, PRE_PROCEEDINGS)


LONGEST = 2.0
"""Bound of a wait in multiples of the longest gap; longer ones, put off again and again, are met
as if they were as long as this."""


def _pick(weights: list[float], luck: _Luck) -> int:
    """An index in proportion to weights."""
    left = luck.next() * math.fsum(weights)
    for index, weight in enumerate(weights):
        left -= weight
        if left < 0.0:
            return index
    return len(weights) - 1


def _days_met(gap: float, rate: float) -> float:
    """Expected days in a wait of a given length, which endings at a rate may cut short."""
    return (1.0 - math.exp(-rate * gap)) / rate if rate > 0.0 else gap


def _truncated_exponential(luck: float, rate: float, longest: float) -> float:
    """A time from 0 to `longest` with density in proportion to exp(-rate x time)."""
    if rate <= 0.0:
        return luck * longest
    return min(longest, -math.log(1.0 - luck * (1.0 - math.exp(-rate * longest))) / rate)


def _length_biased(length: Length, luck: _Luck) -> tuple[float, float]:
    """Days behind and ahead of a stay met on a random day."""
    split, other = luck.next(), luck.next()
    if length.exponential:
        return length.mean * exponential(split), length.mean * exponential(other)
    days = lognormal_days(normal_score(other) + length.sigma, length.mean, length.sigma)
    return days * split, days * (1.0 - split)
