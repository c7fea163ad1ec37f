"""The back-test of all councils: with the yearly recipe on all of them, the engine on twelve."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.config.errors import InputError
from sim.engine.engines import Engine
from sim.engine.records import Array
from sim.experiment.council_then import maker_of
from sim.experiment.draws_folder import DrawsFolder
from sim.experiment.executors import Means
from sim.experiment.forecast_runs import Asked, Forecaster, Model, jobs_of, recipe_draws
from sim.experiment.forecasts import Forecast, forecasts_from
from sim.experiment.score_rows import council_rows, group_rows, score_rows, verdicts
from sim.experiment.scored import IN_POST, SCORED, panel_of
from sim.presentation.backtest import DRAWS, BacktestQuestion, run_backtests
from sim.presentation.running import Interrupted
from sim.published.figure import Mark
from sim.published.recipe_fit import recipe_of
from sim.published.record import Record, load_record
from tests.published.invented import council, csv_text, england

ASKED = Asked(2018, 2021, runs=400, model=Model.RECIPE)
FEW = replace(ASKED, most=4, runs=10)
HERE = Means(Engine.COMPILED)
SCORES = (
    "indicator,horizon,year,councils,coverage_50,coverage_80,coverage_95,width_80,crps,"
    "crps_persistence,crps_mean3,crps_shrinkage,skill,skill_se"
)
EXPECTED = {
    "inpost_fte": (0.86, -0.09, 0.23, 0.40),
    "turnover_rate_fte": (0.88, -0.24, 0.16, 0.16),
    "starters_fte": (0.80, -0.27, None, None),
    "vacancy_rate_fte": (0.89, -0.08, 0.17, 0.24),
    "agency_rate_fte": (0.88, -0.08, 0.18, 0.22),
    "vacancy_agency_cover_rate_fte": (0.79, -0.12, 0.54, 0.54),
    "caseload_fte": (0.84, -0.11, 5.1, 6.4),
}
"""What was measured before with other code: coverage of 80 % ranges with ties split, CRPS against
last year's figure, widths at one and three years."""


@pytest.fixture(scope="module")
def record() -> Record:
    return load_record()


def of_recipe(record: Record, asked: Asked) -> list[Forecast]:
    found: list[Forecast] = []
    for start in asked.starts:
        recipe = recipe_of(record, start)
        draws = {
            council: recipe_draws(recipe, council, asked.until - start, asked)
            for council in recipe.starts
        }
        panel = panel_of(record, record.councils(start), asked.until)
        found += forecasts_from(draws, panel, start, asked.seed)
    return found


@pytest.fixture(scope="module")
def forecasts(record: Record) -> list[Forecast]:
    return of_recipe(record, ASKED)


@pytest.mark.slow
def test_the_recipe_scores_as_was_measured_before(forecasts: list[Forecast]) -> None:
    rows = {(row.indicator, row.ahead, row.year): row for row in score_rows(forecasts)}
    for name, (coverage, change, one, three) in EXPECTED.items():
        whole = rows[name, None, None]
        assert whole.councils >= 147
        assert whole.figures > 800
        assert whole.coverage[1] == pytest.approx(coverage, abs=0.07), name
        assert -whole.skill == pytest.approx(change, abs=0.045), name
        assert 0.005 < whole.skill_se < 0.05
        if one is not None:
            assert rows[name, 1, None].width == pytest.approx(one, rel=0.12), name
            assert rows[name, 3, None].width == pytest.approx(three, rel=0.12), name


@pytest.mark.slow
def test_the_recipe_meets_every_mark(forecasts: list[Forecast]) -> None:
    marks = verdicts(forecasts)
    assert len(marks) == 5 * len(SCORED)
    assert [mark for mark in marks if not mark.is_met] == []


