"""Rows of a comparison: one indicator of one scenario over the months, the whole council."""

from __future__ import annotations

import numpy as np

from sim.experiment.compare import Comparison
from sim.experiment.statistics import Summary
from sim.experiment.variant import ALL_TEAMS, COUNCIL
from sim.presentation.findings import Verdict, verdict
from sim.presentation.ranges import runs_of


def has_casework(comparison: Comparison) -> bool:
    """Whether children's cases were simulated: some team has a load."""
    load = comparison.average.values(0, "load", ALL_TEAMS)
    return bool(np.nan_to_num(load).any())


def level(comparison: Comparison, scenario: int, indicator: str, row: int = COUNCIL) -> Summary:
    """Summary of an indicator by month."""
    return comparison.average.series(scenario, indicator, row)


def difference(
    comparison: Comparison, scenario: int, indicator: str, variant: int = 0, row: int = COUNCIL
) -> Summary:
    """Summary of an indicator less the baseline's, by month."""
    return comparison.variants[variant].series(scenario, indicator, row, against=0)


def verdicts(
    comparison: Comparison, indicator: str, month: int, limit: int, row: int = COUNCIL
) -> list[Verdict]:
    """The verdict on each of the first scenarios, the baseline apart."""
    rows = [
        difference(comparison, scenario, indicator, row=row)
        for scenario in range(1, min(limit, len(comparison.scenarios)))
    ]
    return [verdict(runs_of(row, month)) for row in rows]
