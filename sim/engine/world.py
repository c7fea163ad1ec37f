"""The state of one run and its few transitions.

Every change of a post's state goes through here, so that a post is always in exactly one state and
its FTE is counted once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import simpy

from sim.config.roles import Role
from sim.engine.entities import Post, Route, Stage, Vacancy, Worker
from sim.engine.records import Recorder, VacancyRecord
from sim.engine.rules import exponential
from sim.engine.trace import Listener, TraceEvent
from sim.inputs.fates import Fates, Purpose
from sim.inputs.plan import BASELINE_LINE, EXITS, SUPERNUMERARY_LINE, Plan
from sim.inputs.position import PostState

if TYPE_CHECKING:
    from sim.engine.cases import Case, CaseHolder

_STARTER_FLOW = {
    Route.EXPERIENCED: "starters_experienced",
    Route.NEWLY_QUALIFIED: "starters_newly_qualified",
    Route.AGENCY_CONVERSION: "starters_agency_conversion",
    Route.RECODED: "other_net_change",
    Route.OVERSEAS: "starters_overseas",
    Route.BURSARY: "starters_bursary",
    Route.APPRENTICE: "starters_apprentice",
}


class People(Protocol):
    """Told of everyone who may hold cases."""

    def worker_comes(self, worker: Worker) -> None:
        """A permanent worker takes up `worker.post`."""

    def worker_goes(self, worker: Worker) -> None:
        """A permanent worker leaves the post."""

    def worker_stays(self, worker: Worker) -> None:
        """A permanent worker has taken up another post of the team and role."""

    def cover_comes(self, post: Post) -> None:
        """Agency cover of a post begins."""

    def cover_goes(self, post: Post) -> None:
        """Agency cover of a post ends."""

    def above_comes(self, team: int) -> CaseHolder:
        """An agency worker above establishment begins."""

    def above_goes(self, holder: CaseHolder) -> None:
        """An agency worker above establishment ends."""


class World:
    """Posts, people and clock of one run."""

    def __init__(self, plan: Plan, fates: Fates, listener: Listener | None) -> None:
        self.plan = plan
        self.fates = fates
        # Not SimPy's whole 0: the clock is of one type from the first event to the last.
        self.env = simpy.Environment(initial_time=0.0)
        self.recorder = Recorder(plan)
        self.posts: list[Post] = []
        self.workers: list[Worker] = []
        self.review: simpy.Event = self.env.event()
        self._listener = listener
        self.people: People | None = None
        """Who is told when people who may hold cases come and go; None without casework."""

    @property
    def now(self) -> float:
        """Simulated day."""
        return self.env.now

    @property
    def period(self) -> int:
        """Index of the period."""
        return self.recorder.period

    @property
    def year(self) -> int:
        """Index of the yearly multipliers in force."""
        return self.plan.year_of_period[self.recorder.period]

    @property
    def attractiveness(self) -> dict[tuple[int, Role], float]:
        """Attractiveness of (team, role) relative to the baseline on day 0, where not 1."""
        return self.plan.attractiveness[self.recorder.period]

    @property
    def next_boundary(self) -> float:
        """Day of the next monthly review."""
        return self.plan.boundaries[self.recorder.period + 1]

    def tell(
        self,
        what: str,
        post: Post | None = None,
        person: str = "",
        detail: str = "",
        team: int = -1,
    ) -> None:
        """Count an event and, where someone listens, tell it with names."""
        self.recorder.events += 1
        if self._listener is not None:
            index = post.team if post is not None else team
            name = self.plan.team_names[index] if index >= 0 else ""
            post_name = post.plan.name if post is not None else ""
            self._listener(TraceEvent(self.now, what, name, post_name, person, detail))

    def tell_case(
        self, what: str, case: Case, team: int, person: str = "", detail: str = ""
    ) -> None:
        """Tell an event of a child's case, where someone listens."""
        if self._listener is not None:
            name = self.plan.team_names[team]
            self._listener(TraceEvent(self.now, what, name, "", person, detail, case.name))

    @property
    def is_traced(self) -> bool:
        """Whether someone listens."""
        return self._listener is not None

    # -- people --------------------------------------------------------------------------------

    def new_worker(self, key: int, route: Route, post: Post, joined_day: float) -> Worker:
        """A person with their own luck: one unit-exponential threshold per exit."""
        luck = [
            exponential(self.fates.uniform(Purpose.EXIT_THRESHOLD, key, exit_))
            for exit_ in range(3)
        ]
        worker = Worker(key, len(self.workers), route, post, joined_day, luck, self.env.event())
        self.workers.append(worker)
        return worker

    # -- posts ---------------------------------------------------------------------------------

    def set_state(self, post: Post, state: PostState) -> None:
        """Move a post to another state."""
        self.recorder.shift(self.now, post.plan.account, post.hundredths, post.state, state)
        old, post.state = post.state, state
        if self.people is not None:
            if state is PostState.COVERED:
                self.people.cover_comes(post)
            elif old is PostState.COVERED:
                self.people.cover_goes(post)

    def seat(self, post: Post, worker: Worker, stays: bool = False) -> None:
        """Give a vacant post its holder; one who `stays` in team and role keeps her cases."""
        if post.holder is not None:
            raise RuntimeError(f"{post.plan.name} already has a holder")
        post.holder = worker
        worker.post = post
        if self.people is not None:
            if stays:
                self.people.worker_stays(worker)
            else:
                self.people.worker_comes(worker)
        self.set_state(post, PostState.FILLED)
        self.recorder.in_post(post.role, worker.route, post.hundredths)
        if post.is_target:
            post.target_held = True
            self.recorder.target_held(post.plan.market, 1.0)

    def unseat(self, post: Post, leaver: Worker, stays: bool = False) -> None:
        """Take a holder off a post, uncovered until cover comes; who `stays` keeps her cases."""
        if post.holder is not leaver:
            raise RuntimeError(f"{leaver.name} doesn't hold {post.plan.name}")
        post.holder = None
        self.set_state(post, PostState.UNCOVERED)
        self.recorder.in_post(post.role, leaver.route, -post.hundredths)
        if self.people is not None and not stays:
            self.people.worker_goes(leaver)
        if post.target_held:
            post.target_held = False
            self.recorder.target_held(post.plan.market, -1.0)

    def close_post(self, post: Post) -> None:
        """Take a vacant post out of the establishment."""
        if post.holder is not None:
            raise RuntimeError(f"{post.plan.name} can't close while it is held")
        self.end_vacancy(post, Stage.CLOSED)
        self.set_state(post, PostState.CLOSED)
        self.tell("post closes", post)

    def end_vacancy(self, post: Post, stage: Stage) -> None:
        """End a post's vacancy; its processes find it over when they wake."""
        if post.vacancy is not None:
            post.vacancy.stage = stage
            post.vacancy = None

    # -- flows ---------------------------------------------------------------------------------

    def count_start(self, vacancy: Vacancy | None, worker: Worker) -> None:
        """Count someone who joined the council."""
        post = worker.post
        self.recorder.flow(_STARTER_FLOW[worker.route], post.plan.account, post.hundredths)
        for item in self.plan.pipelines.inductions:
            in_force = item.start_day <= self.now < item.end_day
            if in_force and worker.route in item.routes and (post.team, post.role) in item.cells:
                self.recorder.count_line("starts", item.line, item.share)
        if vacancy is not None and worker.route is not Route.RECODED:
            self.recorder.vacancy(
                VacancyRecord(
                    post.number,
                    post.plan.account,
                    vacancy.opened_day,
                    vacancy.advertised_day,
                    vacancy.offered_day,
                    self.now,
                    int(worker.route),
                )
            )

    def count_leaver(self, worker: Worker) -> None:
        """Count someone who left the council."""
        post = worker.post
        self.recorder.flow(f"leavers_{EXITS[worker.exit]}", post.plan.account, post.hundredths)

    def is_supernumerary(self, post: Post) -> bool:
        """Whether a post exists only until its holder finds another."""
        return self.plan.accounts[post.plan.account].line == SUPERNUMERARY_LINE

    def is_baseline(self, post: Post) -> bool:
        """Whether a post belongs to the establishment of day 0 and its growth."""
        return self.plan.accounts[post.plan.account].line == BASELINE_LINE
