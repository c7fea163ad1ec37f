"""Agency staff: cover for vacancies, and places above establishment."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.engine.entities import Candidate, Process, Route, SimEvent, Stage, Vacancy
from sim.engine.rules import above_establishment_kept, exponential
from sim.engine.world import World
from sim.inputs.fates import Purpose, join, key_of
from sim.inputs.plan import HUNDREDTHS
from sim.inputs.position import PostState

if TYPE_CHECKING:
    from sim.engine.cases import CaseHolder
    from sim.engine.hiring import Hiring
    from sim.engine.load import Load

REVIEW_MONTHS = (1, 4, 7, 10)


@dataclass(slots=True)
class _Place:
    """A place above establishment; `let_go` is its end while it is wanted, None otherwise."""

    key: int
    people: int = 0
    let_go: SimEvent | None = None


class AgencyDesk:
    """Asks for cover, and reviews the staff above establishment."""

    def __init__(self, world: World, load: Load) -> None:
        self._world = world
        self._load = load
        self._hiring: Hiring
        self._places: list[list[_Place]] = [[] for _ in world.plan.team_keys]

    def connect(self, hiring: Hiring) -> None:
        """Tell it who turns cover into permanent staff."""
        self._hiring = hiring

    # -- cover ---------------------------------------------------------------------------------

    def post_is_empty(self, vacancy: Vacancy) -> None:
        """A vacancy whose post stands empty asks for cover, where its role can have any."""
        if self._world.plan.markets[vacancy.post.plan.market].gets_agency_cover:
            self._world.env.process(self.cover(vacancy, PostState.UNCOVERED))

    def cover(self, vacancy: Vacancy, state: PostState, asked: bool = False) -> Process:
        """Cover for one vacancy: request, search, assignment, and again until it is filled.

        Args:
            vacancy: the vacancy.
            state: COVERED to begin inside an assignment (start position).
            asked: begin in the search, the request already made (start position).
        """
        world, env = self._world, self._world.env
        while not vacancy.is_over():
            if state is PostState.UNCOVERED:
                if not asked:
                    yield env.timeout(self._luck(vacancy, Purpose.COVER_REQUEST, self._request))
                asked = False
                rate = self._arrival_rate(vacancy)
                if rate <= 0.0:
                    return
                yield env.timeout(self._luck(vacancy, Purpose.COVER_SEARCH, 1.0 / rate))
                if vacancy.is_over():
                    return
                world.set_state(vacancy.post, PostState.COVERED)
                self._count("agency_cover_starts", vacancy)
                world.tell("agency cover begins", vacancy.post, self._agency_name(vacancy))
            yield from self._assignment(vacancy)
            state = PostState.UNCOVERED

    @property
    def _request(self) -> float:
        return self._world.plan.agency.request_days

    def _arrival_rate(self, vacancy: Vacancy) -> float:
        agency, team = self._world.plan.agency, vacancy.post.team
        rate = agency.arrivals_per_day[team] * agency.year_multipliers[self._world.year]
        if not agency.cover_effects:
            return rate
        effects = agency.cover_effects[self._world.period]
        return rate * effects.get((team, vacancy.post.role), 1.0)

    def _assignment(self, vacancy: Vacancy) -> Process:
        """An agency worker stays, and may turn permanent while the post is on the market."""
        world, env, plan = self._world, self._world.env, self._world.plan.agency
        stay = self._luck(vacancy, Purpose.COVER_ASSIGNMENT, plan.assignment_days)
        converts = float("inf")
        if plan.conversion_per_day > 0.0:
            converts = self._luck(vacancy, Purpose.COVER_CONVERSION, 1 / plan.conversion_per_day)
        person = self._key(vacancy)
        if converts < stay:
            yield env.timeout(converts)
            if vacancy.is_over():
                return
            if vacancy.stage is Stage.ADVERTISED:
                candidate = Candidate(person, Route.AGENCY_CONVERSION, True, False, world.now)
                self._hiring.take(vacancy, candidate)
                return
            stay -= converts
        yield env.timeout(stay)
        if vacancy.is_over():
            return
        vacancy.covers += 1
        world.set_state(vacancy.post, PostState.UNCOVERED)
        self._count("agency_cover_ends", vacancy)
        world.tell("agency cover ends", vacancy.post)

    def end_cover(self, vacancy: Vacancy) -> None:
        """The post is filled: cover goes, after what is left of the notice.

        Notice is given when the start is agreed; if it runs past the start, the agency worker
        stays above establishment until it ends.
        """
        world = self._world
        self._count("agency_cover_ends", vacancy)
        notice = world.plan.agency.notice_on(vacancy.agreed_day)
        left = vacancy.agreed_day + notice - world.now
        if left > 0.0:
            world.env.process(self._overlap(vacancy.post.team, vacancy.post.hundredths, left))

    def _overlap(self, team: int, hundredths: int, days: float) -> Process:
        self._world.recorder.shift_above(self._world.now, team, hundredths)
        yield self._world.env.timeout(days)
        self._world.recorder.shift_above(self._world.now, team, -hundredths)

    def _count(self, flow: str, vacancy: Vacancy) -> None:
        self._world.recorder.flow(flow, vacancy.post.plan.account, vacancy.post.hundredths)

    def _key(self, vacancy: Vacancy) -> int:
        return join(join(vacancy.post.plan.key, vacancy.number), 1000 + vacancy.covers)

    def _luck(self, vacancy: Vacancy, purpose: Purpose, mean: float) -> float:
        key = join(vacancy.post.plan.key, vacancy.number)
        return mean * exponential(self._world.fates.uniform(purpose, key, vacancy.covers))

    @staticmethod
    def _agency_name(vacancy: Vacancy) -> str:
        return f"agency worker {vacancy.number}.{vacancy.covers + 1}"

    # -- above establishment -------------------------------------------------------------------

    def open_places(self) -> None:
        """Day 0: the places above establishment, each with an assignment part-served."""
        for team, count in enumerate(self._world.plan.agency.above_start):
            self._set_places(team, count)

    def review_above(self) -> None:
        """The quarterly review: how many staff above establishment each team keeps."""
        world, agency = self._world, self._world.plan.agency
        period = world.period
        month = world.plan.period_dates[period].month
        if agency.above_published is not None:
            self._impose(agency.above_published[period])
        elif month in REVIEW_MONTHS:
            shift = agency.above_shift_fte[world.year] / max(1, sum(agency.above_start))
            for team, start in enumerate(agency.above_start):
                over = self._load.fte_over_trigger(team)
                most = max(start, agency.above_most[team])
                kept = above_establishment_kept(agency.release, over, start, most)
                self._set_places(team, max(0, math.floor(kept + shift * start + 0.5)))

    def _impose(self, published: tuple[float, ...]) -> None:
        """A rerun: places by team that follow the published number, rounding carried over teams."""
        total, placed = 0.0, 0
        for team, fte in enumerate(published):
            total += fte
            count = int(total + 0.5) - placed
            placed += count
            self._set_places(team, count)

    def _set_places(self, team: int, count: int) -> None:
        places = self._places[team]
        while len(places) < count:
            places.append(_Place(key_of(f"above {self._world.plan.team_keys[team]} {len(places)}")))
        for index, place in enumerate(places):
            if index < count and place.let_go is None:
                place.let_go = self._world.env.event()
                self._world.env.process(self._place(team, place, place.let_go))
            elif index >= count and place.let_go is not None:
                place.let_go.succeed()
                place.let_go = None

    def _place(self, team: int, place: _Place, let_go: SimEvent) -> Process:
        """One place above establishment: assignments follow one another until it is let go."""
        world, plan = self._world, self._world.plan.agency
        world.recorder.shift_above(world.now, team, HUNDREDTHS)
        before = None
        while not let_go.triggered:
            luck = world.fates.uniform(Purpose.ABOVE_ASSIGNMENT, place.key, place.people)
            place.people += 1
            before = self._next_person(team, before)
            world.tell("agency above establishment", person=f"person {place.people}", team=team)
            yield world.env.timeout(plan.assignment_days * exponential(luck)) | let_go
        yield world.env.timeout(plan.notice_on(world.now))
        world.recorder.shift_above(world.now, team, -HUNDREDTHS)
        if world.people is not None and before is not None:
            world.people.above_goes(before)
        world.tell("agency above establishment ends", team=team)

    def _next_person(self, team: int, before: CaseHolder | None) -> CaseHolder | None:
        """A new agency worker sits down in a place, and the one before gets up."""
        people = self._world.people
        if people is None:
            return None
        holder = people.above_comes(team)
        if before is not None:
            people.above_goes(before)
        return holder
