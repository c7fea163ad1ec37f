"""The stories of children's cases, stage by stage, and of the demand that brings them.

A case's stages follow one another: each story ends by saying which is `following`, and the next
begins on the same instant. Work stages go on at the pace of the child's worker. They begin when
somebody is given the case, and stand still while the child waits for a worker.
"""

from __future__ import annotations

import math

from sim.engine.actions.case_start import bring_children
from sim.engine.actions.casework import (
    ENDS_BETWEEN,
    GOES_ASIDE,
    GOES_ON,
    LENGTH,
    begin_calendar,
    begin_work,
    close_case,
    count_in_time,
    days_to_review_or_end,
    end_plan,
    ends_before_review,
    enter_stage,
    find_next_referral,
    outcome_of,
    refer,
    review,
    set_first_review,
    set_next_review,
    set_off_day,
    turns_away,
)
from sim.engine.actions.recording import case_flow
from sim.engine.codes import (
    ASSESSMENTS_ENDED,
    ASSESSMENTS_IN_TIME,
    CASE_CLOSED,
    CONFERENCES,
    CONFERENCES_IN_TIME,
    EPISODES_STARTED,
    PLANS_STARTED,
)
from sim.engine.events import NOTHING, Story
from sim.engine.formulas import exponential, luck_place
from sim.engine.layout import Case, Return, World
from sim.engine.simpy.kernel import Waits, begin, luck_at, nth_key, until_done, wait
from sim.inputs.case_flow import FIRST_YEAR_DAYS
from sim.inputs.casework_plan import (
    ASSESSMENT,
    CARE_LEAVER,
    CHILD_IN_NEED,
    COURT,
    DECISION,
    LOOKED_AFTER_FIRST_YEAR,
    LOOKED_AFTER_SETTLED,
    PRE_PROCEEDINGS,
    PROTECTION_PLAN,
    SECTION_47,
)

# -- stages ---------------------------------------------------------------------------------------


def decision(w: World, case: Case) -> Waits:
    """A referral is looked at: no further action, or an assessment, or it is turned away."""
    begin_work(w, case, DECISION)
    yield until_done(w, case)
    case.following = ASSESSMENT
    if outcome_of(case) < w.month.no_further_action or turns_away(w, case):
        case.following = CASE_CLOSED


def assessment(w: World, case: Case) -> Waits:
    """Is the child in need, at risk, or to come into care?"""
    begin_work(w, case, ASSESSMENT)
    yield until_done(w, case)
    count_in_time(
        w, case, ASSESSMENTS_ENDED, ASSESSMENTS_IN_TIME, case.referred_day, w.assessment_limit
    )
    case.following = CASE_CLOSED
    luck = outcome_of(case) - w.month.not_in_need
    if luck < 0.0:
        return
    case.assessed = True
    case_flow(EPISODES_STARTED, case.team, 1.0)
    luck -= w.month.assessed_to_care
    if luck < 0.0:
        case.following = LOOKED_AFTER_FIRST_YEAR
    elif luck < w.month.assessed_to_section_47:
        case.following = SECTION_47
    else:
        case.following = CHILD_IN_NEED


def section_47(w: World, case: Case) -> Waits:
    """An enquiry; it may lead to a conference, and that to a protection plan."""
    begin_work(w, case, SECTION_47)
    yield until_done(w, case)
    luck = outcome_of(case)
    if luck < w.month.section_47_to_conference:
        count_in_time(w, case, CONFERENCES, CONFERENCES_IN_TIME, case.begun, w.conference_limit)
    case.following = PROTECTION_PLAN if luck < w.month.section_47_to_plan else CHILD_IN_NEED


def child_in_need(w: World, case: Case) -> Waits:
    """A plan for a child in need, reviewed until it ends."""
    if not enter_stage(w, case, CHILD_IN_NEED):
        set_first_review(w, case)
    yield from reviews(w, case, 0.0)
    case.following = CASE_CLOSED
    if outcome_of(case) < w.child_in_need_to_section_47:
        case.following = SECTION_47


