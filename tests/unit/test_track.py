"""Real figures (all invented) beside a study's ranges: verdicts, files, small counts, refusals."""

from __future__ import annotations

import math
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from sim.config.errors import InputError
from sim.papers.actuals import Actual, read_actuals
from sim.papers.document import Picture
from sim.papers.html import as_html
from sim.papers.rows import LEVEL, Row
from sim.papers.study import levels_of_teams, read_study
from sim.papers.track import track, write_tracked
from sim.papers.track_page import track_chart, track_page
from sim.papers.tracked import Place, Tracked, inside, tracked
from tests.papers_study import Made, rows_in, write_study

HEAD = "date,indicator,value\n"
FIGURES = f"""{HEAD}2022-09-30,inpost_fte,100
30/09/2022,"Workload, share of a full caseload",93 %
2023-03-31,unallocated,4
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small study's folder."""
    return write_study(tmp_path_factory.mktemp("track") / "study", Made())


def file_of(folder: Path, text: str) -> Path:
    """A file of real figures."""
    path = folder / "actuals.csv"
    path.write_text(text, encoding="utf-8")
    return path


def found_in(folder: Path, path: Path) -> tuple[Tracked, ...]:
    """Real figures beside a study."""
    study = read_study(folder)
    levels = levels_of_teams(study, folder)
    return tracked(read_actuals(path, levels), levels, [o.key for o in study.options])


# Verdicts ---------------------------------------------------------------------------------


def beside(value: float, name: str = "inpost_fte", *, few: bool = False) -> Tracked:
    """A figure beside 10 to 20 in 8 runs of 10, 5 to 30 in 19 of 20."""
    row = Row(LEVEL, "package", "all", name, "2022-09-30", 15, 10, 14, 20, least=5, greatest=30)
    nothing = math.nan
    row = replace(row, low=nothing, high=nothing, least=nothing, greatest=nothing) if few else row
    return Tracked(Actual(row.when, name, "all", value), row, is_hidden=False)


@pytest.mark.parametrize(
    ("value", "verdict", "by"),
    [
        (10, "inside", 0.0),
        (20, "inside", 0.0),
        (9, "below by 1; inside 19 in 20", -1.0),
        (26, "above by 6; inside 19 in 20", 6.0),
        (20.04, "above by less than 1; inside 19 in 20", 0.04),
        (31, "above by 11; outside 19 in 20", 11.0),
        (2, "below by 8; outside 19 in 20", -8.0),
    ],
)
def test_inside_and_outside_are_told_with_by_how_much(
    value: float, verdict: str, by: float
) -> None:
    found = beside(value)
    assert found.verdict.replace(".0", "") == verdict
    assert found.outside_by == pytest.approx(by)
    assert float(found.cells()[-1]) == pytest.approx(value - 14)


def test_without_a_range_nothing_is_judged() -> None:
    found = beside(99, few=True)
    assert (found.verdict, found.of_eighty, found.range) == ("no range", Place.UNKNOWN, "middle 14")
    assert math.isnan(found.outside_by)
    assert inside([found]) == "No figure can be held against a range."


def test_how_many_lie_inside_stands_beside_how_many_should() -> None:
    told = inside([beside(12), beside(19), beside(29), beside(40), beside(15)])
    assert told == "3 of 5 inside 8 runs in 10 (about 4 expected), 4 of 5 inside 19 in 20."


# Files ------------------------------------------------------------------------------------


def test_the_table_holds_the_study_s_own_ranges(folder: Path, tmp_path: Path) -> None:
    found = found_in(folder, file_of(tmp_path, FIGURES))
    names = write_tracked(read_study(folder), found, tmp_path / "out")
    assert set(names) == {path.name for path in (tmp_path / "out").iterdir()}
    rows = rows_in(tmp_path / "out" / "tracked.csv")
    assert [(r["scenario"], r["indicator"]) for r in rows] == [
        (option, name)
        for option in ("baseline", "package")
        for name in ("inpost_fte", "load", "unallocated")
    ]
    summary = {
        (r["scenario"], r["team"], r["indicator"], r["date"]): r
        for r in rows_in(folder / "summary.csv")
    }
    for row in rows:
        own = summary[row["scenario"], row["team"], row["indicator"], row["date"]]
        for end in ("p10", "p50", "p90"):
            assert float(row[end]) == float(own[end])
        if row["indicator"] == "inpost_fte":
            assert row["in_8_of_10"] == "below"
            assert float(row["outside_by"]) == pytest.approx(100 - float(own["p10"]))
        if row["indicator"] == "load":
            assert float(row["actual"]) == 0.93


def test_the_same_study_and_figures_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    path = file_of(tmp_path, FIGURES)
    for name in ("one", "two"):
        write_tracked(read_study(folder), found_in(folder, path), tmp_path / name)
    for one in (tmp_path / "one").iterdir():
        assert one.read_bytes() == (tmp_path / "two" / one.name).read_bytes()


def test_the_page_carries_run_chart_and_words(folder: Path, tmp_path: Path) -> None:
    study, found = read_study(folder), found_in(folder, file_of(tmp_path, FIGURES))
    chart = track_chart(study, found)
    assert chart is not None
    page = track_page(study, found, chart)
    html = as_html(page)
    assert html.count(study.run_id) >= 4
    assert "<desc" in html
    (table,) = [b.table for b in page.blocks if isinstance(b, Picture)]
    own = [one for one in found if one.row.option == "package"]
    assert [row[1:4] for row in table.rows] == [(o.told, o.range, o.verdict) for o in own]
    assert all(one.label in chart.text for one in own if not one.is_hidden)


