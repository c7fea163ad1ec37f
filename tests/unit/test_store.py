"""A sweep in the results store: nothing computed twice, nothing stale; keys; export."""

import csv
import datetime as dt
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pytest

from sim.config.errors import InputError
from sim.config.rules_taken import RulesTaken
from sim.experiment import provenance, runner
from sim.experiment.executors import Means
from sim.experiment.export import DATABASE, OLDEST
from sim.experiment.kept import STUDY
from sim.experiment.keys import block_key, study_digest
from sim.experiment.replicate import AS_ASKED, Study, Task, at_gamma, make_study
from sim.experiment.results_layout import INDICATOR_NAMES
from sim.experiment.runner import Block, run_block
from sim.inputs.run_options import RunOptions
from sim.outcomes.indicators import INDEX
from sim.presentation.export import export_study
from sim.presentation.study_dictionary import STUDY_TABLES
from sim.presentation.sweep import SweepQuestion, run_sweep
from sim.scenario.scenario import baseline
from tests.helpers import devon, evidence, package
from tests.sweeps import contents, small_sweep


@pytest.fixture
def blocks_run(monkeypatch: pytest.MonkeyPatch) -> list[Block]:
    """Every block that is computed from now on."""
    found: list[Block] = []

    def counted(study: Study, block: Block) -> object:
        found.append(block)
        return run_block(study, block)

    monkeypatch.setattr(runner, "run_block", counted)
    return found


def sweep(folder: Path, pairs: int = 4, *, resume: bool = False, seed: int = 1) -> Path:
    """Run the small sweep; its store."""
    file = small_sweep(folder, pairs, seed)
    run_sweep(SweepQuestion(str(file), folder / "out", Means(), resume=resume))
    return folder / "out" / STUDY


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sweep(tmp_path_factory.mktemp("finished"))


# What it holds ----------------------------------------------------------------------------


def test_a_store_holds_every_value_of_every_run(finished: Path, tmp_path: Path) -> None:
    held = contents(finished)
    counts = {table: len(rows) for table, rows in held.items()}
    assert (counts["scenarios"], counts["blocks"], counts["runs"]) == (6, 4, 24)
    assert {row[0] for row in held["points"]} == {1, 2, 3, 4}
    council = devon().model_copy(update={"horizon_years": 1})
    fixed = {"labour_market.vacancy_elasticity": 0.1}
    study = make_study(council, evidence().behaviour, (baseline(),), 1, fixed=fixed)
    [first, second] = run_block(study, (Task(2), Task(3)))
    export_study(finished, "duckdb", tmp_path / "out")
    with duckdb.connect(str(tmp_path / "out" / DATABASE), read_only=True) as connection:
        for result in (first, second):
            [outcome] = result.outcomes[AS_ASKED]
            [(run, value)] = connection.execute(
                "SELECT run, present_value_gbp FROM runs WHERE scenario = 0 AND pair = ?",
                [result.pair],
            ).fetchall()
            assert value == outcome.present_value_gbp
            stored = connection.execute(
                "SELECT * FROM monthly_wide WHERE run = ? ORDER BY rowid", [run]
            ).fetchnumpy()
            for name in INDICATOR_NAMES:
                expected = outcome.table[INDEX[name], :, :12].ravel()
                held_here = np.ma.filled(stored[name], np.nan)
                assert np.array_equal(held_here, expected, equal_nan=True), name
            spent = connection.execute(
                "SELECT sum(spent_gbp) FROM ledger WHERE run = ?", [run]
            ).fetchall()[0][0]
            assert spent == pytest.approx(outcome.spent_gbp.sum())
        rows = connection.execute(
            "SELECT date, value FROM monthly WHERE run = 0 AND team = 'all'"
            " AND indicator = 'inpost_fte' ORDER BY date"
        ).fetchall()
        loads = connection.execute("SELECT count(*) FROM monthly WHERE indicator = 'load'")
        assert loads.fetchall() == [(0,)], "what has no value is left out"
    assert rows[0][0] == dt.date(2021, 9, 30)
    assert all(200 < value < 500 for _, value in rows)


# Resuming ---------------------------------------------------------------------------------


def test_a_study_that_is_there_is_not_written_over(finished: Path) -> None:
    with pytest.raises(InputError, match="holds a study already"):
        sweep(finished.parent.parent)


def test_nothing_is_computed_twice(tmp_path: Path, blocks_run: list[Block]) -> None:
    first = contents(sweep(tmp_path))
    assert len(blocks_run) == 4
    assert contents(sweep(tmp_path, resume=True)) == first
    assert len(blocks_run) == 4


def test_more_pairs_compute_only_those_that_are_missing(
    tmp_path: Path, blocks_run: list[Block], finished: Path
) -> None:
    more = contents(sweep(tmp_path, 4))
    assert more == contents(finished)
    longer = contents(sweep(tmp_path, 8, resume=True))
    assert len(blocks_run) == 8
    assert len(longer["runs"]) == 48
    assert longer["runs"][:24] == more["runs"]


