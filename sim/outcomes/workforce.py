"""Workforce indicators from Records, by team and month end, in the official definitions.

Trap: a post covered by agency is vacant. Turnover uses the stock at the year's end.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from sim.config.roles import REGISTERED_ROLES, Role
from sim.config.routes import Route
from sim.dates import next_month
from sim.engine.records import FLOWS, Array, Records
from sim.inputs.plan import HUNDREDTHS, SUPERNUMERARY_LINE, Plan
from sim.outcomes.indicators import INDEX, INDICATORS

Mask = np.ndarray[tuple[Any, ...], np.dtype[np.bool_]]

_STARTERS = tuple(name for name in FLOWS if name.startswith("starters_"))
_LEAVERS = ("leavers_out", "leavers_to_agency", "leavers_to_council", "leavers_contract_end")
_YEAR = 12


def turnover_rate(leavers_fte: Array, inpost_fte: Array) -> Array:
    """Leavers in the year / in post at its end (Department for Education)."""
    return ratio(leavers_fte, inpost_fte)


def vacancy_rate(vacancy_fte: Array, inpost_fte: Array) -> Array:
    """Vacant / (in post + vacant) (Department for Education)."""
    return ratio(vacancy_fte, inpost_fte + vacancy_fte)


def agency_rate(agency_fte: Array, inpost_fte: Array) -> Array:
    """Agency / (in post + agency) (Department for Education)."""
    return ratio(agency_fte, inpost_fte + agency_fte)


def cover_share(agency_cover_fte: Array, whole: Array) -> Array:
    """Agency covering vacancies / all agency, or / vacancies (Department for Education)."""
    return ratio(agency_cover_fte, whole)


def ratio(part: Array, whole: Array) -> Array:
    """Part / whole; nan where the whole is nothing."""
    result: Array = np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0)
    return result


def whole_hundredths(fte: Array) -> Array:
    """Sums of posts, of which every one is a whole number of hundredths of an FTE.

    What binary fractions add to such a sum, some 1e-13, is no part of a post; nor is a minus sign
    on nothing.
    """
    rounded: Array = np.rint(fte * HUNDREDTHS) / HUNDREDTHS + 0.0
    return rounded


def complete_months(plan: Plan) -> int:
    """Number of periods that end with a calendar month; a last, cut-off month is not one."""
    last = plan.period_dates[-1]
    whole = next_month(last.replace(day=1)).toordinal() == last.toordinal() + 1
    return plan.periods if whole else plan.periods - 1


def team_sums(plan: Plan, by_account: Array, keep: Mask) -> Array:
    """Sum accounts to teams.

    Args:
        plan: the plan whose accounts the columns are.
        by_account: shape (periods, accounts).
        keep: mask of accounts to count.

    Returns:
        Shape (1 + teams, periods): the council first, then its teams.
    """
    teams = np.array([account.team for account in plan.accounts])
    select = np.zeros((len(plan.accounts), 1 + len(plan.team_keys)))
    select[:, 0] = keep
    select[np.arange(len(teams)), 1 + teams] = keep
    return (by_account @ select).T


def team_fte(plan: Plan, by_account: Array, keep: Mask) -> Array:
    """FTE of accounts summed to teams, in whole hundredths; as `team_sums`."""
    return whole_hundredths(team_sums(plan, by_account, keep))


def with_council(by_team: Array) -> Array:
    """Teams with their sum before them, as in every table.

    Args:
        by_team: shape (periods, teams).

    Returns:
        Shape (1 + teams, periods).
    """
    return np.vstack([by_team.sum(axis=1), by_team.T])


def first_whole_month(plan: Plan) -> int:
    """Index of the first period that is a whole calendar month."""
    return 0 if plan.start_date.day == 1 else 1


def trailing_year(monthly: Array, first_whole: int) -> Array:
    """Sums over the 12 months to each; nan until the run holds 12 whole months.

    Args:
        monthly: shape (..., periods).
        first_whole: index of the first whole month.
    """
    result = np.full(monthly.shape, np.nan)
    whole = monthly[..., first_whole:]
    if whole.shape[-1] >= _YEAR:
        windows = sliding_window_view(whole, _YEAR, axis=-1)
        result[..., first_whole + _YEAR - 1 :] = windows.sum(axis=-1)
    return result


def measure_workforce(plan: Plan, records: Records, targets: Mapping[str, int]) -> Array:
    """The workforce indicators; those of money and of children's cases are left to be filled in.

    Args:
        plan: the plan of the run.
        records: its facts.
        targets: people still to recruit by role family, as the council said.

    Returns:
        Shape (indicators, 1 + teams, periods); nan where an indicator has no value.
    """
    table = np.full((len(INDICATORS), 1 + len(plan.team_keys), plan.periods), np.nan)
    role = [account.role for account in plan.accounts]
    line = np.array([account.line for account in plan.accounts])
    registered = np.array([r in REGISTERED_ROLES for r in role])
    existing = registered & (line <= SUPERNUMERARY_LINE)
    new = line > SUPERNUMERARY_LINE
    holders = np.array([r is Role.SOCIAL_WORKER for r in role])

    filled, covered, uncovered = (records.stocks[n] for n in ("filled", "covered", "uncovered"))
    posts = filled + covered + uncovered
    inpost = team_fte(plan, filled, registered)
    cover = team_fte(plan, covered, registered)
    empty = team_fte(plan, uncovered, registered)
    vacant = whole_hundredths(cover + empty)
    above = whole_hundredths(with_council(records.above_fte))
    agency = whole_hundredths(cover + above)

    first_whole = first_whole_month(plan)

    def year(names: tuple[str, ...]) -> Array:
        by_month = team_sums(plan, sum_of(records, names), registered)
        return whole_hundredths(trailing_year(by_month, first_whole))

    leavers = year(_LEAVERS)
    starters = team_sums(plan, sum_of(records, _STARTERS), registered)
    values = {
        "inpost_fte": inpost,
        "starters_fte": year(_STARTERS),
        "leavers_fte": leavers,
        "turnover_rate_fte": turnover_rate(leavers, inpost),
        "vacancy_fte": vacant,
        "vacancy_rate_fte": vacancy_rate(vacant, inpost),
        "agency_fte": agency,
        "agency_rate_fte": agency_rate(agency, inpost),
        "agency_cover_fte": cover,
        "agency_cover_rate_fte": cover_share(cover, agency),
        "vacancy_agency_cover_rate_fte": cover_share(cover, vacant),
        "case_holders_fte": whole_hundredths(team_sums(plan, filled + covered, holders) + above),
        "establishment_fte": whole_hundredths(inpost + vacant),
        "uncovered_vacancy_fte": empty,
        "uncovered_existing_posts_fte": team_fte(plan, uncovered, existing),
        "agency_above_establishment_fte": above,
        "existing_posts_inpost_fte": team_fte(plan, filled, existing),
        "funded_posts_fte": team_fte(plan, posts, registered & new),
        "funded_posts_all_roles_fte": team_fte(plan, posts, new),
        "inpost_all_roles_fte": team_fte(plan, filled, registered | new),
        "internal_moves_fte": year(("internal_in",)),
        "internal_moves_out_fte": year(("internal_out",)),
        "other_net_change_fte": year(("other_net_change",)),
        "starters_since_start_fte": whole_hundredths(np.cumsum(starters, axis=1)),
    }
    for name, value in values.items():
        table[INDEX[name]] = value
    table[INDEX["time_to_hire_days"]], table[INDEX["time_to_fill_days"]] = _times(
        plan, records, first_whole
    )
    _targets(plan, records, targets, table)
    return table


def sum_of(records: Records, names: tuple[str, ...]) -> Array:
    """Sum of several flows, shape (periods, accounts)."""
    total: Array = np.sum([records.flows[name] for name in names], axis=0)
    return total


def _times(plan: Plan, records: Records, first_whole: int) -> tuple[Array, Array]:
    """Mean days to offer and to start of the vacancies filled in each 12 months, by team.

    Starts from the market and newly qualified starts; conversions of agency staff make no offer.
    """
    shape = (1 + len(plan.team_keys), plan.periods)
    count, hire, fill = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    registered = np.array([account.role in REGISTERED_ROLES for account in plan.accounts])
    by_conversion = records.vacancies["route"] == Route.AGENCY_CONVERSION
    found = records.vacancies[registered[records.vacancies["account"]] & ~by_conversion]
    teams = 1 + np.array([account.team for account in plan.accounts])[found["account"]]
    periods = np.searchsorted(plan.boundaries, found["filled_day"], "right") - 1
    for rows in (np.zeros_like(teams), teams):
        np.add.at(count, (rows, periods), 1)
        np.add.at(hire, (rows, periods), found["offered_day"] - found["opened_day"])
        np.add.at(fill, (rows, periods), found["filled_day"] - found["opened_day"])
    n = trailing_year(count, first_whole)
    return ratio(trailing_year(hire, first_whole), n), ratio(trailing_year(fill, first_whole), n)


def _targets(plan: Plan, records: Records, targets: Mapping[str, int], table: Array) -> None:
    for index, market in enumerate(plan.markets):
        people = targets.get(market.name)
        posts = records.targets[index]
        if people is None or posts == 0:
            continue
        held = records.targets_filled[:, index]
        table[INDEX[f"target_{market.name}"], 0] = held / posts * people
        table[INDEX[f"target_all_{market.name}"], 0] = held >= posts
