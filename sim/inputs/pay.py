"""Pay in a plan: what measures do to relative pay, and what they cost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

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
    first_day_without,
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


def full_rise(ctx: Context, part: PayRise | RetentionDeal, role: Role) -> float:
    """Relative rise in a role's pay while it is in force, before neighbours match it."""
    if isinstance(part, RetentionDeal):
        years = part.qualifying_months / 12
        return part.take_up * part.gbp / (salary(ctx, role) * years)
    return part.take_up * part.gbp_per_year * worth(ctx, part.form) / salary(ctx, role)


@dataclass(frozen=True)
class FeltPart:
    """Something that moves relative pay, as a role feels it.

    Attributes:
        what: the rise or the payments.
        full: relative rise before neighbours match it.
        then: what was felt on day 0 of a rise that rates are fitted with; None for a new one.
    """

    what: PayRise | RetentionDeal
    full: float
    then: float | None

    def felt_on(self, ctx: Context, date: dt.date) -> float:
        """Relative rise that is left on a date."""
        return self.full * persistence(ctx, self.what.since or self.what.start, date)


def felt_part(ctx: Context, part: PayRise | RetentionDeal, was_there: bool, role: Role) -> FeltPart:
    """A part as a role feels it."""
    felt = FeltPart(part, full_rise(ctx, part, role), None)
    if not was_there:
        return felt
    day_0 = ctx.calendar.start
    return replace(felt, then=felt.felt_on(ctx, day_0) if part.is_in_force(day_0) else 0.0)


def pay(
    ctx: Context,
) -> tuple[tuple[dict[Cell, tuple[float, float, float]], ...], tuple[dict[Cell, float], ...]]:
    """Multipliers of exits, and of attractiveness, by period and cell."""
    parts = pay_parts(ctx)
    reached = parts_by_cell(ctx, [part for part, _ in parts])
    felt = {
        (role, places): [felt_part(ctx, *parts[place], role) for place in places]
        for role, places in dict.fromkeys(reached.values())
    }
    exits, attraction = [], []
    for date in ctx.calendar.starts:
        found = {group: pay_multipliers(ctx, felt[group], date) for group in felt}
        by_exit: dict[Cell, tuple[float, float, float]] = {}
        by_attraction: dict[Cell, float] = {}
        for cell, group in reached.items():
            out, moves, by_attraction[cell] = found[group]
            by_exit[cell] = (out, moves, moves)
        exits.append(by_exit)
        attraction.append(by_attraction)
    return tuple(exits), tuple(attraction)


def pay_parts(ctx: Context) -> list[tuple[PayRise | RetentionDeal, bool]]:
    """Everything that moves relative pay, and whether it was there on day 0."""
    parts: list[tuple[PayRise | RetentionDeal, bool]] = []
    for own in ctx.council.baseline_supplements:
        gbp = ctx.values[f"council.baseline_supplements.{own.key}.gbp_per_year"]
        old = PayRise(
            teams=own.teams, roles=own.roles, start=own.start, gbp_per_year=gbp, take_up=1.0
        )
        parts.append((old, True))
    for _, effects in ctx.effects:
        parts += [(item, False) for item in effects.pay]
        parts += [(deal, False) for deal in effects.retention]
    return parts


def parts_by_cell(
    ctx: Context, parts: Sequence[PayRise | RetentionDeal]
) -> dict[Cell, tuple[Role, tuple[int, ...]]]:
    """Every cell whose relative pay anything moves: its role, and the places of what does."""
    places: dict[Cell, list[int]] = {}
    for place, part in enumerate(parts):
        for cell in dict.fromkeys(cells(ctx, part.teams, part.roles)):
            places.setdefault(cell, []).append(place)
    return {cell: (cell[1], tuple(found)) for cell, found in places.items()}


def pay_multipliers(
    ctx: Context, parts: Sequence[FeltPart], date: dt.date
) -> tuple[float, float, float]:
    """(exit out, exit to agency or another council, attractiveness) from relative pay."""
    v = ctx.values
    out_e, moves_e = v["exits.pay_elasticity_out"], v["exits.pay_elasticity_moves"]
    attract_e = -moves_e * v["labour_market.pass_through"]
    out = moves = attracts = 1.0
    for relative, power, attracting in relative_rises(ctx, parts, date):
        out *= relative_pay_effect(relative, out_e * power)
        moves *= relative_pay_effect(relative, moves_e * power)
        if attracting:
            attracts *= relative_pay_effect(relative, attract_e)
    return out, moves, attracts


def relative_rises(
    ctx: Context, parts: Sequence[FeltPart], date: dt.date
) -> Iterator[tuple[float, float, bool]]:
    """Every relative rise in a role's pay that is felt on a date.

    Yields:
        (rise, power, whether candidates see it): power 1 for a rise in force, minus the rebound
        for a retention payment just paid out. Rises that were there on day 0 count only by their
        change since, because rates are fitted with them in force.
    """
    for part in parts:
        if isinstance(part.what, RetentionDeal):
            if is_awaited(part.what, date):
                yield part.felt_on(ctx, date), 1.0, True
            if was_just_paid(ctx, part.what, date):
                yield part.felt_on(ctx, date), -ctx.values["exits.retention_rebound"], False
            continue
        now = part.felt_on(ctx, date) if part.what.is_in_force(date) else 0.0
        if part.then is not None:
            yield (1 + now) / (1 + part.then) - 1, 1.0, True
        elif now:
            yield now, 1.0, True


def is_awaited(deal: RetentionDeal, date: dt.date) -> bool:
    """Whether staff await a payment on a date."""
    opens = (deal.start, *deal.payment_dates)
    if any(opened <= date < paid for opened, paid in pairwise(opens)):
        return True
    return deal.promised is not None and deal.until is not None and opens[-1] <= date < deal.until


def was_just_paid(ctx: Context, deal: RetentionDeal, date: dt.date) -> bool:
    """Whether a payment was made so lately that leaving still rebounds."""
    # Rates hold from one monthly review to the next: the last whole month is the nearest one.
    days = (ctx.values["exits.retention_rebound_months"] - 0.5) * DAYS_PER_MONTH
    return any(0 <= (date - paid).days < days for paid in deal.payment_dates)


def pay_costs(ctx: Context) -> tuple[tuple[Supplement, ...], tuple[Payment, ...]]:
    """What the pay measures cost: supplements by FTE and year, retention payments by date."""
    oncost = ctx.values["finance.oncost_multiplier"]
    supplements: list[Supplement] = []
    payments: list[Payment] = []
    for index, (_, effects) in enumerate(ctx.effects):
        line = SUPERNUMERARY_LINE + 1 + index
        for pay in effects.pay:
            scope = frozenset(cells(ctx, pay.teams, pay.roles))
            end = first_day_without(ctx, pay.until)
            costs = oncost if pay.form is PayForm.SALARY else 1.0
            gbp = pay.gbp_per_year * pay.take_up * costs
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
