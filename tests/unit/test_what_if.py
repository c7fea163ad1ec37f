"""What is asked without a file: levers, the scenario that they make, the command, Python."""

from __future__ import annotations

import dataclasses
import datetime as dt
import string
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.config.errors import InputError
from sim.config.roles import Role
from sim.experiment.replicate import make_study
from sim.presentation.lever_options import MOST_ALTERNATIVES
from sim.scenario.cuts import CutPosts
from sim.scenario.levers import values
from sim.scenario.levers.table import LEVERS, MONEY, POSTS, SUPPLEMENT
from sim.scenario.levers.text import made_scenario
from sim.scenario.posts import ExtraPosts
from sim.scenario.scenario import Scenario, load_scenario
from tests.helpers import SEED, devon, evidence
from tests.unit.test_cli import Program, draw_a_blank, rows_of, small_council

ROLES = "social_worker=24,family_practitioner=14,business_support=10"
FEW = ("--replications", 2, "--hiring-pairs", 0, "--demand-pairs", 0, "--workers", 1)
ONE_OF_EACH: dict[str, Any] = {
    "posts": ROLES, "team": "assessment", "supplement": 3000, "retention": "5k", "overseas": 14,
    "bursaries": 6, "apprenticeships": 4, "relocation": True, "academy": True,
    "start": "2021-10-01", "money": "reserves=1.1m@2021/22,base=3.4m",
}  # fmt: skip


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Program:
    return Program(monkeypatch, capsys)


def asked(**levers: Any) -> Scenario:
    """The scenario that levers make in Devon."""
    return sim.what_if(devon(), **levers)


def line(scenario: Scenario, kind: str) -> Any:
    """The one line of a kind."""
    (found,) = (m for m in scenario.measures if getattr(m, "kind", "") == kind)
    return found


def refusal(**levers: Any) -> str:
    """How levers are refused."""
    with pytest.raises(InputError) as refused:
        asked(**levers)
    return refused.value.line()


# One lever, one line ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("levers", "kind"),
    [
        ({"posts": 48}, "extra_posts"),
        ({"posts": -10}, "cut_posts"),
        ({"supplement": 3000}, "salary_supplement"),
        ({"retention": 5000}, "retention_payment"),
        ({"overseas": 14}, "overseas_recruitment"),
        ({"bursaries": 6}, "bursaries"),
        ({"apprenticeships": 4}, "apprenticeships"),
        ({"relocation": True}, "relocation_allowance"),
        ({"academy": True}, "social_work_academy"),
    ],
)
def test_a_lever_alone_makes_the_one_line_that_it_names(levers: dict[str, Any], kind: str) -> None:
    (name,) = levers
    (lever,) = (lever for lever in LEVERS if lever.name == name)
    (measure,) = asked(**levers).measures
    assert measure.kind == kind  # type: ignore[attr-defined]
    assert kind in lever.kinds
    assert measure.start == devon().start_date
    assert measure.planned_gbp == {}


def test_every_kind_of_every_lever_is_made() -> None:
    made = {m.kind for levers in (ONE_OF_EACH, {"posts": -1}) for m in asked(**levers).measures}  # type: ignore[attr-defined]
    assert made == {kind for lever in LEVERS for kind in lever.kinds}


def test_a_number_of_posts_is_social_workers_and_says_so() -> None:
    scenario = asked(posts=48)
    posts = line(scenario, "extra_posts").posts
    assert {item.role for item in posts} == {Role.SOCIAL_WORKER}
    assert scenario.funded_fte == 48
    assert scenario.name == "Posts for 48 social workers"


def test_posts_by_role_and_in_one_team() -> None:
    scenario = asked(posts=ROLES, team="child protection")
    assert {(p.team, p.role.value): p.fte for p in line(scenario, "extra_posts").posts} == {
        ("child_protection_court", "social_worker"): 24.0,
        ("child_protection_court", "family_practitioner"): 14.0,
        ("child_protection_court", "business_support"): 10.0,
    }
    # Personal advisers go where the council has some.
    advisers = line(asked(posts={"personal adviser": 3}), "extra_posts").posts
    assert [(p.team, p.fte) for p in advisers] == [("care_leavers", 3.0)]


