"""Names from users' files: on the screen, in CSV cells and in charts they stand as they are."""

from __future__ import annotations

import csv
import re
import warnings
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.config.errors import InputError
from sim.config.shipped import configs_folder
from sim.engine.trace import TraceEvent
from sim.experiment.csv_text import safe_cell
from sim.experiment.executors import Means
from sim.experiment.export import Format, export
from sim.experiment.results_file import connect
from sim.presentation.answer import Question, answer
from sim.presentation.charts.chart import Chart
from sim.presentation.charts.style import chart_style, lacking, make_page
from sim.presentation.files import write_csv
from sim.presentation.trace import write_trace
from sim.scenario.check import check_config, check_together
from tests.helpers import devon

SCENARIO = """
name = {name}
short_name = {short}
council = "devon_2021"

[[measures]]
kind = "extra_posts"
key = "posts"
name = "[/] =posts"
start = 2021-10-01
planned_gbp = {{ "2021/22" = 50000 }}
posts = [{{ team = "assessment", role = "social_worker", fte = 2.0 }}]
"""
FORMULAS = [
    "=1+1", "+1-2", "-cmd|x", "@SUM(A1)", "\ttab", " =1", "\uff1d1", "'=1", "''@x", "-", "- a",
]  # fmt: skip
PLAIN = ["plan A", "'quoted'", "a=b", "", "12", "-1.5", "+3", "-1e-05", "48 - 6", "Tŷ [b]"]


def scenario(folder: Path, file: str, name: str, short: str = "") -> Path:
    path = folder / file
    path.write_text(SCENARIO.format(name=repr(name), short=repr(short)), encoding="utf-8")
    return path


def council(folder: Path) -> Path:
    """Devon for a year, with names that rich or a spreadsheet would read as something else."""
    text = (configs_folder() / "councils" / "devon_2021.toml").read_text(encoding="utf-8")
    text = text.replace("horizon_years = 5", "horizon_years = 1")
    text = text.replace('name = "Devon"', 'name = "=Devon [/]"', 1)
    path = folder / "council.toml"
    path.write_text(text.replace('name = "Assessment"', 'name = "+[red]Team"', 1), encoding="utf-8")
    return path


def check_all(files: list[str]) -> None:
    """What the command `check` does."""
    for file in files:
        check_config(file)
    check_together(files)


def as_read(cell: str) -> str:
    """Text of a CSV cell: one apostrophe less where it stands before the sign of a formula."""
    return cell[1:] if re.match("'+[ \t\r\n]*[=+\\-@\uff1d\uff0b\uff0d\uff20\t\r]", cell) else cell


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


# The screen -------------------------------------------------------------------------------


def test_square_brackets_stand_on_the_screen_and_in_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.presentation.answer.draw_charts", lambda _: [])
    plan = scenario(tmp_path, "[b]=plan.toml", "Close [/] [red]:bug:", "[/b] :bug: x")
    out = tmp_path / "out"
    answer(Question(str(council(tmp_path)), (str(plan),), 2, 2, 1, Means(), out, details=True))
    printed = " ".join(capsys.readouterr().out.split())
    written = " ".join((out / "headline.txt").read_text(encoding="utf-8").split())
    for text in (printed, written):
        for name in ("=Devon [/]", "Close [/] [red]:bug:", "[/b] :bug: x", "[/] =posts"):
            assert name in text, name
    page = (out / "childs_year.txt").read_text(encoding="utf-8")
    assert page.startswith("A child’s year: =Devon [/] (Do nothing)")
    keys = {row[0] for row in rows_of(out / "summary.csv")[1:]}
    assert keys == {"baseline", "[b]=plan"}


def test_every_console_is_made_in_one_place(root: Path) -> None:
    makers = {
        path.name
        for path in (root / "sim").rglob("*.py")
        if re.search(r"\bConsole\(|rich\.print|from_markup|rich\.markup", path.read_text("utf-8"))
    }
    assert makers == {"screen.py"}


# Names that are alike ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "field"),
    [
        (("Plan", "A"), ("Plan", "B"), "name"),
        (("Plan", "A"), ("Other", "Plan"), "short_name"),
        (("Plan", "A"), (" plan ", "B"), "name"),
        (("Plan é", "A"), ("Plan é", "B"), "name"),
        (("Plan", "A"), ("Other", "A"), "short_name"),
        (("Other", "A"), ("Do nothing", "B"), "name"),
        (("Other", "A"), ("Plan", "do nothing"), "short_name"),
    ],
)
def test_scenarios_of_one_name_are_refused_by_check_and_compare(
    first: tuple[str, str], second: tuple[str, str], field: str, tmp_path: Path
) -> None:
    files = [
        str(scenario(tmp_path, f"{file}.toml", *names))
        for file, names in (("one", first), ("two", second))
    ]
    said = rf"two\.toml: {field}: .* is also how (one|baseline) is called"
    with pytest.raises(InputError, match=said):
        answer(Question("devon_2021", tuple(files), 2, 0, 1, Means(), None))
    with pytest.raises(InputError, match=said):
        check_all(files)