@pytest.mark.slow
def test_a_wrong_forecast_misses_marks(record: Record) -> None:
    """Draws pulled to their middle are too narrow; higher ones lose to last year's figure.

    Starters are scored by the staff in post of the same draw, which are as much too high.
    """
    start, asked = 2020, replace(ASKED, runs=100)
    recipe = recipe_of(record, start)
    panel = panel_of(record, record.councils(start), 2021)
    true = {c: recipe_draws(recipe, c, 1, asked) for c in recipe.starts}

    def missed(change: Callable[[Array], Array]) -> set[str]:
        wrong = {c: change(draws) for c, draws in true.items()}
        marks = verdicts(list(forecasts_from(wrong, panel, start, 1)))
        return {f"{m.indicator} {m.what[:4]}" for m in marks if not m.is_met}

    def narrow(draws: Array) -> Array:
        middle = np.nanmedian(draws, axis=-1, keepdims=True)
        return middle + 0.3 * (draws - middle)

    assert not {name for name in missed(lambda draws: draws) if "80 %" in name}
    too_narrow, too_high = missed(narrow), missed(lambda draws: 1.4 * draws)
    for scored in SCORED:
        assert f"{scored.name} 80 %" in too_narrow
        assert f"{scored.name} CRPS" in too_high or scored.name == "starters_fte"


def test_pooled_rows_hold_all_figures(record: Record) -> None:
    found = of_recipe(record, replace(ASKED, runs=4, start=2019))
    rows = score_rows(found)
    for scored in SCORED:
        own = [row for row in rows if row.indicator == scored.name]
        by = {(row.ahead, row.year): row for row in own}
        assert set(by) == {
            (1, 2020), (1, 2021), (2, 2021), (1, None), (2, None), (None, 2020), (None, 2021),
            (None, None),
        }  # fmt: skip
        assert by[None, None].figures == sum(by[a, y].figures for a in (1, 2) for y in (2020, 2021)
                                             if (a, y) in by)  # fmt: skip
        groups = [row for row in group_rows(found) if row.indicator == scored.name]
        assert sum(row.figures for row in groups) == by[None, None].figures
    councils = council_rows(found)
    assert sum(row.figures for row in councils) == len(found)
    assert np.average(
        [row.relative_crps for row in councils], weights=[row.figures for row in councils]
    ) == pytest.approx(1.0)


def test_a_quarter_of_councils_at_full_cover_are_no_hits_by_themselves(record: Record) -> None:
    """Draws all at full cover: those who stand there fall anywhere among them."""
    panel = panel_of(record, record.councils(2020), 2021)
    full = {c: np.ones((len(SCORED), 1, 199)) for c in panel.councils}
    cover = [f for f in forecasts_from(full, panel, 2020, 1) if "cover_rate" in f.indicator]
    at_full = np.array([f.place for f in cover if f.published == 1.0])
    assert len(at_full) > 30
    assert at_full.mean() == pytest.approx(0.5, abs=0.1)
    assert at_full.min() < 0.1 < 0.9 < at_full.max()


def test_what_is_published_later_changes_no_forecast(record: Record) -> None:
    """The record up to the start year alone makes draws and rivals."""
    asked = replace(ASKED, start=2019, runs=4)
    cut = record.up_to(2019)
    council = cut.councils(2019)[10]
    one, other = (recipe_draws(recipe_of(r, 2019), council, 2, asked) for r in (record, cut))
    assert np.array_equal(one, other, equal_nan=True)


def test_an_outcome_is_on_the_ground_of_the_start_year(record: Record) -> None:
    """Northamptonshire of 2018 has the row of its two successors; Dorset's ground was changed."""
    panel = panel_of(record, record.councils(2018), 2021)
    staff = dict(zip([c.name for c in panel.councils], panel.at(IN_POST.name, 2021), strict=True))
    assert staff["Northamptonshire"] > 100
    assert math.isnan(staff["Dorset"])
    small = [c for c in panel.councils if c.name == "Isles of Scilly"]
    assert record.figure(small[0], IN_POST.name, 2018).mark is not Mark.NO_ROW
    assert math.isnan(staff["Isles of Scilly"])


def test_so_many_councils_are_the_same_from_every_start(record: Record) -> None:
    jobs = jobs_of(record, replace(ASKED, most=12))
    codes = {start: [j.council.code for j in jobs if j.start == start] for start in ASKED.starts}
    assert len(codes[2020]) == 12
    assert set(codes[2018]) <= set(codes[2020])
    everybody = jobs_of(record, ASKED)
    assert len(everybody) > 440
    assert len({job.name for job in everybody}) == len(everybody)


# The command ------------------------------------------------------------------------------


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes()
            for p in sorted(folder.rglob("*")) if p.is_file()}  # fmt: skip


