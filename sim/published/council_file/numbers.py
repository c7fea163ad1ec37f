"""Every number of a council's file, by key, with the kind of source that it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from pydantic import BaseModel

from sim.config.council import Council
from sim.config.quantity import Quantity

_MADE = "made"
_ALWAYS_JUDGED = re.compile(
    r"horizon_years|teams\.\d+\.work_share|frontline\.weight|casework\.routing\..*"
    r"|casework\.demand\.(seasonality|\w+\.over_years)"
    r"|totals\.(team_manager_\w+|senior_practitioner_vacancy_share|part_time_\w+)"
)
"""Numbers that no source has: they stand in a table whose other numbers are published."""
JUDGEMENT = "judgement"
"""The source of what is judged."""


@dataclass(frozen=True)
class Number:
    """One number of a council's file.

    Attributes:
        key: in the file.
        points: the number; low, central and high of a range; all of a list.
        source: the nearest that is named, its own or that of the table it stands in; judgement for
            what no source has.
    """

    key: str
    points: tuple[float, ...]
    source: str

    @property
    def value(self) -> float:
        """The number, the central value of a range."""
        return self.points[len(self.points) // 2]


def numbers_of(council: Council) -> dict[str, Number]:
    """The numbers of a council by key; flags, dates and what it was made from left out."""
    return {
        number.key: replace(number, source=JUDGEMENT)
        if _ALWAYS_JUDGED.fullmatch(number.key)
        else number
        for number in _within(council, "", JUDGEMENT)
    }


def _within(value: object, key: str, source: str) -> Iterator[Number]:
    if isinstance(value, bool):
        return
    if isinstance(value, Quantity):
        yield Number(key, (value.low, value.central, value.high), value.source)
    elif isinstance(value, int | float):
        yield Number(key, (float(value),), source)
    elif isinstance(value, BaseModel):
        own = getattr(value, "source", "")
        items = {name: getattr(value, name) for name in type(value).model_fields}
        yield from _each(items, key, own or source)
    elif isinstance(value, Mapping):
        yield from _each(value, key, source)
    elif isinstance(value, tuple) and value and all(isinstance(item, float) for item in value):
        yield Number(key, value, source)
    elif isinstance(value, tuple):
        yield from _each({str(place): item for place, item in enumerate(value)}, key, source)


def _each(items: Mapping[str, object], key: str, source: str) -> Iterator[Number]:
    for name, item in items.items():
        if name != _MADE:
            yield from _within(item, f"{key}.{name}" if key else str(name), source)
