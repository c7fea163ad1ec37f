"""What is recorded while a run goes on (sim.engine.records and case_records)."""

from __future__ import annotations

from sim.config.roles import REGISTERED_ROLES
from sim.engine.case_records import BAND_EDGES
from sim.engine.compiled.codes import STOCK_OF_STATE, TRAINEE_DAYS
from sim.engine.compiled.jit import World, compiled
from sim.engine.compiled.layout import (
    LEVELS,
    ROUTE_COUNT,
    STAGE_COUNT,
    account,
    account_month,
    case_,
    line_month,
    market_,
    month_,
    pipeline,
    route_level,
    route_month,
    stage_level,
    stage_month,
    target_month,
    team_,
    team_month,
    told,
)
from sim.engine.records import STOCKS

_LEVEL_COUNT, _STOCK_COUNT = len(LEVELS), len(STOCKS)
REGISTERED_COUNT = len(REGISTERED_ROLES)
"""Registered roles are the first of ROLES."""


@compiled
def shift(w: World, account_number: int, fte: float, old: int, new: int) -> None:
    """A post's FTE moves from one state to another."""
    left = w.period_end - w.now
    level = account(w, account_number).level
    days = account_month(w, w.period * w.accounts_count + account_number).days
    stock = STOCK_OF_STATE[old]
    if stock >= 0:
        level[stock] += -1.0 * fte
        days[stock] += -1.0 * fte * left
    stock = STOCK_OF_STATE[new]
    if stock >= 0:
        level[stock] += fte
        days[stock] += fte * left


@compiled
def shift_above(w: World, team: int, fte: float) -> None:
    """Agency above establishment changes by `fte`."""
    team_(w, team).above += fte
    left = w.period_end - w.now
    team_month(w, w.period * w.teams_count + team).above_days += fte * left


@compiled
def flow(w: World, what: int, account_number: int, fte: float) -> None:
    """`fte` flowed."""
    account_month(w, w.period * w.accounts_count + account_number).flows[what] += fte


@compiled
def pay(w: World, line: int, gbp: float) -> None:
    """A retention payment was made."""
    line_month(w, w.period * w.lines_count + line).paid += gbp


@compiled
def recover(w: World, line: int, gbp: float) -> None:
    """Part of a retention payment came back."""
    line_month(w, w.period * w.lines_count + line).recovered += gbp


@compiled
def count_line(w: World, what: int, line: int, amount: float) -> None:
    """A line did something that it is charged for."""
    line_month(w, w.period * w.lines_count + line).counts[what] += amount


@compiled
def train(w: World, line: int, first: float, last: float) -> None:
    """Somebody is in training on a line from one day to another, the horizon at most."""
    for period in range(w.period, w.periods):
        month = month_(w, period)
        days = min(last, month.end) - max(first, month.start)
        if days <= 0.0:
            return
        line_month(w, period * w.lines_count + line).counts[TRAINEE_DAYS] += days


@compiled
def under_way(w: World, line: int) -> None:
    """Somebody will still be in training, or on the way, on the horizon."""
    pipeline(w, line).value += 1.0


@compiled
def in_post(w: World, role: int, route: int, fte: float) -> None:
    """A post gained (+) or lost (-) a permanent holder who came by a route."""
    if role < REGISTERED_COUNT:
        route_level(w, route).value += fte


@compiled
def shift_level(w: World, what: int, team: int, change: float) -> None:
    """A stock of a team's changes."""
    team_(w, team).level[what] += change
    days = team_month(w, w.period * w.teams_count + team).days
    days[what] += change * (w.period_end - w.now)


@compiled
def case_flow(w: World, what: int, team: int, amount: float) -> None:
    """Something happened to children's cases."""
    team_month(w, w.period * w.teams_count + team).flows[what] += amount


@compiled
def shift_children(w: World, cell: int, change: float) -> None:
    """The number of children in a stage and team changes."""
    stage_level(w, cell).value += change
    month = stage_month(w, w.period * STAGE_COUNT * w.teams_count + cell)
    month.days += change * (w.period_end - w.now)


