"""Money in a plan: budget lines and prices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise

from sim.config.roles import ROLES
from sim.dates import (
    DAYS_PER_YEAR,
    day_of,
    days_in_financial_year,
    financial_year,
    financial_year_start,
)
from sim.inputs.agency_price import agency_premiums
from sim.inputs.attraction import paid_share
from sim.inputs.context import (
    Context,
    cells,
    first_day_without,
)
from sim.inputs.dated_rules import premium_effects
from sim.inputs.plan import (
    SUPERNUMERARY_LINE,
    Line,
    LineCost,
    Prices,
)
from sim.scenario.cost import BY_COUNT, PER_PERSON
from sim.scenario.effects import Effects, NewPosts, Phase
from sim.scenario.measure import Measure


def lines(ctx: Context) -> tuple[Line, ...]:
    """Budget lines: the council's own two, then one a measure."""
    lines = [
        Line("establishment", "Staffing budget", {}),
        Line("supernumerary", "Supernumerary newly qualified", {}),
    ]
    for measure, effects in ctx.effects:
        lines.append(
            Line(
                measure.key,
                measure.name,
                planned(ctx, measure, effects),
                not measure.has_effect,
                float(day_of(ctx.calendar.start, measure.start)),
                first_day_without(ctx, measure.until),
            )
        )
    return tuple(lines)


def planned(ctx: Context, measure: Measure, effects: Effects) -> dict[str, float]:
    """Planned money by financial year to the horizon, cash; the last year's goes on.

    Where no money is stated, nor a package that lines must add up to, what its posts cost.
    """
    if not measure.planned_gbp:
        return cost_of_posts(ctx, effects.posts) if ctx.scenario.package is None else {}
    given = dict(sorted(measure.planned_gbp.items()))
    last = max(given)
    award = 1 + (ctx.values["finance.pay_award"] if measure.rises_with_pay else 0.0)
    ends = min(measure.until or ctx.calendar.end, ctx.calendar.end)
    planned: dict[str, float] = {}
    for year in dict.fromkeys(ctx.calendar.financial_years):
        if year in given:
            planned[year] = given[year] * share_of_year(year, ctx.calendar.end)
        elif year > last:
            gap = int(year[:4]) - int(last[:4])
            planned[year] = given[last] * award**gap * share_of_year(year, ends)
    return {year: gbp * ctx.scenario.agreed_share(year) for year, gbp in planned.items()}


def cost_of_posts(ctx: Context, posts: Sequence[NewPosts]) -> dict[str, float]:
    """Cash by financial year of posts that are filled on each of their days, at own unit costs."""
    found, unit = dict[str, float](), prices(ctx).cost_per_fte_day
    for post in posts:
        first = float(day_of(ctx.calendar.start, post.start))
        last = first_day_without(ctx, post.until)
        for year, price, (opens, closes) in zip(
            ctx.calendar.financial_years,
            unit,
            pairwise(ctx.calendar.boundaries),
            strict=True,
        ):
            days = max(0.0, min(last, closes) - max(first, opens))
            found[year] = found.get(year, 0.0) + post.fte * price[post.role] * days
    return found


def costs(ctx: Context) -> tuple[LineCost, ...]:
    """What each line costs beside posts and pay, a part for each phase of the line.

    Parts that overlap sum to the whole: what is paid once is paid once.
    """
    found = []
    for index, (measure, effects) in enumerate(ctx.effects):
        scope = frozenset(cells(ctx, measure.teams_in_scope, measure.roles_in_scope))
        rises = price_rises(ctx, measure) if measure.costs else []
        for cost in measure.costs:
            gbp = ctx.values[f"measure.{measure.key}.costs.{cost.key}.gbp"] * cost.share
            if cost.per in PER_PERSON:
                gbp *= measure.paid_share * paid_share(ctx, effects)
            whole = (Phase(1.0, measure.start, None),)
            # What a line does itself is cut already: each time it does it costs its whole price.
            phases = whole if cost.per in BY_COUNT else ctx.scenario.phases(measure)
            found += [
                LineCost(
                    line=SUPERNUMERARY_LINE + 1 + index,
                    basis=cost.per,
                    gbp=tuple(gbp * phase.share * rise for rise in rises),
                    start_day=float(day_of(ctx.calendar.start, phase.start)),
                    end_day=first_day_without(ctx, phase.until),
                    cells=scope,
                )
                for phase in phases
            ]
    return tuple(found)


def price_rises(ctx: Context, measure: Measure) -> list[float]:
    """By period: prices over those of the financial year in which a measure begins."""
    first = int(financial_year(measure.start)[:4])
    years = [int(year[:4]) - first for year in ctx.calendar.financial_years]
    return [(1 + ctx.values["finance.inflation"]) ** max(0, n) for n in years]


def share_of_year(year: str, end: dt.date) -> float:
    """Share of a financial year that lies before `end`."""
    days = (end - financial_year_start(year)).days
    return min(1.0, max(0.0, days / days_in_financial_year(year)))


def prices(ctx: Context) -> Prices:
    """Unit costs, cash, by period, with pay awards from the price year on; for agency its drift.

    A day costs its share of the days of its own financial year: somebody who is there all year
    costs a year's salary, in a leap year too.
    """
    v = ctx.values
    base = int(ctx.council.money.price_year[:4])
    years = [int(year[:4]) - base for year in ctx.calendar.financial_years]
    award, inflation = 1 + v["finance.pay_award"], 1 + v["finance.inflation"]
    unit = {role: v[f"council.money.unit_cost.{role.value}"] for role in ROLES}
    premiums, drift = agency_premiums(ctx), v["finance.agency_drift"]
    a_day = [
        award**n / days_in_financial_year(year)
        for n, year in zip(years, ctx.calendar.financial_years, strict=True)
    ]
    cost = tuple({role: unit[role] * share for role in ROLES} for share in a_day)
    agency = tuple(
        {
            role: (unit[role] + premium * capped) * drift**n * share
            for role, premium in premiums.items()
        }
        for n, share, capped in zip(years, a_day, premium_effects(ctx), strict=True)
    )
    return Prices(
        cost_per_fte_day=cost,
        agency_cost_per_fte_day=agency,
        vacancy_factor=v["finance.vacancy_factor"],
        deflator=tuple(
            inflation ** ((first + last) / 2 / DAYS_PER_YEAR)
            for first, last in pairwise(ctx.calendar.boundaries)
        ),
        discount_rate=v["finance.discount_rate"],
    )
