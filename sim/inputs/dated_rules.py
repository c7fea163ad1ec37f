"""Rules with a date in a plan: agency rules, price caps, Ofsted; and schemes for agency cover.

Rates and prices are fitted with what is in force on day 0: only what changes after it acts.
"""

from __future__ import annotations

import datetime as dt
import math

from sim.config.council import Judgement
from sim.config.roles import REGISTERED_ROLES
from sim.dates import DAYS_PER_WEEK, day_of
from sim.inputs.context import Cell, Context, sizes_in_force

ByExit = tuple[float, float, float]


def rule_effect(ctx: Context, rule: str, effect: str, date: dt.date) -> float:
    """Multiplier of a rule of behaviour.toml on a date; 1 without it, or if it was there before."""
    start = ctx.rules.get(rule)
    if start is None or start <= ctx.calendar.start or date < start:
        return 1.0
    return ctx.values[f"dated_rules.{rule}.{effect}"]


def ofsted_effect(ctx: Context, effect: str, date: dt.date) -> float:
    """Multiplier of Ofsted's judgement on a date, over that of day 0."""
    now, then = _judgement(ctx, date), _judgement(ctx, ctx.calendar.start)
    if now is then:
        return 1.0
    inadequate = ctx.values[f"dated_rules.ofsted.{effect}"]
    return inadequate if now is Judgement.INADEQUATE else 1 / inadequate


def _judgement(ctx: Context, date: dt.date) -> Judgement:
    past = [regime.judgement for regime in ctx.council.ofsted if regime.start <= date]
    return past[-1] if past else Judgement.OTHER


def exit_effects(ctx: Context) -> tuple[dict[Cell, ByExit], ...]:
    """By period: multipliers of the three exits by cell; empty where nothing ever acts."""
    if not (ctx.rules or ctx.council.ofsted):
        return ()
    by_period = [_exits_on(ctx, date) for date in ctx.calendar.starts]
    # Few dates change anything: periods with the same multipliers share their table.
    tables = {
        multipliers: dict.fromkeys(social_work_cells(ctx), multipliers)
        for multipliers in set(by_period)
    }
    return tuple(tables[multipliers] for multipliers in by_period)


def _exits_on(ctx: Context, date: dt.date) -> ByExit:
    judged = ofsted_effect(ctx, "exits", date)
    to_agency = judged * rule_effect(ctx, "agency_rules", "exits_to_agency", date)
    return judged, to_agency, judged


def social_work_cells(ctx: Context) -> list[Cell]:
    """Every team with every registered role."""
    return [(team, role) for team in range(len(ctx.council.teams)) for role in REGISTERED_ROLES]


def cover_effects(ctx: Context) -> tuple[dict[Cell, float], ...]:
    """By period: multipliers of the rate at which cover comes; empty where nothing ever acts."""
    if not ctx.rules and not any(effects.cover for _, effects in ctx.effects):
        return ()
    everywhere = social_work_cells(ctx)
    return tuple(_cover_on(ctx, everywhere, date) for date in ctx.calendar.starts)


def _cover_on(ctx: Context, everywhere: list[Cell], date: dt.date) -> dict[Cell, float]:
    found = dict.fromkeys(everywhere, rule_effect(ctx, "agency_rules", "cover_arrivals", date))
    more = ctx.values["market_measures.agency_scheme_arrivals"] - 1
    for _, effects in ctx.effects:
        for cell, size in sizes_in_force(ctx, effects.cover, date).items():
            found[cell] *= 1 + size * more
    return found


def later_notice(ctx: Context) -> tuple[float, float]:
    """Day from which the notice of an assignment is another, and that notice in days."""
    start = ctx.rules.get("agency_rules")
    if start is None:
        return math.inf, 0.0
    day = day_of(ctx.calendar.start, start)
    return float(day), ctx.values["dated_rules.agency_rules.notice"] * DAYS_PER_WEEK


def premium_effects(ctx: Context) -> list[float]:
    """By period: multiplier of the agency premium."""
    return [rule_effect(ctx, "price_caps", "premium", date) for date in ctx.calendar.starts]
