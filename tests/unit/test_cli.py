"""The program as its users meet it: what it prints and writes, and how it stops."""

import csv
import dataclasses
import datetime as dt
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from typing import NoReturn

import pytest
from matplotlib.figure import Figure

import sim
from sim.cli import main
from sim.config.errors import InputError
from sim.config.rules_taken import RulesTaken
from sim.config.shipped import (
    configs_folder,
    file_hash,
    load_council,
    load_evidence,
    locate,
    quantities_in,
)
from sim.engine.engines import Engine, available
from sim.engine.events import Event
from sim.engine.trace import _WHAT, TraceEvent
from sim.experiment.kept import STUDY, UNFINISHED
from sim.experiment.provenance import run_id
from sim.experiment.replicate import make_study
from sim.experiment.tracing import trace_events
from sim.inputs.draws import CENTRAL_DRAW
from sim.inputs.run_options import DemandScenario, RunOptions
from sim.presentation.charts.chart import Chart
from sim.presentation.child_year import FILE_NAME, TRACE_DAYS, child_year_text
from sim.presentation.comparison_files import SUMMARY_COLUMNS
from sim.presentation.files import staged_folder
from sim.presentation.trace import _SENTENCES, MOST_LINES, event_rows, sentence
from sim.published.council_file.called import council_called
from sim.scenario.scenario import load_scenario

PACKAGE = "devon_package_48_fte"
TOP = Path(__file__).resolve().parents[2]
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="signals and groups are POSIX's")
GO_ON = "go on with --resume"
STOPPED = re.compile(
    rf"stopped: \d+ of 9000 pairs were finished; (they are kept: {GO_ON}|nothing was written)\n"
)
HEAVY = (
    "numpy", "scipy", "matplotlib", "simpy", "pydantic", "afcharts", "rich.progress", "numba",
    "duckdb", "distributed",
)  # fmt: skip
TABLES = {
    "summary.csv", "ledger.csv", "manifest.json", "headline.txt", "childs_year.txt", "options.csv",
    "assumptions.csv", "data_dictionary.csv", STUDY,
}  # fmt: skip
"""What every comparison writes."""
CHART = {"blank.svg", "blank.png", "blank.txt"}
SHIPPED = sorted(path.relative_to(configs_folder()) for path in configs_folder().rglob("*.toml"))


def small_council(folder: Path, years: int = 1) -> Path:
    """Devon for a short run."""
    text = locate("devon_2021", "councils").read_text(encoding="utf-8")
    file = folder / "small.toml"
    file.write_text(text.replace("horizon_years = 5", f"horizon_years = {years}"), encoding="utf-8")
    return file


def environment() -> dict[str, str]:
    """An environment in which this checkout's package is found from any folder."""
    return os.environ | {"PYTHONPATH": str(TOP), "PYTHONUTF8": "1"}


