"""The results store: whole blocks, never computed twice, never stale; export; broken files."""

import csv
import datetime as dt
import os
import random
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pytest

from sim.config.errors import InputError
from sim.config.rules_taken import RulesTaken
from sim.experiment import provenance, runner
from sim.experiment.executors import Means
from sim.experiment.keys import block_key, study_digest
from sim.experiment.replicate import AS_ASKED, Study, Task, at_gamma, make_study
from sim.experiment.runner import Block, run_block
from sim.experiment.store import Run, Store
from sim.experiment.store_export import Format, export
from sim.experiment.store_layout import INDICATOR_NAMES
from sim.experiment.store_open import STORAGE_VERSION, connect, writing
from sim.inputs.run_options import RunOptions
from sim.outcomes.indicators import INDEX
from sim.presentation.export import export_study
from sim.presentation.study_dictionary import STUDY_TABLES
from sim.presentation.sweep import STUDY, SweepQuestion, run_sweep
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


def test_a_store_holds_every_value_of_every_run(finished: Path) -> None:
    held = contents(finished)
    assert len(held["scenarios"]) == 6
    assert len(held["blocks"]) == 4
    assert len(held["runs"]) == 24
    assert {row[0] for row in held["points"]} == {1, 2, 3, 4}
    council = devon().model_copy(update={"horizon_years": 1})
    fixed = {"labour_market.vacancy_elasticity": 0.1}
    study = make_study(council, evidence().behaviour, (baseline(),), 1, fixed=fixed)
    [first, second] = run_block(study, (Task(2), Task(3)))
    with duckdb.connect(str(finished), read_only=True) as connection:
        for result in (first, second):
            [outcome] = result.outcomes[AS_ASKED]
            [(run, value)] = connection.execute(
                "SELECT run, present_value_gbp FROM runs WHERE scenario = 0 AND pair = ?",
                [result.pair],
            ).fetchall()
            assert value == outcome.present_value_gbp
            stored = connection.execute(
                "SELECT * FROM monthly_wide WHERE run = ? ORDER BY team, month", [run]
            ).fetchnumpy()
            for name in INDICATOR_NAMES:
                expected = outcome.table[INDEX[name], :, :12].ravel()
                held_here = np.ma.filled(stored[name], np.nan)
                assert np.array_equal(held_here, expected, equal_nan=True), name
            spent = connection.execute(
                "SELECT sum(spent_gbp) FROM ledger WHERE run = ?", [run]
            ).fetchall()[0][0]
            assert spent == pytest.approx(outcome.spent_gbp.sum())


def test_the_tidy_view_leaves_out_what_has_no_value(finished: Path) -> None:
    with duckdb.connect(str(finished), read_only=True) as connection:
        rows = connection.execute(
            "SELECT date, value FROM monthly WHERE run = 0 AND team = 'all'"
            " AND indicator = 'inpost_fte' ORDER BY date"
        ).fetchall()
        loads = connection.execute("SELECT count(*) FROM monthly WHERE indicator = 'load'")
        assert loads.fetchall() == [(0,)]
    assert rows[0][0] == dt.date(2021, 9, 30)
    assert all(200 < value < 500 for _, value in rows)


# Resuming ---------------------------------------------------------------------------------


def test_a_study_that_is_there_is_not_written_over(finished: Path) -> None:
    with pytest.raises(InputError, match="holds a study already"):
        Store(finished, resume=False)


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
        ("seed", 2, "other inputs"),
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


# Growing, and killed ----------------------------------------------------------------------


class Growing:
    """A study that grows by blocks of four runs, whose values no compression makes smaller."""

    def __init__(self) -> None:
        study = make_study(devon(), evidence().behaviour, (baseline(),), 1)
        self.plan = study.plan(study.scenarios[0], 1)
        [result] = run_block(study, (Task(0),))
        [self.outcome] = result.outcomes[AS_ASKED]
        self.random = np.random.default_rng(1)

    def write(self, store: Store, blocks: range) -> None:
        """Blocks with new values."""
        shape = self.outcome.table.shape
        for block in blocks:
            outcomes = [replace(self.outcome, table=self.random.random(shape)) for _ in range(4)]
            runs = [Run(0, pair, self.plan, outcome) for pair, outcome in enumerate(outcomes)]
            store.write(str(block), 1, block, {"a number": 0.5}, runs)