def ask(out: Path, asked: Asked = FEW, **more: object) -> BacktestQuestion:
    return BacktestQuestion(asked, out, HERE, **more)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("backtest") / "few"
    run_backtests(ask(out))
    return out


def test_every_file_is_written(few: Path) -> None:
    names = set(files(few))
    tables = {"scores", "forecasts", "councils", "marks", "groups", "places"}
    assert {f"{table}.csv" for table in tables} <= names
    charts = {f"backtest_{scored.name}.{end}" for scored in SCORED for end in ("svg", "png", "txt")}
    assert charts | {"manifest.json", "backtest.txt"} <= names
    lines = (few / "scores.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == SCORES
    assert [line.split(",")[0] for line in lines if ",all,all," in line] == [s.name for s in SCORED]
    with (few / "councils.csv").open(encoding="utf-8", newline="") as file:
        councils = list(csv.DictReader(file))
    assert len(councils) == 4
    assert all(int(row["figures"]) > 20 for row in councils)


def test_the_manifest_names_what_no_start_year_could_know(few: Path) -> None:
    """The constants of the record to 2021; what each start year fits itself is not among them."""
    told = json.loads((few / "manifest.json").read_text(encoding="utf-8"))["hindsight"]
    assert set(told) == {str(start) for start in FEW.starts}
    for keys in told.values():
        assert {"growth.pull_on_staff", "growth.new_posts_filled"} < set(keys)
        assert "growth.posts" not in keys


def stopping_after(count: int, write: Callable[..., None]) -> Callable[..., None]:
    done = 0

    def stop(*args: object) -> None:
        nonlocal done
        write(*args)
        done += 1
        if done == count:
            raise KeyboardInterrupt

    return stop


@pytest.mark.slow
def test_stopped_and_gone_on_with_it_gives_the_same_bytes(
    few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "again"
    with monkeypatch.context() as patch:
        patch.setattr(DrawsFolder, "write", stopping_after(3, DrawsFolder.write))
        with pytest.raises(Interrupted, match="2 of 12 forecasts were finished; they are kept"):
            run_backtests(ask(out))
    assert set(files(out)) == {
        f"{DRAWS}/asked.json",
        *(f"{DRAWS}/{job.name}.npy" for job in jobs_of(load_record(), FEW)[:3]),
    }
    (out / DRAWS / "2018_999.part").write_bytes(b"half")
    run_backtests(replace(ask(out), resume=True, means=Means(Engine.COMPILED, 2)))
    assert files(out) == files(few)


@pytest.mark.slow
def test_what_is_finished_is_not_run_again(few: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = files(few)
    monkeypatch.setattr(Forecaster, "run", None)
    run_backtests(ask(few, resume=True))
    assert files(few) == before


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "Go on with --resume"),
        ({"resume": True, "asked": replace(FEW, seed=2)}, "another back-test (seed differ"),
        ({"asked": replace(FEW, start=2017)}, "--start 2017: is not from 2018 to 2020"),
        ({"asked": replace(FEW, start=2021)}, "--start 2021"),
        ({"asked": replace(FEW, until=2018)}, "--until 2018: is not from 2019 to 2021"),
        ({"asked": replace(FEW, until=2022)}, "--until 2022"),
    ],
)
def test_what_can_not_be_done_is_said(few: Path, change: dict[str, object], words: str) -> None:
    before = files(few)
    with pytest.raises(InputError) as fault:
        run_backtests(replace(ask(few), **change))  # type: ignore[arg-type]
    assert words in fault.value.line()
    assert files(few) == before


def test_damaged_draws_are_named(tmp_path: Path) -> None:
    store = DrawsFolder(tmp_path, {"seed": 1}, resume=False)
    store.write("2018_301", np.ones((2, 3)))
    assert np.array_equal(store.read("2018_301"), np.ones((2, 3)))
    (tmp_path / "2018_302.npy").write_bytes(b"\x93NUMPY")
    with pytest.raises(InputError, match=r"2018_302.npy: is damaged"):
        store.read("2018_302")
    (tmp_path / "asked.json").write_text("[", encoding="utf-8")
    with pytest.raises(InputError, match=r"asked.json: is damaged"):
        DrawsFolder(tmp_path, {"seed": 1}, resume=True)


