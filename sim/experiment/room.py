"""Room for the tables of many runs: in memory, or, where they are large, in a file beside it."""

from __future__ import annotations

import math
import mmap
import tempfile
import weakref

import numpy as np

from sim.config.errors import InputError
from sim.engine.records import Array

LARGEST_IN_MEMORY = 16_000_000
"""Bytes of a table above which it goes into a file."""
_ROWS_BEFORE_RELEASE = 64
_ONE_MEGABYTE = bytes(2**20)
_files: weakref.WeakSet[mmap.mmap] = weakref.WeakSet()


class Room:
    """Tables of one shape, one a run, kept so that one indicator of all runs lies together.

    Args:
        rows: how many runs.
        shape: of one table, indicators first.

    Raises:
        InputError: the disk has no room for them.
    """

    def __init__(self, rows: int, shape: tuple[int, ...]) -> None:
        self._values = _space((shape[0], rows, *shape[1:]))
        self._filled = 0

    def add(self, table: Array) -> None:
        """The table of the next run."""
        self._values[:, self._filled] = table
        self._filled += 1
        if self._filled % _ROWS_BEFORE_RELEASE == 0:
            release()

    def fill(self, indicator: int, values: Array) -> None:
        """One indicator of all runs."""
        self._values[indicator] = values

    @property
    def rows(self) -> Array:
        """All of it, shape (runs, indicators, ...)."""
        return self._values.swapaxes(0, 1)


def release() -> None:
    """Let go of the memory in which files have been read or written; their contents stay."""
    how = getattr(mmap, "MADV_DONTNEED", None)
    if how is not None:
        for file in _files:
            file.madvise(how)


def _space(shape: tuple[int, ...]) -> Array:
    size = 8 * math.prod(shape)
    if size <= LARGEST_IN_MEMORY:
        return np.empty(shape)
    try:
        # The file has no name, and is gone with the program. Its room is taken now: a disk that
        # fills up under a file that only claims to be so long would end the program.
        with tempfile.TemporaryFile(prefix="caseholder-") as file:
            for _ in range(-(-size // len(_ONE_MEGABYTE))):
                file.write(_ONE_MEGABYTE)
            file.flush()
            mapped = mmap.mmap(file.fileno(), size)
    except OSError as error:
        raise InputError(
            tempfile.gettempdir(), f"has no room for the tables ({error.strerror})",
            "Make room there, name another folder in TMPDIR, or run fewer pairs",
        ) from None  # fmt: skip
    _files.add(mapped)
    return np.frombuffer(mapped, dtype=np.float64).reshape(shape)
