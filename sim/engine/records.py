"""Records: the facts of one run, by period and account. Rates belong to outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, get_type_hints

import numpy as np

from sim.config.roles import REGISTERED_ROLES, Role
from sim.config.routes import Route
from sim.inputs.plan import EXITS, HUNDREDTHS, Plan
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


_STOCK_OF_STATE = {
    PostState.FILLED: "filled",
    PostState.COVERED: "covered",
    PostState.UNCOVERED: "uncovered",
}


class Level:
    """A stock by cell, its value at the end of each period, and its integral over each.

    Changes are whole numbers, or numbers of which sums are exact, so that a stock is 0 where
    nothing is. What was there is added up as time goes on: so is the integral, and it is never
    less.
    """

    __slots__ = ("_days_now", "days", "level", "since", "stock")

    def __init__(self, periods: int, cells: int) -> None:
        self.level = [0.0] * cells
        self.since = [0.0] * cells
        self.days = [[0.0] * cells for _ in range(periods)]
        self.stock = [[0.0] * cells for _ in range(periods)]
        self._days_now = self.days[0]

    def shift(self, cell: int, change: float, now: float) -> None:
        """The stock of a cell changes."""
        self._days_now[cell] += self.level[cell] * (now - self.since[cell])
        self.since[cell] = now
        self.level[cell] += change

    def end_period(self, period: int, end: float) -> None:
        """Read the stock, and its integral to the end."""
        for cell in range(len(self.level)):
            self.shift(cell, 0.0, end)
        self.stock[period] = list(self.level)

    def begin_period(self, period: int, start: float) -> None:
        """Open a period."""
        self._days_now = self.days[period]
        self.since = [start] * len(self.level)


def to_fte(hundredths: list[list[float]]) -> Array:
    """FTE of what was counted in hundredths."""
    return np.array(hundredths) / HUNDREDTHS


class Recorder:
    """Counts facts while a run goes on, FTE in whole hundredths: they add up exactly."""

    def __init__(self, plan: Plan) -> None:
        periods, accounts = plan.periods, len(plan.accounts)
        self._plan = plan
        self.stocks = {name: Level(periods, accounts) for name in STOCKS}
        self._flows = {name: [[0.0] * accounts for _ in range(periods)] for name in FLOWS}
        self.above = Level(periods, len(plan.team_keys))
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

    def shift(
        self, now: float, account: int, hundredths: int, old: PostState, new: PostState
    ) -> None:
        """Hundredths of a post move from one state to another."""
        for state, change in ((old, -hundredths), (new, hundredths)):
            name = _STOCK_OF_STATE.get(state)
            if name is not None:
                self.stocks[name].shift(account, change, now)

    def shift_above(self, now: float, team: int, hundredths: int) -> None:
        """Agency above establishment changes."""
        self.above.shift(team, hundredths, now)

    def flow(self, name: str, account: int, hundredths: int) -> None:
        """Hundredths of an FTE flowed."""
        self._flows[name][self.period][account] += hundredths

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

    def in_post(self, role: Role, route: Route, hundredths: int) -> None:
        """A post gained (+) or lost (-) a permanent holder who came by a route."""
        if role in REGISTERED_ROLES:
            self._by_route[route] += hundredths

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
        for level in (*self.stocks.values(), self.above):
            level.end_period(p, self._plan.boundaries[p + 1])
        self._targets_filled[p] = list(self._targets_held)
        self._by_route_stock[p] = list(self._by_route)

    def begin_period(self, period: int) -> None:
        """Open a period."""
        self.period = period
        for level in (*self.stocks.values(), self.above):
            level.begin_period(period, self._plan.boundaries[period])

    def records(self, cases: CaseRecords | None = None) -> Records:
        """All facts as arrays, with those about cases where there are any."""
        return Records(
            stocks={name: to_fte(level.stock) for name, level in self.stocks.items()},
            fte_days={name: to_fte(level.days) for name, level in self.stocks.items()},
            flows={name: to_fte(rows) for name, rows in self._flows.items()},
            above_fte=to_fte(self.above.stock),
            above_fte_days=to_fte(self.above.days),
            paid_gbp=np.array(self._paid),
            recovered_gbp=np.array(self._recovered),
            line_counts={name: np.array(rows) for name, rows in self._line_counts.items()},
            in_pipeline=np.array(self._in_pipeline),
            inpost_by_route=to_fte(self._by_route_stock),
            targets=np.array(self._targets),
            targets_filled=np.array(self._targets_filled),
            vacancies=np.array(self._vacancies, VACANCY_ROW),
            events=self.events + (cases.events if cases is not None else 0),
            cases=cases,
        )
