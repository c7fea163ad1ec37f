"""A child's case from referral to closing (sim.engine.casework)."""

from __future__ import annotations

import math

import numpy as np

from sim.dates import DAYS_PER_YEAR
from sim.engine.cases import Cause
from sim.engine.casework import AGAIN, CLOSED
from sim.engine.compiled.clock import is_stale, read, retime
from sim.engine.compiled.codes import (
    ASSESSMENTS_ENDED,
    ASSESSMENTS_IN_TIME,
    CARE_ENDED,
    CARE_LEAVERS_ENDED,
    CARE_LEAVERS_STARTED,
    CARE_STARTED,
    CASE_DUE,
    CASES_ENDED,
    CHANGED_ONCE,
    CHANGED_TWICE,
    CHILD_RETURNS,
    CONFERENCES,
    CONFERENCES_IN_TIME,
    D_AGAIN,
    D_NONE,
    EPISODES_ENDED,
    EPISODES_STARTED,
    HELD,
    NOBODY,
    OPEN_A_YEAR,
    OVER,
    PLANS_ENDED,
    PLANS_STARTED,
    PRESENT,
    RE_REFERRALS,
    REFERRAL,
    REFERRALS,
    REVIEWS_HELD,
    REVIEWS_PUT_OFF,
    RULES_CHANGE,
    SECTION_47_STARTED,
    T_CASE_CLOSES,
    T_CASE_REVIEW,
    T_REFERRAL,
    T_REVIEW_PUT_OFF,
    T_STAGE_BEGINS,
    TO_OFF_REVIEW_END,
    TO_REVIEW,
    WAITED,
)
from sim.engine.compiled.desks import (
    fill,
    let_go,
    may_keep,
    place,
    place_on_day_0,
    points_of,
    reweigh,
    start_work,
    stop_waiting,
    transfer,
)
from sim.engine.compiled.facts import band, case_flow, enter, leave, tell_case
from sim.engine.compiled.formulas import (
    exponential,
    lognormal_days,
    luck_place,
    normal_score,
    puts_off_review,
)
from sim.engine.compiled.jit import Key, World, compiled
from sim.engine.compiled.layout import (
    NONE,
    STAGE_COUNT,
    Case,
    case_,
    change,
    end_chance,
    holder_,
    month_,
    node_,
    open_case,
    plan_ended,
    return_,
    routed,
    rule_,
    scratch,
    staff,
    stage_,
    team_month,
    working_count,
    working_day,
)
from sim.engine.compiled.luck import join, luck_at, nth_key, stream
from sim.engine.compiled.queue import after, alarm
from sim.engine.compiled.trees import popped
from sim.inputs.case_flow import FIRST_YEAR_DAYS
from sim.inputs.casework_plan import (
    ASSESSMENT,
    CARE_LEAVER,
    CHILD_IN_NEED,
    COURT,
    DECISION,
    LOOKED_AFTER_FIRST_YEAR,
    LOOKED_AFTER_SETTLED,
    NEWLY_QUALIFIED,
    PRE_PROCEEDINGS,
    PROTECTION_PLAN,
    REGISTERED,
    SECTION_47,
)
from sim.inputs.fates import Purpose

_AGAIN = np.uint64(AGAIN)
_CASE = int(Purpose.CASE)
_TRANSFER, _LEAVER = int(Cause.TRANSFER), int(Cause.LEAVER)
_LANE, _RE_REFERRAL, _RE_REFERRAL_DELAY = range(3)
_OUTCOME, _LENGTH, _OFF_REVIEW, _REVIEWS = range(4)
_WAITS = -2
"""In place of a next stage: the case waits for what comes."""
_GOES_ON, _ENDS_AT_REVIEW, _ENDS_BETWEEN, _ASIDE = range(4)
_TINY = 1e-9
_LEAVES_CARE, _STAYS_IN_CARE = range(2)

# -- demand ---------------------------------------------------------------------------------------


