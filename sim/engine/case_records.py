"""Facts about children's cases, by period, stage and team. Rates belong to outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.config.casework import STAGES
from sim.engine.cases import Cause
from sim.engine.records import Array, Level, Rows, row_type, to_fte
from sim.inputs.casework_plan import CaseworkPlan

CASE_FLOWS = (
    "referrals",
    "re_referrals",
    "episodes_started",
    "episodes_ended",
    "cases_ended",
    "assessments_ended",
    "assessments_in_time",
    "section_47_started",
    "conferences",
    "conferences_in_time",
    "plans_started",
    "plans_ended",
    "care_started",
    "care_ended",
    "care_leavers_started",
    "care_leavers_ended",
    "reviews_held",
    "reviews_put_off",
    *(f"handovers_{cause.name.lower()}" for cause in Cause),
    "waits_begun",
    "waits_ended",
    "waited_days",
)
"""What is counted as it happens, by the team responsible."""

BAND_EDGES = (1.0, 5.0, 10.0, 15.0, 20.0, 25.0)
"""Cases per FTE that divide the bands in which England's caseloads are published."""


class PlanRecord(NamedTuple):
    """One child protection plan.

    `end_day` is -1 while it is open; `start_day` is negative for one that began before day 0.
    """

    team: int
    start_day: float
    end_day: float
    off_review: bool


PLAN_ROW = row_type(PlanRecord)


@dataclass(frozen=True)
class CaseRecords:
    """What happened to children's cases, as arrays.

    Attributes:
        children: at the end of each period, shape (periods, stages, teams).
        child_days: integral over each period, same shape.
        entries, exits: children who entered and left a stage in each period, same shape; a change
            of team within a stage is neither.
        flows: per name in CASE_FLOWS: counts (days for waited_days) in each period, shape
            (periods, teams).
        unallocated: children without a worker at the end of each period, shape (periods, teams).
        unallocated_days: integral over each period, same shape.
        unallocated_waited_days: days waited so far by those without a worker at the end, summed.
        capacity_days: points of capacity of those present, integral, shape (periods, teams).
        above_capacity_days: of these, agency staff above establishment.
        held_children: children held by social workers at the end, shape (periods, teams).
        bands: FTE of social workers who hold cases by recorded caseload, at the end of each
            period, shape (periods, teams, bands).
        over_full_load_fte: FTE of case holders present whose load is over 1, shape (periods,
            teams).
        present_fte: FTE of case holders present, same shape.
        open_a_year: children whose case has been open for the last 12 months, at the end of each
            period, shape (periods, teams).
        changed_once, changed_twice: of these, children with one or more, and two or more, changes
            of worker in the 12 months.
        sick_fte_days: FTE days that permanent social workers were sick, by the team that they were
            in, shape (periods, teams).
        plans: every child protection plan; rows of PLAN_ROW.
        events: number of logical events: stages entered, workers given, reviews.
    """

    children: Array
    child_days: Array
    entries: Array
    exits: Array
    flows: dict[str, Array]
    unallocated: Array
    unallocated_days: Array
    unallocated_waited_days: Array
    capacity_days: Array
    above_capacity_days: Array
    held_children: Array
    bands: Array
    over_full_load_fte: Array
    present_fte: Array
    open_a_year: Array
    changed_once: Array
    changed_twice: Array
    sick_fte_days: Array
    plans: Rows
    events: int


