"""Agency staff on the record: pairs of a year, and the councils nearest in agency rate.

How much of its vacancies a council covers and how many agency staff it has above establishment
trade against each other, so the two are kept as a pair of one council and year.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from sim.published.estimates import FEWEST_STAFF
from sim.published.record import Council, Record
from sim.published.tables import CENSUS

LIKE_COUNCILS = 40
"""How many councils, those nearest in agency rate, a draw may follow."""
LAST_YEARS = 3
"""How many of a council's last years a pair is taken from."""
OWN_COUNCIL, LAST_YEAR = 0.5, 0.5
"""Probability that a draw follows the council itself, and that a year is like the last one of the
council followed rather than any of its last years."""


@dataclass(frozen=True)
class AgencyPair:
    """Agency staff of one council at one census.

    Attributes:
        year: of the census.
        covered: share of vacancies that agency staff cover, from 0 to 1.
        above: agency staff above establishment over posts, filled and vacant.
    """

    year: int
    covered: float
    above: float


@dataclass(frozen=True)
class AgencyRecord:
    """What the levels of a council's agency staff are taken from beside its own day 0.

    Attributes:
        own: the council's own last pairs before the start year, oldest first; empty where the
            tables have no such council, or no such years. With day 0 they are its last years.
        like: the pairs of each council that is like it, nearest first; a council's pairs oldest
            first, the last of them of the newest year used.
        year: the newest year used; 0 where no year was.
        is_hindsight: whether that year is after the start year, as the tables begin later.
    """

    own: tuple[AgencyPair, ...] = ()
    like: tuple[tuple[AgencyPair, ...], ...] = ()
    year: int = 0
    is_hindsight: bool = False

    @property
    def falls_back(self) -> bool:
        """Whether something stands in for the council's own earlier years, or for others' pairs."""
        return not self.own or not self.like or self.is_hindsight

    @property
    def words(self) -> str:
        """What the levels rest on, for people, with what had to stand in for something else."""
        if not self.like:
            return "its own first day in every set of assumptions: no published table"
        years = " and ".join([*(str(pair.year) for pair in self.own), "the first day"])
        own = (
            f"its own {years}"
            if self.own
            else "its own first day alone (no earlier year published)"
        )
        hindsight = ", after the start year (hindsight)" if self.is_hindsight else ""
        return f"{own}; {len(self.like)} councils nearest in agency rate, to {self.year}{hindsight}"


NO_AGENCY_RECORD = AgencyRecord()
"""Nothing published: each draw follows the council's own day 0."""


def last_census(day: dt.date) -> int:
    """The year of the last census on or before a day."""
    return day.year if (day.month, day.day) >= CENSUS else day.year - 1


def agency_record(
    record: Record, code: str | None, start_year: int, agency_rate: float
) -> AgencyRecord:
    """What a council's agency levels are taken from: nothing of a later year.

    Where the tables begin after the start year, their first year stands in, named as hindsight.

    Args:
        record: the published tables.
        code: the council's three-digit code, or codes as the tables write them; None for a
            council that is in no table.
        start_year: the year of the last census that the council knows on day 0.
        agency_rate: its agency staff over these and its staff in post, on day 0.
    """
    years = record.years()
    if not years:
        return AgencyRecord()
    year = min(max(start_year, years[0]), years[-1])
    known = record.up_to(year)
    councils = known.councils(year)
    mine = next((c for c in councils if code is not None and code in (c.code, *c.codes)), None)
    others = [council for council in councils if council is not mine]
    nearest = sorted(others, key=lambda council: abs(_rate(known, council) - agency_rate))
    usable = (pairs for pairs in map(partial(_pairs, known), nearest) if _reaches(pairs, year))
    own = _pairs(known, mine) if mine is not None else ()
    return AgencyRecord(
        own=tuple(pair for pair in own if start_year - LAST_YEARS < pair.year < start_year),
        like=tuple(itertools.islice(usable, LIKE_COUNCILS)),
        year=year,
        is_hindsight=year > start_year,
    )


def _rate(record: Record, council: Council) -> float:
    """Agency staff over these and staff in post; infinite where it is not published."""
    columns = ("agency_fte", "inpost_fte")
    found = [record.figure(council, column, council.year).value for column in columns]
    known = [value for value in found if value is not None]
    whole = math.fsum(known)
    return known[0] / whole if len(known) == len(found) and whole else math.inf


def _reaches(pairs: tuple[AgencyPair, ...], year: int) -> bool:
    return bool(pairs) and pairs[-1].year == year


def _pairs(record: Record, council: Council) -> tuple[AgencyPair, ...]:
    """The pairs of a council's last years, oldest first; years without one are left out."""
    return tuple(_found(record, council))


def _found(record: Record, council: Council) -> Iterator[AgencyPair]:
    for year in record.years():
        if year > council.year - LAST_YEARS:
            figures = [record.figure(council, column, year).value for column in _COLUMNS]
            values = [value for value in figures if value is not None]
            if len(values) == len(_COLUMNS) and values[0] >= FEWEST_STAFF and values[1] > 0.0:
                yield pair_of(year, *values)


_COLUMNS = ("inpost_fte", "vacancy_fte", "agency_fte", "agency_cover_fte")


def pair_of(year: int, staff: float, vacancies: float, agency: float, cover: float) -> AgencyPair:
    """The pair of a census: cover beyond the vacancies is staff above establishment.

    Args:
        year: of the census.
        staff: in post.
        vacancies: more than none, or there is nothing to cover.
        agency: all agency staff.
        cover: those who cover vacancies.
    """
    covered = min(cover, vacancies)
    return AgencyPair(year, covered / vacancies, max(0.0, agency - covered) / (staff + vacancies))
