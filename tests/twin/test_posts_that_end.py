"""The engines agree on posts that end, whoever is in them or on the way to them."""

from __future__ import annotations

import dataclasses
from collections import Counter
from functools import cache

import pytest

from sim.inputs.fates import Fates
from sim.inputs.plan import Plan, PostPlan
from sim.inputs.position import PostState
from tests.helpers import Trace
from tests.twin.engines import assert_twins, compiled
from tests.twin.plans import choice_at, plan_of

NUMBERS = range(6)
"""Cells of the grid: each council, with and without children."""


def ending(plan: Plan, number: int) -> Plan:
    """Most posts of some teams end, on two days; what is vacant elsewhere stays.

    Empty ones among them end while candidates are on the way.
    """
    days = (plan.boundaries[1], 45.0 + number)
    posts = tuple(
        dataclasses.replace(post, end_day=days[post.number % 2]) if _ends(post, number) else post
        for post in plan.posts
    )
    probability = dict.fromkeys(plan.notice_probability, 0.2)
    return dataclasses.replace(plan, posts=posts, notice_probability=probability)


def _ends(post: PostPlan, number: int) -> bool:
    if post.state is PostState.NOT_OPEN:
        return False
    return (post.team + number) % 3 == 0 and post.number % 7 > 1


@cache
def _heard(number: int) -> Trace:
    """The trace of one plan, on which both engines agree."""
    plan = ending(plan_of(choice_at(number, 5)), number)
    assert_twins(plan, Fates(11, number), traced=True)
    heard = Trace()
    compiled.simulate(plan, Fates(11, number), heard)
    return heard


@pytest.mark.slow
@pytest.mark.parametrize("number", NUMBERS)
def test_posts_that_end_agree(number: int) -> None:
    assert _heard(number).of("post ends")


@pytest.mark.slow
def test_everything_that_can_come_of_a_post_that_ends_is_met() -> None:
    met: Counter[str] = Counter()
    for number in NUMBERS:
        heard = _heard(number)
        ended = {event.person: event for event in heard.of("post ends")}
        for event in heard.of("moves inside", "leaves"):
            end = ended.get(event.person)
            if end is None or event.day < end.day:
                continue
            if event.what == "leaves":
                met["dismissed" if "contract_end" in event.detail else "resigned"] += 1
            else:
                team = "own team" if event.team == end.team else "other team"
                met[f"{team}, {'at once' if event.day == end.day else 'within notice'}"] += 1
        met["offer withdrawn"] += len(heard.of("offer withdrawn"))
        met["starts elsewhere"] += _starts_elsewhere(heard)
    for what in (
        "own team, at once",
        "other team, at once",
        "own team, within notice",
        "other team, within notice",
        "dismissed",
        "resigned",
        "offer withdrawn",
        "starts elsewhere",
    ):
        assert met[what], (what, met)


def _starts_elsewhere(heard: Trace) -> int:
    """Experienced people who start in an advertised post for which no candidate was in hand."""
    advertised, found = set[str](), 0
    for event in heard.of("advertised", "candidate", "starts"):
        if event.what == "advertised":
            advertised.add(event.post)
        elif event.what == "candidate":
            advertised.discard(event.post)
        else:
            found += event.post in advertised and event.detail == "route: experienced"
    return found
