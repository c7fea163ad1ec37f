"""Sweeps: the file, the points, the sizes of measures, and the program from end to end."""

import csv
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.cli import main
from sim.config.errors import InputError
from sim.config.sweep import Method, Range, Sample, SweepConfig
from sim.experiment import design, provenance, replicate
from sim.experiment.compare import compare
from sim.experiment.design import points_of
from sim.experiment.executors import Means
from sim.experiment.kept import STUDY
from sim.experiment.point_results import point_results
from sim.experiment.replicate import GAMMA, Study, make_study
from sim.experiment.results import Results
from sim.experiment.sizes import resized
from sim.experiment.statistics import summarise
from sim.inputs.draws import quantities
from sim.inputs.plan import Plan
from sim.presentation.sweep_file import load_sweep
from sim.scenario.overseas import OverseasRecruitment
from sim.scenario.posts import ExtraPosts
from sim.scenario.scenario import Scenario, baseline
from tests.helpers import devon, evidence, package
from tests.sweeps import SMALL, contents, small_sweep

Program = Callable[..., tuple[int, str, str]]
FTE = "scenario.measures.social_worker_posts.fte"


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Program:
    """The program, called in this process."""

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["caseholder", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        assert isinstance(left.value.code, int)
        return left.value.code, said.out, said.err

    return call


# The file ---------------------------------------------------------------------------------

GRID = SMALL.format(pairs=4, seed=1)
BEFORE_GRID = GRID.partition("[[grid]]")[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GRID.replace("pairs = 4", "pair = 4"), "pair: is not a known key"),
        (GRID.replace("values = [0.1, 0.8]", "values = [0.1, 0.1]"), "lists a value twice"),
        (GRID.replace("[0.1, 0.8]", "[]"), "grid.0.values"),
        (GRID.replace("[0.1, 0.8]", "[0.1, 80]"), f": grid.0 ({GAMMA}): 80 is not within"),
        (
            GRID.replace("vacancy_elasticity", "vacancy_elastcity"),
            ": grid.0 (labour_market.vacancy_elastcity): is no uncertain number. Did you mean"
            f" {GAMMA}?",
        ),
        (
            GRID.replace("[11, 44]", "[11, -44]"),
            f": grid.1 ({FTE}): devon_package_48_fte: social_worker_posts.fte = -44: is refused",
        ),
        (
            GRID.replace("social_worker_posts", "social_work_posts"),
            f": grid.1 ({FTE.replace('worker', 'work')}): devon_package_48_fte has no measure"
            " 'social_work_posts'. Did you mean social_worker_posts?",
        ),
        (
            GRID.replace("posts.fte", "posts.take_up"),
            ": grid.1 (scenario.measures.social_worker_posts.take_up): 'take_up' is no size",
        ),
        (
            GRID.replace('["devon_package_48_fte"]', '["devon_package_48"]'),
            ": scenarios.0: 'devon_package_48' is neither a shipped name in scenarios nor a .toml"
            " file. Did you mean devon_package_48_fte?",
        ),
        (
            GRID.replace('["devon_package_48_fte"]', '["devon_package_48_fte", "baseline"]'),
            ": scenarios.1: is the second scenario called baseline",
        ),
        (
            GRID.replace("package_48_fte", "package_48_fte_half_agreed"),
            ": scenarios: devon_package_48_fte_half_agreed: has a decision",
        ),
        (
            BEFORE_GRID + '[sample]\nmethod = "sobol"\npoints = 8\nover = [{ key = "exits.x" }]\n',
            ": sample.over.0 (exits.x): is no uncertain number",
        ),
        (GRID.replace("casework = false", 'demand = "falling"'), "'falling' is no demand"),
        (GRID.replace("devon_2021", "devon_1921"), ": council: 'devon_1921' is neither a shipped"),
        (GRID + '\n[sample]\nmethod = "sobol"\npoints = 8\njudged = true\n', "either a grid or"),
        (GRID.replace("scenario.measures.social_worker_posts.fte", GAMMA), "is varied twice"),
        (BEFORE_GRID + '[sample]\nmethod = "sobol"\npoints = 9\njudged = true\n', "power of 2"),
        (BEFORE_GRID + '[sample]\nmethod = "dice"\npoints = 9\njudged = true\n', "'dice'"),
        (BEFORE_GRID + '[sample]\nmethod = "sobol"\npoints = 8\n', "samples nothing"),
        (
            BEFORE_GRID + f'[sample]\nmethod = "sobol"\npoints = 8\nover = [{{ key = "{FTE}" }}]\n',
            f": sample.over.0 ({FTE}): is a size without a range",
        ),
    ],
)
def test_a_faulty_sweep_is_refused_in_one_line(
    text: str, said: str, program: Program, tmp_path: Path
) -> None:
    file = tmp_path / "faulty.toml"
    file.write_text(text, encoding="utf-8")
    for command in (("check", file), ("sweep", file, "--out", tmp_path / "out")):
        code, out, err = program(*command)
        assert (code, out) == (2, "")
        assert said in err.splitlines()[-1]
        assert not (tmp_path / "out").exists()


