"""A sweep that is killed, starved of room or robbed of a worker ends in the same numbers."""

import math
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from sim.config.errors import InputError
from sim.engine.engines import Engine
from sim.experiment.cluster import cluster_pool
from sim.experiment.executors import Means
from sim.experiment.kept import STUDY
from sim.presentation.sweep import SweepQuestion, run_sweep
from tests.sweeps import contents, small_sweep

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="signals and mounts are POSIX's"),
]

TOP = Path(__file__).resolve().parents[2]
PAIRS = 30
BLOCKS = 2 * PAIRS // 2
KILLS = 5

COUNTING = """
import sys
from sim.experiment import runner
from sim.experiment.keys import block_key, study_digest
whole, path = runner.run_block, sys.argv.pop(1)

def counted(study, block):
    with open(path, "a") as log:
        log.write(block_key(study_digest(study), block) + chr(10))
    return whole(study, block)

runner.run_block = counted
from sim.cli import main
main()
"""
"""The program, which first writes the key of each block that it begins to a file."""


def begun(out: Path, file: Path, *more: str) -> "subprocess.Popen[str]":
    """A sweep in a process group of its own, in one process unless workers are asked for."""
    command = [sys.executable, "-m", "sim.cli", "sweep", str(file), "--out", str(out)]
    return start([*command, "--engine", "simpy", *more])


def start(command: list[str]) -> "subprocess.Popen[str]":
    env = os.environ | {"PYTHONPATH": str(TOP), "PYTHONUTF8": "1"}
    return subprocess.Popen(
        command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        start_new_session=True,
    )  # fmt: skip


def swept(file: Path, out: Path, means: Means) -> dict[str, list[tuple[object, ...]]]:
    """What a sweep that nothing disturbs leaves in its store."""
    run_sweep(SweepQuestion(str(file), out, means))
    return contents(out / STUDY)


# Killed -----------------------------------------------------------------------------------


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_sweep_killed_five_times_is_as_if_it_had_not_been(workers: str, tmp_path: Path) -> None:
    file, out, log = small_sweep(tmp_path, PAIRS), tmp_path / "out", tmp_path / "log"
    # Worker processes load the program without the counting.
    program = ["-c", COUNTING, str(log)] if workers == "1" else ["-m", "sim.cli"]
    command = [sys.executable, *program, "sweep", str(file), "--out", str(out)]
    command += ["--engine", "simpy", "--workers", workers]
    moments, finished, before = random.Random(int(workers)), [], 0
    for kill in range(KILLS):
        process = start([*command, *(["--resume"] if out.exists() else [])])
        # Every other time in the middle of the runs, else at any moment from the first write on.
        wait_for_blocks(process, out / STUDY, before + 1 if kill % 2 else 0)
        time.sleep(moments.uniform(0.0, 0.5))
        assert process.poll() is None, process.communicate()
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        finished.append(number_of_blocks(out / STUDY))
        assert finished[-1] >= before
        before = finished[-1]
    assert 0 < finished[-1] < BLOCKS, finished
    last = start([*command, "--resume"])
    said, err = last.communicate(timeout=120)
    assert last.returncode == 0, err
    assert "A small sweep" in said
    # How many workers there were, and how often it was begun, is told by nothing in it.
    assert contents(out / STUDY) == swept(file, tmp_path / "whole", Means(Engine.SIMPY))
    if workers == "1":
        assert_nothing_twice(log)


def wait_for_blocks(process: "subprocess.Popen[str]", study: Path, count: int) -> None:
    """Until a running sweep has its store, and so many blocks in it."""
    while not study.exists() or number_of_blocks(study) < count:
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)


def number_of_blocks(study: Path) -> int:
    """Blocks in a copy of a store, which may be taken in the middle of a write."""
    copy = study.parent.parent / "copy.sqlite"
    for end in ("", "-journal"):
        source = study.with_name(study.name + end)
        target = copy.with_name(copy.name + end)
        target.unlink(missing_ok=True)
        if source.exists():
            shutil.copyfile(source, target)
    try:
        return len(contents(copy)["blocks"])
    except Exception:
        return 0


def assert_nothing_twice(log: Path) -> None:
    """No block is begun again but the one that was in flight when the program was killed."""
    keys = log.read_text(encoding="utf-8").split()
    assert len(set(keys)) == BLOCKS
    assert len(keys) <= BLOCKS + KILLS
    again = [later for earlier, later in pairwise(keys) if earlier == later]
    assert len(keys) == BLOCKS + len(again)


