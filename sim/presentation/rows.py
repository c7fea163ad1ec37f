"""Rows of a comparison: one indicator of one scenario over the months, the whole council."""

from __future__ import annotations

from sim.experiment.compare import POSITION, Comparison
from sim.experiment.statistics import Summary, summarise
from sim.presentation.findings import Verdict, verdict

COUNCIL = 0
"""Row of the whole council in every table; its teams follow."""


def level(comparison: Comparison, scenario: int, indicator: str) -> Summary:
    """Summary of an indicator by month."""
    chosen = comparison.variants[0]
    return summarise(chosen.tables[scenario][:, POSITION[indicator], COUNCIL], chosen.draws)


def difference(comparison: Comparison, scenario: int, indicator: str, variant: int = 0) -> Summary:
    """Summary of an indicator less the baseline's, by month."""
    chosen = comparison.variants[variant]
    values = chosen.differences[scenario - 1][:, POSITION[indicator], COUNCIL]
    return summarise(values, chosen.draws)


def verdicts(comparison: Comparison, indicator: str, month: int, limit: int) -> list[Verdict]:
    """The verdict on each of the first scenarios, the baseline apart."""
    rows = [
        difference(comparison, scenario, indicator)
        for scenario in range(1, min(limit, len(comparison.scenarios)))
    ]
    return [verdict(float(row.ci_low[month]), float(row.ci_high[month])) for row in rows]
