"""A series of referrals by financial year: it must hold every year of the run."""

from __future__ import annotations

from collections.abc import Sequence

from sim.config.casework import Demand
from sim.config.errors import InputError


def refuse_missing_years(demand: Demand, years: Sequence[str], where: str) -> None:
    """Refuse a series that lacks a year of the run.

    Args:
        demand: with the series.
        years: financial years of the run; they may repeat.
        where: what the error names.

    Raises:
        InputError: naming the years.
    """
    missing = [year for year in dict.fromkeys(years) if year not in demand.series]
    if missing:
        raise InputError(
            where,
            f"lacks {', '.join(missing)}",
            "Give referrals for every financial year of the run, or choose another demand",
        )
