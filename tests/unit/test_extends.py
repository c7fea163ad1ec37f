"""A scenario file that takes over another: what it may change, and what is said when it can't."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.config.errors import InputError
from sim.presentation.files import input_files
from sim.scenario.own import kind_of
from sim.scenario.scenario import Scenario, parse_scenario, read_scenario
from tests.helpers import devon, evidence, package

PACKAGE = "devon_package_48_fte"
DECISION = '[package.decision]\nfinancial_year = "2022/23"\nagreed_share = 0.25\n'


def write(folder: Path, text: str, name: str = "mine") -> Path:
    """A scenario file."""
    file = folder / f"{name}.toml"
    file.write_text(text, encoding="utf-8")
    return file


def read(file: Path) -> Scenario:
    """A scenario of Devon."""
    return read_scenario(file, devon(), evidence().sources)


def test_a_scenario_takes_over_another_and_changes_its_name_and_decision(tmp_path: Path) -> None:
    mine = read(write(tmp_path, f'extends = "{PACKAGE}"\nname = "A quarter"\n{DECISION}'))
    assert (mine.key, mine.name, mine.short_name) == ("mine", "A quarter", "")
    assert mine.measures == package().measures
    assert mine.package is not None
    assert mine.package.decision is not None
    assert mine.package.decision.agreed_share == 0.25
    assert mine.package.model_copy(update={"decision": None}) == package().package


def test_a_scenario_may_extend_a_file_beside_it_that_extends_another(tmp_path: Path) -> None:
    write(tmp_path, f'extends = "{PACKAGE}"\nname = "First"\n', "first")
    second = write(tmp_path, f'extends = "first.toml"\nname = "Second"\n{DECISION}', "second")
    assert read(second).agreed_share("2023/24") == 0.25
    names = [item["file"] for item in input_files("devon_2021", [str(second)])]
    assert names[-3:] == ["second.toml", "first.toml", f"{PACKAGE}.toml"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('extends = "nowhere"\nname = "A"', "extends: 'nowhere' is neither a shipped name"),
        ('extends = "gone.toml"\nname = "A"', "gone.toml: can't be read"),
        ("extends = 3\nname = 'A'", "extends: is no text"),
        ('extends = "mine.toml"\nname = "A"', "extends: leads back to its own file"),
        (f'extends = "{PACKAGE}"', "name: is missing"),
        (f'extends = "{PACKAGE}"\nname = "A"\ncouncil = "x"', "council: stands in a scenario"),
        (f'extends = "{PACKAGE}"\nname = "A"\nmeasures = 3', "measures: is no list"),
        (f'extends = "{PACKAGE}"\nname = "A"\npackage = 3', "package: is no table"),
        (f'extends = "{PACKAGE}"\nname = "A"\npackage = {{ fte = 3.0 }}', "sum to 48, the package"),
        (f'extends = "{PACKAGE}"\nname = "A"\ndrop = ["bursary"]', "'bursary' is no line that"),
        (f'extends = "{PACKAGE}"\nname = "A"\ndrop = ["bursaries"]', "the package is £1,100,000"),
        (f'extends = "{PACKAGE}"\nname = "A"\nmeasures = [{{}}]', "kind: is missing"),
        (f'extends = "plain.toml"\nname = "A"\n{DECISION}', "package: is none that is taken over"),
        (
            f'extends = "{PACKAGE}"\nname = "A"\n{DECISION.replace("2022/23", "2021/22")}',
            "decision on 2021/22 is not after 2021/22",
        ),
        (f'extends = "{PACKAGE}"\nname = "A"\n{DECISION.replace("0.25", "1.5")}', "agreed_share"),
        ('extends = "bad.toml"\nname = "A"', "bad.toml: measures: "),
    ],
)
def test_a_faulty_extension_is_refused_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    write(tmp_path, 'name = "Plain"\nmeasures = []', "plain")
    write(tmp_path, 'name = "Bad"\nmeasures = 3', "bad")
    with pytest.raises(InputError, match=re.escape(said)):
        parse_scenario(write(tmp_path, text))


LINES = f"""
extends = "{PACKAGE}"
name = "Fewer lines, one of them larger, and a saving"
drop = ["bursaries", "apprenticeships"]

[[measures]]
key = "registration_fees"
planned_gbp = {{ "2021/22" = 10000, "2022/23" = 12000 }}

[[measures]]
key = "spend_less_on_agency"
kind = "saving"
name = "Agency budget given up"
start = 2021-10-01
planned_gbp = {{ "2021/22" = -50000, "2022/23" = -100000 }}

[package]
funding = [
    {{ financial_year = "2021/22", source_of_funds = "reserves", gbp = 994000 }},
    {{ financial_year = "2022/23", source_of_funds = "base", gbp = 3130000 }},
]
"""


def test_a_scenario_may_add_drop_and_change_lines_by_name(tmp_path: Path) -> None:
    mine = read(write(tmp_path, LINES))
    before = {measure.key: measure for measure in package().measures}
    now = {measure.key: measure for measure in mine.measures}
    assert set(before) - set(now) == {"bursaries", "apprenticeships"}
    assert set(now) - set(before) == {"spend_less_on_agency"}
    assert {key for key in now if key in before and now[key] != before[key]} == {
        "registration_fees"
    }
    assert now["registration_fees"].start == before["registration_fees"].start
    assert list(now)[:-1] == [key for key in before if key in now]
    assert mine.package is not None
    assert mine.package.fte == 48.0


def test_a_line_of_another_kind_takes_nothing_over(tmp_path: Path) -> None:
    other = """
[[measures]]
key = "registration_fees"
kind = "cost_line"
name = "Fees"
start = 2021-10-01
planned_gbp = { "2021/22" = 6000, "2022/23" = 12000 }
"""
    mine = read(write(tmp_path, f'extends = "{PACKAGE}"\nname = "A"\n{other}'))
    line = next(measure for measure in mine.measures if measure.key == "registration_fees")
    assert (kind_of(type(line)), line.costs, line.letter) == ("cost_line", (), "")


def test_two_files_that_extend_each_other_are_refused(tmp_path: Path) -> None:
    write(tmp_path, 'extends = "b.toml"\nname = "A"', "a")
    write(tmp_path, 'extends = "a.toml"\nname = "B"', "b")
    with pytest.raises(InputError, match="leads back to its own file"):
        parse_scenario(tmp_path / "a.toml")
