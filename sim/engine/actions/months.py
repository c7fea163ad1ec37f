"""A month's end, and the first and the last day of a run."""

from __future__ import annotations

from sim.engine.actions.agency import review_over_establishment
from sim.engine.actions.agency_levels import review_agency_levels
from sim.engine.actions.attendance import people_of_day_0
from sim.engine.actions.capacity import review_capacity, set_ready_days
from sim.engine.actions.careers import review_careers
from sim.engine.actions.casework import end_case_period, record_open_plans
from sim.engine.actions.establishment import review_establishment
from sim.engine.actions.hiring import review_hiring
from sim.engine.actions.load import review_load
from sim.engine.actions.recording import begin_period, end_period
from sim.engine.actions.start import set_up_posts
from sim.engine.codes import NOT_OPEN
from sim.engine.events import Story
from sim.engine.layout import World
from sim.engine.simpy.kernel import begin, fire, new_signal


def first_day(w: World) -> None:
    """Begin every story.

    Where things fall on one instant, the order here is theirs: month ends, then what people do,
    then dated posts in post order, payments, cohorts, other arrivals, absence, children.
    """
    for month in w.months:
        if month.number > 0:
            begin(w, Story.MONTH_END, month)
    w.review = new_signal(w)
    begin_period(w, 0)
    if w.casework:
        set_ready_days(w)
    set_up_posts(w)
    review_hiring(w)
    review_careers(w)
    for post in w.posts:
        if post.state == NOT_OPEN or post.end_day < w.horizon:
            begin(w, Story.DATED_POST, post)
    for payment in w.payments:
        begin(w, Story.PAYMENT, payment)
    for cohort in w.cohorts:
        begin(w, Story.COHORT, cohort)
    for group in w.groups:
        begin(w, Story.GROUP, group)
    if w.casework:
        people_of_day_0(w)
        begin(w, Story.CHILDREN, w)


def end_month(w: World, period: int) -> None:
    """A month's end: stocks are read, then rates, posts and agency are reviewed."""
    end_period(w)
    if w.casework:
        end_case_period(w)
    begin_period(w, period)
    review_load(w, period - 1)
    review_establishment(w)
    review_over_establishment(w, review_agency_levels(w))
    review_hiring(w)
    review_careers(w)
    if w.casework:
        review_capacity(w)
    review = w.review
    w.review = new_signal(w)
    fire(w, review)


def last_day(w: World) -> None:
    """What is read when the run is over."""
    w.now = w.horizon
    end_period(w)
    if w.casework:
        end_case_period(w)
        record_open_plans(w)
