"""A plan as tables: what either engine reads in place of sim.inputs.plan.Plan.

Tables are columns by field. References to rows are `Ref`: the table, and the number of the row.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from sim.config.roles import ROLES, Role
from sim.engine.codes import BUSINESS_SUPPORT, FAMILY_PRACTITIONERS, NO_SUPPORT
from sim.engine.encode_cases import case_numbers, case_tables, demand_by_month, most_bought
from sim.engine.layout import MASK_COUNT, POOL_COUNT, ROLE_COUNT, ROUTE_COUNT, STAGE_COUNT
from sim.engine.tables import Columns, Ref, column, columns
from sim.inputs.case_routing import POOL_OF_ROLE
from sim.inputs.fates import key_of
from sim.inputs.plan import SUPERNUMERARY_LINE, Plan, hundredths

Cells = Collection[tuple[int, Role]]
ROLE_INDEX = {role: number for number, role in enumerate(ROLES)}
SUPPORT_KINDS = {
    Role.BUSINESS_SUPPORT: BUSINESS_SUPPORT,
    Role.FAMILY_PRACTITIONER: FAMILY_PRACTITIONERS,
}
SOCIAL_WORKER_MARKET = "social_worker"
REVIEW_MONTHS = (1, 4, 7, 10)
"""Months at whose beginning managers review the staff above establishment."""
NONE = -1


@dataclass(frozen=True)
class EncodedPlan:
    """A plan's tables and numbers.

    Attributes:
        tables: by name, as World has them, those that are not empty on day 0.
        numbers: by field of the world.
        lists: by list of the world: references.
    """

    tables: dict[str, Columns]
    numbers: dict[str, Any]
    lists: dict[str, Ref] = field(default_factory=dict)


def encode(plan: Plan) -> EncodedPlan:
    """A plan as tables."""
    teams, periods = len(plan.team_keys), plan.periods
    tables = {
        "months": _months(plan),
        "years": _years(plan),
        "agency_levels": _agency_levels(plan),
        "cell_months": _cell_months(plan),
        "market_years": column(
            [m.year_multipliers[y] for y in range(_year_count(plan)) for m in plan.markets]
        ),
        "imposed": column([fte for row in plan.agency.above_published or () for fte in row]),
        **_scoped(plan, "careers", "career_cells", plan.careers,
                  "from_days until_days start_day end_day multiplier"),
        **_scoped(plan, "payments", "payment_cells", plan.payments,
                  "day gbp_per_fte tie_in_days recovery_share line"),
        "cohorts": _cohorts(plan),
        "groups": _groups(plan),
        **_pipelines(plan),
        **_support(plan),
        "slots": _slots(plan),
        "roles": _roles(plan),
        "posts": _posts(plan),
        "markets": _markets(plan),
        "teams": _teams(plan),
        "cells": columns(
            teams * ROLE_COUNT,
            number=np.arange(teams * ROLE_COUNT),
            **{name: np.ones(teams * ROLE_COUNT) for name in ("steps", "drop_out", "pull")},
        ),
        "cuts": _cuts(plan),
        "accounts": columns(len(plan.accounts), number=np.arange(len(plan.accounts))),
        "account_months": columns(periods * len(plan.accounts)),
        "team_months": columns(periods * teams),
        "line_months": columns(periods * len(plan.lines)),
        "pipeline": columns(len(plan.lines)),
        "route_levels": columns(ROUTE_COUNT),
        "route_months": columns(periods * ROUTE_COUNT),
        "target_months": columns(periods * len(plan.markets)),
        "arrivals": columns(sum(_people(plan))),
        **case_tables(plan),
    }  # fmt: skip
    if plan.casework is not None:
        tables["stage_teams"] = columns(STAGE_COUNT * teams)
        tables["stage_months"] = columns(periods * STAGE_COUNT * teams)
        tables["pools"] = columns(
            teams * POOL_COUNT,
            kind=np.tile(np.arange(POOL_COUNT), teams),
            team=Ref("teams", np.repeat(np.arange(teams), POOL_COUNT)),
        )
        tables["queues"] = columns(teams * MASK_COUNT, pools=np.tile(np.arange(MASK_COUNT), teams))
    is_court = np.array([team in plan.court_teams for team in range(teams)])
    lists = {"open_teams": Ref("teams", np.flatnonzero(~is_court))}
    return EncodedPlan(tables, _numbers(plan), lists)


# -- tables of the plan ---------------------------------------------------------------------------


def _scope(plan: Plan, scopes: Sequence[Cells]) -> Columns:
    """Flags by item, team and role: which teams and roles are in an item's scope."""
    cells = len(plan.team_keys) * ROLE_COUNT
    on = np.zeros(len(scopes) * cells, bool)
    for item, scope in enumerate(scopes):
        for team, role in scope:
            on[item * cells + team * ROLE_COUNT + ROLE_INDEX[role]] = True
    return columns(len(on), on=on)


