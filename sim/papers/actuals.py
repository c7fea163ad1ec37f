"""A year's real figures, read from a CSV file that an officer has filled in."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sim.config.errors import InputError
from sim.config.nearest import did_you_mean
from sim.experiment.csv_text import safe_cell
from sim.outcomes.indicators import INDICATORS, Measured
from sim.papers.rows import COUNCIL, Row

COLUMNS = ("date", "indicator", "team", "value")
_NEEDED = ("date", "indicator", "value")
_MOST_BYTES = 1_000_000
"""Of a file of a year's figures; a hundred thousand rows would be no year's."""
_NUMBER = re.compile(r"-?£?(\d{1,12}|\d{1,3}(,\d{3}){1,3})(\.\d{1,10})?( ?%)?")
_SHARES = (Measured.RATE, Measured.LOAD)
BY_NAME = {indicator.name: indicator for indicator in INDICATORS}
_LABELS = {indicator.label.casefold(): indicator.name for indicator in INDICATORS}
_DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_REMEDY = "Leave the row out, or give the number"
_MOST_NEAR = 3


@dataclass(frozen=True)
class Actual:
    """One real figure.

    Attributes:
        date: its day, as the study writes it.
        indicator: its name in the study.
        team: key of the team; COUNCIL for the council as a whole.
        value: the figure; a share where it is one.
    """

    date: str
    indicator: str
    team: str
    value: float

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is of."""
        return self.team, self.indicator, self.date


def read_actuals(path: Path, levels: Iterable[Row]) -> tuple[Actual, ...]:
    """The real figures of a file, each of them one that the study has too.

    Args:
        path: a CSV file with the columns date, indicator and value; team where one is meant.
        levels: of the study.

    Raises:
        InputError: naming file, row and column: a cell can't be read, is of nothing that the study
            has, or stands there twice.
    """
    known = {(row.line, row.what, row.when) for row in levels}
    found: dict[tuple[str, str, str], tuple[int, Actual]] = {}
    for line, cells in _rows(path):
        one = _actual(f"{path}: row {line}", cells, known)
        if one.key in found:
            raise InputError(
                f"{path}: row {line}",
                f"gives {one.indicator} of {one.team} on {one.date}, as row"
                f" {found[one.key][0]} does", "Leave one out",
            )  # fmt: skip
        found[one.key] = line, one
    if not found:
        raise InputError(path, "holds no figure", f"Give a row with {', '.join(_NEEDED)}")
    return tuple(one for _, one in found.values())


# The file ---------------------------------------------------------------------------------


