"""One run: what each event wakes, in order (sim.engine.model)."""

from __future__ import annotations

from typing import Any

from sim.engine.compiled.agency import cover, overlap, review_above, stay_goes_on
from sim.engine.compiled.arrivals import cohort_goes_on, group_goes_on
from sim.engine.compiled.attendance import attend, start
from sim.engine.compiled.careers import (
    exit_due,
    leave,
    life,
    pay_retention,
    refresh_careers,
    review_lives,
    settle,
)
from sim.engine.compiled.case_start import bring_children
from sim.engine.compiled.casework import (
    await_referral,
    await_rules,
    clock_rings,
    end_case_period,
    go_on,
    record_open_plans,
    refer,
    referral,
    rules_change,
)
from sim.engine.compiled.codes import (
    CANDIDATE_COMES,
    CASE_DUE,
    CHILD_RETURNS,
    CHILDREN_BEGIN,
    CHILDREN_COME,
    CLOCK_RINGS,
    COHORT_BEGINS,
    COHORT_STARTS,
    COVER_GOES_ON,
    DATED,
    DATED_BEGINS,
    EXIT_DUE,
    GROUP_BEGINS,
    GROUP_STARTS,
    LIFE_BEGINS,
    MONTH_BEGINS,
    MONTH_ENDS,
    NOTICE_BEGINS,
    NOTICE_ENDS,
    OVERLAP_ENDS,
    PAYMENT_BEGINS,
    PAYMENT_DUE,
    REFERRALS_BEGIN,
    REVIEW,
    RULES_BEGIN,
    SETTLE_DUE,
    STAY_ENDS,
    VACANCY_BEGINS,
    VACANCY_GOES_ON,
)
from sim.engine.compiled.establishment import dated_begins, dated_goes_on, review_establishment
from sim.engine.compiled.facts import begin_period, end_period
from sim.engine.compiled.hiring import refresh_hiring, vacancy_begins, vacancy_goes_on
from sim.engine.compiled.jit import World, compiled, entry, fetch_ahead, value_at
from sim.engine.compiled.layout import (
    case_,
    event,
    holder_,
    month_,
    payment_,
    post_,
    return_,
    worker_,
)
from sim.engine.compiled.load import review_load
from sim.engine.compiled.queue import after, alarm, begin, take_next
from sim.engine.compiled.seats import refresh, set_ready_days
from sim.engine.compiled.start import set_up
from sim.engine.compiled.vacancies import layer_goes_on
from sim.engine.compiled.world import NOT_OPEN

_BETWEEN_LOOKS = 63
"""Events after which a run looks whether it is to end, less one."""


@entry
def run(worlds: Any) -> None:
    """From day 0 to the horizon; what would happen on the horizon itself does not.

    Args:
        worlds: array of one WORLD, its tables set up by sim.engine.compiled.encode.

    Raises:
        OverflowError: a table is full; it names the table.
        InterruptedError: the program is asked to end.
    """
    w = worlds[0]
    _schedule(w)
    turn = 0
    while w.event_count > 0:
        turn += 1
        if turn & _BETWEEN_LOOKS == 0 and value_at(w.stop_flag) != 0:
            raise InterruptedError
        kind, entity, stamp = take_next(w)
        _look_ahead(w)
        if kind >= CASE_DUE:
            _wake_case(w, kind, entity, stamp)
        elif kind >= LIFE_BEGINS:
            _wake_person(w, kind, entity, stamp)
        else:
            _wake_council(w, kind, entity, stamp)
    w.now = w.horizon
    end_period(w)
    if w.casework:
        end_case_period(w)
        record_open_plans(w)


@compiled
def _look_ahead(w: World) -> None:
    """Have the case or the holder of the next event brought near while this one is dealt with."""
    following = event(w, 0)
    if following.kind == CASE_DUE:
        fetch_ahead(case_(w, following.entity))
    elif following.kind == CLOCK_RINGS:
        fetch_ahead(holder_(w, following.entity))


