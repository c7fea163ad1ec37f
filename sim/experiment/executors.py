"""Which executor replications run on: by engine on this machine, or a cluster's."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass

from sim.config.errors import InputError
from sim.engine.engines import Engine, available
from sim.experiment.pool import LocalPool, WorkerPool, worker_pool
from sim.experiment.threads import ThreadPool

POOLS: dict[Engine, type[LocalPool]] = {Engine.COMPILED: ThreadPool, Engine.SIMPY: WorkerPool}
"""What several workers are, by engine: SimPy holds Python's global lock and needs processes."""


@dataclass(frozen=True)
class Means:
    """What replications are run with; results do not depend on it.

    Attributes:
        engine: which engine simulates.
        workers: how many share the runs on this machine.
        cluster: address of a dask scheduler whose workers run them instead; None for none.
        asked: the engine that was asked for; None for the one that simulates.
    """

    engine: Engine = Engine.COMPILED
    workers: int = 1
    cluster: str | None = None
    asked: Engine | None = None


def means_for(where: str, engine: str, workers: int = 1, cluster: str | None = None) -> Means:
    """What runs are run with: the other engine where the one asked for can't be loaded.

    Args:
        where: what an error names.
        engine: name of an Engine.
        workers: how many share the runs on this machine.
        cluster: address of a dask scheduler; None for none.

    Raises:
        InputError: there is no such engine.
    """
    if engine not in tuple(Engine):
        raise InputError(where, f"'{engine}' is no engine", f"Use: {', '.join(Engine)}")
    asked = Engine(engine)
    return Means(available(asked), workers, cluster, asked)


@contextmanager
def executor_for(means: Means, blocks: int) -> Iterator[Executor | None]:
    """An executor for so many blocks; None where they run here, one after another.

    Raises:
        InputError: the cluster can't be reached, or was lost.
    """
    if means.cluster is not None:
        # Only who asks for a cluster needs the package behind it.
        from sim.experiment.cluster import cluster_pool

        with cluster_pool(means.cluster) as executor:
            yield executor
        return
    with worker_pool(min(means.workers, blocks), POOLS[means.engine]) as pool:
        yield pool