def _rows(path: Path) -> list[tuple[int, Mapping[str, str]]]:
    """Rows with their line; every cell is text that no spreadsheet takes for a formula."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise InputError(path, "is larger than 1 MB", "Give a year's figures alone")
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        rows = [(number, row) for number, row in enumerate(csv.reader(lines), 1) if any(row)]
    except UnicodeDecodeError:
        raise InputError(path, "is no UTF-8 text", "Save it as CSV UTF-8") from None
    except (OSError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(path, f"can't be read ({reason})", "Name a CSV file") from None
    if not rows:
        raise InputError(path, "is empty", f"Begin with the columns {', '.join(_NEEDED)}")
    heads = [head.strip().casefold() for head in rows[0][1]]
    _check_heads(path, heads)
    return [(line, _cells(f"{path}: row {line}", heads, row)) for line, row in rows[1:]]


def _check_heads(path: Path, heads: list[str]) -> None:
    for name in _NEEDED:
        if name not in heads:
            raise InputError(path, f"has no column {name}", f"Columns: {', '.join(COLUMNS)}")
    for place, head in enumerate(heads):
        if head not in COLUMNS or head in heads[:place]:
            problem = f"column {place + 1}, '{head[:40]}', is not asked for, or stands there twice"
            raise InputError(path, problem, f"Columns: {', '.join(COLUMNS)}")


def _cells(where: str, heads: list[str], row: list[str]) -> Mapping[str, str]:
    if len(row) != len(heads):
        raise InputError(
            where, f"has {len(row)} cells for {len(heads)} columns",
            "Put a value with commas into double quotes",
        )  # fmt: skip
    cells = {head: cell.strip() for head, cell in zip(heads, row, strict=True)}
    for head, cell in cells.items():
        if safe_cell(cell) != cell:
            raise InputError(
                f"{where}, {head}", f"'{cell[:40]}' begins like a formula", "Write a plain value"
            )
    return cells


# One figure -------------------------------------------------------------------------------


def _actual(where: str, cells: Mapping[str, str], known: set[tuple[str, str, str]]) -> Actual:
    teams = {team: None for team, _, _ in sorted(known)}
    team = cells.get("team") or COUNCIL
    if team not in teams:
        remedy = f"{did_you_mean(team, teams)}Teams: {', '.join(teams)}"
        raise InputError(f"{where}, team", f"'{team[:40]}' is no team of this study", remedy)
    indicator = _indicator(f"{where}, indicator", cells["indicator"], known)
    date = _date(f"{where}, date", cells["date"])
    dates = sorted(when for line, what, when in known if (line, what) == (team, indicator))
    if not dates:
        raise InputError(
            f"{where}, team", f"the study has no {indicator} of team {team}", "Leave team empty"
        )
    if date not in dates:
        raise InputError(f"{where}, date", f"{date} is no date of this study", _near(date, dates))
    return Actual(date, indicator, team, _value(f"{where}, value", cells["value"], indicator))


def _indicator(where: str, typed: str, known: set[tuple[str, str, str]]) -> str:
    names = {what: None for _, what, _ in sorted(known)}
    if typed in names:
        return typed
    plain = typed.casefold()
    name = _LABELS.get(plain, plain)
    if name in names:
        return name
    near = did_you_mean(typed, [*names, *(BY_NAME[n].label for n in names if n in BY_NAME)])
    raise InputError(
        where, f"'{typed[:40]}' is no indicator of this study",
        f"{near}summary.csv of the study names each",
    )  # fmt: skip


def _date(where: str, typed: str) -> str:
    """A date as the study writes it: typed so, or with the day first, as spreadsheets save it."""
    match = _DAY_FIRST.fullmatch(typed)
    try:
        if match:
            day, month, year = map(int, match.groups())
            return dt.date(year, month, day).isoformat()
        return dt.date.fromisoformat(typed).isoformat()
    except ValueError:
        raise InputError(where, f"'{typed[:40]}' is no date", "Write it as 2022-09-30") from None


def _near(date: str, dates: list[str]) -> str:
    if not dates[0] <= date <= dates[-1]:
        return f"It has {dates[0]} to {dates[-1]}"
    day = dt.date.fromisoformat(date)
    nearest = sorted(dates, key=lambda when: abs(dt.date.fromisoformat(when) - day))
    return f"Nearest: {', '.join(sorted(nearest[:_MOST_NEAR]))}"


def _value(where: str, typed: str, name: str) -> float:
    if not _NUMBER.fullmatch(typed):
        raise InputError(where, f"'{typed[:40]}' is no number", _REMEDY)
    value = float(re.sub(r"[£,% ]", "", typed))
    indicator = BY_NAME.get(name)
    is_share = indicator is not None and indicator.unit in _SHARES
    if typed.endswith("%") and not is_share:
        raise InputError(where, f"{name} is no share, '{typed}' has a per cent sign", _REMEDY)
    value = value / 100 if typed.endswith("%") else value
    low, high = indicator.bounds if indicator else (-float("inf"), float("inf"))
    high = min(high, _LARGEST_SHARE) if is_share else high
    if not low <= value <= high:
        remedy = "Write 15.4% or 0.154" if is_share else _REMEDY
        raise InputError(where, f"'{typed}' lies outside what {name} can be", remedy)
    return value


_LARGEST_SHARE = 3.0
"""Of a share that may pass 1: more is a per cent without its sign."""
