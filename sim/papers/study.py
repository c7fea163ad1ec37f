"""A finished study, read back from the folder that `compare --out` wrote."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sim.config.errors import InputError
from sim.experiment.csv_text import plain_cell
from sim.experiment.kept import UNFINISHED
from sim.experiment.provenance import run_id
from sim.experiment.statistics import FEWEST_RUNS
from sim.papers import rows as tidy
from sim.papers.rows import COUNCIL, Row, Rows
from sim.scenario.scenario import BASELINE_NAME

Cells = Mapping[str, str]
_ASK_AGAIN = "Run caseholder compare again with --out"
_NEEDED = ("council", "scenarios", "seed", "replications", "caseholder_version")
_LACKING = {
    "differences.csv": "changes against doing nothing, and how often an option does worse",
    "ledger.csv": "money by financial year",
    "money.csv": "net cost over the run",
    "options.csv": "names of the options and their posts",
    "assumptions.csv": "assumptions with grade and source",
    "conditions.csv": "what the result depends on",
}
"""What a paper can't tell where a file of the study is not there."""
ENOUGH_RUNS = FEWEST_RUNS
"""Of fewer runs no tenth can be told."""
_COMPARES = ("differences.csv", "money.csv", "conditions.csv")


@dataclass(frozen=True)
class Option:
    """One course that the council may take.

    Attributes:
        key: of the scenario.
        name, label: in full, and short enough for a row of a table.
        posts_fte: FTE that it funds; None where the study doesn't say.
        states_money: whether it says what money is planned.
        source: of the package.
        notes: what its author says of its lines.
    """

    key: str
    name: str
    label: str
    posts_fte: float | None = None
    states_money: bool = True
    source: str = ""
    notes: str = ""


@dataclass(frozen=True)
class PaperStudy:
    """A study as papers need it.

    Attributes:
        manifest: what made it.
        options: in the order in which they were asked for.
        rows: its figures, of the council as a whole.
        assumptions, conditions: rows of these files.
        missing: what the folder lacks, a sentence each.
    """

    manifest: Mapping[str, Any]
    options: tuple[Option, ...]
    rows: Rows
    assumptions: tuple[Cells, ...]
    conditions: tuple[Cells, ...]
    missing: tuple[str, ...]

    @property
    def council(self) -> str:
        """Name of the council."""
        return str(self.manifest["council"])

    @property
    def run_id(self) -> str:
        """Name of the run that made the figures."""
        return str(self.manifest.get("run_id") or run_id(self.manifest))

    @property
    def version(self) -> str:
        """Version of the program that ran it."""
        return str(self.manifest["caseholder_version"])

    @property
    def runs(self) -> int:
        """Runs of each option."""
        return int(self.manifest["replications"])

    @property
    def nothing(self) -> Option | None:
        """Doing nothing; None where it was not run."""
        return next((o for o in self.options if o.key == BASELINE_NAME), None)

    @property
    def chosen(self) -> tuple[Option, ...]:
        """The options beside doing nothing."""
        return tuple(o for o in self.options if o.key != BASELINE_NAME)

    @property
    def compares(self) -> bool:
        """Whether something was run beside doing nothing."""
        return len(self.options) > 1

    @property
    def spread(self) -> str:
        """What the numbers of its tables are, in words."""
        return "8 runs in 10" if self.runs >= ENOUGH_RUNS else "middle run"

    @property
    def date(self) -> dt.date:
        """The day on which the runs begin, which is the day of the decision."""
        return dt.date.fromisoformat(self.manifest.get("start_date") or self.rows.dates()[0])

    @property
    def headline(self) -> str:
        """The date of which headlines speak."""
        known = self.manifest.get("headline_date")
        spans = (row.last for row in self.rows if row.what == "net_cost_gbp")
        return str(known or max(spans, default=self.rows.dates()[-1]))


def read_study(folder: Path) -> PaperStudy:
    """A study from its folder.

    Raises:
        InputError: there is no such folder, it holds no study, or a file of it can't be read.
    """
    manifest = _manifest(folder)
    missing: list[str] = []
    rows = Rows(_rows(folder, manifest, missing))
    if not rows.dates():
        raise InputError(folder / "summary.csv", "holds no row of the whole council", _ASK_AGAIN)
    options = tuple(_options(folder, manifest, missing))
    assumptions = tuple(_table(folder, "assumptions.csv", manifest, missing))
    conditions = tuple(_table(folder, "conditions.csv", manifest, missing))
    missing += _not_run(manifest, rows)
    if (folder / UNFINISHED).is_file():
        missing.append(
            f"A newer run into this folder was broken off ({UNFINISHED}): this paper tells of the"
            " one that was finished before it."
        )
    return PaperStudy(manifest, options, rows, assumptions, conditions, tuple(missing))


