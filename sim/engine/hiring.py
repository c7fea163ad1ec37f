"""A vacancy's life, and the labour markets that candidates come from (model.md section 5)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.config.roles import Role
from sim.engine.entities import Candidate, Post, Process, Route, Stage, Vacancy, Worker
from sim.engine.help import Help
from sim.engine.redeployment import Redeployment
from sim.engine.rules import (
    candidate_rate_ratio,
    capped_ratio,
    exponential,
    pull_over,
    race_time,
)
from sim.engine.world import World
from sim.inputs.fates import Purpose, join

if TYPE_CHECKING:
    from sim.engine.agency import AgencyDesk
    from sim.engine.careers import Careers

_PROMOTED_FROM: dict[Role, tuple[Role, ...]] = {
    Role.SOCIAL_WORKER: (Role.SOCIAL_WORKER,),
    Role.SENIOR_PRACTITIONER: (Role.SOCIAL_WORKER,),
    Role.TEAM_MANAGER: (Role.SENIOR_PRACTITIONER, Role.SOCIAL_WORKER),
}
"""Roles whose holders may be appointed inside to a post of a role."""


_HERE_ALREADY = (Route.AGENCY_CONVERSION, Route.RECODED)
"""Routes of those who start on the day on which they take a post."""


class LabourMarket:
    """Candidates of one role family: stacked Poisson streams, thinned to the rate in force.

    Layer j is a stream of rate A whose luck is keyed (market, layer, k). A candidate with uniform
    u in layer j is there if j + u < R / A. A higher rate only adds candidates.
    """

    def __init__(self, world: World, index: int, help_: Help) -> None:
        self._world = world
        self._help = help_
        self.plan = world.plan.markets[index]
        self.advertised: dict[int, Vacancy] = {}
        self._layers = 0
        mine = [p.choice_weight * p.fte for p in world.plan.posts if p.market == index]
        self._largest_value = max(mine, default=1.0)

    def advertise(self, vacancy: Vacancy) -> None:
        """Put a vacancy before candidates."""
        self.advertised[vacancy.post.number] = vacancy
        self.open_layers()

    def withdraw(self, vacancy: Vacancy) -> None:
        """Take a vacancy off the market."""
        self.advertised.pop(vacancy.post.number, None)

    def ratio(self) -> float:
        """R / A: the rate of suitable candidates now, over its reference."""
        plan = self.plan
        if plan.candidates_per_day <= 0.0:
            return 0.0
        total = attracted = 0.0
        for number in sorted(self.advertised):
            post = self.advertised[number].post
            total += post.plan.choice_weight * post.fte
            attracted += post.pull * post.fte
        ratio = candidate_rate_ratio(
            total,
            plan.reference_fte,
            plan.vacancy_elasticity,
            attracted / total if total > 0.0 else 1.0,
            plan.year_multipliers[self._world.year],
        )
        return capped_ratio(
            ratio, plan.candidates_per_day, plan.cap_per_post_per_day, len(self.advertised)
        )

    def open_layers(self) -> None:
        """Start as many streams as the rate in force can need; one too many does no harm.

        The bound takes every advertised post to be a full-time one of the most attractive kind, so
        that it costs nothing to compute whenever a post is advertised.
        """
        world, plan = self._world, self.plan
        if plan.candidates_per_day <= 0.0:
            return
        most = max(1.0, *world.attractiveness.values()) if world.attractiveness else 1.0
        bound = candidate_rate_ratio(
            len(self.advertised) * self._largest_value,
            plan.reference_fte,
            plan.vacancy_elasticity,
            most * self._help.largest_pull,
            plan.year_multipliers[world.year],
        )
        while self._layers < bound:
            self._world.env.process(self._stream(self._layers))
            self._layers += 1

    def _stream(self, layer: int) -> Process:
        """One layer of candidates, its times fixed from day 0 whenever the layer is opened."""
        world, plan = self._world, self.plan
        stream = join(plan.key, layer)
        day, k = 0.0, 0
        while True:
            gap = exponential(world.fates.uniform(Purpose.CANDIDATE_GAP, stream, k))
            day += gap / plan.candidates_per_day
            k += 1
            if day < world.now:
                continue
            yield world.env.timeout(day - world.now)
            there = world.fates.uniform(Purpose.CANDIDATE_THERE, stream, k)
            if layer + there < self.ratio():
                self._choose(join(stream, k))

    def _choose(self, person: int) -> None:
        """A candidate takes the advertised post that wins an exponential race keyed by both."""
        fates = self._world.fates
        best, winner = math.inf, None
        for number in sorted(self.advertised):
            post = self.advertised[number].post
            luck = fates.uniform(Purpose.CANDIDATE_CHOICE, person, post.plan.key)
            time = race_time(luck, post.pull * post.fte)
            if time < best:
                best, winner = time, self.advertised[number]
        if winner is not None:
            accepts = fates.uniform(Purpose.OFFER_ACCEPTED, person) < self.plan.acceptance
            drops = fates.uniform(Purpose.DROP_OUT, person) < self._drop_out(winner)
            self.withdraw(winner)
            self._world.tell("candidate", winner.post, f"candidate {person:016x}"[:18])
            winner.stage = Stage.IN_HAND
            winner.taken.succeed(Candidate(person, Route.EXPERIENCED, accepts, drops))

    def _drop_out(self, vacancy: Vacancy) -> float:
        return self.plan.drop_out * self._help.drop_out(vacancy.post)


class Hiring:
    """Opens vacancies and sees them through to a start."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._help = Help(world)
        self.markets = [LabourMarket(world, i, self._help) for i in range(len(world.plan.markets))]
        self.redeployment: Redeployment
        self._careers: Careers
        self._mean_pulls: dict[Role, float] = {}

    def connect(self, careers: Careers, agency: AgencyDesk) -> None:
        """Tell it who looks after people and agency cover."""
        self._careers = careers
        self.redeployment = Redeployment(self._world, self.markets, agency)

    # -- vacancies -----------------------------------------------------------------------------

    def new_vacancy(self, post: Post, leaver: Worker | None, opened_day: float) -> Vacancy:
        """A vacancy's record, not yet alive."""
        vacancy = Vacancy(post, post.vacancies, opened_day, leaver, self._world.env.event())
        post.vacancies += 1
        post.vacancy = vacancy
        return vacancy

    def open_vacancy(self, post: Post, leaver: Worker | None) -> None:
        """A holder resigned, or a new post was funded: hiring begins, unless the post is to go."""
        if self._world.is_supernumerary(post) or post.plan.last_hiring_day <= self._world.now:
            return
        vacancy = self.new_vacancy(post, leaver, self._world.now)
        self._world.env.process(self.life(vacancy))

    def take(self, vacancy: Vacancy, candidate: Candidate) -> None:
        """Give an advertised vacancy to someone who does not come through the market."""
        self.markets[vacancy.post.plan.market].withdraw(vacancy)
        vacancy.stage = Stage.IN_HAND
        vacancy.taken.succeed(candidate)

    def close(self, vacancy: Vacancy) -> None:
        """The post closes: the vacancy is over wherever it stands."""
        self.markets[vacancy.post.plan.market].withdraw(vacancy)
        self._world.end_vacancy(vacancy.post, Stage.CLOSED)

    def life(self, vacancy: Vacancy, elapsed: float = 0.0) -> Process:
        """Approval, an offer inside, then the market until somebody starts."""
        market = self.markets[vacancy.post.plan.market].plan
        approval = market.approval_days * self._help.steps(vacancy.post)
        yield self._world.env.timeout(max(0.0, approval - elapsed))
        if vacancy.is_over():
            return
        vacancy.advertised_day = self._world.now
        self._world.tell("advertised", vacancy.post)
        if self._inside_succeeds(vacancy):
            days = self._world.plan.internal.appointment_days
            appointed = yield from self.internal(vacancy, days)
            if appointed:
                return
        yield from self.market(vacancy)

    def market(self, vacancy: Vacancy) -> Process:
        """Advertise until a candidate starts; an offer that falls through begins it again."""
        while not vacancy.is_over():
            vacancy.stage = Stage.ADVERTISED
            if self._place_waiting(vacancy):
                return
            vacancy.taken = self._world.env.event()
            self.markets[vacancy.post.plan.market].advertise(vacancy)
            candidate = yield vacancy.taken
            started = yield from self.offer(vacancy, candidate)
            if started:
                return

    def offer(
        self,
        vacancy: Vacancy,
        candidate: Candidate,
        selection_days: float | None = None,
        ready_days: float | None = None,
    ) -> Process:
        """From a candidate in hand to the first day; True if the candidate started.

        The two lengths are given for those part-served on day 0: `selection_days` is 0 when the
        offer has been accepted already.
        """
        world, env = self._world, self._world.env
        market = self.markets[vacancy.post.plan.market].plan
        if candidate.ready_day is None:
            if selection_days is None:
                selection_days = market.selection_days * self._help.steps(vacancy.post)
            yield env.timeout(selection_days)
            if vacancy.is_over():
                return False
            world.tell("offer", vacancy.post, detail="" if candidate.accepts else "declined")
            if not candidate.accepts:
                return False
            served = 0.0 if ready_days is None else market.ready_days - ready_days
            wait = ready_days
            if wait is None:
                wait = self._help.ready_days(vacancy.post, market)
            vacancy.offered_day = world.now - served
        else:
            vacancy.offered_day = world.now
            wait = candidate.ready_day - world.now
        if candidate.route is not Route.AGENCY_CONVERSION:
            vacancy.agreed_day = vacancy.offered_day
        started = yield from self._await_start(vacancy, candidate, max(0.0, wait))
        return started

    def _await_start(self, vacancy: Vacancy, candidate: Candidate, days: float) -> Process:
        """From an accepted offer to the first day; True if the candidate started in the post."""
        yield self._world.env.timeout(days)
        if candidate.drops_out:
            if not vacancy.is_over():
                vacancy.agreed_day = -math.inf
                self._world.tell("drops out", vacancy.post)
            return False
        if not vacancy.is_over():
            yield from self._leaver_gone(vacancy)
        if vacancy.is_over():
            self._start_elsewhere(vacancy, candidate)
            return False
        self.start(vacancy, candidate)
        return True

    def start(self, vacancy: Vacancy, candidate: Candidate) -> None:
        """The first day of someone from outside."""
        world, post = self._world, vacancy.post
        worker = world.new_worker(candidate.key, candidate.route, post, world.now)
        self.redeployment.take_up(vacancy, worker)
        world.count_start(vacancy, worker)
        if candidate.group is not None:
            self._careers.joins(worker, candidate.group)
        world.tell("starts", post, worker.name, f"route: {candidate.route.name.lower()}")
        world.env.process(self._careers.life(worker))

    def _start_elsewhere(self, vacancy: Vacancy, candidate: Candidate) -> None:
        """Someone was to start in a post that has ended: in another one, or not at all.

        Of posts that closed because nobody pays for them the offers end.
        """
        if not vacancy.post.has_ended or candidate.route in _HERE_ALREADY:
            return
        other = self.redeployment.elsewhere(vacancy.post, candidate)
        if other is None:
            self._world.tell("offer withdrawn", vacancy.post)
        else:
            self.start(other, candidate)

    def _leaver_gone(self, vacancy: Vacancy) -> Process:
        """Nobody starts before the post's leaver has left."""
        leaver = vacancy.leaver
        if leaver is not None and not leaver.gone and not leaver.left.triggered:
            yield leaver.left

    def _place_waiting(self, vacancy: Vacancy) -> bool:
        """A post that comes to the market goes first to somebody here who has none."""
        if vacancy.post.holder is not None:
            return False
        if self.redeployment.fill(vacancy):
            return True
        worker = self.redeployment.arrival_for(vacancy.post)
        if worker is None:
            return False
        self.move(vacancy, worker)
        return True

    # -- inside --------------------------------------------------------------------------------

    def _inside_succeeds(self, vacancy: Vacancy) -> bool:
        """Whether a post, first advertised, finds somebody inside: a chance times its pull."""
        world, post = self._world, vacancy.post
        chance = world.plan.internal.chance.get(post.role, 0.0)
        if chance <= 0.0:
            return False
        key = join(post.plan.key, vacancy.number)
        luck = world.fates.uniform(Purpose.INTERNAL_OFFER, key)
        return luck < chance * pull_over(post.pull, self._mean_pull(post.role))

    def refresh(self) -> None:
        """The monthly review: pay and years change how many come and what draws those inside."""
        self._mean_pulls.clear()
        self._help.refresh()
        changed = self._world.attractiveness
        if changed or self._world.plan.help:
            for post in self._world.posts:
                pull = post.plan.choice_weight * changed.get((post.team, post.role), 1.0)
                post.pull = pull * self._help.pull(post)
        for market in self.markets:
            market.open_layers()

    def _mean_pull(self, role: Role) -> float:
        """Mean attractiveness over all posts of a role, taken once a month when first asked for."""
        if role not in self._mean_pulls:
            posts = [p for p in self._world.posts if p.role is role and p.is_open]
            fte = math.fsum(p.fte for p in posts)
            self._mean_pulls[role] = math.fsum(p.pull * p.fte for p in posts) / fte
        return self._mean_pulls[role]

    def internal(self, vacancy: Vacancy, days: float) -> Process:
        """An appointment from inside; True if somebody moved in."""
        vacancy.stage = Stage.INTERNAL
        vacancy.agreed_day = self._world.now
        yield self._world.env.timeout(days)
        if vacancy.is_over():
            return False
        yield from self._leaver_gone(vacancy)
        if vacancy.is_over():
            return False
        mover = self._choose_mover(vacancy.post)
        if mover is None:
            vacancy.agreed_day = -math.inf
            return False
        vacancy.offered_day = self._world.now
        self.move(vacancy, mover)
        return True

    def _choose_mover(self, post: Post) -> Worker | None:
        """An exponential race keyed (worker, post) among those eligible by role and tenure."""
        world = self._world
        roles = _PROMOTED_FROM.get(post.role, ())
        latest = world.now - world.plan.internal.minimum_tenure_days
        best, winner = math.inf, None
        for origin in world.posts:
            worker = origin.holder
            if worker is None or origin.role not in roles or worker.under_notice:
                continue
            if worker.joined_day > latest or (
                origin.role is post.role and origin.team == post.team
            ):
                continue
            luck = world.fates.uniform(
                Purpose.INTERNAL_CHOICE, worker.key, post.plan.key + post.vacancies
            )
            time = race_time(luck, pull_over(post.pull, origin.pull))
            if time < best:
                best, winner = time, worker
        return winner

    def move(self, vacancy: Vacancy, worker: Worker) -> None:
        """An internal appointment: it opens the mover's own post."""
        origin = worker.post
        self.redeployment.change_posts(vacancy, worker)
        self.open_vacancy(origin, None)
        self._careers.post_falls_empty(origin)
