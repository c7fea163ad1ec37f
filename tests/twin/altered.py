"""Plans altered far beyond what councils are like: a strategy for hypothesis.

Each part below changes one side of a plan. Days are month boundaries often, so that much falls on
one instant.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from sim.config.roles import REGISTERED_ROLES, ROLES, Role
from sim.config.routes import NEWLY_QUALIFIED_ROUTES, Route
from sim.inputs.balance import SteadyCover
from sim.inputs.fates import key_of
from sim.inputs.pipelines_plan import (
    ArrivalGroup,
    CareerPlan,
    InductionPlan,
    OverseasStaff,
    PipelinePlan,
    RampPlan,
    SettlementPlan,
)
from sim.inputs.plan import Cohort, HelpPlan, Payment, Plan, PostPlan
from sim.inputs.position import PostState
from tests.twin.altered_cases import alter_cases
from tests.twin.plans import IS_COMPLETE, choice_at, of_size, plan_of

Pick = Callable[..., Any]
"""One of the values that it is given."""
NEVER = math.inf
ARRIVING = (Route.OVERSEAS, Route.BURSARY, Route.APPRENTICE)


def generated(usual: int, complete: int) -> settings:
    """How many plans a test is given: the same at each usual run, others on the complete grid."""
    return settings(
        max_examples=of_size(usual, complete),
        deadline=None,
        derandomize=not IS_COMPLETE,
        suppress_health_check=list(HealthCheck),
    )


@st.composite
def altered_plans(draw: st.DrawFn) -> Plan:
    """A plan of the grid with some sides altered; at times long enough for twelve months to end."""

    def pick(*values: Any) -> Any:
        return draw(st.sampled_from(values))

    number, months = draw(st.integers(0, 10_000)), pick(2, 3, 5, 8, 15)
    plan = plan_of(choice_at(number, months))
    for alter in SIDES:
        if pick(False, True):
            plan = alter(plan, pick)
    return plan


def changed(item: Any, pick: Pick, **values: Sequence[Any]) -> Any:
    """An item with fields put in place of; `...` among the values leaves a field as it is."""
    found = {name: pick(..., *options) for name, options in values.items()}
    kept = {name: value for name, value in found.items() if value is not ...}
    return dataclasses.replace(item, **kept)


def days_of(plan: Plan) -> tuple[float, ...]:
    """Days on which things may fall: day 0, month boundaries, a day among others, the horizon."""
    return 0.0, *plan.boundaries[1:3], plan.boundaries[1] + 0.5, 17.0, plan.horizon


def cells_of(plan: Plan, pick: Pick) -> frozenset[tuple[int, Role]]:
    """Teams and roles in scope: some, all or none."""
    roles = pick(REGISTERED_ROLES, ROLES, (Role.SOCIAL_WORKER,), ())
    step = pick(1, 2)
    return frozenset((team, role) for team in range(0, len(plan.team_keys), step) for role in roles)


def span(plan: Plan, pick: Pick) -> tuple[float, float]:
    """First and last day; nothing between them at times."""
    return pick(*days_of(plan)), pick(NEVER, *days_of(plan))


# -- staffing -------------------------------------------------------------------------------------


def alter_markets(plan: Plan, pick: Pick) -> Plan:
    """Every market: candidates, the steps of hiring, what is in hand on day 0."""
    changes = {
        "vacancy_elasticity": pick(..., 0.0, 0.5, 1.0, 2.5),
        "cap_per_post_per_day": pick(..., 0.0, 0.01, 1e9),
        "approval_days": pick(..., 0.0, 1.0, 200.0),
        "selection_days": pick(..., 0.0, 1.0, 200.0),
        "ready_days": pick(..., 0.0, 1.0, 400.0),
        "checks_days": pick(..., 0.0, 100.0),
        "acceptance": pick(..., 0.0, 1.0),
        "drop_out": pick(..., 0.0, 1.0),
        "notice_days": pick(..., 0.0, 1.0, 300.0),
        "vacancy_age_days": pick(..., 0.0, 1000.0),
        "gets_agency_cover": pick(..., False, True),
        "carried_selecting": pick(..., 0.0, 30.0),
        "carried_awaiting": pick(..., 0.0, 30.0),
    }
    kept = {name: value for name, value in changes.items() if value is not ...}
    times, years = pick(0.0, 1.0, 30.0), pick(0.0, 1.0, 3.0)
    markets = tuple(
        dataclasses.replace(
            market,
            candidates_per_day=market.candidates_per_day * times,
            year_multipliers=tuple(years * m for m in market.year_multipliers),
            **kept,
        )
        for market in plan.markets
    )
    return dataclasses.replace(plan, markets=markets)


def alter_exits(plan: Plan, pick: Pick) -> Plan:
    """Rates of leaving, and what a team does to them."""
    times = pick((0.0, 0.0, 0.0), (1.0, 1.0, 1.0), (30.0, 0.0, 1.0), (1.0, 400.0, 0.0))
    rates = {
        role: tuple(tuple(a * b for a, b in zip(band, times, strict=True)) for band in bands)
        for role, bands in plan.exits.rates.items()
    }
    teams = len(plan.team_keys)
    exits = changed(
        dataclasses.replace(plan.exits, rates=rates),
        pick,
        manager_gap=(0.0, 1.0, 8.0),
        contagion=(0.0, 1.0, 8.0),
        contagion_days=(0.5, 31.0, 500.0),
        span=(0.0, 50.0),
        recent_resignations_per_day=((0.0,) * teams, (2.0,) * teams),
    )
    return dataclasses.replace(
        plan,
        exits=exits,
        notice_probability=pick(
            plan.notice_probability, dict.fromkeys(ROLES, 0.0), dict.fromkeys(ROLES, 1.0)
        ),
        tenure_under_five_share=pick(plan.tenure_under_five_share, 0.001, 0.999),
        newly_qualified_probability=pick(plan.newly_qualified_probability, 0.0, 1.0),
    )


def alter_agency(plan: Plan, pick: Pick) -> Plan:
    """Cover and places above establishment, hundreds at times."""
    teams = len(plan.team_keys)
    agency = changed(
        plan.agency,
        pick,
        cover=tuple(_levels_of_cover(plan, pick) for _ in range(2)),
        assignment_days=(8.0, 50.0, 1e5),
        conversion_per_day=(0.0, 0.02, 5.0),
        notice_days=(0.0, 500.0),
        release=(0.0, 0.5, 1.0),
        above_start=((0,) * teams, (300,) + (0,) * (teams - 1), (40,) * teams),
        above_most=((0.0,) * teams, (1e3,) * teams),
        above_published=(
            None,
            tuple(tuple(float((month * 7 + team * 3) % 11) * 0.7 for team in range(teams))
                  for month in range(plan.periods)),
        ),
        above_by_year=tuple(
            tuple(tuple(pick(0, 1, 40) for _ in range(teams)) for _ in plan.agency.above_by_year)
            for _ in range(2)
        ),
        cover_effects=((), tuple(_effects(plan, pick, 0.0, 3.0) for _ in range(plan.periods))),
        later_notice=((0.0, 70.0), (plan.boundaries[1], 0.0)),
    )  # fmt: skip
    return dataclasses.replace(plan, agency=agency)


def _levels_of_cover(plan: Plan, pick: Pick) -> tuple[tuple[SteadyCover, ...], ...]:
    """Another level each year: none, some or all covered, asked for soon, late or at once."""
    return tuple(
        tuple(
            SteadyCover(pick(0.0, 0.3, 1.0), pick(0.0, 14.0, 90.0), pick(0.0, 0.2, 60.0),
                        pick(0.0, 0.5, 1.0))
            for _ in teams
        )
        for teams in plan.agency.cover
    )  # fmt: skip


def alter_inside(plan: Plan, pick: Pick) -> Plan:
    """Moves inside the council."""
    chance = {role: pick(0.0, 0.4, 1.0) for role in REGISTERED_ROLES}
    internal = changed(
        dataclasses.replace(plan.internal, chance=chance),
        pick,
        appointment_days=(0.0, 300.0),
        minimum_tenure_days=(0.0, 1e6),
    )
    return dataclasses.replace(plan, internal=internal)


def alter_size(plan: Plan, pick: Pick) -> Plan:
    """Posts cut and people recoded month by month."""

    def monthly(*values: float) -> tuple[float, ...]:
        return tuple(pick(*values) for _ in range(plan.periods))

    return dataclasses.replace(
        plan,
        establishment_closures=monthly(0.0, 0.3, 7.7, 60.0),
        other_net_change=monthly(0.0, -0.4, 0.6, -9.5, 12.25),
    )


def alter_months(plan: Plan, pick: Pick) -> Plan:
    """What pay and measures do to leaving and to attractiveness, month by month."""
    triples = ((0.0, 1.0, 2.0), (1.0, 1.0, 1.0), (7.0, 0.1, 0.0))

    def months(*values: Any) -> tuple[Any, ...]:
        return tuple(pick({}, _effects(plan, pick, *values)) for _ in range(plan.periods))

    return dataclasses.replace(
        plan,
        pay_exits=months(*triples),
        exit_effects=pick((), months(*triples)),
        attractiveness=months(0.25, 1.0, 4.0),
    )


def _effects(plan: Plan, pick: Pick, *values: Any) -> dict[tuple[int, Role], Any]:
    return {cell: pick(*values) for cell in sorted(cells_of(plan, pick))}


# -- things with a date ---------------------------------------------------------------------------


def alter_posts(plan: Plan, pick: Pick) -> Plan:
    """Posts that open, lapse and end on the same days as much else; some of no size to speak of."""
    every, days = pick(2, 5, 11), days_of(plan)
    posts = tuple(
        _dated(post, pick, days) if post.number % every == 0 else post for post in plan.posts
    )
    return dataclasses.replace(plan, posts=posts)


def _dated(post: PostPlan, pick: Pick, days: Sequence[float]) -> PostPlan:
    opens = pick(*days)
    state = pick(post.state, PostState.NOT_OPEN)
    start = opens if state is PostState.NOT_OPEN else post.start_day
    ends = [NEVER, *(day for day in days if day > start)]
    end = pick(*ends)
    return dataclasses.replace(
        post,
        state=state,
        start_day=start,
        end_day=end,
        lapse_day=pick(*(day for day in ends if day <= end)),
        fte=pick(post.fte, 1.0, 0.001),
    )


def alter_payments(plan: Plan, pick: Pick) -> Plan:
    """Several retention payments, some on one day, with and without a tie-in."""
    payments = tuple(
        Payment(
            line=pick(*range(len(plan.lines))),
            day=pick(*days_of(plan)),
            cells=cells_of(plan, pick),
            gbp_per_fte=pick(0.0, 333.33, 5000.0),
            tie_in_days=pick(0.0, 20.0, 365.0),
            recovery_share=pick(0.0, 0.7, 1.0),
        )
        for _ in range(pick(0, 1, 4))
    )
    return dataclasses.replace(plan, payments=payments)


def alter_cohorts(plan: Plan, pick: Pick) -> Plan:
    """Cohorts of many sizes; two may make offers, or start, on one day."""
    cohorts = tuple(_cohort(plan, pick, number) for number in range(pick(0, 1, 3)))
    return dataclasses.replace(plan, cohorts=cohorts, cohort_drop_out=pick(0.0, 0.3, 1.0))


def _cohort(plan: Plan, pick: Pick, number: int) -> Cohort:
    first, last = sorted((pick(*days_of(plan)), pick(*days_of(plan))))
    return Cohort(key_of(f"cohort {number}"), first, last, pick(0.0, 0.5, 7.3, 150.0))


def alter_help(plan: Plan, pick: Pick) -> Plan:
    """Help with hiring: by posts held or by a share; several parts of one line, not over 1."""
    parts = []
    for _ in range(pick(1, 3)):
        start, end = span(plan, pick)
        parts.append(
            HelpPlan(
                line=pick(*range(len(plan.lines))),
                start_day=start,
                end_day=end,
                by_own_posts=pick(False, True),
                share=pick(0.0, 0.1, 0.33),
                cells=cells_of(plan, pick),
                steps=pick(0.0, 0.5, 1.0),
                drop_out=pick(0.0, 0.8, 1.5),
                attractiveness=pick(0.5, 1.0, 3.0),
            )
        )
    return dataclasses.replace(plan, help=tuple(parts))


# -- pipelines ------------------------------------------------------------------------------------


def alter_pipelines(plan: Plan, pick: Pick) -> Plan:
    """People from abroad and from training, and all that befalls them."""
    pipelines = PipelinePlan(
        arrivals=tuple(_group(plan, pick, number) for number in range(pick(0, 1, 4))),
        ramps=tuple(_ramps(plan, pick)),
        settlements=tuple(_settlements(plan, pick)),
        inductions=tuple(_inductions(plan, pick)),
        overseas_staff=pick(None, OverseasStaff(0, -900.0, 0.0), OverseasStaff(50, -2e3, -1.0)),
        settlement_days=pick(NEVER, 0.0, 30.0, 900.0),
        overseas_start=pick(0.05, 0.6, 1.0),
        overseas_ramp_days=pick(0.0, 90.0),
    )
    return dataclasses.replace(plan, pipelines=pipelines, careers=tuple(_careers(plan, pick)))


def _group(plan: Plan, pick: Pick, number: int) -> ArrivalGroup:
    begins, offered, starts = sorted(pick(*days_of(plan)) for _ in range(3))
    return ArrivalGroup(
        key=key_of(f"group {number}"),
        route=pick(*ARRIVING),
        line=pick(None, *range(len(plan.lines))),
        people=pick(0, 1, 30),
        found=pick(0, 1, 30),
        begin_day=begins,
        offer_day=offered,
        start_day=starts,
        share_who_come=pick(0.0, 0.7, 1.0),
        trains=pick(False, True),
        tie_in_days=pick(0.0, 60.0, 700.0),
        repayable_gbp=pick(0.0, 4321.0),
        recovery_share=pick(0.0, 0.5, 1.0),
        tie_in_exits=pick(0.0, 0.5, 1.0, 3.0),
    )


def _ramps(plan: Plan, pick: Pick) -> Iterator[RampPlan]:
    for _ in range(pick(0, 2)):
        start, end = span(plan, pick)
        teams = pick(frozenset({0}), frozenset(range(len(plan.team_keys))))
        yield RampPlan(teams, start, end, pick(0.0, 45.0, 180.0))


def _settlements(plan: Plan, pick: Pick) -> Iterator[SettlementPlan]:
    for _ in range(pick(0, 2)):
        start, end = span(plan, pick)
        yield SettlementPlan(
            line=pick(*range(len(plan.lines))),
            cells=cells_of(plan, pick),
            start_day=start,
            end_day=end,
            take_up=pick(0.0, 0.5, 1.0),
            tie_in_days=pick(0.0, 200.0),
            exits=pick(0.0, 1.0, 0.3),
        )


def _inductions(plan: Plan, pick: Pick) -> Iterator[InductionPlan]:
    for _ in range(pick(0, 2)):
        start, end = span(plan, pick)
        yield InductionPlan(
            line=pick(*range(len(plan.lines))),
            cells=cells_of(plan, pick),
            routes=frozenset(pick(NEWLY_QUALIFIED_ROUTES, tuple(Route), ())),
            start_day=start,
            end_day=end,
            share=pick(0.0, 0.6, 1.0),
        )


def _careers(plan: Plan, pick: Pick) -> Iterator[CareerPlan]:
    for _ in range(pick(0, 1, 3)):
        start, end = span(plan, pick)
        yield CareerPlan(
            cells=cells_of(plan, pick),
            routes=frozenset(pick((), NEWLY_QUALIFIED_ROUTES, (Route.AT_START,))),
            from_days=pick(0.0, 30.0, 365.0),
            until_days=pick(365.0, NEVER),
            start_day=start,
            end_day=end,
            multiplier=pick(0.0, 0.5, 20.0),
        )


SIDES = (
    alter_markets,
    alter_exits,
    alter_agency,
    alter_inside,
    alter_size,
    alter_months,
    alter_posts,
    alter_payments,
    alter_cohorts,
    alter_help,
    alter_pipelines,
    alter_cases,
)
