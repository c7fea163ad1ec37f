"""Workers lent between teams: they keep their children, and take new ones where children wait."""

from __future__ import annotations

from sim.engine.actions.allocation import pool_of
from sim.engine.actions.capacity import become_available, become_unavailable
from sim.engine.actions.recording import case_flow, record_managers
from sim.engine.codes import WORKERS_LENT, WORKERS_RETURNED
from sim.engine.events import Event, Person
from sim.engine.formulas import room_of
from sim.engine.layout import CaseHolder, Team, World
from sim.engine.rows import Maybe
from sim.engine.simpy.kernel import least_loaded
from sim.inputs.casework_plan import REGISTERED


def lend_to(w: World, team: Team) -> None:
    """Others lend a team workers until those have room for its waiting children, or none is left.

    The least loaded go first. No team lends while children wait for it, or more than its share.
    """
    needed = team.points_waiting
    if needed > 0.0:
        count_lent(w)
    while needed > 0.0:
        holder = who_is_lent(w, team)
        if holder is None:
            return
        home = holder.team
        needed -= room_of(holder.load, holder.capacity, team.limit_load)
        holder.lent_from = home
        home.lent_out += 1
        case_flow(WORKERS_LENT, home, 1.0)
        tell(w, Event.LENT, team, holder)
        works_in(w, holder, team)


def who_is_lent(w: World, team: Team) -> Maybe[CaseHolder]:
    """The least loaded experienced social worker whom another team can spare, with room."""
    found, least = None, team.limit_load
    for other in w.teams:
        if other is team or other.points_waiting > 0.0:
            continue
        pool = pool_of(w, other, REGISTERED)
        holder = least_loaded(pool)
        if holder is None or holder.lent_from is not None or holder.load >= least:
            continue
        if other.lent_out + 1 <= w.reaction.lent_share * (len(pool.holders) + other.lent_out):
            found, least = holder, holder.load
    return found


def count_lent(w: World) -> None:
    """By team: workers whom it has lent; who has left since is lent no longer."""
    for team in w.teams:
        team.lent_out = 0
    for holder in w.staff:
        if holder.lent_from is not None and not holder.gone:
            holder.lent_from.lent_out += 1


def bring_home(w: World) -> None:
    """All who are lent return; the children whom they took stay with them."""
    for holder in w.staff:
        if holder.lent_from is not None and not holder.gone:
            comes_home(w, holder)


def bring_home_to(w: World, team: Team) -> None:
    """A team in which children wait has its own workers back."""
    for holder in w.staff:
        if holder.lent_from is team and not holder.gone:
            comes_home(w, holder)


def comes_home(w: World, holder: CaseHolder) -> None:
    """Somebody lent returns."""
    home = holder.lent_from
    holder.lent_from = None
    case_flow(WORKERS_RETURNED, home, 1.0)
    tell(w, Event.COMES_HOME, home, holder)
    works_in(w, holder, home)


def works_in(w: World, holder: CaseHolder, team: Team) -> None:
    """Somebody takes new children in another team from now on, or once back from an absence."""
    if holder.place < 0:
        holder.team, holder.pool = team, pool_of(w, team, REGISTERED)
        return
    become_unavailable(w, holder)
    holder.team, holder.pool = team, pool_of(w, team, REGISTERED)
    become_available(w, holder)


def tell(w: World, what: int, team: Team, holder: CaseHolder) -> None:
    """Note where somebody goes."""
    kind = Person.AGENCY_WORKER if holder.worker is None else Person.WORKER
    record_managers(w, what, team, kind, holder.person, 0)
