"""What the parts of a plan share, and the few numbers that several of them need."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from sim.config.council import Council
from sim.config.roles import FAMILY_OF_ROLE, REGISTERED_ROLES, Role
from sim.config.totals import DayTotals
from sim.dates import (
    DAYS_PER_WEEK,
    DAYS_PER_YEAR,
    day_of,
)
from sim.inputs.calendar import Calendar, make_calendar
from sim.inputs.case_settings import CaseSettings
from sim.inputs.draws import Draw
from sim.inputs.plan import (
    Account,
)
from sim.inputs.position import Position
from sim.inputs.years import CouncilYear, council_years
from sim.published.agency import NO_AGENCY_RECORD, AgencyRecord
from sim.scenario.effects import Attraction, CoverScheme, Effects
from sim.scenario.measure import Measure
from sim.scenario.scenario import Scenario

Cell = tuple[int, Role]
"""A team and a role."""
Values = Mapping[str, float]
Starts = Mapping[str, dt.date]
"""First days of the national rules on agency staff that a plan takes in, by name."""
NO_RULES: Starts = {}
MARKET_KEYS = tuple(dict.fromkeys(FAMILY_OF_ROLE.values()))
"""Labour markets, in the order of `Plan.markets`."""


@dataclass(frozen=True)
class Context:
    """What every part of the plan is made from: council, scenario and draw.

    `accounts` is filled while posts are made; a plan's accounts are its keys, in order.
    """

    council: Council
    position: Position
    scenario: Scenario
    draw: Draw
    case_settings: CaseSettings | None
    rules: Starts
    calendar: Calendar
    effects: list[tuple[Measure, Effects]]
    team_index: dict[str, int]
    agency_record: AgencyRecord
    accounts: dict[Account, int] = field(default_factory=dict)

    @property
    def values(self) -> Values:
        """The draw's values by key."""
        return self.draw.values

    @cached_property
    def totals(self) -> DayTotals:
        """The council's totals in this draw."""
        return self.council.totals.of_draw(self.values)

    def year_of(self, day: float) -> int:
        """Index of the year in which a day lies; the last for what is left after whole years."""
        return min(int(day / DAYS_PER_YEAR), self.calendar.years - 1)

    @cached_property
    def years(self) -> tuple[CouncilYear, ...]:
        """What is expected of each year if nothing is done."""
        return council_years(self.council, self.totals, self.draw)

    @cached_property
    def open_to_newly_qualified(self) -> float:
        """FTE of filled posts that newly qualified workers may hold: no court team, no senior."""
        court = [team.court_work for team in self.council.teams]
        return math.fsum(
            post.fte
            for post in self.position.filled
            if post.role is Role.SOCIAL_WORKER and not court[post.team]
        )


def make_context(
    council: Council,
    position: Position,
    scenario: Scenario,
    draw: Draw,
    case_settings: CaseSettings | None,
    rules: Starts = NO_RULES,
    agency_record: AgencyRecord = NO_AGENCY_RECORD,
) -> Context:
    """Gather what the parts of a plan share."""
    return Context(
        council,
        position,
        scenario,
        draw,
        case_settings,
        rules,
        make_calendar(council.start_date, council.horizon_years),
        scenario.effects(draw.values),
        {team.key: t for t, team in enumerate(council.teams)},
        agency_record,
    )


def leavers_per_day(ctx: Context, role: Role) -> float:
    """Leavers a day over all in post, those under notice included."""
    if role in REGISTERED_ROLES:
        rate = ctx.values["council.staffing.leaving_rate"]
    else:
        rate = ctx.values["exits.support_leaving_rate"]
    return rate / DAYS_PER_YEAR


def notice_days(ctx: Context, role: Role) -> float:
    """Notice that a role gives."""
    family = FAMILY_OF_ROLE[role]
    name = family if role in REGISTERED_ROLES else "support"
    return ctx.values[f"hiring.notice_{name}"] * DAYS_PER_WEEK


def notice_probability(ctx: Context, role: Role) -> float:
    """Chance that someone in post is under notice: leavers a day x notice (Little's law)."""
    return min(MOST_UNDER_NOTICE, leavers_per_day(ctx, role) * notice_days(ctx, role))


MOST_UNDER_NOTICE = 0.5
"""Most of the staff that may be under notice on day 0 (J): the others keep the team going."""


def newly_qualified_per_year(ctx: Context) -> float:
    """FTE a year that start as newly qualified."""
    return (
        ctx.values["council.staffing.starters_fte_per_year"]
        * ctx.values["council.staffing.newly_qualified_share_of_starters"]
    )


def cells(ctx: Context, teams: tuple[str, ...], roles: tuple[Role, ...]) -> list[Cell]:
    """Every (team, role) of a scope."""
    return [(ctx.team_index[team], role) for team in teams for role in roles]


def first_day_without(ctx: Context, until: dt.date | None) -> float:
    """Day from which something is no longer there; infinite for what goes on."""
    return float(day_of(ctx.calendar.start, until)) if until else math.inf


def sizes_in_force(
    ctx: Context, parts: Sequence[Attraction | CoverScheme], date: dt.date
) -> dict[Cell, float]:
    """How much of a line's mechanism is in force on a date, by cell; 0 before and after."""
    sizes: dict[Cell, float] = {}
    for part in parts:
        size = getattr(part, part.SIZE) if part.is_in_force(date) else 0.0
        for cell in cells(ctx, part.teams, part.roles):
            sizes[cell] = sizes.get(cell, 0.0) + size
    return sizes


def newly_qualified_probability(ctx: Context) -> float:
    """Chance that the holder of such a post is in the first year on day 0."""
    room = ctx.open_to_newly_qualified
    return min(1.0, newly_qualified_per_year(ctx) / room) if room else 0.0
