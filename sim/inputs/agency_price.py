"""What a full-time year of an agency worker costs."""

from __future__ import annotations

from sim.config.roles import REGISTERED_ROLES, Role
from sim.inputs.context import Context

NATIONAL_BILLS_YEAR = "2017/18"
"""Financial year of the bills behind finance.agency_price (docs/calibration.md)."""


def agency_premiums(ctx: Context) -> dict[Role, float]:
    """GBP by which a year of an agency worker is dearer than a permanent one, in the price year.

    The council's own bill decides where its file gives one, then its own premium; with neither,
    England's bills over England's agency staff. A bill is of social workers for the most part:
    their price over their permanent cost is taken for the other roles.
    """
    v, money = ctx.values, ctx.council.money
    unit = {role: v[f"council.money.unit_cost.{role.value}"] for role in REGISTERED_ROLES}
    if money.agency_bill is not None:
        bill = money.agency_bill
        price = carried(ctx, bill.gbp / bill.fte, bill.financial_year)
    elif money.agency_premium is not None:
        return dict.fromkeys(REGISTERED_ROLES, v["council.money.agency_premium"])
    else:
        price = carried(ctx, v["finance.agency_price"], NATIONAL_BILLS_YEAR)
    dearer = price / unit[Role.SOCIAL_WORKER] - 1.0
    return {role: cost * dearer for role, cost in unit.items()}


def carried(ctx: Context, gbp: float, financial_year: str) -> float:
    """A price of a financial year in the council's price year: pay awards and the drift."""
    years = int(ctx.council.money.price_year[:4]) - int(financial_year[:4])
    growth: float = (1.0 + ctx.values["finance.pay_award"]) * ctx.values["finance.agency_drift"]
    return gbp * float(growth**years)
