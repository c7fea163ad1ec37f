"""The workbook: what goes out comes back the same; what is wrong in it names a cell."""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import astuple, replace
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest

from sim.cli import main
from sim.config.errors import InputError
from sim.config.shipped import load_evidence, read_council, shipped
from sim.papers.settings_rows import entries, settings_of
from sim.papers.study import read_study
from sim.papers.workbook import check_workbook, contents_of, unpacked, write_workbook
from sim.papers.workbook_open import MAX_SHEET_BYTES
from sim.papers.workbook_sheets import Contents, Sheet, sheets
from sim.papers.workbook_write import excel_file
from sim.published.council_file.called import council_called
from sim.scenario.scenario import load_scenario, read_scenario
from tests.papers_study import Made, write_study
from tests.workbooks import DATE, HEADER, SMALL, changed, edit_part, small_sheets, texts, written


@pytest.fixture
def small() -> list[Sheet]:
    """The sheets that are read of a small council and its scenario."""
    return small_sheets()


# Out and in again -------------------------------------------------------------------------

WITH_SCENARIOS = {
    "devon_2021": [n for n in shipped("scenarios") if n.startswith(("devon", "posts"))],
    "devon_2017": ["posts_48"],
    "herefordshire_2019": [n for n in shipped("scenarios") if n.startswith(("hereford", "posts"))],
    "herefordshire_2017": ["posts_tenth"],
    "Kent": ["posts_tenth"],
}


@pytest.mark.parametrize("council", WITH_SCENARIOS)
def test_a_council_and_its_scenarios_come_back_the_same(council: str, tmp_path: Path) -> None:
    names = WITH_SCENARIOS[council]
    sources = load_evidence().sources
    before = council_called(council, sources).council
    write_workbook(council, names, tmp_path / "book.xlsx", None)
    with unpacked(tmp_path / "book.xlsx") as files:
        after = read_council(files.council, sources)
        assert after.model_dump() == before.model_dump()
        assert [path.stem for path in files.scenarios] == names
        for path, name in zip(files.scenarios, names, strict=True):
            scenario = read_scenario(path, after, sources)
            assert scenario == load_scenario(name, before, sources)
        first = {path.name: path.read_bytes() for path in files.files}
        write_workbook(str(files.council), [str(p) for p in files.scenarios],
                       tmp_path / "again.xlsx", None)  # fmt: skip
    with unpacked(tmp_path / "again.xlsx") as files:
        assert {path.name: path.read_bytes() for path in files.files} == first


def own_council(folder: Path) -> Path:
    """Devon with a source and a number of its own, and a name that is hard to write."""
    text = shipped("councils")["devon_2021"].read_text(encoding="utf-8")
    quantity = '{low = 0.1, central = 0.3, high = 0.5, unit = "elasticity", grade = "C",'
    text = text.replace('name = "Devon"', 'name = "Môn & Défnaint"\nsources = "own.toml"', 1)
    text += '[evidence]\n"labour_market.vacancy_elasticity" = '
    text += f'{quantity} source = "our_survey", note = "=SUM(1) of < & > our survey"}}\n'
    (folder / "own.toml").write_text(
        '[our_survey]\ntitle = "Our survey"\nkind = "judgement"\n', encoding="utf-8"
    )
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_own_sources_and_own_evidence_come_back(tmp_path: Path) -> None:
    path = own_council(tmp_path)
    sources = load_evidence().sources
    write_workbook(str(path), ["devon_package_48_fte"], tmp_path / "book.xlsx", None)
    with unpacked(tmp_path / "book.xlsx") as files:
        after = read_council(files.council, sources)
    before = read_council(path, sources)
    assert after.known_sources == before.known_sources
    changed = {"sources": "workbook_sources.toml"}
    assert after.model_dump() == before.model_dump() | changed