@pytest.mark.parametrize(
    "made",
    [
        Made(options=(("baseline", "Do nothing"),)),
        Made(council="Rhôndda Ŵyth & Ynys Môn", options=(("package", "Package & <b>more</b>"),)),
        Made(pairs=4),
        Made(leave_out=("options.csv", "differences.csv", "money.csv", "ledger.csv")),
    ],
)
def test_odd_studies_come_out_right(made: Made, tmp_path: Path) -> None:
    folder = write_study(tmp_path / "study", made)
    found = found_in(folder, file_of(tmp_path, FIGURES))
    study = read_study(folder)
    chart = track_chart(study, found)
    assert (chart is None) == (made.pairs == 4)
    html = as_html(track_page(study, found, chart))
    assert "<b>more" not in html
    assert "What came" in html


# Small counts -----------------------------------------------------------------------------


def test_a_small_count_stands_nowhere_and_can_t_be_worked_out(folder: Path, tmp_path: Path) -> None:
    text = (
        "date,indicator,team,value\n2022-09-30,unallocated,all,44.7\n"
        "2022-09-30,unallocated,assessment,3.3\n"
    )
    path = file_of(tmp_path, text)
    found = found_in(folder, path)
    small = [one for one in found if one.actual.team == "assessment"]
    assert small
    for one in small:
        assert {one.told, one.verdict} == {"[c]"}
        assert one.cells()[4] == "[c]"
        assert one.cells()[-4:] == ["[c]"] * 4
    write_tracked(read_study(folder), found, tmp_path / "out")
    for name in ("tracked.csv", "tracked.html", "tracked.txt"):
        assert "3.3" not in (tmp_path / "out" / name).read_text(encoding="utf-8").split()


def test_a_team_beside_a_small_one_is_hidden_too() -> None:
    names = ("one", "two", "three")
    values = (2.0, 30.0, 40.0)
    actuals = [
        Actual("2022-09-30", "unallocated", t, v) for t, v in zip(names, values, strict=True)
    ]
    levels = [Row(LEVEL, "baseline", t, "unallocated", "2022-09-30", 9, 5, 9, 12) for t in names]
    found = tracked(actuals, levels, ["baseline"])
    assert [one.is_hidden for one in found] == [True, True, False]


# Refusals ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        (HEAD, "holds no figure"),
        ("date,value\n2022-09-30,3\n", "has no column indicator"),
        ("date,indicator,value,note\n2022-09-30,inpost_fte,3,x\n", "column 4, 'note'"),
        (HEAD + "2022-09-30,inpost_ft,300\n", "Did you mean inpost_fte?"),
        (HEAD + "2022-09-30,loadd,90%\n", "Did you mean load?"),
        (HEAD + "2031-09-30,inpost_fte,300\n", "It has 2021-09-30 to 2023-03-31"),
        (HEAD + "2022-09-29,inpost_fte,300\n", "Nearest: "),
        (HEAD + "2022-02-30,inpost_fte,300\n", "is no date"),
        (HEAD + "2022-09-30,inpost_fte,c\n", "'c' is no number"),
        (HEAD + "2022-09-30,inpost_fte,\n", "'' is no number"),
        (HEAD + "2022-09-30,inpost_fte,nan\n", "is no number"),
        (HEAD + "2022-09-30,inpost_fte,1e3\n", "is no number"),
        (HEAD + "2022-09-30,inpost_fte,-4\n", "lies outside"),
        (HEAD + "2022-09-30,inpost_fte,12%\n", "is no share"),
        (HEAD + "2022-09-30,load,93\n", "Write 15.4% or 0.154"),
        (HEAD + "2022-09-30,inpost_fte,=1+1\n", "begins like a formula"),
        (HEAD + '2022-09-30,"@SUM(A1)",300\n', "begins like a formula"),
        (HEAD + "2022-09-30,inpost_fte,1,300\n", "has 4 cells for 3 columns"),
        (HEAD + "2022-09-30,inpost_fte,300\n30/09/2022,inpost_fte,301\n", "as row 2 does"),
        ("date,indicator,team,value\n2022-09-30,inpost_fte,assesment,3\n",
         "Did you mean assessment?"),
    ],
)  # fmt: skip
def test_what_can_t_be_used_is_refused_in_one_line(
    folder: Path, tmp_path: Path, text: str, said: str
) -> None:
    path = file_of(tmp_path, text)
    with pytest.raises(InputError) as refused:
        found_in(folder, path)
    line = refused.value.line()
    assert said in line
    assert str(path) in line
    assert "\n" not in line


def test_files_that_are_none_are_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "wide.csv").write_bytes("date,indicator,value\n".encode("utf-16"))
    (tmp_path / "large.csv").write_bytes(b"x" * 1_000_001)
    for name, said in (("wide", "UTF-8"), ("large", "1 MB"), ("none", "can't be read")):
        with pytest.raises(InputError, match=said):
            found_in(folder, tmp_path / f"{name}.csv")
    with pytest.raises(InputError, match="own folder"):
        track(folder, file_of(tmp_path, FIGURES), folder)


def test_the_screen_keeps_to_80_columns(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    from sim.cli import main

    path = file_of(tmp_path, FIGURES)
    argv = ["caseholder", "track", str(folder), "--actuals", str(path)]
    monkeypatch.setattr(sys, "argv", argv)
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 0
    told = capsys.readouterr().out
    assert max(map(len, told.splitlines())) <= 80
    for words in ("Do nothing", "Package of 48 FTE", "30 Sep 2022", "93.0 %", "below by"):
        assert words in told
