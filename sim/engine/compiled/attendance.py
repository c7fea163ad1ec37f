"""Who is there: people come and go, fall ill, take leave and return (sim.engine.attendance)."""

from __future__ import annotations

from sim.engine.attendance import LONG_LEAVE, SHORT_SICKNESS
from sim.engine.cases import Cause
from sim.engine.compiled.codes import (
    A_WORKER,
    ATTEND_BEGINS,
    ATTEND_GAP_ENDS,
    ATTEND_SPELL_ENDS,
    D_ABSENCE,
    D_NONE,
    SICK,
    T_ABSENT,
    T_RETURNS,
)
from sim.engine.compiled.facts import REGISTERED_COUNT, shift_level, tell
from sim.engine.compiled.formulas import exponential
from sim.engine.compiled.jit import World, compiled
from sim.engine.compiled.layout import NONE, post_, worker_
from sim.engine.compiled.luck import uniform
from sim.engine.compiled.queue import after, begin
from sim.engine.compiled.seats import (
    goes_absent,
    returns,
    worker_gets_up,
    worker_moves_over,
    worker_sits,
)
from sim.inputs.fates import Purpose

_GAP, _KIND = int(Purpose.ABSENCE_GAP), int(Purpose.ABSENCE_KIND)
_LENGTH = int(Purpose.ABSENCE_LENGTH)
_LEAVER, _INTERNAL_MOVE = int(Cause.LEAVER), int(Cause.INTERNAL_MOVE)
_KINDS = LONG_LEAVE + 1


@compiled
def worker_comes(w: World, number: int) -> None:
    """A permanent worker takes up a post; the first time, absence may follow."""
    worker = worker_(w, number)
    worker_sits(w, number)
    if worker.away != NONE:
        _count_anew(w, number)
        goes_absent(w, number, True)
    if not worker.known and post_(w, worker.post).role < REGISTERED_COUNT:
        worker.known = 1
        begin(w, ATTEND_BEGINS, number)


@compiled
def worker_goes(w: World, number: int) -> None:
    """A permanent worker leaves a post, for another inside or for good."""
    worker = worker_(w, number)
    worker_gets_up(w, number, _LEAVER if worker.gone else _INTERNAL_MOVE)
    if worker.gone and worker.away != NONE:
        _end_spell(w, number)


@compiled
def worker_stays(w: World, number: int) -> None:
    """A permanent worker has taken up another post of the team and role."""
    worker_moves_over(w, number)


@compiled
def start(w: World) -> None:
    """Day 0: those in post sit down; some of them are away, with part of the spell behind."""
    for number in range(w.posts_count):
        post = post_(w, number)
        if post.holder == NONE:
            continue
        worker_sits(w, post.holder)
        if post.role < REGISTERED_COUNT:
            worker_(w, post.holder).known = 1
            _away_on_day_0(w, post.holder)
            begin(w, ATTEND_BEGINS, post.holder)


@compiled
def _away_on_day_0(w: World, number: int) -> None:
    """Whether a worker is absent on day 0; nobody is who has only just started."""
    worker = worker_(w, number)
    luck = uniform(w, _KIND, worker.key, -1)
    for kind in range(_KINDS):
        luck -= w.absence_shares[kind]
        if luck < 0.0:
            if not worker.newly_qualified:
                _begin_spell(w, number, kind)
            return


@compiled
def attend(w: World, number: int, event: int) -> None:
    """Presence and absence by turns, until the worker leaves."""
    worker, rates = worker_(w, number), w.absence_rates
    total = rates[0] + rates[1] + rates[2]
    if event == ATTEND_BEGINS:
        if total <= 0.0:
            return
        if worker.away == NONE:
            _await_spell(w, number, total)
            return
    elif worker.gone:
        return
    elif event == ATTEND_GAP_ENDS:
        luck = uniform(w, _KIND, worker.key, worker.spell) * total
        _begin_spell(w, number, _which(w, luck))
    else:
        _end_spell(w, number)
        returns(w, number)
        tell(w, T_RETURNS, post_(w, worker.post).team, worker.post, A_WORKER, number, D_NONE, 0)
        worker.spell += 1
        _await_spell(w, number, total)
        return
    length = exponential(uniform(w, _LENGTH, worker.key, worker.spell))
    after(w, length * w.absence_means[worker.away], ATTEND_SPELL_ENDS, number)


@compiled
def _await_spell(w: World, number: int, total: float) -> None:
    worker = worker_(w, number)
    gap = exponential(uniform(w, _GAP, worker.key, worker.spell)) / total
    after(w, gap, ATTEND_GAP_ENDS, number)


@compiled
def _which(w: World, luck: float) -> int:
    for kind in range(LONG_LEAVE):
        luck -= w.absence_rates[kind]
        if luck < 0.0:
            return kind
    return LONG_LEAVE


@compiled
def _begin_spell(w: World, number: int, kind: int) -> None:
    worker = worker_(w, number)
    post = post_(w, worker.post)
    _count(w, number, kind)
    tell(w, T_ABSENT, post.team, worker.post, A_WORKER, number, D_ABSENCE, kind)
    goes_absent(w, number, kind != SHORT_SICKNESS)


@compiled
def _end_spell(w: World, number: int) -> None:
    worker = worker_(w, number)
    if worker.away != LONG_LEAVE:
        shift_level(w, SICK, worker.away_team, -worker.away_hundredths)
    worker.away = NONE


@compiled
def _count(w: World, number: int, kind: int) -> None:
    worker = worker_(w, number)
    post = post_(w, worker.post)
    worker.away, worker.away_team, worker.away_hundredths = kind, post.team, post.hundredths
    if kind != LONG_LEAVE:
        shift_level(w, SICK, post.team, post.hundredths)


@compiled
def _count_anew(w: World, number: int) -> None:
    """Who moves inside while away is counted with the new team, as those in post are."""
    kind = worker_(w, number).away
    _end_spell(w, number)
    _count(w, number, kind)
