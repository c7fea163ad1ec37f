"""A child's case as a story: referral, assessment, plans, court, care, closing (model.md 3)."""

from __future__ import annotations

import math
from collections.abc import Callable

import simpy

from sim.config.casework import STAGES
from sim.dates import DAYS_PER_YEAR
from sim.engine.case_records import CaseRecorder, CaseRecords, PlanRecord
from sim.engine.cases import Case, Cause
from sim.engine.desks import SOCIAL_WORKERS, Desks
from sim.engine.entities import Process
from sim.engine.rules import (
    exponential,
    lognormal_days,
    luck_place,
    normal_score,
    puts_off_review,
)
from sim.engine.story import UNTIL_DONE, Stories, Story, Stretch
from sim.engine.world import World
from sim.inputs.case_flow import FIRST_YEAR_DAYS
from sim.inputs.casework_plan import (
    ASSESSMENT,
    CARE_LEAVER,
    CHILD_IN_NEED,
    COURT,
    DECISION,
    IN_CARE,
    LOOKED_AFTER_FIRST_YEAR,
    LOOKED_AFTER_SETTLED,
    ON_PLAN,
    PRE_PROCEEDINGS,
    PROTECTION_PLAN,
    SECTION_47,
    CaseworkPlan,
    Length,
    ReviewScheme,
    in_force,
)
from sim.inputs.fates import Purpose, join, key_of, luck_at, nth_key

CLOSED = -1
AGAIN = key_of("referred again")
_ENDS_AT_REVIEW, _ENDS_BETWEEN, _ASIDE = range(3)
"""How a stretch between reviews ends."""
_LANE, _RE_REFERRAL, _RE_REFERRAL_DELAY = range(3)
"""Places in a case's stream of luck that belong to the case as a whole."""
_OUTCOME, _LENGTH, _OFF_REVIEW, _REVIEWS = range(4)
"""Places within a visit to a stage; from _REVIEWS on two a review, the gap to it and its end."""


