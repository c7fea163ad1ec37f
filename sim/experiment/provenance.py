"""What the program is made of: its source, and the packages that its numbers depend on."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import sim
from sim.scenario.own import kind_of, source_of
from sim.scenario.scenario import KINDS, Scenario

PACKAGES = (
    "simpy", "numpy", "numba", "llvmlite", "scipy", "holidays", "matplotlib", "afcharts",
    "pydantic", "typer", "rich", "duckdb",
)  # fmt: skip
BEHIND_NUMBERS = ("simpy", "numpy", "numba", "llvmlite", "scipy", "holidays")
_ONLY_SHOWS = ("presentation", "papers", "api", "cli.py")


def package_versions(names: Iterable[str] = PACKAGES) -> dict[str, str]:
    """Version of each package; "unknown" where it is not installed."""
    return {name: _version(name) for name in names}


@cache
def source_hash() -> str:
    """SHA-256 of the program's own source."""
    return _hash_of(_sources())


@cache
def fingerprint() -> str:
    """SHA-256 of all that one run's numbers depend on beside its inputs.

    The source but for what only shows results, Python, the machine's kind, and the packages that
    the engines calculate with.
    """
    shown = {_package_folder() / name for name in _ONLY_SHOWS}
    kept = [path for path in _sources() if not ({path, *path.parents} & shown)]
    parts = [_hash_of(kept), platform.python_version(), platform.machine(), platform.system()]
    parts += [f"{name} {found}" for name, found in package_versions(BEHIND_NUMBERS).items()]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


_IDENTIFY = (
    "caseholder_version", "engine_sha256", "inputs", "own_measures", "council", "scenarios", "seed",
    "replications", "vacancy_elasticities", "demand_scenarios", "settings",
)  # fmt: skip
_ID_DIGITS = 12


def run_id(manifest: Mapping[str, Any]) -> str:
    """Name of a study: a hash of its inputs and of the version, never of a time.

    Both engines and every machine give the same study the same name.

    Args:
        manifest: of the study.
    """
    kept = {name: manifest.get(name) for name in _IDENTIFY}
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()[:_ID_DIGITS]


def own_measures(scenarios: Iterable[Scenario]) -> list[dict[str, str]]:
    """The kinds of measure in some scenarios that users have registered, with their sources.

    Raises:
        InputError: the source of one can't be read back.
    """
    used = KINDS.own_among(m for scenario in scenarios for m in scenario.measures)
    found = [(kind_of(measure), measure.__qualname__, *source_of(measure)) for measure in used]
    names = ("kind", "class", "file", "sha256")
    return [dict(zip(names, one, strict=True)) for one in sorted(found)]


def _package_folder() -> Path:
    return Path(sim.__file__).parent


def _sources() -> list[Path]:
    return sorted(_package_folder().rglob("*.py"))


def _hash_of(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.relative_to(_package_folder()).as_posix().encode())
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "unknown"
