"""What the yearly recipe is estimated from: every council's record up to a year."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from itertools import pairwise
from statistics import median

from sim.published.agency import LIKE_COUNCILS
from sim.published.estimates import (
    OWN_YEARS,
    SCALE_OF_T4,
    Flow,
    History,
    Level,
    Spread,
    flow_histories,
    growth_of,
    level_of,
    posts_histories,
    posts_noise,
    posts_of_england,
    spread_of,
    usual_vacancy_rate,
)
from sim.published.fixed import fixed
from sim.published.recipe import AgencyYear, Recipe, Start
from sim.published.record import Council, Record


def recipe_of(record: Record, year: int) -> Recipe:
    """The recipe and every council's start, from the record up to a year.

    Args:
        record: what is published; nothing after `year` is used.
        year: the census from which councils go on.
    """
    record = record.up_to(year)
    leavers = flow_histories(record, "leavers_fte", year)
    starters = flow_histories(record, "starters_fte", year)
    caseloads = {c: _caseloads(record, c) for c in record.councils(year)}
    leaving, joining = spread_of(list(leavers.values())), spread_of(list(starters.values()))
    loads = spread_of(list(caseloads.values()))
    posts = posts_histories(record, year)
    agency = {council: _agency_years(record, council) for council in posts}
    rates = _agency_rates(record, posts, year)
    starts = {
        council: Start(
            own[year],
            level_of(leaving, leavers[council]),
            level_of(joining, starters[council]),
            agency[council],
            _like(rates, agency, council),
            record.figure(council, "agency_fte", year).value,
            *_caseload_start(loads, caseloads[council], year),
        )
        for council, own in posts.items()
        if year in own
    }
    every = list(posts.values())
    return Recipe(
        year,
        math.sqrt(leaving.within),
        math.sqrt(joining.within),
        growth_of(posts_of_england(record, year)),
        posts_noise(every, float(fixed().pull_on_posts)),
        usual_vacancy_rate(every),
        _children_scale(record, year),
        starts,
    )


# Agency staff -----------------------------------------------------------------------------


def _agency_years(record: Record, council: Council) -> tuple[AgencyYear, ...]:
    """A council's last years with vacancies and published agency staff, oldest first."""
    columns = ("inpost_fte", "vacancy_fte", "agency_cover_fte", "agency_fte")
    found = []
    for row in zip(*(record.series(council, column) for column in columns), strict=True):
        values = [figure.value for figure in row]
        if None in values:
            continue
        staff, vacant, covering, every = (value or 0.0 for value in values)
        if vacant > 0:
            above = max(0.0, every - covering) / (staff + vacant)
            found.append(AgencyYear(min(1.0, covering / vacant), above))
    return tuple(found[-OWN_YEARS:])


def _agency_rates(record: Record, councils: Iterable[Council], year: int) -> dict[Council, float]:
    """The published agency rate of a year, by council that has one."""
    rates = {c: record.figure(c, "agency_rate_fte", year).value for c in councils}
    return {council: rate for council, rate in rates.items() if rate is not None}


def _like(
    rates: Mapping[Council, float], agency: Mapping[Council, tuple[AgencyYear, ...]], own: Council
) -> tuple[tuple[AgencyYear, ...], ...]:
    """Agency years of the councils nearest in agency rate; of any where its own is hidden."""
    others = [c for c in rates if c is not own and agency[c]]
    if own in rates:
        others.sort(key=lambda c: (abs(rates[c] - rates[own]), c.code))
        others = others[:LIKE_COUNCILS]
    return tuple(agency[c] for c in others)


# Caseload ---------------------------------------------------------------------------------


def _caseloads(record: Record, council: Council) -> History:
    """Cases by case holder, by year."""
    cases, holders = (record.series(council, name) for name in ("cases", "case_holders_fte"))
    return {
        case.end.year: Flow(case.value, holder.value)
        for case, holder in zip(cases, holders, strict=True)
        if case.value and holder.value
    }


def _caseload_start(spread: Spread, own: History, year: int) -> tuple[Level | None, float]:
    """The level, England's last year its centre, and the last year's deviation from it."""
    if year not in own:
        return None, 0.0
    level = level_of(spread, own)
    last = sorted(spread.medians)[-OWN_YEARS:]
    moved = spread.medians[year] - math.fsum(spread.medians[each] for each in last) / len(last)
    now = Level(level.mean + moved, level.sd, level.weight)
    return now, own[year].log_rate - now.mean


def _children_scale(record: Record, year: int) -> float:
    """Scale of the yearly change of children in need on 31 March: England's median taken off."""
    changes: dict[int, list[float]] = {}
    for council in record.councils(year):
        series = record.series(council, "At31_episodes")
        for before, after in pairwise(series):
            if before.value and after.value:
                change = math.log(after.value / before.value)
                changes.setdefault(after.end.year, []).append(change)
    every = [abs(each - median(own)) for own in changes.values() for each in own]
    return SCALE_OF_T4 * median(every) if every else 0.0
