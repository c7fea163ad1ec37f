"""Bad input: one line that names file, key, value and remedy; exit code 2; nothing written."""

import datetime as dt
import itertools
import json
import math
import os
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.cli import main
from sim.config.errors import InputError
from sim.config.shipped import configs_folder
from sim.inputs.checks import check_council_fits
from sim.scenario.check import check_config

COUNCIL = "councils/devon_2021.toml"
SCENARIO = "scenarios/devon_package_48_fte.toml"
BEHAVIOUR = "behaviour.toml"


def shipped(name: str) -> str:
    """Text of a shipped config."""
    return (configs_folder() / name).read_text(encoding="utf-8")


def changed(name: str, old: str, new: str) -> str:
    """A shipped config with the first place that reads `old` changed."""
    text = shipped(name)
    assert old in text, f"{name} holds no {old!r}"
    return text.replace(old, new, 1)


class Program:
    """The program, called in this process as its console script calls it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch, self.capsys = monkeypatch, capsys

    def __call__(self, *arguments: object) -> tuple[int, str, str]:
        """Exit code, standard output, standard error."""
        self.monkeypatch.setattr(sys, "argv", ["caseholder", *map(str, arguments)])
        before = signal.getsignal(signal.SIGTERM)
        self.capsys.readouterr()
        try:
            with pytest.raises(SystemExit) as left:
                main()
        finally:
            signal.signal(signal.SIGTERM, before)
        said = self.capsys.readouterr()
        assert isinstance(left.value.code, int)
        return left.value.code, said.out, said.err

    def refuses(self, *arguments: object) -> str:
        """The one line that it refuses with."""
        code, out, err = self(*arguments)
        assert (code, out) == (2, ""), err
        assert err.endswith("\n")
        assert len(err.splitlines()) == 1, err
        assert err.rstrip("\n").isprintable()
        assert "Traceback" not in err
        return err.strip()


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Program:
    return Program(monkeypatch, capsys)


# A number, name or date that can't be -----------------------------------------------------

LEAVING = "staffing.leaving_rate"
TEAM_DATA = 'key = "front_door"\nname = "Front door"\nwork_share = 0.04\nfrontline = true\n'

COUNCIL_FAULTS = {
    "unknown key": ("inpost_fte", "inpost_ftee", "totals.inpost_ftee", "not a known key"),
    "unknown key inside": ('grade = "F"', 'grad = "A"', f"{LEAVING}.grad", "not a known key"),
    "missing key": ("vacancy_fte = 91.0\n", "", "totals.vacancy_fte", "missing"),
    "unknown unit": ("rate per year", "rate per yaer", f"{LEAVING}.unit", "rate per yaer"),
    "another unit": ("rate per year", "rate per month", LEAVING, "'rate per month' is not"),
    "unknown grade": ('grade = "F"', 'grade = "Z"', f"{LEAVING}.grade", "'Z'"),
    "unknown scale": ('scale = "log"', 'scale = "cubic"', f"{LEAVING}.scale", "'cubic'"),
    "low over high": ("low = 0.1221", "low = 0.9", LEAVING, "0.9, central 0.1523, high 0.19"),
    # As words "9" comes after "10"; as numbers it comes first, and this one does not.
    "ten before nine": ("low = 34.64", "low = 100.0", "starters_fte_per_year", "low 100, central"),
    "low over central": ("low = 0.1221", "low = 0.16", LEAVING, "low 0.16, central 0.1523"),
    "central over high": ("high = 0.19", "high = 0.14", LEAVING, "high 0.14 do not ascend"),
    "0 on a log scale": ("low = 0.1221", "low = 0", LEAVING, "an end of 0 can't stand on a log"),
    "nearly 0 on a log scale": ("low = 0.1221", "low = 5e-324", LEAVING, "on a log scale"),
    "under 0 on a log scale": ("low = 0.1221", "low = -1", LEAVING, "an end of -1 can't stand"),
    "0 on a logit scale": (
        'low = 0.2\ncentral = 0.29\nhigh = 0.4\nunit = "share"',
        'low = 0\ncentral = 0.29\nhigh = 0.4\nscale = "logit"\nunit = "share"',
        "newly_qualified_share_of_starters",
        "an end of 0 can't stand on a logit",
    ),
    "1 on a logit scale": (
        'low = 0.2\ncentral = 0.29\nhigh = 0.4\nunit = "share"',
        'low = 0.2\ncentral = 0.29\nhigh = 1\nscale = "logit"\nunit = "share"',
        "newly_qualified_share_of_starters",
        "an end of 1 can't stand on a logit",
    ),
    "share over 1": ("high = 0.4\n", "high = 1.4\n", "newly_qualified_share", "0.2 to 1.4 share"),
    "bound that widens": (
        'low = 0.2\ncentral = 0.29\nhigh = 0.4\nunit = "share"',
        'low = 0.2\ncentral = 0.29\nhigh = 1.4\nupper_bound = 2\nunit = "share"',
        "newly_qualified_share_of_starters",
        "0.2 to 1.4 share passes",
    ),
    "nan in a quantity": ("low = 0.1221", "low = nan", f"{LEAVING}.low", "nan"),
    "inf in a quantity": ("high = 0.19", "high = inf", f"{LEAVING}.high", "inf"),
    "-inf in a quantity": ("low = 0.1221", "low = -inf", f"{LEAVING}.low", "-inf"),
    "nan in a number": ("work_share = 0.04", "work_share = nan", "teams.0.work_share", "nan"),
    "inf in a number": ("weight = 1.0", "weight = inf", "frontline.weight", "inf"),
    "nan in a total": ("inpost_fte = 319.5", "inpost_fte = nan", "totals.inpost_fte", "nan"),
    "too large": ("gbp = 1000000.0", "gbp = 1e300", "overspend_forecast.gbp", "1e+300"),
    "too many people": (
        "inpost_fte = 319.5",
        "inpost_fte = 1e9",
        "totals.inpost_fte",
        "1000000000",
    ),
    "400 digits": ("people = 100", f"people = 1{'0' * 400}", "targets.0.people", "1000"),
    "missing source": (
        '"judgement"',
        '"hearsay"',
        "team_manager_share_of_starters.source",
        "'hearsay'",
    ),
    "missing source of totals": ('"csww"', '"cssw"', "totals.source", "'cssw' is not in sources"),
    "negative unit cost": (
        "low = 44000.0",
        "low = -1.0",
        "money.unit_cost.social_worker",
        "-1 to 53000",
    ),
    "unit cost of 0": ("low = 44000.0", "low = 0.0", "money.unit_cost.social_worker", "0 to 53000"),
    "bound under 0": (
        "low = 44000.0",
        "low = -9.0\nlower_bound = -10.0",
        "money.unit_cost.social_worker",
        "-9 to 53000",
    ),
    "unit cost drawn as 0": (
        "low = 44000.0",
        "low = 900.0",
        "unit_cost.social_worker",
        "as 0 or less",
    ),
    "role without cost": (
        "[money.unit_cost.academy]",
        "[money.unit_cost.porter]",
        "money",
        "porter",
    ),
    "negative total": (
        "agency_cover_fte = 52.0",
        "agency_cover_fte = -5",
        "agency_cover_fte",
        "-5",
    ),
    "too few people in post": (
        "inpost_fte = 319.5",
        "inpost_fte = 10.9",
        "totals",
        "inpost_fte 10.9 is under 11",
    ),
    "too many case holders": ("= 215.6", "= 500.0", "totals", "case_holders_fte 500 doesn't fit"),
    "too many managers": (
        "team_manager_vacancy_fte = 6.0",
        "team_manager_vacancy_fte = 60",
        "totals",
        "team_manager_vacancy_fte 60",
    ),
    "work_share short of 1": (
        "work_share = 0.04",
        "work_share = 0.03",
        "work_share",
        "0.99, not 1",
    ),
    "frontline short of 1": (
        "unfilled_share = 0.19",
        "unfilled_share = 0.1",
        "frontline",
        "0.91, not 1",
    ),
    "string for a number": ("low = 0.1221", 'low = "0.118"', f"{LEAVING}.low", "'0.118'"),
    "string for a total": ("= 319.5", '= "319.5"', "totals.inpost_fte", "'319.5'"),
    "boolean for a number": ("low = 0.1221", "low = false", f"{LEAVING}.low", "False"),
    "boolean for a whole number": (
        "horizon_years = 5",
        "horizon_years = true",
        "horizon_years",
        "True",
    ),
    "string for a whole number": (
        "horizon_years = 5",
        'horizon_years = "5"',
        "horizon_years",
        "'5'",
    ),
    "half a year": ("horizon_years = 5", "horizon_years = 2.5", "horizon_years", "2.5"),
    "no year": ("horizon_years = 5", "horizon_years = 0", "horizon_years", "0 is refused"),
    "number for a flag": ("frontline = true", "frontline = 1", "teams.0.frontline", "1 is refused"),
    "string for a flag": ("frontline = true", 'frontline = "yes"', "teams.0.frontline", "'yes'"),
    "number for a name": ('name = "Devon"', "name = 7", "name", "7 is refused"),
    "list for a table": ("[totals]", "[[totals]]", "totals", "is refused"),
    "control character": ('name = "Devon"', 'name = "De\\u001Bvon"', "name", "is refused"),
    "line end in a name": ('name = "Devon"', 'name = "De\\nvon"', "name", "is refused"),
    "reversed writing": ('name = "Devon"', 'name = "De\\u202Evon"', "name", "is refused"),
    "control character in a key": ('name = "Devon"', '"na\\u001Bme" = 1', r"na\x1bme", "known key"),
    "date as a string": ("2021-09-08", '"2021-09-08"', "start_date", "'2021-09-08' is not a date"),
    "date as a number": ("2021-09-08", "1631059200", "start_date", "1631059200 is not a date"),
    "date and time": ("2021-09-08", "2021-09-08T00:00:00", "start_date", "is not a date"),
    "time": ("2021-09-08", "08:00:00", "start_date", "is not a date"),
    "far future": ("2021-09-08", "9999-09-08", "start_date", "9999"),
    "30 February": ("2021-09-08", "2021-02-30", "not valid TOML", "line"),
    "no day of the year": ('"09-20"', '"02-30"', "staffing", "newly_qualified_start '02-30'"),
    "no financial year": ('"2020/21"', '"2020/22"', "money.price_year", "'2020/22'"),
    "no such role": (
        '"senior_practitioner", "',
        '"boss", "',
        "baseline_supplements.0.roles.0",
        "'boss'",
    ),
    "no such team": (
        '["child_protection_court"]',
        '["cpc"]',
        "team",
        "'cpc' is not in this council",
    ),
    "team twice": (
        TEAM_DATA,
        TEAM_DATA.replace("front_door", "assessment"),
        "team key",
        "'assessment'",
    ),
    "team called all": ('key = "front_door"', 'key = "all"', "team key", "'all'"),
    "target twice": ('"team_manager"\npeople', '"social_worker"\npeople', "targets", "twice"),
    "duplicate key": (
        'name = "Devon"',
        'name = "Devon"\nname = "Dorset"',
        "not valid TOML",
        "line 5",
    ),
}


@pytest.mark.parametrize("fault", COUNCIL_FAULTS)
def test_a_faulty_council_is_refused_in_one_line(
    fault: str, program: Program, tmp_path: Path
) -> None:
    old, new, key, value = COUNCIL_FAULTS[fault]
    file = tmp_path / "mine.toml"
    file.write_text(changed(COUNCIL, old, new), encoding="utf-8")
    line = program.refuses("check", file)
    assert line.startswith(f"{file}: ")
    rest = line.removeprefix(f"{file}: ")
    assert key in rest
    assert value in rest
    assert_remedy(rest)


def assert_remedy(line: str) -> None:
    """The line ends in advice: a sentence of its own that starts with a capital."""
    problem, _, remedy = line.rpartition(". ")
    assert problem
    assert remedy[0].isupper()


SUPPLEMENT = "measures.0"
SCENARIO_FAULTS = {
    "unknown key": ("letter =", "lettre =", "measures.0.lettre (salary_supplement)", "not a known"),
    "unknown key at the top": ("short_name", "shortname", "shortname", "not a known key"),
    "unknown kind": ('"salary_supplement"', '"pay_rise"', "measures.0.kind", "'pay_rise'"),
    "no kind": ('kind = "salary_supplement"\n', "", "measures.0.kind", "is missing"),
    "negative cost": ("= 190000,", "= -190000,", "measures.0.planned_gbp.2021/22", "-190000"),
    "nan cost": ("= 190000,", "= nan,", "measures.0.planned_gbp.2021/22", "nan"),
    "infinite cost": ("= 190000,", "= inf,", "measures.0.planned_gbp.2021/22", "inf"),
    "string cost": ("= 190000,", '= "190000",', "measures.0.planned_gbp.2021/22", "'190000'"),
    "negative pay": ("low = 1000.0", "low = -1000.0", "gbp_per_year", "-1000 to 3000"),
    "low over high": ("low = 1000.0", "low = 9000.0", "measures.0.gbp_per_year", "low 9000"),
    "another unit": ("gbp per fte per year", "gbp", "measures.0.gbp_per_year", "'gbp' is not"),
    "negative posts": ("fte = 6.0", "fte = -6.0", "measures.2.posts.0.fte", "-6.0"),
    "posts finer than a hundredth": (
        "fte = 6.0",
        "fte = 5.999",
        "measures.2.posts.0.fte",
        "5.999 FTE is finer than a hundredth",
    ),
    "string posts": ("fte = 6.0", 'fte = "6"', "measures.2.posts.0.fte", "'6'"),
    "FTE off": ("fte = 6.0", "fte = 6.5", "FTE sum to 48.5", "the package is 48"),
    "pounds off": (
        "= 190000,",
        "= 190001,",
        "money in 2021/22",
        "sums to £1,100,001, the package is £1,100,000",
    ),
    "package off": ("gbp = 3400000", "gbp = 3400001", "money in 2022/23", "package is £3,400,001"),
    "year not funded": (
        '"2021/22" = 190000',
        '"2020/21" = 190000',
        "plans money in 2020/21",
        "salary_supplement",
    ),
    "year funded twice": (
        '"2022/23", source',
        '"2021/22", source',
        "package",
        "2021/22 after 2021/22",
    ),
    "no financial year": (
        '"2021/22" = 190000',
        '"2021-22" = 190000',
        "planned_gbp.2021-22",
        "'2021-22' is no",
    ),
    "no source of funds": (
        '"reserves"',
        '"the sofa"',
        "package.funding.0.source_of_funds",
        "the sofa",
    ),
    "unknown source": (
        '"medway_offer"',
        '"a friend"',
        "measures.0.gbp_per_year.source",
        "'a friend'",
    ),
    "unknown team": (
        '["child_protection_court"]',
        '["cpc"]',
        "measures.0 (salary_supplement)",
        "team 'cpc'",
    ),
    "unknown team of posts": (
        'team = "assessment"',
        'team = "cpc"',
        "social_worker_posts",
        "team 'cpc'",
    ),
    "no team": ('teams = ["child_protection_court"]', "teams = []", "measures.0.teams", "[]"),
    "unknown role": (
        '["social_worker", "senior',
        '["boss", "senior',
        "measures.0.roles.0",
        "'boss'",
    ),
    "end before start": (
        "start = 2021-10-01",
        "start = 2021-10-01\nend = 2021-09-30",
        "end 2021-09-30",
        "start 2021-10-01",
    ),
    "phasing after the end": (
        "start = 2021-10-01",
        "start = 2021-10-01\nend = 2022-03-31\nphasing = [ { start = 2021-10-01, share = 0.5 },"
        " { start = 2022-04-01, share = 1.0 } ]",
        "phasing goes on to 2022-04-01",
        "last day is 2022-03-31",
    ),
    "start before day 0": (
        "start = 2021-10-01",
        "start = 2021-09-07",
        "measures.0.start",
        "2021-09-07 is before the first day",
    ),
    "start as a string": (
        "start = 2021-10-01",
        'start = "2021-10-01"',
        "measures.0.start",
        "is not a date",
    ),
    "measure twice": (
        'key = "retention_payment"',
        'key = "salary_supplement"',
        "two measures",
        "'salary_supplement'",
    ),
    "place twice": (
        'team = "children_in_care"',
        'team = "assessment"',
        "measures.2",
        "social_worker posts in assessment",
    ),
    "half a month": (
        "qualifying_months = 12",
        "qualifying_months = 1.5",
        "qualifying_months",
        "1.5",
    ),
    "control character": ('"Half and half"', '"Half\\u0007"', "short_name", "is refused"),
    "council of another name": (
        'council = "devon_2021"',
        'council = "devon_2012"',
        "council: 'devon_2012'",
        "devon_2021",
    ),
    "council that is a number": (
        'council = "devon_2021"',
        "council = 2021",
        "council",
        "2021 is refused",
    ),
    "no council": ('council = "devon_2021"\n', "", "council", "--council"),
    "nobody of a role": (
        'roles = ["social_worker", "senior_practitioner", "team_manager"]',
        'roles = ["business_support", "academy"]',
        "measures.0 (salary_supplement)",
        "no team in scope has a post of role academy (child_protection_court)",
    ),
    "money for nobody": (
        'letter = "a"',
        'letter = "a"\ntake_up = 0',
        "measures.0 (salary_supplement)",
        "costs money but reaches nobody",
    ),
    "advisers where there are none": (
        'teams = ["care_leavers"]',
        'teams = ["assessment"]',
        "(personal_adviser_progression)",
        "no team in scope has a post of role personal_adviser (assessment). Teams with such posts:"
        " care_leavers",
    ),
    "a recruitment team of others": (
        'role = "recruitment"',
        'role = "business_support"',
        "(recruitment_team)",
        "posts of a recruitment team are business_support",
    ),
    "unknown team of recruiters": (
        'team = "front_door", role = "recruitment"',
        'team = "the_attic", role = "recruitment"',
        "(recruitment_team)",
        "team 'the_attic'",
    ),
    "fees for those who don't register": (
        'teams = ["child_protection_court"]\nroles = ["social_worker", "senior_practitioner",'
        ' "team_manager"]\nplanned_gbp = { "2021/22" = 6000',
        'teams = ["child_protection_court"]\nroles = ["business_support"]'
        '\nplanned_gbp = { "2021/22" = 6000',
        "(registration_fees)",
        "role business_support is in scope, but only social workers register",
    ),
}


@pytest.mark.parametrize("fault", SCENARIO_FAULTS)
def test_a_faulty_scenario_is_refused_in_one_line(
    fault: str, program: Program, tmp_path: Path
) -> None:
    old, new, key, value = SCENARIO_FAULTS[fault]
    file = tmp_path / "mine.toml"
    file.write_text(changed(SCENARIO, old, new), encoding="utf-8")
    line = program.refuses("check", file)
    assert line.startswith(f"{file}: ")
    rest = line.removeprefix(f"{file}: ")
    assert key in rest
    assert value in rest
    assert_remedy(rest)


TWICE = """name = "Mine"
council = "devon_2021"

