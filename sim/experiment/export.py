"""Export of a results store: CSV or Parquet files, one a table, or one DuckDB file.

The tables are built in a DuckDB file, block by block, so that memory stays bounded.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from sim.engine.records import Array
from sim.experiment.csv_text import FORMULA, NUMBER
from sim.experiment.export_layout import LEDGER_COLUMNS, TABLES, YEARLY_COLUMNS, statements
from sim.experiment.results import Results
from sim.experiment.results_layout import INDICATOR_NAMES, MONEY, Frame
from sim.outcomes.indicators import INDICATORS
from sim.outcomes.line_money import LINE_MONEY, agency_spend, permanent_pay

DATABASE = "study.duckdb"
OLDEST = "v1.2.0"
"""The oldest DuckDB that opens an exported file: left to itself, a DuckDB may write what those of a
year ago refuse, and what planners read with is seldom the newest."""
_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": "256MB",
    "threads": 1,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
"""Memory stays bounded, and nothing is ever fetched from a network."""
Columns = dict[str, Any]


class Format(StrEnum):
    """Formats of exported files."""

    CSV = "csv"
    PARQUET = "parquet"
    DUCKDB = "duckdb"


_OPTIONS = {Format.CSV: "FORMAT csv, HEADER", Format.PARQUET: "FORMAT parquet, COMPRESSION zstd"}
_QUERIES = {
    "manifest": "SELECT * FROM manifest ORDER BY name",
    "indicators": "SELECT * FROM indicators",
    "conditions": "SELECT * FROM conditions ORDER BY cell, condition",
    "points": "SELECT * FROM points ORDER BY point, rowid",
    "scenarios": "SELECT * FROM scenarios ORDER BY scenario",
    "draws": "SELECT * FROM draws ORDER BY cell, draw, rowid",
    "runs": "SELECT * FROM runs ORDER BY run",
    "monthly": "SELECT * FROM monthly",
    "yearly": "SELECT * FROM yearly ORDER BY run, financial_year",
    "ledger": "SELECT * FROM ledger ORDER BY run, financial_year, rowid",
}
"""What each exported file holds."""


def export(study: Path, kind: Format, folder: Path) -> list[str]:
    """Write every table of a study to a folder.

    Args:
        study: the store.
        kind: format of the files.
        folder: where they go; it is there.

    Returns:
        Names of the files.

    Raises:
        InputError: the study can't be read.
        OSError: a file can't be written.
    """
    database = folder / DATABASE
    with Results(study, read_only=True) as results, _writing():
        connection = duckdb.connect(config=_SETTINGS | {"temp_directory": str(folder / "spill")})
        try:
            connection.execute(f"ATTACH ? AS study (STORAGE_VERSION '{OLDEST}')", [str(database)])
            connection.execute("USE study")
            _fill(connection, results)
            if kind is Format.DUCKDB:
                return [DATABASE]
            names = [_copy(connection, table, kind, folder) for table in _QUERIES]
        finally:
            connection.close()
        database.unlink()
    return names


@contextmanager
def _writing() -> Iterator[None]:
    """What DuckDB raises here is of what is written: the study is read without it.

    Raises:
        OSError: a file can't be written.
    """
    try:
        yield
    except duckdb.Error as error:
        text = (str(error).splitlines() or [type(error).__name__])[0]
        if "interrupt" in text.lower():  # Ctrl-C, as DuckDB passes it on
            raise KeyboardInterrupt from None
        raise OSError(text.partition(" Error: ")[2] or text) from None


def _fill(connection: duckdb.DuckDBPyConnection, results: Results) -> None:
    for statement in statements():
        connection.execute(statement)
    _insert(connection, "indicators", {
        "name": [*INDICATOR_NAMES],
        "label": [indicator.label for indicator in INDICATORS],
        "unit": [indicator.unit.value for indicator in INDICATORS],
        "definition": [indicator.definition for indicator in INDICATORS],
    })  # fmt: skip
    _insert_rows(connection, "manifest", sorted(results.manifest().items()))
    for table in ("conditions", "points", "scenarios", "draws", "runs"):
        names = _names(table)
        listed = ", ".join(names)
        order = "draw, rowid" if table == "draws" else "rowid"
        rows = results.rows(f"SELECT {listed} FROM {table} ORDER BY {order}")
        _insert_rows(connection, table, rows)
    for run, frame, lines, series in _runs(results):
        for table, columns in _tables(run, frame, lines, series).items():
            _insert(connection, table, columns)


def _names(table: str) -> list[str]:
    return [column.split()[0].strip('"') for column in TABLES[table].split(", ")]


def _runs(
    results: Results,
) -> Iterator[tuple[int, Frame, list[str], dict[str, Array]]]:
    """Every run: its number, the names along its axes, the lines of its ledger, its series."""
    frames = {
        scenario: (Frame.read(results.document(frame)), json.loads(results.document(lines)))
        for scenario, frame, lines in results.rows(
            "SELECT scenario, frame, lines FROM scenarios JOIN cells USING (cell)"
        )
    }
    numbers: dict[tuple[int, int, int], list[int]] = {}
    for run, *where in results.rows(
        "SELECT run, block, scenario, condition FROM runs ORDER BY run"
    ):
        numbers.setdefault((where[0], where[1], where[2]), []).append(run)
    for block, scenario, condition, series in results.pieces(
        lambda scenario: (frames[scenario][0], len(frames[scenario][1]))
    ):
        for place, run in enumerate(numbers[block, scenario, condition]):
            own = {name: values[place] for name, values in series.items()}
            yield run, *frames[scenario], own


def _tables(
    run: int, frame: Frame, lines: list[str], series: dict[str, Array]
) -> dict[str, Columns]:
    """The rows of one run, by table."""
    teams, months = len(frame.teams), len(frame.dates)
    monthly: Columns = {
        "run": np.full(teams * months, run, np.uint32),
        "date": np.tile(np.array(frame.dates, "datetime64[us]"), teams),
        "team": [team for team in frame.teams for _ in range(months)],
    }
    monthly |= {name: series[name].ravel() for name in INDICATOR_NAMES}
    if "money" not in series:
        return {"monthly_wide": monthly}
    money = dict(zip(MONEY, series["money"], strict=True))
    years = [*frame.years]
    by_year = (
        money["planned_gbp"].sum(axis=1), money["spent_gbp"].sum(axis=1), permanent_pay(money),
        agency_spend(money), series["changes_of_worker"],
    )  # fmt: skip
    by_line = (money["planned_gbp"], money["spent_gbp"], *(money[name] for name in LINE_MONEY))
    yearly: Columns = {"run": [run] * len(years), "financial_year": years}
    ledger: Columns = {
        "run": [run] * len(years) * len(lines),
        "financial_year": [year for year in years for _ in lines],
        "line": [*lines] * len(years),
    }
    return {
        "monthly_wide": monthly,
        "yearly": yearly | dict(zip(YEARLY_COLUMNS, by_year, strict=True)),
        "ledger": ledger
        | dict(zip(LEDGER_COLUMNS, (table.ravel() for table in by_line), strict=True)),
    }


def _insert_rows(
    connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Sequence[Any]]
) -> None:
    columns = zip(*rows, strict=True) if rows else []
    _insert(connection, table, dict(zip(_names(table), map(list, columns), strict=False)))


def _insert(connection: duckdb.DuckDBPyConnection, table: str, columns: Columns) -> None:
    """Append columns to a table; names of both are this program's own."""
    if not columns:
        return
    listed = ", ".join(f'"{name}"' for name in columns)
    connection.register("incoming", {name: _array(values) for name, values in columns.items()})
    connection.execute(f"INSERT INTO {table} ({listed}) SELECT {listed} FROM incoming")
    connection.unregister("incoming")


