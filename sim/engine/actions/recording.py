"""What is recorded while a run goes on (sim.engine.records and case_records).

FTE is counted in whole hundredths, which add up exactly. What was there is added up as time goes
on: so is an integral, and it is never less.
"""

from __future__ import annotations

from sim.engine.case_records import BAND_EDGES
from sim.engine.codes import STOCK_OF_STATE, TRAINEE_DAYS
from sim.engine.events import Event, Person
from sim.engine.layout import (
    LEVELS,
    REGISTERED_COUNT,
    ROLE_COUNT,
    ROUTE_COUNT,
    STAGE_COUNT,
    Account,
    Case,
    Post,
    Role,
    StageTeam,
    Team,
    World,
)
from sim.engine.records import STOCKS
from sim.engine.rows import Maybe
from sim.engine.simpy.kernel import add

LEVEL_COUNT, STOCK_COUNT = len(LEVELS), len(STOCKS)

# -- posts and money ------------------------------------------------------------------------------


def shift(w: World, account: Account, hundredths: int, old: int, new: int) -> None:
    """Hundredths of a post move from one state to another."""
    stock = STOCK_OF_STATE[old]
    if stock >= 0:
        add_up(w, account, stock)
        account.level[stock] -= hundredths
    stock = STOCK_OF_STATE[new]
    if stock >= 0:
        add_up(w, account, stock)
        account.level[stock] += hundredths


def add_up(w: World, account: Account, stock: int) -> None:
    """Add what has been there since the last change to a stock's integral."""
    account.month.days[stock] += account.level[stock] * (w.now - account.since[stock])
    account.since[stock] = w.now


def shift_over_establishment(w: World, team: Team, hundredths: int) -> None:
    """Agency above establishment changes."""
    team.month.above_days += team.above * (w.now - team.above_since)
    team.above_since = w.now
    team.above += hundredths


def flow(what: int, account: Account, hundredths: int) -> None:
    """Hundredths of an FTE flowed."""
    account.month.flows[what] += hundredths


def pay(w: World, line: int, gbp: float) -> None:
    """A retention payment was made."""
    w.line_months[w.period * len(w.pipeline) + line].paid += gbp


def recover(w: World, line: int, gbp: float) -> None:
    """Part of a retention payment came back."""
    w.line_months[w.period * len(w.pipeline) + line].recovered += gbp


def count_line(w: World, what: int, line: int, amount: float) -> None:
    """A line did something that it is charged for."""
    w.line_months[w.period * len(w.pipeline) + line].counts[what] += amount


def train(w: World, line: int, first: float, last: float) -> None:
    """Somebody is in training on a line from one day to another, the horizon at most."""
    for period in range(w.period, w.periods):
        month = w.months[period]
        days = min(last, month.end) - max(first, month.start)
        if days <= 0.0:
            return
        w.line_months[period * len(w.pipeline) + line].counts[TRAINEE_DAYS] += days


def under_way(w: World, line: int) -> None:
    """Somebody will still be in training, or on the way, on the horizon."""
    w.pipeline[line].value += 1.0


def in_post(w: World, role: Role, route: int, hundredths: int) -> None:
    """A post gained (+) or lost (-) a permanent holder who came by a route."""
    if role.number < REGISTERED_COUNT:
        w.route_levels[route].value += hundredths


# -- children's cases -----------------------------------------------------------------------------


def shift_level(w: World, what: int, team: Team, change: float) -> None:
    """A stock of a team's changes."""
    team.month.days[what] += team.level[what] * (w.now - team.since[what])
    team.since[what] = w.now
    team.level[what] += change


def case_flow(what: int, team: Team, amount: float) -> None:
    """Something happened to children's cases."""
    team.month.flows[what] += amount


def stage_team(w: World, stage: int, team: Team) -> StageTeam:
    """The children of a stage in a team."""
    return w.stage_teams[stage * len(w.teams) + team.number]


def shift_children(w: World, children: StageTeam, change: float) -> None:
    """The number of children in a stage and team changes."""
    children.month.days += children.level * (w.now - children.since)
    children.since = w.now
    children.level += change


def enter(w: World, children: StageTeam, carried: bool) -> None:
    """A child enters a stage in a team; one of day 0 (`carried`) was there already."""
    w.case_events += 1
    shift_children(w, children, 1.0)
    if not carried:
        children.month.entries += 1.0


