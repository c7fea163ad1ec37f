"""Newly qualified cohorts: a September intake with places for the first year."""

from __future__ import annotations

from sim.config.roles import Role
from sim.dates import DAYS_PER_YEAR
from sim.engine.careers import Careers
from sim.engine.entities import Candidate, Post, Process, Route, Stage, Vacancy
from sim.engine.hiring import Hiring
from sim.engine.world import World
from sim.inputs.fates import Purpose, join
from sim.inputs.plan import SUPERNUMERARY_LINE, Cohort, PostPlan
from sim.inputs.position import PostState


class Cohorts:
    """Places newly qualified workers, in posts where there are any outside court teams."""

    def __init__(self, world: World, hiring: Hiring, careers: Careers) -> None:
        self._world = world
        self._hiring = hiring
        self._careers = careers
        self._open_teams = [
            team for team in range(len(world.plan.team_keys)) if team not in world.plan.court_teams
        ]

    def intake(self, cohort: Cohort) -> Process:
        """One cohort: offers first, then the day on which all start."""
        world = self._world
        yield world.env.timeout(cohort.offer_day - world.now)
        without_post: list[Candidate] = []
        for place in range(self._size(cohort)):
            key = join(cohort.key, place)
            drops = world.fates.uniform(Purpose.DROP_OUT, key) < world.plan.cohort_drop_out
            candidate = Candidate(key, Route.NEWLY_QUALIFIED, True, drops, cohort.start_day)
            vacancy = self._longest_advertised()
            if vacancy is None:
                without_post.append(candidate)
            else:
                world.tell("newly qualified offer", vacancy.post)
                self._hiring.take(vacancy, candidate)
        yield world.env.timeout(cohort.start_day - world.now)
        for index, candidate in enumerate(without_post):
            if not candidate.drops_out:
                self._supernumerary(candidate, self._open_teams[index % len(self._open_teams)])

    def _size(self, cohort: Cohort) -> int:
        """Expected size, rounded up or down by luck so that the mean is kept."""
        whole = int(cohort.size)
        extra = self._world.fates.uniform(Purpose.COHORT_SIZE, cohort.key) < cohort.size - whole
        return whole + int(extra)

    def _longest_advertised(self) -> Vacancy | None:
        """The social worker post outside court teams advertised longest; ties by post number."""
        found = [
            post.vacancy
            for post in self._world.posts
            if post.role is Role.SOCIAL_WORKER
            and post.team not in self._world.plan.court_teams
            and post.vacancy is not None
            and post.vacancy.stage is Stage.ADVERTISED
        ]
        return min(found, key=lambda v: (v.advertised_day, v.post.number), default=None)

    def _supernumerary(self, candidate: Candidate, team: int) -> None:
        """A post for up to twelve months on its own budget line, closed when another falls free."""
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
        world.tell("starts", post, worker.name, "supernumerary")
        self._hiring.waiting.append(worker)
        world.env.process(self._careers.life(worker))
        world.env.process(self._twelve_months(post))

    def _twelve_months(self, post: Post) -> Process:
        yield self._world.env.timeout(DAYS_PER_YEAR)
        holder = post.holder
        if holder is not None:
            self._careers.end_contract(holder)
