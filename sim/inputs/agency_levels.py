"""The level of agency staff in each year of a draw: a pair of one council and one year.

Grade A: on the record to 2021, pairs taken so foretell cover and agency rate better than last
year's figures or than either of the two drawn apart (docs/calibration.md).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

from sim.config.council import Council
from sim.config.totals import DayTotals
from sim.inputs.draws import CENTRAL_DRAW, uniform, year_variation
from sim.published.agency import (
    LAST_YEAR,
    OWN_COUNCIL,
    AgencyPair,
    AgencyRecord,
    agency_record,
    last_census,
    pair_of,
)
from sim.published.record import Record

Pairs = tuple[AgencyPair, ...]


def pair_of_day_0(totals: DayTotals, year: int) -> AgencyPair:
    """The council's own pair on day 0; where nothing is vacant nothing is covered."""
    agency = totals.covered_fte + totals.above_fte
    if totals.vacancy_fte <= 0.0:
        return AgencyPair(year, 0.0, agency / totals.inpost_fte)
    return pair_of(year, totals.inpost_fte, totals.vacancy_fte, agency, totals.covered_fte)


def published_agency(council: Council, record: Record) -> AgencyRecord:
    """What a council's agency levels are taken from: published by its day 0."""
    totals = council.totals.central
    agency = totals.covered_fte + totals.above_fte
    rate = agency / (agency + totals.inpost_fte)
    return agency_record(record, council.code, last_census(council.totals_date), rate)


def agency_levels(
    record: AgencyRecord, day_0: AgencyPair, years: int, sd: float, seed: int, draw: int
) -> Pairs:
    """The pair of each year of a run: that of day 0 throughout the central draw.

    A draw follows one council: the council itself, or one of those nearest in agency rate. Each
    year it takes a whole pair of that council. The share of vacancies covered varies besides,
    unless none or all are.

    Args:
        record: the pairs of the council's earlier years and of the others.
        day_0: the council's own last pair.
        years: how many.
        sd: standard deviation of what is added to a share of vacancies covered.
        seed: of the study.
        draw: its number; with the seed it keys the random numbers, so that more years change none
            of the years before.
    """
    if draw == CENTRAL_DRAW:
        return (day_0,) * years
    pairs = _followed(record, day_0, seed, draw)
    noise = year_variation(seed, draw, "agency_cover", years)
    return tuple(_varied(_taken(pairs, seed, draw, y), sd * noise[y]) for y in range(years))


def _followed(record: AgencyRecord, day_0: AgencyPair, seed: int, draw: int) -> Pairs:
    """The last pairs, oldest first, of the council that a draw follows."""
    if not record.like or uniform(seed, draw, "agency follows the council itself") < OWN_COUNCIL:
        return (*record.own, day_0)
    return record.like[int(uniform(seed, draw, "agency follows another") * len(record.like))]


def _taken(pairs: Pairs, seed: int, draw: int, year: int) -> AgencyPair:
    if uniform(seed, draw, f"year {year} agency is as last") < LAST_YEAR:
        return pairs[-1]
    return pairs[int(uniform(seed, draw, f"year {year} agency is as in a year") * len(pairs))]


def _varied(pair: AgencyPair, change: float) -> AgencyPair:
    if not 0.0 < pair.covered < 1.0:
        return pair
    return replace(pair, covered=min(1.0, max(0.0, pair.covered + change)))


def people_above(
    totals: DayTotals, levels: Sequence[AgencyPair], changes: Sequence[float]
) -> tuple[int, ...]:
    """By year: whole agency staff above establishment who hold cases.

    Args:
        totals: of day 0.
        levels: the pair of each year.
        changes: FTE of the council's own posts that come (+) or go (-) in each year.
    """
    day_0 = totals.inpost_fte + totals.vacancy_fte
    # Figures are of tenths: what is beyond a millionth is rounding, and must turn no half.
    return tuple(
        round(round(totals.agency_with_cases * pair.above * max(0.0, day_0 + change), 6))
        for pair, change in zip(levels, itertools.accumulate(changes), strict=True)
    )


def share_in_team(mine: float, whole: float, level: float) -> float:
    """A team's share of vacancies covered at a council's level.

    Below the council's share of day 0 all teams lose cover in proportion; above it, uncovered
    vacancies are covered in proportion. So the mean over day 0's vacancies is the level, and none
    and all stay none and all.

    Args:
        mine: share covered in the team on day 0.
        whole: the same in the council.
        level: the council's in the year.
    """
    if level == whole:
        return mine
    if level < whole:
        return mine * level / whole
    return 1.0 - (1.0 - mine) * (1.0 - level) / (1.0 - whole)
