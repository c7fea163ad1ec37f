"""Who is there: people take up posts and leave them, fall ill, take leave and return."""

from __future__ import annotations

from sim.engine.actions.capacity import gives_up_caseload, goes_absent, takes_caseload
from sim.engine.actions.recording import record_event, shift_level
from sim.engine.codes import (
    INTERNAL_MOVE,
    LEAVER,
    LONG_LEAVE,
    PRESENT_AT_WORK,
    SHORT_SICKNESS,
    SICK,
)
from sim.engine.events import Event, Person, Story
from sim.engine.layout import REGISTERED_COUNT, Worker, World
from sim.engine.simpy.kernel import begin, uniform
from sim.inputs.fates import Purpose


def worker_comes(w: World, worker: Worker) -> None:
    """A permanent worker takes up a post; the first time, absence may follow."""
    takes_caseload(w, worker)
    if worker.away != PRESENT_AT_WORK:
        count_anew(w, worker)
        goes_absent(w, worker, True)
    if not worker.attends and worker.post.role.number < REGISTERED_COUNT:
        worker.attends = True
        begin(w, Story.ATTENDANCE, worker)


def worker_goes(w: World, worker: Worker) -> None:
    """A permanent worker leaves a post, for another inside or for good."""
    gives_up_caseload(w, worker, LEAVER if worker.gone else INTERNAL_MOVE)
    if worker.gone and worker.away != PRESENT_AT_WORK:
        end_spell(w, worker)


def people_of_day_0(w: World) -> None:
    """Those in post take up their caseloads; some are away, with part of the spell behind."""
    for post in w.posts:
        worker = post.holder
        if worker is None:
            continue
        takes_caseload(w, worker)
        if post.role.number < REGISTERED_COUNT:
            worker.attends = True
            away_on_day_0(w, worker)
            begin(w, Story.ATTENDANCE, worker)


def away_on_day_0(w: World, worker: Worker) -> None:
    """Whether a worker is absent on day 0; nobody is who has only just started."""
    luck = uniform(w, Purpose.ABSENCE_KIND, worker.key, -1)
    for kind in range(LONG_LEAVE + 1):
        luck -= w.absence_shares[kind]
        if luck < 0.0:
            if not worker.newly_qualified:
                begin_spell(w, worker, kind)
            return


def kind_of_absence(w: World, luck: float) -> int:
    """Which kind of absence begins, in proportion to their rates."""
    for kind in range(LONG_LEAVE):
        luck -= w.absence_rates[kind]
        if luck < 0.0:
            return kind
    return LONG_LEAVE


def begin_spell(w: World, worker: Worker, kind: int) -> None:
    """A worker is absent from now on."""
    count_absence(w, worker, kind)
    record_event(w, Event.ABSENT, worker.post, Person.WORKER, worker.person, kind)
    goes_absent(w, worker, kind != SHORT_SICKNESS)


def end_spell(w: World, worker: Worker) -> None:
    """An absence ends, by return or by leaving."""
    if worker.away != LONG_LEAVE:
        shift_level(w, SICK, worker.away_team, float(-worker.away_hundredths))
    worker.away = PRESENT_AT_WORK


def count_absence(w: World, worker: Worker, kind: int) -> None:
    """An absence is counted in the team and with the hours that the worker has."""
    post = worker.post
    worker.away, worker.away_team, worker.away_hundredths = kind, post.team, post.hundredths
    if kind != LONG_LEAVE:
        shift_level(w, SICK, post.team, float(post.hundredths))


def count_anew(w: World, worker: Worker) -> None:
    """Who moves inside while away is counted with the new team, as those in post are."""
    kind = worker.away
    end_spell(w, worker)
    count_absence(w, worker, kind)
