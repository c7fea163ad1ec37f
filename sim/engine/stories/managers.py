"""The story of managers who see children wait for a worker (docs/model.md, managers react)."""

from __future__ import annotations

from sim.engine.actions.reaction import bought_staff_come, review_waiting
from sim.engine.layout import Purchase, World
from sim.engine.simpy.kernel import Waits, until, wait


def manager_review(w: World, all_of_them: World) -> Waits:
    """Each month managers see how many children wait, and take a step or withdraw one."""
    while True:
        yield until(w, w.review)
        review_waiting(w)


def purchase(w: World, order: Purchase) -> Waits:
    """Agency staff are ordered, and come."""
    yield wait(w, w.reaction.agency_days)
    bought_staff_come(w, order)