def _manifest(folder: Path) -> Mapping[str, Any]:
    path = folder / "manifest.json"
    if not path.is_file() and (folder / UNFINISHED).is_file():
        raise InputError(
            folder / UNFINISHED, "is a study that was broken off: it has no tables yet",
            "Go on with compare --resume",
        )  # fmt: skip
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise InputError(
            folder, "is no folder of a study: it holds no manifest.json", "Name what --out named"
        ) from None
    except ValueError:
        raise InputError(path, "is not whole", _ASK_AGAIN) from None
    lacking = [name for name in _NEEDED if not isinstance(found, dict) or name not in found]
    if lacking:
        raise InputError(path, f"names no {lacking[0]}: no comparison wrote it", _ASK_AGAIN)
    return dict(found)


def _rows(folder: Path, manifest: Mapping[str, Any], missing: list[str]) -> Iterator[Row]:
    if not (folder / "summary.csv").is_file():
        raise InputError(folder / "summary.csv", "is missing", _ASK_AGAIN)
    makers: Mapping[str, Callable[[Cells], Iterable[Row]]] = {
        "summary.csv": partial(_one, partial(tidy.indicator_row, tidy.LEVEL)),
        "differences.csv": partial(_one, partial(tidy.indicator_row, tidy.CHANGE)),
        "money.csv": partial(_one, tidy.money_row),
        "ledger.csv": tidy.ledger_rows,
    }
    for name, maker in makers.items():
        for cells in _table(folder, name, manifest, missing):
            if cells.get("team", COUNCIL) == COUNCIL:
                yield from _made(folder / name, maker, cells)


def _one(maker: Callable[[Cells], Row], cells: Cells) -> list[Row]:
    return [maker(cells)]


def _made(path: Path, maker: Callable[[Cells], Iterable[Row]], cells: Cells) -> list[Row]:
    try:
        return list(maker(cells))
    except KeyError as column:
        raise InputError(path, f"has no column {column}", _ASK_AGAIN) from None
    except ValueError as fault:
        raise InputError(path, f"holds what is no number ({fault})", _ASK_AGAIN) from None


def _table(
    folder: Path, name: str, manifest: Mapping[str, Any], missing: list[str]
) -> Iterator[Cells]:
    """The rows of a file of the study; says so where it is not there, or not whole."""
    path = folder / name
    if not path.is_file():
        if name not in _COMPARES or len(manifest["scenarios"]) > 1:
            missing.append(f"{name} is not there: this paper can't tell {_LACKING[name]}.")
        return
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for cells in csv.DictReader(file):
                if None in cells or None in cells.values():
                    missing.append(f"{name} ends in the middle of a row: the rest is not told.")
                    return
                yield {column: plain_cell(cell) for column, cell in cells.items()}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(path, f"can't be read ({error})", _ASK_AGAIN) from None


def _options(folder: Path, manifest: Mapping[str, Any], missing: list[str]) -> Iterator[Option]:
    """Every option that the manifest names, with what options.csv says of it."""
    told = {
        cells.get("scenario", ""): cells
        for cells in _table(folder, "options.csv", manifest, missing)
    }
    for key in manifest["scenarios"]:
        cells = told.get(key)
        if cells is None:
            name = "Do nothing" if key == BASELINE_NAME else key
            yield Option(key, name, name)
            continue
        posts = float(cells["posts_fte"]) if cells.get("posts_fte") else None
        yield Option(
            key,
            cells.get("name") or key,
            cells.get("short_name") or key,
            posts,
            cells.get("states_money") != "no",
            cells.get("source", ""),
            cells.get("notes", ""),
        )


def _not_run(manifest: Mapping[str, Any], rows: Rows) -> Iterator[str]:
    """Options without figures, and those whose runs are fewer than asked for."""
    asked = int(manifest["replications"])
    if asked < ENOUGH_RUNS:
        yield f"It has {asked} runs of each option: too few to tell a range of 8 runs in 10."
    for key in manifest["scenarios"]:
        found = [row.runs for row in rows if row.kind == tidy.LEVEL and row.option == key]
        if not found:
            yield f"Option {key} has no figures: its runs were not finished."
        elif max(found) < asked:
            yield f"Option {key} has {max(found):.0f} of the {asked} runs asked for."