def test_a_grid_is_every_combination() -> None:
    sweep = load_sweep("devon_posts_by_hiring", Means())
    assert len(sweep.points) == 12
    assert len(sweep.cells) == 3
    assert [len(cell.points) for cell in sweep.cells] == [5, 5, 5]
    assert sweep.runs == 3 * 5 * 24
    assert [point.number for point in sweep.points] == list(range(1, 13))
    assert sweep.points[1].values == ((GAMMA, 0.1), (FTE, 22.0))


def sample(method: Method, seed: int, *over: Range, judged: bool = False) -> list[dict[str, float]]:
    config = SweepConfig(
        name="A sample", council="devon_2021", scenarios=("devon_package_48_fte",), pairs=2,
        seed=seed, sample=Sample(method=method, points=16, over=over, judged=judged),
    )  # fmt: skip
    known = quantities(evidence().behaviour, devon(), (package(),))
    return [dict(point.values) for point in points_of(config, known)]


@pytest.mark.parametrize("method", list(Method))
def test_a_sample_fills_its_ranges_evenly(method: Method) -> None:
    over = Range(key=GAMMA, low=0.0, high=1.6), Range(key=FTE, low=16.0, high=32.0)
    points = sample(method, 1, *over)
    for key, low, high in ((GAMMA, 0.0, 1.6), (FTE, 16.0, 32.0)):
        cells = [int(16 * (point[key] - low) / (high - low)) for point in points]
        assert sorted(cells) == list(range(16))
    assert points == sample(method, 1, *over)
    assert points != sample(method, 2, *over)


def test_a_number_without_a_range_is_sampled_from_its_own_distribution() -> None:
    values = [point[GAMMA] for point in sample(Method.SOBOL, 1, Range(key=GAMMA))]
    quantity = evidence().behaviour.labour_market.vacancy_elasticity
    assert sum(value < quantity.central for value in values) == 8
    judged = sample(Method.LATIN_HYPERCUBE, 1, Range(key=GAMMA, low=0.2, high=0.3), judged=True)
    assert len(judged[0]) > 100
    assert all(0.2 <= point[GAMMA] <= 0.3 for point in judged)


# Sizes ------------------------------------------------------------------------------------


def size(path: str, value: float) -> Scenario:
    return resized(package(), {f"scenario.measures.{path}": value}, devon())


def test_posts_keep_their_division_and_money_goes_with_their_number() -> None:
    before = {m.key: m for m in package().measures}["social_worker_posts"]
    made = size("social_worker_posts.fte", 44)
    after = {m.key: m for m in made.measures}["social_worker_posts"]
    assert isinstance(before, ExtraPosts)
    assert isinstance(after, ExtraPosts)
    assert [p.fte for p in after.posts] == [2 * p.fte for p in before.posts]
    assert after.planned_gbp == {year: 2 * gbp for year, gbp in before.planned_gbp.items()}
    assert made.package is None
    assert made.source_of_funds("2021/22", "social_worker_posts") == "reserves"
    others = [m for m in made.measures if m.key != "social_worker_posts"]
    assert [m.key for m in others] == [m.key for m in package().measures if m.key != before.key]


