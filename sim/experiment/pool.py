"""Where replications run: here, or in workers of this machine, with a clean stop."""

from __future__ import annotations

import multiprocessing
import queue
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, ParamSpec, TypeVar

from sim.experiment.signals import interrupts_held_back, interrupts_ignored

P = ParamSpec("P")
T = TypeVar("T")

SECONDS_TO_END = 1.5
"""How long workers have, all of them together, to leave by themselves."""


@contextmanager
def worker_pool(workers: int, kind: type[LocalPool] | None = None) -> Iterator[Executor | None]:
    """An executor of so many workers; None for one worker, which runs here.

    When it is left through an error or Ctrl-C, the workers are ended at once.

    Args:
        workers: how many.
        kind: WorkerPool, for processes, where None; or ThreadPool.
    """
    if workers == 1:
        yield None
        return
    pool = (kind or WorkerPool)()
    try:
        pool.start(workers)
        yield pool
    except BaseException:
        with interrupts_ignored():
            pool.end()
        raise
    pool.shutdown()


@dataclass(frozen=True)
class _Job:
    future: Future[Any]
    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


class LocalPool(Executor):
    """Workers of this machine that take jobs from one queue."""

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._closed = False

    @property
    def workers(self) -> int:
        """How many there are."""
        return len(self._threads)

    def start(self, workers: int) -> None:
        """Start so many workers."""
        raise NotImplementedError

    def end(self) -> None:
        """End the workers at once."""
        raise NotImplementedError

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a worker call a function.

        Raises:
            RuntimeError: the pool is shut down.
        """
        if self._closed:
            raise RuntimeError("the pool is shut down")
        future: Future[T] = Future()
        self._jobs.put(_Job(future, fn, args, kwargs))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more jobs, and let the workers go once those they have are done."""
        self._closed = True
        while cancel_futures:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is not None:
                job.future.cancel()
        for _ in self._threads:
            self._jobs.put(None)
        if wait:
            for thread in self._threads:
                thread.join()

    def _begin(self, work: Callable[..., None], *args: Any) -> None:
        thread = threading.Thread(target=work, args=args, daemon=True)
        thread.start()
        self._threads.append(thread)

    def _jobs_to_do(self) -> Iterator[_Job]:
        """Jobs for one worker, until there are no more."""
        while (job := self._jobs.get()) is not None:
            if job.future.set_running_or_notify_cancel():
                yield job


class WorkerPool(LocalPool):
    """Processes, each with a pipe and a thread of its own here.

    In place of ProcessPoolExecutor because its processes share locks and pipes: one that dies or
    is ended at the wrong moment leaves the others, and this program, waiting for ever. Here it
    only closes its own pipe; and a worker whose parent is gone reads the end of its own and leaves.
    """

    def __init__(self) -> None:
        super().__init__()
        self._processes: list[multiprocessing.process.BaseProcess] = []
        self._broken = False

    def start(self, workers: int) -> None:
        """Start so many processes."""
        context = multiprocessing.get_context("spawn")
        with interrupts_held_back():
            for _ in range(workers):
                ours, theirs = context.Pipe()
                process = context.Process(target=_serve, args=(theirs,), daemon=True)
                process.start()
                theirs.close()
                self._processes.append(process)
                self._begin(self._feed, ours)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more jobs, and let the processes go once those they have are done."""
        super().shutdown(wait, cancel_futures=cancel_futures)
        if wait:
            for process in self._processes:
                process.join()

    def end(self) -> None:
        """End the processes at once, whatever they are at."""
        self._broken = True
        for process in self._processes:
            process.terminate()
        self.shutdown(wait=False, cancel_futures=True)
        latest = time.monotonic() + SECONDS_TO_END
        for process in self._processes:
            process.join(max(0.0, latest - time.monotonic()))
            if process.is_alive():
                process.kill()

    def _feed(self, connection: Connection) -> None:
        """In a thread: hand jobs to one process until there are no more."""
        for job in self._jobs_to_do():
            self._have_done(job, connection)
        connection.close()

    def _have_done(self, job: _Job, connection: Connection) -> None:
        try:
            done, value = self._answer(job, connection)
        except (EOFError, OSError):
            self._broken = True
            job.future.set_exception(BrokenProcessPool("a worker process ended before its time"))
        except Exception as error:  # a job or a result that can't be pickled
            job.future.set_exception(error)
        else:
            if done:
                job.future.set_result(value)
            else:
                job.future.set_exception(value)

    def _answer(self, job: _Job, connection: Connection) -> tuple[bool, Any]:
        """Whether a process has done a job, and its result or its error.

        Raises:
            EOFError: the process, or another of the pool, is gone.
        """
        if self._broken:
            raise EOFError
        connection.send((job.function, job.args, job.kwargs))
        answer: tuple[bool, Any] = connection.recv()
        return answer


def _serve(connection: Connection) -> None:
    """In a process: do what comes through the pipe until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        try:
            function, args, kwargs = connection.recv()
            answer = (True, function(*args, **kwargs))
        except (EOFError, ConnectionError):
            return
        except Exception as error:
            answer = (False, error)
        try:
            connection.send(answer)
        except OSError:
            return
