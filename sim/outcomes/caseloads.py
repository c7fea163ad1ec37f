"""Case indicators: children, caseloads, load, waiting, timeliness, absence.

A run of staffing alone has none of them: their rows stay empty.
"""

from __future__ import annotations

import numpy as np

from sim.config.casework import STAGES
from sim.config.roles import REGISTERED_ROLES
from sim.engine.case_records import CaseRecords
from sim.engine.records import Array, Records
from sim.inputs.casework_plan import CARE_LEAVER, IN_CARE, ON_PLAN, CaseworkPlan
from sim.inputs.plan import Plan
from sim.outcomes.indicators import INDEX
from sim.outcomes.workforce import (
    first_whole_month,
    ratio,
    team_sums,
    trailing_year,
    whole_hundredths,
    with_council,
)

CASELOAD_BANDS = ("under_5", "5_to_10", "10_to_15", "15_to_20", "20_to_25", "25_or_more")
"""Bands that are reported; the records divide the first at one case."""
COUNTED_OVER_A_YEAR = (
    "referrals",
    "episodes_started",
    "episodes_ended",
    "cases_ended",
    "plans_started",
    "plans_ended",
    "care_started",
    "care_ended",
    "care_leavers_started",
    "care_leavers_ended",
)
"""Indicators that are flows of the records, summed over 12 months."""
_OPEN = tuple(stage for stage in range(len(STAGES)) if stage != CARE_LEAVER)


def fill_caseload_indicators(plan: Plan, records: Records, table: Array) -> None:
    """Write children, caseloads, load, waiting, timeliness and absence into the indicator table.

    Args:
        plan: the plan of the run; without casework nothing is written.
        records: its facts.
        table: shape (indicators, 1 + teams, periods), the workforce indicators filled in.
    """
    cases, casework = records.cases, plan.casework
    if cases is None or casework is None:
        return
    case_holders = table[INDEX["case_holders_fte"]]
    values = {
        **_children(cases),
        **_caseloads(cases, casework.recording_ratios, case_holders),
        **_bands(cases),
        "load": weighted_load(cases, casework),
        "over_full_load_share": ratio(
            _team_fte(cases.over_full_load_fte), _team_fte(cases.present_fte)
        ),
        **_waiting(cases),
        **_reaction(cases),
        **_over_a_year(cases, first_whole_month(plan)),
        "absence_rate_fte": _absence(plan, records, cases),
    }
    for name, value in values.items():
        table[INDEX[name]] = value


def weighted_load(cases: CaseRecords, casework: CaseworkPlan) -> Array:
    """Points of all children, waiting ones included, over what those present can carry.

    Args:
        cases: facts of the run.
        casework: its plan, which holds the points.

    Returns:
        Mean of each month, shape (1 + teams, periods).
    """
    points = np.einsum("pst,st->pt", cases.child_days, np.array(casework.points))
    return ratio(with_council(points), with_council(cases.capacity_days))


def _children(cases: CaseRecords) -> dict[str, Array]:
    """Children at month ends."""
    groups: dict[str, tuple[int, ...]] = {
        "open_children": _OPEN,
        "children_on_plans": tuple(ON_PLAN),
        "children_in_care": tuple(IN_CARE),
        "care_leavers": (CARE_LEAVER,),
    }
    return {
        name: with_council(cases.children[:, list(stages)].sum(axis=1))
        for name, stages in groups.items()
    }


def _caseloads(
    cases: CaseRecords, recording_ratios: tuple[float, ...], case_holders: Array
) -> dict[str, Array]:  # fmt: skip
    # A plan that was cut short has ratios for months that were not run.
    held = with_council(cases.held_children)
    recorded = held * np.array(recording_ratios[: held.shape[-1]])
    return {"cases": recorded, "caseload_fte": ratio(recorded, case_holders)}


def _bands(cases: CaseRecords) -> dict[str, Array]:
    """Shares of the FTE of social workers who hold cases, by caseload."""
    holders = _team_fte(cases.bands.sum(axis=2))
    fte = [cases.bands[:, :, :2].sum(axis=2), *np.moveaxis(cases.bands[:, :, 2:], 2, 0)]
    return {
        f"caseload_{name}_share": ratio(_team_fte(band), holders)
        for name, band in zip(CASELOAD_BANDS, fte, strict=True)
    }


def _team_fte(by_team: Array) -> Array:
    """FTE of people by team, the council first."""
    return whole_hundredths(with_council(by_team))


def _waiting(cases: CaseRecords) -> dict[str, Array]:
    unallocated = with_council(cases.unallocated)
    waited = with_council(cases.unallocated_waited_days)
    # Where no child waits none has waited: 0 days, so that every run has a value.
    days = np.nan_to_num(ratio(waited, unallocated), nan=0.0)
    return {"unallocated": unallocated, "unallocated_days": days}


def _reaction(cases: CaseRecords) -> dict[str, Array]:
    """What managers do when many children wait."""
    return {
        "workers_lent_fte": _team_fte(cases.lent_in_fte),
        "limits_lifted": with_council(cases.limits_lifted),
        "agency_bought_fte": with_council(cases.bought_fte),
        "turned_away": np.cumsum(with_council(cases.flows["turned_away"]), axis=1),
    }


def _over_a_year(cases: CaseRecords, first_whole: int) -> dict[str, Array]:
    """Counts of 12 months, and shares of them."""

    def year(flow: str) -> Array:
        return trailing_year(with_council(cases.flows[flow]), first_whole)

    return {name: year(name) for name in COUNTED_OVER_A_YEAR} | {
        "re_referral_share": ratio(year("re_referrals"), year("referrals")),
        "assessments_in_time_share": ratio(year("assessments_in_time"), year("assessments_ended")),
        "conferences_in_time_share": ratio(year("conferences_in_time"), year("conferences")),
    }


def _absence(plan: Plan, records: Records, cases: CaseRecords) -> Array:
    """Sick FTE days / FTE days in post: the share is the same in working days."""
    registered = np.array([account.role in REGISTERED_ROLES for account in plan.accounts])
    first_whole = first_whole_month(plan)
    sick = trailing_year(with_council(cases.sick_fte_days), first_whole)
    in_post = team_sums(plan, records.fte_days["filled"], registered)
    return ratio(sick, trailing_year(in_post, first_whole))
