"""Conservation: every post in one state, every worker in one post, and the books balance."""

from __future__ import annotations

import dataclasses
from collections import defaultdict

import numpy as np
import pytest

from sim.config.roles import REGISTERED_ROLES, ROLES, Role
from sim.config.routes import Route
from sim.engine.actions.posts import is_open, is_over, is_supernumerary, is_vacant
from sim.engine.codes import VacancyStage
from sim.engine.layout import Post, Team, World
from sim.engine.records import STOCKS, Array, Records
from sim.engine.simpy.engine import simulate
from sim.inputs.fates import Fates
from sim.inputs.plan import HUNDREDTHS, Plan
from sim.inputs.position import PostState
from tests.behaviour.builders import STARTING
from tests.helpers import (
    NO_GROWTH,
    NO_PIPELINES,
    Trace,
    devon_plan,
    ended,
    in_balance,
    package,
    run_stepwise,
    shortened,
    started,
    step,
)

_NAME_OF_STATE = {
    PostState.FILLED: "filled",
    PostState.COVERED: "covered",
    PostState.UNCOVERED: "uncovered",
}
EXTREME = {
    "hiring.notice_social_worker": 14.0,
    "hiring.approval": 0.2,
    "hiring.drop_out": 0.5,
    "exits.contagion_multiplier": 3.0,
    "exits.manager_gap_multiplier": 3.0,
    "council.staffing.leaving_rate": 0.9,
    "council.staffing.starters_fte_per_year": 250.0,
    "agency.conversion_rate": 3.0,
    "agency.notice": 20.0,
    "agency.assignment": 0.5,
    "internal_moves.chance_social_worker": 0.6,
    "internal_moves.chance_senior": 1.0,
    "between_years.establishment_change": 0.15,
}
QUIET = {
    "council.staffing.leaving_rate": 0.001,
    "council.staffing.starters_fte_per_year": 0.5,
    "agency.assignment": 1.0,
}


class Auditor:
    """Checks the whole world, each time it is called."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.checks = 0

    def __call__(self, w: World) -> None:
        """Check posts, people, levels and agency."""
        self.checks += 1
        self._posts(w)
        self._people(w)
        self._levels(w)
        self._targets(w)
        if w.env.peek() > w.now:
            self._above(w)
        self._markets(w)

    def _posts(self, w: World) -> None:
        """A post is held exactly when it is filled; an open vacancy fits the post's state."""
        for post in w.posts:
            name = self._name(post)
            assert (post.holder is not None) == (post.state == PostState.FILLED), name
            if post.holder is not None:
                assert post.holder.post is post, name
                assert not post.holder.gone, name
                if post.vacancy is not None:
                    assert post.vacancy.leaver is post.holder, name
                    assert post.holder.under_notice, name
            if is_vacant(post):
                assert post.vacancy is not None, name
                assert not is_over(post.vacancy), name
            if not is_open(post):
                assert post.vacancy is None, name
            assert post.fte == post.hundredths / HUNDREDTHS, name
            assert 0 < post.hundredths <= self._planned(post), name

    def _name(self, post: Post) -> str:
        known = post.number < len(self.plan.posts)
        return self.plan.posts[post.number].name if known else f"supernumerary/{post.number}"

    def _planned(self, post: Post) -> int:
        """What the plan gives a post; those of people without a post are whole ones."""
        known = post.number < len(self.plan.posts)
        return self.plan.posts[post.number].hundredths if known else HUNDREDTHS

    @staticmethod
    def _people(w: World) -> None:
        """Nobody holds two posts; who is gone holds none."""
        held = [post.holder for post in w.posts if post.holder is not None]
        assert len({worker.number for worker in held}) == len(held)
        present = {worker.number for worker in w.workers if not worker.gone}
        assert present == {worker.number for worker in held}

    @staticmethod
    def _levels(w: World) -> None:
        """The recorded levels are the sums over posts, to the last hundredth."""
        sums: dict[tuple[str, int], int] = defaultdict(int)
        for post in w.posts:
            if is_open(post):
                sums[_NAME_OF_STATE[PostState(post.state)], post.account.number] += post.hundredths
        for account in w.accounts:
            for name, level in zip(STOCKS, account.level, strict=True):
                assert level == sums[name, account.number], name

    def _targets(self, w: World) -> None:
        """Targets are registered posts vacant or under notice on day 0; held ones are counted."""
        held = [0.0] * len(w.markets)
        for post in w.posts:
            if post.target_held:
                assert post.is_target, self._name(post)
                assert post.holder is not None, self._name(post)
                held[post.market.number] += 1.0
        assert held == [market.targets_held for market in w.markets]

    @staticmethod
    def _above(w: World) -> None:
        """Agency above establishment is never less than the places wanted."""
        for team in w.teams:
            assert team.above >= HUNDREDTHS * _places_wanted(w, team)

    @staticmethod
    def _markets(w: World) -> None:
        """On the market stand the advertised vacancies and nothing else."""
        for market in w.markets:
            shown = [
                post
                for post in w.posts
                if post.market is market
                and post.vacancy is not None
                and post.vacancy.stage == VacancyStage.ADVERTISED
            ]
            assert sorted(post.number for post in market.adverts) == [p.number for p in shown]