@pytest.mark.parametrize(
    ("attribute", "value", "said"),
    [
        ("fingerprint", "another", "another version of the program"),
        ("seed", 2, "was begun with seed = 1, here 2"),
    ],
)
def test_nothing_stale_is_served(
    attribute: str, value: object, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(sweep(tmp_path))
    seed = 1
    if attribute == "seed":
        seed = 2
    else:
        for module in ("keys", "cluster"):
            monkeypatch.setattr(f"sim.experiment.{module}.fingerprint", lambda: value)
        monkeypatch.setattr("sim.presentation.sweep.fingerprint", lambda: value)
    with pytest.raises(InputError, match=said):
        sweep(tmp_path, resume=True, seed=seed)
    assert contents(tmp_path / "out" / STUDY) == before


# Keys -------------------------------------------------------------------------------------


def test_a_key_changes_with_everything_that_numbers_hang_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    study = make_study(devon(), evidence().behaviour, (baseline(), package()), 1)
    block = (Task(0), Task(1))
    shorter = devon().model_copy(update={"horizon_years": 1})
    others = [
        make_study(shorter, study.behaviour, study.scenarios, 1),
        make_study(devon(), study.behaviour, study.scenarios[:1], 1),
        make_study(devon(), study.behaviour, study.scenarios, 2),
        make_study(
            devon(),
            study.behaviour,
            study.scenarios,
            1,
            RunOptions(agency_rules=RulesTaken.OFF, casework=False),
        ),
        replace(study, fixed=(("labour_market.vacancy_elasticity", 0.4),)),
    ]
    keys = {block_key(study_digest(other), block) for other in (study, *others)}
    keys.add(block_key(study_digest(study), block[:1]))
    keys.add(block_key(study_digest(study), (Task(2), Task(3))))
    keys.add(block_key(study_digest(study), (Task(0, (at_gamma(0.1),)), Task(1))))
    again = make_study(devon(), evidence().behaviour, (baseline(), package()), 1)
    assert block_key(study_digest(again), block) in keys
    assert len(keys) == 9
    monkeypatch.setattr("sim.experiment.keys.fingerprint", lambda: "another")
    assert block_key(study_digest(study), block) not in keys


def test_the_fingerprint_is_of_the_source_that_makes_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in ("engine/a.py", "presentation/b.py", "papers/c.py", "cli.py"):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text("one", encoding="utf-8")
    monkeypatch.setattr(provenance, "_package_folder", lambda: tmp_path)
    found = []
    for file in ("", "presentation/b.py", "papers/c.py", "cli.py", "engine/a.py"):
        if file:
            (tmp_path / file).write_text("other", encoding="utf-8")
        found.append((provenance.fingerprint.__wrapped__(), provenance.source_hash.__wrapped__()))
    program, whole = zip(*found, strict=True)
    assert program[0] == program[1] == program[2] == program[3] != program[4]
    assert len(set(whole)) == 5


# Export -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_an_export_holds_what_the_study_holds(kind: str, finished: Path, tmp_path: Path) -> None:
    out = tmp_path / "it's; DROP TABLE runs" / kind
    names = export_study(finished, kind, out)
    assert {path.name for path in out.iterdir()} == set(names)
    assert f"monthly.{kind}" in names
    with duckdb.connect() as connection:
        read = "read_csv" if kind == "csv" else "read_parquet"
        held = {table: len(rows) for table, rows in contents(finished).items()}
        held |= {"yearly": 2 * held["runs"], "manifest": held["manifest"] - 1}
        for table in ("manifest", "runs", "yearly", "points", "scenarios", "draws"):
            file = str(out / f"{table}.{kind}")
            rows = connection.execute(f"SELECT * FROM {read}(?)", [file]).fetchall()
            assert len(rows) == held[table], table
        for name in names[:-1]:
            found = connection.execute(f"DESCRIBE SELECT * FROM {read}(?)", [str(out / name)])
            assert {column for column, *_ in found.fetchall()} <= set(
                STUDY_TABLES[Path(name).stem]
            ), name
    if kind == "csv":
        with (out / "monthly.csv").open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines)
            assert reader.fieldnames == ["run", "date", "team", "indicator", "value"]
            first = next(reader)
        assert (first["run"], first["date"], first["team"]) == ("0", "2021-09-30", "all")


def test_an_unknown_format_is_refused(finished: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="'xlsx' is no format"):
        export_study(finished, "xlsx", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_export_of_a_damaged_study_does_not_blame_the_folder(
    finished: Path, tmp_path: Path
) -> None:
    data = bytearray(finished.read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / STUDY).write_bytes(data)
    with pytest.raises(InputError, match=r"study\.sqlite: (is damaged|can't be read)"):
        export_study(tmp_path / STUDY, "csv", tmp_path / "tables")
    assert not (tmp_path / "tables").exists()


def test_an_exported_database_opens_with_the_oldest_duckdb(
    finished: Path, tmp_path: Path, root: Path
) -> None:
    names = export_study(finished, "duckdb", tmp_path / "out")
    assert names[0] == DATABASE
    assert {path.name for path in (tmp_path / "out").iterdir()} == set(names)
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{tmp_path / 'out' / DATABASE}' AS study (READ_ONLY)")
        [(tags,)] = connection.execute(
            "SELECT tags FROM duckdb_databases() WHERE database_name = 'study'"
        ).fetchall()
    assert OLDEST in tags["storage_version"]
    oldest = OLDEST.removeprefix("v").removesuffix(".0")
    assert f'"duckdb>={oldest}"' in (root / "pyproject.toml").read_text(encoding="utf-8")