def _scoped(
    plan: Plan, name: str, scope: str, items: Sequence[Any], fields: str, **more: Any
) -> dict[str, Columns]:
    """Items with the teams and roles that they act on, and with the routes where they have any."""
    if items and hasattr(items[0], "routes"):
        more["routes"] = [_route_set(item.routes) for item in items]
    return {
        name: _rows(items, fields, number=range(len(items)), **more),
        scope: _scope(plan, [item.cells for item in items]),
    }


def _rows(items: Sequence[Any], fields: str, **more: Any) -> Columns:
    """A table with a row for each item: fields of the same name, and further columns."""
    mine = {name: [getattr(item, name) for item in items] for name in fields.split()}
    return columns(len(items), **mine, **more)


def _route_set(routes: Iterable[int]) -> int:
    return sum(1 << route for route in set(routes))


def _year_count(plan: Plan) -> int:
    return max(*plan.year_of_period, *plan.rates_year_of_period) + 1


def _months(plan: Plan) -> Columns:
    return columns(
        plan.periods,
        number=range(plan.periods),
        start=plan.boundaries[:-1],
        end=plan.boundaries[1:],
        most_pull=[max([1.0, *pulls.values()]) for pulls in plan.attractiveness],
        has_pull=[bool(pulls) for pulls in plan.attractiveness],
        closures=[hundredths(fte) for fte in plan.establishment_closures],
        other_net_change=plan.other_net_change,
        year=Ref("years", np.array(plan.year_of_period)),
        rates=Ref("years", np.array(plan.rates_year_of_period)),
        reviews_above=[date.month in REVIEW_MONTHS for date in plan.period_dates],
        **demand_by_month(plan),
    )


def _years(plan: Plan) -> Columns:
    count = _year_count(plan)
    return columns(
        count,
        number=range(count),
        exits=plan.exits.year_multipliers[:count],
    )


def _agency_levels(plan: Plan) -> Columns:
    """By year, day 0 before the first, and team."""
    agency, rows = plan.agency, 1 + _year_count(plan)
    above = (agency.above_start, *agency.above_by_year)[:rows]
    return _rows(
        [cover for teams in agency.cover[:rows] for cover in teams],
        "share request_days search_days request_pending",
        above=[people for teams in above for people in teams],
    )


def _cell_months(plan: Plan) -> Columns:
    """By month, team and role: what acts on exits, attractiveness and cover; 1 where nothing."""
    count = plan.periods * len(plan.team_keys) * ROLE_COUNT
    found = {
        "pay": np.ones((count, 3)),
        "effects": np.ones((count, 3)),
        "pull": np.ones(count),
        "cover": np.ones(count),
    }
    sources: tuple[tuple[str, Sequence[Mapping[tuple[int, Role], Any]]], ...] = (
        ("pay", plan.pay_exits),
        ("effects", plan.exit_effects),
        ("pull", plan.attractiveness),
        ("cover", plan.agency.cover_effects),
    )
    for name, months in sources:
        places = [
            (month * len(plan.team_keys) + team) * ROLE_COUNT + ROLE_INDEX[role]
            for month, cells in enumerate(months[: plan.periods])
            for team, role in cells
        ]
        if places:
            found[name][places] = [
                value for cells in months[: plan.periods] for value in cells.values()
            ]
    return columns(count, **found)