def _places_wanted(w: World, team: Team) -> int:
    """Places above establishment that a team has and has not let go."""
    first = team.number * w.slots_per_team
    return sum(slot.let_go is not None for slot in w.slots[first : first + w.slots_per_team])


def _books_balance(plan: Plan, records: Records) -> None:
    """In post moves by flows alone, in every account and period."""
    flows = records.flows
    change: Array = (
        sum((flows[name] for name in STARTING), np.zeros_like(flows["internal_in"]))
        - flows["leavers_out"]
        - flows["leavers_to_agency"]
        - flows["leavers_to_council"]
        - flows["leavers_contract_end"]
        + flows["internal_in"]
        - flows["internal_out"]
        + flows["other_net_change"]
    )
    start = np.zeros((1, len(plan.accounts)))
    cover = np.zeros((1, len(plan.accounts)))
    for post in plan.posts:
        start[0, post.account] += post.fte * (post.state is PostState.FILLED)
        cover[0, post.account] += post.fte * (post.state is PostState.COVERED)
    filled = np.vstack([start, records.stocks["filled"]])
    np.testing.assert_allclose(np.diff(filled, axis=0), change, atol=1e-9)
    covered = np.vstack([cover, records.stocks["covered"]])
    cover_change = flows["agency_cover_starts"] - flows["agency_cover_ends"]
    np.testing.assert_allclose(np.diff(covered, axis=0), cover_change, atol=1e-9)


def _altered(plan: Plan, closures: float, other: float) -> Plan:
    periods = plan.periods
    return dataclasses.replace(
        plan,
        establishment_closures=(closures,) * periods,
        other_net_change=(other,) * periods,
    )


CASES = {
    "central": devon_plan(scenario=package()),
    "draw 1": devon_plan(scenario=package(), draw=1),
    "draw 5": devon_plan(scenario=package("devon_package_mostly_social_workers"), draw=5),
    "cuts and losses": _altered(devon_plan(scenario=package()), 3.3, -2.7),
    "cuts and gains": _altered(devon_plan(draw=2), 1.7, 4.1),
    "extreme": _altered(devon_plan(EXTREME, package("devon_package_mostly_support")), 0.7, -1.3),
    "extreme, gains": _altered(devon_plan(EXTREME, package(), draw=3), 0.0, 2.2),
    "quiet": devon_plan(QUIET, package()),
}


@pytest.mark.parametrize("case", ["central", "cuts and losses"])
def test_every_event_of_the_first_year_conserves_posts_and_people(case: str) -> None:
    _audited(shortened(CASES[case], 13), replication=1)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_every_event_conserves_posts_people_and_levels(case: str) -> None:
    _audited(shortened(CASES[case], 9 if case.startswith("extreme") else 30), replication=2)


def _audited(plan: Plan, replication: int) -> None:
    auditor = Auditor(plan)
    _, records = run_stepwise(plan, Fates(3, replication), auditor)
    assert auditor.checks > 500
    _books_balance(plan, records)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_books_balance_to_the_horizon(case: str) -> None:
    _books_balance(CASES[case], simulate(CASES[case], Fates(4, 0)))


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_integrals_of_the_month_agree_with_the_trace_of_levels(case: str) -> None:
    plan = shortened(CASES[case], 14)
    w = started(plan, Fates(8, 0))
    totals = {name: np.zeros((plan.periods, len(plan.accounts))) for name in STOCKS}

    def count(period: int, length: float) -> None:
        for place, name in enumerate(STOCKS):
            totals[name][period] += (
                np.array([a.level[place] for a in w.accounts]) / HUNDREDTHS * length
            )

    while w.env.peek() < plan.horizon:
        if w.env.peek() > w.now:
            count(w.period, w.env.peek() - w.now)
        step(w)
    count(-1, plan.horizon - w.now)
    records = ended(plan, w)
    for name in STOCKS:
        np.testing.assert_allclose(records.fte_days[name], totals[name], atol=1e-6)


def test_cuts_and_other_net_change_are_carried_out_in_full() -> None:
    plan = shortened(_altered(devon_plan(in_balance()), 1.5, -1.0), 25)
    records = simulate(plan, Fates(5, 0))
    flows = records.flows["other_net_change"].sum()
    assert flows == pytest.approx(-25.0, abs=1.0), "what is owed but smaller than a post may wait"
    before = sum(post.fte for post in plan.posts if post.state is not PostState.NOT_OPEN)
    baseline_accounts = [i for i, a in enumerate(plan.accounts) if a.line == 0]
    after = sum(records.stocks[name][-1, baseline_accounts].sum() for name in STOCKS)
    assert before - after == pytest.approx(25 * 1.5, abs=1.0)