[[measures]]
kind = "agency_scheme"
key = "one"
name = "One"
start = 2021-10-01
end = 2022-09-30
teams = ["assessment", "child_protection_court"]
roles = ["social_worker"]

[[measures]]
kind = "agency_scheme"
key = "two"
name = "Two"
start = {start}
teams = ["{team}"]
roles = ["social_worker", "team_manager"]
"""


@pytest.mark.parametrize(
    ("start", "team", "is_fine"),
    [
        ("2022-09-30", "assessment", False),
        ("2022-10-01", "assessment", True),
        ("2021-10-01", "front_door", True),
    ],
)
def test_two_lines_of_a_kind_for_the_same_people_on_the_same_days_are_refused(
    start: str, team: str, is_fine: bool, program: Program, tmp_path: Path
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(TWICE.format(start=start, team=team), encoding="utf-8")
    if is_fine:
        assert program("check", file)[0] == 0
        return
    line = program.refuses("check", file)
    assert line == (
        f"{file}: measures.1 (two): is in force for social_worker in assessment on the same days as"
        " 'one', a line of the same kind. Give the two other teams, roles or dates, or add them"
        " together"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '[[ofsted]]\nstart = 2022-01-01\njudgement = "other"\nsource = "judgement"\n',
            "ofsted begins on 2022-01-01, after 2021-09-08",
        ),
        (
            '[[ofsted]]\nstart = 2020-01-01\njudgement = "other"\nsource = "judgement"\n' * 2,
            "ofsted names 2020-01-01 after 2020-01-01",
        ),
        (
            '[[ofsted]]\nstart = 2020-01-01\njudgement = "poor"\nsource = "judgement"\n',
            "ofsted.0.judgement: 'poor'",
        ),
    ],
)
def test_a_faulty_judgement_is_refused_in_one_line(
    text: str, said: str, program: Program, tmp_path: Path
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(shipped(COUNCIL) + "\n" + text, encoding="utf-8")
    assert said in program.refuses("check", file)


LEANS = '[[correlations]]\nfirst = "exits.under_five_years_ratio"\nsecond = "{}"\nvalue = {}\n'
BEHAVIOUR_FAULTS = {
    "unknown quantity": ([LEANS.format("exits.reitrement", 0.5)], "'exits.reitrement'"),
    "over 1": ([LEANS.format("exits.to_agency_share", 1.5)], "correlations.0.value: 1.5"),
    "with itself": ([LEANS.format("exits.under_five_years_ratio", 0.5)], "chain"),
    "twice": ([LEANS.format("exits.to_agency_share", 0.5)] * 2, "chain"),
    "second of one, first of another": (
        [
            LEANS.format("exits.to_agency_share", 0.5),
            LEANS.format("exits.under_five_years_ratio", 0.5).replace(
                "exits.under_five_years_ratio", "exits.to_council_share", 1
            ),
        ],
        "chain",
    ),
}


@pytest.mark.parametrize("fault", BEHAVIOUR_FAULTS)
def test_a_faulty_correlation_is_refused_in_one_line(
    fault: str, program: Program, tmp_path: Path
) -> None:
    tables, value = BEHAVIOUR_FAULTS[fault]
    text = shipped(BEHAVIOUR).split("[[correlations]]")[0]
    file = tmp_path / "behaviour.toml"
    file.write_text("\n".join([text, *tables]), encoding="utf-8")
    line = program.refuses("check", file)
    assert line.startswith(f"{file}: ")
    assert value in line
    assert "correlation" in line
    good = LEANS.format("exits.to_agency_share", 0.5)
    file.write_text(f"{text}\n{good}", encoding="utf-8")
    assert program("check", file)[0] == 0


def test_a_misspelt_key_is_named_before_the_key_it_leaves_missing(
    program: Program, tmp_path: Path
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(changed(COUNCIL, "leaving_rate", "laeving_rate"), encoding="utf-8")
    assert "staffing.laeving_rate: is not a known key" in program.refuses("check", file)


@pytest.mark.parametrize("command", ["check", "run", "trace"])
def test_a_council_whose_totals_leave_no_posts_is_refused(
    command: str, program: Program, tmp_path: Path
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(
        changed(COUNCIL, "case_holders_fte = 215.6", "case_holders_fte = 400"), encoding="utf-8"
    )
    line = program.refuses(command, file)
    assert line.startswith(f"{file}: totals: case_holders_fte 400 doesn't fit")
    assert_remedy(line)


# A file that can't be read ----------------------------------------------------------------


def unreadable(folder: Path) -> dict[str, tuple[Path, str]]:
    """Files by what is wrong with them, and what is said of them."""
    contents = {
        "empty": (b"", "is empty"),
        "blank": (b" \n\t\n", "is empty"),
        "binary": (bytes(range(256)) * 8, "is not UTF-8 text"),
        "Latin-1": ('name = "Caf\u00e9"\n'.encode("latin-1"), "is not UTF-8 text"),
        "UTF-16": ('name = "Devon"\n'.encode("utf-16"), "is not UTF-8 text"),
        "zero bytes": (b"name = 'a'\0\n", "is not valid TOML"),
        "prose": (b"Dear Sir or Madam\n", "is not valid TOML"),
        "duplicate table": (b"[a]\nb = 1\n[a]\nb = 2\n", "is not valid TOML"),
        "duplicate key": (b"a = 1\na = 2\n", "is not valid TOML"),
        "huge": (b"# filler\n" * 200_000, "is larger than 200,000 bytes"),
        "deep": (b"a = " + b"[\n" * 40_000 + b"]\n" * 40_000, "is nested too deeply"),
        "deep tables": (b"a = " + b"{a=" * 900 + b"1" + b"}" * 900, "is nested too deeply"),
        "5,000 digits": (b"teams = 1" + b"0" * 5000, "line 1: has 5,009 characters"),
        "other TOML": (b"a = 1\n", "is neither a council"),
        "a comment": (b"# nothing\n", "is neither a council"),
    }
    found = {}
    for name, (content, said) in contents.items():
        file = folder / f"{name.replace(' ', '_')}.toml"
        file.write_bytes(content)
        found[name] = (file, said)
    (folder / "folder.toml").mkdir()
    found["folder"] = (folder / "folder.toml", "can't be read")
    found["missing"] = (folder / "missing.toml", "can't be read")
    found["under a file"] = (found["empty"][0] / "mine.toml", "can't be read")
    found["endless name"] = (folder / f"{'x' * 5000}.toml", "can't be read")
    return found


UNREADABLE = [
    "empty", "blank", "binary", "Latin-1", "UTF-16", "zero bytes", "prose", "duplicate table",
    "duplicate key", "huge", "deep", "deep tables", "5,000 digits", "other TOML", "a comment",
    "folder", "missing", "under a file", "endless name",
]  # fmt: skip


@pytest.mark.parametrize("kind", UNREADABLE)
def test_a_file_that_cant_be_read_is_refused_in_one_line(
    kind: str, program: Program, tmp_path: Path
) -> None:
    files = unreadable(tmp_path)
    assert sorted(files) == sorted(UNREADABLE)
    file, said = files[kind]
    line = program.refuses("check", file)
    assert line.startswith(f"{file}: ")
    assert said in line
    assert_remedy(line)


@pytest.mark.parametrize("kind", [kind for kind in UNREADABLE if kind not in ("deep", "huge")])
def test_so_is_one_that_is_compared(kind: str, program: Program, tmp_path: Path) -> None:
    file, _ = unreadable(tmp_path)[kind]
    assert program.refuses("compare", "devon_2021", file).startswith(f"{file}: ")
    assert program.refuses("run", file).startswith(f"{file}: ")


@pytest.mark.skipif(
    sys.platform == "win32" or (hasattr(os, "geteuid") and os.geteuid() == 0),
    reason="whoever may read everything can't be refused",
)
def test_a_file_without_rights_is_refused(program: Program, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(shipped(COUNCIL), encoding="utf-8")
    file.chmod(0)
    assert "can't be read (Permission denied)" in program.refuses("check", file)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_refused_and_not_waited_for(program: Program, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "mine.toml")
    assert "it is not a file" in program.refuses("check", tmp_path / "mine.toml")


def test_keys_nested_very_deeply_are_refused(program: Program, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    deep = ".".join(["a"] * 3000)
    file.write_text(f"teams.{deep} = 1\n", encoding="utf-8")
    assert program.refuses("check", file).startswith(f"{file}: ")


def test_a_very_long_key_or_value_is_shortened(program: Program, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(f"teams = 1\n{'x' * 9000} = 1\n", encoding="utf-8")
    assert len(program.refuses("check", file)) < 500
    file.write_text(changed(COUNCIL, '"Devon"', f'"{"x" * 9000}"'), encoding="utf-8")
    assert len(program.refuses("check", file)) < 500


def test_the_mark_that_windows_puts_first_is_passed_over(program: Program, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_bytes(b"\xef\xbb\xbf" + shipped(COUNCIL).replace("\n", "\r\n").encode())
    assert program("check", file)[0] == 0


def test_a_file_of_another_ending_can_be_checked(program: Program, tmp_path: Path) -> None:
    for name in (COUNCIL, SCENARIO):
        file = tmp_path / "mine.txt"
        file.write_text(shipped(name), encoding="utf-8")
        code, out, _ = program("check", file)
        assert code == 0
        assert "no mistake in how it is written" in out


@pytest.mark.skipif(sys.platform != "linux", reason="other systems' file names are always text")
def test_a_scenario_whose_file_name_is_no_text_is_refused(program: Program, tmp_path: Path) -> None:
    file = tmp_path / os.fsdecode(b"\xff.toml")
    file.write_text(shipped(SCENARIO), encoding="utf-8")
    assert "Rename the file" in program.refuses("compare", "devon_2021", file)


def test_an_empty_folder_of_published_tables_is_refused(program: Program) -> None:
    line = program.refuses("council", "list", "--from-dfe", "")
    assert line.startswith("--from-dfe: is empty")


def test_a_group_of_commands_lists_them(program: Program) -> None:
    code, _, err = program("council")
    assert code == 2
    assert "Usage: caseholder council" in err
    assert "list" in err


# Names on the command line ----------------------------------------------------------------

SHIPPED_SCENARIOS = sorted(path.stem for path in (configs_folder() / "scenarios").glob("*.toml"))


def test_a_typo_in_a_scenario_lists_the_shipped_names(program: Program) -> None:
    line = program.refuses("compare", "devon_2021", "devon_package_48_fet")
    assert line.startswith("devon_package_48_fet: ")
    assert "Did you mean devon_package_48_fte? " in line
    assert len(SHIPPED_SCENARIOS) >= 5
    assert all(name in line for name in SHIPPED_SCENARIOS)


@pytest.mark.parametrize("command", ["compare", "run", "trace"])
def test_a_typo_in_a_council_lists_the_shipped_names(command: str, program: Program) -> None:
    line = program.refuses(command, "devon_2012", SHIPPED_SCENARIOS[0])
    assert line.startswith("devon_2012: ")
    assert "Did you mean devon_2021? " in line
    assert "devon_2017, devon_2021" in line


def test_a_typo_in_check_lists_all_shipped_names(program: Program) -> None:
    line = program.refuses("check", "devon_2012")
    assert "Did you mean devon_2021? " in line
    assert all(name in line for name in ["devon_2017", "behaviour", *SHIPPED_SCENARIOS])


def test_a_typo_in_an_experiment_or_a_sweep_offers_the_nearest(program: Program) -> None:
    assert "Did you mean devon_48_fte? " in program.refuses("experiment", "devon_48_ft")
    line = program.refuses("sweep", "Devon_Hiring_Respons", "--out", "results")
    assert "Did you mean devon_hiring_response? " in line


@pytest.mark.parametrize(
    ("arguments", "now"),
    [
        (("sweep", "devon_gamma", "--out", "results"), "devon_hiring_response"),
        (("sweep", "devon_posts_by_gamma", "--out", "results"), "devon_posts_by_hiring"),
        (("compare", "devon_2021", "posts_48", "--gamma-pairs", 2), "--hiring-pairs"),
    ],
)
def test_a_name_of_old_is_refused_with_the_new_one(
    arguments: tuple[object, ...], now: str, program: Program
) -> None:
    assert f"called {now} now" in program.refuses(*arguments)


def test_a_file_is_offered_that_lacks_its_ending(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text(shipped(SCENARIO), encoding="utf-8")
    for command in (("check", "mine"), ("compare", "devon_2021", "mine")):
        assert "Did you mean mine.toml? " in program.refuses(*command)


@pytest.mark.parametrize("name", ["behaviour", "sources"])
def test_the_shipped_evidence_is_checked_from_any_folder(
    name: str, program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = program("check", name)
    assert (code, err) == (0, "")
    assert "no mistake in how it is written" in out


@pytest.mark.parametrize(
    "command",
    [
        ("compare", "devon_2021", "devon_package_48_fte"),
        ("run", "devon_2021"),
        ("trace", "devon_2021"),
        ("sweep", "devon_hiring_response"),
        ("experiment", "devon_48_fte"),
        ("export", "study.sqlite"),
    ],
)
@pytest.mark.parametrize("out", ["", " "])
def test_an_empty_place_for_results_is_refused(
    command: tuple[str, ...], out: str, program: Program, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert program.refuses(*command, "--out", out).startswith("--out: is empty")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["", "x" * 5000, "\x1b[31mred", "two\nlines", "con", "../x"])
def test_an_odd_name_is_refused_in_one_line(name: str, program: Program) -> None:
    program.refuses("check", name)
    program.refuses("compare", name, SHIPPED_SCENARIOS[0])
    program.refuses("compare", "devon_2021", name)


def test_a_scenario_named_twice_is_refused(program: Program, tmp_path: Path) -> None:
    name = SHIPPED_SCENARIOS[0]
    again = tmp_path / f"{name}.toml"
    again.write_text(shipped(SCENARIO), encoding="utf-8")
    assert program.refuses("compare", "devon_2021", name, name).startswith(f"{name}: ")
    assert program.refuses("compare", "devon_2021", name, again).startswith(f"{again}: ")
    assert program.refuses("compare", "devon_2021", "baseline").startswith("baseline: ")


def test_two_scenarios_of_one_name_are_refused(program: Program, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text(shipped(SCENARIO), encoding="utf-8")
    line = program.refuses("compare", "devon_2021", "devon_package_48_fte", other)
    assert line.startswith(f"{other}: short_name: 'Half and half'")
    assert "devon_package_48_fte" in line


def test_a_measure_that_is_worth_two_things_is_refused(program: Program, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    text = changed(SCENARIO, "high = 3000.0", "high = 3001.0")
    text = text.replace('"Half and half"', '"Other"').replace("half and half:", "divided:")
    other.write_text(text, encoding="utf-8")
    line = program.refuses("compare", "devon_2021", "devon_package_48_fte", other)
    assert line.startswith("other.toml: measures.salary_supplement.gbp_per_year: ")


@pytest.mark.parametrize(
    "options",
    [
        ["--replications", "0"],
        ["--replications", "1"],
        ["--replications", "many"],
        ["--workers", "0"],
        ["--seed", "-1"],
        ["--hiring-pairs", "-1"],
        ["--quick"],
    ],
)
def test_an_option_that_cant_be_leaves_with_2(options: list[str], program: Program) -> None:
    code, out, err = program("compare", "devon_2021", SHIPPED_SCENARIOS[0], *options)
    assert (code, out) == (2, "")
    assert options[0] in err
    assert err.startswith("caseholder compare: ")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["compare"], "caseholder compare: Missing argument 'COUNCIL'."),
        (["compair"], "caseholder: No such command 'compair'."),
        (["sweep", "devon_hiring_response"], "caseholder sweep: Missing option '--out'."),
        (["compare", "devon_2021", "baseline", "--out"], "caseholder: Option '--out' "),
        (["--fast"], "caseholder: No such option: --fast"),
    ],
)
def test_arguments_that_cant_be_understood_are_told_in_one_line(
    arguments: list[str], said: str, program: Program
) -> None:
    code, out, err = program(*arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(said)
    assert " --help\n" in err


def test_more_days_than_dates_are_refused(program: Program) -> None:
    code, out, err = program("trace", "devon_2021", "--days", 10**9)
    assert (code, out) == (2, "")
    assert "--days" in err


# Where results go -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command", [("compare", "devon_2021", "devon_package_48_fte"), ("run", "devon_2021")]
)
@pytest.mark.parametrize("below", [[], ["deep"], ["deep", "er"]])
def test_a_folder_that_cant_be_written_is_refused_before_any_run(
    command: tuple[str, ...], below: list[str], program: Program, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def never(*_: object) -> None:
        raise AssertionError("it ran")

    monkeypatch.setattr("sim.presentation.answer.run_question", never)
    in_the_way = tmp_path / "results"
    in_the_way.write_text("mine", encoding="utf-8")
    folder = in_the_way.joinpath(*below)
    line = program.refuses(*command, "--out", folder)
    assert line.startswith(f"{folder}: can't be written to")
    assert "--out" in line
    assert in_the_way.read_text(encoding="utf-8") == "mine"
    assert list(tmp_path.iterdir()) == [in_the_way]


def test_folders_made_on_the_way_to_one_that_cant_be_made_are_gone(
    program: Program, tmp_path: Path
) -> None:
    folder = tmp_path / "a" / "b" / ("x" * 300)
    program.refuses("run", "devon_2021", "--out", folder)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(
    sys.platform == "win32" or (hasattr(os, "geteuid") and os.geteuid() == 0),
    reason="whoever may write everywhere can't be refused",
)
def test_a_folder_without_rights_is_refused(program: Program, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        assert "Permission denied" in program.refuses("run", "devon_2021", "--out", tmp_path)
    finally:
        tmp_path.chmod(0o700)


def test_a_trace_that_cant_be_written_is_refused(program: Program, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    for out in (tmp_path, tmp_path / "file" / "trace.csv"):
        line = program.refuses("trace", "devon_2021", "--days", 2, "--out", out)
        assert "--out" in line
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_bad_input_leaves_no_folder(program: Program, tmp_path: Path) -> None:
    program.refuses("compare", "devon_2021", "nothing", "--out", tmp_path / "results")
    assert list(tmp_path.iterdir()) == []


# As a process of its own ------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "missing.toml"],
        ["compare", "missing.toml", "devon_package_48_fte", "--out", "results"],
        ["trace", "devon_2021", "missing", "--out", "trace.csv"],
    ],
)
def test_the_program_itself_refuses_in_one_line(arguments: list[str], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sim.cli", *arguments],
        capture_output=True, cwd=tmp_path, encoding="utf-8", env=environment(), check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("missing")
    assert list(tmp_path.iterdir()) == []


def environment() -> dict[str, str]:
    """An environment in which this checkout's package is found from any folder."""
    top = str(Path(__file__).resolve().parents[2])
    return os.environ | {"PYTHONPATH": top, "PYTHONUTF8": "1"}