@compiled
def await_referral(w: World) -> None:
    """The next first referral: when the month's rate, accumulated, reaches the next gap."""
    owed, day = exponential(luck_at(w.referral_gaps, w.referral_number)), w.referral_day
    while True:
        month = month_(w, w.referral_period)
        due = month.referrals_per_day * (month.end - day)
        if owed <= due:
            break
        owed -= due
        day = month.end
        w.referral_period += 1
        if w.referral_period == w.periods:
            return
    w.referral_day = day + owed / month_(w, w.referral_period).referrals_per_day
    after(w, w.referral_day - w.now, REFERRAL, 0)


@compiled
def referral(w: World) -> None:
    """A first referral has come."""
    refer(w, nth_key(w.referrals_key, w.referral_number), False)
    w.referral_number += 1
    await_referral(w)


@compiled
def refer(w: World, key: Key, again: bool) -> None:
    """A child is referred."""
    number = new_case(w, key, w.now)
    team = team_of(w, DECISION, case_(w, number).lane)
    case_flow(w, REFERRALS, team, 1.0)
    if again:
        case_flow(w, RE_REFERRALS, team, 1.0)
    tell_case(w, T_REFERRAL, number, team, NOBODY, 0, D_AGAIN if again else D_NONE, 0)
    begin_stage(w, number, DECISION)


@compiled
def new_case(w: World, key: Key, referred_day: float) -> int:
    """A case's record, in a place that a closed one has left if there is any.

    Stamps of the place's clock go on from the old case's, so that what it left in heaps is stale.
    """
    number = w.free_case
    if number == NONE:
        number = w.cases_count
        if number >= w.cases_room:
            raise OverflowError("cases")
        w.cases_count += 1
        case_(w, number).clock_stamp = 0
    else:
        w.free_case = case_(w, number).after
    case = case_(w, number)
    w.children_count += 1
    case.number = w.children_count
    case.key, case.luck = key, stream(w, _CASE, key)
    case.lane, case.referred_day = luck_at(case.luck, _LANE), referred_day
    case.begun = case.points = case.waiting_since = case.work_left = case.finish = 0.0
    case.remaining, case.review_day, case.off_day = -1.0, -1.0, math.inf
    case.held_since = case.last_change = case.change_before = case.plan_day = -math.inf
    case.stage, case.team, case.holder, case.lost_by, case.bound_for = -1, -1, NONE, _LEAVER, NONE
    case.reviews = case.visits = case.queue_stamp = 0
    case.before = case.after = NONE
    case.carried = case.working = case.on_clock = case.assessed = case.had_worker = 0
    case.closed = case.step = 0
    if w.open_count >= w.open_room:
        raise OverflowError("open")
    one = open_case(w, w.open_count)
    one.case, one.number = number, case.number
    w.open_count += 1
    return int(number)


@compiled
def come_back(w: World, key: Key, days: float) -> None:
    """A closed case will be referred again in some days."""
    if w.now + days >= w.horizon:
        return
    if w.returns_count >= w.returns_room:
        raise OverflowError("returns")
    return_(w, w.returns_count).key = key
    after(w, days, CHILD_RETURNS, w.returns_count)
    w.returns_count += 1


@compiled
def await_rules(w: World) -> None:
    """The next day on which law or routing change."""
    if w.rule < w.changes_count:
        after(w, change(w, w.rule).value - w.now, RULES_CHANGE, 0)


@compiled
def rules_change(w: World) -> None:
    """Law and routing change; who has a case keeps it until its next stage."""
    w.rule += 1
    await_rules(w)


# -- a life ---------------------------------------------------------------------------------------


@compiled
def go_on(w: World, number: int) -> None:
    """What a case waited for has come: its stage goes on, or ends and the next begins."""
    following = _resume(w, number)
    if following == CLOSED:
        _close(w, number)
    elif following != _WAITS:
        begin_stage(w, number, following)


@compiled
def begin_stage(w: World, number: int, stage: int) -> None:
    """A case enters a stage, up to the first wait in it."""
    case = case_(w, number)
    if stage in (DECISION, ASSESSMENT, SECTION_47):
        case.working = 1
        case.work_left = _days_left(w, case, stage)
        _enter(w, number, stage)
    elif stage == CHILD_IN_NEED:
        if not _enter(w, number, stage):
            _first_review(w, case)
        _begin_reviews(w, number)
    elif stage == PROTECTION_PLAN:
        carried = _enter(w, number, stage)
        if case.plan_day == -math.inf:
            case.plan_day = w.now
            case_flow(w, PLANS_STARTED, case.team, 1.0)
            _first_review(w, case)
        elif not carried:
            case.review_day = w.now + _gap(w, case, False)
        _begin_reviews(w, number)
    elif stage == LOOKED_AFTER_FIRST_YEAR:
        _begin_first_year(w, number)
    else:
        days = _days_left(w, case, stage)
        _enter(w, number, stage)
        alarm(w, days, CASE_DUE, number, 0)


