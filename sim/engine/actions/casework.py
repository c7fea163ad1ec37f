"""A child's case: it enters stages, is reviewed, and closes (docs/model.md, children's cases)."""

from __future__ import annotations

import math

from sim.dates import DAYS_PER_YEAR
from sim.engine.actions.allocation import (
    assign,
    assign_on_day_0,
    fill,
    may_keep,
    points_of,
    release,
    reweigh,
    start_work,
    stop_waiting,
    transfer,
)
from sim.engine.actions.recording import (
    band,
    case_flow,
    enter,
    leave,
    record_case_event,
    stage_team,
)
from sim.engine.codes import (
    BOUGHT,
    CARE_ENDED,
    CARE_LEAVERS_ENDED,
    CARE_LEAVERS_STARTED,
    CARE_STARTED,
    CASE_CLOSED,
    CASES_ENDED,
    CHANGED_ONCE,
    CHANGED_TWICE,
    EPISODES_ENDED,
    HELD,
    IN_CARE_CHANGED_TWICE,
    LEAVER,
    LENT_IN,
    LENT_OUT,
    LIFTED,
    OPEN_A_YEAR,
    OVER,
    PLANS_ENDED,
    PRESENT,
    RAISE,
    RE_REFERRALS,
    REFERRALS,
    REVIEWS_HELD,
    REVIEWS_PUT_OFF,
    SECTION_47_STARTED,
    TRANSFER,
    TURNED_AWAY,
    WAITED,
)
from sim.engine.events import Event, Person, Story
from sim.engine.formulas import (
    exponential,
    lognormal_days,
    luck_place,
    may_turn_away,
    normal_score,
    puts_off_review,
)
from sim.engine.layout import STAGE_COUNT, Case, Team, World
from sim.engine.rows import Key
from sim.engine.simpy.kernel import (
    add,
    begin,
    insert,
    join,
    luck_at,
    put,
    shorten,
    stream,
)
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
from sim.inputs.fates import Purpose, key_of

AGAIN = key_of("referred again")
LANE, RE_REFERRAL, RE_REFERRAL_DELAY = range(3)
"""Places in a case's stream of luck that belong to the case as a whole."""
OUTCOME, LENGTH, OFF_REVIEW, REVIEWS = range(4)
"""Places within a visit to a stage; from REVIEWS on two a review, the gap to it and its end."""
GOES_ON, ENDS, ENDS_BETWEEN, GOES_ASIDE = range(4)
"""What becomes of a plan: it goes on, ends at a review or between two, or is put aside for
pre-proceedings."""

# -- referrals ------------------------------------------------------------------------------------


def refer(w: World, key: Key, again: bool) -> None:
    """A child is referred."""
    case = new_case(w, key, w.now)
    team = team_of(w, DECISION, case.lane)
    case_flow(REFERRALS, team, 1.0)
    if again:
        case_flow(RE_REFERRALS, team, 1.0)
    record_case_event(w, Event.REFERRAL, case, team, Person.NOBODY, 0, 1 if again else 0)
    begin(w, Story.DECISION, case)


def find_next_referral(w: World) -> bool:
    """Find the day of the next first referral; whether there is one before the end.

    A Poisson process whose rate is the month's. The n-th arrives when the rate, accumulated over
    time, reaches the sum of n unit exponential gaps: another demand scenario moves referrals in
    time, and changes none.
    """
    owed, day = exponential(luck_at(w.referral_gaps, w.referral_number)), w.referral_day
    while True:
        month = w.months[w.referral_period]
        due = month.referrals_per_day * (month.end - day)
        if owed <= due:
            break
        owed -= due
        day = month.end
        w.referral_period += 1
        if w.referral_period == w.periods:
            return False
    w.referral_day = day + owed / w.months[w.referral_period].referrals_per_day
    return True


def new_case(w: World, key: Key, referred_day: float) -> Case:
    """A case's record, in a place that a closed one has left if there is any.

    Stamps go on from the old case's, so that what that one left in heaps is stale.
    """
    case = w.free_case
    if case is None:
        case = add(w, w.cases)
    else:
        w.free_case = case.after
    w.children += 1
    case.number = w.children
    case.key, case.luck = key, stream(w, Purpose.CASE, key)
    case.lane, case.referred_day = luck_at(case.luck, LANE), referred_day
    case.begun = case.points = case.waiting_since = case.work_left = case.finish = 0.0
    case.remaining, case.review_day, case.off_day = -1.0, -1.0, math.inf
    case.held_since = case.last_change = case.change_before = case.plan_day = -math.inf
    case.stage, case.following, case.lost_by = CASE_CLOSED, CASE_CLOSED, LEAVER
    case.team, case.holder, case.bound_for = None, None, None
    case.reviews = case.visits = case.queue_stamp = 0
    case.before, case.after = None, None
    case.carried = case.working = case.on_clock = case.assessed = case.had_worker = False
    insert(w.open, len(w.open), case)
    return case


