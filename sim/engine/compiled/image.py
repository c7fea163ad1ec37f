"""A plan as tables: what compiled code reads in place of sim.inputs.plan.Plan."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from sim.config.roles import ROLES, Role
from sim.engine.agency import REVIEW_MONTHS
from sim.engine.compiled import layout
from sim.engine.compiled.case_image import case_numbers, case_tables
from sim.engine.compiled.layout import NONE, PLAN_TABLES, ROLE_COUNT, STATE_TABLES
from sim.inputs.case_routing import POOL_OF_ROLE
from sim.inputs.fates import key_of
from sim.inputs.plan import SUPERNUMERARY_LINE, Plan, hundredths

Table = np.ndarray[tuple[int, ...], np.dtype[np.void]]
Cells = Collection[tuple[int, Role]]
ROLE_INDEX = {role: number for number, role in enumerate(ROLES)}
SUPPORT_KINDS = {Role.BUSINESS_SUPPORT: 1, Role.FAMILY_PRACTITIONER: 2}
SOCIAL_WORKER_MARKET = "social_worker"


@dataclass(frozen=True)
class Image:
    """A plan's tables and numbers.

    Attributes:
        tables: the tables of the plan, which all its runs share.
        state: tables that a run changes, as they are on day 0.
        world: the world's record, with the plan's numbers and where the plan's tables are.
        places_per_team: rows that a team has in the table of places above establishment.
    """

    tables: dict[str, Table]
    state: dict[str, Table]
    world: Table
    places_per_team: int


def image_of(plan: Plan) -> Image:
    """The image of a plan."""
    tables = {
        "months": _months(plan),
        "years": _years(plan),
        "cell_months": _cell_months(plan),
        "market_years": _numbers(
            [m.year_multipliers[y] for y in range(_year_count(plan)) for m in plan.markets]
        ),
        "imposed": _numbers([fte for row in plan.agency.above_published or () for fte in row]),
        "careers": _rows(
            "careers",
            plan.careers,
            "from_days until_days start_day end_day multiplier",
            routes=[_route_set(item.routes) for item in plan.careers],
        ),
        "career_cells": _scope(plan, [item.cells for item in plan.careers]),
        "payments": _rows(
            "payments", plan.payments, "day gbp_per_fte tie_in_days recovery_share line"
        ),
        "payment_cells": _scope(plan, [item.cells for item in plan.payments]),
        "cohorts": _cohorts(plan),
        **_pipelines(plan),
        **_help(plan),
        "open_teams": _wholes(t for t in range(len(plan.team_keys)) if t not in plan.court_teams),
        "place_keys": _place_keys(plan),
        **case_tables(plan),
    }
    state = {
        "roles": _roles(plan),
        "groups": _groups(plan),
        "posts": _posts(plan),
        "markets": _markets(plan),
        "teams": _teams(plan),
        "accounts": _empty("accounts", len(plan.accounts)),
    }
    factors = _empty("factors", len(plan.team_keys) * ROLE_COUNT)
    factors["steps"] = factors["drop_out"] = factors["pull"] = 1.0
    state["factors"] = factors
    world = np.zeros(1, layout.WORLD)
    for name, value in _world(plan).items():
        world[name] = value
    for name, table in tables.items():
        world[name] = table.ctypes.data
    return Image(tables, state, world, places_per_team(plan))


# -- tables ---------------------------------------------------------------------------------------


def _empty(name: str, rows: int) -> Table:
    """A table of noughts, of one row at least, so that it has an address."""
    return np.zeros(max(1, rows), (PLAN_TABLES | STATE_TABLES)[name])


def _rows(name: str, items: Sequence[Any], fields: str, **more: Sequence[Any]) -> Table:
    """A table with a row for each item: fields of the same name, and further columns."""
    table = _empty(name, len(items))
    columns = {field: [getattr(item, field) for item in items] for field in fields.split()}
    for field, values in (columns | more).items():
        table[field][: len(items)] = np.array(values, table.dtype[field])
    return table


def _numbers(values: Iterable[float]) -> Table:
    return np.array([(value,) for value in values] or [(0.0,)], layout.NUMBER)


def _wholes(values: Iterable[int]) -> Table:
    return np.array([(value,) for value in values] or [(0,)], layout.WHOLE)


def _scope(plan: Plan, scopes: Sequence[Cells]) -> Table:
    """Flags by item, team and role: which teams and roles are in an item's scope."""
    cells = len(plan.team_keys) * ROLE_COUNT
    table = np.zeros(max(1, len(scopes) * cells), layout.FLAG)
    for item, scope in enumerate(scopes):
        for team, role in scope:
            table["on"][item * cells + team * ROLE_COUNT + ROLE_INDEX[role]] = 1
    return table


