"""Finding and loading configs: a shipped name ("devon_2021") or a file of the user's own."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from sim.config.behaviour import Behaviour, quantities_in
from sim.config.council import Council
from sim.config.errors import InputError
from sim.config.load import parse, read_toml
from sim.config.nearest import did_you_mean
from sim.config.quantity import Frozen, Quantity
from sim.config.sources import Sources


@dataclass(frozen=True)
class Evidence:
    """The shared evidence and the sources that it names."""

    behaviour: Behaviour
    sources: Sources


def configs_folder() -> Path:
    """The shipped configs: beside sim/ in a checkout, inside the package once installed."""
    package = Path(__file__).resolve().parent.parent
    beside = package.parent / "configs"
    return beside if beside.is_dir() else package / "configs_data"


def is_file_name(name: str) -> bool:
    """Whether a name is that of a file of the user's own, rather than of a shipped config."""
    return name.lower().endswith(".toml")


RENAMED = {"devon_gamma": "devon_hiring_response", "devon_posts_by_gamma": "devon_posts_by_hiring"}
"""Shipped names of old, with what each is called now."""


def locate(name: str, kind: str) -> Path:
    """Path of a shipped config of `kind` ("councils", "scenarios"), or of the user's file.

    Raises:
        InputError: there is no such shipped name and no such file.
    """
    if is_file_name(name):
        return Path(name)
    known = shipped(kind)
    if name in known:
        return known[name]
    if os.path.isfile(name):
        return Path(name)
    if name in RENAMED:
        raise InputError(name, f"is called {RENAMED[name]} now", f"Use {RENAMED[name]}")
    raise InputError(
        name or "(empty name)",
        f"is neither a shipped name in {kind} nor a .toml file",
        remedy_for(name, known),
    )


def remedy_for(name: str, known: Mapping[str, Path]) -> str:
    """What is offered for a name that is none: a file that ends in .toml, the nearest name, all."""
    near = did_you_mean(name, known)
    if os.path.exists(f"{name}.toml"):
        near = f"Did you mean {name}.toml? "
    return f"{near}Shipped: {', '.join(known)}"


def shipped(kind: str = "") -> dict[str, Path]:
    """Paths of the shipped configs of a kind by their names: the evidence and sources for none."""
    return {path.stem: path for path in sorted((configs_folder() / kind).glob("*.toml"))}


@contextmanager
def named_at(where: str, name: str) -> Iterator[None]:
    """Give a fault in a name that stands in a file that file and the key.

    Args:
        where: file and key.
        name: what stands there.
    """
    try:
        yield
    except InputError as error:
        if error.where != (name or "(empty name)"):
            raise
        raise InputError(where, f"'{name}' {error.problem}", error.remedy) from None


def load_evidence() -> Evidence:
    """The shipped behaviour.toml and sources.toml.

    Raises:
        InputError: one of them is faulty, or a quantity names a source that doesn't exist.
    """
    folder = configs_folder()
    sources_path, behaviour_path = folder / "sources.toml", folder / "behaviour.toml"
    sources = parse(Sources, read_toml(sources_path), sources_path)
    behaviour = parse(Behaviour, read_toml(behaviour_path), behaviour_path)
    check_sources(behaviour, sources, behaviour_path)
    return Evidence(behaviour, sources)


def load_council(name: str, sources: Sources) -> Council:
    """A council by shipped name or file.

    Raises:
        InputError: the file is faulty or names a source that doesn't exist.
    """
    return read_council(locate(name, "councils"), sources)


def read_council(path: Path, sources: Sources) -> Council:
    """A council from a file.

    Raises:
        InputError: the file is faulty or names a source that doesn't exist.
    """
    return with_sources(parse(Council, read_toml(path), path), sources, path)


def with_sources(council: Council, sources: Sources, path: Path) -> Council:
    """A council that knows the shipped sources and those of its own file.

    Raises:
        InputError: one of its numbers names none of them, or the file of its own is faulty.
    """
    known = with_own_sources(sources, council, path)
    check_sources(council, known, path)
    return council.knowing(known)


def own_sources_file(council: Council, path: Path) -> Path | None:
    """The file of sources that stands beside a council's; None where it names none."""
    return path.parent / council.sources if council.sources else None


def with_own_sources(sources: Sources, council: Council, path: Path) -> Sources:
    """The shipped sources and those of the council's own file.

    Raises:
        InputError: the file is faulty, or gives a key of the shipped sources another meaning.
    """
    file = own_sources_file(council, path)
    if file is None:
        return sources
    with named_at(f"{path}: sources", str(file)):
        own = parse(Sources, read_toml(file), file)
    for key in own.root:
        if key in sources:
            raise InputError(f"{file}: {key}", "is the key of a shipped source", "Choose another")
    return Sources(sources.root | own.root)


@contextmanager
def faults_in_totals(path: Path) -> Iterator[None]:
    """Give a fault found while a plan is made from a council the file and the key."""
    try:
        yield
    except InputError as error:
        named = error.where.startswith(("casework", "support_posts", "evidence"))
        key = error.where if named else "totals"
        if error.where.startswith(("configs/", "measures.")):
            raise
        raise InputError(f"{path}: {key}", error.problem, error.remedy) from None


def check_sources(model: Frozen, sources: Sources, path: Path) -> None:
    """Refuse a model that names a source missing from sources.toml.

    Raises:
        InputError: naming file and key.
    """
    for key, source in _named_sources(model):
        if source not in sources:
            raise InputError(
                f"{path}: {key}",
                f"source '{source}' is not in sources.toml",
                "Add the source there, or name one that exists",
            )


def _named_sources(model: BaseModel, prefix: str = "") -> Iterator[tuple[str, str]]:
    for name in type(model).model_fields:
        value = getattr(model, name)
        key = f"{prefix}{name}"
        if name == "source" and isinstance(value, str):
            yield key, value
        elif isinstance(value, BaseModel):
            yield from _named_sources(value, f"{key}.")
        elif isinstance(value, dict | tuple):
            items = value.items() if isinstance(value, dict) else enumerate(value)
            for index, item in items:
                if isinstance(item, BaseModel):
                    yield from _named_sources(item, f"{key}.{index}.")


def file_hash(path: Path) -> str:
    """SHA-256 of a config's text, line ends made equal so that it is the same on every system."""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


__all__ = [
    "Evidence",
    "Quantity",
    "check_sources",
    "configs_folder",
    "faults_in_totals",
    "file_hash",
    "is_file_name",
    "load_council",
    "load_evidence",
    "locate",
    "named_at",
    "own_sources_file",
    "quantities_in",
    "read_council",
    "remedy_for",
    "shipped",
    "with_own_sources",
    "with_sources",
]