def test_settings_of_every_kind_come_back() -> None:
    data = {
        "text": "=1+1", "whole": 3, "number": 0.1 + 0.2, "flag": False, "day": dt.date(2021, 9, 8),
        "none": [], "empty": {}, "list": [1.5, 2.5], "2021/22": 4, "tables": [{"a": 1}, {"b": {}}],
        "deep": {"dotted.key": {"low": 1.0, "central": 2.0, "high": 3.0, "scale": "log"}},
    }  # fmt: skip
    rows = list(entries(data))
    assert settings_of(rows) == data
    assert len({row.setting for row in rows}) == len(rows)


def test_the_same_study_gives_the_same_bytes(small: list[Sheet]) -> None:
    first, second = (excel_file(small, DATE, "A workbook") for _ in range(2))
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as book:
        assert {member.date_time[0] for member in book.infolist()} == {1980}
        assert b"2021-09-08T00:00:00Z" in book.read("docProps/core.xml")


# Layout -----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def studied(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A workbook with results, and the study's folder."""
    folder = tmp_path_factory.mktemp("workbook")
    options = (("baseline", "Do nothing"), ("devon_package_48_fte", "Package"))
    study = write_study(folder / "study", Made(options=options))
    path = folder / "book.xlsx"
    write_workbook("devon_2021", ["devon_package_48_fte"], path, study)
    return path, study


def test_each_sheet_is_one_named_table_with_its_heading_in_a1(studied: tuple[Path, Path]) -> None:
    book = openpyxl.load_workbook(studied[0])
    names = ["cover", "notes", "council", "measures", "evidence", "sources", "choices", "results"]
    assert book.sheetnames == [*names, "data_dictionary"]
    for page in book:
        (table,) = page.tables.values()
        assert table.name == f"{page.title}_table"
        assert table.autoFilter is None
        assert table.ref.startswith("A4:")
        assert page["A1"].value
        assert page["A2"].value
        assert not page.merged_cells.ranges
        header = [cell.value for cell in page[HEADER]]
        assert len(set(header)) == len(header)
        assert all(row[0] not in (None, "") for row in page.iter_rows(5, None, values_only=True))
    described = {row[:2] for row in book["data_dictionary"].iter_rows(5, values_only=True)}
    columns = {(page.title, cell.value) for page in book for cell in page[HEADER]}
    assert described >= columns - {(("data_dictionary"), c.value) for c in
                                   book["data_dictionary"][HEADER]}  # fmt: skip


def test_input_cells_are_marked_and_checked_by_excel(studied: tuple[Path, Path]) -> None:
    page = openpyxl.load_workbook(studied[0])["council"]
    header = [cell.value for cell in page[HEADER]]
    rules = {str(rule.sqref): rule for rule in page.data_validations.dataValidation}
    rows = {row[0].value: dict(zip(header, row, strict=True)) for row in page.iter_rows(HEADER + 1)}
    leaving = rows["staffing.leaving_rate"]
    assert leaving["input"].value == "low, central, high, unit, grade, source, reason"
    assert leaving["low"].fill.fgColor.rgb == "FFFFF4CC"
    assert leaving["setting"].fill.fgColor.rgb != "FFFFF4CC"
    low = rules[leaving["low"].coordinate]
    assert (low.formula1, low.formula2) == ("0.0", "5.0")
    assert rules[leaving["unit"].coordinate].type == "list"
    assert rules[rows["start_date"]["value"].coordinate].type == "date"
    assert rules[rows["teams[3].hard_to_recruit"]["value"].coordinate].type == "list"
    assert rows["totals.inpost_fte"]["unit"].value == "fte"


def test_every_number_of_the_results_is_the_study_s(studied: tuple[Path, Path]) -> None:
    book = openpyxl.load_workbook(studied[0], data_only=True)
    found = list(book["results"].iter_rows(HEADER + 1, values_only=True))
    told = [
        tuple(None if v == "" or v != v else v for v in astuple(row))
        for row in read_study(studied[1]).rows
    ]
    assert len(found) > 100
    assert found == told
    cover = {row[0]: row[1] for row in book["cover"].iter_rows(HEADER + 1, values_only=True)}
    assert cover["Run of the results"] == read_study(studied[1]).run_id