@compiled
def _resume(w: World, number: int) -> int:
    """The stage that follows, CLOSED for none; or _WAITS."""
    case = case_(w, number)
    stage = case.stage
    if stage == DECISION:
        return CLOSED if _luck(case) < w.no_further_action else ASSESSMENT
    if stage == ASSESSMENT:
        return _assessed(w, case)
    if stage == SECTION_47:
        return _enquired(w, case)
    if stage == CHILD_IN_NEED:
        if _reviewed(w, number, 0.0) == _GOES_ON:
            return _WAITS
        return SECTION_47 if _luck(case) < w.child_in_need_to_section_47 else CLOSED
    if stage == PROTECTION_PLAN:
        return _plan_reviewed(w, number)
    return _stayed(w, case)


@compiled
def _stayed(w: World, case: Case) -> int:
    """The stage that follows one that runs by the calendar alone."""
    stage = case.stage
    if stage == PRE_PROCEEDINGS:
        if _luck(case) < w.pre_proceedings_to_court:
            _end_plan(w, case, False)
            return COURT
        return PROTECTION_PLAN
    if stage == COURT:
        return LOOKED_AFTER_SETTLED if _luck(case) < w.court_to_looked_after else CLOSED
    if stage == LOOKED_AFTER_FIRST_YEAR:
        return CLOSED if case.step == _LEAVES_CARE else LOOKED_AFTER_SETTLED
    if stage == LOOKED_AFTER_SETTLED:
        return CARE_LEAVER if _luck(case) < w.become_care_leaver else CLOSED
    return CLOSED


@compiled
def _assessed(w: World, case: Case) -> int:
    _count_in_time(
        w, ASSESSMENTS_ENDED, ASSESSMENTS_IN_TIME, case, case.referred_day, w.assessment_limit
    )
    luck = _luck(case) - w.not_in_need
    if luck < 0.0:
        return CLOSED
    case.assessed = 1
    case_flow(w, EPISODES_STARTED, case.team, 1.0)
    luck -= w.assessed_to_care
    if luck < 0.0:
        return LOOKED_AFTER_FIRST_YEAR
    return SECTION_47 if luck < w.assessed_to_section_47 else CHILD_IN_NEED


@compiled
def _enquired(w: World, case: Case) -> int:
    luck = _luck(case)
    if luck < w.section_47_to_conference:
        _count_in_time(w, CONFERENCES, CONFERENCES_IN_TIME, case, case.begun, w.conference_limit)
    return PROTECTION_PLAN if luck < w.section_47_to_plan else CHILD_IN_NEED


@compiled
def _plan_reviewed(w: World, number: int) -> int:
    case = case_(w, number)
    outcome = _reviewed(w, number, w.to_pre_proceedings)
    if outcome == _GOES_ON:
        return _WAITS
    if outcome == _ASIDE:
        return PRE_PROCEEDINGS
    _end_plan(w, case, outcome == _ENDS_BETWEEN)
    luck = _luck(case)
    if luck < w.plan_to_care:
        return LOOKED_AFTER_FIRST_YEAR
    rest = (luck - w.plan_to_care) / (1.0 - w.plan_to_care)
    return CHILD_IN_NEED if rest < w.plan_to_child_in_need else CLOSED


@compiled
def _begin_first_year(w: World, number: int) -> None:
    """A year in care, which a share leave at a constant rate before it is over."""
    case = case_(w, number)
    _enter(w, number, LOOKED_AFTER_FIRST_YEAR)
    rate = -math.log(1.0 - w.leave_care_in_first_year) / FIRST_YEAR_DAYS
    left = case.begun + FIRST_YEAR_DAYS - w.now
    leaves = math.inf
    if rate != 0.0:
        leaves = exponential(luck_at(case.luck, luck_place(case.visits, _LENGTH))) / rate
    case.step = _LEAVES_CARE if leaves < left else _STAYS_IN_CARE
    alarm(w, min(leaves, left), CASE_DUE, number, 0)


