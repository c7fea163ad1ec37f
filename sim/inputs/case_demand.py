"""Demand: first referrals a day, by the scenario's level and the month."""

from __future__ import annotations

from sim.config.casework import Casework
from sim.dates import DAYS_PER_YEAR, financial_year
from sim.inputs.case_settings import CaseSettings
from sim.inputs.context import Context
from sim.inputs.run_options import DemandScenario


def referrals_per_day(ctx: Context, council: Casework, settings: CaseSettings) -> tuple[float, ...]:
    """First referrals a day by period: the scenario's level x month x (1 - re-referrals)."""
    v, demand = ctx.values, council.demand
    level = v["council.casework.demand.referrals_per_year"]
    first = 1 - v["council.casework.demand.re_referral_share"]
    rates = []
    for day, date in zip(ctx.calendar.boundaries, ctx.calendar.starts, strict=False):
        season = demand.seasonality[date.month - 1] / (sum(demand.seasonality) / 12)
        chosen = settings.demand
        if chosen is DemandScenario.SERIES:
            yearly = demand.series.get(financial_year(date), level)
        else:
            target = {
                DemandScenario.BACK_TO_2019: demand.back_to_2019,
                DemandScenario.RISING: demand.rising,
            }.get(chosen)
            yearly = level
            if target is not None:
                ramp = target.over_years * DAYS_PER_YEAR
                part = min(1.0, day / ramp) if ramp > 0.0 else 1.0
                # The target is stated for the central level; a draw's level moves with it.
                central = demand.referrals_per_year.central
                moved = target.referrals_per_year / central - 1 if central > 0.0 else 0.0
                yearly = level * (1 + moved * part)
        rates.append(yearly * first * season / DAYS_PER_YEAR)
    return tuple(rates)
