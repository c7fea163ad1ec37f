"""Room for the tables of many runs: in memory, or, where they are large, in a file beside it."""

from __future__ import annotations

import math
import mmap
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import numpy as np

from sim.config.errors import InputError
from sim.engine.records import Array

LARGEST_IN_MEMORY = 1_000_000
"""Bytes of a table above which it goes into a file."""
_files: weakref.WeakSet[mmap.mmap] = weakref.WeakSet()


class Room:
    """Tables of one shape, one a run, kept so that one indicator of all runs lies together.

    Args:
        rows: how many runs.
        shape: of one table, indicators first.
    """

    def __init__(self, rows: int, shape: tuple[int, ...]) -> None:
        self._shape = (shape[0], rows, *shape[1:])
        self._filled = 0
        self._bytes_a_table = 8 * math.prod(shape[1:])
        large = 8 * math.prod(self._shape) > LARGEST_IN_MEMORY
        self._values = None if large else np.empty(self._shape)
        self._file = _nameless_file() if large else None

    def add(self, table: Array) -> None:
        """The table of the next run.

        Raises:
            InputError: the disk has no room for it.
        """
        if self._values is not None:
            self._values[:, self._filled] = table
        for indicator in range(self._shape[0] if self._file is not None else 0):
            self._write(indicator, self._filled, table[indicator])
        self._filled += 1

    def fill(self, indicator: int, values: Array) -> None:
        """One indicator of all runs.

        Raises:
            InputError: the disk has no room for it.
        """
        if self._values is not None:
            self._values[indicator] = values
        else:
            self._write(indicator, 0, values)

    @property
    def rows(self) -> Array:
        """All of it once it is filled, shape (runs, indicators, ...); not to be written to."""
        if self._values is None:
            self._values = self._mapped()
        return self._values.swapaxes(0, 1)

    def _mapped(self) -> Array:
        """The file as memory, which stands for it from here on: programs may open only so many."""
        assert self._file is not None
        with _no_room_told():
            self._file.flush()
        mapped = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
        _files.add(mapped)
        self._file.close()
        self._file = None
        return np.frombuffer(mapped, dtype=np.float64).reshape(self._shape)

    def _write(self, indicator: int, row: int, values: Array) -> None:
        assert self._file is not None
        with _no_room_told():
            self._file.seek((indicator * self._shape[1] + row) * self._bytes_a_table)
            self._file.write(values.tobytes())


def _nameless_file() -> IO[bytes]:
    """A file that is gone with the program.

    It is written as a file is: memory that stands for a file would fill with all of it.
    """
    return tempfile.TemporaryFile(prefix="caseholder-")


def release() -> None:
    """Let go of the memory in which tables' files were read; they are read again where needed.

    Whoever has taken in numbers of many runs calls it: together they could fill the memory.
    """
    how = getattr(mmap, "MADV_DONTNEED", None)
    if how is not None:
        for file in _files:
            file.madvise(how)


@contextmanager
def _no_room_told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InputError(
            tempfile.gettempdir(), f"has no room for the tables of so many runs ({error.strerror})",
            "Make room there, name another folder in TMPDIR, or run fewer pairs",
        ) from None  # fmt: skip