# -- stages ---------------------------------------------------------------------------------------


@compiled
def _days_left(w: World, case: Case, stage: int) -> float:
    """Length of a stage that begins, or what was left of it on day 0."""
    if case.remaining >= 0.0:
        days = case.remaining
        case.remaining = -1.0
        return float(days)
    return length_of(w, stage, luck_at(case.luck, luck_place(case.visits + 1, _LENGTH)))


@compiled
def length_of(w: World, stage: int, luck: float) -> float:
    """A stage's length from its luck."""
    length = stage_(w, stage)
    if length.exponential:
        return float(length.mean * exponential(luck))
    if length.sigma == 0.0:
        return float(length.mean)
    return lognormal_days(normal_score(luck), length.mean, length.sigma)


@compiled
def _begin_reviews(w: World, number: int) -> None:
    """Reviews follow until the plan ends at one, ends between two, or goes into pre-proceedings."""
    case = case_(w, number)
    rate = stage_(w, case.stage).off_per_day
    case.off_day = math.inf
    if rate > 0.0:
        luck = luck_at(case.luck, luck_place(case.visits, _OFF_REVIEW))
        case.off_day = w.now + exponential(luck) / rate
    _await_review(w, number)


@compiled
def _await_review(w: World, number: int) -> None:
    case = case_(w, number)
    if case.off_day < case.review_day:
        case.step = TO_OFF_REVIEW_END
        alarm(w, case.off_day - w.now, CASE_DUE, number, 0)
    else:
        case.step = TO_REVIEW
        alarm(w, case.review_day - w.now, CASE_DUE, number, 0)


@compiled
def _reviewed(w: World, number: int, aside: float) -> int:
    """A review is due, or an ending between two: what comes of it."""
    case = case_(w, number)
    if case.step == TO_OFF_REVIEW_END:
        return _ENDS_BETWEEN
    held = w.now - case.held_since if case.held_since > case.begun else math.inf
    if puts_off_review(case.holder != NONE, held, w.review_delay_days):
        case_flow(w, REVIEWS_PUT_OFF, case.team, 1.0)
        tell_case(w, T_REVIEW_PUT_OFF, number, case.team, NOBODY, 0, D_NONE, 0)
        case.review_day = w.now + w.review_delay_days
        _await_review(w, number)
        return _GOES_ON
    case_flow(w, REVIEWS_HELD, case.team, 1.0)
    w.case_events += 1
    scheme = stage_(w, case.stage)
    ends = end_chance(w, scheme.ends_first + min(case.reviews, scheme.ends_count - 1)).value
    luck = luck_at(case.luck, luck_place(case.visits, _REVIEWS + 2 * case.reviews + 1))
    case.reviews += 1
    tell_case(w, T_CASE_REVIEW, number, case.team, NOBODY, 0, D_NONE, 0)
    if luck < ends:
        return _ENDS_AT_REVIEW
    case.review_day = w.now + _gap(w, case, False)
    if luck - ends < (1.0 - ends) * aside:
        return _ASIDE
    _await_review(w, number)
    return _GOES_ON


@compiled
def _first_review(w: World, case: Case) -> None:
    case.reviews = 0
    case.review_day = w.now + _gap(w, case, True)


@compiled
def _gap(w: World, case: Case, first: bool) -> float:
    """Days to the next review."""
    scheme = stage_(w, case.stage)
    luck = luck_at(case.luck, luck_place(case.visits, _REVIEWS + 2 * case.reviews))
    if first:
        return float(scheme.first_from + (scheme.first_to - scheme.first_from) * luck)
    return float(scheme.following_from + (scheme.following_to - scheme.following_from) * luck)


@compiled
def _end_plan(w: World, case: Case, off_review: bool) -> None:
    record_plan(w, case, w.now, off_review)
    case_flow(w, PLANS_ENDED, case.team, 1.0)
    case.plan_day = -math.inf