@compiled
def enter(w: World, cell: int, carried: bool) -> None:
    """A child enters a stage in a team; one of day 0 (`carried`) was there already."""
    w.case_events += 1
    stage_level(w, cell).value += 1.0
    month = stage_month(w, w.period * STAGE_COUNT * w.teams_count + cell)
    month.days += w.period_end - w.now
    if not carried:
        month.entries += 1.0


@compiled
def leave(w: World, cell: int) -> None:
    """A child leaves a stage in a team."""
    stage_level(w, cell).value -= 1.0
    month = stage_month(w, w.period * STAGE_COUNT * w.teams_count + cell)
    month.days -= w.period_end - w.now
    month.exits += 1.0


@compiled
def band(w: World, team: int, fte: float, children: int) -> None:
    """A social worker's caseload at the end of a period, as it would be recorded."""
    caseload = children * w.recording_ratio / fte
    place = 0
    for edge in BAND_EDGES:
        if caseload >= edge:
            place += 1
    team_month(w, w.period * w.teams_count + team).bands[place] += fte


@compiled
def end_period(w: World) -> None:
    """Read the stocks at the end of the period."""
    for number in range(w.accounts_count):
        month = account_month(w, w.period * w.accounts_count + number)
        for stock in range(_STOCK_COUNT):
            month.stock[stock] = account(w, number).level[stock]
    for number in range(w.teams_count):
        team = team_month(w, w.period * w.teams_count + number)
        team.above = team_(w, number).above
        for level in range(_LEVEL_COUNT):
            team.stock[level] = team_(w, number).level[level]
    for number in range(w.markets_count):
        filled = market_(w, number).targets_held
        target_month(w, w.period * w.markets_count + number).value = filled
    for number in range(ROUTE_COUNT):
        route_month(w, w.period * ROUTE_COUNT + number).value = route_level(w, number).value
    if w.casework:
        cells = STAGE_COUNT * w.teams_count
        for cell in range(cells):
            stage_month(w, w.period * cells + cell).stock = stage_level(w, cell).value


@compiled
def begin_period(w: World, period: int) -> None:
    """Open a period: levels count for its whole length until they change."""
    w.period = period
    w.period_end = month_(w, period).end
    length = w.period_end - month_(w, period).start
    for number in range(w.accounts_count):
        month = account_month(w, period * w.accounts_count + number)
        for stock in range(_STOCK_COUNT):
            month.days[stock] = account(w, number).level[stock] * length
    for number in range(w.teams_count):
        team = team_month(w, period * w.teams_count + number)
        team.above_days = team_(w, number).above * length
        for level in range(_LEVEL_COUNT):
            team.days[level] = team_(w, number).level[level] * length
    cells = STAGE_COUNT * w.teams_count
    for cell in range(cells):
        stage_month(w, period * cells + cell).days = stage_level(w, cell).value * length


# -- the trace ------------------------------------------------------------------------------------


@compiled
def tell(
    w: World, what: int, team: int, post: int, kind: int, number: int, detail: int, value: int
) -> None:
    """Count an event and, where someone listens, tell it with names."""
    w.logical_events += 1
    if w.is_traced:
        _note(w, what, team, post, kind, number, detail, value)


@compiled
def tell_case(
    w: World, what: int, case: int, team: int, kind: int, number: int, detail: int, value: int
) -> None:
    """Tell an event of a child's case, where someone listens."""
    if w.is_traced:
        _note(w, what, team, -1, kind, number, detail, value)
        told(w, w.told_count - 1).child = case_(w, case).number


@compiled
def _note(
    w: World, what: int, team: int, post: int, kind: int, number: int, detail: int, value: int
) -> None:
    if w.told_count >= w.told_room:
        raise OverflowError("told")
    line = told(w, w.told_count)
    w.told_count += 1
    line.day = w.now
    line.amount = 0.0
    line.what, line.team, line.post = what, team, post
    line.kind, line.number, line.other = kind, number, 0
    line.detail, line.value, line.child = detail, value, -1
