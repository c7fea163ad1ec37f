"""Odd councils: nobody, one person, no children, far too many, a day, twenty years."""

from __future__ import annotations

import dataclasses
from threading import Thread

import pytest

from sim.engine.compiled import engine
from sim.engine.compiled import simulate as compiled
from sim.engine.compiled.memory import first_rooms
from sim.engine.records import Records
from sim.inputs.fates import Fates
from sim.inputs.plan import Plan
from sim.inputs.position import PostState
from tests.case_helpers import case_plan, cases_of, with_casework
from tests.helpers import shortened
from tests.twin.differences import assert_twins, first_difference
from tests.twin.plans import Cell, scenarios_for


def devon(months: int = 6, draw: int = 1) -> Plan:
    package = scenarios_for("devon_2021")[1]
    return shortened(Cell("devon_2021", package, draw).plan(), months)


def staffed(plan: Plan, people: int) -> Plan:
    """The same plan with so many in post on day 0, and all other posts not open."""
    held = [post for post in plan.posts if post.state is PostState.FILLED][:people]
    names = {post.name for post in held}
    posts = tuple(
        post
        if post.name in names
        else dataclasses.replace(post, state=PostState.NOT_OPEN, start_day=plan.horizon + 1.0)
        for post in plan.posts
    )
    above = dataclasses.replace(plan.agency, above_start=(0,) * len(plan.team_keys))
    return dataclasses.replace(plan, posts=posts, agency=above)


@pytest.mark.parametrize("people", [0, 1])
def test_nobody_and_one_worker(people: int) -> None:
    assert_twins(staffed(devon(3), people), Fates(1, people), traced=True)


@pytest.mark.slow
@pytest.mark.parametrize("factor", [0.0, 20.0])
def test_no_referrals_and_twenty_times_as_many(factor: float) -> None:
    plan = devon()
    more = tuple(rate * factor for rate in cases_of(plan).referrals_per_day)
    assert_twins(with_casework(plan, referrals_per_day=more), Fates(2, 1), traced=True)


def test_a_day() -> None:
    plan = devon(1)
    day = dataclasses.replace(plan, horizon=1.0, boundaries=(0.0, 1.0))
    assert_twins(day, Fates(3, 1), traced=True)


@pytest.mark.slow
def test_twenty_years() -> None:
    plan = Cell("devon_2021", scenarios_for("devon_2021")[1], draw=1, years=20).plan()
    assert_twins(plan, Fates(4, 1))


@pytest.mark.slow
def test_a_council_of_no_children_on_day_0() -> None:
    plan = case_plan(1)
    nobody = tuple((0,) * len(plan.team_keys) for _ in cases_of(plan).start_children)
    empty = with_casework(plan, start_children=nobody, pending_re_referrals=0.0)
    assert_twins(empty, Fates(5, 1), traced=True)


def test_tables_that_are_too_small_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    plan, fates = devon(2), Fates(6, 1)
    expected = compiled(plan, fates)
    posts = len(plan.posts)
    monkeypatch.setattr(
        engine, "first_rooms", lambda plan: dict.fromkeys(ROOMS, 4) | {"posts": posts}
    )
    assert first_difference(expected, compiled(plan, fates)) is None


ROOMS = first_rooms(devon(1))


def test_two_threads_do_not_disturb_each_other() -> None:
    plan = devon(3)
    alone = [compiled(plan, Fates(7, number)) for number in range(8)]
    found: dict[int, Records] = {}

    def some(first: int) -> None:
        for number in range(first, 8, 2):
            found[number] = compiled(plan, Fates(7, number))

    threads = [Thread(target=some, args=(first,)) for first in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, expected in enumerate(alone):
        assert first_difference(expected, found[number]) is None
