"""Hiring in a plan: labour markets at their reference, internal moves, cohorts."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from sim.config.roles import FAMILY_OF_ROLE, REGISTERED_ROLES, Role
from sim.dates import (
    DAYS_PER_MONTH,
    DAYS_PER_WEEK,
    DAYS_PER_YEAR,
    day_of,
)
from sim.inputs.balance import (
    OpenPosts,
    Reference,
    solve_reference,
)
from sim.inputs.context import (
    MARKET_KEYS,
    Context,
    cells,
    first_day_without,
    newly_qualified_per_year,
    notice_probability,
)
from sim.inputs.fates import key_of
from sim.inputs.plan import (
    SUPERNUMERARY_LINE,
    Cohort,
    HelpPlan,
    InternalPlan,
    Market,
    PostPlan,
)
from sim.inputs.position import PostState


def internal(ctx: Context) -> InternalPlan:
    """Internal moves: chances by role."""
    v = ctx.values
    chance = {
        Role.SOCIAL_WORKER: v["internal_moves.chance_social_worker"],
        Role.SENIOR_PRACTITIONER: v["internal_moves.chance_senior"],
        Role.TEAM_MANAGER: v["internal_moves.chance_senior"],
    }
    return InternalPlan(
        chance=chance,
        appointment_days=v["internal_moves.appointment_days"],
        minimum_tenure_days=v["internal_moves.minimum_tenure"] * DAYS_PER_MONTH,
    )


def ready_days(ctx: Context, market: str) -> float:
    """From acceptance to the first day: checks run beside the candidate's own notice."""
    v = ctx.values
    registered = market in ("social_worker", "team_manager")
    notice = v[f"hiring.notice_{market if registered else 'support'}"]
    return max(v["hiring.checks"], notice) * DAYS_PER_WEEK


def starters_per_day(ctx: Context, market: str) -> float:
    """Experienced starters through a social work market, FTE a day, net of conversions."""
    v = ctx.values
    total = v["council.staffing.starters_fte_per_year"]
    managers = total * v["council.staffing.team_manager_share_of_starters"]
    gross = managers if market == "team_manager" else (
        max(0.0, total - managers - newly_qualified_per_year(ctx))
    )  # fmt: skip
    cover = math.fsum(
        post.fte
        for post in ctx.position.posts
        if post.state is PostState.COVERED and FAMILY_OF_ROLE[post.role] == market
    )
    net = gross - v["agency.conversion_rate"] * cover
    return max(net, 0.05 * gross) / DAYS_PER_YEAR


def references(ctx: Context, posts: list[PostPlan]) -> dict[str, Reference]:
    """Each market's reference, solved on the posts of day 0."""
    v = ctx.values
    chance = internal(ctx).chance
    notice = {role: notice_probability(ctx, role) for role in REGISTERED_ROLES}
    found: dict[str, Reference] = {}
    for index, market in enumerate(MARKET_KEYS):
        if market not in ("social_worker", "team_manager"):
            days = v["labour_market.support_fill_time"] * DAYS_PER_WEEK
            found[market] = Reference(1.0 / days, 1.0, 1.0)
            continue
        mine = [p for p in posts[: len(ctx.position.posts)] if p.market == index]
        open_posts = OpenPosts(
            fte=np.array([p.fte for p in mine]),
            weight=np.array([p.choice_weight for p in mine]),
            vacant=np.array([float(p.state is not PostState.FILLED) for p in mine]),
            notice_probability=np.array([notice[p.role] for p in mine]),
            internal_chance=np.array([chance[p.role] for p in mine]),
        )
        found[market] = solve_reference(
            open_posts,
            starters_per_day(ctx, market),
            v["hiring.offer_acceptance"] * (1 - v["hiring.drop_out"]),
            v["hiring.approval"] * DAYS_PER_WEEK,
            v["hiring.selection"] * DAYS_PER_WEEK,
            v["hiring.offer_acceptance"],
            ready_days(ctx, market),
            v[f"hiring.notice_{market}"] * DAYS_PER_WEEK,
            cap_per_post(ctx),
        )
    return found


def cap_per_post(ctx: Context) -> float:
    """Most suitable candidates a day for each advertised social work post."""
    return ctx.values["labour_market.candidate_cap_per_post"] / DAYS_PER_MONTH


