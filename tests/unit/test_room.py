"""Tables of many runs in files are the tables that they would be in memory."""

import tempfile
from typing import Any

import numpy as np
import pytest

from sim.config.errors import InputError
from sim.experiment import room
from sim.experiment.room import Room, release
from sim.experiment.statistics import summarise

ROWS, SHAPES = 12, ((5, 3, 4), (2, 7), (3,))


def filled(monkeypatch: pytest.MonkeyPatch, largest: int) -> Room:
    """A room with a table a run, and its last indicator replaced."""
    monkeypatch.setattr(room, "LARGEST_IN_MEMORY", largest)
    random = np.random.default_rng(1)
    made = Room(ROWS, SHAPES)
    for _ in range(ROWS):
        made.add([random.random(shape) for shape in SHAPES])
    made.fill(0, 4, random.random((ROWS, *SHAPES[0][1:])))
    return made


def test_a_file_holds_what_memory_would(monkeypatch: pytest.MonkeyPatch) -> None:
    here, there = filled(monkeypatch, 10**9).rows, filled(monkeypatch, 0).rows
    draws = np.repeat(np.arange(6.0), 2)
    for shape, mine, other in zip(SHAPES, here, there, strict=True):
        assert mine.shape == other.shape == (ROWS, *shape)
        assert np.array_equal(mine, other)
        one, two = summarise(mine, draws), summarise(other, draws)
        for name, values in vars(one).items():
            assert np.array_equal(values, getattr(two, name), equal_nan=True), name
    release()
    for mine, other in zip(here, there, strict=True):
        assert np.array_equal(mine, other)


def test_tables_come_back_as_they_went_in(monkeypatch: pytest.MonkeyPatch) -> None:
    for largest in (0, 10**9):
        monkeypatch.setattr(room, "LARGEST_IN_MEMORY", largest)
        made = Room(ROWS, SHAPES)
        tables = [[np.full(shape, run + 0.1 * p) for p, shape in enumerate(SHAPES)]
                  for run in range(ROWS)]  # fmt: skip
        for one in tables:
            made.add(one)
        made.fill(1, 0, np.full((ROWS, 7), -1.0))
        first, second, third = made.rows
        assert [row[0, 0, 0] for row in first] == list(range(ROWS))
        assert (second[:, 0] == -1.0).all()
        assert [row[1, 6] for row in second] == [run + 0.1 for run in range(ROWS)]
        assert [row[2] for row in third] == [run + 0.2 for run in range(ROWS)]


def test_a_disk_without_room_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        """A file on a full disk."""

        def seek(self, _: int) -> None:
            """Go anywhere."""

        def write(self, _: bytes) -> None:
            """Refuse."""
            raise OSError(28, "No space left on device")

    def full(**_: Any) -> Full:
        return Full()

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    with pytest.raises(InputError, match="has no room for the tables of so many runs"):
        filled(monkeypatch, 0)


def test_no_folder_for_temporary_files_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing(**_: Any) -> None:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "TemporaryFile", missing)
    monkeypatch.setattr(tempfile, "gettempdir", missing)
    with pytest.raises(InputError, match=r"temporary files: has no room .*\(No usable temp"):
        filled(monkeypatch, 0)
