"""A study that is kept: killed and gone on with, refused where it is another, opened again."""

import os
import random
import shutil
import signal
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.config.errors import InputError
from sim.experiment import reopen, results, results_file, runner
from sim.experiment.compare import Comparison, compare, demands_beside
from sim.experiment.differing import first_difference
from sim.experiment.kept import STUDY, UNFINISHED, finish, kept_study, stated_of
from sim.experiment.keys import study_digest
from sim.experiment.pool import worker_pool
from sim.experiment.reopen import open_studies, open_study, stated_in
from sim.experiment.replicate import Study, TaskResult, make_study
from sim.experiment.results import Results
from sim.experiment.runner import Block, run_block
from sim.experiment.threads import ThreadPool
from sim.presentation.comparison_files import write_comparison
from sim.scenario.scenario import baseline
from tests.held import every_table
from tests.helpers import devon, evidence, package

PAIRS, GAMMA_PAIRS = 6, 3
ROOM = 480_000
"""Bytes of a store with room for what is asked, and a block or two."""
Done = Callable[[TaskResult], None]
FORKS = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a copy of this process")


def study(seed: int = 1, years: int = 1) -> Study:
    """A year of Devon, its staffing alone."""
    council = devon().model_copy(update={"horizon_years": years})
    return make_study(council, evidence().behaviour, (baseline(), package()), seed)


def run(
    folder: Path,
    asked: Study | None = None,
    *,
    resume: bool = False,
    on_done: Done = lambda _: None,
    stated: Mapping[str, Any] | None = None,
    workers: int = 1,
) -> Comparison:
    """Run a study into a folder, or what it lacks."""
    asked = asked or study()
    said = (
        stated_of(asked.engine, asked.seed)
        | {"settings": {"gamma_pairs": GAMMA_PAIRS}}
        | dict(stated or {})
    )
    with (
        kept_study(folder, said, resume=resume) as store,
        worker_pool(workers, ThreadPool) as pool,
    ):
        found = compare(asked, PAIRS, (0.1,), GAMMA_PAIRS, pool, on_done, results=store)
    finish(store, folder)
    return found


