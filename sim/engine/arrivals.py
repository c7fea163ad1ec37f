"""Arrivals: newly qualified cohorts, and people who come from abroad or from training.

One door for all: on the day of the offer the post advertised longest outside court teams; failing
that, for who is not newly qualified, in a court team; failing that, a supernumerary post of twelve
months, which ends as any other does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import partial

from sim.config.roles import Role
from sim.config.routes import NEWLY_QUALIFIED_ROUTES
from sim.dates import DAYS_PER_YEAR
from sim.engine.careers import Careers
from sim.engine.entities import Candidate, Post, Process, Route, Stage, Vacancy
from sim.engine.establishment import Establishment
from sim.engine.hiring import Hiring
from sim.engine.world import World
from sim.inputs.fates import Purpose, join
from sim.inputs.pipelines_plan import ArrivalGroup
from sim.inputs.plan import SUPERNUMERARY_LINE, Cohort, PostPlan
from sim.inputs.position import PostState


class Arrivals:
    """Places those who arrive, in posts where there are any outside court teams."""

    def __init__(
        self, world: World, hiring: Hiring, careers: Careers, establishment: Establishment
    ) -> None:
        self._world = world
        self._hiring = hiring
        self._careers = careers
        self._establishment = establishment
        self._open_teams = [
            team for team in range(len(world.plan.team_keys)) if team not in world.plan.court_teams
        ]

    def cohort(self, cohort: Cohort) -> Process:
        """One cohort: offers first, then the day on which all start."""
        world = self._world
        yield world.env.timeout(cohort.offer_day - world.now)
        without_post: list[Candidate] = []
        for place in range(self._size(cohort)):
            key = join(cohort.key, place)
            drops = world.fates.uniform(Purpose.DROP_OUT, key) < world.plan.cohort_drop_out
            candidate = Candidate(key, Route.NEWLY_QUALIFIED, True, drops, cohort.start_day)
            if not self._takes_post(candidate, "newly qualified offer"):
                without_post.append(candidate)
        yield world.env.timeout(cohort.start_day - world.now)
        self._start_without_post(without_post)

    def group(self, group: ArrivalGroup) -> Process:
        """One group: offers or training, then posts for those who will come, then their start."""
        world = self._world
        yield world.env.timeout(group.begin_day - world.now)
        coming = [
            key
            for key in map(partial(join, group.key), range(group.people))
            if world.fates.uniform(Purpose.ARRIVAL_COMES, key) < group.share_who_come
        ]
        self._count(group, coming)
        yield world.env.timeout(group.offer_day - world.now)
        without_post: list[Candidate] = []
        for key in coming:
            candidate = Candidate(key, group.route, True, False, group.start_day, group)
            if not self._takes_post(candidate, f"{group.route.name.lower()} offer"):
                without_post.append(candidate)
        yield world.env.timeout(group.start_day - world.now)
        self._start_without_post(without_post)

    def _count(self, group: ArrivalGroup, coming: list[int]) -> None:
        """Count a group's offers and its training on its line, and who is under way at the end.

        Who will not complete leaves on a day that is uniform over the training.
        """
        world, line = self._world, group.line
        if line is None:
            return
        world.recorder.count_line("offers", line, group.people)
        for number in range(group.people):
            key = join(group.key, number)
            last = group.start_day if key in coming else group.begin_day
            if group.trains and key not in coming:
                served = world.fates.uniform(Purpose.TRAINING_ENDS, key)
                last += served * (group.start_day - group.begin_day)
            if group.trains:
                world.recorder.train(line, group.begin_day, last)
            if last >= world.plan.horizon:
                world.recorder.under_way(line)

    def _takes_post(self, candidate: Candidate, what: str) -> bool:
        """Give a candidate the post advertised longest; False if there is none.

        Outside court teams; who is not newly qualified takes one in a court team where no other is
        advertised.
        """
        assert candidate.ready_day is not None
        vacancy = self._longest_advertised(self._open_teams, candidate.ready_day)
        if vacancy is None and candidate.route not in NEWLY_QUALIFIED_ROUTES:
            vacancy = self._longest_advertised(self._world.plan.court_teams, candidate.ready_day)
        if vacancy is None:
            return False
        self._world.tell(what, vacancy.post)
        self._hiring.take(vacancy, candidate)
        return True

    def _start_without_post(self, candidates: list[Candidate]) -> None:
        """Those for whom no post was advertised start in a supernumerary one, teams in turn."""
        for index, candidate in enumerate(candidates):
            if not candidate.drops_out:
                self._supernumerary(candidate, self._open_teams[index % len(self._open_teams)])

    def _size(self, cohort: Cohort) -> int:
        """Expected size, rounded up or down by luck so that the mean is kept."""
        whole = int(cohort.size)
        extra = self._world.fates.uniform(Purpose.COHORT_SIZE, cohort.key) < cohort.size - whole
        return whole + int(extra)

    def _longest_advertised(self, teams: Collection[int], until: float) -> Vacancy | None:
        """The social worker post of some teams advertised longest; ties by post number.

        Of those that don't close by `until`.
        """
        found = [
            vacancy
            for vacancy in self._advertised()
            if vacancy.post.team in teams and vacancy.post.plan.end_day > until
        ]
        return min(found, key=_longest_first, default=None)

    def _advertised(self) -> Iterator[Vacancy]:
        """Every advertised vacancy of a social worker post."""
        for post in self._world.posts:
            vacancy = post.vacancy
            if (
                post.role is Role.SOCIAL_WORKER
                and vacancy is not None
                and vacancy.stage is Stage.ADVERTISED
            ):
                yield vacancy

    def _supernumerary(self, candidate: Candidate, team: int) -> None:
        """A post of twelve months on its own budget line, closed when another falls free."""
        world = self._world
        account = world.plan.account_index[(team, Role.SOCIAL_WORKER, SUPERNUMERARY_LINE)]
        number = len(world.posts)
        market = next(i for i, m in enumerate(world.plan.markets) if m.name == "social_worker")
        plan = PostPlan(
            number, candidate.key, f"supernumerary/{number}", team, Role.SOCIAL_WORKER, market,
            1.0, account, world.now, world.now + DAYS_PER_YEAR, PostState.UNCOVERED, 1.0,
        )  # fmt: skip
        post = Post(plan, plan.fte, PostState.NOT_OPEN)
        world.posts.append(post)
        world.set_state(post, PostState.UNCOVERED)
        worker = world.new_worker(candidate.key, candidate.route, post, world.now)
        world.seat(post, worker)
        world.count_start(None, worker)
        if candidate.group is not None:
            self._careers.joins(worker, candidate.group)
        world.tell("starts", post, worker.name, "supernumerary")
        self._hiring.redeployment.await_post(worker)
        world.env.process(self._careers.life(worker))
        world.env.process(self._establishment.dated(post))


def _longest_first(vacancy: Vacancy) -> tuple[float, int]:
    return vacancy.advertised_day, vacancy.post.number
