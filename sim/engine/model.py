"""The SimPy model: simulate(plan, fates) -> Records. The readable reference."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from sim.engine.agency import AgencyDesk
from sim.engine.arrivals import Arrivals
from sim.engine.attendance import Attendance
from sim.engine.careers import Careers
from sim.engine.case_start import CaseStart
from sim.engine.casework import Casework
from sim.engine.entities import Process
from sim.engine.establishment import Establishment
from sim.engine.hiring import Hiring
from sim.engine.load import Load
from sim.engine.records import Records
from sim.engine.start import Start
from sim.engine.trace import Listener
from sim.engine.world import World
from sim.inputs.fates import Fates
from sim.inputs.plan import Payment, Plan
from sim.inputs.position import PostState


class Model:
    """One run: the world, and those who act in it."""

    def __init__(self, plan: Plan, fates: Fates, listener: Listener | None = None) -> None:
        self.world = World(plan, fates, listener)
        self.casework = Casework(self.world, plan.casework) if plan.casework else None
        self.load = Load(plan, self.casework)
        self.careers = Careers(self.world, self.load)
        self.hiring = Hiring(self.world)
        self.agency = AgencyDesk(self.world, self.load)
        self.careers.connect(self.hiring, self.agency)
        self.hiring.connect(self.careers, self.agency)
        self.agency.connect(self.hiring)
        self.establishment = Establishment(self.world, self.hiring, self.careers, self.agency)
        self.arrivals = Arrivals(self.world, self.hiring, self.careers, self.establishment)

    def run(self) -> Records:
        """From day 0 to the horizon; what would happen on the horizon itself does not."""
        world = self.world
        self._schedule()
        world.env.run(until=world.plan.horizon)
        world.recorder.end_period()
        if self.casework is None:
            return world.recorder.records()
        self.casework.end_period()
        return world.recorder.records(self.casework.records())

    def _schedule(self) -> None:
        """Start every process.

        Where things fall on one instant, the order here is theirs: month ends, then dated posts in
        post order, payments, cohorts, other arrivals, and last what people do.
        """
        world, plan = self.world, self.world.plan
        for period in range(1, plan.periods):
            world.env.process(self._month(period))
        if self.casework is not None:
            self.casework.recorder.begin_period(0)
            world.people = self.attendance = Attendance(
                world, self.casework.plan.absence, self.casework.desks, self.casework.recorder
            )
        Start(world, self.careers, self.hiring, self.agency).set_up()
        self.hiring.refresh()
        self.careers.refresh()
        for post in world.posts:
            if post.state is PostState.NOT_OPEN or post.plan.end_day < plan.horizon:
                world.env.process(self.establishment.dated(post))
        for payment in plan.payments:
            world.env.process(self._payment(payment))
        for cohort in plan.cohorts:
            world.env.process(self.arrivals.cohort(cohort))
        for group in plan.pipelines.arrivals:
            world.env.process(self.arrivals.group(group))
        if self.casework is not None:
            self.attendance.start()
            world.env.process(self._children(self.casework))

    def _month(self, period: int) -> Process:
        """A month's end: stocks are read, then rates, posts and agency are reviewed."""
        world = self.world
        yield world.env.timeout(world.plan.boundaries[period])
        world.recorder.end_period()
        if self.casework is not None:
            self.casework.end_period()
            self.casework.recorder.begin_period(period)
        world.recorder.begin_period(period)
        self.load.review(period - 1)
        self.establishment.monthly()
        self.agency.review_above()
        self.hiring.refresh()
        self.careers.refresh()
        if self.casework is not None:
            self.casework.desks.refresh()
        review, world.review = world.review, world.env.event()
        review.succeed()

    def _children(self, casework: Casework) -> Process:
        """Children of day 0 come once everyone who is there on day 0 sits at a desk."""
        yield self.world.env.timeout(0.0)
        CaseStart(self.world, casework).set_up()
        self.world.env.process(casework.referrals())
        self.world.env.process(casework.dated_rules())

    def _payment(self, payment: Payment) -> Process:
        yield self.world.env.timeout(payment.day)
        self.careers.pay_retention(payment)


def simulate(plan: Plan, fates: Fates, listener: Listener | None = None) -> Records:
    """Run the model once.

    Args:
        plan: council, scenario and draw, as sim.inputs.build.make_plan gives them.
        fates: the replication's luck.
        listener: called with every event, named, where a trace is wanted.

    Returns:
        The facts of the run by period and account.
    """
    with _collection_put_off():
        return Model(plan, fates, listener).run()


@contextmanager
def _collection_put_off() -> Iterator[None]:
    """Put off Python's search for cyclic garbage.

    A run makes little of it until it ends, and the search through all open cases takes time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
