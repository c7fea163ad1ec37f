"""The overspend of doing nothing beside the council's own figures, with its causes: three lines."""

from __future__ import annotations

from sim.config.counted import counted
from sim.experiment.budget_gap import BudgetGap, budget_gap
from sim.experiment.compare import Comparison
from sim.presentation.amounts import percent, pounds
from sim.presentation.words import day, spread_of


def budget_notes(comparison: Comparison) -> list[str]:
    """Overspend and gap; what it is made of; what is not known. None where measures are in it."""
    if comparison.scenarios[0].measures:
        return []
    found = budget_gap(comparison)
    return [_overspend(comparison, found), _causes(comparison, found), _unknown(comparison, found)]


def budget_in_short(comparison: Comparison) -> str:
    """The overspend beside the council's forecast, for one line; empty where it forecast none."""
    if comparison.scenarios[0].measures:
        return ""
    found = budget_gap(comparison)
    if found.forecast is None:
        return ""
    return (
        f"Doing nothing overspends {pounds(_whole(found))} in {found.variance.year};"
        f" {comparison.study.council.name} forecast {pounds(found.forecast)}"
    )


def _whole(found: BudgetGap) -> float:
    """The overspend of the whole year, by the council's own budget where it is known."""
    return found.variance.whole_year if found.own_overspend is None else found.own_overspend


def _overspend(comparison: Comparison, found: BudgetGap) -> str:
    variance, council = found.variance, comparison.study.council
    text = (
        f"Doing nothing, {variance.year}: spent minus staffing budget"
        f" {pounds(variance.simulated.mean, True)} from {day(council.start_date)}"
        f" ({spread_of(comparison.pairs)}: {pounds(variance.simulated.p10, True)} to"
        f" {pounds(variance.simulated.p90, True)})"
    )
    if variance.days_before:
        text += (
            f"; the {counted(variance.days_before, 'day')} before, at the rate of the first whole"
            f" month: {pounds(variance.before.mean, True)}; whole year"
            f" {pounds(variance.whole_year, True)}"
        )
    if council.staffing_budget is not None and found.own_overspend is not None:
        own = council.staffing_budget
        text += f". Against {own.name} ({pounds(own.gbp)}): {pounds(found.own_overspend, True)}"
    forecast, gap = council.overspend_forecast, found.gap
    if forecast is not None and gap is not None:
        text += f". {forecast.name}: {pounds(forecast.gbp)}, a gap of {pounds(gap, True)}"
    return text + "."


def _causes(comparison: Comparison, found: BudgetGap) -> str:
    parts = [
        f"agency staff above establishment, who have no budget, {pounds(found.above, True)}",
        f"posts that the budget takes as empty ({percent(found.vacancy_factor)})"
        f" {pounds(found.factor, True)}",
        f"dearer agency cover, less what empty posts save, {pounds(found.cover, True)}",
    ]
    if round(found.other):
        parts.append(f"supernumerary staff {pounds(found.other, True)}")
    start = day(comparison.study.council.start_date)
    return f"What makes it, from {start}: {'; '.join(parts)} (means, which add up)."


def _unknown(comparison: Comparison, found: BudgetGap) -> str:
    council = comparison.study.council
    parts = []
    if found.own_overspend is None:
        parts.append("the budget is worked out from posts and unit costs, as the file gives none")
    if "finance.vacancy_factor" not in council.evidence:
        parts.append("the vacancy factor is another council's")
    parts.append("agency staff may be paid for by grants or another budget")
    return f"What may explain a gap: {'; '.join(parts)}."
