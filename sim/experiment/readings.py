"""Numbers read off a comparison, one for each pair: conclusions are made of them."""

from __future__ import annotations

import datetime as dt

import numpy as np

from sim.dates import DAYS_PER_WEEK, financial_year_start
from sim.engine.records import Array
from sim.experiment.compare import Comparison
from sim.experiment.financial_years import year_spans
from sim.experiment.ledger import PACKAGE
from sim.experiment.results_layout import MONEY
from sim.experiment.variant import Variant
from sim.outcomes.flows import FLOW_INDEX, STARTERS


def column_of(comparison: Comparison, date: dt.date) -> int:
    """The last month end on or before a date; the first where there is none."""
    return max((i for i, end in enumerate(comparison.dates) if end <= date), default=0)


def reading(variant: Variant, scenario: int, indicator: str, column: int) -> Array:
    """An indicator of the council at a month end, by pair."""
    return variant.values(scenario, indicator)[:, column]


def change(variant: Variant, scenario: int, indicator: str, column: int) -> Array:
    """The same less doing nothing."""
    return variant.values(scenario, indicator, against=0)[:, column]


def steps_of_hiring(comparison: Comparison) -> tuple[Array, Array]:
    """Days from the advert that finds a social worker to the offer, and to the start, by pair.

    They are the lengths of the steps: checks run beside the candidate's own notice. The wait for
    somebody to apply, and offers that fall through, are no part of them.
    """
    draws = comparison.variants[0].draws
    known = {int(draw): comparison.study.values(int(draw)) for draw in np.unique(draws)}
    values = [known[int(draw)] for draw in draws]
    offer = np.array([value["hiring.selection"] for value in values])
    ready = [max(v["hiring.checks"], v["hiring.notice_social_worker"]) for v in values]
    return DAYS_PER_WEEK * offer, DAYS_PER_WEEK * (offer + np.array(ready))


def full_year(comparison: Comparison, column: int) -> int:
    """Place of the last financial year that is over on a date; the first where none is."""
    spans = year_spans(comparison.plans[0])
    over = (i for i, span in enumerate(spans) if span.last <= comparison.dates[column])
    return max(over, default=0)


def cost_of_year(variant: Variant, scenario: int, year: int) -> Array:
    """Change in all spending in one financial year under a variant's condition, by pair."""
    own, base = (
        variant.table(s, "money")[:, MONEY.index("spent_gbp"), year].sum(axis=1)
        for s in (scenario, 0)
    )
    difference: Array = own - base
    return difference


def net_cost(comparison: Comparison, scenario: int, column: int) -> Array:
    """Change in all spending in the financial years begun by a month end, by pair."""
    kept = _years_begun(comparison, column)
    own, base = comparison.ledgers[scenario].spent_gbp, comparison.ledgers[0].spent_gbp
    difference: Array = (own[:, kept].sum(axis=2) - base[:, kept].sum(axis=2)).sum(axis=1)
    return difference


def cost_only(comparison: Comparison, scenario: int, column: int) -> Array:
    """Spending on measures of which nothing but their cost is simulated, by pair."""
    kept = _years_begun(comparison, column)
    plain = {line.key for line in comparison.plans[scenario].lines if line.costs_only}
    ledger = comparison.ledgers[scenario]
    lines = np.array([line in plain for line in ledger.lines])
    total: Array = ledger.spent_gbp[:, kept][:, :, lines].sum(axis=(1, 2))
    return total


def agency_change(comparison: Comparison, scenario: int, column: int) -> Array:
    """Change in agency spending in the financial years begun by a month end, by pair."""
    kept = _years_begun(comparison, column)
    own, base = comparison.ledgers[scenario].agency_gbp, comparison.ledgers[0].agency_gbp
    difference: Array = (own[:, kept] - base[:, kept]).sum(axis=1)
    return difference


def over_planned(comparison: Comparison, scenario: int, column: int) -> Array:
    """Spent less planned on the scenario's own lines, by pair: under (-) or over (+)."""
    kept = _years_begun(comparison, column)
    ledger = comparison.ledgers[scenario]
    over = ledger.spent_gbp[:, kept, PACKAGE] - ledger.planned_gbp[:, kept, PACKAGE]
    total: Array = over.sum(axis=(1, 2))
    return total


def planned(comparison: Comparison, scenario: int, column: int) -> Array:
    """Planned money of the scenario's own lines in the financial years begun, by pair."""
    kept = _years_begun(comparison, column)
    total: Array = comparison.ledgers[scenario].planned_gbp[:, kept, PACKAGE].sum(axis=(1, 2))
    return total


def flow(comparison: Comparison, scenario: int, name: str, column: int, row: int = 0) -> Array:
    """FTE of a flow of social workers in the 12 months to a month end, by pair."""
    first = max(0, column - 11)
    flows = comparison.average.table(scenario, "flows")
    months = flows[:, FLOW_INDEX[name], row, first : column + 1]
    total: Array = months.sum(axis=1)
    return total


def filled_from_inside(comparison: Comparison, scenario: int, column: int) -> Array:
    """FTE appointed to the scenario's new posts from the council's own staff so far, by pair."""
    return _to_new_posts(comparison, scenario, ("internal_in",), column)


def filled_from_outside(comparison: Comparison, scenario: int, column: int) -> Array:
    """FTE that joined the council on the scenario's new posts so far, by pair."""
    return _to_new_posts(comparison, scenario, STARTERS, column)


def filled_by_recoding(comparison: Comparison, scenario: int, column: int) -> Array:
    """FTE that came to the scenario's new posts by other net change so far, by pair."""
    return _to_new_posts(comparison, scenario, ("other_net_change",), column)


def new_posts_held(variant: Variant, scenario: int, column: int) -> Array:
    """FTE in post on the scenario's new posts at a month end, by pair."""
    everyone = reading(variant, scenario, "inpost_all_roles_fte", column)
    return everyone - reading(variant, scenario, "existing_posts_inpost_fte", column)


def _to_new_posts(
    comparison: Comparison, scenario: int, names: tuple[str, ...], column: int
) -> Array:
    rows = [FLOW_INDEX[name] for name in names]
    flows = comparison.average.table(scenario, "new_post_flows")
    total: Array = flows[:, rows, : column + 1].sum(axis=(1, 2))
    return total


def _years_begun(comparison: Comparison, column: int) -> Array:
    last = comparison.dates[column]
    years = comparison.ledgers[0].years
    return np.array([financial_year_start(year) <= last for year in years])
