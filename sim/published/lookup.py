"""Finding a council by name or code, and those to set beside it."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from dataclasses import dataclass

from sim.config.errors import InputError
from sim.published.files import shipped_neighbours
from sim.published.record import Council, Record
from sim.published.successions import SUCCESSIONS

SIZE_GROUPS = ((110.0, "under 110"), (200.0, "110 to 200"), (float("inf"), "over 200"))
"""Councils by full-time equivalents in post: end of the group, and its name."""
ENGLAND = "England"
_LONDON = "London"


@dataclass(frozen=True)
class Neighbour:
    """A statistical neighbour: a council of the record, or why there is none."""

    name: str
    council: Council | None
    why_not: str = ""


def find_council(record: Record, name: str, year: int) -> Council:
    """A council of a year by name, three-digit code or nine-character code.

    Either name or code of two councils with figures together finds both.

    Raises:
        InputError: no council of that year is called so; the nearest are offered.
    """
    councils = record.councils(year)
    by_name = {key: council for council in councils for key in _keys(council)}
    asked = _plain(name)
    if asked in by_name:
        return by_name[asked]
    problem = f"no council has that name or code in {year}"
    raise InputError(f"council '{name}'", problem, _offer(asked, by_name))


def _keys(council: Council) -> set[str]:
    """All that a council is called, in plain letters."""
    keys = {_plain(council.name), _plain(council.code)}
    keys |= {_plain(code) for code in (*council.codes, *council.long_codes)}
    for part in council.parts:
        keys.add(_plain(part))
        short, _, ending = part.partition(", ")
        if ending in ("City of", "County of"):
            keys |= {_plain(short), _plain(f"{ending} {short}")}
    return keys


def _plain(name: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", name.casefold().replace("&", " and ")))


def _offer(asked: str, by_name: dict[str, Council]) -> str:
    for each in SUCCESSIONS:
        ended = {_plain(name) for name in each.before.values()} | set(each.before)
        if asked in ended:
            became = " and ".join(each.after.values())
            return f"It ended on {_day(each.day)}; on its ground are {became}"
    begins = [key for key in by_name if asked and key.startswith(asked)]
    near = begins or difflib.get_close_matches(asked, by_name, n=3, cutoff=0.6)
    names = sorted({by_name[key].name for key in near})
    nearest = f"Nearest: {'; '.join(names[:5])}. " if names else ""
    return f"{nearest}See all with caseholder council list"


def _day(date: dt.date) -> str:
    return f"{date.day} {date:%B %Y}"


def regions_of(council: Council) -> tuple[str, ...]:
    """The regions that a council is compared with: for London's its part, and London."""
    return (council.region, _LONDON) if _is_in_london(council.region) else (council.region,)


def in_region(council: Council, region: str) -> bool:
    """Whether a council lies in a region, by name; London is Inner and Outer London."""
    return region in regions_of(council)


def _is_in_london(region: str) -> bool:
    return region in (f"Inner {_LONDON}", f"Outer {_LONDON}")


def region_named(record: Record, name: str, year: int) -> str:
    """The region of this name, as the Department writes it.

    Raises:
        InputError: there is no such region.
    """
    regions = {region for council in record.councils(year) for region in regions_of(council)}
    by_name = {_plain(region): region for region in regions}
    if _plain(name) in by_name:
        return by_name[_plain(name)]
    raise InputError(f"--region {name}", "is no region", f"Use: {', '.join(sorted(regions))}")


def size_group(inpost_fte: float) -> str:
    """The group of size of a council with so many full-time equivalents in post."""
    return next(name for end, name in SIZE_GROUPS if inpost_fte < end)


def councils_of_size(record: Record, group: str, year: int) -> tuple[Council, ...]:
    """The councils of a year whose staff in post put them in a group of size."""
    sized = [(c, record.figure(c, "inpost_fte", year).value) for c in record.councils(year)]
    return tuple(c for c, staff in sized if staff is not None and size_group(staff) == group)


def statistical_neighbours(record: Record, council: Council) -> tuple[Neighbour, ...]:
    """The statistical neighbours of a council, nearest first; none where no list ships."""
    rows = [row for row in shipped_neighbours() if row["LA.number"] in council.codes]
    columns = sorted((key for row in rows for key in row if key.startswith("SN")), key=_rank)
    names = [rows[0][column] for column in columns]
    return tuple(_neighbour(record, name, council.year) for name in names)


def _rank(column: str) -> int:
    return int(column.removeprefix("SN"))


def _neighbour(record: Record, name: str, year: int) -> Neighbour:
    try:
        return Neighbour(name, find_council(record, name, year))
    except InputError:
        begun = next((s for s in SUCCESSIONS if name in s.after.values()), None)
        why = f"begun on {_day(begun.day)}" if begun else "not in the tables"
        return Neighbour(name, None, why)