@compiled
def record_plan(w: World, case: Case, end_day: float, off_review: bool) -> None:
    """A protection plan has ended, or is open still (`end_day` -1)."""
    if w.plans_count >= w.plans_ended_room:
        raise OverflowError("plans_ended")
    plan = plan_ended(w, w.plans_count)
    w.plans_count += 1
    plan.team, plan.start_day, plan.end_day = case.team, case.plan_day, end_day
    plan.off_review = off_review


@compiled
def _count_in_time(
    w: World, ended: int, in_time: int, case: Case, begun: float, limit: int
) -> None:
    """Count something that a limit in working days is set for."""
    case_flow(w, ended, case.team, 1.0)
    index = working_count(w, max(0, math.floor(begun) - w.first_working_day)).value + limit - 1
    if w.now <= float(working_day(w, index).value + 1):
        case_flow(w, in_time, case.team, 1.0)


# -- entering and leaving -------------------------------------------------------------------------


@compiled
def team_of(w: World, stage: int, lane: float) -> int:
    """The team that a stage goes to now, for a child in a lane."""
    rule = rule_(w, w.rule * STAGE_COUNT + stage)
    last = rule.first + rule.count - 1
    for number in range(rule.first, last):
        if lane < routed(w, number).share:
            return int(routed(w, number).team)
    return int(routed(w, last).team)


@compiled
def _enter(w: World, number: int, stage: int) -> bool:
    """A case enters a stage; True for a child of day 0, who was in it already."""
    case = case_(w, number)
    carried, old = case.carried != 0, case.stage
    if old != CLOSED:
        leave(w, old * w.teams_count + case.team)
    case.stage = stage
    case.visits += 1
    team = team_of(w, stage, case.lane)
    if not carried:
        case.begun = w.now
        _count_change_of_status(w, case, old, team)
    _seat(w, number, team, carried)
    case.carried = 0
    enter(w, stage * w.teams_count + case.team, carried)
    tell_case(w, T_STAGE_BEGINS + stage, number, case.team, NOBODY, 0, D_NONE, 0)
    return bool(carried)


@compiled
def _seat(w: World, number: int, team: int, carried: bool) -> None:
    """Who has the case in its new stage."""
    case = case_(w, number)
    if case.holder == NONE:
        waited_in = case.team if case.queue_stamp != 0 else NONE
        if waited_in >= 0:
            stop_waiting(w, case)
            if team != case.team:
                case.lost_by = _TRANSFER
        case.points = points_of(w, case.stage, team)
        if carried:
            place_on_day_0(w, number, team)
        else:
            place(w, number, team)
        if waited_in >= 0:
            fill(w, waited_in)
    elif team == case.team and may_keep(w, case):
        case.queue_stamp, case.bound_for = 0, NONE
        if case.stage != DECISION:
            case.had_worker = 1
        reweigh(w, number, points_of(w, case.stage, team))
        start_work(w, number)
    else:
        transfer(w, number, team)


@compiled
def _is_in_care(stage: int) -> bool:
    return stage in (COURT, LOOKED_AFTER_FIRST_YEAR, LOOKED_AFTER_SETTLED)


@compiled
def _count_change_of_status(w: World, case: Case, old: int, team: int) -> None:
    """Count entries into and exits from care and leaving care, enquiries, cases that end."""
    stage = case.stage
    if stage == SECTION_47:
        case_flow(w, SECTION_47_STARTED, team, 1.0)
    if _is_in_care(stage) and not _is_in_care(old):
        case_flow(w, CARE_STARTED, team, 1.0)
    if _is_in_care(old) and not _is_in_care(stage):
        case_flow(w, CARE_ENDED, team, 1.0)
    if (stage in (CLOSED, CARE_LEAVER)) and old != CARE_LEAVER:
        case_flow(w, CASES_ENDED, team, 1.0)
        if case.assessed:
            case_flow(w, EPISODES_ENDED, team, 1.0)
    if stage == CARE_LEAVER:
        case_flow(w, CARE_LEAVERS_STARTED, team, 1.0)
    if old == CARE_LEAVER:
        case_flow(w, CARE_LEAVERS_ENDED, team, 1.0)


