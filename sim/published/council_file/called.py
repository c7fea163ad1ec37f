"""The council that a user names: a file, a shipped council, or any council of England."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sim.config.council import Council
from sim.config.england import load_england
from sim.config.errors import InputError
from sim.config.load import parse, read_toml
from sim.config.shipped import (
    check_sources,
    file_hash,
    is_file_name,
    load_evidence,
    locate,
    own_sources_file,
    read_council,
    shipped,
    with_own_sources,
)
from sim.config.sources import Sources
from sim.published import record as records
from sim.published.council_file.known import Everybody
from sim.published.council_file.make import MadeFile, make_file
from sim.published.lookup import find_council
from sim.published.record import Record, shipped_record
from sim.published.tables import WORKFORCE

_KIND = "councils"


@dataclass(frozen=True)
class CalledCouncil:
    """A council as a user called it.

    Attributes:
        council: the council.
        path: its file; what the council is called, where it was made from the tables.
        sources: the shipped sources, and the council's own.
        made: its file as made from the tables; None where there is a file.
    """

    council: Council
    path: Path
    sources: Sources
    made: MadeFile | None = None

    @property
    def inputs(self) -> list[dict[str, str]]:
        """Every file that it was read from, with its hash; the text that was made, with its."""
        if self.made is not None:
            digest = hashlib.sha256(self.made.text.encode()).hexdigest()
            return [{"file": f"{self.path} (made from published tables)", "sha256": digest}]
        files = [self.path, own_sources_file(self.council, self.path)]
        return [{"file": f.name, "sha256": file_hash(f)} for f in files if f is not None]


def council_called(name: str, sources: Sources) -> CalledCouncil:
    """A council by file, by shipped name, or by the name or code of a council of England.

    A council of England that ships is its newest shipped file. Any other is made from the shipped
    tables, at the last year in which its staff are published.

    Raises:
        InputError: there is no such file or council, it is faulty, or it can't be made.
    """
    if is_file_name(name) or name in shipped(_KIND) or os.path.isfile(name):
        return _of_file(locate(name, _KIND), sources)
    found = _of_england(name)
    ships = _newest_shipped().get(found.code)
    if ships is not None:
        return _of_file(ships, sources)
    made = _made(found.code)
    path = Path(f"{made.council.name} {made.council.year}")
    council = parse(Council, made.data, path)
    check_sources(council, sources, path)
    return CalledCouncil(council, path, sources, made)


def _of_file(path: Path, sources: Sources) -> CalledCouncil:
    council = read_council(path, sources)
    return CalledCouncil(council, path, with_own_sources(sources, council, path))


@lru_cache(maxsize=1)
def _newest_shipped() -> dict[str, Path]:
    """By a council's code: its shipped file with the latest day 0."""
    files = [(read_toml(path), path) for path in shipped(_KIND).values()]
    files.sort(key=lambda file: file[0]["start_date"])
    return {str(data["code"]): path for data, path in files}


@lru_cache(maxsize=8)
def _of_england(name: str) -> records.Council:
    """The council of the record that a name or code is of."""
    try:
        locate(name, _KIND)
    except InputError as unknown:
        no_config = unknown
    known = shipped_record()
    try:
        return find_council(known, name, known.years()[-1])
    except InputError as nowhere:
        raise InputError(
            no_config.where,
            f"{no_config.problem}, and no council of England",
            f"{nowhere.remedy}. {no_config.remedy}",
        ) from None


@lru_cache(maxsize=8)
def _made(code: str) -> MadeFile:
    known = shipped_record()
    last = known.years()[-1]
    series = known.series(find_council(known, code, last), "inpost_fte")
    staffed = [figure.end.year for figure in series if figure.value]
    return new_file(known, code, max(staffed, default=last), fill=False)


def new_file(record: Record, name: str, year: int, fill: bool) -> MadeFile:
    """The file of a council by name or code.

    Args:
        record: the published tables.
        name: of the council, or its code.
        year: of the census.
        fill: whether a national figure may stand in for one that is not published.

    Raises:
        InputError: no council is called so in that year, or it can't be made.
    """
    everybody = Everybody(record, year, load_england(load_evidence().sources))
    return make_file(everybody, find_council(everybody.record, name, year), fill)


def known_year(record: Record, year: int | None) -> int:
    """A year of the workforce census that the record has; the newest if None.

    Raises:
        InputError: no table has that year.
    """
    years = record.years(WORKFORCE)
    if year is None:
        return years[-1]
    if year not in years:
        told = f"Years: {', '.join(map(str, years))}"
        raise InputError(f"--year {year}", "no workforce table has that year", told)
    return year
