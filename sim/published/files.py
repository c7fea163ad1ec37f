"""Where tables come from: those that ship with the product, or a folder of downloads."""

from __future__ import annotations

import csv
import gzip
import io
import tomllib
import zipfile
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import IO

from sim.config.errors import InputError
from sim.published.reading import Edition, read_editions
from sim.published.tables import TABLES

_DATA = files("sim.published") / "data"
_LARGEST = 400_000_000
"""Bytes of a file that is read: the Department's tables of councils have a few million."""


def shipped_sources() -> dict[str, dict[str, object]]:
    """Title, address, release, day of packing and hash of each table that ships."""
    return tomllib.loads((_DATA / "tables.toml").read_text(encoding="utf-8"))


def shipped_text(file: str) -> str:
    """The text of one of the tables that ship."""
    return gzip.decompress((_DATA / file).read_bytes()).decode("utf-8-sig")


def shipped_neighbours() -> list[dict[str, str]]:
    """Rows of the shipped list of statistical neighbours."""
    text = (_DATA / "statistical_neighbours.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def shipped_editions() -> list[Edition]:
    """The tables that ship with the product."""
    editions: list[Edition] = []
    for source in shipped_sources().values():
        text, title, release = shipped_text(str(source["file"])), source["title"], source["release"]
        assert isinstance(release, int)
        lines = io.StringIO(text, newline="")
        editions += read_editions(lines, f"{title} ({release} release)", release)
    return editions


def folder_editions(folder: Path) -> list[Edition]:
    """The tables in a folder of downloads: CSV files, or the Department's ZIP files of them.

    Files are known by their columns; others are passed over.

    Raises:
        InputError: the folder or a known table can't be read, or there is none.
    """
    if not folder.is_dir():
        raise InputError(f"--from-dfe {folder}", "is no folder", "Name the folder of the downloads")
    try:
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
    except OSError as error:
        problem = f"can't be read: {error.strerror or error}"
        raise InputError(f"--from-dfe {folder}", problem, "Name a folder that can") from None
    editions = [edition for path in paths for edition in _file_editions(path)]
    if not any(edition.rows for edition in editions):
        seen = ", ".join(sorted({table.title for table in TABLES}))
        raise InputError(
            f"--from-dfe {folder}",
            f"none of its {len(paths)} files is a table of councils that is known",
            f"Download one of: {seen}",
        )
    return editions


def _file_editions(path: Path) -> list[Edition]:
    try:
        if path.suffix.casefold() == ".csv":
            with path.open("rb") as file:
                return read_editions(_lines(file), str(path))
        if path.suffix.casefold() == ".zip":
            return list(_zip_editions(path))
    except OSError as error:
        raise InputError(path, f"can't be read: {error.strerror or error}", "Close it") from None
    return []


def _zip_editions(path: Path) -> Iterator[Edition]:
    try:
        with zipfile.ZipFile(path) as archive:
            for member in sorted(archive.infolist(), key=lambda member: member.filename):
                where = f"{path}: {member.filename}"
                if not member.filename.casefold().endswith(".csv"):
                    continue
                if member.file_size > _LARGEST:
                    raise InputError(where, f"has {member.file_size} bytes", "Unpack it first")
                with archive.open(member) as file:
                    yield from read_editions(_lines(file), where)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        problem = f"is no ZIP file that can be read: {error}"
        raise InputError(path, problem, "Download it again") from None


def _lines(file: IO[bytes]) -> Iterator[str]:
    yield from io.TextIOWrapper(file, "utf-8-sig", errors="surrogateescape", newline="")