class Casework:
    """Children's cases, from referral to closing."""

    def __init__(self, world: World, plan: CaseworkPlan) -> None:
        self._world, self.plan = world, plan
        self._env = world.env
        self._traced = world.is_traced
        self._teams = len(world.plan.team_keys)
        self.recorder = CaseRecorder(plan, world.plan.boundaries, self._teams)
        self.stories = Stories(world.env, world.plan.horizon)
        self.desks = Desks(world, plan, self.recorder, self._moves, self.stories.go_on)
        self.open: dict[int, Case] = {}
        self._numbers = 0
        self._routes = [in_force(rules, 0.0) for rules in plan.routing]
        self._stories: tuple[Callable[[Case], Stretch], ...] = (
            self._decision,
            self._assessment,
            self._section_47,
            self._child_in_need,
            self._protection_plan,
            self._pre_proceedings,
            self._court,
            self._looked_after_first_year,
            self._looked_after_settled,
            self._care_leaver,
        )

    # -- demand --------------------------------------------------------------------------------

    def referrals(self) -> Process:
        """First referrals: a Poisson process whose rate is the month's; the n-th keeps its luck.

        The n-th arrives when the rate, accumulated over time, reaches the sum of n unit
        exponential gaps: another demand scenario moves referrals in time, and changes none.
        """
        env, rates, bounds = self._env, self.plan.referrals_per_day, self._world.plan.boundaries
        stream = key_of("referrals")
        gaps = self._world.fates.stream(Purpose.REFERRAL_GAP, stream)
        period, owed, number = 0, 0.0, 0
        day = 0.0
        while True:
            owed += exponential(luck_at(gaps, number))
            while owed > rates[period] * (bounds[period + 1] - day):
                owed -= rates[period] * (bounds[period + 1] - day)
                period += 1
                if period == len(rates):
                    return
                day = bounds[period]
            day += owed / rates[period]
            owed = 0.0
            yield env.timeout(day - env.now)
            self.refer(nth_key(stream, number))
            number += 1

    def refer(self, key: int, again: bool = False) -> None:
        """A child is referred."""
        case = self.new_case(key, self._env.now)
        team = self.team_of(DECISION, case.lane)
        self.recorder.flow("referrals", team)
        if again:
            self.recorder.flow("re_referrals", team)
        if self._traced:
            self._world.tell_case("referral", case, team, detail="referred again" if again else "")
        self.stories.begin(case, self.life(case, DECISION))

    def new_case(self, key: int, referred_day: float) -> Case:
        """A case's record."""
        self._numbers += 1
        luck = self._world.fates.stream(Purpose.CASE, key)
        case = Case(key, self._numbers, luck, luck_at(luck, _LANE), referred_day)
        self.open[case.number] = case
        return case

    def come_back(self, key: int, days: float) -> None:
        """A closed case will be referred again in some days."""
        if self._env.now + days < self._world.plan.horizon:
            self._env.timeout(days, key).callbacks.append(self._is_back)

    def _is_back(self, timer: simpy.Event) -> None:
        key: int = timer.value  # type: ignore[assignment]
        self.refer(key, again=True)

    def dated_rules(self) -> Process:
        """Law and routing change on their dates; who has a case keeps it until its next stage."""
        plan = self.plan
        for day in plan.change_days:
            yield self._env.timeout(day - self._env.now)
            self._routes = [in_force(rules, day) for rules in plan.routing]
            self.desks.allowed = [in_force(rules, day) for rules in plan.roles_from]

    # -- a life --------------------------------------------------------------------------------

    def life(self, case: Case, stage: int) -> Story:
        """From a stage to closing: each stage's story ends by naming the next."""
        while stage != CLOSED:
            stage = yield from self._stories[stage](case)
        self._close(case)

    def _decision(self, case: Case) -> Stretch:
        self._begin_work(case, DECISION)
        yield UNTIL_DONE
        if self._luck(case) < self.plan.shares.no_further_action:
            return CLOSED
        return ASSESSMENT

    def _assessment(self, case: Case) -> Stretch:
        shares = self.plan.shares
        self._begin_work(case, ASSESSMENT)
        yield UNTIL_DONE
        self._count_in_time(
            "assessments_ended", "assessments_in_time", case,
            case.referred_day, self.plan.assessment_limit,
        )  # fmt: skip
        luck = self._luck(case) - shares.not_in_need
        if luck < 0.0:
            return CLOSED
        case.assessed = True
        self.recorder.flow("episodes_started", case.team)
        luck -= shares.assessed_to_care
        if luck < 0.0:
            return LOOKED_AFTER_FIRST_YEAR
        return SECTION_47 if luck < shares.assessed_to_section_47 else CHILD_IN_NEED

    def _section_47(self, case: Case) -> Stretch:
        shares = self.plan.shares
        self._begin_work(case, SECTION_47)
        yield UNTIL_DONE
        luck = self._luck(case)
        if luck < shares.section_47_to_conference:
            self._count_in_time(
                "conferences", "conferences_in_time", case,
                case.begun, self.plan.conference_limit,
            )  # fmt: skip
        return PROTECTION_PLAN if luck < shares.section_47_to_plan else CHILD_IN_NEED

    def _child_in_need(self, case: Case) -> Stretch:
        scheme = self.plan.reviews[CHILD_IN_NEED]
        if not self._enter(case, CHILD_IN_NEED):
            self._first_review(case, scheme)
        yield from self._reviewed(case, scheme)
        if self._luck(case) < self.plan.shares.child_in_need_to_section_47:
            return SECTION_47
        return CLOSED

    def _protection_plan(self, case: Case) -> Stretch:
        """A plan begins, or goes on after pre-proceedings."""
        shares, scheme = self.plan.shares, self.plan.reviews[PROTECTION_PLAN]
        carried = self._enter(case, PROTECTION_PLAN)
        if case.plan_day == -math.inf:
            case.plan_day = self._env.now
            self.recorder.flow("plans_started", case.team)
            self._first_review(case, scheme)
        elif not carried:
            case.review_day = self._env.now + self._gap(case, scheme.following)
        outcome = yield from self._reviewed(case, scheme, shares.to_pre_proceedings)
        if outcome == _ASIDE:
            return PRE_PROCEEDINGS
        self._end_plan(case, outcome == _ENDS_BETWEEN)
        luck = self._luck(case)
        if luck < shares.plan_to_care:
            return LOOKED_AFTER_FIRST_YEAR
        rest = (luck - shares.plan_to_care) / (1.0 - shares.plan_to_care)
        return CHILD_IN_NEED if rest < shares.plan_to_child_in_need else CLOSED

    def _pre_proceedings(self, case: Case) -> Stretch:
        yield self._begin_calendar(case, PRE_PROCEEDINGS)
        if self._luck(case) < self.plan.shares.pre_proceedings_to_court:
            self._end_plan(case, off_review=False)
            return COURT
        return PROTECTION_PLAN

    def _court(self, case: Case) -> Stretch:
        yield self._begin_calendar(case, COURT)
        if self._luck(case) < self.plan.shares.court_to_looked_after:
            return LOOKED_AFTER_SETTLED
        return CLOSED

    def _looked_after_first_year(self, case: Case) -> Stretch:
        """A year in care, which a share leave at a constant rate before it is over."""
        self._enter(case, LOOKED_AFTER_FIRST_YEAR)
        share = self.plan.shares.leave_care_in_first_year
        rate = -math.log(1.0 - share) / FIRST_YEAR_DAYS
        left = case.begun + FIRST_YEAR_DAYS - self._env.now
        leaves = (
            exponential(luck_at(case.luck, luck_place(case.visits, _LENGTH))) / rate
            if rate
            else math.inf
        )
        yield min(leaves, left)
        return CLOSED if leaves < left else LOOKED_AFTER_SETTLED

    def _looked_after_settled(self, case: Case) -> Stretch:
        yield self._begin_calendar(case, LOOKED_AFTER_SETTLED)
        if self._luck(case) < self.plan.shares.become_care_leaver:
            return CARE_LEAVER
        return CLOSED

    def _care_leaver(self, case: Case) -> Stretch:
        yield self._begin_calendar(case, CARE_LEAVER)
        return CLOSED

    # -- stages --------------------------------------------------------------------------------

    def _begin_work(self, case: Case, stage: int) -> None:
        """A stage of work: it goes on at its worker's pace, and not at all without one."""
        case.working = True
        case.work_left = self._days_left(case, stage)
        self._enter(case, stage)

    def _begin_calendar(self, case: Case, stage: int) -> float:
        """A stage that runs whether or not the child has a worker; its days."""
        days = self._days_left(case, stage)
        self._enter(case, stage)
        return days

    def _days_left(self, case: Case, stage: int) -> float:
        """Length of a stage that begins, or what was left of it on day 0."""
        if case.remaining >= 0.0:
            days, case.remaining = case.remaining, -1.0
            return days
        length = self.plan.lengths[stage]
        assert length is not None
        # The stage is not entered yet: its luck is that of the visit to come.
        return length_of(length, luck_at(case.luck, luck_place(case.visits + 1, _LENGTH)))

    def _reviewed(self, case: Case, scheme: ReviewScheme, aside: float = 0.0) -> Stretch:
        """Reviews until the plan ends at one, ends between two, or goes into pre-proceedings."""
        env, delay = self._world.env, self.plan.review_delay_days
        off = math.inf
        if scheme.off_review_per_day > 0.0:
            luck = luck_at(case.luck, luck_place(case.visits, _OFF_REVIEW))
            off = env.now + exponential(luck) / scheme.off_review_per_day
        while True:
            if off < case.review_day:
                yield off - env.now
                return _ENDS_BETWEEN
            yield case.review_day - env.now
            now = env.now
            # Who had the child when the stage began is no new worker.
            held = now - case.held_since if case.held_since > case.begun else math.inf
            if puts_off_review(case.holder is not None, held, delay):
                self.recorder.flow("reviews_put_off", case.team)
                if self._traced:
                    self._world.tell_case("review put off", case, case.team)
                case.review_day = now + delay
                continue
            self.recorder.flow("reviews_held", case.team)
            self.recorder.events += 1
            number = case.reviews
            case.reviews += 1
            luck = luck_at(case.luck, luck_place(case.visits, _REVIEWS + 2 * number + 1))
            ends = scheme.chance_of_ending(number)
            if self._traced:
                self._world.tell_case("review", case, case.team)
            if luck < ends:
                return _ENDS_AT_REVIEW
            case.review_day = now + self._gap(case, scheme.following)
            if luck - ends < (1.0 - ends) * aside:
                return _ASIDE

    def _first_review(self, case: Case, scheme: ReviewScheme) -> None:
        case.reviews = 0
        case.review_day = self._env.now + self._gap(case, scheme.first)

    def _gap(self, case: Case, span: tuple[float, float]) -> float:
        """Days to the next review."""
        luck = luck_at(case.luck, luck_place(case.visits, _REVIEWS + 2 * case.reviews))
        return span[0] + (span[1] - span[0]) * luck

    def _end_plan(self, case: Case, off_review: bool) -> None:
        self.recorder.plans.append(PlanRecord(case.team, case.plan_day, self._env.now, off_review))
        self.recorder.flow("plans_ended", case.team)
        case.plan_day = -math.inf

    def _count_in_time(
        self, ended: str, in_time: str, case: Case, begun: float, limit: int
    ) -> None:
        """Count something that a limit in working days is set for."""
        self.recorder.flow(ended, case.team)
        if self._env.now <= self.plan.calendar.deadline(begun, limit):
            self.recorder.flow(in_time, case.team)

    # -- entering and leaving ------------------------------------------------------------------

    def team_of(self, stage: int, lane: float) -> int:
        """The team that a stage goes to now, for a child in a lane."""
        for share, team in self._routes[stage]:
            if lane < share:
                return team
        return self._routes[stage][-1][1]

    def _enter(self, case: Case, stage: int) -> bool:
        """A case enters a stage; True for a child of day 0, who was in it already."""
        recorder, now = self.recorder, self._env.now
        carried, old = case.carried, case.stage
        if old != CLOSED:
            recorder.leave(old * self._teams + case.team, now)
        case.stage = stage
        case.visits += 1
        team = self.team_of(stage, case.lane)
        if not carried:
            case.begun = now
            if _STATUS[stage][old]:
                self._count_change_of_status(case, old, team)
        self._seat(case, team, carried)
        case.carried = False
        recorder.enter(stage * self._teams + case.team, now, carried)
        if self._traced:
            self._world.tell_case(_WORDS[stage], case, case.team)
        return carried

    def _seat(self, case: Case, team: int, carried: bool) -> None:
        """Who has the case in its new stage."""
        desks, points = self.desks, self.plan.points[case.stage]
        if case.holder is None:
            waited_in = case.team if case.queue_stamp else -1
            if waited_in >= 0:
                desks.stop_waiting(case)
                if team != case.team:
                    case.lost_by = _TRANSFER
            case.points = points[team]
            if carried:
                desks.place_on_day_0(case, team)
            else:
                desks.place(case, team)
            if waited_in >= 0:
                desks.fill(waited_in)
        elif team == case.team and desks.may_keep(case):
            case.queue_stamp, case.bound_for = 0, -1
            case.had_worker = case.had_worker or case.stage != DECISION
            desks.reweigh(case, points[team])
            desks.start_work(case)
        else:
            desks.transfer(case, team, points)

    def _count_change_of_status(self, case: Case, old: int, team: int) -> None:
        """Count entries into and exits from care and leaving care, enquiries, cases that end."""
        for what in _STATUS[case.stage][old]:
            if what != "episodes_ended" or case.assessed:
                self.recorder.flow(what, team)

    def _close(self, case: Case) -> None:
        old = case.stage
        self.recorder.leave(old * self._teams + case.team, self._env.now)
        case.stage = CLOSED
        self._count_change_of_status(case, old, case.team)
        self.desks.let_go(case)
        del self.open[case.number]
        if self._traced:
            self._world.tell_case("case closes", case, case.team)
        if old == CARE_LEAVER:
            return
        if luck_at(case.luck, _RE_REFERRAL) < self.plan.shares.re_referral:
            days = exponential(luck_at(case.luck, _RE_REFERRAL_DELAY)) * self.plan.re_referral_days
            self.come_back(join(case.key, AGAIN), days)

    def _moves(self, case: Case, team: int) -> None:
        """A case whose transfer waited for room changes team within its stage."""
        children, now = self.recorder.children, self._env.now
        base = case.stage * self._teams
        children.shift(base + case.team, -1, now)
        children.shift(base + team, 1, now)
        case.team = team
        case.points = self.plan.points[case.stage][team]

    @staticmethod
    def _luck(case: Case) -> float:
        """What decides where a case goes from the stage it is in."""
        return luck_at(case.luck, luck_place(case.visits, _OUTCOME))

    # -- month ends ----------------------------------------------------------------------------

    def end_period(self) -> None:
        """Read what can be read only at a month's end: caseloads, waits, changes of worker."""
        recorder, now = self.recorder, self._env.now
        recorder.end_period()
        at_end = {name: rows[recorder.period] for name, rows in recorder.at_end.items()}
        for holder in self.desks.everyone.values():
            team = holder.team
            if holder.place >= 0:
                at_end["present"][team] += holder.fte
                at_end["over"][team] += holder.fte if holder.points > holder.capacity else 0.0
            if holder.pool in SOCIAL_WORKERS:
                at_end["held"][team] += len(holder.cases)
                if holder.cases:
                    recorder.band(team, holder.fte, len(holder.cases))
        a_year_ago = now - DAYS_PER_YEAR
        opened, once, twice = (
            at_end[name] for name in ("open_a_year", "changed_once", "changed_twice")
        )
        for case in self.open.values():
            if case.holder is None:
                at_end["waited"][case.team] += now - case.waiting_since
            if case.referred_day <= a_year_ago and case.stage != CARE_LEAVER:
                opened[case.team] += 1.0
                if case.last_change > a_year_ago:
                    once[case.team] += 1.0
                    if case.change_before > a_year_ago:
                        twice[case.team] += 1.0

    def records(self) -> CaseRecords:
        """All facts, plans still open included."""
        still_open = [
            PlanRecord(case.team, case.plan_day, -1.0, False)
            for case in self.open.values()
            if case.stage in ON_PLAN
        ]
        return self.recorder.records(still_open)