def comes_back(w: World, key: Key, days: float) -> None:
    """A closed case will be referred again in some days."""
    if w.now + days < w.horizon:
        again = add(w, w.returns)
        again.key, again.days = key, days
        begin(w, Story.RETURN, again)


# -- entering a stage -----------------------------------------------------------------------------


def team_of(w: World, stage: int, lane: float) -> Team:
    """The team that a stage goes to now, for a child in a lane."""
    rule = w.rules[w.rule * STAGE_COUNT + stage]
    last = rule.first + rule.count - 1
    for number in range(rule.first, last):
        if lane < w.routed[number].share:
            return w.routed[number].team
    return w.routed[last].team


def enter_stage(w: World, case: Case, stage: int) -> bool:
    """A case enters a stage; True for a child of day 0, who was in it already."""
    carried, old = case.carried, case.stage
    if old != CASE_CLOSED:
        leave(w, stage_team(w, old, case.team))
    case.stage = stage
    case.visits += 1
    team = team_of(w, stage, case.lane)
    if not carried:
        case.begun = w.now
        count_change_of_status(case, old, team)
    find_worker(w, case, team, carried)
    case.carried = False
    enter(w, stage_team(w, stage, case.team), carried)
    record_case_event(w, Event.STAGE_BEGINS, case, case.team, Person.NOBODY, 0, stage)
    return carried


def find_worker(w: World, case: Case, team: Team, carried: bool) -> None:
    """Who has the case in its new stage: its worker, another, or nobody while it waits."""
    if case.holder is None:
        waited_in = case.team if case.queue_stamp != 0 else None
        if waited_in is not None:
            stop_waiting(w, case)
            if team is not waited_in:
                case.lost_by = TRANSFER
        case.points = points_of(w, case.stage, team)
        if carried:
            assign_on_day_0(w, case, team)
        else:
            assign(w, case, team)
        if waited_in is not None:
            fill(w, waited_in)
    elif team is case.team and may_keep(w, case):
        case.queue_stamp, case.bound_for = 0, None
        if case.stage != DECISION:
            case.had_worker = True
        reweigh(w, case, points_of(w, case.stage, team))
        start_work(w, case)
    else:
        transfer(w, case, team)


def begin_work(w: World, case: Case, stage: int) -> None:
    """A stage of work: it goes on at its worker's pace, and not at all without one."""
    case.working = True
    case.work_left = days_left(w, case, stage)
    enter_stage(w, case, stage)


def begin_calendar(w: World, case: Case, stage: int) -> float:
    """A stage that runs whether or not the child has a worker; its days."""
    days = days_left(w, case, stage)
    enter_stage(w, case, stage)
    return days


def days_left(w: World, case: Case, stage: int) -> float:
    """Length of a stage that begins, or what was left of it on day 0."""
    if case.remaining >= 0.0:
        days = case.remaining
        case.remaining = -1.0
        return days
    # The stage is not entered yet: its luck is that of the visit to come.
    luck = luck_at(case.luck, luck_place(case.visits + 1, LENGTH))
    return length_of(w, stage, luck) * pace(w, stage)


def pace(w: World, stage: int) -> float:
    """Multiplier of a stage's length: the more referrals, the shorter, but for plans and care."""
    if stage in (ASSESSMENT, SECTION_47, CHILD_IN_NEED):
        return w.month.pace
    return 1.0


def length_of(w: World, stage: int, luck: float) -> float:
    """A stage's length from its luck."""
    length = w.stages[stage]
    if length.exponential:
        return length.mean * exponential(luck)
    if length.sigma == 0.0:
        return length.mean
    return lognormal_days(normal_score(luck), length.mean, length.sigma)


def outcome_of(case: Case) -> float:
    """The number that decides where a case goes from the stage it is in."""
    return luck_at(case.luck, luck_place(case.visits, OUTCOME))


def is_in_care(stage: int) -> bool:
    """Whether a child in a stage is looked after."""
    return stage in (COURT, LOOKED_AFTER_FIRST_YEAR, LOOKED_AFTER_SETTLED)


