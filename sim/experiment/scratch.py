"""Hidden folders for what is being made: gone with the program, or, if killed, with the next.

Beside each lies a lock file that its program holds as long as it lives: the system lets go of it
however the program ends. SQLite locks on every system that Python runs on, Windows too.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sim.experiment.signals import interrupts_ignored

_PREFIX, _LOCK = ".caseholder-", ".lock"


@contextmanager
def scratch_folder(target: Path) -> Iterator[Path]:
    """A new hidden folder inside `target`, gone when this is left.

    Raises:
        OSError: it can't be made.
    """
    lock, held = _new_lock(target)
    folder = lock.with_suffix("")
    try:
        folder.mkdir()
        yield folder
    finally:
        with interrupts_ignored():
            shutil.rmtree(folder, ignore_errors=True)
            if held is not None:
                held.close()
            with suppress(OSError):
                lock.unlink(missing_ok=True)


def remove_left_behind(target: Path) -> list[Path]:
    """Remove the hidden folders of programs that are gone.

    Returns:
        Those that were removed.
    """
    removed = []
    for lock in sorted(target.glob(f"{_PREFIX}*{_LOCK}")):
        held = _taken(lock)
        if held is None:
            continue
        folder = lock.with_suffix("")
        with closing(held):
            was_there = folder.is_dir()
            shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            with suppress(OSError):
                lock.unlink(missing_ok=True)
            removed += [folder] if was_there else []
    return removed


def _new_lock(target: Path) -> tuple[Path, sqlite3.Connection | None]:
    """A lock file with a name of its own, and the lock; None where the disk knows no locks.

    Without a lock nobody can tell whether its program lives: the file then goes at once, so that
    nobody takes the folder for one left behind.
    """
    while True:
        handle, name = tempfile.mkstemp(prefix=_PREFIX, suffix=_LOCK, dir=target)
        os.close(handle)
        lock = Path(name)
        held = _taken(lock)
        if held is None:
            lock.unlink(missing_ok=True)
            return lock, None
        # Another program may have taken it for one left behind before it was held.
        if lock.exists():
            return lock, held
        held.close()


def _taken(lock: Path) -> sqlite3.Connection | None:
    """A lock file held until this is closed or the program ends; None where another holds it."""
    try:
        held = sqlite3.connect(lock, timeout=0, isolation_level=None, check_same_thread=False)
    except sqlite3.Error:
        return None
    try:
        held.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error:
        held.close()
        return None
    return held
