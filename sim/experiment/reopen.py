"""A study that was kept, opened again: the same comparison, with nothing run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from sim.config.behaviour import Behaviour
from sim.config.council import Council
from sim.config.errors import InputError
from sim.engine.engines import Engine
from sim.experiment.cells import Cell, make_cell
from sim.experiment.compare import Comparison, comparison_of
from sim.experiment.kept import STUDY, UNFINISHED
from sim.experiment.provenance import fingerprint
from sim.experiment.replicate import Condition, Study, make_study
from sim.experiment.results import Results
from sim.inputs.run_options import DemandScenario, RunOptions
from sim.scenario.scenario import Scenario

_AGAIN = "Run it again, in another folder"


def open_study(place: Path) -> Comparison:
    """The comparison that a folder holds: the same numbers to the bit, with nothing run.

    Args:
        place: the folder that a comparison was written to, or the study's file in it.

    Raises:
        InputError: there is none, it is not finished, damaged, or of another version.
    """
    return open_studies(place)[0]


def open_studies(place: Path) -> tuple[Comparison, ...]:
    """Every comparison of a study, in the order in which they were run: experiments have several.

    Raises:
        InputError: as for open_study.
    """
    results = _opened(place)
    try:
        numbers = [number for (number,) in results.rows("SELECT cell FROM cells ORDER BY cell")]
        cells = [_cell(results, number) for number in numbers]
        _refuse_lacking(results, cells)
    except BaseException:
        results.close()
        raise
    return tuple(comparison_of(results, cell) for cell in cells)


def _refuse_lacking(results: Results, cells: Sequence[Cell]) -> None:
    if not cells or any(results.missing(cell.jobs()) for cell in cells):
        problem = "lacks runs that it was asked for"
        raise InputError(results.path or "the study", problem, "Go on with --resume")


def stated_in(place: Path) -> dict[str, Any]:
    """What is stated of a study that was kept: inputs with their hashes, settings, versions.

    Raises:
        InputError: as for open_study.
    """
    with _opened(place) as results:
        return {name: json.loads(value) for name, value in results.manifest().items()}


def _opened(place: Path) -> Results:
    path = place / STUDY if place.is_dir() else place
    if not path.is_file() and path.with_name(UNFINISHED).is_file():
        raise InputError(
            path.with_name(UNFINISHED), "is a study that was broken off", "Go on with --resume"
        )
    results = Results(path, read_only=True)
    stated = results.manifest()
    if json.loads(stated.get("program", "null")) != fingerprint():
        results.close()
        version = json.loads(stated.get("caseholder_version", '"unknown"'))
        raise InputError(
            path, f"was made by another version of the program ({version}) or of its packages",
            f"Use that version. {_AGAIN}",
        )  # fmt: skip
    return results


def _cell(results: Results, number: int) -> Cell:
    [(digest, asked, drawn_as)] = results.rows(
        "SELECT digest, asked, drawn_as FROM cells WHERE cell = ?", number
    )
    rows = results.rows(
        "SELECT scenario, config FROM scenarios WHERE cell = ? ORDER BY scenario", number
    )
    conditions = results.rows(
        "SELECT demand, fixed, loop, pairs FROM conditions WHERE cell = ? ORDER BY condition",
        number,
    )
    pairs = {
        Condition(
            demand and DemandScenario(demand),
            tuple(map(tuple, json.loads(fixed))),
            None if loop is None else bool(loop),
        ): count
        for demand, fixed, loop, count in conditions
    }
    study = _study(results, json.loads(asked), [config for _, config in rows])
    cell = make_cell(study, pairs, number, rows[0][0], drawn_as=drawn_as)
    if cell.digest != digest:
        raise InputError(
            results.path or "the study", "states other inputs than it was made from", _AGAIN
        )
    return cell


def _study(results: Results, asked: dict[str, Any], configs: list[str]) -> Study:
    """A study, made from what is stated of it."""
    with suppress(ValidationError):
        study = make_study(
            Council.model_validate_json(results.document(asked["council"])),
            Behaviour.model_validate_json(results.document(asked["behaviour"])),
            [Scenario.model_validate_json(config) for config in configs],
            asked["seed"],
            TypeAdapter(RunOptions).validate_python(asked["options"]),
            dict(asked["fixed"]),
        )
        return replace(study, engine=Engine(asked["engine"]))
    raise InputError(
        results.path or "the study", "holds a config that this program does not take",
        f"Register the kinds of measure that it names. {_AGAIN}",
    )  # fmt: skip
