"""The file of a results store: how it is opened and written, and what is said of faults."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sim.config.errors import InputError
from sim.experiment.results_layout import VERSION, statements
from sim.experiment.signals import endings_held_back

APPLICATION = 0x43484C44
"""By which SQLite files of this program are known ("CHLD")."""
PAGE_BYTES = 16384
_CACHE_KIB = 4096
_BEGUN = b"SQLite format 3\x00"


def connect(path: Path | None, *, read_only: bool = False) -> sqlite3.Connection:
    """A connection to a store that exists, or, for writing, to one that is made by this.

    Args:
        path: the file; None for one without a name, which is gone with the program.
        read_only: nothing is written to it.

    Raises:
        InputError: it is missing, no study, in use, or of another version.
    """
    if path is not None and read_only and not path.is_file():
        raise InputError(path, "is no file", "Name a study that this program has written")
    with told(path):
        connection = _opened(path, read_only)
        try:
            # A file of somebody else's must run nothing of its own.
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
            if not read_only:
                _prepare(connection, has_name=path is not None)
            _refuse_another(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


def _opened(path: Path | None, read_only: bool) -> sqlite3.Connection:
    options = {"isolation_level": None, "check_same_thread": False, "timeout": 0.0}
    if path is None:
        return sqlite3.connect("", **options)  # type: ignore[arg-type]
    # One whose program was killed is mended as it is opened.
    was_killed = path.with_name(f"{path.name}-journal").exists()
    mode = "rw" if read_only and was_killed else "ro" if read_only else "rwc"
    address = f"{path.absolute().as_uri()}?mode={mode}"
    return sqlite3.connect(address, uri=True, **options)  # type: ignore[arg-type]


def _prepare(connection: sqlite3.Connection, *, has_name: bool) -> None:
    """Take the file for this program alone; make the tables where there are none."""
    connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
    if has_name:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    else:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
    connection.execute("BEGIN EXCLUSIVE")
    if not connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
        for statement in statements():
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("COMMIT")


def _refuse_another(connection: sqlite3.Connection, path: Path | None) -> None:
    [(application,)] = connection.execute("PRAGMA application_id").fetchall()
    if application != APPLICATION:
        raise InputError(_named(path), "is a database, but no study",
                         "Name a study that this program has written")  # fmt: skip
    [(version,)] = connection.execute("PRAGMA user_version").fetchall()
    if version != VERSION:
        raise InputError(
            _named(path), f"has layout {version} of the store, where this version reads {VERSION}",
            "Use the version of caseholder that wrote it, or run it anew in another folder",
        )  # fmt: skip
    rows = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    if {sql for (sql,) in rows} != set(statements()):
        raise damaged(path, "its tables are not those that were made")


@contextmanager
def writing(connection: sqlite3.Connection, path: Path | None) -> Iterator[None]:
    """A transaction: all that is written in it stays, or nothing of it.

    Raises:
        InputError: the disk is full, or the file can't be written for another reason.
    """
    with endings_held_back(), told(path):
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction and path is not None:
                connection.execute("ROLLBACK")
            raise


@contextmanager
def told(path: Path | None) -> Iterator[None]:
    """What SQLite raises becomes one line.

    Raises:
        InputError: saying what is wrong.
    """
    try:
        yield
    except MemoryError:
        raise InputError(_named(path), "needs more memory than there is; finished blocks are kept",
                         "Close other programs, then go on with --resume") from None  # fmt: skip
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        raise _fault(path, code, str(error)) from None


_IN_USE = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_UNWRITTEN = (
    sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN,
)  # fmt: skip


def _fault(path: Path | None, code: int, reason: str) -> InputError:
    if code in _IN_USE:
        return InputError(_named(path), "is in use by another program",
                          "Wait until it has ended, or end it")  # fmt: skip
    if code == sqlite3.SQLITE_CORRUPT:
        return damaged(path, reason)
    if code in _UNWRITTEN and path is None:
        return InputError(
            "the folder for temporary files", f"has no room for the runs ({reason})",
            "Make room there, name another folder in TMPDIR, or run fewer pairs",
        )  # fmt: skip
    if code in _UNWRITTEN:
        return InputError(_named(path), f"can't be written ({reason}); finished blocks are kept",
                          "Make room on the disk, then go on with --resume")  # fmt: skip
    return InputError(_named(path), f"can't be read as a study ({reason})",
                      "Use a copy of the file from before, or a new folder")  # fmt: skip


def damaged(path: Path | None, what: str) -> InputError:
    """A part of a file that is not what was written."""
    remedy = "Use a copy of the file from before, or run it anew in another folder"
    return InputError(_named(path), f"is damaged: {what}", remedy)


def _named(path: Path | None) -> Path | str:
    return path or "the folder for temporary files"