# Any change at all ------------------------------------------------------------------------

JUNK = st.one_of(
    st.booleans(),
    st.integers(),
    st.integers(min_value=10**400, max_value=10**401),
    st.floats(),
    st.sampled_from([0, 1, -1, 0.5, 1e-320, 1e308, math.nan, math.inf, -math.inf]),
    st.text(st.characters(codec="utf-8"), max_size=8),
    st.sampled_from(["", "0000/01", "9999/00", "02-29", "all", "devon_2021", "share", "log", "|"]),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.lists(st.one_of(st.integers(), st.text("ab", max_size=2), st.just({})), max_size=3),
    st.dictionaries(st.text("abc/", max_size=3), st.integers(), max_size=2),
)


def toml(value: Any) -> str:
    """A value as TOML writes it inside a line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml(k)} = {toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return repr(value)


def places(value: Any, before: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The way to every value inside a config."""
    inside: Any = []
    if isinstance(value, dict):
        inside = value.items()
    elif isinstance(value, list):
        inside = enumerate(value)
    for key, item in inside:
        yield (*before, key)
        yield from places(item, (*before, key))


FUZZED = [
    COUNCIL,
    "councils/devon_2017.toml",
    "councils/herefordshire_2019.toml",
    SCENARIO,
    BEHAVIOUR,
    "sources.toml",
]
PLACES = [(name, place) for name in FUZZED for place in places(tomllib.loads(shipped(name)))]


