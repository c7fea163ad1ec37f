"""Continuity indicators: changes of worker, how many and why."""

from __future__ import annotations

import numpy as np

from sim.engine.case_records import CaseRecords, Cause
from sim.engine.records import Array, Records
from sim.inputs.casework_plan import IN_CARE
from sim.inputs.plan import Plan
from sim.outcomes.indicators import INDEX
from sim.outcomes.workforce import (
    first_whole_month,
    ratio,
    trailing_year,
    with_council,
)

HANDOVERS = tuple(f"handovers_{cause.name.lower()}" for cause in Cause)
"""Indicators, and flows of the records: changes of worker by their cause."""


def fill_continuity_indicators(plan: Plan, records: Records, table: Array) -> None:
    """Write changes of worker into the indicator table.

    All look back 12 months, so they are empty until the run holds 12 months.

    Args:
        plan: the plan of the run; without casework nothing is written.
        records: its facts.
        table: shape (indicators, 1 + teams, periods).
    """
    cases = records.cases
    if cases is None:
        return
    first_whole = first_whole_month(plan)
    values = {
        name: trailing_year(with_council(cases.flows[name]), first_whole) for name in HANDOVERS
    }
    changes = np.sum([values[name] for name in HANDOVERS], axis=0)
    values["changes_of_worker_per_child"] = ratio(changes, _children(plan, cases, first_whole))
    opened = with_council(cases.open_a_year)
    opened[:, np.isnan(changes[0])] = np.nan
    values["changed_worker_share"] = ratio(with_council(cases.changed_once), opened)
    values["changed_worker_twice_share"] = ratio(with_council(cases.changed_twice), opened)
    in_care = cases.children[:, list(IN_CARE)].sum(axis=1)
    twice = ratio(with_council(cases.in_care_changed_twice), with_council(in_care))
    values["in_care_changed_twice_share"] = np.where(np.isnan(changes[0]), np.nan, twice)
    for name, value in values.items():
        table[INDEX[name]] = value


def changes_of_worker(records: Records) -> Array:
    """Changes of worker by period, the whole council; nan without casework."""
    if records.cases is None:
        return np.full(len(records.above_fte), np.nan)
    flows = records.cases.flows
    total: Array = np.sum([flows[name].sum(axis=1) for name in HANDOVERS], axis=0)
    return total


def _children(plan: Plan, cases: CaseRecords, first_whole: int) -> Array:
    """Mean children of 12 months, care leavers included: the changes of theirs are counted too."""
    child_days = with_council(cases.child_days.sum(axis=1))
    days = np.diff(np.array(plan.boundaries))
    return trailing_year(child_days, first_whole) / trailing_year(days, first_whole)
