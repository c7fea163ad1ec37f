"""Pay in a plan: what measures do to relative pay, and what they cost."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sim.config.roles import Role
from sim.dates import (
    DAYS_PER_MONTH,
    DAYS_PER_YEAR,
    day_of,
)
from sim.inputs.balance import (
    relative_pay_effect,
)
from sim.inputs.context import (
    Cell,
    Context,
    cells,
)
from sim.inputs.plan import (
    SUPERNUMERARY_LINE,
    Payment,
    Supplement,
)
from sim.scenario.effects import PayForm, PayRise, RetentionDeal


def salary(ctx: Context, role: Role) -> float:
    """Yearly salary of a full-time worker, GBP of the price year."""
    cost: float = ctx.values[f"council.money.unit_cost.{role.value}"]
    return cost / ctx.values["finance.oncost_multiplier"]


def persistence(ctx: Context, start: dt.date, date: dt.date) -> float:
    """Share of a rise's effect that is left on a date, as neighbours match it."""
    years = max(0.0, (date - start).days / DAYS_PER_YEAR)
    left: float = ctx.values["exits.pay_effect_persistence"] ** years
    return left


def worth(ctx: Context, form: PayForm) -> float:
    """What a pound is worth to those who get it, in salary."""
    return ctx.values["market_measures.in_kind_value"] if form is PayForm.IN_KIND else 1.0


def rise(ctx: Context, pay: PayRise, role: Role, date: dt.date) -> float:
    """Relative rise in pay, as it is felt on a date, for a role in scope."""
    if date < pay.start or (pay.end is not None and date >= pay.end):
        return 0.0
    share = pay.take_up * pay.gbp_per_year * worth(ctx, pay.form) / salary(ctx, role)
    return share * persistence(ctx, pay.since or pay.start, date)


@dataclass(frozen=True)
class PayPart:
    """Something that moves relative pay in its scope; rates are fitted with what `was_there`."""

    what: PayRise | RetentionDeal
    was_there: bool = False


def pay(
    ctx: Context,
) -> tuple[tuple[dict[Cell, tuple[float, float, float]], ...], tuple[dict[Cell, float], ...]]:
    """Multipliers of exits, and of attractiveness, by period and cell."""
    parts = pay_parts(ctx)
    reached = parts_by_cell(ctx, parts)
    exits, attraction = [], []
    for date in ctx.calendar.starts:
        found = {
            (role, places): pay_multipliers(ctx, role, [parts[place] for place in places], date)
            for role, places in dict.fromkeys(reached.values())
        }
        by_exit: dict[Cell, tuple[float, float, float]] = {}
        by_attraction: dict[Cell, float] = {}
        for cell, group in reached.items():
            out, moves, by_attraction[cell] = found[group]
            by_exit[cell] = (out, moves, moves)
        exits.append(by_exit)
        attraction.append(by_attraction)
    return tuple(exits), tuple(attraction)


def pay_parts(ctx: Context) -> list[PayPart]:
    """Everything that moves relative pay: the council's own supplements first."""
    own = [
        PayRise(
            teams=item.teams,
            roles=item.roles,
            start=item.start,
            gbp_per_year=ctx.values[f"council.baseline_supplements.{item.key}.gbp_per_year"],
            take_up=1.0,
        )
        for item in ctx.council.baseline_supplements
    ]
    parts = [PayPart(supplement, was_there=True) for supplement in own]
    for _, effects in ctx.effects:
        parts += [PayPart(item) for item in effects.pay]
        parts += [PayPart(deal) for deal in effects.retention]
    return parts


def parts_by_cell(
    ctx: Context, parts: Sequence[PayPart]
) -> dict[Cell, tuple[Role, tuple[int, ...]]]:
    """Every cell whose relative pay anything moves: its role, and the places of what does."""
    places: dict[Cell, list[int]] = {}
    for place, part in enumerate(parts):
        for cell in dict.fromkeys(cells(ctx, part.what.teams, part.what.roles)):
            places.setdefault(cell, []).append(place)
    return {cell: (cell[1], tuple(found)) for cell, found in places.items()}


