"""Opening a results store, and what is said where it can't be opened, read or written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from sim.config.errors import InputError
from sim.experiment.signals import endings_held_back
from sim.experiment.store_layout import TABLES, VERSION, statements

_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": "32MB",
    "threads": 1,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
"""Memory stays bounded, runs keep the processors, and nothing is ever fetched from a network."""


def connect(path: Path, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """A connection to a store that exists, or, for writing, to one that is made by this.

    Raises:
        InputError: it is missing, damaged, in use, of another program or of another version.
    """
    if read_only and not path.is_file():
        raise InputError(path, "is no file", "Name a study.duckdb that a sweep has written")
    with _opening(path):
        connection = duckdb.connect(config=_SETTINGS)
    try:
        with _opening(path):
            rights = "READ_ONLY" if read_only else f"ROW_GROUP_SIZE {ROWS_TOGETHER}"
            connection.execute(f"ATTACH ? AS study ({rights})", [str(path)])
            connection.execute("USE study")
            _make_or_check(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


ROWS_TOGETHER = 20_480
"""Rows that are compressed together: some fifty runs. DuckDB's usual 122,880 would be written anew,
half full, again and again, and be held in memory meanwhile."""
_IN_USE = ("set lock", "another process")
"""What DuckDB says on Linux and macOS, and on Windows."""
UNWRITTEN = (duckdb.OperationalError, duckdb.FatalException)
"""What DuckDB raises where a disk takes nothing more; other errors are this program's own."""


@contextmanager
def reading(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a finished or unfinished study, for reading.

    Raises:
        InputError: it is missing, damaged, in use, of another program or of another version.
    """
    connection = connect(path, read_only=True)
    try:
        with _opening(path):
            yield connection
    finally:
        connection.close()


@contextmanager
def writing(connection: duckdb.DuckDBPyConnection, path: Path) -> Iterator[None]:
    """A transaction: all that is written in it stays, or nothing of it.

    Raises:
        InputError: the disk is full, or the file can't be written for another reason.
    """
    with endings_held_back():
        try:
            connection.execute("BEGIN")
            yield
            connection.execute("COMMIT")
        except UNWRITTEN as error:
            # A database that failed to write takes no more: its transaction ends with it.
            raise _unwritten(path, error) from None


def close(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Close a connection that was written to.

    Raises:
        InputError: what is left can't be written; the finished blocks are kept.
    """
    try:
        with endings_held_back():
            connection.close()
    except UNWRITTEN as error:
        raise _unwritten(path, error) from None


def _unwritten(path: Path, error: duckdb.Error) -> InputError:
    return InputError(
        path, f"can't be written ({reason_of(error)}); finished blocks are kept",
        "Make room on the disk, then go on with --resume",
    )  # fmt: skip


@contextmanager
def _opening(path: Path) -> Iterator[None]:
    try:
        yield
    except (duckdb.Error, OSError, RuntimeError) as error:
        text = reason_of(error)
        if "interrupt" in str(error).lower():  # Ctrl-C, as DuckDB passes it on
            raise KeyboardInterrupt from None
        if any(words in text.lower() for words in _IN_USE):
            raise InputError(
                path, "is in use by another program", "Wait until it has ended, or end it"
            ) from None
        raise InputError(
            path, f"can't be read as a study ({text})",
            "Use the DuckDB that wrote it, a copy of the file, or a new folder",
        ) from None  # fmt: skip


def reason_of(error: Exception) -> str:
    """The first line of what DuckDB says, without its kind."""
    first = (str(error).splitlines() or [type(error).__name__])[0]
    return first.partition(" Error: ")[2] or first


def _make_or_check(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    # Only tables: a view could make a file of somebody else's read other files of this machine.
    query = "SELECT table_name FROM duckdb_tables() WHERE database_name = 'study'"
    found = {name for (name,) in connection.execute(query).fetchall()}
    if not found:
        _make(connection, path)
        return
    if "manifest" not in found:
        raise InputError(
            path, "is a database, but no study", "Name a file that a sweep has written"
        )
    version = connection.execute(
        "SELECT value FROM manifest WHERE name = 'layout_version'"
    ).fetchall()
    if version != [(str(VERSION),)]:
        written = version[0][0] if version else "none"
        raise InputError(
            path, f"has layout {written} of the store, where this version reads {VERSION}",
            "Use the version of caseholder that wrote it, or sweep anew in another folder",
        )  # fmt: skip
    missing = sorted(set(TABLES) - found)
    if missing:
        raise InputError(path, f"lacks the table {missing[0]}", "It is damaged: sweep anew")


def _make(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    try:
        connection.execute("BEGIN")
        for statement in statements():
            connection.execute(statement)
        connection.execute("INSERT INTO manifest VALUES ('layout_version', ?)", [str(VERSION)])
        connection.execute("COMMIT")
    except duckdb.InvalidInputException:
        raise InputError(path, "holds no study", "Name a file that a sweep has written") from None