class Program:
    """The program, called in this process as its console script calls it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch, self.capsys = monkeypatch, capsys

    def __call__(self, *arguments: object) -> tuple[int, str, str]:
        """Exit code, standard output, standard error."""
        self.monkeypatch.setattr(sys, "argv", ["caseholder", *map(str, arguments)])
        handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
        self.capsys.readouterr()
        try:
            with pytest.raises(SystemExit) as left:
                main()
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)
        said = self.capsys.readouterr()
        assert isinstance(left.value.code, int)
        return left.value.code, said.out, said.err


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Program:
    return Program(monkeypatch, capsys)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return small_council(tmp_path)


@pytest.fixture
def one_plain_chart(monkeypatch: pytest.MonkeyPatch) -> None:
    """In place of the charts, which take seconds to draw, a blank one."""
    monkeypatch.setattr("sim.presentation.answer.draw_charts", draw_a_blank)


def draw_a_blank(_: object) -> list[Chart]:
    """A chart without anything on it."""
    return [Chart("blank", "Title", "Subtitle", "Text", Figure(figsize=(1, 1)))]


def names_in(folder: Path) -> set[str]:
    """Names of everything in a folder, hidden things included."""
    return {path.name for path in folder.iterdir()}


def rows_of(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """Columns and rows of a CSV file."""
    assert b"\r" not in path.read_bytes()
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
        return list(reader.fieldnames or []), rows


# Help -------------------------------------------------------------------------------------


def test_the_version_is_stated_in_one_place(program: Program) -> None:
    stated = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert program("--version") == (0, f"caseholder {stated['version']}\n", "")


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nsys.argv = ['caseholder', '--help']\nfrom sim.cli import main\n"
        "try:\n    main()\nexcept SystemExit as left:\n    assert left.code == 0\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True, env=environment(), encoding="utf-8", check=True,
    )  # fmt: skip
    assert "compare" in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("command", ["", "compare", "run", "check", "trace", "sweep", "export"])
def test_every_command_explains_itself(command: str, program: Program) -> None:
    code, out, err = program(*filter(None, [command]), "--help")
    assert (code, err) == (0, "")
    assert out.startswith(f"Usage: caseholder {command}".strip())


def test_without_a_command_the_commands_are_listed(program: Program) -> None:
    code, out, err = program()
    assert code == 2
    assert all(name in out + err for name in ("compare", "run", "check", "trace"))


# check ------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", SHIPPED, ids=str)
def test_every_shipped_config_passes_its_check(file: Path, program: Program) -> None:
    path = configs_folder() / file
    code, out, err = program("check", path)
    assert (code, err) == (0, "")
    assert out.startswith(f"{path}: ")
    assert "no mistake in how it is written" in out


def test_check_says_what_a_config_holds(program: Program) -> None:
    _, council, _ = program("check", "devon_2021")
    assert "6 teams, establishment 410.5 FTE, 319.5 in post, 91 vacant" in council
    _, scenario, _ = program("check", PACKAGE)
    assert "18 lines, 48 FTE" in scenario
    assert "£1,100,000 from reserves in 2021/22, £3,400,000 from base in 2022/23" in scenario
    assert "Leave to remain fees; £12,000 in 2021/22, £24,000 in 2022/23\n" in scenario
    assert "not itemised; £84,000 in 2021/22, £238,000 in 2022/23; cost only" in scenario


def test_check_warns_of_leaving_rates_over_1(program: Program, tmp_path: Path) -> None:
    text = locate("devon_2021", "councils").read_text(encoding="utf-8")
    file = tmp_path / "other.toml"
    file.write_text(text.replace("high = 0.19\n", "high = 1.86\n"), encoding="utf-8")
    code, out, _ = program("check", file)
    assert code == 0
    warning = "warning: staffing.leaving_rate: up to 1.86 a year, more leavers than people in post"
    assert warning in out
    assert "warning" not in program("check", "devon_2021")[1]
    behaviour = (configs_folder() / "behaviour.toml").read_text(encoding="utf-8")
    start = behaviour.index("[exits.support_leaving_rate]")
    high = behaviour.index("high = ", start)
    other = tmp_path / "behaviour.toml"
    line = behaviour[high : behaviour.index("\n", high)]
    other.write_text(behaviour[:high] + behaviour[high:].replace(line, "high = 1.5", 1), "utf-8")
    assert "warning: exits.support_leaving_rate: up to 1.5 a year" in program("check", other)[1]


def test_check_takes_the_council_from_the_option(program: Program, tmp_path: Path) -> None:
    text = locate(PACKAGE, "scenarios").read_text(encoding="utf-8")
    file = tmp_path / "mine.toml"
    file.write_text(text.replace('council = "devon_2021"\n', ""), encoding="utf-8")
    assert program("check", file)[0] == 2
    assert program("check", file, "--council", "devon_2021")[0] == 0
    assert program("check", file, "--council", "devon_2022")[0] == 2


# trace ------------------------------------------------------------------------------------


def told_lines(out: str) -> list[str]:
    """The events of a trace on the screen, one a line, without the lines at its top."""
    text = out.split("\n\n", 1)[1]
    return re.sub(r"\n {22}", " ", text).splitlines()


def test_a_trace_names_what_happens_in_order(program: Program) -> None:
    code, out, err = program("trace", "devon_2021", PACKAGE, "--days", 40, "--all")
    assert (code, err) == (0, "")
    lines = told_lines(out)
    days = [float(line.split()[0]) for line in lines]
    assert days == sorted(days)
    assert 0 <= days[0] <= days[-1] < 40
    assert len(set(days)) > 20
    assert re.search(r"Child protection and court: (agency worker|worker) \d+ gets child \d+", out)
    assert all(re.match(r" +[\d.]+  2021-(09|10)-\d\d  [A-Za-z]", line) for line in lines)


def test_a_trace_on_the_screen_is_short_and_says_what_it_is(program: Program) -> None:
    code, out, _ = program("trace", "devon_2021", "--days", 40, "--seed", 3, "--draw", 2)
    lines = out.splitlines()
    assert code == 0
    assert 150 < len(lines) <= MOST_LINES
    assert max(map(len, lines)) <= 80
    top = out.partition("\n\n")[0].replace("\n", " ")
    for said in ("Devon", "8 September 2021", "Seed 3", "--draw 2", "keep their number"):
        assert said in top
    assert re.search(r"At the start: \d,\d{3} allocated, ", top)
    assert re.search(r"\d,\d{3} events left out: --all shows them", lines[-1])


def test_every_event_has_its_sentence() -> None:
    for what in Event:
        if what in (Event.STAGE_BEGINS, Event.ARRIVAL_OFFER):
            continue
        kind = _WHAT.get(what, what.name.lower().replace("_", " "))
        assert kind in _SENTENCES, what
    told = TraceEvent(1.0, "assessment begins", "Front door", child="child 3")
    assert sentence(told) == "Front door: child 3: assessment begins"


def test_a_trace_in_a_file_is_the_trace_on_the_screen(program: Program, tmp_path: Path) -> None:
    arguments = ("trace", "devon_2021", "--days", 15, "--seed", 3)
    _, screen, _ = program(*arguments, "--all")
    code, out, err = program(*arguments, "--out", tmp_path / "new" / "trace.csv")
    assert (code, err) == (0, "")
    assert names_in(tmp_path / "new") == {"trace.csv"}
    columns, rows = rows_of(tmp_path / "new" / "trace.csv")
    assert columns == ["day", "date", "what", "team", "post", "person", "child", "detail"]
    assert out == f"{len(rows):,} events in {tmp_path / 'new' / 'trace.csv'}\n"
    lines = told_lines(screen)
    for line, row in zip(lines, rows, strict=True):
        assert line.split()[:2] == [row["day"], row["date"]]
        assert f"  {row['team']}: " in line
        assert row["person"] in line
        assert row["child"] in line
        assert row["post"].replace("_", " ") in line
    assert all(row["day"] == row["day"].strip() for row in rows)


def test_a_trace_names_children_and_follows_their_cases(
    program: Program, tmp_path: Path
) -> None:  # fmt: skip
    file = tmp_path / "trace.csv"
    assert program("trace", "devon_2021", "--days", 20, "--out", file)[0] == 0
    rows = rows_of(file)[1]
    told = [row for row in rows if row["child"]]
    assert all(re.fullmatch(r"child \d+", row["child"]) for row in told)
    assert {"referral", "allocated", "case closes"} <= {row["what"] for row in told}
    referred = next(row["child"] for row in told if row["what"] == "referral")
    its = [row["what"] for row in told if row["child"] == referred]
    assert its[:3] == ["referral", "allocated", "decision begins"]
    assert any(row["person"] for row in rows if not row["child"])


def test_a_trace_shows_another_demand(program: Program) -> None:
    traces = [
        told_lines(program("trace", "devon_2021", "--days", 30, "--all", "--demand", name)[1])
        for name in ("flat", "back_to_2019")
    ]
    assert traces[0] != traces[1]


def test_a_trace_shows_another_draw_and_another_luck(program: Program) -> None:
    options: tuple[list[object], ...] = ([], ["--draw", 1], ["--replication", 1], ["--seed", 2], [])
    asked = ("trace", "devon_2021", "--days", 10, "--all")
    traces = ["\n".join(told_lines(program(*asked, *more)[1])) for more in options]
    assert len(set(traces)) == 4
    assert traces[0] == traces[-1]


# run and compare --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a comparison with doing nothing."""
    folder = tmp_path_factory.mktemp("compared")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.presentation.answer.draw_charts", draw_a_blank)
        patch.setattr(sys, "argv", [
            "caseholder", "compare", str(small_council(folder)), PACKAGE,
            "--replications", "4", "--hiring-pairs", "0", "--demand-pairs", "2",
            "--out", str(folder / "out"),
        ])  # fmt: skip
        handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
        with pytest.raises(SystemExit) as left:
            main()
        for number, handler in handlers.items():
            signal.signal(number, handler)
    assert left.value.code == 0
    return folder / "out"


