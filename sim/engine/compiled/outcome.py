"""Records of a run, from its tables (sim.engine.records)."""

from __future__ import annotations

import numpy as np

from sim.engine.case_records import CASE_FLOWS, PLAN_ROW, CaseRecords
from sim.engine.compiled.codes import ABOVE_CAPACITY, CAPACITY, SICK, WAITING
from sim.engine.compiled.image import Table
from sim.engine.compiled.layout import AT_END, ROUTE_COUNT, STAGE_COUNT
from sim.engine.compiled.memory import Memory
from sim.engine.records import FLOWS, LINE_COUNTS, STOCKS, VACANCY_ROW, Array, Records, Rows
from sim.inputs.plan import HUNDREDTHS, Plan


def records_of(plan: Plan, memory: Memory) -> Records:
    """What happened in a run."""
    tables, world = memory.tables, memory.world[0]
    accounts = _by_period(plan, tables["account_months"])
    teams = _by_period(plan, tables["team_months"])
    lines = _by_period(plan, tables["line_months"])
    cases = _case_records(plan, memory) if plan.casework is not None else None
    return Records(
        stocks=_fte_columns(accounts["stock"], STOCKS),
        fte_days=_fte_columns(accounts["days"], STOCKS),
        flows=_fte_columns(accounts["flows"], FLOWS),
        above_fte=_fte(teams["above"]),
        above_fte_days=_fte(teams["above_days"]),
        paid_gbp=_own(lines["paid"]),
        recovered_gbp=_own(lines["recovered"]),
        line_counts=_columns(lines["counts"], LINE_COUNTS),
        in_pipeline=_own(tables["pipeline"]["value"][: len(plan.lines)]),
        inpost_by_route=_fte(tables["route_months"]["value"].reshape(-1, ROUTE_COUNT)),
        targets=_own(tables["markets"]["targets"]),
        targets_filled=_own(tables["target_months"]["value"].reshape(plan.periods, -1)),
        vacancies=_rows(tables["filled"][: world["filled_count"]], VACANCY_ROW),
        events=int(world["logical_events"] + world["case_events"]),
        cases=cases,
    )


def _case_records(plan: Plan, memory: Memory) -> CaseRecords:
    tables, world = memory.tables, memory.world[0]
    stages = _by_period(plan, tables["stage_months"])
    stages = stages.reshape(plan.periods, STAGE_COUNT, -1)
    teams = _by_period(plan, tables["team_months"])
    at_end = _columns(teams["at_end"], AT_END)
    return CaseRecords(
        children=_own(stages["stock"]),
        child_days=_own(stages["days"]),
        entries=_own(stages["entries"]),
        exits=_own(stages["exits"]),
        flows=_columns(teams["flows"], CASE_FLOWS),
        unallocated=_own(teams["stock"][..., WAITING]),
        unallocated_days=_own(teams["days"][..., WAITING]),
        unallocated_waited_days=at_end["waited"],
        capacity_days=_own(teams["days"][..., CAPACITY]),
        above_capacity_days=_own(teams["days"][..., ABOVE_CAPACITY]),
        held_children=at_end["held"],
        bands=_own(teams["bands"]),
        over_full_load_fte=at_end["over"],
        present_fte=at_end["present"],
        open_a_year=at_end["open_a_year"],
        changed_once=at_end["changed_once"],
        changed_twice=at_end["changed_twice"],
        sick_fte_days=_fte(teams["days"][..., SICK]),
        plans=_rows(tables["plans_ended"][: world["plans_count"]], PLAN_ROW),
        events=int(world["case_events"]),
    )


def _by_period(plan: Plan, table: Table) -> Table:
    return table.reshape(plan.periods, -1)


def _columns(table: Array, names: tuple[str, ...]) -> dict[str, Array]:
    """By name: the column of its place along the last axis."""
    return {name: _own(table[..., place]) for place, name in enumerate(names)}


def _fte_columns(table: Array, names: tuple[str, ...]) -> dict[str, Array]:
    """The same, of what was counted in hundredths of an FTE."""
    return {name: _fte(table[..., place]) for place, name in enumerate(names)}


def _fte(hundredths: Array) -> Array:
    return np.divide(hundredths, HUNDREDTHS, order="C")


def _rows(table: Table, row: np.dtype[np.void]) -> Rows:
    """A copy of the columns that a record has."""
    return table[list(row.names or ())].astype(row)


def _own(values: Array) -> Array:
    """A copy in C order, so that the run's tables need not be kept."""
    return np.array(values, dtype=np.float64, order="C")
