"""The stories of people: a worker's time at the council, absence, settlement."""

from __future__ import annotations

import math

from sim.engine.actions.attendance import begin_spell, end_spell, kind_of_absence
from sim.engine.actions.capacity import returns_to_work
from sim.engine.actions.careers import first_exit, leave_council, pay_settlement_fees, resign
from sim.engine.actions.recording import record_event
from sim.engine.codes import PRESENT_AT_WORK
from sim.engine.events import Event, Person
from sim.engine.formulas import exponential
from sim.engine.layout import Worker, World
from sim.engine.simpy.kernel import Waits, uniform, until, wait
from sim.inputs.fates import Purpose


def worker_life(w: World, worker: Worker) -> Waits:
    """From the first day to the last: reviews, then notice, then leaving."""
    exit_ = 0
    while True:
        due, exit_ = first_exit(w, worker)
        if due < math.inf:
            yield wait(w, due)
            break
        yield until(w, w.review)
        if worker.gone:
            return
    if worker.gone:
        return
    resign(w, worker, exit_)
    yield wait(w, worker.post.market.notice_days)
    leave_council(w, worker)


def remaining_notice(w: World, worker: Worker) -> Waits:
    """A worker who was already under notice on day 0."""
    yield wait(w, worker.notice_left)
    leave_council(w, worker)


def attendance(w: World, worker: Worker) -> Waits:
    """Presence and absence by turns, until the worker leaves.

    Spells are exponential, so that what is left of one on day 0 is as long as a new one.
    """
    total = w.absence_rates[0] + w.absence_rates[1] + w.absence_rates[2]
    if total <= 0.0:
        return
    while True:
        if worker.away == PRESENT_AT_WORK:
            gap = exponential(uniform(w, Purpose.ABSENCE_GAP, worker.key, worker.spell))
            yield wait(w, gap / total)
            if worker.gone:
                return
            luck = uniform(w, Purpose.ABSENCE_KIND, worker.key, worker.spell)
            begin_spell(w, worker, kind_of_absence(w, luck * total))
        length = exponential(uniform(w, Purpose.ABSENCE_LENGTH, worker.key, worker.spell))
        yield wait(w, length * w.absence_means[worker.away])
        if worker.gone:
            return
        end_spell(w, worker)
        returns_to_work(w, worker)
        record_event(w, Event.RETURNS, worker.post, Person.WORKER, worker.person, 0)
        worker.spell += 1


def settlement(w: World, worker: Worker) -> Waits:
    """On the day on which somebody hired abroad may settle, the council may pay the fee."""
    yield wait(w, max(0.0, worker.settles_day - w.now))
    if worker.gone or worker.under_notice:
        return
    pay_settlement_fees(w, worker)