def _route_set(routes: Iterable[int]) -> int:
    return sum(1 << route for route in set(routes))


def _year_count(plan: Plan) -> int:
    return max(plan.year_of_period) + 1


def _months(plan: Plan) -> Table:
    table = _empty("months", plan.periods)
    table["start"], table["end"] = plan.boundaries[:-1], plan.boundaries[1:]
    table["most_pull"] = [max([1.0, *pulls.values()]) for pulls in plan.attractiveness]
    table["has_pull"] = [bool(pulls) for pulls in plan.attractiveness]
    table["closures"] = [hundredths(fte) for fte in plan.establishment_closures]
    table["other_net_change"] = plan.other_net_change
    table["year"] = plan.year_of_period
    table["reviews_above"] = [date.month in REVIEW_MONTHS for date in plan.period_dates]
    if plan.casework is not None:
        table["referrals_per_day"] = plan.casework.referrals_per_day[: plan.periods]
    return table


def _years(plan: Plan) -> Table:
    table = _empty("years", _year_count(plan))
    count = len(table)
    table["exits"] = plan.exits.year_multipliers[:count]
    table["cover"] = plan.agency.year_multipliers[:count]
    table["above_shift_fte"] = plan.agency.above_shift_fte[:count]
    return table


def _cell_months(plan: Plan) -> Table:
    """By month, team and role: what acts on exits, attractiveness and cover; 1 where nothing."""
    table = _empty("cell_months", plan.periods * len(plan.team_keys) * ROLE_COUNT)
    for field in ("pay", "effects", "pull", "cover"):
        table[field] = 1.0
    sources: tuple[tuple[str, Sequence[Mapping[tuple[int, Role], Any]]], ...] = (
        ("pay", plan.pay_exits),
        ("effects", plan.exit_effects),
        ("pull", plan.attractiveness),
        ("cover", plan.agency.cover_effects),
    )
    for field, months in sources:
        places = [
            (month * len(plan.team_keys) + team) * ROLE_COUNT + ROLE_INDEX[role]
            for month, cells in enumerate(months[: plan.periods])
            for team, role in cells
        ]
        if places:
            table[field][places] = [
                value for cells in months[: plan.periods] for value in cells.values()
            ]
    return table


def _cohorts(plan: Plan) -> Table:
    counts = [int(cohort.size) + 1 for cohort in plan.cohorts]
    return _rows(
        "cohorts",
        plan.cohorts,
        "key offer_day start_day size",
        count=counts,
        first=_firsts(counts, 0),
    )


def _groups(plan: Plan) -> Table:
    groups = plan.pipelines.arrivals
    arrivals_before = sum(int(cohort.size) + 1 for cohort in plan.cohorts)
    return _rows(
        "groups",
        groups,
        "key begin_day offer_day start_day share_who_come tie_in_days repayable_gbp"
        " recovery_share tie_in_exits route people trains",
        line=[NONE if group.line is None else group.line for group in groups],
        first=_firsts([group.people for group in groups], arrivals_before),
    )


def _firsts(counts: Sequence[int], start: int) -> list[int]:
    return [start + sum(counts[:number]) for number in range(len(counts))]


