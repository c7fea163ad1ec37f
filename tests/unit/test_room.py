"""Tables of many runs in files are the tables that they would be in memory."""

import tempfile
from typing import Any

import numpy as np
import pytest

from sim.config.errors import InputError
from sim.experiment import room
from sim.experiment.room import Room, release
from sim.experiment.statistics import summarise

ROWS, SHAPE = 12, (5, 3, 4)


def filled(monkeypatch: pytest.MonkeyPatch, largest: int) -> Room:
    """A room with a table a run, and its last indicator replaced."""
    monkeypatch.setattr(room, "LARGEST_IN_MEMORY", largest)
    random = np.random.default_rng(1)
    made = Room(ROWS, SHAPE)
    for _ in range(ROWS):
        made.add(random.random(SHAPE))
    made.fill(4, random.random((ROWS, *SHAPE[1:])))
    return made


def test_a_file_holds_what_memory_would(monkeypatch: pytest.MonkeyPatch) -> None:
    here, there = filled(monkeypatch, 10**9).rows, filled(monkeypatch, 0).rows
    assert here.shape == there.shape == (ROWS, *SHAPE)
    assert np.array_equal(here, there)
    draws = np.repeat(np.arange(6.0), 2)
    for indicator in range(SHAPE[0]):
        one, other = (summarise(rows[:, indicator], draws) for rows in (here, there))
        for name, values in vars(one).items():
            assert np.array_equal(values, getattr(other, name), equal_nan=True), name
    release()
    assert np.array_equal(here, there)


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
