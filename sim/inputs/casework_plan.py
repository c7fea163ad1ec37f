"""The casework half of a plan: demand, work, law, and the children of day 0, as frozen data."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from sim.config.casework import STAGES, CaseStage
from sim.dates import WorkingDays

STAGE_INDEX: dict[CaseStage, int] = {stage: i for i, stage in enumerate(STAGES)}
(
    DECISION,
    ASSESSMENT,
    SECTION_47,
    CHILD_IN_NEED,
    PROTECTION_PLAN,
    PRE_PROCEEDINGS,
    COURT,
    LOOKED_AFTER_FIRST_YEAR,
    LOOKED_AFTER_SETTLED,
    CARE_LEAVER,
) = range(len(STAGES))
ON_PLAN = frozenset({PROTECTION_PLAN, PRE_PROCEEDINGS})
NOT_ON_PLAN = (ASSESSMENT, SECTION_47, CHILD_IN_NEED)
"""Stages of children neither on a plan nor in care, decisions on referrals aside."""
IN_CARE = frozenset({COURT, LOOKED_AFTER_FIRST_YEAR, LOOKED_AFTER_SETTLED})

REGISTERED, PERSONAL_ADVISERS, PRACTITIONERS, NEWLY_QUALIFIED = range(4)
"""Pools of people who hold cases: social workers (agency included), two kinds outside social work,
and social workers in the first year after qualifying, who take no court work."""
COURT_WORK = frozenset({PRE_PROCEEDINGS, COURT})
"""Stages that newly qualified workers don't take."""
MOST_NEW_WORKERS = 0.95
"""Largest chance that a child's worker is new when a review falls due: some reviews are held."""
MOST_LOST = 0.5
"""Most of a month's capacity that hand-overs can take: nobody does nothing else."""

FULL_LOAD = 100.0
"""Points of a full-time, experienced worker's full caseload."""
CASES_AT_FULL_LOAD = 16.0
"""Children that make a full load on average: England's caseload (evidence A7)."""

_PARTS_OF_A_POINT = 2.0**20


def on_grid(points: float) -> float:
    """The nearest whole number of 2^-20 points.

    What a worker or a team carries, and can carry, is kept by adding and taking away: of such
    numbers every sum is exact, so that nothing is left where nobody and no child is.
    """
    return math.floor(points * _PARTS_OF_A_POINT + 0.5) / _PARTS_OF_A_POINT


