"""What a later release changed: the figures that differ between releases, and by how much."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sim.published.figure import Figure
from sim.published.reading import Edition, Row

Key = tuple[str, str, int]
"""Area by its code (its name above councils), column, label of the year."""


@dataclass(frozen=True)
class Revision:
    """A figure that two releases print differently.

    Attributes:
        key: area, column and year.
        was: in the earlier release.
        now: in the later one.
    """

    key: Key
    was: Figure
    now: Figure

    @property
    def difference(self) -> float | None:
        """The later value less the earlier one; None where either has none."""
        if self.was.value is None or self.now.value is None:
            return None
        return self.now.value - self.was.value

    @property
    def words(self) -> str:
        """The change in a sentence."""
        by = f", {self.difference:+.10g}" if self.difference is not None else ""
        one, other = f"the {self.was.release} release", f"that of {self.now.release}"
        if self.was.release == self.now.release:
            one, other = f"one file of {one}", "another"
        return (
            f"{self.now.area}, {self.now.column}, {self.now.end.day} {self.now.end:%B %Y}: "
            f"{_printed(self.was)} in {one}, {_printed(self.now)} in {other}{by}"
        )


def _printed(figure: Figure) -> str:
    if figure.value is not None:
        return f"{figure.value:.10g}"
    return f"{figure.mark} ({figure.reason})"


def revisions(
    editions: Sequence[Edition], used: Collection[Key] | None = None
) -> Iterator[Revision]:
    """The figures that differ between each release of a table and the next one that has them.

    Councils are matched by three-digit code and year: the nine-character code of one council and
    year is another in some releases.

    Args:
        editions: newest first, as a record has them.
        used: the figures that are of interest, such as those that a council's file names; all
            if None.
    """
    before: dict[tuple[str, str, int], Row] = {}
    for edition in reversed(editions):
        for row in edition.rows:
            place = (edition.table.name, "/".join(row.codes) or row.name, row.year)
            earlier = before.get(place)
            before[place] = row
            if earlier is not None:
                yield from _changes(place[1], earlier, row, used)


def _changes(area: str, was: Row, now: Row, used: Collection[Key] | None) -> Iterator[Revision]:
    for column in now.table.units:
        key = (area, column, now.year)
        if used is not None and key not in used:
            continue
        if was.cells[column].strip() != now.cells[column].strip():
            earlier, later = was.figure(column), now.figure(column)
            if (earlier.value, earlier.mark) != (later.value, later.mark):
                yield Revision(key, earlier, later)
