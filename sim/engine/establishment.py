"""Posts that open and close, and people who join or leave the count without being hired."""

from __future__ import annotations

from collections.abc import Iterator

from sim.config.roles import Role
from sim.engine.agency import AgencyDesk
from sim.engine.careers import Careers
from sim.engine.entities import Candidate, Post, Process, Route, Stage, Worker
from sim.engine.hiring import Hiring
from sim.engine.world import World
from sim.inputs.fates import Purpose, join
from sim.inputs.plan import HUNDREDTHS, hundredths
from sim.inputs.position import PostState

_COUNTED = (Role.SOCIAL_WORKER, Role.SENIOR_PRACTITIONER)
SMALLEST_FTE = 0.05
"""What is less than this of an FTE waits for more, of what joins or leaves the count."""
SMALLEST_CUT = hundredths(SMALLEST_FTE)
"""The same of what is to be closed, in hundredths."""


class Establishment:
    """Changes to the set of posts, on their dates."""

    def __init__(self, world: World, hiring: Hiring, careers: Careers, agency: AgencyDesk) -> None:
        self._world = world
        self._hiring = hiring
        self._careers = careers
        self._agency = agency
        # What falls due in the first period, which no review opens, waits for the first review.
        self._to_close = hundredths(world.plan.establishment_closures[0])
        self._to_recode = world.plan.other_net_change[0]

    # -- dated posts ---------------------------------------------------------------------------

    def dated(self, post: Post) -> Process:
        """A post that opens, or closes, on a date of its own."""
        world, plan = self._world, post.plan
        if post.state is PostState.NOT_OPEN:
            yield world.env.timeout(plan.start_day - world.now)
            self.open(post)
        if plan.lapse_day < world.plan.horizon:
            yield world.env.timeout(plan.lapse_day - world.now)
            self.lapse(post)
        if plan.end_day < world.plan.horizon:
            yield world.env.timeout(plan.end_day - world.now)
            yield from self.end(post)

    def open(self, post: Post) -> None:
        """A post is funded: vacant from now on."""
        self._world.set_state(post, PostState.UNCOVERED)
        self._world.tell("post opens", post)
        self._hiring.open_vacancy(post, None)
        self._careers.post_falls_empty(post)

    def lapse(self, post: Post) -> None:
        """Nobody pays for a post any more: if it is held, it goes with its holder.

        Whoever is to follow a leaver under notice does not come.
        """
        self._world.tell("post no longer funded", post)
        if post.holder is None:
            self.close(post)
        elif post.vacancy is not None:
            self._hiring.close(post.vacancy)

    def end(self, post: Post) -> Process:
        """A post's term is over. Its holder goes to another post, or leaves after notice.

        Until then she is supernumerary in it. Who is under notice already serves that.
        """
        world, holder = self._world, post.holder
        if post.state is PostState.CLOSED:
            return
        post.has_ended = True
        if holder is None:
            self.close(post)
            return
        if post.vacancy is not None:
            self._hiring.close(post.vacancy)
        world.tell("post ends", post, holder.name)
        if holder.under_notice or self._hiring.redeployment.redeploy(holder):
            return
        yield world.env.timeout(world.plan.markets[post.plan.market].notice_days)
        if post.holder is holder:
            self._careers.end_contract(holder)

    def close(self, post: Post) -> None:
        """A vacant post closes."""
        if post.state is PostState.CLOSED:
            return
        if post.state is PostState.COVERED:
            self._world.recorder.flow("agency_cover_ends", post.plan.account, post.hundredths)
        if post.vacancy is not None:
            self._hiring.close(post.vacancy)
        self._world.close_post(post)

    # -- the council's own establishment -------------------------------------------------------

    def monthly(self) -> None:
        """The monthly review: close what is to be closed, recode what is to be recoded."""
        period = self._world.period
        self._to_close += hundredths(self._world.plan.establishment_closures[period])
        self._to_recode += self._world.plan.other_net_change[period]
        self._close_vacant()
        self._recode()

    def _close_vacant(self) -> None:
        """Close vacant posts, uncovered ones first, until the hundredths owed are closed.

        What can't be closed now waits until posts fall vacant: nobody is dismissed.
        """
        if self._to_close < SMALLEST_CUT:
            return
        fates = self._world.fates
        vacant = [p for p in self._world.posts if self._may_close(p)]
        vacant.sort(
            key=lambda p: (
                p.state is PostState.COVERED,
                fates.uniform(Purpose.POST_CLOSURE, p.plan.key),
            )
        )
        for post in vacant:
            if self._to_close < SMALLEST_CUT:
                return
            if post.hundredths <= self._to_close + SMALLEST_CUT:
                self._to_close -= post.hundredths
                self.close(post)
            elif post.state is PostState.UNCOVERED:
                self._cut_hours(post, self._to_close)
                self._to_close = 0

    def _cut_hours(self, post: Post, cut: int) -> None:
        self._world.recorder.shift(
            self._world.now, post.plan.account, cut, post.state, PostState.CLOSED
        )
        post.hundredths -= cut
        post.fte = post.hundredths / HUNDREDTHS
        self._world.tell("post's hours cut", post, detail=f"by {cut / HUNDREDTHS:.2f} FTE")

    def _may_close(self, post: Post) -> bool:
        return (
            post.is_vacant
            and post.role in _COUNTED
            and self._world.is_baseline(post)
            and post.vacancy is not None
            and post.vacancy.stage in (Stage.APPROVAL, Stage.ADVERTISED)
        )

    # -- other net change ----------------------------------------------------------------------

    def _recode(self) -> None:
        """People who join or leave the count through hours, re-coding or transfer."""
        if self._to_recode > SMALLEST_FTE:
            for post in self._recodable_posts():
                if post.fte <= self._to_recode + SMALLEST_FTE:
                    self._to_recode -= post.fte
                    self._join_count(post)
        elif self._to_recode < -SMALLEST_FTE:
            for worker in self._recodable_workers():
                if worker.post.fte <= -self._to_recode + SMALLEST_FTE:
                    self._to_recode += worker.post.fte
                    self._leave_count(worker)

    def _recodable_posts(self) -> Iterator[Post]:
        fates = self._world.fates
        posts = [
            p
            for p in self._world.posts
            if p.role in _COUNTED
            and p.is_vacant
            and p.vacancy is not None
            and p.vacancy.stage is Stage.ADVERTISED
            and p.fte <= self._to_recode + SMALLEST_FTE
        ]
        return iter(
            sorted(posts, key=lambda p: fates.uniform(Purpose.RECODING, p.plan.key, p.vacancies))
        )

    def _recodable_workers(self) -> Iterator[Worker]:
        fates = self._world.fates
        workers = [
            p.holder
            for p in self._world.posts
            if p.role in _COUNTED
            and p.holder is not None
            and not p.holder.under_notice
            and p.fte <= -self._to_recode + SMALLEST_FTE
        ]
        return iter(sorted(workers, key=lambda w: fates.uniform(Purpose.RECODING, w.key)))

    def _join_count(self, post: Post) -> None:
        assert post.vacancy is not None
        key = join(join(post.plan.key, post.vacancies), Purpose.RECODING)
        self._hiring.take(post.vacancy, Candidate(key, Route.RECODED, True, False, self._world.now))

    def _leave_count(self, worker: Worker) -> None:
        world, post = self._world, worker.post
        worker.gone = True
        world.recorder.flow("other_net_change", post.plan.account, -post.hundredths)
        world.unseat(post, worker)
        world.tell("leaves the count", post, worker.name)
        self._hiring.open_vacancy(post, None)
        self._careers.post_falls_empty(post)