def _pipelines(plan: Plan) -> dict[str, Table]:
    pipelines, teams = plan.pipelines, len(plan.team_keys)
    ramp_teams = np.zeros(max(1, len(pipelines.ramps) * teams), layout.FLAG)
    for number, ramp in enumerate(pipelines.ramps):
        for team in ramp.teams:
            ramp_teams["on"][number * teams + team] = 1
    return {
        "settlements": _rows(
            "settlements",
            pipelines.settlements,
            "start_day end_day take_up tie_in_days exits line",
        ),
        "settlement_cells": _scope(plan, [item.cells for item in pipelines.settlements]),
        "inductions": _rows(
            "inductions",
            pipelines.inductions,
            "start_day end_day share line",
            routes=[_route_set(item.routes) for item in pipelines.inductions],
        ),
        "induction_cells": _scope(plan, [item.cells for item in pipelines.inductions]),
        "ramps": _rows("ramps", pipelines.ramps, "start_day end_day days"),
        "ramp_teams": ramp_teams,
    }


def _help(plan: Plan) -> dict[str, Table]:
    """Help with hiring; the parts of one line stand together, lines as they come."""
    lines = list(dict.fromkeys(part.line for part in plan.help))
    parts = [part for line in lines for part in plan.help if part.line == line]
    fields = "start_day end_day share steps drop_out attractiveness line by_own_posts"
    return {
        "helps": _rows("helps", parts, fields),
        "help_cells": _scope(plan, [part.cells for part in parts]),
    }


def places_per_team(plan: Plan) -> int:
    """Most places above establishment that a team can have."""
    agency = plan.agency
    if agency.above_published is not None:
        most = max(sum(row) for row in agency.above_published)
    else:
        shift = max(map(abs, agency.above_shift_fte), default=0.0) + 1.0
        starts = zip(agency.above_start, agency.above_most, strict=True)
        most = max((max(start, most) + start * shift for start, most in starts), default=0.0)
    return math.ceil(max(most, *agency.above_start)) + 2


@cache
def _place_key(team_key: str, number: int) -> int:
    return key_of(f"above {team_key} {number}")


def _place_keys(plan: Plan) -> Table:
    room = places_per_team(plan)
    keys = [_place_key(team, number) for team in plan.team_keys for number in range(room)]
    return np.array([(key,) for key in keys], layout.KEY)


# -- what a run changes ---------------------------------------------------------------------------


def _roles(plan: Plan) -> Table:
    table = _empty("roles", ROLE_COUNT)
    for role, number in ROLE_INDEX.items():
        table["rates"][number] = plan.exits.rates.get(role, ((0.0, 0.0, 0.0),) * 3)
        table["notice_probability"][number] = plan.notice_probability.get(role, 0.0)
        table["inside_chance"][number] = plan.internal.chance.get(role, 0.0)
        table["pool"][number] = POOL_OF_ROLE.get(role, NONE)
        table["support"][number] = SUPPORT_KINDS.get(role, 0)
    return table


def _posts(plan: Plan) -> Table:
    posts = plan.posts
    table = _rows(
        "posts",
        posts,
        "key fte hundredths start_day end_day lapse_day choice_weight team market account state",
        pull=[post.choice_weight for post in posts],
        role=[ROLE_INDEX[post.role] for post in posts],
        line=[plan.accounts[post.account].line for post in posts],
    )
    for field in ("holder", "vacancy", "cover"):
        table[field] = NONE
    return table


def _markets(plan: Plan) -> Table:
    largest = [1.0] * len(plan.markets)
    for number in range(len(plan.markets)):
        mine = [post.choice_weight * post.fte for post in plan.posts if post.market == number]
        largest[number] = max(mine, default=1.0)
    return _rows(
        "markets",
        plan.markets,
        "key candidates_per_day reference_fte vacancy_elasticity cap_per_post_per_day"
        " approval_days selection_days ready_days acceptance drop_out notice_days"
        " vacancy_age_days carried_selecting carried_awaiting checks_days gets_agency_cover",
        largest_value=largest,
    )


