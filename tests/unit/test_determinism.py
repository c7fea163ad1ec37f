"""The same question gives the same bytes, whoever runs it and however often."""

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.config.shipped import load_council, load_evidence, locate
from sim.experiment.compare import Comparison, compare
from sim.experiment.pool import LocalPool, WorkerPool, worker_pool
from sim.experiment.replicate import Study, make_study, make_tasks
from sim.experiment.runner import AHEAD, in_blocks, run_blocks
from sim.experiment.threads import ThreadPool, stop_if_asked
from sim.inputs.run_options import AS_USUAL, DemandScenario
from sim.presentation.comparison_files import write_comparison
from sim.presentation.files import write_manifest
from sim.scenario.scenario import baseline, load_scenario
from tests.held import every_table

pytestmark = pytest.mark.slow

PACKAGE = "devon_package_48_fte"
PAIRS = 2
TOP = Path(__file__).resolve().parents[2]


def study(seed: int = 1, years: int = 1) -> Study:
    """Devon for a short run, children's cases included, with and without its package."""
    evidence = load_evidence()
    council = load_council("devon_2021", evidence.sources)
    council = council.model_copy(update={"horizon_years": years})
    scenarios = [baseline(), load_scenario(PACKAGE, council, evidence.sources)]
    return make_study(council, evidence.behaviour, scenarios, seed, AS_USUAL)


def written(comparison: Comparison, folder: Path) -> dict[str, bytes]:
    """The tables and the manifest of a comparison."""
    folder.mkdir()
    write_comparison(comparison, folder)
    write_manifest(folder / "manifest.json", comparison, [], {})
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(files) == {
        "summary.csv", "differences.csv", "ledger.csv", "money.csv", "data_dictionary.csv",
        "manifest.json",
    }  # fmt: skip
    return files


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return written(compare(study(), PAIRS), tmp_path_factory.mktemp("once") / "out")


def test_the_same_question_gives_the_same_tables(once: dict[str, bytes], tmp_path: Path) -> None:
    assert written(compare(study(), PAIRS), tmp_path / "out") == once


def test_another_seed_gives_other_tables(once: dict[str, bytes], tmp_path: Path) -> None:
    other = written(compare(study(seed=2), PAIRS), tmp_path / "out")
    assert [name for name in once if once[name] == other[name]] == ["data_dictionary.csv"]


@pytest.mark.parametrize("kind", [WorkerPool, ThreadPool])
@pytest.mark.parametrize("workers", [2, 3])
def test_any_number_of_workers_gives_the_same_tables(
    workers: int, kind: type[LocalPool], once: dict[str, bytes], tmp_path: Path
) -> None:
    with worker_pool(workers, kind) as pool:
        assert written(compare(study(), PAIRS, executor=pool), tmp_path / "out") == once


