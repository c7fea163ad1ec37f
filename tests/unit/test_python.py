"""What `import sim` gives: the command line's numbers as DataFrames, sources, refusals."""

from __future__ import annotations

import ast
import datetime as dt
import inspect
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import pytest

import sim
from sim import cli
from sim.experiment.export import Format, export
from sim.experiment.keys import study_digest
from sim.experiment.replicate import make_study
from sim.experiment.statistics import summarise
from sim.presentation.files import number
from sim.scenario.cost_line import CostLine
from sim.scenario.effects import Effects
from sim.scenario.measure import Measure
from sim.scenario.own import kind_of
from sim.scenario.scenario import baseline
from tests.helpers import devon, evidence
from tests.sweeps import small_sweep
from tests.unit.test_cli import Program, draw_a_blank, small_council

pytestmark = pytest.mark.filterwarnings("ignore:.*it will do nothing")
PACKAGE = "devon_package_48_fte"
TABLES = {
    "summary": sim.summaries,
    "differences": sim.differences,
    "ledger": sim.ledger,
    "money": sim.money,
}


class Plain(Measure):
    """A kind that does nothing."""

    kind: Literal["plain"] = "plain"

    def effects(self, values: Mapping[str, float]) -> Effects:
        return Effects()


def line(kind: str = "plain") -> dict[str, Any]:
    """A line of a decision."""
    return {"kind": kind, "key": "one", "name": "One line", "start": dt.date(2021, 10, 1)}


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Program:
    return Program(monkeypatch, capsys)


@pytest.fixture
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kinds registered by a test are gone after it."""
    known = sim.register.__self__  # type: ignore[attr-defined]
    monkeypatch.setattr(known, "_own", {})
    monkeypatch.setattr(known, "_checked", known._checked)


# The names --------------------------------------------------------------------------------


def test_every_name_is_there_documented_and_known_to_type_checkers(root: Path) -> None:
    for name in sim.__all__:
        assert getattr(sim, name).__doc__, name
        assert name in dir(sim)
    tree = ast.parse((root / "sim" / "__init__.py").read_text(encoding="utf-8"))
    (typed,) = (node for node in tree.body if isinstance(node, ast.If))
    imported = [node for node in typed.body if isinstance(node, ast.ImportFrom)]
    homes = {alias.asname: node.module for node in imported for alias in node.names}
    assert homes == {name: f"sim.{module}" for name, module in sim._HOME.items()}
    with pytest.raises(AttributeError, match="no attribute 'comparison'"):
        sim.__getattr__("comparison")


def test_import_sim_loads_nothing_heavy_and_a_council_no_engine() -> None:
    code = (
        "import sys, sim\n"
        "heavy = {'numpy', 'scipy', 'pandas', 'matplotlib', 'pydantic', 'numba', 'duckdb'}\n"
        "assert not heavy & set(sys.modules)\n"
        "sim.load_council('devon_2021')\n"
        "assert not {'pandas', 'matplotlib', 'numba', 'simpy'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_its_types_are_shipped(root: Path) -> None:
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    assert "py.typed" in settings["tool"]["setuptools"]["package-data"]["sim"]
    assert (root / "sim" / "py.typed").is_file()


def test_what_is_usual_is_so_on_the_command_line_too() -> None:
    ours, theirs = (inspect.signature(f).parameters for f in (sim.compare, cli.compare))
    for name in ("replications", "hiring_pairs", "demand_pairs", "seed", "workers", "engine"):
        assert ours[name].default == theirs[name].default, name


# Tables -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> sim.Comparison:
    council = small_council(tmp_path_factory.mktemp("council"))
    return sim.compare(council, PACKAGE, replications=4, seed=3, hiring_pairs=2, demand_pairs=0)


def read_file(file: Path, like: pd.DataFrame) -> pd.DataFrame:
    """A CSV file, each cell as exactly what is written, in the kinds of another table's columns."""
    cells = pd.read_csv(file, dtype=str, keep_default_na=False)
    for name in cells.columns[[kind.kind in "if" for kind in like.dtypes]]:
        cells[name] = cells[name].replace("", "nan").astype(like[name].dtype)
    return cells.astype(like.dtypes)


