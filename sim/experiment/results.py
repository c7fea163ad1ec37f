"""The results store: one SQLite file, written block by block, from which every number is read.

Each block is written in one transaction under its key, so that a study that is killed has whole
blocks only, and goes on with those that it lacks. A store without a name is gone with the program.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import cached_property
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from sim.config.errors import InputError
from sim.engine.records import Array
from sim.experiment.cells import Cell, Job
from sim.experiment.differing import first_difference
from sim.experiment.replicate import AS_ASKED, Condition, Outcome, TaskResult
from sim.experiment.results_file import connect, damaged, told, writing
from sim.experiment.results_layout import SERIES, Frame, series_of

ANOTHER_REMEDY = "Ask for the same, or choose another --out, or take the file away"
BYTES_KEPT = 8_000_000
"""Of series that were read: tables, charts and files ask for the same ones."""
_FASTEST = 1
"""Level of packing: the next ones take twice as long and save a twentieth."""
_DESCRIBED = "described"
_DESCRIBING = ("documents", "cells", "conditions", "points", "scenarios")
_NUMBER = {name: number for number, name in enumerate(SERIES)}
Row = tuple[Any, ...]


class Results:
    """A results store.

    Args:
        path: the file; None for one without a name.
        read_only: nothing is written to it.

    Raises:
        InputError: it can't be used, or a part of it is not what was written.
    """

    def __init__(self, path: Path | None = None, *, read_only: bool = False) -> None:
        self.path = path
        self._connection: sqlite3.Connection | None = connect(path, read_only=read_only)
        self._kept: OrderedDict[tuple[int, int, str], Array] = OrderedDict()
        self._cells: list[Cell] = []
        if path is not None:
            try:
                self._check()
            except BaseException:
                self.close()
                raise

    def __enter__(self) -> Results:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; it is opened again where something is read from it."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def is_moved(self, path: Path) -> None:
        """The file, closed, has another name from here on."""
        self.path = path

    # What it holds ------------------------------------------------------------------------

    def manifest(self) -> dict[str, str]:
        """What is stated of the study so far, by name; each value is JSON."""
        stated: dict[str, str] = dict(self._all("SELECT name, value FROM manifest"))
        stated.pop(_DESCRIBED, None)
        return stated

    def missing(self, jobs: Iterable[Job]) -> list[Job]:
        """Those of some blocks that are not there yet."""
        finished = set(self._all("SELECT cell, key FROM blocks"))
        return [job for job in jobs if (job.cell.number, job.key) not in finished]

    def is_empty(self) -> bool:
        """Whether no block is there."""
        return not self._all("SELECT 1 FROM blocks LIMIT 1")

    def next_cell(self) -> tuple[int, int]:
        """Number of the next cell to be described, and of its first scenario."""
        return len(self._cells) + 1, sum(len(cell.plans) for cell in self._cells)

    def document(self, sha256: str) -> str:
        """A text that several rows refer to."""
        [(text,)] = self._all("SELECT text FROM documents WHERE sha256 = ?", sha256)
        return str(text)

    def rows(self, query: str, *values: object) -> list[Row]:
        """What a query gives."""
        return self._all(query, *values)

    # Writing ------------------------------------------------------------------------------

    def describe(self, manifest: Mapping[str, str], cells: Sequence[Cell]) -> None:
        """State what made the study, and the cells that it holds; what stands there stays.

        Args:
            manifest: what made it, by name; each value is JSON.
            cells: its cells, or further ones.
        """
        self._cells += cells
        asked = [_described(cell) for cell in cells]
        for cell, rows in zip(cells, asked, strict=True):
            self._refuse_another(cell, rows)
        there = self.manifest()
        if there == manifest and all(self._has(rows) for rows in asked):
            return
        with writing(self._open, self.path):
            self._insert("manifest", list(manifest.items()))
            for tables in asked:
                for table, listed in tables.items():
                    self._insert(table, listed)
            self._insert("manifest", [(_DESCRIBED, self._seal_of_description())])

    def write(self, job: Job, results: Sequence[TaskResult]) -> None:
        """Write one block.

        Args:
            job: what was to be run.
            results: what it gave.
        """
        block, first = self._next("blocks", "block"), self._next("runs", "run")
        runs, pieces = _rows_of(job, results, block, first)
        stated, draw = (block, job.cell.number, job.key, job.draw), (job.cell.drawn_as, job.draw)
        with writing(self._open, self.path):
            if draw not in self._drawn:
                drawn = job.cell.study.drawn(job.draw).items()
                self._insert("draws", [(*draw, key, value) for key, value in drawn])
            self._insert("blocks", [(*stated, _seal([stated, *runs, *pieces]))])
            self._insert("runs", runs)
            self._insert("pieces", pieces)
        self._drawn.add(draw)

    @cached_property
    def _drawn(self) -> set[tuple[int, int]]:
        """The draws that are there, by the cell that they are kept under."""
        return set(self._all("SELECT DISTINCT cell, draw FROM draws"))

    def _refuse_another(self, cell: Cell, tables: Mapping[str, list[Row]]) -> None:
        """Refuse to take a cell for one of other inputs: its blocks would stand beside these."""
        there = self._all("SELECT asked FROM cells WHERE cell = ?", cell.number)
        if not there or self._has(tables):
            return
        theirs = self._resolved(there[0][0], cell.number)
        texts: dict[str, str] = dict(tables["documents"])
        ours = _resolved(tables["cells"][0][2], texts.__getitem__, _configs(tables["scenarios"]))
        raise InputError(
            self.path or "the store", f"was begun with {first_difference(theirs, ours)}",
            ANOTHER_REMEDY,
        )  # fmt: skip

    def _resolved(self, asked: str, cell: int) -> dict[str, Any]:
        rows = self._all("SELECT * FROM scenarios WHERE cell = ? ORDER BY scenario", cell)
        return _resolved(asked, self.document, _configs(rows))

    def _has(self, tables: Mapping[str, list[Row]]) -> bool:
        """Whether a cell is described."""
        [cell] = tables["cells"]
        return self._all("SELECT * FROM cells WHERE cell = ?", cell[0]) == [cell]

    def _next(self, table: str, column: str) -> int:
        [(number,)] = self._all(f"SELECT coalesce(max({column}) + 1, 0) FROM {table}")
        return int(number)

    def _insert(self, table: str, rows: Sequence[Row]) -> None:
        """Add rows to a table, in place of those with the same keys."""
        if rows:
            places = ", ".join("?" * len(rows[0]))
            self._open.executemany(f"INSERT OR REPLACE INTO {table} VALUES ({places})", rows)

    # Reading ------------------------------------------------------------------------------

    def series(self, cell: Cell, place: int, condition: Condition, name: str) -> Array:
        """A series of all runs of a scenario, shape (pairs, ...); to read only.

        Args:
            cell: which cell.
            place: of the scenario in the cell.
            condition: under which they were run.
            name: in SERIES.

        Raises:
            InputError: a run that was asked for is not there.
        """
        scenario, number = cell.first + place, [*cell.pairs].index(condition)
        key = (scenario, number, name)
        if key not in self._kept:
            values = self._read(key, cell.frame, len(cell.lines[place]), cell.pairs[condition])
            self._keep(key, values)
        self._kept.move_to_end(key)
        return self._kept[key]

    def _keep(self, key: tuple[int, int, str], values: Array) -> None:
        self._kept[key] = values
        while len(self._kept) > 1 and sum(v.nbytes for v in self._kept.values()) > BYTES_KEPT:
            self._kept.popitem(last=False)

    def _read(self, key: tuple[int, int, str], frame: Frame, lines: int, pairs: int) -> Array:
        scenario, condition, name = key
        shape, largest = frame.shape(name, lines), frame.largest(name, lines)
        values = np.empty((pairs, *shape))
        filled = 0
        query = (
            "SELECT packed FROM pieces WHERE scenario = ? AND condition = ? AND series = ?"
            " ORDER BY block"
        )
        with told(self.path):
            for (packed,) in self._open.execute(query, (scenario, condition, _NUMBER[name])):
                piece = _unpacked(packed, largest, self.path).reshape(-1, *shape)[: pairs - filled]
                values[filled : filled + len(piece)] = piece
                filled += len(piece)
        if filled != pairs:
            raise InputError(
                self.path or "the store", f"holds {filled} of {pairs} runs of scenario {scenario}",
                "Run those that are missing with --resume",
            )  # fmt: skip
        values.flags.writeable = False
        return values

    def once_a_run(self, cell: Cell, place: int, column: str) -> Array:
        """A column of the table of runs, of those asked for, by pair."""
        query = (
            f"SELECT {column} FROM runs WHERE scenario = ? AND condition = 0 AND pair < ?"
            " ORDER BY pair"
        )
        found = self._all(query, cell.first + place, cell.pairs[AS_ASKED])
        return np.array([value for (value,) in found], dtype=np.float64)

    def pieces(
        self, shape_of: Callable[[int], tuple[Frame, int]]
    ) -> Iterator[tuple[int, int, int, dict[str, Array]]]:
        """All that is kept, in the order in which it was written.

        Args:
            shape_of: by scenario: names along its axes, and how many lines its ledger has.

        Yields:
            Block, scenario, condition, and by series the numbers of their runs.
        """
        rows = self._each("SELECT * FROM pieces ORDER BY rowid")
        for where, together in groupby(rows, key=lambda row: row[:3]):
            frame, lines = shape_of(where[1])
            found = {}
            for *_, series, packed in together:
                name = SERIES[series]
                numbers = _unpacked(packed, frame.largest(name, lines), self.path)
                found[name] = numbers.reshape(-1, *frame.shape(name, lines))
            yield *where, found

    # Inside -------------------------------------------------------------------------------

    @property
    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = connect(self.path, read_only=True)
        return self._connection

    def _all(self, query: str, *values: object) -> list[Row]:
        with told(self.path):
            return self._open.execute(query, values).fetchall()

    def _check(self) -> None:
        """Read everything once and hold it to the seals that were written with it.

        Raises:
            InputError: a block is not what was written.
        """
        found = self._all("PRAGMA integrity_check(1)")
        if found != [("ok",)]:
            raise damaged(self.path, str(found[0][0]))
        described = self._all("SELECT value FROM manifest WHERE name = ?", _DESCRIBED)
        if described and described != [(self._seal_of_description(),)]:
            raise damaged(self.path, "what it says of the study is not what was written")
        hashes, seals = {}, {}
        for *stated, seal in self._all("SELECT * FROM blocks"):
            hashes[stated[0]], seals[stated[0]] = _hash([tuple(stated)]), seal
        try:
            for row in self._each("SELECT * FROM runs ORDER BY rowid"):
                _add(hashes[row[1]], row)
            for row in self._each("SELECT * FROM pieces ORDER BY rowid"):
                _add(hashes[row[0]], row)
        except KeyError as missing:
            raise damaged(self.path, f"block {missing} is not there") from None
        for block, found in hashes.items():
            if found.hexdigest() != seals[block]:
                raise damaged(self.path, f"block {block} is not what was written")

    def _each(self, query: str) -> Iterator[Row]:
        with told(self.path):
            yield from self._open.execute(query)

    def _seal_of_description(self) -> str:
        stated = self._all("SELECT * FROM manifest WHERE name <> ? ORDER BY name", _DESCRIBED)
        return _seal([*stated, *(row for t in _DESCRIBING for row in self._all(
            f"SELECT * FROM {t} ORDER BY rowid"))])  # fmt: skip


def _seal(rows: Iterable[Row]) -> str:
    return str(_hash(rows).hexdigest())


def _hash(rows: Iterable[Row]) -> Any:
    found = hashlib.blake2b(digest_size=16)
    for row in rows:
        _add(found, row)
    return found


def _add(found: Any, row: Row) -> None:
    for value in row:
        found.update(value if isinstance(value, bytes) else repr(value).encode())
        found.update(b"\0")


def _rows_of(
    job: Job, results: Sequence[TaskResult], block: int, first: int
) -> tuple[list[Row], list[Row]]:
    """Rows of a block in the tables of runs and of pieces.

    Args:
        job: what was to be run.
        results: what it gave.
        block: its number.
        first: number of its first run.
    """
    runs: list[Row] = []
    pieces: list[Row] = []
    for condition_number, condition in enumerate(job.cell.pairs):
        found = [(r.pair, r.outcomes[condition]) for r in results if condition in r.outcomes]
        for place in range(len(job.cell.plans) if found else 0):
            scenario = job.cell.first + place
            outcomes = [(pair, by_scenario[place]) for pair, by_scenario in found]
            runs += [
                (
                    first + len(runs) + i, block, scenario, condition_number, job.draw, pair,
                    float(outcome.present_value_gbp), float(outcome.lower_rate_gbp),
                )
                for i, (pair, outcome) in enumerate(outcomes)
            ]  # fmt: skip
            pieces += [
                (block, scenario, condition_number, series, packed)
                for series, packed in _packed(
                    [outcome for _, outcome in outcomes],
                    len(job.cell.frame.dates),
                    whole=condition == AS_ASKED,
                )
            ]
    return runs, pieces


def _packed(
    outcomes: Sequence[Outcome], months: int, *, whole: bool
) -> Iterator[tuple[int, bytes]]:
    """Pieces of some runs of a scenario: the number of each series, and its numbers packed."""
    for same in zip(
        *(series_of(outcome, months, whole=whole) for outcome in outcomes), strict=True
    ):
        numbers = b"".join(values.tobytes() for _, values in same)
        yield same[0][0], zlib.compress(numbers, _FASTEST)


def _unpacked(packed: bytes, largest: int, path: Path | None) -> Array:
    """The numbers of a piece; no more than a piece may hold."""
    try:
        return np.frombuffer(zlib.decompressobj().decompress(packed, largest), dtype=np.float64)
    except (zlib.error, ValueError) as error:
        raise damaged(path, str(error)) from None


def _configs(scenarios: Iterable[Row]) -> dict[str, Any]:
    """Configs of scenarios, by key."""
    return {key: json.loads(config) for _, _, _, _, key, _, config, _ in scenarios}


def _resolved(
    asked: str, document: Callable[[str], str], scenarios: Mapping[str, Any]
) -> dict[str, Any]:
    """All that a cell was made from, texts in the place of their hashes."""
    found: dict[str, Any] = json.loads(asked)
    texts = {name: json.loads(document(found[name])) for name in ("council", "behaviour")}
    return found | texts | {"scenarios": scenarios}


def _described(cell: Cell) -> dict[str, list[Row]]:
    """The rows that say what a cell is, by table."""
    study, texts = cell.study, dict[str, str]()

    def kept(text: str) -> str:
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        texts[sha256] = text
        return sha256

    asked = {
        "council": kept(study.council.model_dump_json()),
        "behaviour": kept(study.behaviour.model_dump_json()),
        "seed": study.seed,
        "options": asdict(study.options),
        "fixed": study.fixed,
        "engine": study.engine,
    }
    points = {point.number: point for point in cell.points if point is not None}
    tables: dict[str, list[Row]] = {
        "cells": [
            (cell.number, cell.digest, json.dumps(asked), kept(cell.frame.text()), cell.drawn_as)
        ],
        "conditions": [
            (cell.number, i, condition.demand, json.dumps(condition.fixed), condition.loop, pairs)
            for i, (condition, pairs) in enumerate(cell.pairs.items())
        ],
        "points": [
            (point.number, key, value) for point in points.values() for key, value in point.values
        ],
        "scenarios": [
            (
                cell.first + place, cell.number, place, point.number if point else 0, scenario.key,
                scenario.name, scenario.model_dump_json(), kept(json.dumps(lines)),
            )
            for place, (point, scenario, lines) in enumerate(
                zip(cell.points, study.scenarios, cell.lines, strict=True)
            )
        ],
    }  # fmt: skip
    return {"documents": list(texts.items()), **tables}
