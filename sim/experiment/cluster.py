"""Replications on a dask.distributed cluster, through the same Executor interface."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar

from sim.config.errors import InputError
from sim.experiment.provenance import fingerprint

P = ParamSpec("P")
T = TypeVar("T")

SECONDS_TO_CONNECT = 10


@contextmanager
def cluster_pool(address: str) -> Iterator[Executor]:
    """An executor of a cluster's workers.

    The scheduler runs a block again where a worker that held it is lost. When this is left
    through an error or Ctrl-C, what still runs is cancelled.

    Args:
        address: of the scheduler, such as tcp://10.0.0.1:8786.

    Raises:
        InputError: dask.distributed is missing here; the scheduler can't be reached, has no
            workers or goes away; its workers run another version; or one block loses worker
            after worker.
    """
    try:
        from distributed import KilledWorker
        from distributed.comm.core import CommClosedError
    except ImportError:
        raise InputError(
            "--cluster", "needs dask.distributed, which is not installed",
            "Install it with: pip install 'caseholder[cluster]'",
        ) from None  # fmt: skip
    # What it logs is said here in one line.
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    client = _connected(address)
    try:
        _check_workers(client, address)
        yield ClusterPool(client)
    except KilledWorker:
        raise InputError(
            f"cluster {address}", "lost worker after worker on one block of runs",
            "Look at the workers' memory and logs",
        ) from None  # fmt: skip
    except (CancelledError, CommClosedError, TimeoutError):
        raise InputError(
            f"cluster {address}", "was lost in the middle of the runs",
            "Start it again, and the study anew or with --resume",
        ) from None  # fmt: skip
    finally:
        client.close(timeout=SECONDS_TO_CONNECT)


class ClusterPool(Executor):
    """The cluster's own executor, each of whose jobs first makes sure of the worker's version."""

    def __init__(self, client: Any) -> None:
        # Each call a task of its own: dask would take equal calls of two studies for one, which
        # whoever cancels it first takes from the other.
        self._executor: Executor = client.get_executor(pure=False)
        self.workers = max(1, sum(client.nthreads().values()))

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a worker call a function."""
        return self._executor.submit(_call_in_version, fingerprint(), fn, args, kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more jobs."""
        self._executor.shutdown(wait=wait, cancel_futures=cancel_futures)


def _call_in_version(
    expected: str, function: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> T:
    """On a worker, which may have joined after the others were looked at."""
    if fingerprint() != expected:
        raise InputError(*_OTHER_VERSION)
    return function(*args, **kwargs)


_OTHER_VERSION = (
    "cluster worker",
    "runs another version of caseholder, of Python or of the packages it calculates with",
    "Install the same as here on every worker",
)


def _version_here() -> str:
    """On a worker."""
    return fingerprint()


def _connected(address: str) -> Any:
    import distributed
    from distributed.comm.addressing import get_address_host_port

    client: Callable[..., Any] = distributed.Client
    try:
        # Tried by hand first: a client that finds nobody holds up the program as it leaves.
        with socket.create_connection(get_address_host_port(address), SECONDS_TO_CONNECT):
            pass
        return client(address, timeout=SECONDS_TO_CONNECT, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise InputError(
            f"--cluster {address}", f"can't be reached ({reason})",
            "Name a running dask scheduler, such as tcp://host:8786",
        ) from None  # fmt: skip


def _check_workers(client: Any, address: str) -> None:
    if not client.nthreads():
        raise InputError(f"cluster {address}", "has no workers", "Start some: dask worker ADDRESS")
    try:
        found = set(client.run(_version_here).values())
    except Exception:  # whatever a worker without this very module raises
        raise InputError(*_OTHER_VERSION) from None
    if found != {fingerprint()}:
        raise InputError(*_OTHER_VERSION)
