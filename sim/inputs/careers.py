"""What multiplies leaving in a plan, by cell, route and time since joining."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from sim.config.roles import REGISTERED_ROLES, Role
from sim.config.routes import Route
from sim.dates import DAYS_PER_MONTH, DAYS_PER_WEEK, DAYS_PER_YEAR, day_of
from sim.inputs.context import Context, cells, first_day_without
from sim.inputs.pipelines_plan import CareerPlan
from sim.inputs.plan import NEWLY_QUALIFIED_BAND, UNDER_FIVE_YEARS_BAND, ExitPlan
from sim.scenario.effects import CareerEffect

_TWO_YEARS = 2 * DAYS_PER_YEAR


def careers(ctx: Context, exits: ExitPlan) -> tuple[CareerPlan, ...]:
    """Multipliers of leaving by measures, and by the lives of people hired abroad.

    Those that multiply by 1 are left out, so that they can change nothing.
    """
    found = [
        plan
        for _, effects in ctx.effects
        for effect in cumulative(effects.careers)
        for plan in [career(ctx, exits, effect)]
    ]
    if any(effects.campaigns for _, effects in ctx.effects):
        found += overseas_careers(ctx, exits)
    return tuple(plan for plan in found if plan.multiplier != 1.0)


def cumulative(parts: tuple[CareerEffect, ...]) -> Iterator[CareerEffect]:
    """The parts of a phased effect one after another, each with the strength reached by then."""
    groups: dict[CareerEffect, list[CareerEffect]] = {}
    for part in parts:
        same = replace(part, start=parts[0].start, strength=1.0)
        groups.setdefault(same, []).append(part)
    for group in groups.values():
        strength = 0.0
        for part, following in zip(group, [*group[1:], None], strict=True):
            strength += part.strength
            until = following.start if following is not None else part.until
            yield replace(part, strength=strength, until=until)


def career(ctx: Context, exits: ExitPlan, effect: CareerEffect) -> CareerPlan:
    """One effect in force: 1 + strength x (multiplier - 1)."""
    value = ctx.values[effect.multiplier]
    if effect.of_odds:
        value = multiplier_of_odds(value, expected_resignations(exits, effect.until_days))
    return CareerPlan(
        cells=frozenset(cells(ctx, effect.teams, effect.roles)),
        routes=frozenset(effect.routes),
        from_days=effect.from_days,
        until_days=effect.until_days,
        start_day=float(day_of(ctx.calendar.start, effect.start)),
        end_day=first_day_without(ctx, effect.until),
        multiplier=1.0 + effect.strength * (value - 1.0),
    )


def expected_resignations(exits: ExitPlan, days: float) -> float:
    """Resignations of a newly qualified worker expected within `days`, were each replaced."""
    bands = exits.rates[Role.SOCIAL_WORKER]
    first, later = sum(bands[NEWLY_QUALIFIED_BAND]), sum(bands[UNDER_FIVE_YEARS_BAND])
    return first * min(days, DAYS_PER_YEAR) + later * max(0.0, days - DAYS_PER_YEAR)


def multiplier_of_odds(odds_ratio: float, expected: float) -> float:
    """Multiplier of a rate that changes the odds of having left by a ratio.

    Args:
        odds_ratio: of having left.
        expected: the rate summed over the time, so that exp(-expected) stay.
    """
    if odds_ratio == 1.0 or expected <= 0.0:
        return 1.0
    left = -math.expm1(-expected)
    changed = odds_ratio * left / (1.0 - left + odds_ratio * left)
    return -math.log1p(-changed) / expected


def overseas_careers(ctx: Context, exits: ExitPlan) -> list[CareerPlan]:
    """Leaving of people hired abroad: in their first two years, and once free of the sponsor."""
    v = ctx.values
    everywhere = tuple(team.key for team in ctx.council.teams)
    notice = v["hiring.notice_social_worker"] * DAYS_PER_WEEK
    rate = -math.log1p(-v["overseas.two_year_exits"]) / (_TWO_YEARS - notice)
    ordinary = sum(exits.rates[Role.SOCIAL_WORKER][UNDER_FIVE_YEARS_BAND])
    settled = v["overseas.settlement_years"] * DAYS_PER_YEAR
    freed = settled + v["overseas.freed_months"] * DAYS_PER_MONTH

    def between(first: float, last: float, multiplier: float) -> CareerPlan:
        return CareerPlan(
            cells=frozenset(cells(ctx, everywhere, REGISTERED_ROLES)),
            routes=frozenset([Route.OVERSEAS]),
            from_days=first,
            until_days=last,
            start_day=0.0,
            end_day=math.inf,
            multiplier=multiplier,
        )

    return [
        between(0.0, _TWO_YEARS, rate / ordinary if ordinary else 1.0),
        between(settled, freed, v["overseas.freed_exits"]),
    ]
