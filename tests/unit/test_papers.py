"""Papers of a study, read back: every number is the study's; odd studies come out right."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import docx
import pytest

from sim.config.errors import InputError
from sim.experiment.kept import UNFINISHED
from sim.outcomes.indicators import INDEX
from sim.papers.business_case import business_case, members_summary
from sim.papers.checked_part import checked
from sim.papers.document import Document, Heading, Paragraph, Picture, Table
from sim.papers.html import as_html
from sim.papers.measures import EFFECTS, POSTS
from sim.papers.report import write_report
from sim.papers.study import read_study
from sim.papers.word import as_word
from tests.papers_study import Made, rows_in, write_study

ALL_FILES = {
    f"{name}.{end}" for name in ("business_case", "members_summary") for end in ("html", "docx")
}


class Tables(HTMLParser):
    """The tables of a page as rows of texts, its headings with their levels, and its tags."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.headings: list[tuple[int, str]] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._into: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a table, row, cell or heading."""
        self.tags.append((tag, dict(attrs)))
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("th", "td") or re.fullmatch("h[1-6]", tag):
            self._into = []

    def handle_endtag(self, tag: str) -> None:
        """Close a cell or heading."""
        if self._into is None:
            return
        text = "".join(self._into)
        if tag in ("th", "td"):
            self.tables[-1][-1].append(text)
            self._into = None
        elif re.fullmatch("h[1-6]", tag):
            self.headings.append((int(tag[1]), text))
            self._into = None

    def handle_data(self, data: str) -> None:
        """Text of a cell or heading."""
        if self._into is not None:
            self._into.append(data)


def page_of(document: Document) -> Tables:
    """A document's page, read back."""
    found = Tables()
    found.feed(as_html(document))
    return found


def word_tables(content: bytes) -> list[list[list[str]]]:
    """Every table of a Word file as rows of texts."""
    word = docx.Document(io.BytesIO(content))
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in word.tables]


def tables_of(document: Document) -> list[Table]:
    """The tables of a document, those of its pictures too."""
    blocks = (b.table if isinstance(b, Picture) else b for b in document.blocks)
    return [block for block in blocks if isinstance(block, Table)]


def named(document: Document, caption: str) -> Table:
    """The one table whose caption begins so."""
    (found,) = [t for t in tables_of(document) if t.caption.startswith(caption)]
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small study's folder."""
    return write_study(tmp_path_factory.mktemp("papers") / "study", Made())


@pytest.fixture(scope="module")
def case(folder: Path) -> Document:
    """Its business case."""
    return business_case(read_study(folder))


@pytest.fixture(scope="module")
def content(case: Document) -> bytes:
    """Its Word file."""
    return as_word(case)


