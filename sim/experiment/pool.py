"""Where replications run: here, or in processes of this machine, with progress and a clean stop."""

from __future__ import annotations

import multiprocessing
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager

MOST_WORKERS_ON_WINDOWS = 61


@contextmanager
def worker_pool(workers: int) -> Iterator[Executor | None]:
    """An executor of so many processes; None for one worker, which runs here.

    When it is left through an error or Ctrl-C, the processes are ended at once.
    """
    if workers == 1:
        yield None
        return
    if sys.platform == "win32":
        workers = min(workers, MOST_WORKERS_ON_WINDOWS)
    context = multiprocessing.get_context("spawn")
    executor = ProcessPoolExecutor(workers, mp_context=context, initializer=_ignore_interrupt)
    try:
        _start(executor, workers)
        yield executor
    except BaseException:
        with unstoppable():
            for process in multiprocessing.active_children():
                process.terminate()
            executor.shutdown(wait=False, cancel_futures=True)
        raise
    executor.shutdown()


@contextmanager
def unstoppable() -> Iterator[None]:
    """Tidying up: a further Ctrl-C is ignored."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _start(executor: Executor, workers: int) -> None:
    """Start all processes now, with Ctrl-C held back: a new process inherits that.

    A terminal sends Ctrl-C to the workers too, and one that is still importing can't ignore it yet.
    """
    if sys.platform == "win32":
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # first, because starting it lets Ctrl-C through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        for _ in range(workers):
            executor.submit(_nothing)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _nothing() -> None:
    """A task that makes the executor start a process."""


def _ignore_interrupt() -> None:
    """In a worker: Ctrl-C is the parent's to deal with."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