@cache
def _resignations_key(team_key: str) -> int:
    return key_of(f"recent resignations {team_key}")


def _teams(plan: Plan) -> Table:
    agency, exits = plan.agency, plan.exits
    table = _empty("teams", len(plan.team_keys))
    keys = [_resignations_key(key) for key in plan.team_keys]
    table["resignations_key"] = np.array(keys, np.uint64)
    table["start_effect"], table["cover_per_day"] = exits.start_effects, agency.arrivals_per_day
    table["request_pending"], table["above_most"] = agency.request_pending_share, agency.above_most
    table["resignations_per_day"] = exits.recent_resignations_per_day
    table["load_effect"] = 1.0
    table["over"] = table["above_start"] = agency.above_start
    table["is_court"] = [team in plan.court_teams for team in range(len(table))]
    table["queues"] = NONE
    table["supernumerary_account"] = [
        plan.account_index.get((team, Role.SOCIAL_WORKER, SUPERNUMERARY_LINE), NONE)
        for team in range(len(table))
    ]
    if plan.casework is not None:
        case = plan.casework
        table["limit_load"], table["change_per_day"] = case.limit_load, case.change_per_day
        table["start_load"], table["start_lost_share"] = case.start_load, case.start_lost_share
        support = np.array(case.start_support_fte)
        table["start_support"], table["start_practitioners"] = support[:, 0], support[:, 1]
    return table


# -- numbers --------------------------------------------------------------------------------------


def _world(plan: Plan) -> dict[str, Any]:
    exits, agency, internal, pipelines = plan.exits, plan.agency, plan.internal, plan.pipelines
    staff = pipelines.overseas_staff
    markets = [market.name for market in plan.markets]
    return {
        "horizon": plan.horizon,
        "cohort_drop_out": plan.cohort_drop_out,
        "manager_gap": exits.manager_gap,
        "contagion": exits.contagion,
        "contagion_days": exits.contagion_days,
        "span": exits.span,
        "appointment_days": internal.appointment_days,
        "minimum_tenure_days": internal.minimum_tenure_days,
        "tenure_under_five": plan.tenure_under_five_share,
        "newly_qualified_share": plan.newly_qualified_probability,
        "request_days": agency.request_days,
        "assignment_days": agency.assignment_days,
        "conversion_per_day": agency.conversion_per_day,
        "notice_days": agency.notice_days,
        "later_notice_day": agency.later_notice[0],
        "later_notice_days": agency.later_notice[1],
        "release": agency.release,
        "settlement_days": pipelines.settlement_days,
        "overseas_start": pipelines.overseas_start,
        "overseas_ramp_days": pipelines.overseas_ramp_days,
        "staff_people": NONE if staff is None else staff.people,
        "staff_first_day": 0.0 if staff is None else staff.first_joined_day,
        "staff_last_day": 0.0 if staff is None else staff.last_joined_day,
        "teams_count": len(plan.team_keys),
        "accounts_count": len(plan.accounts),
        "lines_count": len(plan.lines),
        "markets_count": len(plan.markets),
        "periods": plan.periods,
        "posts_count": len(plan.posts),
        "careers_count": len(plan.careers),
        "payments_count": len(plan.payments),
        "cohorts_count": len(plan.cohorts),
        "groups_count": len(pipelines.arrivals),
        "settlements_count": len(pipelines.settlements),
        "inductions_count": len(pipelines.inductions),
        "ramps_count": len(pipelines.ramps),
        "helps_count": len(plan.help),
        "open_teams_count": len(plan.team_keys) - len(plan.court_teams),
        "social_market": markets.index(SOCIAL_WORKER_MARKET),
        "above_start_total": sum(agency.above_start),
        "imposes": agency.above_published is not None,
        "places_per_team": places_per_team(plan),
        "to_close": hundredths(plan.establishment_closures[0]),
        "to_recode": plan.other_net_change[0],
        "largest_pull": 1.0,
        "first_month": 1,
        "free_node": NONE,
        "free_case": NONE,
        **case_numbers(plan),
    }
