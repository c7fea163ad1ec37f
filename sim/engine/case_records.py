"""Facts about children's cases, by period, stage and team. Rates belong to outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from sim.engine.records import Array, Rows, row_type


class Cause(IntEnum):
    """Why a child changes worker."""

    LEAVER = 0
    ABSENCE = 1
    TRANSFER = 2
    AGENCY_END = 3
    INTERNAL_MOVE = 4


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
    "turned_away",
    "workers_lent",
    "workers_returned",
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
        in_care_changed_twice: children in care at the end of each period, however long, with two or
            more changes of worker in the 12 months, shape (periods, teams).
        sick_fte_days: FTE days that permanent social workers were sick, by the team that they were
            in, shape (periods, teams).
        lent_in_fte, lent_out_fte: FTE of workers lent to a team, and by it, at the end of each
            period, shape (periods, teams).
        bought_fte: agency staff above establishment bought because children wait, likewise.
        limits_lifted: 1 where a team's limit of load is lifted, likewise.
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
    in_care_changed_twice: Array
    sick_fte_days: Array
    lent_in_fte: Array
    lent_out_fte: Array
    bought_fte: Array
    limits_lifted: Array
    plans: Rows
    events: int