def test_a_killed_study_of_many_megabytes_goes_on(tmp_path: Path) -> None:
    """With a log to take in, and through more checkpoints: a resume must not run out of memory."""
    grown, killed = tmp_path / STUDY, tmp_path / "killed" / STUDY
    log = grown.with_name(f"{STUDY}.wal")
    killed.parent.mkdir()
    study, blocks = Growing(), 46
    with Store(grown, resume=False) as store:
        study.write(store, range(blocks))
        # What stands on the disk now is what a program that is killed now leaves.
        for file in (grown, log):
            shutil.copyfile(file, killed.parent / file.name)
    assert killed.stat().st_size > 30e6
    assert killed.with_name(log.name).stat().st_size > 4e6
    with Store(killed, resume=True) as store:
        assert len(store.finished()) == blocks
        study.write(store, range(blocks, blocks + 16))
    with Store(killed, resume=True) as store:
        assert len(store.finished()) == blocks + 16


def test_a_log_stays_small(tmp_path: Path) -> None:
    study, log = Growing(), tmp_path / f"{STUDY}.wal"
    with Store(tmp_path / STUDY, resume=False) as store:
        for block in range(20):
            study.write(store, range(block, block + 1))
            assert not log.exists() or log.stat().st_size < 9e6


@pytest.mark.parametrize("begun", [b"", b"\0" * 8 + b"DUCK" + b"\0" * 4084])
def test_a_study_that_was_killed_as_its_file_was_begun_begins_anew(
    begun: bytes, tmp_path: Path
) -> None:
    (tmp_path / STUDY).write_bytes(begun)
    with Store(tmp_path / STUDY, resume=True) as store:
        assert store.finished() == set()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (duckdb.OutOfMemoryException("Out of Memory Error: it failed"), "needs more memory"),
        (duckdb.FatalException("FATAL Error: Failed to commit: failed to pin block of size 256.0"
                               " KiB (30.4 MiB/30.5 MiB used)"), "needs more memory"),
        (duckdb.FatalException("FATAL Error: Failed to commit: could not allocate block of size"
                               " 256.0 KiB (30.3 MiB/30.5 MiB used)"), "needs more memory"),
        (MemoryError(), r"needs more memory than there is \(MemoryError\)"),
        (duckdb.FatalException("FATAL Error: Failed to commit: Could not write file \"a\": No space"
                               " left on device"), "can't be written"),
        (duckdb.IOException("IO Error: Corrupt database file: computed checksum 1 does not match"
                            " stored checksum 2 in block at location 3"), "is damaged"),
    ],
)  # fmt: skip
def test_what_went_wrong_is_told_apart(error: Exception, said: str, tmp_path: Path) -> None:
    with (
        duckdb.connect() as connection,
        pytest.raises(InputError, match=said) as told,
        writing(connection, tmp_path / STUDY),
    ):
        raise error
    assert ("disk" in told.value.line()) == (said == "can't be written")


# Bytes that have changed ------------------------------------------------------------------


def flipped(finished: Path, folder: Path, place: int) -> Path:
    """A study's folder in which one bit of the file is another."""
    out = folder / "out"
    shutil.copytree(finished.parent, out, dirs_exist_ok=True)
    data = bytearray(finished.read_bytes())
    data[place] ^= 1 << (place % 8)
    (out / STUDY).write_bytes(data)
    return out / STUDY


def test_no_study_is_gone_on_with_whose_bytes_have_changed(finished: Path, tmp_path: Path) -> None:
    """Wherever one bit is another: the study is refused, or all its values are as they were."""
    places = random.Random(1).sample(range(finished.stat().st_size), 12)
    held, noticed = contents(finished), 0
    for place in places:
        study = flipped(finished, tmp_path, place)
        before = study.read_bytes()
        said = ""
        try:
            sweep(tmp_path, resume=True)
        except InputError as error:
            said = error.line()
        if said:
            noticed += 1
            assert "is damaged" in said or "can't be read" in said
            assert study.read_bytes() == before
        else:
            assert contents(study) == held
    assert noticed > len(places) / 2


def test_an_export_of_a_damaged_study_does_not_blame_the_folder(
    finished: Path, tmp_path: Path
) -> None:
    with duckdb.connect(str(finished), read_only=True) as connection:
        [(block,)] = connection.execute(
            "SELECT block_id FROM pragma_storage_info('ledger') WHERE column_name = 'spent_gbp'"
            " AND segment_type = 'DOUBLE' AND block_id > 0 LIMIT 1"
        ).fetchall()
    study = flipped(finished, tmp_path, 3 * 4096 + block * 262_144 + 5000)
    with pytest.raises(InputError, match=r"study\.duckdb: is damaged"):
        export_study(study, "csv", tmp_path / "tables")
    assert not (tmp_path / "tables").exists()


# Who can open it --------------------------------------------------------------------------