def test_every_number_of_council_and_evidence_is_the_file_s(studied: tuple[Path, Path]) -> None:
    book = openpyxl.load_workbook(studied[0])
    contents: Contents = contents_of("devon_2021", ["devon_package_48_fte"], None)
    for sheet in sheets(contents):
        found = list(book[sheet.name].iter_rows(HEADER + 1, values_only=True))
        if sheet.name in ("cover", "data_dictionary"):
            continue
        rows = [tuple(map(_plain, row)) for row in found]
        assert rows == [tuple(row) for row in sheet.rows], sheet.name


def _plain(value: Any) -> Any:
    return value.date() if isinstance(value, dt.datetime) else value


def test_nothing_that_begins_like_a_formula_is_one(small: list[Sheet], tmp_path: Path) -> None:
    texts = ["=1+1", "+1", "-1", "@A1", "=HYPERLINK(1)", "https://example.org", "{=1}", "0012"]
    made = small
    for setting, text in zip(islice((row[0] for row in small[0].rows), 8), texts, strict=True):
        made = changed(made, setting, {"value": text})
    path = written(made, tmp_path)
    with zipfile.ZipFile(path) as book:
        pages = [book.read(n) for n in book.namelist() if n.startswith("xl/worksheets/sheet")]
        assert not any("hyperlink" in name.lower() for name in book.namelist())
    assert not any(b"<f>" in page or b"<hyperlink" in page for page in pages)
    cells = [row[2].value for row in openpyxl.load_workbook(path)["council"].iter_rows(5, 12)]
    assert cells == texts


@pytest.mark.parametrize("text", ["a\rb", "bell\x07", "ax005F_b", "long" * 9_000])
def test_a_text_that_no_cell_keeps_is_refused(
    text: str, small: list[Sheet], tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="workbook: row"):
        written(changed(small, "name", {"value": text}), tmp_path)


# The command --------------------------------------------------------------------------------


