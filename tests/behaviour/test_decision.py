"""The base budget agreed, half agreed or not: money, posts, pay and what it leaves unpaid for."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from functools import cache

import numpy as np
import pytest

from sim.config.roles import Role
from sim.engine.records import Array, Records
from sim.engine.simpy.engine import simulate
from sim.inputs.fates import Fates
from sim.inputs.plan import Plan
from sim.inputs.posts import lapsing
from sim.outcomes.costs import STAFFING_LINES, make_ledger, priced
from sim.outcomes.line_money import line_money
from sim.scenario.effects import NewPosts, Phase
from sim.scenario.measure import Measure, Step
from sim.scenario.scenario import Decision, Funding, Package, Scenario
from tests.behaviour.builders import (
    cost_line,
    new_posts,
    plan_for,
    retention,
    run,
    scenario_of,
    supplement,
)
from tests.helpers import SEED, Trace, package, same_records

pytestmark = pytest.mark.slow

YEARS = 3
APRIL = dt.date(2022, 4, 1)
SHARES = {"agreed": 1.0, "half": 0.5, "not": 0.0}


def decided(share: float, chosen: Scenario | None = None) -> Scenario:
    """The shipped package, or another, with a share of the money agreed from 2022/23 on."""
    scenario = chosen or package()
    assert scenario.package is not None
    decision = Decision(financial_year="2022/23", agreed_share=share)
    own = scenario.package.model_copy(update={"decision": decision})
    return scenario.model_copy(update={"package": own, "key": f"agreed_{share:g}"})


def of_measures(*measures: Measure) -> Scenario:
    """A scenario of some measures with a package that they add up to."""
    fte = sum(measure.funded_fte for measure in measures)
    funding = tuple(
        Funding(
            financial_year=year,
            source_of_funds=source,
            gbp=sum(measure.planned_gbp.get(year, 0.0) for measure in measures),
        )
        for year, source in (("2021/22", "reserves"), ("2022/23", "base"))
    )
    made = Package(fte=fte, funding=funding, source="judgement")
    return scenario_of(*measures).model_copy(update={"package": made})


@cache
def _plan(share: float) -> Plan:
    return plan_for(YEARS, decided(share), draw=1)


@cache
def _records(share: float) -> Records:
    return run(_plan(share))


def _planned(share: float) -> Array:
    return make_ledger(_plan(share), _records(share)).planned_gbp[:, len(STAFFING_LINES) :]


# -- money -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("share", SHARES.values())
def test_planned_money_of_every_line_is_the_agreed_share_from_april(share: float) -> None:
    whole = _planned(1.0)
    np.testing.assert_allclose(_planned(share)[0], whole[0])
    np.testing.assert_allclose(_planned(share)[1:], share * whole[1:])
    assert whole[1].sum() == pytest.approx(3_400_000)


def test_all_agreed_is_what_no_decision_is() -> None:
    assert same_records(_records(1.0), run(plan_for(YEARS, package(), draw=1)))


@pytest.mark.parametrize("share", [0.5, 0.0])
def test_nothing_differs_before_the_decision(share: float) -> None:
    """By line and role: the posts that lapse have accounts of their own."""
    months = _plan(1.0).boundaries.index((APRIL - _plan(1.0).start_date).days)
    for kind in ("stocks", "fte_days", "flows"):
        ours, theirs = (_by_account(s, getattr(_records(s), kind)) for s in (share, 1.0))
        assert ours.keys() == theirs.keys()
        for key, table in ours.items():
            np.testing.assert_allclose(table[:months], theirs[key][:months], atol=1e-9)
    own, whole = (make_ledger(_plan(s), _records(s)).spent_by_year()[0] for s in (share, 1.0))
    np.testing.assert_allclose(own, whole, atol=1e-6)


def _by_account(share: float, tables: dict[str, Array]) -> dict[object, Array]:
    found: dict[object, Array] = {}
    for name, table in tables.items():
        for index, account in enumerate(_plan(share).accounts):
            key = (name, account.team, account.role, account.line)
            found[key] = found.get(key, 0.0) + table[:, index]
    return found


def test_a_cost_only_line_spends_its_agreed_share() -> None:
    line = cost_line({"2021/22": 1_000.0, "2022/23": 4_000.0})
    plan = plan_for(YEARS, decided(0.5, of_measures(line)))
    ledger = make_ledger(plan, run(plan))
    np.testing.assert_allclose(ledger.spent_by_year()[:2, -1], [1_000.0, 2_000.0])
    np.testing.assert_allclose(ledger.spent_by_year()[:, -1], ledger.planned_gbp[:, -1])


def test_a_cost_paid_once_is_paid_once_whatever_is_agreed() -> None:
    """Parts of a phase sum to the whole until the decision, and to its share after it."""
    start, end = dt.date(2021, 10, 1), dt.date(2024, 10, 1)
    assert Phase(1.0, start, end).cut(0.25, APRIL) == (
        Phase(0.25, start, end), Phase(0.75, start, APRIL),
    )  # fmt: skip
    assert Phase(1.0, start, None).cut(0.0, APRIL) == (Phase(1.0, start, APRIL),)
    assert Phase(0.5, APRIL, None).cut(0.5, APRIL) == (Phase(0.25, APRIL, None),)
    assert Phase(0.5, APRIL, None).cut(0.0, APRIL) == ()
    assert Phase(1.0, start, APRIL).cut(0.0, APRIL) == (Phase(1.0, start, APRIL),)


# -- pay -------------------------------------------------------------------------------------------


def test_a_supplement_goes_on_at_its_share_and_no_new_rise_begins() -> None:
    measure = supplement(2_000.0, ["assessment"], [Role.SOCIAL_WORKER])
    whole, half, none = (
        plan_for(YEARS, decided(share, of_measures(measure))) for share in (1.0, 0.5, 0.0)
    )
    day = (APRIL - whole.start_date).days
    before, after = half.supplements
    assert (before.end_day, after.start_day) == (day, day)
    assert after.gbp_per_fte_year == before.gbp_per_fte_year / 2
    assert [item.end_day for item in none.supplements] == [day]
    cell = next(iter(whole.supplements[0].cells))
    for month, boundary in enumerate(whole.boundaries[:-1]):
        full, part, gone = (plan.pay_exits[month][cell][0] for plan in (whole, half, none))
        if boundary < day:
            assert part == full == gone
        else:
            assert full < part < gone == 1.0
    later = whole.boundaries.index(day) + 6
    rises = [plan.pay_exits[later][cell][0] ** -1 - 1 for plan in (half, whole)]
    assert rises[0] / rises[1] == pytest.approx(0.5, abs=0.02)


def test_staff_await_a_payment_until_the_day_it_is_not_agreed() -> None:
    measure = retention(2_000.0, ["assessment"], [Role.SOCIAL_WORKER])
    whole, half, none = (
        plan_for(YEARS, decided(share, of_measures(measure))) for share in (1.0, 0.5, 0.0)
    )
    day = (APRIL - whole.start_date).days
    assert none.payments == ()
    assert [p.gbp_per_fte for p in half.payments] == [p.gbp_per_fte / 2 for p in whole.payments]
    assert [p.day for p in half.payments] == [p.day for p in whole.payments]
    cell = next(iter(whole.payments[0].cells))
    for month, boundary in enumerate(whole.boundaries[:-1]):
        if boundary < day:
            assert none.pay_exits[month][cell] == whole.pay_exits[month][cell]
            assert half.pay_exits[month][cell] == whole.pay_exits[month][cell]
        else:
            assert none.pay_exits[month][cell] == (1.0, 1.0, 1.0)


def test_a_payment_due_on_the_day_itself_is_paid_from_the_new_money() -> None:
    measure = retention(2_000.0, months=6)
    plans = [plan_for(1, decided(share, of_measures(measure))) for share in (1.0, 0.5, 0.0)]
    day = (APRIL - plans[0].start_date).days
    paid = [{p.day: p.gbp_per_fte for p in plan.payments}.get(day, 0.0) for plan in plans]
    assert paid == [2_600.0, 1_300.0, 0.0]


# -- posts -----------------------------------------------------------------------------------------


def _kept(sizes: list[float], share: float) -> list[float]:
    new = NewPosts(
        team="a", role=Role.SOCIAL_WORKER, fte=sum(sizes), start=dt.date(2021, 10, 1),
        kept_share=share, cut_on=APRIL,
    )  # fmt: skip
    gone = lapsing([(new, size) for size in sizes])
    return [size for size, lapses in zip(sizes, gone, strict=True) if not lapses]


def test_as_many_whole_posts_go_on_as_are_paid_for_in_full() -> None:
    assert _kept([1.0] * 6, 0.5) == [1.0] * 3
    assert _kept([1.0] * 7, 0.5) == [1.0] * 3
    assert _kept([1.0] * 7, 0.999) == [1.0] * 6
    assert _kept([1.0, 1.0, 0.5], 0.5) == [1.0]
    assert _kept([1.0, 0.4], 0.5) == [0.4]
    assert _kept([1.0] * 3, 0.0) == []
    assert _kept([1.0] * 3, 1.0) == [1.0] * 3


def test_half_of_the_shipped_package_is_23_posts_of_48() -> None:
    posts = [p for p in _plan(0.5).posts if _plan(0.5).accounts[p.account].line > 1]
    assert sum(p.fte for p in posts) == 48.0
    assert sum(p.fte for p in posts if p.lapse_day == math.inf) == 23.0
    assert {p.name for p in posts} == {
        p.name for p in _plan(1.0).posts if _plan(1.0).accounts[p.account].line > 1
    }


@pytest.mark.parametrize("share", [0.5, 0.0])
def test_vacant_posts_close_on_the_day_and_held_ones_with_their_holders(share: float) -> None:
    plan, heard = _plan(share), Trace()
    simulate(plan, Fates(SEED, 0), heard)
    day = float((APRIL - plan.start_date).days)
    lapsing_posts = {p.name: p for p in plan.posts if p.lapse_day == day}
    held, closed = set(), {}
    for event in heard.events:
        if event.post not in lapsing_posts:
            continue
        if event.what in ("starts", "moves inside"):
            assert event.day < day, "nobody comes to a post that nobody pays for"
            held.add(event.post)
        if event.what in ("leaves", "leaves the count") and event.day < day:
            held.discard(event.post)
        if event.what == "post closes":
            closed[event.post] = event.day
    assert 0 < len(held) < len(lapsing_posts)
    for name in lapsing_posts.keys() - held:
        assert closed[name] == day
    later = [closed[name] for name in held if name in closed]
    assert all(when > day for when in later)
    assert later, "some holders leave in time, and their posts go with them"
    assert len(later) < len(held), "others stay"
    reopened = [e for e in heard.of("advertised") if e.post in lapsing_posts and e.day >= day]
    assert reopened == []


def test_nobody_is_dismissed_and_fixed_terms_end_as_they_did() -> None:
    plan = _plan(0.0)
    records = _records(0.0)
    april = plan.boundaries.index((APRIL - plan.start_date).days)
    ended = records.flows["leavers_contract_end"].sum(axis=1)
    term = [p for p in plan.posts if p.end_day < math.inf]
    assert term
    assert all(p.lapse_day < p.end_day for p in term)
    month = max(i for i, day in enumerate(plan.boundaries) if day <= term[0].end_day)
    assert ended[april] == 0.0
    assert np.flatnonzero(ended).tolist() in ([], [month])


def test_what_held_posts_cost_after_the_day_is_unfunded_and_overspent() -> None:
    plan, records = _plan(0.0), _records(0.0)
    ledger = make_ledger(plan, records)
    unfunded = line_money(plan, records, ledger)["unfunded"]
    assert not unfunded[0].any()
    assert not unfunded[:, : len(STAFFING_LINES)].any()
    line = ledger.lines.index("social_worker_posts")
    spent = ledger.spent_by_year()
    assert unfunded[1, line] == pytest.approx(spent[1, line])
    assert unfunded[1, line] > 0 == ledger.planned_gbp[1, line]
    permanent, cover, _ = priced(plan, records)
    lapsed = [i for i, a in enumerate(plan.accounts) if a.lapse_day < math.inf]
    april = plan.boundaries.index((APRIL - plan.start_date).days)
    by_hand = (permanent + cover)[april:, lapsed].sum()
    assert unfunded.sum() == pytest.approx(by_hand)
    agreed = line_money(_plan(1.0), _records(1.0), ledger)["unfunded"]
    assert np.flatnonzero(agreed.sum(axis=0)).tolist() == [ledger.lines.index("recruitment_team")]
    assert not agreed[:2].any(), "notice of those whose posts end on 30 September 2023"


def test_without_holders_there_is_nothing_unfunded() -> None:
    """Posts funded on the eve of the decision: nobody can have come."""
    late = new_posts(
        [("assessment", Role.SOCIAL_WORKER, 4.0)], start=dt.date(2022, 3, 31),
        planned_gbp={"2022/23": 200_000.0},
    )  # fmt: skip
    plan = plan_for(1, decided(0.0, of_measures(late)))
    records = run(plan)
    assert not line_money(plan, records, make_ledger(plan, records))["unfunded"].any()
    march = plan.boundaries.index((APRIL - plan.start_date).days)
    mine = [i for i, a in enumerate(plan.accounts) if a.line == 2]
    assert not sum(records.stocks[name][march:, mine].sum() for name in records.stocks)


def test_posts_to_come_after_the_decision_are_fewer_from_the_start() -> None:
    later = new_posts(
        [("assessment", Role.SOCIAL_WORKER, 4.0)], start=dt.date(2022, 10, 1),
        planned_gbp={"2022/23": 200_000.0},
    )  # fmt: skip
    fte = [
        sum(p.fte for p in plan.posts if plan.accounts[p.account].line == 2)
        for plan in (plan_for(YEARS, decided(s, of_measures(later))) for s in (1.0, 0.5, 0.0))
    ]
    assert fte == [4.0, 2.0, 0.0]


def test_the_accounts_of_a_plan_without_a_decision_lapse_with_their_posts_alone() -> None:
    plan = _plan(1.0)
    ends = {post.account: post.end_day for post in plan.posts}
    assert {day for day in ends.values() if day < math.inf} == {
        (dt.date(2023, 10, 1) - plan.start_date).days
    }
    for number, account in enumerate(plan.accounts):
        assert account.lapse_day == ends.get(number, math.inf)
    changed = dataclasses.replace(_plan(1.0).posts[0], lapse_day=5.0)
    assert changed.last_hiring_day == 5.0


def test_posts_that_come_in_steps_have_names_and_luck_of_their_own() -> None:
    measure = new_posts([("assessment", Role.SOCIAL_WORKER, 4.0)]).model_copy(
        update={
            "phasing": (
                Step(start=dt.date(2021, 10, 1), share=0.5), Step(start=APRIL, share=1.0),
            )
        }
    )  # fmt: skip
    plan = plan_for(YEARS, scenario_of(measure))
    mine = [p for p in plan.posts if plan.accounts[p.account].line == 2]
    assert [p.name[-1] for p in mine] == ["1", "2", "3", "4"]
    assert len({p.key for p in mine}) == 4
