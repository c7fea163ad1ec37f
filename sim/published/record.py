"""The record: every published figure of every council up to a year, and none after it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from sim.published.figure import Figure, Mark, total
from sim.published.files import folder_editions, shipped_editions
from sim.published.reading import COUNCIL, Edition, Row
from sim.published.successions import exists, same_ground
from sim.published.tables import CENSUS, TABLE_OF, TABLES, WORKFORCE, Table


@dataclass(frozen=True)
class Council:
    """A council, or two with figures together, as it stands at the census of a year.

    Attributes:
        name: as the newest of its rows has it.
        codes: three-digit codes, one or two.
        long_codes: nine-character codes.
        region: name of the region; Inner or Outer London for London's.
        year: the year of the census.
    """

    name: str
    codes: tuple[str, ...]
    long_codes: tuple[str, ...]
    region: str
    year: int

    @property
    def code(self) -> str:
        """The code or codes as the Department writes them."""
        return " / ".join(self.codes)

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of the councils in it."""
        return tuple(self.name.split(" / "))


class Record:
    """Published figures up to the census of a year.

    Where several releases have the same row, the newest is taken; the first of the editions
    given where two are of one release.

    Attributes:
        until: the last year of which anything can be seen.
        editions: what was read up to that year, newest release first.
    """

    def __init__(self, editions: Iterable[Edition], until: int) -> None:
        self.until = until
        newest_first = sorted(editions, key=lambda edition: -edition.release)
        self.editions = tuple(_up_to(edition, until) for edition in newest_first)
        self._councils: dict[tuple[str, int], list[Row]] = {}
        self._comparators: dict[tuple[str, int, str], Row] = {}
        for edition in self.editions:
            for row in edition.rows:
                self._take(row)

    def _take(self, row: Row) -> None:
        if row.level != COUNCIL:
            self._comparators.setdefault((row.table.name, row.year, row.name), row)
            return
        rows = self._councils.setdefault((row.table.name, row.year), [])
        if all(set(row.codes).isdisjoint(other.codes) for other in rows):
            rows.append(row)

    def up_to(self, year: int) -> Record:
        """The same record without anything after a year."""
        return Record(self.editions, year)

    def years(self, table: str = WORKFORCE) -> tuple[int, ...]:
        """The years of which a table has rows of councils."""
        return tuple(sorted(year for name, year in self._councils if name == table))

    def rows(self, table: str, year: int) -> tuple[Row, ...]:
        """The rows of councils in a table and year."""
        return tuple(self._councils.get((table, year), ()))

    def councils(self, year: int) -> tuple[Council, ...]:
        """Every council that exists at the census of a year and has a row up to then, by name."""
        self._check(year)
        day = dt.date(year, *CENSUS)
        taken: dict[str, Council] = {}
        for row in self._newest_rows(year):
            if all(exists(code, day) and code not in taken for code in row.codes):
                council = Council(row.name, row.codes, row.long_codes, row.region, year)
                taken |= dict.fromkeys(row.codes, council)
        return tuple(sorted(set(taken.values()), key=lambda council: (council.name, council.code)))

    def _newest_rows(self, year: int) -> Iterator[Row]:
        """Rows of councils from the newest year back; of one year the workforce's come first."""
        names = [table.name for table in TABLES]
        for back in range(year, min((y for _, y in self._councils), default=year) - 1, -1):
            for name in names:
                yield from self.rows(name, back)

    def figure(self, council: Council, column: str, year: int) -> Figure:
        """What is published of a council, on the ground that it has at its own date.

        Args:
            council: the council.
            column: the Department's column name.
            year: the label of the row.

        Returns:
            The figure. One without a row has a mark that says so; figures of parts are added
            where only the parts have rows.

        Raises:
            ValueError: the year is hidden.
        """
        self._check(year)
        table = TABLE_OF[column]
        end = table.end(year)
        ground = same_ground(council.codes, dt.date(council.year, *CENSUS), end)
        if ground is None:
            return self._none(council, column, year, Mark.NO_ROW, "the borders are others")
        rows = [row for row in self.rows(table.name, year) if not ground.isdisjoint(row.codes)]
        covered = frozenset(code for row in rows for code in row.codes)
        if not covered >= ground:
            return self._none(council, column, year, Mark.NO_ROW)
        if covered > ground:
            return self._none(council, column, year, Mark.JOINT, rows[0].name)
        figures = [row.figure(column) for row in sorted(rows, key=lambda row: row.codes)]
        return total(figures, council.name, table.units[column])

    def series(self, council: Council, column: str) -> tuple[Figure, ...]:
        """A figure of a council in every year of its table up to the council's own, in order."""
        years = [year for year in self.years(TABLE_OF[column].name) if year <= council.year]
        return tuple(self.figure(council, column, year) for year in years)

    def everything(self, council: Council) -> Iterator[Figure]:
        """Every figure of a council up to its own year, table by table, column by column."""
        for column in TABLE_OF:
            yield from self.series(council, column)

    def comparator(self, area: str, column: str, year: int) -> Figure | None:
        """The figure of a region, London or England as printed; None where there is none.

        Rates of regions and of England are never worked out from counts: the Department leaves
        out councils that it does not trust, from both sides of a rate but not from the counts.

        Raises:
            ValueError: the year is hidden.
        """
        self._check(year)
        row = self._comparators.get((TABLE_OF[column].name, year, area))
        return row.figure(column) if row else None

    def _check(self, year: int) -> None:
        if year > self.until:
            raise ValueError(f"{year} is after {self.until}, the last year of this record")

    def _none(self, council: Council, column: str, year: int, mark: Mark, note: str = "") -> Figure:
        table: Table = TABLE_OF[column]
        return Figure(column, council.name, None, mark, None, table.end(year), 0, note)


def _up_to(edition: Edition, until: int) -> Edition:
    return replace(edition, rows=tuple(row for row in edition.rows if row.year <= until))


def load_record(until: int | None = None, folder: Path | None = None) -> Record:
    """The record of the shipped tables, and of a folder of downloads where one is given.

    Args:
        until: last year that can be seen; the newest of the workforce tables if None.
        folder: downloads of the Department's tables; they come before the shipped tables of the
            same release.

    Raises:
        InputError: the folder holds no known table, or one that can't be read.
    """
    editions = [*(folder_editions(folder) if folder else []), *shipped_editions()]
    newest = max(
        (
            row.year
            for edition in editions
            for row in edition.rows
            if edition.table.name == WORKFORCE
        ),
        default=0,
    )
    return Record(editions, newest if until is None else until)


@cache
def shipped_record() -> Record:
    """The record of the shipped tables, read once."""
    return load_record()