@pytest.mark.parametrize("fte", [13.37, 20.123456, 44.0])
def test_posts_of_any_size_are_whole_hundredths_that_add_up(fte: float) -> None:
    after = {m.key: m for m in size("social_worker_posts.fte", fte).measures}
    posts = after["social_worker_posts"]
    assert isinstance(posts, ExtraPosts)
    sizes = [item.fte for item in posts.posts]
    assert sizes == [round(one, 2) for one in sizes]
    assert round(sum(sizes), 2) == round(fte, 2)


def test_offers_are_whole_people() -> None:
    made = {m.key: m for m in size("overseas_recruitment.offers", 9).measures}
    measure = made["overseas_recruitment"]
    assert isinstance(measure, OverseasRecruitment)
    assert sum(campaign.offers for campaign in measure.campaigns) == 9
    with pytest.raises(InputError, match="whole number"):
        size("overseas_recruitment.offers", 9.5)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("salary_supplement.take_up", 1.5, "less than or equal to 1"),
        ("salary_supplement.fte", 5.0, "Its sizes: take_up"),
        ("social_worker_posts.fte", -1.0, "-15000 is less than nothing"),
        ("social_worker_posts", 1.0, "is no size"),
    ],
)
def test_a_size_that_cannot_be_is_refused(path: str, value: float, said: str) -> None:
    with pytest.raises(InputError, match=said):
        size(path, value)


# From end to end --------------------------------------------------------------------------