def _array(values: Any) -> Array:
    """An array that DuckDB takes as a column: text as objects, everything else as it is."""
    if isinstance(values, np.ndarray):
        return np.ascontiguousarray(values)
    text = any(isinstance(value, str) or value is None for value in values)
    return np.array(values, dtype=object) if text else np.array(values)


def _copy(connection: duckdb.DuckDBPyConnection, table: str, kind: Format, folder: Path) -> str:
    """Write one table; the name of its file."""
    name, query = f"{table}.{kind.value}", _QUERIES[table]
    written = _without_formulas(connection, query) if kind is Format.CSV else query
    connection.execute(f"COPY ({written}) TO ? ({_OPTIONS[kind]})", [str(folder / name)])
    return name


def _without_formulas(connection: duckdb.DuckDBPyConnection, query: str) -> str:
    """A query whose text is written as sim.experiment.csv_text writes it."""
    columns = connection.execute(f"DESCRIBE {query}").fetchall()
    texts = [name for name, kind, *_ in columns if kind == "VARCHAR"]
    formula, number = (pattern.replace("'", "''") for pattern in (FORMULA, NUMBER))
    replaced = ", ".join(
        f"CASE WHEN regexp_matches({name}, '{formula}')"
        f" AND NOT regexp_full_match({name}, '{number}')"
        f" THEN chr(39) || {name} ELSE {name} END AS {name}"
        for name in texts
    )
    return f"SELECT * REPLACE ({replaced}) FROM ({query})" if texts else query