def _people(plan: Plan) -> list[int]:
    """Most people of each cohort, then of each group."""
    cohorts = [int(cohort.size) + 1 for cohort in plan.cohorts]
    return cohorts + [group.people for group in plan.pipelines.arrivals]


def _firsts(plan: Plan) -> list[int]:
    """By cohort and group: the place of its first arrival."""
    people = _people(plan)
    return [sum(people[:number]) for number in range(len(people))]


def _cohorts(plan: Plan) -> Columns:
    count = len(plan.cohorts)
    return _rows(
        plan.cohorts,
        "key offer_day start_day size",
        count=_people(plan)[:count],
        first=_firsts(plan)[:count],
    )


def _groups(plan: Plan) -> Columns:
    groups = plan.pipelines.arrivals
    return _rows(
        groups,
        "key begin_day offer_day start_day share_who_come tie_in_days repayable_gbp"
        " recovery_share tie_in_exits route people found trains",
        line=[NONE if group.line is None else group.line for group in groups],
        first=_firsts(plan)[len(plan.cohorts) :],
    )


def _pipelines(plan: Plan) -> dict[str, Columns]:
    pipelines, teams = plan.pipelines, len(plan.team_keys)
    on = np.zeros(len(pipelines.ramps) * teams, bool)
    for number, ramp in enumerate(pipelines.ramps):
        for team in ramp.teams:
            on[number * teams + team] = True
    return {
        **_scoped(plan, "settlements", "settlement_cells", pipelines.settlements,
                  "start_day end_day take_up tie_in_days exits line"),
        **_scoped(plan, "inductions", "induction_cells", pipelines.inductions,
                  "start_day end_day share line"),
        "ramps": _rows(
            pipelines.ramps, "start_day end_day days", number=range(len(pipelines.ramps))
        ),
        "ramp_teams": columns(len(on), on=on),
    }  # fmt: skip


def _support(plan: Plan) -> dict[str, Columns]:
    """Help with hiring; the parts of one line stand together, lines as they come."""
    lines = list(dict.fromkeys(part.line for part in plan.help))
    parts = [part for line in lines for part in plan.help if part.line == line]
    fields = "start_day end_day share steps drop_out attractiveness line by_own_posts"
    return _scoped(plan, "supports", "support_cells", parts, fields)


def _cuts(plan: Plan) -> Columns:
    cells = np.array([cut.team * ROLE_COUNT + ROLE_INDEX[cut.role] for cut in plan.cuts], int)
    left = [cut.hundredths for cut in plan.cuts]
    return _rows(plan.cuts, "start_day line with_notice", to_close=left, cell=Ref("cells", cells))


def slots_per_team(plan: Plan) -> int:
    """Most places above establishment that a team can have."""
    agency = plan.agency
    if agency.above_published is not None:
        most = max(sum(row) for row in agency.above_published)
    else:
        levels = (agency.above_start, *agency.above_by_year)
        most = max(map(max, levels)) + max(*agency.above_start, *agency.above_most)
    return math.ceil(max(most, *agency.above_start)) + most_bought(plan) + 2


@cache
def _slot_key(team_key: str, number: int) -> int:
    return key_of(f"above {team_key} {number}")


def _slots(plan: Plan) -> Columns:
    room = slots_per_team(plan)
    keys = [_slot_key(team, number) for team in plan.team_keys for number in range(room)]
    return columns(len(keys), key=np.array(keys, np.uint64))


# -- tables that a run changes --------------------------------------------------------------------


def _roles(plan: Plan) -> Columns:
    none = ((0.0, 0.0, 0.0),) * 3
    return columns(
        ROLE_COUNT,
        number=range(ROLE_COUNT),
        rates=np.array([plan.exits.rates.get(role, none) for role in ROLES]).reshape(-1, 9),
        notice_probability=[plan.notice_probability.get(role, 0.0) for role in ROLES],
        inside_chance=[plan.internal.chance.get(role, 0.0) for role in ROLES],
        pool=[POOL_OF_ROLE.get(role, NONE) for role in ROLES],
        support=[SUPPORT_KINDS.get(role, NO_SUPPORT) for role in ROLES],
    )


