"""Day 0: people, vacancies, offers and agency assignments as they stand.

All are drawn conditional on the time they have already been there, so that a run at constant rates
shows no transient.
"""

from __future__ import annotations

from sim.config.roles import REGISTERED_ROLES, Role
from sim.dates import DAYS_PER_YEAR
from sim.engine.agency import AgencyDesk
from sim.engine.careers import FIVE_YEARS, Careers
from sim.engine.entities import Candidate, Post, Route, Stage, Vacancy, Worker
from sim.engine.hiring import Hiring
from sim.engine.rules import exponential, in_order_sum
from sim.engine.world import World
from sim.inputs.fates import Purpose, join, key_of
from sim.inputs.plan import FIVE_YEARS_BAND, PostPlan
from sim.inputs.position import PostState

IN_HAND_CANDIDATE = key_of("candidate in hand on day 0")


class Start:
    """Puts the start position into the world."""

    def __init__(self, world: World, careers: Careers, hiring: Hiring, agency: AgencyDesk) -> None:
        self._world = world
        self._careers = careers
        self._hiring = hiring
        self._agency = agency

    def set_up(self) -> None:
        """All posts, then people and vacancies, then agency above establishment."""
        world = self._world
        world.recorder.begin_period(0)
        for plan in world.plan.posts:
            post = Post(plan, plan.fte, PostState.NOT_OPEN)
            world.posts.append(post)
            if plan.state is not PostState.NOT_OPEN:
                world.set_state(post, plan.state)
        self._resignations_before()
        for post in world.posts:
            if post.state is PostState.FILLED:
                self._holder(post)
            elif post.is_vacant:
                self._vacant(post)
        self._mark_overseas_staff()
        self._agency.open_places()

    # -- people --------------------------------------------------------------------------------

    def _uniform(self, purpose: Purpose, plan: PostPlan, index: int = 0) -> float:
        return self._world.fates.uniform(purpose, plan.key, index)

    def _holder(self, post: Post) -> None:
        """The person in post on day 0, with tenure and route, perhaps under notice."""
        world, plan = self._world, post.plan
        route, joined = self._history(post)
        key = join(plan.key, Purpose.START_TENURE)
        worker = world.new_worker(key, route, post, joined)
        post.holder = worker
        world.recorder.in_post(post.role, route, post.hundredths)
        probability = world.plan.notice_probability[plan.role]
        luck = self._uniform(Purpose.START_NOTICE, plan)
        if luck < probability:
            self._under_notice(post, worker, luck / probability)
        else:
            world.env.process(self._careers.life(worker))

    def _history(self, post: Post) -> tuple[Route, float]:
        """Route and joining day.

        Tenure is uniform over the first five years and falls off at the leaving rate beyond them.
        """
        world, plan = self._world, post.plan
        may_be_new = plan.role is Role.SOCIAL_WORKER and plan.team not in world.plan.court_teams
        if may_be_new and (
            self._uniform(Purpose.START_ROUTE, plan) < world.plan.newly_qualified_probability
        ):
            return Route.NEWLY_QUALIFIED, -self._uniform(Purpose.START_TENURE, plan) * 30.0
        share = world.plan.tenure_under_five_share
        luck = self._uniform(Purpose.START_TENURE, plan)
        if luck < share:
            return Route.AT_START, -luck / share * FIVE_YEARS
        rate = in_order_sum(world.plan.exits.rates[plan.role][FIVE_YEARS_BAND])
        beyond = exponential((1.0 - luck) / (1.0 - share)) / rate if rate > 0 else DAYS_PER_YEAR
        return Route.AT_START, -(FIVE_YEARS + beyond)

    def _mark_overseas_staff(self) -> None:
        """Those who were hired abroad: it tells when they may settle, and changes nothing else."""
        staff, fates = self._world.plan.pipelines.overseas_staff, self._world.fates
        if staff is None:
            return
        likely = [
            worker
            for worker in self._world.workers
            if worker.post.role in (Role.SOCIAL_WORKER, Role.SENIOR_PRACTITIONER)
            and not worker.newly_qualified
            and staff.first_joined_day <= worker.joined_day < staff.last_joined_day
        ]
        likely.sort(key=lambda worker: fates.uniform(Purpose.START_OVERSEAS, worker.key))
        for worker in likely[: staff.people]:
            worker.settles_day = worker.joined_day + self._world.plan.pipelines.settlement_days
            self._careers.await_settlement(worker)

    def _under_notice(self, post: Post, worker: Worker, luck: float) -> None:
        """A holder who resigned before day 0: notice part-served, vacancy part-filled."""
        world = self._world
        notice = world.plan.markets[post.plan.market].notice_days
        remaining = luck * notice
        elapsed = notice - remaining
        worker.under_notice = True
        worker.exit = self._exit_of(post)
        if post.role in REGISTERED_ROLES:
            self._careers.resignation_days[post.team].append(-elapsed)
        vacancy = self._hiring.new_vacancy(post, worker, -elapsed)
        post.is_target = post.role in REGISTERED_ROLES
        self._count_target(post)
        self._begin(vacancy, elapsed)
        world.env.process(self._careers.remaining_notice(worker, remaining))

    def _exit_of(self, post: Post) -> int:
        rates = self._world.plan.exits.rates[post.role][FIVE_YEARS_BAND]
        luck = self._uniform(Purpose.START_NOTICE, post.plan, 1) * in_order_sum(rates)
        for exit_, rate in enumerate(rates):
            luck -= rate
            if luck <= 0.0:
                return exit_
        return 0

    def _resignations_before(self) -> None:
        """Resignations of people who have gone by day 0 but are still felt by colleagues."""
        plan = self._world.plan
        notice = next(m for m in plan.markets if m.name == "social_worker").notice_days
        for team, rate in enumerate(plan.exits.recent_resignations_per_day):
            day, k = -notice, 0
            key = key_of(f"recent resignations {plan.team_keys[team]}")
            while rate > 0.0:
                luck = self._world.fates.uniform(Purpose.START_RECENT_RESIGNATION, key, k)
                day -= exponential(luck) / rate
                k += 1
                if day <= -plan.exits.contagion_days:
                    break
                self._careers.resignation_days[team].append(day)

    # -- vacancies -----------------------------------------------------------------------------

    def _count_target(self, post: Post) -> None:
        if post.is_target:
            self._world.recorder.target(post.plan.market)

    def _hazard(self, post: Post) -> float:
        """Candidates a day for this post when the market is at its reference."""
        market = self._world.plan.markets[post.plan.market]
        value = post.plan.choice_weight * post.fte
        return market.candidates_per_day * value / market.reference_fte

    def _vacant(self, post: Post) -> None:
        """A vacant post: how long it has been open, its hiring, its cover."""
        world, plan = self._world, post.plan
        market = world.plan.markets[plan.market]
        waited = exponential(self._uniform(Purpose.START_STAGE, plan, 2)) * market.vacancy_age_days
        vacancy = self._hiring.new_vacancy(post, None, -(market.notice_days + waited))
        post.is_target = post.role in REGISTERED_ROLES
        self._count_target(post)
        self._begin(vacancy, market.notice_days + waited)
        pending = world.plan.agency.request_pending_share[plan.team]
        asked = (
            post.state is PostState.UNCOVERED
            and self._uniform(Purpose.START_ASSIGNMENT, plan) >= pending
        )
        world.env.process(self._agency.cover(vacancy, post.state, asked))

    def _begin(self, vacancy: Vacancy, elapsed: float) -> None:
        """Start a vacancy's process where it stands, `elapsed` days after it opened."""
        world, post = self._world, vacancy.post
        market = world.plan.markets[post.plan.market]
        since = elapsed - market.approval_days
        if since < 0.0:
            world.env.process(self._hiring.life(vacancy, elapsed))
            return
        vacancy.advertised_day = -since
        inside = world.plan.internal.chance.get(post.role, 0.0)
        held = post.holder is not None
        if held and self._uniform(Purpose.START_STAGE, post.plan, 3) < inside:
            left = max(0.0, world.plan.internal.appointment_days - since)
            world.env.process(self._inside(vacancy, left))
            return
        self._on_the_market(vacancy, since)

    def _inside(self, vacancy: Vacancy, days: float):  # type: ignore[no-untyped-def]
        appointed = yield from self._hiring.internal(vacancy, days)
        if not appointed:
            yield from self._hiring.market(vacancy)

    def _on_the_market(self, vacancy: Vacancy, since: float) -> None:
        """Advertised, in selection, or awaiting a start, as a steady flow would have it."""
        world, post = self._world, vacancy.post
        market = world.plan.markets[post.plan.market]
        hazard = self._hazard(post)
        longest_selecting = min(since, market.selection_days)
        longest_awaiting = min(max(0.0, since - market.selection_days), market.ready_days)
        selecting = hazard * longest_selecting
        awaiting = hazard * market.acceptance * longest_awaiting
        if post.is_vacant:
            selecting *= market.carried_selecting
            awaiting *= market.carried_awaiting
        luck = self._uniform(Purpose.START_STAGE, post.plan) * (1.0 + selecting + awaiting)
        part = self._uniform(Purpose.START_STAGE, post.plan, 1)
        if luck >= selecting + awaiting:
            world.env.process(self._hiring.market(vacancy))
            return
        person = join(post.plan.key, IN_HAND_CANDIDATE)
        drops = world.fates.uniform(Purpose.DROP_OUT, person) < market.drop_out
        vacancy.stage = Stage.IN_HAND
        if luck < selecting:
            accepts = world.fates.uniform(Purpose.OFFER_ACCEPTED, person) < market.acceptance
            candidate = Candidate(person, Route.EXPERIENCED, accepts, drops)
            left = market.selection_days - part * longest_selecting
            world.env.process(self._in_hand(vacancy, candidate, left, None))
        else:
            candidate = Candidate(person, Route.EXPERIENCED, True, drops)
            left = market.ready_days - part * longest_awaiting
            world.env.process(self._in_hand(vacancy, candidate, 0.0, left))

    def _in_hand(  # type: ignore[no-untyped-def]
        self,
        vacancy: Vacancy,
        candidate: Candidate,
        selection_days: float,
        ready_days: float | None,
    ):
        """A candidate in hand on day 0; if it falls through, the market."""
        started = yield from self._hiring.offer(vacancy, candidate, selection_days, ready_days)
        if not started:
            yield from self._hiring.market(vacancy)
