"""Bad casework in a config: one line that names file, key, value and remedy; exit code 2."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from sim.cli import main
from sim.config.shipped import configs_folder, locate

pytestmark = pytest.mark.fast

OWN_EVIDENCE = """
low = 0.1
central = 0.2
high = 0.3
unit = "share"
grade = "J"
source = "judgement"

# Children's cases"""
BAD_COUNCILS = {
    "evidence of its own of something unknown": (
        "# Children's cases",
        '[evidence."between_years.exit"]' + OWN_EVIDENCE,
        ("evidence.between_years.exit", "behaviour.toml"),
    ),
    "evidence of its own in another unit": (
        "# Children's cases",
        '[evidence."between_years.exits"]' + OWN_EVIDENCE,
        ("evidence.between_years.exits", "'share'", "'log standard deviation'"),
    ),
    "evidence of its own with wider bounds": (
        "# Children's cases",
        '[evidence."internal_moves.chance_social_worker"]\nupper_bound = 1.5' + OWN_EVIDENCE,
        ("evidence.internal_moves.chance_social_worker", "1.5 passes the shared bounds", "0 to 1"),
    ),
    "a team that no stage routes to": (
        "[casework.routing.looked_after_settled]\ndisabled_children = 0.02\n"
        "children_in_care = 0.78\ncare_leavers = 0.2\n\n"
        "[casework.routing.care_leaver]\ncare_leavers = 1.0",
        "[casework.routing.looked_after_settled]\nchildren_in_care = 1.0\n\n"
        "[casework.routing.care_leaver]\nchildren_in_care = 1.0",
        ("casework.routing", "care_leavers", "share of a stage"),
    ),
    "a team that the council lacks": (
        "[casework.routing.decision]\nfront_door = 1.0",
        "[casework.routing.decision]\nfrontdoor = 1.0",
        ("casework.routing", "frontdoor", "its own teams"),
    ),
    "a stage that nobody may hold": (
        "[casework.routing.care_leaver]\ncare_leavers = 1.0",
        "[casework.routing.care_leaver]\nchildren_in_care = 1.0",
        ("casework.routing.care_leaver", "children_in_care", "personal_adviser"),
    ),
    "a stage without a team": (
        "[casework.routing.decision]\nfront_door = 1.0\n",
        "",
        ("routing", "decision", "Route every stage"),
    ),
    "shares that do not sum to 1": (
        "child_protection_court = 0.86",
        "child_protection_court = 0.8",
        ("routing.child_in_need", "0.94", "sum to 1"),
    ),
    "a share of more than everyone": (
        "child_protection_court = 0.86",
        "child_protection_court = 1.86",
        ("casework.routing.child_in_need.child_protection_court", "less than or equal to 1"),
    ),
    "more on plans than conferences can bring": (
        "children_on_plans = 590.0",
        "children_on_plans = 5900.0",
        ("casework.stocks", "5900 children on plans", "children_on_plans"),
    ),
    "fewer in care than enter in a year": (
        "children_in_care = 806.0",
        "children_in_care = 80.0",
        ("casework.stocks", "80 children in care", "care_entries_per_year"),
    ),
    "fewer in need than are in assessment": (
        "other_children_in_need = 1834.0",
        "other_children_in_need = 400.0",
        ("casework.stocks", "400 other children in need", "other_children_in_need"),
    ),
    "a negative stock": (
        "children_on_plans = 590.0",
        "children_on_plans = -590.0",
        ("casework.stocks.children_on_plans", "greater than or equal to 0"),
    ),
    "a year of eleven months": (
        "1.02, 1.03, 1.09,",
        "1.02, 1.03,",
        ("seasonality", "11 numbers", "January first"),
    ),
    "months that do not average 1": (
        "1.02, 1.03, 1.09,",
        "1.02, 1.03, 3.09,",
        ("seasonality", "mean 1.167", "Divide"),
    ),
    "a series with no financial year": (
        "[casework.demand.back_to_2019]",
        '[casework.demand.series]\n"2021" = 4501.0\n\n[casework.demand.back_to_2019]',
        ("series", "2021", "2021/22"),
    ),
    "a published year that is not over on day 0": (
        '"2018/19" = 5446.0\n"2019/20" = 3861.0\n"2020/21" = 4501.0',
        '"2020/21" = 4501.0\n"2021/22" = 4800.0',
        ("casework.demand.published", "2021/22", "2021-09-08"),
    ),
    "published years of another council": (
        '"2020/21" = 4501.0',
        '"2020/21" = 450.0',
        ("published", "450 in 2020/21", "4501", "this council"),
    ),
    "published years with a gap": (
        '"2019/20" = 3861.0\n',
        "",
        ("published", "2020/21 follows 2018/19", "oldest first"),
    ),
    "what is known since the last table, the wrong way round": (
        "low = 0.5\nhigh = 1.0",
        "low = 1.0\nhigh = 0.5",
        ("since_last_table", "not below", "upper half"),
    ),
    "support posts of social workers": (
        'role = "personal_adviser"',
        'role = "social_worker"',
        ("support_posts", "social_worker", "totals"),
    ),
    "more support posts vacant than there are": (
        "vacancy_fte = 1.0",
        "vacancy_fte = 30.0",
        ("support_posts", "30", "20"),
    ),
}


def refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *said: str) -> str:
    """The one line with which the program refuses."""
    monkeypatch.setattr(sys, "argv", ["caseholder", *said])
    before = signal.getsignal(signal.SIGTERM)
    try:
        with pytest.raises(SystemExit) as left:
            main()
    finally:
        signal.signal(signal.SIGTERM, before)
    out, err = capsys.readouterr()
    assert left.value.code == 2
    assert out == ""
    assert len(err.splitlines()) == 1, err
    return err


@pytest.mark.parametrize("fault", BAD_COUNCILS)
def test_a_faulty_council_is_refused_in_one_line(
    fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new, words = BAD_COUNCILS[fault]
    text = (configs_folder() / "councils" / "devon_2021.toml").read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "council.toml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    line = refused(monkeypatch, capsys, "check", str(file))
    assert str(file) in line
    for word in words:
        assert word in line


MOVE = """
name = "Child in need work moves"

[[measures]]
kind = "move_stage"
key = "move"
name = "Child in need work stays in assessment"
start = 2021-10-01
stage = "child_in_need"
shares = { assessment = 1.0 }
"""
BAD_MOVES = {
    "an unknown team": ("assessment = 1.0", "assesment = 1.0", ("assesment", "Teams:")),
    "shares under 1": ("assessment = 1.0", "assessment = 0.9", ("sum to 0.9", "sum to 1")),
    "an unknown stage": ('"child_in_need"', '"child_in_nee"', ("stage", "child_in_nee")),
    "nobody who may hold it": (
        'stage = "child_in_need"\nshares = { assessment = 1.0 }',
        'stage = "care_leaver"\nshares = { assessment = 1.0 }',
        ("measures.move", "assessment", "personal_adviser"),
    ),
}


@pytest.mark.parametrize("fault", BAD_MOVES)
def test_a_faulty_move_of_a_stage_is_refused_in_one_line(
    fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new, words = BAD_MOVES[fault]
    assert old in MOVE
    file = tmp_path / "move.toml"
    file.write_text(MOVE.replace(old, new, 1), encoding="utf-8")
    line = refused(monkeypatch, capsys, "run", "devon_2021", str(file), "--replications", "2")
    for word in words:
        assert word in line


def test_a_demand_scenario_that_the_council_lacks_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    line = refused(monkeypatch, capsys, "run", "devon_2017", "--demand", "rising")
    assert "casework.demand" in line
    assert "uncertain, flat, series" in line


def test_a_series_that_lacks_years_of_the_run_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    text = locate("devon_2017", "councils").read_text(encoding="utf-8")
    file = tmp_path / "short.toml"
    file.write_text(text.replace('"2019/20" = 3861.0\n', ""), encoding="utf-8")
    line = refused(monkeypatch, capsys, "run", str(file), "--demand", "series")
    assert "casework.demand.series: lacks 2019/20. Give referrals for every" in line
