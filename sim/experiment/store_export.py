"""Export of a results store for Power BI, R or pandas: one CSV or Parquet file a table."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

import duckdb

from sim.experiment.csv_text import FORMULA, NUMBER
from sim.experiment.store_layout import TIDY
from sim.experiment.store_open import connect, opening, read_through, reason_of


class Format(StrEnum):
    """Formats of exported files."""

    CSV = "csv"
    PARQUET = "parquet"


_OPTIONS = {Format.CSV: "FORMAT csv, HEADER", Format.PARQUET: "FORMAT parquet, COMPRESSION zstd"}

_QUERIES = {
    "manifest": "SELECT * FROM manifest ORDER BY name",
    "indicators": "SELECT * FROM indicators",
    "points": "SELECT * FROM points ORDER BY point, rowid",
    "scenarios": "SELECT * FROM scenarios ORDER BY scenario",
    "draws": "SELECT * FROM draws ORDER BY draw, rowid",
    "runs": "SELECT * FROM runs ORDER BY run",
    "monthly": TIDY,
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
    # Sorting may take more than memory holds; the folder for it is gone when it is closed.
    connection = connect(study, read_only=True, spill=folder / "spill")
    try:
        return [_copy(connection, study, table, kind, folder) for table in _QUERIES]
    finally:
        connection.close()


def _copy(
    connection: duckdb.DuckDBPyConnection, study: Path, table: str, kind: Format, folder: Path
) -> str:
    """Write one table; the name of its file."""
    name, query = f"{table}.{kind.value}", _QUERIES[table]
    with opening(study):
        written = _without_formulas(connection, query) if kind is Format.CSV else query
        try:
            connection.execute(f"COPY ({written}) TO ? ({_OPTIONS[kind]})", [str(folder / name)])
        except duckdb.IOException as error:
            reason = reason_of(error)
        else:
            return name
    # Raised of what is read as of what is written: it is the study's fault if it can't be read.
    read_through(connection, study)
    raise OSError(reason)


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
