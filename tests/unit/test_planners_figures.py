"""Figures as planners have them: rounded shares, suppressed totals, much cover, and savings."""

from __future__ import annotations

import csv
import math
import re
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.cli import main
from sim.config.council import Council
from sim.config.errors import InputError
from sim.config.rounded import scaled_in
from sim.config.shipped import configs_folder
from sim.config.totals import SMALLEST_INPOST_FTE
from sim.experiment.replicate import make_study
from sim.inputs.fates import Fates
from sim.inputs.position import PostState, start_position
from sim.outcomes.costs import STAFFING_LINES, make_ledger
from sim.scenario.check import check_config
from sim.scenario.cost_line import CostLine
from sim.scenario.saving import Saving
from sim.scenario.scenario import baseline
from tests.behaviour.builders import START, cost_line, plan_for, run, scenario_of
from tests.helpers import evidence
from tests.unit.test_bad_input import COUNCIL, Program, changed, program

__all__ = ["program"]


def devon_data() -> dict[str, Any]:
    """What Devon's file holds."""
    return tomllib.loads((configs_folder() / COUNCIL).read_text(encoding="utf-8"))


def with_totals(**totals: object) -> Council:
    """Devon with other totals."""
    data = devon_data()
    data["totals"] |= totals
    data.pop("frontline")
    return Council.model_validate(data)


def a_range(low: float, central: float, high: float, unit: str = "fte") -> dict[str, object]:
    """A suppressed figure."""
    return {"low": low, "central": central, "high": high, "unit": unit, "grade": "J",
            "source": "judgement"}  # fmt: skip


# -- shares ----------------------------------------------------------------------------------------


def test_shares_that_miss_1_by_rounding_are_scaled_and_said() -> None:
    data = devon_data()
    data["teams"][0]["work_share"] = 0.037
    data["frontline"]["unfilled_share"] = 0.193
    data["casework"]["routing"]["section_47"] = {"assessment": 0.333, "front_door": 0.664}
    council = Council.model_validate(data)
    assert sum(team.work_share for team in council.teams) == pytest.approx(1.0, abs=1e-12)
    assert council.teams[0].work_share == pytest.approx(0.037 / 0.997)
    press = council.frontline
    assert press is not None
    shares = (press.permanent_share, press.agency_share, press.unfilled_share)
    assert sum(shares) == pytest.approx(1.0, abs=1e-12)
    said = " ".join(scaled_in(council))
    assert "work_share sums to 0.997; scaled to 1" in said
    assert "the three shares sum to 1.003" in said
    assert "routing.section_47: the shares sum to 0.997" in said


def test_shares_that_sum_to_1_are_left_to_the_last_bit() -> None:
    data = devon_data()
    council = Council.model_validate(data)
    assert [t.work_share for t in council.teams] == [t["work_share"] for t in data["teams"]]
    assert not list(scaled_in(council))


@pytest.mark.parametrize("share", [0.034, 0.0461])
def test_shares_that_miss_1_by_more_are_refused(share: float) -> None:
    data = devon_data()
    data["teams"][0]["work_share"] = share
    with pytest.raises(ValueError, match="not 1"):
        Council.model_validate(data)


