"""Where machine code is kept, so that only the first run after a change waits for the compiler."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

import llvmlite
import numba
import numpy as np

VARIABLE = "CASEHOLDER_CACHE"
"""Environment variable that names another folder."""
_PROGRAM = "caseholder"
_DIGITS = 24
_IS_OURS = re.compile(rf"[0-9a-f]{{{_DIGITS}}}")
_KEPT = 8
"""Folders of machine code that are kept: this version's and the last ones before it."""
_SOURCES = ("dates.py", "config/**/*.py", "inputs/**/*.py", "engine/**/*.py")
"""What compiled code is made of, constants included; Numba itself looks at one file alone."""


def code_folder() -> Path:
    """The folder for the machine code of this source, made if need be.

    Its name is a hash of the source and of the compiler's versions: code of another version is
    never taken for this one's. Where no folder can be made, a temporary one serves.
    """
    home = _cache_home() / "machine_code"
    folder = home / _fingerprint()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.touch()
        _drop_old(home)
    except OSError:
        return Path(tempfile.mkdtemp(prefix=f"{_PROGRAM}-"))
    return folder


def is_code_kept() -> bool:
    """Whether machine code of this source is there, so that nobody waits for the compiler."""
    return any(code_folder().rglob("*.nbc"))


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
