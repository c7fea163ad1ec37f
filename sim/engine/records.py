"""Records: the facts of one run, by period and account. Rates belong to outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, get_type_hints

import numpy as np

from sim.config.roles import REGISTERED_ROLES, Role
from sim.config.routes import Route
from sim.inputs.plan import EXITS, Plan
from sim.inputs.position import PostState

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
LINE_COUNTS = ("offers", "starts", "trainee_days", "applications")
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
    """What happened, as arrays.

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


_STOCK_OF_STATE = {
    PostState.FILLED: "filled",
    PostState.COVERED: "covered",
    PostState.UNCOVERED: "uncovered",
}


class Recorder:
    """Counts facts while a run goes on.

    Integrals are exact: a change adds what is left of the period, and each period begins with its
    opening level for its whole length.
    """

    def __init__(self, plan: Plan) -> None:
        periods, accounts = plan.periods, len(plan.accounts)
        self._plan = plan
        self._level = {name: [0.0] * accounts for name in STOCKS}
        self._days = {name: [[0.0] * accounts for _ in range(periods)] for name in STOCKS}
        self._stock = {name: [[0.0] * accounts for _ in range(periods)] for name in STOCKS}
        self._flows = {name: [[0.0] * accounts for _ in range(periods)] for name in FLOWS}
        self._above = [0.0] * len(plan.team_keys)
        self._above_days = [[0.0] * len(plan.team_keys) for _ in range(periods)]
        self._above_stock = [[0.0] * len(plan.team_keys) for _ in range(periods)]
        self._paid = [[0.0] * len(plan.lines) for _ in range(periods)]
        self._recovered = [[0.0] * len(plan.lines) for _ in range(periods)]
        self._line_counts = {
            name: [[0.0] * len(plan.lines) for _ in range(periods)] for name in LINE_COUNTS
        }
        self._in_pipeline = [0.0] * len(plan.lines)
        self._by_route = [0.0] * len(Route)
        self._by_route_stock = [[0.0] * len(Route) for _ in range(periods)]
        self._targets = [0.0] * len(plan.markets)
        self._targets_held = [0.0] * len(plan.markets)
        self._targets_filled = [[0.0] * len(plan.markets) for _ in range(periods)]
        self._vacancies: list[VacancyRecord] = []
        self.period = 0
        self.events = 0

    def shift(self, now: float, account: int, fte: float, old: PostState, new: PostState) -> None:
        """A post's FTE moves from one state to another."""
        left = self._plan.boundaries[self.period + 1] - now
        for state, sign in ((old, -1.0), (new, 1.0)):
            name = _STOCK_OF_STATE.get(state)
            if name is not None:
                self._level[name][account] += sign * fte
                self._days[name][self.period][account] += sign * fte * left

    def shift_above(self, now: float, team: int, fte: float) -> None:
        """Agency above establishment changes by `fte`."""
        self._above[team] += fte
        left = self._plan.boundaries[self.period + 1] - now
        self._above_days[self.period][team] += fte * left

    def flow(self, name: str, account: int, fte: float) -> None:
        """`fte` flowed."""
        self._flows[name][self.period][account] += fte

    def pay(self, line: int, gbp: float) -> None:
        """A retention payment was made."""
        self._paid[self.period][line] += gbp

    def recover(self, line: int, gbp: float) -> None:
        """Part of a retention payment came back."""
        self._recovered[self.period][line] += gbp

    def count_line(self, name: str, line: int, amount: float = 1.0) -> None:
        """A line did something that it is charged for."""
        self._line_counts[name][self.period][line] += amount

    def train(self, line: int, first: float, last: float) -> None:
        """Somebody is in training on a line from one day to another, the horizon at most."""
        bounds = self._plan.boundaries
        for period in range(self.period, self._plan.periods):
            days = min(last, bounds[period + 1]) - max(first, bounds[period])
            if days <= 0.0:
                return
            self._line_counts["trainee_days"][period][line] += days

    def under_way(self, line: int) -> None:
        """Somebody will still be in training, or on the way, on the horizon."""
        self._in_pipeline[line] += 1

    def in_post(self, role: Role, route: Route, fte: float) -> None:
        """A post gained (+) or lost (-) a permanent holder who came by a route."""
        if role in REGISTERED_ROLES:
            self._by_route[route] += fte

    def target(self, market: int) -> None:
        """A post is one of the council's own targets."""
        self._targets[market] += 1

    def target_held(self, market: int, change: float) -> None:
        """A target post gained (+1) or lost (-1) a permanent holder."""
        self._targets_held[market] += change

    def vacancy(self, record: VacancyRecord) -> None:
        """A vacancy ended in a start."""
        self._vacancies.append(record)

    def end_period(self) -> None:
        """Read the stocks at the end of the period."""
        p = self.period
        for name in STOCKS:
            self._stock[name][p] = list(self._level[name])
        self._above_stock[p] = list(self._above)
        self._targets_filled[p] = list(self._targets_held)
        self._by_route_stock[p] = list(self._by_route)

    def begin_period(self, period: int) -> None:
        """Open a period: levels count for its whole length until they change."""
        self.period = period
        bounds = self._plan.boundaries
        length = bounds[period + 1] - bounds[period]
        for name in STOCKS:
            self._days[name][period] = [level * length for level in self._level[name]]
        self._above_days[period] = [level * length for level in self._above]

    def records(self, cases: CaseRecords | None = None) -> Records:
        """All facts as arrays, with those about cases where there are any."""
        return Records(
            stocks={name: np.array(rows) for name, rows in self._stock.items()},
            fte_days={name: np.array(rows) for name, rows in self._days.items()},
            flows={name: np.array(rows) for name, rows in self._flows.items()},
            above_fte=np.array(self._above_stock),
            above_fte_days=np.array(self._above_days),
            paid_gbp=np.array(self._paid),
            recovered_gbp=np.array(self._recovered),
            line_counts={name: np.array(rows) for name, rows in self._line_counts.items()},
            in_pipeline=np.array(self._in_pipeline),
            inpost_by_route=np.array(self._by_route_stock),
            targets=np.array(self._targets),
            targets_filled=np.array(self._targets_filled),
            vacancies=np.array(self._vacancies, VACANCY_ROW),
            events=self.events + (cases.events if cases is not None else 0),
            cases=cases,
        )