def test_check_and_run_say_what_was_scaled(program: Program, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(changed(COUNCIL, "work_share = 0.04", "work_share = 0.037"), encoding="utf-8")
    code, out, _ = program("check", file)
    assert (code, "note: work_share sums to 0.997; scaled to 1" in out) == (0, True)


# -- totals ----------------------------------------------------------------------------------------


def test_a_suppressed_total_is_drawn_once_per_draw() -> None:
    council = with_totals(agency_cover_fte=a_range(40.0, 52.0, 60.0))
    study = make_study(council, evidence().behaviour, [baseline()], 1)
    assert "council.totals.agency_cover_fte" in study.known
    covered = []
    for draw in range(12):
        plan = study.plan(baseline(), draw)
        again = study.plan(baseline(), draw)
        assert plan.posts == again.posts
        mine = math.fsum(p.fte for p in plan.posts if p.state is PostState.COVERED)
        drawn = study.values(draw)["council.totals.agency_cover_fte"]
        assert mine == pytest.approx(round(drawn, 1), abs=1e-9)
        covered.append(mine)
    assert covered[0] == pytest.approx(52.0)
    assert len(set(covered)) > 8


@pytest.mark.parametrize(
    ("name", "span"),
    [
        ("inpost_fte", (12.0, 300.0, 400.0)),
        ("vacancy_fte", (0.0, 91.0, 200.0)),
        ("case_holders_fte", (1.0, 215.6, 330.0)),
        ("agency_above_establishment_fte", (0.0, 37.0, 300.0)),
        ("team_manager_posts_fte", (0.0, 29.0, 200.0)),
        ("team_manager_vacancy_fte", (0.0, 6.0, 80.0)),
    ],
)
def test_draws_of_totals_are_held_to_what_can_be_true_together(
    name: str, span: tuple[float, float, float]
) -> None:
    council = with_totals(**{name: a_range(*span)})
    behaviour = evidence().behaviour
    study = make_study(council, behaviour, [baseline()], 3)
    for draw in range(1, 30):
        values = study.values(draw)
        totals = council.totals.of_draw(values)
        assert totals.fault() is None, totals
        assert totals.inpost_fte >= SMALLEST_INPOST_FTE
        posts = start_position(council, values).posts
        inpost = math.fsum(p.fte for p in posts if p.state is PostState.FILLED)
        assert inpost == pytest.approx(totals.inpost_fte, abs=0.051)
    study.simulate(study.plan(baseline(), 1), Fates(1, 0))


def test_a_total_in_another_unit_is_refused_with_its_key(program: Program, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    people = 'inpost_fte = { low = 1, central = 2, high = 3, unit = "people", grade = "J", '
    file.write_text(
        changed(COUNCIL, "inpost_fte = 319.5", people + 'source = "judgement" }'), encoding="utf-8"
    )
    line = program.refuses("check", file)
    assert ": totals.inpost_fte: unit 'people' is not the unit of this number" in line


def test_cover_above_the_vacancies_is_staff_above_establishment() -> None:
    # Leicestershire in 2019: 51.5 FTE of cover on 22 vacancies.
    totals = {"inpost_fte": 247.6, "vacancy_fte": 22.0, "agency_cover_fte": 51.5}
    council = with_totals(
        **totals,
        agency_above_establishment_fte=0.0,
        case_holders_fte=156.2,
        team_manager_posts_fte=20.0,
        team_manager_vacancy_fte=1.0,
    )
    position = start_position(council)
    covered = math.fsum(p.fte for p in position.posts if p.state is PostState.COVERED)
    assert covered == pytest.approx(22.0)
    assert not [p for p in position.posts if p.state is PostState.UNCOVERED]
    assert sum(position.above_establishment) == round(51.5 - 22.0)


def test_case_holders_fewer_than_agency_staff_hold_cases_in_proportion() -> None:
    # Tower Hamlets in 2017: 195.5 FTE of agency staff, 117.9 case holders.
    council = with_totals(
        inpost_fte=201.5, vacancy_fte=119.0, agency_cover_fte=60.5,
        agency_above_establishment_fte=135.0, case_holders_fte=117.9,
        team_manager_posts_fte=22.0, team_manager_vacancy_fte=8.0,
    )  # fmt: skip
    totals = council.totals.central
    others = 201.5 - 14.0 + 60.5 + 135.0
    assert totals.agency_with_cases == pytest.approx(117.9 / others)
    assert totals.above_establishment_people == round(135.0 * 117.9 / others)
    posts = start_position(council).posts
    inpost = math.fsum(p.fte for p in posts if p.state is PostState.FILLED)
    assert inpost == pytest.approx(201.5)
    vacant = math.fsum(p.fte for p in posts if p.state is not PostState.FILLED)
    assert vacant == pytest.approx(119.0)


# -- savings ---------------------------------------------------------------------------------------

SAVED = {"2021/22": -30_000.0, "2022/23": -90_000.0}


def saving() -> Saving:
    """A saving that part-pays a package."""
    return Saving(
        kind="saving", key="saved", name="Agency budget given up", start=START, planned_gbp=SAVED
    )


def test_a_saving_is_taken_off_in_the_ledger_as_planned() -> None:
    spent_on = {"2021/22": 50_000.0, "2022/23": 100_000.0}
    alone = plan_for(2, scenario_of(cost_line(spent_on)))
    both = plan_for(2, scenario_of(cost_line(spent_on), saving()))
    without, with_ = make_ledger(alone, run(alone)), make_ledger(both, run(both))
    column = with_.lines.index("saved")
    assert column == len(STAFFING_LINES) + 1
    for year, gbp in SAVED.items():
        row = with_.years.index(year)
        assert with_.planned_gbp[row, column] == gbp
        assert with_.spent_by_year()[row, column] == pytest.approx(gbp)
        change = with_.spent_by_year()[row].sum() - without.spent_by_year()[row].sum()
        assert change == pytest.approx(gbp)
    assert np.all(with_.spent_gbp[:, column] <= 0.0)
    assert [line.costs_only for line in both.lines[-2:]] == [True, False]


@pytest.mark.parametrize(
    ("kind", "gbp", "said"),
    [(CostLine, -1.0, "kind 'saving'"), (Saving, 1.0, "is a cost")],
)
def test_a_sign_that_the_kind_does_not_say_is_refused(
    kind: type[CostLine | Saving], gbp: float, said: str
) -> None:
    name = "cost_line" if kind is CostLine else "saving"
    data = {"kind": name, "key": "a", "name": "A", "start": START, "planned_gbp": {"2021/22": gbp}}
    with pytest.raises(ValueError, match=said):
        kind.model_validate(data)


@pytest.mark.parametrize(("kind", "gbp"), [("cost_line", 1000), ("saving", -1000)])
def test_money_planned_after_the_last_day_of_a_line_is_refused(
    kind: str, gbp: int, tmp_path: Path
) -> None:
    file = tmp_path / "late.toml"
    text = (
        f'name = "Late"\ncouncil = "herefordshire_2019"\n[[measures]]\nkind = "{kind}"\n'
        'key = "late"\nname = "Late money"\nstart = 2020-01-01\nend = 2020-03-31\n'
        f'planned_gbp = {{ "2019/20" = {gbp}, "2020/21" = %s }}\n'
    )
    file.write_text(text % 0, encoding="utf-8")
    assert check_config(str(file))
    file.write_text(text % gbp, encoding="utf-8")
    with pytest.raises(InputError, match="2020/21, after the line's last day 2020-03-31"):
        check_config(str(file))


@pytest.mark.slow
def test_totals_with_a_saving_have_their_sign_in_files_and_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(
        'name = "Cost and saving"\ncouncil = "herefordshire_2019"\n'
        '[[measures]]\nkind = "cost_line"\nkey = "cost"\nname = "A cost"\nstart = 2020-01-01\n'
        'planned_gbp = { "2020/21" = 50000 }\n'
        '[[measures]]\nkind = "saving"\nkey = "saved"\nname = "A saving"\nstart = 2020-01-01\n'
        'planned_gbp = { "2020/21" = -80000 }\n',
        encoding="utf-8",
    )
    sizes = ["--replications", "2", "--hiring-pairs", "0", "--demand-pairs", "0"]
    arguments = ["compare", "herefordshire_2019", str(file), *sizes, "--out", str(tmp_path / "out")]
    monkeypatch.setattr("sys.argv", ["caseholder", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 0
    with (tmp_path / "out" / "ledger.csv").open(encoding="utf-8-sig", newline="") as text:
        rows = [
            r
            for r in csv.DictReader(text)
            if r["financial_year"] == "2020/21" and r["kind"] == "all"
        ]
    planned = {r["line"]: float(r["planned_gbp"]) for r in rows if r["line"] in ("cost", "saved")}
    assert planned == {"cost": 50_000.0, "saved": -80_000.0}
    spent = {r["line"]: float(r["spent_gbp_mean"]) for r in rows if r["line"] in planned}
    assert spent == pytest.approx(planned)
    said = (tmp_path / "out" / "headline.txt").read_text(encoding="utf-8")
    said = said.replace("\u2212", "-")
    notes = " ".join(said.split())
    assert re.search(r"\((£\d+k) of \1 planned over the run, savings left out\)", notes)
    by_line = said[said.index("Planned by line, £k cash") :]
    assert re.search(r"A saving +– +-80 ", by_line)
    assert re.search(r"All lines +– +-30 ", by_line)
