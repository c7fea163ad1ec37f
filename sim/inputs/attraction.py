"""Attractiveness in a plan: what measures beside pay, and Ofsted, do to it."""

from __future__ import annotations

import datetime as dt

from sim.inputs.context import Cell, Context, sizes_in_force
from sim.inputs.dated_rules import ofsted_effect, social_work_cells
from sim.scenario.effects import Channel, Effects

ByCell = dict[Cell, float]


def attractiveness(ctx: Context, from_pay: tuple[ByCell, ...]) -> tuple[ByCell, ...]:
    """Multipliers of attractiveness by period and cell.

    Args:
        ctx: what the plan is made from.
        from_pay: those of relative pay.
    """
    if not ctx.council.ofsted and not any(effects.attraction for _, effects in ctx.effects):
        return from_pay
    return tuple(
        _on_a_date(ctx, date, by_pay)
        for date, by_pay in zip(ctx.calendar.starts, from_pay, strict=True)
    )


def _on_a_date(ctx: Context, date: dt.date, by_pay: ByCell) -> ByCell:
    found = dict(by_pay)
    if ctx.council.ofsted:
        judged = ofsted_effect(ctx, "attractiveness", date)
        for cell in social_work_cells(ctx):
            found[cell] = found.get(cell, 1.0) * judged
    for _, effects in ctx.effects:
        if not effects.attraction:
            continue
        more = multiplier(ctx, effects.attraction[0].channel) - 1
        for cell, size in sizes_in_force(ctx, effects.attraction, date).items():
            found[cell] = found.get(cell, 1.0) * (1 + size * more)
    return found


def multiplier(ctx: Context, channel: Channel) -> float:
    """Attractiveness, to all candidates, of posts with a payment for starters of a channel."""
    v = ctx.values
    if channel is Channel.THROUGH_COLLEAGUES:
        return v["market_measures.find_a_friend_effect"]
    share = v["market_measures.candidates_from_away"]
    return 1 + share * (v["market_measures.relocation_effect"] - 1)


def paid_share(ctx: Context, effects: Effects) -> float:
    """Share of the starters in scope for whom a line pays; 1 for a line that pays for all.

    With a share s of candidates in the channel and attractiveness m, of m candidates 1 - s are
    not of the channel; so s + m - 1 are paid for, those who would have come anyway included.
    """
    if not effects.attraction:
        return 1.0
    channel = effects.attraction[0].channel
    # Parts of the line have parts of its cost: the share is that of the whole line in force.
    size = max(_take_up_on(effects, part.start) for part in effects.attraction)
    more = multiplier(ctx, channel) - 1
    return (
        size
        * (ctx.values[f"market_measures.candidates_{channel.value}"] + more)
        / (1 + size * more)
    )


def _take_up_on(effects: Effects, date: dt.date) -> float:
    return sum(part.take_up for part in effects.attraction if part.is_in_force(date))
