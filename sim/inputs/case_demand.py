"""Demand: first referrals a day, by the level of a draw, the demand scenario and the month."""

from __future__ import annotations

from collections.abc import Sequence

from sim.config.casework import Demand, DemandTarget
from sim.dates import DAYS_PER_YEAR
from sim.inputs.context import Context
from sim.inputs.demand_series import refuse_missing_years
from sim.inputs.referral_walk import Walk, walked_ratios
from sim.inputs.run_options import DemandScenario

LEVEL = "council.casework.demand.referrals_per_year"


def referral_ratios(ctx: Context, demand: Demand, chosen: DemandScenario) -> tuple[float, ...]:
    """Referrals over the draw's level of day 0, by period, seasons aside.

    Raises:
        InputError: a series lacks a year of the run.
    """
    if chosen is DemandScenario.UNCERTAIN:
        return _walked(ctx, demand)
    if chosen is DemandScenario.SERIES:
        return _of_series(ctx, demand)
    target = {
        DemandScenario.BACK_TO_2019: demand.back_to_2019,
        DemandScenario.RISING: demand.rising,
    }.get(chosen)
    if target is None:
        return (1.0,) * len(ctx.calendar.starts)
    return _to_target(ctx, demand, target)


def referrals_per_day(ctx: Context, demand: Demand, ratios: Sequence[float]) -> tuple[float, ...]:
    """First referrals a day by period: level x ratio x (1 - re-referrals) x month."""
    level = ctx.values[LEVEL]
    first = 1 - ctx.values["council.casework.demand.re_referral_share"]
    mean = sum(demand.seasonality) / 12
    return tuple(
        level * ratio * first * (demand.seasonality[date.month - 1] / mean) / DAYS_PER_YEAR
        for date, ratio in zip(ctx.calendar.starts, ratios, strict=True)
    )


def _walked(ctx: Context, demand: Demand) -> tuple[float, ...]:
    """As they may go in this draw."""
    step, noise = (ctx.values[f"casework.demand.{name}"] for name in ("yearly_step", "year_noise"))
    years = ctx.calendar.financial_years
    ratios = walked_ratios(demand, Walk(ctx.draw.seed, ctx.draw.number, step, noise), years)
    return tuple(ratios[year] for year in years)


def _of_series(ctx: Context, demand: Demand) -> tuple[float, ...]:
    """The referrals of a series, the same in every draw."""
    years, level = ctx.calendar.financial_years, ctx.values[LEVEL]
    refuse_missing_years(demand, years, "casework.demand.series")
    return tuple(demand.series[year] / level if level > 0.0 else 1.0 for year in years)


def _to_target(ctx: Context, demand: Demand, target: DemandTarget) -> tuple[float, ...]:
    """In a straight line to a target, which is stated for the central level: a draw's moves too."""
    ramp, central = target.over_years * DAYS_PER_YEAR, demand.referrals_per_year.central
    moved = target.referrals_per_year / central - 1 if central > 0.0 else 0.0
    return tuple(
        1 + moved * (min(1.0, day / ramp) if ramp > 0.0 else 1.0)
        for day in ctx.calendar.boundaries[:-1]
    )
