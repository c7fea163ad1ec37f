"""Files: the tables that ship, downloads known by their columns, and files that can't be read."""

import gzip
import hashlib
import re
import zipfile
from importlib.resources import files
from pathlib import Path

import pytest

from sim.config.errors import InputError
from sim.published.files import (
    folder_editions,
    shipped_editions,
    shipped_neighbours,
    shipped_sources,
    shipped_text,
)
from sim.published.lookup import find_council, statistical_neighbours
from sim.published.reading import read_editions
from sim.published.record import Record, load_record
from sim.published.tables import TABLES
from tests.published.invented import KEYS, Line, council, csv_text, editions, england


@pytest.fixture(scope="module")
def shipped() -> Record:
    return load_record()


def save(folder: Path, name: str, *lines: Line, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(csv_text(lines), encoding=encoding, newline="")
    return path


# The tables that ship -----------------------------------------------------------------------


def test_each_shipped_table_says_where_it_is_from_and_is_what_it_says() -> None:
    for name, source in shipped_sources().items():
        text = shipped_text(str(source["file"]))
        assert hashlib.sha256(text.encode()).hexdigest() == source["sha256"], name
        assert {"title", "published_as", "address", "release", "packed"} <= source.keys()
        (edition,) = read_editions(iter(text.splitlines(keepends=True)), name)
        assert (edition.table.name, edition.release) == (name, 2021)


def test_the_bytes_of_a_shipped_table_hold_no_date_and_no_name_of_a_file() -> None:
    for source in shipped_sources().values():
        packed = (files("sim.published") / "data" / str(source["file"])).read_bytes()
        assert packed[:4] == b"\x1f\x8b\x08\x00"
        assert packed[4:8] == bytes(4)
        assert gzip.decompress(packed)


def test_nothing_after_2021_ships(shipped: Record) -> None:
    assert shipped.until == 2021
    assert max(row.year for edition in shipped_editions() for row in edition.rows) == 2021


def test_the_shipped_record_has_every_council_and_its_past(shipped: Record) -> None:
    assert shipped.years() == (2017, 2018, 2019, 2020, 2021)
    assert [len(shipped.rows("workforce", year)) for year in shipped.years()] == [
        151, 151, 150, 149, 149,
    ]  # fmt: skip
    kent = find_council(shipped, "Kent", 2021)
    assert [figure.value for figure in shipped.series(kent, "inpost_fte")] == [
        675.6, 702.0, 742.3, 771.0, 691.0,
    ]  # fmt: skip
    west = find_council(shipped, "West Northamptonshire", 2021)
    assert [figure.value is None for figure in shipped.series(west, "inpost_fte")] == [False] * 5
    richmond = find_council(shipped, "Richmond upon Thames", 2021)
    assert shipped.figure(richmond, "referral_count", 2021).note.startswith("sum of Kingston")


def test_nothing_but_known_marks_stands_in_the_shipped_tables(shipped: Record) -> None:
    councils = [council for year in shipped.years() for council in shipped.councils(year)]
    marks = {figure.mark for c in councils[::40] for figure in shipped.everything(c)}
    assert not {str(mark) for mark in marks if mark} & {"?", "blank"}


def test_the_shipped_neighbours_are_councils_of_the_record(shipped: Record) -> None:
    assert {row["LA.Name"] for row in shipped_neighbours()} == {"Devon", "Herefordshire, County of"}
    devon = statistical_neighbours(shipped, find_council(shipped, "Devon", 2021))
    assert [neighbour.name for neighbour in devon][:2] == ["East Sussex", "Dorset"]
    assert all(neighbour.council for neighbour in devon)
    herefordshire = find_council(shipped, "Herefordshire", 2019)
    missing = [n for n in statistical_neighbours(shipped, herefordshire) if n.council is None]
    assert [(n.name, n.why_not) for n in missing] == [
        ("Westmorland and Furness", "begun on 1 April 2023")
    ]


# Downloads ----------------------------------------------------------------------------------


def test_headings_of_older_releases_and_byte_order_marks_are_read(tmp_path: Path) -> None:
    cells = {"social_worker_fte": "100", "leaver_fte": "9", "turnover_rate_fte_%": "9.5"}
    save(tmp_path, "any name.CSV", council(2021, **cells), encoding="utf-8-sig")
    tables = Record(folder_editions(tmp_path), 2021)
    found = find_council(tables, "Smallbrook", 2021)
    columns = ("inpost_fte", "leavers_fte", "turnover_rate_fte")
    assert [tables.figure(found, name, 2021).value for name in columns] == [100.0, 9.0, 9.5]
    assert tables.figure(found, "starters_fte", 2021).reason == "left empty"


def test_order_of_columns_and_quoted_empty_cells_do_not_matter() -> None:
    text = csv_text([council(2021, CPP_start="10", CPP_subsequent="c")])
    heading, line = (row.split(",") for row in text.splitlines())
    turned = [",".join(f'"{cell}"' for cell in row[::-1]) for row in (heading, line)]
    (edition,) = read_editions(iter(f"{row}\r\n" for row in turned), "turned.csv")
    assert edition.rows[0].figure("CPP_start").value == 10.0


def test_tables_are_known_by_their_columns_in_folders_and_zip_files(tmp_path: Path) -> None:
    save(tmp_path, "a/one.csv", council(2022, inpost_fte="100"))
    inner = save(tmp_path, "two.txt", council(2022, referral_count="9", rereferral_count="0"))
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.write(inner, "data/c1.csv")
        archive.writestr("data-guidance.txt", "words")
    (tmp_path / "other.csv").write_text("name,number\nx,1\n", encoding="utf-8")
    (tmp_path / "latin.csv").write_bytes("prix,£\n".encode("latin-1") * 9_000)
    (tmp_path / "empty.csv").write_bytes(b"")
    read = folder_editions(tmp_path)
    assert sorted(edition.table.name for edition in read) == ["referrals", "workforce"]
    assert {edition.release for edition in read} == {2022}


def test_a_finer_table_with_the_same_columns_is_passed_over_and_named() -> None:
    lines = [council(2021, inpost_fte=n, time_in_service=band) for n, band in ((5, "a"), (6, "b"))]
    (edition,) = editions(*lines, england(2021, inpost_fte="11"))
    assert edition.rows == ()
    assert edition.notes == ("not read as workforce: 1 areas have several rows (Smallbrook 2021)",)


def test_later_editions_go_before_the_shipped_ones(tmp_path: Path) -> None:
    devon = {"code": "878", "name": "Devon", "long_code": "E10000008"}
    lines = [council(year, **devon, inpost_fte="1.5") for year in (2021, 2026)]
    save(tmp_path, "later.csv", *lines)
    tables = load_record(folder=tmp_path)
    assert tables.until == 2026
    found = find_council(tables, "Devon", 2021)
    values = [(figure.value, figure.release) for figure in tables.series(found, "inpost_fte")]
    assert values[-2:] == [(334.3, 2025), (1.5, 2026)]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("2021,", "2020/21,", "line 2: time_period: '2020/21' is no year"),
        ("899", "89", "line 2: old_la_code: '89' is no three-digit code"),
        ("100", "100,7", "line 2: 12 cells under 11 headings"),
        ("Smallbrook", '"Small"brook', "no table of comma-separated values"),
    ],
)
def test_a_known_table_that_can_t_be_read_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    path = save(tmp_path, "bad.csv", council(2021, inpost_fte="100"))
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(told)) as refused:
        folder_editions(tmp_path)
    assert str(path) in refused.value.line()


def test_a_known_table_that_a_spreadsheet_saved_in_another_encoding_is_refused(
    tmp_path: Path,
) -> None:
    save(tmp_path, "excel.csv", council(2021, name="Büdel", inpost_fte="1"), encoding="cp1252")
    with pytest.raises(InputError, match=r"excel\.csv: line 2: is not text in UTF-8"):
        folder_editions(tmp_path)


def test_a_folder_without_a_known_table_or_none_at_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="none of its 0 files"):
        folder_editions(tmp_path)
    with pytest.raises(InputError, match="is no folder"):
        folder_editions(tmp_path / "nowhere")
    (tmp_path / "bad.zip").write_bytes(b"PK nothing")
    with pytest.raises(InputError, match=r"bad\.zip: is no ZIP file"):
        folder_editions(tmp_path)


def test_no_column_belongs_to_two_tables_and_none_is_a_key() -> None:
    columns = [column for table in TABLES for column in table.units]
    assert len(columns) == len(set(columns))
    assert set(columns).isdisjoint(KEYS)
