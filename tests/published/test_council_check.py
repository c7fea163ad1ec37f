"""`caseholder check` on councils' files: where numbers come from, what does not fit together."""

import re
from pathlib import Path

import pytest

from sim.config.council import Council
from sim.config.england import England, load_england
from sim.config.errors import InputError
from sim.config.load import parse, read_toml
from sim.config.shipped import load_council, locate
from sim.config.sources import Mark
from sim.inputs.checks import check_council_fits
from sim.published.council_file.audit import audit
from sim.published.council_file.called import council_called
from sim.published.council_file.fit import gaps
from sim.published.council_file.numbers import numbers_of
from sim.published.files import shipped_text
from sim.scenario.check import check_config
from sim.scenario.money_fit import money_gaps
from sim.scenario.scenario import load_scenario
from tests.helpers import evidence


@pytest.fixture(scope="module")
def england() -> England:
    return load_england(evidence().sources)


@pytest.fixture(scope="module")
def kents_text() -> str:
    made = council_called("Kent", evidence().sources).made
    assert made is not None
    return made.text


def written(folder: Path, text: str, *changes: tuple[str, str]) -> Path:
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    file = folder / "council.toml"
    file.write_text(text, encoding="utf-8")
    return file


def read(file: Path) -> Council:
    return parse(Council, read_toml(file), file)


def test_the_numbers_of_a_made_file_are_counted(tmp_path: Path, kents_text: str) -> None:
    council = read(written(tmp_path, kents_text))
    found = audit(council, evidence().sources)
    assert found.changed == ()
    assert found.others == {}
    made = council.made
    assert made is not None
    for mark in (Mark.PUBLISHED, Mark.FITTED, Mark.NATIONAL):
        assert found.marks[mark] == len(made.of(mark))
    assert sum(found.marks.values()) == len(numbers_of(council))
    assert set(made.published) | set(made.fitted) | set(made.national) <= set(numbers_of(council))


def test_a_changed_number_is_named(tmp_path: Path, kents_text: str) -> None:
    file = written(tmp_path, kents_text, ("\nvacancy_fte = 77.1", "\nvacancy_fte = 90.0"))
    before = audit(read(written(tmp_path, kents_text)), evidence().sources)
    file = written(tmp_path, kents_text, ("\nvacancy_fte = 77.1", "\nvacancy_fte = 90.0"))
    found = audit(read(file), evidence().sources)
    assert found.changed == ("totals.vacancy_fte",)
    assert found.marks[Mark.PUBLISHED] == before.marks[Mark.PUBLISHED] - 1
    assert found.marks[Mark.JUDGEMENT] == before.marks[Mark.JUDGEMENT] + 1


@pytest.mark.parametrize("everywhere", [True, False])
def test_a_copy_under_another_name_is_told(
    everywhere: bool, tmp_path: Path, kents_text: str
) -> None:
    named = ('name = "Kent"', 'name = "Surrey"')
    text = kents_text.replace(*named) if everywhere else kents_text.replace(*named, 1)
    found = audit(read(written(tmp_path, text)), evidence().sources)
    assert "totals.inpost_fte" in found.others["Kent"]
    assert "staffing.leaving_rate" in found.others["Kent"]
    assert "money.unit_cost.social_worker" not in found.others["Kent"]


def test_a_copy_of_a_shipped_council_is_told(tmp_path: Path) -> None:
    text = locate("devon_2021", "councils").read_text(encoding="utf-8")
    copy = written(tmp_path, text, ('name = "Devon"\ncode', 'name = "Surrey"\ncode'))
    found = audit(read(copy), evidence().sources).others
    assert list(found) == ["Devon"]
    assert {"totals.inpost_fte", "staffing.leaving_rate", "frontline.posts_fte"} <= set(
        found["Devon"]
    )
    # Judgement is nobody's.
    assert "teams.0.work_share" not in found["Devon"]
    own = audit(load_council("devon_2021", evidence().sources), evidence().sources)
    assert own.others == {}