def killed(folder: Path, *, pairs: int, resume: bool) -> None:
    """Have a copy of this process run a study, and be killed after so many pairs."""
    child = os.fork()
    if child == 0:
        left = pairs

        def count(_: TaskResult) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        run(folder, resume=resume, on_done=count)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a study that nothing disturbed."""
    folder = tmp_path_factory.mktemp("whole")
    run(folder)
    return folder


@pytest.fixture
def begun(whole: Path, tmp_path: Path) -> Path:
    """A folder whose study was broken off after its last block."""
    shutil.copyfile(whole / STUDY, tmp_path / UNFINISHED)
    return tmp_path


@pytest.fixture
def blocks_run(monkeypatch: pytest.MonkeyPatch) -> list[Block]:
    """Every block that is computed from now on."""
    found: list[Block] = []

    def counted(study: Study, block: Block) -> object:
        found.append(block)
        return run_block(study, block)

    monkeypatch.setattr(runner, "run_block", counted)
    return found


# Killed, and gone on with -----------------------------------------------------------------


@FORKS
def test_killed_three_times_it_ends_in_the_same_bytes(
    whole: Path, tmp_path: Path, blocks_run: list[Block], monkeypatch: pytest.MonkeyPatch
) -> None:
    killed(tmp_path, pairs=2, resume=False)
    killed(tmp_path, pairs=1, resume=True)
    insert = Results._insert

    def dies(self: Results, table: str, rows: Any) -> None:
        insert(self, table, rows[: len(rows) // 2] if table == "pieces" else rows)
        if table == "pieces":
            self._open.execute("PRAGMA cache_spill = 1")
            os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(Results, "_insert", dies)
    killed(tmp_path, pairs=9, resume=True)
    monkeypatch.setattr(Results, "_insert", insert)
    assert {path.name for path in tmp_path.iterdir()} <= {UNFINISHED, f"{UNFINISHED}-journal"}
    run(tmp_path, resume=True)
    assert len(blocks_run) == 1, "two of three were there: none is computed twice"
    assert (tmp_path / STUDY).read_bytes() == (whole / STUDY).read_bytes()
    assert {path.name for path in tmp_path.iterdir()} == {STUDY}


def test_two_workers_write_the_same_bytes(whole: Path, tmp_path: Path) -> None:
    run(tmp_path, workers=2)
    assert (tmp_path / STUDY).read_bytes() == (whole / STUDY).read_bytes()


def test_a_finished_study_is_gone_on_with_and_nothing_is_run(
    whole: Path, tmp_path: Path, blocks_run: list[Block]
) -> None:
    shutil.copyfile(whole / STUDY, tmp_path / STUDY)
    run(tmp_path, resume=True)
    assert blocks_run == []
    assert (tmp_path / STUDY).read_bytes() == (whole / STUDY).read_bytes()


def test_a_study_that_was_broken_off_is_not_written_over(begun: Path) -> None:
    with pytest.raises(InputError, match=r"broken off\. Go on with --resume"):
        run(begun)


def test_a_finished_study_stands_until_the_next_is_whole(whole: Path, tmp_path: Path) -> None:
    shutil.copyfile(whole / STUDY, tmp_path / STUDY)

    def stop(_: TaskResult) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, study(seed=2), on_done=stop)
    assert (tmp_path / STUDY).read_bytes() == (whole / STUDY).read_bytes()
    run(tmp_path, study(seed=2), resume=True)
    assert (tmp_path / STUDY).read_bytes() != (whole / STUDY).read_bytes()


def test_one_that_is_stopped_before_its_first_block_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(runner, "run_block", stop)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path)
    assert list(tmp_path.iterdir()) == []


# Of something else ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "stated", "said"),
    [
        ({"seed": 2}, {}, "was begun with seed = 1, here 2"),
        ({"years": 2}, {}, "was begun with council.horizon_years = 1, here 2"),
        ({}, {"settings": {"gamma_pairs": 4}}, "begun with settings.gamma_pairs = 3, here 4"),
        ({}, {"engine": "simpy"}, 'begun with engine = "compiled", here "simpy"'),
        ({}, {"program": "another"}, "was made by another version of the program"),
    ],
)
def test_a_study_of_something_else_is_not_gone_on_with(
    asked: dict[str, int], stated: dict[str, Any], said: str, begun: Path
) -> None:
    before = (begun / UNFINISHED).read_bytes()
    with pytest.raises(InputError, match=said) as refused:
        run(begun, study(**asked), resume=True, stated=stated)
    assert refused.value.line().startswith(str(begun / UNFINISHED))
    assert "choose another --out" in refused.value.line()
    assert (begun / UNFINISHED).read_bytes() == before


def test_wherever_one_bit_is_another_it_is_noticed_or_nothing_has_changed(
    whole: Path, begun: Path
) -> None:
    data = (whole / STUDY).read_bytes()
    held = every_table(open_study(whole).average)
    with Results(whole / STUDY, read_only=True) as store:
        pieces = store.rows("SELECT packed FROM pieces WHERE series IN (0, 4) AND block < 2")
    kept = [data.index(piece) + 9 for (piece,) in pieces]
    noticed = set()
    for place in (*kept, *random.Random(1).sample(range(len(data)), 12)):
        flipped = bytearray(data)
        flipped[place] ^= 1 << (place % 8)
        (begun / UNFINISHED).write_bytes(flipped)
        try:
            found = run(begun, resume=True)
        except InputError:
            noticed.add(place)
            assert (begun / UNFINISHED).read_bytes() == flipped
        else:
            assert np.array_equal(every_table(found.average), held, equal_nan=True), place
    assert noticed >= set(kept)


def test_a_study_in_use_is_refused(begun: Path) -> None:
    with Results(begun / UNFINISHED), pytest.raises(InputError, match="in use by another program"):
        run(begun, resume=True)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("PRAGMA user_version = 99", "has layout 99 of the store, where this version reads"),
        ("PRAGMA application_id = 1", "is a database, but no study"),
        ("CREATE VIEW more AS SELECT 1", "is damaged: its tables are not those that were made"),
        ("DELETE FROM blocks WHERE block = 1", "is damaged: block 1 is not there"),
        ("DELETE FROM pieces WHERE block = 1 AND series = 3", "block 1 is not what was written"),
        ("UPDATE cells SET asked = '{}'", "what it says of the study is not what was written"),
    ],
)
def test_a_file_that_somebody_changed_is_refused(statement: str, said: str, begun: Path) -> None:
    connection = sqlite3.connect(begun / UNFINISHED)
    with connection:
        connection.execute(statement)
    connection.close()
    with pytest.raises(InputError, match=said):
        run(begun, resume=True)
    with pytest.raises(InputError, match=said):
        open_study(begun / UNFINISHED)


@pytest.mark.parametrize("data", [b"run,date\n" * 2000, b"SQLite format 3\x00" + b"x" * 9000])
def test_a_file_that_is_no_study_is_refused(data: bytes, tmp_path: Path) -> None:
    (tmp_path / STUDY).write_bytes(data)
    with pytest.raises(InputError, match=r"can't be read as a study|is damaged"):
        open_study(tmp_path)


# No room ----------------------------------------------------------------------------------


def full(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every store has room for one block, about, from now on."""
    connect = results_file.connect

    def small(path: Path | None, **options: Any) -> sqlite3.Connection:
        connection = connect(path, **options)
        connection.execute(f"PRAGMA max_page_count = {ROOM // results_file.PAGE_BYTES}")
        return connection

    monkeypatch.setattr(results, "connect", small)