def test_ctrl_c_keeps_what_is_finished(tmp_path: Path) -> None:
    file, out = small_sweep(tmp_path, 400), tmp_path / "out"
    process = begun(out, file, "--workers", "2")
    wait_for_blocks(process, out / STUDY, 1)
    os.killpg(process.pid, signal.SIGINT)
    said, err = process.communicate(timeout=30)
    assert (process.returncode, said) == (130, "")
    told = re.fullmatch(r"stopped: (\d+) of 800 pairs were finished; they are kept: .*\n", err)
    assert told, err
    assert 2 * len(contents(out / STUDY)["blocks"]) >= int(told[1]) > 0
    assert {path.name for path in out.iterdir()} == {STUDY}


# A full disk ------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk in memory that takes less than a megabyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if mount("-t", "tmpfs", "-o", "size=600k", "tmpfs", str(folder)):
        pytest.skip("mounting is not permitted")
    yield folder
    subprocess.run(["umount", str(folder)], check=False)


def mount(*arguments: str) -> int:
    """The exit code of mount; not 0 where there is none."""
    if shutil.which("mount") is None:
        return 1
    return subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode


def test_a_full_disk_ends_in_one_line_and_the_study_goes_on_once_there_is_room(
    small_disk: Path, tmp_path: Path
) -> None:
    file, out = small_sweep(tmp_path, 16), small_disk / "out"
    process = begun(out, file)
    said, err = process.communicate(timeout=120)
    assert (process.returncode, said) == (2, ""), err
    assert len(err.splitlines()) == 1
    assert "Make room on the disk, then go on with --resume" in err
    assert mount("-o", "remount,size=60m", str(small_disk)) == 0
    held = len(contents(out / STUDY)["blocks"])
    assert held < 16
    again = begun(out, file, "--resume")
    _, err = again.communicate(timeout=120)
    assert again.returncode == 0, err
    assert contents(out / STUDY) == swept(file, tmp_path / "whole", Means(Engine.SIMPY))


# A cluster --------------------------------------------------------------------------------


@pytest.fixture
def cluster() -> Iterator[Any]:
    """Two workers of dask.distributed in processes of this machine."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0"
    ) as found:
        yield found


def test_a_cluster_gives_the_same_values_even_if_it_loses_a_worker(
    cluster: Any, tmp_path: Path
) -> None:
    file = small_sweep(tmp_path, 16)
    whole = swept(file, tmp_path / "here", Means(Engine.SIMPY))
    means = Means(Engine.SIMPY, cluster=cluster.scheduler_address)
    assert swept(file, tmp_path / "there", means) == whole

    def kill_one() -> None:
        time.sleep(1)
        os.kill(next(iter(cluster.workers.values())).process.pid, signal.SIGKILL)

    killer = threading.Thread(target=kill_one)
    killer.start()
    assert swept(file, tmp_path / "robbed", means) == whole
    killer.join()


def test_equal_blocks_of_two_studies_do_not_share_a_fate(cluster: Any) -> None:
    with (
        cluster_pool(cluster.scheduler_address) as one,
        cluster_pool(cluster.scheduler_address) as other,
    ):
        blockers = [one.submit(time.sleep, 3.0 + n) for n in range(2)]
        mine, theirs = one.submit(math.sqrt, 16.0), other.submit(math.sqrt, 16.0)
        again = one.submit(math.sqrt, 16.0)
        assert again.cancel()
        assert mine.result(timeout=30) == 4.0
        assert theirs.result(timeout=30) == 4.0
        assert len(blockers) == 2


def test_a_cluster_that_goes_away_ends_in_one_line(cluster: Any, tmp_path: Path) -> None:
    file = small_sweep(tmp_path, 400)
    means = Means(Engine.SIMPY, cluster=cluster.scheduler_address)

    def leave() -> None:
        study = tmp_path / "out" / STUDY
        while not study.exists() or not number_of_blocks(study):
            time.sleep(0.05)
        cluster.close()

    leaver = threading.Thread(target=leave)
    leaver.start()
    with pytest.raises(InputError, match="was lost in the middle of the runs"):
        run_sweep(SweepQuestion(str(file), tmp_path / "out", means))
    leaver.join()
    assert contents(tmp_path / "out" / STUDY)["blocks"]


def test_workers_of_another_version_are_refused(
    cluster: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.experiment.cluster.fingerprint", lambda: "another")
    with (
        pytest.raises(InputError, match="another version"),
        cluster_pool(cluster.scheduler_address),
    ):
        pass


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense", "", "foo://here:1"])
def test_a_cluster_that_cannot_be_reached_is_refused(address: str) -> None:
    pytest.importorskip("distributed")
    with pytest.raises(InputError, match="can't be reached"), cluster_pool(address):
        pass