Route = tuple[tuple[float, int], ...]
"""(Cumulative share, team): a child goes to the first team whose share its lane is under."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Length:
    """A stage's length in days.

    Attributes:
        mean: its mean.
        sigma: standard deviation of its logarithm; 0 for a fixed length, `exponential` aside.
        exponential: whether it is exponential instead of lognormal.
    """

    mean: float
    sigma: float = 0.0
    exponential: bool = False


@dataclass(frozen=True, slots=True)
class ReviewScheme:
    """Reviews of a plan: days between them (uniform), and what happens at and between them.

    Attributes:
        first, following: earliest and latest day of the first review, and of those that follow.
        off_review_per_day: rate of ending between reviews.
        ends: chance of ending at the first, second, third review ...; the last holds for all after.
    """

    first: tuple[float, float]
    following: tuple[float, float]
    off_review_per_day: float
    ends: tuple[float, ...]

    def span(self, review: int) -> tuple[float, float]:
        """Earliest and latest day of a review, from 0, after the one before it."""
        return self.first if review == 0 else self.following

    def chance_of_ending(self, review: int) -> float:
        """Chance that the plan ends at its review number `review`, from 0."""
        return self.ends[min(review, len(self.ends) - 1)]


@dataclass(frozen=True, slots=True)
class Shares:
    """Where cases go next, as chances.

    Attributes:
        no_further_action: of decisions.
        not_in_need, assessed_to_care, assessed_to_section_47: of assessments; the others become
            children in need.
        section_47_to_plan, section_47_to_conference: of enquiries (a plan needs a conference).
        child_in_need_to_section_47: of children in need whose plan ends; the others are closed.
        plan_to_care, plan_to_child_in_need: of protection plans that end; the others are closed.
        to_pre_proceedings: of reviews at which a protection plan does not end.
        pre_proceedings_to_court, court_to_looked_after: of those who leave the stage.
        leave_care_in_first_year, become_care_leaver: of those who leave the stage.
        re_referral: of closed cases.
    """

    no_further_action: float
    not_in_need: float
    assessed_to_care: float
    assessed_to_section_47: float
    section_47_to_plan: float
    section_47_to_conference: float
    child_in_need_to_section_47: float
    plan_to_care: float
    plan_to_child_in_need: float
    to_pre_proceedings: float
    pre_proceedings_to_court: float
    court_to_looked_after: float
    leave_care_in_first_year: float
    become_care_leaver: float
    re_referral: float


@dataclass(frozen=True, slots=True)
class Funnel:
    """What becomes of more or fewer referrals (sim.inputs.case_funnel).

    Attributes:
        episodes, plans: exponents of episodes and plans started on referrals.
        stay: exponent with which stays of NOT_ON_PLAN fall with referrals.
    """

    episodes: float
    plans: float
    stay: float


@dataclass(frozen=True, slots=True)
class AbsencePlan:
    """Absence of permanent social workers, per day present.

    Attributes:
        rates: spells a day: short sickness, long sickness, long leave.
        means: mean length in days of each kind.
        shares: of time spent in each kind.
    """

    rates: tuple[float, float, float]
    means: tuple[float, float, float]
    shares: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class ReactionPlan:
    """What managers do when many children wait (sim.engine.actions.reaction).

    Attributes:
        trigger: children waiting, over open children, above which a step follows.
        patience_days: how long that lasts before each step is taken, or withdrawn again.
        lent_share: most of a team's experienced social workers who are lent at a time.
        limit_lift: by which share a limit of load is lifted; lift_days: for how long, and how long
            it then rests.
        lifted_slower: by which share work is slower meanwhile.
        agency_share: agency staff bought, over those whom the waiting children would load fully.
        agency_most: by team: most of them; agency_days: until they come.
        turned_away: of referrals, those that raised thresholds turn away.
    """

    trigger: float
    patience_days: float
    lent_share: float
    limit_lift: float
    lift_days: float
    lifted_slower: float
    agency_share: float
    agency_most: tuple[int, ...]
    agency_days: float
    turned_away: float


@dataclass(frozen=True, slots=True)
class CaseworkPlan:
    """Everything about children's cases that one run needs.

    Attributes:
        referrals_per_day: by period: first referrals (re-referrals come from closed cases).
        referral_ratio: by period: referrals over their level of day 0, seasons aside.
        funnel: what becomes of more or fewer referrals than that level.
        pending_re_referrals: expected number, on day 0, of closed cases that will come back.
        re_referral_days: mean days from closing to a further referral.
        routing: by stage: (day, where its children go from then on), ascending; the first is that
            of the children of day 0.
        roles_from: by stage: (day, pools that may hold it from then on, lowest first), likewise.
        points: by stage and team: points of a child, on the grid.
        priority: by stage: order in which waiting children get a worker, lowest first.
        lengths: by stage: its length; None for stages with reviews.
        reviews: by stage: its reviews, for child in need and protection plan.
        shares: where cases go next at the level of day 0.
        limit_load: by team: load above which a worker takes no further case; the hard limit, or
            a quarter above the load of the start where that is more.
        slowing: theta.
        review_delay_days: how long a review is put off, and how long a worker counts as new.
        change_per_day: by team: rate at which a child loses the worker, as expected on day 0.
        hold_transfers: whether a transfer waits until the receiving team has room.
        handover_hours, hours_per_month: time a hand-over takes; a full-time worker's month.
        newly_qualified_share, experienced_start, experienced_ramp_days, agency_share: of a full
            caseload, and days to it.
        pool_capacity: points of a full-time worker of each pool.
        freed_by_support: social worker FTE freed per FTE of business support, and of family
            practitioners.
        freed_ceiling: most that each of the two can free, share of a social worker's time.
        supervision_fte: social work FTE that supervises one practitioner who holds cases.
        start_support_fte: by team: FTE in post of the two on day 0, in the work as it stands.
        absence: absence of permanent social workers.
        assessment_limit, conference_limit: statutory limits, working days.
        calendar: working days.
        start_children: by stage and team: children on day 0.
        start_load: by team: L0, expected points over expected capacity on day 0; 0 where idle.
        start_lost_share: by team: share of time lost to hand-over, as expected on day 0.
        recording_ratio: recorded cases per open child held, on day 0.
        recording_ratios: the same by period, at its end.
        load_multiplier_per_case: exits' multiplier per case above the start.
        loop: whether load acts on exits and on agency staff above establishment.
        reaction: what managers do when many children wait; None where they do nothing.
    """

    referrals_per_day: tuple[float, ...]
    referral_ratio: tuple[float, ...]
    funnel: Funnel
    pending_re_referrals: float
    re_referral_days: float
    routing: tuple[tuple[tuple[float, Route], ...], ...]
    roles_from: tuple[tuple[tuple[float, tuple[int, ...]], ...], ...]
    points: tuple[tuple[float, ...], ...]
    priority: tuple[int, ...]
    lengths: tuple[Length | None, ...]
    reviews: dict[int, ReviewScheme]
    shares: Shares
    limit_load: tuple[float, ...]
    slowing: float
    review_delay_days: float
    change_per_day: tuple[float, ...]
    hold_transfers: bool
    handover_hours: float
    hours_per_month: float
    newly_qualified_share: float
    experienced_start: float
    experienced_ramp_days: float
    agency_share: float
    pool_capacity: tuple[float, float, float]
    freed_by_support: tuple[float, float]
    freed_ceiling: tuple[float, float]
    supervision_fte: float
    start_support_fte: tuple[tuple[float, float], ...]
    absence: AbsencePlan
    assessment_limit: int
    conference_limit: int
    calendar: WorkingDays
    start_children: tuple[tuple[int, ...], ...]
    start_load: tuple[float, ...]
    start_lost_share: tuple[float, ...]
    recording_ratio: float
    recording_ratios: tuple[float, ...]
    load_multiplier_per_case: float
    loop: bool
    reaction: ReactionPlan | None

    @property
    def put_off_chance(self) -> tuple[float, ...]:
        """By team: chance that a review of the past was put off, each time it fell due."""
        return tuple(put_off_chance(rate, self.review_delay_days) for rate in self.change_per_day)

    @property
    def change_days(self) -> tuple[float, ...]:
        """Days after day 0 on which law or routing change, ascending."""
        days = {day for table in (self.routing, self.roles_from) for rules in table
                for day, _ in rules if day > 0.0}  # fmt: skip
        return tuple(sorted(days))


def put_off_chance(change_per_day: float, delay_days: float) -> float:
    """Chance that a review is put off, as often as a worker is new to the child.

    Args:
        change_per_day: rate at which a child loses the worker.
        delay_days: how long a worker counts as new, and a review is put off.
    """
    return min(MOST_NEW_WORKERS, 1.0 - math.exp(-change_per_day * delay_days))


def in_force(rules: Sequence[tuple[float, T]], day: float) -> T:
    """What holds on a day, of rules given as (first day, what), ascending."""
    found = rules[0][1]
    for start, value in rules[1:]:
        if day >= start:
            found = value
    return found
