"""One alternative of a what-if question: every lever's value, read and held against the council."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sim.config.council import Council, Team
from sim.config.errors import InputError
from sim.config.roles import Role
from sim.scenario.levers import values
from sim.scenario.levers.table import (
    ACADEMY,
    APPRENTICESHIPS,
    BURSARIES,
    BY_NAME,
    CUT,
    LEVERS,
    MONEY,
    OVERSEAS,
    POSTS,
    RELOCATION,
    RETENTION,
    START,
    SUPPLEMENT,
    TEAM,
    Lever,
    lever_called,
)
from sim.scenario.levers.values import AS_PEOPLE_LEAVE, Money

_SIZED = (SUPPLEMENT, RETENTION, OVERSEAS, BURSARIES, APPRENTICESHIPS)
_SWITCHES = (RELOCATION, ACADEMY)
_MAKE_SOMETHING = tuple(lever for lever in LEVERS if lever.kinds)


@dataclass(frozen=True)
class Asked:
    """What one alternative asks for.

    Attributes:
        posts: FTE by role; less than none is a cut.
        sizes: of the other levers that have one, by name; nothing is left out.
        switches: names of those that are on.
        team: the one team that it is for; None for all.
        cut: how posts are cut.
        start: the first day.
        is_day_0: whether that is the first day of the runs, as none was named.
        money: what is voted; empty where costs are an answer.
        given: what was given for each lever, by name.
    """

    posts: Mapping[Role, float]
    sizes: Mapping[str, float]
    switches: tuple[str, ...]
    team: Team | None
    cut: str
    start: dt.date
    is_day_0: bool
    money: tuple[Money, ...]
    given: Mapping[str, object]

    @property
    def funded(self) -> dict[Role, float]:
        """FTE of posts that are added."""
        return {role: fte for role, fte in self.posts.items() if fte > 0}

    @property
    def taken_out(self) -> dict[Role, float]:
        """FTE of posts that are cut."""
        return {role: -fte for role, fte in self.posts.items() if fte < 0}


def read_levers(given: Mapping[str, object], council: Council) -> Asked:
    """Read one alternative.

    Args:
        given: by a lever's name what was typed for it, or what Python gives; None and False, and a
            size of 0, are nothing.
        council: whose levers they are.

    Raises:
        InputError: a lever is unknown, a value can't be read, or it asks what the council can't do.
    """
    stated = {
        lever_called(name).name: value
        for name, value in given.items()
        if value is not None and value is not False
    }
    if not any(lever.name in stated for lever in _MAKE_SOMETHING):
        raise _nothing_asked(stated)

    def of(lever: Lever) -> object:
        return stated.get(lever.name)

    start = council.start_date if of(START) is None else values.first_day(of(START), council)
    asked = Asked(
        posts={} if of(POSTS) is None else values.posts(of(POSTS)),
        sizes={
            lever.name: number
            for lever in _SIZED
            if of(lever) is not None and (number := values.size(lever, of(lever)))
        },
        switches=tuple(
            lever.name
            for lever in _SWITCHES
            if of(lever) is not None and values.is_on(lever, of(lever))
        ),
        team=None if of(TEAM) is None else values.team(of(TEAM), council),
        cut=AS_PEOPLE_LEAVE if of(CUT) is None else values.way_to_cut(of(CUT)),
        start=start,
        is_day_0=of(START) is None,
        money=() if of(MONEY) is None else values.money(of(MONEY), start, council.last_date),
        given=stated,
    )
    _refuse_impossible(asked)
    return asked


def _nothing_asked(stated: Mapping[str, object]) -> InputError:
    options = ", ".join(lever.option for lever in _MAKE_SOMETHING)
    named = ", ".join(lever_called(name).option for name in stated)
    problem = "does nothing by itself" if named else "names no lever"
    return InputError(named or "what-if", problem, f"Add one of {options}")


def _refuse_impossible(asked: Asked) -> None:
    if CUT.name in asked.given and not asked.taken_out:
        raise CUT.refuse(
            asked.given[CUT.name], "is given, but no posts are cut", "Add --posts -10, say"
        )
    if asked.team is not None and not any(BY_NAME[name].by_team for name in asked.given):
        raise TEAM.refuse(
            asked.given[TEAM.name], "is named, but nothing asked for is one team's", "Leave it out"
        )
    if asked.team is None:
        for role, fte in asked.posts.items():
            if (2 * fte) % 1:
                raise POSTS.refuse(
                    asked.given[POSTS.name],
                    f"has {fte:g} {role.value}; posts for all teams are divided in halves",
                    "Give 24 or 24.5, say; or name the --team",
                )
    if asked.money and not (asked.funded or asked.sizes or asked.switches):
        raise MONEY.refuse(
            asked.given[MONEY.name], "is voted, but a cut needs no money", "Leave it out"
        )
