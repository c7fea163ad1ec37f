"""People without a post of their own, and who takes which empty post.

A worker whose post has ended goes to an empty post of the same role, of the own team if there is
one. Failing that she is supernumerary for her notice. Arrivals for whom there was no post are
supernumerary too; who has notice comes before them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sim.config.roles import Role
from sim.config.routes import NEWLY_QUALIFIED_ROUTES
from sim.dates import DAYS_PER_YEAR
from sim.engine.entities import Candidate, Post, Stage, Vacancy, Worker
from sim.engine.world import World
from sim.inputs.position import PostState

if TYPE_CHECKING:
    from sim.engine.agency import AgencyDesk
    from sim.engine.hiring import LabourMarket


class Redeployment:
    """Moves from one post to another, and those who wait for one."""

    def __init__(self, world: World, markets: Sequence[LabourMarket], agency: AgencyDesk) -> None:
        self._world = world
        self._markets = markets
        self._agency = agency
        self._waiting: list[Worker] = []
        """Supernumerary workers, longest waiting first."""

    # -- moves ---------------------------------------------------------------------------------

    def take_up(self, vacancy: Vacancy, worker: Worker, stays: bool = False) -> None:
        """The first day in a post: its cover and its vacancy are over.

        Args:
            vacancy: the post's vacancy.
            worker: who takes it.
            stays: whether she had a post of the team and role before, and keeps her children.
        """
        post = vacancy.post
        if post.state is PostState.COVERED:
            self._agency.end_cover(vacancy)
        self._world.end_vacancy(post, Stage.FILLED)
        self._world.seat(post, worker, stays)

    def change_posts(self, vacancy: Vacancy, worker: Worker) -> None:
        """From one post to another inside: neither starter nor leaver."""
        world, origin, post = self._world, worker.post, vacancy.post
        stays = origin.team == post.team and origin.role is post.role
        world.unseat(origin, worker, stays)
        world.recorder.flow("internal_out", origin.plan.account, origin.hundredths)
        self.take_up(vacancy, worker, stays)
        world.recorder.flow("internal_in", post.plan.account, post.hundredths)
        world.tell("moves inside", post, worker.name, f"from {origin.plan.name}")

    # -- posts that have ended -----------------------------------------------------------------

    def redeploy(self, worker: Worker) -> bool:
        """Find a post for a worker whose own has ended; if there is none, she waits for one."""
        vacancy = self._empty_post(
            worker.post, worker.newly_qualified and not self._is_settled(worker)
        )
        if vacancy is None:
            if not self._world.is_supernumerary(worker.post):
                self.await_post(worker)
            return False
        self._move(vacancy, worker)
        return True

    def fill(self, vacancy: Vacancy) -> bool:
        """Give an empty post to somebody whose own has ended, unless someone is in hand for it."""
        if vacancy.stage not in (Stage.APPROVAL, Stage.ADVERTISED):
            return False
        worker = self._who_waits(vacancy.post, has_ended=True)
        if worker is None:
            return False
        self._move(vacancy, worker)
        return True

    def _move(self, vacancy: Vacancy, worker: Worker) -> None:
        """The agency worker who covers the post has notice from today; the old post closes."""
        origin = worker.post
        vacancy.agreed_day = vacancy.offered_day = self._world.now
        self._markets[vacancy.post.plan.market].withdraw(vacancy)
        self.change_posts(vacancy, worker)
        self._world.close_post(origin)

    def elsewhere(self, ended: Post, candidate: Candidate) -> Vacancy | None:
        """The advertised post for someone who was to start in a post that has ended."""
        vacancy = self._empty_post(
            ended, candidate.route in NEWLY_QUALIFIED_ROUTES, advertised=True
        )
        if vacancy is not None:
            vacancy.agreed_day = vacancy.offered_day = self._world.now
            self._markets[vacancy.post.plan.market].withdraw(vacancy)
        return vacancy

    def _empty_post(
        self, ended: Post, no_court_work: bool, advertised: bool = False
    ) -> Vacancy | None:
        """The vacancy in place of a post that has ended: its team's first, then the oldest.

        Args:
            ended: the post.
            no_court_work: whether court teams are left out.
            advertised: whether only advertised ones count.
        """
        found = [
            vacancy
            for vacancy in self._free(ended.role)
            if not (no_court_work and vacancy.post.team in self._world.plan.court_teams)
            and (vacancy.stage is Stage.ADVERTISED or not advertised)
        ]
        return min(
            found,
            key=lambda v: (v.post.team != ended.team, v.opened_day, v.post.number),
            default=None,
        )

    def _free(self, role: Role) -> Iterator[Vacancy]:
        """Vacancies of empty posts for which nobody is in hand, and which stay."""
        for post in self._world.posts:
            vacancy = post.vacancy
            if (
                vacancy is not None
                and post.role is role
                and post.holder is None
                and vacancy.stage in (Stage.APPROVAL, Stage.ADVERTISED)
                and post.plan.last_hiring_day > self._world.now
            ):
                yield vacancy

    # -- those who wait ------------------------------------------------------------------------

    def await_post(self, worker: Worker) -> None:
        """A supernumerary worker waits for a post."""
        self._waiting.append(worker)

    def arrival_for(self, post: Post) -> Worker | None:
        """Who of the arrivals without a post takes one that comes to the market."""
        return self._who_waits(post, has_ended=False)

    def _who_waits(self, post: Post, has_ended: bool) -> Worker | None:
        if not self._waiting:
            return None
        self._waiting = [worker for worker in self._waiting if self._still_waits(worker)]
        for worker in self._waiting:
            if worker.post.has_ended == has_ended and self._may_take(worker, post):
                return worker
        return None

    def _still_waits(self, worker: Worker) -> bool:
        return (
            not worker.gone
            and not worker.under_notice
            and (worker.post.has_ended or self._world.is_supernumerary(worker.post))
        )

    def _may_take(self, worker: Worker, post: Post) -> bool:
        """Of the same role; no court work in the first year of a career."""
        return worker.post.role is post.role and (
            post.team not in self._world.plan.court_teams
            or not worker.newly_qualified
            or self._is_settled(worker)
        )

    def _is_settled(self, worker: Worker) -> bool:
        return self._world.now - worker.joined_day >= DAYS_PER_YEAR
