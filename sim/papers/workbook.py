"""`caseholder workbook`: a council and its scenarios as a workbook, and a workbook read again."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.config.errors import InputError
from sim.config.load import read_toml
from sim.config.shipped import load_evidence, locate
from sim.inputs.checks import check_council_fits
from sim.papers.settings_rows import POINTS
from sim.papers.study import PaperStudy, read_study
from sim.papers.workbook_read import COUNCIL_FILE, SOURCES_FILE, ReadFile, read_files
from sim.papers.workbook_sheets import Contents, sheets
from sim.papers.workbook_write import excel_file
from sim.presentation.files import staged_folder
from sim.published.council_file.called import CalledCouncil, council_called
from sim.scenario.check import check_config
from sim.scenario.extends import taken_over
from sim.scenario.scenario import BASELINE_NAME, load_scenario

ENDING = ".xlsx"
_COLUMN_OF = {**{key: key for key in POINTS}, "unit": "unit", "grade": "grade",
              "source": "source", "note": "reason"}  # fmt: skip


def is_workbook(name: str) -> bool:
    """Whether a name is that of a workbook."""
    return name.lower().endswith(ENDING)


# Out ---------------------------------------------------------------------------------------


def write_workbook(council: str, scenarios: Sequence[str], out: Path, study: Path | None) -> None:
    """Write a council and its scenarios as a workbook.

    Args:
        council: shipped name, file, or name of a council of England.
        scenarios: shipped names or files; doing nothing needs no sheet, and is left out.
        out: the file; one that is there is replaced.
        study: the folder of a finished study of them, for the sheet of results; None for none.

    Raises:
        InputError: something is faulty, the study is of another council or other scenarios, or
            the file can't be written.
    """
    if not is_workbook(out.name):
        raise InputError(f"--out {out}", f"is no {ENDING} file", f"Let its name end in {ENDING}")
    contents = contents_of(council, scenarios, study)
    name = contents.council.name
    made = excel_file(sheets(contents), contents.council.start_date, f"{name}: workbook")
    with staged_folder(out.parent) as stage:
        (stage / out.name).write_bytes(made)


def contents_of(council: str, scenarios: Sequence[str], study: Path | None) -> Contents:
    """What a workbook is made of, loaded and checked.

    Raises:
        InputError: something is faulty, or the study is of another council or other scenarios.
    """
    evidence = load_evidence()
    called = council_called(council, evidence.sources)
    loaded = []
    for name in scenarios:
        if name != BASELINE_NAME:
            scenario = load_scenario(name, called.council, called.sources)
            loaded.append((scenario, taken_over(locate(name, "scenarios"))[-1][1]))
    twins = [scenario.key for scenario, _ in loaded]
    for key in twins:
        if twins.count(key) > 1:
            raise InputError(key, "is named twice", "Name each scenario once")
    if not loaded:
        raise InputError("SCENARIO", "none is named beside doing nothing", "Name a scenario")
    found = None if study is None else _study(study, called, twins)
    return Contents(
        called.council, _data_of(called), tuple(loaded), evidence, called.sources, found
    )


def _data_of(called: CalledCouncil) -> Mapping[str, Any]:
    return called.made.data if called.made is not None else read_toml(called.path)


def _study(folder: Path, called: CalledCouncil, keys: Sequence[str]) -> PaperStudy:
    study = read_study(folder)
    if study.council != called.council.name:
        raise InputError(
            f"--study {folder}", f"is of {study.council}, not of {called.council.name}",
            "Name a study of this council",
        )  # fmt: skip
    lacking = [key for key in keys if key not in {option.key for option in study.options}]
    if lacking:
        raise InputError(
            f"--study {folder}", f"has no scenario {lacking[0]}", "Name a study of these scenarios"
        )
    return study


# In ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Unpacked:
    """A workbook's files in a folder that goes when all is done.

    Attributes:
        council: file of the council.
        scenarios: files of the scenarios.
        files: all of them, with the council's own sources.
    """

    council: Path
    scenarios: tuple[Path, ...]
    files: tuple[Path, ...]


@contextmanager
def unpacked(book: Path) -> Iterator[Unpacked]:
    """A workbook as files that every command reads; what is found wrong in them names a cell.

    Raises:
        InputError: the workbook can't be read, or what it says is faulty.
    """
    found = read_files(book)
    with tempfile.TemporaryDirectory(prefix="caseholder-", ignore_cleanup_errors=True) as folder:
        paths = {Path(folder) / file.name: file for file in found}
        for path, file in paths.items():
            path.write_text(file.text(book), encoding="utf-8", newline="\n")
        apart = (COUNCIL_FILE, SOURCES_FILE)
        scenarios = tuple(path for path in paths if path.name not in apart)
        try:
            yield Unpacked(Path(folder) / COUNCIL_FILE, scenarios, tuple(paths))
        except InputError as error:
            raise _at_cell(error, book, paths) from None


def check_workbook(book: Path) -> list[str]:
    """Check a workbook, and say what it holds, one line a fact.

    Raises:
        InputError: for the first fault.
    """
    with unpacked(book) as files:
        names = (files.council, *files.scenarios)
        lines = [
            line.replace(str(path), f"{book}: {path.stem}")
            for path in names
            for line in check_config(str(path), str(files.council), check_council_fits)
        ]
    return lines


def _at_cell(error: InputError, book: Path, paths: Mapping[Path, ReadFile]) -> InputError:
    """A fault in a file as one in the cell that it came from."""
    for path, file in paths.items():
        if not error.where.startswith(str(path)):
            continue
        key = error.where.removeprefix(str(path)).removeprefix(": ").split(" (")[0]
        cell = _cell_of(file, key)
        rest = f"{file.name.removesuffix('.toml')}: {key}"
        where = f"{book}: {cell} ({rest})" if cell else f"{book}: {rest}"
        problem = error.problem.replace(str(path), str(book))
        return InputError(
            where, problem, error.remedy.replace("this key", "a row with this setting")
        )
    return error


def _cell_of(file: ReadFile, key: str) -> str:
    """The cell of a key; that of the nearest row where no row is of the key alone."""
    parts = key.split(".")
    for size in range(len(parts), 0, -1):
        start = ".".join(parts[:size])
        for place, row in file.cells.items():
            if place == start or place.startswith(f"{start}."):
                column = _COLUMN_OF.get(parts[-1], "")
                points = "central" in row and row["value"].value is None
                usual = "central" if points and place == start else "value"
                return row[column if column in row and points else usual].where
    return ""