def test_other_net_change_upwards_fills_posts_without_counting_starters() -> None:
    quiet = NO_GROWTH | {
        "council.staffing.starters_fte_per_year": 0.01,
        "agency.conversion_rate": 0.0,
    }
    plan = shortened(_altered(devon_plan(quiet), 0.0, 2.0), 25)
    records = simulate(plan, Fates(5, 1))
    assert records.flows["other_net_change"].sum() == pytest.approx(50.0, abs=1.0)
    assert records.flows["starters_experienced"].sum() < 2.0


def test_agency_above_is_its_places_and_those_under_notice() -> None:
    """Hiring here takes longer than an agency worker's notice, so that cover never overlaps."""
    plan = devon_plan(in_balance() | NO_PIPELINES | {"agency.release": 1.0, "agency.notice": 3.0})
    levels = tuple((n,) * len(plan.team_keys) for n in (6, 3, 8, 2, 7))
    plan = dataclasses.replace(plan, agency=dataclasses.replace(plan.agency, above_by_year=levels))
    notice = plan.agency.notice_days
    wanted = list(plan.agency.above_start)
    let_go: list[tuple[int, float, int]] = []
    seen = set()

    def check(w: World) -> None:
        now = w.now
        if w.env.peek() == now:
            return
        for team in w.teams:
            count = _places_wanted(w, team)
            if count < wanted[team.number]:
                review = plan.boundaries[w.period]
                let_go.append((team.number, review, wanted[team.number] - count))
            wanted[team.number] = count
            mine = [(day, k) for t, day, k in let_go if t == team.number]
            fewest = count + sum(k for day, k in mine if now < day + notice - 1e-9)
            most = count + sum(k for day, k in mine if now <= day + notice + 1e-9)
            assert fewest <= team.above / HUNDREDTHS <= most
            seen.add(count)

    run_stepwise(plan, Fates(6, 0), check)
    assert let_go, "the shift must make some go"
    assert len(seen) > 4


@pytest.mark.slow
def test_a_supernumerary_post_lives_with_its_first_holder_only() -> None:
    plan = devon_plan(
        {
            "council.staffing.newly_qualified_share_of_starters": 0.9,
            "council.staffing.starters_fte_per_year": 150.0,
        }
    )
    trace = Trace()
    w, records = run_stepwise(shortened(plan, 27), Fates(7, 0), lambda _: None, trace)
    extra = w.posts[len(plan.posts) :]
    assert {event.post for event in trace.of("starts") if event.detail == "supernumerary"} == {
        f"supernumerary/{post.number}" for post in extra
    }
    assert len(extra) > 20
    assert all(is_supernumerary(post) for post in extra)
    assert all(post.state in (PostState.FILLED, PostState.CLOSED) for post in extra)
    for post in extra:
        if post.holder is not None:
            longest = 365.25 + post.market.notice_days
            assert w.now - post.start_day <= longest + 1e-9
    _books_balance(shortened(plan, 27), records)


@pytest.mark.slow
def test_targets_held_never_exceed_targets() -> None:
    plan = devon_plan(scenario=package(), draw=4)
    records = simulate(plan, Fates(9, 0))
    assert (records.targets_filled <= records.targets).all()
    names = [market.name for market in plan.markets]
    for name in ("social_worker", "team_manager"):
        assert records.targets[names.index(name)] > 0
    support = [i for i, n in enumerate(names) if n not in ("social_worker", "team_manager")]
    assert (records.targets[support] == 0).all()


def test_target_posts_are_those_vacant_or_under_notice_on_day_0() -> None:
    plan = devon_plan()
    w = started(plan, Fates(2, 0))
    for post in w.posts:
        under_notice = post.holder is not None and post.holder.under_notice
        assert post.is_target == (is_vacant(post) or under_notice)
        assert ROLES[post.role.number] in REGISTERED_ROLES
    assert sum(market.targets for market in w.markets) == sum(p.is_target for p in w.posts)


def test_routes_and_roles_of_those_who_start() -> None:
    """Newly qualified workers start outside court teams, and only in social worker posts."""
    plan = devon_plan(scenario=package(), draw=0)
    records = simulate(plan, Fates(11, 0))
    newly = records.vacancies[records.vacancies["route"] == Route.NEWLY_QUALIFIED]
    assert len(newly)
    for number in newly["account"]:
        account = plan.accounts[number]
        assert account.team not in plan.court_teams
        assert account.role is Role.SOCIAL_WORKER