@compiled
def _schedule(w: World) -> None:
    """Start every process, in the order of sim.engine.model."""
    for period in range(1, w.periods):
        begin(w, MONTH_BEGINS, period)
    begin_period(w, 0)
    if w.casework:
        set_ready_days(w)
    set_up(w)
    refresh_hiring(w)
    refresh_careers(w)
    for number in range(w.posts_count):
        post = post_(w, number)
        if post.state == NOT_OPEN or post.end_day < w.horizon:
            begin(w, DATED_BEGINS, number)
    for number in range(w.payments_count):
        begin(w, PAYMENT_BEGINS, number)
    for number in range(w.cohorts_count):
        begin(w, COHORT_BEGINS, number)
    for number in range(w.groups_count):
        begin(w, GROUP_BEGINS, number)
    if w.casework:
        start(w)
        begin(w, CHILDREN_BEGIN, 0)


@compiled
def _wake_case(w: World, kind: int, entity: int, stamp: int) -> None:
    """Events of children's cases: most of all."""
    if kind == CASE_DUE:
        go_on(w, entity)
    elif kind == CLOCK_RINGS:
        clock_rings(w, entity, stamp)
    elif kind == CHILD_RETURNS:
        refer(w, return_(w, entity).key, True)
    else:
        referral(w)


@compiled
def _wake_person(w: World, kind: int, entity: int, stamp: int) -> None:
    """Events of workers, vacancies and agency staff."""
    if kind <= NOTICE_ENDS:
        _wake_worker(w, kind, entity)
    elif kind == VACANCY_BEGINS:
        vacancy_begins(w, entity)
    elif kind == VACANCY_GOES_ON:
        vacancy_goes_on(w, entity)
    elif kind <= COVER_GOES_ON:
        cover(w, entity, kind)
    elif kind <= STAY_ENDS:
        stay_goes_on(w, entity, kind, stamp)
    elif kind <= OVERLAP_ENDS:
        overlap(w, entity, kind)
    elif kind <= SETTLE_DUE:
        settle(w, entity, kind)
    elif kind <= CANDIDATE_COMES:
        layer_goes_on(w, entity, kind)
    else:
        attend(w, entity, kind)


@compiled
def _wake_worker(w: World, kind: int, entity: int) -> None:
    """Events of a worker's time at the council."""
    if kind == LIFE_BEGINS:
        life(w, entity)
    elif kind == EXIT_DUE:
        exit_due(w, entity)
    elif kind == NOTICE_BEGINS:
        after(w, worker_(w, entity).notice_left, NOTICE_ENDS, entity)
    else:
        leave(w, entity)


@compiled
def _wake_council(w: World, kind: int, entity: int, stamp: int) -> None:
    """Events with a date: months, posts, payments, arrivals, rules."""
    if kind == MONTH_BEGINS:
        after(w, month_(w, entity).start, MONTH_ENDS, entity)
    elif kind == MONTH_ENDS:
        _month(w, entity)
    elif kind == REVIEW:
        review_lives(w, entity, stamp)
    elif kind == DATED_BEGINS:
        dated_begins(w, entity)
    elif kind == DATED:
        dated_goes_on(w, entity)
    elif kind == PAYMENT_BEGINS:
        after(w, payment_(w, entity).day, PAYMENT_DUE, entity)
    elif kind == PAYMENT_DUE:
        pay_retention(w, entity)
    elif kind <= COHORT_STARTS:
        cohort_goes_on(w, entity, kind)
    elif kind <= GROUP_STARTS:
        group_goes_on(w, entity, kind)
    else:
        _wake_children(w, kind)


@compiled
def _wake_children(w: World, kind: int) -> None:
    """Events of children as a whole: those of day 0, demand, law and routing."""
    if kind == CHILDREN_BEGIN:
        after(w, 0.0, CHILDREN_COME, 0)
    elif kind == CHILDREN_COME:
        bring_children(w)
        begin(w, REFERRALS_BEGIN, 0)
        begin(w, RULES_BEGIN, 0)
    elif kind == REFERRALS_BEGIN:
        await_referral(w)
    elif kind == RULES_BEGIN:
        await_rules(w)
    else:
        rules_change(w)


@compiled
def _month(w: World, period: int) -> None:
    """A month's end: stocks are read, then rates, posts and agency are reviewed."""
    end_period(w)
    if w.casework:
        end_case_period(w)
    begin_period(w, period)
    review_load(w, period - 1)
    review_establishment(w)
    review_above(w)
    refresh_hiring(w)
    refresh_careers(w)
    if w.casework:
        refresh(w)
    page, count = w.lives_page, w.lives_count
    w.lives_page, w.lives_count = 1 - page, 0
    alarm(w, 0.0, REVIEW, page, count)
