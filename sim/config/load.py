"""Reading TOML into frozen models, with errors that name file, key, value and remedy."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from sim.config.errors import InputError

Model = TypeVar("Model", bound=BaseModel)

MAX_CONFIG_BYTES = 2_000_000


def read_toml(path: Path) -> dict[str, Any]:
    """Parse one TOML file.

    Raises:
        InputError: the file is missing, unreadable, empty, too large, not text, or not TOML.
    """
    try:
        if path.stat().st_size > MAX_CONFIG_BYTES:
            raise InputError(
                path, f"is larger than {MAX_CONFIG_BYTES:,} bytes", "Name a config file"
            )
        raw = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(
            path, f"can't be read ({reason})", "Check the name and the rights"
        ) from None
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise InputError(
            path, "is not UTF-8 text", "Name a TOML file, saved as UTF-8 text"
        ) from None
    if not text.strip():
        raise InputError(path, "is empty", "Start from one of the shipped configs")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(path, f"is not valid TOML ({error})", "Mend that line") from None
    except RecursionError:
        raise InputError(path, "is nested too deeply", "Start from a shipped config") from None


def parse(model: type[Model], data: dict[str, Any], path: Path) -> Model:
    """Check `data` against `model`.

    Raises:
        InputError: with file, dotted key, value found and remedy, for the first fault.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise _first_fault(error, path) from None


def _first_fault(error: ValidationError, path: Path) -> InputError:
    fault = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in fault["loc"] if not _is_tag(part)) or "(whole file)"
    where = f"{path}: {key}"
    kind = fault["type"]
    if kind == "extra_forbidden":
        return InputError(where, "is not a known key", "Remove it or correct its spelling")
    if kind == "missing":
        return InputError(where, "is missing", "Add this key")
    if kind == "value_error":
        problem, _, remedy = str(fault["ctx"]["error"]).partition("|")
        return InputError(where, problem, remedy or "Correct the value")
    value = _short(fault.get("input"))
    return InputError(where, f"{value} is refused: {fault['msg']}", "Correct the value")


def _is_tag(part: object) -> bool:
    return isinstance(part, str) and part.startswith("kind:")


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
