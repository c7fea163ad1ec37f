"""docs/glossary.md and data_dictionary.csv: every indicator and every column of every file."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from sim.outcomes.indicators import DIFFERENCE_INDICATORS, INDICATORS
from sim.presentation import backtest_files, comparison_files, study_files, sweep_table, trace
from sim.presentation.dictionary import (
    BY_FILE,
    COLUMNS,
    FILE_NAME,
    HEADER,
    INDICATOR_COLUMNS,
    QUANTITIES,
    Column,
    write_dictionary,
)
from sim.presentation.study_dictionary import STUDY_TABLES

ROW = re.compile(r"^\| ([^|]+) \|", re.MULTILINE)
NAME = re.compile(r"\w+")


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "glossary.md").read_text(encoding="utf-8")


def test_every_indicator_has_its_row(page: str) -> None:
    told = {name for words in ROW.findall(page) for name in NAME.findall(words)}
    assert {indicator.name for indicator in INDICATORS + DIFFERENCE_INDICATORS} <= told


def rows(columns: Mapping[str, Column], before: str = "") -> list[str]:
    """Rows of a table of the glossary."""
    return [
        f"| {before}{name} | {column.meaning} | {column.unit or column.type} |"
        for name, column in columns.items()
    ]


def test_every_column_and_quantity_stands_in_the_glossary_as_in_the_dictionary(page: str) -> None:
    """Where it fails, what is printed is what the page should hold."""
    in_one_file = [
        row
        for file in ("places.csv", "options.csv", "assumptions.csv")
        for row in rows(BY_FILE[file], f"{file}: ")
    ]
    wanted = [*rows(COLUMNS), *in_one_file, *rows(QUANTITIES)]
    told = set(page.splitlines())
    missing = [row for row in wanted if row not in told]
    assert not missing, "\n".join(missing)


def test_every_column_of_an_exported_study_stands_in_the_glossary(page: str) -> None:
    wanted = [row for table, columns in STUDY_TABLES.items() for row in rows(columns, f"{table}: ")]
    told = set(page.splitlines())
    missing = [row for row in wanted if row not in told]
    assert not missing, "\n".join(missing)


def test_every_column_that_is_written_has_its_meaning() -> None:
    written = {
        *comparison_files.SUMMARY_COLUMNS,
        *comparison_files.DIFFERENCE_COLUMNS,
        *comparison_files.LEDGER_COLUMNS,
        *comparison_files.MONEY_COLUMNS,
        *study_files.OPTION_COLUMNS,
        *study_files.ASSUMPTION_COLUMNS,
        *study_files.CONDITION_COLUMNS,
        *sweep_table.COLUMNS,
        *trace.COLUMNS,
        *backtest_files.SCORES,
        *backtest_files._FORECAST,
        *backtest_files._COUNCIL,
    }
    assert written <= set(COLUMNS)
    assert set(COLUMNS) - written <= {"point", "mark", "found", "met", "share", "coverage_80"}


def test_every_unit_of_an_indicator_is_in_words() -> None:
    assert all(column.unit and column.meaning for column in INDICATOR_COLUMNS.values())


def test_the_dictionary_lists_the_columns_that_stand_beside_it(tmp_path: Path) -> None:
    header = "scenario,point,line,quantity,mean,behaviour.pay"
    text = f"{header}\nx,1,all,net_cost_gbp,1,2\nx,1,all,recovered_gbp,1,2\n"
    (tmp_path / "money.csv").write_text(text, encoding="utf-8")
    write_dictionary(tmp_path)
    with (tmp_path / FILE_NAME).open(encoding="utf-8", newline="") as file:
        first, *told = csv.reader(file)
    assert tuple(first) == HEADER
    found = {column: rest for name, column, *rest in told if name == "money.csv"}
    assert list(found) == [
        "scenario", "point", "line", "quantity", "quantity: net_cost_gbp",
        "quantity: recovered_gbp", "mean", "behaviour.pay",
    ]  # fmt: skip
    assert found["mean"] == ["average of the runs", "as the quantity says", "number"]
    assert found["quantity: net_cost_gbp"] == [
        "change in all spending on staff, cash", "£", "number",
    ]  # fmt: skip
