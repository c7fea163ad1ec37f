"""A scenario that takes over another and changes its name and what is agreed of its money."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.config.errors import InputError
from sim.config.load import read_toml
from sim.config.shipped import locate, named_at

_OWN = ("extends", "name", "short_name", "package")
_OWN_NAMES = ("name", "short_name")
"""Never taken over: two scenarios in one table must be told apart."""


def taken_over(path: Path, above: tuple[Path, ...] = ()) -> tuple[dict[str, Any], tuple[Path, ...]]:
    """What a scenario's file holds, with what it takes over from the one that it `extends`.

    Args:
        path: the file.
        above: files that led here.

    Returns:
        The tables, as if they all stood in this file, and the files: this one first.

    Raises:
        InputError: a file can't be read, leads back to itself, or changes what it takes over.
    """
    data = read_toml(path)
    if "extends" not in data:
        return data, (path,)
    stray = sorted(set(data) - set(_OWN))
    if stray:
        raise InputError(
            f"{path}: {stray[0]}",
            "stands in a scenario that extends another",
            "Give only name, short_name and package.decision; or copy the other file",
        )
    file = _file(data["extends"], path)
    if file.resolve() in {other.resolve() for other in (*above, path)}:
        raise InputError(f"{path}: extends", "leads back to its own file", "Extend another")
    base, files = taken_over(file, (*above, path))
    own = {key: value for key, value in data.items() if key in _OWN_NAMES}
    kept = {key: value for key, value in base.items() if key not in _OWN_NAMES}
    if "package" in data:
        own["package"] = _package(data["package"], base.get("package"), path)
    return kept | own, (path, *files)


def _file(name: object, path: Path) -> Path:
    """The file that `extends` names: a shipped scenario, or a file beside this one."""
    if not isinstance(name, str):
        raise InputError(f"{path}: extends", "is no text", "Name a scenario or a .toml file")
    if name.endswith(".toml"):
        return path.parent / name
    with named_at(f"{path}: extends", name):
        return locate(name, "scenarios")


def _package(own: object, base: object, path: Path) -> dict[str, Any]:
    if not isinstance(base, dict):
        raise InputError(
            f"{path}: package", "is none that is taken over", "Extend a scenario with a package"
        )
    if not isinstance(own, dict) or set(own) != {"decision"}:
        raise InputError(
            f"{path}: package",
            "changes more than the decision on a package that is taken over",
            "Give only [package.decision]; or copy the other file",
        )
    return base | own
