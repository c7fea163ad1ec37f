"""Who is there: people who may hold cases come and go, fall ill, take leave and return."""

from __future__ import annotations

from dataclasses import dataclass

from sim.config.roles import REGISTERED_ROLES
from sim.engine.case_records import CaseRecorder
from sim.engine.cases import CaseHolder, Cause
from sim.engine.desks import Desks
from sim.engine.entities import Post, Process, Worker
from sim.engine.rules import exponential, in_order_sum
from sim.engine.world import World
from sim.inputs.casework_plan import AbsencePlan
from sim.inputs.fates import Purpose

SHORT_SICKNESS, LONG_SICKNESS, LONG_LEAVE = range(3)
WORDS = ("sick", "long-term sick", "on long leave")


@dataclass(frozen=True, slots=True)
class _Spell:
    """An absence under way: its kind, and the team and hundredths that it is counted in."""

    kind: int
    team: int
    hundredths: int


class Attendance:
    """Permanent social workers' absence; all others are present for as long as they are there."""

    def __init__(
        self, world: World, plan: AbsencePlan, desks: Desks, recorder: CaseRecorder
    ) -> None:
        self._world, self._plan, self._desks, self._recorder = world, plan, desks, recorder
        self._away: dict[Worker, _Spell] = {}
        self._known: set[Worker] = set()

    # -- people come and go --------------------------------------------------------------------

    def worker_comes(self, worker: Worker) -> None:
        """A permanent worker takes up a post; the first time, absence may follow."""
        self._desks.worker_comes(worker)
        if worker in self._away:
            self._count_anew(worker)
            self._desks.goes_absent(worker, long=True)
        if worker not in self._known and worker.post.role in REGISTERED_ROLES:
            self._known.add(worker)
            self._world.env.process(self._attend(worker))

    def worker_goes(self, worker: Worker) -> None:
        """A permanent worker leaves a post, for another inside or for good."""
        cause = Cause.LEAVER if worker.gone else Cause.INTERNAL_MOVE
        self._desks.worker_goes(worker, cause)
        if worker.gone and worker in self._away:
            self._end_spell(worker)

    def worker_stays(self, worker: Worker) -> None:
        """A permanent worker has taken up another post of the team and role."""
        self._desks.worker_stays(worker)

    def cover_comes(self, post: Post) -> None:
        """Agency cover of a post begins."""
        self._desks.cover_comes(post)

    def cover_goes(self, post: Post) -> None:
        """Agency cover of a post ends."""
        self._desks.cover_goes(post)

    def above_comes(self, team: int) -> CaseHolder:
        """An agency worker above establishment begins."""
        return self._desks.agency_comes(team, 1.0, above=True)

    def above_goes(self, holder: CaseHolder) -> None:
        """An agency worker above establishment ends."""
        self._desks.agency_goes(holder)

    def start(self) -> None:
        """Day 0: those in post sit down; some of them are away, with part of the spell behind."""
        for post in self._world.posts:
            worker = post.holder
            if worker is None:
                continue
            self._desks.worker_comes(worker)
            if post.role in REGISTERED_ROLES:
                self._known.add(worker)
                self._world.env.process(self._attend(worker, self._kind_on_day_0(worker)))

    def _kind_on_day_0(self, worker: Worker) -> int | None:
        """Kind of absence that a worker is in on day 0; None for one who is there.

        Nobody is away who has only just started.
        """
        luck = self._world.fates.uniform(Purpose.ABSENCE_KIND, worker.key, -1)
        for kind, share in enumerate(self._plan.shares):
            luck -= share
            if luck < 0.0:
                if worker.newly_qualified:
                    return None
                self._begin_spell(worker, kind)
                return kind
        return None

    # -- absence -------------------------------------------------------------------------------

    def _attend(self, worker: Worker, away: int | None = None) -> Process:
        """Presence and absence by turns, until the worker leaves.

        Spells are exponential, so that what is left of one on day 0 is as long as a new one.
        """
        env, rates = self._world.env, self._plan.rates
        total, spell = in_order_sum(rates), 0
        if total <= 0.0:
            return
        while True:
            if away is None:
                gap = exponential(self._luck(Purpose.ABSENCE_GAP, worker, spell)) / total
                yield env.timeout(gap)
                if worker.gone:
                    return
                away = self._which(rates, self._luck(Purpose.ABSENCE_KIND, worker, spell) * total)
                self._begin_spell(worker, away)
            length = exponential(self._luck(Purpose.ABSENCE_LENGTH, worker, spell))
            yield env.timeout(length * self._plan.means[away])
            if worker.gone:
                return
            self._end_spell(worker)
            self._desks.returns(worker)
            self._world.tell("returns", worker.post, worker.name)
            away = None
            spell += 1

    @staticmethod
    def _which(rates: tuple[float, float, float], luck: float) -> int:
        for kind in (SHORT_SICKNESS, LONG_SICKNESS):
            luck -= rates[kind]
            if luck < 0.0:
                return kind
        return LONG_LEAVE

    def _begin_spell(self, worker: Worker, kind: int) -> None:
        post = worker.post
        self._count(worker, kind)
        self._world.tell("absent", post, worker.name, WORDS[kind])
        self._desks.goes_absent(worker, long=kind != SHORT_SICKNESS)

    def _end_spell(self, worker: Worker) -> None:
        spell = self._away.pop(worker)
        if spell.kind != LONG_LEAVE:
            self._recorder.sick.shift(spell.team, -spell.hundredths, self._world.now)

    def _count(self, worker: Worker, kind: int) -> None:
        post = worker.post
        self._away[worker] = _Spell(kind, post.team, post.hundredths)
        if kind != LONG_LEAVE:
            self._recorder.sick.shift(post.team, post.hundredths, self._world.now)

    def _count_anew(self, worker: Worker) -> None:
        """Who moves inside while away is counted with the new team, as those in post are."""
        kind = self._away[worker].kind
        self._end_spell(worker)
        self._count(worker, kind)

    def _luck(self, purpose: Purpose, worker: Worker, spell: int) -> float:
        return self._world.fates.uniform(purpose, worker.key, spell)