def length_of(length: Length, luck: float) -> float:
    """A stage's length from its luck."""
    if length.exponential:
        return length.mean * exponential(luck)
    if length.sigma == 0.0:
        return length.mean
    return lognormal_days(normal_score(luck), length.mean, length.sigma)


_WORDS = tuple(f"{stage.value.replace('_', ' ')} begins" for stage in STAGES)


def _status_flows(stage: int, old: int) -> tuple[str, ...]:
    """What is counted when a case goes from one stage to another, CLOSED for none."""
    found = []
    if stage == SECTION_47:
        found.append("section_47_started")
    if stage in IN_CARE and old not in IN_CARE:
        found.append("care_started")
    if old in IN_CARE and stage not in IN_CARE:
        found.append("care_ended")
    if stage in (CLOSED, CARE_LEAVER) and old != CARE_LEAVER:
        found += ["cases_ended", "episodes_ended"]
    if stage == CARE_LEAVER:
        found.append("care_leavers_started")
    if old == CARE_LEAVER:
        found.append("care_leavers_ended")
    return tuple(found)


_TRANSFER = Cause.TRANSFER
_STAGES_AND_CLOSED = (*range(len(STAGES)), CLOSED)
_STATUS = tuple(
    tuple(_status_flows(stage, old) for old in _STAGES_AND_CLOSED) for stage in _STAGES_AND_CLOSED
)
"""By new stage and old; CLOSED, being -1, is the last of each."""