@compiled
def _close(w: World, number: int) -> None:
    case = case_(w, number)
    old = case.stage
    leave(w, old * w.teams_count + case.team)
    case.stage = CLOSED
    _count_change_of_status(w, case, old, case.team)
    let_go(w, number)
    case.closed = 1
    tell_case(w, T_CASE_CLOSES, number, case.team, NOBODY, 0, D_NONE, 0)
    if old != CARE_LEAVER and luck_at(case.luck, _RE_REFERRAL) < w.re_referral:
        days = exponential(luck_at(case.luck, _RE_REFERRAL_DELAY)) * w.re_referral_days
        come_back(w, join(case.key, _AGAIN), days)
    case.after, w.free_case = w.free_case, number


@compiled
def _luck(case: Case) -> float:
    """What decides where a case goes from the stage it is in."""
    return luck_at(case.luck, luck_place(case.visits, _OUTCOME))


# -- the clock rings ------------------------------------------------------------------------------


@compiled
def clock_rings(w: World, number: int, stamp: int) -> None:
    """The first work on a clock is done, unless the clock has slowed or changed since."""
    holder = holder_(w, number)
    if stamp != holder.timer or holder.due == math.inf:
        return
    holder.due = math.inf
    read(w, holder)
    until, done = holder.progress + _TINY, 0
    while holder.work != NONE and node_(w, holder.work).key <= until:
        case = case_(w, node_(w, holder.work).case)
        if not is_stale(w, holder.work):
            case.clock_stamp += 1
            case.on_clock = case.working = 0
            if done >= w.scratch_room:
                raise OverflowError("scratch")
            scratch(w, done).value = node_(w, holder.work).case
            done += 1
        holder.work = popped(w, holder.work)
    for place_ in range(done):
        go_on(w, scratch(w, place_).value)
    if holder.due == math.inf and holder.work != NONE:
        retime(w, number)


# -- month ends -----------------------------------------------------------------------------------


@compiled
def end_case_period(w: World) -> None:
    """Read what can be read only at a month's end: caseloads, waits, changes of worker."""
    _read_caseloads(w)
    kept = 0
    for place_ in range(w.open_count):
        one = open_case(w, place_)
        case = case_(w, one.case)
        if not case.closed and case.number == one.number:
            open_case(w, kept).case, open_case(w, kept).number = one.case, one.number
            kept += 1
            _read_case(w, case, w.now - DAYS_PER_YEAR)
    w.open_count = kept


@compiled
def _read_caseloads(w: World) -> None:
    """Caseloads of all staff; who has gone since the month before is not looked at again."""
    kept = 0
    for place_ in range(w.staff_count):
        number = staff(w, place_).value
        holder = holder_(w, number)
        if holder.gone:
            continue
        staff(w, kept).value = number
        kept += 1
        at_end = team_month(w, w.period * w.teams_count + holder.team).at_end
        if holder.place >= 0:
            at_end[PRESENT] += holder.fte
            at_end[OVER] += holder.fte if holder.points > holder.capacity else 0.0
        if holder.pool in (REGISTERED, NEWLY_QUALIFIED):
            at_end[HELD] += float(holder.cases)
            if holder.cases > 0:
                band(w, holder.team, holder.fte, holder.cases)
    w.staff_count = kept


@compiled
def _read_case(w: World, case: Case, a_year_ago: float) -> None:
    at_end = team_month(w, w.period * w.teams_count + case.team).at_end
    if case.holder == NONE:
        at_end[WAITED] += w.now - case.waiting_since
    if case.referred_day <= a_year_ago and case.stage != CARE_LEAVER:
        at_end[OPEN_A_YEAR] += 1.0
        if case.last_change > a_year_ago:
            at_end[CHANGED_ONCE] += 1.0
            if case.change_before > a_year_ago:
                at_end[CHANGED_TWICE] += 1.0


@compiled
def record_open_plans(w: World) -> None:
    """Protection plans that are open at the end, after all that have ended."""
    for place_ in range(w.open_count):
        case = case_(w, open_case(w, place_).case)
        if case.stage in (PROTECTION_PLAN, PRE_PROCEEDINGS):
            record_plan(w, case, -1.0, False)
