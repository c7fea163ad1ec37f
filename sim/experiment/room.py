"""Room for the tables of many runs: in memory, or, where they are large, in a file beside it."""

from __future__ import annotations

import math
import mmap
import tempfile
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate, pairwise
from typing import IO

import numpy as np

from sim.config.errors import InputError
from sim.engine.records import Array

LARGEST_IN_MEMORY = 100_000
"""Bytes of the tables above which they go into a file."""
_BYTES = 8
_files: weakref.WeakSet[mmap.mmap] = weakref.WeakSet()


class Room:
    """Tables of several places, one of each a run: a place's runs lie together, by indicator.

    One file holds the tables of all places, as programs may open only so many.

    Args:
        rows: how many runs.
        shapes: by place: of one run's table, indicators first.
    """

    def __init__(self, rows: int, shapes: Sequence[tuple[int, ...]]) -> None:
        self._shapes = [(shape[0], rows, *shape[1:]) for shape in shapes]
        edges = list(accumulate(map(math.prod, self._shapes), initial=0))
        self._spans = [slice(*span) for span in pairwise(edges)]
        self._filled = 0
        large = _BYTES * edges[-1] > LARGEST_IN_MEMORY
        self._values: Array | None = None if large else np.empty(edges[-1])
        self._file = _nameless_file() if large else None

    def add(self, tables: Sequence[Array]) -> None:
        """The next run's tables, by place.

        Raises:
            InputError: the disk has no room for them.
        """
        for place, table in enumerate(tables):
            for indicator, values in enumerate(table):
                self._write(place, indicator, self._filled, values)
        self._filled += 1

    def fill(self, place: int, indicator: int, values: Array) -> None:
        """One indicator of a place, of all runs.

        Raises:
            InputError: the disk has no room for it.
        """
        self._write(place, indicator, 0, values)

    @property
    def rows(self) -> tuple[Array, ...]:
        """By place: all runs once they are there, shape (runs, indicators, ...); to read only."""
        if self._values is None:
            self._values = self._mapped()
        return tuple(
            self._values[span].reshape(shape).swapaxes(0, 1)
            for span, shape in zip(self._spans, self._shapes, strict=True)
        )

    def _mapped(self) -> Array:
        """The file as memory, which stands for it from here on."""
        assert self._file is not None
        with _no_room_told():
            self._file.flush()
            mapped = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
        _files.add(mapped)
        self._file.close()
        self._file = None
        return np.frombuffer(mapped, dtype=np.float64)

    def _write(self, place: int, indicator: int, row: int, values: Array) -> None:
        """Numbers of an indicator, from a run on."""
        _, rows, *table = self._shapes[place]
        begin = self._spans[place].start + (indicator * rows + row) * math.prod(table)
        if self._file is None:
            assert self._values is not None
            self._values[begin : begin + values.size] = values.ravel()
            return
        with _no_room_told():
            self._file.seek(_BYTES * begin)
            self._file.write(values.tobytes())


def _nameless_file() -> IO[bytes]:
    """A file that is gone with the program.

    It is written as a file is: memory that stands for a file would fill with all of it.
    """
    with _no_room_told():
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
            _folder(), f"has no room for the tables of so many runs ({error.strerror})",
            "Make room there, name another folder in TMPDIR, or run fewer pairs",
        ) from None  # fmt: skip


def _folder() -> str:
    """Where temporary files go."""
    try:
        return tempfile.gettempdir()
    except OSError:
        return "the folder for temporary files"