def test_sizes_reach_their_lines() -> None:
    scenario = asked(**ONE_OF_EACH)
    assert line(scenario, "salary_supplement").gbp_per_year.central == 3000.0
    assert line(scenario, "salary_supplement").teams == ("assessment",)
    assert line(scenario, "retention_payment").gbp.low == 5000.0
    overseas = line(scenario, "overseas_recruitment")
    assert [c.offers for c in overseas.campaigns] == [14] * 5
    assert overseas.campaigns[0].offers_on == dt.date(2021, 11, 1)
    assert (overseas.found_per_year.low, overseas.found_per_year.high) == (0.0, 14.0)
    assert line(asked(overseas=28), "overseas_recruitment").found_per_year.high == 28.0
    assert [i.places for i in line(scenario, "bursaries").intakes] == [6] * 4
    assert [i.places for i in line(scenario, "apprenticeships").intakes] == [4] * 4
    assert {m.start for m in scenario.measures} == {dt.date(2021, 10, 1)}


@pytest.mark.parametrize("name", [lever.name for lever in LEVERS if lever.kinds])
def test_a_size_of_nothing_is_nothing(name: str) -> None:
    (lever,) = (lever for lever in LEVERS if lever.name == name)
    if lever.is_switch:
        assert not asked(posts=1, **{name: False}).measures[1:]
    else:
        assert asked(**{name: 0}).measures == ()
        assert asked(**{name: 0, "academy": True}).measures == asked(academy=True).measures


def test_what_is_added_and_cut_at_once_are_two_lines() -> None:
    scenario = asked(posts="social_worker=-10,business_support=10", cut="notice")
    added, cut = scenario.measures
    assert isinstance(added, ExtraPosts)
    assert isinstance(cut, CutPosts)
    assert (added.funded_fte, cut.cut_fte, scenario.funded_fte) == (10.0, 10.0, 10.0)
    assert cut.with_notice
    assert [cost.per.value for cost in cut.costs] == ["redundancy"]
    assert not line(asked(posts=-10), "cut_posts").with_notice


# Money ------------------------------------------------------------------------------------


def test_money_is_a_package_that_lines_add_up_to() -> None:
    scenario = asked(**ONE_OF_EACH)
    package = scenario.package
    assert package is not None
    assert [(f.financial_year, f.source_of_funds, f.gbp) for f in package.funding] == [
        ("2021/22", "reserves", 1_100_000.0),
        ("2022/23", "base", 3_400_000.0),
    ]
    assert all(m.planned_gbp["2022/23"] > 0 for m in scenario.measures)


@pytest.mark.parametrize(
    ("money", "start", "years"),
    [
        ("base=3.4m", "2021-10-01", {"2022/23": 3.4e6}),
        ("base=3.4m", "2022-04-01", {"2022/23": 3.4e6}),
        ("base=3.4m@2023/24", "2021-10-01", {"2023/24": 3.4e6}),
        ("reserves=1,100,000", "2021-10-01", {"2021/22": 1.1e6, "2022/23": 0.0}),
        ("reserves=£1.1m,base=950k", "2021-10-01", {"2021/22": 1.1e6, "2022/23": 0.95e6}),
        ({"grant@2022/23": 5e5, "base@2023/24": 6e5}, None, {"2022/23": 5e5, "2023/24": 6e5}),
    ],
)
def test_base_goes_on_and_what_is_for_one_year_ends(
    money: Any, start: str | None, years: dict[str, float]
) -> None:
    scenario = asked(posts=10, money=money, start=start)
    assert scenario.package is not None
    assert {f.financial_year: f.gbp for f in scenario.package.funding} == years
    assert scenario.measures[0].planned_gbp == years