@pytest.fixture
def without_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents have no charts, which take most of the time."""
    for name in ("over_time", "by_option", "money_by_year"):
        monkeypatch.setattr(f"sim.papers.business_case.{name}", lambda *_: None)


# Numbers ----------------------------------------------------------------------------------


def test_html_and_word_have_the_cells_of_the_document(case: Document, content: bytes) -> None:
    expected = [[list(t.columns), *map(list, t.rows)] for t in tables_of(case)]
    assert page_of(case).tables == expected
    assert word_tables(content) == expected


def test_what_is_told_of_options_is_an_indicator() -> None:
    assert {told.indicator for told in (*EFFECTS, POSTS)} <= set(INDEX)


def whole(text: str) -> int:
    """A number as a table of £000 has it."""
    return int(text.replace(",", "").replace("−", "-").replace("+", ""))


def test_money_is_the_ledger_s(case: Document, folder: Path) -> None:
    table = named(case, "Package of 48 FTE: money")
    ledger = [r for r in rows_in(folder / "ledger.csv") if r["scenario"] == "package"]
    totals = {r["financial_year"]: r for r in ledger if r["line"] == "package lines"}
    whole_years = [row for row in table.rows if row[6]]
    assert [row[0].replace(" (part-year)", " part") for row in whole_years] == list(totals)
    for row, cells in zip(whole_years, totals.values(), strict=True):
        planned, spent = float(cells["planned_gbp"]), float(cells["spent_gbp_mean"])
        assert whole(row[2]) == round(planned / 1e3)
        assert whole(row[3]) == round(spent / 1e3)
        assert whole(row[4]) == round(max(0, planned - spent) / 1e3)
        assert whole(row[5]) == round((spent - planned) / 1e3)
        low, high = row[6].split(" to ")
        assert whole(low) == round(float(cells["spent_gbp_p10"]) / 1e3)
        assert whole(high) == round(float(cells["spent_gbp_p90"]) / 1e3)
        assert row[7] == f"{100 * float(cells['chance_underspend']):.0f} runs in 100"


def test_money_by_source_adds_up_to_the_year(case: Document, folder: Path) -> None:
    table = named(case, "Package of 48 FTE: money")
    first = [row for row in table.rows if "part-year" in row[0]]
    assert [row[1] for row in first] == ["grant", "reserves", "all sources"]
    assert sum(whole(row[2]) for row in first[:2]) == whole(first[2][2])
    lines = [r for r in rows_in(folder / "ledger.csv") if r["source"] == "reserves"]
    assert whole(first[1][2]) == round(float(lines[0]["planned_gbp"]) / 1e3)


NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


def numbers_in(text: str) -> list[float]:
    """Numbers of a cell, without their signs."""
    return [float(found.replace(",", "")) for found in NUMBER.findall(text)]


@pytest.mark.parametrize(
    ("indicator", "scale"),
    [("inpost_fte", 1), ("agency_fte", 1), ("load", 100), ("in_care_changed_twice_share", 100)],
)
def test_effects_are_those_of_the_files(
    case: Document, folder: Path, indicator: str, scale: float
) -> None:
    words = {
        "inpost_fte": "Social workers in post, FTE", "agency_fte": "Agency workers, FTE",
        "load": "Workload, % of a full caseload",
        "in_care_changed_twice_share":
            "Children in care with two or more changes of worker in a year, %",
    }[indicator]  # fmt: skip
    (table,) = [
        t
        for t in tables_of(case)
        if t.caption.startswith("What each option") and words in t.columns
    ]
    place = table.columns.index(words)
    for row, name, column in zip(
        table.rows, ("summary.csv", "differences.csv"), ("mean", "difference"), strict=True
    ):
        (cells,) = [
            r for r in rows_in(folder / name)
            if (r["indicator"], r["date"], r["team"]) == (indicator, "2023-03-31", "all")
            and r["scenario"] == ("baseline" if name == "summary.csv" else "package")
        ]  # fmt: skip
        ends = sorted(abs(scale * float(cells[end])) for end in ("p10", "p90"))
        places = 0 if scale == 100 or max(ends) >= 10 else 1
        low, high, middle, mean = (
            round(x, places)
            for x in (*ends, *(abs(scale * float(cells[name])) for name in ("p50", column)))
        )
        whole_row = [low, high, middle] if low < high else [low]
        assert numbers_in(row[place]) in (whole_row, [*whole_row, mean])


def test_the_chart_s_table_and_its_description_say_the_same(case: Document) -> None:
    for picture in (b for b in case.blocks if isinstance(b, Picture)):
        for row in picture.table.rows:
            assert all(cell in picture.description for cell in row if cell)


def test_every_table_and_chart_carries_the_run(case: Document, content: bytes) -> None:
    page, run = as_html(case), read_run(case)
    notes = re.findall(r'class="note">([^<]*)<', page)
    assert len(notes) == len(tables_of(case)) + sum(isinstance(b, Picture) for b in case.blocks)
    assert all(run in note for note in notes)
    assert page.count("<desc") == page.count("<svg ")
    assert all(run in note for note in after_tables(content))


def read_run(case: Document) -> str:
    """The run of a document: twelve digits of a hash."""
    assert re.fullmatch("[0-9a-f]{12}", case.run_id)
    return case.run_id


def after_tables(content: bytes) -> Iterator[str]:
    """The paragraph below each table of a Word file."""
    body = list(docx.Document(io.BytesIO(content)).element.body)
    for element, following in pairwise(body):
        if element.tag.endswith("}tbl"):
            yield "".join(following.itertext())


# Structure --------------------------------------------------------------------------------

ORDER = (
    "Recommendation", "Question and answer", "Options", "Money by financial year and source",
    "Part-year and full-year effect", "When it fails, and how often", "What it depends on",
    "Assumptions, with grade and source", "How the model was checked", "Equality duty",
    "Community impact", "Legal implications, consultees and background papers",
    "About these figures",
)  # fmt: skip


def test_sections_stand_in_the_order_of_a_paper(case: Document) -> None:
    assert tuple(case.sections()) == ORDER


def in_order(levels: list[int]) -> bool:
    """Whether headings begin with the title and go down by one level at most."""
    steps = pairwise(levels)
    return levels[0] == 1 and levels.count(1) == 1 and all(b <= a + 1 for a, b in steps)


def test_headings_are_in_order(case: Document, content: bytes) -> None:
    found = page_of(case).headings
    assert in_order([level for level, _ in found])
    word = docx.Document(io.BytesIO(content))
    names = [(p.style.name if p.style else "", p.text) for p in word.paragraphs]
    in_word = [(n, t) for n, t in names if n == "Title" or n.startswith("Heading")]
    levels = [1 if name == "Title" else int(name[-1]) + 1 for name, _ in in_word]
    assert list(zip(levels, [t for _, t in in_word], strict=True)) == found


def test_word_says_its_language_title_and_the_study_s_date(case: Document, content: bytes) -> None:
    word = docx.Document(io.BytesIO(content))
    known = word.core_properties
    assert (known.title, known.language) == (case.title, "en-GB")
    assert {known.created, known.modified, known.last_printed} == {known.created}
    assert known.created is not None
    assert known.created.date() == case.date
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        text = "".join(
            parts.read(name).decode() for name in ("word/styles.xml", "word/settings.xml")
        )
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    languages = re.findall(r'<w:(?:lang|themeFontLang)[^>]* w:val="([^"]*)"', text)
    assert set(languages) == {"en-GB"}


def test_word_s_tables_repeat_their_heads_and_pictures_have_words(
    case: Document, content: bytes
) -> None:
    body = docx.Document(io.BytesIO(content)).element.body
    tables = body.findall(".//{*}tbl")
    assert len(tables) == len(tables_of(case))
    for table in tables:
        heads = [row.find("{*}trPr/{*}tblHeader") is not None for row in table.findall("{*}tr")]
        assert heads == [True] + [False] * (len(heads) - 1)
    pictures = body.findall(".//{*}docPr")
    assert len(pictures) == sum(isinstance(b, Picture) for b in case.blocks) > 3
    assert all(len(picture.get("descr")) > 50 for picture in pictures)


def test_word_s_head_rows_are_bold(content: bytes) -> None:
    for table in docx.Document(io.BytesIO(content)).tables:
        bold = [row.cells[0].paragraphs[0].runs[0].bold for row in table.rows]
        assert bold == [True] + [False] * (len(bold) - 1)


def test_html_asks_nothing_of_any_other_place(case: Document) -> None:
    text = as_html(case)
    found = page_of(case)
    assert '<html lang="en-GB">' in text
    asked = {tag for tag, _ in found.tags} & {"script", "link", "img", "iframe", "object", "base"}
    assert asked == set()
    links = [a[n] for _, a in found.tags for n in ("href", "src", "xlink:href") if n in a]
    assert all(link and link.startswith("#") for link in links)
    assert "url(http" not in text
    assert "@import" not in text
    identifiers = [a["id"] for _, a in found.tags if "id" in a]
    assert len(identifiers) == len(set(identifiers))
    assert {link[1:] for link in links if link} <= set(identifiers)


@pytest.mark.slow
def test_the_same_study_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert set(write_report(folder, tmp_path / name, "all", ())) == ALL_FILES
    for name in ALL_FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


# Back-tests -------------------------------------------------------------------------------


def test_back_tests_are_quoted_from_their_pages(root: Path) -> None:
    page = (root / "docs" / "backtest_herefordshire.md").read_text(encoding="utf-8")
    blocks = list(checked("Herefordshire, County of"))
    text = " ".join(block.text for block in blocks if isinstance(block, Paragraph))
    for line in re.findall(r"^Inside: .*$", page, re.MULTILINE):
        assert line in text
    (table,) = [b for b in blocks if isinstance(b, Table) and "Inside" in b.columns]
    rows = re.findall(r"^\| \w+ \| 20.*$", page.split("## Forecast")[0], re.MULTILINE)
    cells = [[cell.strip(" *") for cell in row.strip("|").split("|")] for row in rows]
    assert [list(row[1:]) for row in table.rows] == [row[1:] for row in cells]
    assert table.rows[0][0] == "Social workers in post"
    assert not table.is_simulated
    scored = [b for b in blocks if isinstance(b, Table) and "Inside" not in b.columns]
    assert scored
    assert all(len(table.rows) > 5 for table in scored)


def test_without_pages_no_back_test_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.papers.pages.docs_folder", lambda: tmp_path)
    text = " ".join(b.text for b in checked("Devon") if isinstance(b, Paragraph))
    assert "No back-test of all councils is recorded with this version." in text
    assert "No back-test of Devon alone is recorded" in text


# Odd studies ------------------------------------------------------------------------------

TWELVE = (
    ("baseline", "Do nothing"),
    *((f"option_{i}", f"Option {i} & <b>more</b>") for i in range(12)),
)
ONE_YEAR = (
    ("2021/22 part", "2021-09-08", "2022-03-31"),
    ("2022/23 part", "2022-04-01", "2022-09-07"),
)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (Made(options=(("baseline", "Do nothing"),)), "This study compares nothing"),
        (Made(options=(("package", "Package"),)), "This study compares nothing"),
        (Made(options=TWELVE), "Option 11 & <b>more</b>"),
        (Made(council="Bath & North East Somerset"), "No back-test of Bath & North East Somerset"),
        (Made(council="Rhôndda Ŵyth Ŷnys Cônwy"), "Rhôndda Ŵyth Ŷnys Cônwy"),
        (Made(council="Nobody's “Æther” é"), "Nobody's “Æther” é"),
        (Made(pairs=4), "too few to tell a range of 8 runs in 10"),
        (Made(gbp=-400_000.0), "it saves the council between"),
        (Made(dates=("2021-09-30", "2022-03-31"), years=ONE_YEAR), "holds no whole financial year"),
        (Made(leave_out=("money.csv",)), "money.csv is not there"),
        (Made(leave_out=("ledger.csv",)), "Money by financial year is missing from this study."),
        (Made(leave_out=("differences.csv",)), "differences.csv is not there"),
        (Made(leave_out=("conditions.csv",)), "can't tell what its result depends on"),
        (Made(leave_out=("assumptions.csv",)), "Assumptions are missing from this study."),
        (Made(leave_out=("options.csv",)), "options.csv is not there"),
        (Made(options=(("baseline", "Do nothing"), ("x", "=HYPERLINK(1)"))), "=HYPERLINK(1)"),
    ],
)
def test_an_odd_study_comes_out_right_and_says_what_is_missing(
    tmp_path: Path, made: Made, said: str, without_charts: None
) -> None:
    study = read_study(write_study(tmp_path / "study", made))
    for document in (business_case(study), members_summary(study)):
        page = page_of(document)
        assert in_order([level for level, _ in page.headings])
        assert word_tables(as_word(document)) == page.tables
    text = as_html(business_case(study))
    assert said in re.sub(r"&#x27;", "'", text).replace("&quot;", '"').replace("&lt;", "<").replace(
        "&gt;", ">"
    ).replace("&amp;", "&")
    assert not re.search(r"\bnan\b", text)


@pytest.mark.slow
@pytest.mark.parametrize(
    "made",
    [
        Made(options=TWELVE),
        Made(pairs=4),
        Made(gbp=-400_000.0),
        Made(dates=("2021-09-30",), years=ONE_YEAR),
        Made(options=(("package", "Package"),), council="Rhôndda Ŵyth Ŷnys Cônwy"),
    ],
)
def test_charts_of_odd_studies_are_drawn(tmp_path: Path, made: Made) -> None:
    case = business_case(read_study(write_study(tmp_path / "study", made)))
    pictures = [block for block in case.blocks if isinstance(block, Picture)]
    assert len(pictures) == len({p.name for p in pictures})
    assert all(picture.png.startswith(b"\x89PNG") for picture in pictures)
    assert word_tables(as_word(case)) == page_of(case).tables


def test_a_study_stopped_half_way_says_what_it_lacks(tmp_path: Path, without_charts: None) -> None:
    folder = write_study(tmp_path / "study", Made(options=(*Made().options, ("late", "Late"))))
    for name in ("summary.csv", "differences.csv"):
        path = folder / name
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith("late,")]
        path.write_text("".join(kept) + "late,all,inp", encoding="utf-8")
    study = read_study(folder)
    lacks = " ".join(study.missing)
    assert "summary.csv ends in the middle of a row" in lacks
    assert "Option late has no figures" in lacks
    assert "not known" in as_html(business_case(study))
    assert "This study is not whole" in as_html(members_summary(study))


def test_fewer_runs_than_asked_for_are_said(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "study", Made())
    path = folder / "manifest.json"
    path.write_text(path.read_text().replace('"replications": 40', '"replications": 100'))
    assert "Option package has 40 of the 100 runs asked for." in read_study(folder).missing


def test_a_rejected_option_stands_last(tmp_path: Path, without_charts: None) -> None:
    made = Made(options=(*Made().options, ("other", "Other"), ("third", "Third")))
    case = business_case(read_study(write_study(tmp_path / "study", made)), ["other"])
    text = as_html(case)
    places = [text.index(f"<li>{w}") for w in ("Do nothing", "Package", "Alternative", "Rejected")]
    assert places == sorted(places)


def test_a_newer_run_that_was_broken_off_is_said(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "study", Made())
    (folder / UNFINISHED).touch()
    assert "A newer run into this folder was broken off" in " ".join(read_study(folder).missing)
    (folder / "manifest.json").unlink()
    with pytest.raises(InputError, match="broken off: it has no tables yet"):
        read_study(folder)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda f: (f / "manifest.json").unlink(), "holds no manifest.json"),
        (lambda f: (f / "manifest.json").write_text("{"), "manifest.json: is not whole"),
        (lambda f: (f / "manifest.json").write_text("{}"), "names no council"),
        (lambda f: (f / "summary.csv").unlink(), "summary.csv: is missing"),
        (lambda f: (f / "summary.csv").write_text("a,b\n1,2\n"), "has no column"),
        (lambda f: (f / "summary.csv").write_bytes(b"\xff\xfe\x00"), "summary.csv: can't be read"),
    ],
)
def test_what_is_no_study_is_refused(tmp_path: Path, spoil: object, said: str) -> None:
    folder = write_study(tmp_path / "study", Made())
    assert callable(spoil)
    spoil(folder)
    with pytest.raises(InputError, match=re.escape(said)):
        write_report(folder, tmp_path / "out", "html", ())
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("kind", "rejected", "said"),
    [("pdf", (), "'pdf' is no format"), ("html", ("packge",), "Did you mean package?")],
)
def test_a_wrong_option_is_refused(
    folder: Path, tmp_path: Path, kind: str, rejected: tuple[str, ...], said: str
) -> None:
    with pytest.raises(InputError) as refused:
        write_report(folder, tmp_path / "out", kind, rejected)
    assert said in refused.value.line()


def test_without_python_docx_word_is_refused_and_html_is_not(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, without_charts: None
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "docx", None)
    with pytest.raises(InputError, match="python-docx: is not installed"):
        write_report(folder, tmp_path / "out", "all", ())
    assert not (tmp_path / "out").exists()
    assert len(write_report(folder, tmp_path / "out", "html", ())) == 2


def test_control_characters_are_left_out(case: Document) -> None:
    document = replace(case, blocks=(Heading("A\x0bb\x00c\ufffe d"),))
    assert "<h2" in as_html(document)
    assert "A bc d" in as_html(document)
    assert "A bc d" in "".join(docx.Document(io.BytesIO(as_word(document))).element.body.itertext())