def count_change_of_status(case: Case, old: int, team: Team) -> None:
    """Count entries into and exits from care and leaving care, enquiries, cases that end."""
    stage = case.stage
    if stage == SECTION_47:
        case_flow(SECTION_47_STARTED, team, 1.0)
    if is_in_care(stage) and not is_in_care(old):
        case_flow(CARE_STARTED, team, 1.0)
    if is_in_care(old) and not is_in_care(stage):
        case_flow(CARE_ENDED, team, 1.0)
    ends = stage in (CASE_CLOSED, CARE_LEAVER)
    if ends and old != CARE_LEAVER:
        case_flow(CASES_ENDED, team, 1.0)
        if case.assessed:
            case_flow(EPISODES_ENDED, team, 1.0)
    if stage == CARE_LEAVER:
        case_flow(CARE_LEAVERS_STARTED, team, 1.0)
    if old == CARE_LEAVER:
        case_flow(CARE_LEAVERS_ENDED, team, 1.0)


def turns_away(w: World, case: Case) -> bool:
    """Whether raised thresholds turn a referral away that would else be assessed.

    The luck is that of the decision: who is turned away is next to those who need no action.
    """
    reaction = w.reaction
    if reaction is None or reaction.taken < RAISE:
        return False
    if outcome_of(case) >= w.month.no_further_action + reaction.turned_away:
        return False
    turned_away = referrals = 0.0
    for team in w.teams:
        turned_away += team.month.flows[TURNED_AWAY]
        referrals += team.month.flows[REFERRALS]
    if not may_turn_away(turned_away, referrals):
        return False
    case_flow(TURNED_AWAY, case.team, 1.0)
    record_case_event(w, Event.TURNED_AWAY, case, case.team, Person.NOBODY, 0, 0)
    return True


def close_case(w: World, case: Case) -> None:
    """A case closes; the child may be referred again some day."""
    old = case.stage
    leave(w, stage_team(w, old, case.team))
    case.stage = CASE_CLOSED
    count_change_of_status(case, old, case.team)
    release(w, case)
    record_case_event(w, Event.CASE_CLOSES, case, case.team, Person.NOBODY, 0, 0)
    if old == CARE_LEAVER:
        return
    if luck_at(case.luck, RE_REFERRAL) < w.re_referral:
        days = exponential(luck_at(case.luck, RE_REFERRAL_DELAY)) * w.re_referral_days
        comes_back(w, join(case.key, AGAIN), days)


def count_in_time(w: World, case: Case, ended: int, in_time: int, begun: float, limit: int) -> None:
    """Count something that a limit in working days is set for."""
    case_flow(ended, case.team, 1.0)
    first = max(0, math.floor(begun) - w.first_working_day)
    last = w.working_days[w.working_counts[first].value + limit - 1].value
    if w.now <= float(last + 1):
        case_flow(in_time, case.team, 1.0)


# -- reviews --------------------------------------------------------------------------------------


def set_first_review(w: World, case: Case) -> None:
    """A plan begins: the day of its first review."""
    case.reviews = 0
    scheme = w.stages[case.stage]
    case.review_day = w.now + pace(w, case.stage) * gap(case, scheme.first_from, scheme.first_to)


def set_next_review(w: World, case: Case) -> None:
    """The day of a plan's next review."""
    scheme = w.stages[case.stage]
    case.review_day = w.now + pace(w, case.stage) * gap(
        case, scheme.following_from, scheme.following_to
    )


def gap(case: Case, shortest: float, longest: float) -> float:
    """Days to the next review."""
    luck = luck_at(case.luck, luck_place(case.visits, REVIEWS + 2 * case.reviews))
    return shortest + (longest - shortest) * luck


def set_off_day(w: World, case: Case) -> None:
    """The day on which a plan would end between two reviews."""
    rate = w.stages[case.stage].off_per_day
    case.off_day = math.inf
    if rate > 0.0:
        luck = luck_at(case.luck, luck_place(case.visits, OFF_REVIEW))
        case.off_day = w.now + pace(w, case.stage) * (exponential(luck) / rate)


def ends_before_review(case: Case) -> bool:
    """Whether a plan ends between two reviews, before the next one."""
    return case.off_day < case.review_day


def days_to_review_or_end(w: World, case: Case) -> float:
    """Days until a plan's next review, or until it ends before that."""
    if ends_before_review(case):
        return case.off_day - w.now
    return case.review_day - w.now