def invented_tables(folder: Path) -> None:
    """A later edition of 30 councils that do not exist, 2019 to 2025, as it would be downloaded."""
    random = np.random.default_rng(7)
    lines = []
    for number in range(30):
        staff, vacant = random.uniform(60, 400), random.uniform(8, 60)
        for year in range(2019, 2026):
            staff, vacant = (
                x * random.lognormal(0.02, s) for x, s in ((staff, 0.06), (vacant, 0.2))
            )
            came, left = staff * random.lognormal(-1.9, 0.3, 2)
            cover, above = vacant * random.uniform(0.3, 1.0), 0.02 * staff
            agency = cover + above
            cells = {
                "inpost_fte": staff, "starters_fte": came, "leavers_fte": left,
                "turnover_rate_fte": 100 * left / staff, "vacancy_fte": vacant,
                "vacancy_rate_fte": 100 * vacant / (staff + vacant), "agency_fte": agency,
                "agency_rate_fte": 100 * agency / (staff + agency), "agency_cover_fte": cover,
                "vacancy_agency_cover_rate_fte": 100 * cover / vacant,
                "case_holders_fte": 0.8 * staff, "cases": 13 * staff,
                "caseload_fte": 13 / 0.8 * random.lognormal(0, 0.1),
            }  # fmt: skip
            printed = {name: f"{value:.1f}" for name, value in cells.items()}
            if number == 3 and year == 2024:
                printed["turnover_rate_fte"] = "c"
            name = f"Invented {number}"
            lines.append(council(year, str(700 + number), name, long_code=f"E0{number}", **printed))
    lines += [england(year, inpost_fte="30000", vacancy_fte=f"{5000 + 900 * (year - 2019)}")
              for year in range(2019, 2026)]  # fmt: skip
    (folder / "workforce to 2025.csv").write_text(csv_text(lines), encoding="utf-8")


@pytest.mark.slow
def test_later_tables_are_taken_as_they_are(tmp_path: Path) -> None:
    tables, out = tmp_path / "downloads", tmp_path / "out"
    tables.mkdir()
    invented_tables(tables)
    asked = Asked(2022, 2025, runs=20, model=Model.RECIPE)
    run_backtests(ask(out, asked, folder=tables))
    with (out / "scores.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["indicator"] == "turnover_rate_fte"]
    figures = {(row["horizon"], row["year"]): int(row["councils"]) for row in rows}
    assert figures["1", "2023"] == 30
    assert figures["1", "2024"] == figures["2", "2024"] == 29
    assert figures["3", "2025"] == figures["all", "all"] == 30


# The engine -------------------------------------------------------------------------------

TWELVE = Asked(2020, 2021, runs=20, most=12)


@pytest.fixture(scope="module")
def twelve(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("engine") / "twelve"
    run_backtests(replace(ask(out, TWELVE), means=Means(Engine.COMPILED, 2)))
    return out


@pytest.mark.slow
def test_the_engine_forecasts_twelve_councils(twelve: Path) -> None:
    with (twelve / "scores.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["indicator"]: row for row in csv.DictReader(file) if row["horizon"] == "all"
                and row["year"] == "all"}  # fmt: skip
    assert set(rows) == {scored.name for scored in SCORED}
    for name, row in rows.items():
        assert int(row["councils"]) >= 9, name
        assert float(row["width_80"]) > 0
        assert float(row["crps"]) < 2 * float(row["crps_persistence"]), name


@pytest.mark.slow
def test_the_engine_gives_the_same_bytes_for_any_number_of_workers(
    twelve: Path, tmp_path: Path
) -> None:
    out = tmp_path / "alone"
    run_backtests(ask(out, replace(TWELVE, most=3)))
    for name, content in files(out / DRAWS).items():
        if name.endswith(".npy") and (twelve / DRAWS / name).exists():
            assert content == (twelve / DRAWS / name).read_bytes()
    again = tmp_path / "two"
    run_backtests(replace(ask(again, replace(TWELVE, most=3)), means=Means(Engine.COMPILED, 2)))
    assert files(again) == files(out)


def test_a_council_of_then_is_made_without_what_came_later(record: Record) -> None:
    job = jobs_of(record, TWELVE)[5]
    one, other = (maker_of(r.up_to(2020), 2020)(job.council) for r in (record, record.up_to(2020)))
    assert one == other
    assert one.totals_date.year == 2020
    assert one.totals.inpost_fte == record.figure(job.council, IN_POST.name, 2020).value