# Refusals ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("levers", "words"),
    [
        ({}, "what-if: names no lever. Add one of --posts"),
        ({"team": "assessment"}, "team: does nothing by itself. Add one of"),
        ({"posts": "many"}, "posts: 'many' is no number. Give FTE, such as 48"),
        ({"posts": ""}, "posts: '' is empty"),
        ({"posts": "9" * 500}, "is too long"),
        ({"posts": 1001}, "posts: '1001' is not from -1,000 to 1,000"),
        ({"posts": True}, "posts: 'True' is no number"),
        ({"posts": "social_wroker=3"}, "'social_wroker', no role. Did you mean social_worker?"),
        ({"posts": "social_worker=3,4"}, "has '4' without a role"),
        ({"posts": "social_worker=3,social_workers=4"}, "names social_worker twice"),
        ({"posts": 10.25}, "divided in halves"),
        ({"posts": "1.005", "team": "assessment"}, "finer than a hundredth"),
        ({"posts": 3, "cut": "leave"}, "cut: 'leave' is given, but no posts are cut"),
        ({"posts": -3, "cut": "notise"}, "no way to cut posts. Did you mean notice?"),
        ({"posts": 3, "team": "asessment"}, "no team of Devon. Did you mean assessment?"),
        ({"posts": 3, "team": "children"}, "could be 'Disabled children' and 'Children in care'"),
        ({"bursaries": 3, "team": "assessment"}, "team: 'assessment' is named, but nothing asked"),
        ({"supplement": -1}, "supplement: '-1' is not from 0 to 50,000"),
        ({"retention": 99.5}, "retention: '99.5' is no whole number"),
        ({"overseas": 501}, "overseas: '501' is not from 0 to 500. Give offers a year, such as 14"),
        ({"relocation": "yes"}, "relocation: 'yes' is neither on nor off"),
        ({"posts": 3, "start": "1 April"}, "start: '1 April' is no date. Write it as 2022-04-01"),
        ({"posts": 3, "start": "2020-04-01"}, "is outside the runs, 2021-09-08 to 2026-09-07"),
        ({"posts": 3, "money": "3.4m"}, "money: '3.4m' has '3.4m' without a source"),
        ({"posts": 3, "money": "bass=3.4m"}, "no source of funds. Did you mean base?"),
        ({"posts": 3, "money": "base=3m,base=4m"}, "names 2022/23 twice"),
        ({"posts": 3, "money": "base=3m@2022"}, "names '2022', no financial year"),
        ({"posts": 3, "money": "base=3m@2019/20"}, "is for 2019/20; it begins on 2021-09-08"),
        ({"posts": 3, "money": "base=-3m"}, "is not from 0 to"),
        ({"posts": -3, "money": "base=3m"}, "but a cut needs no money"),
        ({"posts": "academy=-3"}, "posts: no team in scope has a post of role academy"),
    ],
)  # fmt: skip
def test_what_cant_be_is_refused_with_lever_value_and_remedy(
    levers: dict[str, Any], words: str
) -> None:
    said = refusal(**levers)
    assert words in said
    assert "\n" not in said


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("--posts", "many"), "--posts: 'many' is no number. Give FTE, such as 48\n"),
        (("--posts", "-30", "--team", "front door"), "--posts: cuts 30 FTE of social_worker"),
        (("--from", "2022"), "--from: does nothing by itself"),
        (("--posts", 3, "--or"), "--or: has nothing after it"),
        (("--posts", 3, "--or", "--posts", 3.0), "--or: alternative 2: asks the same as one"),
        (("--posts", 3, "--or", "posts"), "unexpected extra argument(s) (posts)"),
        (("--posts", 3, "--or", "--post", 4), "No such option: --post"),
        (("--posts", 3, "--save", "mine.txt"), "--save mine.txt: is no .toml file"),
        (("--posts", 3, *("--or", "--posts", 4) * MOST_ALTERNATIVES), "alternatives are asked"),
    ],
)
def test_the_command_refuses_in_one_line(
    given: tuple[object, ...], words: str, program: Program
) -> None:
    code, _, err = program("what-if", "Devon", *given)
    assert code == 2
    assert words in err
    assert err.count("\n") == 1


# Names and help ---------------------------------------------------------------------------