def test_a_comparison_writes_its_files_and_no_others(compared: Path) -> None:
    # The charts themselves: test_determinism.py.
    assert names_in(compared) == TABLES | {"differences.csv", "money.csv", "conditions.csv"} | CHART
    assert all((compared / name).stat().st_size > 10 for name in names_in(compared))
    assert (compared / "blank.png").read_bytes().startswith(b"\x89PNG")


def test_the_summary_has_its_columns_and_rows(compared: Path) -> None:
    columns, rows = rows_of(compared / "summary.csv")
    assert columns == list(SUMMARY_COLUMNS)
    assert columns == [
        "scenario", "team", "indicator", "date", "pairs", "mean", "p2_5", "p10", "p50", "p90",
        "p97_5", "mean_low_95", "mean_high_95",
    ]  # fmt: skip
    assert {row["scenario"] for row in rows} == {"baseline", PACKAGE}
    assert {"all", "child_protection_court"} <= {row["team"] for row in rows}
    assert {"inpost_fte", "vacancy_rate_fte", "load"} <= {row["indicator"] for row in rows}
    dates = sorted({row["date"] for row in rows})
    assert (dates[0], dates[-1], len(dates)) == ("2021-09-30", "2022-08-31", 12)
    assert all(bool(row["mean"]) == bool(row["p50"]) == (int(row["pairs"]) > 0) for row in rows)
    assert not any(row["p10"] or row["p90"] for row in rows), "of four runs no tenth can be told"
    places = [tuple(row[c] for c in columns[:4]) for row in rows]
    assert len(set(places)) == len(places)


def test_the_differences_are_of_the_means(compared: Path) -> None:
    columns, rows = rows_of(compared / "differences.csv")
    assert columns == [
        "scenario", "team", "indicator", "date", "pairs", "difference", "p2_5", "p10", "p50", "p90",
        "p97_5", "probability_better", "mean_low_95", "mean_high_95",
    ]  # fmt: skip
    assert {row["scenario"] for row in rows} == {PACKAGE}
    _, summary = rows_of(compared / "summary.csv")
    mean = {
        tuple(row[c] for c in ("scenario", "team", "indicator", "date")): float(row["mean"])
        for row in summary
        if row["mean"]
    }
    compared_means = 0
    for row in rows:
        place = (row["team"], row["indicator"], row["date"])
        if row["probability_better"]:
            assert 0 <= float(row["probability_better"]) <= 1
        if row["indicator"] == "inpost_fte":
            expected = mean[PACKAGE, *place] - mean["baseline", *place]
            assert float(row["difference"]) == pytest.approx(expected, abs=2e-6)
            compared_means += 1
    assert compared_means == 7 * 12
    assert any(float(row["difference"]) != 0 for row in rows if row["indicator"] == "inpost_fte")