def test_a_sweep_gives_what_a_comparison_gives(program: Program, tmp_path: Path) -> None:
    """Same luck, same numbers: a point is a comparison with its values fixed."""
    out = tmp_path / "out"
    code, said, _ = program("sweep", small_sweep(tmp_path), "--out", out, "--engine", "simpy")
    assert code == 0
    assert "A small sweep: less doing nothing, 31 March 2022" in said
    written = {"study.sqlite", "summary.csv", "data_dictionary.csv", "manifest.json"}
    assert {path.name for path in out.iterdir()} == written
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["engine"], manifest["points"], manifest["runs"]) == ("simpy", 4, 24)
    with (out / "summary.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    [row] = [r for r in rows if r["point"] == "4" and r["indicator"] == "inpost_fte"]
    assert (row[GAMMA], row[FTE], row["date"]) == ("0.8", "44", "2022-03-31")
    council = devon().model_copy(update={"horizon_years": 1})
    scenarios = (baseline(), size("social_worker_posts.fte", 44))
    study = make_study(council, evidence().behaviour, scenarios, 1, fixed={GAMMA: 0.8})
    found = compare(study, 4)
    column = [date.isoformat() for date in found.dates].index("2022-03-31")
    change = found.average.values(1, "inpost_fte", against=0)[:, column : column + 1]
    expected = summarise(change, found.variants[0].draws)
    assert float(row["difference"]) == pytest.approx(float(expected.mean[0]), abs=1e-6)
    assert np.isnan(expected.mean_low_95[0])
    assert row["difference_low_95"] == ""


def test_a_run_that_fails_ends_the_sweep_with_all_that_is_needed_to_run_it_again(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And once it is mended, the sweep goes on to the values of one in which nothing failed."""
    file, whole = small_sweep(tmp_path), replicate.measure
    study = load_sweep(str(file), Means()).cells[1].study
    largest = max(
        sum(post.fte for post in study.plan(scenario, 1).posts) for scenario in study.scenarios
    )

    def fails(study: Study, plan: Plan, *rest: Any) -> Any:
        if dict(study.fixed)[GAMMA] == 0.8 and sum(p.fte for p in plan.posts) == largest:
            raise ZeroDivisionError("division by zero")
        return whole(study, plan, *rest)

    monkeypatch.setattr("sim.experiment.runner.measure", fails)
    code, _, said = program("sweep", file, "--out", tmp_path / "out")
    assert (code, len(said.splitlines())) == (2, 1)
    assert "run of devon_package_48_fte" in said
    assert "--draw 1 --replication 0 --seed 1, point 4 (" in said
    assert f"{GAMMA} = 0.8, {FTE} = 44)" in said
    assert "failed (ZeroDivisionError: division by zero)" in said
    assert not (tmp_path / "out" / "summary.csv").exists()
    monkeypatch.setattr("sim.experiment.runner.measure", whole)
    assert program("sweep", file, "--out", tmp_path / "out", "--resume")[0] == 0
    assert program("sweep", file, "--out", tmp_path / "whole")[0] == 0
    assert contents(tmp_path / "out" / STUDY) == contents(tmp_path / "whole" / STUDY)


def test_no_mean_leaves_a_run_out(program: Program, tmp_path: Path) -> None:
    file, study = small_sweep(tmp_path), tmp_path / "out" / STUDY
    assert program("sweep", file, "--out", study.parent)[0] == 0
    sweep = load_sweep(str(file), Means())
    with Results(study, read_only=True) as results:
        levels = point_results(sweep, results, 5, ("inpost_fte",))
    more = load_sweep(str(small_sweep(tmp_path, 6)), Means())
    with (
        Results(study, read_only=True) as results,
        pytest.raises(InputError, match="holds 4 of 6 runs of scenario 0"),
    ):
        point_results(more, results, 5, ("inpost_fte",))
    fewer = load_sweep(str(small_sweep(tmp_path, 2)), Means())
    with Results(study, read_only=True) as results:
        found = point_results(fewer, results, 5, ("inpost_fte",))
    assert levels[0].levels["inpost_fte"].mean != found[0].levels["inpost_fte"].mean


# Points are those that the study was begun with -------------------------------------------

SAMPLED = """
name = "A small sample"
council = "devon_2021"
scenarios = ["devon_package_48_fte"]
pairs = 2
horizon_years = 1
casework = false

[sample]
method = "sobol"
points = 2
over = [{ key = "labour_market.vacancy_elasticity", low = 0.0, high = 1.0 }]
"""


def test_a_study_whose_sampler_draws_other_points_is_not_gone_on_with(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, study = tmp_path / "sampled.toml", tmp_path / "out" / STUDY
    file.write_text(SAMPLED, encoding="utf-8")
    assert program("sweep", file, "--out", study.parent)[0] == 0
    before = contents(study)
    assert len(before["points"]) == 2
    monkeypatch.setattr(design, "_spread", lambda *_: np.array([[0.25], [0.75]]))
    code, _, said = program("sweep", file, "--out", study.parent, "--resume")
    assert code == 2
    assert "was begun with fixed.0.1 = " in said
    assert contents(study) == before
    monkeypatch.undo()
    versions = provenance.package_versions

    def another_scipy(*names: Any) -> dict[str, str]:
        return versions(*names) | {"scipy": "0.0.1"}

    monkeypatch.setattr(provenance, "package_versions", another_scipy)
    monkeypatch.setattr("sim.presentation.sweep.package_versions", another_scipy)
    provenance.fingerprint.cache_clear()
    try:
        code, _, said = program("sweep", file, "--out", study.parent, "--resume")
    finally:
        monkeypatch.undo()
        provenance.fingerprint.cache_clear()
    assert code == 2
    assert "was made by another version" in said
    assert f"(scipy {versions()['scipy']}, here 0.0.1)" in said
    assert contents(study) == before


def test_an_odd_number_of_pairs_is_said_to_be_rounded_up(program: Program, tmp_path: Path) -> None:
    file = small_sweep(tmp_path, 3)
    code, out, err = program("sweep", file, "--out", tmp_path / "out", "--dry-run")
    assert code == 0
    assert "3 paired runs rounded up to 4: two for each set of assumptions" in err
    assert "4 points, 4 paired runs each" in out


def test_a_dry_run_says_what_it_takes_and_writes_nothing(program: Program, tmp_path: Path) -> None:
    out = tmp_path / "out"
    code, said, _ = program("sweep", small_sweep(tmp_path, 100), "--out", out, "--dry-run")
    assert code == 0
    assert "4 points, 100 paired runs each" in said
    assert "Runs: 600" in said
    assert "ms a run" in said
    assert "Room on the disk" in said
    assert not out.exists()