def test_a_full_disk_is_told_and_what_is_finished_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full(monkeypatch)
    with pytest.raises(InputError, match=r"is full\); finished blocks are kept") as told:
        run(tmp_path)
    assert "Make room on the disk, then go on with --resume" in told.value.line()
    monkeypatch.undo()
    run(tmp_path, resume=True)
    assert (tmp_path / STUDY).exists()


def test_no_room_for_a_store_without_a_name_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    full(monkeypatch)
    with pytest.raises(InputError, match="temporary files: has no room for the runs"):
        compare(study(), PAIRS)


# Opened again -----------------------------------------------------------------------------


def test_it_is_opened_again_with_the_same_numbers_to_the_bit(
    whole: Path, tmp_path: Path, blocks_run: list[Block]
) -> None:
    again, fresh = open_study(whole), compare(study(), PAIRS, (0.1,), GAMMA_PAIRS)
    assert len(blocks_run) == PAIRS / 2, "those of the fresh one alone"
    assert study_digest(again.study) == study_digest(fresh.study)
    for one, other in zip(again.variants, fresh.variants, strict=True):
        assert (one.gamma, one.draws.tolist()) == (other.gamma, other.draws.tolist())
        assert np.array_equal(every_table(one), every_table(other), equal_nan=True)
    for name, comparison in (("again", again), ("fresh", fresh)):
        (tmp_path / name).mkdir()
        write_comparison(comparison, tmp_path / name)
    files = {path.name for path in (tmp_path / "fresh").iterdir()}
    assert {"summary.csv", "differences.csv", "ledger.csv", "money.csv"} <= files
    for name in files:
        texts = [(tmp_path / which / name).read_bytes() for which in ("again", "fresh")]
        assert texts[0] == texts[1], name
    assert stated_in(whole)["settings"] == {"gamma_pairs": GAMMA_PAIRS}


def test_a_study_holds_several_comparisons(tmp_path: Path) -> None:
    both = study(), replace(study(), scenarios=(baseline(),))
    with kept_study(tmp_path, stated_of(both[0].engine, 1), resume=False) as store:
        first, second = (compare(one, 2, results=store) for one in both)
    finish(store, tmp_path)
    again = open_studies(tmp_path)
    for one, other in zip(again, (first, second), strict=True):
        assert np.array_equal(every_table(one.average), every_table(other.average), equal_nan=True)


def test_whatever_its_runs_stand_under_is_opened_again(tmp_path: Path) -> None:
    asked = study()
    with kept_study(tmp_path, stated_of(asked.engine, 1), resume=False) as store:
        demands = demands_beside(asked)
        fresh = compare(
            asked, 2, (0.1, 0.8), 2, demands=demands, demand_pairs=2, loop_pairs=2, results=store
        )
    finish(store, tmp_path)
    again = open_study(tmp_path)
    assert fresh.loop_off is not None
    assert again.loop_off is not None
    assert [v.demand for v in again.demand_variants] == [v.demand for v in fresh.demand_variants]
    both = ((*each.variants, *each.demand_variants) for each in (again, fresh))
    for one, other in [*zip(*both, strict=True), (again.loop_off, fresh.loop_off)]:
        assert one.condition == other.condition
        assert np.array_equal(every_table(one), every_table(other), equal_nan=True)


def test_one_that_was_broken_off_or_is_of_another_version_is_not_opened(
    begun: Path, whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InputError, match=r"broken off\. Go on with --resume"):
        open_study(begun)
    monkeypatch.setattr(reopen, "fingerprint", lambda: "another")
    with pytest.raises(InputError, match=r"another version of the program \(\d"):
        open_study(whole)


def test_what_is_missing_is_told(tmp_path: Path) -> None:
    def stop(_: TaskResult) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, on_done=stop)
    with pytest.raises(InputError, match=r"lacks runs that it was asked for\. Go on with --resume"):
        open_study(tmp_path / UNFINISHED)


def test_first_differences_are_told_short() -> None:
    said = first_difference({"a": [1, {"b": "x" * 99}]}, {"a": [1, {"b": None}]})
    assert said.startswith('a.1.b = "xxx')
    assert said.endswith("..., here null")