def test_help_of_each_lever_has_unit_and_typical_size(program: Program) -> None:
    code, out, _ = program("what-if", "--help")
    said = " ".join(out.split())
    assert code == 0
    for lever in LEVERS:
        assert f" {lever.option} " in said
        assert f"Unit: {lever.unit}. Typical: {lever.typical}." in said.replace("- ", "-")


def test_typical_sizes_are_accepted() -> None:
    typical = {
        lever.name: True if lever.is_switch else lever.typical
        for lever in LEVERS
        if lever.name not in ("cut", "start")
    }
    assert len(asked(**typical).measures) == 8
    assert line(asked(posts=-1, cut="leave", start="2022-04-01"), "cut_posts").start.year == 2022


def test_names_of_many_levers_stay_short_and_plain() -> None:
    made = made_scenario(ONE_OF_EACH, devon(), "devon_2021")
    assert len(made.name) <= 80
    assert len(made.short_name) <= 24
    assert set(made.key) <= set(string.ascii_lowercase + string.digits + "_")
    assert "--posts " + ROLES in made.text.replace("\n# ", " ")


# The file ---------------------------------------------------------------------------------


def test_a_saved_file_is_what_was_asked(program: Program, tmp_path: Path) -> None:
    made = made_scenario(ONE_OF_EACH, devon(), "devon_2021")
    file = tmp_path / "mine.toml"
    file.write_text(made.text, encoding="utf-8")
    code, out, err = program("check", file)
    assert (code, err) == (0, "")
    assert "8 lines, 48 FTE" in out
    found = load_scenario(str(file), devon(), evidence().sources)
    assert found.measures == asked(**ONE_OF_EACH).measures
    study = make_study(devon(), evidence().behaviour, (found, asked(**ONE_OF_EACH)), SEED)
    one, other = (study.plan(scenario, 1) for scenario in study.scenarios)
    assert dataclasses.replace(one, scenario="") == dataclasses.replace(other, scenario="")


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What a question with two alternatives has printed, and its folder."""
    folder = tmp_path_factory.mktemp("asked")
    council = small_council(folder)
    with pytest.MonkeyPatch.context() as patch, pytest.MonkeyPatch.context() as charts:
        charts.setattr("sim.presentation.answer.draw_charts", draw_a_blank)
        import contextlib
        import io
        import sys

        from sim.cli import main

        patch.setattr(sys, "argv", list(map(str, [
            "caseholder", "what-if", council, "--posts", "-10", "--cut", "notice", "--or",
            "--posts", 12, "--team", "child protection", "--save", folder / "mine.toml", *FEW,
            "--seed", 3, "--out", folder / "out",
        ])))  # fmt: skip
        said = io.StringIO()
        with contextlib.redirect_stdout(said), pytest.raises(SystemExit) as left:
            main()
    assert left.value.code == 0
    return folder, said.getvalue()


def test_the_screen_names_the_council_each_alternative_and_the_files(answered: Any) -> None:
    folder, said = answered
    said = " ".join(said.split())
    assert said.startswith("What if Devon did this? Runs from 8 September 2021: the file ")
    assert said.count("No money is named") == 1
    first = said.index("1. Posts of 10 social workers cut with notice")
    assert first < said.index("2. Posts for 12 social workers, Child protection and court")
    assert "small.toml" in said
    assert {"mine_1.toml", "mine_2.toml"} <= {path.name for path in (folder / "out").iterdir()}
    assert (folder / "mine_1.toml").read_bytes() == (folder / "out" / "mine_1.toml").read_bytes()


def test_the_saved_files_give_compare_the_same_numbers(
    answered: Any, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.presentation.answer.draw_charts", draw_a_blank)
    folder, _ = answered
    files = [folder / "mine_1.toml", folder / "mine_2.toml"]
    asked_again = [folder / "small.toml", *files, *FEW, "--seed", 3, "--out", folder / "again"]
    assert program("compare", *asked_again)[0] == 0
    for name in ("differences.csv", "ledger.csv", "money.csv", "summary.csv"):
        assert (folder / "again" / name).read_bytes() == (folder / "out" / name).read_bytes()
    _, rows = rows_of(folder / "out" / "differences.csv")
    assert list(dict.fromkeys(row["scenario"] for row in rows)) == ["mine_1", "mine_2"]


def test_nothing_is_written_over(answered: Any, program: Program) -> None:
    folder, _ = answered
    before = (folder / "mine_1.toml").read_bytes()
    code, _, err = program(
        "what-if", "Devon", "--posts", 3, "--or", "--posts", 4, "--save", folder / "mine.toml"
    )
    assert (code, err.count("\n")) == (2, 1)
    assert "mine_1.toml: is there already" in err
    assert (folder / "mine_1.toml").read_bytes() == before


def test_alternatives_of_one_name_are_numbered(program: Program, tmp_path: Path) -> None:
    code, out, _ = program(
        "what-if", small_council(tmp_path), "--posts", 3, "--or", "--posts", 3, "--team",
        "assessment", *FEW,
    )  # fmt: skip
    assert code == 0
    assert "1. posts for 3 social workers" in out
    assert "Option 2" in out


def test_devon_is_the_shipped_council(program: Program) -> None:
    code, out, _ = program("check", "posts_48", "--council", "Devon")
    assert code == 0
    assert "fits Devon" in out
    assert sim.load_council("Devon").start_date == devon().start_date
    assert sim.load_council("Herefordshire").start_date == dt.date(2019, 11, 22)


def test_python_s_own_levers_are_the_table_s() -> None:
    import inspect

    mine = list(inspect.signature(sim.what_if).parameters)[1:]
    assert mine == [lever.name for lever in LEVERS]


# What is typed ----------------------------------------------------------------------------

SIZES = st.floats(-500, 500).map(lambda fte: round(fte, 2))


@given(st.dictionaries(st.sampled_from(list(Role)), SIZES, min_size=1))
def test_posts_are_read_as_they_are_written(posts: dict[Role, float]) -> None:
    typed = ", ".join(f"{role.value.replace('_', ' ')} = {fte:+.2f}" for role, fte in posts.items())
    wanted = {role: fte for role, fte in posts.items() if fte}
    assert values.posts(typed) == pytest.approx(wanted)
    assert values.posts({role.value: fte for role, fte in posts.items()}) == pytest.approx(wanted)


@given(
    st.dictionaries(
        st.integers(2021, 2026),
        st.tuples(st.sampled_from(values.SOURCES_OF_FUNDS), st.integers(0, 999_999_999)),
        min_size=1,
    )
)
def test_money_is_read_as_it_is_written(sums: dict[int, tuple[str, int]]) -> None:
    typed = ",".join(
        f"{source}=£{gbp:,}@{year}/{year + 1 - 2000}" for year, (source, gbp) in sums.items()
    )
    found = values.money(typed, devon().start_date, devon().last_date)
    assert [(m.financial_year, m.source_of_funds, m.gbp) for m in found] == [
        (f"{year}/{year + 1 - 2000}", *sums[year]) for year in sorted(sums)
    ]


@given(st.text(alphabet="0123456789=,.@/£km+-eE_ abresvsocialwk\x00\u0661", max_size=60))
def test_whatever_is_typed_is_read_or_refused(typed: str) -> None:
    for read in (
        lambda: values.posts(typed),
        lambda: values.size(SUPPLEMENT, typed),
        lambda: values.money(typed, devon().start_date, devon().last_date),
        lambda: values.team(typed, devon()),
        lambda: values.first_day(typed, devon()),
        lambda: values.way_to_cut(typed),
    ):
        said = ""
        try:
            read()
        except InputError as error:
            said = error.line()
        assert not said or (said.startswith("--") and "\n" not in said)


def test_both_written_forms_of_a_number_are_one() -> None:
    sizes = {values.size(SUPPLEMENT, text) for text in (3000, "3000", "3,000", "£3k", "3 000", 3e3)}
    assert sizes == {3000.0}
    assert values.posts("−10") == {Role.SOCIAL_WORKER: -10.0}
    assert (POSTS.option, MONEY.option) == ("--posts", "--money")
