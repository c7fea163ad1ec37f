"""What does not fit together in a council's file: warnings with the size of the gap, no failures.

Each threshold lets nine councils of ten of the tables of 2021 pass.
"""

from __future__ import annotations

from collections.abc import Iterator

from sim.config.casework import Casework
from sim.config.council import Council
from sim.config.england import England
from sim.config.made import YearBefore
from sim.config.roles import Role

STAFF_APART = 0.10
"""Share of staff by which stock and flows may disagree in a year."""
GROWTH_APART = 0.05
"""Share of staff by which starters less leavers may pass the growth of posts, or fall short."""
CASES_PER_CHILD = (0.55, 1.30)
"""Cases that are recorded for each open child."""
STAY_YEARS = (0.60, 2.20)
"""Open children over children whose episodes ended in a year."""
EPISODES_APART = 0.15
"""Share by which referrals that lead to an episode may differ from episodes started."""
PLAN_YEARS = (0.60, 0.95)
"""Plans open over plans begun in a year."""
NEW_PLANS = (0.60, 1.30)
"""Plans open for three months at most, times four, over plans begun in a year."""


def gaps(council: Council, england: England) -> Iterator[str]:
    """Every gap, in a sentence with its size.

    Args:
        council: the council.
        england: prices to hold its own against.
    """
    yield from _staff(council)
    yield from _prices(council, england)
    if council.casework is not None:
        yield from _children(council, council.casework)


def _staff(council: Council) -> Iterator[str]:
    before, now = council.year_before, council.totals.central.inpost_fte
    expected = _expected(before) if before is not None else None
    if expected is not None and abs(now - expected) > STAFF_APART * now:
        yield (
            f"staff of the year before plus starters less leavers are {expected:.1f} FTE, in post"
            f" are {now:.1f}: {now - expected:+.1f} FTE not explained"
        )
    growth, staffing = before.posts_growth if before else 0.0, council.staffing
    if growth is None:
        return
    net = staffing.starters_fte_per_year.central / now - staffing.leaving_rate.central
    if abs(net - growth) > GROWTH_APART:
        yield (
            f"starters less leavers would change staff by {net:+.1%} a year, posts grow by"
            f" {growth:+.1%}: {(net - growth) * now:+.1f} FTE a year apart"
        )


def _expected(before: YearBefore) -> float | None:
    """Staff in post by the flows of the year; None where one of them is not published."""
    stock, starters, leavers = (
        before.inpost_fte_a_year_before,
        before.starters_fte,
        before.leavers_fte,
    )
    if stock is None or starters is None or leavers is None:
        return None
    return stock + starters - leavers


def _prices(council: Council, england: England) -> Iterator[str]:
    for role, cost in council.money.unit_cost.items():
        usual = england.money.unit_cost[role]
        if not usual.low <= cost.central <= usual.high:
            yield (
                f"money.unit_cost.{role.value} £{cost.central:,.0f} is outside the national"
                f" £{usual.low:,.0f} to £{usual.high:,.0f}: {cost.central / usual.central - 1:+.0%}"
            )
    costs = council.money.unit_cost
    worker, manager = costs[Role.SOCIAL_WORKER].central, costs[Role.TEAM_MANAGER].central
    if manager < worker:
        yield (
            f"a team manager at £{manager:,.0f} costs £{worker - manager:,.0f} less than a social"
            " worker"
        )


def _children(council: Council, casework: Casework) -> Iterator[str]:
    stocks, before = casework.stocks, council.year_before
    holders = council.totals.central.case_holders_fte
    open_now = stocks.children_on_plans + stocks.children_in_care + stocks.other_children_in_need
    cases = casework.caseload_fte * holders
    if open_now and not CASES_PER_CHILD[0] <= cases / open_now <= CASES_PER_CHILD[1]:
        yield (
            f"{holders:.1f} case holders with {casework.caseload_fte:g} cases hold {cases:,.0f},"
            f" open children are {open_now:,.0f}: {cases - open_now:+,.0f},"
            f" {cases / open_now:.2f} for each"
        )
    if before is not None:
        yield from _demand(casework, before, open_now)
        yield from _plans(stocks.children_on_plans, before)


def _demand(casework: Casework, before: YearBefore, open_now: float) -> Iterator[str]:
    flows = casework.flows
    go_on = 1 - flows.no_further_action_share.central - flows.not_in_need_share.central
    expected = casework.demand.referrals_per_year.central * go_on
    begun, ended = before.episodes_started, before.episodes_ended
    if begun and abs(expected / begun - 1) > EPISODES_APART:
        yield (
            f"referrals that go on would start {expected:,.0f} episodes a year, {begun:,.0f} were"
            f" started: {expected / begun - 1:+.0%}"
        )
    if ended and not STAY_YEARS[0] <= open_now / ended <= STAY_YEARS[1]:
        yield (
            f"{open_now:,.0f} open children and {ended:,.0f} episodes ended in a year make a stay"
            f" of {open_now / ended:.1f} years; others have {STAY_YEARS[0]} to {STAY_YEARS[1]}"
        )


def _plans(open_plans: float, before: YearBefore) -> Iterator[str]:
    begun = before.plans_started
    if not begun:
        return
    if not PLAN_YEARS[0] <= open_plans / begun <= PLAN_YEARS[1]:
        yield (
            f"{open_plans:,.0f} plans open and {begun:,.0f} begun in a year make a plan of"
            f" {12 * open_plans / begun:.1f} months; others have {12 * PLAN_YEARS[0]:.1f} to"
            f" {12 * PLAN_YEARS[1]:.1f}"
        )
    young = before.plans_by_length.get("3_months_or_less")
    if young is not None and not NEW_PLANS[0] <= 4 * young / begun <= NEW_PLANS[1]:
        yield (
            f"{young:,.0f} plans are three months old at most, {4 * young:,.0f} a year;"
            f" {begun:,.0f} were begun: {4 * young / begun - 1:+.0%}"
        )
