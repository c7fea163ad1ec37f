"""Where machine code is kept, so that only the first run after a change waits for the compiler."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import llvmlite
import numba
import numpy as np

VARIABLE = "CASEHOLDER_CACHE"
"""Environment variable that names another folder."""
_PROGRAM = "caseholder"
_DIGITS = 24
_IS_OURS = re.compile(rf"[0-9a-f]{{{_DIGITS}}}")
BYTES_OF_CODE = 8_000_000
"""More than the machine code of one version takes."""
_KEPT = 8
"""Folders of machine code that are kept: this version's and the last ones before it."""
_SOURCES = ("dates.py", "config/**/*.py", "inputs/**/*.py", "engine/**/*.py")
"""What compiled code is made of, constants included; Numba itself looks at one file alone."""


@dataclass(frozen=True)
class CodeFolder:
    """Where machine code of this source is kept.

    Attributes:
        path: the folder.
        is_filled: whether the code is there, so that nobody waits for the compiler.
        fault: why none can be kept there; empty where it can.
    """

    path: Path
    is_filled: bool
    fault: str


def code_folder() -> CodeFolder:
    """The folder for the machine code of this source, made if need be.

    Its name is a hash of the source and of the compiler's versions: code of another version is
    never taken for this one's. Whether there is room is tried before anything is compiled, which
    would be lost.
    """
    home = _cache_home() / "machine_code"
    folder = home / _fingerprint()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.touch()
        is_filled = any(folder.rglob("*.nbc"))
        _drop_old(home)
        if not is_filled:
            _try_room(folder)
    except OSError as error:
        return CodeFolder(folder, False, error.strerror or str(error))
    return CodeFolder(folder, is_filled, "")


def _try_room(folder: Path) -> None:
    """Write as much as machine code takes, and remove it again.

    Raises:
        OSError: there is no room for it.
    """
    handle, name = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(bytes(BYTES_OF_CODE))
            file.flush()
            os.fsync(file.fileno())
    finally:
        Path(name).unlink()


def _cache_home() -> Path:
    """The user's folder for what can be made again."""
    if named := os.environ.get(VARIABLE):
        return Path(named)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", tempfile.gettempdir())) / _PROGRAM / "cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / _PROGRAM
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / _PROGRAM


def _fingerprint() -> str:
    """Hash of the source, and of the versions that make code of it."""
    root = Path(__file__).resolve().parents[2]
    versions = (sys.version, np.__version__, numba.__version__, llvmlite.__version__)
    found = hashlib.sha256(repr(versions).encode())
    for pattern in _SOURCES:
        for path in sorted(root.glob(pattern)):
            found.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    return found.hexdigest()[:_DIGITS]


def _drop_old(home: Path) -> None:
    """Remove the machine code of versions long gone, and nothing that is not named as theirs."""
    folders = [path for path in home.iterdir() if _IS_OURS.fullmatch(path.name) and path.is_dir()]
    folders.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for folder in folders[_KEPT:]:
        shutil.rmtree(folder, ignore_errors=True)
