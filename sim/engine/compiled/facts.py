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
def shift(w: World, account_number: int, hundredths: int, old: int, new: int) -> None:
    """Hundredths of a post move from one state to another."""
    one = account(w, account_number)
    days = account_month(w, w.period * w.accounts_count + account_number).days
    stock = STOCK_OF_STATE[old]
    if stock >= 0:
        days[stock] += one.level[stock] * (w.now - one.since[stock])
        one.since[stock] = w.now
        one.level[stock] -= hundredths
    stock = STOCK_OF_STATE[new]
    if stock >= 0:
        days[stock] += one.level[stock] * (w.now - one.since[stock])
        one.since[stock] = w.now
        one.level[stock] += hundredths


@compiled
def shift_above(w: World, team_number: int, hundredths: int) -> None:
    """Agency above establishment changes."""
    team = team_(w, team_number)
    month = team_month(w, w.period * w.teams_count + team_number)
    month.above_days += team.above * (w.now - team.above_since)
    team.above_since = w.now
    team.above += hundredths


@compiled
def flow(w: World, what: int, account_number: int, hundredths: int) -> None:
    """Hundredths of an FTE flowed."""
    account_month(w, w.period * w.accounts_count + account_number).flows[what] += hundredths


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
def in_post(w: World, role: int, route: int, hundredths: int) -> None:
    """A post gained (+) or lost (-) a permanent holder who came by a route."""
    if role < REGISTERED_COUNT:
        route_level(w, route).value += hundredths


@compiled
def shift_level(w: World, what: int, team_number: int, change: float) -> None:
    """A stock of a team's changes."""
    team = team_(w, team_number)
    days = team_month(w, w.period * w.teams_count + team_number).days
    days[what] += team.level[what] * (w.now - team.since[what])
    team.since[what] = w.now
    team.level[what] += change


@compiled
def case_flow(w: World, what: int, team: int, amount: float) -> None:
    """Something happened to children's cases."""
    team_month(w, w.period * w.teams_count + team).flows[what] += amount


@compiled
def shift_children(w: World, cell: int, change: float) -> None:
    """The number of children in a stage and team changes."""
    level = stage_level(w, cell)
    month = stage_month(w, w.period * STAGE_COUNT * w.teams_count + cell)
    month.days += level.value * (w.now - level.since)
    level.since = w.now
    level.value += change


@compiled
def enter(w: World, cell: int, carried: bool) -> None:
    """A child enters a stage in a team; one of day 0 (`carried`) was there already."""
    w.case_events += 1
    shift_children(w, cell, 1.0)
    if not carried:
        stage_month(w, w.period * STAGE_COUNT * w.teams_count + cell).entries += 1.0


@compiled
def leave(w: World, cell: int) -> None:
    """A child leaves a stage in a team."""
    shift_children(w, cell, -1.0)
    stage_month(w, w.period * STAGE_COUNT * w.teams_count + cell).exits += 1.0


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
    """Read the stocks, and their integrals, at the end of the period."""
    for number in range(w.accounts_count):
        one, month = account(w, number), account_month(w, w.period * w.accounts_count + number)
        for stock in range(_STOCK_COUNT):
            month.days[stock] += one.level[stock] * (w.period_end - one.since[stock])
            month.stock[stock] = one.level[stock]
    for number in range(w.teams_count):
        team, of_team = team_(w, number), team_month(w, w.period * w.teams_count + number)
        of_team.above_days += team.above * (w.period_end - team.above_since)
        of_team.above = team.above
        for level in range(_LEVEL_COUNT):
            of_team.days[level] += team.level[level] * (w.period_end - team.since[level])
            of_team.stock[level] = team.level[level]
    for number in range(w.markets_count):
        filled = market_(w, number).targets_held
        target_month(w, w.period * w.markets_count + number).value = filled
    for number in range(ROUTE_COUNT):
        route_month(w, w.period * ROUTE_COUNT + number).value = route_level(w, number).value
    if w.casework:
        cells = STAGE_COUNT * w.teams_count
        for cell in range(cells):
            children, of_cell = stage_level(w, cell), stage_month(w, w.period * cells + cell)
            of_cell.days += children.value * (w.period_end - children.since)
            of_cell.stock = children.value


@compiled
def begin_period(w: World, period: int) -> None:
    """Open a period."""
    w.period = period
    w.period_end = month_(w, period).end
    start = month_(w, period).start
    for number in range(w.accounts_count):
        for stock in range(_STOCK_COUNT):
            account(w, number).since[stock] = start
    for number in range(w.teams_count):
        team = team_(w, number)
        team.above_since = start
        for level in range(_LEVEL_COUNT):
            team.since[level] = start
    if w.casework:
        for cell in range(STAGE_COUNT * w.teams_count):
            stage_level(w, cell).since = start


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
