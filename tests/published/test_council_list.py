"""`caseholder council list` as its users meet it."""

import io
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len

from sim.cli import main
from sim.published.files import shipped_editions
from sim.published.reading import Edition
from tests.published.invented import Line, council, csv_text, editions, england

SEPTEMBER = {"inpost_fte": "229.5", "starters_fte": "20", "leavers_fte": "19", "agency_fte": "low"}


def command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *given: str
) -> str:
    """What the command prints, or its one line of error."""
    monkeypatch.setattr(sys, "argv", ["caseholder", "council", "list", *given])
    with pytest.raises(SystemExit) as left:
        main()
    said = capsys.readouterr()
    assert left.value.code == (2 if said.err else 0)
    return said.err or said.out


class Listing:
    """The command on invented tables in place of those that ship."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch, self.capsys = monkeypatch, capsys

    def __call__(self, lines: list[Line], *given: str) -> str:
        def invented() -> list[Edition]:
            return editions(*lines, release=2021, where="Invented staff")

        self.monkeypatch.setattr("sim.published.record.shipped_editions", invented)
        return command(self.monkeypatch, self.capsys, *given)


@pytest.fixture
def listing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Listing:
    return Listing(monkeypatch, capsys)


def row_of(name: str, printed: str) -> list[str]:
    """The words of the line with a name."""
    return next(line.split() for line in printed.splitlines() if name in line)


def test_a_line_has_code_name_region_size_and_what_is_missing(listing: Listing) -> None:
    printed = listing([england(2021, inpost_fte="9"), council(2021, **SEPTEMBER)])
    words = row_of("Smallbrook", printed)
    assert words[:5] == ["899", "Smallbrook", "South", "West", "229.5"]
    assert "vacancies" in printed
    assert "agency staff" not in printed.split("Missing")[1].split("Councils: 1,")[0]
    assert "Invented staff" in printed


def test_the_list_is_80_columns_wide_and_takes_names_as_they_are(listing: Listing) -> None:
    name = "[bold]Ashby[/bold] and the Hundreds of Long Compton / Market Deeping with Stowe"
    lines = [council(2021, "801 / 802", name, "Yorkshire and The Humber", **SEPTEMBER)]
    printed = listing(lines)
    assert "[bold]Ashby[/bold]" in printed
    assert "801 / 802" in printed
    assert max(cell_len(line) for line in printed.splitlines()) == 80


def test_a_name_cannot_write_to_the_screen(listing: Listing) -> None:
    printed = listing([council(2021, name="Small\x1b[2Jbrook", **SEPTEMBER)])
    assert "\x1b" not in printed
    assert "Small [2Jbrook" in printed


def test_the_year_hides_what_came_later(listing: Listing) -> None:
    lines = [
        council(2019, **SEPTEMBER),
        council(2021, inpost_fte="777.7"),
        council(2021, "801", "Fell", inpost_fte="1"),
    ]
    printed = listing(lines, "--year", "2019")
    assert "229.5" in printed
    assert "777.7" not in printed
    assert "Fell" not in printed
    assert listing(lines, "--year", "2020") == (
        "--year 2020: no workforce table has that year. Years: 2019, 2021\n"
    )


def test_a_council_without_a_row_in_the_year_is_listed_as_such(listing: Listing) -> None:
    lines = [council(2020, **SEPTEMBER), council(2021, "801", "Fell", inpost_fte="1")]
    words = row_of("Smallbrook", listing(lines))
    assert words[2:] == ["South", "West", "workforce", "table,"]


def test_only_councils_of_a_region(listing: Listing) -> None:
    lines = [
        council(2021, "801", "Fell", "Inner London", **SEPTEMBER),
        council(2021, "802", "Dale", "Outer London", **SEPTEMBER),
        council(2021, **SEPTEMBER),
    ]
    london = listing(lines, "--region", "LONDON")
    assert "Fell" in london
    assert "Dale" in london
    assert "Smallbrook" not in london
    assert "Fell" not in listing(lines, "--region", "outer london")
    assert listing(lines, "--region", "Moon") == (
        "--region Moon: is no region. Use: Inner London, London, Outer London, South West\n"
    )


def test_what_does_not_fit_is_a_note_and_no_failure(listing: Listing) -> None:
    cells = SEPTEMBER | {"agency_fte": "17", "agency_cover_fte": "19"}
    printed = listing([council(2021, **cells)])
    note = "Note on 2021: more agency staff covering vacancies than agency staff:"
    assert note in " ".join(printed.split())
    assert "Smallbrook (19 of 17)" in " ".join(printed.split())


def test_downloads_of_a_later_release_are_used_and_their_changes_named(
    listing: Listing, tmp_path: Path
) -> None:
    later = [council(year, inpost_fte=staff) for year, staff in ((2021, "230.5"), (2022, "240"))]
    (tmp_path / "download (3).csv").write_text(csv_text(later), encoding="utf-8")
    lines = [council(2021, **SEPTEMBER)]
    printed = listing(lines, "--year", "2021", "--from-dfe", str(tmp_path))
    assert row_of("Smallbrook", printed)[4] == "230.5"
    told = " ".join(printed.split())
    assert "229.5 in the 2021 release, 230.5 in that of 2022, +1" in told
    assert "240" not in printed
    assert "240.0" in listing(lines, "--from-dfe", str(tmp_path))


def test_a_folder_that_is_none_is_one_line(listing: Listing, tmp_path: Path) -> None:
    said = listing([council(2021, **SEPTEMBER)], "--from-dfe", str(tmp_path / "none"))
    assert said.startswith("--from-dfe ")
    assert said.count("\n") == 1


def test_the_shipped_list_is_the_same_each_time(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    read = shipped_editions()
    monkeypatch.setattr("sim.published.record.shipped_editions", lambda: read)
    first = command(monkeypatch, capsys, "--region", "South West")
    assert first == command(monkeypatch, capsys, "--region", "South West", "--year", "2021")
    assert "Councils: 15, 7 with every figure, 7 that lack only child protection plans" in first
    assert row_of("Devon", first)[:5] == ["878", "Devon", "South", "West", "319.5"]


def test_a_screen_without_lines_is_no_crash(
    monkeypatch: pytest.MonkeyPatch, listing: Listing
) -> None:
    screen = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", screen)
    listing([council(2021, **SEPTEMBER)])
    screen.seek(0)
    assert "229.5" in screen.read()