def left(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    """Exit code of the program."""
    monkeypatch.setattr("sys.argv", ["caseholder", *map(str, arguments)])
    with pytest.raises(SystemExit) as leaves:
        main()
    assert isinstance(leaves.value.code, int)
    return leaves.value.code


def test_a_workbook_stands_in_place_of_names(
    small: list[Sheet],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = written(small, tmp_path)
    assert left(monkeypatch, "check", path) == 0
    assert f"{path}: workbook_council: council Herefordshire" in capsys.readouterr().out
    assert left(monkeypatch, "compare", "devon_2021", "--workbook", path) == 2
    assert "--workbook: is given beside devon_2021" in capsys.readouterr().err
    out = tmp_path / "other.csv"
    assert left(monkeypatch, "workbook", *SMALL, "--out", out) == 2
    assert "is no .xlsx file" in capsys.readouterr().err
    assert left(monkeypatch, "workbook", SMALL[0], "baseline", "--out", tmp_path / "b.xlsx") == 2
    assert "none is named beside doing nothing" in capsys.readouterr().err
    broken = written(changed(small, "horizon_years", {"value": "five"}), tmp_path)
    assert left(monkeypatch, "compare", "--workbook", broken, "--out", tmp_path / "study") == 2
    assert "sheet council, cell C" in capsys.readouterr().err
    assert not (tmp_path / "study").exists()


@pytest.mark.slow
def test_a_workbook_gives_the_results_of_the_files(
    small: list[Sheet], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ["--replications", "2", "--hiring-pairs", "0", "--demand-pairs", "0"]
    short = changed(small, "horizon_years", {"value": 2})
    book = written(short, tmp_path)
    first, second = tmp_path / "first", tmp_path / "second"
    assert left(monkeypatch, "compare", "--workbook", book, *asked, "--out", first) == 0
    files = [first / "workbook_council.toml", first / f"{SMALL[1]}.toml"]
    assert left(monkeypatch, "compare", *files, *asked, "--out", second) == 0
    names = {path.name for path in first.iterdir()} - {"study.sqlite"}
    assert names - {path.name for path in second.iterdir()} == {file.name for file in files}
    for name in names - {file.name for file in files}:
        assert (first / name).read_bytes() == (second / name).read_bytes(), name


# What people do to a workbook ---------------------------------------------------------------

READ_AS: list[tuple[str, dict[str, Any], str]] = [
    ("totals.part_time_share", {"value": "20%"}, "part_time_share = 0.2"),
    ("totals.part_time_share", {"value": " 20 % "}, "part_time_share = 0.2"),
    ("totals.inpost_fte", {"value": "£1,100.5"}, "inpost_fte = 1100.5"),
    ("totals.inpost_fte", {"value": "1,234,567"}, "inpost_fte = 1234567.0"),
    ("totals.inpost_fte", {"value": 70}, "inpost_fte = 70.0"),
    ("start_date", {"value": "01/12/2019"}, "start_date = 2019-12-01"),
    ("start_date", {"value": "2019-12-01"}, "start_date = 2019-12-01"),
    ("start_date", {"value": "1 December 2019"}, "start_date = 2019-12-01"),
    ("horizon_years", {"value": "4"}, "horizon_years = 4\n"),
    ("totals.inpost_fte", {"value": 0.1 + 0.2}, "inpost_fte = 0.30000000000000004"),
    ("staffing.leaving_rate", {"reason": "two\nlines"}, r"two\nlines"),
    ("code", {"value": 884}, 'code = "884"'),
    ("staffing.leaving_rate", {"low": "5%", "source": "judgement"}, "low = 0.05"),
]


@pytest.mark.parametrize(("setting", "cells", "line"), READ_AS)
def test_what_people_type_is_read(
    setting: str, cells: dict[str, Any], line: str, small: list[Sheet], tmp_path: Path
) -> None:
    path = written(changed(small, setting, cells), tmp_path)
    assert line in texts(path)["workbook_council.toml"]


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("totals.part_time_share", {"value": "a fifth"}, "'a fifth' where a number is needed"),
    ("totals.inpost_fte", {"value": "£1.1m"}, "where a number is needed"),
    ("totals.inpost_fte", {"value": "1,5"}, "where a number is needed"),
    ("totals.inpost_fte", {"value": "1e999"}, "where a number is needed"),
    ("totals.inpost_fte", {"value": None}, "is empty"),
    ("totals.inpost_fte", {"value": dt.date(2021, 1, 1)}, "where a number is needed"),
    ("totals.inpost_fte", {"source": "csww"}, "in a row that has one value"),
    ("totals.inpost_fte", {"low": 3}, "in a row that has one value"),
    ("totals.inpost_fte", {"unit": "people"}, "in a row that has one value"),
    ("totals.inpost_fte", {"type": "nubmer"}, "'nubmer' is no type. Did you mean number?"),
    ("totals.inpost_fte", {"setting": "totals..x"}, "is no setting"),
    ("totals.inpost_fte", {"setting": " "}, "is empty"),
    ("totals.inpost_fte", {"setting": "totals.inpst_fte"}, "is not a known key"),
    ("totals.inpost_fte", {"setting": "totals.vacancy_fte"}, "stands in two rows"),
    ("totals.inpost_fte", {"setting": "totals", "unit": None}, "stands in two rows"),
    ("totals.inpost_fte", {"value": -4}, "greater than or equal to 0"),
    ("horizon_years", {"value": 2.5}, "a whole number is needed"),
    ("horizon_years", {"value": "1e999"}, "where a number is needed"),
    ("start_date", {"value": 43800}, "43800 where a date is needed"),
    ("start_date", {"value": "31/02/2020"}, "a date is needed"),
    ("start_date", {"value": "soon"}, "a date is needed"),
    ("name", {"value": dt.date(2021, 1, 1)}, "a text is needed"),
    ("staffing.leaving_rate", {"value": 1}, "in a row of type range"),
    ("staffing.leaving_rate", {"high": None}, "is empty"),
    ("staffing.leaving_rate", {"low": 0.9}, "do not ascend"),
    ("staffing.leaving_rate", {"unit": "days"}, "is not the unit"),
    ("staffing.leaving_rate", {"grade": "Z"}, "is refused"),
    ("staffing.leaving_rate", {"source": "nowhere"}, "is not in sources.toml"),
]


@pytest.mark.parametrize(("setting", "cells", "problem"), REFUSED)
def test_a_wrong_cell_is_named(
    setting: str, cells: dict[str, Any], problem: str, small: list[Sheet], tmp_path: Path
) -> None:
    path = written(changed(small, setting, cells), tmp_path)
    with pytest.raises(InputError) as refused:
        check_workbook(path)
    line = refused.value.line()
    assert problem in line
    assert re.search(r"book\.xlsx: sheet council, cell [A-Z]+[0-9]+", line), line
    assert "caseholder-" not in line
    # The cell is the row's: the row that was changed, by its place in the sheet.
    rows = [row[0] for row in next(s for s in small if s.name == "council").rows]
    numbers = {int(n) for n in re.findall(r"cell [A-Z]+([0-9]+)", line)}
    assert numbers & {rows.index(setting) + 5, rows.index("totals.vacancy_fte") + 5}


@pytest.mark.parametrize(
    ("setting", "cells", "problem"),
    [
        ("posts[1].team", {"value": "nobody"}, "team 'nobody' is not in Herefordshire"),
        ("posts[1].fte", {"value": 40}, "the lines' FTE sum to 42"),
        ("start", {"value": dt.date(2001, 1, 1)}, "is before the first day"),
        ("kind", {"value": "extra_post"}, "is no kind of measure"),
        ("name", {"scenario": "../../up"}, "can't be the name of a scenario's file"),
        ("name", {"scenario": SMALL[1].upper()}, "Write it as"),
        ("name", {"scenario": None}, "where cells were merged"),
        ("name", {"measure": None}, "where cells were merged"),
    ],
)
def test_a_wrong_measure_is_named(
    setting: str, cells: dict[str, Any], problem: str, small: list[Sheet], tmp_path: Path
) -> None:
    made = [s if s.name == "measures" else replace(s, rows=s.rows) for s in small]
    measures = changed([s for s in made if s.name == "measures"], setting, cells)
    if setting == "name":  # a second row after it, of which it may be the twin
        (sheet,) = measures
        measures = [replace(sheet, rows=(*sheet.rows[1:], sheet.rows[0]))]
    path = written([*(s for s in made if s.name == "council"), *measures], tmp_path)
    with pytest.raises(InputError) as refused:
        check_workbook(path)
    line = refused.value.line()
    assert problem in line
    assert "book.xlsx" in line
    assert "caseholder-" not in line


def test_sorted_columns_more_columns_hidden_rows_and_blank_rows_are_read(
    small: list[Sheet], tmp_path: Path
) -> None:
    plain = texts(written(small, tmp_path))
    book = openpyxl.Workbook()
    book.remove(book.active)
    for sheet in reversed(small):
        page = book.create_sheet(f" {sheet.name.title()} ".strip())
        page.append(["A heading"])
        columns = ["my own", *reversed(sheet.columns)]
        page.append(["", *columns[:1], *(c.upper() for c in columns[1:])])
        for row in sheet.rows:
            page.append(["", "mine", *reversed(row)])
            page.append([])
        page.row_dimensions[6].hidden = True
        page.column_dimensions["C"].hidden = True
    book.save(tmp_path / "book.xlsx")
    assert texts(tmp_path / "book.xlsx") == plain


def test_formulas_with_a_value_are_read_and_those_without_are_refused(
    small: list[Sheet], tmp_path: Path
) -> None:
    path = written(small, tmp_path)
    row = [r[0] for r in small[0].rows].index("totals.inpost_fte") + 5
    cell = re.compile(rf'(<c r="C{row}"[^>]*>)<v>[^<]*</v>'.encode())
    edit_part(path, "xl/worksheets/sheet1.xml", lambda x: cell.sub(rb"\1<f>60+7</f><v>67</v>", x))
    assert "inpost_fte = 67.0" in texts(path)["workbook_council.toml"]
    edit_part(path, "xl/worksheets/sheet1.xml", lambda x: x.replace(b"<f>60+7</f><v>67</v>",
                                                                    b"<f>60+7</f>"))  # fmt: skip
    with pytest.raises(InputError, match=f"cell C{row}: is empty.*worked out"):
        check_workbook(path)


def test_an_error_of_the_spreadsheet_is_named(small: list[Sheet], tmp_path: Path) -> None:
    path = written(small, tmp_path)
    row = [r[0] for r in small[0].rows].index("totals.inpost_fte") + 5
    cell = re.compile(rf'<c r="C{row}"([^>]*)><v>[^<]*</v>'.encode())
    error = rf'<c r="C{row}"\1 t="e"><v>#REF!</v>'.encode()
    edit_part(path, "xl/worksheets/sheet1.xml", lambda x: cell.sub(error, x))
    with pytest.raises(InputError, match=f"cell C{row}: holds the error #REF!"):
        check_workbook(path)


def test_shared_evidence_and_shipped_sources_can_t_be_changed_unseen(tmp_path: Path) -> None:
    made = sheets(contents_of(SMALL[0], SMALL[1:], None))
    key = "labour_market.vacancy_elasticity"
    with pytest.raises(InputError, match=r"sheet evidence, cell C[0-9]+.*is changed"):
        check_workbook(written(changed(made, key, {"central": 0.41}), tmp_path))
    sources = [
        replace(s, rows=((s.rows[0][0], "Another", *s.rows[0][2:]), *s.rows[1:]))
        if s.name == "sources" else s for s in made
    ]  # fmt: skip
    with pytest.raises(InputError, match=r"sheet sources, cell B5.*ships, and is changed"):
        check_workbook(written(sources, tmp_path))


def test_large_results_are_left_alone_and_large_inputs_refused(
    studied: tuple[Path, Path], tmp_path: Path
) -> None:
    path = Path(shutil.copy(studied[0], tmp_path / "book.xlsx"))
    padding = b"<!--%s-->" % Random(1).randbytes(MAX_SHEET_BYTES // 2).hex().encode()
    edit_part(path, "xl/worksheets/sheet8.xml", lambda x: x + padding)
    assert texts(path) == texts(studied[0])
    edit_part(path, "xl/worksheets/sheet3.xml", lambda x: x + padding)
    with pytest.raises(InputError, match="has no sheet council, or one that is too large"):
        check_workbook(path)


def test_a_study_of_others_is_refused(tmp_path: Path) -> None:
    study = write_study(tmp_path / "study", Made())
    with pytest.raises(InputError, match="is of Devon, not of Herefordshire"):
        write_workbook(SMALL[0], [SMALL[1]], tmp_path / "b.xlsx", study)
    with pytest.raises(InputError, match="has no scenario devon_package_48_fte"):
        write_workbook("devon_2021", ["devon_package_48_fte"], tmp_path / "b.xlsx", study)
    assert not (tmp_path / "b.xlsx").exists()


# LibreOffice --------------------------------------------------------------------------------


@pytest.mark.slow
def test_libreoffice_saves_it_and_it_comes_back_the_same(
    studied: tuple[Path, Path], tmp_path: Path
) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("no LibreOffice: apt-get install libreoffice-calc")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "xlsx", "--outdir"]
    done = subprocess.run(
        [*command, str(tmp_path), str(studied[0])], capture_output=True, text=True, timeout=120
    )
    saved = tmp_path / studied[0].name
    if not saved.exists():
        pytest.skip(f"LibreOffice has no Calc (apt-get install libreoffice-calc): {done.stderr}")
    assert texts(saved) == texts(studied[0])
