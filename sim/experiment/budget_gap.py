"""The budget of doing nothing, beside the council's own: the overspend, and what it is made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.engine.records import Array
from sim.experiment.compare import Comparison
from sim.experiment.money import BaselineVariance, baseline_variance
from sim.outcomes.costs import STAFFING_LINES

VACANCY_FACTOR = "finance.vacancy_factor"


@dataclass(frozen=True)
class BudgetGap:
    """What doing nothing spends beyond its staffing budget in the financial year of day 0.

    Attributes:
        variance: the overspend by the model's budget: posts at their cost, less the vacancy factor.
        above: of it from day 0 to 31 March: agency staff above establishment, who have no budget.
        factor: posts that the budget takes as empty.
        cover: agency cover and staff in post, less the cost of all posts: dearer cover, less what
            posts save that stand empty.
        other: supernumerary staff.
        vacancy_factor: the share that the budget takes as empty, mean over draws.
        whole_spend: spending of the whole year, the days before day 0 estimated.
        own_overspend: that less the council's own budget; None where its file gives none.
        forecast: the council's own forecast of its overspend; None where its file gives none.
    """

    variance: BaselineVariance
    above: float
    factor: float
    cover: float
    other: float
    vacancy_factor: float
    whole_spend: float
    own_overspend: float | None
    forecast: float | None

    @property
    def gap(self) -> float | None:
        """The overspend, by the council's own budget where it is known, less its forecast."""
        if self.forecast is None:
            return None
        overspend = self.own_overspend
        return (self.variance.whole_year if overspend is None else overspend) - self.forecast


def budget_gap(comparison: Comparison) -> BudgetGap:
    """The overspend of doing nothing, the comparison's first scenario, and its parts.

    The parts add up to the overspend from day 0 on: what is spent less posts at their cost, and
    the share of these that the budget leaves out.
    """
    variance, ledger, council = (
        baseline_variance(comparison), comparison.ledgers[0], comparison.study.council,
    )  # fmt: skip
    spent = dict(zip(STAFFING_LINES, ledger.spent_gbp[:, 0].T, strict=False))
    budget = ledger.planned_gbp[:, 0].sum(axis=1)
    shares = _vacancy_factors(comparison)
    posts = budget / (1.0 - shares)
    permanent, cover, above, other = (spent[line] for line in STAFFING_LINES)
    daily = budget / variance.days_simulated
    whole_budget = float((budget + daily * variance.days_before).mean())
    own, forecast = council.staffing_budget, council.overspend_forecast
    whole_spend = whole_budget + variance.whole_year
    return BudgetGap(
        variance,
        float(above.mean()),
        float((posts * shares).mean()),
        float((permanent + cover - posts).mean()),
        float(other.mean()),
        float(shares.mean()),
        whole_spend,
        whole_spend - own.gbp if own and own.financial_year == variance.year else None,
        forecast.gbp if forecast and forecast.financial_year == variance.year else None,
    )


def _vacancy_factors(comparison: Comparison) -> Array:
    """The vacancy factor of each pair's draw."""
    draws = comparison.variants[0].draws
    known = {int(draw): comparison.study.values(int(draw)) for draw in np.unique(draws)}
    return np.array([known[int(draw)][VACANCY_FACTOR] for draw in draws])
