"""The lines of a scenario that levers make: one measure each, as a scenario's file has it.

What a lever does not say, such as the price of an offer abroad or the length of a bursary, is as in
Devon's shipped package, the one council whose package is described line by line.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sim.config.council import Council
from sim.config.load import read_toml
from sim.config.roles import REGISTERED_ROLES, Role
from sim.config.shipped import locate
from sim.dates import add_years, next_month
from sim.scenario.levers.asked import Asked
from sim.scenario.levers.table import (
    ACADEMY,
    APPRENTICESHIPS,
    BURSARIES,
    OVERSEAS,
    POSTS,
    RELOCATION,
    RETENTION,
    SUPPLEMENT,
    Lever,
)
from sim.scenario.levers.values import WITH_NOTICE
from sim.scenario.levers.words import posts_in_words
from sim.scenario.of_council import ALL_TEAMS, DAY_0

Table = dict[str, Any]
TEMPLATE = "devon_package_48_fte"
"""The shipped scenario from which a lever takes what it does not say."""
_FIRST_OFFERS_DAYS = 28
"""From the first day to the first offers abroad, at least; they are on the first of a month."""
_INTAKE_MONTH, _INTAKE_DAY = 9, 10
"""Courses begin in September."""
_REDUNDANCY = {
    "low": 3000.0, "central": 10000.0, "high": 30000.0, "unit": "gbp", "grade": "J",
    "source": "judgement",
    "note": "statutory pay is up to a week and a half for each year of service; councils differ",
}  # fmt: skip


@dataclass(frozen=True)
class LeverLine:
    """One line that a lever makes.

    Attributes:
        lever: the lever.
        table: the measure, as a file has it.
        gbp: about what a full year costs. Money that was voted in one sum is divided by it.
        says: what the line is, as a comment.
    """

    lever: Lever
    table: Table
    gbp: float
    says: str


def lever_lines(asked: Asked, council: Council) -> list[LeverLine]:
    """The lines that one alternative asks for, in the order of the levers."""
    found = []
    if asked.funded:
        found.append(_posts(asked, council))
    if asked.taken_out:
        found.append(_cut(asked, council))
    found += [_SIZED[name](asked, council, size) for name, size in asked.sizes.items()]
    return found + [_SWITCHES[name](asked, council) for name in asked.switches]


def _line(asked: Asked, kind: str, key: str, name: str) -> Table:
    return {
        "kind": kind,
        "key": key,
        "name": name,
        "start": DAY_0 if asked.is_day_0 else asked.start,
    }


@lru_cache(maxsize=1)
def _package() -> list[Table]:
    lines: list[Table] = read_toml(locate(TEMPLATE, "scenarios"))["measures"]
    return lines


def _as_there(kind: str, *fields: str) -> Table:
    """Fields of the first line of a kind in the shipped package."""
    line = next(line for line in _package() if line["kind"] == kind)
    return {name: line[name] for name in fields}


# Posts ------------------------------------------------------------------------------------


def _posts(asked: Asked, council: Council) -> LeverLine:
    table = _line(asked, "extra_posts", "posts", "Posts funded")
    table["posts"] = _placed(asked, council, asked.funded)
    cost = sum(fte * council.money.unit_cost[role].central for role, fte in asked.funded.items())
    return LeverLine(POSTS, table, cost, _where(asked, council, asked.funded))


def _cut(asked: Asked, council: Council) -> LeverLine:
    table = _line(asked, "cut_posts", "cut", "Posts cut")
    table["posts"] = _placed(asked, council, asked.taken_out)
    where = _where(asked, council, asked.taken_out)
    if asked.cut != WITH_NOTICE:
        says = "Empty posts go first, the rest as people leave"
        return LeverLine(POSTS, table, 0.0, f"{where}. {says}: nobody is dismissed")
    table["with_notice"] = True
    table["costs"] = [
        {
            "key": "redundancy", "name": "Redundancy pay for one who leaves so",
            "per": "redundancy", "gbp": _REDUNDANCY,
        }
    ]  # fmt: skip
    says = "Held posts end at once: their holders move to an empty post, or leave with notice"
    return LeverLine(POSTS, table, 0.0, f"{where}. {says} and redundancy pay")


def _placed(asked: Asked, council: Council, posts: Mapping[Role, float]) -> list[Table]:
    """Posts by role and team."""
    return [
        {"team": _home(asked, council, role) or ALL_TEAMS, "role": role.value, "fte": fte}
        for role, fte in posts.items()
    ]


def _home(asked: Asked, council: Council, role: Role) -> str:
    """The team that posts of a role go to: the one named, or the only one that has such posts.

    Empty where they go to all, as social workers' posts do.
    """
    if asked.team is not None:
        return asked.team.key
    teams = {item.team for item in council.support_posts if item.role is role}
    return teams.pop() if len(teams) == 1 else ""


def _where(asked: Asked, council: Council, posts: Mapping[Role, float]) -> str:
    names = {team.key: team.name for team in council.teams}
    homes = dict.fromkeys(_home(asked, council, role) for role in posts)
    places = [
        f"in {names[home]}" if home else "divided among all teams by their shares of the work"
        for home in homes
    ]
    return f"{posts_in_words(posts)}, {' or '.join(places)}"


# Pay --------------------------------------------------------------------------------------


def _scope(asked: Asked, council: Council) -> Table:
    """Teams and roles that pay and allowances are for: social workers and their managers."""
    has_managers = council.totals.central.team_manager_posts_fte > 0
    roles = [role for role in REGISTERED_ROLES if role is not Role.TEAM_MANAGER or has_managers]
    return {"teams": _teams(asked, council), "roles": [role.value for role in roles]}


def _teams(asked: Asked, council: Council) -> list[str]:
    return [asked.team.key] if asked.team else [team.key for team in council.teams]


def _in_scope(asked: Asked, council: Council) -> float:
    """About how many FTE are in post there."""
    share = asked.team.work_share if asked.team else 1.0
    return share * council.totals.central.inpost_fte


def _exactly(gbp: float, unit: str) -> Table:
    """A sum that is decided, and so is known."""
    return {
        "low": gbp, "central": gbp, "high": gbp, "unit": unit, "grade": "J", "source": "judgement",
        "note": "as decided",
    }  # fmt: skip


def _supplement(asked: Asked, council: Council, gbp: float) -> LeverLine:
    table = _line(asked, "salary_supplement", f"supplement_{gbp:.0f}", SUPPLEMENT.label)
    table |= _scope(asked, council)
    table["gbp_per_year"] = _exactly(gbp, "gbp per fte per year")
    says = f"£{gbp:,.0f} a year for each FTE in post, before on-costs"
    return LeverLine(SUPPLEMENT, table, gbp * _in_scope(asked, council), says)


def _retention(asked: Asked, council: Council, gbp: float) -> LeverLine:
    table = _line(asked, "retention_payment", f"retention_{gbp:.0f}", RETENTION.label)
    table |= _scope(asked, council) | {"gbp": _exactly(gbp, "gbp")}
    table |= _as_there("retention_payment", "qualifying_months", "tie_in_months")
    says = f"£{gbp:,.0f} for each FTE who has stayed another {table['qualifying_months']} months"
    return LeverLine(RETENTION, table, gbp * _in_scope(asked, council), says)


# People who come --------------------------------------------------------------------------


def _overseas(asked: Asked, council: Council, offers: float) -> LeverLine:
    kind = "overseas_recruitment"
    table = _line(asked, kind, f"overseas_{offers:.0f}", OVERSEAS.label)
    first = next_month(asked.start + dt.timedelta(days=_FIRST_OFFERS_DAYS - 1))
    table["campaigns"] = [
        {"offers_on": date, "offers": int(offers)} for date in _yearly(first, council)
    ]
    there = _as_there(kind, "campaigns", "found_per_year", "costs")
    share = offers / there["campaigns"][0]["offers"]
    found = there["found_per_year"]
    scaled = {end: round(share * found[end], 2) for end in ("low", "central", "high")}
    table |= {"found_per_year": found | scaled, "costs": there["costs"]}
    an_offer = sum(cost["gbp"]["central"] for cost in there["costs"])
    says = f"{offers:.0f} offers a year are paid for; how many find somebody is judged"
    return LeverLine(OVERSEAS, table, offers * an_offer, says)


def _training(lever: Lever, *fields: str) -> Callable[[Asked, Council, float], LeverLine]:
    def line(asked: Asked, council: Council, places: float) -> LeverLine:
        (kind,) = lever.kinds
        table = _line(asked, kind, lever.name, lever.label)
        first = dt.date(asked.start.year, _INTAKE_MONTH, _INTAKE_DAY)
        first = first if first >= asked.start else add_years(first, 1)
        table["intakes"] = [
            {"starts_on": date, "places": int(places)} for date in _yearly(first, council)
        ]
        table |= _as_there(kind, "months", "tie_in_months", "costs", *fields)
        a_year = sum(cost["gbp"]["central"] for cost in table["costs"]) * table["months"] / 12
        says = f"{places:.0f} places each September, of {table['months']} months"
        return LeverLine(lever, table, places * a_year, says)

    return line


def _yearly(first: dt.date, council: Council) -> list[dt.date]:
    """A day and its like in later years, to the end of the runs; at least the first."""
    dates = [add_years(first, year) for year in range(council.horizon_years + 1)]
    return [date for date in dates if date <= council.last_date] or [first]


def _relocation(asked: Asked, council: Council) -> LeverLine:
    table = _line(asked, "relocation_allowance", RELOCATION.name, RELOCATION.label)
    table |= _scope(asked, council) | _as_there("relocation_allowance", "costs")
    starters = council.staffing.starters_fte_per_year.central
    share = asked.team.work_share if asked.team else 1.0
    gbp = starters * share * sum(cost["gbp"]["central"] for cost in table["costs"])
    return LeverLine(RELOCATION, table, gbp, "Paid to experienced starters who move house")


def _academy(asked: Asked, council: Council) -> LeverLine:
    table = _line(asked, "social_work_academy", ACADEMY.name, ACADEMY.label)
    table["teams"] = _teams(asked, council)
    table |= _as_there("social_work_academy", "costs")
    starters = council.staffing.starters_fte_per_year.central
    gbp = starters * sum(cost["gbp"]["central"] for cost in table["costs"])
    return LeverLine(ACADEMY, table, gbp, "Learning and support; its staff are posts of their own")


_SIZED: Mapping[str, Callable[[Asked, Council, float], LeverLine]] = {
    SUPPLEMENT.name: _supplement,
    RETENTION.name: _retention,
    OVERSEAS.name: _overseas,
    BURSARIES.name: _training(BURSARIES, "repayable_gbp"),
    APPRENTICESHIPS.name: _training(APPRENTICESHIPS),
}
_SWITCHES: Mapping[str, Callable[[Asked, Council], LeverLine]] = {
    RELOCATION.name: _relocation,
    ACADEMY.name: _academy,
}
