"""A scenario that takes over another and changes its name, its lines and what is agreed of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.config.errors import InputError
from sim.config.load import read_toml
from sim.config.shipped import is_file_name, locate, named_at

Data = dict[str, Any]

MOST_FILES = 8
"""Files that may extend one another."""
_OWN = ("extends", "name", "short_name", "package", "drop", "measures")
_OWN_NAMES = ("name", "short_name")
"""Never taken over: two scenarios in one table must be told apart."""


def taken_over(path: Path) -> list[tuple[Path, Data]]:
    """A scenario's file and those that it extends, the one that extends nothing first.

    Args:
        path: the file.

    Returns:
        Each file with its tables, as if all that it takes over stood in it.

    Raises:
        InputError: a file can't be read, leads back to itself, or changes what it can't change.
    """
    files = _chain(path)
    found: list[tuple[Path, Data]] = []
    for file, data in reversed(files):
        found.append((file, _extended(data, found[-1][1], file) if found else data))
    return found


def _chain(path: Path) -> list[tuple[Path, Data]]:
    """The file, the one that it extends, and so on."""
    files: list[tuple[Path, Data]] = []
    following: Path | None = path
    while following is not None:
        if len(files) == MOST_FILES:
            raise InputError(
                f"{path}: extends",
                f"leads through more than {MOST_FILES} files",
                "Copy the lines of one of them instead",
            )
        data = read_toml(following)
        if following.resolve() in {file.resolve() for file, _ in files}:
            raise InputError(
                f"{files[-1][0]}: extends", "leads back to its own file", "Extend another"
            )
        files.append((following, data))
        following = _file(data["extends"], following) if "extends" in data else None
    return files


def _file(name: object, path: Path) -> Path:
    """The file that `extends` names: a shipped scenario, or a file beside this one."""
    if not isinstance(name, str):
        raise InputError(f"{path}: extends", "is no text", "Name a scenario or a .toml file")
    if "\0" in name:
        raise InputError(f"{path}: extends", "holds a character that no file name has",
                         "Name a scenario or a .toml file")  # fmt: skip
    if is_file_name(name):
        return path.parent / name
    with named_at(f"{path}: extends", name):
        return locate(name, "scenarios")


def _extended(data: Data, base: Data, path: Path) -> Data:
    """The tables of a file over those of the file that it extends."""
    stray = sorted(set(data) - set(_OWN))
    if stray:
        raise InputError(
            f"{path}: {stray[0]}",
            "stands in a scenario that extends another",
            f"Give only {', '.join(_OWN[1:])}; or copy the other file",
        )
    own = {key: value for key, value in data.items() if key in _OWN_NAMES}
    kept = {key: value for key, value in base.items() if key not in _OWN_NAMES}
    if "package" in data:
        own["package"] = _package(data["package"], base.get("package"), path)
    if "measures" in data or "drop" in data:
        own["measures"] = _lines(data, base.get("measures", []), path)
    return kept | own


def _package(own: object, base: object, path: Path) -> Data:
    """The package with what the file changes of it: its decision, or its FTE and funding."""
    if not isinstance(base, dict):
        raise InputError(
            f"{path}: package", "is none that is taken over", "Extend a scenario with a package"
        )
    if not isinstance(own, dict):
        raise InputError(f"{path}: package", "is no table", "Write it as [package]")
    return base | own


def _lines(data: Data, base: object, path: Path) -> list[object]:
    """The lines taken over, without those dropped, with those changed, then those added.

    A line of the same key and kind changes only the fields that it gives.
    """
    lines = base if isinstance(base, list) else []
    before = {line["key"]: line for line in lines if _has_key(line)}
    dropped = data.get("drop", [])
    for key in dropped if isinstance(dropped, list) else [dropped]:
        if not isinstance(key, str) or key not in before:
            raise InputError(
                f"{path}: drop", f"{key!r} is no line that is taken over", _lines_there(before)
            )
        del before[key]
    own = data.get("measures", [])
    if not isinstance(own, list):
        raise InputError(f"{path}: measures", "is no list", "Write each line as [[measures]]")
    others: list[object] = []
    for line in own:
        if not _has_key(line) or line["key"] not in before:
            others.append(line)
            continue
        kept = before[line["key"]]
        changed = line.get("kind", kept.get("kind")) == kept.get("kind")
        before[line["key"]] = kept | line if changed else line
    return [*before.values(), *others]


def _has_key(line: object) -> bool:
    return isinstance(line, dict) and isinstance(line.get("key"), str)


def _lines_there(lines: Data) -> str:
    return f"Lines: {', '.join(lines) or 'none'}"
