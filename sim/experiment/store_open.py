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
    "memory_limit": "128MB",
    "checkpoint_threshold": "8MB",
    "max_vacuum_tasks": 0,
    "temp_directory": "",
    "threads": 1,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
"""Memory stays bounded, runs keep the processors, and nothing is ever fetched from a network.

What a checkpoint holds at once must fit: all that stands in the log, and a block of 256 KB for each
column of the widest table, some 17 MB. Opening a study whose program was killed takes as much.
DuckDB would also put together small groups of rows that earlier checkpoints wrote, several at a
time in memory; they stay as they are instead. With that, 48 MB have been enough for all
studies tried, to some 250 MB; at 32 MB, and a log of 16 MB, no study of 34 MB could be resumed.

DuckDB's folder for what memory does not hold would lie, hidden, wherever the program was begun: who
needs one names it.
"""


def connect(
    path: Path, *, read_only: bool = False, spill: Path | None = None
) -> duckdb.DuckDBPyConnection:
    """A connection to a store that exists, or, for writing, to one that is made by this.

    One that is to be written to is read through first: nothing is added to a damaged one.

    Args:
        path: the file.
        read_only: nothing is written to it.
        spill: a folder, made where needed and gone at the end, for what memory does not hold.

    Raises:
        InputError: it is missing, damaged, in use, of another program or of another version.
    """
    if read_only and not path.is_file():
        raise InputError(path, "is no file", "Name a study.duckdb that a sweep has written")
    if not read_only:
        _forget_stillborn(path)
    settings = _SETTINGS if spill is None else _SETTINGS | {"temp_directory": str(spill)}
    with opening(path):
        connection = duckdb.connect(config=settings)
    try:
        with opening(path):
            rights = "READ_ONLY" if read_only else f"ROW_GROUP_SIZE {ROWS_TOGETHER}"
            if not path.exists():
                rights += f", STORAGE_VERSION '{STORAGE_VERSION}'"
            connection.execute(f"ATTACH ? AS study ({rights})", [str(path)])
            connection.execute("USE study")
            _make_or_check(connection, path)
            if not read_only:
                read_through(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


ROWS_TOGETHER = 20_480
"""Rows that are compressed together: some fifty runs. DuckDB's usual 122,880 would be written anew,
half full, again and again, and be held in memory meanwhile."""
STORAGE_VERSION = "v1.2.0"
"""The oldest DuckDB that opens a study. Left to itself, a DuckDB may write what those of a year ago
refuse, and what planners read studies with is seldom the newest. It costs neither time nor room. A
study that is there keeps what it was begun with."""
_HEADERS = 3 * 4096
"""Bytes of a file of DuckDB's before anything is in it."""
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
        with opening(path):
            yield connection
    finally:
        connection.close()


def read_through(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Read every value once: DuckDB holds each block that it reads to the checksum it wrote.

    Raises:
        InputError: a block is not what was written.
    """
    with opening(path):
        for table in TABLES:
            connection.execute(f"SELECT bit_xor(hash({table})) FROM {table}").fetchall()


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
        except (duckdb.Error, MemoryError) as error:
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
    except (duckdb.Error, MemoryError) as error:
        raise _unwritten(path, error) from None


def _unwritten(path: Path, error: Exception) -> Exception:
    """What a failed write is told as; the error itself where it is this program's own."""
    told = _known_trouble(path, error)
    if told is None and isinstance(error, UNWRITTEN):
        told = InputError(
            path, f"can't be written ({reason_of(error)}); finished blocks are kept",
            "Make room on the disk, then go on with --resume",
        )  # fmt: skip
    return told or error


@contextmanager
def opening(path: Path) -> Iterator[None]:
    """What DuckDB raises while a study is read becomes one line.

    Raises:
        InputError: saying what is wrong.
    """
    try:
        yield
    except (duckdb.Error, OSError, RuntimeError, MemoryError) as error:
        if "interrupt" in str(error).lower():  # Ctrl-C, as DuckDB passes it on
            raise KeyboardInterrupt from None
        raise _known_trouble(path, error) or InputError(
            path, f"can't be read as a study ({reason_of(error)})",
            "Use the DuckDB that wrote it, a copy of the file, or a new folder",
        ) from None  # fmt: skip


_TROUBLES: tuple[tuple[tuple[str, ...], str, str], ...] = (
    # What DuckDB says of a file that is open elsewhere on Linux and macOS, and on Windows.
    (("set lock", "another process"), "is in use by another program",
     "Wait until it has ended, or end it"),
    (("corrupt", "checksum"), "is damaged: a part of it is not what was written ({text})",
     "Use a copy of the file from before, or sweep anew in another folder"),
    (("failed to pin block", "outofmemory", "could not allocate", "failed to allocate",
      "memoryerror", "bad_alloc"),
     "needs more memory than there is ({text}); finished blocks are kept",
     "Close other programs, then go on with --resume"),
)  # fmt: skip
"""Words by which troubles are told apart, and what is said of each: DuckDB raises the same kinds of
error for several of them."""


def _known_trouble(path: Path, error: Exception) -> InputError | None:
    text = reason_of(error)
    for signs, problem, remedy in _TROUBLES:
        if any(sign in f"{type(error).__name__} {text}".lower() for sign in signs):
            return InputError(path, problem.format(text=text), remedy)
    return None


def reason_of(error: Exception) -> str:
    """The first line of what DuckDB says, without its kind."""
    first = (str(error).splitlines() or [type(error).__name__])[0]
    return first.partition(" Error: ")[2] or first


def _forget_stillborn(path: Path) -> None:
    """Take away a file whose program was killed as it began it: not even its headers are there."""
    if not path.is_file() or path.stat().st_size >= _HEADERS:
        return
    begun = path.read_bytes()
    if not begun or begun[8:12] == b"DUCK":
        path.unlink()


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
