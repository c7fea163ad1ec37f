"""Reading TOML into frozen models, with errors that name file, key, value and remedy."""

from __future__ import annotations

import re
import stat
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from sim.config.errors import InputError

Model = TypeVar("Model", bound=BaseModel)

MAX_CONFIG_BYTES = 200_000
"""Six times the largest shipped config."""
LONGEST_LINE = 4_000
MOST_KEY_PARTS = 20
_PART = r"(?:[A-Za-z0-9_-]++|\"[^\"\n]*+\"|'[^'\n]*+')"
_LONG_KEY = re.compile(
    rf"(?<![A-Za-z0-9_-]){_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{{MOST_KEY_PARTS},}}"
)


def read_toml(path: Path) -> dict[str, Any]:
    """Parse one TOML file.

    Raises:
        InputError: the file is missing, unreadable, empty, too large, not text, or not TOML.
    """
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise InputError(path, "can't be read (it is not a file)", "Name a TOML file")
        if found.st_size > MAX_CONFIG_BYTES:
            raise InputError(
                path, f"is larger than {MAX_CONFIG_BYTES:,} bytes", "Name a config file"
            )
        raw = path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a name with a NUL
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(
            path, f"can't be read ({reason})", "Check the name and the rights"
        ) from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(
            path, "is not UTF-8 text", "Name a TOML file, saved as UTF-8 text"
        ) from None
    if not text.strip():
        raise InputError(path, "is empty", "Start from one of the shipped configs")
    _refuse_costly(text, path)
    try:
        return tomllib.loads(text)
    except ValueError as error:  # TOMLDecodeError, or a number of too many digits
        raise InputError(path, f"is not valid TOML ({error})", "Mend that line") from None
    except RecursionError:
        raise InputError(path, "is nested too deeply", "Start from a shipped config") from None


def _refuse_costly(text: str, path: Path) -> None:
    """Refuse what takes the parser minutes and gigabytes: a key of thousands of parts.

    Raises:
        InputError: naming the line.
    """
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > LONGEST_LINE:
            raise InputError(
                f"{path}: line {number}",
                f"has {len(line):,} characters, more than {LONGEST_LINE:,}",
                "Write it on several lines",
            )
        if line.count(".") >= MOST_KEY_PARTS and (found := _LONG_KEY.search(line)):
            raise InputError(
                f"{path}: line {number}: {_short(found.group())}",
                f"is a key of more than {MOST_KEY_PARTS} parts",
                "Correct the key",
            )


def parse(
    model: type[Model], data: dict[str, Any], path: Path, context: dict[str, Any] | None = None
) -> Model:
    """Check `data` against `model`.

    Args:
        model: what the file holds.
        data: its tables.
        path: the file, for what is said of faults.
        context: what validators may look at beside the file, by name.

    Raises:
        InputError: with file, dotted key, value found and remedy, for the first fault.
    """
    try:
        return model.model_validate(data, context=context)
    except ValidationError as error:
        raise _first_fault(error, data, path) from None


def _first_fault(error: ValidationError, data: dict[str, Any], path: Path) -> InputError:
    """The first fault, or before it the first unknown key: a misspelling makes two faults."""
    faults = error.errors(include_url=False)
    fault = min(faults, key=lambda found: found["type"] != "extra_forbidden")
    kind, context = fault["type"], fault.get("ctx", {})
    of_kind = ("kind",) if kind.startswith("union_tag") else ()
    where = f"{path}: {_key(data, fault['loc'] + of_kind)}"
    if kind == "extra_forbidden":
        return InputError(where, "is not a known key", "Remove it or correct its spelling")
    if kind in ("missing", "union_tag_not_found"):
        return InputError(where, "is missing", "Add this key")
    if kind == "union_tag_invalid":
        problem = f"'{_short(context['tag'])}' is no kind of measure"
        return InputError(where, problem, f"Kinds: {context['expected_tags']}")
    if kind == "value_error":
        problem, _, remedy = str(context["error"]).partition("|")
        return InputError(where, problem, remedy or "Correct the value")
    value = _short(_printed(fault.get("input")))
    return InputError(where, f"{value} is refused: {fault['msg']}", "Correct the value")


def _key(data: Any, location: Sequence[int | str]) -> str:
    """Dotted key as it stands in the file, and the `key` of the innermost listed table."""
    parts: list[str] = []
    listed = ""
    for part in location:
        of_pydantic = isinstance(data, dict) and part not in data and data.get("kind") == part
        if of_pydantic or part in _NOT_IN_THE_FILE:
            continue
        parts.append(_short(str(part)))
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            data = None
        if isinstance(part, int) and isinstance(data, dict) and "key" in data:
            listed = f" ({_short(str(data['key']))})"
    return (".".join(parts) or "(whole file)") + listed


_NOT_IN_THE_FILE = ("[key]", "[number]", "[range]")
"""Parts of a location that are no keys: of a table's key itself, and of the form of a total."""


def _printed(value: object) -> str:
    try:
        return repr(value)
    except (RecursionError, ValueError):  # nested too deeply, or a number of too many digits
        return "this value"


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