class CaseRecorder:
    """Counts facts about cases while a run goes on."""

    def __init__(self, plan: CaseworkPlan, boundaries: tuple[float, ...], teams: int) -> None:
        periods = len(boundaries) - 1
        self._bounds, self._teams = boundaries, teams
        self._ratio = plan.recording_ratio
        cells = len(STAGES) * teams
        self.children = Level(periods, cells)
        self.waiting = Level(periods, teams)
        self.capacity = Level(periods, teams)
        self.above_capacity = Level(periods, teams)
        self.sick = Level(periods, teams)
        self._levels = (
            self.children, self.waiting, self.capacity, self.above_capacity, self.sick,
        )  # fmt: skip
        self.entries = [[0.0] * cells for _ in range(periods)]
        self.exits = [[0.0] * cells for _ in range(periods)]
        self.flows = {name: [[0.0] * teams for _ in range(periods)] for name in CASE_FLOWS}
        self.at_end = {
            name: [[0.0] * teams for _ in range(periods)]
            for name in (
                "waited", "held", "over", "present", "open_a_year", "changed_once",
                "changed_twice",
            )
        }  # fmt: skip
        self.bands = [[[0.0] * (len(BAND_EDGES) + 1) for _ in range(teams)] for _ in range(periods)]
        self.plans: list[PlanRecord] = []
        self.events = 0
        self.begin_period(0)

    def enter(self, cell: int, now: float, carried: bool) -> None:
        """A child enters a stage in a team; one of day 0 (`carried`) was there already."""
        self.events += 1
        self.children.shift(cell, 1, now)
        if not carried:
            self._entries_now[cell] += 1.0

    def leave(self, cell: int, now: float) -> None:
        """A child leaves a stage in a team."""
        self.children.shift(cell, -1, now)
        self._exits_now[cell] += 1.0

    def flow(self, name: str, team: int, amount: float = 1.0) -> None:
        """Something happened."""
        self._flows_now[name][team] += amount

    def end_period(self) -> None:
        """Read the stocks at the end of the period."""
        for level in self._levels:
            level.end_period(self.period, self._bounds[self.period + 1])

    def begin_period(self, period: int) -> None:
        """Open a period."""
        self.period = period
        for level in self._levels:
            level.begin_period(period, self._bounds[period])
        self._entries_now, self._exits_now = self.entries[period], self.exits[period]
        self._flows_now = {name: rows[period] for name, rows in self.flows.items()}

    def mean(self, what: Level, period: int) -> list[float]:
        """Mean of a stock over a period that has ended, by cell."""
        length = self._bounds[period + 1] - self._bounds[period]
        return [days / length for days in what.days[period]]

    def band(self, team: int, fte: float, children: int) -> None:
        """A social worker's caseload at the end of a period, as it would be recorded."""
        caseload = children * self._ratio / fte
        band = sum(caseload >= edge for edge in BAND_EDGES)
        self.bands[self.period][team][band] += fte

    def records(self, still_open: list[PlanRecord]) -> CaseRecords:
        """All facts as arrays; `still_open` are the protection plans open at the end."""
        shape = (len(self.entries), len(STAGES), self._teams)

        def by_stage(rows: list[list[float]]) -> Array:
            return np.array(rows, dtype=np.float64).reshape(shape)

        return CaseRecords(
            children=by_stage(self.children.stock),
            child_days=by_stage(self.children.days),
            entries=by_stage(self.entries),
            exits=by_stage(self.exits),
            flows={name: np.array(rows) for name, rows in self.flows.items()},
            unallocated=np.array(self.waiting.stock, dtype=np.float64),
            unallocated_days=np.array(self.waiting.days),
            unallocated_waited_days=np.array(self.at_end["waited"]),
            capacity_days=np.array(self.capacity.days),
            above_capacity_days=np.array(self.above_capacity.days),
            held_children=np.array(self.at_end["held"]),
            bands=np.array(self.bands),
            over_full_load_fte=np.array(self.at_end["over"]),
            present_fte=np.array(self.at_end["present"]),
            open_a_year=np.array(self.at_end["open_a_year"]),
            changed_once=np.array(self.at_end["changed_once"]),
            changed_twice=np.array(self.at_end["changed_twice"]),
            sick_fte_days=to_fte(self.sick.days),
            plans=np.array(self.plans + still_open, PLAN_ROW),
            events=self.events,
        )