def review(w: World, case: Case, aside: float) -> int:
    """A review is due: it is held or put off; GOES_ON, ENDS or GOES_ASIDE.

    Args:
        w: the run.
        case: the case.
        aside: chance, at a review at which the plan does not end, of pre-proceedings.
    """
    # Who had the child when the stage began is no new worker.
    held = w.now - case.held_since if case.held_since > case.begun else math.inf
    if puts_off_review(case.holder is not None, held, w.review_delay_days):
        case_flow(REVIEWS_PUT_OFF, case.team, 1.0)
        record_case_event(w, Event.REVIEW_PUT_OFF, case, case.team, Person.NOBODY, 0, 0)
        case.review_day = w.now + w.review_delay_days
        return GOES_ON
    case_flow(REVIEWS_HELD, case.team, 1.0)
    w.case_events += 1
    scheme = w.stages[case.stage]
    ends = w.ends[scheme.ends_first + min(case.reviews, scheme.ends_count - 1)].value
    luck = luck_at(case.luck, luck_place(case.visits, REVIEWS + 2 * case.reviews + 1))
    case.reviews += 1
    record_case_event(w, Event.REVIEW, case, case.team, Person.NOBODY, 0, 0)
    if luck < ends:
        return ENDS
    set_next_review(w, case)
    if luck - ends < (1.0 - ends) * aside:
        return GOES_ASIDE
    return GOES_ON


def end_plan(w: World, case: Case, off_review: bool) -> None:
    """A protection plan ends."""
    record_plan(w, case, w.now, off_review)
    case_flow(PLANS_ENDED, case.team, 1.0)
    case.plan_day = -math.inf


def record_plan(w: World, case: Case, end_day: float, off_review: bool) -> None:
    """A protection plan has ended, or is open still (`end_day` -1)."""
    plan = add(w, w.plans_ended)
    plan.team, plan.start_day, plan.end_day = case.team.number, case.plan_day, end_day
    plan.off_review = off_review


# -- month ends -----------------------------------------------------------------------------------


def end_case_period(w: World) -> None:
    """Read what can be read only at a month's end: caseloads, waits, changes of worker."""
    read_caseloads(w)
    for team in w.teams:
        team.month.at_end[BOUGHT] = float(team.bought)
        team.month.at_end[LIFTED] = 1.0 if team.is_lifted else 0.0
    kept, a_year_ago = 0, w.now - DAYS_PER_YEAR
    for place in range(len(w.open)):
        case = w.open[place]
        if case.stage == CASE_CLOSED and case.visits > 0:
            case.after = w.free_case
            w.free_case = case
        else:
            put(w.open, kept, case)
            kept += 1
            read_case(w, case, a_year_ago)
    shorten(w.open, kept)


def read_caseloads(w: World) -> None:
    """Caseloads of all staff; who has gone since the month before is not looked at again.

    Who is lent is counted with the team that has the post.
    """
    kept = 0
    for place in range(len(w.staff)):
        holder = w.staff[place]
        if holder.gone:
            continue
        put(w.staff, kept, holder)
        kept += 1
        team = holder.team
        if holder.lent_from is not None:
            team.month.at_end[LENT_IN] += holder.fte
            team = holder.lent_from
            team.month.at_end[LENT_OUT] += holder.fte
        at_end = team.month.at_end
        if holder.place >= 0:
            at_end[PRESENT] += holder.fte
            at_end[OVER] += holder.fte if holder.points > holder.capacity else 0.0
        if holder.pool.kind == REGISTERED or holder.pool.kind == NEWLY_QUALIFIED:
            at_end[HELD] += float(holder.cases)
            if holder.cases > 0:
                band(w, team, holder.fte, holder.cases)
    shorten(w.staff, kept)


def read_case(w: World, case: Case, a_year_ago: float) -> None:
    """How long a child has waited, and changes of worker in the last 12 months."""
    at_end = case.team.month.at_end
    if case.holder is None:
        at_end[WAITED] += w.now - case.waiting_since
    if case.referred_day <= a_year_ago and case.stage != CARE_LEAVER:
        at_end[OPEN_A_YEAR] += 1.0
        if case.last_change > a_year_ago:
            at_end[CHANGED_ONCE] += 1.0
            if case.change_before > a_year_ago:
                at_end[CHANGED_TWICE] += 1.0
    if case.change_before > a_year_ago and is_in_care(case.stage):
        at_end[IN_CARE_CHANGED_TWICE] += 1.0


def record_open_plans(w: World) -> None:
    """Protection plans that are open at the end, after all that have ended."""
    for case in w.open:
        if case.stage == PROTECTION_PLAN or case.stage == PRE_PROCEEDINGS:
            record_plan(w, case, -1.0, False)
