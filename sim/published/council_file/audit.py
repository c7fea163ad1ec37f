"""Where the numbers of a council's file come from, and which are still another council's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sim.config.council import Council
from sim.config.counted import counted
from sim.config.made import Made
from sim.config.shipped import load_council, shipped
from sim.config.sources import Mark, Sources
from sim.published.council_file.numbers import Number, numbers_of
from sim.published.record import shipped_record

_FEWEST_ALIKE = 3
"""Single numbers that are alike before any is said to be another's: fewer may be so by chance."""
_MOST_NAMED = 6
_SHARED = (Mark.NATIONAL, Mark.JUDGEMENT)
_SAME = 1e-9


@dataclass(frozen=True)
class Audit:
    """What is known of where a file's numbers come from.

    Attributes:
        marks: how many numbers have each mark.
        changed: keys of numbers that are other than when the file was made.
        others: keys of numbers that are another council's, by its name.
    """

    marks: Mapping[Mark, int]
    changed: tuple[str, ...]
    others: Mapping[str, tuple[str, ...]]

    def lines(self) -> Iterator[str]:
        """The audit in words, a line a fact."""
        told = ", ".join(f"{self.marks[mark]} {mark}" for mark in Mark if self.marks.get(mark))
        yield f"{counted(sum(self.marks.values()), 'number')}: {told}"
        if self.changed:
            what = counted(len(self.changed), "number")
            yield f"{what} changed since the file was made: {_named(self.changed)}"
        for name, keys in self.others.items():
            are = "is" if len(keys) == 1 else "are"
            yield f"warning: {counted(len(keys), 'number')} {are} still {name}'s: {_named(keys)}"


def _named(keys: tuple[str, ...]) -> str:
    more = len(keys) - _MOST_NAMED
    return ", ".join(keys[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def audit(council: Council, sources: Sources) -> Audit:
    """Count the numbers of a council by where they come from.

    A number that is as it was when the file was made has the mark that it had then; any other has
    that of its source. It is another council's where its source is about that council alone, where
    the file was made for that council, or where it equals a shipped council's.

    Args:
        council: the council.
        sources: the shipped sources, and its own.
    """
    numbers, made = numbers_of(council), council.made
    then = _as_made(made) if made else {}
    marks = marks_of(council, sources)
    changed = tuple(
        key for key, (_, value) in then.items()
        if key in numbers and abs(numbers[key].value - value) > _SAME
    )  # fmt: skip
    return Audit(Counter(marks.values()), changed, _others(council, numbers, marks, sources))


def marks_of(council: Council, sources: Sources) -> dict[str, Mark]:
    """Where each number of a council comes from, by its key in the file."""
    then = _as_made(council.made) if council.made else {}
    return {key: _mark(number, then, sources) for key, number in numbers_of(council).items()}


def _as_made(made: Made) -> dict[str, tuple[Mark, float]]:
    return {key: (mark, value) for mark in Mark for key, value in made.of(mark).items()}


def _mark(number: Number, then: Mapping[str, tuple[Mark, float]], sources: Sources) -> Mark:
    """The mark of when the file was made; judgement for what was changed without a source."""
    mark, value = then.get(number.key, (None, 0.0))
    if mark is not None and abs(number.value - value) <= _SAME:
        return mark
    known = sources.root.get(number.source)  # a council made in code may bring others
    kind = known.kind if known else Mark.OWN
    return kind if kind is Mark.OWN or not then else Mark.JUDGEMENT


def _others(
    council: Council, numbers: Mapping[str, Number], marks: Mapping[str, Mark], sources: Sources
) -> dict[str, tuple[str, ...]]:
    """Keys of numbers that are another council's, by its name."""
    found: dict[str, dict[str, None]] = {}
    for key, number in numbers.items():
        about = sources.root[number.source].about
        if about and not _is_of(council.name, about):
            found.setdefault(about, {})[key] = None
    made = council.made
    if made and not _is_of(council.name, first := _made_for(made)):
        own = {**made.published, **made.fitted}
        same = [k for k, v in own.items() if k in numbers and abs(numbers[k].value - v) <= _SAME]
        found.setdefault(first, {}).update(dict.fromkeys(same))
    for name in shipped("councils"):
        other = load_council(name, sources)
        if not _is_of(council.name, other.name):
            alike = _alike(numbers, marks, numbers_of(other))
            found.setdefault(other.name, {}).update(dict.fromkeys(alike))
    return {name: tuple(sorted(keys)) for name, keys in found.items() if keys}


def _made_for(made: Made) -> str:
    """The council that a file was made for: by its code, as a name is soon replaced everywhere."""
    record = shipped_record()
    councils = record.councils(made.year) if made.year in record.years() else ()
    return next((each.name for each in councils if each.code == made.code), made.name)


def _alike(
    numbers: Mapping[str, Number], marks: Mapping[str, Mark], others: Mapping[str, Number]
) -> list[str]:
    """Keys of a council's own numbers that are the same in another's file."""
    same = [
        key
        for key, number in numbers.items()
        if marks[key] not in _SHARED
        and key in others
        and others[key].points == number.points
        and any(number.points)
    ]
    ranges = [key for key in same if len(numbers[key].points) > 1]
    singles = [key for key in same if len(numbers[key].points) == 1]
    return ranges + (singles if len(singles) >= _FEWEST_ALIKE else [])


def _is_of(name: str, other: str) -> bool:
    """Whether two names are of one council: Herefordshire is Herefordshire, County of."""
    one, two = (each.casefold().split(", ")[0].strip() for each in (name, other))
    return one == two
