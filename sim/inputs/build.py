"""Making the plan: council + scenario + draw -> Plan."""

from __future__ import annotations

import math

from sim.config.council import Council
from sim.config.roles import ROLES, Role
from sim.inputs.agency import agency
from sim.inputs.attraction import attractiveness
from sim.inputs.careers import careers
from sim.inputs.case_routing import check_stage_holders
from sim.inputs.case_settings import CaseSettings
from sim.inputs.casework import casework
from sim.inputs.context import (
    NO_RULES,
    Starts,
    make_context,
    newly_qualified_probability,
    notice_days,
    notice_probability,
)
from sim.inputs.cuts import cuts
from sim.inputs.dated_rules import exit_effects
from sim.inputs.draws import Draw
from sim.inputs.hiring import cohorts, helped, internal, markets, references
from sim.inputs.leaving import exits
from sim.inputs.money import costs, lines, prices
from sim.inputs.pay import pay, pay_costs
from sim.inputs.pipelines import pipelines
from sim.inputs.plan import (
    Plan,
)
from sim.inputs.position import Position
from sim.inputs.posts import (
    establishment_change,
    other_net_change,
    posts,
    supernumerary_accounts,
    support_posts,
)
from sim.published.agency import NO_AGENCY_RECORD, AgencyRecord
from sim.scenario.scenario import Scenario


def make_plan(
    council: Council,
    position: Position,
    scenario: Scenario,
    draw: Draw,
    case_settings: CaseSettings | None = None,
    rules: Starts = NO_RULES,
    agency_record: AgencyRecord = NO_AGENCY_RECORD,
) -> Plan:
    """The plan of one draw.

    Args:
        council: the council.
        position: its start position (sim.inputs.position.start_position).
        scenario: what it decides.
        draw: values and variation between years (sim.inputs.draws.make_draw).
        case_settings: what the study chooses about casework; None leaves children's cases out.
        rules: first days of the rules on agency staff that it takes in, by name.
        agency_record: what the levels of agency staff are taken from beside day 0.

    Raises:
        InputError: a stage of the council's cases has nobody who may hold it, or a stock is larger
            than its stage can hold.
    """
    ctx = make_context(council, position, scenario, draw, case_settings, rules, agency_record)
    calendar = ctx.calendar
    year_of_period = tuple(ctx.year_of(day) for day in calendar.boundaries[:-1])
    notice = notice_days(ctx, Role.SOCIAL_WORKER)
    rates_year = tuple(ctx.year_of(day + notice) for day in calendar.boundaries[:-1])
    growth, closures = establishment_change(ctx)
    all_posts = posts(ctx, growth)
    supernumerary_accounts(ctx)
    market_references = references(ctx, all_posts)
    pay_exits, pay_attractiveness = pay(ctx)
    supplements, payments = pay_costs(ctx)
    start_posts = all_posts[: len(ctx.position.posts)]
    exit_plan, cohort_plans = exits(ctx), cohorts(ctx, start_posts)
    agency_plan = agency(ctx, start_posts)
    if case_settings is not None:
        all_posts += support_posts(ctx, len(all_posts))
    check_stage_holders(ctx, all_posts)
    return Plan(
        start_date=council.start_date,
        scenario=ctx.scenario.key,
        draw=ctx.draw.number,
        horizon=calendar.boundaries[-1],
        boundaries=calendar.boundaries,
        period_dates=calendar.period_dates,
        year_of_period=year_of_period,
        rates_year_of_period=rates_year,
        team_keys=tuple(team.key for team in council.teams),
        team_names=tuple(team.name for team in council.teams),
        court_teams=frozenset(t for t, team in enumerate(council.teams) if team.court_work),
        posts=tuple(all_posts),
        accounts=tuple(ctx.accounts),
        lines=lines(ctx),
        markets=markets(ctx, market_references),
        internal=internal(ctx),
        exits=exit_plan,
        agency=agency_plan,
        cohorts=cohort_plans,
        cohort_drop_out=ctx.values["hiring.drop_out"],
        payments=payments,
        supplements=supplements,
        costs=costs(ctx),
        prices=prices(ctx),
        pay_exits=pay_exits,
        attractiveness=attractiveness(ctx, pay_attractiveness),
        establishment_closures=closures,
        other_net_change=other_net_change(ctx),
        notice_probability={role: notice_probability(ctx, role) for role in ROLES},
        tenure_under_five_share=ctx.values["exits.under_five_years_share"],
        newly_qualified_probability=newly_qualified_probability(ctx),
        casework=casework(ctx, all_posts, agency_plan, market_references),
        account_index={
            (a.team, a.role, a.line): i for a, i in ctx.accounts.items() if a.lapse_day == math.inf
        },
        exit_effects=exit_effects(ctx),
        help=helped(ctx),
        cuts=cuts(ctx, all_posts),
        careers=careers(ctx, exit_plan),
        pipelines=pipelines(ctx, cohort_plans),
    )