def test_the_ledger_plans_what_the_package_says(compared: Path) -> None:
    columns, rows = rows_of(compared / "ledger.csv")
    assert columns == [
        "scenario", "financial_year", "from", "to", "line", "kind", "source", "planned_gbp",
        "spent_gbp_mean", "spent_gbp_p10", "spent_gbp_p90", "spent_minus_planned_gbp_mean",
        "spent_minus_planned_gbp_p10", "spent_minus_planned_gbp_p90", "chance_underspend",
        "unfunded_gbp_mean", "planned_real_gbp", "spent_real_gbp_mean", "spent_present_gbp_mean",
    ]  # fmt: skip
    lines = [row for row in rows if row["scenario"] == PACKAGE and row["source"] == "reserves"]
    assert {row["financial_year"][:7] for row in lines} == {"2021/22"}
    planned = [float(row["planned_gbp"]) for row in lines if row["kind"] == "all"]
    assert sum(planned) == pytest.approx(1_100_000)
    assert {row["source"] for row in rows if row["scenario"] == "baseline"} == {"base"}
    assert not any(row["spent_gbp_p10"] or row["spent_gbp_p90"] for row in rows)


def test_papers_of_a_comparison_name_its_run(
    compared: Path, program: Program, tmp_path: Path
) -> None:
    manifest = json.loads((compared / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["run_id"] == run_id(manifest)
    code, said, err = program("report", compared, "--out", tmp_path / "papers")
    assert (code, err) == (0, "")
    assert "business_case.html, business_case.docx" in said
    page = (tmp_path / "papers" / "business_case.html").read_text(encoding="utf-8")
    assert page.count(manifest["run_id"]) > 10
    assert "It has 4 runs of each option" in page
    assert "Half and half" in page


def test_the_run_s_name_is_of_inputs_and_version_alone(compared: Path) -> None:
    manifest = json.loads((compared / "manifest.json").read_text(encoding="utf-8"))
    named = manifest["run_id"]
    assert run_id(manifest | {"engine": "simpy", "python": "3.99", "packages": {}}) == named
    for name in ("caseholder_version", "engine_sha256", "inputs", "seed", "settings", "council"):
        assert run_id(manifest | {name: "another"}) != named


def test_assumptions_are_every_number_of_the_council_the_options_and_the_evidence(
    compared: Path,
) -> None:
    _, rows = rows_of(compared / "assumptions.csv")
    evidence = load_evidence()
    council = load_council("devon_2021", evidence.sources)
    told = {(row["of"], row["key"]): row for row in rows}
    assert len(told) == len(rows)
    package = load_scenario(PACKAGE, council, evidence.sources)
    known = {("evidence", key): q for key, q in quantities_in(evidence.behaviour)}
    known |= {("council", key): q for key, q in quantities_in(council)}
    known |= {
        (PACKAGE, f"{measure.key}.{key}"): q
        for measure in package.measures
        for key, q in quantities_in(measure)
    }
    assert {place for place, row in told.items() if row["low"] != row["high"]} <= set(known) | {
        ("council", "casework.demand.seasonality")
    }
    for place, quantity in known.items():
        row = told[place]
        found = tuple(float(row[name]) for name in ("low", "central", "high"))
        assert found == (quantity.low, quantity.central, quantity.high), place
        assert (row["grade"], row["source"]) == (quantity.grade.value, quantity.source)


def test_the_manifest_says_what_made_the_results(compared: Path) -> None:
    manifest = json.loads((compared / "manifest.json").read_text(encoding="utf-8"))
    small = compared.parent / "small.toml"
    files = [
        small,
        configs_folder() / "behaviour.toml",
        configs_folder() / "sources.toml",
        locate(PACKAGE, "scenarios"),
    ]
    assert manifest["inputs"] == [{"file": p.name, "sha256": file_hash(p)} for p in files]
    assert manifest["caseholder_version"] == sim.__version__
    assert (manifest["seed"], manifest["replications"], manifest["draws"]) == (1, 4, 2)
    assert manifest["engine"] == available(Engine.COMPILED)
    assert manifest["demand_scenarios"] == {"flat": 2, "back_to_2019": 2, "rising": 2}
    assert manifest["settings"] == {
        "agency_rules": "known", "alone": False, "casework": True, "demand": "uncertain",
        "demand_pairs": 2, "discount_rate": None, "hiring_pairs": 0, "lead_practitioners": "known",
        "loop": True, "loop_pairs": 8, "reaction": True,
    }  # fmt: skip
    assert manifest["scenarios"] == ["baseline", PACKAGE]
    assert {"numpy", "simpy", "matplotlib", "pydantic"} <= set(manifest["packages"])
    assert all(re.match(r"\d+\.\d", version) for version in manifest["packages"].values())
    assert str(compared.parent) not in json.dumps(manifest), "it names a folder of this machine"


def test_no_file_names_a_folder_of_this_machine(compared: Path) -> None:
    place = str(compared.parent).encode()
    assert [name for name in names_in(compared) if place in (compared / name).read_bytes()] == []


@pytest.mark.slow
@pytest.mark.usefixtures("one_plain_chart")
def test_a_run_on_its_own_has_no_differences(
    program: Program, small: Path, tmp_path: Path
) -> None:  # fmt: skip
    for scenario in ("baseline", PACKAGE):
        out = tmp_path / scenario
        code, said, err = program("run", small, scenario, "--replications", 2, "--out", out)
        assert code == 0
        assert all(line.startswith("warning: ") for line in err.splitlines()), err
        assert f"Files: {out}" in said.replace("\n", "")
        assert names_in(out) == TABLES | CHART
        assert {row["scenario"] for row in rows_of(out / "summary.csv")[1]} == {scenario}


def test_without_a_folder_nothing_is_written(
    program: Program, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = program("run", small, "--replications", 2)
    assert (code, err) == (0, "")
    assert "Social workers in post" in out
    assert names_in(tmp_path) == {"small.toml"}


@pytest.mark.usefixtures("one_plain_chart")
def test_demand_and_loop_are_said_wherever_they_are_not_as_usual(
    program: Program, small: Path, tmp_path: Path
) -> None:
    options = ("--replications", 2, "--demand", "rising", "--loop", "off")
    code, out, err = program("run", small, *options, "--out", tmp_path / "run")
    assert (code, err) == (0, "")
    assert "demand rising, overload without effect" in " ".join(out.split())
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["settings"]["demand"] == "rising"
    assert manifest["settings"]["loop"] is False
    assert manifest["demand_scenarios"] == {}


@pytest.mark.usefixtures("one_plain_chart")
def test_rules_are_said_and_written_wherever_they_are_off(
    program: Program, small: Path, tmp_path: Path
) -> None:
    switches = ("--agency-rules", "off", "--lead-practitioners", "off")
    options = ("--replications", 2, *switches, "--out", tmp_path / "run")
    code, out, err = program("run", small, *options)
    assert (code, err) == (0, "")
    assert "lead practitioners off, agency rules off" in " ".join(out.split())
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["settings"]["agency_rules"] == "off"
    assert manifest["settings"]["lead_practitioners"] == "off"


FAMILY_PRACTITIONERS = """
name = "Family practitioners"

[[measures]]
key = "family_practitioners"
name = "Family practitioners"
kind = "extra_posts"
start = 2024-07-01
planned_gbp = { "2024/25" = 400000 }
posts = [{ team = "child_protection_court", role = "family_practitioner", fte = 12.0 }]
"""


@pytest.mark.slow
@pytest.mark.usefixtures("one_plain_chart")
def test_the_childs_year_is_told_from_the_traced_run_under_every_switch(
    program: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In July 2024: rules on agency staff are not known, lead practitioners are there."""
    start = dt.date(2024, 7, 1)
    then = {"start_date": start, "totals_date": start, "horizon_years": 1}
    council = load_council("devon_2021", load_evidence().sources).model_copy(update=then)
    called = dataclasses.replace(
        council_called("devon_2021", load_evidence().sources), council=council
    )
    monkeypatch.setattr("sim.presentation.asked.council_called", lambda *_: called)
    more = tmp_path / "more.toml"
    more.write_text(FAMILY_PRACTITIONERS, encoding="utf-8")
    scenario = load_scenario(str(more), council, load_evidence().sources)
    switches: dict[str, tuple[str, RunOptions]] = {
        "": ("", RunOptions()),
        "--demand": ("rising", RunOptions(demand=DemandScenario.RISING)),
        "--loop": ("off", RunOptions(loop=False)),
        "--agency-rules": ("on", RunOptions(agency_rules=RulesTaken.ON)),
        "--lead-practitioners": ("off", RunOptions(lead_practitioners=RulesTaken.OFF)),
        "--reaction": ("off", RunOptions(reaction=False)),
        "--discount-rate": ("0.06", RunOptions(discount_rate=0.06)),
    }
    every = {f"--{field.name.replace('_', '-')}" for field in fields(RunOptions)}
    assert every == {*switches, "--casework"} - {""}, "a switch is missing here"
    stories = set()
    for option, (value, options) in switches.items():
        asked = ("devon_2021", more, *([option, value] if option else []), "--seed", 2021)
        page, listed = tmp_path / "run" / FILE_NAME, tmp_path / "trace.csv"
        assert program("run", *asked, "--replications", 2, "--out", page.parent)[0] == 0
        assert program("trace", *asked, "--days", TRACE_DAYS, "--out", listed)[0] == 0
        study = make_study(council, load_evidence().behaviour, (scenario,), 2021, options)
        events = trace_events(study, CENTRAL_DRAW, 0, TRACE_DAYS)
        text = child_year_text(events, start, "Devon", scenario.name)
        assert page.read_text(encoding="utf-8") == text
        with listed.open(encoding="utf-8", newline="") as file:
            told = list(csv.reader(file))[1:]
        assert told == event_rows(events, start)
        stories.add(json.dumps(told))
    assert len(stories) == len(switches) - 2, "the discount rate, and reactions where nobody waits"


@pytest.mark.slow
@pytest.mark.usefixtures("one_plain_chart")
def test_a_chosen_demand_scenario_stands_alone(
    program: Program, small: Path, tmp_path: Path
) -> None:
    options = ("--replications", 2, "--hiring-pairs", 0, "--demand", "back_to_2019")
    code, out, err = program("compare", small, PACKAGE, *options, "--out", tmp_path / "out")
    assert code == 0
    assert all(line.startswith("warning: ") for line in err.splitlines()), err
    assert "By demand" not in out
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["demand_scenarios"] == {}


@pytest.mark.parametrize("command", [("compare", PACKAGE), ("run",), ("trace",)])
@pytest.mark.parametrize(
    ("option", "value", "remedy"),
    [
        ("--demand", "falling", "uncertain, flat, back_to_2019, rising, series"),
        ("--loop", "maybe", "on, off"),
        ("--agency-rules", "maybe", "known, on, off"),
        ("--lead-practitioners", "maybe", "known, on, off"),
    ],
)
def test_an_unknown_demand_or_loop_is_refused_in_one_line(
    option: str, value: str, remedy: str, command: tuple[str, ...], program: Program
) -> None:
    name, *more = command
    code, out, err = program(name, "devon_2021", *more, option, value)
    assert (code, out) == (2, "")
    assert err.startswith(f"{option}: '{value}' is n")
    assert remedy in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("command", [("compare", PACKAGE), ("run",), ("trace",)])
def test_demand_that_the_council_does_not_describe_is_refused_in_one_line(
    command: tuple[str, ...], program: Program, tmp_path: Path
) -> None:
    text = locate("devon_2021", "councils").read_text(encoding="utf-8")
    start = text.index("[casework.demand.back_to_2019]")
    file = tmp_path / "other.toml"
    file.write_text(text[:start] + text[text.index("[casework.demand.rising]") :], encoding="utf-8")
    name, *more = command
    code, out, err = program(name, file, *more, "--demand", "back_to_2019")
    assert (code, out) == (2, "")
    assert err.startswith(f"{file}: casework.demand: has no 'back_to_2019'. Describe it there")
    assert len(err.splitlines()) == 1


def test_an_odd_number_of_pairs_is_rounded_up_and_said(program: Program, small: Path) -> None:
    code, _, err = program("run", small, "--replications", 3)
    assert code == 0
    assert err == "3 paired runs rounded up to 4: two for each set of assumptions\n"


def test_a_measure_that_starts_too_late_is_a_warning(
    program: Program, small: Path, tmp_path: Path
) -> None:
    file = tmp_path / "late.toml"
    file.write_text(
        'name = "Late"\n[[measures]]\nkind = "cost_line"\nkey = "fees"\nname = "Fees"\n'
        'start = 2022-09-08\nplanned_gbp = { "2022/23" = 1000 }\n',
        encoding="utf-8",
    )
    pairs = ("--replications", 2, "--hiring-pairs", 0, "--demand-pairs", 0)
    code, _, err = program("compare", small, file, *pairs)
    assert code == 0
    assert err.startswith("warning: late: fees: starts on 2022-09-08, after the run's last day")
    assert len(err.splitlines()) == 1
    code, out, err = program("check", file, "--council", small)
    assert (code, err) == (0, "")
    assert "warning: fees: starts on 2022-09-08" in out


@pytest.mark.slow
def test_a_console_that_lacks_a_character_loses_no_sign(small: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sim.cli", "compare", str(small), PACKAGE, "--replications", "2",
         "--hiring-pairs", "0", "--demand-pairs", "0"],
        capture_output=True, cwd=tmp_path, check=False,
        env=environment() | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    )  # fmt: skip
    assert done.returncode == 0
    assert all(line.startswith(b"warning: ") for line in done.stderr.splitlines()), done.stderr
    workload = next(line for line in done.stdout.splitlines() if b"Workload" in line)
    assert b" -" in workload
    assert b"?" not in workload


@pytest.mark.slow
def test_a_reader_that_has_had_enough_is_no_error() -> None:
    command = [sys.executable, "-m", "sim.cli", "trace", "devon_2021", "--all"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()


# Nothing half-written ---------------------------------------------------------------------


def what_is_in(folder: Path) -> dict[str, bytes]:
    """Content of every file, hidden ones included; folders by their names."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b"a folder"
        for path in folder.rglob("*")
    }


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A folder of the user's, with old results and files of the user's own."""
    folder = tmp_path / "results"
    (folder / "notes").mkdir(parents=True)
    (folder / "notes" / "mine.txt").write_text("mine", encoding="utf-8")
    (folder / "summary.csv").write_text("of last year", encoding="utf-8")
    (folder / ".caseholder-mine").write_text("mine too", encoding="utf-8")
    return folder


@pytest.mark.usefixtures("one_plain_chart")
def test_files_of_the_user_are_left_alone(program: Program, small: Path, kept: Path) -> None:
    before = what_is_in(kept)
    assert program("run", small, "--replications", 2, "--out", kept)[0] == 0
    after = what_is_in(kept)
    assert after.pop("summary.csv") != before.pop("summary.csv")
    assert after.items() >= before.items()
    assert set(after) - set(before) == (TABLES | CHART) - {"summary.csv"}


class Fault(Exception):
    """Raised by a test in the middle of things."""


@pytest.mark.parametrize("kind", [Fault, OSError, MemoryError, KeyboardInterrupt])
def test_a_chart_that_fails_leaves_all_but_the_runs_as_it_was(
    kind: type[BaseException],
    program: Program,
    small: Path,
    kept: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(*_: object) -> NoReturn:
        assert len([path for path in kept.glob(".caseholder-*") if path.is_dir()]) == 1
        raise kind

    monkeypatch.setattr("sim.presentation.answer.draw_charts", fails)
    before = what_is_in(kept)
    arguments = ("run", small, "--replications", 2, "--out")
    if kind in (Fault, MemoryError):
        monkeypatch.setattr(sys, "argv", ["caseholder", *map(str, arguments), str(kept)])
        with pytest.raises(kind):
            main()
    else:
        code, out, err = program(*arguments, kept)
        assert (code, out) == ((2, "") if kind is OSError else (130, ""))
        assert len(err.splitlines()) == 1
        assert "written" in err or "go on with --resume" in err
    after = what_is_in(kept)
    assert after.pop(UNFINISHED)
    assert after == before
    monkeypatch.undo()
    assert program(*arguments, kept, "--resume")[0] == 0
    assert STUDY in names_in(kept)
    assert UNFINISHED not in names_in(kept)


def test_a_folder_made_for_results_is_gone_when_there_are_none(
    program: Program, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.presentation.running.fill", fails)
    out = tmp_path / "new" / "results"
    code, _, err = program("run", small, "--replications", 2, "--out", out)
    assert (code, err) == (130, "stopped: 0 of 2 pairs were finished; nothing was written\n")
    assert names_in(tmp_path) == {"small.toml"}


def write_new(target: Path, *names: str) -> None:
    """Write files by way of a temporary folder."""
    with staged_folder(target) as folder:
        for name in names:
            (folder / name).write_text("new", encoding="utf-8")


def test_a_folder_in_a_files_place_is_refused(kept: Path) -> None:
    (kept / "z.csv").mkdir()
    before = what_is_in(kept)
    with pytest.raises(InputError, match=r"z\.csv: is a folder"):
        write_new(kept, "summary.csv", "z.csv")
    assert what_is_in(kept) == before


def test_a_file_that_cant_be_replaced_puts_the_others_back(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # On Windows: the file is open in a spreadsheet.
    (kept / "z.csv").write_text("open elsewhere", encoding="utf-8")
    before = what_is_in(kept)
    replace = os.replace

    def refuses_z(source: Path, target: Path) -> None:
        if Path(source) == kept / "z.csv":
            raise PermissionError(13, "open elsewhere")
        replace(source, target)

    monkeypatch.setattr(os, "replace", refuses_z)
    with pytest.raises(InputError, match="can't be written to"):
        write_new(kept, "a.csv", "summary.csv", "z.csv")
    assert what_is_in(kept) == before


# How it stops -----------------------------------------------------------------------------


def start(folder: Path, *more: str) -> "subprocess.Popen[str]":
    """A comparison that would take many minutes, in a process group of its own."""
    command = [sys.executable, "-m", "sim.cli", "compare", str(small_council(folder, 5)), PACKAGE]
    command += ["--replications", "9000", "--hiring-pairs", "0", "--demand-pairs", "0"]
    command += ["--out", str(folder / "out"), *more]
    return subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(),
        encoding="utf-8", start_new_session=True,
    )  # fmt: skip


def members(group: int) -> dict[int, str]:
    """Processes of a group by number, with their commands; those that have ended left out."""
    listing = subprocess.run(
        ["ps", "-ww", "-A", "-o", "pid=,pgid=,stat=,args="],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    rows = [line.split(None, 3) for line in listing.splitlines()]
    return {int(row[0]): row[-1] for row in rows if row[1] == str(group) and row[2][0] != "Z"}


def workers_of(process: "subprocess.Popen[str]", count: int) -> list[int]:
    """The worker processes, once there are so many and they have had time to begin."""
    for _ in range(300):
        found = [n for n, command in members(process.pid).items() if "spawn_main" in command]
        if len(found) == count:
            time.sleep(2)
            return found
        assert process.poll() is None, process.communicate()
        time.sleep(0.1)
    raise AssertionError("no workers came")


def assert_all_gone(process: "subprocess.Popen[str]") -> None:
    """No process of the group is left, after a moment."""
    # A worker ends the pair it is in first: some seconds each, more on a busy machine.
    for _ in range(900):
        if not members(process.pid):
            return
        time.sleep(0.1)
    raise AssertionError(members(process.pid))


@pytest.fixture
def long_run(tmp_path: Path, request: pytest.FixtureRequest) -> "Iterator[subprocess.Popen[str]]":
    """A long comparison; whatever is left of it at the end is ended.

    Its parameter: number of workers, and the engine; in processes where none is given.
    """
    workers, engine = getattr(request, "param", ("2", "simpy"))
    process = start(tmp_path, "--workers", workers, "--engine", engine)
    yield process
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


@POSIX
@pytest.mark.slow
@pytest.mark.parametrize("presses", [1, 3])
@pytest.mark.parametrize("whole_group", [True, False])
def test_ctrl_c_ends_the_run_and_its_workers(
    whole_group: bool, presses: int, long_run: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    assert len(workers_of(long_run, 2)) == 2
    assert names_in(tmp_path) == {"small.toml", "out"}
    for _ in range(presses):
        with suppress(ProcessLookupError):
            (os.killpg if whole_group else os.kill)(long_run.pid, signal.SIGINT)
        time.sleep(0.01)
    out, err = long_run.communicate(timeout=30)
    assert (long_run.returncode, out) == (130, "")
    assert STOPPED.fullmatch(err), err
    assert names_in(tmp_path) == {"small.toml"} | ({"out"} if GO_ON in err else set())
    assert_all_gone(long_run)


@POSIX
@pytest.mark.slow
def test_ctrl_c_while_workers_are_still_starting_is_as_clean(
    long_run: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    end = time.monotonic() + 60
    while not any("spawn_main" in command for command in members(long_run.pid).values()):
        assert long_run.poll() is None
        assert time.monotonic() < end
        time.sleep(0.02)
    os.killpg(long_run.pid, signal.SIGINT)
    out, err = long_run.communicate(timeout=30)
    assert (long_run.returncode, out) == (130, "")
    assert err == "stopped: 0 of 9000 pairs were finished; nothing was written\n"
    assert names_in(tmp_path) == {"small.toml"}
    assert_all_gone(long_run)


@POSIX
@pytest.mark.slow
@pytest.mark.parametrize(
    "long_run", [("1", "simpy"), ("1", "compiled"), ("2", "compiled")], indirect=True
)
def test_ctrl_c_ends_a_run_without_worker_processes(
    long_run: "subprocess.Popen[str]", tmp_path: Path
) -> None:  # fmt: skip
    while not (tmp_path / "out").exists():
        assert long_run.poll() is None
        time.sleep(0.05)
    time.sleep(1)
    long_run.send_signal(signal.SIGINT)
    out, err = long_run.communicate(timeout=10)
    assert (long_run.returncode, out) == (130, "")
    assert STOPPED.fullmatch(err), err
    assert names_in(tmp_path) == {"small.toml"} | ({"out"} if GO_ON in err else set())


@POSIX
@pytest.mark.slow
@pytest.mark.parametrize("after", [0.2, 0.4, 0.7])
def test_ctrl_c_while_it_loads_shows_no_traceback(
    after: float, long_run: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    time.sleep(after)
    long_run.send_signal(signal.SIGINT)
    out, err = long_run.communicate(timeout=30)
    assert (long_run.returncode, out) == (130, "")
    assert len(err.splitlines()) <= 1
    assert names_in(tmp_path) == {"small.toml"}


@POSIX
@pytest.mark.slow
def test_a_worker_that_is_killed_ends_the_run_with_one_line(
    long_run: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    os.kill(workers_of(long_run, 2)[1], signal.SIGKILL)
    out, err = long_run.communicate(timeout=60)
    assert (long_run.returncode, out) == (2, "")
    assert re.fullmatch(
        r"worker process: ended before its time after \d+ of 9000 pairs; (they are kept: go on"
        r" with --resume|nothing was written)\."
        r" Try fewer --workers, or close other programs\n",
        err,
    ), err
    assert names_in(tmp_path) == {"small.toml"} | ({"out"} if GO_ON in err else set())
    assert_all_gone(long_run)


@POSIX
@pytest.mark.slow
def test_a_run_that_is_terminated_tidies_up(
    long_run: "subprocess.Popen[str]", tmp_path: Path
) -> None:  # fmt: skip
    workers_of(long_run, 2)
    long_run.terminate()
    out, err = long_run.communicate(timeout=30)
    assert (long_run.returncode, out, err) == (143, "", "")
    assert names_in(tmp_path) == {"small.toml"}
    assert_all_gone(long_run)


@POSIX
@pytest.mark.slow
def test_workers_leave_when_their_parent_is_killed(long_run: "subprocess.Popen[str]") -> None:
    workers_of(long_run, 2)
    long_run.kill()
    long_run.wait()
    assert_all_gone(long_run)


def test_output_that_is_no_text_stream_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, program: Program
) -> None:
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert program("check", "devon_2021")[0] == 0


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--model", "oracle"), "--model: 'oracle' is no model. Use: engine, recipe"),
        (("--cases", "maybe"), "--cases: 'maybe' is neither on nor off"),
        (("--start", "2017"), "--start 2017: is not from 2018 to 2020"),
        (("--until", "2030"), "--until 2030: is not from 2019 to 2021"),
    ],
)
def test_a_back_test_that_can_not_be_is_refused_in_one_line(
    program: Program, tmp_path: Path, more: tuple[str, str], words: str
) -> None:
    asked = ("--start", "2018", "--until", "2021", "--out", tmp_path / "scores")
    code, out, err = program("backtest", *asked, *more)
    assert (code, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1
    assert not (tmp_path / "scores").exists()
