"""Records of a run, from its rows."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

import numpy as np

from sim.engine.case_records import CASE_FLOWS, PLAN_ROW, CaseRecords
from sim.engine.codes import ABOVE_CAPACITY, CAPACITY, SICK, WAITING
from sim.engine.layout import AT_END, ROUTE_COUNT, STAGE_COUNT
from sim.engine.records import FLOWS, LINE_COUNTS, STOCKS, VACANCY_ROW, Array, Records, Rows
from sim.inputs.plan import HUNDREDTHS, Plan


def records_of(plan: Plan, w: Any) -> Records:
    """What happened in a run.

    Args:
        plan: its plan.
        w: its tables: the world of SimPy's engine, or the tables of the compiled one as arrays.
    """
    months = (plan.periods, -1)
    stock, days, flows = (_fte(w.account_months, n) for n in ("stock", "days", "flows"))
    return Records(
        stocks=_by_name(stock, STOCKS, months),
        fte_days=_by_name(days, STOCKS, months),
        flows=_by_name(flows, FLOWS, months),
        above_fte=_fte(w.team_months, "above").reshape(months),
        above_fte_days=_fte(w.team_months, "above_days").reshape(months),
        paid_gbp=_column(w.line_months, "paid").reshape(months),
        recovered_gbp=_column(w.line_months, "recovered").reshape(months),
        line_counts=_by_name(_column(w.line_months, "counts"), LINE_COUNTS, months),
        in_pipeline=_column(w.pipeline, "value"),
        inpost_by_route=_fte(w.route_months, "value").reshape(-1, ROUTE_COUNT),
        targets=_column(w.markets, "targets"),
        targets_filled=_column(w.target_months, "value").reshape(months),
        vacancies=_rows(w.filled, VACANCY_ROW),
        events=int(w.events) + int(w.case_events),
        cases=_case_records(plan, w) if plan.casework is not None else None,
    )


def _case_records(plan: Plan, w: Any) -> CaseRecords:
    months, stages = (plan.periods, -1), (plan.periods, STAGE_COUNT, -1)
    team_months, stage_months = w.team_months, w.stage_months
    at_end = _by_name(_column(team_months, "at_end"), AT_END, months)
    stock, days = (_column(team_months, name) for name in ("stock", "days"))
    bands = _column(team_months, "bands")
    return CaseRecords(
        children=_column(stage_months, "stock").reshape(stages),
        child_days=_column(stage_months, "days").reshape(stages),
        entries=_column(stage_months, "entries").reshape(stages),
        exits=_column(stage_months, "exits").reshape(stages),
        flows=_by_name(_column(team_months, "flows"), CASE_FLOWS, months),
        unallocated=_own(stock[:, WAITING]).reshape(months),
        unallocated_days=_own(days[:, WAITING]).reshape(months),
        unallocated_waited_days=at_end["waited"],
        capacity_days=_own(days[:, CAPACITY]).reshape(months),
        above_capacity_days=_own(days[:, ABOVE_CAPACITY]).reshape(months),
        held_children=at_end["held"],
        bands=bands.reshape(plan.periods, -1, bands.shape[-1]),
        over_full_load_fte=at_end["over"],
        present_fte=at_end["present"],
        open_a_year=at_end["open_a_year"],
        changed_once=at_end["changed_once"],
        changed_twice=at_end["changed_twice"],
        in_care_changed_twice=at_end["in_care_changed_twice"],
        sick_fte_days=(days[:, SICK] / HUNDREDTHS).reshape(months),
        lent_in_fte=at_end["lent_in"],
        lent_out_fte=at_end["lent_out"],
        bought_fte=at_end["bought"],
        limits_lifted=at_end["lifted"],
        plans=_rows(w.plans_ended, PLAN_ROW),
        events=int(w.case_events),
    )


def _column(rows: Any, name: str) -> Array:
    """A field of all rows, the first axis being the rows."""
    if isinstance(rows, np.ndarray):
        return _own(rows[name])
    return np.array([getattr(row, name) for row in rows], np.float64)


def _fte(rows: Any, name: str) -> Array:
    """A field that is counted in hundredths of an FTE, as FTE."""
    return _column(rows, name) / HUNDREDTHS


def _by_name(values: Array, names: Sequence[str], shape: tuple[int, ...]) -> dict[str, Array]:
    """By name: the column of its place along the last axis."""
    return {name: _own(values[:, place]).reshape(shape) for place, name in enumerate(names)}


def _rows(rows: Any, row: np.dtype[np.void]) -> Rows:
    """A table of the columns that a record has."""
    names = list(row.names or ())
    if isinstance(rows, np.ndarray):
        return rows[names].astype(row)
    take = attrgetter(*names)
    return np.array([take(one) for one in rows], row)


def _own(values: Array) -> Array:
    """A copy in C order, so that the run's tables need not be kept."""
    return np.array(values, dtype=np.float64, order="C")