def protection_plan(w: World, case: Case) -> Waits:
    """A protection plan begins, or goes on after pre-proceedings; it is reviewed until it ends."""
    carried = enter_stage(w, case, PROTECTION_PLAN)
    if case.plan_day == -math.inf:
        case.plan_day = w.now
        case_flow(PLANS_STARTED, case.team, 1.0)
        set_first_review(w, case)
    elif not carried:
        set_next_review(w, case)
    yield from reviews(w, case, w.to_pre_proceedings)
    if case.outcome == GOES_ASIDE:
        case.following = PRE_PROCEEDINGS
        return
    end_plan(w, case, case.outcome == ENDS_BETWEEN)
    luck = outcome_of(case)
    if luck < w.plan_to_care:
        case.following = LOOKED_AFTER_FIRST_YEAR
        return
    rest = (luck - w.plan_to_care) / (1.0 - w.plan_to_care)
    case.following = CHILD_IN_NEED if rest < w.plan_to_child_in_need else CASE_CLOSED


def reviews(w: World, case: Case, aside: float) -> Waits:
    """Reviews until the plan ends at one, ends between two, or goes into pre-proceedings."""
    set_off_day(w, case)
    case.outcome = GOES_ON
    while case.outcome == GOES_ON:
        yield wait(w, days_to_review_or_end(w, case))
        case.outcome = ENDS_BETWEEN if ends_before_review(case) else review(w, case, aside)


def pre_proceedings(w: World, case: Case) -> Waits:
    """The last months before court, or back to the plan."""
    yield wait(w, begin_calendar(w, case, PRE_PROCEEDINGS))
    case.following = PROTECTION_PLAN
    if outcome_of(case) < w.pre_proceedings_to_court:
        end_plan(w, case, False)
        case.following = COURT


def court(w: World, case: Case) -> Waits:
    """Care proceedings."""
    yield wait(w, begin_calendar(w, case, COURT))
    case.following = CASE_CLOSED
    if outcome_of(case) < w.court_to_looked_after:
        case.following = LOOKED_AFTER_SETTLED


def looked_after_first_year(w: World, case: Case) -> Waits:
    """A year in care, which a share leave at a constant rate before it is over."""
    enter_stage(w, case, LOOKED_AFTER_FIRST_YEAR)
    rate = -math.log(1.0 - w.leave_care_in_first_year) / FIRST_YEAR_DAYS
    left = case.begun + FIRST_YEAR_DAYS - w.now
    leaves = math.inf
    if rate != 0.0:
        leaves = exponential(luck_at(case.luck, luck_place(case.visits, LENGTH))) / rate
    case.following = CASE_CLOSED if leaves < left else LOOKED_AFTER_SETTLED
    yield wait(w, min(leaves, left))


def looked_after_settled(w: World, case: Case) -> Waits:
    """The years in care after the first."""
    yield wait(w, begin_calendar(w, case, LOOKED_AFTER_SETTLED))
    case.following = CASE_CLOSED
    if outcome_of(case) < w.become_care_leaver:
        case.following = CARE_LEAVER


def care_leaver(w: World, case: Case) -> Waits:
    """A young person who has left care and has a personal adviser."""
    yield wait(w, begin_calendar(w, case, CARE_LEAVER))
    case.following = CASE_CLOSED


def next_stage(w: World, case: Case) -> int:
    """The story that follows when a stage is over; NOTHING when the case closes."""
    if case.following == CASE_CLOSED:
        close_case(w, case)
        return NOTHING
    return case.following


# -- demand ---------------------------------------------------------------------------------------


def children(w: World, all_of_them: World) -> Waits:
    """Children of day 0 come once all who are there on day 0 have taken up their caseloads.

    From then on managers watch how many wait.
    """
    yield wait(w, 0.0)
    bring_children(w)
    begin(w, Story.REFERRALS, w)
    begin(w, Story.DATED_RULES, w)
    if w.reaction is not None:
        begin(w, Story.MANAGER_REVIEW, w)


def referrals(w: World, all_of_them: World) -> Waits:
    """First referrals, one after the other; the n-th keeps its luck in every scenario."""
    while find_next_referral(w):
        yield wait(w, w.referral_day - w.now)
        refer(w, nth_key(w.referrals_key, w.referral_number), False)
        w.referral_number += 1


def child_returns(w: World, again: Return) -> Waits:
    """A child whose case was closed is referred again."""
    yield wait(w, again.days)
    refer(w, again.key, True)


def dated_rules(w: World, all_of_them: World) -> Waits:
    """Law and routing change on their dates; who has a case keeps it until its next stage."""
    while w.rule < w.changes_count:
        yield wait(w, w.changes[w.rule].value - w.now)
        w.rule += 1
