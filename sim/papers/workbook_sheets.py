"""The workbook described: which sheets it has, and what stands in their rows."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from typing import Any

from sim import __version__
from sim.config.behaviour import quantities_in
from sim.config.council import Council
from sim.config.quantity import Grade, Quantity, Scale, Unit
from sim.config.roles import Role
from sim.config.shipped import Evidence
from sim.config.sources import Mark, Sources
from sim.papers.rows import Row
from sim.papers.settings_rows import (
    FLAG,
    LABELS,
    POINTS,
    RANGE,
    TYPES,
    Entry,
    entries,
)
from sim.papers.study import PaperStudy
from sim.presentation.study_files import unit_of
from sim.scenario.scenario import KINDS, Scenario

COVER, NOTES, COUNCIL, MEASURES = "cover", "notes", "council", "measures"
EVIDENCE, SOURCES, CHOICES, RESULTS, DICTIONARY = (
    "evidence", "sources", "choices", "results", "data_dictionary"
)  # fmt: skip
"""Names of the sheets."""
SETTING_COLUMNS = ("setting", "type", "value", *POINTS, *LABELS, "input")
MEASURE_COLUMNS = ("scenario", "measure", *SETTING_COLUMNS)
EVIDENCE_COLUMNS = ("setting", *POINTS, *LABELS)
SOURCE_COLUMNS = ("source", "title", "address", "kind", "about")
RESULT_COLUMNS = tuple(field.name for field in fields(Row))
WHOLE_SCENARIO = "whole scenario"
"""Stands for the measure in rows that tell of the scenario itself: no key has a space."""
INPUT_OF_RANGE, INPUT_OF_VALUE = ", ".join((*POINTS, *LABELS)), "value"
"""What the column `input` says: which cells of the row are yours to change."""

Cells = tuple[Any, ...]


@dataclass(frozen=True)
class Sheet:
    """One sheet with one table.

    Attributes:
        name: of the sheet.
        heading, about: what stands in A1 and A2.
        columns: of the table.
        rows: of the table; None for a cell without a value.
    """

    name: str
    heading: str
    about: str
    columns: tuple[str, ...]
    rows: tuple[Cells, ...]


@dataclass(frozen=True)
class Contents:
    """What a workbook is made of.

    Attributes:
        council: the council.
        council_data: the tables of its file.
        scenarios: with the tables of their files.
        evidence: the shared evidence.
        sources: the shipped sources and the council's own.
        study: a finished study of them; None for none.
    """

    council: Council
    council_data: Mapping[str, Any]
    scenarios: tuple[tuple[Scenario, Mapping[str, Any]], ...]
    evidence: Evidence
    sources: Sources
    study: PaperStudy | None = None


def sheets(contents: Contents) -> list[Sheet]:
    """Every sheet, in order."""
    name = contents.council.name
    found = [
        _cover(contents),
        Sheet(NOTES, "Notes", "How to fill this workbook in.", ("note", "text"), _notes()),
        Sheet(
            COUNCIL, f"{name}: the council's settings",
            "One setting a row. The column input names the cells to change. Cells that a row does"
            " not need are blank.",
            SETTING_COLUMNS, tuple(_setting_row(e) for e in entries(contents.council_data)),
        ),
        Sheet(
            MEASURES, f"{name}: scenarios and their measures",
            "One setting a row. Rows of the same scenario and measure belong together. Cells that"
            " a row does not need are blank.",
            MEASURE_COLUMNS, tuple(_measures(contents)),
        ),
        Sheet(
            EVIDENCE, "Shared evidence",
            "For reading: a change here is refused. Numbers of your own go into the sheet council.",
            EVIDENCE_COLUMNS, tuple(evidence_rows(contents.evidence)),
        ),
        Sheet(
            SOURCES, "Sources that numbers name",
            "Add rows for sources of your own; those that are here can't be changed.",
            SOURCE_COLUMNS, tuple(source_rows(contents.sources)),
        ),
        Sheet(
            CHOICES, "Choices in drop-down lists", "For reading.",
            ("list", "choice"), tuple(_choices(contents)),
        ),
    ]  # fmt: skip
    if contents.study is not None:
        found.append(_results(contents.study))
    return [*found, _dictionary(found)]


def _cover(contents: Contents) -> Sheet:
    council, study = contents.council, contents.study
    names = ", ".join(scenario.name for scenario, _ in contents.scenarios)
    rows: list[Cells] = [
        ("Council", council.name),
        ("First day", council.start_date),
        ("Scenarios", names),
        ("Version of caseholder", __version__),
        ("To run it", "caseholder compare --workbook FILE.xlsx --out FOLDER"),
        ("To check it", "caseholder check FILE.xlsx"),
    ]
    if study is not None:
        rows += [("Run of the results", study.run_id), ("Runs of each option", study.runs)]
        rows += [(f"Missing from the results, {n}", t) for n, t in enumerate(study.missing, 1)]
    about = "Inputs of a simulation of children's social work teams, to be changed and run again."
    return Sheet(COVER, f"{council.name}: workbook", about, ("item", "value"), tuple(rows))


def _notes() -> tuple[Cells, ...]:
    told = (
        "Change the cells that the column input names; they have a coloured ground too.",
        "A range has a low, central and high number: 5 %, 50 % and 95 % points of what is thought.",
        "Shares are numbers from 0 to 1, or percentages; money is in pounds.",
        "To leave a setting out, delete its row. To add one, copy a row of the same type and"
        " change setting and value. Items of a list are numbered from [1].",
        f"To add a measure, copy a measure's rows and give them another word in the column measure."
        f" Rows of '{WHOLE_SCENARIO}' tell of the scenario itself.",
        "For a number of your own in place of shared evidence, add a row of type range to the"
        ' sheet council with the setting evidence."KEY", KEY as in the sheet evidence.',
        "Rows and columns may be sorted, hidden or filtered, and columns added: hidden rows count"
        " as others do. Leave the header row, and no cells merged.",
        "Formulas may stand in input cells: the value that was last worked out is read.",
        "Grades: A official, B study, C council paper or press, F fitted, R recalled, J judgement.",
        "Ranges of results hold 8 runs in 10. Results are simulated. They are not read again.",
    )
    return tuple(enumerate(told, start=1))


def _setting_row(entry: Entry) -> Cells:
    if entry.type != RANGE:
        unit = unit_of(entry.setting) if _is_number(entry.value) else ""
        blank = (None,) * len(POINTS)
        told = (unit or None, None, None, None)
        return (entry.setting, entry.type, _shown(entry.value), *blank, *told, INPUT_OF_VALUE)
    points = tuple(entry.value[key] for key in POINTS)
    labels = tuple(entry.value.get(key) for key in LABELS.values())
    return (entry.setting, RANGE, None, *points, *labels, INPUT_OF_RANGE)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _shown(value: object) -> object:
    return ("yes" if value else "no") if isinstance(value, bool) else value


def _measures(contents: Contents) -> Iterator[Cells]:
    for scenario, data in contents.scenarios:
        whole = {key: value for key, value in data.items() if key != "measures"}
        for entry in entries(whole):
            yield (scenario.key, WHOLE_SCENARIO, *_setting_row(entry))
        for measure in data.get("measures", ()):
            own = {key: value for key, value in measure.items() if key != "key"}
            for entry in entries(own):
                yield (scenario.key, measure["key"], *_setting_row(entry))


def evidence_rows(evidence: Evidence) -> Iterator[Cells]:
    """Rows of the sheet of shared evidence."""
    for key, found in quantities_in(evidence.behaviour):
        yield (key, *_points(found), found.unit.value, found.grade.value, found.source,
               found.note or None)  # fmt: skip


def _points(found: Quantity) -> tuple[float, ...]:
    return (found.low, found.central, found.high)


def source_rows(sources: Sources) -> Iterator[Cells]:
    """Rows of the sheet of sources."""
    for key, found in sources.root.items():
        yield (key, found.title, found.address or None, found.kind.value, found.about or None)


def _choices(contents: Contents) -> Iterator[Cells]:
    lists: Mapping[str, Iterable[str]] = {
        "unit": (unit.value for unit in Unit),
        "grade": (grade.value for grade in Grade),
        "scale": (scale.value for scale in Scale),
        "source kind": (mark.value for mark in Mark),
        "role": (role.value for role in Role),
        "team": (team.key for team in contents.council.teams),
        "kind": KINDS.names,
        "type": TYPES,
        FLAG: ("yes", "no"),
    }
    for name, values in lists.items():
        for value in values:
            yield (name, value)


def _results(study: PaperStudy) -> Sheet:
    rows = tuple(tuple(_cell(value) for value in astuple(row)) for row in study.rows)
    about = f"Simulated. Run {study.run_id}. A blank cell: the study tells no such number."
    return Sheet(RESULTS, f"{study.council}: results", about, RESULT_COLUMNS, rows)


def _cell(value: object) -> object:
    return None if value == "" or (isinstance(value, float) and math.isnan(value)) else value


_MEANINGS = {
    "item": "what is told", "note": "number of the note", "text": "the note",
    "list": "list of choices", "choice": "one of its choices",
    "scenario": "key of a scenario", "measure": f"key of a measure, or '{WHOLE_SCENARIO}'",
    "setting": "key of the setting; [1] is the first of a list",
    "type": "what the row holds", "value": "the one value of a row that is no range",
    "low": "5 % point of a range; in results the tenth of the runs",
    "central": "middle of a range", "high": "95 % point of a range; in results nine tenths",
    "unit": "what a 1 is", "grade": "strength of the evidence", "reason": "why this number",
    "source": "where the number comes from: a key of the sheet sources",
    "input": "cells of the row that are yours to change",
    "title": "what the source is called", "address": "where it is found",
    "about": "the one council of which it tells", "kind": "in sources: what kind of source;"
    " in results: level, change against doing nothing, money, or planned, spent and over",
    "option": "key of the scenario", "line": "team, or line of the ledger; all is the council",
    "what": "indicator or quantity; in ledger rows the source of funds",
    "when": "date or financial year", "mean": "average of the runs",
    "middle": "half of the runs are below", "runs": "runs that have a value",
    "least": "one run in forty is below", "greatest": "one run in forty is above",
    "chance": "share of runs in which it is better, or in which money is left",
    "first": "first day that the row covers", "last": "last day that the row covers",
}  # fmt: skip


def _dictionary(found: Sequence[Sheet]) -> Sheet:
    rows = tuple((s.name, column, _MEANINGS[column]) for s in found for column in s.columns)
    about = "What each column holds."
    return Sheet(DICTIONARY, "Data dictionary", about, ("sheet", "column", "meaning"), rows)
