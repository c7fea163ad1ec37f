"""What is known of one council: its own figures, its own earlier ones, and those of others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median, quantiles

from sim.config.england import England
from sim.config.sources import Mark
from sim.published.figure import Figure
from sim.published.fitted import Fitted, FittedYear, fitted_year
from sim.published.lookup import councils_of_size, size_group, statistical_neighbours
from sim.published.record import Council, Record

STAFF = "inpost_fte"
"""What figures of councils are set in proportion to."""


@dataclass(frozen=True)
class Found:
    """A number for a council's file.

    Attributes:
        value: the number.
        mark: published, or a national default.
        low, high: between which it lies in 9 of 10 cases; the value itself where it is published
            for the year.
        words: where it comes from.
    """

    value: float
    mark: Mark
    low: float
    high: float
    words: str

    @property
    def is_certain(self) -> bool:
        """Whether it is published for the year that was asked for."""
        return self.low == self.high


class Everybody:
    """The record of one year, and what is worked out once for all its councils.

    Attributes:
        record: figures up to the year.
        year: of the census.
        england: what is taken over where nothing is published.
    """

    def __init__(self, record: Record, year: int, england: England) -> None:
        self.record, self.year, self.england = record.up_to(year), year, england
        self._rates: dict[tuple[str, str], tuple[float, ...]] = {}

    @cached_property
    def councils(self) -> tuple[Council, ...]:
        """Every council of the year."""
        return self.record.councils(self.year)

    @cached_property
    def fitted(self) -> FittedYear:
        """What is estimated for all of them."""
        return fitted_year(self.record, self.year)

    def rates_of_size(self, group: str, column: str) -> tuple[float, ...]:
        """A column over staff in post in all councils of a group of size, ascending."""
        if (group, column) not in self._rates:
            councils = councils_of_size(self.record, group, self.year)
            self._rates[group, column] = self.rates(councils, column)
        return self._rates[group, column]

    def rates(self, councils: Iterable[Council], column: str) -> tuple[float, ...]:
        """A column over staff in post in some councils, ascending, where both are printed."""
        pairs = [
            (self.record.figure(c, column, self.year).value,
             self.record.figure(c, STAFF, self.year).value)
            for c in councils
        ]  # fmt: skip
        return tuple(sorted(top / staff for top, staff in pairs if top is not None and staff))


class Known:
    """What is known of one council at a census.

    Attributes:
        everybody: the record, for all councils.
        council: the council.
        fill: whether a national figure may stand in for one that is not published.
        lacking: what is not published and has not been filled, in words.
    """

    def __init__(self, everybody: Everybody, council: Council, fill: bool) -> None:
        self.everybody, self.council, self.fill = everybody, council, fill
        self.record, self.year = everybody.record, everybody.year
        self.england = everybody.england
        self.lacking: list[str] = []

    @cached_property
    def staff(self) -> float:
        """Full-time equivalents in post at the census; 0 where that is not published."""
        return self.figure(STAFF).value or 0.0

    @cached_property
    def fitted(self) -> Fitted:
        """Its levels and the sizes that go with them, on the record up to the year."""
        return self.everybody.fitted.of(self.council, self.staff)

    @cached_property
    def _others(self) -> tuple[str, tuple[Council, ...]]:
        """The statistical neighbours, or the councils of like size, and what they are called."""
        listed = statistical_neighbours(self.record, self.council)
        near = tuple(each.council for each in listed if each.council is not None)
        if near:
            return f"{len(near)} statistical neighbours", near
        return f"councils with {size_group(self.staff)} FTE in post", ()

    def figure(self, column: str, year: int | None = None) -> Figure:
        """What is published of the council, with the label of its year or of another."""
        return self.record.figure(self.council, column, year or self.year)

    def find(self, column: str, words: str) -> Found:
        """A figure of the council: of the year, of its newest earlier year, or a national one.

        Args:
            column: the Department's column name.
            words: what it is, for what is said where there is none.

        Returns:
            The number; 0 where there is none, which is then in `lacking`.
        """
        now = self.figure(column)
        number = _number(now)
        if number is not None:
            return Found(number, Mark.PUBLISHED, number, number, self._said(now, number))
        earlier = self._earlier(column)
        if earlier is not None:
            number = earlier.value or 0.0
            said = f"{column} of {_date(earlier.end)}: {_date(now.end)} is {now.reason}"
            return Found(number, Mark.PUBLISHED, 0.5 * number, 1.5 * number, said)
        if not self.fill:
            self.lacking.append(f"{words} ({column}: {now.reason})")
            return Found(0.0, Mark.NATIONAL, 0.0, 0.0, "")
        return self._national(column, now)

    def _earlier(self, column: str) -> Figure | None:
        before = [f for f in self.record.series(self.council, column) if f.value is not None]
        return before[-1] if before else None

    def _national(self, column: str, now: Figure) -> Found:
        """The median rate of councils of like size, from their 5th to their 95th in a hundred."""
        group = size_group(self.staff)
        rates = self.everybody.rates_of_size(group, column)
        if len(rates) < 2:
            rates = self.everybody.rates(self.everybody.councils, column)
        low, *_, high = quantiles(rates, n=20, method="inclusive")
        low, middle, high = (round(self.staff * each, 1) for each in (low, median(rates), high))
        said = f"{column} is {now.reason}; for each in post as councils with {group} FTE"
        return Found(middle, Mark.NATIONAL, low, high, said)

    def _said(self, figure: Figure, number: float) -> str:
        where = f"{figure.column}, {_date(figure.end)}, release of {figure.release}"
        hidden = f"; {figure.reason}" if figure.mark else ""
        return f"{where}{hidden}{self.beside(figure.column, number)}"

    def beside(self, column: str, number: float) -> str:
        """The figure and that of similar councils, for each 100 in post, to stand in a comment."""
        called, near = self._others
        rates: Sequence[float] = (
            self.everybody.rates(near, column)
            if near
            else self.everybody.rates_of_size(size_group(self.staff), column)
        )
        if column == STAFF or not rates or not self.staff:
            return ""
        own, others = 100 * number / self.staff, 100 * median(rates)
        return f"; for 100 in post {own:.1f}, middle of {called} {others:.1f}"


def _number(figure: Figure) -> float | None:
    """The value, or the middle of its bounds where it is hidden only because it is small."""
    if figure.value is not None or figure.bounds is None:
        return figure.value
    return round(sum(figure.bounds) / 2, 1) if figure.has_narrow_bounds else None


def _date(date: dt.date) -> str:
    return f"{date.day} {date:%B %Y}"