def test_a_study_is_written_for_the_oldest_duckdb_that_caseholder_runs_on(
    finished: Path, root: Path
) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{finished}' AS study (READ_ONLY)")
        [(tags,)] = connection.execute(
            "SELECT tags FROM duckdb_databases() WHERE database_name = 'study'"
        ).fetchall()
    assert STORAGE_VERSION in tags["storage_version"]
    oldest = STORAGE_VERSION.removeprefix("v").removesuffix(".0")
    assert f'"duckdb>={oldest}"' in (root / "pyproject.toml").read_text(encoding="utf-8")
    assert f"DuckDB {oldest} or later" in (root / "docs" / "analyst.md").read_text(encoding="utf-8")


@pytest.mark.skipif("OLDER_DUCKDB" not in os.environ, reason="names no Python with an older DuckDB")
def test_an_older_duckdb_reads_a_study(finished: Path) -> None:
    """With OLDER_DUCKDB=/tmp/older/bin/python, say, where DuckDB 1.4.4 is installed."""
    code = (
        "import sys, duckdb\n"
        "with duckdb.connect(sys.argv[1], read_only=True) as c:\n"
        "    print(*c.execute('SELECT count(*) FROM runs').fetchall()[0])\n"
        "    print(*c.execute('SELECT sum(value) FROM monthly').fetchall()[0])\n"
    )
    told = subprocess.run(
        [os.environ["OLDER_DUCKDB"], "-c", code, str(finished)],
        capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    with duckdb.connect(str(finished), read_only=True) as connection:
        [(total,)] = connection.execute("SELECT sum(value) FROM monthly").fetchall()
    assert int(told[0]) == len(contents(finished)["runs"])
    assert float(told[1]) == pytest.approx(total, rel=1e-12)


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


# Files that are none ----------------------------------------------------------------------


def altered(finished: Path, folder: Path, *statements: str) -> Path:
    """A copy of a store, changed."""
    copy = folder / "altered.duckdb"
    copy.write_bytes(finished.read_bytes())
    with duckdb.connect(str(copy)) as connection:
        for statement in statements:
            connection.execute(statement)
    return copy


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE manifest SET value = '99' WHERE name = 'layout_version'", "has layout 99"),
        ("DELETE FROM manifest WHERE name = 'layout_version'", "has layout none"),
        ("DROP TABLE ledger", "lacks the table ledger"),
        ("DROP TABLE manifest", "is a database, but no study"),
        ("DROP TABLE runs; CREATE VIEW runs AS SELECT 1 AS run", "lacks the table runs"),
    ],
)
def test_a_store_of_another_kind_is_refused(
    statement: str, said: str, finished: Path, tmp_path: Path
) -> None:
    copy = altered(finished, tmp_path, *statement.split("; "))
    for read_only in (True, False):
        with pytest.raises(InputError, match=said):
            connect(copy, read_only=read_only)


@pytest.mark.parametrize("damage", ["text", "cut", "scrambled", "folder"])
def test_a_broken_file_is_refused(damage: str, finished: Path, tmp_path: Path) -> None:
    file = tmp_path / "broken.duckdb"
    data = bytearray(finished.read_bytes())
    if damage == "text":
        data = bytearray(b"run,date\n" * 2000)
    elif damage == "cut":
        del data[len(data) // 4 :]
    elif damage == "scrambled":
        data[4096 : len(data) // 2] = b"x" * (len(data) // 2 - 4096)
    if damage == "folder":
        file.mkdir()
    else:
        file.write_bytes(data)
    with pytest.raises(InputError, match=r"can't be read as a study|is damaged|is no file"):
        export(file, Format.CSV, tmp_path)


def test_a_study_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no file"):
        export_study(tmp_path / "none.duckdb", "csv", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_study_in_use_by_another_process_is_refused(finished: Path, tmp_path: Path) -> None:
    copy = altered(finished, tmp_path)
    code = "import sys, duckdb\nc = duckdb.connect(sys.argv[1])\nprint('open', flush=True)\ninput()"
    command = [sys.executable, "-c", code, str(copy)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"open"
        for read_only in (True, False):
            with pytest.raises(InputError, match="is in use by another program"):
                connect(copy, read_only=read_only)
        other.communicate(b"\n")
    connect(copy).close()


# Export -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_an_export_holds_what_the_study_holds(kind: str, finished: Path, tmp_path: Path) -> None:
    out = tmp_path / "it's; DROP TABLE runs" / kind
    names = export_study(finished, kind, out)
    assert {path.name for path in out.iterdir()} == set(names)
    assert f"monthly.{kind}" in names
    with duckdb.connect() as connection:
        read = "read_csv" if kind == "csv" else "read_parquet"
        for table in ("runs", "ledger", "yearly", "points", "draws"):
            file = str(out / f"{table}.{kind}")
            rows = connection.execute(f"SELECT * FROM {read}(?) ORDER BY ALL", [file]).fetchall()
            held = contents(finished)[table]
            assert len(rows) == len(held)
            assert [row[0] for row in rows] == [row[0] for row in held]
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