def test_a_council_that_fits_together_has_no_warning(england: England) -> None:
    assert list(gaps(load_council("devon_2021", evidence().sources), england)) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("starters_fte = 67.9", "starters_fte = 167.9", r"-146\.7 FTE not explained"),
        ("central = 95.38, high = 117.2", "central = 180.0, high = 217.2", "posts grow by"),
        ("caseload_fte = 16.35", "caseload_fte = 32.7", r"1\.57 for each"),
        ("central = 48000.0, high = 56000.0", "central = 50000.0, high = 80000.0", ""),
        ("low = 42000.0, central = 48000.0", "low = 20000.0, central = 24000.0", r"-50%"),
        ("central = 19357.0, high = 21493.0", "central = 23000.0, high = 25000.0", "episodes a"),
        ("episodes_ended = 9798.0", "episodes_ended = 2000.0", "a stay of 5"),
        ("plans_started = 1305.0", "plans_started = 600.0", r"a plan of 23\.8 months"),
        ("3_months_or_less = 358.0", "3_months_or_less = 600.0", r"\+84%"),
    ],
)
def test_what_does_not_fit_is_told_with_its_size(
    old: str, new: str, words: str, tmp_path: Path, kents_text: str, england: England
) -> None:
    usual = list(gaps(read(written(tmp_path, kents_text)), england))
    found = list(gaps(read(written(tmp_path, kents_text, (old, new))), england))
    more = [gap for gap in found if gap not in usual]
    if not words:
        assert more == []
        return
    assert any(re.search(words, gap) for gap in more), more


def test_money_is_held_against_posts(tmp_path: Path) -> None:
    devon = load_council("devon_2021", evidence().sources)
    line = (
        'name = "{0}"\n[[measures]]\nkind = "extra_posts"\nkey = "posts"\nname = "Posts"\n'
        'start = 2021-10-01\nplanned_gbp = {{ "2021/22" = 1, "2022/23" = {0} }}\n'
        'posts = [{{ team = "assessment", role = "social_worker", fte = 10.0 }}]\n'
    )
    for gbp, told in ((480000, False), (300000, True), (700000, True)):
        file = tmp_path / f"of_{gbp}.toml"
        file.write_text(line.format(gbp), encoding="utf-8")
        found = list(money_gaps(load_scenario(str(file), devon, evidence().sources), devon))
        assert bool(found) == told
    assert "£700,000 is planned for 2022/23, its 10 FTE cost about £480,750: +46%" in found[0]


def test_a_later_release_is_told_by_the_figures_that_it_changes(
    tmp_path: Path, kents_text: str
) -> None:
    file = written(tmp_path, kents_text)
    folder = tmp_path / "downloads"
    folder.mkdir()
    lines = shipped_text("workforce.csv.gz").splitlines(keepends=True)
    kent = next(n for n, line in enumerate(lines) if "Kent" in line and line.startswith("2021"))
    later = [*lines, lines[kent].replace("2021", "2026", 1)]
    later[kent] = lines[kent].replace(",77.1,", ",80.1,")
    assert later[kent] != lines[kent]
    (folder / "later.csv").write_text("".join(later), encoding="utf-8", newline="")
    said = check_config(str(file), fits=check_council_fits, tables=folder)
    notes = [line for line in said if line.startswith("note")]
    assert notes == [
        "note: totals.vacancy_fte is 80.1 in the 2026 release, 77.1 in that of 2025: +3"
    ]


def test_tables_say_nothing_on_a_file_that_was_not_made(tmp_path: Path) -> None:
    (tmp_path / "later.csv").write_text(shipped_text("workforce.csv.gz"), encoding="utf-8")
    with pytest.raises(InputError, match="was not made from tables"):
        check_config("devon_2021", tables=tmp_path)


def test_check_prints_all_of_it(tmp_path: Path, kents_text: str) -> None:
    file = written(tmp_path, kents_text, ("leavers_fte = 101.2", "leavers_fte = 401.2"))
    said = "\n".join(check_config(str(file), fits=check_council_fits))
    assert "26 published, 3 fitted, 16 national default" in said
    assert "1 number changed since the file was made: year_before.leavers_fte" in said
    assert "warning: staff of the year before plus starters less leavers" in said