def markets(ctx: Context, references: Mapping[str, Reference]) -> tuple[Market, ...]:
    """Every role family's labour market."""
    v = ctx.values
    multipliers = candidate_multipliers(ctx)
    found = []
    for key in MARKET_KEYS:
        registered = key in ("social_worker", "team_manager")
        reference = references[key]
        found.append(
            Market(
                key=key_of(f"market {key}"),
                name=key,
                candidates_per_day=reference.candidates_per_day,
                reference_fte=reference.reference_fte,
                vacancy_elasticity=(v["labour_market.vacancy_elasticity"] if registered else 1.0),
                cap_per_post_per_day=cap_per_post(ctx) if registered else math.inf,
                year_multipliers=multipliers if registered else (1.0,) * ctx.calendar.years,
                approval_days=v["hiring.approval"] * DAYS_PER_WEEK,
                selection_days=v["hiring.selection"] * DAYS_PER_WEEK,
                ready_days=ready_days(ctx, key),
                acceptance=v["hiring.offer_acceptance"],
                drop_out=v["hiring.drop_out"],
                notice_days=v[f"hiring.notice_{key if registered else 'support'}"] * DAYS_PER_WEEK,
                vacancy_age_days=vacancy_age(ctx, key) if registered else 0.0,
                gets_agency_cover=registered,
                carried_selecting=reference.carried.selecting,
                carried_awaiting=reference.carried.awaiting,
                checks_days=v["hiring.checks"] * DAYS_PER_WEEK,
            )
        )
    return tuple(found)


def starters_over_level(ctx: Context, year: int) -> float:
    """Starters expected in a year over their level on day 0; 1 where nobody starts."""
    level = ctx.values["council.staffing.starters_fte_per_year"]
    if level <= 0.0:
        return 1.0
    return min(MOST_OVER_LEVEL, ctx.years[year].starters_fte / level)


MOST_OVER_LEVEL = 10.0
"""Most starters or candidates of a year over those of day 0 (J). It keeps a council in which
hardly anybody starts from costing thousands of streams of candidates."""


def candidate_multipliers(ctx: Context) -> tuple[float, ...]:
    """By year: candidates over those whom the year's vacancies draw by themselves.

    With what is expected to be vacant in the year they bring the starters that are expected; what
    is vacant beyond that, by chance or by an intervention, draws candidates by gamma alone.
    """
    gamma = ctx.values["labour_market.vacancy_elasticity"]
    notice = notice_probability(ctx, Role.SOCIAL_WORKER)
    at_first = ctx.totals.vacancy_fte + notice * ctx.totals.inpost_fte
    found = []
    for number, year in enumerate(ctx.years):
        advertised = year.mean_vacancy_fte + notice * year.mean_staff_fte
        drawn = (advertised / at_first) ** gamma if at_first > 0.0 and advertised > 0.0 else 1.0
        found.append(min(MOST_OVER_LEVEL, starters_over_level(ctx, number) / drawn))
    return tuple(found)


def helped(ctx: Context) -> tuple[HelpPlan, ...]:
    """Help with hiring that measures give, a part for each phase."""
    v = ctx.values
    return tuple(
        HelpPlan(
            line=SUPERNUMERARY_LINE + 1 + index,
            start_day=float(day_of(ctx.calendar.start, part.start)),
            end_day=first_day_without(ctx, part.until),
            by_own_posts=part.by_own_posts,
            share=part.share,
            cells=frozenset(cells(ctx, part.teams, part.roles)),
            steps=v["market_measures.recruitment_steps"],
            drop_out=v["market_measures.recruitment_drop_out"],
            attractiveness=v["market_measures.recruitment_attractiveness"],
        )
        for index, (_, effects) in enumerate(ctx.effects)
        for part in effects.help
    )


def vacancy_age(ctx: Context, market: str) -> float:
    """Mean age of vacancies by Little's law: vacant FTE over FTE that start a day."""
    totals, v = ctx.totals, ctx.values
    managers = v["council.staffing.team_manager_share_of_starters"]
    vacant, share = (
        (totals.team_manager_vacancy_fte, managers)
        if market == "team_manager"
        else (totals.vacancy_fte - totals.team_manager_vacancy_fte, 1 - managers)
    )
    starts = v["council.staffing.starters_fte_per_year"] * share
    if vacant <= 0.0:
        return 0.0
    return min(LONGEST_VACANT_DAYS, vacant / starts * DAYS_PER_YEAR if starts else math.inf)


LONGEST_VACANT_DAYS = 20 * DAYS_PER_YEAR
"""Longest mean age of vacancies on day 0 (J), where hardly anybody starts."""


def cohorts(ctx: Context, posts: list[PostPlan]) -> tuple[Cohort, ...]:
    """One cohort each year after the totals were counted; its size is in people.

    One that started after the count but before day 0 starts on day 0.
    """
    v = ctx.values
    ordinary = [
        p.fte
        for p in posts
        if p.role is Role.SOCIAL_WORKER
        and p.state is not PostState.FILLED
        and not ctx.council.teams[p.team].court_work
    ]
    mean_fte = math.fsum(ordinary) / len(ordinary) if ordinary else 1.0
    size = newly_qualified_per_year(ctx) / mean_fte / (1 - v["hiring.drop_out"])
    lead = v["hiring.newly_qualified_offer_lead"] * DAYS_PER_WEEK
    cohorts = []
    for date in ctx.council.newly_qualified_starts:
        start = max(0.0, float(day_of(ctx.calendar.start, date)))
        offer = max(0.0, start - lead)
        this_year = size * starters_over_level(ctx, ctx.year_of(offer))
        cohorts.append(Cohort(key_of(f"cohort {date.year}"), offer, start, this_year))
    return tuple(cohorts)
