"""What has a date: months, posts, payments, arrivals."""

from __future__ import annotations

from sim.engine.actions.arrivals import (
    make_cohort_offers,
    make_group_offers,
    open_group,
    start_cohort_without_post,
    start_group_without_post,
)
from sim.engine.actions.careers import end_contract, pay_retention
from sim.engine.actions.establishment import end_term, lapse, open_post
from sim.engine.actions.months import end_month
from sim.engine.codes import NOT_OPEN
from sim.engine.layout import Cohort, Group, Month, Payment, Post, World
from sim.engine.simpy.kernel import Waits, wait


def month_end(w: World, month: Month) -> Waits:
    """The end of a month, which is the first instant of the next."""
    yield wait(w, month.start)
    end_month(w, month.number)


def dated_post(w: World, post: Post) -> Waits:
    """A post that opens, is no longer paid for, or ends, on a date of its own.

    The holder of a post that ends goes to another post, or leaves after notice.
    """
    if post.state == NOT_OPEN:
        yield wait(w, post.start_day - w.now)
        open_post(w, post)
    if post.lapse_day < w.horizon:
        yield wait(w, post.lapse_day - w.now)
        lapse(w, post)
    if post.end_day < w.horizon:
        yield wait(w, post.end_day - w.now)
        holder = post.holder
        if end_term(w, post):
            yield wait(w, post.market.notice_days)
            if post.holder is holder:
                end_contract(w, holder)


def payment_day(w: World, payment: Payment) -> Waits:
    """A retention payment is made on its day."""
    yield wait(w, payment.day)
    pay_retention(w, payment)


def cohort(w: World, people: Cohort) -> Waits:
    """One newly qualified cohort: offers first, then the day on which all start."""
    yield wait(w, people.offer_day - w.now)
    make_cohort_offers(w, people)
    yield wait(w, people.start_day - w.now)
    start_cohort_without_post(w, people)


def group(w: World, people: Group) -> Waits:
    """One group: offers or training, then posts for those who will come, then their start."""
    yield wait(w, people.begin_day - w.now)
    open_group(w, people)
    yield wait(w, people.offer_day - w.now)
    make_group_offers(w, people)
    yield wait(w, people.start_day - w.now)
    start_group_without_post(w, people)
