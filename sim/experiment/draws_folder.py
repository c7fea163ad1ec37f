"""A folder of draws, a file for each council and start year: whole, or not there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from sim.config.errors import InputError
from sim.engine.records import Array

_ASKED = "asked.json"
_PART = ".part"
_REMEDY = "Choose another --out, or take the folder away"


class DrawsFolder:
    """Draws that a back-test has finished, kept so that it can go on."""

    def __init__(self, path: Path, asked: Mapping[str, object], resume: bool) -> None:
        """Open the folder, or make it.

        Args:
            path: the folder.
            asked: all that its draws depend on, by name in words.
            resume: go on with what is there.

        Raises:
            InputError: it can't be written, it holds draws and is not to be gone on with, or its
                draws are of something else.
        """
        self.path = path
        text = json.dumps(asked, indent=2, sort_keys=True) + "\n"
        stated = path / _ASKED
        try:
            path.mkdir(parents=True, exist_ok=True)
            if stated.is_file():
                _refuse_another(stated, asked, resume)
            else:
                self._write(_ASKED, text.encode())
            for left in path.glob(f"*{_PART}"):
                left.unlink()
        except OSError as error:
            raise self._unwritable(error) from None

    def names(self) -> set[str]:
        """What is finished."""
        return {file.stem for file in self.path.glob("*.npy")}

    def read(self, name: str) -> Array:
        """The draws of one.

        Raises:
            InputError: the file is damaged.
        """
        file = self.path / f"{name}.npy"
        try:
            draws: Array = np.load(file, allow_pickle=False)
        except (OSError, ValueError, EOFError):
            raise InputError(file, "is damaged", "Delete it and go on with --resume") from None
        return draws

    def write(self, name: str, draws: Array) -> None:
        """Keep the draws of one.

        Raises:
            InputError: they can't be written.
        """
        try:
            part = self.path / f"{name}{_PART}"
            with part.open("wb") as file:
                np.save(file, draws, allow_pickle=False)
            Path(part).replace(self.path / f"{name}.npy")
        except OSError as error:
            raise self._unwritable(error) from None

    def _write(self, name: str, text: bytes) -> None:
        part = self.path / f"{name}{_PART}"
        part.write_bytes(text)
        Path(part).replace(self.path / name)

    def _unwritable(self, error: OSError) -> InputError:
        problem = f"can't be written to ({error.strerror or error})"
        return InputError(self.path, problem, "Make room, or choose another folder with --out")


def _refuse_another(stated: Path, asked: Mapping[str, object], resume: bool) -> None:
    if not resume:
        problem = "holds the draws of a back-test"
        raise InputError(stated.parent, problem, f"Go on with --resume. {_REMEDY}")
    try:
        theirs = json.loads(stated.read_text(encoding="utf-8"))
        others = [name for name, value in asked.items() if theirs.get(name) != value]
    except (ValueError, AttributeError):
        raise InputError(stated, "is damaged", _REMEDY) from None
    if others:
        problem = f"its draws are of another back-test ({', '.join(others)} differ)"
        raise InputError(stated.parent, problem, _REMEDY)
