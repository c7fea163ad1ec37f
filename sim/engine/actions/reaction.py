"""What managers do when many children wait for a worker (docs/model.md, managers react).

Four steps, one after the other: workers are lent between teams, limits of load are lifted, agency
staff are bought above establishment, thresholds are raised. The last taken is withdrawn first.
"""

from __future__ import annotations

import math

from sim.engine.actions.agency import keep_above
from sim.engine.actions.allocation import allowed, fill
from sim.engine.actions.clock import retime
from sim.engine.actions.lending import bring_home, bring_home_to, lend_to
from sim.engine.actions.recording import record_managers
from sim.engine.codes import BUY, LEND, LIFT, RAISE, WAITING
from sim.engine.events import Event, Person, Story
from sim.engine.formulas import bought_wanted
from sim.engine.layout import Purchase, Team, World
from sim.engine.simpy.kernel import add, begin, is_empty
from sim.inputs.casework_plan import CARE_LEAVER, REGISTERED

URGENT = 2.0
"""Triggers above which managers wait no longer, but take a step at every review (J)."""
LET_GO = 0.1
"""Share of a team's bought staff, one at least, let go each month once few children wait (J)."""


def review_waiting(w: World) -> None:
    """The managers' monthly review; where few wait and no step is in force, nothing happens."""
    climb(w)
    reaction = w.reaction
    if reaction.pressed:
        count_points_waiting(w)
        answer_pressure(w)
    for team in w.teams:
        if team.is_lifted and (reaction.taken < LIFT or w.now >= team.limit_day):
            restore_limit(w, team)
        if team.bought > 0 and not reaction.pressed and reaction.taken < BUY:
            let_go(w, team)
    if reaction.taken < LEND:
        bring_home(w)


def climb(w: World) -> None:
    """Take a further step, or withdraw one, where the number who wait has asked for it so long."""
    reaction, share = w.reaction, share_waiting(w)
    pressed, turned = share > reaction.trigger, False
    if pressed != reaction.pressed:
        reaction.pressed, reaction.since, turned = pressed, w.now, True
    long_enough = not turned and w.now - reaction.since >= reaction.patience_days
    if pressed and reaction.taken < RAISE:
        if long_enough or share > URGENT * reaction.trigger:
            reaction.taken += 1
            reaction.since = w.now
            record_managers(w, Event.STEP_TAKEN, None, Person.NOBODY, 0, reaction.taken)
    elif not pressed and reaction.taken > 0 and long_enough:
        record_managers(w, Event.STEP_WITHDRAWN, None, Person.NOBODY, 0, reaction.taken)
        reaction.taken -= 1
        reaction.since = w.now


def share_waiting(w: World) -> float:
    """Children who wait for a worker, over open children (care leavers are not counted open)."""
    waiting = children = 0.0
    for team in w.teams:
        waiting += team.level[WAITING]
    for place in range(CARE_LEAVER * len(w.teams)):
        children += w.stage_teams[place].level
    return waiting / children if children > 0.0 else 0.0


def count_points_waiting(w: World) -> None:
    """By team: points of the children who wait for social workers."""
    for team in w.teams:
        team.points_waiting = 0.0
    for case in w.open:
        waits = case.holder is None and case.queue_stamp != 0
        if waits and allowed(w, case.stage) >> REGISTERED & 1 == 1:
            case.team.points_waiting += case.points


def answer_pressure(w: World) -> None:
    """Do for each team in which children wait what the steps in force allow."""
    reaction = w.reaction
    if reaction.taken >= LEND:
        for team in w.teams:
            if team.points_waiting > 0.0:
                bring_home_to(w, team)
        for team in w.teams:
            lend_to(w, team)
    for team in w.teams:
        if team.points_waiting > 0.0:
            if reaction.taken >= LIFT and reaction.limit_lift > 0.0:
                lift_limit(w, team)
            if reaction.taken >= BUY:
                buy(w, team)


# -- the limit of load ----------------------------------------------------------------------------


def lift_limit(w: World, team: Team) -> None:
    """A team's workers take more children than usual, and are slower for it, unless it rests."""
    reaction = w.reaction
    if team.is_lifted or w.now < team.limit_day:
        return
    team.is_lifted, team.limit_day = True, w.now + reaction.lift_days
    team.limit_load = team.usual_limit * (1.0 + reaction.limit_lift)
    set_pace(w, team, 1.0 - reaction.lifted_slower)
    record_managers(w, Event.LIMIT_LIFTED, team, Person.NOBODY, 0, 0)
    fill(w, team)


def restore_limit(w: World, team: Team) -> None:
    """The usual limit holds again, and for a while; nobody loses a child for it."""
    team.is_lifted, team.limit_day = False, w.now + w.reaction.lift_days
    team.limit_load = team.usual_limit
    set_pace(w, team, 1.0)
    record_managers(w, Event.LIMIT_RESTORED, team, Person.NOBODY, 0, 0)


def set_pace(w: World, team: Team, pace: float) -> None:
    """Work goes on faster or slower in a team."""
    team.pace = pace
    for holder in w.staff:
        if holder.team is team and not holder.gone and not is_empty(holder.work):
            retime(w, holder)


# -- agency staff ---------------------------------------------------------------------------------


def buy(w: World, team: Team) -> None:
    """Order as many agency staff as the waiting children need, beside those ordered before."""
    wanted = bought_wanted(
        team.points_waiting, w.pool_capacity[REGISTERED] * w.agency_share, w.reaction.agency_share
    )
    people = min(wanted, team.bought_most - team.bought) - team.ordered
    if people <= 0:
        return
    team.ordered += people
    order = add(w, w.purchases)
    order.team, order.people = team, people
    begin(w, Story.PURCHASE, order)


def bought_staff_come(w: World, order: Purchase) -> None:
    """Agency staff who were ordered are there."""
    team = order.team
    team.ordered -= order.people
    team.bought += order.people
    record_managers(w, Event.AGENCY_BOUGHT, team, Person.NOBODY, 0, order.people)
    keep_above(w, team, team.above_kept)


def let_go(w: World, team: Team) -> None:
    """Some of a team's bought staff are given notice: all at once would leave as many children."""
    team.bought -= max(1, math.floor(LET_GO * team.bought))
    keep_above(w, team, team.above_kept)