def test_tables_equal_the_command_line_s_files_to_the_last_digit(
    compared: sim.Comparison, program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.presentation.answer.draw_charts", draw_a_blank)
    asked = ["compare", small_council(tmp_path), PACKAGE, "--replications", 4, "--seed", 3]
    asked += ["--hiring-pairs", 2, "--demand-pairs", 0]
    assert program(*asked, "--out", tmp_path / "line")[0] == 0
    sim.save(compared, tmp_path / "python")
    for name, read in TABLES.items():
        file = tmp_path / "line" / f"{name}.csv"
        table = read(compared)
        pd.testing.assert_frame_equal(table, read_file(file, table), check_exact=True, obj=name)
        assert (tmp_path / "python" / f"{name}.csv").read_bytes() == file.read_bytes()


def test_every_replication_is_behind_the_means(compared: sim.Comparison) -> None:
    runs = sim.replications(compared, ["inpost_fte", "load"], ["all", "assessment"])
    means = sim.summaries(compared).set_index(["scenario", "team", "indicator", "date"])["mean"]
    groups = runs.groupby(["scenario", "team", "indicator", "date"], observed=True)
    found = {
        key: number(
            float(summarise(rows.value.to_numpy()[:, None], rows.draw.to_numpy()).mean[0]), 10
        )
        for key, rows in groups
    }
    written = {key: number(mean, 10) for key, mean in means.items() if key in found}
    assert len(found) == 2 * 2 * 2 * 12
    assert found == written
    assert runs.draw.tolist() == (1 + runs.pair // 2).tolist()


def test_every_replication_of_a_sweep_is_what_is_exported(tmp_path: Path) -> None:
    swept = sim.sweep(small_sweep(tmp_path, pairs=2), tmp_path / "out")
    runs = sim.replications(swept, ["inpost_fte"])
    (tmp_path / "tables").mkdir()
    export(tmp_path / "out" / "study.sqlite", Format.CSV, tmp_path / "tables")
    tables = {
        n: pd.read_csv(tmp_path / "tables" / f"{n}.csv") for n in ("monthly", "runs", "scenarios")
    }
    joined = (
        tables["monthly"].merge(tables["runs"], on="run").merge(tables["scenarios"], on="scenario")
    )
    joined = joined[(joined.indicator == "inpost_fte") & (joined.team == "all")]
    own = joined[joined.place > 0].sort_values(["point", "pair", "date"])
    ours = runs[runs.scenario == PACKAGE].sort_values(["point", "pair", "date"])
    assert ours.value.tolist() == own.value.tolist()
    # Doing nothing is run once for points of one elasticity, and stands at each.
    nothing = runs[runs.scenario == "baseline"].pivot(
        index=["pair", "date"], columns="point", values="value"
    )
    assert nothing[1].equals(nothing[2])
    assert nothing[3].equals(nothing[4])
    assert set(sim.summaries(swept).point) == {1, 2, 3, 4}


def test_a_sweep_in_code_is_that_of_the_file(tmp_path: Path) -> None:
    stated = tomllib.loads(small_sweep(tmp_path, pairs=2).read_text(encoding="utf-8"))
    package = sim.load_scenario(PACKAGE, devon())
    by_file = sim.sweep(tmp_path / "small.toml", tmp_path / "file", seed=7)
    in_code = sim.sweep(stated, tmp_path / "code", council=devon(), scenarios=package, seed=7)
    pd.testing.assert_frame_equal(sim.summaries(by_file), sim.summaries(in_code))


def test_a_trace_is_the_command_line_s(program: Program, tmp_path: Path) -> None:
    assert program("trace", "devon_2021", "--days", 5, "--out", tmp_path / "trace.csv")[0] == 0
    told = sim.trace("devon_2021", days=5)
    written = read_file(tmp_path / "trace.csv", told)
    pd.testing.assert_frame_equal(told, written, check_exact=True)


def test_without_pandas_one_line_says_how_to_get_it(
    compared: sim.Comparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(sim.InputError, match=r"pandas: is not installed.*pip install"):
        sim.summaries(compared)


# Refusals ---------------------------------------------------------------------------------


def test_what_is_unknown_is_refused_with_the_nearest(compared: sim.Comparison) -> None:
    runs, ask, nameless = sim.replications, sim.compare, sim.Scenario(name="A")
    for refused, call in (
        ("inpost_ft: is no indicator. Did you mean inp", lambda: runs(compared, ["inpost_ft"])),
        ("asessment: is no team. Did you mean ass", lambda: runs(compared, None, ["asessment"])),
        ("people: is no chart. .*people_and_posts", lambda: sim.chart(compared, "people")),
        ("engine: 'fast' is no engine. Use: ", lambda: ask("devon_2021", PACKAGE, engine="fast")),
        ("Devonn: is neither a shipped name", lambda: sim.load_council("Devonn")),
        ("council: totals: is missing", lambda: sim.load_council(without_totals())),
        ("scenario 'A': has no key", lambda: ask("devon_2021", nameless)),
        ("is the second scenario called", lambda: ask("devon_2021", [PACKAGE, PACKAGE])),
    ):  # fmt: skip
        with pytest.raises(sim.InputError, match=refused):
            call()


def test_what_the_command_line_limits_is_limited_here() -> None:
    for refused, given in (
        ("replications: 1 is refused. Give a whole number from 2 on", {"replications": 1}),
        ("replications: 2.5 is refused", {"replications": 2.5}),
        ("workers: 0 is refused", {"workers": 0}),
        ("seed: -1 is refused", {"seed": -1}),
        (
            "options: discount_rate: -1.0 is refused",
            {"options": sim.RunOptions(discount_rate=-1.0)},
        ),
        ("options: demand: 'low' is no demand", {"options": sim.RunOptions(demand="low")}),  # type: ignore[arg-type]
    ):
        with pytest.raises(sim.InputError, match=refused):
            sim.compare("devon_2021", [], **given)
    with pytest.raises(sim.InputError, match="days: 0 is refused"):
        sim.trace("devon_2021", days=0)
    by_name = sim.RunOptions(demand="rising")  # type: ignore[arg-type]
    assert len(sim.trace("devon_2021", days=1, options=by_name)) > 0


def without_totals() -> dict[str, object]:
    return {name: value for name, value in devon().model_dump().items() if name != "totals"}


def test_doing_nothing_alone_compares_nothing() -> None:
    council = devon().model_copy(update={"horizon_years": 1})
    quick = sim.RunOptions(casework=False)
    alone = sim.compare(council, [], replications=2, options=quick, hiring_pairs=0)
    assert set(sim.summaries(alone).scenario) == {"baseline"}
    for call in (sim.differences, sim.money):
        with pytest.raises(sim.InputError, match="need a scenario beside doing nothing"):
            call(alone)
    with pytest.raises(sim.InputError, match="yield: has no numbers in this comparison"):
        sim.chart(alone, "yield")


def test_warnings_of_a_scenario_are_python_s() -> None:
    late = {
        "key": "late",
        "name": "Late",
        "measures": [line("cost_line") | {"start": dt.date(2031, 1, 1)}],
    }
    with pytest.warns(UserWarning, match="late: one: starts on 2031-01-01, after"):
        sim.trace(devon(), late, days=1, options=sim.RunOptions(casework=False))


def test_ctrl_c_is_python_s(monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.presentation.running.fill", pressed)
    with pytest.raises(KeyboardInterrupt, match="stopped: 0 of 2 pairs"):
        sim.compare("devon_2021", [], replications=2, options=sim.RunOptions(casework=False))


# Kinds of one's own -----------------------------------------------------------------------


@pytest.mark.usefixtures("kinds")
def test_a_kind_is_unknown_until_it_is_registered() -> None:
    asked = {"key": "own", "name": "Own", "measures": [line()]}
    with pytest.raises(
        sim.InputError, match=r"scenario: measures.0.kind \(one\): 'plain' is no kind"
    ):
        sim.load_scenario(asked, devon())
    with pytest.raises(ValueError, match="no registered kind"):
        sim.Scenario(key="own", name="Own", measures=(Plain(**line()),))
    assert sim.register(Plain) is Plain
    found = sim.load_scenario(asked, devon())
    assert [type(measure) for measure in found.measures] == [Plain]
    assert sim.Scenario(key="own", name="Own", measures=(Plain(**line()),)) == found
    with pytest.raises(sim.InputError, match=r"measures.0.fte \(one\): is not a known key"):
        sim.load_scenario(asked | {"measures": [line() | {"fte": 1}]}, devon())


@pytest.mark.usefixtures("kinds")
def test_a_file_may_use_a_registered_kind(tmp_path: Path) -> None:
    sim.register(Plain)
    file = tmp_path / "mine.toml"
    file.write_text(
        'name = "Mine"\n[[measures]]\nkind = "plain"\nkey = "one"\nname = "One"\n'
        "start = 2021-10-01\n",
        encoding="utf-8",
    )
    assert type(sim.load_scenario(file, devon()).measures[0]) is Plain


@pytest.mark.usefixtures("kinds")
def test_kinds_are_told_apart() -> None:
    class Nameless(Plain):
        kind: str = "x"  # type: ignore[assignment]

    class Taken(Plain):
        kind: Literal["cost_line"] = "cost_line"  # type: ignore[assignment]

    class Again(Plain):
        """Another class of the kind."""

    with pytest.raises(sim.InputError, match="states no kind"):
        sim.register(Nameless)
    with pytest.raises(
        sim.InputError, match=r"has the kind 'cost_line' of sim\.scenario\.cost_line"
    ):
        sim.register(Taken)
    sim.register(Plain)
    sim.register(Plain)
    with pytest.raises(sim.InputError, match=r"has the kind 'plain' of tests\..*\.Plain"):
        sim.register(Again)
    assert kind_of(CostLine) == "cost_line"


@pytest.mark.usefixtures("kinds")
def test_blocks_are_kept_only_while_the_kind_s_text_is_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sim.register(Plain)
    own = sim.load_scenario({"key": "own", "name": "Own", "measures": [line()]}, devon())
    study = make_study(devon(), evidence().behaviour, (baseline(), own), 1)
    before = study_digest(study)
    assert study_digest(study) == before
    monkeypatch.setattr("sim.experiment.provenance.source_of", lambda _: ("mine.py", "changed"))
    assert study_digest(study) != before


def test_a_councils_own_sources_serve_its_scenarios(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on the command line, whether council and scenario are files or made in code."""
    own = '[own_survey]\ntitle = "Our survey"\n'
    (tmp_path / "mine.toml").write_text(own, encoding="utf-8")
    file = small_council(tmp_path)
    text = file.read_text(encoding="utf-8")
    file.write_text(f'sources = "mine.toml"\n{text}', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    scenario: dict[str, Any] = {
        "key": "one", "name": "One line",
        "package": {"fte": 0.0, "source": "own_survey", "funding": [
            {"financial_year": "2021/22", "source_of_funds": "base", "gbp": 9.0}]},
        "measures": [line("cost_line") | {"planned_gbp": {"2021/22": 9.0}}],
    }  # fmt: skip
    for council in (sim.load_council(file), sim.load_council(tomllib.loads(file.read_text()))):
        assert sim.load_scenario(scenario, council).key == "one"
        with pytest.raises(sim.InputError, match="own_survey"):
            sim.load_scenario(scenario, "devon_2021")
