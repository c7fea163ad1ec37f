"""Records: the facts of one run, by period and account. Rates belong to outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, get_type_hints

import numpy as np

from sim.inputs.plan import EXITS

if TYPE_CHECKING:
    from sim.engine.case_records import CaseRecords

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Rows = np.ndarray[tuple[int, ...], np.dtype[np.void]]
"""A structured array: one row a record, a named column for each of its fields."""

FLOWS = (
    "starters_experienced",
    "starters_newly_qualified",
    "starters_agency_conversion",
    *(f"leavers_{name}" for name in EXITS),
    "internal_in",
    "internal_out",
    "other_net_change",
    "resignations",
    "agency_cover_starts",
    "agency_cover_ends",
    "starters_overseas",
    "starters_bursary",
    "starters_apprentice",
)
LINE_COUNTS = ("offers", "starts", "trainee_days", "applications", "redundancies")
"""What a scenario's line does that it is charged for, beside posts and pay."""
STOCKS = ("filled", "covered", "uncovered")


def row_type(record: type) -> np.dtype[np.void]:
    """Type of the rows of a table: the fields of a NamedTuple of numbers."""
    return np.dtype(list(get_type_hints(record).items()))


class VacancyRecord(NamedTuple):
    """One filled vacancy. Days are simulated days; -1 for a step that did not happen."""

    post: int
    account: int
    opened_day: float
    advertised_day: float
    offered_day: float
    filled_day: float
    route: int


VACANCY_ROW = row_type(VacancyRecord)


@dataclass(frozen=True)
class Records:
    """What happened, as arrays; FTE in whole hundredths, time integrals apart.

    Attributes:
        stocks: per name in STOCKS: FTE at the end of each period, shape (periods, accounts).
        fte_days: per name in STOCKS: integral of FTE over each period, same shape.
        flows: per name in FLOWS: FTE in each period, same shape.
        above_fte, above_fte_days: agency above establishment, shape (periods, teams).
        paid_gbp, recovered_gbp: retention payments made and repaid, shape (periods, lines).
        line_counts: per name in LINE_COUNTS: people (days for trainee_days) in each period, shape
            (periods, lines).
        in_pipeline: by line: people in training, or on their way, on the horizon.
        inpost_by_route: FTE of social workers and managers in post at the end of each period, by
            the route by which they came, shape (periods, routes).
        targets: posts vacant or under notice on day 0, by market.
        targets_filled: of these, posts with a permanent holder at the end of each period, shape
            (periods, markets).
        vacancies: every vacancy that ended in a start; rows of VACANCY_ROW.
        events: number of logical events.
        cases: facts about children's cases; None for a run of staffing alone.
    """

    stocks: dict[str, Array]
    fte_days: dict[str, Array]
    flows: dict[str, Array]
    above_fte: Array
    above_fte_days: Array
    paid_gbp: Array
    recovered_gbp: Array
    line_counts: dict[str, Array]
    in_pipeline: Array
    inpost_by_route: Array
    targets: Array
    targets_filled: Array
    vacancies: Rows
    events: int
    cases: CaseRecords | None = None