def _posts(plan: Plan) -> Columns:
    posts = plan.posts
    team = np.array([post.team for post in posts], int)
    role = np.array([ROLE_INDEX[post.role] for post in posts], int)
    return _rows(
        posts,
        "number key fte hundredths start_day end_day lapse_day choice_weight state",
        pull=[post.choice_weight for post in posts],
        team=Ref("teams", team),
        role=Ref("roles", role),
        cell=Ref("cells", team * ROLE_COUNT + role),
        market=Ref("markets", np.array([post.market for post in posts], int)),
        account=Ref("accounts", np.array([post.account for post in posts], int)),
        line=[plan.accounts[post.account].line for post in posts],
    )


def _markets(plan: Plan) -> Columns:
    largest = [1.0] * len(plan.markets)
    for number in range(len(plan.markets)):
        mine = [post.choice_weight * post.fte for post in plan.posts if post.market == number]
        largest[number] = max(mine, default=1.0)
    return _rows(
        plan.markets,
        "key candidates_per_day reference_fte vacancy_elasticity cap_per_post_per_day"
        " approval_days selection_days ready_days acceptance drop_out notice_days"
        " vacancy_age_days carried_selecting carried_awaiting checks_days gets_agency_cover",
        number=range(len(plan.markets)),
        largest_value=largest,
    )


@cache
def _resignations_key(team_key: str) -> int:
    return key_of(f"recent resignations {team_key}")


def _teams(plan: Plan) -> Columns:
    agency, exits, count = plan.agency, plan.exits, len(plan.team_keys)
    supernumerary = [
        plan.account_index.get((team, Role.SOCIAL_WORKER, SUPERNUMERARY_LINE), NONE)
        for team in range(count)
    ]
    more: dict[str, Any] = {}
    if plan.casework is not None:
        case = plan.casework
        support = np.array(case.start_support_fte)
        more = {
            "limit_load": case.limit_load,
            "usual_limit": case.limit_load,
            "pace": [1.0] * count,
            "change_per_day": case.change_per_day,
            "put_off_chance": case.put_off_chance,
            "start_load": case.start_load,
            "start_lost_share": case.start_lost_share,
            "start_support": support[:, 0],
            "start_practitioners": support[:, 1],
        }
        if case.reaction is not None:
            more["bought_most"] = case.reaction.agency_most
    return columns(
        count,
        number=range(count),
        resignations_key=np.array([_resignations_key(key) for key in plan.team_keys], np.uint64),
        start_effect=exits.start_effects,
        resignations_per_day=exits.recent_resignations_per_day,
        agency=Ref("agency_levels", np.arange(count)),
        above_most=agency.above_most,
        above_start=agency.above_start,
        above_kept=agency.above_start,
        over=agency.above_start,
        load_effect=[1.0] * count,
        is_court=[team in plan.court_teams for team in range(count)],
        supernumerary=Ref("accounts", np.array(supernumerary)),
        **more,
    )


# -- numbers --------------------------------------------------------------------------------------


def _numbers(plan: Plan) -> dict[str, Any]:
    exits, agency, internal, pipelines = plan.exits, plan.agency, plan.internal, plan.pipelines
    staff = pipelines.overseas_staff
    markets = [market.name for market in plan.markets]
    return {
        "horizon": plan.horizon,
        "periods": plan.periods,
        "cohort_drop_out": plan.cohort_drop_out,
        "manager_gap": exits.manager_gap,
        "contagion": exits.contagion,
        "contagion_days": exits.contagion_days,
        "span": exits.span,
        "appointment_days": internal.appointment_days,
        "minimum_tenure_days": internal.minimum_tenure_days,
        "tenure_under_five": plan.tenure_under_five_share,
        "newly_qualified_share": plan.newly_qualified_probability,
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
        "social_market": Ref("markets", np.array([markets.index(SOCIAL_WORKER_MARKET)])),
        "imposes": agency.above_published is not None,
        "slots_per_team": slots_per_team(plan),
        "to_close": hundredths(plan.establishment_closures[0]),
        "to_recode": plan.other_net_change[0],
        "largest_pull": 1.0,
        "first_month": True,
        **case_numbers(plan),
    }
