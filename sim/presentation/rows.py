"""Rows of a comparison: one indicator of one scenario over the months, the whole council."""

from __future__ import annotations

import numpy as np

from sim.experiment.compare import POSITION, Comparison
from sim.experiment.statistics import Summary, summarise
from sim.presentation.findings import Verdict, verdict
from sim.presentation.ranges import runs_of

COUNCIL = 0
"""Row of the whole council in every table; its teams follow."""


def has_casework(comparison: Comparison) -> bool:
    """Whether children's cases were simulated: some team has a load."""
    load = comparison.variants[0].tables[0][:, POSITION["load"]]
    return bool(np.nan_to_num(load).any())


def level(comparison: Comparison, scenario: int, indicator: str, row: int = COUNCIL) -> Summary:
    """Summary of an indicator by month."""
    chosen = comparison.variants[0]
    return summarise(chosen.tables[scenario][:, POSITION[indicator], row], chosen.draws)


def difference(
    comparison: Comparison, scenario: int, indicator: str, variant: int = 0, row: int = COUNCIL
) -> Summary:
    """Summary of an indicator less the baseline's, by month."""
    chosen = comparison.variants[variant]
    values = chosen.differences[scenario - 1][:, POSITION[indicator], row]
    return summarise(values, chosen.draws)


def verdicts(
    comparison: Comparison, indicator: str, month: int, limit: int, row: int = COUNCIL
) -> list[Verdict]:
    """The verdict on each of the first scenarios, the baseline apart."""
    rows = [
        difference(comparison, scenario, indicator, row=row)
        for scenario in range(1, min(limit, len(comparison.scenarios)))
    ]
    return [verdict(runs_of(row, month)) for row in rows]