def test_check_takes_scenarios_that_differ(tmp_path: Path) -> None:
    one, two = (scenario(tmp_path, f"{n}.toml", f"Plan {n}", n) for n in ("a", "b"))
    check_together([str(one), "devon_2021", str(two), "devon_hiring_response"])


# CSV --------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_begins_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("cell", [*PLAIN, -1.5, 3, None])
def test_other_cells_stay_as_they_are(cell: object) -> None:
    assert safe_cell(cell) == cell


@given(st.text(alphabet="'=+-@\uff1d\t a1.", max_size=8))
def test_every_text_can_be_read_back(text: str) -> None:
    cell = safe_cell(text)
    assert isinstance(cell, str)
    assert as_read(cell) == text


def test_tables_and_traces_are_written_so(tmp_path: Path) -> None:
    write_csv(tmp_path / "t.csv", ["=head"], [[text] for text in FORMULAS + PLAIN])
    cells = [row[0] if row else "" for row in rows_of(tmp_path / "t.csv")]
    assert cells[0] == "'=head"
    assert [as_read(cell) for cell in cells[1:]] == FORMULAS + PLAIN
    assert not [cell for cell in cells if cell in FORMULAS]
    write_trace([TraceEvent(1.0, "x", "=team", "", "")], devon().start_date, tmp_path / "e.csv")
    assert rows_of(tmp_path / "e.csv")[1][3] == "'=team"


def test_an_export_is_written_so_in_its_order(tmp_path: Path) -> None:
    store = tmp_path / "study.sqlite"
    write_store(store, FORMULAS + PLAIN)
    export(store, Format.CSV, tmp_path)
    names = [row[5] for row in rows_of(tmp_path / "scenarios.csv")[1:]]
    assert names == [safe_cell(text) for text in FORMULAS + PLAIN]
    assert [as_read(name) for name in names] == FORMULAS + PLAIN
    export(store, Format.PARQUET, tmp_path)
    path = str(tmp_path / "scenarios.parquet")
    held = duckdb.execute("SELECT name FROM read_parquet(?)", [path]).fetchall()
    assert [name for (name,) in held] == FORMULAS + PLAIN


def write_store(path: Path, names: list[str]) -> None:
    """An empty study, but for scenarios of these names, the last written first."""
    connection = connect(path)
    for number, name in reversed(list(enumerate(names))):
        connection.execute(
            "INSERT INTO scenarios VALUES (?, 1, 0, 0, 'key', ?, '{}', '')", [number, name]
        )
    connection.close()


# Charts -----------------------------------------------------------------------------------

WELSH = "âêîôûŵŷÂÊÎÔÛŴŶäëïöüẅÿÄËÏÖÜẄŸàèìòùẁỳÀÈÌÒÙẀỲáéíóúẃýÁÉÍÓÚẂÝ"
GAELIC = "àèìòùÀÈÌÒÙáéíóúÁÉÍÓÚḃċḋḟġṁṗṡṫḂĊḊḞĠṀṖṠṪ"


def chart_of(title: str, subtitle: str) -> Chart:
    with chart_style():
        return Chart("c", title, subtitle, "text", make_page(title, subtitle, "cap", 1.0).figure)


def test_the_charts_font_has_welsh_and_gaelic_letters() -> None:
    assert lacking(chart_of(WELSH, WELSH).figure) == set()
    assert lacking(chart_of(GAELIC, GAELIC).figure) == set()


def test_characters_that_the_font_lacks_are_told_in_one_note(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = lambda _: [chart_of("Plan 漢", "字 of Tŷ"), chart_of("Plan 漢", "")]  # noqa: E731
    monkeypatch.setattr("sim.presentation.answer.draw_charts", drawn)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        answer(Question(str(council(tmp_path)), ("baseline",), 2, 0, 1, Means(), tmp_path, True))
    assert [warning for warning in warned if "Glyph" in str(warning.message)] == []
    (note,) = (line for line in capsys.readouterr().err.splitlines() if "font" in line)
    assert note.startswith("note: The charts' font lacks 字, 漢: boxes stand there")
    assert "Plan 漢" in (tmp_path / "c.txt").read_text(encoding="utf-8")