def mutated(name: str, place: tuple[str | int, ...], act: str, junk: object) -> str:
    """A config with one value deleted, replaced, or joined by a stranger."""
    data = tomllib.loads(shipped(name))
    holder: Any = data
    for key in place[:-1]:
        holder = holder[key]
    if act == "delete":
        del holder[place[-1]]
    elif act == "replace":
        holder[place[-1]] = junk
    elif isinstance(holder, dict):
        holder[f"{place[-1]}x"] = junk
    else:
        holder.append(junk)
    return "".join(f"{toml(key)} = {toml(value)}\n" for key, value in data.items())


def test_the_writer_of_configs_writes_what_was_read() -> None:
    for name in FUZZED:
        data = tomllib.loads(shipped(name))
        text = "".join(f"{toml(key)} = {toml(value)}\n" for key, value in data.items())
        assert tomllib.loads(text) == data


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Iterator[int]]:
    return tmp_path_factory.mktemp("mutated"), itertools.count()


def accepts_or_refuses(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8", newline="\n")
    fault = None
    try:
        check_config(str(file), fits=check_council_fits)
    except InputError as error:
        fault = error
    finally:
        file.unlink()
    if fault is not None:
        assert fault.line().startswith(f"{file}: ")
        assert fault.line().isprintable()
        assert fault.remedy


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    where=st.sampled_from(PLACES),
    act=st.sampled_from(["delete", "replace", "replace", "add"]),
    junk=JUNK,
)
def test_any_change_to_a_config_is_accepted_or_refused_in_one_line(
    where: tuple[str, tuple[str | int, ...]],
    act: str,
    junk: object,
    counted: tuple[Path, Iterator[int]],
) -> None:
    folder, number = counted
    accepts_or_refuses(folder / f"{next(number)}.toml", mutated(*where, act, junk))


@pytest.mark.slow
@settings(max_examples=5000, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    where=st.sampled_from(PLACES),
    act=st.sampled_from(["delete", "replace", "replace", "add"]),
    junk=JUNK,
)
def test_many_changes_to_configs_are_accepted_or_refused_in_one_line(
    where: tuple[str, tuple[str | int, ...]],
    act: str,
    junk: object,
    counted: tuple[Path, Iterator[int]],
) -> None:
    folder, number = counted
    accepts_or_refuses(folder / f"{next(number)}.toml", mutated(*where, act, junk))


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    content=st.one_of(
        st.binary(max_size=60), st.text(st.characters(codec="utf-8"), max_size=60).map(str.encode)
    )
)
def test_any_bytes_at_all_are_refused_in_one_line(
    content: bytes, counted: tuple[Path, Iterator[int]]
) -> None:
    folder, number = counted
    file = folder / f"{next(number)}.toml"
    file.write_bytes(content)
    with pytest.raises(InputError) as error:
        check_config(str(file))
    assert error.value.line().startswith(f"{file}: ")
    file.unlink()
