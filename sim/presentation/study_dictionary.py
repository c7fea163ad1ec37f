"""The dictionary of an exported study: what every column of every table means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from sim.presentation.dictionary import (
    DATE,
    FILE_NAME,
    HEADER,
    NUMBER,
    WHOLE,
    Column,
)
from sim.presentation.files import write_csv


def _id(meaning: str) -> Column:
    return Column(meaning, "number of it", WHOLE)


def _gbp(meaning: str) -> Column:
    return Column(meaning, "£", NUMBER)


_RUN = _id("the run: one scenario, set of assumptions and run of chance")
_YEAR = Column("April to March; `part` where the run holds only a part of it")
_DRAW = _id("the set of assumptions; 0 is central")
_KEY = Column("key of a number, as a config has it")
_CELL = _id("the points that know the same numbers for certain")
_CONDITION = _id("what the runs of a cell stand under; 0 is as asked")
_POINT = _id("the combination of the numbers that the sweep varies; 0 varies none")

STUDY_TABLES: Mapping[str, Mapping[str, Column]] = {
    "manifest": {
        "name": Column("what is stated: version, inputs, seed, sizes"),
        "value": Column("what it is, as JSON"),
    },
    "indicators": {
        "name": Column("name of an indicator"),
        "label": Column("the same in words"),
        "unit": Column("its unit"),
        "definition": Column("how it is counted"),
    },
    "conditions": {
        "cell": _CELL,
        "condition": _CONDITION,
        "demand": Column("how referrals go on; empty as asked"),
        "fixed": Column("numbers that are known for certain there, as JSON"),
    },
    "points": {
        "point": _POINT,
        "key": _KEY,
        "value": Column("value at that point", "its own", NUMBER),
    },
    "scenarios": {
        "scenario": _id("the scenario, at its point"),
        "cell": _CELL,
        "place": _id("its place among them; 0 is what it is compared with"),
        "point": _POINT,
        "key": Column("key of the scenario"),
        "name": Column("its name"),
        "config": Column("all that it decides, as JSON"),
    },
    "draws": {
        "cell": _CELL,
        "draw": _DRAW,
        "key": _KEY,
        "value": Column("value in that set of assumptions", "its own", NUMBER),
    },
    "runs": {
        "run": _RUN,
        "block": _id("what was computed and kept as a whole"),
        "scenario": _id("the scenario, as in the table of scenarios"),
        "condition": _CONDITION,
        "draw": _DRAW,
        "pair": _id("which of the two runs of chance"),
        "present_value_gbp": _gbp("all spending on staff, discounted to the first day"),
        "lower_rate_gbp": _gbp("the same at the lower of the two rates"),
    },
    "monthly": {
        "run": _RUN,
        "date": Column("month end", type=DATE),
        "team": Column("key of a team; `all` is the council"),
        "indicator": Column("what is measured, as in the table of indicators"),
        "value": Column("how much", "as the indicator says", NUMBER),
    },
    "yearly": {
        "run": _RUN,
        "financial_year": _YEAR,
        "planned_gbp": _gbp("money that was voted for the scenario's lines"),
        "spent_gbp": _gbp("all spending on staff"),
        "permanent_gbp": _gbp("of it, on permanent staff"),
        "agency_gbp": _gbp("of it, on agency staff"),
        "changes_of_worker": Column("changes of worker of all children", "changes", NUMBER),
    },
    "ledger": {
        "run": _RUN,
        "financial_year": _YEAR,
        "line": Column("budget line: a key of a measure or of the council's own staffing"),
        "planned_gbp": _gbp("money that was voted for it"),
        "spent_gbp": _gbp("what it spent"),
        "pay_gbp": _gbp("of it, on pay"),
        "agency_cover_gbp": _gbp("of it, on agency staff who cover a vacancy"),
        "agency_above_establishment_gbp": _gbp("of it, on agency staff who cover none"),
        "other_gbp": _gbp("of it, on anything else"),
        "planned_real_gbp": _gbp("money that was voted, in prices of the first day"),
        "spent_real_gbp": _gbp("spending in prices of the first day"),
        "spent_present_gbp": _gbp("the same, discounted to the first day"),
        "unfunded_gbp": _gbp("spent on posts that are held but that no money is agreed for"),
        "paid_to_staff_gbp": _gbp("paid to people for being in post"),
        "recovered_gbp": _gbp("of that, repaid by those who left"),
        "paid_without_gbp": _gbp("what would be paid to those in post when nothing is done"),
    },
}
"""Columns by exported table."""


def write_study_dictionary(names: Sequence[str], folder: Path) -> None:
    """Write the dictionary of an exported study beside its files.

    Args:
        names: the files, each the name of a table with an ending, or one that holds every table.
        folder: where they are.
    """
    listed = [
        (name if stem in STUDY_TABLES else f"{name}: {table}", table)
        for name in names
        for stem in (Path(name).stem,)
        for table in ((stem,) if stem in STUDY_TABLES else STUDY_TABLES)
    ]
    rows = [
        (file, column, each.meaning, each.unit, each.type)
        for file, table in listed
        for column, each in STUDY_TABLES[table].items()
    ]
    write_csv(folder / FILE_NAME, HEADER, rows)
