"""The audit pack of a study, read back: every number with its source, odd studies too."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import docx
import pytest

from sim.config.errors import InputError
from sim.config.shipped import load_evidence
from sim.config.sources import Mark
from sim.papers.assumptions_book import COLUMNS, who_knows
from sim.papers.audit_pack import audit_pack, write_audit
from sim.papers.document import Document, Table
from sim.papers.html import as_html
from sim.papers.input_changes import changes
from sim.papers.study import read_study
from sim.papers.word import as_word
from sim.presentation.study_files import ASSUMPTION_COLUMNS, assumptions_of
from sim.published.council_file.called import council_called
from tests.papers_study import Made, rows_in, write_study

ORDER = (
    "Quality log", "Verification and validation log", "How the model was checked",
    "The model, after STRESS-DES", "Change log of inputs", "Assumptions book", "Manifest",
)  # fmt: skip
Assumption = tuple[str, str, float, str, str, str, str]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small study's folder."""
    return write_study(tmp_path_factory.mktemp("audit") / "study", Made())


@pytest.fixture(scope="module")
def pack(folder: Path) -> Document:
    """Its audit pack."""
    return audit_pack(read_study(folder))


def tables(document: Document) -> list[Table]:
    """The tables of a document."""
    return [block for block in document.blocks if isinstance(block, Table)]


def named(document: Document, caption: str) -> Table:
    """The one table whose caption begins so."""
    (found,) = [table for table in tables(document) if table.caption.startswith(caption)]
    return found


def pairs(table: Table) -> dict[str, str]:
    """A table of two columns as keys and values."""
    return {key: value for key, value in table.rows}  # noqa: C416


def test_the_sections_stand_in_order(pack: Document) -> None:
    assert tuple(pack.sections()) == ORDER


def test_html_and_word_have_the_cells_of_the_document(pack: Document) -> None:
    word = docx.Document(io.BytesIO(as_word(pack)))
    in_word = [[[cell.text for cell in row.cells] for row in table.rows] for table in word.tables]
    assert in_word == [[list(t.columns), *map(list, t.rows)] for t in tables(pack)]
    assert as_html(pack).count(pack.run_id) > len(tables(pack))


def test_the_manifest_is_told_key_by_key(pack: Document, folder: Path) -> None:
    stated = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    told = pairs(named(pack, "Manifest"))
    assert set(told) == set(stated)
    assert told["scenarios"] == json.dumps(stated["scenarios"])
    assert told["council"] == "Devon"


def test_the_description_is_filled_from_the_study(pack: Document) -> None:
    told = pairs(named(pack, "4 Experimentation"))
    assert "40 runs of each option; sets of assumptions: 20;" in told["4.3 Estimation"]
    assert "8 September 2021" in told["4.1 Initialisation"]
    assert "Seed 3" in pairs(named(pack, "5 Implementation"))["5.2 Random sampling"]


def test_roles_are_left_to_sign(pack: Document) -> None:
    roles = named(pack, "Roles")
    assert [row[0] for row in roles.rows] == [
        "Commissioner", "Analyst", "Analytical assurer", "Approver",
    ]  # fmt: skip
    assert {cell for row in roles.rows for cell in row[2:]} == {"to be completed"}


def test_the_checks_that_are_named_are_there(pack: Document, root: Path) -> None:
    assert all((root / row[2]).is_dir() for row in named(pack, "Checks of the program").rows)


def test_back_tests_are_those_recorded_at_release(pack: Document) -> None:
    assert any("80 % range" in " ".join(table.columns) for table in tables(pack))


# The assumptions book ---------------------------------------------------------------------


def test_the_book_lists_every_number_with_who_may_know_better(folder: Path, tmp_path: Path) -> None:
    names = write_audit(folder, tmp_path / "out")
    assert {path.name for path in (tmp_path / "out").iterdir()} == set(names)
    book, own = (
        rows_in(tmp_path / "out" / "assumptions_book.csv"), rows_in(folder / "assumptions.csv"),
    )  # fmt: skip
    assert tuple(book[0]) == COLUMNS
    assert [{name: row[name] for name in ASSUMPTION_COLUMNS} for row in book] == own
    assert all(row["who_may_know_better"] for row in book)


