"""Leaving in a plan: rates by role, tenure and exit, fitted to their published level."""

from __future__ import annotations

import math

from sim.config.roles import REGISTERED_ROLES, ROLES, Role
from sim.dates import (
    DAYS_PER_YEAR,
)
from sim.inputs.context import (
    Context,
    leavers_per_day,
    newly_qualified_probability,
    notice_probability,
)
from sim.inputs.plan import (
    ExitPlan,
)


def exits(ctx: Context) -> ExitPlan:
    """Rates of leaving whose mean over the people of day 0 is the fitted level."""
    v = ctx.values
    social = ctx.position.filled
    newly = newly_qualified_probability(ctx) * ctx.open_to_newly_qualified
    manager = math.fsum(p.fte for p in social if p.role is Role.TEAM_MANAGER)
    others = math.fsum(p.fte for p in social) - manager - newly
    ratio, young = v["exits.under_five_years_ratio"], v["exits.under_five_years_share"]
    mean_band = young * ratio + (1 - young)
    leaving = leavers_per_day(ctx, Role.SOCIAL_WORKER)
    level = leaving / (1 - notice_probability(ctx, Role.SOCIAL_WORKER))
    first_year = v["exits.newly_qualified_first_year_rate"] / DAYS_PER_YEAR
    weight = mean_band * (others + manager * v["exits.team_manager_multiplier"])
    # Where all are in their first year, those who come after them leave at the mean rate.
    settled = (
        max(0.0, level * (others + manager + newly) - first_year * newly) / weight
        if weight > 0.0
        else level / mean_band
    )
    bands = (first_year, settled * ratio, settled)
    rates = {
        role: tuple(split_exits(ctx, rate * grade_multiplier(ctx, role)) for rate in bands)
        for role in REGISTERED_ROLES
    }
    for role in ROLES:
        if role not in REGISTERED_ROLES:
            rate = leavers_per_day(ctx, role)
            rate /= 1 - notice_probability(ctx, role)
            rates[role] = ((rate, 0.0, 0.0),) * 3
    headcount, gaps = ctx.position.headcount, ctx.position.manager_gaps
    recent = tuple(n * leaving for n in headcount)
    span, window = v["exits.span_of_control"], v["exits.contagion_window"]
    gap, contagion = v["exits.manager_gap_multiplier"], v["exits.contagion_multiplier"]
    return ExitPlan(
        rates=rates,
        year_multipliers=tuple(year.exits for year in ctx.years),
        manager_gap=gap,
        contagion=contagion,
        contagion_days=window,
        span=span,
        start_effects=tuple(
            (1 + (gap - 1) * share)
            * (1 + (contagion - 1) * expected_felt(n, leaving * window, span))
            for share, n in zip(gaps, headcount, strict=True)
        ),
        headcount=headcount,
        recent_resignations_per_day=recent,
    )


def expected_felt(headcount: float, resignations_each: float, span: float) -> float:
    """Expected share of a team that feels a recent resignation on day 0.

    The mean of 1 - exp(-span N / headcount) (sim.engine.formulas.contagion_effect) over a Poisson N
    with mean headcount x resignations_each.
    """
    if headcount <= 0:
        return 0.0
    mean = headcount * resignations_each
    return 1 - math.exp(-mean * (1 - math.exp(-span / headcount)))


def grade_multiplier(ctx: Context, role: Role) -> float:
    """Leaving of a role over that of other social work roles."""
    return ctx.values["exits.team_manager_multiplier"] if role is Role.TEAM_MANAGER else 1.0


def split_exits(ctx: Context, rate: float) -> tuple[float, float, float]:
    """A rate divided between the three exits."""
    agency, council = (
        ctx.values["exits.to_agency_share"],
        ctx.values["exits.to_council_share"],
    )
    # Two shares drawn apart may pass the whole.
    whole = max(1.0, agency + council)
    agency, council = agency / whole, council / whole
    return rate * (1 - agency - council), rate * agency, rate * council