def pay_multipliers(
    ctx: Context, role: Role, parts: Sequence[PayPart], date: dt.date
) -> tuple[float, float, float]:
    """(exit out, exit to agency or another council, attractiveness) from relative pay."""
    v = ctx.values
    out_e, moves_e = v["exits.pay_elasticity_out"], v["exits.pay_elasticity_moves"]
    attract_e = -moves_e * v["labour_market.pass_through"]
    out = moves = attracts = 1.0
    for relative, power, attracting in relative_rises(ctx, role, parts, date):
        out *= relative_pay_effect(relative, out_e * power)
        moves *= relative_pay_effect(relative, moves_e * power)
        if attracting:
            attracts *= relative_pay_effect(relative, attract_e)
    return out, moves, attracts


def relative_rises(
    ctx: Context, role: Role, parts: Sequence[PayPart], date: dt.date
) -> Iterator[tuple[float, float, bool]]:
    """Every relative rise in a role's pay on a date.

    Yields:
        (rise, power, whether candidates see it): power 1 for a rise in force, minus the rebound
        for a retention payment just paid out. Rises that were there on day 0 count only by their
        change since, because rates are fitted with them in force.
    """
    for part in parts:
        if isinstance(part.what, RetentionDeal):
            waiting, after = retention_rises(ctx, part.what, role, date)
            yield waiting, 1.0, True
            yield after, -ctx.values["exits.retention_rebound"], False
        elif part.was_there:
            now, then = (rise(ctx, part.what, role, day) for day in (date, ctx.calendar.start))
            yield (1 + now) / (1 + then) - 1, 1.0, True
        else:
            yield rise(ctx, part.what, role, date), 1.0, True


def retention_rises(
    ctx: Context, deal: RetentionDeal, role: Role, date: dt.date
) -> tuple[float, float]:
    """Relative rise in pay while a payment is awaited, and the one just paid out."""
    years = deal.qualifying_months / 12
    share = deal.take_up * deal.gbp / (salary(ctx, role) * years)
    share *= persistence(ctx, deal.since or deal.start, date)
    opened = deal.start
    waiting = after = 0.0
    # Rates hold from one monthly review to the next: the last whole month is the nearest one.
    rebound_days = (ctx.values["exits.retention_rebound_months"] - 0.5) * DAYS_PER_MONTH
    for paid in deal.payment_dates:
        if opened <= date < paid:
            waiting = share
        if 0 <= (date - paid).days < rebound_days:
            after = share
        opened = paid
    if deal.promised is not None and deal.end is not None and opened <= date < deal.end:
        waiting = share
    return waiting, after


def pay_costs(ctx: Context) -> tuple[tuple[Supplement, ...], tuple[Payment, ...]]:
    """What the pay measures cost: supplements by FTE-day, retention payments by date."""
    oncost = ctx.values["finance.oncost_multiplier"]
    supplements: list[Supplement] = []
    payments: list[Payment] = []
    for index, (_, effects) in enumerate(ctx.effects):
        line = SUPERNUMERARY_LINE + 1 + index
        for pay in effects.pay:
            scope = frozenset(cells(ctx, pay.teams, pay.roles))
            end = float(day_of(ctx.calendar.start, pay.end)) if pay.end else math.inf
            costs = oncost if pay.form is PayForm.SALARY else 1.0
            gbp = pay.gbp_per_year * pay.take_up * costs / DAYS_PER_YEAR
            start = float(day_of(ctx.calendar.start, pay.start))
            supplements.append(Supplement(line, start, end, scope, gbp))
        for deal in effects.retention:
            payments += [
                Payment(
                    line,
                    float(day_of(ctx.calendar.start, date)),
                    frozenset(cells(ctx, deal.teams, deal.roles)),
                    deal.gbp * deal.take_up * oncost,
                    deal.tie_in_months * DAYS_PER_MONTH,
                    ctx.values["exits.retention_recovery_share"],
                )
                for date in deal.payment_dates
                if date < ctx.calendar.end
            ]
    return tuple(supplements), tuple(sorted(payments, key=lambda p: (p.day, p.line)))