def test_officers_are_named_by_what_a_number_is_about() -> None:
    assert who_knows("money.agency_bill") == "finance"
    assert who_knows("labour_market.vacancy_elasticity") == "human resources"
    assert who_knows("casework.stocks.children_in_care") == (
        "performance team of children's services"
    )


def test_a_small_count_of_the_council_s_own_is_hidden(tmp_path: Path) -> None:
    own = Mark.OWN.value
    small: tuple[Assumption, ...] = (
        ("council", "casework.stocks.one", 3.0, "children", "", own, "own_return"),
        ("council", "casework.stocks.two", 41.0, "children", "", own, "own_return"),
        ("council", "casework.stocks.three", 77.0, "children", "", own, "own_return"),
    )
    folder = write_study(tmp_path / "study", Made(assumptions=small))
    write_audit(folder, tmp_path / "out")
    book = rows_in(tmp_path / "out" / "assumptions_book.csv")
    assert [row["central"] for row in book] == ["[c]", "[c]", "77.0"]
    document = audit_pack(read_study(folder))
    assert [row[1] for row in named(document, "Assumptions: Devon").rows] == [
        "[c] children", "[c] children", "77.0 children",
    ]  # fmt: skip
    assert "41" not in named(document, "Numbers that differ").rows[-1][2]


# Changes against what ships ---------------------------------------------------------------


def shipped_study(folder: Path, alter: dict[str, str]) -> Path:
    """A study whose assumptions are those of Devon as it ships, but for some keys."""
    write_study(folder, Made())
    evidence = load_evidence()
    called = council_called("devon_2021", evidence.sources)
    rows = assumptions_of(called.council, [], evidence.behaviour, called.sources)
    with (folder / "assumptions.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(ASSUMPTION_COLUMNS)
        for row in rows:
            writer.writerow([*row[:3], alter.get(row[1], row[3]), *row[4:]])
    return folder


def test_only_what_was_changed_is_in_the_change_log(tmp_path: Path) -> None:
    called = council_called("devon_2021", load_evidence().sources)
    same = read_study(shipped_study(tmp_path / "same", {}))
    assert list(changes(same, called)) == []
    keys = {cells["key"] for cells in same.assumptions}
    altered = {key: "0.55" for key in keys if key.endswith("vacancy_elasticity")}
    study = read_study(shipped_study(tmp_path / "other", altered))
    (found,) = changes(study, called)
    assert found.key in altered
    assert found.here.startswith("0.55 ")
    assert not found.shipped.startswith("0.55 ")
    text = as_html(audit_pack(study))
    assert "Numbers that differ: 1" in text


# Odd studies ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (Made(options=(("baseline", "Do nothing"),)), "simulated on its own"),
        (Made(council="Bath & Nowhere"), "No council called Bath &amp; Nowhere ships"),
        (Made(council="Rhôndda Ŵyth Ŷnys Cônwy"), "No back-test of Rhôndda Ŵyth Ŷnys Cônwy"),
        (Made(leave_out=("assumptions.csv",)), "there is nothing to list"),
        (Made(leave_out=("money.csv",)), "money.csv is not there"),
        (Made(pairs=4), "too few to tell a range"),
        (Made(options=(("baseline", "Do nothing"), ("x", "=1+1 <b>"))), "=1+1 &lt;b&gt;"),
    ],
)
def test_odd_studies_come_out_right(made: Made, said: str, tmp_path: Path) -> None:
    document = audit_pack(read_study(write_study(tmp_path / "study", made)))
    assert tuple(document.sections()) == ORDER
    assert said in as_html(document)


def test_the_same_study_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    names = [write_audit(folder, tmp_path / name) for name in ("one", "two")]
    for name in names[0]:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_the_study_s_own_folder_is_refused(folder: Path) -> None:
    before = {path.name for path in folder.iterdir()}
    with pytest.raises(InputError, match="own folder"):
        write_audit(folder, folder)
    assert {path.name for path in folder.iterdir()} == before