def leave(w: World, children: StageTeam) -> None:
    """A child leaves a stage in a team."""
    shift_children(w, children, -1.0)
    children.month.exits += 1.0


def band(w: World, team: Team, fte: float, children: int) -> None:
    """A social worker's caseload at the end of a period, as it would be recorded."""
    caseload = children * w.recording_ratio / fte
    place = 0
    for edge in BAND_EDGES:
        if caseload >= edge:
            place += 1
    team.month.bands[place] += fte


# -- months ---------------------------------------------------------------------------------------


def end_period(w: World) -> None:
    """Read the stocks, and their integrals, at the end of the period."""
    for account in w.accounts:
        for stock in range(STOCK_COUNT):
            add_up(w, account, stock)
            account.month.stock[stock] = account.level[stock]
    for team in w.teams:
        shift_over_establishment(w, team, 0)
        team.month.above = team.above
        for level in range(LEVEL_COUNT):
            shift_level(w, level, team, 0.0)
            team.month.stock[level] = team.level[level]
    for market in w.markets:
        w.target_months[w.period * len(w.markets) + market.number].value = market.targets_held
    for route in range(ROUTE_COUNT):
        w.route_months[w.period * ROUTE_COUNT + route].value = w.route_levels[route].value
    for children in w.stage_teams:
        shift_children(w, children, 0.0)
        children.month.stock = children.level


def begin_period(w: World, period: int) -> None:
    """Open a period."""
    month = w.months[period]
    w.period, w.month, w.period_end = period, month, month.end
    for account in w.accounts:
        account.month = w.account_months[period * len(w.accounts) + account.number]
        for stock in range(STOCK_COUNT):
            account.since[stock] = month.start
    for team in w.teams:
        team.month = w.team_months[period * len(w.teams) + team.number]
        team.above_since = month.start
        for level in range(LEVEL_COUNT):
            team.since[level] = month.start
    first = period * STAGE_COUNT * len(w.teams)
    for number in range(len(w.stage_teams)):
        children = w.stage_teams[number]
        children.month = w.stage_months[first + number]
        children.since = month.start
    for cell in w.cells:
        cell.month = w.cell_months[period * len(w.teams) * ROLE_COUNT + cell.number]
    for market in w.markets:
        years = w.market_years[month.rates.number * len(w.markets) + market.number]
        market.year_multiplier = years.value


# -- the trace ------------------------------------------------------------------------------------


def new_person(w: World) -> int:
    """A number for somebody who is met for the first time; it is theirs for good."""
    w.people += 1
    return w.people


def record_event(
    w: World, what: int, post: Maybe[Post], kind: int, person: int, value: int
) -> None:
    """Count an event and, where someone listens, note it."""
    w.events += 1
    if w.is_traced:
        if post is None:
            note(w, what, -1, -1, kind, person, value)
        else:
            note(w, what, post.team.number, post.number, kind, person, value)


def record_post_event(w: World, what: int, post: Post) -> None:
    """An event of a post alone."""
    record_event(w, what, post, Person.NOBODY, 0, 0)


def record_team_event(w: World, what: int, team: Team, person: int) -> None:
    """An event of agency staff of a team."""
    w.events += 1
    if w.is_traced:
        note(w, what, team.number, -1, Person.AGENCY_WORKER, person, 0)


def record_hours_cut(w: World, post: Post, fte: float) -> None:
    """A post's hours were cut by some FTE."""
    record_post_event(w, Event.HOURS_CUT, post)
    if w.is_traced:
        w.told[len(w.told) - 1].amount = fte


def record_case_event(
    w: World, what: int, case: Case, team: Team, kind: int, person: int, value: int
) -> None:
    """Note an event of a child's case, where someone listens."""
    if w.is_traced:
        note(w, what, team.number, -1, kind, person, value)
        w.told[len(w.told) - 1].child = case.number


def record_managers(
    w: World, what: int, team: Maybe[Team], kind: int, person: int, value: int
) -> None:
    """Something that managers decide, for a team or for all."""
    w.events += 1
    if w.is_traced:
        number = -1 if team is None else team.number
        note(w, what, number, -1, kind, person, value)


def note(w: World, what: int, team: int, post: int, kind: int, person: int, value: int) -> None:
    """A line of the trace."""
    line = add(w, w.told)
    line.day, line.what, line.team, line.post = w.now, what, team, post
    line.kind, line.person, line.value, line.child = kind, person, value, -1
