"""What is typed for a lever, read: sizes, posts by role, a team, a date, money by year.

Python may give numbers, dates and mappings where the command line gives text. Each refusal names
the lever, the value and the remedy.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from sim.config.council import Council, Team
from sim.config.nearest import did_you_mean
from sim.config.roles import Role
from sim.dates import financial_year, financial_year_start, is_financial_year
from sim.scenario.levers.table import CUT, MONEY, POSTS, START, TEAM, Lever

AS_PEOPLE_LEAVE, WITH_NOTICE = "leave", "notice"
WAYS_TO_CUT = (AS_PEOPLE_LEAVE, WITH_NOTICE)
BASE = "base"
SOURCES_OF_FUNDS = ("reserves", BASE, "grant")
_DIGITS = r"\d{1,3}(?:,\d{3}){1,3}(?:\.\d{1,6})?|\d{1,12}(?:\.\d{1,6})?|\.\d{1,6}"
_NUMBER = re.compile(rf"([+-]?)£?({_DIGITS})([km]?)", re.ASCII)
_THOUSANDS = {"": 1.0, "k": 1e3, "m": 1e6}
_LIST = re.compile(r",(?!\d{3}(?!\d))", re.ASCII)
"""A comma between two items, rather than one within a number."""
_LONGEST = 400
"""Characters of what is typed for one lever."""


@dataclass(frozen=True)
class Money:
    """Money voted for one financial year, and where it comes from."""

    financial_year: str
    source_of_funds: str
    gbp: float


def text_of(lever: Lever, value: object) -> str:
    """What was given for a lever, as it would be typed.

    Raises:
        InputError: it is empty, or longer than anything that has a meaning.
    """
    text = str(value).strip().replace("−", "-")
    if not text:
        raise lever.refuse("", "is empty", f"Give {lever.unit}, such as {lever.typical}")
    if len(text) > _LONGEST:
        raise lever.refuse(f"{text[:40]}...", "is too long", f"Give {lever.typical}, say")
    return text


def size(lever: Lever, value: object) -> float:
    """A lever's size: 3000, "3,000", "£3k".

    Raises:
        InputError: it is no number, not whole where it must be, or out of range.
    """
    if isinstance(value, bool):
        raise lever.refuse(value, "is no number", _remedy(lever))
    return _in_range(lever, _number(lever, value, value), value)


def _number(lever: Lever, value: object, shown: object) -> float:
    found = _NUMBER.fullmatch(re.sub(r"\s", "", text_of(lever, value)).lower())
    if found is None:
        raise lever.refuse(shown, "is no number", _remedy(lever))
    sign, digits, unit = found.groups()
    return (-1.0 if sign == "-" else 1.0) * float(digits.replace(",", "")) * _THOUSANDS[unit]


def _in_range(lever: Lever, number: float, value: object) -> float:
    low, high = lever.low, lever.high
    if low is None or high is None or not low <= number <= high:
        raise lever.refuse(value, f"is not from {low:,g} to {high:,g}", _remedy(lever))
    if lever.whole and number != math.floor(number):
        raise lever.refuse(value, "is no whole number", _remedy(lever))
    return number


def _remedy(lever: Lever) -> str:
    return f"Give {lever.unit}, such as {lever.typical}"


# Posts ------------------------------------------------------------------------------------


def posts(value: object) -> dict[Role, float]:
    """FTE by role, those of nothing left out; less than none is a cut.

    Args:
        value: a number, for social workers; "social_worker=24,business_support=10"; or a mapping.

    Raises:
        InputError: a role is unknown or named twice, or an FTE is no number of posts.
    """
    found: dict[Role, float] = {}
    for name, number in _by_role(value):
        role = _role(name, value)
        if role in found:
            raise POSTS.refuse(value, f"names {role.value} twice", "Add them together")
        fte = _in_range(POSTS, _number(POSTS, number, value), value)
        if abs(fte - round(fte, 2)) > 1e-9:
            raise POSTS.refuse(value, "is finer than a hundredth of an FTE", "Give 24 or 24.5, say")
        found[role] = fte
    return {role: fte for role, fte in found.items() if fte}


def _by_role(value: object) -> list[tuple[str, object]]:
    if isinstance(value, Mapping):
        return [(str(role), fte) for role, fte in value.items()]
    text = text_of(POSTS, value)
    if "=" not in text:
        return [(Role.SOCIAL_WORKER.value, value)]
    items: list[tuple[str, object]] = []
    for item in _LIST.split(text):
        name, equals, fte = item.partition("=")
        if not equals:
            raise POSTS.refuse(value, f"has '{item.strip()}' without a role", f"Write {_AS_ROLES}")
        items.append((name, fte))
    return items


_AS_ROLES = "social_worker=24,business_support=10"


def _role(name: str, value: object) -> Role:
    plain = re.sub(r"[\s_-]+", "_", name.strip().casefold())
    for known in (plain, plain.removesuffix("s")):
        if known in set(Role):
            return Role(known)
    near = did_you_mean(plain, Role)
    raise POSTS.refuse(value, f"names '{name.strip()}', no role", f"{near}Roles: {', '.join(Role)}")


def way_to_cut(value: object) -> str:
    """How posts are cut: one of WAYS_TO_CUT.

    Raises:
        InputError: it is none of these.
    """
    text = text_of(CUT, value).casefold()
    if text not in WAYS_TO_CUT:
        near = did_you_mean(text, WAYS_TO_CUT)
        raise CUT.refuse(value, "is no way to cut posts", f"{near}Use: {', '.join(WAYS_TO_CUT)}")
    return text


# Team and date ----------------------------------------------------------------------------


def team(value: object, council: Council) -> Team:
    """The team of a council that is meant: by key, by name, or by a part of its name.

    Raises:
        InputError: no team is called so, or several are.
    """
    asked = _plain(text_of(TEAM, value))
    by_name = {_plain(each.key): each for each in council.teams}
    by_name |= {_plain(each.name): each for each in council.teams}
    if asked in by_name:
        return by_name[asked]
    meant = {each.key: each for name, each in by_name.items() if asked in name}
    names = ", ".join(f"'{each.name}'" for each in council.teams)
    if len(meant) == 1:
        return next(iter(meant.values()))
    if meant:
        several = " and ".join(f"'{each.name}'" for each in meant.values())
        raise TEAM.refuse(value, f"could be {several}", "Write the whole name")
    words = {word for name in by_name for word in name.split()}
    near = did_you_mean(asked, by_name) or did_you_mean(asked, words)
    raise TEAM.refuse(value, f"is no team of {council.name}", f"{near}Teams: {names}")


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("_", " ").replace("-", " ").split())


def first_day(value: object, council: Council) -> dt.date:
    """The day on which everything begins.

    Raises:
        InputError: it is no date, or not within the council's runs.
    """
    text = value.isoformat() if isinstance(value, dt.date) else text_of(START, value)
    try:
        date = dt.datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise START.refuse(value, "is no date", f"Write it as {START.typical}") from None
    if not council.start_date <= date <= council.last_date:
        within = f"is outside the runs, {council.start_date} to {council.last_date}"
        raise START.refuse(value, within, "Give a day within them")
    return date


def is_on(lever: Lever, value: object) -> bool:
    """Whether a switch is on.

    Raises:
        InputError: it is neither on nor off.
    """
    if not isinstance(value, bool):
        raise lever.refuse(value, "is neither on nor off", "Use: True, False")
    return value


# Money ------------------------------------------------------------------------------------


def money(value: object, start: dt.date, last: dt.date) -> tuple[Money, ...]:
    """Money voted, in the order of its years.

    Args:
        value: "reserves=1.1m@2021/22,base=3.4m", or a mapping of "base", "reserves@2021/22" to
            pounds.
        start: the first day of what is paid for.
        last: the last day of the runs.

    Raises:
        InputError: an item can't be read, a year is outside the runs, or it has two sources.
    """
    if isinstance(value, Mapping):
        items = [(str(name), gbp) for name, gbp in value.items()]
    else:
        items = [_money_item(item, value) for item in _LIST.split(text_of(MONEY, value))]
    found: dict[str, Money] = {}
    for name, gbp in items:
        source, at, year = name.partition("@")
        one = _one_sum(source.strip(), year.strip() if at else "", gbp, value, (start, last))
        if one.financial_year in found:
            raise MONEY.refuse(
                value, f"names {one.financial_year} twice", "Give each year one sum, of one source"
            )
        found[one.financial_year] = one
    return tuple(found[year] for year in sorted(found))


def _money_item(item: str, value: object) -> tuple[str, object]:
    """One sum as it was typed, reserves=1.1m@2021/22: reserves@2021/22, and 1.1m."""
    source, equals, rest = item.partition("=")
    if not equals:
        problem = f"has '{item.strip()}' without a source"
        raise MONEY.refuse(value, problem, f"Write {MONEY.typical}")
    gbp, at, year = rest.partition("@")
    return f"{source}{at}{year}", gbp


def _one_sum(
    source: str, year: str, gbp: object, value: object, span: tuple[dt.date, dt.date]
) -> Money:
    source = source.casefold()
    if source not in SOURCES_OF_FUNDS:
        near = did_you_mean(source, SOURCES_OF_FUNDS)
        known = ", ".join(SOURCES_OF_FUNDS)
        raise MONEY.refuse(value, f"names '{source}', no source of funds", f"{near}Use: {known}")
    first, last = map(financial_year, span)
    year = year or (first_full_year(span[0]) if source == BASE else first)
    if not is_financial_year(year):
        raise MONEY.refuse(value, f"names '{year}', no financial year", "Write it as 2021/22")
    if not first <= year <= last:
        problem = f"is for {year}; it begins on {span[0]}, and the runs end on {span[1]}"
        raise MONEY.refuse(value, problem, f"Give a year from {first} to {last}")
    pounds = _in_range(MONEY, _number(MONEY, gbp, value), value)
    return Money(year, source, float(round(pounds)))


def first_full_year(start: dt.date) -> str:
    """The first financial year that begins on or after a day."""
    year = financial_year(start)
    opens = financial_year_start(year)
    return year if opens == start else financial_year(dt.date(opens.year + 1, 4, 1))