def test_any_executor_gives_the_same_tables(once: dict[str, bytes], tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        assert written(compare(study(), PAIRS, executor=pool), tmp_path / "out") == once


class Backwards(Executor):
    """Runs what it is given in the reverse order, when the first result is asked for."""

    def __init__(self) -> None:
        self.jobs: list[tuple[Future[Any], Any, Any]] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Keep a job."""
        future = Waited(self)
        self.jobs.append((future, fn, args))
        return future

    def run(self) -> None:
        """Do all jobs, the last one first."""
        while self.jobs:
            future, function, args = self.jobs.pop()
            future.set_result(function(*args))


class Waited(Future[Any]):
    """A future that has its executor begin when it is asked."""

    def __init__(self, owner: Backwards) -> None:
        super().__init__()
        self.owner = owner

    def result(self, timeout: float | None = None) -> Any:
        """The result, once all jobs are done."""
        self.owner.run()
        return super().result(timeout)


def test_the_order_of_finishing_changes_nothing(once: dict[str, bytes], tmp_path: Path) -> None:
    assert written(compare(study(), PAIRS, executor=Backwards()), tmp_path / "out") == once


def test_more_pairs_leave_the_first_ones_as_they_are() -> None:
    few, many = compare(study(), 2), compare(study(), 4)
    for a, b in zip(every_table(few.average), every_table(many.average), strict=True):
        assert np.array_equal(a, b[:2], equal_nan=True)
        assert not np.array_equal(b[:2], b[2:4], equal_nan=True)


def test_a_scenario_more_leaves_the_others_as_they_are() -> None:
    full = study()
    alone = make_study(full.council, full.behaviour, full.scenarios[1:], full.seed, AS_USUAL)
    pair, single = compare(full, 2), compare(alone, 2)
    assert np.array_equal(
        every_table(pair.average)[1], every_table(single.average)[0], equal_nan=True
    )


def test_other_conditions_leave_the_average_as_it_is() -> None:
    """Run at another gamma and under other demand too, a pair gives what it gives alone."""
    full = study()
    chosen = make_study(full.council, full.behaviour, full.scenarios[:1], full.seed, AS_USUAL)
    plain, demands = compare(chosen, 2), (DemandScenario.RISING,)
    more = compare(chosen, 2, (0.1,), 2, demands=demands, demand_pairs=2)
    for a, b in zip(every_table(plain.average), every_table(more.average), strict=True):
        assert np.array_equal(a, b, equal_nan=True)
    assert [variant.gamma for variant in more.variants] == [None, 0.1]
    assert [variant.demand for variant in more.demand_variants] == [DemandScenario.RISING]
    assert not np.isnan(more.average.values(0, "load")).any()


# The pool ---------------------------------------------------------------------------------


def test_the_pool_gives_results_and_errors_back() -> None:
    with worker_pool(2) as pool:
        assert isinstance(pool, WorkerPool)
        assert list(pool.map(abs, range(-5, 0))) == [5, 4, 3, 2, 1]
        with pytest.raises(ZeroDivisionError):
            pool.submit(divmod, 1, 0).result()
        with pytest.raises(Exception, match="pickle"):
            pool.submit(lambda: 1).result()
        assert pool.submit(abs, -7).result() == 7
    with pytest.raises(RuntimeError, match="shut down"):
        pool.submit(abs, -7)


def test_threads_give_results_and_errors_back() -> None:
    with worker_pool(2, ThreadPool) as pool:
        assert isinstance(pool, ThreadPool)
        assert pool.workers == 2
        assert list(pool.map(abs, range(-5, 0))) == [5, 4, 3, 2, 1]
        with pytest.raises(ZeroDivisionError):
            pool.submit(divmod, 1, 0).result()
        assert pool.submit(abs, -7).result() == 7
    with pytest.raises(RuntimeError, match="shut down"):
        pool.submit(abs, -7)


def run_for_ever(begun: threading.Event) -> None:
    """What a block of many runs is to a pool."""
    while True:
        begun.set()
        time.sleep(0.01)
        stop_if_asked()


def test_threads_stop_between_one_run_and_the_next() -> None:
    begun, pool = threading.Event(), ThreadPool()
    pool.start(2)
    futures = [pool.submit(run_for_ever, begun) for _ in range(5)]
    assert begun.wait(10)
    pool.end()
    assert all(future.done() for future in futures)
    assert sum(future.cancelled() for future in futures) >= 3
    stop_if_asked()


class BeforeAll(Exception):
    """The first result is asked for."""


def stop_before_all() -> None:
    """In place of running."""
    raise BeforeAll


def test_results_that_nobody_has_taken_are_few() -> None:
    """However many blocks there are, only so many are handed out ahead."""
    full = study()
    one = make_study(full.council, full.behaviour, full.scenarios[:1], full.seed)
    backwards = Backwards()
    blocks = in_blocks(make_tasks(4 * AHEAD))
    results = run_blocks(((one, block) for block in blocks), backwards)
    backwards.run = stop_before_all  # type: ignore[method-assign]
    with pytest.raises(BeforeAll):
        next(results)
    assert len(backwards.jobs) == AHEAD


def test_one_worker_needs_no_process() -> None:
    with worker_pool(1) as pool:
        assert pool is None


# The program ------------------------------------------------------------------------------


def answered(folder: Path, council: Path, *more: str, hash_seed: str = "0") -> dict[str, bytes]:
    """Every file that the program writes for a question."""
    command = [sys.executable, "-m", "sim.cli", "compare", str(council), PACKAGE]
    command += ["--replications", "4", "--hiring-pairs", "2", "--demand-pairs", "2"]
    command += ["--out", str(folder), *more]
    env = os.environ | {"PYTHONPATH": str(TOP), "PYTHONHASHSEED": hash_seed, "PYTHONUTF8": "1"}
    subprocess.run(command, env=env, check=True, capture_output=True, cwd=council.parent)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.slow
def test_the_program_writes_the_same_bytes_every_time(tmp_path: Path) -> None:
    text = locate("devon_2021", "councils").read_text(encoding="utf-8")
    council = tmp_path / "small.toml"
    council.write_text(text.replace("horizon_years = 5", "horizon_years = 1"), encoding="utf-8")
    first = answered(tmp_path / "first", council)
    charts = {name.removesuffix(".svg") for name in first if name.endswith(".svg")}
    assert charts >= {"people_and_posts", "yield", "spend_against_budget", "targets"}
    tables = {
        "summary.csv", "differences.csv", "ledger.csv", "money.csv", "data_dictionary.csv",
        "manifest.json", "headline.txt", "childs_year.txt", "assumptions.csv", "conditions.csv",
        "options.csv", "study.sqlite",
    }  # fmt: skip
    pictures = {f"{name}.{end}" for name in charts for end in ("svg", "png", "txt")}
    assert set(first) == tables | pictures
    assert all(first[f"{name}.png"].startswith(b"\x89PNG") for name in charts)
    again = answered(tmp_path / "again", council, hash_seed="12345")
    shared = answered(tmp_path / "shared", council, "--workers", "2", hash_seed="999")
    for other in (again, shared):
        assert set(other) == set(first)
        assert [name for name in first if other[name] != first[name]] == []
    seeded = answered(tmp_path / "seeded", council, "--seed", "2")
    same = [name for name in first if seeded[name] == first[name]]
    assert set(same) <= {"data_dictionary.csv", "assumptions.csv", "options.csv"}


@pytest.mark.slow
def test_the_program_traces_the_same_whatever_the_hash_seed() -> None:
    traces = []
    for hash_seed in ("0", "1", "2"):
        env = os.environ | {"PYTHONPATH": str(TOP), "PYTHONHASHSEED": hash_seed, "PYTHONUTF8": "1"}
        command = [
            sys.executable,
            "-m",
            "sim.cli",
            "trace",
            "devon_2021",
            PACKAGE,
            "--days",
            "60",
            "--all",
        ]
        traces.append(subprocess.run(command, env=env, check=True, capture_output=True).stdout)
    assert len(traces[0].splitlines()) > 300
    assert len(set(traces)) == 1
